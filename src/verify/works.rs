//! The cited works of a store as references to look up, and what was found as statements about them.

use super::{Error, Finding, Verdict};
use crate::document::{Identifiers, Reference, Traceability};
use crate::graph::Base;
use crate::graph::vocabulary::{bibo, evi};
use crate::store::{Answer, GraphStore, QueryOptions};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, Quad, Term};
use std::collections::BTreeMap;

/// A cited work, as the entries that refer to it describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Its IRI.
    pub iri: NamedNode,
    /// What is known of it; the key is that of the first entry.
    pub reference: Reference,
    /// Whether it is marked as retracted; none where it was never looked up.
    pub retracted: Option<bool>,
}

const CITED: &str = "SELECT ?work ?property ?value WHERE {
  { ?entry evi:refersTo ?work . ?work ?property ?value .
    FILTER(?property IN (dcterms:title, evi:authors, dcterms:date, dcterms:issued, evi:venue, bibo:volume, bibo:pages, bibo:doi, bibo:pmid, evi:pmcid,
                         evi:trialNumber, evi:retracted)) }
  UNION { ?entry evi:refersTo ?work ; ?property ?value . FILTER(?property IN (evi:rawText, evi:citationKey, evi:traceability)) }
}";

/// The cited works of a store, by IRI.
///
/// # Errors
/// Where the store fails.
pub fn cited(store: &dyn GraphStore) -> Result<Vec<Work>, Error> {
    let mut found: BTreeMap<NamedNode, BTreeMap<String, String>> = BTreeMap::new();
    let Answer::Solutions(rows) = store.query(CITED, &QueryOptions::default())? else { return Ok(Vec::new()) };
    for row in rows {
        let row = row?;
        let (Some(Term::NamedNode(work)), Some(Term::NamedNode(property)), Some(value)) =
            (row.get("work"), row.get("property"), row.get("value"))
        else {
            continue;
        };
        let value = match value {
            Term::Literal(l) => l.value().to_owned(),
            Term::NamedNode(n) => n.as_str().to_owned(),
            _ => continue,
        };
        let name = property.as_str().rsplit(['/', '#']).next().unwrap_or_default().to_owned();
        // Of several entries the least by spelling counts, so that each run sees the same.
        let known = found.entry(work.clone()).or_default().entry(name).or_insert_with(|| value.clone());
        if value < *known {
            *known = value;
        }
    }
    Ok(found.into_iter().map(|(iri, said)| work(iri, &said)).collect())
}

fn work(iri: NamedNode, said: &BTreeMap<String, String>) -> Work {
    let text = |name: &str| said.get(name).cloned();
    let identifiers =
        Identifiers { doi: text("doi"), pmid: text("pmid"), pmcid: text("pmcid"), trial: text("trialNumber"), ..Identifiers::default() };
    let traceability = match text("traceability").as_deref().and_then(|t| t.rsplit('#').next()) {
        _ if identifiers.is_persistent() => Traceability::Traceable,
        Some("Untraceable") => Traceability::Untraceable,
        _ => Traceability::Citable,
    };
    let reference = Reference {
        key: text("citationKey").unwrap_or_default(),
        raw: text("rawText").unwrap_or_default(),
        span: None,
        authors: text("authors").map(|a| a.split("; ").map(str::to_owned).collect()).unwrap_or_default(),
        year: text("date").or(text("issued")).and_then(|d| d.get(..4).and_then(|y| y.parse().ok())),
        year_suffix: None,
        title: text("title"),
        venue: text("venue"),
        volume: text("volume"),
        pages: text("pages"),
        identifiers,
        traceability,
    };
    Work { iri, reference, retracted: said.get("retracted").map(|r| r == "true") }
}

/// What a finding changes in the store: statements to add, and statements that no longer hold.
pub fn changes(work: &Work, finding: &Finding, base: &Base) -> (Vec<Quad>, Vec<Quad>) {
    let graph = base.works_graph();
    let says = |property, value: Literal| Quad::new(work.iri.clone(), property, value, graph.clone());
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    if !matches!(finding.verdict, Verdict::Confirmed | Verdict::Completed) {
        return (add, remove);
    }
    let ids = &finding.added;
    for (property, value) in [(bibo::DOI, &ids.doi), (bibo::PMID, &ids.pmid), (evi::PMCID, &ids.pmcid)] {
        add.extend(value.as_ref().map(|v| says(property, Literal::from(v.as_str()))));
    }
    let boolean = |b: bool| Literal::new_typed_literal(if b { "true" } else { "false" }, xsd::BOOLEAN);
    if let Some(retracted) = finding.retracted.filter(|r| work.retracted != Some(*r)) {
        add.push(says(evi::RETRACTED, boolean(retracted)));
        remove.extend(work.retracted.map(|before| says(evi::RETRACTED, boolean(before))));
    }
    (add, remove)
}
