//! Lines to paragraphs: where one ends and the next begins, over columns and pages, and words that a line break parted.

use super::line::{Line, Piece};
use crate::read::layout::{self, Shape};
use crate::text::pattern;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a paragraph is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Heading,
    Text,
    Item,
    Caption,
    /// A row of a table.
    Row(Vec<Vec<Piece>>),
}

/// A paragraph, heading or row of a table.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    pub kind: Kind,
    pub pieces: Vec<Piece>,
    pub size: f32,
    /// Its last line.
    last: Line,
    lines: usize,
}

/// How the document is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// Size of most of the text.
    pub body: f32,
    /// Distance of most lines.
    pub leading: f32,
}

static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i:supplementary\s+)?(?:Figure|FIGURE|Fig\.?|FIG\.?|Table|TABLE|Scheme|Box|Chart)\s+(?:S|[A-Z])?\d{1,3}[a-z]?\s*(?:[.:|–—-]|\s\p{Lu})",
    )
});

/// Words that stand before a hyphen of their own: "anti-inflammatory" keeps it where a line ends after "anti-".
const PREFIXES: &[&str] = &[
    "anti", "non", "well", "self", "long", "short", "high", "low", "double", "single", "half", "cross", "follow", "dose", "time",
    "placebo", "two", "three", "four", "five", "six", "twenty", "thirty", "forty", "fifty", "large", "small", "platelet", "patient",
    "evidence", "weight", "full",
];
/// What follows such a word within a longer one: "low-er" is "lower".
const ENDINGS: &[&str] = &["er", "ers", "ered", "ering", "est", "ly", "ing", "ed", "en", "ened", "ens", "ness", "s", "ty", "ment"];

/// The words that the lines hold whole, in lower case; they tell which hyphens at line ends belong to a word.
pub(super) fn words(lines: &[Line]) -> HashSet<String> {
    let mut words = HashSet::new();
    for line in lines {
        let text = line.plain().to_lowercase();
        let parted = text.ends_with(['-', '\u{2010}', '\u{ad}']);
        let mut here: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| w.len() > 1).collect();
        if parted {
            here.pop();
        }
        words.extend(here.into_iter().map(|w| w.trim_matches('-').to_owned()));
    }
    words
}

/// Adds a line to text: with a space between, or none where a word goes on.
pub(super) fn append(pieces: &mut Vec<Piece>, line: &[Piece], words: &HashSet<String>) {
    let next: String =
        (line.first().filter(|p| !p.raised)).map(|p| p.text.chars().take_while(|c| c.is_alphanumeric()).collect()).unwrap_or_default();
    if let Some(last) = pieces.last_mut().filter(|p| !p.raised) {
        let text = last.text.trim_end().to_owned();
        let bare = text.trim_end_matches(['-', '\u{2010}', '\u{ad}']);
        let head: String = bare.chars().rev().take_while(|c| c.is_alphanumeric()).collect::<Vec<_>>().into_iter().rev().collect();
        let digit = |c: char| c.is_ascii_digit();
        let range = text.strip_suffix('–').is_some_and(|t| t.ends_with(digit)) && next.starts_with(digit);
        if range {
            last.text = text;
        } else if bare.len() < text.len() && !head.is_empty() && !next.is_empty() {
            last.text = if parted(&head, &next, text.ends_with('\u{ad}'), words) { bare.to_owned() } else { format!("{bare}-") };
        } else {
            last.text = text + " ";
        }
    } else if let Some(last) = pieces.last_mut() {
        last.text.push(' ');
    }
    for piece in line {
        match pieces.last_mut() {
            Some(last) if last.raised == piece.raised && last.bold == piece.bold && !piece.raised => last.text.push_str(&piece.text),
            _ => pieces.push(piece.clone()),
        }
    }
}

/// Whether the hyphen between two parts was set to break a word, rather than being part of it.
fn parted(head: &str, tail: &str, soft: bool, words: &HashSet<String>) -> bool {
    let (head, lower_tail) = (head.to_owned(), tail.to_lowercase());
    let lower = head.to_lowercase();
    if soft || words.contains(&format!("{lower}{lower_tail}")) {
        return true;
    }
    let whole = words.contains(&format!("{lower}-{lower_tail}"));
    let letters = head.chars().next_back().is_some_and(char::is_lowercase) && tail.chars().all(char::is_alphabetic);
    !whole
        && letters
        && tail.starts_with(char::is_lowercase)
        && (!PREFIXES.contains(&lower.as_str()) || ENDINGS.contains(&lower_tail.as_str()))
}

impl Paragraph {
    fn new(kind: Kind, line: &Line) -> Self {
        Self { kind, pieces: line.pieces.clone(), size: line.size, last: line.clone(), lines: 1 }
    }

    /// The text without what stands above the line.
    pub fn plain(&self) -> String {
        self.pieces.iter().filter(|p| !p.raised).map(|p| p.text.as_str()).collect::<String>().trim().to_owned()
    }

    /// The text, markers included.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect::<String>().trim().to_owned()
    }

    /// Whether it ends as sentences do.
    fn is_finished(&self) -> bool {
        self.plain()
            .trim_end_matches([')', ']', '”', '"', '’', ' '])
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .ends_with(['.', '!', '?', ':'])
            || self.plain().ends_with(['.', '!', '?', ':'])
            || self.plain().ends_with(']') && self.last.ends_short()
    }

    fn push(&mut self, line: &Line, words: &HashSet<String>) {
        append(&mut self.pieces, &line.pieces, words);
        self.last = line.clone();
        self.lines += 1;
    }
}

/// Puts lines together. `is_heading` tells a heading from the line, the line before it and the one after it.
pub(super) fn gather(
    lines: &[Line],
    setting: Setting,
    words: &HashSet<String>,
    is_heading: impl Fn(&Line, Option<&Line>, Option<&Line>) -> bool,
) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let before = n.checked_sub(1).map(|n| &lines[n]);
        if !line.cells.is_empty() {
            found.push(Paragraph::new(Kind::Row(line.cells.clone()), line));
            continue;
        }
        let heading = is_heading(line, before, lines.get(n + 1));
        let follows = before.is_some_and(|b| b.column == line.column && b.page == line.page);
        if let Some(last) = found.last_mut() {
            let same = (last.size - line.size).abs() < 0.06 * line.size;
            let goes_on = match (&last.kind, heading) {
                (Kind::Heading, true) => follows && same && heading_goes_on(last, line),
                (Kind::Text | Kind::Item | Kind::Caption, false) => follows && same && !begins(last, line, setting),
                _ => false,
            };
            if goes_on {
                last.push(line, words);
                continue;
            }
        }
        if heading {
            found.push(Paragraph::new(Kind::Heading, line));
            continue;
        }
        let text = line.text();
        let kind = if CAPTION.is_match(&text)
            && !matches!(found.last(), Some(p) if p.kind == Kind::Text && follows && !apart(&p.last, line, setting))
        {
            Kind::Caption
        } else {
            match layout::shape(&text) {
                Shape::Bullet(_) | Shape::Item(_) | Shape::Number { depth: 1, .. } => Kind::Item,
                _ => Kind::Text,
            }
        };
        // A paragraph goes on in the next column or page, and after a figure or a table that was set into it.
        let open = (found.iter().rposition(|p| {
            p.kind == Kind::Heading || (p.size - line.size).abs() < 0.06 * line.size && !matches!(p.kind, Kind::Row(_) | Kind::Caption)
        }))
        .filter(|&i| kind == Kind::Text && matches!(found[i].kind, Kind::Text | Kind::Item) && found.len() - i <= 60);
        let resumes = open.filter(|&i| {
            let p = &found[i];
            let interrupted = !follows || i + 1 < found.len();
            let fresh = line.indent() > 0.7 && p.kind == Kind::Text;
            interrupted && !p.is_finished() && !fresh
                || interrupted && text.starts_with(char::is_lowercase) && !p.plain().ends_with(['.', ':'])
        });
        match resumes {
            Some(i) => found[i].push(line, words),
            None => found.push(Paragraph::new(kind, line)),
        }
    }
    found
}

fn heading_goes_on(heading: &Paragraph, line: &Line) -> bool {
    let gap = heading.last.baseline - line.baseline;
    let numbered = matches!(layout::shape(&line.text()), Shape::Number { .. });
    let centred = heading.last.indent() > 2.0;
    heading.lines < 4 && gap < 1.6 * line.size && !numbered && (centred || !heading.last.ends_short())
}

/// Whether the gap before a line is wider than between the lines of a paragraph.
pub(super) fn apart(before: &Line, line: &Line, setting: Setting) -> bool {
    before.baseline - line.baseline > 1.3 * setting.leading.max(line.size * 1.05)
}

/// Whether a line begins a paragraph of its own.
fn begins(last: &Paragraph, line: &Line, setting: Setting) -> bool {
    let before = &last.last;
    let text = line.text();
    if apart(before, line, setting) || before.baseline < line.baseline {
        return true;
    }
    let stopped = last.is_finished();
    let shape = layout::shape(&text);
    if matches!(shape, Shape::Bullet(_))
        || matches!(shape, Shape::Item(_) | Shape::Number { depth: 1, .. }) && (stopped || last.kind == Kind::Item)
    {
        return true;
    }
    let indented = line.indent() - before.indent();
    match last.kind {
        // The lines of an item stand under its text; what stands under its mark does not belong to it.
        Kind::Item => stopped && line.indent() < 0.4 && (before.indent() > 0.8 || last.lines == 1 && before.ends_short()),
        _ => {
            indented > 0.7 && indented < 6.0 && before.indent() < 0.7
                || stopped && before.ends_short() && text.starts_with(char::is_uppercase) && last.kind != Kind::Caption
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(first: &str, second: &str, known: &[&str]) -> String {
        let piece = |text: &str| Piece { text: text.to_owned(), raised: false, bold: false };
        let mut pieces = vec![piece(first)];
        append(&mut pieces, &[piece(second)], &known.iter().map(|w| (*w).to_owned()).collect());
        pieces.iter().map(|p| p.text.as_str()).collect()
    }

    #[test]
    fn words_that_a_line_break_parted_are_whole_again() {
        for (first, second, want) in [
            ("protects car-", "tilage", "protects cartilage"),
            ("raised IL-", "6 in blood", "raised IL-6 in blood"),
            ("an anti-", "inflammatory drug", "an anti-inflammatory drug"),
            ("fell and", "rose", "fell and rose"),
            ("TNF-", "alpha", "TNF-alpha"),
            ("the Roe-", "Doe score", "the Roe-Doe score"),
            ("soft\u{ad}", "ened", "softened"),
            ("5 –", "7", "5 – 7"),
            ("12:5–", "19", "12:5–19"),
            ("pain was low-", "ered", "pain was lowered"),
        ] {
            assert_eq!(joined(first, second, &[]), want);
        }
        assert_eq!(joined("a weight-", "bearing zone", &["bearing"]), "a weight-bearing zone");
        assert_eq!(joined("a pla-", "cebo", &["placebo"]), "a placebo");
        assert_eq!(joined("a drug-", "naive patient", &["drug-naive"]), "a drug-naive patient");
    }
}
