//! One entry of a reference list.

use super::Identifiers;
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// How far a reference can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Traceability {
    /// Has a persistent identifier.
    Traceable,
    /// Names a publication, without identifier.
    Citable,
    /// Internal data, a case number, no venue.
    Untraceable,
}

/// A parsed entry of the reference list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The key as printed in the list ("8"), or the author-year or XML key where entries are not numbered.
    pub key: String,
    /// The entry's text, white space folded.
    pub raw: String,
    /// Where the entry stands in the text, if it does.
    pub span: Option<Span>,
    /// Authors as written, in order.
    pub authors: Vec<String>,
    /// Year of publication.
    pub year: Option<u16>,
    /// The letter that tells works of one year apart ("a" of 2020a).
    pub year_suffix: Option<char>,
    /// Title of the work.
    pub title: Option<String>,
    /// Journal, book or source.
    pub venue: Option<String>,
    /// Volume.
    pub volume: Option<String>,
    /// Pages or article number.
    pub pages: Option<String>,
    /// Persistent identifiers and address.
    pub identifiers: Identifiers,
    /// How far it can be followed.
    pub traceability: Traceability,
}
