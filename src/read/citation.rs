//! Citation markers in running text, and the entries of the reference list that they name.

use super::author_year;
use crate::document::{Citation, Document};
use crate::text::{Span, pattern};
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// `[1]`, `[3,5-7]`, `[^1]`, `[3]–[7]`, `[1], [2]` as one run each of brackets.
static BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\^?[^\[\]\n]{1,120}\](?:\s?[-–—−]\s?\[\d{1,4}\])?"));
/// The inside of brackets: numbers, commas, dashes.
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?i:refs?\.?|reviewed in|see(?: also)?|e\.g\.,?)?\s*\^?\d{1,4}[a-z]?(?:\s*(?:[,;&]|and|[-–—−‐‑]|to)\s*(?:ref\.?\s*)?\^?\d{1,4}[a-z]?)*\s*,?\s*$",
    )
});
static PARENTHESES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\(\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\)"));
static SUPERSCRIPT: LazyLock<Regex> = LazyLock::new(|| pattern(r"[⁰¹²³⁴-⁹](?:[⁰¹²³⁴-⁹⁻⁺˒,–-]*[⁰¹²³⁴-⁹])?"));

/// Finds the citation markers in the blocks of a document whose format carries none, and resolves them to its reference list.
///
/// Markers that the reader found itself are kept; the new ones join them in order of position. Numbers in brackets are
/// markers wherever they stand, and dangle where the list has no such entry. Numbers in parentheses, superscript digits,
/// and author and year are markers only as far as the reference list bears them out.
pub fn mark(document: &mut Document) {
    let keys: HashSet<&str> = document.references.iter().map(|r| r.key.as_str()).collect();
    let blocks: Vec<Span> = document.sections.iter().flat_map(|s| s.blocks.iter().map(|b| b.span)).collect();
    let text = &document.text;
    let mut found: Vec<Citation> = Vec::new();
    for &block in &blocks {
        bracketed(text, block, &keys, &mut found);
        superscripts(text, block, &keys, &mut found);
    }
    let numbered = document.references.iter().any(|r| r.key.parse::<u32>().is_ok());
    if found.is_empty() && document.citations.is_empty() {
        if numbered {
            parenthesised(text, &blocks, &keys, &mut found);
        }
        if found.is_empty() {
            author_year::mark(document, &blocks, &mut found);
        }
    } else if !numbered && !document.references.is_empty() {
        author_year::mark(document, &blocks, &mut found);
    }
    let mut taken: Vec<Span> = document.citations.iter().map(|c| c.span).collect();
    taken.sort_unstable();
    found.retain(|c| {
        let i = taken.partition_point(|t| t.end <= c.span.start);
        taken.get(i).is_none_or(|t| !t.overlaps(c.span))
    });
    document.citations.extend(found);
    document.citations.sort_by_key(|c| (c.span.start, c.span.end));
    document.citations.dedup();
}

/// The keys that the inside of a marker names, ranges expanded: `3,5-7` names 3, 5, 6 and 7.
///
/// ```
/// assert_eq!(evigraph::read::citation::expand("3, 5–7").unwrap(), ["3", "5", "6", "7"]);
/// assert_eq!(evigraph::read::citation::expand("95% CI"), None);
/// ```
pub fn expand(inside: &str) -> Option<Vec<String>> {
    if inside.len() > 200 || !NUMBERS.is_match(inside) {
        return None;
    }
    let mut keys: Vec<String> = Vec::new();
    let mut range = false;
    let mut number = String::new();
    for c in inside.chars().chain([' ']) {
        if c.is_ascii_digit() || c.is_ascii_lowercase() && number.ends_with(|d: char| d.is_ascii_digit()) {
            number.push(c);
            continue;
        }
        if !number.is_empty() {
            let key = std::mem::take(&mut number).trim_start_matches('0').to_owned();
            if key.is_empty() {
                return None;
            }
            add(&mut keys, key, range);
            range = false;
        }
        range |= matches!(c, '-' | '–' | '—' | '−' | '‐' | '‑');
    }
    (!keys.is_empty()).then_some(keys)
}

/// Adds a key, with those between the last key and it where it ends a range.
fn add(keys: &mut Vec<String>, key: String, range: bool) {
    let bounds = keys.last().and_then(|k| k.parse::<u32>().ok()).zip(key.parse::<u32>().ok());
    if let Some((from, to)) = bounds.filter(|&(from, to)| range && from < to && to - from <= 100) {
        keys.extend((from + 1..to).map(|k| k.to_string()));
    }
    if !keys.contains(&key) {
        keys.push(key);
    }
}

/// Whether keys can be entries: not zero, and no year that the list does not have.
fn plausible(list: &[String], keys: &HashSet<&str>) -> bool {
    list.iter().all(|k| {
        keys.contains(k.as_str()) || k.trim_end_matches(|c: char| c.is_alphabetic()).parse::<u32>().is_ok_and(|n| n > 0 && n < 1500)
    }) && (list.iter().any(|k| keys.contains(k.as_str())) || list.iter().all(|k| !k.ends_with(|c: char| c.is_alphabetic())))
}

fn bracketed(text: &str, block: Span, keys: &HashSet<&str>, found: &mut Vec<Citation>) {
    let words = block.of(text);
    for m in BRACKETS.find_iter(words) {
        // `[3]H-thymidine` and `x[2]y` are no markers; `pain[3].The` lacks a space only.
        let after = words[m.end()..].chars().take_while(|c| c.is_alphanumeric()).take(3).count();
        if (1..=2).contains(&after) || words[m.end()..].starts_with(|c: char| c.is_lowercase() || c.is_numeric()) {
            continue;
        }
        let inside = m.as_str().replace("][", ",").replace(['[', ']', '^'], "");
        let list = match expand(&inside) {
            Some(list) if plausible(&list, keys) => list,
            _ => {
                let named: Vec<String> = inside.split([',', ';']).map(|k| k.trim().trim_start_matches('@').to_owned()).collect();
                if !named.iter().all(|k| keys.contains(k.as_str())) {
                    continue;
                }
                named
            }
        };
        found.push(Citation { span: Span::new(block.start + m.start(), block.start + m.end()), keys: list });
    }
}

/// Superscript digits after a word or a stop, where the list has every number; `cm²` and `10⁶` are none.
fn superscripts(text: &str, block: Span, keys: &HashSet<&str>, found: &mut Vec<Citation>) {
    let words = block.of(text);
    for m in SUPERSCRIPT.find_iter(words) {
        let plain: String = m.as_str().chars().map(plain_digit).collect();
        let Some(list) = expand(&plain).filter(|l| l.iter().all(|k| keys.contains(k.as_str()))) else { continue };
        if m.as_str().chars().any(|c| c.is_ascii_digit()) || is_exponent(&words[..m.start()]) {
            continue;
        }
        found.push(Citation { span: Span::new(block.start + m.start(), block.start + m.end()), keys: list });
    }
}

fn plain_digit(c: char) -> char {
    match c {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁰' => '0',
        '⁴'..='⁹' => char::from(b'4' + (c as u32 - '⁴' as u32) as u8),
        '⁻' => '-',
        '˒' | '⁺' => ',',
        c => c,
    }
}

/// Whether a raised number after this text is a power, a charge or a unit's exponent rather than a marker.
pub(crate) fn is_exponent(before: &str) -> bool {
    let word: String = {
        let tail: Vec<char> =
            before.chars().rev().take_while(|c| c.is_alphanumeric() || matches!(c, 'μ' | 'χ' | '/' | '·' | '°')).take(12).collect();
        tail.into_iter().rev().collect()
    };
    let last = word.rsplit(['/', '·']).next().unwrap_or("");
    let unit = matches!(
        last,
        "m" | "cm"
            | "mm"
            | "km"
            | "dm"
            | "nm"
            | "μm"
            | "in"
            | "ft"
            | "s"
            | "sec"
            | "min"
            | "h"
            | "kg"
            | "g"
            | "mg"
            | "L"
            | "l"
            | "ml"
            | "mL"
            | "dl"
            | "dL"
            | "mol"
            | "Pa"
            | "R"
            | "r"
            | "χ"
            | "I"
            | "eta"
            | "chi"
            | "Chi"
    );
    unit || last.ends_with(|c: char| c.is_ascii_digit()) || last.chars().count() == 1 || before.is_empty()
}

/// Numbers in parentheses, in texts without any other marker, where the list has them and they cite most of it.
fn parenthesised(text: &str, blocks: &[Span], keys: &HashSet<&str>, found: &mut Vec<Citation>) {
    let mut candidates = Vec::new();
    let mut cited: HashSet<String> = HashSet::new();
    for block in blocks {
        for m in PARENTHESES.find_iter(block.of(text)) {
            let list = expand(m.as_str().trim_matches(['(', ')'])).unwrap_or_default();
            if !list.is_empty() && list.iter().all(|k| keys.contains(k.as_str())) {
                cited.extend(list.iter().cloned());
                candidates.push(Citation { span: Span::new(block.start + m.start(), block.start + m.end()), keys: list });
            }
        }
    }
    if cited.len() * 2 >= keys.len() {
        found.append(&mut candidates);
    }
}

/// Whether a line ends in a citation marker in brackets.
pub(crate) fn ends_with_marker(line: &str) -> bool {
    line.ends_with(']') && line.rfind('[').is_some_and(|at| expand(&line[at + 1..line.len() - 1]).is_some())
}

/// The numbers that the text holds in brackets, and as raised digits.
pub(crate) fn bracketed_numbers(text: &str) -> HashSet<String> {
    let bracketed = BRACKETS.find_iter(text).filter_map(|m| expand(&m.as_str().replace(['[', ']', '^'], "")));
    let raised = SUPERSCRIPT
        .find_iter(text)
        .filter(|m| !is_exponent(&text[..m.start()]))
        .filter_map(|m| expand(&m.as_str().chars().map(plain_digit).collect::<String>()));
    bracketed.chain(raised).take(500).flatten().collect()
}

/// Whether the text holds numbers in brackets, so that entries of an unnumbered list are meant by position.
pub(crate) fn has_numeric_markers(text: &str) -> bool {
    BRACKETS.find_iter(text).take(50).any(|m| expand(&m.as_str().replace(['[', ']'], "")).is_some())
        || SUPERSCRIPT.find_iter(text).take(50).any(|m| !is_exponent(&text[..m.start()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DocumentBuilder, Format};
    use crate::read::reference;

    fn marked(text: &str, entries: usize) -> Vec<(String, Vec<String>)> {
        let mut b = DocumentBuilder::new("a", Format::Text);
        b.push(text);
        let mut d = b.finish();
        d.references = (1..=entries).map(|n| reference::parse("Roe J. Knees. Joint Care. 2020.", &n.to_string())).collect();
        mark(&mut d);
        d.citations.iter().map(|c| (c.span.of(&d.text).to_owned(), c.keys.clone())).collect()
    }

    fn keys(text: &str, entries: usize) -> Vec<String> {
        marked(text, entries).into_iter().map(|m| m.1.join(" ")).collect()
    }

    #[test]
    fn lists_and_ranges() {
        assert_eq!(keys("Pain [1], gait [3,5-7] and bone [2, 4–5; 9].", 9), ["1", "3 5 6 7", "2 4 5 9"]);
        assert_eq!(keys("Known [3]–[7] and [1][2] and [^4].", 9), ["3 4 5 6 7", "1", "2", "4"]);
        assert_eq!(keys("Entry [12] is missing.", 3), ["12"]);
    }

    #[test]
    fn numbers_that_cite_nothing() {
        assert!(keys("[3H]-thymidine, [3]H, range [0.1, 0.5], [95% CI 1-2], [2020] and [0, 1]", 9).is_empty());
        assert!(keys("a dose (5) of 3 m² with 10⁶ cells and R² of 0.5", 9).is_empty());
    }

    #[test]
    fn superscripts_and_parentheses() {
        assert_eq!(keys("Pain fell.¹ Bone grew²,³ and healed⁴⁻⁶.", 9), ["1", "2 3", "4 5 6"]);
        assert_eq!(keys("Pain fell (1), bone grew (2, 3).", 3), ["1", "2 3"]);
    }

    #[test]
    fn a_megabyte_of_brackets_is_no_trouble() {
        assert!(keys(&"[".repeat(1 << 20), 3).is_empty());
        assert_eq!(keys(&"[1-9999]".repeat(1000), 3).len(), 0);
    }
}
