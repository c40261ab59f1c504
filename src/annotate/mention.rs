//! A mention: a stretch of text that names an entity, with its grounding.

use super::Category;
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// What a mention refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entity {
    /// CURIE; `None` where it is not grounded.
    pub id: Option<String>,
    /// Preferred name; the words of the text where it is not grounded.
    pub label: String,
    /// Biolink category.
    pub category: Category,
}

/// One way to ground a mention.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entity.
    pub entity: Entity,
    /// Between 0 and 1.
    pub score: f32,
    /// Why it scored so, in plain words ("exact synonym", "supported by the abbreviation's definition").
    pub reasons: Vec<String>,
}

/// A stretch of text that names an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where it stands. Of "collagen type I/III" the second mention covers "collagen type I/III" with `text` "collagen type III".
    pub span: Span,
    /// The name as it would stand alone: the text of the span, save where an ellipsis is filled in.
    pub text: String,
    /// The best candidate.
    pub entity: Entity,
    /// Other identifiers of the same thing, as CURIEs (`NCBIGene:`, `MESH:`, `UMLS:` …).
    pub xrefs: Vec<String>,
    /// Score of the grounding, between 0 and 1.
    pub score: f32,
    /// Reasons for the grounding chosen.
    pub reasons: Vec<String>,
    /// The same gene in the animals that the text speaks of, as CURIEs: `NCBIGene:16193` for IL6 in a text about mice.
    pub orthologs: Vec<String>,
    /// Whether the word only points to the entity ("hepatic", "phosphorylated"): told, but no argument of a claim.
    pub derived: bool,
    /// Candidates passed over, best first.
    pub alternatives: Vec<Candidate>,
}
