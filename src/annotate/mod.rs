//! Who is mentioned: the lexicon, dictionary matching, abbreviations, candidates and grounding with its reasons.

mod category;
mod mention;

pub use category::Category;
pub use mention::{Candidate, Entity, Mention};
