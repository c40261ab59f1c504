//! A small SPARQL 1.1 endpoint on a port of its own, with faults on demand.
#![allow(clippy::unwrap_used)]

use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{GraphName, NamedNode};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with the next request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is answered with this status and header line.
    Status(u16, &'static str),
    /// The connection is closed before it is read, and nothing is done.
    Drop,
    /// It is done, and the connection closed in place of an answer.
    DropAfter,
    /// It is answered late.
    Late(Duration),
    /// The body of the answer breaks off.
    Cut,
}

/// How the endpoint behaves.
#[derive(Default)]
pub struct Manner {
    /// The `Authorization` that it wants.
    pub access: Option<&'static str>,
    /// Whether queries see all named graphs without being told so.
    pub union: bool,
    /// Whether it can be told to show them.
    pub can_union: bool,
    /// Its `Server` header.
    pub server: &'static str,
    /// The address for updates in its service description.
    pub described: Option<&'static str>,
}

pub struct Endpoint {
    pub url: String,
    pub store: Store,
    pub faults: Arc<Mutex<VecDeque<Fault>>>,
    /// Requests as "METHOD path", in the order they came.
    pub log: Arc<Mutex<Vec<String>>>,
    ended: Arc<AtomicBool>,
}

impl Endpoint {
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let store = Store::new().unwrap();
        let (faults, log, ended) = (Arc::default(), Arc::default(), Arc::new(AtomicBool::new(false)));
        let endpoint = Self { url, store: store.clone(), faults: Arc::clone(&faults), log: Arc::clone(&log), ended: Arc::clone(&ended) };
        let manner = Arc::new(manner);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Acquire) {
                    return;
                }
                let (store, faults, log, manner) = (store.clone(), Arc::clone(&faults), Arc::clone(&log), Arc::clone(&manner));
                std::thread::spawn(move || serve(&stream.unwrap(), &store, &faults, &log, &manner));
            }
        });
        endpoint
    }

    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().unwrap().extend(faults);
    }

    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

/// Answers one request, then closes.
fn serve(stream: &TcpStream, store: &Store, faults: &Mutex<VecDeque<Fault>>, log: &Mutex<Vec<String>>, manner: &Manner) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    if reader.read_line(&mut first).unwrap_or(0) == 0 {
        return;
    }
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let words: Vec<&str> = first.split(' ').collect();
    let (method, target) = (words[0], words[1]);
    log.lock().unwrap().push(format!("{method} {target}"));
    let fault = faults.lock().unwrap().pop_front();
    if let Some(Fault::Drop) = fault {
        return;
    }
    let mut body = vec![0; headers.get("content-length").map_or(0, |l| l.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let (status, media_type, answer) = match &fault {
        Some(Fault::Status(status, _)) => (*status, "text/plain", b"not now".to_vec()),
        _ if manner.access.is_some_and(|a| headers.get("authorization").map(String::as_str) != Some(a)) => {
            (401, "text/plain", b"who are you".to_vec())
        }
        _ => answer(method, target, &headers, &body, store, manner),
    };
    let extra = if let Some(Fault::Status(_, header)) = fault { header } else { "" };
    match fault {
        Some(Fault::DropAfter) => return,
        Some(Fault::Late(time)) => std::thread::sleep(time),
        _ => {}
    }
    let server = if manner.server.is_empty() { String::new() } else { format!("Server: {}\r\n", manner.server) };
    let extra = if extra.is_empty() { String::new() } else { format!("{extra}\r\n") };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n{server}{extra}Connection: close\r\n\r\n",
        answer.len()
    );
    let mut stream = stream;
    let _ = stream.write_all(head.as_bytes());
    let sent = if matches!(fault, Some(Fault::Cut)) { &answer[..answer.len() / 2] } else { &answer };
    let _ = stream.write_all(sent);
}

type Reply = (u16, &'static str, Vec<u8>);

fn answer(method: &str, target: &str, headers: &HashMap<String, String>, body: &[u8], store: &Store, manner: &Manner) -> Reply {
    let (path, parameters) = target.split_once('?').unwrap_or((target, ""));
    let bad = |e: String| (400, "text/plain", e.into_bytes());
    let text = || String::from_utf8(body.to_vec()).unwrap();
    match (method, path) {
        ("GET", "/query") => match manner.described {
            None => (404, "text/plain", Vec::new()),
            Some(update) => (
                200,
                "text/turtle",
                format!(
                    "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n\
                     [] a sd:Service ; sd:endpoint <query> ; sd:supportedLanguage sd:SPARQL11Query .\n\
                     [] a sd:Service ; sd:endpoint <{update}> ; sd:supportedLanguage sd:SPARQL11Update ."
                )
                .into_bytes(),
            ),
        },
        ("POST", "/query") => {
            let fields: HashMap<String, String> =
                text().split('&').filter_map(|f| f.split_once('=')).map(|(n, v)| (plain(n), plain(v))).collect();
            let union = manner.union || manner.can_union && fields.contains_key("union-default-graph");
            select(&fields["query"], union, headers, store).unwrap_or_else(bad)
        }
        ("POST", "/update" | "/elsewhere/update") => {
            let parsed = SparqlEvaluator::new().parse_update(&text()).map_err(|e| e.to_string());
            match parsed.and_then(|u| u.on_store(store).execute().map_err(|e| e.to_string())) {
                Ok(()) => (204, "text/plain", Vec::new()),
                Err(e) => bad(e),
            }
        }
        ("PUT" | "POST", "/query-graph-crud") => {
            let graph = GraphName::from(NamedNode::new(plain(parameters.trim_start_matches("graph="))).unwrap());
            let parser = RdfParser::from_format(RdfFormat::Turtle).with_default_graph(graph.clone());
            if method == "PUT" {
                store.clear_graph(&graph).unwrap();
            }
            match store.load_from_reader(parser, body) {
                Ok(()) => (204, "text/plain", Vec::new()),
                Err(e) => bad(e.to_string()),
            }
        }
        _ => (404, "text/plain", b"no such place".to_vec()),
    }
}

fn select(sparql: &str, union: bool, headers: &HashMap<String, String>, store: &Store) -> Result<Reply, String> {
    let mut query = SparqlEvaluator::new().parse_query(sparql).map_err(|e| e.to_string())?;
    if union {
        query.dataset_mut().set_default_graph_as_union();
    }
    let xml = headers["accept"].starts_with("application/sparql-results+xml");
    let (format, media_type) = if xml {
        (QueryResultsFormat::Xml, "application/sparql-results+xml")
    } else {
        (QueryResultsFormat::Json, "application/sparql-results+json; charset=utf-8")
    };
    let results = QueryResultsSerializer::from_format(format);
    Ok(match query.on_store(store).execute().map_err(|e| e.to_string())? {
        QueryResults::Boolean(b) => (200, media_type, results.serialize_boolean_to_writer(Vec::new(), b).unwrap()),
        QueryResults::Solutions(rows) => {
            let mut writer = results.serialize_solutions_to_writer(Vec::new(), rows.variables().to_vec()).unwrap();
            for row in rows {
                writer.serialize(&row.map_err(|e| e.to_string())?).unwrap();
            }
            (200, media_type, writer.finish().unwrap())
        }
        QueryResults::Graph(triples) => {
            let mut writer = RdfSerializer::from_format(RdfFormat::NTriples).for_writer(Vec::new());
            for triple in triples {
                writer.serialize_triple(&triple.map_err(|e| e.to_string())?).unwrap();
            }
            (200, "application/n-triples", writer.finish().unwrap())
        }
    })
}

fn plain(coded: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = coded.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            b'+' => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}
