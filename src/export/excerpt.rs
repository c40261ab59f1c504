//! The part of the graph that speaks of some claims.

use super::network::{cell, is_stated};
use super::rdf::quads;
use super::rows::select;
use super::{Cell, Curation, Error, Filter, Table, rows};
use crate::graph::Prefixes;
use crate::store::GraphStore;
use oxigraph::model::{NamedNode, Quad, Term};
use std::collections::HashSet;

/// Claims whose surroundings are looked up at once.
const BATCH: usize = 200;

/// What a claim leads to: its article with the works that it cites, its arguments and what stands above them, its evidence with quote, entries
/// and works, its numbers, and what was decided on it.
const AROUND: &str = "evi:inArticle|(evi:inArticle/cito:cites)|evi:hasMeasurement|evi:hasEvidence|(evi:hasEvidence/oa:hasSelector)|\
    (evi:hasEvidence/evi:citesEntry)|(evi:hasEvidence/evi:citesEntry/evi:refersTo)|^evi:decides|(^evi:decides/evi:corrected)|\
    (^evi:decides/evi:addsWork)|((rdf:subject|rdf:object|evi:condition|evi:site|evi:species|evi:via|evi:intervention|evi:outcome)/rdfs:subClassOf*)";

/// Hands on what the graph says of the claims that pass the filter, each statement once.
///
/// Memory grows with the number of things that they lead to, a hundred bytes each.
///
/// # Errors
/// Where the filter names a column that no table of claims has, or the store fails.
pub(super) fn excerpt(
    store: &dyn GraphStore,
    filter: &Filter,
    curation: &Curation,
    each: &mut dyn FnMut(Quad) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut done = HashSet::new();
    let mut edges = HashSet::new();
    let claims = Table::named("claims")?;
    let outcomes = Table::named("outcomes")?;
    if filter.check(&outcomes).is_err() {
        filter.check(&claims)?;
    }
    for table in [claims, outcomes].into_iter().filter(|t| filter.check(t).is_ok()) {
        let mut batch = Vec::new();
        for row in rows(store, &table, filter, curation)? {
            let row = row?;
            if table.column("subject_id").is_some() && is_stated(&table, &row) && *cell(&table, &row, "negated") != Cell::Boolean(true) {
                let name = |column: &str| Prefixes::shipped().resolve(cell(&table, &row, column).as_str());
                edges.extend(name("subject_id").zip(name("relation")).zip(name("object_id")));
            }
            batch.push(row[0].plain());
            if batch.len() == BATCH {
                around(store, &batch, &mut done, &edges, each)?;
                batch.clear();
            }
        }
        around(store, &batch, &mut done, &edges, each)?;
    }
    Ok(())
}

type Edge = ((NamedNode, NamedNode), NamedNode);

/// Hands on what is said of the claims of a batch and of what they lead to, as far as it is new.
fn around(
    store: &dyn GraphStore,
    claims: &[String],
    done: &mut HashSet<String>,
    edges: &HashSet<Edge>,
    each: &mut dyn FnMut(Quad) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut new: Vec<String> = claims.iter().filter(|c| done.insert((*c).clone())).cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    select(
        store,
        &format!("SELECT DISTINCT ?thing WHERE {{ VALUES ?claim {{ <{}> }} ?claim {AROUND} ?thing }}", new.join("> <")),
        |term| {
            if let Some(Term::NamedNode(thing)) = term(0) {
                let thing = thing.into_string();
                if done.insert(thing.clone()) {
                    new.push(thing);
                }
            }
            Ok(())
        },
    )?;
    new.sort_unstable();
    for things in new.chunks(BATCH) {
        let query = format!("SELECT ?g ?s ?p ?o WHERE {{ VALUES ?s {{ <{}> }} GRAPH ?g {{ ?s ?p ?o }} }}", things.join("> <"));
        quads(store, &query, &mut |quad| {
            // Of the plain triples only those that these claims assert: an entity takes part in many more.
            let plain = quad.graph_name.to_string().ends_with("/graph/edges>");
            let stated = || match (&quad.subject, &quad.object) {
                (oxigraph::model::NamedOrBlankNode::NamedNode(s), Term::NamedNode(o)) => {
                    edges.contains(&((s.clone(), quad.predicate.clone()), o.clone()))
                }
                _ => false,
            };
            if plain && !stated() { Ok(()) } else { each(quad) }
        })?;
    }
    Ok(())
}
