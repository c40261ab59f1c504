//! What can go wrong between a file and its document.

use std::io;
use thiserror::Error;

/// Why an input could not be read. Every message names the input and the place in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The input holds nothing to read.
    #[error("{source_name}: no text in it; give a file with an article")]
    Empty {
        /// The input, as the user named it.
        source_name: String,
    },
    /// The input is not UTF-8.
    #[error("{source_name}: not valid UTF-8 at byte {offset}; convert the file to UTF-8 first")]
    InvalidUtf8 {
        /// The input, as the user named it.
        source_name: String,
        /// The first byte that is wrong, counted from 0.
        offset: usize,
    },
    /// The input is no text and no format that is known.
    #[error("{source_name}: a binary file of no known format; give text, Markdown, HTML, XML, PDF or DOCX")]
    Binary {
        /// The input, as the user named it.
        source_name: String,
    },
    /// The input breaks the rules of its format.
    #[error("{source_name}:{line}:{column}: {message}")]
    Malformed {
        /// The input, as the user named it.
        source_name: String,
        /// Line, counted from 1.
        line: usize,
        /// Column in code points, counted from 1.
        column: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// The format is known but cannot be read here.
    #[error("{source_name}: {message}")]
    Unsupported {
        /// The input, as the user named it.
        source_name: String,
        /// What is not supported and what to do.
        message: String,
    },
    /// The input asks for more room than is allowed.
    #[error("{source_name}: {message}")]
    LimitExceeded {
        /// The input, as the user named it.
        source_name: String,
        /// Which limit, and what to do.
        message: String,
    },
    /// The operating system could not give the bytes.
    #[error("{source_name}: {source}")]
    Io {
        /// The input, as the user named it.
        source_name: String,
        /// What the system said.
        source: io::Error,
    },
}
