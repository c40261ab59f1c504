//! `evigraph export`: tables for spreadsheets and data frames.

use super::args::Export;
use super::output::{self, Output};
use super::setting::Setting;
use super::terminal::{self, count};
use super::{Status, network, reading, selection};
use crate::check::{self, Check, Profile};
use crate::export::{Cell, Curation, Error, Filter, Row, Table, TableFormat, csvw_metadata, rows, write_table};
use crate::query::nearest;
use crate::store::GraphStore;
use anyhow::{Context, Result, bail};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// The forms of a table, by the extension of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text(TableFormat),
    Parquet,
}

const FORMS: &[(&str, Form)] = &[
    ("csv", Form::Text(TableFormat::Csv)),
    ("tsv", Form::Text(TableFormat::Tsv)),
    ("jsonl", Form::Text(TableFormat::JsonLines)),
    ("ndjson", Form::Text(TableFormat::JsonLines)),
    ("parquet", Form::Parquet),
];

/// The name under which every table is written at once.
const ALL: (&str, &str) = (
    "tables",
    "Every table at once: a file each in the folder that -o names, and csv-metadata.json (CSVW), which describes their columns.",
);

/// Columns of a table that fit a terminal.
const SHOWN: usize = 7;

/// Rows as they come.
type Found<'a> = Box<dyn Iterator<Item = Result<Row, Error>> + 'a>;

/// Writes a table, a network, RDF …
pub fn run(args: &Export, setting: &Setting) -> Result<Status> {
    let Some(name) = args.name.as_deref().filter(|_| !args.list) else {
        return list();
    };
    if let Some((_, _, counted)) = network::FORMS.iter().find(|f| f.0 == name) {
        let written = network::write(name, args, setting)?;
        return told(written, counted, args, setting);
    }
    let given = args.format.as_deref().filter(|f| *f != "table").map(format).transpose()?;
    if name == ALL.0 {
        return all(args, given.unwrap_or(FORMS[0].1), setting);
    }
    let table = table(name)?;
    let form = output::format(given, &args.to, FORMS, FORMS[0].1, FORMS[0].1)?;
    let for_people =
        args.format.as_deref() == Some("table") || given.is_none() && args.to.output.is_none() && std::io::stdout().is_terminal();
    let store = &*setting.open()?;
    let filter = selection::filter(&args.selection, store, &setting.terminal)?;
    let curation = Curation::load(store)?;
    let found = found(store, &table, &filter, &curation)?;
    let mut out = Output::open(&args.to)?;
    let written = if for_people { shown(&table, found, &mut out, setting)? } else { write(&mut out, &table, form, args.bom, found)? };
    out.flush()?;
    if let (true, Some(path)) = (args.metadata, &args.to.output) {
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        metadata(&path.with_file_name(format!("{file}-metadata.json")), &[(&table, file)])?;
    }
    told(written, "row", args, setting)
}

/// Says how many rows, edges … were written where, and how the command ends.
fn told(written: u64, counted: &str, args: &Export, setting: &Setting) -> Result<Status> {
    if let Some(path) = &args.to.output {
        let place = network::place(args.name.as_deref().unwrap_or_default(), path);
        setting.terminal.note(format!("{} written to {place}", count(usize::try_from(written)?, counted)));
    } else if written == 0 {
        setting.terminal.note("nothing found");
    }
    Ok(if written == 0 && args.fail_empty { Status::Findings } else { Status::Done })
}

/// The rows of a table; those of the gaps are findings.
fn found<'a>(store: &'a dyn GraphStore, table: &'a Table, filter: &'a Filter, curation: &'a Curation) -> Result<Found<'a>> {
    if table.name != "gaps" {
        return Ok(Box::new(rows(store, table, filter, curation)?));
    }
    filter.check(table)?;
    let checks = Profile::shipped()?.apply(Check::shipped()?);
    let findings = check::run(store, &checks, &mut |source| reading::text_of(source))?;
    Ok(Box::new(findings.iter().map(check::gaps_row).filter(|row| filter.passes(table, row)).map(Ok).collect::<Vec<_>>().into_iter()))
}

fn write(out: &mut Output, table: &Table, form: Form, bom: bool, found: Found<'_>) -> Result<u64> {
    Ok(match form {
        Form::Text(format) => write_table(out, table, format, bom, found)?,
        #[cfg(feature = "parquet")]
        Form::Parquet => crate::export::write_parquet(out, table, found)?,
        #[cfg(not(feature = "parquet"))]
        Form::Parquet => bail!("this build leaves Parquet out: build with `--features parquet`, or write csv, tsv or jsonl"),
    })
}

/// Writes every table into a folder, described by one CSVW file.
fn all(args: &Export, form: Form, setting: &Setting) -> Result<Status> {
    let folder = args.to.output.as_deref().context("tables are several files: name a folder with -o FOLDER")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let extension = FORMS.iter().find(|f| f.1 == form).map_or("csv", |f| f.0);
    let store = &*setting.open()?;
    let filter = selection::filter(&args.selection, store, &setting.terminal)?;
    let curation = Curation::load(store)?;
    let tables = Table::names().chain(["gaps"]).map(table).collect::<Result<Vec<_>>>()?;
    let (none, mut files, mut written) = (Filter::none(), Vec::new(), 0);
    for table in &tables {
        // A condition counts for the tables that have its column.
        let filter = if filter.check(table).is_ok() { &filter } else { &none };
        let found = found(store, table, filter, &curation)?;
        let file = format!("{}.{extension}", table.name);
        let mut out = Output::file(&folder.join(&file))?;
        written += write(&mut out, table, form, args.bom, found)?;
        out.flush()?;
        files.push((table, file));
    }
    metadata(&folder.join("csv-metadata.json"), &files)?;
    told(written, "row", args, setting)
}

fn metadata(path: &Path, files: &[(&Table, String)]) -> Result<()> {
    let mut out = Output::file(path)?;
    serde_json::to_writer_pretty(&mut out, &csvw_metadata(files))?;
    writeln!(out)?;
    Ok(out.flush()?)
}

fn names() -> Vec<&'static str> {
    Table::names().chain(["gaps", ALL.0]).chain(network::FORMS.iter().map(|f| f.0)).collect()
}

fn table(name: &str) -> Result<Table> {
    if name == "gaps" {
        return Ok(check::gaps_table()?);
    }
    if !Table::names().any(|n| n == name) {
        let meant = nearest(name, names()).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
        bail!("there is no export named {name:?}{meant} (`evigraph export --list` shows them all)");
    }
    Ok(Table::named(name)?)
}

fn format(name: &str) -> Result<Form> {
    match FORMS.iter().find(|f| f.0.eq_ignore_ascii_case(name)) {
        Some(form) => Ok(form.1),
        None => bail!("no table has the form {name:?}; use table, csv, tsv, jsonl or parquet"),
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
    for (name, about) in std::iter::once(ALL).chain(network::FORMS.iter().map(|f| (f.0, f.1))) {
        writeln!(out, "{name}\n    {about}\n")?;
    }
    out.flush()?;
    Ok(Status::Done)
}

/// The first columns that say something to a reader, as many as fit; identifiers are left to the files.
fn shown(table: &Table, rows: Found<'_>, out: &mut Output, setting: &Setting) -> Result<u64> {
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
