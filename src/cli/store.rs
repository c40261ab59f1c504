//! `evigraph store`: counts, loading, dumping, copies, repair.

use super::Status;
use super::args::{Destination, Store as Args, StoreCommand, Tabular};
use super::output::Output;
use super::setting::Setting;
use super::table::Rows;
use super::terminal::{count, printable};
use crate::store::{self, Store};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

/// Looks after the store.
pub fn run(args: &Args, setting: &Setting) -> Result<Status> {
    let terminal = &setting.terminal;
    match &args.command {
        StoreCommand::Info(table) => info(table, setting)?,
        StoreCommand::Load { files } => {
            let store = setting.create()?;
            for file in files {
                store.load(file)?;
                terminal.detail(format!("loaded {}", file.display()));
            }
            store.flush()?;
            terminal.note(format!("loaded {} into {}", count(files.len(), "file"), setting.store.display()));
        }
        StoreCommand::Dump(to) => dump(to, setting)?,
        StoreCommand::Backup { to } => {
            match setting.folder() {
                Ok(folder) => Store::open(folder)?.backup(to)?,
                Err(_) => Store::backup_of(&*setting.open()?, to)?,
            }
            terminal.note(format!("copied {} to {}", setting.store.display(), to.display()));
        }
        StoreCommand::Restore { from } => {
            Store::restore(from, setting.folder()?)?;
            terminal.note(format!("copied {} to {}", from.display(), setting.store.display()));
        }
        StoreCommand::Compact => Store::open(setting.folder()?)?.compact()?,
        StoreCommand::Verify => return verify(setting),
    }
    Ok(Status::Done)
}

fn info(table: &Tabular, setting: &Setting) -> Result<()> {
    let info = serde_json::to_value(store::info(&*setting.open()?)?)?;
    let mut rows = Rows::open(table, &["what", "value"])?;
    for name in [
        "path",
        "engine",
        "format",
        "base",
        "articles",
        "claims",
        "mechanism_claims",
        "outcome_claims",
        "entities",
        "works",
        "decisions",
        "quads",
    ] {
        rows.push(vec![json!(name.replace('_', " ")), info.get(name).cloned().unwrap_or(Value::Null)])?;
    }
    rows.finish()?;
    Ok(())
}

fn dump(to: &Destination, setting: &Setting) -> Result<()> {
    let store = setting.open()?;
    let mut out = Output::open(to)?;
    store::dump(&*store, &mut out)?;
    Ok(out.flush()?)
}

/// Tests the store, and the quotes of articles whose files can still be read.
fn verify(setting: &Setting) -> Result<Status> {
    let mut texts: HashMap<String, Option<String>> = HashMap::new();
    let mut text = |source: &str| {
        let read = || Path::new(source).is_file().then(|| super::reading::text_of(source)).flatten();
        texts.entry(source.to_owned()).or_insert_with(read).clone()
    };
    let problems = store::verify(&*setting.open()?, &mut text)?;
    let mut out = Output::stdout();
    for problem in &problems {
        writeln!(out, "{}: {}", printable(&problem.subject), printable(&problem.message))?;
    }
    out.flush()?;
    setting.terminal.note(if problems.is_empty() { "the store is sound".to_owned() } else { count(problems.len(), "problem") });
    Ok(if problems.is_empty() { Status::Done } else { Status::Findings })
}
