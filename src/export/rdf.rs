//! RDF: the graph in any of its forms.

use super::excerpt::excerpt;
use super::rows::select;
use super::{Curation, Error, Filter};
use crate::graph::Prefixes;
use crate::store::GraphStore;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term};
use std::io::Write;

/// The RDF format named by `--format` or a file extension.
pub fn rdf_format(name: &str) -> Option<RdfFormat> {
    match name.to_ascii_lowercase().as_str() {
        "turtle" => Some(RdfFormat::Turtle),
        "jsonld" | "json-ld" => Some(RdfFormat::JsonLd { profile: oxigraph::io::JsonLdProfileSet::empty() }),
        "rdfxml" | "rdf/xml" => Some(RdfFormat::RdfXml),
        name => RdfFormat::from_extension(name),
    }
}

pub(super) fn serializer(format: RdfFormat) -> RdfSerializer {
    Prefixes::shipped().serializer(format, |_| true)
}

/// Writes the graph as it comes from the store, or what it says of the claims that pass the filter; formats without named graphs get the
/// union of all. Tells the number of statements.
///
/// # Errors
/// Where the filter names a column that no table of claims has, the store fails or the file cannot be written.
pub fn write_rdf<W: Write>(store: &dyn GraphStore, filter: &Filter, curation: &Curation, format: RdfFormat, to: W) -> Result<u64, Error> {
    let mut writer = serializer(format).for_writer(to);
    let mut count = 0;
    let mut add = |mut quad: Quad| -> Result<(), Error> {
        if !format.supports_datasets() {
            quad.graph_name = GraphName::DefaultGraph;
        }
        count += 1;
        Ok(writer.serialize_quad(&quad)?)
    };
    if filter.is_empty() {
        quads(store, "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }", &mut add)?;
    } else {
        excerpt(store, filter, curation, &mut add)?;
    }
    writer.finish()?.flush()?;
    Ok(count)
}

/// Hands on the statements that a query gives as graph, subject, property and object.
pub(super) fn quads(store: &dyn GraphStore, query: &str, each: &mut dyn FnMut(Quad) -> Result<(), Error>) -> Result<(), Error> {
    select(store, query, |term| {
        let (Some(Term::NamedNode(g)), Some(s), Some(Term::NamedNode(p)), Some(o)) = (term(0), term(1), term(2), term(3)) else {
            return Ok(());
        };
        let subject: NamedOrBlankNode = match s {
            Term::NamedNode(n) => n.into(),
            Term::BlankNode(b) => b.into(),
            Term::Literal(_) => return Ok(()),
        };
        each(Quad::new(subject, p, o, g))
    })
}
