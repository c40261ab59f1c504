//! The rows of a table to download, at addresses of their own.

use super::rows::{Search, filter};
use super::{DOWNLOADS, LISTS};
use crate::check::{gaps_row, gaps_table};
use crate::export::{Row, Table, TableFormat, TableWriter, rows, write_rdf};
use crate::serve::pages::{Params, gaps};
use crate::serve::{Problem, Site, answer};
use axum::extract::State;
use axum::response::Response;
use std::io::Write as _;
use std::sync::Arc;

/// The rows of a list as CSV, JSON or, of claims, what the graph says of them as Turtle.
pub(in crate::serve::pages) async fn download(
    name: &'static str,
    form: &'static str,
    State(site): State<Arc<Site>>,
    params: Params,
) -> Result<Response, Problem> {
    let held = Arc::clone(&site);
    answer::stream(&site, None, move |store, _, tell, out| {
        let curation = held.curation()?;
        if name == "gaps" {
            let table = gaps_table()?;
            let all = held.findings()?;
            let mut found: Vec<_> = gaps::standing(&all, &curation, &params)?.into_iter().cloned().collect();
            gaps::say(store, &curation, &mut found)?;
            let rows: Vec<_> = found.iter().map(gaps_row).collect();
            return write(form, &table, &mut rows.into_iter().map(Ok), tell, out);
        }
        let list = &LISTS[DOWNLOADS.iter().find(|d| d.0 == name).map_or(0, |d| d.1)];
        let table = Table::named(name)?;
        let filter = filter(&table, &params)?;
        if form == "ttl" {
            tell("text/turtle; charset=utf-8");
            return Ok(write_rdf(store, &filter, &curation, oxigraph::io::RdfFormat::Turtle, out).map(drop)?);
        }
        let search = Search::new(&table, list.searched, params.one("q"));
        let shelf = held.shelf(name)?;
        if shelf.whole {
            let kept = shelf.curated(&curation).filter(|r| filter.passes(&table, r) && search.finds(r));
            return write(form, &table, &mut kept.map(|r| Ok(r.into_owned())), tell, out);
        }
        let mut kept = rows(store, &table, &filter, &curation)?.filter(|r| r.as_ref().map_or(true, |r| search.finds(r)));
        write(form, &table, &mut kept.by_ref().map(|r| Ok(r?)), tell, out)
    })
    .await
}

fn write(
    form: &str,
    table: &Table,
    rows: &mut dyn Iterator<Item = Result<Row, Problem>>,
    tell: &mut dyn FnMut(&'static str),
    out: &mut answer::Out,
) -> Result<(), Problem> {
    let failed = |e: std::io::Error| Problem::internal(e.to_string());
    if form == "csv" {
        tell("text/csv; charset=utf-8");
        let mut writer = TableWriter::new(out, table, TableFormat::Csv, false)?;
        for row in rows {
            writer.row(&row?)?;
        }
        return Ok(writer.finish()?);
    }
    tell("application/json");
    out.write_all(b"[").map_err(failed)?;
    for (at, row) in rows.enumerate() {
        let row = row?;
        let object: serde_json::Map<_, _> = table.columns.iter().zip(&row).map(|(c, cell)| (c.name.clone(), cell.json(c.kind))).collect();
        out.write_all(if at == 0 { b"\n" } else { b",\n" }).map_err(failed)?;
        serde_json::to_writer(&mut *out, &object).map_err(|e| Problem::internal(e.to_string()))?;
    }
    out.write_all(b"\n]\n").map_err(failed)
}
