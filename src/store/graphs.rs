//! Whole graphs: read, put, added to and taken out, as the SPARQL 1.1 Graph Store Protocol has it.

use super::{Error, Store};
use oxigraph::model::{GraphName, GraphNameRef, NamedOrBlankNodeRef, Quad};

/// What a graph store may have: named graphs exist even when they are empty, the default graph always exists.
fn named(graph: &GraphName) -> Option<NamedOrBlankNodeRef<'_>> {
    match graph {
        GraphName::NamedNode(n) => Some(n.as_ref().into()),
        GraphName::BlankNode(b) => Some(b.as_ref().into()),
        GraphName::DefaultGraph => None,
    }
}

impl Store {
    /// Whether the graph is there; the default graph always is.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn has_graph(&self, graph: &GraphName) -> Result<bool, Error> {
        Ok(match named(graph) {
            Some(name) => self.engine.contains_named_graph(name)?,
            None => true,
        })
    }

    /// The statements of one graph, or of all, as they stand now, whatever is written meanwhile.
    pub fn statements(&self, graph: Option<&GraphName>) -> impl Iterator<Item = Result<Quad, Error>> + 'static {
        self.engine.quads_for_pattern(None, None, None, graph.map(GraphNameRef::from)).map(|q| Ok(q?))
    }

    /// Writes `quads` in one transaction. With `replace`, what that graph held before goes. Tells whether the graph is new.
    ///
    /// # Errors
    /// Where the store fails; it then holds what it held before.
    pub fn put_graph(&self, graph: &GraphName, quads: &[Quad], replace: bool) -> Result<bool, Error> {
        self.write(|transaction| {
            let mut new = false;
            if let Some(name) = named(graph) {
                new = !transaction.contains_named_graph(name)?;
                transaction.insert_named_graph(name);
            }
            if replace && !new {
                transaction.clear_graph(graph.as_ref())?;
            }
            transaction.extend(quads);
            Ok(new)
        })
    }

    /// Takes a graph out; of the default graph, what it holds. Tells whether it was there.
    ///
    /// # Errors
    /// Where the store fails; it then holds what it held before.
    pub fn drop_graph(&self, graph: &GraphName) -> Result<bool, Error> {
        self.write(|transaction| match named(graph) {
            Some(name) => {
                let there = transaction.contains_named_graph(name)?;
                transaction.remove_named_graph(name)?;
                Ok(there)
            }
            None => {
                transaction.clear_graph(GraphNameRef::DefaultGraph)?;
                Ok(true)
            }
        })
    }
}
