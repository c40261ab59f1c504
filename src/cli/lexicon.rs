//! `evigraph lexicon`: the vocabularies by which names are recognised.

use super::Status;
use super::args::{Lexicon as Args, LexiconCommand};
use super::output::Output;
use super::setting::Setting;
use super::table::Rows;
use super::terminal::printable;
use super::vocabulary;
use crate::graph::Prefixes;
use anyhow::{Result, bail};
use serde_json::json;
use std::io::Write;

/// Looks after the vocabularies.
pub fn run(args: &Args, setting: &Setting) -> Result<Status> {
    match &args.command {
        LexiconCommand::List(table) => {
            let lexicon = vocabulary::lexicon(&args.vocabulary)?;
            let mut rows = Rows::open(table, &["vocabulary", "terms", "names", "mappings"])?;
            for one in lexicon.list() {
                rows.push(vec![json!(one.name), json!(one.terms), json!(one.names), json!(one.mappings)])?;
            }
            rows.finish()?;
            Ok(Status::Done)
        }
        LexiconCommand::Lookup { name } => lookup(&name.join(" "), args, setting),
        LexiconCommand::Add { .. } | LexiconCommand::Remove { .. } => bail!("this build cannot change the lexicon yet"),
    }
}

/// What a name is grounded to, and why; then what else it could mean.
fn lookup(name: &str, args: &Args, setting: &Setting) -> Result<Status> {
    let lexicon = vocabulary::lexicon(&args.vocabulary)?;
    let candidates = lexicon.lookup(name, None);
    let mut out = Output::stdout();
    for candidate in &candidates {
        let entity = &candidate.entity;
        let id = entity.id.as_deref().unwrap_or("not grounded");
        writeln!(out, "{:.2}  {id}  {}  ({})", candidate.score, printable(&entity.label), entity.category.name())?;
        writeln!(out, "      {}", candidate.reasons.join("; "))?;
        let synonyms: Vec<String> = lexicon.names(id).into_iter().map(|n| n.0).filter(|n| *n != entity.label).collect();
        if !synonyms.is_empty() {
            writeln!(out, "      also: {}", printable(&synonyms.join(", ")))?;
        }
        if let Some(iri) = Prefixes::shipped().expand(id) {
            writeln!(out, "      {}", iri.as_str())?;
        }
    }
    out.flush()?;
    if candidates.is_empty() {
        setting
            .terminal
            .note(format!("no vocabulary has the name {name:?}; in an article it may still become an entity that is not grounded"));
    }
    Ok(if candidates.is_empty() { Status::Findings } else { Status::Done })
}
