//! Rows of a table, computed batch by batch so that memory stays flat however large the store is.

use super::cell::Names;
use super::table::{BATCHES, Batch};
use super::{Cell, Curation, Error, Filter, Kind, Row, Table};
use crate::store::{Answer, GraphStore, QueryOptions, Solutions};
use oxigraph::model::Term;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// The rows of a table, as they come.
///
/// Tables that are computed by article come in the order of articles and, within one, of the text. As many batches are computed at once as there
/// are processors, and put back in order.
pub struct Rows<'a> {
    table: &'a Table,
    store: &'a dyn GraphStore,
    filter: &'a Filter,
    curation: &'a Curation,
    /// The pattern at whose place each batch goes; nothing for a table that is computed as a whole.
    pattern: &'static str,
    /// Batches still to be computed, each as the pattern that narrows the queries to it.
    batches: std::vec::IntoIter<String>,
    ready: std::vec::IntoIter<Row>,
    /// Which of the table's further queries fill columns that are wanted.
    additions: Vec<&'a str>,
}

/// Batches that are computed in one go, for each processor: several, so that none waits long for the slowest.
const AT_ONCE: usize = 3;

/// The rows of `table` that pass `filter`, with the curators' corrections and added sources counted.
///
/// # Errors
/// Where the filter names a column that the table lacks, or the store fails.
pub fn rows<'a>(store: &'a dyn GraphStore, table: &'a Table, filter: &'a Filter, curation: &'a Curation) -> Result<Rows<'a>, Error> {
    let all: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    rows_of(store, table, &all, filter, curation)
}

/// [`rows`] of which only the columns `wanted`, and those that the filter names, need be filled.
///
/// # Errors
/// As [`rows`].
pub(crate) fn rows_of<'a>(
    store: &'a dyn GraphStore,
    table: &'a Table,
    wanted: &[&str],
    filter: &'a Filter,
    curation: &'a Curation,
) -> Result<Rows<'a>, Error> {
    filter.check(table)?;
    let things = match batch_of(table) {
        Some(Batch { variable, pattern, .. }) => {
            let narrower = if *variable == "?article_id" { filter.articles() } else { String::new() };
            sorted(store, &format!("SELECT DISTINCT {variable} WHERE {{ {narrower} {pattern} }}"))?
        }
        None => Vec::new(),
    };
    rows_about(store, table, &things, wanted, filter, curation)
}

/// [`rows_of`] these articles or entities alone, by IRI, in this order.
///
/// # Errors
/// As [`rows`].
pub(crate) fn rows_about<'a>(
    store: &'a dyn GraphStore,
    table: &'a Table,
    things: &[String],
    wanted: &[&str],
    filter: &'a Filter,
    curation: &'a Curation,
) -> Result<Rows<'a>, Error> {
    filter.check(table)?;
    let needed: Vec<&str> = wanted.iter().copied().chain(filter.needs(table)).collect();
    let additions = table.additions.iter().filter(|a| a.columns.iter().any(|c| needed.contains(&c.as_str())));
    let additions = additions.map(|a| a.query.as_str()).collect();
    let (pattern, batches) = match batch_of(table) {
        Some(Batch { variable, pattern, size }) => {
            let values = |batch: &[String]| format!("VALUES {variable} {{ <{}> }}", batch.join("> <"));
            (*pattern, things.chunks(*size).map(values).collect())
        }
        None => ("", vec![String::new()]),
    };
    Ok(Rows { table, store, filter, curation, pattern, batches: batches.into_iter(), ready: Vec::new().into_iter(), additions })
}

/// What the rows of a table are computed by; `None` where all come at once.
fn batch_of(table: &Table) -> Option<&'static Batch> {
    BATCHES.iter().find(|b| table.query.contains(b.pattern))
}

/// The IRIs that a query gives, sorted.
fn sorted(store: &dyn GraphStore, query: &str) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    select(store, query, |row| {
        if let Some(Term::NamedNode(n)) = row(0) {
            found.push(n.into_string());
        }
        Ok(())
    })?;
    found.sort_unstable();
    Ok(found)
}

fn solutions<'a>(store: &'a dyn GraphStore, query: &str, scan: bool) -> Result<Solutions<'a>, Error> {
    match store.query(query, &QueryOptions { scan, ..QueryOptions::default() })? {
        Answer::Solutions(solutions) => Ok(solutions),
        _ => Err(Error::NoRows),
    }
}

/// Runs a SELECT and hands each row on as a function from a column's place to its term.
pub(crate) fn select(
    store: &dyn GraphStore,
    query: &str,
    mut each: impl FnMut(&dyn Fn(usize) -> Option<Term>) -> Result<(), Error>,
) -> Result<(), Error> {
    for solution in solutions(store, query, false)? {
        let solution = solution?;
        each(&|at| solution.get(at).cloned())?;
    }
    Ok(())
}

impl Rows<'_> {
    /// The rows of a batch, in the order of the table's query.
    fn compute(&self, batch: &str) -> Result<Vec<Row>, Error> {
        let mut rows: Vec<Row> = Vec::new();
        let mut places: HashMap<Term, usize> = HashMap::new();
        let mut lists: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
        let nothing = vec![Cell::Empty; self.table.columns.len()];
        let mut names = Names::default();
        for (part, query) in std::iter::once(self.table.query.as_str()).chain(self.additions.iter().copied()).enumerate() {
            let found = solutions(self.store, &query.replacen(self.pattern, batch, 1), true)?;
            let columns: Vec<Option<(usize, Kind)>> =
                found.variables().iter().map(|v| self.table.column(v.as_str()).map(|(at, c)| (at, c.kind))).collect();
            for solution in found {
                let solution = solution?;
                let Some(key) = solution.get(0) else { continue };
                let place = match places.get(key) {
                    // Of a table of one query each answer is a row: a claim and one of its references, say.
                    Some(place) if part > 0 || !self.table.additions.is_empty() => *place,
                    _ if part == 0 => {
                        places.insert(key.clone(), rows.len());
                        rows.push(nothing.clone());
                        rows.len() - 1
                    }
                    _ => continue,
                };
                for (at, column) in columns.iter().enumerate() {
                    let (Some((column, kind)), Some(term)) = (column, solution.get(at)) else { continue };
                    let cell = Cell::of(Some(term), *kind, &mut names);
                    if kind.is_list() {
                        lists.entry((place, *column)).or_default().extend_from_slice(cell.items());
                    } else if rows[place][*column] == Cell::Empty || cell.plain() < rows[place][*column].plain() {
                        // Of several values the first in order, so that each run gives the same.
                        rows[place][*column] = cell;
                    }
                }
            }
        }
        for ((place, column), items) in lists {
            rows[place][column] = Cell::list(items);
        }
        for (at, _) in self.table.columns.iter().enumerate().filter(|c| c.1.kind == Kind::Count) {
            rows.iter_mut().filter(|row| row[at] == Cell::Empty).for_each(|row| row[at] = Cell::Number("0".to_owned()));
        }
        self.table.sort(&mut rows);
        rows.iter_mut().for_each(|row| self.curation.apply(self.table, row));
        rows.retain(|row| self.filter.passes(self.table, row));
        Ok(rows)
    }
}

impl<'a> Rows<'a> {
    /// Works on the rows batch by batch: `make` on all processors, `take` in the order of the rows while the next batches are made.
    ///
    /// # Errors
    /// Where the store fails, or `take` does.
    pub(crate) fn in_batches<T: Send>(
        mut self,
        make: impl Fn(Vec<Row>) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let mut ready = self.advance(&make);
        while let Some(made) = ready {
            let made = made?;
            let (next, taken) = rayon::join(|| self.advance(&make), || made.into_iter().try_for_each(&mut take));
            taken?;
            ready = next;
        }
        Ok(())
    }

    /// Computes as many batches as go at once; `None` where none is left.
    fn advance<T: Send>(&mut self, make: &(impl Fn(Vec<Row>) -> T + Sync)) -> Option<Result<Vec<T>, Error>> {
        let batches: Vec<String> = self.batches.by_ref().take(AT_ONCE * rayon::current_num_threads()).collect();
        let this: &Self = self;
        (!batches.is_empty()).then(|| batches.par_iter().map(|batch| this.compute(batch).map(make)).collect())
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.ready.next() {
                return Some(Ok(row));
            }
            match self.advance(&|rows| rows)? {
                Ok(computed) => self.ready = computed.into_iter().flatten().collect::<Vec<_>>().into_iter(),
                Err(error) => {
                    self.batches = Vec::new().into_iter();
                    return Some(Err(error));
                }
            }
        }
    }
}
