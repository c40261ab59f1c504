//! Tokens after the conventions of the CRAFT treebank.
//!
//! Brackets, quotes and punctuation stand alone; so do hyphens and slashes (`IL - 6`, `mg / kg`), but a hyphen after a bound
//! prefix (`anti-TNF`, `non-coding`, `post-transplant`) or before `fold` (`2-fold`) stays inside the word, as do decimals,
//! thousands, ions (`Ca2+`), addresses and abbreviations (`e.g.`, `Fig.`).

use super::abbreviations::is_abbreviation;
use crate::text::Span;

/// Prefixes that keep their hyphen.
const PREFIXES: [&str; 24] = [
    "anti", "non", "co", "pre", "post", "sub", "auto", "mid", "inter", "multi", "pro", "over", "semi", "re", "pseudo", "micro", "hetero",
    "intra", "pan", "homo", "extra", "hyper", "hypo", "ultra",
];

/// Ions whose charge stays with them.
const IONS: [&str; 14] = ["Ca2+", "Na+", "K+", "Mg2+", "Zn2+", "H+", "Fe2+", "Fe3+", "Mn2+", "Cu2+", "Li+", "Ca++", "Mg++", "NAD+"];

/// Length in bytes after which a word is joined to nothing more: what is longer is no word, and must not cost more.
const LONGEST_JOINED: usize = 100;

/// The spans of the tokens of `span`.
pub(crate) fn tokenize(text: &str, span: Span) -> Vec<Span> {
    let mut out = Vec::with_capacity(span.len() / 4);
    let Some(part) = text.get(span.start..span.end) else { return out };
    let mut start = None;
    for (at, c) in part.char_indices().chain([(part.len(), ' ')]) {
        if is_space(c) {
            if let Some(from) = start.take() {
                let last = part[at..].trim_start().is_empty();
                chunk(text, Span::new(span.start + from, span.start + at), last, &mut out);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    out
}

/// White space, and characters that show nothing.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Characters of a word. Marks that combine belong to what they stand on.
fn is_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '_' | '®' | '™' | '†' | '‡' | '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}')
        || (!c.is_ascii() && !c.is_whitespace() && !is_symbol(c) && c != '°' && c != 'º')
}

/// Characters beyond ASCII that stand alone.
fn is_symbol(c: char) -> bool {
    matches!(c,
        '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{ac}' | '\u{af}' | '\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}' | '\u{bf}' | '×' | '÷'
        | '\u{2010}'..='\u{205e}' | '\u{2190}'..='\u{23ff}' | '\u{2500}'..='\u{27bf}' | '\u{3000}'..='\u{303f}')
        && !matches!(c, '†' | '‡')
}

/// Splits a run without white space.
fn chunk(text: &str, span: Span, last: bool, out: &mut Vec<Span>) {
    let s = span.of(text);
    if is_address(s) {
        let inner = s.trim_end_matches(['.', ',', ';', ')', ']', ':']);
        out.push(Span::new(span.start, span.start + inner.len()));
        singles(text, Span::new(span.start + inner.len(), span.end), out);
        return;
    }
    let mut at = 0;
    while let Some(c) = s[at..].chars().next() {
        let end = if is_word(c) { word_end(s, at, last) } else { symbol_end(s, at) };
        let end = end.max(at + c.len_utf8());
        split_word(text, Span::new(span.start + at, span.start + end), out);
        at = end;
    }
}

fn is_address(s: &str) -> bool {
    s.contains("://")
        || s.starts_with("www.")
        || s.starts_with("doi:")
        || (s.starts_with("10.") && s.contains('/') && s.len() > 8 && s[3..].starts_with(|c: char| c.is_ascii_digit()))
        || (s.contains('@') && s.contains('.') && !s.contains(' '))
}

fn singles(text: &str, span: Span, out: &mut Vec<Span>) {
    let part = span.of(text);
    out.extend(part.char_indices().map(|(at, c)| Span::new(span.start + at, span.start + at + c.len_utf8())));
}

/// Where the token that begins with a symbol at `at` ends.
fn symbol_end(s: &str, at: usize) -> usize {
    let rest = &s[at..];
    let Some(c) = rest.chars().next() else { return at };
    let after = rest[c.len_utf8()..].chars().next();
    match c {
        // Repeated stars and dots are one token; so is a number that begins with its point.
        '*' | '.' if after == Some(c) => at + rest.chars().take_while(|&d| d == c).map(char::len_utf8).sum::<usize>(),
        '.' if after.is_some_and(|d| d.is_ascii_digit()) && (at == 0 || !s[..at].ends_with(is_word)) => word_end(s, at + 1, false),
        // Degrees keep their scale: `°C`.
        '°' | 'º' if after.is_some_and(|d| matches!(d, 'C' | 'F' | 'K')) => at + c.len_utf8() + 1,
        '\'' if rest.len() >= 2 && rest[1..].starts_with(['s', 'S']) && !rest[2..].starts_with(is_word) && s[..at].ends_with(is_word) => {
            at + 2
        }
        _ => at + c.len_utf8(),
    }
}

/// Where the token that begins with a word character at `at` ends.
fn word_end(s: &str, at: usize, last: bool) -> usize {
    let mut end = at;
    loop {
        end += s[end..].chars().take_while(|&c| is_word(c)).map(char::len_utf8).sum::<usize>();
        let (word, rest) = (&s[at..end], &s[end..]);
        let mut following = rest.chars();
        let (Some(c), next) = (following.next(), following.next()) else { return end };
        let digit_before = word.ends_with(|c: char| c.is_ascii_digit());
        let joins = match c {
            '.' => match next {
                Some(n) if n.is_ascii_digit() => word.chars().count() <= 3 || digit_before || word.contains('.'),
                Some(n) if is_word(n) => abbreviated(word) || digit_before || is_dotted(s, at, end),
                // The stop of an abbreviation is its own, but at the end of the sentence it closes that.
                _ => {
                    let sentence_end = last && rest[1..].chars().all(|c| !is_word(c)) && !rest[1..].contains(['.', ',']);
                    return if (is_abbreviation(word) || is_dotted(s, at, end)) && !sentence_end { end + 1 } else { end };
                }
            },
            ',' => digit_before && word.chars().all(|c| c.is_ascii_digit() || c == ',') && thousands(&rest[1..]),
            '-' | '–' | '‐' => {
                let tail = &rest[c.len_utf8()..];
                PREFIXES.iter().any(|p| word.eq_ignore_ascii_case(p)) && next.is_some_and(char::is_alphabetic)
                    || (tail.starts_with("fold") && c == '-' && !tail[4..].starts_with(is_word) && !word.contains('-'))
            }
            '+' => {
                let charge = rest.chars().take_while(|&c| c == '+').count();
                let ion = &s[at..end + charge];
                return if IONS.contains(&ion) { end + charge } else { end };
            }
            '\'' | '’' => {
                // `O'Brien` is one word, `cell's` two.
                matches!(word, "O" | "D" | "d" | "l") && next.is_some_and(char::is_uppercase)
            }
            _ => false,
        };
        if !joins || end - at > LONGEST_JOINED {
            return end;
        }
        end += c.len_utf8();
    }
}

/// Whether three digits, and no fourth, come first: `32,000`.
fn thousands(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3
}

/// Whether a run of letters before an inner stop may be part of an abbreviation or a name (`i.e.`, `B6.ApoE`).
fn abbreviated(word: &str) -> bool {
    word.chars().count() <= 3 || word.contains('.')
}

/// Whether the word up to the stop at `end` is made of single letters with stops: `e.g`, `U.S`.
fn is_dotted(s: &str, at: usize, end: usize) -> bool {
    let word = &s[at..end];
    word.contains('.') && word.split('.').all(|p| p.chars().count() == 1 && p.chars().all(char::is_alphabetic))
}

/// Splits what Penn tokens split inside a word: `cannot`, `don't`, and quantities written onto their unit stay whole.
fn split_word(text: &str, span: Span, out: &mut Vec<Span>) {
    let word = span.of(text);
    if word.eq_ignore_ascii_case("cannot") {
        out.push(Span::new(span.start, span.start + 3));
        out.push(Span::new(span.start + 3, span.end));
    } else {
        out.push(span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        tokenize(text, Span::new(0, text.len())).into_iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn hyphens_and_slashes_stand_alone_but_for_bound_prefixes() {
        assert_eq!(words("IL-6/IL-8 (2-fold)"), ["IL", "-", "6", "/", "IL", "-", "8", "(", "2-fold", ")"]);
        assert_eq!(words("anti-TNF-α in non-treated"), ["anti-TNF", "-", "α", "in", "non-treated"]);
    }

    #[test]
    fn numbers_and_units() {
        assert_eq!(
            words("1.5 mg/kg, 32,000 cells at 37°C (p<0.05; 20%)."),
            ["1.5", "mg", "/", "kg", ",", "32,000", "cells", "at", "37", "°C", "(", "p", "<", "0.05", ";", "20", "%", ")", "."]
        );
        assert_eq!(words("[1,2] Ca2+ Nkx2.5+/−"), ["[", "1", ",", "2", "]", "Ca2+", "Nkx2.5", "+", "/", "−"]);
    }

    #[test]
    fn abbreviations_keep_their_stop() {
        assert_eq!(words("Smith et al. (Fig. 2), e.g. mice."), ["Smith", "et", "al.", "(", "Fig.", "2", ")", ",", "e.g.", "mice", "."]);
        assert_eq!(words("they cannot"), ["they", "can", "not"]);
    }

    proptest! {
        #[test]
        fn tokens_cover_all_that_shows(text in "\\PC{0,80}|[a-z0-9 .,'()/+α–-]{0,80}") {
            let spans = tokenize(&text, Span::new(0, text.len()));
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
