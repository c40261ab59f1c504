//! Nanopublications (<https://nanopub.net/guidelines/working_draft/>), each named by a trusty URI.

use super::network::{cell, is_stated};
use super::rdf::serializer;
use super::{Cell, Curation, Error, Filter, Row, Table, rows};
use crate::graph::{Base, Prefixes};
use crate::store::GraphStore;
use oxigraph::io::RdfFormat;
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, NamedNode, Quad, Term};
use sha2::{Digest, Sha256};
use std::io::Write;

const NP: &str = "http://www.nanopub.org/nschema#";
const PROV: &str = "http://www.w3.org/ns/prov#";
const DCT: &str = "http://purl.org/dc/terms/";
const CITES: &str = "http://purl.org/spar/cito/citesAsEvidence";

/// Writes a nanopublication for each affirmed claim that passes the filter, as TriG; tells how many.
///
/// Each has its assertion (the plain triple), its provenance (the claim, the article, the works cited, the quote) and its publication info, and
/// is named by a hash of them, so that nobody can change it unseen. `created` is an `xsd:dateTime`, `creator` an IRI. Denied, hedged,
/// hypothetical and rejected claims have none. Nothing is signed.
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
    let mut writer = serializer(RdfFormat::TriG).for_writer(to);
    let mut count = 0;
    for row in rows(store, &table, filter, curation)? {
        let row = row?;
        if !is_stated(&table, &row) || *cell(&table, &row, "negated") == Cell::Boolean(true) {
            continue;
        }
        let Some(quads) = nanopub(&table, &row, base, created, creator) else { continue };
        for quad in &named(&quads) {
            writer.serialize_quad(quad)?;
        }
        count += 1;
    }
    writer.finish()?.flush()?;
    Ok(count)
}

/// The statements of a nanopublication; where its hash belongs, its names have a space.
fn nanopub(table: &Table, row: &Row, base: &Base, created: &str, creator: &NamedNode) -> Option<Vec<Quad>> {
    let get = |column: &str| cell(table, row, column).as_str();
    let iri = |text: &str| Prefixes::shipped().resolve(text);
    let (subject, relation, object) = (iri(get("subject_id"))?, iri(get("relation"))?, iri(get("object_id"))?);
    let (claim, article) = (NamedNode::new(get("claim_id")).ok()?, NamedNode::new(get("article_id")).ok()?);
    let name = |part: &str| NamedNode::new_unchecked(format!("{}nanopub/ {part}", base.as_str()));
    let [publication, head, assertion, provenance, info] = ["", "#Head", "#assertion", "#provenance", "#pubinfo"].map(name);
    let term = |space: &str, local: &str| NamedNode::new_unchecked(format!("{space}{local}"));
    let mut quads = Vec::new();
    let mut add = |s: &NamedNode, p: NamedNode, o: Term, g: &NamedNode| quads.push(Quad::new(s.clone(), p, o, g.clone()));

    add(&publication, rdf::TYPE.into_owned(), term(NP, "Nanopublication").into(), &head);
    add(&publication, term(NP, "hasAssertion"), assertion.clone().into(), &head);
    add(&publication, term(NP, "hasProvenance"), provenance.clone().into(), &head);
    add(&publication, term(NP, "hasPublicationInfo"), info.clone().into(), &head);
    add(&subject, relation, object.into(), &assertion);
    add(&assertion, term(PROV, "wasDerivedFrom"), claim.into(), &provenance);
    add(&assertion, term(PROV, "hadPrimarySource"), article.into(), &provenance);
    add(&assertion, term(PROV, "value"), Literal::from(get("quote")).into(), &provenance);
    for work in cell(table, row, "references").items().iter().filter_map(|r| iri(r)) {
        add(&assertion, NamedNode::new_unchecked(CITES), work.into(), &provenance);
    }
    add(&publication, term(DCT, "created"), Literal::new_typed_literal(created, xsd::DATE_TIME).into(), &info);
    add(&publication, term(DCT, "creator"), creator.clone().into(), &info);
    Some(quads)
}

/// Puts the hash of the statements into their names: a trusty URI of type RA (Kuhn and Dumontier, "Trusty URIs: verifiable, immutable, and
/// permanent digital artifacts for linked data", 2014).
fn named(quads: &[Quad]) -> Vec<Quad> {
    let code = code(quads);
    let name = |n: &NamedNode| NamedNode::new_unchecked(n.as_str().replacen(' ', &code, 1));
    let whole = |quad: &Quad| {
        let mut quad = quad.clone();
        if let oxigraph::model::NamedOrBlankNode::NamedNode(subject) = &quad.subject {
            quad.subject = name(subject).into();
        }
        if let Term::NamedNode(object) = &quad.object {
            quad.object = name(object).into();
        }
        if let oxigraph::model::GraphName::NamedNode(graph) = &quad.graph_name {
            quad.graph_name = name(graph).into();
        }
        quad
    };
    quads.iter().map(whole).collect()
}

/// The artifact code: `RA` and the SHA-256 of the sorted statements, a term a line.
fn code(quads: &[Quad]) -> String {
    let bare = |text: String| text.trim_matches(['<', '>']).to_owned();
    let mut statements: Vec<_> = quads
        .iter()
        .map(|q| {
            let object = match &q.object {
                Term::Literal(l) => (true, l.value().to_owned(), l.datatype().as_str().to_owned()),
                other => (false, bare(other.to_string()), String::new()),
            };
            (bare(q.graph_name.to_string()), bare(q.subject.to_string()), q.predicate.as_str().to_owned(), object)
        })
        .collect();
    statements.sort();
    statements.dedup();
    let mut hasher = Sha256::new();
    for (graph, subject, predicate, (literal, value, datatype)) in statements {
        hasher.update(format!("{graph}\n{subject}\n{predicate}\n"));
        if literal {
            hasher.update(format!("^{datatype} {}\n", value.replace('\\', "\\\\").replace('\n', "\\n")));
        } else {
            hasher.update(format!("{value}\n"));
        }
    }
    format!("RA{}", base64_url(&hasher.finalize()))
}

/// Base64 with the alphabet for addresses, without padding (RFC 4648, section 5).
fn base64_url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (at, b)| bits | u32::from(*b) << (16 - 8 * at));
        for at in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (given, expected) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64_url(given.as_bytes()), expected);
        }
        assert_eq!(base64_url(&[0xfb, 0xff]), "-_8");
    }
}
