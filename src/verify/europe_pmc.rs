//! The Europe PMC web service (<https://europepmc.org/RestfulWebService>): works by DOI, PMID, PMCID and title.

use super::agreement::clean;
use super::client::{Client, Service};
use super::{Error, Record};
use crate::document::Identifiers;
use serde_json::Value;

/// What to look a work up by.
pub(super) enum Key<'a> {
    Doi(&'a str),
    Pmid(&'a str),
    Pmcid(&'a str),
    Title(&'a str),
}

impl<'a> Key<'a> {
    /// The PubMed or PMC identifier, where there is one.
    pub fn of(ids: &'a Identifiers) -> Option<Self> {
        ids.pmid.as_deref().map(Key::Pmid).or(ids.pmcid.as_deref().map(Key::Pmcid))
    }

    fn query(&self) -> String {
        // Quotes and backslashes would end the phrase.
        let phrase = |t: &str| t.replace(['"', '\\'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        match self {
            Self::Doi(doi) => format!("DOI:\"{}\"", phrase(doi)),
            Self::Pmid(pmid) => format!("EXT_ID:{} AND SRC:MED", phrase(pmid)),
            Self::Pmcid(pmcid) => format!("PMCID:{}", phrase(pmcid)),
            Self::Title(title) => format!("TITLE:\"{}\"", phrase(title)),
        }
    }

    /// Whether a record has what was asked for: a search may give others too.
    fn is_of(&self, record: &Record) -> bool {
        let ids = &record.identifiers;
        let same = |a: &Option<String>, b: &str| a.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(b));
        match self {
            Self::Doi(doi) => same(&ids.doi, doi),
            Self::Pmid(pmid) => same(&ids.pmid, pmid),
            Self::Pmcid(pmcid) => same(&ids.pmcid, pmcid),
            Self::Title(_) => true,
        }
    }
}

/// The works with this key.
pub(super) fn find(client: &mut Client, key: &Key<'_>) -> Result<Vec<Record>, Error> {
    let query = key.query();
    let parameters = [("query", query.as_str()), ("format", "json"), ("resultType", "core"), ("pageSize", "8")];
    let answer = client.get(Service::EuropePmc, "/search", &parameters)?;
    let results = answer.as_ref().and_then(|a| a["resultList"]["result"].as_array());
    Ok(results.into_iter().flatten().filter_map(record).filter(|r| key.is_of(r)).collect())
}

fn record(result: &Value) -> Option<Record> {
    let text = |v: &Value| v.as_str().map(str::to_owned).filter(|t| !t.is_empty());
    let (title, withdrawn) = clean(text(&result["title"])?.trim_end_matches('.'));
    let listed: Vec<String> = (result["authorList"]["author"].as_array().into_iter().flatten())
        .filter_map(|a| text(&a["lastName"]).or_else(|| text(&a["collectiveName"])))
        .collect();
    let written = || {
        let all = text(&result["authorString"]).unwrap_or_default();
        all.trim_end_matches('.').split(", ").map(|a| crate::read::reference::surname(a).to_owned()).filter(|a| !a.is_empty()).collect()
    };
    let types = || result["pubTypeList"]["pubType"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let notices = result["commentCorrectionList"]["commentCorrection"].as_array().into_iter().flatten().filter_map(|c| c["type"].as_str());
    let retracted = types().any(|t| t.eq_ignore_ascii_case("retracted publication"))
        || notices.into_iter().any(|t| t.eq_ignore_ascii_case("retraction in"));
    let journal = &result["journalInfo"];
    Some(Record {
        identifiers: Identifiers {
            doi: text(&result["doi"]).map(|d| d.to_lowercase()),
            pmid: text(&result["pmid"]),
            pmcid: text(&result["pmcid"]),
            ..Identifiers::default()
        },
        title,
        authors: if listed.is_empty() { written() } else { listed },
        year: text(&result["pubYear"]).and_then(|y| y.parse().ok()),
        volume: text(&journal["volume"]),
        pages: text(&result["pageInfo"]),
        retracted: withdrawn || retracted,
        is_paper: result["source"].as_str() != Some("PPR"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_result_is_read() {
        let result = json!({ "source": "MED", "pmid": "20000001", "pmcid": "PMC900001", "doi": "10.5555/ABC", "title": "Hips and cells.", "pubYear": "2019",
            "authorString": "Roe J, van der Doe A.", "pubTypeList": { "pubType": ["Journal Article", "Retracted Publication"] } });
        let r = record(&result).expect("a result with a title");
        assert_eq!((r.title.as_str(), r.retracted, r.year), ("Hips and cells", true, Some(2019)));
        assert_eq!(r.authors, ["Roe", "van der Doe"]);
        assert_eq!(r.identifiers.pmcid.as_deref(), Some("PMC900001"));
        let notice = json!({ "title": "Hips", "commentCorrectionList": { "commentCorrection": [{ "type": "Retraction in" }] } });
        assert!(record(&notice).expect("a result").retracted);
    }

    #[test]
    fn a_phrase_cannot_leave_its_quotes() {
        assert_eq!(Key::Title("Hips\" OR AUTH:\"Roe").query(), "TITLE:\"Hips OR AUTH: Roe\"");
    }
}
