//! The head of the first page: title, authors and affiliations, up to the abstract or the first section.

use super::line::{Line, Piece};
use super::paragraph::{Setting, apart, append};
use crate::read::{date, layout};
use crate::text::pattern;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The head of an article.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub title: Option<String>,
    pub authors: Vec<String>,
    /// Everything else that stands there, a line each.
    pub lines: Vec<String>,
}

/// Lines at most between the title and what follows.
const LONGEST: usize = 40;

static INSTITUTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:universit\w*|department|dept|institut\w*|hospital|clinic\w*|school|faculty|centre|center|college|laborator\w*|division|academy|journal|article|review|research|vol|doi|received|accepted|published|correspond\w*|abstract|e-?mail)\b|@|https?:",
    )
});

static OPENING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:abstract|summary|background|objectives?|introduction|purpose|aims?)\b"));

/// Takes the head off the lines. `named` is the title that the file itself gives.
pub(super) fn take(
    lines: &mut Vec<Line>,
    setting: Setting,
    named: Option<&str>,
    is_heading: impl Fn(&Line, Option<&Line>, Option<&Line>) -> bool,
) -> Front {
    let mut front = Front::default();
    let first_page = lines.first().map_or(0, |l| l.page);
    let count = lines.iter().take_while(|l| l.page == first_page).count();
    let Some(title) = title(&lines[..count], setting, named) else { return front };
    let mut pieces: Vec<Piece> = Vec::new();
    for line in &lines[title.clone()] {
        if pieces.is_empty() { pieces.clone_from(&line.pieces) } else { append(&mut pieces, &line.pieces, &HashSet::new()) }
    }
    front.title = Some(plain(&pieces));
    let end = (title.end..count.min(title.end + LONGEST)).find(|&i| {
        let line = &lines[i];
        OPENING.is_match(&line.plain())
            || is_heading(line, Some(&lines[i - 1]), lines.get(i + 1))
                && !is_name_line(&line.plain())
                && date::find(&line.plain()).is_none()
            || is_text(&lines[i..count], setting)
    });
    let end = end.unwrap_or(title.end);
    let mut named = true;
    let mut head: Vec<Line> = lines.drain(title.start..end).skip(title.len()).collect();
    // What stands above the title is no text of the article.
    front.lines.extend(lines.drain(..title.start).map(|l| l.plain()));
    for line in head.drain(..) {
        let text = line.plain();
        let names = names(&text);
        if named && !names.is_empty() && (front.authors.len() + names.len()) < 200 {
            front.authors.extend(names);
        } else {
            named &= front.authors.is_empty();
            front.lines.push(text);
        }
    }
    front
}

fn plain(pieces: &[Piece]) -> String {
    let text: String = pieces.iter().filter(|p| !p.raised).map(|p| p.text.as_str()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines that are the title: the largest of the page, where they are larger than the text; else those that the file names.
fn title(lines: &[Line], setting: Setting, named: Option<&str>) -> Option<std::ops::Range<usize>> {
    let wordy = |l: &Line| l.plain().split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count() >= 2 && l.cells.is_empty();
    let folded = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let named = named.map(folded).filter(|n| n.len() > 8);
    let matching =
        named.and_then(|named| lines.iter().position(|l| folded(&l.plain()).len() > 8 && named.starts_with(&folded(&l.plain()))));
    let largest = || {
        let size = lines.iter().filter(|l| wordy(l)).map(|l| l.size).fold(0.0, f32::max);
        (size > 1.15 * setting.body).then(|| lines.iter().position(|l| l.size >= size - 0.3 && wordy(l))).flatten()
    };
    let start = matching.or_else(largest)?;
    let same = |l: &Line, before: &Line| {
        (l.size - before.size).abs() < 0.6
            && l.is_bold() == before.is_bold()
            && before.baseline - l.baseline < 2.2 * l.size
            && before.baseline > l.baseline
    };
    let mut end = start + 1;
    while end < lines.len() && end - start < 6 && same(&lines[end], &lines[end - 1]) && !is_name_line(&lines[end].plain()) {
        end += 1;
    }
    // A paragraph in the same type is no title.
    (end - start < 6).then_some(start..end)
}

/// Whether running text begins here: several full lines, close together.
fn is_text(lines: &[Line], setting: Setting) -> bool {
    let mut full = 0;
    for (n, line) in lines.iter().take(5).enumerate() {
        let joined = n == 0 || !apart(&lines[n - 1], line, setting) && (lines[n - 1].size - line.size).abs() < 0.3;
        let wide = line.x1 - line.x0 > 0.45 * (line.right - line.left) && line.plain().split_whitespace().count() >= 5;
        if !joined || !wide || INSTITUTION.is_match(&line.plain()) {
            break;
        }
        full += 1;
    }
    full >= 3
}

fn is_name_line(text: &str) -> bool {
    !names(text).is_empty() && text.contains([',', '&']) || names(text).len() > 1
}

/// The names on a line of authors; none where anything else stands there too.
fn names(line: &str) -> Vec<String> {
    let line: String = line.chars().map(|c| if matches!(c, '*' | '†' | '‡' | '§' | '¶' | '#') { ' ' } else { c }).collect();
    if line.len() > 600 || INSTITUTION.is_match(&line) {
        return Vec::new();
    }
    let parts = line.split([',', ';', '&']).flat_map(|p| p.split(" and ")).flat_map(|p| p.split("  "));
    let degree = |p: &str| {
        matches!(p.replace('.', "").as_str(), "MD" | "PhD" | "MSc" | "BSc" | "DVM" | "MPH" | "DPhil" | "RN" | "FRCS" | "Jr" | "and")
    };
    let parts: Vec<String> = (parts.map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")))
        .map(|p| p.trim_start_matches("and ").to_owned())
        .filter(|p| !p.is_empty() && !degree(p))
        .collect();
    let particle = |w: &str| {
        matches!(w, "van" | "von" | "de" | "der" | "den" | "del" | "la" | "le" | "di" | "da" | "dos" | "bin" | "al" | "ten" | "el")
    };
    let is_name = |p: &String| {
        let words: Vec<&str> = p.split(' ').collect();
        (2..=6).contains(&words.len())
            && words.iter().all(|w| particle(w) || w.starts_with(char::is_uppercase))
            && !p.chars().any(|c| c.is_ascii_digit() || matches!(c, ':' | '(' | '/'))
            && !layout::names_a_section(p)
    };
    if !parts.is_empty() && parts.iter().all(is_name) { parts } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_authors() {
        assert_eq!(names("Jane Roe, John A. Doe, MD and Ann de la Lind*"), ["Jane Roe", "John A. Doe", "Ann de la Lind"]);
        assert_eq!(names("Ann Lind  Ben Okafor"), ["Ann Lind", "Ben Okafor"]);
        for no in ["Roe Clinic, Oldtown", "12 March 2021", "Cells calm the hip", "Results", "Institute of Gait, Newtown"] {
            assert!(names(no).is_empty(), "{no}");
        }
    }
}
