//! Arguments of the commands that read articles.

use super::{Destination, Tabular};
use crate::document::Format;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// The names that `--from` accepts.
pub const FORMATS: &[(&str, Format)] = &[
    ("text", Format::Text),
    ("markdown", Format::Markdown),
    ("html", Format::Html),
    ("jats", Format::Jats),
    ("pubmed", Format::Pubmed),
    ("bioc", Format::Bioc),
    ("pubtator", Format::Pubtator),
    ("pdf", Format::Pdf),
    ("docx", Format::Docx),
    ("records", Format::Records),
    ("references", Format::References),
];

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|f| f.0)).map(|name| FORMATS.iter().find(|f| f.0 == name).map_or(Format::Text, |f| f.1))
}

/// Which articles to read, and how.
#[derive(Debug, Args)]
pub struct Inputs {
    /// Files or folders; `-` is standard input.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Format of the input; detected by content and extension unless given.
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub from: Option<Format>,
    /// Name of the article, in place of the DOI, PMCID, PMID or address it declares (one input only).
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Threads to use [default: one per core].
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Stop at the first input that cannot be read.
    #[arg(long)]
    pub strict: bool,
}

/// The vocabulary to recognise names with.
#[derive(Debug, Args)]
pub struct Vocabulary {
    /// Compiled lexicon to use in place of the shipped one.
    #[arg(long, global = true, env = "EVIGRAPH_LEXICON", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub lexicon: Option<PathBuf>,
}

/// `ingest`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  evigraph ingest articles/\n  curl -s https://example.org/page.html | evigraph ingest - --from html --id https://example.org/page.html"
)]
pub struct Ingest {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// With which names.
    #[command(flatten)]
    pub vocabulary: Vocabulary,
    /// Folder of relation rules to use in place of the shipped ones.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub rules: Option<PathBuf>,
    /// Read and count, but keep nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Read articles again even where nothing changed.
    #[arg(long)]
    pub force: bool,
    /// Record when the articles were read (the store is then no longer the same each time).
    #[arg(long)]
    pub timestamps: bool,
}

/// `remove`
#[derive(Debug, Args)]
pub struct Remove {
    /// Articles, by identifier (DOI, PMCID, PMID, address) or by the path they were read from.
    #[arg(required = true, value_name = "ARTICLE")]
    pub articles: Vec<String>,
}

/// Forms of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClaimFormat {
    /// A table for people; the default on a terminal.
    Table,
    /// One claim a line.
    Jsonl,
    /// A row a claim, in short; the default in a pipe. `evigraph export claims` has all columns.
    Csv,
    /// TriG, a graph an article.
    Trig,
    /// N-Quads.
    Nq,
    /// Turtle.
    Ttl,
}

/// `extract`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  evigraph extract article.md\n  evigraph extract articles/ -o claims.jsonl\n  evigraph extract article.md --explain"
)]
pub struct Extract {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// With which names.
    #[command(flatten)]
    pub vocabulary: Vocabulary,
    /// Folder of relation rules to use in place of the shipped ones.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub rules: Option<PathBuf>,
    /// Form of the output.
    #[arg(short, long, value_enum)]
    pub format: Option<ClaimFormat>,
    /// Show, sentence by sentence, the mentions, the parse and the rule of each claim.
    #[arg(long, conflicts_with = "format")]
    pub explain: bool,
    /// Where to write.
    #[command(flatten)]
    pub to: Destination,
}

/// Forms of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReadFormat {
    /// An outline for people; the default on a terminal.
    Text,
    /// One object an article and line; the default in a pipe.
    Json,
    /// The references alone, as BibTeX.
    Bibtex,
    /// The references alone, as RIS.
    Ris,
    /// The references alone, as CSL-JSON.
    Csl,
}

/// `read`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  evigraph read article.pdf\n  evigraph read articles/ -o articles.jsonl\n  \
    evigraph read article.nxml -o references.bib\n  evigraph read --from references strings.txt --format ris")]
pub struct Read {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Form of the output.
    #[arg(short, long, value_enum)]
    pub format: Option<ReadFormat>,
    /// Where to write.
    #[command(flatten)]
    pub to: Destination,
}

/// `verify-references`
#[derive(Debug, Args)]
#[command(after_help = "Answers are kept, and asked for once. Where a service cannot be reached, the store stays as it is.\n\n\
    Examples:\n  evigraph verify-references --mailto me@example.org\n  evigraph verify-references --offline -o verified.csv\n  \
    evigraph verify-references article.pdf --mailto me@example.org")]
pub struct VerifyReferences {
    /// Articles whose references are looked up and printed; the cited works of the store unless given.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Format of the articles; detected by content and extension unless given.
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), requires = "paths")]
    pub from: Option<Format>,
    /// Address at which the services can reach you.
    #[arg(long, env = "EVIGRAPH_MAILTO", value_name = "ADDRESS", value_hint = ValueHint::EmailAddress)]
    pub mailto: Option<String>,
    /// Ask nobody; use the answers that are kept.
    #[arg(long)]
    pub offline: bool,
    /// Ask again for what is kept.
    #[arg(long, conflicts_with = "offline")]
    pub refresh: bool,
    /// Look up and print, but change nothing in the store.
    #[arg(long)]
    pub dry_run: bool,
    /// Folder in which answers are kept [default: in the user's cache folder].
    #[arg(long, env = "EVIGRAPH_CACHE", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub cache: Option<PathBuf>,
    /// Requests a second to each service.
    #[arg(long, value_name = "N", default_value_t = 3.0)]
    pub rate: f64,
    /// How often a busy service is asked again.
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub retries: u32,
    /// Base address of the Crossref REST API [default: https://api.crossref.org].
    #[arg(long, env = "EVIGRAPH_CROSSREF", value_name = "URL", value_hint = ValueHint::Url)]
    pub crossref: Option<String>,
    /// Base address of the Europe PMC web service [default: https://www.ebi.ac.uk/europepmc/webservices/rest].
    #[arg(long, env = "EVIGRAPH_EUROPE_PMC", value_name = "URL", value_hint = ValueHint::Url)]
    pub europe_pmc: Option<String>,
    /// Form and place of the output.
    #[command(flatten)]
    pub table: Tabular,
}

/// `annotate`
#[derive(Debug, Args)]
pub struct Annotate {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// With which names.
    #[command(flatten)]
    pub vocabulary: Vocabulary,
    /// Form and place of the output.
    #[command(flatten)]
    pub table: Tabular,
}
