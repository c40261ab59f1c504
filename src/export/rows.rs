//! Rows of a table, computed batch by batch so that memory stays flat however large the store is.

use super::table::EVERY_ARTICLE;
use super::{Cell, Curation, Error, Filter, Kind, Row, Table};
use crate::store::{Answer, GraphStore, QueryOptions};
use oxigraph::model::Term;
use std::fmt::Write as _;

/// Articles whose rows are computed in one query.
const BATCH: usize = 200;

/// The rows of a table, as they come.
///
/// Tables that are computed by article come in the order of articles and, within one, of the text.
pub struct Rows<'a> {
    table: &'a Table,
    store: &'a dyn GraphStore,
    filter: &'a Filter,
    curation: &'a Curation,
    /// Queries still to be run, the last first.
    queries: Vec<String>,
    ready: std::vec::IntoIter<Row>,
}

/// The rows of `table` that pass `filter`, with the curators' corrections and added sources counted.
///
/// # Errors
/// Where the filter names a column that the table lacks, or the store fails.
pub fn rows<'a>(store: &'a dyn GraphStore, table: &'a Table, filter: &'a Filter, curation: &'a Curation) -> Result<Rows<'a>, Error> {
    filter.check(table)?;
    let mut queries = Vec::new();
    if table.query.contains(EVERY_ARTICLE) {
        let articles = articles(store)?;
        for batch in articles.chunks(BATCH) {
            let mut values = "VALUES ?article_id {".to_owned();
            for article in batch {
                let _ = write!(values, " <{article}>");
            }
            queries.push(table.query.replacen(EVERY_ARTICLE, &(values + " }"), 1));
        }
        queries.reverse();
    } else {
        queries.push(table.query.clone());
    }
    Ok(Rows { table, store, filter, curation, queries, ready: Vec::new().into_iter() })
}

/// The IRIs of the articles, sorted.
pub(super) fn articles(store: &dyn GraphStore) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    select(store, "SELECT ?article_id WHERE { ?article_id a evi:Article }", |row| {
        if let Some(Term::NamedNode(n)) = row(0) {
            found.push(n.as_str().to_owned());
        }
        Ok(())
    })?;
    found.sort();
    found.dedup();
    Ok(found)
}

/// Runs a SELECT and hands each row on as a function from a column's place to its term.
pub(crate) fn select(
    store: &dyn GraphStore,
    query: &str,
    mut each: impl FnMut(&dyn Fn(usize) -> Option<Term>) -> Result<(), Error>,
) -> Result<(), Error> {
    let Answer::Solutions(solutions) = store.query(query, &QueryOptions::default())? else {
        return Err(Error::NoRows);
    };
    for solution in solutions {
        let solution = solution?;
        each(&|at| solution.get(at).cloned())?;
    }
    Ok(())
}

impl Rows<'_> {
    fn run(&mut self, query: &str) -> Result<(), Error> {
        let mut rows = Vec::new();
        let kinds: Vec<Kind> = self.table.columns.iter().map(|c| c.kind).collect();
        select(self.store, query, |term| {
            let mut row: Row = kinds.iter().enumerate().map(|(at, kind)| Cell::of(term(at).as_ref(), *kind)).collect();
            self.curation.apply(self.table, &mut row);
            if self.filter.passes(self.table, &row) {
                rows.push(row);
            }
            Ok(())
        })?;
        self.ready = rows.into_iter();
        Ok(())
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.ready.next() {
                return Some(Ok(row));
            }
            let query = self.queries.pop()?;
            if let Err(error) = self.run(&query) {
                self.queries.clear();
                return Some(Err(error));
            }
        }
    }
}
