//! The encoder in training.

use std::collections::HashMap;

use super::Random;
use super::network::{Matrix, add, mask};
use crate::language::encoder::{Clue, Encoder as Index, LAYERS, TABLES, WIDTH, WINDOW};
use crate::language::network::{ONE, Writer};

/// Vectors of words, learnt from plain text: what [`super::train_vectors`] gives.
#[derive(Debug, Clone, Default)]
pub struct Vectors {
    /// Row of each word, by hash; row 0 is no word's.
    pub rows: HashMap<u64, u32>,
    /// The vectors, row by row.
    pub values: Vec<f32>,
}

impl Vectors {
    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * WIDTH..][..WIDTH]
    }
}

/// How much is left out while learning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blanks {
    /// Share of the words whose identity is withheld.
    pub words: f32,
    /// Share of the values of a word's embedding.
    pub values: f32,
}

#[derive(Clone)]
pub(crate) struct Encoder<'a> {
    vectors: &'a Vectors,
    /// Turns the vectors of plain text into embeddings.
    turn: Matrix,
    words: Matrix,
    tables: Vec<Matrix>,
    layers: Vec<(Matrix, Matrix)>,
}

/// What the way back needs of the way there.
pub(crate) struct Trace {
    words: Vec<usize>,
    /// The vectors before the first layer, after each, with an empty word before the first and after the last.
    states: Vec<Vec<f32>>,
    masks: Vec<f32>,
    /// For each layer, which outputs were above zero.
    open: Vec<Vec<bool>>,
}

impl Trace {
    /// The vector of a word after the last layer.
    pub(crate) fn vector(&self, word: usize) -> &[f32] {
        self.states.last().map_or(&[], |s| &s[(word + 1) * WIDTH..][..WIDTH])
    }
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(vectors: &'a Vectors, random: &mut Random) -> Self {
        let rows = vectors.values.len() / WIDTH;
        let deviation = (2.0 / WINDOW as f32).sqrt();
        Self {
            vectors,
            turn: Matrix::new(WIDTH, WIDTH, (0.3 / WIDTH as f32).sqrt(), random),
            words: Matrix::new(rows.max(1), WIDTH, 0.0, random),
            tables: TABLES.iter().map(|&rows| Matrix::new(rows, WIDTH, 0.2, random)).collect(),
            layers: (0..LAYERS)
                .map(|_| (Matrix::new(WINDOW, WIDTH, 0.7 * deviation, random), Matrix::new(1, WIDTH, 0.0, random)))
                .collect(),
        }
    }

    /// Reads a sentence.
    pub(crate) fn forward(&self, clues: &[Clue], blanks: Option<Blanks>, random: &mut Random) -> Trace {
        let padded = (clues.len() + 2) * WIDTH;
        let mut first = vec![0.0; padded];
        let mut words = Vec::with_capacity(clues.len());
        for (clue, out) in clues.iter().zip(first[WIDTH..].chunks_exact_mut(WIDTH)) {
            let known = self.vectors.rows.get(&clue.word).copied().unwrap_or(0) as usize;
            let row = if blanks.is_some_and(|b| random.unit() < b.words) { 0 } else { known };
            words.push(row);
            if row > 0 {
                self.turn.forward::<WIDTH>(self.vectors.row(row), out);
            }
            add(out, self.words.row(row));
            for (table, &row) in self.tables.iter().zip(&clue.rows) {
                add(out, table.row(usize::from(row)));
            }
        }
        let masks = mask(clues.len() * WIDTH, blanks.map_or(0.0, |b| b.values), random);
        first[WIDTH..].iter_mut().zip(&masks).for_each(|(x, m)| *x *= m);
        let mut trace = Trace { words, states: vec![first], masks, open: Vec::new() };
        for (i, (weights, bias)) in self.layers.iter().enumerate() {
            let input = &trace.states[i];
            let mut output = input.clone();
            let mut open = vec![false; clues.len() * WIDTH];
            for t in 0..clues.len() {
                let mut sum = [0.0; WIDTH];
                sum.copy_from_slice(bias.row(0));
                weights.forward::<WIDTH>(&input[t * WIDTH..][..WINDOW], &mut sum);
                for (((s, o), out), _) in sum.iter().zip(&mut open[t * WIDTH..]).zip(&mut output[(t + 1) * WIDTH..]).zip(0..WIDTH) {
                    *o = *s > 0.0;
                    *out += s.max(0.0);
                }
            }
            trace.states.push(output);
            trace.open.push(open);
        }
        trace
    }

    /// Learns from the gradient of the last vectors, `WIDTH` values a word.
    pub(crate) fn backward(&mut self, clues: &[Clue], trace: &Trace, gradient: &[f32]) {
        let mut output = vec![0.0; (clues.len() + 2) * WIDTH];
        output[WIDTH..][..gradient.len()].copy_from_slice(gradient);
        for (i, (weights, bias)) in self.layers.iter_mut().enumerate().rev() {
            let mut input = output.clone();
            for t in 0..clues.len() {
                let mut sum = [0.0; WIDTH];
                for ((s, g), o) in sum.iter_mut().zip(&output[(t + 1) * WIDTH..]).zip(&trace.open[i][t * WIDTH..]) {
                    *s = if *o { *g } else { 0.0 };
                }
                add(bias.gradient(0), &sum);
                weights.backward::<WIDTH>(&trace.states[i][t * WIDTH..][..WINDOW], &sum, &mut input[t * WIDTH..][..WINDOW]);
            }
            // The empty words outside the sentence stay empty.
            input[..WIDTH].fill(0.0);
            let end = input.len() - WIDTH;
            input[end..].fill(0.0);
            output = input;
        }
        let mut nowhere = [0.0; WIDTH];
        for (t, clue) in clues.iter().enumerate() {
            let out = &mut output[(t + 1) * WIDTH..][..WIDTH];
            out.iter_mut().zip(&trace.masks[t * WIDTH..]).for_each(|(x, m)| *x *= m);
            let row = trace.words[t];
            if row > 0 {
                self.turn.backward::<WIDTH>(self.vectors.row(row), out, &mut nowhere);
            }
            add(self.words.gradient(row), out);
            for (table, &row) in self.tables.iter_mut().zip(&clue.rows) {
                add(table.gradient(usize::from(row)), out);
            }
        }
    }

    pub(crate) fn step(&mut self, rate: f32, count: usize) {
        self.turn.step(rate, count);
        self.words.step(rate, count);
        self.tables.iter_mut().for_each(|t| t.step(rate, count));
        for (weights, bias) in &mut self.layers {
            weights.step(rate, count);
            bias.step(rate, count);
        }
    }

    /// Writes what [`crate::language::encoder::Encoder::read`] reads.
    pub(crate) fn write(&self, out: &mut Writer) {
        // A word's row is what its vector turns into, and what was learnt for it besides.
        let mut words = self.words.values.clone();
        for (row, into) in words.chunks_exact_mut(WIDTH).enumerate().skip(1) {
            self.turn.forward::<WIDTH>(self.vectors.row(row), into);
        }
        let mut sizes: Vec<f32> = self.tables.iter().flat_map(|t| &t.values).chain(&words).map(|v| v.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        let top = sizes[sizes.len() - 1 - sizes.len() / 5000];
        // The largest values but a few fit into 8 bits.
        let shift = (1..7).find(|&s| top * ONE <= 127.0 * (1 << s) as f32).unwrap_or(7);
        let scale = ONE / (1 << shift) as f32;
        out.number(shift);
        out.number(words.len() / WIDTH);
        for slot in Index::index(self.vectors.rows.iter().map(|(h, r)| (*h, *r))) {
            out.number(slot as usize);
        }
        out.small(&words, scale);
        for table in &self.tables {
            out.small(&table.values, scale);
        }
        for (weights, bias) in &self.layers {
            out.layer(&weights.values, bias.row(0));
        }
    }
}
