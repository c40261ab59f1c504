//! What the words do: sentences, tokens, part-of-speech tags, lemmas and the dependency parse.
//!
//! Tokens follow the CRAFT treebank (hyphens and slashes stand alone: `IL - 6`), tags are Penn Treebank tags, and relations
//! are Stanford dependencies as CRAFT has them (`nsubj`, `nsubjpass`, `dobj`, `prep`, `pobj`, `agent`, `acl`, `conj` …).

use crate::text::Span;

mod abbreviations;
mod encoder;
mod engine;
mod error;
mod hash;
pub mod labels;
mod lemmatiser;
mod network;
mod parser;
mod sentences;
mod state;
mod tagger;
mod templates;
mod tokens;
pub mod train;

pub use engine::{Engine, Models};
pub use error::ModelError;
pub use lemmatiser::Lemmatiser;
pub use parser::{Arc, Parser};
pub use tagger::Tagger;

/// A token of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the document's text.
    pub span: Span,
    /// Penn Treebank tag (`NN`, `VBD` …); empty before tagging.
    pub tag: &'static str,
    /// Lemma in lower case; empty before tagging.
    pub lemma: Box<str>,
    /// Index, in the sentence, of the token that governs this one; `None` at the root and before parsing.
    pub head: Option<usize>,
    /// Relation to the head (`nsubj`, `dobj` … `root`); empty before parsing.
    pub relation: &'static str,
}

/// A sentence with its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands in the document's text, white space trimmed.
    pub span: Span,
    /// Its tokens in order.
    pub tokens: Vec<Token>,
}
