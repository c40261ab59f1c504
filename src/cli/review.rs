//! `evigraph review`: a curator's verdicts.

use super::args::{Review, ReviewCommand, TableFormat, Tabular};
use super::output::{self, Output};
use super::setting::Setting;
use super::table::Rows;
use super::terminal::{self, count, printable};
use super::{Status, show};
use crate::export::{TableFormat as Written, write_table};
use crate::graph::Prefixes;
use crate::query;
use crate::review::{self, Correction, Decision, Reason, Reviewer, Verdict};
use crate::store::GraphStore;
use anyhow::{Context, Result, anyhow, bail};
use oxigraph::model::{NamedNode, Term};
use serde_json::json;
use std::io::Write;

/// Keeps a verdict, or lists, imports and exports them.
pub fn run(args: &Review, setting: &Setting) -> Result<Status> {
    match &args.command {
        ReviewCommand::List(table) => verdicts(&*setting.open()?, table, TableFormat::Table),
        ReviewCommand::Export(table) => verdicts(&*setting.open()?, table, TableFormat::Csv),
        ReviewCommand::Precision(table) => precision(&*setting.open()?, table),
        ReviewCommand::Source { id, suggest: true, .. } => suggest(&*setting.open()?, id, setting),
        _ => decide(args, setting),
    }
}

/// Keeps one verdict, or those of a file.
fn decide(args: &Review, setting: &Setting) -> Result<Status> {
    let store = &*setting.open_to_write()?;
    let reviewer = Reviewer::new(store, store.base(), args.curator.as_deref().unwrap_or_default(), jiff::Timestamp::now())?;
    let comment = args.comment.as_deref().unwrap_or_default();
    let claim = |id: &str| full(store, id);
    let decision = match &args.command {
        ReviewCommand::Accept { id } => reviewer.accept(&claim(id)?, comment)?,
        ReviewCommand::Reject { id, reason } => reviewer.reject(&claim(id)?, Reason::from_name(reason)?, comment)?,
        ReviewCommand::Correct { id, subject, relation, object, negated } => {
            let entity = |name: &Option<String>| name.as_deref().map(|n| entity(store, n)).transpose();
            let correction = Correction {
                subject: entity(subject)?,
                relation: relation.as_deref().map(review::relation).transpose()?,
                object: entity(object)?,
                negated: *negated,
            };
            reviewer.correct(&claim(id)?, correction, None, comment)?
        }
        ReviewCommand::Source { id, doi, pmid, trial, .. } => {
            let given = |text: &Option<String>| text.clone().unwrap_or_default();
            reviewer.source(&claim(id)?, &review::work(&given(doi), &given(pmid), &given(trial))?, comment)?
        }
        ReviewCommand::Waive { id, reason } => reviewer.waive(id, reason)?,
        ReviewCommand::Undo { id } => reviewer.undo(&claim(id)?, comment)?,
        ReviewCommand::Import { file } => return import(&reviewer, file, store, setting),
        ReviewCommand::List(_) | ReviewCommand::Export(_) | ReviewCommand::Precision(_) => bail!("this decides nothing"),
    };
    store.flush()?;
    setting.terminal.note(told(&decision));
    Ok(Status::Done)
}

/// A claim's IRI where `id` is the beginning of its hash, as `path` and `contradictions` print it; else `id` as it stands.
fn full(store: &dyn GraphStore, id: &str) -> Result<String> {
    Ok(show::claim(store, id)?.map_or_else(|| id.to_owned(), NamedNode::into_string))
}

fn told(decision: &Decision) -> String {
    let thing = Prefixes::shipped().shorten(&decision.thing);
    let reason = decision.reason.map(|r| format!(", {}", r.as_str())).unwrap_or_default();
    let sources = match decision.works.len() {
        0 => String::new(),
        _ if decision.verdict == Verdict::Sourced => String::new(),
        n => format!(", with {} added", count(n, "source")),
    };
    format!("{}{reason}{sources}: {thing}, by {}", decision.verdict.as_str(), decision.curator)
}

/// The entity that a curator means: a CURIE or IRI as it stands, else a name that the store knows.
fn entity(store: &dyn GraphStore, name: &str) -> Result<NamedNode> {
    match query::resolve(store, "entity", name, None)?.term {
        Term::NamedNode(iri) => Ok(iri),
        other => Err(anyhow!("{other} is a value, not an entity; give a CURIE or a name")),
    }
}

fn suggest(store: &dyn GraphStore, id: &str, setting: &Setting) -> Result<Status> {
    // Suggesting decides nothing, so nobody needs to be named.
    let reviewer = Reviewer::new(store, store.base(), "nobody", jiff::Timestamp::now())?;
    let mut out = Output::stdout();
    let found = reviewer.suggest(&full(store, id)?)?;
    for one in &found {
        let work = Prefixes::shipped().shorten(&one.work);
        writeln!(
            out,
            "{work}\n    {}\n    {}: \"{}\"",
            printable(&one.entry),
            cited(one.claims, one.same_relation)?,
            printable(&one.quote)
        )?;
    }
    out.flush()?;
    if found.is_empty() {
        setting.terminal.note("no work in the store is cited for the same two things");
        return Ok(Status::Findings);
    }
    Ok(Status::Done)
}

/// By how many claims on the same two things a work is cited, and how many of them say the same.
fn cited(claims: u64, alike: u64) -> Result<String> {
    let cite = if claims == 1 { "cites" } else { "cite" };
    let relation = match (claims, alike) {
        (1, 0) => "with another relation".to_owned(),
        (1, _) => "with the same relation".to_owned(),
        _ => format!("{alike} of them with the same relation"),
    };
    Ok(format!("{} {cite} it, {relation}", count(usize::try_from(claims)?, "claim")))
}

fn verdicts(store: &dyn GraphStore, args: &Tabular, for_people: TableFormat) -> Result<Status> {
    let format = output::format(args.format, &args.to, TableFormat::EXTENSIONS, for_people, TableFormat::Csv)?;
    let table = review::verdicts_table()?;
    let rows: Vec<_> = review::list(store)?.iter().flat_map(review::verdict_rows).collect();
    let mut out = Output::open(&args.to)?;
    let written = match format {
        TableFormat::Csv => Written::Csv,
        TableFormat::Tsv => Written::Tsv,
        TableFormat::Json | TableFormat::Jsonl => Written::JsonLines,
        TableFormat::Table => {
            let says = |at: &usize| rows.iter().any(|r| !r[*at].plain().is_empty());
            let picked: Vec<usize> = (0..table.columns.len()).filter(says).collect();
            let header = picked.iter().map(|&at| table.columns[at].name.as_str());
            if !rows.is_empty() {
                let cells = rows.iter().map(|r| picked.iter().map(|&at| r[at].plain()).collect());
                out.write_all(terminal::table(header, cells).as_bytes())?;
            }
            out.flush()?;
            return Ok(Status::Done);
        }
    };
    write_table(&mut out, &table, written, false, rows.into_iter().map(Ok))?;
    out.flush()?;
    Ok(Status::Done)
}

/// How well each rule did by the verdicts: what to look at first in `ontology/rules`.
fn precision(store: &dyn GraphStore, args: &Tabular) -> Result<Status> {
    let mut rows = Rows::open(args, &["rule", "right", "wrong", "precision", "low", "high", "reasons"])?;
    for rule in review::precision(store)? {
        let (low, high) = rule.interval();
        let reasons: Vec<String> = rule.reasons.iter().map(|(reason, number)| format!("{reason} {number}")).collect();
        let [share, low, high] = [rule.precision(), low, high].map(|n| json!((n * 1000.0).round() / 1000.0));
        rows.push(vec![json!(rule.rule), json!(rule.right), json!(rule.wrong), share, low, high, json!(reasons)])?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// Reads verdicts from CSV; rows that cannot be applied are told, and the others count.
fn import(reviewer: &Reviewer<'_>, file: &std::path::Path, store: &dyn GraphStore, setting: &Setting) -> Result<Status> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let done = review::import(reviewer, &text)?;
    store.flush()?;
    for (line, problem) in &done.problems {
        setting.terminal.error(&anyhow!("{}:{line}: {problem}", file.display()));
    }
    setting.terminal.note(format!("{} kept, {} unchanged, {} left empty", count(done.applied, "verdict"), done.unchanged, done.empty));
    Ok(if done.problems.is_empty() { Status::Done } else { Status::Partial })
}
