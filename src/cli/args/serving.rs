//! Arguments of the command that serves the store.

use clap::{Args, ValueEnum, ValueHint};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Forms of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One line a request, for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// `serve`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  evigraph serve\n  evigraph serve --write --token-file token.txt\n  \
    curl 'http://127.0.0.1:7878/sparql' --data-urlencode 'query=SELECT * { ?c a evi:Claim } LIMIT 5' -H 'Accept: text/csv'\n\
    Other commands reach the store through the server: evigraph query --store http://127.0.0.1:7878 …")]
pub struct Serve {
    /// Where to listen; other machines reach it only at an address that is not of this machine alone.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878")]
    pub bind: SocketAddr,
    /// Let the store be written, by who has the token.
    #[arg(long)]
    pub write: bool,
    /// File with the token (at least 16 characters) [default: EVIGRAPH_TOKEN, else one is made and shown].
    #[arg(long, value_name = "FILE", requires = "write", value_hint = ValueHint::FilePath)]
    pub token_file: Option<PathBuf>,
    /// Stop a query after so many seconds; 0 is never.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub timeout: u64,
    /// Query the default graph alone, as the standard has it, with no limit on rows and time.
    #[arg(long)]
    pub strict: bool,
    /// Most rows or triples of an answer; 0 is any number.
    #[arg(long, value_name = "N", default_value_t = 10_000_000)]
    pub max_rows: usize,
    /// Largest body of a write, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = 256)]
    pub max_body: usize,
    /// Queries that run at once [default: four a core].
    #[arg(long, value_name = "N")]
    pub max_queries: Option<usize>,
    /// Requests that may wait for their turn.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub max_waiting: usize,
    /// Connections that may be open.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub max_connections: usize,
    /// A name under which the server is reached, beside localhost and its address.
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// An origin whose pages may ask (https://example.org, or * for all).
    #[arg(long = "cors", value_name = "ORIGIN")]
    pub origins: Vec<String>,
    /// A host that SERVICE and LOAD may reach.
    #[arg(long = "allow", value_name = "HOST")]
    pub services: Vec<String>,
    /// Let requests that run when the server is stopped go on for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub grace: u64,
    /// The lexicon with which uploaded articles are read.
    #[command(flatten)]
    pub vocabulary: super::Vocabulary,
    /// Form of the log on standard error.
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORM")]
    pub log: LogFormat,
}
