//! The SPARQL 1.1 Graph Store Protocol: graphs by `?graph=IRI`, `?default`, or an address below this one; all of them without any.

use super::accept::{self, choose};
use super::access::Writer;
use super::describe::here;
use super::request::{body, media_type, one, parameters};
use super::sparql::{serializer, with_charset};
use super::{Problem, Site, answer};
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, NamedNode, Quad};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Where the protocol is spoken.
pub(super) const PATH: &str = "/graphs";

/// The graph that a request means; `None` where it names none, and so means all.
fn graph(uri: &Uri, headers: &HeaderMap) -> Result<Option<GraphName>, Problem> {
    let given = parameters(uri.query().unwrap_or_default())?;
    let default = given.iter().any(|p| p.0 == "default");
    match (one(&given, "graph")?, default, uri.path().strip_prefix(PATH).unwrap_or_default()) {
        (Some(_), true, _) => Err(Problem::bad("a request names one graph: `graph` or `default`, not both")),
        (Some(iri), false, "" | "/") => {
            Ok(Some(NamedNode::new(iri).map_err(|e| Problem::bad(format!("the graph {iri:?} is no absolute IRI: {e}")))?.into()))
        }
        (None, true, "" | "/") => Ok(Some(GraphName::DefaultGraph)),
        (None, false, "" | "/") => Ok(None),
        (None, false, _) => Ok(Some(here(headers, uri.path())?.into())),
        _ => Err(Problem::bad("a request names one graph, by its address or by a parameter")),
    }
}

/// Answers a request to the graph store.
pub(super) async fn endpoint(
    State(site): State<Arc<Site>>,
    writer: Result<Writer, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    let method = request.method().clone();
    let graph = graph(request.uri(), request.headers())?;
    match (method, graph) {
        (Method::GET | Method::HEAD, graph) => get(&site, request, graph).await,
        (Method::PUT | Method::POST, graph) => {
            writer?;
            put(&site, request, graph).await
        }
        (Method::DELETE, Some(graph)) => {
            writer?;
            let gone = site.write(move |store, _| Ok(store.drop_graph(&graph)?)).await?;
            if gone { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(Problem::missing("there is no such graph")) }
        }
        (Method::DELETE, None) => Err(Problem::bad("name the graph to take out: ?graph=IRI or ?default")),
        _ => Err(Problem::method("GET, HEAD, PUT, POST, DELETE")),
    }
}

async fn get(site: &Arc<Site>, request: Request, graph: Option<GraphName>) -> Result<Response, Problem> {
    let given = parameters(request.uri().query().unwrap_or_default())?;
    let offers = if graph.is_some() { accept::TRIPLES } else { accept::QUADS };
    let offer = choose(request.headers(), one(&given, "format")?, offers)?;
    if request.method() == Method::HEAD {
        let there = site.read(move |store, _| graph.map_or(Ok(true), |g| Ok(store.has_graph(&g)?))).await?;
        let media = with_charset(offer.media);
        return if there { Ok([(CONTENT_TYPE, media)].into_response()) } else { Err(Problem::missing("there is no such graph")) };
    }
    answer::stream(site, None, move |store, token, tell, out| {
        if let Some(graph) = graph.as_ref().map(|g| store.has_graph(g)).transpose()?
            && !graph
        {
            return Err(Problem::missing("there is no such graph"));
        }
        tell(with_charset(offer.media));
        let failed = |e: std::io::Error| Problem::internal(e.to_string());
        let mut writer = serializer(offer.form).for_writer(out);
        for quad in store.statements(graph.as_ref()) {
            if token.is_cancelled() {
                return Err(crate::store::Error::Cancelled.into());
            }
            let quad = quad?;
            if graph.is_some() { writer.serialize_triple(quad.as_ref()) } else { writer.serialize_quad(&quad) }.map_err(failed)?;
        }
        writer.finish().map(drop).map_err(failed)
    })
    .await
}

/// RDF that came in a request, and what it is.
struct Content {
    format: RdfFormat,
    bytes: Vec<u8>,
}

fn format(media: &str) -> Result<RdfFormat, Problem> {
    let known = "text/turtle, application/n-triples, application/rdf+xml, application/ld+json, application/trig and application/n-quads";
    let found = RdfFormat::from_media_type(media).filter(|f| *f != RdfFormat::N3);
    found.ok_or_else(|| {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("{media:?} is no form of RDF known here; there are {known}"))
    })
}

/// The RDF of a body, or of each file of a form.
async fn contents(site: &Arc<Site>, request: Request) -> Result<Vec<Content>, Problem> {
    let most = site.options().max_body;
    let media = media_type(request.headers());
    if media != "multipart/form-data" {
        let format = format(&media)?;
        let (parts, content) = request.into_parts();
        return Ok(vec![Content { format, bytes: body(site, &parts.headers, content, most).await? }]);
    }
    // The whole form is read first: its parts then come from memory, and the limits on size and time hold for all of it.
    let (parts, content) = request.into_parts();
    let bytes = body(site, &parts.headers, content, most).await?;
    let request = Request::from_parts(parts, bytes.into());
    let wrong = |e: String| Problem::bad(format!("the form cannot be read: {e}"));
    let mut form = Multipart::from_request(request, site).await.map_err(|e| wrong(e.to_string()))?;
    let mut found = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|e| wrong(e.to_string()))? {
        let format = format(field.content_type().unwrap_or("text/turtle"))?;
        found.push(Content { format, bytes: field.bytes().await.map_err(|e| wrong(e.to_string()))?.into() });
    }
    Ok(found)
}

/// Puts or adds a graph; without a name, a new one is made of triples, while quads go to the graphs that they name.
async fn put(site: &Arc<Site>, request: Request, graph: Option<GraphName>) -> Result<Response, Problem> {
    let replace = request.method() == Method::PUT;
    let headers = request.headers().clone();
    if replace && graph.is_none() {
        return Err(Problem::bad("name the graph to put: ?graph=IRI or ?default"));
    }
    // Relative names in a graph without a name are relative to where it was sent.
    let base = here(&headers, request.uri().path())?;
    let contents = contents(site, request).await?;
    let quads_of_all =
        graph.is_none() && contents.iter().all(|c| c.format.supports_datasets() && !matches!(c.format, RdfFormat::JsonLd { .. }));
    let fresh = graph.is_none() && !quads_of_all;
    let graph = match graph {
        Some(graph) => graph,
        None if fresh => {
            let mut hash = Sha256::new();
            contents.iter().for_each(|c| hash.update(&c.bytes));
            let name: String = hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
            here(&headers, &format!("{PATH}/{name}"))?.into()
        }
        None => GraphName::DefaultGraph,
    };
    let name = graph.clone();
    let (new, graph) = site
        .write(move |store, _| {
            let mut graph = graph;
            // The same content twice makes two graphs.
            let mut copy = 1;
            while fresh && store.has_graph(&graph)? {
                copy += 1;
                graph = NamedNode::new(format!("{}-{copy}", plain(&name))).map_err(|e| Problem::bad(e.to_string()))?.into();
            }
            let quads = contents.iter().map(|c| parse(c, &graph, &base, quads_of_all)).collect::<Result<Vec<_>, _>>()?.concat();
            let new = store.put_graph(&graph, &quads, replace)?;
            Ok((new, graph))
        })
        .await?;
    Ok(match (new, fresh) {
        (true, true) => (StatusCode::CREATED, [(LOCATION, plain(&graph))]).into_response(),
        (true, false) => StatusCode::CREATED.into_response(),
        (false, _) => StatusCode::NO_CONTENT.into_response(),
    })
}

fn plain(graph: &GraphName) -> String {
    if let GraphName::NamedNode(n) = graph { n.as_str().to_owned() } else { String::new() }
}

fn parse(content: &Content, graph: &GraphName, base: &NamedNode, all: bool) -> Result<Vec<Quad>, Problem> {
    let mut parser = RdfParser::from_format(content.format).rename_blank_nodes();
    if !all {
        parser = parser.without_named_graphs().with_default_graph(graph.clone());
    }
    let base = if let GraphName::NamedNode(name) = graph { name } else { base };
    parser = parser.with_base_iri(base.as_str()).map_err(|e| Problem::bad(e.to_string()))?;
    parser
        .for_slice(&content.bytes)
        .collect::<Result<_, _>>()
        .map_err(|e| Problem::bad(format!("the body is no {}: {e}", content.format.name())))
}
