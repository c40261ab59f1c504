//! The compiled form: one file of sections, numbers little-endian, read in place.
//!
//! Header: magic, then offset and length of each section. Strings are a `u32` length and UTF-8 bytes in one blob, lists a
//! `u32` count and that many `u32`. Entities and names are records of fixed width.

use super::map::Part;

/// The first bytes of every compiled lexicon; the last digit is the version of the layout.
pub const MAGIC: &[u8; 8] = b"EVILEX02";

/// The sections, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// fst: key to posting.
    Names,
    /// fst: identifier to entity.
    Ids,
    /// Lists of postings where a key has several.
    Postings,
    /// Name records.
    NameRecords,
    /// Entity records.
    Entities,
    /// String blob.
    Strings,
    /// Lists of cross-references (strings) and parents (entities).
    Lists,
    /// JSON: the vocabularies.
    Vocabularies,
    /// The vocabularies' terms, compressed, to build again from.
    Sources,
}

/// Number of sections.
pub const SECTIONS: usize = 9;
/// Bytes of the header.
pub const HEADER: usize = 8 + SECTIONS * 16;
/// Numbers in an entity record: id, label, category and vocabulary, cross-references, parents, first name, names.
pub const ENTITY: usize = 7;
/// Numbers in a name record: string, entity, scope and whether the shipped rows give it.
pub const NAME: usize = 3;

/// Reads number `i` of `part`; 0 where it ends before.
pub fn number(part: &Part, i: usize) -> u32 {
    let at = i.saturating_mul(4);
    part.as_ref().get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// Reads the string at `offset` of the blob; empty where it is damaged.
pub fn string(blob: &Part, offset: u32) -> &str {
    let bytes = blob.as_ref();
    let at = offset as usize;
    let Some(length) = bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes) else { return "" };
    bytes.get(at + 4..at + 4 + length as usize).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
}

/// Reads the list that begins at number `at`.
pub fn list(part: &Part, at: u32) -> impl Iterator<Item = u32> + '_ {
    let at = at as usize;
    let available = (part.as_ref().len() / 4).saturating_sub(at + 1);
    let count = (number(part, at) as usize).min(available);
    (0..count).map(move |i| number(part, at + 1 + i))
}

/// Appends numbers as bytes.
pub fn push(out: &mut Vec<u8>, numbers: &[u32]) {
    for n in numbers {
        out.extend_from_slice(&n.to_le_bytes());
    }
}

/// Writes the file from its sections.
pub fn assemble(sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let total: usize = HEADER + sections.iter().map(|s| s.len().next_multiple_of(8)).sum::<usize>();
    let mut out = Vec::with_capacity(total);
    out.extend_from_slice(MAGIC);
    let mut at = HEADER;
    for s in sections {
        out.extend_from_slice(&(at as u64).to_le_bytes());
        out.extend_from_slice(&(s.len() as u64).to_le_bytes());
        at += s.len().next_multiple_of(8);
    }
    for s in sections {
        out.extend_from_slice(s);
        out.resize(out.len().next_multiple_of(8), 0);
    }
    out
}
