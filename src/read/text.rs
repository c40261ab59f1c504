//! Plain text: title, dates, headings, paragraphs, lists and the reference list, told by the shape of the lines.

use super::layout::{self, Shape};
use super::{ReadError, citation, date, furniture, reference_list, structured};
use crate::document::{Block, BlockKind, Document, Format, Section, normalise_char};
use crate::text::{Origin, Span};
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc_quick};

/// Reads plain text. The document's text is the input laid out as it stands; its origin leads back to the input's code points.
pub(crate) fn read(source: &str, content: &str) -> Result<Document, ReadError> {
    let (text, origin) = lay_out(content);
    if text.trim().is_empty() {
        return Err(ReadError::Empty { source_name: source.to_owned() });
    }
    let mut document = Document::new(source, Format::Text);
    document.text = text;
    document.origin = Some(origin);
    Reader::new(&mut document).read();
    structured::split(&mut document);
    citation::mark(&mut document);
    Ok(document)
}

/// Normalises character by character, keeping lines, and notes where the characters stood.
fn lay_out(content: &str) -> (String, Origin) {
    let composed = is_nfc_quick(content.chars()) == IsNormalized::Yes;
    let mut text = String::with_capacity(content.len());
    let mut runs = vec![(0, 0)];
    let mut chars = content.chars().enumerate().peekable();
    let mut cluster = String::new();
    // Set where the next character does not follow on from the one before it.
    let mut broken = false;
    while let Some((point, c)) = chars.next() {
        cluster.clear();
        cluster.push(c);
        if !composed {
            while let Some((_, mark)) = chars.next_if(|&(_, next)| canonical_combining_class(next) != 0) {
                cluster.push(mark);
            }
        }
        let crlf = c == '\r' && chars.peek().is_some_and(|&(_, next)| next == '\n');
        let before = text.len();
        if broken {
            runs.push((before, point));
            broken = false;
        }
        if crlf {
            broken = true;
        } else if c == '\n' || c == '\r' || c == '\u{c}' || c == '\u{2028}' || c == '\u{2029}' {
            text.push('\n');
        } else if c.is_whitespace() {
            text.push(' ');
        } else if composed || cluster.len() == c.len_utf8() {
            match normalise_char(c) {
                None => broken = true,
                Some(Ok(c)) => text.push(c),
                Some(Err(letters)) => {
                    text.push_str(letters);
                    broken = true;
                }
            }
        } else {
            text.extend(cluster.nfc());
            broken = true;
        }
    }
    (text, Origin { runs })
}

/// A line that holds something.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// Without the white space at its ends.
    span: Span,
    /// Spaces before it.
    indent: usize,
    /// Whether a blank line, or the start of the text, stands before it.
    blank_before: bool,
}

/// A list item that deeper ones may hang on.
#[derive(Debug, Clone, Copy)]
struct Item {
    indent: usize,
    span: Span,
    lead_in: Option<Span>,
}

struct Reader<'d> {
    document: &'d mut Document,
    lines: Vec<Line>,
    /// Whether lines are paragraphs of their own, as in text that is not wrapped.
    unwrapped: bool,
    headings: Vec<(u8, String)>,
    /// The list numbers that the last numbered item had, while its list may go on.
    list_number: Option<u32>,
    /// The items that a deeper bullet may belong to, by rising indent.
    items: Vec<Item>,
    /// Whether the line before was a heading.
    after_heading: bool,
}

/// Level of headings that end in a colon: they lie inside numbered and plain ones.
const INNER: u8 = 9;

impl<'d> Reader<'d> {
    fn new(document: &'d mut Document) -> Self {
        let mut lines = Vec::new();
        let (mut at, mut blank_before) = (0, true);
        for line in document.text.split('\n') {
            let span = Span::new(at, at + line.len());
            at += line.len() + 1;
            let trimmed = span.trim(&document.text);
            if trimmed.is_empty() {
                blank_before = true;
            } else {
                lines.push(Line { span: trimmed, indent: trimmed.start - span.start, blank_before });
                blank_before = false;
            }
        }
        let mut lengths: Vec<usize> = lines.iter().map(|l| l.span.len()).collect();
        lengths.sort_unstable();
        let unwrapped = lengths.get(lengths.len() * 9 / 10).is_some_and(|&length| length > 130);
        Self { document, lines, unwrapped, headings: Vec::new(), list_number: None, items: Vec::new(), after_heading: false }
    }

    fn line(&self, i: usize) -> &str {
        self.lines.get(i).map_or("", |l| l.span.of(&self.document.text))
    }

    fn read(mut self) {
        let mut i = self.front_matter();
        while i < self.lines.len() {
            i = self.step(i);
        }
        self.document.sections.retain(|s| !s.blocks.is_empty() || s.heading_span.is_some());
    }

    /// Title, date and byline; returns the first line after the title.
    fn front_matter(&mut self) -> usize {
        let title = self.line(0);
        let ends = title.ends_with(['.', ';', ',', ':']);
        let front = |i: usize| date::find(self.line(i)).is_some() || layout::byline(self.line(i)).is_some();
        let alone = self.lines.len() == 1
            || title.len() > 300
            || layout::shape(title) != Shape::Plain
            || reference_list::is_reference_heading(title);
        let introduced = self.line(1).len() < 100 && (front(1) || layout::names_a_section(self.line(1)) && !self.line(1).ends_with('.'));
        if alone || ends && !introduced {
            return 0;
        }
        self.document.title = Some(title.trim_start_matches('#').split_whitespace().collect::<Vec<_>>().join(" "));
        1
    }

    /// Reads the block, heading or list that begins at line `i`; returns the line after it.
    fn step(&mut self, i: usize) -> usize {
        let line = self.line(i).to_owned();
        if furniture::take(self.document, &line, i <= 12) {
            self.items.clear();
            return i + 1;
        }
        if reference_list::is_reference_heading(self.line(i)) {
            let end = self.references(i);
            if end > i + 1 {
                return end;
            }
        }
        if let Some((level, text)) = self.heading(i) {
            self.open(level, Span::new(self.lines[i].span.start + text, self.lines[i].span.end), self.lines[i].span);
            return i + 1;
        }
        self.block(i)
    }

    /// Level of the heading on line `i`, if it is one, and where its text begins after its number.
    fn heading(&self, i: usize) -> Option<(u8, usize)> {
        let line = self.line(i);
        let last = i + 1 >= self.lines.len();
        if line.len() > 160 || last {
            return None;
        }
        let colon = line.ends_with(':');
        let words = line.split_whitespace().count();
        let next_follows = !self.lines[i + 1].blank_before;
        let next_shape = layout::shape(self.line(i + 1));
        match layout::shape(line) {
            Shape::Number { value, depth, text } => {
                let rest = &line[text..];
                let in_list =
                    depth == 1 && (self.list_number == value.checked_sub(1) && self.list_number.is_some() || self.numbered_next(i, value));
                let sound = words <= 20 && starts_upper(rest) && !rest.ends_with(['.', ';', ',']) && !citation::ends_with_marker(rest);
                (sound && !in_list).then_some((depth, text))
            }
            Shape::Plain if colon => {
                // A line that introduces a list right below a heading is the list's lead-in.
                let before_list = matches!(next_shape, Shape::Bullet(_) | Shape::Item(_) | Shape::Number { .. });
                if before_list && self.after_heading && !self.lines[i].blank_before {
                    return None;
                }
                let named = layout::names_a_section(line) && words <= 6;
                let titled = layout::is_title_case(line) && words <= 8;
                let opens = !before_list && next_follows && words <= 6 && starts_upper(line);
                (titled || named || opens).then_some((INNER, 0))
            }
            Shape::Plain => {
                let stands_out = self.lines[i].blank_before || self.after_heading;
                let sound = words <= 14
                    && stands_out
                    && starts_upper(line)
                    && line.chars().any(char::is_alphabetic)
                    && !line.ends_with(['.', ',', ';'])
                    && !citation::ends_with_marker(line);
                let known = layout::names_a_section(line) && words <= 6 || layout::is_upper_case(line);
                let long_next = self.line(i + 1).len() > line.len() && words <= 8 && layout::is_title_case(line);
                // Before the first section, a line of its own is a subtitle rather than a heading.
                let subtitle = i == 1 && self.document.title.is_some() && !known;
                (sound && !subtitle && (known || !next_follows || long_next)).then_some((1, 0))
            }
            _ => None,
        }
    }

    /// Whether the next line that begins a paragraph is number `value + 1` of the same list.
    fn numbered_next(&self, i: usize, value: u32) -> bool {
        let next =
            (i + 1..self.lines.len().min(i + 12)).find(|&j| self.lines[j].blank_before || layout::shape(self.line(j)) != Shape::Plain);
        next.is_some_and(|j| matches!(layout::shape(self.line(j)), Shape::Number { value: v, depth: 1, .. } if v == value + 1))
    }

    fn open(&mut self, level: u8, text: Span, span: Span) {
        let heading: Vec<&str> = text.of(&self.document.text).trim_end_matches(':').split_whitespace().collect();
        self.headings.retain(|h| h.0 < level);
        self.headings.push((level, heading.join(" ")));
        let heading = self.headings.iter().map(|h| h.1.clone()).collect();
        self.document.sections.push(Section { heading, heading_span: Some(span), blocks: Vec::new() });
        self.after_heading = true;
        self.list_number = None;
        self.items.clear();
    }

    /// Reads the paragraph or list item that begins at line `i`.
    fn block(&mut self, i: usize) -> usize {
        let first = self.lines[i];
        let shape = layout::shape(self.line(i));
        let marker = match shape {
            Shape::Bullet(text) | Shape::Item(text) => Some(text),
            Shape::Number { text, value, depth: 1 } if self.list_number == value.checked_sub(1) || self.numbered_next(i, value) => {
                self.list_number = Some(value);
                Some(text)
            }
            _ => None,
        };
        let mut end = i + 1;
        while end < self.lines.len() && self.continues(i, end, marker.is_some()) {
            end += 1;
        }
        let start = first.span.start + marker.unwrap_or(0);
        let span = Span::new(start, self.lines[end - 1].span.end).trim(&self.document.text);
        let mut lead_in = None;
        if marker.is_some() {
            lead_in = self.lead_in(first.indent);
            self.items.push(Item { indent: first.indent, span, lead_in });
        } else {
            self.items.clear();
            self.list_number = None;
        }
        self.after_heading = false;
        if self.document.sections.is_empty() {
            self.document.sections.push(Section::default());
        }
        if let Some(section) = self.document.sections.last_mut().filter(|_| !span.is_empty()) {
            let kind = if marker.is_some() { BlockKind::ListItem } else { BlockKind::Paragraph };
            section.blocks.push(Block { kind, span, lead_in, headers: None });
        }
        end
    }

    /// Whether line `j` goes on with the block that began at line `i`.
    fn continues(&self, i: usize, j: usize, item: bool) -> bool {
        let (line, before) = (self.line(j), self.line(j - 1));
        if self.lines[j].blank_before
            || layout::shape(line) != Shape::Plain && (item || !matches!(layout::shape(line), Shape::Number { .. }))
        {
            return false;
        }
        if reference_list::is_reference_heading(line) || layout::is_furniture(line) {
            return false;
        }
        if before.ends_with(':') && (layout::names_a_section(before) || line.len() > before.len()) && !item {
            return false;
        }
        let stopped = before.ends_with(['.', '!', '?', ':', ']']);
        if item && self.lines[j].indent <= self.lines[i].indent && stopped && starts_upper(line) {
            return false;
        }
        if self.unwrapped { !stopped && !starts_upper(line) } else { !(stopped && before.len() < 60 && starts_upper(line)) }
    }

    /// The line that introduces an item at this indent: the item around it, or the paragraph before its list.
    fn lead_in(&mut self, indent: usize) -> Option<Span> {
        let mut sibling = None;
        while let Some(item) = self.items.pop_if(|item| item.indent >= indent) {
            sibling = Some(item.lead_in);
        }
        let text = &self.document.text;
        match (sibling, self.items.last()) {
            (Some(lead_in), _) => lead_in,
            (None, Some(parent)) => introduces(parent.span.of(text)).then_some(parent.span),
            (None, None) => introduction(text, self.document.sections.last()?.blocks.last()?.span),
        }
    }

    /// Reads the reference list under the heading on line `i`; returns the line after it, `i + 1` where no entry follows.
    fn references(&mut self, i: usize) -> usize {
        let lines: Vec<(Span, bool)> = self.lines[i + 1..].iter().map(|l| (l.span, l.blank_before)).collect();
        let (mut entries, taken) = reference_list::split(&self.document.text, &lines);
        entries.retain(|e| !layout::is_furniture(e.span.of(&self.document.text)) || e.key.is_some());
        let numbered = citation::has_numeric_markers(&self.document.text[..self.lines[i].span.start]);
        reference_list::add(self.document, &entries, numbered);
        self.headings.clear();
        if taken > 0 {
            self.document.sections.push(Section::default());
        }
        i + 1 + taken
    }
}

fn starts_upper(line: &str) -> bool {
    line.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Whether an item introduces the items inside it: it ends in a colon, or without a stop.
pub(crate) fn introduces(item: &str) -> bool {
    !item.ends_with(['.', ';', ',', ']', ')', '!', '?'])
}

/// The sentence of a paragraph that introduces what follows it: its last, where it ends in a colon.
pub(crate) fn introduction(text: &str, paragraph: Span) -> Option<Span> {
    let words = paragraph.of(text);
    if !words.ends_with([':', '：']) {
        return None;
    }
    let start = words.rmatch_indices(['.', '!', '?']).map(|(at, _)| at + 1).find(|&at| {
        let rest = &words[at..];
        rest.starts_with(' ') && rest.trim_start().starts_with(char::is_uppercase)
    });
    Some(Span::new(paragraph.start + start.unwrap_or(0), paragraph.end).trim(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "Knees and Hips\n\nA tour of joints\n\nMay 2, 20244 min read\n\n1. Hip Pain (Grades I-II)\n\nMechanism of Action:\nCells given into the hip:\n\n  • Calm IL-6 [1].\n\n  • Feed cartilage [2].\n\n2. Knee Pain\n\nCase Study:\nA runner had less pain [3].\n\n\nReferences\n\n[1] Roe et al. (2021).\nJoint Care.\n[2]\nClinicalTrials.gov NCT01234567.\n\nBack to Blog";

    #[test]
    fn a_page_in_plain_text() {
        let d = read("a.txt", PAGE).expect("a page with text");
        assert_eq!((d.title.as_deref(), d.date.as_deref()), (Some("Knees and Hips"), Some("2024-05-02")));
        let blocks: Vec<(String, &str)> =
            d.sections.iter().flat_map(|s| s.blocks.iter().map(|b| (s.heading.join(" > "), b.span.of(&d.text)))).collect();
        assert_eq!(blocks[2], ("Hip Pain (Grades I-II) > Mechanism of Action".to_owned(), "Calm IL-6 [1]."));
        assert_eq!(blocks.last().map(|b| b.0.as_str()), Some("Knee Pain > Case Study"));
        let item = d.sections.iter().flat_map(|s| &s.blocks).find(|b| b.kind == BlockKind::ListItem).expect("an item");
        assert_eq!(item.lead_in.map(|s| s.of(&d.text)), Some("Cells given into the hip:"));
        let keys: Vec<&str> = d.references.iter().map(|r| r.key.as_str()).collect();
        assert_eq!(keys, ["1", "2"]);
        assert_eq!(d.references[0].venue.as_deref(), Some("Joint Care"));
        assert_eq!(d.citations.iter().map(|c| c.keys.join(",")).collect::<Vec<_>>(), ["1", "2", "3"]);
    }

    #[test]
    fn positions_lead_back_to_the_input() {
        let input = "\u{feff}Fi\u{ad}bro\u{fb02}ow e\u{301}\r\nα2 rose\u{a0}fast";
        let (text, origin) = lay_out(input);
        assert_eq!(text, "Fibroflow é\nα2 rose fast");
        let points: Vec<char> = input.chars().collect();
        for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, 'b' | 'w' | 'α' | 'r' | 't')) {
            assert_eq!(points[origin.code_point(&text, at)], c);
        }
    }

    #[test]
    fn one_sentence_is_a_paragraph() {
        let d = read("-", "Cells calm IL-6 [1].").expect("a page with text");
        assert_eq!((d.title, d.sections[0].blocks.len()), (None, 1));
    }
}
