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

impl ReadError {
    /// An input that breaks the rules of its format at byte `offset` of `text`.
    pub(crate) fn malformed(source: &str, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        Self::Malformed {
            source_name: source.to_owned(),
            line: memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1,
            column: before[start..].chars().count() + 1,
            message: message.into(),
        }
    }

    pub(crate) fn empty(source: &str) -> Self {
        Self::Empty { source_name: source.to_owned() }
    }

    pub(crate) fn unsupported(source: &str, message: impl Into<String>) -> Self {
        Self::Unsupported { source_name: source.to_owned(), message: message.into() }
    }

    pub(crate) fn limit(source: &str, message: impl Into<String>) -> Self {
        Self::LimitExceeded { source_name: source.to_owned(), message: message.into() }
    }

    pub(crate) fn io(source: &str, error: io::Error) -> Self {
        Self::Io { source_name: source.to_owned(), source: error }
    }

    /// The same error, told from the start of the input: for a piece cut from a longer one at `at`.
    pub(super) fn after(mut self, at: super::pieces::Position) -> Self {
        match &mut self {
            Self::Malformed { line, column, .. } => {
                if *line == 1 {
                    *column += at.columns;
                }
                *line += at.lines;
            }
            Self::InvalidUtf8 { offset, .. } => *offset += at.bytes,
            _ => {}
        }
        self
    }
}
