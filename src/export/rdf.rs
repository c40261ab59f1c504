//! RDF: the whole graph in any of its forms, and nanopublications.

use super::network::{cell, is_stated};
use super::rows::select;
use super::{Cell, Curation, Error, Filter, Row, Table, rows};
use crate::graph::{Base, Prefixes};
use crate::store::GraphStore;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
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

fn serializer(format: RdfFormat) -> RdfSerializer {
    Prefixes::shipped().iter().fold(RdfSerializer::from_format(format), |s, (name, space)| {
        let plain = s.clone();
        s.with_prefix(name, space).unwrap_or(plain)
    })
}

/// Writes the whole graph as it comes from the store; formats without named graphs get the union of all. Tells the number of statements.
///
/// # Errors
/// Where the store fails or the file cannot be written.
pub fn write_rdf<W: Write>(store: &dyn GraphStore, format: RdfFormat, to: W) -> Result<u64, Error> {
    let mut writer = serializer(format).for_writer(to);
    let mut count = 0;
    select(store, "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }", |term| {
        let (Some(Term::NamedNode(g)), Some(s), Some(Term::NamedNode(p)), Some(o)) = (term(0), term(1), term(2), term(3)) else {
            return Ok(());
        };
        let subject: NamedOrBlankNode = match s {
            Term::NamedNode(n) => n.into(),
            Term::BlankNode(b) => b.into(),
            Term::Literal(_) => return Ok(()),
        };
        let graph = if format.supports_datasets() { GraphName::from(g) } else { GraphName::DefaultGraph };
        writer.serialize_quad(&Quad::new(subject, p, o, graph))?;
        count += 1;
        Ok(())
    })?;
    writer.finish()?.flush()?;
    Ok(count)
}

const NP: &str = "http://www.nanopub.org/nschema#";
const PROV: &str = "http://www.w3.org/ns/prov#";
const DCT: &str = "http://purl.org/dc/terms/";

/// Writes a nanopublication for each affirmed claim that passes the filter, as TriG; tells how many.
///
/// Each has its assertion (the plain triple), its provenance (the article, the works cited, the quote) and its publication info. `created` is
/// an `xsd:dateTime`, `creator` an IRI. Denied, hedged, hypothetical and rejected claims have none.
///
/// # Errors
/// Where the filter names a column that the claims table lacks, the store fails, or the file cannot be written.
pub fn write_nanopubs<W: Write>(
    store: &dyn GraphStore,
    base: &Base,
    filter: &Filter,
    curation: &Curation,
    created: &str,
    creator: &NamedNode,
    to: W,
) -> Result<u64, Error> {
    let table = Table::named("claims")?;
    let mut writer = serializer(RdfFormat::TriG).with_prefix("np", NP).map_err(std::io::Error::other)?.for_writer(to);
    let mut count = 0;
    for row in rows(store, &table, filter, curation)? {
        let row = row?;
        if !is_stated(&table, &row) || *cell(&table, &row, "negated") == Cell::Boolean(true) {
            continue;
        }
        let Some(quads) = nanopub(&table, &row, base, created, creator) else { continue };
        for quad in &quads {
            writer.serialize_quad(quad)?;
        }
        count += 1;
    }
    writer.finish()?.flush()?;
    Ok(count)
}

fn nanopub(table: &Table, row: &Row, base: &Base, created: &str, creator: &NamedNode) -> Option<Vec<Quad>> {
    let get = |column: &str| cell(table, row, column).as_str();
    let iri = |text: &str| Prefixes::shipped().resolve(text);
    let (subject, relation, object) = (iri(get("subject_id"))?, iri(get("relation"))?, iri(get("object_id"))?);
    let (claim, article) = (NamedNode::new(get("claim_id")).ok()?, NamedNode::new(get("article_id")).ok()?);
    let hash = claim.as_str().rsplit('/').next()?;
    let publication = base.iri(&format!("nanopub/{hash}"));
    let part = |name: &str| NamedNode::new_unchecked(format!("{}#{name}", publication.as_str()));
    let (head, assertion, provenance, info) = (part("Head"), part("assertion"), part("provenance"), part("pubinfo"));
    let np = |local: &str| NamedNode::new_unchecked(format!("{NP}{local}"));
    let prov = |local: &str| NamedNode::new_unchecked(format!("{PROV}{local}"));
    let dct = |local: &str| NamedNode::new_unchecked(format!("{DCT}{local}"));
    let mut quads = Vec::new();
    let mut add = |s: &NamedNode, p: NamedNode, o: Term, g: &NamedNode| quads.push(Quad::new(s.clone(), p, o, g.clone()));
    let a = |n: NamedNodeRef<'_>| n.into_owned();

    add(&publication, a(rdf::TYPE), np("Nanopublication").into(), &head);
    add(&publication, np("hasAssertion"), assertion.clone().into(), &head);
    add(&publication, np("hasProvenance"), provenance.clone().into(), &head);
    add(&publication, np("hasPublicationInfo"), info.clone().into(), &head);
    add(&subject, relation, object.into(), &assertion);
    add(&assertion, prov("wasDerivedFrom"), claim.into(), &provenance);
    add(&assertion, prov("hadPrimarySource"), article.into(), &provenance);
    add(&assertion, prov("value"), Literal::from(get("quote")).into(), &provenance);
    for work in cell(table, row, "references").items().iter().filter_map(|r| iri(r)) {
        add(&assertion, NamedNode::new_unchecked("http://purl.org/spar/cito/citesAsEvidence"), work.into(), &provenance);
    }
    add(&publication, dct("created"), Literal::new_typed_literal(created, xsd::DATE_TIME).into(), &info);
    add(&publication, dct("creator"), creator.clone().into(), &info);
    Some(quads)
}
