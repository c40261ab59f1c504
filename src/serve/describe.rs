//! What the server says of itself: the SPARQL 1.1 Service Description, VoID, health and metrics.

use super::accept::{TRIPLES, choose};
use super::sparql::{serializer, with_charset};
use super::{Problem, Site};
use crate::store::{Answer, GraphStore as _};
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use std::sync::Arc;

const SD: &str = "http://www.w3.org/ns/sparql-service-description#";
const VOID: &str = "http://rdfs.org/ns/void#";
const FORMATS: &str = "http://www.w3.org/ns/formats/";

fn iri(text: &str) -> NamedNode {
    NamedNode::new_unchecked(text)
}

/// The address of a path of this server, as the client reaches it.
pub(super) fn here(headers: &HeaderMap, path: &str) -> Result<NamedNode, Problem> {
    let host = headers.get(HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    NamedNode::new(format!("http://{host}{path}")).map_err(|e| Problem::bad(format!("the host is no part of an IRI: {e}")))
}

/// Writes triples in the form that the client likes best.
fn rdf_response(headers: &HeaderMap, triples: &[Triple]) -> Result<Response, Problem> {
    let offer = choose(headers, None, TRIPLES)?;
    let mut writer = serializer(offer.form).for_writer(Vec::new());
    let failed = |e: std::io::Error| Problem::internal(e.to_string());
    triples.iter().try_for_each(|t| writer.serialize_triple(t)).map_err(failed)?;
    let body = writer.finish().map_err(failed)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(with_charset(offer.media)))], body).into_response())
}

/// The service description (<https://www.w3.org/TR/sparql11-service-description/>).
pub(super) async fn service(site: &Arc<Site>, headers: &HeaderMap) -> Result<Response, Problem> {
    let sd = |name: &str| iri(&format!("{SD}{name}"));
    let endpoint = here(headers, super::SPARQL)?;
    let service = NamedOrBlankNode::from(endpoint.clone());
    let (dataset, graph) = (BlankNode::default(), BlankNode::default());
    let mut triples = Vec::new();
    let mut say = |s: &NamedOrBlankNode, p: NamedNode, o: Term| triples.push(Triple::new(s.clone(), p, o));
    say(&service, rdf::TYPE.into_owned(), sd("Service").into());
    say(&service, sd("endpoint"), endpoint.into());
    say(&service, sd("supportedLanguage"), sd("SPARQL11Query").into());
    if site.options().write {
        say(&service, sd("supportedLanguage"), sd("SPARQL11Update").into());
    }
    if !site.options().strict {
        say(&service, sd("feature"), sd("UnionDefaultGraph").into());
    }
    if !site.options().services.is_empty() {
        say(&service, sd("feature"), sd("BasicFederatedQuery").into());
    }
    for name in [
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
    ] {
        say(&service, sd("resultFormat"), iri(&format!("{FORMATS}{name}")).into());
    }
    if site.options().write {
        for name in ["Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"] {
            say(&service, sd("inputFormat"), iri(&format!("{FORMATS}{name}")).into());
        }
    }
    say(&service, sd("defaultDataset"), dataset.clone().into());
    let dataset = NamedOrBlankNode::from(dataset);
    say(&dataset, rdf::TYPE.into_owned(), sd("Dataset").into());
    say(&dataset, sd("defaultGraph"), graph.clone().into());
    say(&graph.into(), rdf::TYPE.into_owned(), sd("Graph").into());
    say(&dataset, iri("http://www.w3.org/2000/01/rdf-schema#seeAlso"), here(headers, "/.well-known/void")?.into());
    rdf_response(headers, &triples)
}

/// VoID (<https://www.w3.org/TR/void/>): what the dataset holds, counted.
pub(super) async fn void(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Problem> {
    let info = site.read(|store, _| Ok(crate::store::info(store)?)).await?;
    let void = |name: &str| iri(&format!("{VOID}{name}"));
    let dataset = NamedOrBlankNode::from(here(&headers, "/.well-known/void#dataset")?);
    let number = |n: u64| Term::from(Literal::new_typed_literal(n.to_string(), xsd::INTEGER));
    let mut triples = Vec::new();
    let mut say = |s: &NamedOrBlankNode, p: NamedNode, o: Term| triples.push(Triple::new(s.clone(), p, o));
    say(&dataset, rdf::TYPE.into_owned(), void("Dataset").into());
    say(&dataset, iri("http://purl.org/dc/terms/title"), Literal::new_simple_literal("Claims of articles").into());
    say(&dataset, void("sparqlEndpoint"), here(&headers, super::SPARQL)?.into());
    say(&dataset, void("uriSpace"), Literal::new_simple_literal(&info.base).into());
    say(&dataset, void("vocabulary"), iri("https://w3id.org/evigraph/ontology#").into());
    say(&dataset, void("triples"), number(info.quads as u64));
    for (class, count) in [("Article", info.articles), ("Claim", info.claims), ("Entity", info.entities), ("Work", info.works)] {
        let part = BlankNode::default();
        say(&dataset, void("classPartition"), part.clone().into());
        say(&part.clone().into(), void("class"), iri(&format!("https://w3id.org/evigraph/ontology#{class}")).into());
        say(&part.into(), void("entities"), number(count));
    }
    rdf_response(&headers, &triples)
}

/// Whether the server answers queries.
pub(super) async fn health(State(site): State<Arc<Site>>) -> Result<&'static str, Problem> {
    let store = Arc::clone(site.store());
    // Beside the line of queries: a busy server is a healthy one.
    let asked = tokio::task::spawn_blocking(move || matches!(store.query("ASK {}", &Default::default()), Ok(Answer::Boolean(true)))).await;
    if asked.unwrap_or(false) { Ok("ok\n") } else { Err(Problem::internal("the store does not answer")) }
}

/// The counters, for Prometheus.
pub(super) async fn metrics(State(site): State<Arc<Site>>) -> Response {
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, media)], site.metrics.text()).into_response()
}
