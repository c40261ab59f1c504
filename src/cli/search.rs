//! `evigraph search`: words in quotes, labels and titles.

use super::Status;
use super::args::Search;
use super::setting::Setting;
use super::table::Rows;
use crate::graph::Prefixes;
use crate::query;
use anyhow::Result;
use serde_json::json;

/// Prints the hits, best first.
pub fn run(args: &Search, setting: &Setting) -> Result<Status> {
    let store = setting.open()?;
    let hits = query::search(&*store, &args.words.join(" "), args.limit)?;
    let mut rows = Rows::open(&args.table, &["kind", "text", "id", "article", "score"])?;
    for hit in &hits {
        let score = (hit.score * 1000.0).round() / 1000.0;
        let id = Prefixes::shipped().shorten(hit.iri.as_str());
        rows.push(vec![json!(hit.kind), json!(hit.text), json!(id), json!(hit.article), json!(score)])?;
    }
    rows.finish()?;
    if hits.is_empty() {
        setting.terminal.note("nothing found; every word must occur");
    }
    Ok(if hits.is_empty() && args.fail_empty { Status::Findings } else { Status::Done })
}
