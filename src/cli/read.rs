//! `evigraph read`: how articles are read.

use super::Status;
use super::args::{Read, ReadFormat};
use super::output::{self, Output};
use super::reading;
use super::setting::Setting;
use super::terminal::{count, printable};
use crate::document::{Block, BlockKind, Document, Reference, Traceability};
use crate::read::bibliography;
use anyhow::Result;
use std::fmt::Write as _;
use std::io::Write;

/// Prints each article as an outline or as a line of JSON.
pub fn run(args: &Read, setting: &Setting) -> Result<Status> {
    let known = [
        ("json", ReadFormat::Json),
        ("jsonl", ReadFormat::Json),
        ("txt", ReadFormat::Text),
        ("bib", ReadFormat::Bibtex),
        ("ris", ReadFormat::Ris),
    ];
    let format = output::format(args.format, &args.to, &known, ReadFormat::Text, ReadFormat::Json)?;
    let mut out = Output::open(&args.to)?;
    // Keys must differ over all articles, so the references of all are written together.
    let mut references: Vec<Reference> = Vec::new();
    let render = |document: Document| {
        Ok(match format {
            ReadFormat::Json => (document.to_json() + "\n", Vec::new(), document.source, document.warnings),
            ReadFormat::Text => (outline(&document), Vec::new(), document.source, document.warnings),
            ReadFormat::Bibtex | ReadFormat::Ris | ReadFormat::Csl => {
                (String::new(), document.references, document.source, document.warnings)
            }
        })
    };
    let tally = reading::run(&args.inputs, &setting.terminal, render, |(text, found, source, warnings)| {
        for warning in warnings {
            setting.terminal.detail(format!("{source}: {warning}"));
        }
        references.extend(found);
        Ok(out.write_all(text.as_bytes())?)
    })?;
    match format {
        ReadFormat::Bibtex => out.write_all(bibliography::bibtex(&references).as_bytes())?,
        ReadFormat::Ris => out.write_all(bibliography::ris(&references).as_bytes())?,
        ReadFormat::Csl => writeln!(out, "{}", bibliography::csl_json(&references))?,
        ReadFormat::Json | ReadFormat::Text => {}
    }
    out.flush()?;
    Ok(tally.status())
}

/// The article as people look at it: what it is, its headings and blocks, its references and how far each can be followed.
fn outline(document: &Document) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = outline_into(document, &mut out);
    printable(&out)
}

fn outline_into(document: &Document, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{}", document.title.as_deref().unwrap_or("(without a title)"))?;
    writeln!(out, "  {}, read as {:?}, named {}", document.source, document.format, document.id())?;
    if !document.authors.is_empty() || document.date.is_some() {
        let date =
            document.date.as_deref().map(|d| format!("{}{d}", if document.authors.is_empty() { "" } else { ", " })).unwrap_or_default();
        let by = if document.authors.is_empty() { "of " } else { "by " };
        writeln!(out, "  {by}{}{date}", document.authors.join("; "))?;
    }
    for notice in &document.notices {
        writeln!(out, "  notice: {notice}")?;
    }
    if let Some(licence) = &document.licence {
        writeln!(out, "  licence: {licence}")?;
    }
    let blocks: usize = document.sections.iter().map(|s| s.blocks.len()).sum();
    let (sections, markers) = (count(document.sections.len(), "section"), count(document.citations.len(), "citation marker"));
    writeln!(out, "  {sections}, {}, {markers}, {}", count(blocks, "block"), count(document.references.len(), "reference"))?;
    for warning in &document.warnings {
        writeln!(out, "  warning: {warning}")?;
    }
    for section in &document.sections {
        if !section.heading.is_empty() {
            writeln!(out, "\n{}", section.heading.join(" > "))?;
        }
        for block in &section.blocks {
            outline_block(document, block, out)?;
        }
    }
    if !document.references.is_empty() {
        writeln!(out, "\nReferences")?;
    }
    for reference in &document.references {
        let ids = &reference.identifiers;
        let found = [&ids.doi, &ids.pmid, &ids.pmcid, &ids.trial, &ids.arxiv, &ids.url].into_iter().flatten().next();
        let trace = match reference.traceability {
            Traceability::Traceable => "traceable",
            Traceability::Citable => "citable",
            Traceability::Untraceable => "untraceable",
        };
        writeln!(out, "  [{}] {trace}{}: {}", reference.key, found.map(|i| format!(", {i}")).unwrap_or_default(), reference.raw)?;
    }
    writeln!(out)
}

fn outline_block(document: &Document, block: &Block, out: &mut String) -> std::fmt::Result {
    let sign = match block.kind {
        BlockKind::Paragraph => "",
        BlockKind::ListItem => "- ",
        BlockKind::TableCell => "| ",
        BlockKind::Caption => "caption: ",
    };
    let cited: Vec<_> = document.citations_in(block.span).iter().flat_map(|c| &c.keys).map(String::as_str).collect();
    let cited = if cited.is_empty() { String::new() } else { format!("  -> {}", cited.join(", ")) };
    writeln!(out, "  {sign}{}{cited}", block.span.of(&document.text))
}
