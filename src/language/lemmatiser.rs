//! The lemmatiser: a table of endings per tag, learnt from the treebank, with whole words as exceptions.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::error::ModelError;
use super::hash::mix;
use super::labels::tag_code;

/// Longest ending, in characters, that the table holds.
pub(crate) const LONGEST_ENDING: usize = 6;

/// How many characters to cut from the end of a word, and what to put there.
type Edit = (usize, Box<str>);

/// The edit that turns a word into its lemma: characters to cut, text to add.
pub(crate) fn edit_between(word: &str, lemma: &str) -> (usize, String) {
    let shared: usize = word.chars().zip(lemma.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (word[shared..].chars().count(), lemma[shared..].to_owned())
}

/// The key of an ending given by its characters from the last to the first, grown one character at a time.
#[derive(Clone, Copy)]
struct Key(u64);

impl Key {
    fn empty(tag: u8) -> Self {
        Self(mix(0x6c65_6d6d, u64::from(tag)))
    }

    fn before(self, c: char) -> Self {
        Self(mix(self.0, u64::from(c as u32)))
    }
}

/// Keys are hashes already.
#[derive(Debug, Clone, Copy, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = mix(self.0, u64::from(*b)));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// A table of endings.
#[derive(Debug, Clone, Default)]
pub struct Lemmatiser {
    endings: HashMap<u64, Edit, BuildHasherDefault<Hashed>>,
}

impl Lemmatiser {
    /// Reads a lemma table: lines of tag, ending (`^` before a whole word), number of characters to cut, text to add.
    pub fn open(table: &str) -> Result<Self, ModelError> {
        let mut endings = HashMap::default();
        for (i, line) in table.lines().enumerate() {
            let mut parts = line.split('\t');
            let row = (|| {
                let key = Key::empty(tag_code(parts.next()?)?);
                let key = parts.next()?.chars().rev().fold(key, Key::before);
                Some((key.0, (parts.next()?.parse().ok()?, Box::from(parts.next()?))))
            })();
            let (key, edit) = row.ok_or(ModelError::Lemma { line: i + 1 })?;
            endings.insert(key, edit);
        }
        Ok(Self { endings })
    }

    /// The lemma, in lower case, of a word with this tag (a position in [`super::labels::TAGS`]).
    pub fn lemma(&self, word: &str, tag: u8) -> Box<str> {
        let mut lower = if word.is_ascii() { word.to_ascii_lowercase() } else { word.to_lowercase() };
        let mut key = Key::empty(tag);
        let mut found = self.endings.get(&key.0);
        for (i, c) in lower.chars().rev().enumerate() {
            key = key.before(c);
            if i < LONGEST_ENDING {
                found = self.endings.get(&key.0).or(found);
            }
        }
        found = self.endings.get(&key.before('^').0).or(found);
        let Some((cut, add)) = found else { return lower.into_boxed_str() };
        let end = match *cut {
            0 => lower.len(),
            n => lower.char_indices().rev().nth(n - 1).map_or(0, |(at, _)| at),
        };
        if end == 0 && add.is_empty() {
            return lower.into_boxed_str();
        }
        lower.truncate(end);
        lower.push_str(add);
        lower.into_boxed_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_ending_wins() {
        let table = Lemmatiser::open("NNS\ts\t1\t\nNNS\ties\t3\ty\nNNS\t^mice\t3\touse\n").expect("a well-formed table");
        let tag = tag_code("NNS").expect("a known tag");
        let lemma = |w| table.lemma(w, tag).into_string();
        assert_eq!([lemma("Cells"), lemma("therapies"), lemma("mice"), lemma("data")], ["cell", "therapy", "mouse", "data"]);
        assert_eq!(&*table.lemma("cells", 0), "cells");
    }

    #[test]
    fn a_bad_line_is_named() {
        assert_eq!(Lemmatiser::open("NNS\ts\t1\t\nNNS\ts").err(), Some(ModelError::Lemma { line: 2 }));
    }
}
