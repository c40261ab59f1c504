//! Hosts elsewhere that a query may reach by SERVICE and an update by LOAD: those that were allowed by name, no other.

use super::Error;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, NamedNode, Quad};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};
use oxigraph::sparql::{DefaultServiceHandler, QueryEvaluationError, QuerySolutionIter};
use oxiri::Iri;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// The most that is read of an answer, in bytes.
const LARGEST: u64 = 256 << 20;

/// The allowed hosts. Redirections are not followed: they could lead anywhere.
///
/// ```
/// use evigraph::store::Services;
/// let services = Services::new(["sparql.uniprot.org".to_owned()], std::time::Duration::from_secs(30));
/// assert!(services.allows("https://sparql.uniprot.org/sparql"));
/// assert!(!services.allows("http://127.0.0.1/") && !services.allows("file:///etc/passwd"));
/// ```
#[derive(Debug, Default)]
pub struct Services {
    hosts: BTreeSet<String>,
    timeout: Duration,
}

impl Services {
    /// Allows these hosts, each as `host` or `host:port`, and waits so long for an answer.
    pub fn new(hosts: impl IntoIterator<Item = String>, timeout: Duration) -> Self {
        Self { hosts: hosts.into_iter().map(|h| h.to_lowercase()).collect(), timeout }
    }

    /// Whether the address lies on an allowed host.
    pub fn allows(&self, address: &str) -> bool {
        let Ok(uri) = address.parse::<ureq::http::Uri>() else { return false };
        let host = uri.host().unwrap_or_default().to_lowercase();
        let with_port = uri.port_u16().map(|p| format!("{host}:{p}"));
        matches!(uri.scheme_str(), Some("http" | "https"))
            && (self.hosts.contains(&host) || with_port.is_some_and(|h| self.hosts.contains(&h)))
    }

    /// What an address answers, with its media type; `query` is sent where there is one.
    fn fetch(&self, address: &str, accept: &str, query: Option<String>) -> Result<(String, Vec<u8>), Error> {
        if !self.allows(address) {
            return Err(Error::NotAllowed(address.to_owned()));
        }
        let failed = |reason: String| Error::Fetch { address: address.to_owned(), reason };
        let agent = ureq::Agent::from(ureq::Agent::config_builder().max_redirects(0).timeout_global(Some(self.timeout)).build());
        let answer = match query {
            Some(query) => {
                agent.post(address).header("accept", accept).header("content-type", "application/sparql-query").send(query.as_bytes())
            }
            None => agent.get(address).header("accept", accept).call(),
        };
        let mut answer = answer.map_err(|e| failed(e.to_string()))?;
        if !answer.status().is_success() {
            return Err(failed(format!("status {}", answer.status())));
        }
        let media = answer.headers().get("content-type").and_then(|t| t.to_str().ok()).unwrap_or_default().to_owned();
        let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|e| failed(e.to_string()))?;
        Ok((media, body))
    }

    /// The statements at an address, for the graph `to`.
    pub(super) fn load(&self, source: &NamedNode, to: &GraphName) -> Result<Vec<Quad>, Error> {
        let accept = "text/turtle, application/n-triples, application/rdf+xml;q=0.9, application/ld+json;q=0.8";
        let (media, body) = self.fetch(source.as_str(), accept, None)?;
        let failed = |reason: String| Error::Fetch { address: source.as_str().to_owned(), reason };
        let extension = source.as_str().rsplit('.').next().unwrap_or_default();
        let format = RdfFormat::from_media_type(&media).or_else(|| RdfFormat::from_extension(extension));
        let format = format.ok_or_else(|| failed(format!("{media:?} is no RDF")))?;
        let parser = RdfParser::from_format(format).with_default_graph(to.clone()).without_named_graphs().rename_blank_nodes();
        let parser = parser.with_base_iri(source.as_str()).map_err(|e| failed(e.to_string()))?;
        parser.for_slice(&body).collect::<Result<_, _>>().map_err(|e| failed(e.to_string()))
    }
}

/// The services as the engine asks for them.
pub(super) struct Handler(pub(super) Arc<Services>);

impl DefaultServiceHandler for Handler {
    type Error = QueryEvaluationError;

    fn handle(
        &self,
        service: &NamedNode,
        pattern: &GraphPattern,
        base: Option<&Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, Self::Error> {
        let failed = |e: Error| QueryEvaluationError::Service(Box::new(e));
        let query = Query::Select { dataset: None, pattern: pattern.clone(), base_iri: base.cloned() };
        let accept = "application/sparql-results+json, application/sparql-results+xml;q=0.9";
        let (media, body) = self.0.fetch(service.as_str(), accept, Some(query.to_string())).map_err(failed)?;
        let wrong = |reason: String| failed(Error::Fetch { address: service.as_str().to_owned(), reason });
        let format = QueryResultsFormat::from_media_type(&media).ok_or_else(|| wrong(format!("{media:?} is no SPARQL result")))?;
        match QueryResultsParser::from_format(format).for_reader(std::io::Cursor::new(body)).map_err(|e| wrong(e.to_string()))? {
            ReaderQueryResultsParserOutput::Solutions(rows) => {
                let variables: Arc<[_]> = rows.variables().into();
                let address = service.as_str().to_owned();
                let told = move |e: oxigraph::sparql::results::QueryResultsParseError| {
                    QueryEvaluationError::Service(Box::new(Error::Fetch { address: address.clone(), reason: e.to_string() }))
                };
                Ok(QuerySolutionIter::new(variables, rows.map(move |r| r.map_err(&told))))
            }
            ReaderQueryResultsParserOutput::Boolean(_) => Err(wrong("a truth value where rows were asked for".to_owned())),
        }
    }
}
