//! Training of the tagger.

use super::encoder::{Blanks, Encoder, Vectors};
use super::network::{Matrix, add, softmax};
use super::{GoldSentence, Random, Settings};
use crate::language::encoder::{Clue, WIDTH, clues};
use crate::language::labels::TAGS;
use crate::language::network::Writer;
use crate::language::tagger::{MAGIC, best};

/// A tagger in training.
pub struct TaggerTrainer<'a> {
    encoder: Encoder<'a>,
    /// The score of each tag, from the vector of a word.
    output: Matrix,
    bias: Matrix,
}

const CLASSES: usize = 64;
const BLANKS: Blanks = Blanks { words: 0.1, values: 0.2 };

/// Trains a tagger. Words whose tag is unknown teach nothing.
pub fn train_tagger<'a>(
    sentences: &[GoldSentence],
    vectors: &'a Vectors,
    settings: Settings,
    watch: impl Fn(usize, &TaggerTrainer<'a>),
) -> TaggerTrainer<'a> {
    let mut random = Random::new(settings.seed);
    let mut model = TaggerTrainer {
        encoder: Encoder::new(vectors, &mut random),
        output: Matrix::new(WIDTH, CLASSES, 0.05, &mut random),
        bias: Matrix::new(1, CLASSES, 0.0, &mut random),
    };
    let data: Vec<(Vec<Clue>, &GoldSentence)> = sentences.iter().map(|s| (clues(&s.forms(), &s.glued, None), s)).collect();
    let mut order: Vec<usize> = (0..data.len()).collect();
    let steps = (settings.passes * data.len()).div_ceil(settings.batch).max(1);
    let mut count = 0;
    for pass in 0..settings.passes {
        random.shuffle(&mut order);
        for batch in order.chunks(settings.batch) {
            for &i in batch {
                let (clues, gold) = &data[i];
                let trace = model.encoder.forward(clues, Some(BLANKS), &mut random);
                let mut back = vec![0.0; clues.len() * WIDTH];
                for (t, gold) in gold.tags.iter().enumerate() {
                    let Some(gold) = *gold else { continue };
                    let mut scores = model.scores(trace.vector(t));
                    softmax(&mut scores, |i| i < TAGS.len());
                    scores[usize::from(gold)] -= 1.0;
                    add(model.bias.gradient(0), &scores);
                    model.output.backward::<CLASSES>(trace.vector(t), &scores, &mut back[t * WIDTH..][..WIDTH]);
                }
                model.encoder.backward(clues, &trace, &back);
            }
            count += 1;
            let rate = settings.rate * (1.0 - count as f32 / steps as f32).max(0.0);
            model.encoder.step(rate, count);
            model.output.step(rate, count);
            model.bias.step(rate, count);
        }
        watch(pass, &model);
    }
    model
}

impl TaggerTrainer<'_> {
    fn scores(&self, vector: &[f32]) -> [f32; CLASSES] {
        let mut scores = [0.0; CLASSES];
        scores.copy_from_slice(self.bias.row(0));
        self.output.forward::<CLASSES>(vector, &mut scores);
        scores
    }

    /// What [`crate::language::Tagger::open`] reads.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(MAGIC);
        self.encoder.write(&mut out);
        out.layer(&self.output.values, self.bias.row(0));
        out.0
    }

    /// The tags of a sentence, as positions in [`TAGS`].
    pub fn tag(&self, words: &[&str], glued: &[bool]) -> Vec<u8> {
        let trace = self.encoder.forward(&clues(words, glued, None), None, &mut Random::new(0));
        (0..words.len()).map(|t| best(&self.scores(trace.vector(t)), TAGS.len())).collect()
    }
}
