//! What a query gives: rows, a truth value or triples, stopped at their limits.

use super::product::caught;
use super::{Error, Services};
use oxigraph::model::{NamedNode, Term, Triple, Variable};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults, QuerySolution};
use spargebra::algebra::QueryDataset;
use std::sync::Arc;
use std::time::Duration;

/// How a query is run.
#[derive(Clone, Default)]
pub struct QueryOptions {
    /// The standard default graph in place of the union of all graphs, and no refusal of costly paths.
    pub strict: bool,
    /// The query reads most of each graph that its VALUES name for `GRAPH ?g`: no engine need search there for each row.
    pub scan: bool,
    /// Variables bound beforehand, as terms.
    pub parameters: Vec<(Variable, Term)>,
    /// Stop after this time.
    pub timeout: Option<Duration>,
    /// Stop after this many rows or triples.
    pub limit: Option<usize>,
    /// Stop when this token is cancelled.
    pub cancel: Option<CancellationToken>,
    /// The graphs to query, in place of those that the query names itself.
    pub dataset: Option<QueryDataset>,
    /// Where SERVICE may lead; nowhere without.
    pub services: Option<Arc<Services>>,
    /// What relative IRIs are relative to, where the query has no BASE.
    pub base: Option<NamedNode>,
}

/// What a query gives.
pub enum Answer<'a> {
    /// The rows of a SELECT.
    Solutions(Solutions<'a>),
    /// The answer to an ASK.
    Boolean(bool),
    /// The triples of a CONSTRUCT or DESCRIBE.
    Triples(Triples<'a>),
}

/// Counts down to the limit, and knows whether there was more.
struct Limited<I> {
    items: I,
    left: Option<usize>,
    truncated: bool,
}

impl<I: Iterator> Iterator for Limited<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        match &mut self.left {
            Some(0) => {
                self.truncated = self.truncated || self.items.next().is_some();
                None
            }
            Some(left) => {
                *left -= 1;
                self.items.next()
            }
            None => self.items.next(),
        }
    }
}

/// The rows of a SELECT, computed as they are asked for.
pub struct Solutions<'a> {
    variables: Arc<[Variable]>,
    rows: Limited<Box<dyn Iterator<Item = Result<QuerySolution, Error>> + 'a>>,
}

impl<'a> Solutions<'a> {
    /// Rows from elsewhere, at most `limit` of them.
    pub fn new(variables: Arc<[Variable]>, rows: impl Iterator<Item = Result<QuerySolution, Error>> + 'a, limit: Option<usize>) -> Self {
        Self { variables, rows: Limited { items: Box::new(rows), left: limit, truncated: false } }
    }

    /// The columns, in order.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Whether rows were left off at the limit; known once the rows were read.
    pub fn truncated(&self) -> bool {
        self.rows.truncated
    }
}

impl Iterator for Solutions<'_> {
    type Item = Result<QuerySolution, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

/// The triples of a CONSTRUCT or DESCRIBE, computed as they are asked for.
pub struct Triples<'a>(Limited<Box<dyn Iterator<Item = Result<Triple, Error>> + 'a>>);

impl<'a> Triples<'a> {
    /// Triples from elsewhere, at most `limit` of them.
    pub fn new(triples: impl Iterator<Item = Result<Triple, Error>> + 'a, limit: Option<usize>) -> Self {
        Self(Limited { items: Box::new(triples), left: limit, truncated: false })
    }

    /// Whether triples were left off at the limit; known once the triples were read.
    pub fn truncated(&self) -> bool {
        self.0.truncated
    }
}

impl Iterator for Triples<'_> {
    type Item = Result<Triple, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// The error in plain terms.
pub(super) fn in_words(error: QueryEvaluationError) -> Error {
    match error {
        QueryEvaluationError::Cancelled => Error::Cancelled,
        error => Error::Evaluation(error),
    }
}

/// The engine's results as an answer; `run` computes them.
pub(super) fn answer<'a>(
    run: impl FnOnce() -> Result<QueryResults<'a>, QueryEvaluationError>,
    limit: Option<usize>,
) -> Result<Answer<'a>, Error> {
    Ok(match caught(run).and_then(|results| results).map_err(in_words)? {
        QueryResults::Boolean(b) => Answer::Boolean(b),
        QueryResults::Solutions(rows) => {
            let variables: Arc<[Variable]> = rows.variables().into();
            Answer::Solutions(Solutions::new(variables, Caught(Some(rows)), limit))
        }
        QueryResults::Graph(triples) => Answer::Triples(Triples::new(Caught(Some(triples)), limit)),
    })
}

/// Items that end with [`Error::Cancelled`] where a watched product unwinds.
struct Caught<I>(Option<I>);

impl<T, I: Iterator<Item = Result<T, QueryEvaluationError>>> Iterator for Caught<I> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let items = self.0.as_mut()?;
        match caught(|| items.next()) {
            Ok(item) => item.map(|i| i.map_err(in_words)),
            Err(e) => {
                self.0 = None;
                Some(Err(in_words(e)))
            }
        }
    }
}
