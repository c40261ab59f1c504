//! Metadata before a Markdown text: `key: value` lines between `---` (YAML) or `+++` (TOML).

use super::date;
use crate::document::{Document, Identifiers};

/// Splits the metadata from the body; the text between the fences, and what follows.
pub(crate) fn split(content: &str) -> (Option<&str>, &str) {
    let Some(fence) = ["---", "+++"].into_iter().find(|f| content.lines().next().is_some_and(|l| l.trim_end() == *f)) else {
        return (None, content);
    };
    let start = content.find('\n').map_or(content.len(), |at| at + 1);
    let mut at = start;
    for line in content[start..].split_inclusive('\n').take(500) {
        let bare = line.trim_end();
        if bare == fence || fence == "---" && bare == "..." {
            let metadata = &content[start..at];
            // A horizontal rule opens a text whose next lines are prose.
            let sound = metadata.lines().any(|l| l.contains([':', '='])) || metadata.trim().is_empty();
            return if sound { (Some(metadata), &content[at + line.len()..]) } else { (None, content) };
        }
        at += line.len();
    }
    (None, content)
}

/// Gives the document what its metadata tells: title, authors, date, identifiers, licence.
pub(crate) fn apply(metadata: &str, document: &mut Document) {
    let mut key = String::new();
    for line in metadata.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(item) = trimmed.strip_prefix("- ") {
            set(document, &key, item.trim().strip_prefix("name:").unwrap_or(item));
            continue;
        }
        let Some((name, value)) = trimmed.split_once([':', '=']) else { continue };
        let nested = line.starts_with([' ', '\t']);
        let name = name.trim().trim_matches(['"', '\'']).to_lowercase();
        if nested && key.starts_with("author") {
            if name == "name" {
                set(document, &key, value);
            }
            continue;
        }
        key = name;
        let value = value.trim();
        match value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
            Some(list) => list.split(',').for_each(|item| set(document, &key, item)),
            None => set(document, &key, value),
        }
    }
}

fn set(document: &mut Document, key: &str, value: &str) {
    let value = value.trim().trim_matches(['"', '\'']).trim();
    if value.is_empty() {
        return;
    }
    let given = || Some(value.to_owned());
    let ids = &mut document.identifiers;
    match key {
        "title" => document.title = given(),
        "author" | "authors" | "creator" => document.authors.push(value.to_owned()),
        "date" | "published" | "publish_date" | "pubdate" | "issued" | "year" | "publication_date" => {
            document.date = date::of_metadata(value)
        }
        "doi" => ids.doi = Identifiers::find(value).doi,
        "pmid" => ids.pmid = value.chars().all(|c| c.is_ascii_digit()).then(|| value.to_owned()),
        "pmcid" | "pmc" => ids.pmcid = Identifiers::find(&format!("PMC{}", value.trim_start_matches("PMC"))).pmcid,
        "url" | "canonical" | "canonical_url" | "link" | "permalink" if value.starts_with("http") => ids.url = given(),
        "license" | "licence" => document.licence = given(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;

    #[test]
    fn yaml_and_toml() {
        for text in [
            "---\ntitle: \"Knees: a tour\"\nauthors:\n  - name: Jane Roe\n    orcid: 0\n  - Ann Doe\ndate: May 3, 2024\ndoi: https://doi.org/10.1000/Ab\n---\nBody",
            "+++\ntitle = 'Knees: a tour'\nauthors = [\"Jane Roe\", \"Ann Doe\"]\ndate = 2024-05-03\ndoi = \"10.1000/ab\"\n+++\nBody",
        ] {
            let (metadata, body) = split(text);
            let mut d = Document::new("a.md", Format::Markdown);
            apply(metadata.unwrap_or(""), &mut d);
            assert_eq!(body, "Body");
            assert_eq!((d.title.as_deref(), d.date.as_deref()), (Some("Knees: a tour"), Some("2024-05-03")));
            assert_eq!(d.authors, ["Jane Roe", "Ann Doe"]);
            assert_eq!(d.identifiers.doi.as_deref(), Some("10.1000/ab"));
        }
    }

    #[test]
    fn a_rule_is_no_fence() {
        assert_eq!(split("---\nPain fell.\n\n---\nMore").0, None);
        assert_eq!(split("---\nno end: here").0, None);
    }
}
