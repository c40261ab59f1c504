//! What a vocabulary says: terms with names, cross-references and parents, and which identifiers mean the same.

use crate::annotate::Category;
use serde::{Deserialize, Serialize};

/// How a name relates to its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The preferred name or official symbol.
    Label,
    /// An exact synonym.
    Exact,
    /// A synonym that means something narrower.
    Narrow,
    /// A synonym that means something broader.
    Broad,
    /// A related name.
    Related,
}

impl Scope {
    /// The scope that OBO files and TSV columns spell `text`.
    pub fn from_name(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "label" => Self::Label,
            "exact" => Self::Exact,
            "narrow" => Self::Narrow,
            "broad" => Self::Broad,
            // Rows of the shipped lexicon some of whose names are wider say "mixed".
            "related" | "mixed" => Self::Related,
            _ => return None,
        })
    }

    /// The scope in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Exact => "exact synonym",
            Self::Narrow => "narrower synonym",
            Self::Broad => "broader synonym",
            Self::Related => "related synonym",
        }
    }

    pub(super) const ALL: [Self; 5] = [Self::Label, Self::Exact, Self::Narrow, Self::Broad, Self::Related];
}

/// One entry of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Term {
    /// CURIE.
    pub id: String,
    /// Preferred name.
    pub label: String,
    /// Category, where the vocabulary or the user tells it.
    pub category: Option<Category>,
    /// Other names with their scopes.
    pub synonyms: Vec<(String, Scope)>,
    /// Cross-references as CURIEs.
    pub xrefs: Vec<String>,
    /// CURIEs of its direct parents (`is_a`, and `part_of` where the file has it).
    pub parents: Vec<String>,
    /// Whether the vocabulary has withdrawn it.
    pub obsolete: bool,
    /// Whether its names are not looked for in texts: it only groups others.
    #[serde(default)]
    pub silent: bool,
}

/// A vocabulary as read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Name, by default the file's without extensions.
    pub name: String,
    /// Its terms in the order of the file.
    pub terms: Vec<Term>,
    /// Pairs of identifiers that mean the same.
    pub mappings: Vec<(String, String)>,
}
