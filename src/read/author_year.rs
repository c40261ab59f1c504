//! Citations by author and year: "(Roe et al., 2020a; Doe and Poe 2019)" and "Roe et al. (2020)".

use crate::document::{Citation, Document, Reference};
use crate::text::{Span, pattern};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

const NAME: &str = r"(?:(?:van der|van den|van de|van|von der|von|de la|de los|del|de|di|da|dos|la|le|el|al|ter|ten)[ -])*(?:O['’]|d['’]|D['’]|Mc|Mac)?\p{Lu}[\p{L}'’-]+";

/// A parenthesis (or bracket) with a year in it. Bytes are counted: a pattern that counts characters takes long to compile.
static GROUP: LazyLock<regex::bytes::Regex> = LazyLock::new(|| {
    regex::bytes::Regex::new(r"[(\[](?-u:[^()\[\]\n]){0,400}?\b(?:1[89]|20)[0-9]{2}[a-z]?\b(?-u:[^()\[\]\n]){0,400}[)\]]")
        .expect("a constant pattern")
});
/// One work inside a parenthesis: authors, then years.
static WORK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?P<first>{NAME})(?:,? (?:[A-Z]\.[ ]?)+)?(?P<more>(?:, (?:{NAME}))*,? (?:and|&|und|y|et) (?P<second>{NAME})|,? et al\.?,?| and (?:colleagues|coworkers))?,?\s*[\[(]?(?P<years>(?:1[89]|20)\d\d[a-z]?(?:\s*[,/&]\s*(?:(?:1[89]|20)\d\d[a-z]?|[a-z]\b))*)"
    ))
});
/// Authors in the sentence, years in parentheses.
static NARRATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?P<first>{NAME})(?P<more>(?:, (?:{NAME}))*,? (?:and|&) (?P<second>{NAME})|,? et al\.?,?| and (?:colleagues|coworkers))?(?:['’]s)?\s*[\[(](?P<years>(?:1[89]|20)\d\d[a-z]?(?:\s*[,;/&]\s*(?:(?:1[89]|20)\d\d[a-z]?|[a-z]\b))*)[^()\[\]\n]{{0,40}}[)\]]"
    ))
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"((?:1[89]|20)\d\d)?([a-z])?"));

/// The reference list by first author and year.
struct Index<'d> {
    entries: HashMap<(String, u16), Vec<&'d Reference>>,
    numbered: bool,
}

impl<'d> Index<'d> {
    fn new(references: &'d [Reference]) -> Self {
        let mut entries: HashMap<(String, u16), Vec<&Reference>> = HashMap::new();
        for reference in references {
            let name = reference.authors.first().map_or_else(|| reference.raw.as_str(), String::as_str);
            if let Some(year) = reference.year {
                for name in [fold(super::reference::surname(name)), fold(last_word(super::reference::surname(name)))] {
                    let list = entries.entry((name, year)).or_default();
                    if list.last().is_none_or(|r| !std::ptr::eq(*r, reference)) {
                        list.push(reference);
                    }
                }
            }
        }
        Self { entries, numbered: references.iter().any(|r| r.key.parse::<u32>().is_ok()) }
    }

    /// Keys of the works by `first` (and `second`) of `year`; of several, those whose letter or second author agree.
    fn find(&self, first: &str, second: Option<&str>, year: u16, suffix: Option<char>) -> Option<String> {
        let list = self.entries.get(&(fold(first), year)).or_else(|| self.entries.get(&(fold(last_word(first)), year)))?;
        let by_letter = |r: &&&Reference| suffix.is_some() && r.year_suffix == suffix;
        let by_second = |r: &&&Reference| {
            let name = r.authors.get(1).map(|n| fold(last_word(super::reference::surname(n))));
            second.is_some_and(|s| name == Some(fold(last_word(s))))
        };
        let nth = suffix.map(|c| (c as usize).saturating_sub('a' as usize)).filter(|_| list.iter().all(|r| r.year_suffix.is_none()));
        let chosen = (list.iter().find(by_letter))
            .or_else(|| nth.and_then(|n| list.get(n)))
            .or_else(|| list.iter().find(by_second))
            .or_else(|| list.iter().find(|r| second.is_none() || r.authors.len() != 1))
            .or_else(|| list.first())?;
        Some(chosen.key.clone())
    }
}

fn last_word(name: &str) -> &str {
    name.rsplit([' ', '\u{a0}']).next().unwrap_or(name)
}

/// Letters only, in lower case, without accents.
fn fold(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfd().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// Marks citations by author and year. Works that the list does not have are kept as dangling ("Roe 2020")
/// where the list is unnumbered and the citation says "et al." or names two authors.
pub(crate) fn mark(document: &Document, blocks: &[Span], found: &mut Vec<Citation>) {
    let index = Index::new(&document.references);
    if index.numbered && index.entries.is_empty() {
        return;
    }
    let unnumbered = !index.numbered && !document.references.is_empty();
    for block in blocks {
        let words = block.of(&document.text);
        let mut ends = 0;
        for m in GROUP.find_iter(words.as_bytes()) {
            let group = words.get(m.range()).unwrap_or_default();
            let keys: Vec<String> = WORK.captures_iter(group).flat_map(|c| works(&index, &c, unnumbered)).collect();
            push(found, block.start + m.start(), block.start + m.end(), keys);
        }
        for c in NARRATIVE.captures_iter(words) {
            let Some(whole) = c.get(0) else { continue };
            if whole.start() < ends {
                continue;
            }
            ends = whole.end();
            let keys = works(&index, &c, unnumbered);
            push(found, block.start + whole.start(), block.start + whole.end(), keys);
        }
    }
    found.sort_by_key(|c| (c.span.start, c.span.end));
}

fn push(found: &mut Vec<Citation>, start: usize, end: usize, keys: Vec<String>) {
    let mut unique: Vec<String> = Vec::new();
    for key in keys {
        if !unique.contains(&key) {
            unique.push(key);
        }
    }
    if !unique.is_empty() {
        found.push(Citation { span: Span::new(start, end), keys: unique });
    }
}

/// The keys that one citation names, one for each of its years.
fn works(index: &Index, captures: &regex::Captures, unnumbered: bool) -> Vec<String> {
    let name = |group: &str| captures.name(group).map(|m| m.as_str());
    let (Some(first), Some(years)) = (name("first"), name("years")) else { return Vec::new() };
    let mut keys = Vec::new();
    let mut year = None;
    for part in years.split([',', ';', '/', '&']).map(str::trim) {
        let Some(c) = YEAR.captures(part) else { continue };
        year = c.get(1).and_then(|y| y.as_str().parse::<u16>().ok()).or(year);
        let suffix = c.get(2).and_then(|s| s.as_str().chars().next());
        let Some(year) = year else { continue };
        match index.find(first, name("second"), year, suffix) {
            Some(key) => keys.push(key),
            None if unnumbered && captures.name("more").is_some() => {
                keys.push(format!("{first} {year}{}", suffix.map(String::from).unwrap_or_default()));
            }
            None => {}
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use crate::document::{DocumentBuilder, Format};
    use crate::read::{citation, reference_list};

    fn keys(text: &str) -> Vec<String> {
        let mut b = DocumentBuilder::new("a", Format::Text);
        b.push(text);
        let mut d = b.finish();
        let entries = [
            "Roe, J., & Doe, A. (2020a). Knees and pain in runners. Journal of Joint Care, 1(2), 3-4.",
            "Roe, J., Poe, E., & Doe, A. (2020b). Hips and pain in walkers. Journal of Joint Care, 1(3), 5-9.",
            "van der Berg, K. (2019). Ankles and their ligaments. Journal of Joint Care, 3(4), 5-6.",
            "Doe, A., & Müller, B. (2018). Spines of rats. Journal of Joint Care, 7, 8-9.",
        ];
        reference_list::add_raw(&mut d, entries.iter().map(|e| (None, (*e).to_owned(), None)).collect(), false);
        citation::mark(&mut d);
        d.citations.iter().map(|c| c.keys.join("; ")).collect()
    }

    #[test]
    fn groups_and_sentences() {
        assert_eq!(keys("Pain fell (Roe & Doe, 2020a; van der Berg 2019)."), ["Roe 2020a; van der Berg 2019"]);
        assert_eq!(keys("Roe et al. (2020b) and Doe and Muller (2018) agree."), ["Roe 2020b", "Doe 2018"]);
        assert_eq!(keys("Known (e.g., Roe et al., 2020a, b)."), ["Roe 2020a; Roe 2020b"]);
    }

    #[test]
    fn works_that_the_list_lacks() {
        assert_eq!(keys("Shown (Moe et al., 2017)."), ["Moe 2017"]);
        assert!(keys("In March 2017 (June 2018) the trial (Medellín, 2019) began.").is_empty());
    }
}
