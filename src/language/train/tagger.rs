//! Training of the tagger.

use super::perceptron::Perceptron;
use super::{GoldSentence, Random, Settings};
use crate::language::labels::TAGS;
use crate::language::tagger::{Clue, START, best, features};
use crate::language::weights::ClassTable;

/// Trains a tagger; the result is what [`crate::language::Tagger::open`] reads.
///
/// Words whose tag is unknown are tagged by the model as it stands and teach nothing themselves.
pub fn train_tagger(sentences: &[GoldSentence], settings: Settings) -> Vec<u8> {
    let mut model = Perceptron::new(settings.least);
    let mut random = Random::new(settings.seed);
    let clues: Vec<Vec<Clue>> = sentences.iter().map(|s| s.words.iter().zip(&s.glued).map(|(w, g)| Clue::new(w, *g)).collect()).collect();
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut found = Vec::new();
    for _ in 0..settings.passes {
        random.shuffle(&mut order);
        for &i in &order {
            let mut before = START;
            for (at, gold) in sentences[i].tags.iter().enumerate() {
                features(&clues[i], at, before, &mut found);
                let guess = best(&model.score(&found), TAGS.len());
                if let Some(gold) = *gold {
                    model.tick();
                    if gold != guess {
                        model.update(&found, gold, guess);
                    }
                }
                before = [guess, before[0]];
            }
        }
    }
    ClassTable::build(model.averaged(), settings.bits)
}
