//! Whether a record is the work that a reference describes.

use super::Record;
use crate::document::Reference;
use crate::read::reference::surname;
use crate::text::pattern;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Share of the words of two titles that must be the same for the titles to be.
const SAME: f64 = 0.9;
/// Below this share two titles are those of different works.
const OTHER: f64 = 0.5;

static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:correction|corrigendum|erratum|errata|retraction|expression of concern|comment|commentary|reply|response|letter|withdrawal|authors? reply|editorial)\b(?: (?:to|of|on|for|note)\b)?",
    )
});
static WITHDRAWN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*[\[(]?(?:retracted(?:\s+article)?|withdrawn(?:\s+article)?)\s*[\])]?\s*[:.—–-]+\s*"));
static MARKUP: LazyLock<Regex> = LazyLock::new(|| pattern(r"</?[A-Za-z][^<>]{0,60}>"));

/// A title without markup, and whether it announces that the work was retracted.
pub(super) fn clean(title: &str) -> (String, bool) {
    let plain = MARKUP.replace_all(title, "").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match WITHDRAWN.find(&plain) {
        Some(found) => (plain[found.end()..].to_owned(), true),
        None => (plain, false),
    }
}

/// Letters and digits in lower case without accents, words parted by single spaces.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'æ' => out.push_str("ae"),
            c if c.is_alphanumeric() => out.push(c),
            '\'' | '’' => {}
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The share of words that two titles have in common, by the longer one and by the shorter one.
fn shared(a: &str, b: &str) -> (f64, f64) {
    let words = |t: &str| t.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>();
    let (a, b) = (words(a), words(b));
    let both = a.intersection(&b).count() as f64;
    let (short, long) = (a.len().min(b.len()) as f64, a.len().max(b.len()) as f64);
    if short == 0.0 { (0.0, 0.0) } else { (both / long, both / short) }
}

/// Whether two titles are the same, up to a subtitle that one of them leaves out.
fn same_title(a: &str, b: &str) -> bool {
    let (a, b) = (folded(a), folded(b));
    let notice = |t: &str| NOTICE.find(t).map(|m| m.as_str().to_owned());
    if a.is_empty() || notice(&a) != notice(&b) {
        return false;
    }
    let words = a.split(' ').count().min(b.split(' ').count());
    let (long, _) = shared(&a, &b);
    a == b || words >= 4 && long >= SAME || words >= 5 && (a.starts_with(&format!("{b} ")) || b.starts_with(&format!("{a} ")))
}

/// Whether an identified record is plainly another work than the reference describes: its title shares less than half of the words.
pub(super) fn differs(reference: &Reference, record: &Record) -> bool {
    let Some(title) = reference.title.as_deref().map(folded).filter(|t| t.split(' ').count() >= 3) else { return false };
    let other = folded(&record.title);
    // A title in another script or language cannot be compared word by word.
    let latin = |t: &str| t.chars().filter(|c| c.is_ascii_alphanumeric()).count() * 2 > t.chars().count();
    if other.split(' ').count() < 3 || !latin(&other) || !latin(&title) {
        return false;
    }
    let (_, short) = shared(&title, &other);
    short < OTHER && !(years_agree(reference, record) && first_author_agrees(reference, record) && short >= 0.3)
}

fn years_agree(reference: &Reference, record: &Record) -> bool {
    // Published online in one year and in print in the next.
    matches!((reference.year, record.year), (Some(a), Some(b)) if a.abs_diff(b) <= 1)
}

fn first_author_agrees(reference: &Reference, record: &Record) -> bool {
    let Some(first) = reference.authors.first().map(|a| folded(surname(a))).filter(|a| !a.is_empty()) else { return false };
    record.authors.first().is_some_and(|a| {
        let a = folded(a);
        // "van der Roe" is written "Roe" too; a group may be spelt out further.
        a == first || a.ends_with(&format!(" {first}")) || first.ends_with(&format!(" {a}"))
    })
}

/// The records that are the work described: by title, year and first author. Of several, those that also agree in volume or page, if any
/// do; preprints and parts only where no paper fits.
pub(super) fn fitting(reference: &Reference, records: &[Record]) -> Vec<usize> {
    let title = reference.title.as_deref().unwrap_or_default();
    let mut fitting: Vec<usize> = (0..records.len())
        .filter(|&n| {
            let r = &records[n];
            same_title(title, &r.title) && years_agree(reference, r) && first_author_agrees(reference, r)
        })
        .collect();
    let mut narrow = |keep: &dyn Fn(&Record) -> bool| {
        if fitting.len() > 1 && fitting.iter().any(|&n| keep(&records[n])) {
            fitting.retain(|&n| keep(&records[n]));
        }
    };
    narrow(&|r| r.is_paper);
    let page =
        |p: &Option<String>| p.as_deref().and_then(|p| p.split(['-', '–']).next()).map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
    narrow(&|r| page(&r.pages).is_some() && page(&r.pages) == page(&reference.pages));
    narrow(&|r| r.volume.is_some() && r.volume == reference.volume);
    narrow(&|r| r.year == reference.year);
    let key = |n: usize| records[n].identifiers.doi.clone().or(records[n].identifiers.pmid.clone());
    fitting.dedup_by(|a, b| key(*a).is_some() && key(*a) == key(*b));
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::reference::parse;

    fn record(title: &str, author: &str, year: u16) -> Record {
        Record { title: title.to_owned(), authors: vec![author.to_owned()], year: Some(year), is_paper: true, ..Record::default() }
    }

    fn reference() -> Reference {
        parse("Lind A, Roe J. Stromal cells calm the ageing hip: a registry. J Joint Care. 2019;10(3):88-97.", "1")
    }

    #[test]
    fn title_year_and_author_must_agree() {
        let r = reference();
        assert_eq!(r.title.as_deref(), Some("Stromal cells calm the ageing hip: a registry"));
        let fits = |title: &str, author: &str, year| fitting(&r, &[record(title, author, year)]).len() == 1;
        assert!(fits("Stromal Cells Calm the Ageing Hip: A Registry", "Lind", 2019));
        assert!(fits("Stromal cells calm the ageing hip", "Lind", 2020), "a subtitle left out, in print a year later");
        assert!(!fits("Stromal cells calm the ageing hip: a registry", "Okafor", 2019));
        assert!(!fits("Stromal cells calm the ageing hip: a registry", "Lind", 2016));
        assert!(!fits("Stromal cells inflame the young knee: a trial", "Lind", 2019));
        assert!(!fits("Correction to: Stromal cells calm the ageing hip: a registry", "Lind", 2019));
        assert!(!fits("Stromal cells", "Lind", 2019));
    }

    #[test]
    fn of_several_the_paper_with_the_same_pages_counts() {
        let r = reference();
        let mut twins = vec![record("Stromal cells calm the ageing hip: a registry", "Lind", 2019); 3];
        assert_eq!(fitting(&r, &twins).len(), 3);
        twins[0].is_paper = false;
        twins[2].pages = Some("88-97".into());
        assert_eq!(fitting(&r, &twins), [2]);
    }

    #[test]
    fn another_work_under_an_identifier_is_seen() {
        let r = reference();
        assert!(differs(&r, &record("Soil bacteria of the northern plain", "Ng", 2019)));
        assert!(!differs(&r, &record("Stromal cells calm the aging hip - results of a registry", "Lind", 2019)));
        assert!(!differs(&r, &record("Стромальные клетки", "Lind", 2019)));
    }

    #[test]
    fn titles_lose_markup_and_tell_of_retraction() {
        assert_eq!(clean("RETRACTED ARTICLE: Role of <i>TNF</i> &amp; pain"), ("Role of TNF & pain".into(), true));
        assert_eq!(clean("Retracted claims in rheumatology"), ("Retracted claims in rheumatology".into(), false));
    }
}
