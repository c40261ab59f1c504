//! What a run of the training keeps for the next: vectors of words, and the tags that the training text was given.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use evigraph::language::train::{Vectors, train_vectors};

/// Times that a word must stand in the text to have a vector.
const LEAST: usize = 5;
const PASSES: usize = 6;

/// The vectors kept in a folder by an earlier run, or new ones.
pub fn vectors(keep: Option<&Path>, text: &Path) -> Result<Vectors> {
    let file = keep.map(|k| k.join("vectors.bin"));
    if let Some(kept) = file.as_ref().and_then(|f| fs::read(f).ok()) {
        let (words, _) = kept.as_chunks::<4>();
        let count = u32::from_le_bytes(words[0]) as usize;
        let hashes = &words[1..][..2 * count];
        let hash = |i: usize| u64::from(u32::from_le_bytes(hashes[2 * i])) | u64::from(u32::from_le_bytes(hashes[2 * i + 1])) << 32;
        let rows = (0..count).map(|i| (hash(i), i as u32 + 1)).collect();
        return Ok(Vectors { rows, values: words[1 + 2 * count..].iter().map(|w| f32::from_le_bytes(*w)).collect() });
    }
    let mut files: Vec<_> =
        fs::read_dir(text).with_context(|| format!("cannot list {}", text.display()))?.flatten().map(|e| e.path()).collect();
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|f| fs::read_to_string(f).ok()).collect();
    let vectors = train_vectors(&texts, LEAST, PASSES);
    if let Some(file) = file {
        let mut rows: Vec<(u32, u64)> = vectors.rows.iter().map(|(h, r)| (*r, *h)).collect();
        rows.sort_unstable();
        let mut out = (rows.len() as u32).to_le_bytes().to_vec();
        out.extend(rows.iter().flat_map(|r| r.1.to_le_bytes()));
        out.extend(vectors.values.iter().flat_map(|v| v.to_le_bytes()));
        fs::write(file, out)?;
    }
    Ok(vectors)
}

/// The tags kept in a folder by an earlier run, or new ones.
pub fn tags(keep: Option<&Path>, make: impl Fn() -> Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>> {
    let file = keep.map(|k| k.join("tags.txt"));
    if let Some(kept) = file.as_ref().and_then(|f| fs::read_to_string(f).ok()) {
        return Ok(kept.lines().map(|l| l.split(' ').filter_map(|t| t.parse().ok()).collect()).collect());
    }
    let tags = make();
    if let Some(file) = file {
        let lines: Vec<String> = tags.iter().map(|s| s.iter().map(u8::to_string).collect::<Vec<_>>().join(" ")).collect();
        fs::write(file, lines.join("\n"))?;
    }
    Ok(tags)
}
