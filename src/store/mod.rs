//! The kept graph: one named graph per article, replaced in one transaction.
//!
//! [`Store`] is the embedded engine, in memory or on disk. What later stages ask of a store is the trait [`GraphStore`], so that a SPARQL
//! endpoint elsewhere can stand in its place.

mod answer;
mod article;
mod curated;
mod deadline;
mod embedded;
mod maintain;
mod place;
mod prepare;

pub use answer::{Answer, QueryOptions, Solutions, Triples};
pub use article::Fingerprint;
pub use embedded::Store;
pub use maintain::{Info, Problem};
pub use oxigraph::sparql::{CancellationToken, QuerySolution};
pub use prepare::prepare;

use oxigraph::model::{NamedNode, Quad};
use std::path::PathBuf;
use std::time::Duration;

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing at the path.
    #[error("there is no store at {}: make one with `evigraph ingest`, or name another with --store", .0.display())]
    Missing(PathBuf),
    /// The path holds something else.
    #[error("{} is not a store: it holds other files; name an empty or a new directory with --store", .0.display())]
    NotAStore(PathBuf),
    /// Another process has the store open.
    #[error("the store {} is held by another process{holder}: wait until it ends, or stop it; a server's store is reached with --store http://…/sparql", .path.display())]
    Held {
        /// The store.
        path: PathBuf,
        /// Which process, as far as known (" (process 17)").
        holder: String,
    },
    /// The store was written by a version with another format.
    #[error("the store {} has format {found}, this program reads format {expected}: dump it with the program that wrote it and load the dump into a new store", .path.display())]
    Version {
        /// The store.
        path: PathBuf,
        /// Its format.
        found: String,
        /// The format this program reads.
        expected: u32,
    },
    /// The store is kept by an engine that this build leaves out.
    #[error("the store {} is kept by {found}, which this build leaves out: build with `--features disk`, or load a dump of it into a new store", .path.display())]
    Engine {
        /// The store.
        path: PathBuf,
        /// The engine it names.
        found: String,
    },
    /// The store's names lie under another base.
    #[error("the store {} has the base {found}, not {asked}: leave --base out, or make a new store", .path.display())]
    Base {
        /// The store.
        path: PathBuf,
        /// Its base.
        found: String,
        /// The base asked for.
        asked: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The engine failed.
    #[error("the store failed: {0}")]
    Storage(#[from] oxigraph::store::StorageError),
    /// RDF that cannot be read.
    #[error("{}: {source}", .path.display())]
    Rdf {
        /// The file.
        path: PathBuf,
        /// Why, with line and column.
        source: oxigraph::io::RdfParseError,
    },
    /// The file's extension tells no RDF format.
    #[error("{}: no RDF format has this extension; use .nq, .trig, .nt, .ttl, .rdf or .jsonld", .0.display())]
    UnknownFormat(PathBuf),
    /// The query is not SPARQL.
    #[error("{0}")]
    Syntax(#[from] spargebra::SparqlSyntaxError),
    /// The query failed while it ran.
    #[error("the query failed: {0}")]
    Evaluation(#[from] oxigraph::sparql::QueryEvaluationError),
    /// The update failed while it ran.
    #[error("the update failed: {0}")]
    Update(#[from] oxigraph::sparql::UpdateEvaluationError),
    /// The query did not end in time.
    #[error("the query was stopped after {}: ask for less, or raise --timeout", seconds(.0))]
    Timeout(Duration),
    /// The query was stopped from outside.
    #[error("the query was stopped")]
    Cancelled,
    /// A path of any length between two unbound ends.
    #[error(
        "the path {0} may start and end anywhere, which can run without end: bind one of its ends by another pattern, a VALUES or a parameter"
    )]
    UnboundPath(String),
    /// A parameter that the query does not use.
    #[error("the query has no variable ?{name}{}", known(.variables))]
    UnknownParameter {
        /// The parameter.
        name: String,
        /// Variables of the query.
        variables: Vec<String>,
    },
}

fn seconds(time: &Duration) -> String {
    if time.as_millis() < 1000 { format!("{} ms", time.as_millis()) } else { format!("{} s", time.as_secs_f64()) }
}

fn known(variables: &[String]) -> String {
    if variables.is_empty() { String::new() } else { format!("; it has ?{}", variables.join(", ?")) }
}

/// What the later stages ask of a store, embedded or elsewhere.
pub trait GraphStore: Send + Sync {
    /// Answers a SPARQL 1.1 query; the project's prefixes need no declaration.
    ///
    /// # Errors
    /// Where the query is not SPARQL, names an unknown parameter, takes too long or fails.
    fn query(&self, sparql: &str, options: &QueryOptions) -> Result<Answer<'_>, Error>;

    /// Runs a SPARQL 1.1 update; the project's prefixes need no declaration.
    ///
    /// # Errors
    /// Where the update is not SPARQL or fails.
    fn update(&self, sparql: &str) -> Result<(), Error>;

    /// Adds statements, all or none.
    ///
    /// # Errors
    /// Where the store fails.
    fn insert(&self, quads: &[Quad]) -> Result<(), Error>;

    /// Takes statements out, all or none.
    ///
    /// # Errors
    /// Where the store fails.
    fn delete(&self, quads: &[Quad]) -> Result<(), Error>;

    /// Puts an article in the place of the one with the same name, all or nothing.
    ///
    /// `quads` are those of [`crate::graph::quads`]: its own graph and what it adds to the shared ones.
    ///
    /// # Errors
    /// Where the store fails; it then holds what it held before.
    fn replace(&self, article: &NamedNode, quads: &[Quad]) -> Result<(), Error>;

    /// Takes an article out, with the edges, entities and works that nothing else uses; tells whether it was there.
    ///
    /// # Errors
    /// Where the store fails; it then holds what it held before.
    fn remove(&self, article: &NamedNode) -> Result<bool, Error>;

    /// Writes the plain triples of these claims anew, after a decision about them.
    ///
    /// # Errors
    /// Where the store fails.
    fn refresh_edges(&self, claims: &[NamedNode]) -> Result<(), Error>;
}
