//! Networks with whole numbers: weights of 8 or 16 bits, read from the bytes of a model file.
//!
//! A value of 1 is [`ONE`] in vectors. Of a product the upper 16 of 32 bits are kept: that is one instruction for eight products
//! on every x86-64 and ARM64 processor, which the compiler finds by itself.

use super::error::ModelError;
use fearless_simd::{Level, Simd as _, dispatch};
use std::sync::LazyLock;

/// What a value of 1 is written as.
pub(crate) const ONE: f32 = 1024.0;
/// Outputs that are worked out together: as many as fit into the registers.
pub(crate) const BLOCK: usize = 64;

/// A matrix of weights, and what is added to each output.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    inputs: usize,
    /// For each block of outputs a row for each input.
    rows: Vec<[i16; BLOCK]>,
    bias: Vec<[i16; BLOCK]>,
    /// Places that the sums are shifted by to be values.
    shift: u32,
}

impl Layer {
    /// A block of outputs for each of some inputs, on a scale of the layer's own. A few inputs at once take less time than one after the other:
    /// the weights are read once.
    #[inline]
    pub(crate) fn scores<const N: usize>(&self, block: usize, inputs: [&[i16]; N]) -> [[i16; BLOCK]; N] {
        accumulate([self.bias[block]; N], &self.rows[block * self.inputs..][..self.inputs], inputs)
    }

    /// A block of outputs for each of some inputs.
    #[inline]
    pub(crate) fn values<const N: usize>(&self, block: usize, inputs: [&[i16]; N]) -> [[i16; BLOCK]; N] {
        let largest = i16::MAX >> self.shift;
        self.scores(block, inputs).map(|scores| scores.map(|s| s.clamp(-largest, largest) << self.shift))
    }
}

/// What the processor can do at once.
static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Runs `work` as it is compiled for what the processor can do: with AVX2 sixteen products are one instruction, not eight. Gives the same
/// numbers everywhere. What `work` calls must be inlined into it.
#[inline(always)]
pub(crate) fn widely<R>(work: impl FnOnce() -> R) -> R {
    dispatch!(*LEVEL, simd => simd.vectorize(work))
}

/// Adds what each value of an input gives to each output.
#[inline(never)]
fn accumulate<const N: usize>(bias: [[i16; BLOCK]; N], rows: &[[i16; BLOCK]], inputs: [&[i16]; N]) -> [[i16; BLOCK]; N] {
    widely(
        #[inline(always)]
        || {
            let mut sums = bias;
            for (i, row) in rows.iter().enumerate() {
                for (sums, input) in sums.iter_mut().zip(inputs) {
                    let x = i32::from(input[i]);
                    for (s, w) in sums.iter_mut().zip(row) {
                        *s = s.wrapping_add(((i32::from(*w) * x) >> 16) as i16);
                    }
                }
            }
            sums
        },
    )
}

/// Reads a model file from its beginning.
pub(crate) struct Reader {
    bytes: &'static [u8],
    what: &'static str,
}

impl Reader {
    /// Checks the eight bytes by which the file says what it is.
    pub(crate) fn new(bytes: &'static [u8], magic: &[u8; 8], what: &'static str) -> Result<Self, ModelError> {
        let mut reader = Self { bytes, what };
        if reader.take(8)? == magic { Ok(reader) } else { Err(ModelError::Format { what }) }
    }

    pub(crate) fn take(&mut self, n: usize) -> Result<&'static [u8], ModelError> {
        let (taken, rest) = self.bytes.split_at_checked(n).ok_or(ModelError::Truncated { what: self.what })?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn number(&mut self) -> Result<usize, ModelError> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b)))
    }

    /// Rows of 8 bits, which stay where they are.
    pub(crate) fn small_rows<const N: usize>(&mut self, rows: usize) -> Result<&'static [[u8; N]], ModelError> {
        Ok(self.take(rows.saturating_mul(N))?.as_chunks::<N>().0)
    }

    /// Rows of 16 bits.
    pub(crate) fn rows<const N: usize>(&mut self, rows: usize) -> Result<Vec<[i16; N]>, ModelError> {
        let (all, _) = self.take(rows.saturating_mul(2 * N))?.as_chunks::<2>();
        Ok(all.as_chunks::<N>().0.iter().map(|row| row.map(i16::from_le_bytes)).collect())
    }

    pub(crate) fn layer(&mut self, inputs: usize, blocks: usize) -> Result<Layer, ModelError> {
        let shift = self.number()? as u32;
        if shift > 15 {
            return Err(ModelError::Format { what: self.what });
        }
        Ok(Layer { inputs, rows: self.rows(inputs * blocks)?, bias: self.rows(blocks)?, shift })
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), ModelError> {
        if self.bytes.is_empty() { Ok(()) } else { Err(ModelError::Truncated { what: self.what }) }
    }
}

/// Writes what [`Reader`] reads.
#[derive(Default)]
pub(crate) struct Writer(pub Vec<u8>);

impl Writer {
    pub(crate) fn new(magic: &[u8; 8]) -> Self {
        Self(magic.to_vec())
    }

    pub(crate) fn number(&mut self, n: usize) {
        self.0.extend((n as u32).to_le_bytes());
    }

    /// Values of 8 bits, `scale` times as large.
    pub(crate) fn small(&mut self, values: &[f32], scale: f32) {
        self.0.extend(values.iter().map(|v| (v * scale).round().clamp(-127.0, 127.0) as i8 as u8));
    }

    /// Values of 16 bits, `scale` times as large.
    pub(crate) fn values(&mut self, values: impl IntoIterator<Item = f32>, scale: f32) {
        for v in values {
            self.0.extend(((v * scale).round().clamp(-32_767.0, 32_767.0) as i16).to_le_bytes());
        }
    }

    /// A layer: its weights a row per input, and what is added to each output. Outputs that fill the last block are as small as can be.
    pub(crate) fn layer(&mut self, rows: &[f32], bias: &[f32]) {
        let largest = rows.iter().fold(0.0_f32, |top, w| top.max(w.abs()));
        // The weights fill 16 bits, as far as a power of two lets them.
        let bits = (8..15).rev().find(|&b| largest * f32::from(1_u16 << b) < 32_767.0).unwrap_or(8);
        let inputs = rows.len() / bias.len();
        self.number(16 - bits);
        for block in (0..bias.len()).step_by(BLOCK) {
            let columns = block..bias.len().min(block + BLOCK);
            for row in rows.chunks_exact(bias.len()) {
                let row = row[columns.clone()].iter().copied();
                self.values(row.chain(std::iter::repeat(0.0)).take(BLOCK), f32::from(1_u16 << bits));
            }
        }
        // What is cut off of a product is half a unit in the mean.
        let unit = ONE / f32::from(1_u16 << (16 - bits));
        let missing = bias.len().next_multiple_of(BLOCK) - bias.len();
        let cut = inputs as f32 / 2.0 / unit;
        self.values(bias.iter().map(|b| b + cut).chain(std::iter::repeat_n(f32::MIN, missing)), unit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_comes_back_as_written() {
        let mut out = Writer::new(b"a-layer1");
        out.layer(&[1.0, -0.5, 0.25, 1.5], &[0.5, -1.0]);
        let bytes: &'static [u8] = out.0.leak();
        let mut reader = Reader::new(bytes, b"a-layer1", "weights").expect("the magic is right");
        let layer = reader.layer(2, 1).expect("the bytes are all there");
        let [found] = layer.values(0, [&[ONE as i16, 2 * ONE as i16]]);
        let [a, b] = [found[0], found[1]].map(|f| f32::from(f) / ONE);
        assert!((a - 2.0).abs() < 0.02 && (b - 1.5).abs() < 0.02, "{a} {b}");
        assert_eq!(reader.end(), Ok(()));
    }

    #[test]
    fn damaged_bytes_are_refused() {
        assert!(matches!(Reader::new(b"other-01", b"a-layer1", "weights"), Err(ModelError::Format { .. })));
        assert!(matches!(Reader::new(b"a-l", b"a-layer1", "weights"), Err(ModelError::Truncated { .. })));
        let mut reader = Reader::new(b"a-layer1123", b"a-layer1", "weights").expect("the magic is right");
        assert!(matches!(reader.number(), Err(ModelError::Truncated { .. })));
    }
}
