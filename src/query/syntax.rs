//! Syntax errors of SPARQL in words that help: the line, a caret, the missing prefix, the word that was meant.

use super::nearest;
use crate::graph::{Prefixes, vocabulary};
use crate::text::pattern;
use regex::Regex;
use std::fmt;
use std::sync::LazyLock;

/// Where a query is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The text of the line.
    pub text: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let pad: String = self.text.chars().take(self.column.saturating_sub(1)).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        writeln!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        writeln!(f, "{number} | {}", self.text)?;
        write!(f, "{} | {pad}^", " ".repeat(number.len()))
    }
}

/// Words of SPARQL 1.1.
const KEYWORDS: &[&str] = &[
    "SELECT",
    "CONSTRUCT",
    "DESCRIBE",
    "ASK",
    "WHERE",
    "FILTER",
    "OPTIONAL",
    "UNION",
    "MINUS",
    "GRAPH",
    "SERVICE",
    "BIND",
    "VALUES",
    "ORDER",
    "GROUP",
    "BY",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "DISTINCT",
    "REDUCED",
    "PREFIX",
    "BASE",
    "FROM",
    "NAMED",
    "EXISTS",
    "NOT",
    "COUNT",
    "SUM",
    "AVG",
    "MIN",
    "MAX",
    "SAMPLE",
    "GROUP_CONCAT",
    "SEPARATOR",
    "REGEX",
    "CONTAINS",
    "STRSTARTS",
    "STRENDS",
    "LCASE",
    "UCASE",
    "BOUND",
    "COALESCE",
    "LANG",
    "DATATYPE",
    "CONCAT",
    "SUBSTR",
    "STRLEN",
    "REPLACE",
    "INSERT",
    "DELETE",
    "DATA",
    "CLEAR",
    "DROP",
    "LOAD",
    "INTO",
    "UNDEF",
    "DESC",
    "ASC",
];

static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)error at (\d+):(\d+): expected (.*)"));
/// Strings, addresses and comments, which are passed over, and prefixed names.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x) "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | <[^<>\s]*> | \#[^\n]* | (?i:\bprefix)\s+(?P<declared>[\w.-]*)\s*: | [?$]\w+ | (?P<prefix>[A-Za-z][\w.-]*):(?P<local>[\w-]*)"#,
    )
});

/// Prefixed names of a query, as (byte, prefix, local name), and the prefixes that it declares.
fn prefixed_names(query: &str) -> (Vec<(usize, &str, &str)>, Vec<&str>) {
    let (mut names, mut declared) = (Vec::new(), Vec::new());
    for found in TOKEN.captures_iter(query) {
        if let Some(name) = found.name("declared") {
            declared.push(name.as_str());
        } else if let (Some(prefix), Some(local)) = (found.name("prefix"), found.name("local")) {
            names.push((prefix.start(), prefix.as_str(), local.as_str()));
        }
    }
    (names, declared)
}

/// Terms of the project's vocabulary that a query uses and that do not exist, each with the one that was meant, as sentences.
pub fn unknown_terms(query: &str) -> Vec<String> {
    let known: Vec<&str> = ontology_terms();
    let (names, declared) = prefixed_names(query);
    let mut notes = Vec::new();
    for (_, prefix, local) in names {
        if prefix == "evi" && !declared.contains(&"evi") && !known.contains(&local) {
            let meant = nearest(local, known.iter().copied()).map(|k| format!("; did you mean evi:{k}?")).unwrap_or_default();
            notes.push(format!("the ontology has no term evi:{local}{meant}"));
        }
    }
    notes.sort();
    notes.dedup();
    notes
}

/// The local names that the ontology defines.
fn ontology_terms() -> Vec<&'static str> {
    static TERMS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let defined = vocabulary::ONTOLOGY_TTL.lines().filter_map(|l| l.strip_prefix("evi:")?.split_once(' '));
        defined.map(|(name, _)| name.to_owned()).collect()
    });
    TERMS.iter().map(String::as_str).collect()
}

/// Explains why `query` was refused with `error`.
pub fn explain(query: &str, error: &str) -> SyntaxError {
    let at = |line: usize, column: usize, message: String| {
        let text = query.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned();
        SyntaxError { line, column, text, message }
    };
    let (names, declared) = prefixed_names(query);
    let known = |p: &str| declared.contains(&p) || Prefixes::shipped().namespace(p).is_some();
    if let Some((byte, prefix, _)) = names.iter().find(|n| !known(n.1)) {
        let (line, column) = crate::text::TextIndex::new(query).line_column(*byte);
        let meant = nearest(prefix, Prefixes::shipped().iter().map(|p| p.0).chain(declared));
        let meant = meant.map(|k| format!("; did you mean {k}:?")).unwrap_or_default();
        return at(line, column, format!("the prefix {prefix}: is not known{meant} Declare others with PREFIX {prefix}: <…>"));
    }
    let Some(place) = PLACE.captures(error) else { return at(1, 1, error.to_owned()) };
    let number = |i: usize| place.get(i).and_then(|m| m.as_str().parse().ok()).unwrap_or(1);
    let (line, column): (usize, usize) = (number(1), number(2));
    let text = query.lines().nth(line - 1).unwrap_or_default();
    let chars: Vec<char> = text.chars().collect();
    let position = (column - 1).min(chars.len());
    // The parser gives up behind the word that is wrong: the nearest one before it that resembles a keyword is meant.
    for (word, start) in bare_words(&chars).into_iter().rev().filter(|w| w.1 <= position) {
        if KEYWORDS.contains(&word.to_uppercase().as_str()) || matches!(word.as_str(), "a" | "true" | "false") {
            continue;
        }
        if let Some(meant) = KEYWORDS
            .iter()
            .filter(|k| k.len() > 2)
            .min_by_key(|k| super::distance(&word.to_uppercase(), k))
            .filter(|k| super::distance(&word.to_uppercase(), k) <= 2)
        {
            return at(line, start + 1, format!("{word} is no word of SPARQL; did you mean {meant}?"));
        }
    }
    let found = match chars.get(position) {
        None if line >= query.lines().count() => "the query ends too early".to_owned(),
        None => "the line ends too early".to_owned(),
        Some(c) => format!("{c} is not expected here"),
    };
    at(line, column, format!("{found}{}", expected(place.get(3).map_or("", |m| m.as_str()), query)))
}

/// Words of a line that are neither variables, strings, addresses nor prefixed names, each with its column from 0.
fn bare_words(line: &[char]) -> Vec<(String, usize)> {
    let text: String = line.iter().collect();
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?x) "[^"]*"? | '[^']*'? | <[^<>\s]*> | \#.* | [?$]\w+ | [\w.-]*:[\w-]* | (?P<word>[A-Za-z_]+)"#));
    let found = WORD.captures_iter(&text).filter_map(|c| c.name("word"));
    found.map(|m| (m.as_str().to_owned(), text[..m.start()].chars().count())).collect()
}

/// What the parser expected, where it can be said in a few words.
fn expected(list: &str, query: &str) -> String {
    let opened = |open: char, close: char| query.matches(open).count() > query.matches(close).count();
    if opened('{', '}') && list.contains("\"}\"") {
        return "; a { is not closed".to_owned();
    }
    if opened('(', ')') && list.contains("\")\"") {
        return "; a ( is not closed".to_owned();
    }
    let quoted: Vec<&str> = list.split('"').skip(1).step_by(2).filter(|w| !w.is_empty()).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => format!("; expected {one}"),
        many if many.len() <= 6 => format!("; expected one of {}", many.join(" ")),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{QueryOptions, prepare};

    fn refused(query: &str) -> SyntaxError {
        match prepare(query, &QueryOptions::default()) {
            Err(e) => explain(query, &e.to_string()),
            Ok(_) => panic!("accepted: {query}"),
        }
    }

    #[test]
    fn the_caret_stands_under_the_error() {
        let e = refused("SELECT ?x\nWHERE {\n  ?x a evi:Claim\n  FLITER(?x = 1)\n}");
        assert_eq!((e.line, e.column), (4, 3), "{e}");
        assert!(e.message.contains("did you mean FILTER?"), "{e}");
        assert!(e.to_string().ends_with("4 |   FLITER(?x = 1)\n  |   ^"), "{e}");
    }

    #[test]
    fn a_missing_prefix_is_named() {
        let e = refused("SELECT ?x { ?x a evii:Claim ; rdfs:label \"nosuch:x\" }");
        assert_eq!((e.line, e.column), (1, 18));
        assert!(e.message.starts_with("the prefix evii: is not known; did you mean evi:?"), "{e}");
    }

    #[test]
    fn an_open_brace_is_told() {
        assert!(refused("SELECT ?x { ?x a evi:Claim").message.contains("a { is not closed"), "{}", refused("SELECT ?x { ?x a evi:Claim"));
        assert_eq!(refused("").line, 1);
    }

    #[test]
    fn unknown_terms_are_noted() {
        assert_eq!(
            unknown_terms("ASK { ?c a evi:Clam . ?c <http://x/evi:no> \"evi:no\" }"),
            ["the ontology has no term evi:Clam; did you mean evi:Claim?"]
        );
        assert!(unknown_terms("ASK { ?c a evi:Claim }").is_empty());
    }
}
