//! The server as clients see it: what it answers, what it refuses, and how it behaves when much is asked of it.

mod limits;
mod pages;
mod protocol;
mod safety;
mod writing;

use evigraph::serve::{Options, Server, Stopper, Token};
use evigraph::store::{GraphStore as _, Store};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

const TOKEN: &str = "a token for the tests";

/// A server that runs until it is dropped.
struct Running {
    address: SocketAddr,
    stop: Stopper,
    thread: Option<JoinHandle<Result<(), evigraph::serve::Error>>>,
}

impl Running {
    fn start(store: Store, change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options { address: "127.0.0.1:0".parse().expect("an address"), ..Options::default() };
        change(&mut options);
        let server = Server::bind(store, options).expect("a free port");
        let (address, stop) = (server.address(), server.stopper());
        Self { address, stop, thread: Some(std::thread::spawn(move || server.run())) }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The value of a counter.
    fn metric(&self, name: &str) -> u64 {
        let text = get(&self.url("/metrics"), &[]).text();
        let line = text.lines().find(|l| l.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
        line.and_then(|l| l.rsplit(' ').next()?.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
    }

    /// Waits until a counter has a value.
    fn wait_for(&self, name: &str, value: u64) {
        for _ in 0..1200 {
            if self.metric(name) == value {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{name} is {} after a minute, not {value}", self.metric(name));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(Ok(Err(e))) = self.thread.take().map(JoinHandle::join) {
            panic!("the server ended with {e}");
        }
    }
}

/// A store with two graphs about cells.
fn cells() -> Store {
    let store = Store::memory().expect("a store");
    store
        .update(
            "INSERT DATA { GRAPH <urn:one> { <urn:a> rdfs:label 'T cell' . <urn:a> rdfs:seeAlso <urn:b> } \
                           GRAPH <urn:two> { <urn:b> rdfs:label 'B cell' } <urn:c> rdfs:label 'neutrophil' }",
        )
        .expect("an update");
    store
}

/// A store in which there are many rows to be had.
fn many(rows: usize) -> Store {
    let store = Store::memory().expect("a store");
    let data: String = (0..rows).map(|i| format!("<urn:s{i}> <urn:p> {i} . ")).collect();
    store.update(&format!("INSERT DATA {{ GRAPH <urn:many> {{ {data} }} }}")).expect("an update");
    store
}

/// An answer.
struct Answer {
    status: u16,
    headers: ureq::http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

fn send(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Result<Answer, ureq::Error> {
    let agent = ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build());
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = match body {
        Some(body) => agent.run(request.body(body)?)?,
        None => agent.run(request.body(())?)?,
    };
    let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec()?;
    Ok(Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
}

fn get(url: &str, headers: &[(&str, &str)]) -> Answer {
    send("GET", url, headers, None).expect("an answer")
}

fn post(url: &str, media: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let all: Vec<_> = [("content-type", media)].into_iter().chain(headers.iter().copied()).collect();
    send("POST", url, &all, Some(body.as_bytes())).expect("an answer")
}

/// Asks a query and wants CSV.
fn ask(server: &Running, query: &str) -> Answer {
    post(&server.url("/sparql"), "application/sparql-query", &[("accept", "text/csv")], query)
}

fn writable(options: &mut Options) {
    options.write = true;
    options.token = Token::new(TOKEN);
}

fn bearer() -> (&'static str, &'static str) {
    ("authorization", "Bearer a token for the tests")
}

/// Sends bytes as they stand and reads until the server closes.
fn raw(server: &Running, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    // The server may close before it has read all.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Text as a value in an address.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
