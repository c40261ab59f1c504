//! What can go wrong with lexicons and vocabularies.

use std::path::PathBuf;

/// An error of the lexicon: reading a vocabulary, compiling or opening.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotateError {
    /// A file could not be read or written.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// What was tried ("read", "write", "map").
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A vocabulary breaks its format.
    #[error("{file}:{line}: {problem}; correct the line or leave the file out")]
    Syntax {
        /// The file as given.
        file: String,
        /// Line, counted from 1; 0 where the format has no lines.
        line: usize,
        /// What was wrong.
        problem: String,
    },
    /// A file is no vocabulary that is known.
    #[error(
        "{file}: not a vocabulary ({problem}); known are OBO, OBO Graphs JSON, OWL in RDF/XML, HGNC, NCBI gene, MeSH, SSSOM and TSV with a header"
    )]
    Unknown {
        /// The file as given.
        file: String,
        /// Why not.
        problem: String,
    },
    /// A file is no compiled lexicon, or one of another version.
    #[error("{path}: {problem}; build it again with `evigraph lexicon add`", path = path.display())]
    Lexicon {
        /// The file.
        path: PathBuf,
        /// What was wrong.
        problem: String,
    },
    /// A server could not be reached.
    #[error("cannot reach {url} ({problem}); without a network, bring {file} here by other means and run `evigraph lexicon add {file}`")]
    Offline {
        /// The address.
        url: String,
        /// Name of the file that lies there.
        file: String,
        /// What the connection said.
        problem: String,
    },
    /// A file could not be downloaded.
    #[error("cannot download {url}: {problem}")]
    Download {
        /// The address.
        url: String,
        /// What went wrong.
        problem: String,
    },
    /// The lexicon holds no vocabulary of that name.
    #[error("no vocabulary named `{name}` in the lexicon; it holds {known}")]
    NoVocabulary {
        /// The name asked for.
        name: String,
        /// The names it holds.
        known: String,
    },
    /// The lexicon could not be built.
    #[error("cannot build the index of names: {0}")]
    Index(#[from] fst::Error),
}
