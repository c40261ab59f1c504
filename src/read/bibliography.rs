//! References as other programs take them: BibTeX, RIS and CSL-JSON.

use crate::document::Reference;
use crate::read::reference;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt::Write;

/// Family and given names of an author as written.
fn name(author: &str) -> (String, String) {
    let family = reference::surname(author);
    let at = author.find(family).unwrap_or(0);
    let given = format!("{} {}", &author[..at], &author[at + family.len()..]);
    let given = given.trim_matches([',', ' ', ';']).split_whitespace().collect::<Vec<_>>().join(" ");
    (family.to_owned(), given)
}

/// First and last page, where there are two; an abbreviated last page is spelt out ("1251-6" ends on 1256).
fn pages(reference: &Reference) -> Option<(String, Option<String>)> {
    let pages = reference.pages.as_deref()?;
    let Some((first, last)) = pages.split_once('-') else { return Some((pages.to_owned(), None)) };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let last = if digits(first) && digits(last) && last.len() < first.len() {
        format!("{}{last}", &first[..first.len() - last.len()])
    } else {
        last.to_owned()
    };
    Some((first.to_owned(), Some(last)))
}

/// A key made of first author, year and first long word of the title, unique among `taken`.
fn citation_key(reference: &Reference, taken: &mut HashSet<String>) -> String {
    let letters = |s: &str| s.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let author = reference.authors.first().map(|a| letters(reference::surname(a))).filter(|a| !a.is_empty());
    let word = reference.title.as_deref().and_then(|t| t.split(' ').map(letters).find(|w| w.len() > 3)).unwrap_or_default();
    let year = reference.year.map(|y| y.to_string()).unwrap_or_default();
    let base = format!("{}{year}{word}", author.unwrap_or_else(|| "ref".into()));
    let mut key = base.clone();
    let mut n = 1;
    while !taken.insert(key.clone()) {
        n += 1;
        key = format!("{base}-{n}");
    }
    key
}

/// References as a BibTeX file, in UTF-8; signs that mean something to TeX are escaped.
///
/// ```
/// use evigraph::read::{bibliography, reference};
/// let r = reference::parse("Roe J, Doe A. Knees and cells. J Joint Care. 2021;12(3):45-9. doi:10.1000/x1", "1");
/// let text = bibliography::bibtex(&[r]);
/// assert!(text.starts_with("@article{roe2021knees,\n") && text.contains("  pages = {45--49},\n"), "{text}");
/// ```
pub fn bibtex(references: &[Reference]) -> String {
    let mut out = String::new();
    let mut taken = HashSet::new();
    for r in references {
        let kind = if r.venue.is_some() { "article" } else { "misc" };
        let _ = writeln!(out, "@{kind}{{{},", citation_key(r, &mut taken));
        let mut field = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                let _ = writeln!(out, "  {name} = {{{value}}},");
            }
        };
        let authors = r.authors.iter().map(|a| match name(a) {
            (family, given) if given.is_empty() => format!("{{{}}}", tex(&family)),
            (family, given) => format!("{}, {}", tex(&family), tex(&given)),
        });
        field("author", Some(authors.collect::<Vec<_>>().join(" and ")));
        field("title", r.title.as_deref().map(|t| format!("{{{}}}", tex(t))));
        field("journal", r.venue.as_deref().map(tex));
        field("year", r.year.map(|y| y.to_string()));
        field("volume", r.volume.as_deref().map(tex));
        field("pages", pages(r).map(|(first, last)| last.map_or(first.clone(), |l| format!("{first}--{l}"))));
        field("doi", r.identifiers.doi.clone());
        field("pmid", r.identifiers.pmid.clone());
        field("pmcid", r.identifiers.pmcid.clone());
        field("url", r.identifiers.url.clone());
        field("note", r.title.is_none().then(|| tex(&r.raw)));
        out.push_str("}\n\n");
    }
    out
}

fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '{' | '}' => {}
            '\\' => out.push_str("\\textbackslash "),
            '~' => out.push_str("\\textasciitilde "),
            '^' => out.push_str("\\textasciicircum "),
            c => out.push(c),
        }
    }
    out
}

/// References as RIS, one record after the other, lines ended as the format asks (CR LF).
pub fn ris(references: &[Reference]) -> String {
    let mut out = String::new();
    for r in references {
        let mut tag = |tag: &str, value: Option<&str>| {
            if let Some(value) = value.map(|v| v.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|v| !v.is_empty()) {
                let _ = write!(out, "{tag}  - {value}\r\n");
            }
        };
        tag("TY", Some(if r.venue.is_some() { "JOUR" } else { "GEN" }));
        tag("ID", Some(&r.key));
        for author in &r.authors {
            let (family, given) = name(author);
            tag("AU", Some(&if given.is_empty() { family } else { format!("{family}, {given}") }));
        }
        tag("TI", r.title.as_deref());
        tag("T2", r.venue.as_deref());
        tag("PY", r.year.map(|y| y.to_string()).as_deref());
        tag("VL", r.volume.as_deref());
        let pages = pages(r);
        tag("SP", pages.as_ref().map(|p| p.0.as_str()));
        tag("EP", pages.as_ref().and_then(|p| p.1.as_deref()));
        tag("DO", r.identifiers.doi.as_deref());
        tag("AN", r.identifiers.pmid.as_deref());
        tag("C2", r.identifiers.pmcid.as_deref());
        tag("UR", r.identifiers.url.as_deref());
        tag("N1", r.title.is_none().then_some(r.raw.as_str()));
        out.push_str("ER  - \r\n\r\n");
    }
    out
}

/// References as CSL-JSON (a JSON array, indented), for reference managers and Pandoc.
pub fn csl_json(references: &[Reference]) -> String {
    let mut taken = HashSet::new();
    let items: Vec<Value> = references
        .iter()
        .map(|r| {
            let mut item = csl_item(r);
            // The key as printed, unless another article's reference has it.
            let mut id = r.key.clone();
            while !taken.insert(id.clone()) {
                id = format!("{}-{}", r.key, taken.len());
            }
            item["id"] = id.into();
            item
        })
        .collect();
    serde_json::to_string_pretty(&items).expect("strings and numbers always serialise")
}

fn csl_item(r: &Reference) -> Value {
    let mut item = json!({ "id": "", "type": if r.venue.is_some() { "article-journal" } else { "document" } });
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            item[key] = value;
        }
    };
    let text = |s: &Option<String>| s.clone().map(Value::from);
    let authors: Vec<Value> = (r.authors.iter())
        .map(|a| match name(a) {
            (family, given) if given.is_empty() => json!({ "literal": family }),
            (family, given) => json!({ "family": family, "given": given }),
        })
        .collect();
    set("author", (!authors.is_empty()).then(|| authors.into()));
    set("title", text(&r.title));
    set("container-title", text(&r.venue));
    set("issued", r.year.map(|y| json!({ "date-parts": [[y]] })));
    set("volume", text(&r.volume));
    set("page", pages(r).map(|(first, last)| last.map_or(first.clone(), |l| format!("{first}-{l}")).into()));
    set("DOI", text(&r.identifiers.doi));
    set("PMID", text(&r.identifiers.pmid));
    set("PMCID", text(&r.identifiers.pmcid));
    set("URL", text(&r.identifiers.url));
    set("note", r.title.is_none().then(|| r.raw.clone().into()));
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references() -> Vec<Reference> {
        vec![
            reference::parse("Roe J, Doe A. Knees & cells. J Joint Care. 2021;12(3):1251-6. doi:10.1000/x1", "1"),
            reference::parse("Roe Clinic Case #AB-1.", "2"),
        ]
    }

    #[test]
    fn bibtex_is_escaped() {
        let text = bibtex(&references());
        assert!(text.contains("  author = {Roe, J and Doe, A},\n") && text.contains("Knees \\& cells"), "{text}");
        assert!(text.contains("  pages = {1251--1256},\n") && text.contains("\\#AB-1"), "{text}");
    }

    #[test]
    fn ris_has_a_tag_a_line() {
        let text = ris(&references());
        assert!(text.starts_with("TY  - JOUR\r\nID  - 1\r\nAU  - Roe, J\r\n"), "{text}");
        assert_eq!(text.matches("ER  - \r\n").count(), 2);
    }

    #[test]
    fn csl_is_json() {
        let items: Value = serde_json::from_str(&csl_json(&references())).expect("JSON");
        assert_eq!(items[0]["author"][1]["family"], "Doe");
        assert_eq!(items[0]["issued"]["date-parts"][0][0], 2021);
    }
}
