//! Weight tables: hashed features to small integer weights, read in place from the bytes of a model file.
//!
//! Two shapes. [`ClassTable`] maps a feature to a short list of (class, weight) pairs, for many classes of which few matter;
//! [`ActionTable`] maps it to exactly three weights, one per parser transition, in a single 32-bit slot. Both verify a few
//! bits of the hash, so that a feature never seen in training rarely meets the weights of another.

use std::borrow::Cow;

use super::error::ModelError;

/// Slots that a feature may occupy: those of its bucket.
const BUCKET: usize = 4;
/// Bytes before the slots: magic (8), number of buckets as a power of two (4), bytes after the slots (4).
const HEADER: usize = 16;
/// Bits of a class slot that address its row.
const ROW_BITS: u32 = 22;
/// Features looked up before their rows are read.
const AT_ONCE: usize = 48;
/// Set on the last pair of a row.
const LAST: u8 = 0x80;

/// One feature of a trained linear model: its hash and its weights per class.
pub type Row = (u64, Vec<(u8, f32)>);

fn bucket_of(hash: u64, bits: u32) -> usize {
    (hash >> (64 - bits)) as usize
}

/// The weight that becomes the largest code: the 99.99th percentile of the absolute weights; those above are clipped.
fn top_of(rows: &[Row]) -> f32 {
    let mut all: Vec<f32> = rows.iter().flat_map(|r| r.1.iter().map(|c| c.1.abs())).collect();
    all.sort_by(f32::total_cmp);
    all.get(all.len().saturating_sub(1 + all.len() / 10_000)).copied().unwrap_or(1.0).max(1e-6)
}

/// The code of a weight: the signed square root, so that small weights keep their precision beside large ones.
fn encode(weight: f32, top: f32, largest: f32) -> i8 {
    (weight.signum() * (weight.abs() / top).sqrt() * largest).round().clamp(-largest, largest) as i8
}

/// The weight of a code, on the scale of all weights of the table.
fn decode(code: i32) -> i32 {
    code * code.abs()
}

/// Orders rows by what they weigh, heaviest first, ties by hash.
fn by_weight(mut rows: Vec<Row>) -> Vec<Row> {
    let weight = |r: &Row| r.1.iter().map(|c| c.1.abs()).fold(0.0_f32, f32::max);
    rows.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.0.cmp(&b.0)));
    rows
}

fn header(magic: &[u8; 8], bits: u32, tail: usize) -> Vec<u8> {
    let mut out = magic.to_vec();
    out.extend(bits.to_le_bytes());
    out.extend((tail as u32).to_le_bytes());
    out
}

/// The slot of a bucket, one at most, whose bits from `shift` up are `mark`; 0 where there is none.
#[inline]
fn find(bucket: &[u8; 4 * BUCKET], mark: u32, shift: u32) -> u32 {
    let mut found = 0;
    for slot in bucket.as_chunks::<4>().0 {
        let slot = u32::from_le_bytes(*slot);
        // No branch: whether a feature is known is as good as random, and a wrong guess costs more than four comparisons.
        found |= slot & u32::from(slot >> shift == mark).wrapping_neg();
    }
    found
}

/// Reads a byte of the bucket of each feature. Tables are larger than the nearest caches: when the loads stand close together the
/// memory answers many at a time, which it does not do between the steps of a search.
fn touch(buckets: &[[u8; 4 * BUCKET]], features: &[u64], bits: u32) {
    let bytes = features.iter().filter_map(|&hash| buckets.get(bucket_of(hash, bits)));
    std::hint::black_box(bytes.fold(0, |seen, bucket| seen ^ bucket[0]));
}

/// The free slot for a new feature of a bucket; none where the bucket is full or holds the same mark already.
fn free(bucket: &mut [u32], mark: u32, shift: u32) -> Option<&mut u32> {
    if bucket.iter().any(|s| *s != 0 && *s >> shift == mark) {
        return None;
    }
    bucket.iter_mut().find(|s| **s == 0)
}

/// Checks the header of a table; gives the number of bucket bits and the byte at which the slots end.
fn open(bytes: &[u8], magic: &[u8; 8], what: &'static str) -> Result<(u32, usize), ModelError> {
    let word = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let (Some(found), Some(bits), Some(tail)) = (bytes.get(..8), word(8), word(12)) else {
        return Err(ModelError::Truncated { what });
    };
    if found != magic {
        return Err(ModelError::Format { what });
    }
    if !(1..=28).contains(&bits) {
        return Err(ModelError::Format { what });
    }
    let end = HEADER + ((BUCKET * 4) << bits);
    if bytes.len() != end + tail as usize {
        return Err(ModelError::Truncated { what });
    }
    Ok((bits, end))
}

/// Features to lists of weighted classes.
#[derive(Debug, Clone)]
pub struct ClassTable {
    bytes: Cow<'static, [u8]>,
    bits: u32,
    end: usize,
}

impl ClassTable {
    const MAGIC: &'static [u8; 8] = b"evg-cls2";

    /// Opens the bytes that [`ClassTable::build`] wrote.
    pub fn open(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let (bits, end) = open(&bytes, Self::MAGIC, "class weights")?;
        Ok(Self { bytes, bits, end })
    }

    /// Quantises rows into a table of `2^bits` buckets of four slots; the lightest rows of a full bucket are dropped.
    pub fn build(rows: Vec<Row>, bits: u32) -> Vec<u8> {
        let top = top_of(&rows);
        let mut slots = vec![0_u32; BUCKET << bits];
        let mut tail = Vec::new();
        for (hash, cells) in by_weight(rows) {
            let mut row: Vec<(u8, i8)> = cells.iter().map(|c| (c.0, encode(c.1, top, 127.0))).collect();
            row.retain(|c| c.1.abs() > 3);
            row.sort_unstable();
            let first = bucket_of(hash, bits) * BUCKET;
            let Some(slot) = free(&mut slots[first..first + BUCKET], Self::mark(hash), ROW_BITS) else { continue };
            if row.is_empty() || tail.len() / 2 >= 1 << ROW_BITS {
                continue;
            }
            *slot = Self::mark(hash) << ROW_BITS | (tail.len() / 2) as u32;
            let last = row.len() - 1;
            for (i, (class, weight)) in row.into_iter().enumerate() {
                tail.push(if i == last { class | LAST } else { class });
                tail.push(weight as u8);
            }
        }
        let mut out = header(Self::MAGIC, bits, tail.len());
        out.extend(slots.iter().flat_map(|s| s.to_le_bytes()));
        out.extend(tail);
        out
    }

    /// The verified bits of a hash, never 0.
    fn mark(hash: u64) -> u32 {
        1 + (hash as u32) % ((1 << (32 - ROW_BITS)) - 1)
    }

    /// Adds the weights of each feature to the scores of its classes.
    pub fn add(&self, features: &[u64], scores: &mut [i32; 64]) {
        let (buckets, _) = self.bytes[HEADER..self.end].as_chunks::<16>();
        let (pairs, _) = self.bytes[self.end..].as_chunks::<2>();
        // All slots first, then all rows, for the same reason as in `touch`.
        for features in features.chunks(AT_ONCE) {
            touch(buckets, features, self.bits);
            let mut rows = [0_u32; AT_ONCE];
            let mut known = 0;
            for &hash in features {
                let slot = buckets.get(bucket_of(hash, self.bits)).map_or(0, |bucket| find(bucket, Self::mark(hash), ROW_BITS));
                rows[known] = slot & ((1 << ROW_BITS) - 1);
                known += usize::from(slot != 0);
            }
            let firsts = rows[..known].iter().filter_map(|&row| pairs.get(row as usize));
            std::hint::black_box(firsts.fold(0, |seen, pair| seen ^ pair[0]));
            for &row in &rows[..known] {
                for &[class, weight] in pairs.get(row as usize..).unwrap_or_default() {
                    scores[usize::from(class & 63)] += decode(i32::from(weight as i8));
                    if class & LAST != 0 {
                        break;
                    }
                }
            }
        }
    }
}

/// Features to the weights of the three transitions of the parser.
#[derive(Debug, Clone)]
pub struct ActionTable {
    bytes: Cow<'static, [u8]>,
    bits: u32,
}

impl ActionTable {
    const MAGIC: &'static [u8; 8] = b"evg-act2";

    /// Opens the bytes that [`ActionTable::build`] wrote.
    pub fn open(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let (bits, _) = open(&bytes, Self::MAGIC, "transition weights")?;
        Ok(Self { bytes, bits })
    }

    /// Quantises rows into a table of `2^bits` buckets of four slots; the lightest rows of a full bucket are dropped.
    pub fn build(rows: Vec<Row>, bits: u32) -> Vec<u8> {
        let top = top_of(&rows);
        let mut slots = vec![0_u32; BUCKET << bits];
        for (hash, cells) in by_weight(rows) {
            let mut codes = [0_i8; 3];
            for (class, weight) in cells {
                codes[usize::from(class)] = encode(weight, top, 63.0);
            }
            if codes.iter().all(|c| c.abs() < 2) {
                continue;
            }
            let first = bucket_of(hash, bits) * BUCKET;
            if let Some(slot) = free(&mut slots[first..first + BUCKET], Self::mark(hash), 21) {
                *slot = codes.iter().fold(Self::mark(hash), |s, c| s << 7 | (*c as u8 & 0x7f) as u32);
            }
        }
        let mut out = header(Self::MAGIC, bits, 0);
        out.extend(slots.iter().flat_map(|s| s.to_le_bytes()));
        out
    }

    /// The verified bits of a hash, never 0.
    fn mark(hash: u64) -> u32 {
        1 + (hash as u32) % 2047
    }

    /// The scores of the three transitions, given the features of the state.
    pub fn score(&self, features: &[u64]) -> [i32; 3] {
        let (buckets, _) = self.bytes[HEADER..].as_chunks::<16>();
        let mut scores = [0_i32; 3];
        touch(buckets, features, self.bits);
        for &hash in features {
            let Some(bucket) = buckets.get(bucket_of(hash, self.bits)) else { continue };
            let slot = find(bucket, Self::mark(hash), 21);
            // A slot that is not there weighs nothing. Each code is seven bits wide; shifting up and down again extends its sign.
            scores[0] += decode((slot << 11) as i32 >> 25);
            scores[1] += decode((slot << 18) as i32 >> 25);
            scores[2] += decode((slot << 25) as i32 >> 25);
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_come_back_in_proportion() {
        let rows = vec![(7 << 40, vec![(3, 2.0), (5, -1.0)]), (9 << 50, vec![(3, 0.5)])];
        let table = ClassTable::open(ClassTable::build(rows, 4).into()).expect("a table just built opens");
        let mut scores = [0; 64];
        table.add(&[7 << 40, 1 << 60], &mut scores);
        assert!(scores[3] > 0 && (scores[3] + 2 * scores[5]).abs() < scores[3] / 10, "{scores:?}");

        let rows = vec![(7 << 40, vec![(0, 2.0), (2, -1.0)])];
        let table = ActionTable::open(ActionTable::build(rows, 4).into()).expect("a table just built opens");
        let found = table.score(&[7 << 40]);
        assert!(found[0] > 0 && found[1] == 0 && found[2] < 0, "{found:?}");
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let good = ClassTable::build(vec![(1, vec![(0, 1.0)])], 3);
        assert!(matches!(ClassTable::open(good[..good.len() - 1].to_vec().into()), Err(ModelError::Truncated { .. })));
        assert!(matches!(ActionTable::open(good.into()), Err(ModelError::Format { .. })));
        assert!(matches!(ClassTable::open(Vec::new().into()), Err(ModelError::Truncated { .. })));
    }
}
