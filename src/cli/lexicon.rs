//! `evigraph lexicon`: the vocabularies by which names are recognised.

use super::Status;
use super::args::{Lexicon as Args, LexiconCommand, Tabular};
use super::output::Output;
use super::setting::Setting;
use super::table::Rows;
use super::terminal::{count, printable};
use super::vocabulary;
use crate::annotate::{Category, Lexicon, Release, Report, Source};
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
        LexiconCommand::Export(table) => export(table, args),
        LexiconCommand::Lookup { name, context } => lookup(&name.join(" "), context.as_deref(), args, setting),
        LexiconCommand::Fetch { names, list, to, addresses, no_add } => {
            let known = addresses.as_deref().map_or_else(Release::shipped, Release::open)?;
            if *list {
                return listed(&known);
            }
            fetch(names, &known, to.as_deref(), *no_add, args, setting)
        }
        LexiconCommand::Add { files, category, prefix, exclude_obsolete } => {
            let source = |path: &PathBuf| -> Result<Source> {
                Ok(Source {
                    path: path.clone(),
                    category: category.as_deref().map(known).transpose()?,
                    prefix: prefix.clone(),
                    exclude_obsolete: *exclude_obsolete,
                })
            };
            let sources = files.iter().map(source).collect::<Result<Vec<_>>>()?;
            compile(&sources, args, setting)
        }
        LexiconCommand::Remove { name } => {
            let file = own(args)?;
            anyhow::ensure!(file.exists(), "no vocabulary was added yet: {} does not exist", file.display());
            told(Lexicon::remove(&file, name)?, &file, setting)
        }
    }
}

/// Compiles sources into the lexicon, and says what came in.
fn compile(sources: &[Source], args: &Args, setting: &Setting) -> Result<Status> {
    let file = own(args)?;
    let report = Lexicon::add(sources, &file, &mut |path| setting.terminal.detail(format!("reading {}", path.display())))?;
    told(report, &file, setting)
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

/// What can be fetched.
fn listed(releases: &[Release]) -> Result<Status> {
    let mut rows = Rows::open(&Tabular::default(), &["name", "title", "licence", "url"])?;
    for r in releases {
        rows.push(vec![json!(r.name), json!(r.title), json!(r.licence), json!(r.url)])?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// Downloads the named releases and compiles those that came; one that fails leaves the others.
fn fetch(names: &[String], known: &[Release], to: Option<&Path>, no_add: bool, args: &Args, setting: &Setting) -> Result<Status> {
    let find = |name: &String| -> Result<&Release> {
        let meant = || nearest(name, known.iter().map(|r| r.name.as_str())).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
        known
            .iter()
            .find(|r| r.name.eq_ignore_ascii_case(name))
            .with_context(|| format!("nothing named {name:?} can be fetched (see `evigraph lexicon fetch --list`){}", meant()))
    };
    let releases = names.iter().map(find).collect::<Result<Vec<_>>>()?;
    let folder = match to {
        Some(folder) => folder.to_owned(),
        None => vocabulary::default_path()
            .and_then(|p| Some(p.parent()?.join("vocabularies")))
            .context("the system names no folder for your data; say --to DIR")?,
    };
    let terminal = &setting.terminal;
    let (mut sources, mut failed) = (Vec::new(), false);
    for release in releases {
        let mut shown: Option<u64> = None;
        let fetched = release.fetch(&folder, &mut |there, total| {
            let before = shown.unwrap_or_else(|| {
                terminal.start(total.unwrap_or(0));
                0
            });
            terminal.advance(there - before, || release.file.clone());
            shown = Some(there);
        });
        terminal.finish();
        match fetched {
            Ok(f) => {
                let how = match (f.unchanged, f.resumed) {
                    (true, _) => ", unchanged".to_owned(),
                    (_, 0) => String::new(),
                    (_, resumed) => format!(", {} of them from an earlier attempt", count(usize::try_from(resumed)?, "byte")),
                };
                terminal.note(format!("{}: {}{how}, SHA-256 {}", f.path.display(), count(usize::try_from(f.bytes)?, "byte"), f.sha256));
                sources.push(Source { path: f.path, ..Source::default() });
            }
            Err(e) => {
                failed = true;
                terminal.error(&e.into());
            }
        }
    }
    if sources.is_empty() {
        return Ok(Status::Partial);
    }
    let added = if no_add { Status::Done } else { compile(&sources, args, setting)? };
    Ok(if failed { Status::Partial } else { added })
}

/// Writes the lexicon as a table that `lexicon add` reads again.
fn export(table: &Tabular, args: &Args) -> Result<Status> {
    let lexicon = vocabulary::lexicon(&args.vocabulary)?;
    let mut rows = Rows::open(table, &["id", "label", "category", "synonyms", "xrefs", "parents"])?;
    for term in lexicon.export() {
        let category = term.category.map(|c| format!("biolink:{}", c.name()));
        let synonyms: Vec<String> = term.synonyms.into_iter().map(|s| s.0).collect();
        let lists = [synonyms, term.xrefs, term.parents].map(|list| json!(list.join("|")));
        rows.push([json!(term.id), json!(term.label), json!(category)].into_iter().chain(lists).collect())?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// What a name is grounded to, and why; then what else it could mean.
fn lookup(name: &str, context: Option<&str>, args: &Args, setting: &Setting) -> Result<Status> {
    let lexicon = vocabulary::lexicon(&args.vocabulary)?;
    let candidates = lexicon.lookup(name, context);
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
