//! Labelled words of a reference string to its fields: names split, punctuation and quotation marks off.

use super::labeller::{Label, Weights, words};
use crate::document::Reference;
use crate::text::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// Year, volume, issue and pages as Vancouver writes them: `2001;35(7):251-6`.
static VANCOUVER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<year>(?:19|20)\d\d)[^;:()]{0,16};\s*(?P<volume>\d+(?:-?[A-Za-z]\b)?)\s*(?:Suppl[^:;()]{0,12})?(?:\([^()]{0,30}\))?\s*(?::\s*(?P<pages>[A-Za-z]{0,2}\d+[A-Za-z]?\b(?:\s?[-–—]\s?[A-Za-z]?\d+[A-Za-z]?\b)?))?",
    )
});
static VOLUME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^\d]*(?:(?:19|20)\d\d\s*;\s*)?(\d+[A-Za-z]?|[IVXLC]+\b)"));
static PAGES: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z]{0,2}\d+(?:\s?[-–—−]+\s?[A-Za-z]?\d+)?"));

/// Fills authors, year, title, venue, volume and pages.
pub(crate) fn fill(weights: &Weights, text: &str, reference: &mut Reference) {
    let words = words(text);
    let labels = weights.label(&words);
    let start = |w: &str| w.as_ptr() as usize - text.as_ptr() as usize;
    // Runs of words with one label.
    let mut runs: Vec<(Label, &str)> = Vec::new();
    let mut from = 0;
    for i in 1..=words.len() {
        if i == words.len() || labels[i] != labels[from] {
            let end = start(words[i - 1]) + words[i - 1].len();
            runs.push((labels[from], &text[start(words[from])..end]));
            from = i;
        }
    }
    let first = |label: Label| runs.iter().find(|r| r.0 == label).map(|r| r.1);
    let names = first(Label::Author).or_else(|| first(Label::Editor));
    reference.authors = names.map(authors).unwrap_or_default();
    reference.title = first(Label::Title).map(bare).filter(|t| !t.is_empty());
    let venue = first(Label::Journal).or_else(|| first(Label::Container)).or_else(|| first(Label::Series));
    reference.venue = venue.map(|v| bare(without_in(v))).filter(|v| !v.is_empty());
    for run in runs.iter().filter(|r| matches!(r.0, Label::Date | Label::Volume)) {
        if reference.year.is_none() {
            (reference.year, reference.year_suffix) = super::reference::year(run.1);
        }
    }
    let group = |r: &Regex, run: Option<&str>, n: usize| run.and_then(|t| r.captures(t)?.get(n).map(|m| m.as_str().to_owned()));
    reference.volume = group(&VOLUME, first(Label::Volume), 1);
    reference.pages = group(&PAGES, first(Label::Pages), 0);
    if let Some(c) = VANCOUVER.captures(text) {
        reference.volume = c.name("volume").map(|m| m.as_str().to_owned());
        reference.pages = c.name("pages").map(|m| m.as_str().to_owned()).or(reference.pages.take());
        reference.year = c.name("year").and_then(|m| m.as_str().parse().ok()).or(reference.year);
        if reference.venue.is_none() && reference.title.is_some() {
            venue_before(c.name("year").map_or("", |m| &text[..m.start()]), reference);
        }
    }
    reference.pages = reference.pages.take().map(|p| p.replace([' '], "").replace(['–', '—', '−'], "-").replace("--", "-"));
}

/// Takes the sentence right before the year as the journal, and off the title where it was taken for its end.
fn venue_before(before: &str, reference: &mut Reference) {
    let before = before.trim_end_matches(['.', ',', ' ']);
    let Some((_, last)) = before.rsplit_once(". ").filter(|(_, v)| (1..=10).contains(&v.split_whitespace().count())) else { return };
    if let Some(title) = reference.title.as_deref().and_then(|t| t.strip_suffix(last)).map(bare).filter(|t| !t.is_empty()) {
        reference.title = Some(title);
        reference.venue = Some(bare(last)).filter(|v| !v.is_empty());
    }
}

/// A part without the punctuation and quotation marks around it.
fn bare(part: &str) -> String {
    let marks = ['"', '“', '”', '«', '»', '„', '‘', '`'];
    let mut s = part.trim();
    loop {
        let cut = s.trim_matches(['.', ',', ';', ':', ' ']).trim_matches(marks).trim_start_matches(['\'', '’']).trim();
        // An apostrophe may end a word; where one opened the part, its partner goes too.
        let cut =
            if s.starts_with(['\'', '‘', '`']) { cut.trim_end_matches(['\'', '’', ',', '.']) } else { cut.trim_end_matches("''") };
        if cut == s {
            return s.to_owned();
        }
        s = cut;
    }
}

fn without_in(venue: &str) -> &str {
    let lower = venue.trim_start();
    ["In: ", "In ", "in: ", "in ", "In : ", "Dans ", "dans "].iter().find_map(|p| lower.strip_prefix(p)).unwrap_or(lower)
}

static AND: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:,?\s+(?:and|und|et|y)\s+|\s*,?\s*&\s*)"));
static ET_AL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)[,\s]*\b(?:et\s+al|and\s+others|and\s+colleagues)\b\.?|,?\s*…\s*"));

/// Splits the names of a reference: "Roe, J., Doe, A. B., & Poe, C.", "Roe J, Doe AB", "J. Roe and A. Doe", "Roe, Jane".
///
/// ```
/// assert_eq!(evigraph::read::reference::authors("Roe, J., Doe, A. B., & Poe, C."), ["Roe, J.", "Doe, A. B.", "Poe, C."]);
/// ```
pub fn authors(text: &str) -> Vec<String> {
    let text = ET_AL.replace_all(text, "").replace("(eds.)", "").replace("(ed.)", "");
    let text = text.trim().trim_end_matches([',', ';', ':', ' ']);
    if text.contains(';') {
        return text.split(';').flat_map(|part| AND.split(part)).map(tidy).filter(|a| !a.is_empty()).collect();
    }
    let groups: Vec<Vec<&str>> = AND.split(text).map(|g| g.split(',').map(str::trim).filter(|p| !p.is_empty()).collect()).collect();
    let surnames_only = groups.last().is_some_and(|g| g.len() == 1 && !g[0].contains(' '));
    let mut names: Vec<String> = Vec::new();
    for (n, group) in groups.iter().enumerate() {
        let given_second = group.len() == 2
            && !surnames_only
            && !group[0].contains(' ')
            && group[1].split(' ').count() <= 3
            && !ends_in_initials(group[0]);
        for (i, piece) in group.iter().enumerate() {
            let attaches = i > 0 && (is_initials(piece) && !names.last().is_some_and(|name| ends_in_initials(name)) || given_second)
                || i == 0 && n > 0 && is_initials(piece) && !names.last().is_some_and(|name| ends_in_initials(name))
                || matches!(piece.trim_end_matches('.'), "Jr" | "Sr" | "II" | "III");
            match names.last_mut().filter(|_| attaches) {
                Some(name) => {
                    name.push_str(", ");
                    name.push_str(piece);
                }
                None => names.push((*piece).to_owned()),
            }
        }
    }
    names.iter().map(|n| tidy(n)).filter(|n| !n.is_empty()).collect()
}

/// A name without stray punctuation; the stop of an initial stays.
fn tidy(name: &str) -> String {
    let name = name.trim().trim_matches([',', ';', ':', '(', ')', '[', ']', ' ', '*']);
    let last = name.rsplit(' ').next().unwrap_or("");
    let initial = last.chars().filter(|c| c.is_alphabetic()).count() == 1 || last.trim_end_matches('.').contains('.');
    // "Roe J." at the end of a list without other stops: the stop ends the list.
    let family_first = !name.contains(',') && name.matches('.').count() == 1 && name.find(' ').is_some_and(|at| at > 1);
    if initial && !family_first { name.to_owned() } else { name.trim_end_matches('.').to_owned() }
}

/// "J.", "J. A.", "JA", "W.-P.".
fn is_initials(piece: &str) -> bool {
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
    (1..=4).contains(&letters)
        && piece.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-' | ' '))
        && (letters <= 3 || piece.contains('.'))
}

fn ends_in_initials(name: &str) -> bool {
    name.rsplit([' ', ',']).find(|w| !w.is_empty()).is_some_and(is_initials) && name.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_order() {
        for (text, names) in [
            ("Roe JJ, Doe A, de la Poe JC.", vec!["Roe JJ", "Doe A", "de la Poe JC"]),
            ("A. Roe, R. Doe, and W.-P. de Poe.", vec!["A. Roe", "R. Doe", "W.-P. de Poe"]),
            ("Roe, L. L., W. E. Doe, and R. E. Poe.", vec!["Roe, L. L.", "W. E. Doe", "R. E. Poe"]),
            ("Roe, E; Doe, C; Poe, J.", vec!["Roe, E", "Doe, C", "Poe, J."]),
            ("Roe, Jane B.,", vec!["Roe, Jane B."]),
            ("Roe et al.", vec!["Roe"]),
            ("World Joint Organization.", vec!["World Joint Organization"]),
        ] {
            assert_eq!(authors(text), names, "{text}");
        }
    }

    #[test]
    fn parts_without_their_punctuation() {
        assert_eq!(bare("“Knees: a tour,”"), "Knees: a tour");
        assert_eq!(bare("'Knees',"), "Knees");
        assert_eq!(bare("Patients' knees."), "Patients' knees");
    }
}
