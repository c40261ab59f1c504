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

/// A linear model in training.
#[derive(Default)]
pub(crate) struct Perceptron {
    rows: HashMap<u64, Vec<Cell>, BuildHasherDefault<Identity>>,
    now: u32,
}

impl Perceptron {
    /// The scores of the classes.
    pub(crate) fn score(&self, features: &[u64]) -> [f32; 64] {
        let mut scores = [0.0; 64];
        for feature in features {
            for cell in self.rows.get(feature).map(Vec::as_slice).unwrap_or_default() {
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
            .map(|(hash, cells)| {
                let average = |c: &Cell| ((c.total + f64::from(c.weight) * f64::from(now - c.stamp)) / f64::from(now)) as f32;
                (hash, cells.iter().map(|c| (c.class, average(c))).collect())
            })
            .collect();
        rows.sort_by_key(|r| r.0);
        rows
    }
}
