//! The part-of-speech tagger: an averaged perceptron, left to right, over hashed features.

use std::borrow::Cow;

use super::error::ModelError;
use super::hash::{self, feature, mix};
use super::labels::TAGS;
use super::weights::ClassTable;

/// What the tagger knows of a word, whatever stands around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clue {
    /// Hash of the lower-case form.
    pub word: u64,
    shape: u64,
    suffix: [u64; 4],
    prefix: [u64; 2],
    /// Whether no space parts it from the word before.
    glued: u64,
}

/// What stands before the first and after the last token.
const OUTSIDE: Clue = Clue { word: 1, shape: 1, suffix: [1; 4], prefix: [1; 2], glued: 0 };

/// The tag code used outside the sentence.
const NO_TAG: u64 = 63;

impl Clue {
    pub(crate) fn new(form: &str, glued: bool) -> Self {
        Self {
            word: hash::word(form),
            shape: hash::shape(form),
            suffix: [1, 2, 3, 4].map(|n| hash::suffix(form, n)),
            prefix: [2, 3].map(|n| hash::prefix(form, n)),
            glued: u64::from(glued),
        }
    }
}

/// The features of the token at `at`, given the tags of the two before it.
pub(crate) fn features(clues: &[Clue], at: usize, before: [u8; 2], out: &mut Vec<u64>) {
    let clue = |offset: isize| at.checked_add_signed(offset).and_then(|i| clues.get(i)).unwrap_or(&OUTSIDE);
    let (c, p, pp, n, nn) = (clue(0), clue(-1), clue(-2), clue(1), clue(2));
    let [t1, t2] = before.map(u64::from);
    let first = u64::from(at == 0);
    let glue = c.glued * 2 + n.glued;
    out.clear();
    out.extend([
        feature(0, [c.word]),
        feature(1, [c.shape, first]),
        feature(2, [c.suffix[0]]),
        feature(3, [c.suffix[1]]),
        feature(4, [c.suffix[2]]),
        feature(5, [c.suffix[3]]),
        feature(6, [c.prefix[0]]),
        feature(7, [c.prefix[1]]),
        feature(8, [t1]),
        feature(9, [t1, t2]),
        feature(10, [t1, c.word]),
        feature(11, [t1, t2, c.word]),
        feature(12, [p.word]),
        feature(13, [p.word, c.word]),
        feature(14, [pp.word]),
        feature(15, [n.word]),
        feature(16, [n.word, c.word]),
        feature(17, [nn.word]),
        feature(18, [n.suffix[2]]),
        feature(19, [n.suffix[1], c.suffix[1]]),
        feature(20, [n.shape, c.shape]),
        feature(21, [p.shape, c.shape, n.shape]),
        feature(22, [t1, c.suffix[2]]),
        feature(23, [t1, c.shape]),
        feature(24, [t1, n.word]),
        feature(25, [t1, t2, c.suffix[1]]),
        feature(26, [p.suffix[2]]),
        feature(27, [nn.suffix[2], n.suffix[2]]),
        feature(28, [t1, n.suffix[2]]),
        feature(29, [t1, c.suffix[2], n.suffix[2]]),
        feature(30, [p.word, n.word]),
        feature(31, [c.word, mix(n.word, nn.word)]),
        feature(32, [p.word, t2]),
        feature(33, []),
        feature(34, [c.word, glue]),
        feature(35, [c.shape, glue]),
        feature(36, [t1, c.suffix[2], glue]),
        feature(37, [p.shape, c.word, n.shape, glue]),
    ]);
}

/// The best class of a score vector, the lowest of equals.
pub(crate) fn best<S: PartialOrd + Copy>(scores: &[S], classes: usize) -> u8 {
    let mut best = 0;
    for i in 1..classes.min(scores.len()) {
        if scores[i] > scores[best] {
            best = i;
        }
    }
    best as u8
}

/// A trained tagger.
#[derive(Debug, Clone)]
pub struct Tagger {
    table: ClassTable,
}

impl Tagger {
    /// Opens a trained model.
    pub fn open(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        Ok(Self { table: ClassTable::open(bytes)? })
    }

    /// The tags of the words of a sentence, as positions in [`TAGS`]; a word is glued when no space parts it from the one before.
    pub fn tag(&self, words: &[&str], glued: &[bool]) -> Vec<u8> {
        let clues: Vec<Clue> = words.iter().zip(glued).map(|(w, g)| Clue::new(w, *g)).collect();
        let mut tags = Vec::with_capacity(words.len());
        let mut found = Vec::with_capacity(40);
        let mut before = [NO_TAG as u8; 2];
        for at in 0..words.len() {
            features(&clues, at, before, &mut found);
            let mut scores = [0; 64];
            self.table.add(&found, &mut scores);
            let tag = if is_connector(words, glued, at) { HYPHEN } else { best(&scores, TAGS.len()) };
            tags.push(tag);
            before = [tag, before[0]];
        }
        tags
    }
}

/// The position of `HYPH` in [`TAGS`].
const HYPHEN: u8 = 9;

/// Whether the word is a colon of `Prx1::cre`, which joins like a hyphen; too rare to be learnt.
fn is_connector(words: &[&str], glued: &[bool], at: usize) -> bool {
    let colon = |i: usize| words.get(i) == Some(&":");
    let joined = |i: usize| glued.get(i) == Some(&true);
    colon(at) && ((colon(at + 1) && joined(at + 1)) || (at > 0 && colon(at - 1) && joined(at)))
}

/// The tags before the first token of a sentence.
pub(crate) const START: [u8; 2] = [NO_TAG as u8; 2];
