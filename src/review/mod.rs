//! What people decided: verdicts, sources added, corrections, waivers, undo; as CSV in and out.
//!
//! A decision is never changed: a later one counts in its place, and an undo is a decision too. All of them lie in the curation graph, which
//! reading and assembling leave alone, attached to identifiers that stay the same when an article is read again.

mod decision;
mod precision;
mod reviewer;
mod spreadsheet;
mod verdict;

pub use decision::{Correction, Decision, agent, history};
pub use precision::{RulePrecision, precision};
pub use reviewer::{Reviewer, Suggestion, work};
pub use spreadsheet::{Imported, Listed, entity, import, list, relation, verdict_rows, verdicts_table};
pub use verdict::{Reason, Verdict};

/// What can go wrong with a review.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody is named as curator.
    #[error("nobody is named as curator: give --as NAME or an ORCID, or set EVIGRAPH_CURATOR")]
    NoCurator,
    /// The store has no such claim.
    #[error("there is no claim {0:?} in the store: `evigraph export claims` lists them in its column claim_id")]
    UnknownClaim(String),
    /// A correction changes nothing.
    #[error("nothing is corrected: give --subject, --relation, --object or --negated")]
    NothingCorrected,
    /// A source has no identifier.
    #[error("a source needs a DOI, a PMID or a trial number")]
    NoIdentifier,
    /// An identifier is none.
    #[error("{given:?} is no {what}")]
    BadIdentifier {
        /// What it should be.
        what: &'static str,
        /// What was given.
        given: String,
    },
    /// A word is none of a vocabulary's.
    #[error("there is no {what} {word:?}: choose one of {}", .known.join(", "))]
    UnknownWord {
        /// The vocabulary.
        what: &'static str,
        /// What was given.
        word: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// An entity is neither a CURIE nor an address.
    #[error("{0:?} is no identifier: give a CURIE such as HGNC:6018, or an address")]
    UnknownEntity(String),
    /// There is no decision to take back.
    #[error("nothing stands to be undone on {0:?}: `evigraph review list` shows what was decided")]
    NothingToUndo(String),
    /// A row names nothing to decide on.
    #[error("the row names no claim and no finding")]
    NoThing,
    /// A table cannot be imported.
    #[error("the table has the columns {}: it needs `verdict` and one of `claim_id`, `thing_id`, `finding_id`, as `evigraph export gaps` writes them", .0.join(", "))]
    Columns(Vec<String>),
    /// The text is no CSV.
    #[error("the table cannot be read: {0}")]
    Csv(#[source] csv::Error),
    /// The store cannot be read.
    #[error(transparent)]
    Export(#[from] crate::export::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}
