//! The reference list of JATS, in its three citation styles: `mixed-citation`, `element-citation`, and NLM's `citation`.

use super::jats_meta::identify;
use super::reference;
use super::xml::{Id, Tree};
use crate::document::{Identifiers, Reference, Traceability, normalise};
use std::collections::HashMap;

/// From the XML identifiers of entries to their keys.
#[derive(Debug, Default)]
pub(super) struct Keys {
    by_id: HashMap<String, String>,
}

impl Keys {
    /// The key of the entry that has this XML identifier.
    pub(super) fn key(&self, id: &str) -> Option<String> {
        self.by_id.get(id).cloned()
    }
}

/// Reads all reference lists of the article `root`, those of inner articles left out.
///
/// The key of an entry is its printed number, or its position where the list prints none.
pub(super) fn references(tree: &Tree, root: Id) -> (Vec<Reference>, Keys) {
    let mut entries = Vec::new();
    let mut at = root + 1;
    while at < tree.end(root) {
        match tree.name(at) {
            "sub-article" | "response" => at = tree.end(at),
            "ref" => {
                entries.push(at);
                at = tree.end(at);
            }
            _ => at += 1,
        }
    }
    let labels: Vec<Option<String>> = entries.iter().map(|&e| label(tree, e)).collect();
    let mut seen: Vec<&String> = labels.iter().flatten().collect();
    seen.sort_unstable();
    seen.dedup();
    let are_numbered = seen.len() == entries.len();
    let mut keys = Keys::default();
    let mut references = Vec::with_capacity(entries.len());
    for (n, (&entry, label)) in entries.iter().zip(&labels).enumerate() {
        let key = label.clone().filter(|_| are_numbered).unwrap_or_else(|| (n + 1).to_string());
        // A citation may name the entry or one of several works listed under one number.
        for id in std::iter::once(entry).chain(tree.inside(entry)) {
            if let Some(id) = tree.attribute(id, "id") {
                keys.by_id.entry(id.into_owned()).or_insert_with(|| key.clone());
            }
        }
        references.push(read_entry(tree, entry, &key));
    }
    (references, keys)
}

/// The printed number of an entry.
fn label(tree: &Tree, entry: Id) -> Option<String> {
    let label = tree.field(entry, "label").or_else(|| work(tree, entry).and_then(|w| tree.field(w, "label")))?;
    let number = label.trim_matches(|c: char| "[]().*, ".contains(c));
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| number.to_owned())
}

fn is_work(name: &str) -> bool {
    matches!(name, "mixed-citation" | "element-citation" | "citation" | "nlm-citation")
}

fn work(tree: &Tree, entry: Id) -> Option<Id> {
    tree.inside(entry).find(|&c| is_work(tree.name(c)))
}

fn read_entry(tree: &Tree, entry: Id, key: &str) -> Reference {
    let Some(work) = work(tree, entry) else {
        return reference::parse(&tree.folded(entry).unwrap_or_default(), key);
    };
    let find = |names: &[&str]| tree.inside(work).find(|&i| names.contains(&tree.name(i)));
    let field = |names: &[&str]| find(names).and_then(|i| tree.folded(i)).map(|t| trim_end(&t).to_owned());
    let mut identifiers = Identifiers::default();
    for id in tree.inside(entry) {
        match tree.name(id) {
            "pub-id" => identify(&mut identifiers, &tree.attribute(id, "pub-id-type").unwrap_or_default(), &tree.text(id)),
            "article-id" | "object-id" => {
                identify(&mut identifiers, &tree.attribute(id, "pub-id-type").unwrap_or_default(), &tree.text(id))
            }
            "ext-link" | "uri" => {
                let address = tree.attribute(id, "href").map_or_else(|| tree.text(id), |h| h.into_owned());
                let kind = tree.attribute(id, "ext-link-type").unwrap_or_default();
                match &*kind {
                    "doi" | "pmid" | "pmc" | "pmcid" => identify(&mut identifiers, &kind, &address),
                    _ => fill(&mut identifiers, Identifiers::find(&address)),
                }
            }
            _ => {}
        }
    }
    let (year, year_suffix) = field(&["year"]).map_or((None, None), |y| parse_year(&y));
    let mut found = Reference {
        key: key.to_owned(),
        raw: String::new(),
        span: None,
        authors: authors(tree, work),
        year,
        year_suffix,
        title: field(&["article-title", "chapter-title", "part-title", "data-title"]),
        venue: field(&["source"]),
        volume: field(&["volume"]),
        pages: pages(tree, work),
        identifiers,
        traceability: Traceability::Untraceable,
    };
    // What is marked up without a text of its own has no punctuation either.
    let is_printed = tree.children(work).any(|c| !tree.value(c).trim().is_empty());
    found.raw = if is_printed || found.venue.is_none() { printed(tree, entry, work) } else { compose(&found) };
    fill(&mut found.identifiers, Identifiers::find(&found.raw));
    if found.title.is_none() && found.venue.is_none() {
        let parsed = reference::parse(&found.raw, key);
        found.title = parsed.title;
        found.venue = parsed.venue;
        if found.authors.is_empty() {
            found.authors = parsed.authors;
        }
        found.year = found.year.or(parsed.year);
        found.year_suffix = found.year_suffix.or(parsed.year_suffix);
        found.volume = found.volume.or(parsed.volume);
        found.pages = found.pages.or(parsed.pages);
    } else if found.title.is_none() {
        // A book: its name is the source, its publisher the venue.
        if let Some(publisher) = field(&["publisher-name"]) {
            found.title = found.venue.replace(publisher);
        }
    }
    append_identifiers(&mut found);
    found.traceability = reference::traceability(&found);
    found
}

fn fill(into: &mut Identifiers, from: Identifiers) {
    let Identifiers { doi, pmid, pmcid, trial, arxiv, url } = from;
    for (slot, found) in [
        (&mut into.doi, doi),
        (&mut into.pmid, pmid),
        (&mut into.pmcid, pmcid),
        (&mut into.trial, trial),
        (&mut into.arxiv, arxiv),
        (&mut into.url, url),
    ] {
        if slot.is_none() {
            *slot = found;
        }
    }
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches([',', ';', ':', ' ']).trim_end_matches('.').trim()
}

/// The year and the letter that tells works of one year apart ("2020a").
pub(super) fn parse_year(text: &str) -> (Option<u16>, Option<char>) {
    let Some(at) = text.find(|c: char| c.is_ascii_digit()) else {
        return (None, None);
    };
    let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
    let year = digits.parse().ok().filter(|y| (1500..=2200).contains(y));
    let mut rest = text[at + digits.len()..].chars();
    let suffix = rest.next().filter(char::is_ascii_lowercase).filter(|_| rest.next().is_none_or(|c| !c.is_alphanumeric()));
    (year, year.and(suffix))
}

fn pages(tree: &Tree, work: Id) -> Option<String> {
    let field = |name: &str| tree.all(work, name).next().and_then(|i| tree.folded(i));
    match (field("fpage"), field("lpage")) {
        (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}")),
        (Some(first), _) => Some(first),
        _ => field("page-range").or_else(|| field("elocation-id")),
    }
}

/// Authors as "Family Given"; editors only of a work without authors.
fn authors(tree: &Tree, work: Id) -> Vec<String> {
    let names = |within: Id| {
        let end = tree.end(within);
        let mut at = within + 1;
        let mut found = Vec::new();
        while at < end {
            match tree.name(at) {
                "name" | "string-name" => {
                    let family = tree.field(at, "surname");
                    let given = tree.field(at, "given-names");
                    found.extend(match (family, given) {
                        (Some(f), Some(g)) => Some(format!("{f} {g}")),
                        (Some(f), None) => Some(f),
                        _ => tree.folded(at),
                    });
                    at = tree.end(at);
                }
                "collab" => {
                    found.extend(tree.folded(at));
                    at = tree.end(at);
                }
                "person-group" if tree.attribute(at, "person-group-type").is_some_and(|t| t != "author") => at = tree.end(at),
                _ => at += 1,
            }
        }
        found
    };
    let found = names(work);
    if !found.is_empty() {
        return found;
    }
    tree.all(work, "person-group").next().map(names).unwrap_or_default()
}

/// The entry as it is printed, identifiers and labels left out.
fn printed(tree: &Tree, entry: Id, first: Id) -> String {
    let several = tree.children(entry).filter(|&c| is_work(tree.name(c))).count() > 1;
    let within = if several { entry } else { first };
    let mut out = String::new();
    let mut at = within + 1;
    while at < tree.end(within) {
        match tree.name(at) {
            "pub-id" | "label" | "object-id" => {
                out.push(' ');
                at = tree.end(at);
            }
            name => {
                // Elements that stand side by side without punctuation are words of their own.
                let is_part = matches!(
                    name,
                    "surname" | "given-names" | "article-title" | "source" | "year" | "volume" | "fpage" | "comment" | "person-group"
                );
                if is_part && out.ends_with(|c: char| c.is_alphanumeric()) {
                    out.push(' ');
                }
                out.push_str(tree.value(at));
                at += 1;
            }
        }
    }
    normalise(&out).trim().to_owned()
}

/// An entry without punctuation of its own, in the manner of the National Library of Medicine.
fn compose(reference: &Reference) -> String {
    let mut out = reference.authors.join(", ");
    let mut sentence = |part: &str| {
        if !part.is_empty() {
            if !out.is_empty() {
                out.push_str(if out.ends_with(['.', '?', '!']) { " " } else { ". " });
            }
            out.push_str(part);
        }
    };
    sentence(reference.title.as_deref().unwrap_or_default());
    sentence(reference.venue.as_deref().unwrap_or_default());
    let year = reference.year.map(|y| y.to_string()).unwrap_or_default() + &reference.year_suffix.map(String::from).unwrap_or_default();
    let volume = reference.volume.as_deref().map(|v| format!(";{v}")).unwrap_or_default();
    let pages = reference.pages.as_deref().map(|p| format!(":{p}")).unwrap_or_default();
    sentence(format!("{year}{volume}{pages}").trim_start_matches([';', ':']));
    if !out.is_empty() && !out.ends_with('.') {
        out.push('.');
    }
    out
}

fn append_identifiers(reference: &mut Reference) {
    let lower = reference.raw.to_lowercase();
    let mut add = Vec::new();
    add.extend(reference.identifiers.doi.as_ref().filter(|d| !lower.contains(d.as_str())).map(|d| format!("doi:{d}")));
    add.extend(reference.identifiers.pmid.as_ref().filter(|p| !lower.contains(p.as_str())).map(|p| format!("PMID: {p}")));
    add.extend(reference.identifiers.pmcid.as_ref().filter(|p| !lower.contains(&p.to_lowercase())).cloned());
    for part in add {
        reference.raw.push(' ');
        reference.raw.push_str(&part);
    }
}
