//! Sentence boundaries in biomedical prose.
//!
//! A stop ends a sentence unless it belongs to an abbreviation, an initial, a species name, a decimal or a list number, stands
//! inside short brackets, or is followed by what cannot begin a sentence. Citation markers and superscripts that follow the
//! stop (`growth.[1,2] Next`, `growth.3,4 Next`) belong to the sentence before. A line break alone ends nothing; a blank line
//! does. One pass, linear in the length of the text.

use super::abbreviations::{is_abbreviation, may_end};
use super::tokens::is_space;
use crate::text::Span;

/// Longest bracket, in bytes, that holds its sentence together.
const LONGEST_BRACKET: usize = 400;

/// Words that begin a sentence even after an initial or an abbreviation that could run on.
const STARTERS: [&str; 64] = [
    "The",
    "This",
    "These",
    "Those",
    "That",
    "We",
    "Our",
    "In",
    "It",
    "Its",
    "However",
    "Moreover",
    "Furthermore",
    "Therefore",
    "Thus",
    "Here",
    "There",
    "They",
    "Their",
    "To",
    "For",
    "From",
    "By",
    "At",
    "As",
    "An",
    "On",
    "With",
    "When",
    "While",
    "Where",
    "Whereas",
    "Although",
    "After",
    "Before",
    "Because",
    "Both",
    "Each",
    "All",
    "Some",
    "Such",
    "Since",
    "If",
    "No",
    "Not",
    "One",
    "Two",
    "Three",
    "Interestingly",
    "Additionally",
    "Finally",
    "Similarly",
    "Conversely",
    "Consistent",
    "Together",
    "Taken",
    "Then",
    "Another",
    "Among",
    "Also",
    "But",
    "Nevertheless",
    "Patients",
    "Mice",
];

/// Words before a single letter that then names a kind, not a person: `vitamin C. The`.
const KINDS: [&str; 18] = [
    "vitamin",
    "type",
    "group",
    "hepatitis",
    "protein",
    "factor",
    "grade",
    "class",
    "stage",
    "panel",
    "virus",
    "subtype",
    "arm",
    "cohort",
    "immunoglobulin",
    "coenzyme",
    "cyclin",
    "and",
];

/// The sentences of `span`, white space trimmed, in order; together they hold all that shows.
pub(crate) fn split(text: &str, span: Span) -> Vec<Span> {
    let Some(part) = text.get(span.start..span.end) else { return Vec::new() };
    let held = bracketed(part);
    let mut out = Vec::new();
    let mut start = 0;
    let mut close = |from: usize, to: usize| {
        let s = &part[from..to];
        let lead = s.len() - s.trim_start_matches(is_space).len();
        let trimmed = s.trim_matches(is_space);
        if !trimmed.is_empty() {
            out.push(Span::new(span.start + from + lead, span.start + from + lead + trimmed.len()));
        }
    };
    let mut held_at = 0;
    for (at, c) in part.char_indices() {
        if at < start {
            continue;
        }
        let end = match c {
            '\n' if blank_line(part, at) => Some(at),
            '.' | '!' | '?' | '…' | '。' => {
                while held.get(held_at).is_some_and(|h| h.end <= at) {
                    held_at += 1;
                }
                if held.get(held_at).is_some_and(|h| h.start <= at) { None } else { boundary(part, start, at, c) }
            }
            _ => None,
        };
        if let Some(end) = end {
            close(start, end);
            start = end;
        }
    }
    close(start, part.len());
    out
}

/// Outermost short brackets, in order.
fn bracketed(part: &str) -> Vec<Span> {
    let mut open: Vec<usize> = Vec::new();
    let mut out: Vec<Span> = Vec::new();
    for (at, c) in part.char_indices() {
        match c {
            '(' | '[' => open.push(at),
            ')' | ']' => {
                if let Some(from) = open.pop()
                    && at - from <= LONGEST_BRACKET
                {
                    while out.last().is_some_and(|s| s.start > from) {
                        out.pop();
                    }
                    out.push(Span::new(from, at));
                }
            }
            _ => {}
        }
    }
    out
}

fn blank_line(part: &str, at: usize) -> bool {
    let rest = &part[at + 1..];
    rest.find(|c: char| !matches!(c, ' ' | '\t' | '\r')).is_some_and(|i| rest[i..].starts_with('\n'))
}

/// Where the sentence from `start` ends, when the stop `c` at `at` ends it.
fn boundary(part: &str, start: usize, at: usize, c: char) -> Option<usize> {
    let mut end = at + c.len_utf8();
    let rest = &part[end..];
    if rest.starts_with(['.', '!', '?']) {
        return None;
    }
    end += rest.len() - rest.trim_start_matches(['"', '\'', '”', '’', ')', ']', '»', '*']).len();
    let marker = marker_end(&part[end..]);
    let before = last_word(&part[start..at]);
    if let Some(n) = marker {
        // A number straight after the stop is a superscript only behind a plain word.
        let plain = part[end..].starts_with(['[', '(']) || !part[end..].starts_with(|d: char| d.is_ascii_digit()) || is_plain(before);
        if plain {
            end += n;
        }
    }
    let rest = &part[end..];
    let Some(first) = rest.chars().next() else { return Some(part.len()) };
    if !is_space(first) {
        // A missing space: `results.These`.
        let glued = c == '.'
            && end == at + 1
            && is_plain(before)
            && first.is_uppercase()
            && is_plain(leading_word(rest))
            && STARTERS.contains(&leading_word(rest));
        return glued.then_some(end);
    }
    let mut next = rest.trim_start_matches(is_space);
    // A marker after a space belongs to the sentence before when a new one begins behind it.
    if marker.is_none()
        && next.starts_with('[')
        && let Some(n) = marker_end(next)
        && next[n..].starts_with(is_space)
        && next[n..].trim_start_matches(is_space).starts_with(|d: char| d.is_uppercase())
        && !is_abbreviation(before)
    {
        end = part.len() - next.len() + n;
        next = next[n..].trim_start_matches(is_space);
    }
    if next.is_empty() {
        return Some(part.len());
    }
    (begins(next) && (c != '.' || ends(part, start, at, before, next))).then_some(end)
}

/// Whether the stop after `before` can end a sentence that `next` follows.
fn ends(part: &str, start: usize, at: usize, before: &str, next: &str) -> bool {
    let word = leading_word(next);
    if is_abbreviation(before) || is_dotted(before) {
        return (may_end(before) || is_dotted(before)) && STARTERS.contains(&word);
    }
    let mut letters = before.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        let lead = part[start..at - before.len()].trim_end();
        if letter.is_alphabetic() && letter.is_uppercase() {
            let kind = last_word(lead);
            return KINDS.iter().any(|k| kind.eq_ignore_ascii_case(k))
                || (STARTERS.contains(&word) && !lead.is_empty())
                || lead.ends_with(|d: char| !d.is_alphanumeric() && d != '.' && d != ',');
        }
    }
    // `1. Introduction`: a number that begins the sentence counts a list.
    let numbered = part[start..at].trim_start_matches(is_space);
    !(numbered.len() <= 3 && !numbered.is_empty() && numbered.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a sentence can begin like this: no small letter, unless the word looks like a name (`mRNA`, `p53`, `α-SMA`).
fn begins(next: &str) -> bool {
    let Some(first) = next.chars().next() else { return false };
    if first.is_uppercase() || first.is_numeric() {
        return true;
    }
    if first.is_alphabetic() {
        let word = leading_word(next);
        return !first.is_lowercase() || !first.is_ascii() || word.chars().any(|c| c.is_uppercase() || c.is_ascii_digit());
    }
    match first {
        '(' | '[' | '"' | '“' | '‘' | '\'' | '«' => {
            next[first.len_utf8()..].chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric())
        }
        '•' | '‣' | '▪' | '·' | '–' | '—' | '-' | '*' => true,
        ',' | ';' | ':' | ')' | ']' | '/' | '=' | '<' | '>' | '%' | '.' | '?' | '!' => false,
        _ => true,
    }
}

/// Length of a citation marker at the start of `rest`: `[1,2]`, `(3)`, `4,5-7`, `¹²`; several in a row count as one.
fn marker_end(rest: &str) -> Option<usize> {
    let mut end = 0;
    loop {
        let s = &rest[end..];
        let n = match s.chars().next() {
            Some(open @ ('[' | '(')) => {
                let to = if open == '[' { ']' } else { ')' };
                let Some(n) = s.char_indices().take(120).find(|(_, c)| *c == to).map(|(i, _)| i) else { break };
                let inner = &s[1..n];
                if !inner.starts_with(|c: char| c.is_ascii_digit()) || !inner.chars().all(|c| c.is_ascii_digit() || " ,;-–—".contains(c))
                {
                    break;
                }
                n + 1
            }
            Some('0'..='9') if end == 0 => {
                let n = s.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '-' | '–')).unwrap_or(s.len());
                if n > 24
                    || !s[..n].ends_with(|c: char| c.is_ascii_digit())
                    || s.split([',', '-', '–']).next().is_some_and(|d| d.bytes().take_while(u8::is_ascii_digit).count() > 3)
                {
                    break;
                }
                n
            }
            Some('¹' | '²' | '³' | '⁰' | '⁴'..='⁹') => {
                s.find(|c: char| !matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | ',' | '-' | '–' | '⁻' | '˒')).unwrap_or(s.len())
            }
            _ => break,
        };
        end += n;
    }
    (end > 0).then_some(end)
}

/// The run of letters, digits and inner stops that ends `s`.
fn last_word(s: &str) -> &str {
    let from = s.char_indices().rev().take(40).take_while(|(_, c)| c.is_alphanumeric() || *c == '.').last().map_or(s.len(), |(at, _)| at);
    &s[from..]
}

/// The run of letters and digits that begins `s`, forty at most.
fn leading_word(s: &str) -> &str {
    let to = s.char_indices().take(40).take_while(|(_, c)| c.is_alphanumeric()).last().map_or(0, |(at, c)| at + c.len_utf8());
    &s[..to]
}

/// Whether a word is made of letters alone, two at least, and small but for the first.
fn is_plain(word: &str) -> bool {
    word.chars().count() >= 2 && word.chars().enumerate().all(|(i, c)| c.is_alphabetic() && (i == 0 || c.is_lowercase()))
}

/// Whether a word is made of single letters with stops between them: `e.g`, `U.S`, `i.p`.
fn is_dotted(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|p| p.chars().count() == 1 && p.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Splits `text` at ` | ` and checks that the splitter, given the text without them, does the same.
    fn check(marked: &str) {
        let text = marked.replace(" | ", " ");
        let found: Vec<&str> = split(&text, Span::new(0, text.len())).into_iter().map(|s| s.of(&text)).collect();
        assert_eq!(found.join(" | "), marked);
    }

    #[test]
    fn abbreviations_and_names_run_on() {
        check("Smith et al. reported growth of E. coli in Fig. 2 and Figs. 3-5. | The dose was 0.5 mg vs. 1 mg.");
        check("Cells (approx. 5 × 10. See above) grew. | J. B. Smith et al. (2003) agreed.");
        check("Mice received 5 mg i.p. daily. | They lived, e.g. Balb/c. | This was shown by Jones et al. | The rest died.");
        check("It needs vitamin C. | Another is vitamin D. | Staphylococcus aureus and S. aureus differ.");
    }

    #[test]
    fn citation_markers_stay_with_what_they_support() {
        check("Platelets promote growth.[1,2] | Next, IL-6 fell.3,4 | Then TNF rose.¹² | p53 was unchanged. [7-9] | We stopped.");
        check("Values were 3.5 and 4.2. | 12 mice died.");
    }

    #[test]
    fn line_breaks_alone_end_nothing() {
        let text = "Collagen was\nrestored. It\nheld\n\nHeading\n\n1. First item.";
        let found: Vec<&str> = split(text, Span::new(0, text.len())).into_iter().map(|s| s.of(text)).collect();
        assert_eq!(found, ["Collagen was\nrestored.", "It\nheld", "Heading", "1. First item."]);
    }

    proptest! {
        #[test]
        fn nothing_that_shows_is_lost(text in "\\PC{0,80}|[A-Za-z .?!\\[\\]()0-9,\n]{0,120}") {
            let spans = split(&text, Span::new(0, text.len()));
            let mut at = 0;
            for s in spans {
                prop_assert!(s.start >= at && !s.is_empty());
                prop_assert!(text[at..s.start].chars().all(is_space));
                at = s.end;
            }
            prop_assert!(text[at..].chars().all(is_space));
        }
    }
}
