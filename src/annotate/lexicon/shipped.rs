//! The rows that come with the program, `ontology/lexicon/*.tsv`, with what `ontology/hierarchy.tsv` puts above them.
//!
//! The build script compiles them (it includes these sources), so that nothing is left to do when the program starts.

use super::term::{Term, Vocabulary};
use crate::annotate::AnnotateError;
use crate::annotate::vocabulary::{kind, tsv};
use std::collections::HashMap;

/// The vocabulary of rows, given as names and texts of files in alphabetical order, and of the table of what stands above them.
///
/// # Errors
/// Those of a TSV table.
pub fn vocabulary(files: &[(String, String)], hierarchy: &str) -> Result<Vocabulary, AnnotateError> {
    let mut vocabulary = Vocabulary { name: super::SHIPPED.to_owned(), ..Vocabulary::default() };
    for (file, text) in files {
        let mut terms = tsv::read(text, &format!("ontology/lexicon/{file}"))?.terms;
        vocabulary.terms.append(&mut terms);
    }
    let places: HashMap<String, usize> = vocabulary.terms.iter().enumerate().map(|(i, t)| (t.id.clone(), i)).collect();
    for above in tsv::read(hierarchy, "ontology/hierarchy.tsv")?.terms {
        match places.get(&above.id).and_then(|&i| vocabulary.terms.get_mut(i)) {
            Some(row) => row.parents = above.parents,
            None => {
                let category = above.category.or_else(|| kind::by_prefix(&above.id));
                vocabulary.terms.push(Term { category, silent: true, ..above });
            }
        }
    }
    Ok(vocabulary)
}
