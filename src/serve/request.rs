//! What a client asks, as the SPARQL 1.1 Protocol has it: in the address, in a form, or as the body itself.

use super::{Problem, Site};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use oxigraph::model::NamedNode;
use percent_encoding::percent_decode_str;
use std::time::Duration;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    Query(String),
    Update(String),
    /// Neither: the description of the service is asked for.
    Nothing,
}

/// An operation with its parameters.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) operation: Operation,
    parameters: Vec<(String, String)>,
}

impl Asked {
    /// The value of a parameter that may be given once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Problem> {
        one(&self.parameters, name)
    }

    /// The graphs named by two parameters; `None` where neither is given.
    pub(super) fn graphs(&self, default: &str, named: &str) -> Result<Option<crate::store::QueryDataset>, Problem> {
        let all = |wanted: &str| {
            let values = self.parameters.iter().filter(|p| p.0 == wanted);
            values
                .map(|p| NamedNode::new(&p.1).map_err(|e| Problem::bad(format!("{wanted} is no IRI: {e}"))))
                .collect::<Result<Vec<_>, _>>()
        };
        let (default, named) = (all(default)?, all(named)?);
        Ok((!default.is_empty() || !named.is_empty()).then_some(crate::store::QueryDataset { default, named: Some(named) }))
    }

    /// The time that the client gives the query.
    pub(super) fn time(&self) -> Result<Option<Duration>, Problem> {
        let wrong = || Problem::bad("timeout is a number of seconds above 0");
        let seconds = self.one("timeout")?.map(|t| t.parse::<f64>().ok().filter(|s| *s > 0.0 && *s < 1e9).ok_or_else(wrong)).transpose()?;
        Ok(seconds.map(Duration::from_secs_f64))
    }
}

/// The value of a parameter that may be given once.
pub(super) fn one<'a>(parameters: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, Problem> {
    let mut values = parameters.iter().filter(|p| p.0 == name).map(|p| p.1.as_str());
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Problem::bad(format!("the parameter {name} may be given once"))),
    }
}

/// The parameters of a query string or a form.
///
/// # Errors
/// Where they are no UTF-8.
pub(super) fn parameters(text: &str) -> Result<Vec<(String, String)>, Problem> {
    let decode = |part: &str| match percent_decode_str(&part.replace('+', " ")).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Problem::bad("the parameters are not UTF-8")),
    };
    let pairs = text.split('&').filter(|p| !p.is_empty()).map(|p| p.split_once('=').unwrap_or((p, "")));
    pairs.map(|(name, value)| Ok((decode(name)?, decode(value)?))).collect()
}

/// The media type of a body, without its parameters, in lower case.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// Reads a body of at most `most` bytes, which must arrive within a reasonable time.
///
/// # Errors
/// 413 where it is larger, 408 where it comes too slowly.
pub(super) async fn body(site: &Site, headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the body has more than {most} bytes, which is the limit here"));
    let told = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|n| n > most as u64) {
        return Err(large());
    }
    // Twice the time of a head, and a second more for every 64 KB that were announced.
    let time = 2 * site.options().head_time + Duration::from_secs(told.unwrap_or(0) >> 16);
    match tokio::time::timeout(time, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(e)) if is_length_limit(&e) => Err(large()),
        Ok(Err(e)) => Err(Problem::bad(format!("the body cannot be read: {e}"))),
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "the body came too slowly")),
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(e) = cause {
        if e.to_string().contains("length limit") {
            return true;
        }
        cause = e.source();
    }
    false
}

fn utf8(bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|_| Problem::bad("the body is not UTF-8"))
}

/// Reads what a request to the SPARQL endpoint asks.
///
/// # Errors
/// Where it asks two things, or in a way that the protocol does not have.
pub(super) async fn read(site: &Site, request: Request) -> Result<Asked, Problem> {
    let (parts, content) = request.into_parts();
    if !matches!(parts.method, Method::GET | Method::HEAD | Method::POST) {
        return Err(Problem::method("GET, HEAD, POST"));
    }
    let mut parameters = parameters(parts.uri.query().unwrap_or_default())?;
    let post = parts.method == Method::POST;
    let largest = if site.options().write { site.options().max_body } else { site.options().max_query };
    let mut direct = None;
    if post {
        let media = media_type(&parts.headers);
        match media.as_str() {
            "application/x-www-form-urlencoded" => {
                if parameters.iter().any(|p| p.0 == "query" || p.0 == "update") {
                    return Err(Problem::bad("a form has its query or update in the body, not in the address"));
                }
                parameters.extend(self::parameters(&utf8(body(site, &parts.headers, content, largest).await?)?)?);
            }
            "application/sparql-query" => direct = Some(Operation::Query(utf8(body(site, &parts.headers, content, largest).await?)?)),
            "application/sparql-update" => direct = Some(Operation::Update(utf8(body(site, &parts.headers, content, largest).await?)?)),
            _ => {
                let known = "application/x-www-form-urlencoded, application/sparql-query and application/sparql-update";
                return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("a POST comes as one of {known}")));
            }
        }
    }
    let (query, update) = (one(&parameters, "query")?, one(&parameters, "update")?);
    let operation = match (direct, query, update) {
        (Some(operation), None, None) => operation,
        (None, Some(query), None) => Operation::Query(query.to_owned()),
        (None, None, Some(update)) if post => Operation::Update(update.to_owned()),
        (None, None, Some(_)) => return Err(Problem::bad("an update is sent by POST")),
        (None, None, None) if !post => Operation::Nothing,
        (None, None, None) => return Err(Problem::bad("the form has neither a query nor an update")),
        _ => return Err(Problem::bad("a request asks one query or one update")),
    };
    let most = site.options().max_query;
    if matches!(&operation, Operation::Query(text) if text.len() > most) {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the query has more than {most} bytes, which is the limit here")));
    }
    Ok(Asked { operation, parameters })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_strictly() {
        let found = parameters("query=ASK+%7B%7D&x&y=%C3%A4").expect("UTF-8");
        assert_eq!(found, [("query", "ASK {}"), ("x", ""), ("y", "ä")].map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(parameters("q=%ff").is_err());
        assert!(one(&found, "y").is_ok_and(|v| v == Some("ä")));
        assert!(one(&parameters("a=1&a=2").expect("UTF-8"), "a").is_err());
    }
}
