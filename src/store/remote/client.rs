//! HTTP with an endpoint: authentication, time limits, and patience with one that is busy.

use crate::store::Error;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::io::{self, Read};
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Body};

/// How often a request is sent before it is given up.
const TIMES: u32 = 5;
/// The wait before the first repetition; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait that an endpoint may ask for by `Retry-After`.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long an endpoint may take to begin its answer to a change.
const PATIENCE: Duration = Duration::from_secs(1800);
/// How much of an endpoint's error text is shown, in characters.
const SHOWN: usize = 300;

/// How to name oneself to an endpoint.
#[derive(Clone, Default)]
pub enum Access {
    /// Not at all.
    #[default]
    Open,
    /// By name and password (HTTP Basic, RFC 7617).
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
    /// By a token (HTTP Bearer, RFC 6750).
    Bearer(String),
}

impl Access {
    fn header(&self) -> Option<String> {
        match self {
            Self::Open => None,
            Self::Basic { user, password } => Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))),
            Self::Bearer(token) => Some(format!("Bearer {token}")),
        }
    }
}

/// A request.
pub(super) struct Request<'a> {
    pub(super) method: &'static str,
    pub(super) url: &'a str,
    pub(super) accept: &'a str,
    /// The body with its media type.
    pub(super) body: Option<(&'a str, &'a [u8])>,
    /// How long the whole answer may take.
    pub(super) time: Option<Duration>,
    /// Whether it does no harm when it comes twice.
    pub(super) repeatable: bool,
}

/// An agent that knows how to name itself.
pub(super) struct Client {
    agent: Agent,
    access: Option<String>,
}

impl Client {
    pub(super) fn new(access: &Access) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(PATIENCE))
            .user_agent(concat!("evigraph/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into(), access: access.header() }
    }

    /// Sends a request, again where the endpoint is busy or the connection fails; gives an answer of success or the error in plain words.
    pub(super) fn send(&self, request: &Request<'_>) -> Result<Response<Body>, Error> {
        let mut wait = FIRST_WAIT;
        for times in 1.. {
            let asked = match self.once(request) {
                Ok(answer) if answer.status().is_success() => return Ok(answer),
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    if !matches!(status, 429 | 503) {
                        return Err(refusal(request.url, answer));
                    }
                    if times == TIMES {
                        return Err(Error::Busy { url: request.url.to_owned(), status, times });
                    }
                    let asked = answer.headers().get("retry-after").and_then(|v| v.to_str().ok()?.trim().parse().ok());
                    asked.map(Duration::from_secs)
                }
                Err(error) if times < TIMES && comes_again(&error, request.repeatable) => None,
                Err(error) => return Err(failure(request.url, error, request.time)),
            };
            std::thread::sleep(asked.unwrap_or(wait).min(LONGEST_WAIT));
            wait *= 2;
        }
        unreachable!("the last time returns")
    }

    fn once(&self, request: &Request<'_>) -> Result<Response<Body>, ureq::Error> {
        let mut builder = ureq::http::Request::builder().method(request.method).uri(request.url).header("accept", request.accept);
        if let Some(access) = &self.access {
            builder = builder.header("authorization", access);
        }
        let Some((media_type, body)) = request.body else {
            let sent = self.agent.configure_request(builder.body(())?).timeout_global(request.time).build();
            return self.agent.run(sent);
        };
        let sent = builder.header("content-type", media_type).body(body)?;
        self.agent.run(self.agent.configure_request(sent).timeout_global(request.time).build())
    }
}

/// Whether a failed request may succeed when it is sent again, and may be.
fn comes_again(error: &ureq::Error, repeatable: bool) -> bool {
    match error {
        ureq::Error::ConnectionFailed => true,
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::ConnectionRefused => true,
        ureq::Error::Io(_) | ureq::Error::Protocol(_) => repeatable,
        _ => false,
    }
}

/// A request that failed on its way.
fn failure(url: &str, error: ureq::Error, time: Option<Duration>) -> Error {
    match (error, time) {
        (ureq::Error::Timeout(_), Some(time)) => Error::Timeout(time),
        (error, _) => Error::Unreachable { url: url.to_owned(), source: Box::new(error) },
    }
}

/// An answer that is no success, in plain words.
fn refusal(url: &str, mut answer: Response<Body>) -> Error {
    let status = answer.status().as_u16();
    let mut text = Vec::new();
    // What can be read of it is enough.
    let _ = answer.body_mut().as_reader().take(8 * SHOWN as u64).read_to_end(&mut text);
    let text = String::from_utf8_lossy(&text);
    let said = text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let is_page = said.trim_start().starts_with('<');
    let said: String = said.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    let message = match status {
        404 | 405 => ": is this the address of its SPARQL endpoint (--store, --update-url, --graph-url)?".to_owned(),
        _ if said.is_empty() || is_page => String::new(),
        _ => format!(": {said}"),
    };
    let url = url.to_owned();
    match status {
        401 | 403 => Error::Access { url, status, message },
        _ => Error::Endpoint { url, status, message },
    }
}

/// The error of a body that broke off.
pub(super) fn broken(url: &str, error: &(dyn std::error::Error + 'static), time: Option<Duration>) -> Error {
    let mut cause = Some(error);
    while let Some(one) = cause {
        let inner = one.downcast_ref::<io::Error>().and_then(|e| e.get_ref()).and_then(|e| e.downcast_ref::<ureq::Error>());
        if let (Some(ureq::Error::Timeout(_)), Some(time)) = (inner.or(one.downcast_ref()), time) {
            return Error::Timeout(time);
        }
        cause = one.source();
    }
    Error::Answer { url: url.to_owned(), reason: error.to_string() }
}
