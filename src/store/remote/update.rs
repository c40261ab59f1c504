//! Statements as the text of updates and graphs.

use crate::store::Error;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::BTreeMap;

/// `INSERT DATA` or `DELETE DATA` with the statements, graph by graph; nothing where there are none.
///
/// # Errors
/// Where a statement to delete has a blank node.
pub(super) fn data(verb: &str, quads: &[Quad]) -> Result<Option<String>, Error> {
    let blank = |q: &&Quad| matches!(q.subject, NamedOrBlankNode::BlankNode(_)) || matches!(q.object, Term::BlankNode(_));
    if let (Some(quad), "DELETE") = (quads.iter().find(blank), verb) {
        return Err(Error::BlankNode(quad.to_string()));
    }
    if quads.is_empty() {
        return Ok(None);
    }
    let mut text = format!("{verb} DATA {{\n");
    for (graph, triples) in by_graph(quads) {
        match graph {
            Some(graph) => text.push_str(&format!("GRAPH {graph} {{\n{triples}}}\n")),
            None => text.push_str(&triples),
        }
    }
    text.push('}');
    Ok(Some(text))
}

/// The statements of each graph as N-Triples.
pub(super) fn by_graph(quads: &[Quad]) -> BTreeMap<Option<NamedNode>, String> {
    let mut graphs: BTreeMap<Option<NamedNode>, String> = BTreeMap::new();
    for quad in quads {
        let graph = if let GraphName::NamedNode(n) = &quad.graph_name { Some(n.clone()) } else { None };
        graphs.entry(graph).or_default().push_str(&triple(quad));
    }
    graphs
}

/// A statement as a line of N-Triples.
pub(super) fn triple(quad: &Quad) -> String {
    format!("{} {} {} .\n", quad.subject, quad.predicate, quad.object)
}
