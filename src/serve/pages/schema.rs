//! The vocabulary in use: classes and properties with what they mean and how often they occur, and the entities' categories.

use super::describe::{about, plain};
use super::{Frame, count, counted, link, words};
use crate::graph::{Prefixes, vocabulary::EVI};
use crate::serve::{Problem, Site};
use crate::store::{Answer, GraphStore, QueryOptions, Store};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use oxigraph::model::{NamedNode, Term};
use std::collections::HashMap;
use std::sync::Arc;

/// A class or property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::serve) struct Part {
    pub(in crate::serve) iri: String,
    /// Its CURIE.
    pub(in crate::serve) name: String,
    pub(in crate::serve) label: String,
    pub(in crate::serve) comment: String,
    /// Things of the class; for a property nothing.
    pub(in crate::serve) count: Option<usize>,
}

/// The classes and properties that a store uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::serve) struct Schema {
    pub(in crate::serve) classes: Vec<Part>,
    pub(in crate::serve) properties: Vec<Part>,
}

const DECLARED: &str = "SELECT ?part ?kind ?label ?comment { ?part a ?kind FILTER(?kind IN (owl:Class, rdfs:Class, owl:ObjectProperty, owl:DatatypeProperty, rdf:Property))
  OPTIONAL { ?part rdfs:label ?label } OPTIONAL { ?part rdfs:comment ?comment } OPTIONAL { ?part skos:definition ?comment } } ORDER BY ?part";

/// Properties that queries need and that other vocabularies declare.
const BORROWED: &[&str] = &[
    "rdf:type",
    "rdf:subject",
    "rdf:predicate",
    "rdf:object",
    "rdfs:label",
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:comment",
    "skos:exactMatch",
    "skos:altLabel",
    "skos:notation",
    "dcterms:title",
    "dcterms:issued",
    "dcterms:source",
    "dcterms:creator",
    "dcterms:date",
    "bibo:doi",
    "bibo:pmid",
    "biolink:category",
    "cito:cites",
    "cito:citesAsEvidence",
    "oa:hasSelector",
    "oa:exact",
    "oa:prefix",
    "oa:suffix",
    "oa:start",
    "oa:end",
    "prov:used",
    "prov:wasAssociatedWith",
    "prov:endedAtTime",
    "prov:hadPrimarySource",
];

impl Schema {
    /// Reads the vocabulary of a store.
    ///
    /// # Errors
    /// Where the store fails.
    pub(in crate::serve) fn of(store: &Store) -> Result<Self, Problem> {
        let mut sizes: HashMap<String, usize> = HashMap::new();
        if let Answer::Solutions(rows) =
            store.query("SELECT ?class (COUNT(*) AS ?n) { ?thing a ?class } GROUP BY ?class", &QueryOptions::default())?
        {
            for row in rows {
                let row = row?;
                sizes.insert(plain(row.get(0)), plain(row.get(1)).parse().unwrap_or_default());
            }
        }
        let mut schema = Self::default();
        let Answer::Solutions(rows) = store.query(DECLARED, &QueryOptions::default())? else { return Ok(schema) };
        for row in rows {
            let row = row?;
            let [iri, kind, label, comment] = [0, 1, 2, 3].map(|at| plain(row.get(at)));
            let class = kind.ends_with("Class");
            let list = if class { &mut schema.classes } else { &mut schema.properties };
            if list.last().is_none_or(|p: &Part| p.iri != iri) {
                let count = class.then(|| sizes.remove(&iri).unwrap_or_default());
                list.push(Part { name: Prefixes::shipped().shorten(&iri), iri, label, comment, count });
            }
        }
        // Classes of other vocabularies that things have.
        let mut others: Vec<(String, usize)> =
            sizes.into_iter().filter(|(iri, _)| !iri.starts_with("http://www.w3.org/2002/07/owl#")).collect();
        others.sort();
        for (iri, n) in others {
            let name = Prefixes::shipped().shorten(&iri);
            schema.classes.push(Part { label: words(&name), name, comment: String::new(), count: Some(n), iri });
        }
        for name in BORROWED {
            if let Some(iri) = Prefixes::shipped().resolve(name).map(NamedNode::into_string)
                && schema.properties.iter().all(|p| p.iri != iri)
            {
                let label = words(name.split(':').next_back().unwrap_or(name));
                schema.properties.push(Part { label, name: (*name).to_owned(), comment: String::new(), count: None, iri });
            }
        }
        Ok(schema)
    }
}

/// The page.
pub(super) async fn page(State(site): State<Arc<Site>>, frame: Frame) -> Result<Response, Problem> {
    let held = Arc::clone(&site);
    let content = site.read(move |store, _| Ok(content(&*held.schema()?, &relations(store)?))).await?;
    Ok(frame.page("Schema", &content))
}

/// The relations of claims with the one above each.
fn relations(store: &Store) -> Result<Vec<[String; 2]>, Problem> {
    let affects = NamedNode::new_unchecked(format!("{EVI}relatedTo"));
    let query = "SELECT DISTINCT ?relation ?above { ?relation rdfs:subPropertyOf+ ?thing . OPTIONAL { ?relation rdfs:subPropertyOf ?above } } ORDER BY ?above ?relation";
    let rows = about(store, query, &affects)?;
    let short = |t: &Option<Term>| Prefixes::shipped().shorten(&plain(t.as_ref()));
    Ok(rows.iter().map(|r| [short(&r[0]), short(&r[1])]).filter(|r| r[0].starts_with("evi:")).collect())
}

fn content(schema: &Schema, relations: &[[String; 2]]) -> Markup {
    let example = |part: &Part| {
        let of = |text: String| super::Params(vec![("query".into(), text)]).on("/query");
        match part.count {
            Some(_) => of(format!("SELECT ?thing {{ ?thing a {} }} LIMIT 100", part.name)),
            None => of(format!("SELECT ?thing ?value {{ ?thing {} ?value }} LIMIT 100", part.name)),
        }
    };
    let rows = |parts: &[Part], counts: bool| {
        html! { @for part in parts { tr {
            // The store describes the project's own names; others are described where they come from.
            th scope="row" { @if part.name.starts_with("evi:") { a href=(link::entity(&part.iri)) { code { (part.name) } } }
                @else { code { (link::away(&part.iri)) } } }
            td data-label="Meaning" { @if part.comment.is_empty() { (part.label) } @else { (part.comment) } }
            @if counts { td data-label="Things" { (count(part.count.unwrap_or_default())) } }
            td { a href=(example(part)) aria-label=(format!("Ask for {}", part.name)) { "ask" } }
        } } }
    };
    html! {
        p { "An article asserts " a href=(link::entity("evi:Claim")) { "claims" } "; each has evidence that quotes the article and cites entries of its reference list, \
             which refer to works. Claims speak of entities. What curators decide is kept as decisions." }
        section { h2 { "Classes " span class="n" { (count(schema.classes.len())) } }
            table { thead { tr { th scope="col" { "Class" } th scope="col" { "Meaning" } th scope="col" { "Things" } th scope="col" { "Query" } } } tbody { (rows(&schema.classes, true)) } } }
        section { h2 { "Relations " span class="n" { (counted(relations.len(), "relation", "relations")) } }
            ul class="columns" { @for [relation, above] in relations { li { a href=(super::Params(vec![("relation".into(), relation.clone())]).on("/claims")) { (words(relation)) }
                @if !above.is_empty() { " " span class="n" { "is a way of: " (words(above)) } } } } } }
        section { h2 { "Properties " span class="n" { (count(schema.properties.len())) } }
            table { thead { tr { th scope="col" { "Property" } th scope="col" { "Meaning" } th scope="col" { "Query" } } } tbody { (rows(&schema.properties, false)) } } }
    }
}
