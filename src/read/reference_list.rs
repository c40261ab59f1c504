//! The reference list: which headings open it, and where each of its entries begins and ends.

use crate::document::{Document, Reference};
use crate::read::reference;
use crate::text::{Span, pattern};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^ [\#*_\s]* (?:\d+\.?\s+|[ivx]+\.\s+)?
        (?: (?:list\s+of\s+|selected\s+|key\s+|cited\s+)?(?:references?|citations|literature|bibliography|sources)(?:\s+(?:list|cited|and\s+notes|and\s+sources|section))?
          | notes\s+and\s+references | works\s+cited | reference\s+list | scientific\s+references | footnotes | endnotes
          | literatur(?:verzeichnis)? | referencias(?:\s+bibliogr[aá]ficas)? | bibliograf[ií]a | r[eé]f[eé]rences(?:\s+bibliographiques)? | bibliographie )
        [*_\s]* :? [*_\s]* $",
    )
});

/// Whether a heading announces the reference list.
///
/// ```
/// assert!(evigraph::read::is_reference_heading("7. Literature cited:"));
/// assert!(!evigraph::read::is_reference_heading("Reference values"));
/// ```
pub fn is_reference_heading(heading: &str) -> bool {
    heading.len() <= 80 && HEADING.is_match(heading.trim())
}

/// One entry as found: its printed key, where there is one, and the span of its text without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub key: Option<String>,
    pub span: Span,
}

/// How the entries of a list are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `[1]` or `[Smi20]`.
    Bracket,
    /// `(1)`.
    Parenthesis,
    /// `1.`, `1)` or `1:`.
    Dot,
    /// `1 Smith J`, as in text taken from PDF.
    Bare,
    /// Bullets.
    Bullet,
}

/// A marker at the start of `line`: its style, key and length.
fn marker(line: &str) -> Option<(Style, &str, usize)> {
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    match line.chars().next()? {
        '[' => {
            let close = line.bytes().take(24).position(|b| b == b']')?;
            let key = line[1..close].trim().trim_start_matches('^');
            let sound = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | '_' | ':' | '.'));
            let rest = &line[close + 1..];
            let tail = rest.len() - rest.trim_start_matches([':', '.']).len();
            sound.then_some((Style::Bracket, key, close + 1 + tail))
        }
        '(' => {
            let n = digits(&line[1..]);
            ((1..=4).contains(&n) && line[1 + n..].starts_with(')')).then(|| (Style::Parenthesis, &line[1..=n], n + 2))
        }
        c if c.is_ascii_digit() => {
            let n = digits(line);
            let rest = &line[n..];
            if n > 4 {
                None
            } else if rest.starts_with(['.', ')', ':']) && !rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                Some((Style::Dot, &line[..n], n + 1))
            } else if rest.starts_with(' ') && rest.trim_start().starts_with(char::is_uppercase) {
                Some((Style::Bare, &line[..n], n))
            } else {
                None
            }
        }
        c @ ('•' | '-' | '*' | '–' | '·' | '▪' | '◦' | '‣') => {
            line[c.len_utf8()..].starts_with(' ').then_some((Style::Bullet, "", c.len_utf8()))
        }
        _ => None,
    }
}

/// Splits the lines of a reference list into entries.
///
/// Each line comes with whether a blank line stands before it. Returns the entries, and how many lines were taken:
/// where entries are marked, an unmarked line that follows a finished entry and a blank line ends the list.
pub(crate) fn split(text: &str, lines: &[(Span, bool)]) -> (Vec<Entry>, usize) {
    let Some(first) = lines.first() else { return (Vec::new(), 0) };
    match marker(first.0.of(text)) {
        Some((style, ..)) => split_marked(text, lines, style),
        None => (split_unmarked(text, lines), lines.len()),
    }
}

fn split_marked(text: &str, lines: &[(Span, bool)], style: Style) -> (Vec<Entry>, usize) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut last: Option<u32> = None;
    for (i, &(span, blank_before)) in lines.iter().enumerate() {
        let line = span.of(text);
        let found = marker(line).filter(|&(s, key, _)| {
            // Numbers rise; a page or a year at the start of a continuation line does not follow on.
            s == style
                && match (key.parse::<u32>(), last) {
                    (Ok(n), Some(before)) => n > before && n <= before + 20,
                    (Ok(_), None) => true,
                    (Err(_), _) => true,
                }
        });
        if let Some((_, key, length)) = found {
            last = key.parse().ok().or(last);
            let start = span.start + length;
            let span = Span::new(start, span.end).trim(text);
            entries.push(Entry { key: (!key.is_empty()).then(|| key.to_owned()), span });
            if style == Style::Bracket {
                split_inline(text, &mut entries, &mut last);
            }
        } else if let Some(entry) = entries.last_mut() {
            let so_far = entry.span.of(text);
            if blank_before && so_far.ends_with(['.', '!', '?']) {
                return (entries, i);
            }
            let end = span.end;
            entry.span = if entry.span.is_empty() { span } else { Span::new(entry.span.start, end) };
        }
    }
    (entries, lines.len())
}

/// Splits off entries that stand in the same line: `[1] … [2] …`.
fn split_inline(text: &str, entries: &mut Vec<Entry>, last: &mut Option<u32>) {
    while let (Some(entry), Some(n)) = (entries.last_mut(), *last) {
        let next = format!(" [{}] ", n + 1);
        let Some(at) = entry.span.of(text).find(&next) else { return };
        let whole = entry.span;
        entry.span = Span::new(whole.start, whole.start + at).trim(text);
        let span = Span::new(whole.start + at + next.len(), whole.end).trim(text);
        entries.push(Entry { key: Some((n + 1).to_string()), span });
        *last = Some(n + 1);
    }
}

fn split_unmarked(text: &str, lines: &[(Span, bool)]) -> Vec<Entry> {
    let separated = lines.iter().skip(1).any(|l| l.1);
    let mut entries: Vec<Entry> = Vec::new();
    for (i, &(span, blank_before)) in lines.iter().enumerate() {
        let line = span.of(text);
        let begins = if i == 0 {
            true
        } else if separated {
            blank_before
        } else {
            let before = lines[i - 1].0.of(text);
            let finished = before.ends_with(['.', ')', ']']) || before.ends_with(|c: char| c.is_ascii_digit()) || before.contains("http");
            finished && line.starts_with(|c: char| c.is_uppercase() || c == '"' || c == '“')
        };
        if begins {
            entries.push(Entry { key: None, span });
        } else if let Some(entry) = entries.last_mut() {
            entry.span.end = span.end;
        }
    }
    entries
}

/// Turns entries into references of `document`. Entries without a printed key get one: their position where the
/// list or the text is numbered, else author and year ("Smith 2020a").
pub(crate) fn add(document: &mut Document, entries: &[Entry], numbered: bool) {
    let raws: Vec<(Option<String>, String, Option<Span>)> =
        entries.iter().map(|e| (e.key.clone(), e.span.of(&document.text).to_owned(), Some(e.span))).collect();
    add_raw(document, raws, numbered);
}

/// As [`add`], for entries whose texts are given: (key, text, span).
pub(crate) fn add_raw(document: &mut Document, entries: Vec<(Option<String>, String, Option<Span>)>, numbered: bool) {
    for (mut key, mut raw, span) in entries {
        // A list numbered by its markup may print its numbers too.
        if let Some((style, inner, length)) = marker(&raw).filter(|m| m.0 != Style::Bullet) {
            let printed = key.as_deref().map_or(style == Style::Bracket, |k| k == inner);
            if printed && inner.len() <= 3 {
                key = Some(inner.to_owned());
                raw = raw[length..].trim_start().to_owned();
            }
        }
        if raw.trim().is_empty() {
            continue;
        }
        let position = (document.references.len() + 1).to_string();
        let mut reference = reference::parse(&raw, key.as_deref().unwrap_or(&position));
        reference.span = span;
        if key.is_none() && !numbered {
            reference.key = author_year_key(&reference).unwrap_or(position);
        }
        document.references.push(reference);
    }
    tell_apart(&mut document.references);
}

/// "Smith 2020a" for an entry of an unnumbered list.
fn author_year_key(reference: &Reference) -> Option<String> {
    let first = reference.authors.first()?;
    let surname = reference::surname(first);
    let year = reference.year?;
    let suffix = reference.year_suffix.map(String::from).unwrap_or_default();
    (!surname.is_empty()).then(|| format!("{surname} {year}{suffix}"))
}

/// Makes keys unique: the second entry of a key gets `-2`, and so on.
fn tell_apart(references: &mut [Reference]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for reference in references {
        let n = seen.entry(reference.key.clone()).or_insert(0);
        *n += 1;
        if *n > 1 {
            reference.key = format!("{}-{n}", reference.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<(Option<String>, String)> {
        let mut lines = Vec::new();
        let (mut at, mut blank) = (0, false);
        for line in text.split('\n') {
            let span = Span::new(at, at + line.len());
            if line.trim().is_empty() {
                blank = true;
            } else {
                lines.push((span.trim(text), blank));
                blank = false;
            }
            at += line.len() + 1;
        }
        split(text, &lines).0.into_iter().map(|e| (e.key, e.span.of(text).replace('\n', " "))).collect()
    }

    #[test]
    fn entries_run_over_lines_and_stop_before_what_follows() {
        let found = entries("[1] Roe et al. (2021).\nJoint Care.\n[2]\nA trial.\n\n\nBack to start");
        assert_eq!(found, [(Some("1".into()), "Roe et al. (2021). Joint Care.".into()), (Some("2".into()), "A trial.".into())]);
    }

    #[test]
    fn years_at_the_start_of_a_line_begin_no_entry() {
        let found = entries("1. Roe A. Knees. Joint Care\n2019. 12:3.\n2. Doe B. Hips. Joint Care 2020.");
        assert_eq!(found.len(), 2);
        assert!(found[0].1.contains("2019"));
    }

    #[test]
    fn entries_in_one_line_and_without_marks() {
        assert_eq!(entries("[1] A. [2] B. [3] C.").len(), 3);
        assert_eq!(entries("Doe B. Hips. 2020.\nRoe A. Knees,\nand more. 2019.").len(), 2);
    }

    #[test]
    fn headings() {
        for yes in
            ["References", "REFERENCES:", "6. References", "**Bibliography**", "Literature Cited", "Works cited", "Selected references"]
        {
            assert!(is_reference_heading(yes), "{yes}");
        }
        for no in ["Reference standard", "Data sources and searches", "Literature review"] {
            assert!(!is_reference_heading(no), "{no}");
        }
    }
}
