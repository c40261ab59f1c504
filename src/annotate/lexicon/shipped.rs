//! The rows that come with the program, `ontology/lexicon/*.tsv`.

use super::term::Vocabulary;
use crate::annotate::{AnnotateError, vocabulary::tsv};

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped_lexicon.rs"));

/// The shipped vocabulary, its files in alphabetical order.
pub fn vocabulary() -> Result<Vocabulary, AnnotateError> {
    let mut vocabulary = Vocabulary { name: super::SHIPPED.to_owned(), ..Vocabulary::default() };
    for (file, text) in FILES {
        let mut terms = tsv::read(text, &format!("ontology/lexicon/{file}"))?.terms;
        vocabulary.terms.append(&mut terms);
    }
    Ok(vocabulary)
}
