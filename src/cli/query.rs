//! `evigraph query`: questions to the store.

use super::Status;
use super::args::{Query, ResultFormat};
use super::output::{self, Output};
use super::setting::Setting;
use super::terminal::{self, count};
use crate::graph::Prefixes;
use crate::query::{self, Asked, Format, NamedQuery, Question, Written};
use crate::store::{Answer, QueryOptions};
use anyhow::{Context, Result};
use oxigraph::model::Term;
use std::io::{Read as _, Write};
use std::time::Duration;

impl ResultFormat {
    const EXTENSIONS: &[(&str, Self)] = &[
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("json", Self::Json),
        ("srj", Self::Json),
        ("xml", Self::Xml),
        ("srx", Self::Xml),
        ("jsonl", Self::Jsonl),
        ("ttl", Self::Ttl),
        ("nt", Self::Nt),
        ("rdf", Self::Rdf),
        ("jsonld", Self::Jsonld),
        ("txt", Self::Table),
    ];

    /// The library's form; none for a table, which is this program's own.
    fn written(self) -> Option<Format> {
        Some(match self {
            Self::Table => return None,
            Self::Csv => Format::Csv,
            Self::Tsv => Format::Tsv,
            Self::Json => Format::Json,
            Self::Xml => Format::Xml,
            Self::Jsonl => Format::Jsonl,
            Self::Ttl => Format::Turtle,
            Self::Nt => Format::NTriples,
            Self::Rdf => Format::RdfXml,
            Self::Jsonld => Format::JsonLd,
        })
    }
}

/// Asks, and prints the answer; or lists the named queries.
pub fn run(args: &Query, setting: &Setting) -> Result<Status> {
    let Some(given) = args.query.as_deref().filter(|_| !args.list) else {
        return list();
    };
    let question = read(given)?;
    let parameters = args.params.iter().map(|p| query::split_parameter(p)).collect::<Result<Vec<_>, _>>()?;
    let timeout = (args.timeout > 0).then(|| Duration::from_secs(args.timeout));
    let options = QueryOptions { strict: args.strict, timeout, limit: args.limit, ..QueryOptions::default() };
    let format = output::format(args.format, &args.to, ResultFormat::EXTENSIONS, ResultFormat::Table, ResultFormat::Csv)?;
    let store = &*match &args.url {
        Some(url) => setting.at(url.as_ref()).open()?,
        None => setting.open()?,
    };
    if args.explain {
        return explain(&question, &query::explain(store, &question, &parameters, options)?, args);
    }
    let Asked { answer, resolved, notes } = query::ask(store, &question, &parameters, options)?;
    let terminal = &setting.terminal;
    for name in resolved {
        if let Some(label) = name.label {
            let id = match &name.term {
                Term::NamedNode(iri) => Prefixes::shipped().shorten(iri.as_str()),
                other => other.to_string(),
            };
            let others = if name.others.is_empty() { String::new() } else { format!("; also so called: {}", name.others.join(", ")) };
            terminal.note(format!("{}: {:?} is taken for {label} ({id}){others}", name.parameter, name.value));
        }
    }
    notes.iter().for_each(|note| terminal.warn(note));
    let format = match answer {
        // Triples have a form of their own on a terminal and in a pipe.
        Answer::Triples(_) if args.format.is_none() && args.to.output.is_none() => Some(Format::Turtle),
        _ => format.written(),
    };
    let mut out = Output::open(&args.to)?;
    let written = match format {
        Some(format) => query::write(answer, format, &mut out)?,
        None => table(answer, &mut out)?,
    };
    out.flush()?;
    if written.truncated {
        terminal.note(format!("there is more: --limit left it off after {}", count(written.rows, "row")));
    }
    if written.rows == 0 {
        terminal.note("nothing found");
    }
    Ok(if written.rows == 0 && args.fail_empty { Status::Findings } else { Status::Done })
}

fn read(given: &str) -> Result<Question> {
    if given == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read the query from standard input")?;
        return Ok(Question { path: None, query: NamedQuery::parse("", &text) });
    }
    Ok(Question::read(given)?)
}

fn explain(question: &Question, plan: &str, args: &Query) -> Result<Status> {
    let mut out = Output::open(&args.to)?;
    writeln!(out, "{}\n\n{plan}", question.query.text.trim_end())?;
    out.flush()?;
    Ok(Status::Done)
}

/// The named queries, each with what it answers and what it takes.
fn list() -> Result<Status> {
    let mut out = Output::stdout();
    for query in query::shipped() {
        writeln!(out, "{}\n    {}", query.name, query.title)?;
        for parameter in &query.parameters {
            let required = if parameter.required { "" } else { " (may be left out)" };
            writeln!(out, "    --param {}=…  {}{required}", parameter.name, parameter.description)?;
        }
        if !query.cost.is_empty() {
            writeln!(out, "    costs {}", query.cost)?;
        }
        if !query.example.is_empty() {
            writeln!(out, "    $ {}", query.example)?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(Status::Done)
}

/// Lays an answer out for people: names shortened to CURIEs, literals bare.
fn table(answer: Answer<'_>, out: &mut Output) -> Result<Written> {
    let cell = |term: Option<&Term>| match term {
        None => String::new(),
        Some(Term::NamedNode(iri)) => Prefixes::shipped().shorten(iri.as_str()),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        Some(other) => other.to_string(),
    };
    let (header, rows, truncated): (Vec<String>, Vec<Vec<String>>, bool) = match answer {
        Answer::Boolean(value) => {
            writeln!(out, "{}", if value { "yes" } else { "no" })?;
            return Ok(Written { rows: usize::from(value), truncated: false });
        }
        Answer::Solutions(mut solutions) => {
            let header = solutions.variables().to_vec();
            let mut rows = Vec::new();
            for row in solutions.by_ref() {
                let row = row?;
                rows.push(header.iter().map(|v| cell(row.get(v))).collect());
            }
            (header.iter().map(|v| v.as_str().replace('_', " ")).collect(), rows, solutions.truncated())
        }
        Answer::Triples(mut triples) => {
            let mut rows = Vec::new();
            for triple in triples.by_ref() {
                let triple = triple?;
                let terms = [triple.subject.into(), triple.predicate.into(), triple.object];
                rows.push(terms.iter().map(|t| cell(Some(t))).collect());
            }
            rows.sort();
            (["subject", "predicate", "object"].map(str::to_owned).into(), rows, triples.truncated())
        }
    };
    let found = rows.len();
    if found > 0 {
        out.write_all(terminal::table(header.iter().map(String::as_str), rows).as_bytes())?;
    }
    Ok(Written { rows: found, truncated })
}
