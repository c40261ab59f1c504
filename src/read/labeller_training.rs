//! Learns the weights of the reference labeller from labelled strings.

use super::labeller::{ENDS, LABELS, Label, Weights, decode, end_class, features, transition};
use std::collections::HashMap;

/// A reference string as words, each with its label.
pub type Labelled = Vec<(String, Label)>;

/// Per word: its features, how it ends, its label.
type Example = (Vec<Vec<u32>>, Vec<usize>, Vec<usize>);

/// Sums for averaging: a weight, what it summed up to, and when it last changed.
#[derive(Clone, Copy, Default)]
struct Average {
    weight: f32,
    total: f64,
    since: u32,
}

impl Average {
    fn add(&mut self, now: u32, by: f32) {
        self.total += f64::from(self.weight) * f64::from(now - self.since);
        self.since = now;
        self.weight += by;
    }

    fn mean(mut self, now: u32) -> f32 {
        self.add(now, 0.0);
        (self.total / f64::from(now.max(1))) as f32
    }
}

/// Trains for `passes` over `data`. Repeatable: the same data give the same weights. Features seen in fewer than `least` words are left out.
pub fn train(data: &[Labelled], passes: usize, least: u32) -> Weights {
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    for string in data {
        let words: Vec<&str> = string.iter().map(|w| w.0.as_str()).collect();
        for feature in features(&words).into_iter().flatten() {
            *numbers.entry(feature).or_default() += 1;
        }
    }
    let mut kept: Vec<u32> = numbers.into_iter().filter(|(_, n)| *n >= least).map(|(feature, _)| feature).collect();
    kept.sort_unstable();
    let index: HashMap<u32, u32> = kept.iter().enumerate().map(|(i, &f)| (f, i as u32)).collect();
    let examples: Vec<Example> = (data.iter())
        .map(|string| {
            let words: Vec<&str> = string.iter().map(|w| w.0.as_str()).collect();
            let ids = features(&words).iter().map(|list| list.iter().filter_map(|f| index.get(f).copied()).collect()).collect();
            (ids, words.iter().map(|w| end_class(w)).collect(), string.iter().map(|w| w.1 as usize).collect())
        })
        .collect();
    let mut weights = vec![[Average::default(); LABELS]; kept.len()];
    let mut transitions = vec![Average::default(); ENDS * LABELS * LABELS];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let (mut now, mut seed) = (0_u32, 0x2545_f491_u64);
    for _ in 0..passes {
        for i in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(i, (seed >> 33) as usize % (i + 1));
        }
        for &i in &order {
            now += 1;
            let (ids, ends, gold) = &examples[i];
            let scores: Vec<[Score; LABELS]> = ids
                .iter()
                .map(|list| {
                    let mut row = [Score::default(); LABELS];
                    for &id in list {
                        for (sum, cell) in row.iter_mut().zip(&weights[id as usize]) {
                            sum.0 += cell.weight;
                        }
                    }
                    row
                })
                .collect();
            let found = decode(&scores, ends, |end, from, to| Score(transitions[transition(end, from, to)].weight));
            for t in 0..gold.len() {
                let (right, wrong) = (gold[t], found[t] as usize);
                if right != wrong {
                    for &id in &ids[t] {
                        weights[id as usize][right].add(now, 1.0);
                        weights[id as usize][wrong].add(now, -1.0);
                    }
                }
                if t > 0 && (right != wrong || gold[t - 1] != found[t - 1] as usize) {
                    transitions[transition(ends[t - 1], gold[t - 1], right)].add(now, 1.0);
                    transitions[transition(ends[t - 1], found[t - 1] as usize, wrong)].add(now, -1.0);
                }
            }
        }
    }
    quantise(&kept, &weights, &transitions, now)
}

/// Averages, scaled so that all but the heaviest weights fit a byte.
fn quantise(kept: &[u32], weights: &[[Average; LABELS]], transitions: &[Average], now: u32) -> Weights {
    let means: Vec<[f32; LABELS]> = weights.iter().map(|row| row.map(|cell| cell.mean(now))).collect();
    let mut sizes: Vec<f32> = means.iter().flatten().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
    sizes.sort_by(f32::total_cmp);
    let top = sizes.get(sizes.len() * 9995 / 10_000).copied().unwrap_or(1.0).max(1e-6);
    let scale = 127.0 / top;
    let byte = |w: f32| {
        let w = (w * scale).round().clamp(-127.0, 127.0);
        if w.abs() < 2.0 { 0 } else { w as i8 }
    };
    let features = kept.iter().zip(&means).map(|(&f, row)| (f, row.map(byte))).filter(|(_, row)| row.iter().any(|w| *w != 0)).collect();
    let transitions = transitions.iter().map(|cell| (cell.mean(now) * scale).round().clamp(-32_000.0, 32_000.0) as i16).collect();
    Weights { features, transitions }
}

/// A score that can be ordered.
#[derive(Clone, Copy, Default, PartialEq)]
struct Score(f32);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl std::ops::Add for Score {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_learnt() {
        let string = |author: &str, title: &str| -> Labelled {
            [
                (author, Label::Author),
                ("J.", Label::Author),
                ("(2020).", Label::Date),
                (title, Label::Title),
                ("Joint", Label::Journal),
                ("Care.", Label::Journal),
            ]
            .map(|(w, l)| (w.to_owned(), l))
            .to_vec()
        };
        let weights = train(&[string("Roe,", "Knees."), string("Doe,", "Hips."), string("Poe,", "Bones.")], 5, 1);
        let labels = weights.label(&["Moe,", "J.", "(2020).", "Spines.", "Joint", "Care."]);
        assert_eq!(labels, string("", "").iter().map(|w| w.1).collect::<Vec<_>>());
    }
}
