//! An assembly as RDF, and steps as a network that can be drawn.

use super::{Assembly, Step};
use crate::export::{EdgeKey, Network, Node, Support};
use crate::graph::vocabulary::evi;
use crate::graph::{Base, Prefixes};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Quad, Term};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The statements of an assembly as quads of the graph that is kept for them, sorted.
///
/// A statement that others contradict (the opposite direction, or the same one denied) names them by `evi:contradicts`.
pub fn assembly_quads(assembly: &Assembly, base: &Base) -> Vec<Quad> {
    let graph = base.assembly_graph();
    let mut quads = Vec::new();
    let mut opposite: BTreeMap<(&str, &str, &str), NamedNode> = BTreeMap::new();
    for key in assembly.statements.keys() {
        opposite.insert((&key.from, &key.relation, &key.to), iri(base, [&key.from, &key.relation, &key.to]));
    }
    for (key, statement) in &assembly.statements {
        let resolve = |id: &str| Prefixes::shipped().resolve(id);
        let (Some(from), Some(relation), Some(to)) = (resolve(&key.from), resolve(&key.relation), resolve(&key.to)) else { continue };
        let this = iri(base, [&key.from, &key.relation, &key.to]);
        let mut add =
            |property: NamedNodeRef<'_>, object: Term| quads.push(Quad::new(this.clone(), property.into_owned(), object, graph.clone()));
        add(rdf::TYPE, evi::STATEMENT.into_owned().into());
        add(evi::FROM, from.into());
        add(evi::RELATION, relation.into());
        add(evi::TO, to.into());
        for (property, claims) in [(evi::SUPPORTED_BY, &statement.supported_by), (evi::REFUTED_BY, &statement.refuted_by)] {
            claims.iter().filter_map(|c| NamedNode::new(c).ok()).for_each(|c| add(property, c.into()));
        }
        add(
            evi::INDEPENDENT_PAPERS,
            Literal::new_typed_literal(statement.independent_papers.to_string(), xsd::NON_NEGATIVE_INTEGER).into(),
        );
        add(evi::BELIEF, Literal::new_typed_literal(format!("{:.4}", statement.belief), xsd::DECIMAL).into());
        let against = match key.relation.as_str() {
            "evi:increases" => "evi:decreases",
            "evi:decreases" => "evi:increases",
            "evi:positivelyCorrelatesWith" => "evi:negativelyCorrelatesWith",
            "evi:negativelyCorrelatesWith" => "evi:positivelyCorrelatesWith",
            _ => continue,
        };
        if let Some(other) = opposite.get(&(key.from.as_str(), against, key.to.as_str())) {
            add(evi::CONTRADICTS, other.clone().into());
        }
    }
    quads.sort_by_cached_key(ToString::to_string);
    quads
}

/// The IRI of a statement: a hash of what it says.
fn iri(base: &Base, parts: [&str; 3]) -> NamedNode {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let hash = hasher.finalize()[..16].iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    });
    base.iri(&format!("statement/{hash}"))
}

/// The steps of paths as a network.
pub fn drawn<'a>(assembly: &Assembly, steps: impl Iterator<Item = &'a Step>) -> Network {
    let mut network = Network::default();
    for step in steps {
        for id in [&step.key.from, &step.key.to] {
            let node = Node { label: assembly.label(id).to_owned(), category: assembly.categories.get(id).cloned().unwrap_or_default() };
            network.nodes.insert(id.clone(), node);
        }
        let key =
            EdgeKey { subject: step.key.from.clone(), relation: step.key.relation.clone(), object: step.key.to.clone(), negated: false };
        let support = Support {
            claims: step.statement.supported_by.len() as u64,
            sourced: step.statement.sourced as u64,
            articles: step.statement.articles.clone(),
            conditions: step.statement.supported_in.condition.clone(),
        };
        network.edges.insert(key, support);
    }
    network
}
