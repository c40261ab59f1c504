//! Running text of JATS: cross-references, superscripts, formulas, and citation markers with their ranges.

use super::jats::{Article, last_sentence};
use super::xml::Id;
use crate::document::normalise;
use crate::text::Span;

/// A citation element as it was met in the open block.
#[derive(Debug)]
pub(super) struct Marker {
    /// Where its text stands.
    span: Span,
    keys: Vec<String>,
}

/// The longest range of citations that is expanded.
const MAX_RANGE: u32 = 500;

impl Article<'_, '_> {
    /// The running text inside `id`.
    pub(super) fn inline_children(&mut self, id: Id) {
        for child in self.tree.children(id) {
            self.inline(child);
        }
    }

    /// A text or element of running text. A block inside a paragraph is laid out in its place, and the paragraph goes on after it.
    pub(super) fn inline(&mut self, id: Id) {
        let tree = self.tree;
        match tree.name(id) {
            "" => self.builder.push(tree.value(id)),
            "xref" => self.reference(id),
            "sup" => self.superscript(id),
            "break" | "hr" => self.builder.push(" "),
            "list"
            | "def-list"
            | "fig"
            | "fig-group"
            | "table-wrap"
            | "table-wrap-group"
            | "boxed-text"
            | "disp-quote"
            | "supplementary-material"
            | "p"
            | "sec"
            | "table"
            | "array"
            | "statement"
            | "media"
            | "verse-group"
            | "speech" => self.interrupt(id),
            "disp-formula" => {
                self.builder.push(" ");
                self.inline_children(id);
                self.builder.push(" ");
            }
            "tex-math" => self.tex(id),
            "alternatives" if tree.child(id, "math").is_some() => {
                for child in tree.children(id).filter(|&c| tree.name(c) == "math") {
                    self.inline(child);
                }
            }
            "annotation" | "annotation-xml" | "graphic" | "inline-graphic" | "object-id" | "alt-text" | "long-desc" | "private-char" => {}
            "fn" => self.footnote_inside(id),
            _ => self.inline_children(id),
        }
    }

    fn interrupt(&mut self, id: Id) {
        let (kind, outer) = (self.kind, self.lead_in);
        let before = self.close();
        if self.tree.name(id) == "list" {
            let lead_in = before.or(self.last).map(|b| last_sentence(self.builder.text(), b));
            self.list(id, lead_in);
        } else if self.tree.name(id) == "p" {
            self.flow(id, kind, outer);
        } else {
            self.block(id);
        }
        self.open(kind, outer);
    }

    /// A footnote that stands in the running text, laid in brackets.
    fn footnote_inside(&mut self, id: Id) {
        self.builder.push(" (");
        for part in self.tree.children(id) {
            match self.tree.name(part) {
                "label" => {}
                "p" => self.inline_children(part),
                _ => self.inline(part),
            }
        }
        self.builder.push(")");
    }

    /// What a formula in TeX says between its preamble and its end.
    fn tex(&mut self, id: Id) {
        let text = self.tree.text(id);
        let inner = text.split_once("\\begin{document}").map_or(text.as_str(), |t| t.1);
        let inner = inner.split_once("\\end{document}").map_or(inner, |t| t.0);
        self.builder.push(inner.trim().trim_matches('$'));
    }

    fn is_citation(&self, id: Id) -> bool {
        let kind = self.tree.attribute(id, "ref-type").unwrap_or_default();
        matches!(&*kind, "bibr" | "bib" | "biblio" | "citation")
            || self.tree.attribute(id, "rid").is_some_and(|r| r.split_whitespace().any(|r| self.keys.key(r).is_some()))
    }

    fn reference(&mut self, id: Id) {
        if !self.is_citation(id) {
            let kind = self.tree.attribute(id, "ref-type").unwrap_or_default();
            let is_note = matches!(&*kind, "fn" | "table-fn" | "aff" | "corresp" | "author-notes");
            // The mark of a footnote is no word of the sentence.
            if !is_note || self.tree.text(id).trim().chars().count() > 3 {
                self.inline_children(id);
            }
            return;
        }
        let raised = self.tree.children(id).any(|c| self.tree.name(c) == "sup") && !is_bracketed(&self.tree.text(id));
        let start = self.builder.text().len();
        if raised {
            self.builder.push("[");
        }
        self.plain(id);
        if raised {
            self.builder.push("]");
        }
        let span = Span::new(start, self.builder.text().len()).trim(self.builder.text());
        let printed = span.of(self.builder.text()).to_owned();
        let rids = self.tree.attribute(id, "rid").unwrap_or_default();
        let keys = self.cited(&rids, &printed);
        if !keys.is_empty() {
            self.markers.push(Marker { span, keys });
        }
    }

    /// The keys that an `xref` names: those of its targets, filled up where it prints a range.
    fn cited(&self, rids: &str, printed: &str) -> Vec<String> {
        let mut keys: Vec<String> = rids.split_whitespace().filter_map(|r| self.keys.key(r)).collect();
        if keys.is_empty() {
            let digits: String = printed.chars().filter(char::is_ascii_digit).collect();
            let is_number = !digits.is_empty() && printed.chars().all(|c| c.is_ascii_digit() || "[](). ".contains(c));
            let dangling = if is_number { digits } else { rids.split_whitespace().next().unwrap_or(printed).to_owned() };
            return if dangling.is_empty() { keys } else { vec![dangling] };
        }
        let numbers: Vec<&str> = printed.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
        let is_range = printed.chars().all(|c| c.is_ascii_digit() || is_dash(c) || "[]() ".contains(c)) && printed.contains(is_dash);
        if let ([first, last], true) = (numbers.as_slice(), is_range)
            && keys.len() <= 2
            && keys.first().map(String::as_str) == Some(*first)
        {
            keys.truncate(1);
            keys.extend(between(first, last));
            keys.push((*last).to_owned());
        }
        keys
    }

    /// The keys that citations inside `id` name.
    pub(super) fn cited_inside(&self, id: Id) -> Vec<String> {
        let citations = self.tree.all(id, "xref").filter(|&x| self.is_citation(x));
        citations.flat_map(|x| self.cited(&self.tree.attribute(x, "rid").unwrap_or_default(), self.tree.text(x).trim())).collect()
    }

    /// The text of a heading without its citations.
    pub(super) fn heading_text(&self, id: Id) -> Option<String> {
        let mut out = String::new();
        let mut at = id + 1;
        let mut cites = false;
        while at < self.tree.end(id) {
            let is_mark = self.tree.name(at) == "xref" && self.is_citation(at) || self.tree.name(at) == "fn";
            cites |= is_mark;
            if is_mark {
                at = self.tree.end(at);
            } else {
                out.push_str(self.tree.value(at));
                at += 1;
            }
        }
        let out = normalise(&out);
        let brackets: &[char] = if cites { &['[', ']', '(', ')', ',', ';', '-', '–', ' '] } else { &[' '] };
        let out = out.trim_end_matches(brackets).trim();
        (!out.is_empty()).then(|| out.to_owned())
    }

    /// Running text without superscripts of its own.
    fn plain(&mut self, id: Id) {
        for child in self.tree.children(id) {
            if self.tree.name(child) == "sup" { self.plain(child) } else { self.inline(child) }
        }
    }

    /// Raised text: citations in brackets, exponents in superscript digits, anything else as it is.
    fn superscript(&mut self, id: Id) {
        let cites = self.tree.all(id, "xref").any(|x| self.is_citation(x));
        let text = self.tree.text(id);
        let text = text.trim();
        if cites {
            let wrap = !is_bracketed(text);
            if wrap {
                self.builder.push("[");
            }
            self.inline_children(id);
            if wrap {
                self.builder.push("]");
            }
        } else if is_exponent(text, self.builder.text().chars().next_back()) {
            let raised: String = text.chars().map(raise).collect();
            self.builder.push(&raised);
        } else {
            self.inline_children(id);
        }
    }
}

fn is_bracketed(text: &str) -> bool {
    text.trim_start().starts_with(['[', '('])
}

/// Whether raised `text` after `before` is a power: digits after a digit, or a signed number after a unit.
fn is_exponent(text: &str, before: Option<char>) -> bool {
    let digits = text.trim_start_matches(['-', '−', '–', '‐', '+']);
    let signed = digits.len() < text.len() && !text.starts_with('+');
    let number = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    number && before.is_some_and(|c| c.is_ascii_digit() || (signed && c.is_alphabetic()))
}

fn raise(c: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match c {
        '+' => '⁺',
        c => c.to_digit(10).and_then(|d| RAISED.get(d as usize).copied()).unwrap_or('⁻'),
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The numbers that lie strictly between two printed ones.
fn between(first: &str, last: &str) -> Vec<String> {
    match (first.parse::<u32>(), last.parse::<u32>()) {
        (Ok(a), Ok(b)) if a < b && b - a <= MAX_RANGE => (a + 1..b).map(|n| n.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// Joins citations that stand together ("[3]–[7]", "1, 2"), expands their ranges, and widens their spans to the brackets around them.
pub(super) fn group(text: &str, block: Span, markers: &[Marker]) -> Vec<(Span, Vec<String>)> {
    let mut groups: Vec<(Span, Vec<String>)> = Vec::new();
    let mut before: Option<&Marker> = None;
    for marker in markers {
        let span = Span::new(marker.span.start.max(block.start).min(block.end), marker.span.end.min(block.end));
        let gap = before.map(|b| text.get(b.span.end..span.start).unwrap_or("."));
        match (groups.last_mut(), gap) {
            (Some((joined, keys)), Some(gap))
                if gap.chars().all(|c| c.is_whitespace() || is_dash(c) || ",;[]()&".contains(c)) && gap.len() < 12 =>
            {
                let is_range = gap.chars().filter(|c| !" []()".contains(*c)).all(is_dash) && gap.contains(is_dash);
                let numeric = |s: Span| s.of(text).chars().all(|c| c.is_ascii_digit() || "[]() ".contains(c));
                if let (true, Some(first), Some(last)) = (is_range, keys.last(), marker.keys.first())
                    && numeric(span)
                    && before.is_some_and(|b| numeric(b.span))
                {
                    let inner = between(first, last);
                    keys.extend(inner);
                }
                keys.extend(marker.keys.iter().cloned());
                joined.end = span.end;
            }
            _ => groups.push((span, marker.keys.clone())),
        }
        before = Some(marker);
    }
    for (span, _) in &mut groups {
        let opens = text[block.start..span.start].chars().next_back();
        let closes = text[span.end..block.end].chars().next();
        if matches!((opens, closes), (Some('['), Some(']')) | (Some('('), Some(')'))) {
            *span = Span::new(span.start - 1, span.end + 1);
        }
    }
    groups
}
