//! Answers on their way: written on a thread of their own, sent in parts as they come, the status held back until the first part is full.
//!
//! An error before the first 32 KB therefore arrives as an error. A later one breaks the connection off, which no client takes for an end.

use super::Problem;
use super::site::{Site, StopOnDrop, Turn};
use crate::store::{CancellationToken, Store};
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, Sleep};
use tokio_stream::{Stream, StreamExt as _};

/// Bytes of a part.
const PART: usize = 32 << 10;

/// Parts that may wait for a client that reads slowly.
const AHEAD: usize = 4;

/// How long a client may take for a part where the query has no time limit.
const SLOWEST: Duration = Duration::from_secs(60);

enum Part {
    Bytes(Vec<u8>),
    Failed(Problem),
    End,
}

/// Where the work writes to: it waits when the client is slow, and fails when the client is gone or the time is up.
pub(super) struct Out {
    to: Sender<Part>,
    buffer: Vec<u8>,
    until: Option<Instant>,
    handle: Handle,
}

impl Out {
    fn send(&mut self, part: Part) -> io::Result<()> {
        let until = self.until.unwrap_or_else(|| Instant::now() + SLOWEST);
        let gone = |what: &str| io::Error::new(io::ErrorKind::BrokenPipe, what.to_owned());
        match self.handle.block_on(tokio::time::timeout_at(until, self.to.send(part))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(gone("the client has left")),
            Err(_) => Err(gone("the client reads too slowly")),
        }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let part = std::mem::replace(&mut self.buffer, Vec::with_capacity(PART));
        self.send(Part::Bytes(part))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PART {
            self.pass_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Parts as they arrive; the end of the time ends them with an error, and leaving stops the work.
struct Parts {
    from: Receiver<Part>,
    alarm: Option<Pin<Box<Sleep>>>,
    late: Problem,
    over: bool,
    timeouts: prometheus_client::metrics::counter::Counter,
    _stop: StopOnDrop,
}

impl Stream for Parts {
    type Item = Result<Bytes, Problem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.over {
            return Poll::Ready(None);
        }
        let part = match this.from.poll_recv(context) {
            Poll::Ready(Some(part)) => part,
            // Without an end the work broke off.
            Poll::Ready(None) => Part::Failed(Problem::internal("the work broke off")),
            Poll::Pending => match this.alarm.as_mut().map(|a| a.as_mut().poll(context)) {
                Some(Poll::Ready(())) => {
                    this.timeouts.inc();
                    Part::Failed(this.late.clone())
                }
                _ => return Poll::Pending,
            },
        };
        match part {
            Part::Bytes(bytes) => Poll::Ready(Some(Ok(bytes.into()))),
            Part::Failed(problem) => {
                this.over = true;
                Poll::Ready(Some(Err(problem)))
            }
            Part::End => {
                this.over = true;
                Poll::Ready(None)
            }
        }
    }
}

/// A part that failed, as the connection is told it, which then breaks off.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// Runs `work`, which writes an answer of the media type that it tells first, and answers with it.
///
/// `work` gets the store, a token to hand to the engine, and `tell`, which takes the media type before anything is written.
///
/// # Errors
/// Where too much runs, the time is up, or the work fails, before the first part is full.
pub(super) async fn stream(
    site: &Arc<Site>,
    asked: Option<Duration>,
    work: impl FnOnce(&Store, CancellationToken, &mut dyn FnMut(&'static str), &mut Out) -> Result<(), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let (turn, stop) = site.query_turn().await?;
    let until = site.deadline(asked);
    let (to, from) = channel(AHEAD);
    let (tell, told) = tokio::sync::oneshot::channel();
    let out = Out { to, buffer: Vec::with_capacity(PART), until, handle: Handle::current() };
    let (store, token) = (Arc::clone(site.store()), stop.0.clone());
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(|| run(turn, &store, token, tell, out, work)));
    let mut parts = Parts {
        from,
        alarm: until.map(|u| Box::pin(tokio::time::sleep_until(u))),
        late: Problem::timeout(site.time(asked).unwrap_or_default()),
        over: false,
        timeouts: site.metrics.timeouts.clone(),
        _stop: stop,
    };
    let first = parts.next().await.transpose()?;
    let media = HeaderValue::from_static(told.await.unwrap_or("text/plain; charset=utf-8"));
    let Some(first) = first else {
        return Ok((StatusCode::OK, [(CONTENT_TYPE, media)], Bytes::new()).into_response());
    };
    if first.len() < PART {
        // All there is: sent whole, with its length, unless the end is an error.
        return match parts.next().await.transpose()? {
            None => Ok((StatusCode::OK, [(CONTENT_TYPE, media)], first).into_response()),
            Some(second) => Ok(flow(media, [first, second], parts)),
        };
    }
    Ok(flow(media, [first, Bytes::new()], parts))
}

fn flow(media: HeaderValue, first: [Bytes; 2], rest: Parts) -> Response {
    let first = tokio_stream::iter(first.into_iter().filter(|b| !b.is_empty()).map(Ok));
    (StatusCode::OK, [(CONTENT_TYPE, media)], Body::from_stream(first.chain(rest))).into_response()
}

/// Runs the work and sends its last part, its end or its error.
fn run(
    turn: Turn,
    store: &Store,
    token: CancellationToken,
    tell: tokio::sync::oneshot::Sender<&'static str>,
    mut out: Out,
    work: impl FnOnce(&Store, CancellationToken, &mut dyn FnMut(&'static str), &mut Out) -> Result<(), Problem>,
) {
    let began = Instant::now();
    let mut tell = Some(tell);
    let mut told = |media| {
        if let Some(tell) = tell.take() {
            // Nobody listens where the client has left.
            let _ = tell.send(media);
        }
    };
    let done = work(store, token.clone(), &mut told, &mut out);
    let how = match &done {
        Ok(()) => "done".to_owned(),
        Err(problem) => problem.message.clone(),
    };
    let sent = match done {
        Ok(()) => out.pass_on().and_then(|()| out.send(Part::End)),
        Err(problem) => out.send(Part::Failed(problem)),
    };
    // The turn ends with the work, not with the answer: what still runs counts as running.
    drop(turn);
    let left = if sent.is_err() || token.is_cancelled() { " (nobody waited any more)" } else { "" };
    tracing::info!(ms = began.elapsed().as_millis() as u64, "query: {how}{left}");
}
