//! Who runs the tests: the server over HTTP, or the engine alone.

use super::manifest::{Files, Kind, Test, address, graph};
use super::results::{Results, csv, expected, isomorphic, parse, row, same};
use evigraph::serve::{Options, Server, Token};
use evigraph::store::Store;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, Quad, Triple};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use std::path::Path;

pub const TOKEN: &str = "a token for the suites";

/// Runs queries and updates over given data.
pub trait Engine {
    /// The answer to a query; in CSV where that is what is tested.
    fn query(&self, data: &[Quad], query: &str, base: &str, form: Option<QueryResultsFormat>) -> Result<Results, String>;
    /// What the data are after an update.
    fn update(&self, data: &[Quad], update: &str, base: &str) -> Result<Vec<Quad>, String>;
    /// Whether a query or update is SPARQL.
    fn parses(&self, text: &str, base: &str, update: bool) -> Result<(), String>;
}

/// The statements of a dataset's files.
pub fn quads(files: &Files) -> Vec<Quad> {
    let own = |file: &Path, name: GraphName| graph(file).iter().map(|t| t.into_owned().in_graph(name.clone())).collect::<Vec<_>>();
    let default = files.default.iter().flat_map(|f| own(f, GraphName::DefaultGraph));
    default.chain(files.named.iter().flat_map(|(name, f)| own(f, name.clone().into()))).collect()
}

/// The data of a test: the files it names, and those that its query names by FROM.
fn data(test: &Test, query: &str, base: &str) -> Vec<Quad> {
    let mut all = quads(&test.data);
    let parsed = spargebra::SparqlParser::new().with_base_iri(base).expect("an IRI").parse_query(query);
    let Ok(
        spargebra::Query::Select { dataset: Some(set), .. }
        | spargebra::Query::Ask { dataset: Some(set), .. }
        | spargebra::Query::Construct { dataset: Some(set), .. },
    ) = parsed
    else {
        return all;
    };
    let mut names: Vec<_> = set.default.into_iter().chain(set.named.into_iter().flatten()).collect();
    names.sort();
    names.dedup();
    for name in names.into_iter().filter(|n| !test.data.named.iter().any(|g| g.0 == *n)) {
        let folder = test.asked.parent().expect("a folder");
        let file = folder.join(name.as_str().rsplit('/').next().expect("a name"));
        all.extend(graph(&file).iter().map(|t| t.into_owned().in_graph(name.clone())));
    }
    all
}

/// Runs one test.
pub fn check(engine: &dyn Engine, test: &Test) -> Result<(), String> {
    let text = std::fs::read(&test.asked).map_err(|e| format!("{}: {e}", test.asked.display()))?;
    let text = String::from_utf8(text).map_err(|e| e.to_string())?;
    let base = address(&test.asked);
    match test.kind {
        Kind::Evaluation | Kind::Csv => {
            let file = test.result.as_ref().ok_or("the test expects nothing")?;
            let form = match file.extension().and_then(|e| e.to_str()) {
                Some("csv") => Some(QueryResultsFormat::Csv),
                Some("tsv") => Some(QueryResultsFormat::Tsv),
                Some("srj") => Some(QueryResultsFormat::Json),
                _ => None,
            };
            let (wanted, found) = (expected(file), engine.query(&data(test, &text, &base), &text, &base, form)?);
            if same(&wanted, &found, test.lax) { Ok(()) } else { Err("the answer is another".to_owned()) }
        }
        Kind::Update => {
            let after = engine.update(&quads(&test.data), &text, &base)?;
            if isomorphic(after, quads(&test.after)) { Ok(()) } else { Err("the store holds something else afterwards".to_owned()) }
        }
        Kind::GoodQuery => engine.parses(&text, &base, false),
        Kind::GoodUpdate => engine.parses(&text, &base, true),
        Kind::BadQuery | Kind::BadUpdate => match engine.parses(&text, &base, test.kind == Kind::BadUpdate) {
            Ok(()) => Err("it is accepted, and should not be".to_owned()),
            Err(_) => Ok(()),
        },
        Kind::Other => Ok(()),
    }
}

/// The engine alone.
pub struct Direct;

impl Direct {
    fn store(data: &[Quad]) -> oxigraph::store::Store {
        let store = oxigraph::store::Store::new().expect("a store");
        store.extend(data.iter().cloned()).expect("a store in memory");
        store
    }
}

impl Engine for Direct {
    fn query(&self, data: &[Quad], query: &str, base: &str, form: Option<QueryResultsFormat>) -> Result<Results, String> {
        let store = Self::store(data);
        let prepared = SparqlEvaluator::new().with_base_iri(base).expect("an IRI").parse_query(query).map_err(|e| e.to_string())?;
        match prepared.on_store(&store).execute().map_err(|e| e.to_string())? {
            QueryResults::Boolean(b) => Ok(Results::Boolean(b)),
            QueryResults::Graph(triples) => Ok(Results::Graph(triples.collect::<Result<_, _>>().map_err(|e| e.to_string())?)),
            QueryResults::Solutions(rows) => {
                let variables = rows.variables().to_vec();
                let rows = rows.collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
                let Some(form) = form else {
                    return Ok(Results::Rows { rows: rows.iter().map(|r| row(&variables, r.values())).collect(), ordered: false });
                };
                let serializer = QueryResultsSerializer::from_format(form);
                let mut writer = serializer.serialize_solutions_to_writer(Vec::new(), variables).map_err(|e| e.to_string())?;
                rows.iter().try_for_each(|r| writer.serialize(r)).map_err(|e| e.to_string())?;
                let bytes = writer.finish().map_err(|e| e.to_string())?;
                if form == QueryResultsFormat::Csv { Ok(csv(&bytes)) } else { parse(form, &bytes) }
            }
        }
    }

    fn update(&self, data: &[Quad], update: &str, base: &str) -> Result<Vec<Quad>, String> {
        let store = Self::store(data);
        let prepared = SparqlEvaluator::new().with_base_iri(base).expect("an IRI").parse_update(update).map_err(|e| e.to_string())?;
        prepared.on_store(&store).execute().map_err(|e| e.to_string())?;
        store.iter().collect::<Result<_, _>>().map_err(|e| e.to_string())
    }

    fn parses(&self, text: &str, base: &str, update: bool) -> Result<(), String> {
        let parser = spargebra::SparqlParser::new().with_base_iri(base).expect("an IRI");
        if update { parser.parse_update(text).map(drop) } else { parser.parse_query(text).map(drop) }.map_err(|e| e.to_string())
    }
}

/// The server, in its strict mode.
pub struct Served {
    url: String,
}

/// A request to a server; gives status, media type and body.
pub fn send(request: ureq::http::request::Builder, body: &[u8]) -> (u16, String, Vec<u8>) {
    let agent = ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build());
    let request = request.header("authorization", format!("Bearer {TOKEN}"));
    let mut answer = agent.run(request.body(body).expect("a request")).expect("an answer");
    let media = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let bytes = answer.body_mut().with_config().limit(1 << 30).read_to_vec().expect("a whole body");
    (answer.status().as_u16(), media, bytes)
}

/// A server in its strict mode that lets itself be written, left running until the tests end.
pub fn serve(hosts: &[&str]) -> String {
    let options = Options {
        address: "127.0.0.1:0".parse().expect("an address"),
        write: true,
        token: Token::new(TOKEN),
        strict: true,
        timeout: None,
        max_rows: None,
        hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
        ..Options::default()
    };
    let server = Server::bind(Store::memory().expect("a store"), options).expect("a free port");
    let url = format!("http://{}", server.address());
    std::thread::spawn(move || server.run());
    url
}

impl Served {
    pub fn start() -> Self {
        Self { url: serve(&[]) }
    }

    fn fill(&self, data: &[Quad]) {
        let (status, _, body) = send(
            ureq::http::Request::post(format!("{}/sparql", self.url)).header("content-type", "application/sparql-update"),
            b"DROP ALL",
        );
        assert_eq!(status, 204, "{}", String::from_utf8_lossy(&body));
        let text: String = data.iter().map(|q| format!("{q} .\n")).collect();
        let (status, _, body) =
            send(ureq::http::Request::post(format!("{}/graphs", self.url)).header("content-type", "application/n-quads"), text.as_bytes());
        assert_eq!(status, 204, "{}", String::from_utf8_lossy(&body));
    }

    fn ask(&self, kind: &str, accept: &str, text: &str, base: &str) -> Result<(String, Vec<u8>), String> {
        let request =
            ureq::http::Request::post(format!("{}/sparql", self.url)).header("content-type", format!("application/sparql-{kind}"));
        let (status, media, body) = send(request.header("accept", accept), format!("BASE <{base}>\n{text}").as_bytes());
        if status < 300 { Ok((media, body)) } else { Err(format!("{status}: {}", String::from_utf8_lossy(&body))) }
    }
}

impl Engine for Served {
    fn query(&self, data: &[Quad], query: &str, base: &str, form: Option<QueryResultsFormat>) -> Result<Results, String> {
        self.fill(data);
        let rows = form.map_or("application/sparql-results+xml", QueryResultsFormat::media_type);
        let (media, body) =
            self.ask("query", &format!("{rows}, application/n-triples, application/sparql-results+xml;q=0.1"), query, base)?;
        if media.starts_with("application/n-triples") {
            let quads =
                RdfParser::from_format(RdfFormat::NTriples).for_slice(&body).collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
            return Ok(Results::Graph(quads.into_iter().map(Triple::from).collect()));
        }
        match QueryResultsFormat::from_media_type(&media) {
            Some(QueryResultsFormat::Csv) => Ok(csv(&body)),
            Some(format) => parse(format, &body),
            None => Err(format!("an answer as {media}")),
        }
    }

    fn update(&self, data: &[Quad], update: &str, base: &str) -> Result<Vec<Quad>, String> {
        self.fill(data);
        self.ask("update", "*/*", update, base)?;
        let (status, _, body) = send(ureq::http::Request::get(format!("{}/graphs", self.url)).header("accept", "application/n-quads"), b"");
        assert_eq!(status, 200);
        RdfParser::from_format(RdfFormat::NQuads).for_slice(&body).collect::<Result<_, _>>().map_err(|e| e.to_string())
    }

    fn parses(&self, text: &str, base: &str, update: bool) -> Result<(), String> {
        self.fill(&[]);
        match self.ask(if update { "update" } else { "query" }, "*/*", text, base) {
            // What is refused as no SPARQL is; what fails later, as for want of a function, was understood.
            Err(e) if e.starts_with("400") && !e.contains("the query failed") => Err(e),
            _ => Ok(()),
        }
    }
}
