//! Builds a document piece by piece: readers push headings, blocks, text and markers, and spans come out right.

use super::{Block, BlockKind, Citation, Document, Format, Section};
use crate::text::Span;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Brings text to the form that every position refers to: NFC, no soft hyphens or zero-width characters,
/// typographic ligatures spelt out, every kind of space a plain one, and runs of white space folded to one.
///
/// ```
/// assert_eq!(evigraph::document::normalise("e\u{301}\u{a0}\u{fb01}bro\u{ad}blast\n cells"), "é fibroblast cells");
/// ```
pub fn normalise(text: &str) -> String {
    // Most text needs no change, and composing is the slowest step of reading.
    if is_plain(text) {
        text.to_owned()
    } else if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        fold(text.chars(), text.len())
    } else {
        fold(text.nfc(), text.len())
    }
}

/// Whether `text` is printable ASCII without runs of spaces.
fn is_plain(text: &str) -> bool {
    let mut before = 0;
    text.bytes().all(|b| {
        let plain = matches!(b, b' '..=b'~') && !(b == b' ' && before == b' ');
        before = b;
        plain
    })
}

fn fold(text: impl Iterator<Item = char>, length: usize) -> String {
    let mut out = String::with_capacity(length);
    let mut space = false;
    for c in text {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if let Some(spelt) = normalise_char(c) {
            if space {
                out.push(' ');
                space = false;
            }
            match spelt {
                Ok(c) => out.push(c),
                Err(s) => out.push_str(s),
            }
        }
    }
    if space {
        out.push(' ');
    }
    out
}

/// What one character becomes: nothing, itself, or the letters of a ligature.
pub(crate) fn normalise_char(c: char) -> Option<Result<char, &'static str>> {
    Some(match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{0}' => return None,
        '\u{fb00}' => Err("ff"),
        '\u{fb01}' => Err("fi"),
        '\u{fb02}' => Err("fl"),
        '\u{fb03}' => Err("ffi"),
        '\u{fb04}' => Err("ffl"),
        '\u{2010}' | '\u{2011}' => Ok('-'),
        '\u{b5}' => Ok('μ'),
        c if c.is_control() && c != '\n' => return None,
        c => Ok(c),
    })
}

/// Builds a [`Document`] in reading order.
///
/// The text is laid out one heading or block a line. White space is folded, and a block without text leaves no trace.
#[derive(Debug)]
pub struct DocumentBuilder {
    document: Document,
    headings: Vec<(u8, String)>,
    open: Option<OpenBlock>,
}

#[derive(Debug)]
struct OpenBlock {
    kind: BlockKind,
    start: usize,
    lead_in: Option<Span>,
    headers: Option<(Span, Span)>,
    citations: usize,
}

impl DocumentBuilder {
    /// Starts a document.
    pub fn new(source: &str, format: Format) -> Self {
        Self { document: Document::new(source, format), headings: Vec::new(), open: None }
    }

    /// The document so far, for title, identifiers and references.
    pub fn document(&mut self) -> &mut Document {
        &mut self.document
    }

    /// The normalised text so far.
    pub fn text(&self) -> &str {
        &self.document.text
    }

    /// Lays out a line that belongs to no block, such as an entry of the reference list; an open block ends.
    pub fn line(&mut self, text: &str) -> Span {
        self.end_block();
        if !self.document.text.is_empty() {
            self.document.text.push('\n');
        }
        let start = self.document.text.len();
        self.document.text.push_str(normalise(text).trim());
        Span::new(start, self.document.text.len())
    }

    /// Sets the title and lays it out as the first line.
    pub fn title(&mut self, text: &str) {
        let span = self.line(text);
        self.document.title = Some(span.of(&self.document.text).to_owned());
    }

    /// Opens a section at `level` (1 outermost); headings of that level and below close.
    pub fn heading(&mut self, level: u8, text: &str) {
        if normalise(text).trim().is_empty() {
            return;
        }
        let span = self.line(text);
        let text = span.of(&self.document.text).to_owned();
        self.headings.retain(|h| h.0 < level);
        self.headings.push((level, text));
        let heading = self.headings.iter().map(|h| h.1.clone()).collect();
        self.document.sections.push(Section { heading, heading_span: Some(span), blocks: Vec::new() });
    }

    /// Closes headings of `level` and deeper, as the end of an XML section does; blocks that follow belong to the section around it.
    pub fn close_heading(&mut self, level: u8) {
        self.end_block();
        let before = self.headings.len();
        self.headings.retain(|h| h.0 < level);
        if self.headings.len() != before {
            let heading = self.headings.iter().map(|h| h.1.clone()).collect();
            self.document.sections.push(Section { heading, heading_span: None, blocks: Vec::new() });
        }
    }

    /// Starts a block; an open one ends.
    pub fn start_block(&mut self, kind: BlockKind) {
        self.end_block();
        let start = self.document.text.len() + usize::from(!self.document.text.is_empty());
        self.open = Some(OpenBlock { kind, start, lead_in: None, headers: None, citations: self.document.citations.len() });
    }

    /// Gives the open list item the line that introduces its list.
    pub fn lead_in(&mut self, span: Span) {
        if let Some(open) = &mut self.open {
            open.lead_in = Some(span);
        }
    }

    /// Gives the open table cell its row's and its column's header.
    pub fn headers(&mut self, row: Span, column: Span) {
        if let Some(open) = &mut self.open {
            open.headers = Some((row, column));
        }
    }

    /// Whether a block is open and holds text.
    pub fn has_text(&self) -> bool {
        self.open.as_ref().is_some_and(|open| self.document.text.len() > open.start)
    }

    /// Adds text to the open block, or opens a paragraph.
    pub fn push(&mut self, text: &str) {
        if self.open.is_none() {
            if text.trim().is_empty() {
                return;
            }
            self.start_block(BlockKind::Paragraph);
        }
        let start = self.open.as_ref().map_or(0, |o| o.start);
        let out = &mut self.document.text;
        let text = normalise(text);
        if out.len() < start {
            // The separator is written with the block's first character, so that empty blocks leave nothing.
            let text = text.trim_start();
            if text.is_empty() {
                return;
            }
            out.push('\n');
            out.push_str(text);
        } else if out.len() == start || out.ends_with(' ') {
            out.push_str(text.trim_start());
        } else {
            out.push_str(&text);
        }
    }

    /// Adds a citation marker with the keys that it names. `raw` may be empty (a marker that the format keeps out of the text).
    pub fn cite(&mut self, raw: &str, keys: Vec<String>) {
        let raw = normalise(raw);
        self.push(&raw);
        let end = self.document.text.len();
        let start = end - raw.trim_start().len().min(end);
        if !keys.is_empty() && self.open.is_some() {
            self.document.citations.push(Citation { span: Span::new(start, end), keys });
        }
    }

    /// Ends the open block and returns its span; `None` where it held no text.
    pub fn end_block(&mut self) -> Option<Span> {
        let open = self.open.take()?;
        let document = &mut self.document;
        if document.text.len() <= open.start {
            document.citations.truncate(open.citations);
            return None;
        }
        let trimmed = document.text.trim_end().len();
        document.text.truncate(trimmed);
        let span = Span::new(open.start, trimmed);
        for citation in &mut document.citations[open.citations..] {
            citation.span.end = citation.span.end.min(trimmed);
            citation.span.start = citation.span.start.min(citation.span.end);
        }
        if document.sections.is_empty() {
            document.sections.push(Section::default());
        }
        if let Some(section) = document.sections.last_mut() {
            section.blocks.push(Block { kind: open.kind, span, lead_in: open.lead_in, headers: open.headers });
        }
        Some(span)
    }

    /// The finished document; sections without heading and blocks are dropped.
    pub fn finish(mut self) -> Document {
        self.end_block();
        self.document.sections.retain(|s| !s.blocks.is_empty() || s.heading_span.is_some());
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_markers_lie_where_they_say() {
        let mut b = DocumentBuilder::new("a.html", Format::Html);
        b.title("Hip  care");
        b.heading(1, "Hip Osteoarthritis");
        b.start_block(BlockKind::Paragraph);
        b.push("Cells injected\n");
        b.push(" into the hip:");
        let lead = b.end_block();
        b.start_block(BlockKind::ListItem);
        b.lead_in(lead.unwrap_or_default());
        b.push("suppress IL-6 ");
        b.cite("[1,2]", vec!["1".into(), "2".into()]);
        b.push(" . ");
        b.start_block(BlockKind::Paragraph);
        b.push("  ");
        let d = b.finish();
        assert_eq!(d.text, "Hip care\nHip Osteoarthritis\nCells injected into the hip:\nsuppress IL-6 [1,2] .");
        let blocks = &d.sections[0].blocks;
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[1].lead_in.map(|s| s.of(&d.text)), Some("Cells injected into the hip:"));
        assert_eq!(d.citations[0].span.of(&d.text), "[1,2]");
        assert_eq!(d.sections[0].heading, ["Hip Osteoarthritis"]);
    }

    #[test]
    fn a_section_that_closes_gives_back_the_one_around_it() {
        let mut b = DocumentBuilder::new("a.xml", Format::Jats);
        b.heading(1, "Results");
        b.heading(2, "Pain");
        b.push("Fell.");
        b.close_heading(2);
        b.push("Overall.");
        let d = b.finish();
        assert_eq!(d.sections.last().map(|s| s.heading.clone()), Some(vec!["Results".to_owned()]));
    }
}
