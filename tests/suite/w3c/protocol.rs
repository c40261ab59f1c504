//! The protocol suites: requests told in RDF, sent as they stand, and what the answers must be.

use super::engine::{TOKEN, quads, serve};
use super::manifest::{Files, graph, list, node, objects};
use super::results::isomorphic;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Graph, NamedNode, NamedOrBlankNode, Quad, Term};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use std::path::Path;

const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const HT: &str = "http://www.w3.org/2011/http#";
const CNT: &str = "http://www.w3.org/2011/content#";
const UT: &str = "http://www.w3.org/2009/sparql/tests/test-update#";

#[derive(Debug)]
pub struct Test {
    pub name: String,
    data: Files,
    host: String,
    requests: Vec<Exchange>,
}

/// A request and what is expected of its answer.
#[derive(Debug)]
struct Exchange {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    statuses: Vec<String>,
    boolean: Option<bool>,
    format: Option<String>,
    location: Option<String>,
    answer_headers: Vec<(String, String)>,
    graph: Option<String>,
}

fn texts(g: &Graph, of: &NamedOrBlankNode, property: &str) -> Vec<String> {
    let text = |t: Term| match t {
        Term::Literal(l) => l.value().to_owned(),
        Term::NamedNode(n) => n.as_str().to_owned(),
        Term::BlankNode(b) => b.to_string(),
    };
    objects(g, of, property).into_iter().map(text).collect()
}

fn nodes(g: &Graph, of: &NamedOrBlankNode, property: &str) -> Vec<NamedOrBlankNode> {
    objects(g, of, property).iter().filter_map(node).collect()
}

fn members(g: &Graph, of: &NamedOrBlankNode, property: &str) -> Vec<NamedOrBlankNode> {
    objects(g, of, property).iter().flat_map(|l| list(g, l)).filter_map(|t| node(&t)).collect()
}

/// Our graph store lies elsewhere than the suite's.
fn ours(text: &str) -> String {
    text.replace("/gsp", "/graphs").replace("%2Fgsp", "%2Fgraphs")
}

fn headers(g: &Graph, of: &NamedOrBlankNode) -> Vec<(String, String)> {
    let one = |h: &NamedOrBlankNode, name: &str| texts(g, h, &format!("{HT}{name}")).into_iter().next().unwrap_or_default();
    members(g, of, &format!("{HT}headers")).iter().map(|h| (one(h, "fieldName").to_lowercase(), one(h, "fieldValue"))).collect()
}

fn body(g: &Graph, of: &NamedOrBlankNode) -> Option<(String, String)> {
    let content = nodes(g, of, &format!("{HT}body")).into_iter().next()?;
    let one = |name: &str| texts(g, &content, &format!("{CNT}{name}")).into_iter().next().unwrap_or_default();
    Some((ours(&one("chars")), one("characterEncoding")))
}

fn exchange(g: &Graph, request: &NamedOrBlankNode) -> Exchange {
    let one = |of: &NamedOrBlankNode, property: String| texts(g, of, &property).into_iter().next();
    let answer = nodes(g, request, &format!("{HT}resp")).into_iter().next().expect("an answer is told");
    let encoded = |(text, encoding): (String, String)| match encoding.to_uppercase().as_str() {
        "UTF-16" => [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        _ => text.into_bytes(),
    };
    Exchange {
        method: one(request, format!("{HT}methodName")).expect("a method"),
        path: ours(&one(request, format!("{HT}absolutePath")).expect("a path")),
        headers: headers(g, request),
        body: body(g, request).map(encoded),
        statuses: texts(g, &answer, &format!("{MF}expectedStatus")),
        boolean: one(&answer, format!("{MF}expectedBoolean")).map(|b| b == "true"),
        format: one(&answer, format!("{MF}expectedFormat")),
        location: one(&answer, format!("{MF}expectedLocation")),
        answer_headers: headers(g, &answer),
        graph: body(g, &answer).map(|b| b.0),
    }
}

/// The tests of a manifest and those it includes.
pub fn tests(file: &Path) -> Vec<Test> {
    let g = graph(file);
    let own = NamedOrBlankNode::from(NamedNode::new_unchecked(super::manifest::address(file)));
    let mut found = Vec::new();
    for include in members(&g, &own, &format!("{MF}include")) {
        let name = include.to_string();
        found.extend(tests(&file.with_file_name(name.trim_matches(['<', '>']).rsplit('/').next().expect("a name"))));
    }
    for entry in members(&g, &own, &format!("{MF}entries")) {
        let types = texts(&g, &entry, rdf::TYPE.as_str());
        assert!(types.iter().any(|t| t.ends_with("ProtocolTest")), "{entry} is {types:?}");
        let action = nodes(&g, &entry, &format!("{MF}action")).into_iter().next().expect("an action");
        let mut data = Files::default();
        for described in nodes(&g, &entry, &format!("{UT}graphData")) {
            let graph = texts(&g, &described, &format!("{UT}graph")).remove(0);
            let label = texts(&g, &described, "http://www.w3.org/2000/01/rdf-schema#label").remove(0);
            data.named.push((NamedNode::new_unchecked(label), file.with_file_name(graph.rsplit('/').next().expect("a name"))));
        }
        found.push(Test {
            name: texts(&g, &entry, &format!("{MF}name")).into_iter().next().unwrap_or_else(|| entry.to_string()),
            data,
            host: texts(&g, &action, &format!("{HT}connectionAuthority")).into_iter().next().expect("an authority"),
            requests: members(&g, &action, &format!("{HT}requests")).iter().map(|r| exchange(&g, r)).collect(),
        });
    }
    found
}

fn fits(status: u16, expected: &str) -> bool {
    match expected.rsplit('#').next().unwrap_or_default() {
        "StatusCode2xx" => (200..300).contains(&status),
        "StatusCode3xx" => (300..400).contains(&status),
        "StatusCode4xx" => (400..500).contains(&status),
        "StatusCode5xx" => (500..600).contains(&status),
        "OK" => status == 200,
        "Created" => status == 201,
        "NoContent" => status == 204,
        "BadRequest" => status == 400,
        "NotFound" => status == 404,
        "MethodNotAllowed" => status == 405,
        "NotAcceptable" => status == 406,
        "UnsupportedMediaType" => status == 415,
        other => panic!("the status {other} is not known to the test"),
    }
}

/// Runs a test on a server of its own.
pub fn check(test: &Test) -> Result<(), String> {
    let url = serve(&[&test.host]);
    let given = quads(&test.data);
    if !given.is_empty() {
        let text: String = given.iter().map(|q| format!("{q} .\n")).collect();
        let filled = super::engine::send(
            ureq::http::Request::post(format!("{url}/graphs")).header("content-type", "application/n-quads"),
            text.as_bytes(),
        );
        assert_eq!(filled.0, 204);
    }
    let mut location = String::new();
    for (i, exchange) in test.requests.iter().enumerate() {
        let here = location.clone();
        let put_in = |text: &str| text.replace("$LOCATION$", &here);
        let path = put_in(&exchange.path);
        let path = path.strip_prefix(&format!("http://{}", test.host)).unwrap_or(&path);
        let mut request =
            ureq::http::Request::builder().method(exchange.method.as_str()).uri(format!("{url}{path}")).header("host", &test.host);
        request = request.header("authorization", format!("Bearer {TOKEN}"));
        for (name, value) in &exchange.headers {
            request = request.header(name, put_in(value));
        }
        let agent = ureq::Agent::from(
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).allow_non_standard_methods(true).build(),
        );
        let agent_body =
            exchange.body.as_ref().map(|b| String::from_utf8(b.clone()).map_or_else(|_| b.clone(), |t| put_in(&t).into_bytes()));
        let sent = match agent_body {
            Some(body) => agent.run(request.body(body).map_err(|e| e.to_string())?),
            None => agent.run(request.body(()).map_err(|e| e.to_string())?),
        };
        let mut answer = sent.map_err(|e| format!("request {}: {e}", i + 1))?;
        let status = answer.status().as_u16();
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (media, place) = (header("content-type"), header("location"));
        let body = answer.body_mut().read_to_vec().map_err(|e| e.to_string())?;
        let told =
            format!("request {} ({} {}): {status} {media}: {}", i + 1, exchange.method, exchange.path, String::from_utf8_lossy(&body));
        if !exchange.statuses.iter().any(|s| fits(status, s)) {
            return Err(format!("{told}; expected {:?}", exchange.statuses));
        }
        if exchange.location.is_some() {
            location = place;
            if location.is_empty() {
                return Err(format!("{told}; expected a Location"));
            }
        }
        if let Some((_, wanted)) = exchange.answer_headers.iter().find(|h| h.0 == "content-type") {
            let plain = |m: &str| m.split(';').next().unwrap_or_default().trim().to_owned();
            if plain(wanted) != plain(&media) {
                return Err(format!("{told}; expected {wanted}"));
            }
        }
        match exchange.format.as_deref() {
            Some("boolean" | "tabular") if QueryResultsFormat::from_media_type(&media).is_none() => {
                return Err(format!("{told}; expected results"));
            }
            Some("RDF") if RdfFormat::from_media_type(&media).is_none() => return Err(format!("{told}; expected RDF")),
            _ => {}
        }
        if let Some(wanted) = exchange.boolean {
            let format = QueryResultsFormat::from_media_type(&media).ok_or(told.clone())?;
            match QueryResultsParser::from_format(format).for_slice(&body).map_err(|e| e.to_string())? {
                SliceQueryResultsParserOutput::Boolean(found) if found == wanted => {}
                _ => return Err(format!("{told}; expected {wanted}")),
            }
        }
        if let Some(wanted) = exchange.graph.as_ref().filter(|g| !g.trim().is_empty()) {
            let parsed = |text: &[u8]| -> Result<Vec<Quad>, String> {
                let parser = RdfParser::from_format(RdfFormat::from_media_type(&media).ok_or(told.clone())?);
                let parser = parser.with_base_iri(format!("http://{}{path}", test.host)).map_err(|e| e.to_string())?;
                parser.for_slice(text).collect::<Result<_, _>>().map_err(|e| format!("{told}: {e}"))
            };
            if !isomorphic(parsed(&body)?, parsed(put_in(wanted).as_bytes())?) {
                return Err(format!("{told}; expected {wanted}"));
            }
        }
    }
    Ok(())
}
