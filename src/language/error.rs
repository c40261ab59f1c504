//! What can be wrong with a model file.

/// Why a model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The bytes end early or go on too long.
    #[error("the {what} are cut short: train the models again (cargo run --release --example train_language)")]
    Truncated {
        /// Which table.
        what: &'static str,
    },
    /// The bytes are something else, or written by another version.
    #[error(
        "the {what} are not in the form that this version reads: train the models again (cargo run --release --example train_language)"
    )]
    Format {
        /// Which table.
        what: &'static str,
    },
    /// A line of the lemma table has the wrong shape.
    #[error(
        "line {line} of the lemma table is not `tag, ending, cut, add`: train the models again (cargo run --release --example train_language)"
    )]
    Lemma {
        /// Line number, counted from 1.
        line: usize,
    },
}
