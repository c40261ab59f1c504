//! What is missing: one check is one documented query; findings and reports.
//!
//! ```
//! use evigraph::check::{Check, Profile, run};
//! let store = evigraph::store::Store::memory()?;
//! let checks = Profile::shipped()?.apply(Check::shipped()?);
//! assert!(run(&store, &checks, &mut |_| None)?.is_empty());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod catalogue;
mod finding;
mod page;
mod report;
mod sarif;

pub use catalogue::{Behaviour, Check, Level, Profile};
pub use finding::{Finding, Text, finding_id, found, run};
pub use report::{ReportFormat, counts, fails, gaps_row, gaps_table, write};

/// What can go wrong with checking.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No check has this name.
    #[error("there is no check {name:?}: choose one of {}", .known.join(", "))]
    UnknownCheck {
        /// The name asked for.
        name: String,
        /// The checks there are.
        known: Vec<&'static str>,
    },
    /// The header of a check names a level that does not exist.
    #[error("the check {check} has the level {level:?}: write error, warn or info")]
    Level {
        /// The check.
        check: String,
        /// What it says.
        level: String,
    },
    /// A line of the profile cannot be read.
    #[error("line {line} of the profile cannot be read: {text:?}: write NAME, a tab, and error, warn, info or off")]
    Profile {
        /// Line, from 1.
        line: usize,
        /// Its text.
        text: String,
    },
    /// A check failed.
    #[error("the check {check} failed: {source}")]
    Check {
        /// The check.
        check: String,
        /// Why.
        source: Box<Error>,
    },
    /// A check's query gives no rows.
    #[error("the query of the check {0} is no SELECT: select at least ?thing")]
    NoRows(String),
    /// The tables cannot be written.
    #[error(transparent)]
    Export(#[from] crate::export::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The report cannot be written.
    #[error("the report cannot be written: {0}")]
    Io(#[from] std::io::Error),
}
