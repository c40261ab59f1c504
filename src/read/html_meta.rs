//! What a page says of its article in `meta` tags and linked data: title, authors, date, identifiers, licence.

use super::date;
use crate::document::{Document, Identifiers};
use scraper::{Html, Selector};
use serde_json::Value;

/// A selector that is a constant.
pub(crate) fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a constant selector")
}

/// Titles that a page gives its article, the more telling first.
#[derive(Debug, Default)]
pub(crate) struct Titles {
    /// From tags that only name articles.
    pub article: Option<String>,
    /// From tags that may name the site as well.
    pub page: Option<String>,
}

/// Gives the document what the tags and linked data tell, and returns the titles found.
pub(crate) fn apply(page: &Html, linked_data: &[String], document: &mut Document) -> Titles {
    let mut titles = Titles::default();
    for tag in page.select(&selector("meta[content]")) {
        let name = tag.attr("name").or(tag.attr("property")).or(tag.attr("itemprop")).unwrap_or("").to_lowercase();
        let value = tag.attr("content").unwrap_or("").trim();
        if !value.is_empty() && value.len() < 2_000 {
            set(&name, value, document, &mut titles);
        }
    }
    for link in page.select(&selector("link[rel][href]")) {
        let target = link.attr("href").unwrap_or("");
        match link.attr("rel").unwrap_or("").to_lowercase().as_str() {
            "canonical" if target.starts_with("http") => document.identifiers.url = Some(target.to_owned()),
            "license" => document.licence = document.licence.take().or_else(|| Some(target.to_owned())),
            _ => {}
        }
    }
    for script in linked_data {
        if let Ok(value) = serde_json::from_str::<Value>(script) {
            for object in objects(&value) {
                article(object, document, &mut titles);
            }
        }
    }
    if titles.page.is_none() {
        let title: Option<String> = page.select(&selector("head > title")).next().map(|t| t.text().collect());
        // "Title | Site": the site's name is no part of the title.
        titles.page = title.map(|t| {
            t.split([" | ", " – ", " — ", " « "].iter().find(|s| t.contains(**s)).unwrap_or(&" | ")).next().unwrap_or("").trim().to_owned()
        });
    }
    titles
}

fn set(name: &str, value: &str, document: &mut Document, titles: &mut Titles) {
    let given = || Some(value.to_owned());
    let ids = &mut document.identifiers;
    match name {
        "citation_title" | "dc.title" | "dcterms.title" | "prism.title" | "eprints.title" | "bepress_citation_title" => {
            titles.article = given()
        }
        "og:title" | "twitter:title" => titles.page = titles.page.take().or_else(given),
        "citation_author" | "dc.creator" | "dcterms.creator" | "eprints.creators_name" if !document.authors.iter().any(|a| a == value) => {
            document.authors.push(value.to_owned());
        }
        "citation_authors" => document.authors.extend(value.split(';').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty())),
        "author" | "article:author" if document.authors.is_empty() && !value.starts_with("http") => document.authors.push(value.to_owned()),
        "citation_publication_date"
        | "citation_date"
        | "citation_online_date"
        | "dc.date"
        | "dcterms.issued"
        | "dc.date.issued"
        | "prism.publicationdate"
        | "article:published_time"
        | "datepublished"
        | "date"
        | "citation_year" => {
            let more_exact = |found: &String| document.date.as_ref().is_none_or(|d| d.len() < found.len());
            if let Some(found) = date::of_metadata(value).filter(more_exact) {
                document.date = Some(found);
            }
        }
        "citation_doi" | "prism.doi" | "dc.identifier" | "dcterms.identifier" | "bepress_citation_doi" | "doi" => {
            ids.doi = ids.doi.take().or_else(|| Identifiers::find(value).doi);
        }
        "citation_pmid" if value.bytes().all(|b| b.is_ascii_digit()) => ids.pmid = given(),
        "citation_pmcid" => ids.pmcid = Identifiers::find(value).pmcid,
        "dc.rights" | "dcterms.license" | "citation_license" => document.licence = given(),
        "og:url" if ids.url.is_none() && value.starts_with("http") => ids.url = given(),
        _ => {}
    }
}

/// The objects of linked data: itself, the elements of an array, those of a `@graph`.
fn objects(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(|i| if i.is_object() { objects(i) } else { Vec::new() }).collect(),
        Value::Object(object) => match object.get("@graph").and_then(Value::as_array) {
            Some(graph) => graph.iter().filter(|v| v.is_object()).collect(),
            None => vec![value],
        },
        _ => Vec::new(),
    }
}

/// Takes what an object of an article's type tells.
fn article(object: &Value, document: &mut Document, titles: &mut Titles) {
    let types: Vec<&str> = strings(object.get("@type"));
    if !types.iter().any(|t| t.ends_with("Article") || t.ends_with("Posting") || matches!(*t, "Report" | "MedicalWebPage")) {
        return;
    }
    let text = |key: &str| strings(object.get(key)).first().map(|s| (*s).to_owned());
    titles.article = titles.article.take().or_else(|| text("headline")).or_else(|| text("name"));
    if document.authors.is_empty() {
        document.authors = strings(object.get("author")).into_iter().filter(|a| !a.starts_with("http")).map(str::to_owned).collect();
    }
    let date = text("datePublished").or_else(|| text("dateCreated")).and_then(|d| date::of_metadata(&d));
    document.date = document.date.take().or(date);
    let named = ["identifier", "sameAs", "@id", "url"].iter().flat_map(|k| strings(object.get(k))).collect::<Vec<_>>().join(" ");
    let found = Identifiers::find(&named);
    let ids = &mut document.identifiers;
    ids.doi = ids.doi.take().or(found.doi);
    ids.pmid = ids.pmid.take().or(found.pmid);
    ids.pmcid = ids.pmcid.take().or(found.pmcid);
    document.licence = document.licence.take().or_else(|| text("license"));
}

/// The strings of a value: itself, its elements, or the names and values of the objects in it.
fn strings(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(s)) => vec![s.as_str()],
        Some(Value::Array(items)) => {
            items.iter().filter_map(|i| i.as_str().or_else(|| i.get("name").or(i.get("value")).and_then(Value::as_str))).collect()
        }
        Some(object @ Value::Object(_)) => object.get("name").or(object.get("value")).and_then(Value::as_str).into_iter().collect(),
        _ => Vec::new(),
    }
}
