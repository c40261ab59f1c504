//! What can go wrong with a store, here or elsewhere.

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
    /// SERVICE or LOAD from a host that nobody allowed.
    #[error("{0} is not reached: its host is not allowed (`evigraph serve --allow HOST` does)")]
    NotAllowed(String),
    /// SERVICE or LOAD from a host that does not answer as it should.
    #[error("{address} does not answer as it should: {reason}")]
    Fetch {
        /// The address.
        address: String,
        /// Why.
        reason: String,
    },
    /// The request names graphs, and so does the update.
    #[error(
        "the request names graphs (using-graph-uri, using-named-graph-uri) and the update names others by USING or WITH: leave one out"
    )]
    TwoDatasets,
    /// An endpoint cannot be reached.
    #[error("{url} cannot be reached: {source}; is the server running, and the address that of its SPARQL endpoint?")]
    Unreachable {
        /// The address.
        url: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An endpoint wants to know who asks.
    #[error("{url} refuses access (status {status}): name yourself with --token or --user{message}")]
    Access {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
        /// What it says (": wrong token").
        message: String,
    },
    /// An endpoint is still busy after all repetitions.
    #[error("{url} is too busy (status {status}, asked {times} times): try again later")]
    Busy {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
        /// How often it was asked.
        times: u32,
    },
    /// An endpoint answers with an error.
    #[error("{url} answers with status {status}{message}")]
    Endpoint {
        /// The address.
        url: String,
        /// HTTP status.
        status: u16,
        /// What it says (": no such graph").
        message: String,
    },
    /// An endpoint's answer breaks off or cannot be read.
    #[error("the answer of {url} cannot be read: {reason}")]
    Answer {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// An endpoint whose queries see no named graph.
    #[error("the queries of {0} do not see its named graphs: start it so that the default graph is the union of all")]
    NoUnion(String),
    /// Something that only a store in a directory can do.
    #[error("{what} is for a store in a directory: {instead}")]
    Embedded {
        /// What was asked for.
        what: &'static str,
        /// What to do with an endpoint.
        instead: &'static str,
    },
    /// A statement that no update can name.
    #[error("the statement {0} has a blank node, which no update to an endpoint can take out: remove its graph with an update of your own")]
    BlankNode(String),
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
