//! The claims as a network: a table of its edges, which a script also draws.

use super::frame::script;
use super::list::filter;
use super::{Frame, Params, command, count, counted, link, words};
use crate::export::{Cell, EdgeKey, Network, NetworkFormat, Support, Table};
use crate::serve::{Problem, Site, answer};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

/// Most entities that are drawn.
const NODES: usize = 300;

/// Entities that are drawn unless more are asked for.
const USUAL: usize = 60;

/// The network that an address asks for, and how many entities it has whole.
fn network(site: &Site, params: &Params) -> Result<(Network, usize), Problem> {
    let (shelf, curation) = (site.shelf("claims")?, site.curation()?);
    let around = params.one("around");
    let filter = filter(&shelf.table, &params.without("around").without("nodes"))?;
    let ends = ["subject_id", "object_id"].map(|c| shelf.table.column(c).map_or(0, |c| c.0));
    let mut all = Network::default();
    for row in shelf.curated(&curation) {
        if (around.is_empty() || ends.iter().any(|at| row[*at].as_str() == around)) && filter.passes(&shelf.table, &row) {
            all.add(&shelf.table, &row);
        }
    }
    let whole = all.nodes.len();
    Ok((strongest(all, params.number("nodes", USUAL).clamp(2, NODES)), whole))
}

/// The part of a network with the edges that most claims state, of at most so many entities.
fn strongest(all: Network, most: usize) -> Network {
    let mut edges: Vec<(&EdgeKey, &Support)> = all.edges.iter().filter(|e| e.0.subject != e.0.object).collect();
    edges.sort_by(|a, b| (b.1.articles.len(), b.1.claims).cmp(&(a.1.articles.len(), a.1.claims)).then_with(|| a.0.cmp(b.0)));
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    for (key, _) in &edges {
        let new = [&key.subject, &key.object].into_iter().filter(|n| !kept.contains(n.as_str())).count();
        if kept.len() + new <= most {
            kept.extend([key.subject.as_str(), key.object.as_str()]);
        }
    }
    let edges = edges.iter().filter(|(k, _)| kept.contains(k.subject.as_str()) && kept.contains(k.object.as_str()));
    let edges = edges.map(|(k, s)| ((*k).clone(), (*s).clone())).collect();
    Network { edges, nodes: all.nodes.iter().filter(|n| kept.contains(n.0.as_str())).map(|(k, n)| (k.clone(), n.clone())).collect() }
}

/// The edges, best supported first.
fn ranked(network: &Network) -> Vec<(&EdgeKey, &Support)> {
    let mut edges: Vec<_> = network.edges.iter().collect();
    edges.sort_by(|a, b| (b.1.articles.len(), b.1.claims).cmp(&(a.1.articles.len(), a.1.claims)).then_with(|| a.0.cmp(b.0)));
    edges
}

/// The page.
pub(super) async fn page(State(site): State<Arc<Site>>, frame: Frame, params: Params) -> Result<Response, Problem> {
    let held = Arc::clone(&site);
    let content = site.read(move |_, _| Ok(content(&network(&held, &params)?, &params))).await?;
    Ok(frame.page("Graph", &content))
}

fn content((network, whole): &(Network, usize), params: &Params) -> Markup {
    let label = |id: &str| network.nodes.get(id).map_or(id, |n| n.label.as_str()).to_owned();
    let claims = |key: &EdgeKey| {
        let mut asked = vec![
            ("subject_id".to_owned(), key.subject.clone()),
            ("relation".to_owned(), key.relation.clone()),
            ("object_id".to_owned(), key.object.clone()),
        ];
        asked.push(("negated".to_owned(), key.negated.to_string()));
        Params(asked).on("/claims")
    };
    let around = params.one("around");
    html! {
        form class="controls" action="/graph" {
            @for (name, value) in params.0.iter().filter(|p| !matches!(p.0.as_str(), "around" | "nodes")) { input type="hidden" name=(name) value=(value); }
            label { "Around " input name="around" value=(around) placeholder="HGNC:6018"; }
            label { "Entities, at most " input type="number" name="nodes" min="2" max=(NODES) value=(params.number("nodes", USUAL)); }
            button type="submit" { "Show" }
        }
        p role="status" aria-live="polite" class="count" {
            (counted(network.nodes.len(), "entity", "entities")) @if network.nodes.len() < *whole { " of " (count(*whole)) ", those with most articles behind them" }
            ", " (counted(network.edges.len(), "relation", "relations"))
        }
        div id="graph" class="graph" data-source=(params.on("/graph.json")) hidden {}
        div class="downloads" {
            a href=(params.on("/graph.csv")) download { "Edges (CSV)" } a href=(params.on("/graph.json")) { "Cytoscape JSON" }
            details { summary { "Command" } (command("evigraph export network -o claims.graphml")) }
        }
        table {
            caption { "Relations, those that most articles state first. Affirmed claims alone count." }
            thead { tr { th scope="col" { "From" } th scope="col" { "Relation" } th scope="col" { "To" } th scope="col" { "Claims" } th scope="col" { "Sourced" } th scope="col" { "Articles" } } }
            tbody { @for (key, support) in ranked(network) { tr data-row {
                th scope="row" { a href=(link::entity(&key.subject)) { (label(&key.subject)) } }
                td data-label="Relation" { @if key.negated { "not: " } (words(&key.relation)) }
                td data-label="To" { a href=(link::entity(&key.object)) { (label(&key.object)) } }
                td data-label="Claims" { a class="open" href=(claims(key)) { (count(usize::try_from(support.claims).unwrap_or_default())) } }
                td data-label="Sourced" { (support.sourced) }
                td data-label="Articles" { (support.articles.len()) }
            } } }
        }
        (script("graph.js"))
    }
}

/// The network as Cytoscape JSON.
pub(super) async fn json(State(site): State<Arc<Site>>, params: Params) -> Result<Response, Problem> {
    let held = Arc::clone(&site);
    answer::stream(&site, None, move |_, _, tell, out| {
        let (network, _) = network(&held, &params)?;
        tell("application/json");
        Ok(network.write(out, NetworkFormat::Cytoscape)?)
    })
    .await
}

/// The edges as CSV.
pub(super) async fn csv(State(site): State<Arc<Site>>, params: Params) -> Result<Response, Problem> {
    const COLUMNS: &str = "# title: Edges\n# column subject_id text: A.\n# column subject_label text: A.\n# column relation text: A.\n# column object_id text: A.\n\
                           # column object_label text: A.\n# column negated boolean: A.\n# column claims integer: A.\n# column sourced integer: A.\n# column articles integer: A.\nSELECT * {}";
    let held = Arc::clone(&site);
    answer::stream(&site, None, move |_, _, tell, out| {
        let (network, _) = network(&held, &params)?;
        let table = Table::parse("edges", COLUMNS)?;
        tell("text/csv; charset=utf-8");
        let label = |id: &str| Cell::text(network.nodes.get(id).map_or("", |n| n.label.as_str()));
        let rows = ranked(&network).into_iter().map(|(k, s)| {
            let number = |n: u64| Cell::Number(n.to_string());
            Ok(vec![
                Cell::text(&*k.subject),
                label(&k.subject),
                Cell::text(&*k.relation),
                Cell::text(&*k.object),
                label(&k.object),
                Cell::Boolean(k.negated),
                number(s.claims),
                number(s.sourced),
                number(s.articles.len() as u64),
            ])
        });
        crate::export::write_table(&mut *out, &table, crate::export::TableFormat::Csv, false, rows)?;
        out.flush().map_err(|e| Problem::internal(e.to_string()))
    })
    .await
}
