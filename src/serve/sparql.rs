//! The SPARQL 1.1 Protocol: queries and updates at one address.

use super::accept::{self, RESULTS, TRIPLES, choose};
use super::access::Writer;
use super::request::{Asked, Operation, read};
use super::{Problem, SPARQL, Site, answer, describe};
use crate::graph::Prefixes;
use crate::query::{self, NamedQuery};
use crate::store::{Answer, GraphStore as _, QueryOptions, UpdateOptions};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::sparql::results::QueryResultsFormat;
use std::io::Write;
use std::sync::Arc;

/// Answers a request to the endpoint.
pub(super) async fn endpoint(State(site): State<Arc<Site>>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let writer = Writer::from_request_parts(&mut parts, &site).await;
    let headers = parts.headers.clone();
    let asked = read(&site, Request::from_parts(parts, body)).await?;
    match &asked.operation {
        Operation::Nothing => describe::service(&site, &headers).await,
        Operation::Query(text) => ask(&site, &headers, text.clone(), &asked).await,
        Operation::Update(text) => {
            writer?;
            update(&site, &headers, text.clone(), &asked).await
        }
    }
}

/// What a form of an answer is chosen from, before the query says of which kind its answer is.
struct Forms {
    results: Result<accept::Offer<QueryResultsFormat>, Problem>,
    triples: Result<accept::Offer<RdfFormat>, Problem>,
}

async fn ask(site: &Arc<Site>, headers: &HeaderMap, text: String, asked: &Asked) -> Result<Response, Problem> {
    let named = asked.one("format")?.map(str::to_owned);
    let forms = Forms { results: choose(headers, named.as_deref(), RESULTS), triples: choose(headers, named.as_deref(), TRIPLES) };
    let dataset = asked.graphs("default-graph-uri", "named-graph-uri")?;
    let base = Some(describe::here(headers, SPARQL)?);
    let (strict, limit, services) = (site.options().strict, site.options().max_rows, Arc::clone(site.services()));
    answer::stream(site, asked.time()?, move |store, token, tell, out| {
        tracing::debug!(query = %text, "asked");
        let options =
            QueryOptions { strict, limit, dataset, cancel: Some(token), services: Some(services), base, ..QueryOptions::default() };
        let found = store.query(&text, &options).map_err(|e| explained(&text, e))?;
        let truncated = write(found, forms, tell, out)?;
        if truncated {
            let most = limit.unwrap_or_default();
            let message = format!("the answer has more than {most} rows, which is the limit here: ask for parts with LIMIT and OFFSET");
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message));
        }
        Ok(())
    })
    .await
}

/// A store's error, with the place where the query is wrong.
fn explained(text: &str, error: crate::store::Error) -> Problem {
    Problem::from(query::in_words(&query::Question { path: None, query: NamedQuery::parse("", text) }, error))
}

/// Writes an answer as it comes; tells whether rows were left off at the limit.
fn write(found: Answer<'_>, forms: Forms, tell: &mut dyn FnMut(&'static str), out: &mut impl Write) -> Result<bool, Problem> {
    let failed = |e: std::io::Error| Problem::internal(e.to_string());
    match found {
        Answer::Triples(mut triples) => {
            let offer = forms.triples?;
            tell(with_charset(offer.media));
            let mut writer = serializer(offer.form).for_writer(&mut *out);
            for triple in triples.by_ref() {
                writer.serialize_triple(&triple?).map_err(failed)?;
            }
            writer.finish().map_err(failed)?;
            Ok(triples.truncated())
        }
        rows => {
            let offer = forms.results?;
            tell(with_charset(offer.media));
            let format = match offer.form {
                QueryResultsFormat::Csv => query::Format::Csv,
                QueryResultsFormat::Tsv => query::Format::Tsv,
                QueryResultsFormat::Xml => query::Format::Xml,
                _ => query::Format::Json,
            };
            Ok(query::write(rows, format, out)?.truncated)
        }
    }
}

/// A serializer that knows the project's prefixes, where the form has any.
pub(super) fn serializer(form: RdfFormat) -> RdfSerializer {
    Prefixes::shipped().serializer(form, |_| matches!(form, RdfFormat::Turtle | RdfFormat::TriG))
}

/// The media type as it is sent: text says in which characters.
pub(super) fn with_charset(media: &'static str) -> &'static str {
    match media {
        "text/csv" => "text/csv; charset=utf-8",
        "text/tab-separated-values" => "text/tab-separated-values; charset=utf-8",
        "text/turtle" => "text/turtle; charset=utf-8",
        other => other,
    }
}

async fn update(site: &Arc<Site>, headers: &HeaderMap, text: String, asked: &Asked) -> Result<Response, Problem> {
    let using = asked.graphs("using-graph-uri", "using-named-graph-uri")?;
    let (services, base) = (Arc::clone(site.services()), Some(describe::here(headers, SPARQL)?));
    site.write(move |store, token| {
        tracing::debug!(update = %text, "asked");
        let options = UpdateOptions { using, cancel: Some(token.clone()), services: Some(services), base };
        store.update_with(&text, &options).map_err(|e| explained(&text, e))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
