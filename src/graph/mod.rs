//! Claims to RDF: the vocabulary, stable identifiers, quads and provenance.
//!
//! Three things are made here of a document and its claims: names that stay the same at every reading (`identity`), the quads of its named
//! graph with the statements it adds to the shared graphs (`quads`), and the claim as a line of JSON (`line`).

mod biolink_form;
mod evidence;
mod identity;
mod line;
mod measurement;
mod order;
mod prefix;
mod quads;
pub mod vocabulary;

pub use biolink_form::{BiolinkForm, biolink_form};
pub use identity::{
    Base, BaseError, DEFAULT_BASE, article_iri, claim_iri, content_hash, entity_iri, entry_iri, identifier_iri, slug, software_iri,
    work_iri,
};
pub use line::claim_line;
pub use measurement::{days, duration, ucum, unit_word};
pub use prefix::{PREFIXES_TTL, Prefixes};
pub use quads::{Describe, Options, VERSION, quads};
pub use vocabulary::ONTOLOGY_TTL;

/// The confidence of a claim to four decimals, free of the noise of single precision.
fn confidence(claim: &crate::extract::Claim) -> f64 {
    (f64::from(claim.confidence) * 1e4).round() / 1e4
}
