//! `evigraph export`: tables for spreadsheets and other tools.

use super::args::Export;
use super::output::{self, Output};
use super::setting::Setting;
use super::terminal::{self, count};
use super::{Status, network, reading};
use crate::check::{self, Check, Profile};
use crate::export::{Cell, Curation, Error, Filter, Row, Table, TableFormat, rows, write_table};
use crate::query::nearest;
use anyhow::{Context, Result, bail};
use std::io::{IsTerminal, Write};

const EXTENSIONS: &[(&str, TableFormat)] =
    &[("csv", TableFormat::Csv), ("tsv", TableFormat::Tsv), ("jsonl", TableFormat::JsonLines), ("ndjson", TableFormat::JsonLines)];

/// Columns of a table that fit a terminal.
const SHOWN: usize = 7;

/// Writes a table.
pub fn run(args: &Export, setting: &Setting) -> Result<Status> {
    let Some(name) = args.name.as_deref().filter(|_| !args.list) else {
        return list();
    };
    if network::FORMS.iter().any(|f| f.0 == name) {
        let written = network::write(name, args, &setting.open()?)?;
        return told(written, args, setting);
    }
    let table = table(name)?;
    let given = args.format.as_deref().filter(|f| *f != "table").map(format).transpose()?;
    let form = output::format(given, &args.to, EXTENSIONS, TableFormat::Csv, TableFormat::Csv)?;
    let for_people =
        args.format.as_deref() == Some("table") || given.is_none() && args.to.output.is_none() && std::io::stdout().is_terminal();
    let filter = args.filters.iter().try_fold(Filter::none(), |f, condition| f.with(condition))?;
    let store = setting.open()?;
    let curation = Curation::load(&store)?;
    let found: Box<dyn Iterator<Item = Result<Row, Error>>> = if name == "gaps" {
        let checks = Profile::shipped()?.apply(Check::shipped()?);
        let findings = check::run(&store, &checks, &mut |source| reading::text_of(source))?;
        Box::new(findings.iter().map(check::gaps_row).map(Ok).collect::<Vec<_>>().into_iter())
    } else {
        Box::new(rows(&store, &table, &filter, &curation)?)
    };
    let mut out = Output::open(&args.to)?;
    let written = if for_people { shown(&table, found, &mut out, setting)? } else { write_table(&mut out, &table, form, args.bom, found)? };
    out.flush()?;
    told(written, args, setting)
}

/// Says what was written where, and how the command ends.
fn told(written: u64, args: &Export, setting: &Setting) -> Result<Status> {
    if let Some(path) = &args.to.output {
        setting.terminal.note(format!("{} written to {}", count(usize::try_from(written)?, "row"), path.display()));
    } else if written == 0 {
        setting.terminal.note("nothing found");
    }
    Ok(if written == 0 && args.fail_empty { Status::Findings } else { Status::Done })
}

fn names() -> Vec<&'static str> {
    Table::names().chain(["gaps"]).chain(network::FORMS.iter().map(|f| f.0)).collect()
}

fn table(name: &str) -> Result<Table> {
    if name == "gaps" {
        return Ok(check::gaps_table()?);
    }
    let meant = nearest(name, names()).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    Table::named(name).with_context(|| format!("there is no export named {name:?}{meant} (`evigraph export --list` shows them all)"))
}

fn format(name: &str) -> Result<TableFormat> {
    match TableFormat::from_name(name) {
        Some(format) => Ok(format),
        None => bail!("no table has the form {name:?}; use table, csv, tsv or jsonl"),
    }
}

fn list() -> Result<Status> {
    let mut out = Output::stdout();
    for name in Table::names().chain(["gaps"]) {
        let table = table(name)?;
        writeln!(
            out,
            "{name}\n    {}\n    {}\n",
            table.description,
            table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
        )?;
    }
    for (name, about) in network::FORMS {
        writeln!(out, "{name}\n    {about}\n")?;
    }
    out.flush()?;
    Ok(Status::Done)
}

/// The first columns that say something to a reader, as many as fit; identifiers are left to the files.
fn shown(table: &Table, rows: impl Iterator<Item = Result<Row, Error>>, out: &mut Output, setting: &Setting) -> Result<u64> {
    let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
    let says = |at: &usize| rows.iter().any(|r| !matches!(r[*at], Cell::Empty));
    let is_name = |at: &usize| {
        let name = table.columns[*at].name.as_str();
        !(name.ends_with("_id")
            || name.ends_with("_category")
            || name.starts_with("article_")
            || matches!(name, "section" | "check" | "fix"))
    };
    let picked: Vec<usize> = (0..table.columns.len()).filter(is_name).filter(says).take(SHOWN).collect();
    if !rows.is_empty() {
        let header = picked.iter().map(|&at| table.columns[at].name.as_str());
        let cells = rows.iter().map(|r| picked.iter().map(|&at| r[at].plain()).collect());
        out.write_all(terminal::table(header, cells).as_bytes())?;
        setting.terminal.note(format!("{} of {} columns; -o {}.csv writes them all", picked.len(), table.columns.len(), table.name));
    }
    Ok(rows.len() as u64)
}
