//! Reference strings, one a line.

use super::{ReadError, reference};
use crate::document::{Document, Format};

/// Reads a list of reference strings; each is a reference whose key is its line.
pub(crate) fn read(source: &str, content: &str) -> Result<Document, ReadError> {
    let mut document = Document::new(source, Format::References);
    for (i, line) in content.lines().enumerate() {
        if !line.trim().is_empty() {
            document.references.push(reference::parse(line, &(i + 1).to_string()));
        }
    }
    if document.references.is_empty() {
        return Err(ReadError::empty(source));
    }
    Ok(document)
}
