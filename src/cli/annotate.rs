//! `evigraph annotate`: who is mentioned.

use super::args::Annotate;
use super::setting::Setting;
use super::table::Rows;
use super::{Status, reading, vocabulary};
use crate::annotate::{Annotator, Mention};
use crate::document::Document;
use crate::text::TextIndex;
use anyhow::Result;
use serde_json::{Value, json};

const COLUMNS: &[&str] = &["article", "start", "end", "text", "id", "label", "category", "xrefs", "score"];

/// Prints a row or a line of JSON a mention.
pub fn run(args: &Annotate, setting: &Setting) -> Result<Status> {
    let annotator = Annotator::new(vocabulary::lexicon(&args.vocabulary)?);
    let mut rows = Rows::open(&args.table, COLUMNS)?;
    let work = |document: Document| {
        let mentions = annotator.annotate(&document);
        Ok(lines(&document, &mentions))
    };
    let tally = reading::run(&args.inputs, &setting.terminal, work, |lines| lines.into_iter().try_for_each(|line| rows.push(line)))?;
    rows.finish()?;
    Ok(tally.status())
}

/// Positions are code points: of the input where the document kept them (plain text, records), else of the normalised text.
fn lines(document: &Document, mentions: &[Mention]) -> Vec<Vec<Value>> {
    let (index, article) = (TextIndex::new(&document.text), document.id());
    let point = |byte| document.origin.as_ref().map_or_else(|| index.code_point(byte), |o| o.code_point(&document.text, byte));
    let line = |m: &Mention| {
        vec![
            json!(article),
            json!(point(m.span.start)),
            json!(point(m.span.end)),
            json!(m.text),
            json!(m.entity.id),
            json!(m.entity.label),
            json!(format!("biolink:{}", m.entity.category.name())),
            json!(m.orthologs.iter().chain(&m.xrefs).collect::<Vec<_>>()),
            json!((f64::from(m.score) * 1000.0).round() / 1000.0),
        ]
    };
    mentions.iter().map(line).collect()
}
