//! Abbreviations that the text itself defines: "hepatocellular carcinoma (HCC)".
//!
//! After A. Schwartz and M. Hearst, A simple algorithm for identifying abbreviation definitions in biomedical text, PSB 2003,
//! with Greek letters read as their Latin initials and with "HCC (hepatocellular carcinoma)" and "HCC, hepatocellular carcinoma;" read too.

use super::normalise::greek;
use crate::text::Span;

/// A short form with the long form that the text gives for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abbreviation {
    /// Where the short form stands in its definition.
    pub short: Span,
    /// Where the long form stands.
    pub long: Span,
}

/// Longest inside of a bracket that is looked at, in bytes.
const LONGEST: usize = 160;

/// Finds the definitions in `text` within `region`, in order.
pub fn definitions(text: &str, region: Span) -> Vec<Abbreviation> {
    let mut found = Vec::new();
    let Some(part) = text.get(region.start..region.end) else { return found };
    for (open, _) in part.match_indices(['(', '[']) {
        let mut window = (open + 1 + LONGEST).min(part.len());
        while !part.is_char_boundary(window) {
            window -= 1;
        }
        let Some(inside) = part.get(open + 1..window) else { continue };
        let Some(close) = inside.find([')', ']', '(']) else { continue };
        let full = &inside[..close];
        // Later parts of the bracket are remarks: "(HCC; 12 patients)", "(TNF, also called cachectin)".
        let head = full.find([';', ',']).map_or(full, |at| &full[..at]);
        let mut done = false;
        for candidate in [full, head] {
            let lead = candidate.len() - candidate.trim_start().len();
            let candidate = candidate.trim().trim_matches(['"', '“', '”', '\'', '‘', '’']);
            if done || candidate.is_empty() {
                continue;
            }
            let start = open + 1 + lead + inside[lead..].find(candidate).unwrap_or(0);
            if is_short_form(candidate) {
                let before = clause_before(part, open, candidate);
                if let Some(from) = long_form(candidate, before) {
                    let end = before.trim_end().len();
                    let base = open - before.len();
                    found.push(at(region.start, start, start + candidate.len(), base + from, base + end));
                    done = true;
                    continue;
                }
            }
            // The other way round: "HCC (hepatocellular carcinoma)".
            let before = part[..open].trim_end();
            let word = before
                .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | ',' | ';'))
                .and_then(|w| before.get(w + 1..))
                .unwrap_or(before);
            let word = word.trim_start_matches(['"', '“', '\'']);
            if candidate.contains(' ') && is_short_form(word) && candidate.len() > word.len() && long_form(word, candidate) == Some(0) {
                let short = before.len() - word.len();
                found.push(at(region.start, short, short + word.len(), start, start + candidate.len()));
                done = true;
            }
        }
    }
    found
}

fn at(offset: usize, short: usize, short_end: usize, long: usize, long_end: usize) -> Abbreviation {
    Abbreviation { short: Span::new(offset + short, offset + short_end), long: Span::new(offset + long, offset + long_end) }
}

/// At most min(|A| + 5, 2|A|) words before the bracket, within the sentence.
fn clause_before<'a>(part: &'a str, open: usize, short: &str) -> &'a str {
    let letters = short.chars().filter(|c| c.is_alphanumeric()).count();
    let most = (letters + 5).min(letters * 2) + 1;
    let before = &part[..open];
    let mut from = before.len();
    let mut words = 0;
    let mut in_word = false;
    for (i, c) in before.char_indices().rev().take(400) {
        if c == '\n' || matches!(c, ';' | '(' | '[') || (matches!(c, '.' | '?' | '!') && before[i + 1..].starts_with(' ')) {
            break;
        }
        let space = c.is_whitespace() || c == '-' || c == '/';
        if space && in_word {
            words += 1;
            if words >= most {
                break;
            }
        }
        in_word = !space;
        from = i;
    }
    &before[from..]
}

/// Whether a string can be a short form: 2 to 12 characters, at most two words, a letter in it, the first one a letter or digit.
pub fn is_short_form(text: &str) -> bool {
    let n = text.chars().count();
    let first = text.chars().next();
    (2..=12).contains(&n)
        && text.split_whitespace().count() <= 2
        && text.chars().any(char::is_alphabetic)
        && first.is_some_and(char::is_alphanumeric)
        && (text.chars().any(|c| c.is_uppercase() || c.is_ascii_digit()) || n <= 5 && !text.contains(' '))
        && !text.contains(['=', '<', '>', '%'])
}

/// The characters of the short form that the long form must show, Greek letters by their Latin initials.
fn signs(short: &str) -> Vec<char> {
    let trimmed = short.strip_suffix('s').filter(|t| t.chars().count() > 1 && t.ends_with(char::is_uppercase)).unwrap_or(short);
    trimmed.chars().filter(|c| c.is_alphanumeric()).map(initial).collect()
}

fn initial(c: char) -> char {
    greek(c).and_then(|g| g.chars().next()).unwrap_or_else(|| c.to_lowercase().next().unwrap_or(c))
}

/// Where in `before` the long form of `short` begins.
fn long_form(short: &str, before: &str) -> Option<usize> {
    let signs = signs(short);
    let text: Vec<(usize, char)> = before.trim_end().char_indices().map(|(i, c)| (i, initial(c))).collect();
    let mut i = text.len();
    let mut start = None;
    for (n, &sign) in signs.iter().enumerate().rev() {
        let found = loop {
            if i == 0 {
                break None;
            }
            i -= 1;
            let begins = i == 0 || !text[i - 1].1.is_alphanumeric();
            if text[i].1 == sign && (n > 0 || begins) {
                break Some(i);
            }
        };
        start = Some(found?);
    }
    let start = text.get(start?)?.0;
    // The first word counts from its beginning, hyphenated ones from the part that matched.
    let long = before.trim_end().get(start..)?;
    let letters = short.chars().count();
    let words = long.split_whitespace().count();
    let sane = long.chars().count() > letters
        && words <= (signs.len() + 5).min(signs.len() * 2)
        && !long.split_whitespace().any(|w| w == short)
        && (long.contains(' ') || long.contains('-') || signs.len() >= 2 && long.chars().count() >= letters + 3);
    sane.then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        definitions(text, Span::new(0, text.len())).iter().map(|a| (a.short.of(text).to_owned(), a.long.of(text).to_owned())).collect()
    }

    #[test]
    fn definitions_are_found_either_way() {
        for (text, short, long) in [
            ("patients with hepatocellular carcinoma (HCC) were", "HCC", "hepatocellular carcinoma"),
            ("adipose-derived mesenchymal stem cells (AMSCs) and", "AMSCs", "adipose-derived mesenchymal stem cells"),
            ("Exposure to BPA (bisphenol A) raised", "BPA", "bisphenol A"),
            ("transforming growth factor-β1 (TGF-β1; 10 ng/ml)", "TGF-β1", "transforming growth factor-β1"),
            ("on postnatal day (PND) 7", "PND", "postnatal day"),
        ] {
            assert!(pairs(text).contains(&(short.to_owned(), long.to_owned())), "{text}: {:?}", pairs(text));
        }
    }

    #[test]
    fn brackets_that_define_nothing_give_nothing() {
        for text in ["in ten patients (p < 0.05)", "as shown (Figure 2)", "the cells (see above)", "(HCC)", "reduced (by 40%)"] {
            assert_eq!(pairs(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[a-zA-Z αβ()\\[\\];,é𝛼.-]{0,200}") {
            for a in definitions(&text, Span::new(0, text.len())) {
                prop_assert!(text.get(a.short.start..a.short.end).is_some() && text.get(a.long.start..a.long.end).is_some());
            }
        }
    }
}
