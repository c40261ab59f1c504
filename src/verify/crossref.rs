//! The Crossref REST API (<https://api.crossref.org/swagger-ui/index.html>): works by DOI and by a description of them.

use super::agreement::clean;
use super::client::{Client, Service, encode};
use super::{Error, Record};
use crate::document::{Identifiers, Reference};
use serde_json::Value;

/// Records that a search gives.
const ROWS: &str = "8";

/// The work that has a DOI.
pub(super) fn by_doi(client: &mut Client, doi: &str) -> Result<Option<Record>, Error> {
    let answer = client.get(Service::Crossref, &format!("/works/{}", encode(doi)), &[])?;
    Ok(answer.and_then(|a| record(&a["message"])))
}

/// The works that are nearest to a reference; whether one of them is meant is for others to say.
pub(super) fn search(client: &mut Client, reference: &Reference) -> Result<Vec<Record>, Error> {
    let year = reference.year.map(|y| y.to_string());
    let parts = [reference.authors.first().cloned(), year, reference.title.clone(), reference.venue.clone()];
    let description: String = parts.into_iter().flatten().collect::<Vec<_>>().join(" ").chars().take(400).collect();
    let answer = client.get(Service::Crossref, "/works", &[("query.bibliographic", &description), ("rows", ROWS)])?;
    let items = answer.as_ref().and_then(|a| a["message"]["items"].as_array());
    Ok(items.into_iter().flatten().filter_map(record).collect())
}

fn record(work: &Value) -> Option<Record> {
    let text = |v: &Value| v.as_str().map(str::to_owned).filter(|t| !t.is_empty());
    let title = match (text(&work["title"][0]), text(&work["subtitle"][0])) {
        (Some(title), Some(sub)) if !title.contains(&sub) => format!("{title}: {sub}"),
        (title, _) => title?,
    };
    let (title, withdrawn) = clean(&title);
    let authors = work["author"].as_array().into_iter().flatten();
    let dates = ["published-print", "issued", "published-online", "published"];
    let year = dates.iter().find_map(|d| work[d]["date-parts"][0][0].as_u64()).and_then(|y| u16::try_from(y).ok());
    let updates = work["updated-by"].as_array().into_iter().flatten();
    let retracted = updates.filter_map(|u| u["type"].as_str()).any(|t| matches!(t, "retraction" | "withdrawal" | "removal"));
    let kind = work["type"].as_str().unwrap_or_default();
    Some(Record {
        identifiers: Identifiers { doi: text(&work["DOI"]).map(|d| d.to_lowercase()), ..Identifiers::default() },
        title,
        authors: authors.filter_map(|a| text(&a["family"]).or_else(|| text(&a["name"]))).collect(),
        year,
        volume: text(&work["volume"]),
        pages: text(&work["page"]).or_else(|| text(&work["article-number"])),
        retracted: withdrawn || retracted,
        is_paper: !matches!(kind, "posted-content" | "peer-review" | "component" | "dataset" | "grant" | "journal" | "other"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_work_is_read() {
        let work = json!({ "DOI": "10.5555/ABC", "type": "journal-article", "title": ["RETRACTED: Hips and <i>cells</i>"], "volume": "7", "page": "1-9",
            "author": [{ "family": "Roe", "given": "J" }, { "name": "Hip Group" }], "issued": { "date-parts": [[2019, 4]] } });
        let r = record(&work).expect("a work with a title");
        assert_eq!((r.title.as_str(), r.retracted, r.year), ("Hips and cells", true, Some(2019)));
        assert_eq!(r.identifiers.doi.as_deref(), Some("10.5555/abc"));
        assert_eq!(r.authors, ["Roe", "Hip Group"]);
        let later = json!({ "title": ["Hips"], "updated-by": [{ "type": "correction" }, { "type": "retraction", "DOI": "10.5555/x" }] });
        assert!(record(&later).expect("a work").retracted);
        assert_eq!(record(&json!({ "DOI": "10.5555/abc" })), None);
    }
}
