//! `evigraph extract`: the claims of articles, without a store.

use super::args::{ClaimFormat, Extract, TableFormat};
use super::output::{self, Output};
use super::setting::Setting;
use super::table::Rows;
use super::{Status, explain, reading, vocabulary};
use crate::document::Document;
use crate::extract::{Extraction, Extractor};
use crate::graph::{Base, Options, Prefixes, claim_line, quads};
use crate::text::TextIndex;
use anyhow::Result;
use oxigraph::io::RdfFormat;
use oxigraph::model::{GraphName, Quad};
use serde_json::{Value, json};
use std::io::Write;

impl ClaimFormat {
    const EXTENSIONS: &[(&str, Self)] = &[
        ("jsonl", Self::Jsonl),
        ("ndjson", Self::Jsonl),
        ("csv", Self::Csv),
        ("trig", Self::Trig),
        ("nq", Self::Nq),
        ("ttl", Self::Ttl),
        ("txt", Self::Table),
    ];
}

/// Prints the claims of each article as a line, a row or statements.
pub fn run(args: &Extract, setting: &Setting) -> Result<Status> {
    let format = match args.explain {
        true => ClaimFormat::Table,
        false => output::format(args.format, &args.to, ClaimFormat::EXTENSIONS, ClaimFormat::Table, ClaimFormat::Csv)?,
    };
    let extractor = vocabulary::extractor(&args.vocabulary, args.rules.as_deref())?;
    let base = setting.asked_base()?.unwrap_or_default();
    let out = Output::open(&args.to)?;
    let terminal = &setting.terminal;
    let tally = match format {
        _ if args.explain => {
            let mut out = out;
            let work = |d: Document| Ok(explain::sentences(&d, &extractor));
            let tally = reading::run(&args.inputs, terminal, work, |text| Ok(out.write_all(text.as_bytes())?))?;
            out.flush()?;
            tally
        }
        ClaimFormat::Jsonl => {
            let mut out = out;
            let tally =
                reading::run(&args.inputs, terminal, |d| Ok(lines(&d, &extractor, &base)), |text| Ok(out.write_all(text.as_bytes())?))?;
            out.flush()?;
            tally
        }
        ClaimFormat::Trig | ClaimFormat::Nq | ClaimFormat::Ttl => {
            let (rdf, merge) = match format {
                ClaimFormat::Trig => (RdfFormat::TriG, false),
                ClaimFormat::Nq => (RdfFormat::NQuads, false),
                _ => (RdfFormat::Turtle, true),
            };
            let mut writer = Prefixes::shipped().serializer(rdf, |_| true).for_writer(out);
            let work = |d: Document| Ok(statements(&d, &extractor, &base));
            let tally = reading::run(&args.inputs, terminal, work, |quads| {
                for mut quad in quads {
                    if merge {
                        quad.graph_name = GraphName::DefaultGraph;
                    }
                    writer.serialize_quad(&quad)?;
                }
                Ok(())
            })?;
            writer.finish()?.flush()?;
            tally
        }
        ClaimFormat::Table | ClaimFormat::Csv => {
            let form = if format == ClaimFormat::Csv { TableFormat::Csv } else { TableFormat::Table };
            let mut rows = Rows::new(out, form, BRIEF)?;
            let work = |d: Document| Ok(brief(&d, &extractor, &base));
            let tally = reading::run(&args.inputs, terminal, work, |found| found.into_iter().try_for_each(|row| rows.push(row)))?;
            if rows.finish()? == 0 && tally.articles > 0 {
                terminal.note("no claims found; --explain shows what each sentence was taken for");
            }
            tally
        }
    };
    Ok(tally.status())
}

/// The claims as lines of JSON.
fn lines(document: &Document, extractor: &Extractor, base: &Base) -> String {
    let index = TextIndex::new(&document.text);
    let line = |claim| claim_line(document, claim, &index, base).to_string() + "\n";
    extractor.extract(document).claims.iter().map(line).collect()
}

/// The article's quads, its own and those it adds to the shared graphs.
fn statements(document: &Document, extractor: &Extractor, base: &Base) -> Vec<Quad> {
    let Extraction { mentions, claims } = extractor.extract(document);
    let lexicon = extractor.annotator().lexicon();
    let options = Options {
        base: base.clone(),
        describe: Some(lexicon.as_ref()),
        rules_hash: extractor.rules().hash.clone(),
        lexicon_hash: lexicon.hash().to_owned(),
        times: None,
    };
    quads(document, &mentions, &claims, &options)
}

const BRIEF: &[&str] = &["subject", "relation", "object", "measured", "condition", "citations", "source", "section"];

/// The claims in few words, for a table on a terminal.
fn brief(document: &Document, extractor: &Extractor, base: &Base) -> Vec<Vec<Value>> {
    let index = TextIndex::new(&document.text);
    let row = |claim| {
        let line = claim_line(document, claim, &index, base);
        let label = |field: &str| line[field]["label"].clone();
        let denied = if line["negated"] == json!(true) { "not " } else { "" };
        let (subject, relation, object, measured) = if line["kind"] == "outcome" {
            let m = &line["measurement"];
            let direction = m["direction"].as_str().unwrap_or("measured");
            (label("intervention"), direction.to_owned(), label("outcome"), measured(m))
        } else {
            let relation = line["predicate"].as_str().unwrap_or_default().trim_start_matches("evi:").to_owned();
            (label("subject"), relation, label("object"), String::new())
        };
        vec![
            subject,
            json!(format!("{denied}{relation}")),
            object,
            json!(measured),
            label("condition"),
            line["citations"].clone(),
            line["source_status"].clone(),
            line["section"].clone(),
        ]
    };
    extractor.extract(document).claims.iter().map(row).collect()
}

/// A measurement in words: "30-40 % after 1-3 month".
fn measured(m: &Value) -> String {
    let pair = |v: &Value| match (v[0].as_f64(), v[1].as_f64()) {
        (Some(low), Some(high)) if low < high => format!("{low}-{high}"),
        (Some(low), _) => low.to_string(),
        _ => String::new(),
    };
    let unit = m["unit"].as_str().unwrap_or_default();
    let time = &m["time"];
    let after = time["unit"].as_str().map(|u| format!(" after {} {u}", pair(&time["value"]))).unwrap_or_default();
    format!("{} {unit}", pair(&m["value"])).trim().to_owned() + &after
}
