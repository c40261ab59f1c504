//! Positions in text: byte spans, and the one place that converts them to code points, UTF-16 units, lines and columns.

use regex::Regex;
use serde::{Deserialize, Serialize};

/// Compiles a constant pattern. Digits are those of ASCII: with those of all scripts an automaton is several times as large, and begins as much later.
pub(crate) fn pattern(source: &str) -> Regex {
    Regex::new(&source.replace(r"\d", "[0-9]")).expect("the patterns are constants, and the tests compile them")
}

/// A half-open range of bytes of a document's normalised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, and without, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds nothing.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies wholly inside this span.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The text that the span covers.
    ///
    /// # Panics
    /// When the span does not lie on character boundaries of `text`.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// The span without the white space at either end.
    pub fn trim(self, text: &str) -> Self {
        let s = self.of(text);
        let start = self.start + (s.len() - s.trim_start().len());
        Self::new(start, start + s.trim().len())
    }
}

/// How far apart the checkpoints of a [`TextIndex`] lie, in bytes.
const STRIDE: usize = 256;

/// Converts byte offsets of one text to code points, UTF-16 units, and lines and columns.
///
/// Built once per text in linear time; each conversion then reads at most a few hundred bytes.
///
/// ```
/// use evigraph::text::TextIndex;
/// let index = TextIndex::new("α2β1 binds\n𝛼");
/// assert_eq!(index.code_point(2), 1);
/// assert_eq!(index.utf16(13 + 4), 11 + 2);
/// assert_eq!(index.line_column(13), (2, 1));
/// ```
#[derive(Debug, Clone)]
pub struct TextIndex<'a> {
    text: &'a str,
    /// For each stride: (byte offset on a boundary, code points before it, UTF-16 units before it).
    checkpoints: Vec<(usize, usize, usize)>,
    /// Byte offset at which each line starts.
    lines: Vec<usize>,
}

impl<'a> TextIndex<'a> {
    /// Indexes `text`.
    pub fn new(text: &'a str) -> Self {
        let mut checkpoints = vec![(0, 0, 0)];
        let mut lines = vec![0];
        let (mut chars, mut units, mut next) = (0, 0, STRIDE);
        for (at, c) in text.char_indices() {
            if at >= next {
                checkpoints.push((at, chars, units));
                next = at + STRIDE;
            }
            chars += 1;
            units += c.len_utf16();
            if c == '\n' {
                lines.push(at + 1);
            }
        }
        Self { text, checkpoints, lines }
    }

    fn counts(&self, byte: usize) -> (usize, usize) {
        let byte = byte.min(self.text.len());
        let i = self.checkpoints.partition_point(|c| c.0 <= byte) - 1;
        let (at, mut chars, mut units) = self.checkpoints[i];
        for c in self.text[at..byte].chars() {
            chars += 1;
            units += c.len_utf16();
        }
        (chars, units)
    }

    /// Code points before `byte`, which must lie on a character boundary.
    pub fn code_point(&self, byte: usize) -> usize {
        self.counts(byte).0
    }

    /// UTF-16 units before `byte`, which must lie on a character boundary.
    pub fn utf16(&self, byte: usize) -> usize {
        self.counts(byte).1
    }

    /// Line and column of `byte`, both counted from 1, columns in code points.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start <= byte);
        let start = self.lines[line - 1];
        (line, self.code_point(byte) - self.code_point(start) + 1)
    }

    /// The byte offset of the code point number `point`; the length of the text where there are fewer.
    pub fn byte(&self, point: usize) -> usize {
        let i = self.checkpoints.partition_point(|c| c.1 <= point) - 1;
        let (at, chars, _) = self.checkpoints[i];
        self.text[at..].char_indices().nth(point - chars).map_or(self.text.len(), |(o, _)| at + o)
    }
}

/// Where positions of a normalised text stood in the input it came from.
///
/// Kept for plain text and records, whose mentions are told in code points of the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// (byte of the normalised text, code point of the input) where a run of unchanged characters begins, in rising order.
    pub runs: Vec<(usize, usize)>,
}

impl Origin {
    /// The code point of the input at which byte `byte` of the normalised `text` stood.
    pub fn code_point(&self, text: &str, byte: usize) -> usize {
        let i = self.runs.partition_point(|r| r.0 <= byte);
        if i == 0 {
            return text[..byte].chars().count();
        }
        let (at, point) = self.runs[i - 1];
        point + text[at..byte].chars().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn conversions_agree_with_counting(text in "[a-z αβγ\u{301}𝛼𝛽\n]{0,600}") {
            let index = TextIndex::new(&text);
            for (n, (at, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(index.code_point(at), n);
                prop_assert_eq!(index.byte(n), at);
                prop_assert_eq!(index.utf16(at), text[..at].encode_utf16().count());
                let before = &text[..at];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
                prop_assert_eq!(index.line_column(at), (line, column));
            }
            prop_assert_eq!(index.byte(text.chars().count()), text.len());
        }
    }

    #[test]
    fn spans_join_and_trim() {
        let text = "  IL-6 and PGE2 ";
        assert_eq!(Span::new(0, 16).trim(text).of(text), "IL-6 and PGE2");
        assert_eq!(Span::new(2, 6).join(Span::new(11, 15)), Span::new(2, 15));
        assert!(Span::new(0, 4).overlaps(Span::new(3, 5)) && !Span::new(0, 4).overlaps(Span::new(4, 5)));
    }
}
