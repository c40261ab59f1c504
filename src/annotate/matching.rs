//! Walks the lexicon's index along the pieces of a text and reports every name that stands there.

use super::Lexicon;
use super::normalise::{Gap, Pieces};

/// A name found at pieces `from..to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// First piece.
    pub from: usize,
    /// One past the last piece.
    pub to: usize,
    /// Bytes of the first piece that stand before the name ("rh" of "rhBMP-2").
    pub skipped: usize,
    /// Value of the key in the index.
    pub value: u64,
}

/// Prefixes of species and preparation that are written onto a symbol ("hTERT", "rhBMP-2").
const PREFIXES: [&str; 5] = ["rh", "h", "m", "r", "p"];

/// Every name of `lexicon` in `pieces`, by first piece and then by length.
pub fn find(lexicon: &Lexicon, text: &str, pieces: &Pieces) -> Vec<Found> {
    let mut found = Vec::new();
    for from in 0..pieces.list.len() {
        let piece = pieces.list[from];
        if piece.gap == Gap::None && from > 0 && !starts_inside(pieces, from) {
            continue;
        }
        let before = found.len();
        walk(lexicon, pieces, from, 0, &mut found);
        if found.len() == before
            && let Some(skip) = text.get(piece.start..piece.end).and_then(prefix)
        {
            walk(lexicon, pieces, from, skip, &mut found);
        }
    }
    found
}

/// A name may begin after a digit or Greek letter that is glued to it only where letters follow ("2′-deoxy", "αSMA").
fn starts_inside(pieces: &Pieces, from: usize) -> bool {
    let (before, piece) = (pieces.list[from - 1], pieces.list[from]);
    !piece.digit && before.gap != Gap::None && !before.digit && before.end - before.start <= 2 && piece.end - piece.start >= 3
}

fn prefix(word: &str) -> Option<usize> {
    let len = PREFIXES.iter().find(|p| word.starts_with(**p))?.len();
    let rest = word.get(len..)?;
    (rest.len() >= 2 && rest.chars().all(char::is_uppercase)).then_some(len)
}

fn walk(lexicon: &Lexicon, pieces: &Pieces, from: usize, skip: usize, found: &mut Vec<Found>) {
    let fst = lexicon.index();
    let mut node = fst.root();
    let mut output = fst::raw::Output::zero();
    let mut last_digit = false;
    for (i, piece) in pieces.list.iter().enumerate().skip(from) {
        if i > from && piece.gap == Gap::Break {
            return;
        }
        let norm = pieces.norm(i).as_bytes();
        let norm = if i == from { norm.get(skip..).unwrap_or(&[]) } else { norm };
        let separator: &[u8] = if last_digit && norm.first().is_some_and(u8::is_ascii_digit) { b"_" } else { b"" };
        for &byte in separator.iter().chain(norm) {
            let Some(t) = node.find_input(byte) else { return };
            let t = node.transition(t);
            output = output.cat(t.out);
            node = fst.node(t.addr);
        }
        last_digit = norm.last().is_some_and(u8::is_ascii_digit);
        if node.is_final() && ends(pieces, i + 1) {
            found.push(Found { from, to: i + 1, skipped: skip, value: output.cat(node.final_output()).value() });
        }
    }
}

/// Whether a name may end before piece `next`: not where the word goes on, save for a plural "s".
fn ends(pieces: &Pieces, next: usize) -> bool {
    match pieces.list.get(next) {
        Some(p) if p.gap == Gap::None => pieces.norm(next) == "s",
        _ => true,
    }
}
