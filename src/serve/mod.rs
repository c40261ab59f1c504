//! The server: SPARQL over HTTP, whole graphs, and the pages of the workbench.
//!
//! The server owns the store: while it runs, everybody reads and writes through it. `guard` decides what may ask, `site` holds what requests
//! share and whose turn it is, `answer` sends results as they come; `sparql`, `graphs`, `describe` and `pages` are what is served.
//!
//! ```
//! use evigraph::serve::{Options, Server};
//! use evigraph::store::Store;
//! let server = Server::bind(Store::memory()?, Options { address: "127.0.0.1:0".parse()?, ..Options::default() })?;
//! let (url, stop) = (format!("http://{}/health", server.address()), server.stopper());
//! let runs = std::thread::spawn(move || server.run());
//! assert_eq!(ureq::get(url).call()?.body_mut().read_to_string()?, "ok\n");
//! stop.stop();
//! runs.join().expect("the server does not panic")?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod accept;
mod access;
mod answer;
mod connection;
mod describe;
mod graphs;
mod guard;
mod held;
mod metrics;
mod pages;
mod problem;
mod request;
mod site;
mod sparql;
mod uploads;

pub use access::{MayWrite, Token, Writer};
pub use problem::Problem;
pub use site::Site;

use crate::store::{GraphStore as _, Store};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Where SPARQL is spoken.
const SPARQL: &str = "/sparql";

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub address: SocketAddr,
    /// Whether the store may be written, by who has the token.
    pub write: bool,
    /// The token.
    pub token: Option<Token>,
    /// The standard default graph in place of the union of all graphs, and no refusal of costly paths.
    pub strict: bool,
    /// How long a query may take.
    pub timeout: Option<Duration>,
    /// How many rows or triples an answer may have.
    pub max_rows: Option<usize>,
    /// How large a query may be, in bytes.
    pub max_query: usize,
    /// How large an update or a graph may be, in bytes.
    pub max_body: usize,
    /// How many queries run at once.
    pub queries: usize,
    /// How many requests wait for their turn.
    pub waiting: usize,
    /// How many connections are open at once.
    pub connections: usize,
    /// Names under which the server is reached, beside `localhost` and addresses in digits.
    pub hosts: Vec<String>,
    /// Origins whose pages may ask, as `https://example.org`; `*` for all.
    pub origins: Vec<String>,
    /// Hosts that SERVICE and LOAD may reach, as `host` or `host:port`.
    pub services: Vec<String>,
    /// The compiled lexicon with which uploaded articles are read; the shipped one without.
    pub lexicon: Option<std::path::PathBuf>,
    /// How long a client may take to send the head of a request, and a connection may idle.
    pub head_time: Duration,
    /// How long a shutdown lets requests go on.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 7878)),
            write: false,
            token: None,
            strict: false,
            timeout: Some(Duration::from_secs(60)),
            max_rows: Some(10_000_000),
            max_query: 1 << 20,
            max_body: 256 << 20,
            queries: (4 * cores).max(8),
            waiting: 1000,
            connections: 2000,
            hosts: Vec::new(),
            origins: Vec::new(),
            services: Vec::new(),
            lexicon: None,
            head_time: Duration::from_secs(15),
            grace: Duration::from_secs(30),
        }
    }
}

/// Why a server does not start or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot listen there.
    #[error("cannot listen on {address}: {source}; --bind names another address")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The system gives no threads or timers.
    #[error("the server cannot run: {0}")]
    Runtime(#[from] std::io::Error),
    /// The store cannot be brought to disk.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    site: Arc<Site>,
    stop: (watch::Sender<bool>, watch::Receiver<bool>),
}

/// Stops a server.
#[derive(Debug, Clone)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Tells the server to take no more requests, end those that run, and return.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Begins to listen; requests wait until [`Server::run`].
    ///
    /// # Errors
    /// Where the address is taken or not this machine's.
    pub fn bind(store: Store, options: Options) -> Result<Self, Error> {
        let told = |source| Error::Bind { address: options.address, source };
        let listener = TcpListener::bind(options.address).map_err(told)?;
        listener.set_nonblocking(true).map_err(told)?;
        let address = listener.local_addr().map_err(told)?;
        let site = Arc::new(Site::new(Arc::new(store), options));
        Ok(Self { listener, address, site, stop: watch::channel(false) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stops it, from any thread.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.stop.0.clone())
    }

    /// Serves until it is stopped; requests that run then are finished, and the store is brought to disk.
    ///
    /// # Errors
    /// Where the system gives no threads, or the store cannot be written.
    pub fn run(self) -> Result<(), Error> {
        let threads = self.site.options().queries + 16;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(threads).enable_all().build()?;
        let site = Arc::clone(&self.site);
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            tokio::spawn(keep(Arc::clone(&self.site)));
            connection::accept(listener, router(&self.site), self.site, self.stop.1).await
        })?;
        // Work that does not heed its token is left behind rather than waited for.
        runtime.shutdown_timeout(Duration::from_secs(1));
        Ok(site.store().flush()?)
    }
}

/// Brings what was written to disk now and then. The engine on disk keeps every commit by itself; a store in one file is written whole.
async fn keep(site: Arc<Site>) {
    let mut kept = 0;
    loop {
        tokio::time::sleep(Duration::from_secs(10)).await;
        let written = site.metrics.writes.get();
        let store = Arc::clone(site.store());
        if written != kept {
            match tokio::task::spawn_blocking(move || store.flush()).await {
                Ok(Ok(())) => kept = written,
                Ok(Err(error)) => tracing::error!(%error, "the store cannot be brought to disk"),
                Err(_) => {}
            }
        }
    }
}

/// All that is served.
fn router(site: &Arc<Site>) -> Router {
    let missing = || async { Problem::missing("there is nothing at this address") };
    Router::new()
        .route(SPARQL, any(sparql::endpoint))
        .route("/sparql/", any(sparql::endpoint))
        .route(graphs::PATH, any(graphs::endpoint))
        .route("/graphs/{*path}", any(graphs::endpoint))
        .route("/.well-known/void", get(describe::void))
        .route("/health", get(describe::health))
        .route("/metrics", get(describe::metrics))
        .merge(pages::routes(site))
        .fallback(missing)
        .method_not_allowed_fallback(|| async { Problem::method("GET, HEAD") })
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
        // A handler sets its own limit on what it reads.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(Problem::internal("the request could not be answered"))
        }))
        .layer(from_fn_with_state(Arc::clone(site), guard::watch))
        .with_state(Arc::clone(site))
}
