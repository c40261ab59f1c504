//! `evigraph check`: what is missing.

use super::args::{Check as Args, FailOn};
use super::output::{self, Output};
use super::setting::Setting;
use super::{Status, reading};
use crate::check::{self, Check, Level, Profile, ReportFormat};
use crate::query::nearest;
use anyhow::{Context, Result};
use std::io::Write;
use std::path::Path;

const EXTENSIONS: &[(&str, ReportFormat)] = &[
    ("txt", ReportFormat::Text),
    ("csv", ReportFormat::Csv),
    ("tsv", ReportFormat::Tsv),
    ("jsonl", ReportFormat::JsonLines),
    ("json", ReportFormat::Json),
    ("sarif", ReportFormat::Sarif),
    ("md", ReportFormat::Markdown),
    ("html", ReportFormat::Html),
];

/// Runs the checks and writes the report, also where it fails.
pub fn run(args: &Args, setting: &Setting) -> Result<Status> {
    if let Some(name) = &args.explain {
        return print(&named(name)?.explain());
    }
    let profile = match &args.profile {
        Some(path) => Profile::parse(&text(path)?)?,
        None => Profile::shipped()?,
    };
    if args.list {
        let line = |c: &Check| format!("{:5} {:34} {}\n", c.level.as_str(), c.name, c.title);
        return print(&profile.apply(Check::shipped()?).iter().map(line).collect::<String>());
    }
    let mut checks = match args.names.as_slice() {
        [] if !args.queries.is_empty() => Vec::new(),
        [] => Check::shipped()?,
        names => names.iter().map(|n| named(n)).collect::<Result<_>>()?,
    };
    checks = profile.apply(checks);
    for path in &args.queries {
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        checks.push(Check::parse(&name, &text(path)?).with_context(|| path.display().to_string())?);
    }
    let given = args.format.as_deref().map(format).transpose()?;
    let form = output::format(given, &args.to, EXTENSIONS, ReportFormat::Text, ReportFormat::Csv)?;
    let store = setting.open()?;
    let findings = check::run(&*store, &checks, &mut |source| reading::text_of(source))?;
    let mut out = Output::open(&args.to)?;
    check::write(&mut out, form, &checks, &findings)?;
    out.flush()?;
    if form != ReportFormat::Text {
        let [errors, warnings, infos] = check::counts(&findings);
        setting.terminal.note(format!("{errors} errors, {warnings} warnings, {infos} infos"));
    }
    let level = match args.fail_on {
        FailOn::Error => Some(Level::Error),
        FailOn::Warn => Some(Level::Warn),
        FailOn::Info => Some(Level::Info),
        FailOn::None => None,
    };
    Ok(if check::fails(&findings, level) { Status::Findings } else { Status::Done })
}

fn print(text: &str) -> Result<Status> {
    let mut out = Output::stdout();
    writeln!(out, "{}", text.trim_end())?;
    out.flush()?;
    Ok(Status::Done)
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The shipped check of this name; hyphens and underscores are one.
fn named(name: &str) -> Result<Check> {
    let name = name.replace('_', "-");
    let meant = nearest(&name, Check::texts().map(|t| t.0)).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    Check::named(&name).with_context(|| format!("there is no check named {name:?}{meant} (`evigraph check --list` shows them all)"))
}

fn format(name: &str) -> Result<ReportFormat> {
    ReportFormat::from_name(name)
        .with_context(|| format!("no report has the form {name:?}; use text, csv, tsv, jsonl, json, sarif, md or html"))
}
