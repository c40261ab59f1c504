//! The part-of-speech tagger: a network that reads each word with three neighbours on either side.

use super::encoder::{Encoder, WIDTH, clues};
use super::error::ModelError;
use super::labels::TAGS;
use super::network::{Layer, Reader};

pub(crate) const MAGIC: &[u8; 8] = b"evg-tag4";

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
    encoder: Encoder,
    output: Layer,
}

impl Tagger {
    /// Opens a trained model.
    ///
    /// # Errors
    /// When it is damaged, or was written by another version.
    pub fn open(bytes: &'static [u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::new(bytes, MAGIC, "tagger's weights")?;
        let tagger = Self { encoder: Encoder::read(&mut reader)?, output: reader.layer(WIDTH, 1)? };
        reader.end()?;
        Ok(tagger)
    }

    /// The tags of the words of a sentence, as positions in [`TAGS`]; a word is glued when no space parts it from the one before.
    pub fn tag(&self, words: &[&str], glued: &[bool]) -> Vec<u8> {
        let vectors = self.encoder.encode(&clues(words, glued, None));
        (0..words.len())
            .map(|at| {
                if is_connector(words, glued, at) {
                    return HYPHEN;
                }
                let [scores] = self.output.scores(0, [&vectors[at + 1]]);
                best(&scores, TAGS.len())
            })
            .collect()
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
