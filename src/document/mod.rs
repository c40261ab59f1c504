//! What an article is: its text, sections, blocks, citation markers and references, whatever file it came from.

mod builder;
mod identifier;
mod json;
mod reference;

pub(crate) use builder::normalise_char;
pub use builder::{DocumentBuilder, normalise};
pub use identifier::Identifiers;
pub use reference::{Reference, Traceability};

use crate::text::{Origin, Span};
use serde::{Deserialize, Serialize};

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown (CommonMark with tables and footnotes).
    Markdown,
    /// HTML page.
    Html,
    /// JATS or NLM article XML.
    Jats,
    /// PubMed article set XML.
    Pubmed,
    /// BioC XML or JSON.
    Bioc,
    /// PubTator abstracts.
    Pubtator,
    /// PDF.
    Pdf,
    /// Word document.
    Docx,
    /// NDJSON records `{"id","format","content","meta"}`.
    Records,
    /// Reference strings, one a line.
    References,
}

/// An article as every later stage sees it. All spans are bytes of [`Document::text`].
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Where it was read from, as the user gave it.
    pub source: String,
    /// The format it was read as.
    pub format: Format,
    /// Identifiers that the article declares of itself.
    pub identifiers: Identifiers,
    /// Identifier given by the user or the record (`--id`), used in place of the declared ones.
    pub given_id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Authors, in order.
    pub authors: Vec<String>,
    /// Date of publication: `2025`, `2025-03` or `2025-03-27`.
    pub date: Option<String>,
    /// Licence, as the article states it.
    pub licence: Option<String>,
    /// Notices such as `retraction` or `correction`.
    pub notices: Vec<String>,
    /// The normalised text; every position refers to it.
    pub text: String,
    /// Where the text stood in the input, for plain text and records.
    pub origin: Option<Origin>,
    /// Sections in reading order; blocks before the first heading lie in a section with an empty heading path.
    pub sections: Vec<Section>,
    /// Citation markers in order of position.
    pub citations: Vec<Citation>,
    /// The reference list, in order.
    pub references: Vec<Reference>,
    /// Short and long forms that the article lists in an abbreviations section.
    pub abbreviations: Vec<(String, String)>,
    /// Facts that a reader could not keep, one message each (a damaged table, an unreadable figure).
    pub warnings: Vec<String>,
}

/// A stretch of blocks under one heading path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Headings from the outermost to the innermost, without list numbers ("Hip Osteoarthritis", "Mechanism of Action").
    pub heading: Vec<String>,
    /// Where the innermost heading stands in the text.
    pub heading_span: Option<Span>,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
}

/// A paragraph, list item, table cell or caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub span: Span,
    /// For a list item: the sentence or line that introduces the list ("AMSCs injected into the hip joint:").
    pub lead_in: Option<Span>,
    /// For a table cell: the texts of its row's and its column's header.
    pub headers: Option<(Span, Span)>,
}

/// The kinds of [`Block`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// A cell of a table.
    TableCell,
    /// The caption of a figure or table.
    Caption,
}

/// A citation marker in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Where the marker stands, brackets included.
    pub span: Span,
    /// Keys of the reference list that it names, ranges expanded. A key without an entry is kept: the marker dangles.
    pub keys: Vec<String>,
}

impl Document {
    /// An empty document, to be filled by a reader.
    pub fn new(source: &str, format: Format) -> Self {
        Self {
            source: source.to_owned(),
            format,
            identifiers: Identifiers::default(),
            given_id: None,
            title: None,
            authors: Vec::new(),
            date: None,
            licence: None,
            notices: Vec::new(),
            text: String::new(),
            origin: None,
            sections: Vec::new(),
            citations: Vec::new(),
            references: Vec::new(),
            abbreviations: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The reference entry with this key.
    pub fn reference(&self, key: &str) -> Option<&Reference> {
        self.references.iter().find(|r| r.key == key)
    }

    /// What names the article: the identifier given, else DOI, PMCID, PMID or URL as a CURIE or address, else its source path.
    pub fn id(&self) -> String {
        self.given_id.clone().or_else(|| self.identifiers.preferred()).unwrap_or_else(|| self.source.clone())
    }

    /// Markers lying in `span`, in order.
    pub fn citations_in(&self, span: Span) -> &[Citation] {
        let from = self.citations.partition_point(|c| c.span.start < span.start);
        let to = self.citations.partition_point(|c| c.span.start < span.end);
        &self.citations[from..to.max(from)]
    }
}
