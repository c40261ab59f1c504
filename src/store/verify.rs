//! The proof that a store is whole: every claim complete, every quote in its place.

use super::{Answer, Error, GraphStore, QueryOptions};
use oxigraph::model::Term;
use oxigraph::sparql::QuerySolution;

/// Something in a store that should not be so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Problem {
    /// What it is about, an IRI.
    pub subject: String,
    /// What is wrong.
    pub message: String,
}

/// Queries of [`verify`]: each row's ?subject has the problem.
const PROBLEMS: &[(&str, &str)] = &[
    ("claim without evidence", "SELECT ?subject { ?subject a evi:Claim FILTER NOT EXISTS { ?subject evi:hasEvidence ?e } }"),
    (
        "claim without certainty, negation or source status",
        "SELECT ?subject { ?subject a evi:Claim FILTER NOT EXISTS { ?subject evi:certainty ?c ; evi:negated ?n ; evi:sourceStatus ?s } }",
    ),
    (
        "mechanism claim without subject, predicate or object",
        "SELECT ?subject { ?subject a evi:MechanismClaim FILTER NOT EXISTS { ?subject rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o } }",
    ),
    (
        "outcome claim without outcome or measurement",
        "SELECT ?subject { ?subject a evi:OutcomeClaim FILTER NOT EXISTS { ?subject evi:outcome ?o ; evi:hasMeasurement/evi:low ?l } }",
    ),
    (
        "evidence without quote, position or article",
        "SELECT ?subject { ?subject a evi:Evidence FILTER NOT EXISTS { ?subject oa:hasSelector/oa:exact ?q ; oa:hasSelector/oa:start ?s ; prov:hadPrimarySource ?a } }",
    ),
    (
        "quote that is not as long as its position says",
        "SELECT ?subject { ?subject a evi:Evidence ; oa:hasSelector/oa:exact ?q . ?subject oa:hasSelector ?p . ?p oa:start ?s ; oa:end ?e FILTER (?e - ?s != STRLEN(?q)) }",
    ),
    (
        "entity that is used but not described",
        "SELECT DISTINCT ?subject { ?o evi:ofEntity ?subject FILTER NOT EXISTS { ?subject rdfs:label ?l } }",
    ),
    (
        "plain triple that no claim asserts",
        "SELECT ?subject { GRAPH ?edges { ?subject ?p ?o } FILTER STRENDS(STR(?edges), 'graph/edges') FILTER NOT EXISTS { ?c rdf:subject ?subject ; rdf:predicate ?p ; rdf:object ?o } }",
    ),
];

/// What is wrong with the store: indexes that disagree, claims that are not whole, triples that no claim asserts, and quotes that do not
/// stand where they should in the article's text, as `text` gives it for a source (`None` where it cannot be had).
///
/// # Errors
/// Where the engine finds its own files damaged, or fails.
pub fn verify(store: &dyn GraphStore, text: &mut dyn FnMut(&str) -> Option<String>) -> Result<Vec<Problem>, Error> {
    store.validate()?;
    let mut problems = Vec::new();
    for (message, query) in PROBLEMS {
        for row in rows(store, query)? {
            if let Some(subject) = row?.get("subject") {
                problems.push(Problem { subject: plain(subject), message: (*message).to_owned() });
            }
        }
    }
    let quotes = "SELECT ?article ?source ?evidence ?quote ?start { ?article a evi:Article ; dcterms:source ?source . ?evidence prov:hadPrimarySource ?article ; \
                  oa:hasSelector/oa:exact ?quote ; oa:hasSelector/oa:start ?start } ORDER BY ?article ?start ?evidence";
    let mut current: Option<(String, Option<Vec<char>>)> = None;
    for row in rows(store, quotes)? {
        let row = row?;
        let get = |name: &str| row.get(name).map(plain).unwrap_or_default();
        let source = get("source");
        if current.as_ref().is_none_or(|c| c.0 != source) {
            let read = text(&source).map(|t| t.chars().collect());
            current = Some((source, read));
        }
        if let Some((_, Some(chars))) = &current {
            let (quote, start): (Vec<char>, usize) = (get("quote").chars().collect(), get("start").parse().unwrap_or(usize::MAX));
            if chars.get(start..start.saturating_add(quote.len())) != Some(&quote) {
                problems.push(Problem {
                    subject: get("evidence"),
                    message: "quote that does not stand at its place in the article".to_owned(),
                });
            }
        }
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

/// The rows of a SELECT.
pub(super) fn rows<'s>(
    store: &'s dyn GraphStore,
    sparql: &str,
) -> Result<Box<dyn Iterator<Item = Result<QuerySolution, Error>> + 's>, Error> {
    Ok(match store.query(sparql, &QueryOptions::default())? {
        Answer::Solutions(rows) => Box::new(rows),
        _ => Box::new(std::iter::empty()),
    })
}

/// An IRI or the value of a literal, without brackets or quotes.
fn plain(term: &Term) -> String {
    match term {
        Term::NamedNode(n) => n.as_str().to_owned(),
        Term::Literal(l) => l.value().to_owned(),
        Term::BlankNode(b) => b.to_string(),
    }
}
