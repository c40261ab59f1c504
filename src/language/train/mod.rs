//! Training of the tagger, the parser and the lemmatiser from treebank sentences.
//!
//! The program `examples/train_language` reads the corpora and calls these functions; nothing else does.

mod encoder;
mod lemmas;
mod network;
mod oracle;
mod parser;
mod tagger;
mod vectors;

pub use encoder::Vectors;
pub use lemmas::train_lemmas;
pub use parser::{ParserTrainer, train_parser};
pub use tagger::{TaggerTrainer, train_tagger};
pub use vectors::train_vectors;

/// A sentence whose analysis is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GoldSentence {
    /// Its words as they stand in the text.
    pub words: Vec<String>,
    /// For each word, whether no space parts it from the one before.
    pub glued: Vec<bool>,
    /// Tags, as positions in [`super::labels::TAGS`]; `None` where the corpus does not tell.
    pub tags: Vec<Option<u8>>,
    /// Lemmas; empty where the corpus has none.
    pub lemmas: Vec<String>,
    /// Head and relation of each word; empty where the corpus has no trees. Trees are projective and have one root.
    pub arcs: Vec<super::Arc>,
}

impl GoldSentence {
    /// The words as string slices.
    pub fn forms(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

/// How long and how large to train.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Passes over the data.
    pub passes: usize,
    /// Sentences between two steps.
    pub batch: usize,
    /// Length of the first steps; it falls to nothing in the course of the training.
    pub rate: f32,
    /// Seed of everything that is left to chance.
    pub seed: u64,
}

/// A small generator of pseudo-random numbers (SplitMix64), so that training gives the same model each time.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A number from 0 up to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// A normally distributed number, nearly: twelve of [`Random::unit`] together.
    pub(crate) fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
