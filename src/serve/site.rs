//! What all requests share: the store, the limits, and the turn that each waits for.

use super::held::Held;
use super::metrics::Metrics;
use super::uploads::Uploads;
use super::{Options, Problem};
use crate::store::{CancellationToken, QueryOptions, Services, Store};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all requests share.
pub struct Site {
    store: Arc<Store>,
    options: Options,
    services: Arc<Services>,
    reading: Arc<Semaphore>,
    writing: Arc<Semaphore>,
    pub(super) metrics: Metrics,
    /// Queries that run, so that a shutdown can stop them.
    running: Mutex<Running>,
    /// What pages need again and again.
    pub(super) held: Held,
    /// Articles that are being read.
    pub(super) uploads: Uploads,
    /// Counts writes of any kind, and decisions of curators.
    versions: [AtomicU64; 2],
}

#[derive(Default)]
struct Running {
    next: u64,
    tokens: BTreeMap<u64, CancellationToken>,
}

/// A turn: while it is held, the work counts as running; the engine is told to stop when `stop` goes.
pub(super) struct Turn {
    site: Arc<Site>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.site.metrics.running.dec();
        self.site.running.lock().unwrap_or_else(PoisonError::into_inner).tokens.remove(&self.number);
    }
}

/// Stops a query when the one who waits for it leaves.
pub(super) struct StopOnDrop(pub(super) CancellationToken);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Counts up while it lives.
struct Counted<'a>(&'a prometheus_client::metrics::gauge::Gauge);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Site {
    pub(super) fn new(store: Arc<Store>, options: Options) -> Self {
        let services = Services::new(options.services.iter().cloned(), options.timeout.unwrap_or(Duration::from_secs(60)));
        Self {
            store,
            services: Arc::new(services),
            reading: Arc::new(Semaphore::new(options.queries)),
            writing: Arc::new(Semaphore::new(1)),
            metrics: Metrics::new(),
            running: Mutex::default(),
            held: Held::default(),
            uploads: Uploads::default(),
            versions: Default::default(),
            options,
        }
    }

    /// The store.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// How the server was started.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Hosts that queries and updates may reach.
    pub(super) fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// Runs `work`, which reads the store, on a thread of its own, in its turn and within the time limit; it is stopped when the client leaves.
    ///
    /// The options that it is given carry the limits: hand them to every query.
    ///
    /// # Errors
    /// Where too much runs already, the time is up, or the work fails.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store, &QueryOptions) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (turn, stop) = self.turn(&self.reading).await?;
        let options = QueryOptions { cancel: Some(stop.0.clone()), strict: self.options.strict, ..QueryOptions::default() };
        let store = Arc::clone(&self.store);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&store, &options)
        });
        match self.in_time(self.deadline(None), done).await? {
            Ok(done) => done,
            Err(_) => Err(Problem::internal("the work broke off")),
        }
    }

    /// Runs `work`, which writes the store, on a thread of its own, one writer at a time. The token tells it when to give up.
    ///
    /// # Errors
    /// Where too many wait, or the work fails.
    pub async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store, &CancellationToken) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.change(work).await;
        self.versions[0].fetch_add(1, Ordering::AcqRel);
        done
    }

    /// The same for work that adds decisions of curators and nothing else: what is held of the articles stays valid.
    ///
    /// # Errors
    /// As [`Site::write`].
    pub async fn decide<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store, &CancellationToken) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.change(work).await;
        self.versions[1].fetch_add(1, Ordering::AcqRel);
        done
    }

    /// Changes whenever something but a decision is written.
    pub(super) fn graph_version(&self) -> u64 {
        self.versions[0].load(Ordering::Acquire)
    }

    /// Changes whenever anything is written.
    pub(super) fn decision_version(&self) -> u64 {
        self.graph_version() + self.versions[1].load(Ordering::Acquire)
    }

    async fn change<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store, &CancellationToken) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (turn, stop) = self.turn(&self.writing).await?;
        let (store, token) = (Arc::clone(&self.store), stop.0.clone());
        let mut done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&store, &token)
        });
        // A write that is past its time is told to stop, but its end is waited for: who is told of a failure can trust that nothing was written.
        let done = match self.deadline(None) {
            Some(until) => match tokio::time::timeout_at(until, &mut done).await {
                Ok(done) => done,
                Err(_) => {
                    stop.0.cancel();
                    done.await
                }
            },
            None => done.await,
        };
        match done {
            Ok(Ok(done)) => {
                self.metrics.writes.inc();
                Ok(done)
            }
            Ok(Err(problem)) => Err(problem),
            Err(_) => Err(Problem::internal("the work broke off")),
        }
    }

    /// A turn among the queries, with what stops it.
    pub(super) async fn query_turn(self: &Arc<Self>) -> Result<(Turn, StopOnDrop), Problem> {
        self.turn(&self.reading).await
    }

    async fn turn(self: &Arc<Self>, line: &Arc<Semaphore>) -> Result<(Turn, StopOnDrop), Problem> {
        let busy = |what: &str| {
            self.metrics.refused.inc();
            Problem::busy(what)
        };
        let permit = match Arc::clone(line).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                if self.metrics.waiting.inc() >= i64::try_from(self.options.waiting).unwrap_or(i64::MAX) {
                    self.metrics.waiting.dec();
                    return Err(busy("too many requests wait"));
                }
                let _waits = Counted(&self.metrics.waiting);
                match tokio::time::timeout(PATIENCE, Arc::clone(line).acquire_owned()).await {
                    Ok(Ok(permit)) => permit,
                    _ => return Err(busy("the requests before this one took too long")),
                }
            }
        };
        let token = CancellationToken::new();
        let number = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.next += 1;
            let number = running.next;
            running.tokens.insert(number, token.clone());
            number
        };
        self.metrics.running.inc();
        Ok((Turn { site: Arc::clone(self), number, _permit: permit }, StopOnDrop(token)))
    }

    /// When a query that begins now must end; a client may ask for less time than the limit.
    pub(super) fn deadline(&self, asked: Option<Duration>) -> Option<Instant> {
        self.time(asked).map(|time| Instant::now() + time)
    }

    /// The time that a query has.
    pub(super) fn time(&self, asked: Option<Duration>) -> Option<Duration> {
        match (asked, self.options.timeout) {
            (Some(asked), Some(most)) => Some(asked.min(most)),
            (asked, most) => asked.or(most),
        }
    }

    async fn in_time<T>(&self, until: Option<Instant>, work: impl Future<Output = T>) -> Result<T, Problem> {
        let Some(until) = until else { return Ok(work.await) };
        tokio::time::timeout_at(until, work).await.map_err(|_| {
            self.metrics.timeouts.inc();
            Problem::timeout(self.options.timeout.unwrap_or_default())
        })
    }

    /// Tells everything that runs to stop.
    pub(super) fn stop_all(&self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).tokens.values().for_each(CancellationToken::cancel);
    }

    /// How much runs now.
    pub(super) fn count(&self) -> usize {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).tokens.len()
    }
}
