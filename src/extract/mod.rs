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
        let mut mentions = self.annotator.annotate(document);
        mentions.retain(|m| !m.derived);
        let claims = sentence::Reading::new(self, document, &mentions).claims();
        Extraction { mentions, claims }
    }

    /// The sentences as the rules see them, for explanations.
    pub fn parsed(&self, document: &Document, mentions: &[Mention]) -> Vec<Parsed> {
        sentence::Reading::new(self, document, mentions).parsed()
    }
}
