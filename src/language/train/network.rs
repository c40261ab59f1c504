//! Matrices in training: their values, gradients and the moments of Adam (Kingma and Ba 2015).

use super::Random;

/// Lanes in which sums run, so that the compiler can keep them side by side.
const LANES: usize = 16;

/// A matrix of 32-bit values, row by row, that learns. Only rows that took part in a step are moved by it.
#[derive(Clone)]
pub(crate) struct Matrix {
    pub width: usize,
    pub values: Vec<f32>,
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Matrix {
    /// A matrix of normally distributed values with this standard deviation.
    pub(crate) fn new(rows: usize, width: usize, deviation: f32, random: &mut Random) -> Self {
        let zero = vec![0.0; rows * width];
        let mut values = zero.clone();
        if deviation > 0.0 {
            values.fill_with(|| random.normal() * deviation);
        }
        Self {
            width,
            values,
            gradient: zero.clone(),
            first: zero.clone(),
            second: zero,
            touched: Vec::new(),
            is_touched: vec![false; rows],
        }
    }

    pub(crate) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..][..self.width]
    }

    /// The gradient of a row, which takes part in the next step.
    pub(crate) fn gradient(&mut self, row: usize) -> &mut [f32] {
        if !std::mem::replace(&mut self.is_touched[row], true) {
            self.touched.push(row as u32);
        }
        &mut self.gradient[row * self.width..][..self.width]
    }

    /// One step of Adam, the `count`-th (from 1).
    pub(crate) fn step(&mut self, rate: f32, count: usize) {
        const B1: f32 = 0.9;
        const B2: f32 = 0.99;
        let count = count.min(10_000) as i32;
        let rate = rate * (1.0 - B2.powi(count)).sqrt() / (1.0 - B1.powi(count));
        for row in self.touched.drain(..) {
            self.is_touched[row as usize] = false;
            let range = row as usize * self.width..(row as usize + 1) * self.width;
            let moments = self.first[range.clone()].iter_mut().zip(&mut self.second[range.clone()]);
            for ((value, gradient), (m, v)) in self.values[range.clone()].iter_mut().zip(&mut self.gradient[range]).zip(moments) {
                let g = std::mem::take(gradient);
                *m = B1 * *m + (1.0 - B1) * g;
                *v = B2 * *v + (1.0 - B2) * g * g;
                *value -= rate * *m / (v.sqrt() + 1e-6);
            }
        }
    }

    /// Adds the product of the input with the matrix to `out`; the matrix has a row per input and `N` columns.
    pub(crate) fn forward<const N: usize>(&self, input: &[f32], out: &mut [f32]) {
        let mut sum = [0.0; N];
        let (rows, _) = self.values.as_chunks::<N>();
        for (row, &x) in rows.iter().zip(input) {
            for (s, w) in sum.iter_mut().zip(row) {
                *s += x * w;
            }
        }
        add(out, &sum);
    }

    /// Given the input and the gradient of the output, adds to the gradients of the matrix and of the input.
    pub(crate) fn backward<const N: usize>(&mut self, input: &[f32], output: &[f32], back: &mut [f32]) {
        let Some(output) = output.first_chunk::<N>() else { return };
        let (rows, _) = self.values.as_chunks::<N>();
        let (gradients, _) = self.gradient.as_chunks_mut::<N>();
        for (((row, gradient), &x), back) in rows.iter().zip(gradients).zip(input).zip(back) {
            *back += dot(row, output);
            for (g, o) in gradient.iter_mut().zip(output) {
                *g += x * o;
            }
        }
        if self.touched.is_empty() {
            self.touched.extend(0..self.is_touched.len() as u32);
            self.is_touched.fill(true);
        }
    }
}

/// Adds one vector to another.
pub(crate) fn add(to: &mut [f32], from: &[f32]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += f;
    }
}

/// Adds a multiple of one vector to another.
pub(crate) fn add_scaled(to: &mut [f32], from: &[f32], by: f32) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += f * by;
    }
}

/// The inner product.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    let (a, rest) = a.as_chunks::<LANES>();
    let (b, other) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for i in 0..LANES {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f32>() + rest.iter().zip(other).map(|(a, b)| a * b).sum::<f32>()
}

/// Turns scores into probabilities; those of classes that are not allowed become 0.
pub(crate) fn softmax(scores: &mut [f32], allowed: impl Fn(usize) -> bool) {
    let top = scores.iter().enumerate().filter(|(i, _)| allowed(*i)).map(|(_, s)| *s).fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for (i, s) in scores.iter_mut().enumerate() {
        *s = if allowed(i) { (*s - top).exp() } else { 0.0 };
        sum += *s;
    }
    scores.iter_mut().for_each(|s| *s /= sum);
}

/// A mask that keeps each value with probability `1 - rate`, scaled so that the mean stays; all ones where the rate is 0.
pub(crate) fn mask(len: usize, rate: f32, random: &mut Random) -> Vec<f32> {
    if rate == 0.0 {
        return vec![1.0; len];
    }
    let keep = 1.0 / (1.0 - rate);
    (0..len).map(|_| if random.unit() < rate { 0.0 } else { keep }).collect()
}
