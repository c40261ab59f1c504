//! A query with a time limit: it runs beside the one who waits, who leaves when the time is up.
//!
//! The engine looks at its cancellation token where it reads the store, and [`super::product`] sees to products of rows already read; a sort can
//! still go on for a while. So the answer is handed over in batches, and the waiting side keeps the time.

use super::answer::{Answer, Solutions, Triples, in_words};
use super::{Error, QueryOptions};
use oxigraph::model::{Triple, Variable};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults, QuerySolution};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Rows handed over at once.
const BATCH: usize = 128;

/// How long the waiting side waits before it looks whether it was told to stop.
const GLANCE: Duration = Duration::from_millis(100);

/// A part of an answer on its way.
enum Part {
    Boolean(bool),
    Variables(Arc<[Variable]>),
    Graph,
    Rows(Vec<QuerySolution>),
    Triples(Vec<Triple>),
    Failed(Error),
    End,
}

/// Runs `work` on its own thread and gives its answer, or an error once `time` is over; `token` stops the work when nobody waits any more.
pub(super) fn answer(
    work: impl FnOnce() -> Result<QueryResults<'static>, QueryEvaluationError> + Send + 'static,
    token: CancellationToken,
    options: &QueryOptions,
    time: Duration,
) -> Result<Answer<'static>, Error> {
    let (to, from) = sync_channel(8);
    // A product that unwinds ends this thread, and nobody waits for it any more.
    std::thread::spawn(move || match work() {
        Ok(QueryResults::Boolean(b)) => drop(to.send(Part::Boolean(b))),
        Ok(QueryResults::Solutions(rows)) => {
            let variables = Part::Variables(rows.variables().into());
            hand_over(&to, variables, rows, Part::Rows);
        }
        Ok(QueryResults::Graph(triples)) => hand_over(&to, Part::Graph, triples, Part::Triples),
        Err(e) => drop(to.send(Part::Failed(in_words(e)))),
    });
    let limit = options.limit;
    let mut waiting = Waiting { from, token, outside: options.cancel.clone(), time, until: Instant::now() + time, over: false };
    match waiting.part()? {
        Part::Boolean(b) => Ok(Answer::Boolean(b)),
        Part::Variables(variables) => {
            let rows = waiting.items(|part| if let Part::Rows(rows) = part { rows } else { Vec::new() });
            Ok(Answer::Solutions(Solutions::new(variables, rows, limit)))
        }
        Part::Graph => {
            let triples = waiting.items(|part| if let Part::Triples(triples) = part { triples } else { Vec::new() });
            Ok(Answer::Triples(Triples::new(triples, limit)))
        }
        Part::Failed(e) => Err(e),
        Part::Rows(_) | Part::Triples(_) | Part::End => Err(Error::Cancelled),
    }
}

/// Sends the items in batches until they end or nobody waits any more.
fn hand_over<T>(
    to: &SyncSender<Part>,
    head: Part,
    items: impl Iterator<Item = Result<T, QueryEvaluationError>>,
    part: impl Fn(Vec<T>) -> Part,
) {
    if to.send(head).is_err() {
        return;
    }
    let mut batch = Vec::with_capacity(BATCH);
    for item in items {
        match item {
            Ok(item) => batch.push(item),
            Err(e) => return drop(to.send(part(batch)).and_then(|()| to.send(Part::Failed(in_words(e))))),
        }
        if batch.len() == BATCH && to.send(part(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))).is_err() {
            return;
        }
    }
    drop(to.send(part(batch)).and_then(|()| to.send(Part::End)));
}

/// The side that waits.
struct Waiting {
    from: Receiver<Part>,
    token: CancellationToken,
    outside: Option<CancellationToken>,
    time: Duration,
    until: Instant,
    over: bool,
}

impl Waiting {
    fn part(&mut self) -> Result<Part, Error> {
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            match self.from.recv_timeout(left.min(GLANCE)) {
                Ok(part) => return Ok(part),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Err(Error::Timeout(self.time)),
                Err(RecvTimeoutError::Timeout) if self.outside.as_ref().is_some_and(CancellationToken::is_cancelled) => {
                    return Err(Error::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Error::Cancelled),
            }
        }
    }

    /// The items of the parts that follow, up to the end or the first error.
    fn items<T>(mut self, open: impl Fn(Part) -> Vec<T>) -> impl Iterator<Item = Result<T, Error>> {
        let mut batch = Vec::new().into_iter();
        std::iter::from_fn(move || {
            loop {
                if let Some(item) = batch.next() {
                    return Some(Ok(item));
                }
                if self.over {
                    return None;
                }
                match self.part() {
                    Ok(Part::End) => self.over = true,
                    Ok(Part::Failed(e)) | Err(e) => {
                        self.over = true;
                        return Some(Err(e));
                    }
                    Ok(part) => batch = open(part).into_iter(),
                }
            }
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.token.cancel();
    }
}
