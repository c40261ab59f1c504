//! The shape of a line of plain text: bullets, list numbers, headings, and the furniture of web pages.

use crate::text::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// How a line of plain text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A bullet; the text begins after this many bytes.
    Bullet(usize),
    /// A list or section number ("2.", "2.1"): its last part, how many parts it has, and where the text begins.
    Number { value: u32, depth: u8, text: usize },
    /// A number that only lists have ("2)", "(b)"); the text begins after this many bytes.
    Item(usize),
    /// Anything else.
    Plain,
}

static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:(\d{1,2}(?:\.\d{1,2}){0,4})\.|(\d{1,2}(?:\.\d{1,2}){1,4})|([IVX]{1,5})\.)\s+"));
static ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)\s+"));

/// The shape of a line without white space at its ends.
pub(crate) fn shape(line: &str) -> Shape {
    let Some(first) = line.chars().next() else { return Shape::Plain };
    let width = first.len_utf8();
    let rest = &line[width..];
    match first {
        '•' | '◦' | '▪' | '‣' | '●' | '○' | '■' | '□' | '⁃' | '▸' | '►' | '➤' | '✓' | '✔' => {
            return Shape::Bullet(width + rest.len() - rest.trim_start().len());
        }
        '-' | '*' | '+' | '–' | '—' | '·' if rest.starts_with(' ') => {
            return Shape::Bullet(width + rest.len() - rest.trim_start().len());
        }
        _ => {}
    }
    if let Some(found) = NUMBER.captures(line) {
        let text = found.get(0).map_or(0, |m| m.end());
        let (value, depth) = match found.get(1).or_else(|| found.get(2)) {
            Some(digits) => {
                let parts = digits.as_str().split('.');
                (parts.clone().next_back().and_then(|p| p.parse().ok()).unwrap_or(0), parts.count() as u8)
            }
            None => (roman(found.get(3).map_or("", |m| m.as_str())), 1),
        };
        return Shape::Number { value, depth, text };
    }
    ITEM.find(line).map_or(Shape::Plain, |m| Shape::Item(m.end()))
}

fn roman(numeral: &str) -> u32 {
    let digits: Vec<u32> = numeral
        .chars()
        .map(|c| {
            if c == 'X' {
                10
            } else if c == 'V' {
                5
            } else {
                1
            }
        })
        .collect();
    let subtract = |i: usize| digits.get(i + 1).is_some_and(|&next| next > digits[i]);
    let plus: u32 = (0..digits.len()).filter(|&i| !subtract(i)).map(|i| digits[i]).sum();
    let minus: u32 = (0..digits.len()).filter(|&i| subtract(i)).map(|i| digits[i]).sum();
    plus.saturating_sub(minus)
}

/// Whether every longer word of the line begins with a capital, a digit or a symbol, as in "Evolution & Results Timeline".
pub(crate) fn is_title_case(line: &str) -> bool {
    let mut words = 0;
    for word in line.split_whitespace() {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if letters >= 4 || words == 0 {
            if word.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase) {
                return false;
            }
            words += 1;
        }
    }
    words > 0
}

/// Whether the line has letters and all of them are capitals.
pub(crate) fn is_upper_case(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphabetic()).count() >= 4 && !line.chars().any(char::is_lowercase)
}

/// Words that name a section of an article or of a clinic's page, in lower case.
static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:the\s+|our\s+|study\s+|main\s+|clinical\s+|supporting\s+|key\s+|overall\s+)*
        (?:abstract|summary|introduction|background|objectives?|aims?|purpose|methods?|methodology|materials?|patients|participants|results?|findings|outcomes?
        |discussion|conclusions?|limitations?|evidence|mechanisms?|timeline|evolution|case|protocols?|treatments?|therapy|safety|risks?|side\s+effects|dosage
        |symptoms|diagnosis|prognosis|causes|prevention|interventions?|statistics|statistical|acknowledge?ments?|funding|keywords?|overview|data|ethics
        |implications|takeaways?|benefits|indications|contraindications|follow-up)\b",
    )
});

/// Whether a heading begins with a word that sections usually have.
pub(crate) fn names_a_section(heading: &str) -> bool {
    SECTION.is_match(heading)
}

// Bytes are counted: a pattern that counts characters takes long to compile.
static FURNITURE: LazyLock<regex::bytes::Regex> = LazyLock::new(|| {
    regex::bytes::Regex::new(
        r"(?ix)^[\s\W]*(?:
          \d+\s*-?\s*min(?:ute)?s?(?:\s+of)?\s+read(?:ing)?(?:\s+time)? | (?:reading|read)\s+time\b(?-u:.){0,30}
        | (?:back|return|go)\s+to\s+(?:the\s+)?(?:blog|home|homepage|top|news|articles?|list|index|overview|start|all\s+posts)\b(?-u:.){0,20}
        | back\s*links?:? | (?:comments?|menu|search|home|login|sign\s+(?:in|up)|advertisement|sponsored) | (?:share|tweet|like|subscribe|print|download)(?:\s+(?:this|on|now|us|pdf|page|article|post|references|citation|figure)\b(?-u:.){0,40})?
        | follow\s+us\b(?-u:.){0,40} | (?:read|learn|show|view|see)\s+(?:more|less|all) | (?:related|recent|popular|latest)\s+(?:posts?|articles?|stories|news)
        | (?:next|previous|older|newer)(?:\s+(?:post|article|page)s?)? | (?:table\s+of\s+)?contents | skip\s+to\s+(?-u:.){0,30}
        | (?:tags?|categor(?:y|ies)|filed\s+under|posted\s+in|topics?)\s*:(?-u:.){0,120} | (?:©|\(c\)|copyright)\s(?-u:.){0,120} | (?-u:.){0,60}all\s+rights\s+reserved(?-u:.){0,20}
        | (?:full\s+size|view\s+large)\s+(?:image|table|figure|version)? | (?:open|view|click|enlarge)\s+(?:\w+\s+){0,3}(?:in\s+(?:a\s+)?new\s+tab|larger?\s+image|full[\s-]size)\b(?-u:.){0,20}
        | (?:author\s+links\s+open|you\s+can\s+also\s+search\s+for\s+this\s+author)\b(?-u:.){0,40} | cite\s+this\s+article | \d+\s+(?:accesses|citations?|altmetric|saves?)
        | leave\s+a\s+(?:reply|comment) | (?:no|\d+)\s+(?:comments?|shares?|likes?|views?|repl(?:y|ies)) | (?:book|schedule|request)\s+(?:a|an|your)\s+(?:free\s+)?(?:appointment|consultation|call)\b(?-u:.){0,30}
        | contact\s+us\b(?-u:.){0,30} | (?:this\s+(?:site|website)\s+uses|we\s+use|accept(?:\s+all)?)\s+cookies\b(?-u:.){0,80} | page\s+\d+(?:\s+of\s+\d+)?
        | (?:https?://|www\.)\S+ )[\s\W]*$",
    )
    .expect("a constant pattern")
});

/// Whether a line belongs to the page and not to the article: reading time, share buttons, links back, tags.
pub(crate) fn is_furniture(line: &str) -> bool {
    line.len() <= 200 && FURNITURE.is_match(line.as_bytes())
}

static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i:by|written by|posted by|authors?|reviewed by|medically reviewed by|edited by)\s*:?\s+((?:(?i:dr|prof|mr|ms|mrs)\.?\s+)?\p{Lu}[\w.’'-]*(?:[ ,&]+(?:and\s+|de\s+|la\s+|del\s+|van\s+|von\s+|der\s+)*\p{Lu}[\w.’'-]*)*)\s*$",
    )
});

/// The names of a byline ("By Dr Jane Roe, MD"), if the line is one. Reviewers and editors give an empty name.
pub(crate) fn byline(line: &str) -> Option<&str> {
    if line.len() > 200 {
        return None;
    }
    let names = BYLINE.captures(line)?.get(1)?.as_str();
    let lower = line.to_lowercase();
    Some(if lower.contains("reviewed") || lower.starts_with("edited") { "" } else { names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        assert_eq!(shape("•Reduce pain"), Shape::Bullet(3));
        assert_eq!(shape("- reduce"), Shape::Bullet(2));
        assert_eq!(shape("-5 points"), Shape::Plain);
        assert_eq!(shape("2.1 Knees"), Shape::Number { value: 1, depth: 2, text: 4 });
        assert_eq!(shape("IV. Knees"), Shape::Number { value: 4, depth: 1, text: 4 });
        assert_eq!(shape("b) knees"), Shape::Item(3));
        assert_eq!(shape("2.5 mm were lost"), Shape::Number { value: 5, depth: 2, text: 4 });
    }

    #[test]
    fn furniture_is_told_from_text() {
        for yes in [
            "3 min read",
            "Back to Blog",
            "Backlink:",
            "Share this article",
            "© 2024 Roe Clinic",
            "https://example.org/a",
            "Tags: knee, hip",
        ] {
            assert!(is_furniture(yes), "{yes}");
        }
        for no in [
            "Pain fell after 3 min.",
            "Home exercise reduced pain",
            "Search strategy",
            "Comments on the trial",
            "Contents of collagen rose",
        ] {
            assert!(!is_furniture(no), "{no}");
        }
        assert_eq!(byline("By Dr. Jane Roe and Ann de Doe"), Some("Dr. Jane Roe and Ann de Doe"));
        assert_eq!(byline("By reducing IL-6"), None);
    }

    #[test]
    fn cases() {
        assert!(is_title_case("Evolution & Results Timeline") && is_title_case("Mechanism of Action"));
        assert!(!is_title_case("Intrathecal AMSC administration"));
        assert!(is_upper_case("METHODS") && !is_upper_case("IL-6"));
    }
}
