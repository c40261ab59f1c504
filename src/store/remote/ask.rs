//! Questions to an endpoint: how they are written, sent, and their answers read as they come.

use super::Remote;
use super::client::{Request, broken};
use super::spaces::KeepSpaces;
use crate::graph::Prefixes;
use crate::graph::vocabulary::evi;
use crate::store::{Answer, Error, QueryOptions, Solutions, Triples};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Triple, Variable};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};
use oxigraph::sparql::{CancellationToken, QuerySolution};
use spargebra::Query;
use std::io::Read;
use std::sync::Arc;

/// How endpoints are told to let queries see all named graphs, tried in this order: as they are, Oxigraph's way, Fuseki's way.
const UNIONS: &[Option<(&str, &str)>] = &[None, Some(("union-default-graph", "")), Some(("default-graph-uri", "urn:x-arq:UnionGraph"))];

const ROWS: &str = "application/sparql-results+json, application/sparql-results+xml;q=0.9";
/// Virtuoso's XML tells truth values as such, its JSON as numbers.
const ROWS_IN_XML: &str = "application/sparql-results+xml, application/sparql-results+json;q=0.5";
const TRIPLES: &str = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5";

/// What a query answers with.
pub(super) enum Form {
    Rows,
    Triples,
}

impl Remote {
    /// The rows of a SELECT that names its graphs.
    pub(super) fn rows(&self, sparql: &str) -> Result<Vec<QuerySolution>, Error> {
        match self.ask(&Form::Rows, sparql, None, &QueryOptions::default())? {
            Answer::Solutions(rows) => rows.collect(),
            _ => Ok(Vec::new()),
        }
    }

    /// How this endpoint is told to show the union of all graphs.
    pub(super) fn union(&self) -> Result<Option<(&'static str, &'static str)>, Error> {
        if let Some(known) = self.union.get() {
            return Ok(*known);
        }
        let holds = |pattern: String, union| -> Result<bool, Error> {
            Ok(matches!(self.ask(&Form::Rows, &pattern, union, &QueryOptions::default()), Ok(Answer::Boolean(true))))
        };
        let mut found = None;
        // An endpoint without our ontology is asked as it is.
        if holds(format!("ASK {{ GRAPH ?g {{ {} a ?c }} }}", evi::CLAIM), None)? {
            let visible = format!("ASK {{ {} a ?c }}", evi::CLAIM);
            for union in UNIONS {
                if holds(visible.clone(), *union)? {
                    found = Some(*union);
                    break;
                }
            }
            if found.is_none() {
                return Err(Error::NoUnion(self.query.clone()));
            }
        }
        Ok(*self.union.get_or_init(|| found.flatten()))
    }

    /// Asks a query, as it is written.
    pub(super) fn ask(
        &self,
        form: &Form,
        sparql: &str,
        union: Option<(&str, &str)>,
        options: &QueryOptions,
    ) -> Result<Answer<'static>, Error> {
        let mut fields = vec![("query", sparql)];
        fields.extend(union);
        let body = form_urlencoded(&fields);
        let accept = match form {
            Form::Triples => TRIPLES,
            Form::Rows if self.puts => ROWS_IN_XML,
            Form::Rows => ROWS,
        };
        let answer = self.client.send(&Request {
            method: "POST",
            url: &self.query,
            accept,
            body: Some(("application/x-www-form-urlencoded", body.as_bytes())),
            time: options.timeout,
            repeatable: true,
        })?;
        let media_type = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let reader = std::io::BufReader::with_capacity(1 << 16, answer.into_body().into_reader());
        let (url, time, cancel) = (self.query.clone(), options.timeout, options.cancel.clone());
        let unreadable = || Error::Answer { url: url.clone(), reason: format!("it is {media_type:?}, which is no form of SPARQL results") };
        match form {
            Form::Triples => {
                let format = RdfFormat::from_media_type(&media_type).ok_or_else(unreadable)?;
                let quads = RdfParser::from_format(format).for_reader(reader);
                let triples = stoppable(quads, cancel).map(move |q| Ok(Triple::from(q?.map_err(|e| broken(&url, &e, time))?)));
                Ok(Answer::Triples(Triples::new(triples, options.limit)))
            }
            Form::Rows => {
                let format = QueryResultsFormat::from_media_type(&media_type).ok_or_else(unreadable)?;
                let reader: Box<dyn Read> =
                    if format == QueryResultsFormat::Xml { Box::new(KeepSpaces::new(reader)) } else { Box::new(reader) };
                match QueryResultsParser::from_format(format).for_reader(reader).map_err(|e| broken(&url, &e, time))? {
                    ReaderQueryResultsParserOutput::Boolean(value) => Ok(Answer::Boolean(value)),
                    ReaderQueryResultsParserOutput::Solutions(rows) => {
                        let variables: Arc<[Variable]> = rows.variables().into();
                        let rows = stoppable(rows, cancel).map(move |row| row?.map_err(|e| broken(&url, &e, time)));
                        Ok(Answer::Solutions(Solutions::new(variables, rows, options.limit)))
                    }
                }
            }
        }
    }
}

/// The items, until somebody says stop.
fn stoppable<T>(items: impl Iterator<Item = T>, cancel: Option<CancellationToken>) -> impl Iterator<Item = Result<T, Error>> {
    items.map(move |item| if cancel.as_ref().is_some_and(CancellationToken::is_cancelled) { Err(Error::Cancelled) } else { Ok(item) })
}

/// A query as an endpoint takes it: with the prefixes it needs; with its parameters bound, it is written anew.
pub(super) fn written(sparql: &str, query: &Query, options: &QueryOptions) -> String {
    if !options.parameters.is_empty() {
        return query.to_string();
    }
    with_prefixes(sparql)
}

/// The text with the project's prefixes that it uses and does not declare, on the first line so that positions in messages hold.
pub(super) fn with_prefixes(sparql: &str) -> String {
    let declared = |name: &str| {
        let mut words = sparql.split_whitespace().peekable();
        std::iter::from_fn(|| words.next().map(|w| (w.to_ascii_lowercase(), words.peek().copied())))
            .any(|(word, next)| word == "prefix" && next.is_some_and(|n| n.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'))))
    };
    let mut text = String::new();
    for (name, space) in Prefixes::shipped().iter() {
        if sparql.contains(&format!("{name}:")) && !declared(name) {
            text.push_str(&format!("PREFIX {name}: <{space}> "));
        }
    }
    text + sparql
}

/// A form as browsers send it (WHATWG URL, application/x-www-form-urlencoded).
fn form_urlencoded(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&")
}

/// Text percent-encoded as a value in an address (RFC 3986).
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
