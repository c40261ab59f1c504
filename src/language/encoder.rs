//! What the networks know of each word: an embedding, summed from rows of tables, read together with its neighbours.

use super::error::ModelError;
use super::hash;
use super::network::{BLOCK, Layer, Reader, widely};

/// Values of the vector of a word.
pub(crate) const WIDTH: usize = BLOCK;
/// Convolutions, each over a word and its two neighbours.
pub(crate) const LAYERS: usize = 2;
/// Values that go into a convolution.
pub(crate) const WINDOW: usize = 3 * WIDTH;
/// Rows of the tables beside that of whole words: suffixes of 2, 3 and 4 characters, prefixes of 2 and 3, shape, spaces, tag.
pub(crate) const TABLES: [usize; 8] = [1024, 4096, 8192, 1024, 4096, 512, 4, 64];

/// The rows of a word: its hash, and its row in each of [`TABLES`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clue {
    pub word: u64,
    pub rows: [u16; TABLES.len()],
}

/// The clues of a sentence. Tags are positions in [`super::labels::TAGS`]; none where they are not known yet.
pub(crate) fn clues(forms: &[&str], glued: &[bool], tags: Option<&[u8]>) -> Vec<Clue> {
    let is_glued = |i: usize| u16::from(glued.get(i) == Some(&true));
    forms
        .iter()
        .enumerate()
        .map(|(i, form)| {
            let ending = |n: usize| hash::suffix(form, n);
            let beginning = |n: usize| hash::prefix(form, n);
            let shape = hash::mix(hash::shape(form), u64::from(i == 0));
            let hashes = [ending(2), ending(3), ending(4), beginning(2), beginning(3), shape];
            let mut rows = [0; TABLES.len()];
            for ((row, hash), size) in rows.iter_mut().zip(hashes).zip(TABLES) {
                *row = (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u16 & (size - 1) as u16;
            }
            rows[6] = is_glued(i) * 2 + is_glued(i + 1);
            rows[7] = tags.and_then(|t| t.get(i)).map_or(0, |t| u16::from(*t) + 1);
            Clue { word: hash::word(last_word(form)), rows }
        })
        .collect()
}

/// The last of the words of a name: it tells most of what the name is.
fn last_word(form: &str) -> &str {
    form.rsplit(' ').next().unwrap_or(form)
}

/// Words that a convolution reads together.
const TOGETHER: usize = 2;
/// Slots of the index of words, in powers of two.
const SLOT_BITS: u32 = 16;
/// Slots that a word may stand in.
const PROBES: usize = 8;

/// The vector of a word.
pub(crate) type Vector = [i16; WIDTH];

/// A trained encoder.
#[derive(Debug, Clone)]
pub(crate) struct Encoder {
    /// Some bits of the hash of each word, and its row; 0 where there is none.
    slots: Vec<u32>,
    words: &'static [[u8; WIDTH]],
    tables: [&'static [[u8; WIDTH]]; TABLES.len()],
    /// Places that the sum of the rows is shifted by.
    shift: u32,
    layers: Vec<Layer>,
}

fn first_slot(hash: u64) -> usize {
    (hash >> (64 - SLOT_BITS)) as usize
}

fn mark(hash: u64) -> u32 {
    (hash as u32) << 16
}

impl Encoder {
    pub(crate) fn read(reader: &mut Reader) -> Result<Self, ModelError> {
        let shift = (reader.number()? as u32).min(15);
        let rows = reader.number()?;
        let slots = reader.small_rows::<4>(1 << SLOT_BITS)?.iter().map(|s| u32::from_le_bytes(*s)).collect();
        let words = reader.small_rows(rows)?;
        let mut tables: [&[[u8; WIDTH]]; TABLES.len()] = [&[]; TABLES.len()];
        for (table, size) in tables.iter_mut().zip(TABLES) {
            *table = reader.small_rows(size)?;
        }
        let layers = (0..LAYERS).map(|_| reader.layer(WINDOW, 1)).collect::<Result<_, _>>()?;
        Ok(Self { slots, words, tables, shift, layers })
    }

    /// The index of the words with these hashes, each with its row (below 65,536).
    pub(crate) fn index(words: impl IntoIterator<Item = (u64, u32)>) -> Vec<u32> {
        let mut slots = vec![0; 1 << SLOT_BITS];
        let mut words: Vec<(u64, u32)> = words.into_iter().collect();
        words.sort_unstable_by_key(|w| w.1);
        for (hash, row) in words {
            let mut places = (0..PROBES).map(|i| (first_slot(hash) + i) % slots.len());
            // A word that finds no free slot is read as an unknown one.
            if let Some(free) = places.find(|&i| slots[i] == 0) {
                slots[free] = mark(hash) | row;
            }
        }
        slots
    }

    fn row(&self, hash: u64) -> usize {
        let places = (0..PROBES).map(|i| self.slots[(first_slot(hash) + i) % self.slots.len()]);
        let found = places.take_while(|s| *s != 0).find(|s| s & 0xFFFF_0000 == mark(hash));
        found.map_or(0, |s| (s & 0xFFFF) as usize)
    }

    /// The vectors of the words of a sentence, an empty one before the first and after the last.
    pub(crate) fn encode(&self, clues: &[Clue]) -> Vec<Vector> {
        // Not quite empty: what is cut off of a product is then as much as elsewhere.
        let mut vectors = vec![[1; WIDTH]; clues.len() + 2];
        let largest = i16::MAX >> self.shift;
        for (clue, out) in clues.iter().zip(&mut vectors[1..]) {
            let tables: [_; TABLES.len()] = std::array::from_fn(|i| self.tables[i].get(usize::from(clue.rows[i])));
            let sum = sum(self.words.get(self.row(clue.word)), &tables);
            *out = sum.map(|s| s.clamp(-largest, largest) << self.shift);
        }
        for layer in &self.layers {
            let before = vectors.clone();
            for (group, out) in vectors[1..=clues.len()].chunks_mut(TOGETHER).enumerate() {
                // The last group is filled up with its last word.
                let window = |i: usize| before[group * TOGETHER + i.min(out.len() - 1)..][..WINDOW / WIDTH].as_flattened();
                let found = layer.values(0, std::array::from_fn::<_, TOGETHER, _>(window));
                out.iter_mut().zip(&found).for_each(|(vector, values)| add_positive(vector, values));
            }
        }
        vectors
    }
}

/// The sum of the rows of a word.
#[inline(never)]
fn sum(word: Option<&[u8; WIDTH]>, tables: &[Option<&[u8; WIDTH]>]) -> Vector {
    widely(
        #[inline(always)]
        || {
            let mut sum = [0; WIDTH];
            for row in word.iter().chain(tables.iter().flatten()) {
                for (s, r) in sum.iter_mut().zip(*row) {
                    *s += i16::from(*r as i8);
                }
            }
            sum
        },
    )
}

/// Adds the outputs of a layer that are above zero.
fn add_positive(vector: &mut Vector, values: &Vector) {
    for (o, v) in vector.iter_mut().zip(values) {
        *o = o.saturating_add((*v).max(0));
    }
}
