//! What is claimed: mechanism and outcome claims with their evidence.
//!
//! Sentences that can hold a claim are parsed; rules kept as data (`ontology/rules`) find the claims over the parse; the
//! surroundings give the condition, the citations and the study behind each.

mod arms;
mod claim;
mod comparison;
mod compose;
mod condition;
mod context;
mod cues;
mod evidence;
mod mechanism;
mod mend;
mod outcome;
mod path;
mod phrase;
mod quantity;
mod repair;
mod rule;
mod scope;
mod sentence;
mod tree;

pub use claim::*;
pub use evidence::study_design;
pub use rule::{Form, Rule, RuleError, Rules};
pub use sentence::Parsed;

use crate::annotate::{Annotator, Mention};
use crate::document::Document;
use crate::language::Engine;
use regex::Regex;

/// Compiles a constant pattern. Word boundaries are those of ASCII: with those of Unicode the engine leaves its fast automaton on any text
/// that holds a "±" or a "–", and a third of all time went into that.
fn pattern(source: &str) -> Regex {
    crate::text::pattern(&source.replace(r"\b", r"(?-u:\b)"))
}

/// Finds the claims of documents.
#[derive(Debug)]
pub struct Extractor {
    annotator: Annotator,
    rules: Rules,
    engine: &'static Engine,
}

/// What was found in one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The mentions, sorted by start.
    pub mentions: Vec<Mention>,
    /// The claims, in order of their place.
    pub claims: Vec<Claim>,
}

impl Extractor {
    /// An extractor with this annotator's lexicon and these rules.
    pub fn new(annotator: Annotator, rules: Rules) -> Self {
        Self { annotator, rules, engine: Engine::shipped() }
    }

    /// The rules in use.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The annotator in use.
    pub fn annotator(&self) -> &Annotator {
        &self.annotator
    }

    /// Finds mentions and claims.
    pub fn extract(&self, document: &Document) -> Extraction {
        self.read(document, false).0
    }

    /// Finds mentions and claims, and gives each sentence as the rules see it.
    pub fn explain(&self, document: &Document) -> (Extraction, Vec<Parsed>) {
        self.read(document, true)
    }

    fn read(&self, document: &Document, explain: bool) -> (Extraction, Vec<Parsed>) {
        let mut mentions = self.annotator.annotate(document);
        mentions.retain(|m| !m.derived);
        let (claims, parsed) = sentence::Reading::new(self, document, &mentions).read(explain);
        (Extraction { mentions, claims }, parsed)
    }
}
