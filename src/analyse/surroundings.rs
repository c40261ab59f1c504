//! Where the claims of a contradiction hold beyond what they carry: the cells and the times that their quotes name.

use super::contradiction::differing;
use super::doubt::{Quotes, is_apparent};
use super::{Contradiction, Error};
use crate::export::{curie, select, text};
use crate::store::GraphStore;
use crate::text::pattern;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Claims or articles that are looked up at once.
const BATCH: usize = 200;

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"(?:\d+(?:\.\d+)?(?:\s?(?:-|–|to)\s?\d+(?:\.\d+)?)?|one|two|three|four|six|eight|twelve)";
    let unit = "(?:hours?|hrs?|h|minutes?|min|days?|d|weeks?|wks?|months?|years?|yrs?)";
    let word = "(?:hour|day|week|month|year)";
    let time = format!(r"(?:first|second|third|last)\s(?:{number}\s)?{word}s?|{number}[\s-]?{unit}|{word}\s\d+");
    pattern(&format!(r"(?i)\b(?:after|at|for|within|during|over)\s(?:the\s)?({time})\b"))
});

/// A name that an article has for a cell.
struct Cell {
    id: String,
    label: String,
    word: String,
}

/// Adds to each side the cells and times that the quotes of its claims name, and tells anew what differs. Gives back, apart from the others,
/// those that by their quotes only seem to contradict each other: one sentence on two parts of a thing, an improvement against a decrease, a
/// question against its answer.
///
/// # Errors
/// Where the store fails.
pub fn look_around(store: &dyn GraphStore, found: &mut Vec<Contradiction>) -> Result<Vec<Contradiction>, Error> {
    let claims: BTreeSet<&str> = found.iter().flat_map(|c| c.affirms.claims.iter().chain(&c.denies.claims)).map(String::as_str).collect();
    let quotes = quotes(store, &claims.into_iter().collect::<Vec<_>>())?;
    let articles: BTreeSet<&str> = quotes.values().map(|q| q.0.as_str()).collect();
    let cells = cells(store, &articles.into_iter().collect::<Vec<_>>())?;
    for one in &mut *found {
        for side in [&mut one.affirms, &mut one.denies] {
            for (article, quote) in side.claims.iter().filter_map(|claim| quotes.get(claim)) {
                side.context.time.extend(times(quote));
                let named = cells.get(article).into_iter().flatten().filter(|c| c.id != one.from && c.id != one.to && says(quote, &c.word));
                side.context.cell.extend(named.map(|c| c.label.clone()));
            }
        }
        one.differs = differing(&one.affirms.context, &one.denies.context);
    }
    Ok(found.extract_if(.., |one| is_apparent(one, &quotes)).collect())
}

/// The times that a sentence names.
fn times(quote: &str) -> impl Iterator<Item = String> {
    TIME.captures_iter(quote).filter_map(|c| c.get(1)).map(|m| m.as_str().to_lowercase())
}

/// Whether the text has the word, as a word; short ones in this very case.
fn says(text: &str, word: &str) -> bool {
    let fold = |t: &str| if word.chars().count() > 4 { t.to_lowercase() } else { t.to_owned() };
    let (text, word) = (fold(text), fold(word));
    let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text
            .match_indices(&word)
            .any(|(at, found)| !part(text[..at].chars().next_back()) && !part(text[at + found.len()..].chars().next()))
}

/// Article and quote of each claim.
fn quotes(store: &dyn GraphStore, claims: &[&str]) -> Result<Quotes, Error> {
    let mut found = Quotes::new();
    for batch in claims.chunks(BATCH) {
        let query = format!(
            "SELECT ?claim ?article ?quote WHERE {{ VALUES ?claim {{ <{}> }} ?claim evi:inArticle ?article ; evi:hasEvidence ?evidence .
               ?evidence oa:hasSelector ?selector . ?selector oa:exact ?quote }}",
            batch.join("> <")
        );
        select(store, &query, |term| {
            found.insert(text(term(0)), (text(term(1)), text(term(2))));
            Ok(())
        })?;
    }
    Ok(found)
}

/// The cells that each article names.
fn cells(store: &dyn GraphStore, articles: &[&str]) -> Result<BTreeMap<String, Vec<Cell>>, Error> {
    let mut found: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    for batch in articles.chunks(BATCH) {
        let query = format!(
            "SELECT ?article ?cell ?label ?word WHERE {{ VALUES ?article {{ <{}> }}
               GRAPH ?article {{ ?occurrence evi:ofEntity ?cell ; evi:mentionedAs ?word }}
               ?cell biolink:category ?kind ; rdfs:label ?label . FILTER(?kind IN (biolink:Cell, biolink:CellLine))
               FILTER(LCASE(?label) NOT IN ('cell', 'cells')) }}",
            batch.join("> <")
        );
        select(store, &query, |term| {
            let cell = Cell { id: curie(&text(term(1))), label: text(term(2)), word: text(term(3)) };
            found.entry(text(term(0))).or_default().push(cell);
            Ok(())
        })?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{says, times};

    #[test]
    fn times_are_found() {
        for (quote, expected) in [
            ("IL-6 rose in the hip joint during the first week [1].", vec!["first week"]),
            ("It fell after 24 h and at 6-8 weeks.", vec!["24 h", "6-8 weeks"]),
            ("Doses of 5 mg for three months", vec!["three months"]),
            ("at week 12, after surgery", vec!["week 12"]),
            ("for patients at 3 centres", vec![]),
        ] {
            assert_eq!(times(quote).collect::<Vec<_>>(), expected, "{quote}");
        }
    }

    #[test]
    fn words_are_whole() {
        assert!(says("In Chondrocytes, it fell.", "chondrocytes") && says("β-cells of mice", "cells"));
        assert!(!says("in osteochondrocytes", "chondrocytes") && !says("msc", "MSC") && !says("x", ""));
    }
}
