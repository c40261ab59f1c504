//! Where an endpoint takes queries, updates and graphs: as given, as its service description says, or as such servers have it.

use super::client::{Client, Request};
use crate::store::Error;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Quad, Term};

const ENDPOINT: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#endpoint");
const LANGUAGE: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#supportedLanguage");
const UPDATE: &str = "http://www.w3.org/ns/sparql-service-description#SPARQL11Update";

/// A service description is short; what is longer is none.
const LONGEST: u64 = 1 << 20;

/// Where servers have their query address where only the host is known.
const QUERY_PATHS: &[&str] = &["sparql", "query"];

/// Where a server whose query address ends so takes updates: Oxigraph, Fuseki and Stardog.
const LAYOUTS: &[(&str, &str)] = &[("/query", "/update")];

/// The addresses of an endpoint. Those that are not given are found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Where it takes queries.
    pub query: String,
    /// Where it takes updates.
    pub update: Option<String>,
    /// Where it takes graphs (SPARQL 1.1 Graph Store Protocol).
    pub graph: Option<String>,
}

/// What was found out about an endpoint.
pub(super) struct Found {
    pub(super) query: String,
    pub(super) update: String,
    pub(super) graph: Option<String>,
    /// The name that its server gives itself.
    pub(super) server: String,
}

/// Finds the addresses of an endpoint.
pub(super) fn discover(client: &Client, given: &Addresses) -> Result<Found, Error> {
    let bare = given.query.split_once("://").is_some_and(|(_, rest)| rest.trim_end_matches('/').find('/').is_none());
    let root = given.query.trim_end_matches('/');
    let candidates = if bare { QUERY_PATHS.iter().map(|p| format!("{root}/{p}")).collect() } else { vec![given.query.clone()] };
    let mut first = None;
    for query in candidates {
        let request = Request {
            method: "GET",
            url: &query,
            accept: "text/turtle, application/rdf+xml;q=0.8",
            body: None,
            time: None,
            repeatable: true,
        };
        let (quads, server) = match client.send(&request) {
            Ok(answer) => {
                let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
                let (server, format) = (header("server"), RdfFormat::from_media_type(&header("content-type")));
                (format.map(|f| description(f, &query, answer.into_body().into_reader())).unwrap_or_default(), server)
            }
            Err(error @ (Error::Unreachable { .. } | Error::Busy { .. } | Error::Access { .. })) => return Err(error),
            // No description there; the address may answer queries all the same.
            Err(error) if bare => {
                first.get_or_insert(error);
                continue;
            }
            Err(_) => (Vec::new(), String::new()),
        };
        return Ok(addresses(given, query, &quads, server));
    }
    Err(first.unwrap_or(Error::Endpoint { url: given.query.clone(), status: 404, message: String::new() }))
}

fn description(format: RdfFormat, url: &str, body: impl std::io::Read) -> Vec<Quad> {
    let parser = RdfParser::from_format(format);
    let parser = parser.clone().with_base_iri(url).unwrap_or(parser);
    parser.for_reader(body.take(LONGEST)).map_while(Result::ok).collect()
}

fn addresses(given: &Addresses, query: String, quads: &[Quad], server: String) -> Found {
    let virtuoso = server.starts_with("Virtuoso");
    let described = updates(quads).filter(|url| same_host(url, &query));
    let beside = LAYOUTS.iter().find_map(|(from, to)| Some(format!("{}{to}", query.strip_suffix(from)?)));
    let update = given.update.clone().or(described).or(beside).unwrap_or_else(|| query.clone());
    let graph = given.graph.clone().or_else(|| virtuoso.then(|| format!("{query}-graph-crud")));
    Found { query, update, graph, server }
}

/// Where the description says that updates go.
fn updates(quads: &[Quad]) -> Option<String> {
    let service: &NamedOrBlankNode = quads.iter().find_map(|q| {
        let takes = q.predicate.as_ref() == LANGUAGE && matches!(&q.object, Term::NamedNode(n) if n.as_str() == UPDATE);
        takes.then_some(&q.subject)
    })?;
    quads.iter().find_map(|q| match &q.object {
        Term::NamedNode(url) if &q.subject == service && q.predicate.as_ref() == ENDPOINT => Some(url.as_str().to_owned()),
        _ => None,
    })
}

/// Whether two addresses are of one server. No other is believed: it would be told the token.
fn same_host(a: &str, b: &str) -> bool {
    let host = |url: &str| url.split('/').take(3).collect::<Vec<_>>().join("/").to_ascii_lowercase();
    host(a) == host(b)
}
