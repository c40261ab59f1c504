//! What `evigraph export` writes beside tables: networks, KGX, RDF, nanopublications and INDRA statements.

use super::args::Export;
use super::output::Output;
use super::selection;
use super::setting::Setting;
use super::terminal;
use crate::export::{Curation, Network, NetworkFormat, rdf_format, write_indra, write_kgx, write_nanopubs, write_rdf};
use crate::graph::{Base, VERSION, software_iri};
use crate::review;
use anyhow::{Context, Result};
use oxigraph::model::NamedNode;
use std::io::Write;
use std::path::Path;

/// The exports that are no tables, each with what it is, and what it counts.
pub const FORMS: &[(&str, &str, &str)] = &[
    ("network", "Entities and the claims between them: GraphML, GEXF, DOT or Cytoscape JSON (.graphml .gexf .dot .cyjs).", "edge"),
    ("kgx", "Two files of Biolink KGX, BASE_nodes.tsv and BASE_edges.tsv, for -o BASE.", "edge"),
    ("rdf", "The whole graph: Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD (.ttl .trig .nt .nq .rdf .jsonld).", "statement"),
    ("nanopubs", "A nanopublication for each affirmed claim, named by a trusty URI (TriG).", "nanopublication"),
    ("indra", "INDRA statements (JSON).", "statement"),
];

/// Writes the export `name`; tells how many edges, statements or claims it holds.
pub fn write(name: &str, args: &Export, setting: &Setting) -> Result<u64> {
    let store = &*setting.open()?;
    let filter = selection::filter(&args.selection, store, &setting.terminal)?;
    let curation = Curation::load(store)?;
    if name == "kgx" {
        let base = args.to.output.as_deref().context("kgx is two files: name their beginning with -o BASE")?;
        let [nodes, edges] = files(base);
        let (mut nodes, mut edges) = (Output::file(Path::new(&nodes))?, Output::file(Path::new(&edges))?);
        let (_, count, denied) = write_kgx(store, &filter, &curation, &mut nodes, &mut edges)?;
        nodes.flush()?;
        edges.flush()?;
        if denied > 0 {
            setting.terminal.note(format!(
                "{} denied (negated is True); KGX's own RDF states every edge as a triple, so leave them out for that: --where negated=false",
                terminal::count(usize::try_from(denied)?, "edge")
            ));
        }
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
            let count = write_rdf(store, &filter, &curation, format, &mut out)?;
            out.flush()?;
            count
        }
        "nanopubs" => {
            let created = created(args)?;
            let creator = creator(args, store.base())?;
            let mut out = Output::open(&args.to)?;
            let count = write_nanopubs(store, store.base(), &filter, &curation, &created, &creator, &mut out)?;
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

/// The two files of KGX.
fn files(base: &Path) -> [String; 2] {
    ["nodes", "edges"].map(|part| format!("{}_{part}.tsv", base.display()))
}

/// Where the export `name` goes for `-o PATH`, in words.
pub fn place(name: &str, path: &Path) -> String {
    if name == "kgx" { files(path).join(" and ") } else { path.display().to_string() }
}

/// When nanopublications were created, in UTC to the second.
fn created(args: &Export) -> Result<String> {
    let time = match args.created.as_deref() {
        Some(text) => text.parse::<jiff::Timestamp>().with_context(|| format!("{text:?} is no time: write it as 2026-03-02T12:00:00Z"))?,
        None => jiff::Timestamp::now(),
    };
    Ok(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Who made nanopublications: an ORCID, an address, or this program.
fn creator(args: &Export, base: &Base) -> Result<NamedNode> {
    match args.creator.as_deref() {
        Some(who) => review::agent(who)
            .with_context(|| format!("{who:?} is neither an ORCID nor an address; nanopublications name their creator by one")),
        None => Ok(software_iri(VERSION, base)),
    }
}
