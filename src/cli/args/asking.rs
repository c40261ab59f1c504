//! Arguments of the commands that ask the store.

use super::{Destination, Tabular};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Forms of a query's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ResultFormat {
    /// For people; the default on a terminal.
    Table,
    /// Comma-separated; the default in a pipe.
    Csv,
    /// Tab-separated, terms in SPARQL syntax.
    Tsv,
    /// SPARQL results in JSON.
    Json,
    /// SPARQL results in XML.
    Xml,
    /// One object a line.
    Jsonl,
    /// Turtle, for CONSTRUCT and DESCRIBE.
    Ttl,
    /// N-Triples, for CONSTRUCT and DESCRIBE.
    Nt,
    /// RDF/XML, for CONSTRUCT and DESCRIBE.
    Rdf,
    /// JSON-LD, for CONSTRUCT and DESCRIBE.
    Jsonld,
}

/// `query`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  evigraph query --list\n  evigraph query treatment-effects --param treatment=AMSCs\n  \
    evigraph query 'SELECT ?q { ?claim evi:hasEvidence/oa:hasSelector/oa:exact ?q } LIMIT 5'\n  evigraph query question.rq -o answer.csv")]
pub struct Query {
    /// A named query, a file, SPARQL text, or `-` for standard input.
    #[arg(value_name = "NAME|FILE|TEXT|-", required_unless_present = "list")]
    pub query: Option<String>,
    /// List the named queries with their parameters.
    #[arg(long)]
    pub list: bool,
    /// Bind a parameter: a CURIE, an IRI, a literal, or a name that the store knows.
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    pub params: Vec<String>,
    /// Form of the output.
    #[arg(short, long, value_enum)]
    pub format: Option<ResultFormat>,
    /// Ask this SPARQL 1.1 endpoint, whatever it holds, in place of the store.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: Option<String>,
    /// Query the default graph alone, as the standard has it, in place of the union of all graphs.
    #[arg(long)]
    pub strict: bool,
    /// Stop after so many seconds; 0 is never.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub timeout: u64,
    /// Print at most so many rows.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Show the query as it is run, and its plan, in place of its answer.
    #[arg(long)]
    pub explain: bool,
    /// Exit with status 1 when nothing is found.
    #[arg(long)]
    pub fail_empty: bool,
    /// Where to write.
    #[command(flatten)]
    pub to: Destination,
}

/// `search`
#[derive(Debug, Args)]
pub struct Search {
    /// Words to look for; all must occur.
    #[arg(required = true)]
    pub words: Vec<String>,
    /// Print at most so many hits.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    /// Exit with status 1 when nothing is found.
    #[arg(long)]
    pub fail_empty: bool,
    /// Form and place of the output.
    #[command(flatten)]
    pub table: Tabular,
}

/// Which claims to look at.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which claims")]
pub struct Selection {
    /// Keep rows whose column has this value; `subject`, `object`, `condition` … take a CURIE or a name.
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub filters: Vec<String>,
    /// Keep claims about this disorder: a CURIE or a name.
    #[arg(long, value_name = "DISORDER")]
    pub condition: Option<String>,
    /// Keep articles published in or after this year, month or day (2023, 2023-05, 2023-05-17).
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Keep claims on which curators decided so: accepted, rejected, corrected, sourced.
    #[arg(long, value_name = "VERDICT")]
    pub decision: Option<String>,
}

/// `export`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  evigraph export --list\n  evigraph export outcomes -o outcomes.csv --bom\n  evigraph export tables -o folder --format parquet\n  \
    evigraph export claims --where source_status=unsourced\n  evigraph export network -o il6.graphml --where object=IL6 --since 2020"
)]
pub struct Export {
    /// What to write.
    #[arg(required_unless_present = "list")]
    pub name: Option<String>,
    /// List what can be written.
    #[arg(long)]
    pub list: bool,
    /// Which claims.
    #[command(flatten)]
    pub selection: Selection,
    /// Begin with a byte order mark, for Excel.
    #[arg(long)]
    pub bom: bool,
    /// Describe the columns in FILE-metadata.json (CSVW) beside the file.
    #[arg(long)]
    pub metadata: bool,
    /// Creator of nanopublications: an ORCID or an address [default: this program].
    #[arg(long = "as", env = "EVIGRAPH_CURATOR", value_name = "WHO")]
    pub creator: Option<String>,
    /// When nanopublications were created, such as 2026-03-02T12:00:00Z [default: now].
    #[arg(long, value_name = "TIME")]
    pub created: Option<String>,
    /// Form of the output.
    #[arg(short, long)]
    pub format: Option<String>,
    /// Exit with status 1 when nothing is found.
    #[arg(long)]
    pub fail_empty: bool,
    /// Where to write.
    #[command(flatten)]
    pub to: Destination,
}

/// From which level on findings fail the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warn,
    /// Anything.
    Info,
    /// Nothing.
    None,
}

/// `check`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  evigraph check\n  evigraph check --list\n  evigraph check claim-without-citation -o gaps.csv --fail-on none"
)]
pub struct Check {
    /// Checks to run, by name [default: all of the profile].
    #[arg(value_name = "CHECK")]
    pub names: Vec<String>,
    /// List the checks.
    #[arg(long)]
    pub list: bool,
    /// Tell what a check is for, why it matters and how to mend what it finds.
    #[arg(long, value_name = "CHECK")]
    pub explain: Option<String>,
    /// Findings of this level or above give exit status 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "LEVEL")]
    pub fail_on: FailOn,
    /// Table of checks and their levels, in place of the shipped one.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub profile: Option<PathBuf>,
    /// Run the check in this file too.
    #[arg(long = "query", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub queries: Vec<PathBuf>,
    /// Form of the output: text, csv, json …
    #[arg(short, long)]
    pub format: Option<String>,
    /// Where to write.
    #[command(flatten)]
    pub to: Destination,
}

/// Forms in which paths are drawn by other tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// Graphviz.
    Dot,
    /// GraphML.
    Graphml,
}

/// `path`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  evigraph path \"mesenchymal stem cells\" pain\n  evigraph path CL:0000134 HP:0012531 --condition osteoarthritis --draw dot | dot -Tsvg -o paths.svg"
)]
pub struct Path {
    /// Where to begin: a name or a CURIE.
    pub from: String,
    /// Where to end.
    pub to: String,
    /// Longest path, in steps.
    #[arg(long, default_value_t = 4, value_name = "N")]
    pub max_steps: usize,
    /// How many paths to print.
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub limit: usize,
    /// Write the paths as a network for other tools.
    #[arg(long = "draw", value_enum, value_name = "FORM")]
    pub drawn: Option<Drawing>,
    /// Which claims.
    #[command(flatten)]
    pub selection: Selection,
    /// Form and place of the output.
    #[command(flatten)]
    pub table: Tabular,
}

/// `statements`
#[derive(Debug, Args)]
pub struct Statements {
    /// How many to print.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: usize,
    /// Keep all of them in the store, in the graph of the assembly, in the place of those kept before; print none.
    #[arg(long)]
    pub keep: bool,
    /// Which claims.
    #[command(flatten)]
    pub selection: Selection,
    /// Form and place of the output.
    #[command(flatten)]
    pub table: Tabular,
}

/// `hubs`, `communities`, `cycles`
#[derive(Debug, Args)]
pub struct Hubs {
    /// How many to print.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: usize,
    /// Which claims.
    #[command(flatten)]
    pub selection: Selection,
    /// Form and place of the output.
    #[command(flatten)]
    pub table: Tabular,
}

/// `contradictions`
#[derive(Debug, Args)]
pub struct Contradictions {
    /// Also those that by their quotes only seem to be some: one sentence on two parts of a thing, an improvement that is a decrease, a question.
    #[arg(long)]
    pub all: bool,
    /// Which claims.
    #[command(flatten)]
    pub selection: Selection,
    /// Form and place of the output.
    #[command(flatten)]
    pub table: Tabular,
}

/// `show`
#[derive(Debug, Args)]
pub struct Show {
    /// Identifier: an IRI, a CURIE, the hash of a claim, the path of an article, or the name of an entity.
    pub id: String,
}
