//! Reference strings to references: authors, year, title, venue, volume, pages, identifiers and traceability.

use super::labeller::Weights;
use super::reference_fields;
pub use super::reference_fields::authors;
use crate::document::{Identifiers, Reference, Traceability};
use crate::text::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// The longest reference string that is parsed; the rest of a longer one is kept but not looked at.
const LONGEST: usize = 4_000;

/// Parses one entry of a reference list. `key` is how the article refers to it.
///
/// ```
/// use evigraph::{document::Traceability, read::reference};
/// let r = reference::parse("Roe et al. (2021). Journal of Joint Care.", "1");
/// assert_eq!((r.authors[0].as_str(), r.year, r.venue.as_deref()), ("Roe", Some(2021), Some("Journal of Joint Care")));
/// assert_eq!(r.traceability, Traceability::Citable);
/// ```
pub fn parse(raw: &str, key: &str) -> Reference {
    parse_with(Weights::shipped(), raw, key)
}

/// As [`parse`], with a labeller of one's own.
pub fn parse_with(weights: &Weights, raw: &str, key: &str) -> Reference {
    let raw = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut end = raw.len().min(LONGEST);
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    let text = &raw[..end];
    let mut reference = Reference {
        key: key.to_owned(),
        identifiers: Identifiers::find(text),
        raw: String::new(),
        span: None,
        authors: Vec::new(),
        year: None,
        year_suffix: None,
        title: None,
        venue: None,
        volume: None,
        pages: None,
        traceability: Traceability::Untraceable,
    };
    if names_a_record(text, &reference) {
        reference.title = Some(text.trim_end_matches('.').to_owned());
    } else if !short_form(text, &mut reference) {
        reference_fields::fill(weights, text, &mut reference);
    }
    if reference.year.is_none() {
        (reference.year, reference.year_suffix) = year(text);
    }
    reference.raw = raw;
    reference.traceability = traceability(&reference);
    reference
}

/// How far a reference can be followed: a persistent identifier, a named publication, or neither.
///
/// Internal data, case and registry numbers and personal communications are untraceable even where a venue-like name stands there.
pub fn traceability(reference: &Reference) -> Traceability {
    if reference.identifiers.is_persistent() {
        Traceability::Traceable
    } else if UNTRACEABLE.is_match(&reference.raw) && (reference.venue.is_none() || reference.volume.is_none() && reference.pages.is_none())
    {
        Traceability::Untraceable
    } else if reference.venue.is_some()
        || reference.title.is_some() && (!reference.authors.is_empty() && reference.year.is_some() || reference.identifiers.url.is_some())
    {
        Traceability::Citable
    } else {
        Traceability::Untraceable
    }
}

static UNTRACEABLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) \b(?:internal|in-house|proprietary|unpublished|company|clinic(?:al)?|hospital)\s+(?:data|records?|report|files?|registry|observations?|audit|archives?)\b
        | \bdata\s+on\s+file\b | \bunpublished\b | \bpersonal\s+(?:communication|observation|archive)s?\b | \bmanuscript\s+(?:in\s+preparation|submitted)\b
        | \b(?:case|registry|patient|record|file|chart)\s*(?:no\.?|number|id|nr\.?)?\s*\#\s*[\w-]+ | \b(?:case|registry|patient|record)\s+(?:no\.?|number|id)\s*:?\s*[A-Z]*-?\d",
    )
});

/// The family name of an author as written ("Roe, J.", "Roe JA", "J. A. van der Roe").
pub(crate) fn surname(author: &str) -> &str {
    let author = author.trim().trim_end_matches([',', '.', ';']);
    if let Some((family, _)) = author.split_once(',') {
        return family.trim();
    }
    let is_initials = |w: &str| {
        let letters: Vec<char> = w.chars().filter(|c| c.is_alphabetic()).collect();
        !letters.is_empty()
            && letters.len() <= 3
            && letters.iter().all(|c| c.is_uppercase())
            && (letters.len() == 1 || !w.contains(char::is_lowercase))
    };
    let mut words: Vec<&str> = author.split(' ').collect();
    if words.len() > 1 && words.last().is_some_and(|w| is_initials(w)) {
        let initials = words.iter().rev().take_while(|w| is_initials(w)).count().min(words.len() - 1);
        let keep: usize = words[..words.len() - initials].iter().map(|w| w.len() + 1).sum();
        return author[..keep.saturating_sub(1).min(author.len())].trim();
    }
    // Given names first: the family name begins at a particle, or is the last word.
    let particles = ["van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "la", "le", "ter", "ten", "bin", "el", "al"];
    let mut start = author.len();
    while let Some(word) = words.pop() {
        let first = start == author.len();
        if !first && !particles.contains(&word) {
            break;
        }
        start = word.as_ptr() as usize - author.as_ptr() as usize;
    }
    author[start..].trim()
}

static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[^\d./#-])((?:1[6-9]|20)\d\d)([a-z])?(?:$|[^\d\w])"));
static YEAR_BRACKETED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[(\[](?:[^()\[\]]{0,20}[\s,])?((?:1[6-9]|20)\d\d)([a-z])?(?:[\s,/–-][^()\[\]]{0,20})?[)\]]"));

/// The year of publication as far as the bare string tells: the first in parentheses, else the last.
pub(crate) fn year(text: &str) -> (Option<u16>, Option<char>) {
    let found = YEAR_BRACKETED.captures(text).or_else(|| YEAR.captures_iter(text).last());
    let year = found.as_ref().and_then(|c| c.get(1)).and_then(|m| m.as_str().parse().ok());
    let suffix = found.as_ref().and_then(|c| c.get(2)).and_then(|m| m.as_str().chars().next());
    (year, suffix)
}

static AUTHOR_YEAR_VENUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<name>[^.()]{2,80}?)(?P<al>,?\s+et\s+al\.?)?,?\s*\(?(?P<year>(?:19|20)\d\d)(?P<suffix>[a-z])?\)?[.,:]?\s+(?P<venue>[^.]{3,90}?(?:\. [^.]{2,60}?)??)\.?$",
    )
});
static NAME_DASH_VENUE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?P<title>[^–—.,]{3,100}?)\s+[–—-]\s+(?P<venue>[^–—,]{3,80}),\s*(?P<year>(?:19|20)\d\d)\.?$"));

/// Entries that name little more than a source: "Roe et al. (2021). Joint Care.", "Gait Study – Joint Care, 2020."
fn short_form(text: &str, reference: &mut Reference) -> bool {
    if let Some(c) = NAME_DASH_VENUE.captures(text) {
        let group = |n: &str| c.name(n).map_or("", |m| m.as_str()).trim();
        reference.title = Some(group("title").to_owned());
        reference.year = group("year").parse().ok();
        reference.venue = (!UNTRACEABLE.is_match(group("venue"))).then(|| group("venue").to_owned());
        return true;
    }
    if let Some(c) = AUTHOR_YEAR_VENUE.captures(text) {
        let group = |n: &str| c.name(n).map_or("", |m| m.as_str()).trim();
        let venue = group("venue");
        if !is_venue(venue) {
            return false;
        }
        let name = group("name");
        let is_author = c.name("al").is_some() || name.split(' ').count() <= 3 && !STUDY.is_match(name);
        if is_author {
            reference.authors = authors(name);
        } else {
            reference.title = Some(name.to_owned());
        }
        reference.year = group("year").parse().ok();
        reference.year_suffix = group("suffix").chars().next();
        reference.venue = Some(venue.to_owned());
        return true;
    }
    false
}

static STUDY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:study|trial|results?|data|cohort|survey|report|registry|analysis|review|investigation|project|case)\b")
});
static JOURNAL_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:journal|annals|archives|reviews?|proceedings|bulletin|transactions|letters|reports?|research|lancet|nature|science|cell|cells|blood|spine|radiology|circulation|neurology|brain|bone|medicine|surgery|therapy|acta|plos|bmj|jama|j|ann|arch|am|br|int|eur|clin|med|surg|rev|proc|dis|res|ther|orthop|rheum|biol|chem|sci|international|cartilage|arthroscopy|biomaterials|sports)\b",
    )
});

/// Whether a short string reads like the name of a journal: few words in title case or abbreviated, one of them a journal's word.
fn is_venue(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let titled = text.split_whitespace().all(|w| {
        let letters = w.chars().filter(|c| c.is_alphabetic()).count();
        letters <= 3 || w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
    });
    words <= 9 && titled && (JOURNAL_WORD.is_match(text) || words <= 3)
}

/// Entries that are the name or number of a record: a registered trial, a case, a registry.
fn names_a_record(text: &str, reference: &Reference) -> bool {
    let words = text.split(' ').count();
    let record = reference.identifiers.trial.is_some() && words <= 4 || UNTRACEABLE.is_match(text) && words <= 10;
    record && !text.contains(" et al") && !text.contains([',', ';', '–', '—'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_names() {
        for (author, family) in [
            ("Roe, J. A.", "Roe"),
            ("Roe JA", "Roe"),
            ("J. A. van der Roe", "van der Roe"),
            ("Jane Roe", "Roe"),
            ("de la Roe J", "de la Roe"),
            ("Roe", "Roe"),
        ] {
            assert_eq!(surname(author), family, "{author}");
        }
    }

    #[test]
    fn short_forms() {
        let r = parse("Gait Data – Radiology, 2023.", "3");
        assert_eq!((r.title.as_deref(), r.venue.as_deref(), r.year), (Some("Gait Data"), Some("Radiology"), Some(2023)));
        let r = parse("Ankle Cohort Study (2023). Foot Ankle Int.", "4");
        assert_eq!((r.authors.len(), r.venue.as_deref()), (0, Some("Foot Ankle Int")));
    }

    #[test]
    fn what_cannot_be_followed() {
        for raw in [
            "Gait Results – Internal Data, 2023.",
            "Roe Clinic Case #AB-2023-022.",
            "Knee Registry #KN-1",
            "Roe J, personal communication, 2020",
        ] {
            assert_eq!(parse(raw, "1").traceability, Traceability::Untraceable, "{raw}");
        }
        assert_eq!(parse("ClinicalTrials.gov NCT01234567.", "1").traceability, Traceability::Traceable);
    }
}
