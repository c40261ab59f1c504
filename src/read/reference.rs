//! Reference strings to references: authors, year, title, venue, volume, pages, identifiers and traceability.

use crate::document::{Identifiers, Reference, Traceability};

/// Parses one entry of a reference list. `key` is how the article refers to it.
pub fn parse(raw: &str, key: &str) -> Reference {
    let raw = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let identifiers = Identifiers::find(&raw);
    let mut reference = Reference {
        key: key.to_owned(),
        raw,
        span: None,
        authors: Vec::new(),
        year: None,
        year_suffix: None,
        title: None,
        venue: None,
        volume: None,
        pages: None,
        identifiers,
        traceability: Traceability::Untraceable,
    };
    reference.traceability = traceability(&reference);
    reference
}

/// How far a reference can be followed: a persistent identifier, a named publication, or neither.
pub fn traceability(reference: &Reference) -> Traceability {
    if reference.identifiers.is_persistent() {
        Traceability::Traceable
    } else if reference.venue.is_some() {
        Traceability::Citable
    } else {
        Traceability::Untraceable
    }
}
