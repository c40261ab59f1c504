//! What the command line accepts: definitions only, no behaviour.

mod asking;
mod keeping;
mod reading;
mod serving;

pub use asking::*;
pub use keeping::*;
pub use reading::*;
pub use serving::*;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Turn articles into a knowledge graph of claims, and ask it questions.
#[derive(Debug, Parser)]
#[command(
    name = "evigraph",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Begin with `evigraph demo`, or `evigraph ingest ARTICLE…` and `evigraph query --list`.\n\
                  Data go to standard output, everything else to standard error.\n\
                  Exit status: 0 done; 1 findings at or above --fail-on, or nothing found under --fail-empty; \
                  2 failure, or some inputs unreadable; 130 interrupted."
)]
pub struct Arguments {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Folder of the store, or address of a SPARQL 1.1 endpoint (http://…/sparql).
    #[arg(long, global = true, env = "EVIGRAPH_STORE", default_value = "./evigraph-store", value_name = "DIR|URL", value_hint = ValueHint::DirPath)]
    pub store: PathBuf,
    /// How to reach an endpoint.
    #[command(flatten)]
    pub endpoint: Endpoint,
    /// IRI under which articles, claims and entities are named.
    #[arg(long, global = true, env = "EVIGRAPH_BASE", value_name = "IRI")]
    pub base: Option<String>,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Say nothing but errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: warnings of the readers, what was skipped and why.
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Show no progress bar.
    #[arg(long, global = true)]
    pub no_progress: bool,
}

/// How to reach a store that is an endpoint.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Endpoint {
    /// Where the endpoint takes updates, if not where it says or where such servers have it.
    #[arg(long, global = true, env = "EVIGRAPH_UPDATE_URL", value_name = "URL", value_hint = ValueHint::Url, hide_short_help = true)]
    pub update_url: Option<String>,
    /// Where the endpoint takes graphs (SPARQL 1.1 Graph Store Protocol).
    #[arg(long, global = true, env = "EVIGRAPH_GRAPH_URL", value_name = "URL", value_hint = ValueHint::Url, hide_short_help = true)]
    pub graph_url: Option<String>,
    /// Token to name oneself to the endpoint; better set by the environment, where no list of processes shows it.
    #[arg(long, global = true, env = "EVIGRAPH_TOKEN", hide_env_values = true, value_name = "TOKEN", hide_short_help = true)]
    pub token: Option<String>,
    /// Name and password for the endpoint; better set by the environment.
    #[arg(
        long,
        global = true,
        env = "EVIGRAPH_USER",
        hide_env_values = true,
        value_name = "NAME:PASSWORD",
        conflicts_with = "token",
        hide_short_help = true
    )]
    pub user: Option<String>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal that supports it, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read articles and keep their claims in the store.
    Ingest(Ingest),
    /// Take articles out of the store.
    Remove(Remove),
    /// Read articles and print their claims, without a store.
    Extract(Extract),
    /// Show how articles are read: sections, blocks, citation markers, references.
    Read(Read),
    /// Look cited works up at Crossref and Europe PMC: fill identifiers in, mark what was retracted.
    VerifyReferences(VerifyReferences),
    /// Show who is mentioned in articles, and what each name is grounded to.
    Annotate(Annotate),
    /// Ask a question: a named query, a SPARQL file or SPARQL text.
    Query(Query),
    /// Search quotes, labels and titles for words.
    Search(Search),
    /// Write tables, networks and RDF for other tools.
    Export(Export),
    /// Report what is missing: claims without a source, dangling markers, untraceable references …
    Check(Check),
    /// Keep a curator's verdicts.
    Review(Review),
    /// Find how one thing leads to another, with the claims and sources of each step.
    Path(Path),
    /// List the things on which the graph hinges.
    Hubs(Hubs),
    /// List groups of things that act on each other more than on others.
    Communities(Hubs),
    /// List loops: things that act on themselves through others.
    Cycles(Hubs),
    /// List what articles say together, the most papers first.
    Statements(Statements),
    /// List statements on which claims disagree.
    Contradictions(Contradictions),
    /// Show one claim, article, entity or reference with all its evidence.
    Show(Show),
    /// Serve the store: the workbench in a browser, SPARQL for programs.
    Serve(Serve),
    /// Look after the store.
    Store(Store),
    /// Look after the vocabularies.
    Lexicon(Lexicon),
    /// Take the tour on the articles that come with the program.
    Demo(Demo),
    /// Print a completion script for a shell.
    Completions(Completions),
    /// Print the manual page, or write one page a command into a folder.
    Man(Man),
}

/// Where the output goes.
#[derive(Debug, Default, Args)]
pub struct Destination {
    /// Write to this file; its extension tells the format unless --format does.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

/// Forms of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For people; the default on a terminal.
    Table,
    /// Comma-separated; the default in a pipe.
    Csv,
    /// Tab-separated.
    Tsv,
    /// One array of objects.
    Json,
    /// One object a line.
    Jsonl,
}

/// A command that prints a table.
#[derive(Debug, Default, Args)]
pub struct Tabular {
    /// Form of the output.
    #[arg(short, long, value_enum)]
    pub format: Option<TableFormat>,
    /// Where to write.
    #[command(flatten)]
    pub to: Destination,
}
