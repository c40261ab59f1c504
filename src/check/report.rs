//! Findings as text, CSV, JSON and Markdown.

use super::{Check, Error, Finding, Level};
use crate::export::{Cell, Row, Table, TableFormat, TableWriter};
use serde_json::{Value, json};
use std::io::Write;

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportFormat {
    /// Lines for a terminal.
    Text,
    /// The `gaps` table, with empty columns for the curator.
    Csv,
    /// The `gaps` table, tab-separated.
    Tsv,
    /// The `gaps` table, an object a line.
    JsonLines,
    /// One JSON object: findings, checks and counts.
    Json,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// Markdown.
    Markdown,
    /// One HTML page that needs no server.
    Html,
}

impl ReportFormat {
    /// The format named by `--format` or a file extension.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "text" | "txt" => Self::Text,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "jsonl" | "ndjson" => Self::JsonLines,
            "json" => Self::Json,
            "sarif" => Self::Sarif,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" => Self::Html,
            _ => return None,
        })
    }
}

/// The header of the `gaps` table; its last columns are the curator's to fill.
const GAPS: &str = "# title: Gaps
# description: One row a finding, with empty columns for the curator to fill and `review import` to read back.
# column finding_id iri: The finding.
# column check text: The check that found it.
# column level text: error, warn or info.
# column article_id iri: The article.
# column claim_id iri: The claim.
# column sentence text: The sentence, entry or name in question.
# column missing text: What is missing.
# column fix text: How to mend it.
# column verdict text: To fill: accepted, rejected, corrected, sourced or waived.
# column reason text: To fill: why it is rejected, such as wrong_relation.
# column doi text: To fill: DOI of a source.
# column pmid text: To fill: PubMed identifier of a source.
# column trial text: To fill: number of a registered trial.
# column comment text: To fill: anything else.
# column curator text: To fill: ORCID or name.
# column claim text: What the claim says, in short.
";

/// The `gaps` table: a row a finding.
///
/// # Errors
/// Never, in a build whose tests pass: its header is a constant.
pub fn gaps_table() -> Result<Table, Error> {
    Ok(Table::parse("gaps", GAPS)?)
}

/// A finding as a row of the `gaps` table.
pub fn gaps_row(f: &Finding) -> Row {
    let filled = [&f.id, &f.check, f.level.as_str(), &f.article, &f.claim, &f.sentence, &f.missing, &f.fix];
    let mut row: Row = filled.into_iter().map(Cell::text).collect();
    row.resize(15, Cell::Empty);
    row.push(Cell::text(&f.says));
    row
}

/// How many findings there are of each level: errors, warnings, infos.
pub fn counts(findings: &[Finding]) -> [usize; 3] {
    [Level::Error, Level::Warn, Level::Info].map(|level| findings.iter().filter(|f| f.level == level).count())
}

/// Whether a finding is at or above the level at which a run fails.
pub fn fails(findings: &[Finding], fail_on: Option<Level>) -> bool {
    fail_on.is_some_and(|level| findings.iter().any(|f| f.level >= level))
}

/// Writes a report on the findings of these checks.
///
/// # Errors
/// Where it cannot be written.
pub fn write<W: Write>(mut to: W, format: ReportFormat, checks: &[Check], findings: &[Finding]) -> Result<(), Error> {
    match format {
        ReportFormat::Text => text(&mut to, findings)?,
        ReportFormat::Csv => gaps(&mut to, TableFormat::Csv, findings)?,
        ReportFormat::Tsv => gaps(&mut to, TableFormat::Tsv, findings)?,
        ReportFormat::JsonLines => gaps(&mut to, TableFormat::JsonLines, findings)?,
        ReportFormat::Json => print(&mut to, &as_json(checks, findings))?,
        ReportFormat::Sarif => print(&mut to, &super::sarif::log(checks, findings))?,
        ReportFormat::Markdown => super::page::markdown(&mut to, checks, findings)?,
        ReportFormat::Html => super::page::html(&mut to, checks, findings)?,
    }
    to.flush()?;
    Ok(())
}

fn print<W: Write>(to: &mut W, value: &Value) -> Result<(), Error> {
    serde_json::to_writer_pretty(&mut *to, value).map_err(|e| Error::Io(e.into()))?;
    Ok(writeln!(to)?)
}

fn gaps<W: Write>(to: &mut W, format: TableFormat, findings: &[Finding]) -> Result<(), Error> {
    let table = gaps_table()?;
    let mut writer = TableWriter::new(to, &table, format, false)?;
    for finding in findings {
        writer.row(&gaps_row(finding))?;
    }
    Ok(writer.finish()?)
}

/// Findings by article. A sentence that several claims stand on is printed once.
fn text<W: Write>(to: &mut W, findings: &[Finding]) -> Result<(), Error> {
    let mut article = None;
    let same =
        |a: &Finding, b: &Finding| (&a.article, &a.check, &a.sentence, &a.missing) == (&b.article, &b.check, &b.sentence, &b.missing);
    for group in findings.chunk_by(same) {
        let f = &group[0];
        if article != Some(&f.article) {
            let name = [&f.source, &f.article].into_iter().find(|n| !n.is_empty()).map_or("over all articles", String::as_str);
            writeln!(to, "{}{name}", if article.is_some() { "\n" } else { "" })?;
            article = Some(&f.article);
        }
        writeln!(to, "  {:5} {}: {}", f.level.as_str(), f.check, one_line(&f.sentence))?;
        for f in group.iter().filter(|f| !f.says.is_empty()) {
            let hash = f.claim.rsplit('/').next().unwrap_or_default();
            writeln!(to, "        claim {}: {}", hash.get(..12).unwrap_or(hash), one_line(&f.says))?;
        }
        writeln!(to, "        missing: {}", one_line(&f.missing))?;
    }
    let [errors, warnings, infos] = counts(findings);
    writeln!(to, "{}{errors} errors, {warnings} warnings, {infos} infos", if findings.is_empty() { "" } else { "\n" })?;
    Ok(())
}

/// White space folded, and control characters left out: article text must not steer a terminal.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().map(|w| w.chars().filter(|c| !c.is_control()).collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn as_json(checks: &[Check], findings: &[Finding]) -> Value {
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let [errors, warnings, infos] = counts(findings);
    json!({
        "counts": { "error": errors, "warn": warnings, "info": infos },
        "checks": checks.iter().map(|c| json!({
            "name": c.name, "title": c.title, "level": c.level.as_str(), "problem": c.problem, "why": c.why, "fix": c.fix,
        })).collect::<Vec<_>>(),
        "findings": findings.iter().map(|f| json!({
            "id": f.id, "check": f.check, "level": f.level.as_str(), "thing": f.thing, "article": or_null(&f.article),
            "source": or_null(&f.source), "claim": or_null(&f.claim), "says": or_null(&f.says), "sentence": f.sentence, "missing": f.missing, "fix": f.fix,
            "start": f.span.map(|s| s.0), "end": f.span.map(|s| s.1),
        })).collect::<Vec<_>>(),
    })
}
