//! Questions: named queries, parameters, limits and result formats.
//!
//! ```
//! use evigraph::query::{Format, Question, ask, write};
//! use evigraph::store::{QueryOptions, Store};
//! let store = Store::memory()?;
//! let question = Question::read("SELECT ?name { ?p rdfs:subPropertyOf evi:affects ; rdfs:label ?name } ORDER BY ?name LIMIT 1")?;
//! let asked = ask(&store, &question, &[], QueryOptions::default())?;
//! let mut out = Vec::new();
//! write(asked.answer, Format::Csv, &mut out)?;
//! assert_eq!(out, b"name\r\ncauses\r\n");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod format;
mod name;
mod named;
mod nearest;
mod search;
mod syntax;

pub use format::{Format, Written, write};
pub use name::{Resolved, resolve};
pub use named::{Kind, NamedQuery, Parameter, find, shipped};
pub use nearest::{distance, nearest};
pub use search::{Hit, HitKind, search};
pub use syntax::{SyntaxError, unknown_terms};

use crate::store::{self, Answer, GraphStore, QueryOptions};
use oxigraph::model::Variable;
use std::path::{Path, PathBuf};

/// What can go wrong with a question.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No shipped query has the name.
    #[error("there is no query {name}{meant}; `evigraph query --list` shows them all")]
    UnknownQuery {
        /// The name.
        name: String,
        /// The nearest one, as a clause.
        meant: String,
    },
    /// The file cannot be read.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The query is not SPARQL.
    #[error("{}the query is not SPARQL: {error}", .source_name.as_deref().map(|s| format!("{s}: ")).unwrap_or_default())]
    Syntax {
        /// The file or name it came from.
        source_name: Option<String>,
        /// Where and why.
        error: Box<SyntaxError>,
    },
    /// A parameter is no pair of a name and a value.
    #[error("the parameter {0:?} is no NAME=VALUE")]
    Parameter(String),
    /// The query has no such parameter.
    #[error("the query has no parameter {name}{meant}")]
    UnknownParameter {
        /// The parameter.
        name: String,
        /// Those it has, as a clause.
        meant: String,
    },
    /// A parameter without which the query makes no sense is not given.
    #[error("the query needs the parameter {name} ({description}): give it with --param {name}=…")]
    MissingParameter {
        /// The parameter.
        name: String,
        /// What it is for.
        description: String,
    },
    /// The value of a parameter names nothing in the store.
    #[error(
        "the store knows nothing named {value:?}{meant}; `evigraph search` finds what it holds, and a text is given in quotes, as '\"…\"'"
    )]
    UnknownName {
        /// The name.
        value: String,
        /// The nearest ones, as a clause.
        meant: String,
    },
    /// The value of a parameter is no number.
    #[error("the parameter {name} is a number, not {value:?}")]
    NotANumber {
        /// The parameter.
        name: String,
        /// Its value.
        value: String,
    },
    /// The value of a parameter is no IRI.
    #[error("{0:?} is no IRI")]
    NotAnIri(String),
    /// The form of the result fits another kind of query.
    #[error("{format} is no form for {what}; use {instead}")]
    Form {
        /// The form.
        format: &'static str,
        /// What the query gives.
        what: &'static str,
        /// Forms that fit.
        instead: &'static str,
    },
    /// The result cannot be written.
    #[error("the result cannot be written: {0}")]
    Write(#[source] std::io::Error),
    /// The store failed, or refused the query.
    #[error(transparent)]
    Store(store::Error),
}

/// A query to be asked: a named one, a file's or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The file that it came from.
    pub path: Option<PathBuf>,
    /// The query with what its header says.
    pub query: NamedQuery,
}

impl Question {
    /// The question that a user means by one word or text: a shipped query's name, a file, or SPARQL itself.
    ///
    /// # Errors
    /// Where the file cannot be read, or a single word names no shipped query.
    pub fn read(given: &str) -> Result<Self, Error> {
        let single = !given.trim().is_empty() && !given.contains(['{', '\n']) && !given.trim().contains(' ');
        if single {
            if let Ok(query) = find(given) {
                return Ok(Self { path: None, query: query.clone() });
            }
            let path = Path::new(given);
            if path.extension().is_some_and(|e| matches!(e.to_str(), Some("rq" | "sparql" | "ru"))) || path.is_file() {
                let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
                let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
                return Ok(Self { path: Some(path.to_owned()), query: NamedQuery::parse(&name, &text) });
            }
            find(given)?;
        }
        Ok(Self { path: None, query: NamedQuery::parse("", given) })
    }
}

/// An answer, with what a user should be told beside it.
pub struct Asked<'s> {
    /// The answer.
    pub answer: Answer<'s>,
    /// What each name among the parameters was taken for.
    pub resolved: Vec<Resolved>,
    /// Remarks on the query, as sentences: terms that the ontology does not have.
    pub notes: Vec<String>,
}

/// Splits `NAME=VALUE`.
///
/// # Errors
/// Where there is no `=` or no name.
pub fn split_parameter(text: &str) -> Result<(String, String), Error> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().trim_start_matches('?').to_owned(), value.to_owned())),
        _ => Err(Error::Parameter(text.to_owned())),
    }
}

/// Asks a question of a store, its parameters given as (name, value) and bound as terms.
///
/// # Errors
/// Where a parameter is unknown, missing or names nothing, the query is not SPARQL, or the store fails.
pub fn ask<'s>(
    store: &'s dyn GraphStore,
    question: &Question,
    given: &[(String, String)],
    mut options: QueryOptions,
) -> Result<Asked<'s>, Error> {
    let query = &question.query;
    if let Some(missing) = query.parameters.iter().find(|p| p.required && !given.iter().any(|g| g.0 == p.name)) {
        return Err(Error::MissingParameter { name: missing.name.clone(), description: missing.description.clone() });
    }
    let mut resolved = Vec::new();
    for (name, value) in given {
        let declared = query.parameters.iter().find(|p| &p.name == name);
        let known = || query.parameters.iter().map(|p| p.name.as_str());
        let variable = Variable::new(name).ok().filter(|_| declared.is_some() || query.parameters.is_empty());
        let variable = variable.ok_or_else(|| Error::UnknownParameter { name: name.clone(), meant: has(known()) })?;
        let found = resolve(store, name, value, declared.map(|p| p.kind))?;
        options.parameters.push((variable, found.term.clone()));
        resolved.push(found);
    }
    let answer = store.query(&query.text, &options).map_err(|e| in_words(question, e))?;
    Ok(Asked { answer, resolved, notes: unknown_terms(&query.text) })
}

fn has<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { String::new() } else { format!("; it has {}", names.join(", ")) }
}

/// The plan of a question, as JSON.
///
/// # Errors
/// As [`ask`].
pub fn explain(
    store: &dyn GraphStore,
    question: &Question,
    given: &[(String, String)],
    mut options: QueryOptions,
) -> Result<String, Error> {
    for (name, value) in given {
        let kind = question.query.parameters.iter().find(|p| &p.name == name).map(|p| p.kind);
        let variable = Variable::new(name).map_err(|_| Error::Parameter(name.clone()))?;
        options.parameters.push((variable, resolve(store, name, value, kind)?.term));
    }
    store.explain(&question.query.text, &options).map_err(|e| in_words(question, e))
}

/// A store's error in the words of the question.
pub(crate) fn in_words(question: &Question, error: store::Error) -> Error {
    match error {
        store::Error::Syntax(e) => {
            let name = question.path.as_ref().map(|p| p.display().to_string());
            let source_name = name.or_else(|| Some(question.query.name.clone()).filter(|n| !n.is_empty()));
            Error::Syntax { source_name, error: Box::new(syntax::explain(&question.query.text, &e.to_string())) }
        }
        store::Error::UnknownParameter { name, variables } => {
            Error::UnknownParameter { name, meant: has(variables.iter().map(String::as_str)) }
        }
        other => Error::Store(other),
    }
}
