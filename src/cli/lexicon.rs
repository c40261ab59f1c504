//! `evigraph lexicon`: the vocabularies by which names are recognised.

use super::Status;
use super::args::{Lexicon as Args, LexiconCommand};
use super::output::Output;
use super::setting::Setting;
use super::table::Rows;
use super::terminal::{count, printable};
use super::vocabulary;
use crate::annotate::{Category, Lexicon, Report, Source};
use crate::graph::Prefixes;
use crate::query::nearest;
use anyhow::{Context, Result};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

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
        LexiconCommand::Add { files, category, prefix } => {
            let source = |path: &PathBuf| -> Result<Source> {
                Ok(Source {
                    path: path.clone(),
                    category: category.as_deref().map(known).transpose()?,
                    prefix: prefix.clone(),
                    ..Source::default()
                })
            };
            let sources = files.iter().map(source).collect::<Result<Vec<_>>>()?;
            let file = own(args)?;
            let report = Lexicon::add(&sources, &file, &mut |path| setting.terminal.detail(format!("reading {}", path.display())))?;
            told(report, &file, setting)
        }
        LexiconCommand::Remove { name } => {
            let file = own(args)?;
            anyhow::ensure!(file.exists(), "no vocabulary was added yet: {} does not exist", file.display());
            told(Lexicon::remove(&file, name)?, &file, setting)
        }
    }
}

/// The lexicon file that `add` and `remove` change.
fn own(args: &Args) -> Result<PathBuf> {
    let file = args.vocabulary.lexicon.clone().or_else(vocabulary::default_path);
    file.context("the system names no folder for your data; say --lexicon FILE")
}

fn known(category: &str) -> Result<Category> {
    let names = || Category::ALL.iter().map(|c| c.name());
    let meant = nearest(category, names()).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    Category::from_name(category)
        .with_context(|| format!("there is no category {category:?}{meant} There are {}", names().collect::<Vec<_>>().join(", ")))
}

fn told(report: Report, file: &Path, setting: &Setting) -> Result<Status> {
    for (name, terms) in &report.added {
        setting.terminal.note(format!("{name}: {}", count(*terms, "term")));
    }
    let failed = !report.skipped.is_empty();
    for error in report.skipped {
        setting.terminal.error(&error.into());
    }
    setting.terminal.note(format!("{} in {}", count(report.entities, "entity"), file.display()));
    Ok(if failed { Status::Partial } else { Status::Done })
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
