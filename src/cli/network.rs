//! What `evigraph export` writes beside tables: networks, KGX, RDF and INDRA statements.

use super::args::Export;
use super::output::Output;
use crate::export::{Curation, Filter, Network, NetworkFormat, rdf_format, write_indra, write_kgx, write_rdf};
use crate::store::Store;
use anyhow::{Context, Result};
use std::io::Write;
use std::path::Path;

/// The exports that are no tables, each with what it is.
pub const FORMS: &[(&str, &str)] = &[
    ("network", "Entities and the claims between them: GraphML, GEXF, DOT or Cytoscape JSON (.graphml .gexf .dot .cyjs)."),
    ("kgx", "Two files of Biolink KGX, BASE_nodes.tsv and BASE_edges.tsv, for -o BASE."),
    ("rdf", "The whole graph: Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD (.ttl .trig .nt .nq .rdf .jsonld)."),
    ("indra", "INDRA statements (JSON)."),
];

/// Writes the export `name`; tells how many edges, statements or claims it holds.
pub fn write(name: &str, args: &Export, store: &Store) -> Result<u64> {
    let filter = args.filters.iter().try_fold(Filter::none(), |f, condition| f.with(condition))?;
    let curation = Curation::load(store)?;
    if name == "kgx" {
        let base = args.to.output.as_deref().context("kgx is two files: name their beginning with -o BASE")?;
        let file = |part: &str| Output::file(Path::new(&format!("{}_{part}.tsv", base.display())));
        let (mut nodes, mut edges) = (file("nodes")?, file("edges")?);
        let (_, count) = write_kgx(store, &filter, &curation, &mut nodes, &mut edges)?;
        nodes.flush()?;
        edges.flush()?;
        return Ok(count);
    }
    let extension = args.to.output.as_deref().and_then(|p| p.extension()).and_then(|e| e.to_str());
    let form = args.format.as_deref().or(extension);
    let count = match name {
        "network" => {
            let named = form.unwrap_or("graphml");
            let format = NetworkFormat::from_name(named)
                .with_context(|| format!("no network has the form {named:?}; use graphml, gexf, dot or cyjs"))?;
            let network = Network::of(store, &filter, &curation)?;
            let mut out = Output::open(&args.to)?;
            network.write(&mut out, format)?;
            out.flush()?;
            network.edges.len() as u64
        }
        "rdf" => {
            let named = form.unwrap_or("trig");
            let format =
                rdf_format(named).with_context(|| format!("no RDF has the form {named:?}; use ttl, trig, nt, nq, rdf or jsonld"))?;
            let mut out = Output::open(&args.to)?;
            let count = write_rdf(store, format, &mut out)?;
            out.flush()?;
            count
        }
        _ => {
            let mut out = Output::open(&args.to)?;
            let count = write_indra(store, &filter, &curation, &mut out)?;
            out.flush()?;
            count
        }
    };
    Ok(count)
}
