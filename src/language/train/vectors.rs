//! Vectors of words from plain text: skip-gram with negative sampling (Mikolov et al. 2013), with output vectors of their own for
//! each place around the word (Ling et al., NAACL 2015), so that the vectors tell syntax more than topic.

use std::collections::HashMap;

use super::Random;
use super::encoder::Vectors;
use super::network::{add_scaled, dot};
use crate::language::encoder::WIDTH;
use crate::language::{hash, sentences, tokens};
use crate::text::Span;

/// Places around the word that it is to tell.
const PLACES: [isize; 4] = [-2, -1, 1, 2];
/// Words that do not stand there, for each that does.
const NEGATIVE: usize = 5;

/// Learns vectors of the words that the texts hold at least `least` times.
pub fn train_vectors(texts: &[String], least: usize, passes: usize) -> Vectors {
    let hashed: Vec<Vec<u64>> = texts.iter().flat_map(|t| sentences_of(t)).collect();
    let mut counts: HashMap<u64, usize> = HashMap::new();
    hashed.iter().flatten().for_each(|w| *counts.entry(*w).or_default() += 1);
    let mut kept: Vec<(u64, usize)> = counts.into_iter().filter(|c| c.1 >= least).collect();
    kept.sort_by_key(|&(hash, n)| (std::cmp::Reverse(n), hash));
    kept.truncate(usize::from(u16::MAX) / 2);
    let rows: HashMap<u64, u32> = kept.iter().enumerate().map(|(i, k)| (k.0, i as u32 + 1)).collect();
    let words = kept.len() + 1;
    let total: usize = kept.iter().map(|k| k.1).sum();
    // Words to draw from, each as often as its frequency to the power of 3/4 tells.
    let mut drawn = Vec::new();
    for (i, (_, n)) in kept.iter().enumerate() {
        let times = ((*n as f64).powf(0.75) / 4.0).ceil() as usize;
        drawn.extend(std::iter::repeat_n(i as u32 + 1, times));
    }
    let mut random = Random::new(11);
    let mut vectors = vec![0.0_f32; words * WIDTH];
    vectors[WIDTH..].fill_with(|| (random.unit() - 0.5) / WIDTH as f32);
    let mut outputs = vec![0.0_f32; PLACES.len() * words * WIDTH];
    let sentences: Vec<Vec<u32>> = hashed.iter().map(|s| s.iter().map(|w| rows.get(w).copied().unwrap_or(0)).collect()).collect();
    let steps = (passes * sentences.len()).max(1);
    for step in 0..steps {
        let sentence = &sentences[step % sentences.len()];
        let rate = 0.03 * (1.0 - step as f32 / steps as f32).max(0.01);
        for (at, &word) in sentence.iter().enumerate() {
            // Frequent words are passed over now and then.
            if word == 0 || random.unit() > (2e-4 * total as f32 / kept[word as usize - 1].1 as f32).sqrt() {
                continue;
            }
            let mut moved = [0.0; WIDTH];
            let from = word as usize * WIDTH;
            for (place, offset) in PLACES.into_iter().enumerate() {
                let Some(&near) = at.checked_add_signed(offset).and_then(|i| sentence.get(i)) else { continue };
                if near == 0 {
                    continue;
                }
                for k in 0..=NEGATIVE {
                    let (other, is) = if k == 0 { (near, 1.0) } else { (drawn[random.below(drawn.len())], 0.0) };
                    if k > 0 && other == near {
                        continue;
                    }
                    let output = &mut outputs[(place * words + other as usize) * WIDTH..][..WIDTH];
                    let vector = &vectors[from..][..WIDTH];
                    let likely = 1.0 / (1.0 + (-dot(vector, output)).exp());
                    let by = rate * (is - likely);
                    add_scaled(&mut moved, output, by);
                    add_scaled(output, vector, by);
                }
            }
            add_scaled(&mut vectors[from..][..WIDTH], &moved, 1.0);
        }
    }
    // To a mean square of one.
    let mean = vectors.iter().map(|v| v * v).sum::<f32>() / (words * WIDTH) as f32;
    vectors.iter_mut().for_each(|v| *v /= mean.sqrt().max(1e-6));
    Vectors { rows, values: vectors }
}

/// The sentences of a text, as hashes of their words.
fn sentences_of(text: &str) -> Vec<Vec<u64>> {
    let words = |s: Span| tokens::tokenize(text, s).into_iter().map(|t| hash::word(t.of(text))).collect();
    sentences::split(text, Span::new(0, text.len())).into_iter().map(words).collect()
}
