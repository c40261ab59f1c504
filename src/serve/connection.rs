//! Connections: how many there may be, how slowly a request may come in, and how they end.

use super::{Error, Site};
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};

/// The largest head of a request, in bytes.
const HEAD_SIZE: usize = 128 << 10;

/// The most header lines of a request.
const HEADERS: usize = 100;

/// Waits until the server is told to stop.
async fn told(stop: &mut watch::Receiver<bool>) {
    // Without a sender nobody will ever say so.
    if stop.wait_for(|s| *s).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Accepts connections until it is told to stop, then lets what runs end, for `grace` at most.
pub(super) async fn accept(listener: TcpListener, router: Router, site: Arc<Site>, mut stop: watch::Receiver<bool>) -> Result<(), Error> {
    let places = Arc::new(Semaphore::new(site.options().connections));
    let all = u32::try_from(site.options().connections).unwrap_or(u32::MAX);
    loop {
        // A connection that has no place waits in the system's line.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = told(&mut stop) => break,
        };
        let Ok(place) = place else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files, or a client that left at once: neither may end the server.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = told(&mut stop) => break,
        };
        let _ = stream.set_nodelay(true);
        let (router, site, mut stop) = (router.clone(), Arc::clone(&site), stop.clone());
        tokio::spawn(async move {
            let _place = place;
            site.metrics.connections.inc();
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(site.options().head_time).max_buf_size(HEAD_SIZE).max_headers(HEADERS);
            let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = told(&mut stop) => {
                    connection.as_mut().graceful_shutdown();
                    connection.as_mut().await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke off");
            }
            site.metrics.connections.dec();
        });
    }
    drop(listener);
    tracing::info!(running = site.count(), "stopping: what runs may end");
    if timeout(site.options().grace, places.acquire_many(all)).await.is_err() {
        tracing::warn!(running = site.count(), "stopping what has not ended");
        site.stop_all();
        let until = Instant::now() + Duration::from_secs(5);
        while site.count() > 0 && Instant::now() < until {
            sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(())
}
