//! A SPARQL 1.1 endpoint as a store: Query, Update and Graph Store Protocol over HTTP.

mod ask;
mod client;
mod discover;
mod here;
mod spaces;
mod surroundings;
mod update;

pub use client::Access;
pub use discover::Addresses;

use super::maintain::open_rdf;
use super::{Answer, Error, GraphStore, Home, QueryOptions, Store, article, curated, embedded, prepare};
use crate::graph::Base;
use crate::graph::vocabulary::evi;
use ask::{Form, encoded, with_prefixes, written};
use client::{Client, Request};
use oxigraph::io::RdfParser;
use oxigraph::model::{NamedNode, Quad, Term};
use oxigraph::sparql::QuerySolution;
use spargebra::Query;
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use surroundings::{Surroundings, statement};
use update::data;

/// Statements in one update request.
const BATCH: usize = 20_000;
/// Statements in one update request to Virtuoso, whose compiler takes no more than some thousands.
const SMALL_BATCH: usize = 1_000;

/// A store behind a SPARQL 1.1 endpoint.
///
/// An article is replaced by one update request, which stores apply all or nothing. Where a store takes no update of that size (Virtuoso), the
/// article's own graph is put by one request of the Graph Store Protocol, after what is added to the shared graphs and before what is taken
/// out of them. What is written follows from what was read just before, so let one process write at a time.
pub struct Remote {
    client: Client,
    query: String,
    update: String,
    graph: Option<String>,
    server: String,
    base: Base,
    batch: usize,
    /// Whether an article's graph is put whole, by the Graph Store Protocol.
    puts: bool,
    /// Whether it holds our ontology.
    ours: bool,
    union: OnceLock<Option<(&'static str, &'static str)>>,
    writing: Mutex<()>,
}

impl Remote {
    /// The store behind an endpoint; `base` counts where it holds nothing of ours yet, and must be that of what it holds.
    ///
    /// # Errors
    /// Where the endpoint cannot be reached, refuses access or is none, or the base is another.
    pub fn open(addresses: &Addresses, access: &Access, base: Option<&Base>) -> Result<Self, Error> {
        let client = Client::new(access);
        let found = discover::discover(&client, addresses)?;
        let puts = found.server.starts_with("Virtuoso");
        let mut remote = Self {
            client,
            query: found.query,
            update: found.update,
            graph: found.graph,
            server: found.server,
            base: base.cloned().unwrap_or_default(),
            batch: if puts { SMALL_BATCH } else { BATCH },
            puts,
            ours: false,
            union: OnceLock::new(),
            writing: Mutex::new(()),
        };
        let holds = format!("SELECT ?g {{ GRAPH ?g {{ {} a ?c }} }}", evi::CLAIM);
        let graphs = remote.rows(&holds)?;
        let bases = graphs.iter().filter_map(|row| match row.get("g") {
            Some(Term::NamedNode(g)) => Base::new(g.as_str().strip_suffix("graph/ontology")?).ok(),
            _ => None,
        });
        let bases: Vec<Base> = bases.collect();
        remote.ours = !bases.is_empty();
        match (base, bases.first()) {
            (None, Some(found)) => remote.base = found.clone(),
            (Some(asked), Some(found)) if !bases.contains(asked) => {
                return Err(Error::Base { path: remote.query.into(), found: found.as_str().to_owned(), asked: asked.as_str().to_owned() });
            }
            _ => {}
        }
        Ok(remote)
    }

    /// As [`Remote::open`]; the endpoint then holds the program's ontology.
    ///
    /// # Errors
    /// As [`Remote::open`], and where the endpoint takes no updates.
    pub fn create(addresses: &Addresses, access: &Access, base: Option<&Base>) -> Result<Self, Error> {
        let mut remote = Self::open(addresses, access, base)?;
        let graph = remote.base.ontology_graph();
        let found = remote.rows(&format!("SELECT ?s ?p ?o {{ GRAPH {graph} {{ ?s ?p ?o }} }}"))?;
        let kept: HashSet<Quad> = found.iter().filter_map(|row| statement(row, graph.clone().into())).collect();
        let wanted: HashSet<Quad> = embedded::ontology(&remote.base)?.into_iter().collect();
        remote.change(&apart(&kept, &wanted), &apart(&wanted, &kept))?;
        remote.ours = true;
        Ok(remote)
    }

    /// The number `?n` that a query gives.
    fn number(&self, sparql: &str) -> Result<u64, Error> {
        let rows = self.rows(sparql)?;
        let number = rows.first().and_then(|row| match row.get("n") {
            Some(Term::Literal(l)) => l.value().parse().ok(),
            _ => None,
        });
        Ok(number.unwrap_or_default())
    }

    /// Sends an update.
    fn send(&self, sparql: &str, repeatable: bool) -> Result<(), Error> {
        let body = Some(("application/sparql-update", sparql.as_bytes()));
        self.client.send(&Request { method: "POST", url: &self.update, accept: "*/*", body, time: None, repeatable }).map(|_| ())
    }

    /// Sends a graph.
    fn send_graph(&self, method: &'static str, address: &str, graph: &NamedNode, triples: &str) -> Result<(), Error> {
        let url = format!("{address}{}graph={}", if address.contains('?') { '&' } else { '?' }, encoded(graph.as_str()));
        // N-Triples are Turtle, which every store takes.
        let body = Some(("text/turtle", triples.as_bytes()));
        self.client.send(&Request { method, url: &url, accept: "*/*", body, time: None, repeatable: true }).map(|_| ())
    }

    /// Replaces what the copy of an article's surroundings holds by what it holds after `change`.
    fn rewrite<T>(
        &self,
        article: Option<&NamedNode>,
        held: Vec<Quad>,
        change: impl FnOnce(&mut oxigraph::store::Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let copy = Store::empty(self.base.clone())?;
        let before: HashSet<Quad> = held.into_iter().collect();
        copy.change(&[], &before.iter().cloned().collect::<Vec<_>>())?;
        let done = copy.write(change)?;
        let after: HashSet<Quad> = copy.quads()?.collect::<Result<_, _>>()?;
        let (removed, added) = (apart(&before, &after), apart(&after, &before));
        match (article, &self.graph) {
            (Some(article), Some(address)) if self.puts => {
                let own = |q: &Quad| q.graph_name == article.clone().into();
                let (own_removed, shared_removed): (Vec<_>, Vec<_>) = removed.into_iter().partition(own);
                let (own_added, shared_added): (Vec<_>, Vec<_>) = added.into_iter().partition(own);
                self.change(&[], &shared_added)?;
                if !own_removed.is_empty() || !own_added.is_empty() {
                    let mut triples: Vec<String> = after.iter().filter(|q| own(q)).map(update::triple).collect();
                    triples.sort_unstable();
                    self.send_graph("PUT", address, article, &triples.concat())?;
                }
                self.change(&shared_removed, &[])?;
            }
            _ => self.change(&removed, &added)?,
        }
        Ok(done)
    }
}

/// What is in the one set and not in the other, sorted.
fn apart(one: &HashSet<Quad>, other: &HashSet<Quad>) -> Vec<Quad> {
    let mut quads: Vec<Quad> = one.difference(other).cloned().collect();
    quads.sort_by_cached_key(ToString::to_string);
    quads
}

impl GraphStore for Remote {
    fn base(&self) -> &Base {
        &self.base
    }

    fn home(&self) -> Home {
        let engine = if self.server.is_empty() { "endpoint" } else { self.server.split(' ').next().unwrap_or_default() };
        Home { path: Some(self.query.clone()), format: None, engine: engine.to_owned() }
    }

    fn query(&self, sparql: &str, options: &QueryOptions) -> Result<Answer<'_>, Error> {
        let query = prepare(sparql, options)?;
        if self.puts
            && self.ours
            && let Some(answer) = self.answered_here(&query, sparql, options)?
        {
            return Ok(answer);
        }
        let form = if matches!(query, Query::Construct { .. } | Query::Describe { .. }) { Form::Triples } else { Form::Rows };
        let union = if options.strict || embedded::has_dataset(&query) { None } else { self.union()? };
        self.ask(&form, &written(sparql, &query, options), union, options)
    }

    fn explain(&self, _: &str, _: &QueryOptions) -> Result<String, Error> {
        Err(Error::Embedded { what: "the plan of a query", instead: "ask the endpoint's own tools" })
    }

    fn update(&self, sparql: &str) -> Result<(), Error> {
        prepare::prepare_update(sparql, None)?;
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.send(&with_prefixes(sparql), false)
    }

    fn count(&self) -> Result<u64, Error> {
        self.number("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    }

    fn quads(&self) -> Result<Box<dyn Iterator<Item = Result<Quad, Error>> + '_>, Error> {
        let answer = self.ask(&Form::Rows, "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }", None, &QueryOptions::default())?;
        let Answer::Solutions(rows) = answer else { return Ok(Box::new(std::iter::empty())) };
        let quad = |row: QuerySolution| match row.get("g")? {
            Term::NamedNode(g) => statement(&row, g.clone().into()),
            _ => None,
        };
        Ok(Box::new(rows.filter_map(move |row| row.map(quad).transpose())))
    }

    /// One request, but to a store that takes only small ones: first what is taken out, then what is added.
    fn change(&self, removed: &[Quad], added: &[Quad]) -> Result<(), Error> {
        if !self.puts || removed.len() + added.len() <= self.batch {
            let parts: Vec<String> = [data("DELETE", removed)?, data("INSERT", added)?].into_iter().flatten().collect();
            return if parts.is_empty() { Ok(()) } else { self.send(&parts.join(" ;\n"), true) };
        }
        for part in removed.chunks(self.batch) {
            data("DELETE", part)?.map_or(Ok(()), |text| self.send(&text, true))?;
        }
        for part in added.chunks(self.batch) {
            data("INSERT", part)?.map_or(Ok(()), |text| self.send(&text, true))?;
        }
        Ok(())
    }

    fn load(&self, path: &Path) -> Result<(), Error> {
        let (format, file) = open_rdf(path)?;
        let mut quads = RdfParser::from_format(format).rename_blank_nodes().for_reader(file);
        loop {
            let part = quads.by_ref().take(self.batch).collect::<Result<Vec<_>, _>>();
            let part = part.map_err(|source| Error::Rdf { path: path.to_owned(), source })?;
            if part.is_empty() {
                return Ok(());
            }
            match &self.graph {
                Some(address) if self.puts => {
                    for (graph, triples) in update::by_graph(&part) {
                        let graph = graph.unwrap_or_else(|| self.base.iri("graph/default"));
                        self.send_graph("POST", address, &graph, &triples)?;
                    }
                }
                _ => data("INSERT", &part)?.map_or(Ok(()), |text| self.send(&text, true))?,
            }
        }
    }

    fn replace(&self, name: &NamedNode, quads: &[Quad]) -> Result<(), Error> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let held = Surroundings::of_article(self, name, quads)?;
        self.rewrite(Some(name), held, |t| article::replace(t, &self.base, name, quads))
    }

    fn remove(&self, name: &NamedNode) -> Result<bool, Error> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let held = Surroundings::of_article(self, name, &[])?;
        self.rewrite(Some(name), held, |t| article::remove(t, &self.base, name))
    }

    fn refresh_edges(&self, claims: &[NamedNode]) -> Result<(), Error> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let held = Surroundings::of_claims(self, claims)?;
        self.rewrite(None, held, |t| curated::refresh(t, &self.base, claims))
    }
}
