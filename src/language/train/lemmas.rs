//! Training of the lemmatiser: which ending of which tag is replaced by what.

use std::collections::BTreeMap;

use super::GoldSentence;
use crate::language::labels::TAGS;
use crate::language::lemmatiser::{LONGEST_ENDING, edit_between};

/// Derives the lemma table from words with tags and lemmas, as the text that [`crate::language::Lemmatiser::open`] reads.
///
/// For each tag and each ending of up to six characters, and for whole words (marked `^`), the most frequent edit is kept
/// where it differs from that of the next shorter ending.
pub fn train_lemmas(sentences: &[GoldSentence]) -> String {
    let mut counts: BTreeMap<(u8, String), BTreeMap<(usize, String), usize>> = BTreeMap::new();
    let mut seen: BTreeMap<(u8, String, String), usize> = BTreeMap::new();
    for s in sentences.iter().filter(|s| !s.lemmas.is_empty()) {
        for ((word, tag), lemma) in s.words.iter().zip(&s.tags).zip(&s.lemmas) {
            let Some(tag) = *tag else { continue };
            if word.chars().any(char::is_alphabetic) && TAGS[usize::from(tag)].starts_with(char::is_alphabetic) {
                *seen.entry((tag, word.to_lowercase(), lemma.to_lowercase())).or_default() += 1;
            }
        }
    }
    for ((tag, word, lemma), n) in seen {
        let edit = edit_between(&word, &lemma);
        // A lemma that shares nothing with a long word is a slip of the treebank.
        if edit.0 > 3 && word.chars().count() > 8 {
            continue;
        }
        // The treebank leaves many participles as they are; a form in "-ed" or "-ing" is seldom the verb's own.
        let participle = match TAGS[usize::from(tag)] {
            "VBD" | "VBN" => word.ends_with("ed"),
            "VBG" => word.ends_with("ing"),
            _ => false,
        };
        if edit.0 == 0 && participle && word.chars().count() > 5 {
            continue;
        }
        let marked = format!("^{word}");
        let chars: Vec<(usize, char)> = marked.char_indices().collect();
        for take in (0..=LONGEST_ENDING.min(chars.len() - 1)).chain([chars.len()]) {
            let ending = chars.len().checked_sub(take).and_then(|i| chars.get(i)).map_or("", |c| &marked[c.0..]);
            // Types count more than tokens for endings, tokens decide for whole words.
            let weight = if take == chars.len() { n } else { 1 };
            *counts.entry((tag, ending.to_owned())).or_default().entry(edit.clone()).or_default() += weight;
        }
    }
    let decide = |tag: u8, ending: &str| {
        counts.get(&(tag, ending.to_owned())).and_then(|edits| edits.iter().max_by_key(|(e, n)| (**n, std::cmp::Reverse(*e))))
    };
    let mut out = String::new();
    let mut kept: BTreeMap<(u8, String), (usize, String)> = BTreeMap::new();
    let mut keys: Vec<&(u8, String)> = counts.keys().collect();
    keys.sort_by_key(|k| (k.0, k.1.chars().count(), &k.1));
    for key in keys {
        let (tag, ending) = key;
        let Some((edit, n)) = decide(*tag, ending) else { continue };
        let whole = ending.starts_with('^');
        let shorter = ending
            .char_indices()
            .skip(1)
            .map(|(at, _)| &ending[at..])
            .chain([""])
            .find_map(|e| kept.get(&(*tag, e.to_owned())))
            .cloned()
            .unwrap_or_default();
        if *edit != shorter && (whole || *n >= 2) {
            kept.insert((*tag, ending.clone()), edit.clone());
            out.push_str(&format!("{}\t{}\t{}\t{}\n", TAGS[usize::from(*tag)], ending, edit.0, edit.1));
        }
    }
    out
}
