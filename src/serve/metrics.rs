//! Counters in the text form of Prometheus.

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// What is counted of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

/// The counters of a server.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Histogram,
    /// Queries that run now.
    pub(super) running: Gauge,
    /// Requests that wait for their turn.
    pub(super) waiting: Gauge,
    /// Open connections.
    pub(super) connections: Gauge,
    /// Requests refused because as much ran as may.
    pub(super) refused: Counter,
    /// Queries stopped at their time limit.
    pub(super) timeouts: Counter,
    /// Transactions that were committed.
    pub(super) writes: Counter,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("evigraph");
        let requests = Family::<Request, Counter>::default();
        let seconds = Histogram::new([0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0]);
        let metrics = Self {
            requests: requests.clone(),
            seconds: seconds.clone(),
            running: Gauge::default(),
            waiting: Gauge::default(),
            connections: Gauge::default(),
            refused: Counter::default(),
            timeouts: Counter::default(),
            writes: Counter::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Requests by method, route and status", requests);
        registry.register_with_unit("request_duration", "Time until the answer began", Unit::Seconds, seconds);
        registry.register("queries_running", "Queries that run now", metrics.running.clone());
        registry.register("requests_waiting", "Requests that wait for their turn", metrics.waiting.clone());
        registry.register("connections", "Open connections", metrics.connections.clone());
        registry.register("requests_refused", "Requests refused because as much ran as may", metrics.refused.clone());
        registry.register("query_timeouts", "Queries stopped at their time limit", metrics.timeouts.clone());
        registry.register("writes", "Transactions that were committed", metrics.writes.clone());
        Self { registry, ..metrics }
    }

    /// Counts a request that was answered.
    pub(super) fn answered(&self, method: &axum::http::Method, route: Option<&str>, status: u16, seconds: f64) {
        let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"].into_iter().find(|m| *m == method.as_str());
        let labels = Request { method: known.unwrap_or("other"), route: route.unwrap_or("other").to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        self.seconds.observe(seconds);
    }

    /// All counters as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}
