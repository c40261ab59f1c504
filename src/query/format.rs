//! Results as text: the SPARQL result formats, JSON Lines, and RDF for triples.

use super::Error;
use crate::graph::Prefixes;
use crate::store::Answer;
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use oxigraph::model::{NamedOrBlankNodeRef, Term, TermRef, TripleRef, Variable};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use serde_json::{Map, Value};
use std::io::Write;

/// The forms a result can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// SPARQL 1.1 results in CSV.
    Csv,
    /// SPARQL 1.1 results in TSV.
    Tsv,
    /// SPARQL 1.1 results in JSON.
    Json,
    /// SPARQL results in XML.
    Xml,
    /// One JSON object a row, its values plain.
    Jsonl,
    /// Turtle.
    Turtle,
    /// N-Triples.
    NTriples,
    /// RDF/XML.
    RdfXml,
    /// JSON-LD.
    JsonLd,
}

impl Format {
    /// Every form with the name the command line knows it by, which is also its file extension.
    pub const ALL: &[(&'static str, Self)] = &[
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("json", Self::Json),
        ("xml", Self::Xml),
        ("jsonl", Self::Jsonl),
        ("ttl", Self::Turtle),
        ("nt", Self::NTriples),
        ("rdf", Self::RdfXml),
        ("jsonld", Self::JsonLd),
    ];

    /// The form with this name or file extension.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = match name {
            "srj" => "json",
            "srx" => "xml",
            "turtle" => "ttl",
            other => other,
        };
        Self::ALL.iter().find(|f| f.0 == name).map(|f| f.1)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|f| f.1 == self).map_or("", |f| f.0)
    }

    fn results(self) -> Option<QueryResultsFormat> {
        Some(match self {
            Self::Csv => QueryResultsFormat::Csv,
            Self::Tsv => QueryResultsFormat::Tsv,
            Self::Json => QueryResultsFormat::Json,
            Self::Xml => QueryResultsFormat::Xml,
            _ => return None,
        })
    }

    fn rdf(self) -> Option<RdfFormat> {
        Some(match self {
            Self::Turtle => RdfFormat::Turtle,
            Self::NTriples => RdfFormat::NTriples,
            Self::RdfXml | Self::Xml => RdfFormat::RdfXml,
            Self::JsonLd | Self::Json => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
            _ => return None,
        })
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows or triples; 1 or 0 for a truth value.
    pub rows: usize,
    /// Whether more were left off at the limit.
    pub truncated: bool,
}

/// Writes an answer. Triples come sorted in CSV, TSV and JSON Lines forms as rows of subject, predicate and object.
///
/// # Errors
/// Where the form does not fit the answer, the query fails on the way, or the writer does.
pub fn write(answer: Answer<'_>, format: Format, mut to: impl Write) -> Result<Written, Error> {
    match answer {
        Answer::Boolean(value) => {
            match format.results() {
                Some(results) => {
                    QueryResultsSerializer::from_format(results).serialize_boolean_to_writer(&mut to, value).map_err(Error::Write)?;
                    writeln!(to).map_err(Error::Write)?;
                }
                None if format == Format::Jsonl => writeln!(to, "{value}").map_err(Error::Write)?,
                None => return Err(Error::Form { format: format.name(), what: "a truth value", instead: "csv, tsv, json, xml or jsonl" }),
            }
            Ok(Written { rows: usize::from(value), truncated: false })
        }
        Answer::Solutions(mut rows) => {
            let variables = rows.variables().to_vec();
            let mut count = 0;
            if let Some(results) = format.results() {
                let mut writer =
                    QueryResultsSerializer::from_format(results).serialize_solutions_to_writer(&mut to, variables).map_err(Error::Write)?;
                for row in rows.by_ref() {
                    writer.serialize(&row.map_err(Error::Store)?).map_err(Error::Write)?;
                    count += 1;
                }
                writer.finish().map_err(Error::Write)?;
                if matches!(format, Format::Json | Format::Xml) {
                    writeln!(to).map_err(Error::Write)?;
                }
            } else if format == Format::Jsonl {
                for row in rows.by_ref() {
                    let row = row.map_err(Error::Store)?;
                    writeln!(to, "{}", object(&variables, row.values())).map_err(Error::Write)?;
                    count += 1;
                }
            } else {
                return Err(Error::Form { format: format.name(), what: "rows", instead: "csv, tsv, json, xml or jsonl" });
            }
            to.flush().map_err(Error::Write)?;
            Ok(Written { rows: count, truncated: rows.truncated() })
        }
        Answer::Triples(mut triples) => {
            let mut found = triples.by_ref().collect::<Result<Vec<_>, _>>().map_err(Error::Store)?;
            found.sort_by_cached_key(ToString::to_string);
            found.dedup();
            if let Some(rdf) = format.rdf() {
                // A few triples below a list of all prefixes would be hard to find.
                let used = |space: &str| format == Format::Turtle && found.iter().any(|triple| mentions(triple.as_ref(), space));
                let mut writer = Prefixes::shipped().serializer(rdf, used).for_writer(&mut to);
                found.iter().try_for_each(|t| writer.serialize_triple(t)).map_err(Error::Write)?;
                writer.finish().map_err(Error::Write)?;
            } else {
                let variables: Vec<_> = ["subject", "predicate", "object"].map(Variable::new_unchecked).into();
                let rows = found.iter().map(|t| [Some(t.subject.clone().into()), Some(t.predicate.clone().into()), Some(t.object.clone())]);
                if let Some(results) = format.results() {
                    let mut writer = QueryResultsSerializer::from_format(results)
                        .serialize_solutions_to_writer(&mut to, variables.clone())
                        .map_err(Error::Write)?;
                    for row in rows {
                        let row: Vec<(&Variable, &Term)> = variables.iter().zip(row.iter().flatten()).collect();
                        writer.serialize(row).map_err(Error::Write)?;
                    }
                    writer.finish().map_err(Error::Write)?;
                } else {
                    for row in rows {
                        writeln!(to, "{}", object(&variables, &row)).map_err(Error::Write)?;
                    }
                }
            }
            to.flush().map_err(Error::Write)?;
            Ok(Written { rows: found.len(), truncated: triples.truncated() })
        }
    }
}

/// Whether one of a triple's names, the type of its literal among them, lies in a namespace.
fn mentions(triple: TripleRef<'_>, space: &str) -> bool {
    let subject = matches!(triple.subject, NamedOrBlankNodeRef::NamedNode(n) if n.as_str().starts_with(space));
    let object = match triple.object {
        TermRef::NamedNode(n) => n.as_str().starts_with(space),
        TermRef::Literal(l) => l.datatype().as_str().starts_with(space),
        _ => false,
    };
    subject || object || triple.predicate.as_str().starts_with(space)
}

/// A row as a JSON object: numbers and truth values as such, IRIs as CURIEs where a prefix fits, unbound variables as null.
fn object(variables: &[Variable], values: &[Option<Term>]) -> Value {
    let plain = |term: &Term| match term {
        Term::NamedNode(n) => Value::from(Prefixes::shipped().shorten(n.as_str())),
        Term::BlankNode(b) => Value::from(b.to_string()),
        Term::Literal(l) => match l.datatype().as_str().rsplit('#').next() {
            Some("boolean") => Value::from(matches!(l.value(), "true" | "1")),
            Some("integer" | "decimal" | "double" | "float" | "nonNegativeInteger" | "long" | "int") => {
                serde_json::from_str(l.value()).ok().filter(Value::is_number).unwrap_or_else(|| Value::from(l.value()))
            }
            _ => Value::from(l.value()),
        },
    };
    let fields = variables.iter().zip(values).map(|(v, t)| (v.as_str().to_owned(), t.as_ref().map_or(Value::Null, plain)));
    Value::Object(fields.collect::<Map<_, _>>())
}
