//! The averaged perceptron (Freund and Schapire 1999; Collins 2002) over sparse hashed features.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::language::weights::Row;

/// Features are hashes already.
#[derive(Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, value: u64) {
        self.0 = value.rotate_left(32);
    }
}

#[derive(Clone, Copy)]
struct Cell {
    class: u8,
    weight: f32,
    total: f64,
    stamp: u32,
}

/// The weights of one feature, and how often it has been part of a correction.
#[derive(Default)]
struct Weights {
    updates: u32,
    cells: Vec<Cell>,
}

/// A linear model in training.
///
/// A feature takes part only after `least` corrections that it was involved in (Goldberg and Elhadad 2011): the model that
/// is left is smaller by far and no worse.
pub(crate) struct Perceptron {
    rows: HashMap<u64, Weights, BuildHasherDefault<Identity>>,
    least: u32,
    now: u32,
}

impl Perceptron {
    pub(crate) fn new(least: u32) -> Self {
        Self { rows: HashMap::default(), least, now: 0 }
    }

    /// The scores of the classes.
    pub(crate) fn score(&self, features: &[u64]) -> [f32; 64] {
        let mut scores = [0.0; 64];
        for feature in features {
            let Some(row) = self.rows.get(feature).filter(|r| r.updates >= self.least) else { continue };
            for cell in &row.cells {
                scores[usize::from(cell.class)] += cell.weight;
            }
        }
        scores
    }

    /// Counts one example seen.
    pub(crate) fn tick(&mut self) {
        self.now += 1;
    }

    /// Moves the model towards `right` and away from `wrong`.
    pub(crate) fn update(&mut self, features: &[u64], right: u8, wrong: u8) {
        let now = self.now;
        for &feature in features {
            let row = self.rows.entry(feature).or_default();
            row.updates += 1;
            let row = &mut row.cells;
            for (class, step) in [(right, 1.0), (wrong, -1.0)] {
                match row.iter_mut().find(|c| c.class == class) {
                    Some(cell) => {
                        cell.total += f64::from(cell.weight) * f64::from(now - cell.stamp);
                        cell.weight += step;
                        cell.stamp = now;
                    }
                    None => row.push(Cell { class, weight: step, total: 0.0, stamp: now }),
                }
            }
        }
    }

    /// The averaged weights, in order of hash.
    pub(crate) fn averaged(self) -> Vec<Row> {
        let now = self.now.max(1);
        let mut rows: Vec<Row> = self
            .rows
            .into_iter()
            .filter(|(_, row)| row.updates >= self.least)
            .map(|(hash, row)| {
                let average = |c: &Cell| ((c.total + f64::from(c.weight) * f64::from(now - c.stamp)) / f64::from(now)) as f32;
                (hash, row.cells.iter().map(|c| (c.class, average(c))).collect())
            })
            .collect();
        rows.sort_by_key(|r| r.0);
        rows
    }
}
