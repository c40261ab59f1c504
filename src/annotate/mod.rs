//! Who is mentioned: the lexicon, dictionary matching, abbreviations, candidates and grounding with its reasons.
//!
//! ```
//! use evigraph::annotate::{Annotator, Lexicon};
//! use evigraph::document::{Document, Format};
//! let annotator = Annotator::new(Lexicon::shipped()?);
//! let mut document = Document::new("note", Format::Text);
//! document.text = "Mesenchymal stem cells suppress IL-6.".to_owned();
//! for mention in annotator.annotate(&document) {
//!     assert!(document.text.get(mention.span.start..mention.span.end).is_some());
//! }
//! # Ok::<(), evigraph::annotate::AnnotateError>(())
//! ```

mod abbreviation;
mod annotator;
mod candidate;
mod category;
mod ellipsis;
mod error;
mod fetch;
mod judge;
mod lexicon;
mod matching;
mod mention;
mod normalise;
mod pattern;
mod region;
mod settle;
mod species;
mod vocabulary;

pub use abbreviation::{Abbreviation, definitions};
pub use annotator::Annotator;
pub use category::Category;
pub use error::AnnotateError;
pub use fetch::{Fetched, Release};
pub use judge::{BITS, Example};
pub use lexicon::{Lexicon, Report, SHIPPED, Scope, Term, Variant, Vocabulary, VocabularyInfo};
pub use mention::{Candidate, Entity, Mention};
pub use vocabulary::Source;
