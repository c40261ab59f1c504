//! SPARQL: an editor, the shipped questions, and results with labels.

use super::describe::term;
use super::frame::script;
use super::{Frame, Params, command, count, counted, view};
use crate::graph::Prefixes;
use crate::query::{self, Error, Kind, NamedQuery, Question, SyntaxError};
use crate::serve::{Problem, Site};
use crate::store::{Answer, GraphStore, QueryOptions, Store};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use oxigraph::model::Term;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

/// Rows that are shown.
const SHOWN: usize = 1000;

/// Rows that are counted.
const COUNTED: usize = 100_000;

const EXAMPLE: &str = "SELECT ?subject ?relation ?object (COUNT(?claim) AS ?claims)\nWHERE {\n  ?claim rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object .\n}\nGROUP BY ?subject ?relation ?object\nORDER BY DESC(?claims)\nLIMIT 20\n";

/// Rows as they come.
type Rows<'a> = Box<dyn Iterator<Item = Result<Vec<Option<Term>>, crate::store::Error>> + 'a>;

/// What came of a query.
struct Results {
    columns: Vec<String>,
    rows: Vec<Vec<Option<Term>>>,
    total: usize,
    notes: Vec<String>,
    labels: HashMap<String, String>,
}

enum Outcome {
    Nothing,
    Rows(Results),
    Truth(bool),
    Failed(String, Option<SyntaxError>),
}

/// The page.
pub(super) async fn page(State(site): State<Arc<Site>>, frame: Frame, params: Params) -> Result<Response, Problem> {
    let named = params.one("name");
    let (question, run) = if !named.is_empty() {
        (Question { path: None, query: query::find(named)?.clone() }, true)
    } else if !params.one("table").is_empty() {
        (Question { path: None, query: NamedQuery::parse("", &view::sparql(&params)?) }, false)
    } else {
        let text = params.0.iter().find(|p| p.0 == "query").map_or("", |p| p.1.as_str());
        (
            Question { path: None, query: NamedQuery::parse("", if text.trim().is_empty() { EXAMPLE } else { text }) },
            !text.trim().is_empty(),
        )
    };
    if question.query.text.len() > site.options().max_query {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the query is larger than this server takes"));
    }
    let given: Vec<(String, String)> = (params.0.iter())
        .filter_map(|(n, v)| Some((n.strip_prefix("p.")?.to_owned(), v.trim().to_owned())))
        .filter(|p| !p.1.is_empty())
        .collect();
    // A named question waits until what it needs is given.
    let waits = question.query.parameters.iter().any(|p| p.required && !given.iter().any(|g| g.0 == p.name)) && !named.is_empty();
    let asked = question.clone();
    let services = Arc::clone(site.services());
    let begun = Instant::now();
    let outcome = if run && !waits {
        site.read(move |store, options| Ok(outcome(store, &asked, &given, QueryOptions { services: Some(services), ..options.clone() })?))
            .await?
    } else {
        Outcome::Nothing
    };
    let took = begun.elapsed();
    let failed = matches!(outcome, Outcome::Failed(..));
    let content = html! {
        div class="facetted" {
            (shipped(named))
            div {
                @if !named.is_empty() { (asking(&question.query, &params)) }
                form action="/query" class="ask" id="ask" {
                    label for="query" { "SPARQL" }
                    textarea id="query" name="query" rows="14" spellcheck="false" autocapitalize="off" autocomplete="off"
                        data-error-line=[error_place(&outcome).map(|e| e.0)] data-error=[error_place(&outcome).map(|e| e.1)] { "\n" (question.query.text) }
                    p { button type="submit" { "Run" } " " span class="note" { "The project's prefixes need no declaration. Rows shown: the first " (count(SHOWN)) "." } }
                }
                (shown(&outcome))
                @if !failed && run && !waits { p class="note" { "In " (took.as_millis()) " ms." } (elsewhere(&frame, &question.query, &params)) }
            }
        }
        (script("editor.js"))
    };
    let page = frame.page("SPARQL", &content);
    Ok(if failed { (StatusCode::BAD_REQUEST, page).into_response() } else { page })
}

fn error_place(outcome: &Outcome) -> Option<(usize, &str)> {
    if let Outcome::Failed(_, Some(e)) = outcome { Some((e.line, &e.message)) } else { None }
}

fn outcome(store: &Store, question: &Question, given: &[(String, String)], options: QueryOptions) -> Result<Outcome, crate::store::Error> {
    let asked = match query::ask(store, question, given, options) {
        Ok(asked) => asked,
        Err(Error::Syntax { error, .. }) => return Ok(Outcome::Failed("This is not SPARQL.".to_owned(), Some(*error))),
        Err(other) => return Ok(Outcome::Failed(other.to_string(), None)),
    };
    let mut notes: Vec<String> = asked.notes;
    for r in asked.resolved.iter().filter(|r| r.label.is_some()) {
        let others = if r.others.is_empty() { String::new() } else { format!("; so are called {} too", r.others.join(", ")) };
        notes.push(format!("{} is taken for {}{others}.", r.value, r.label.as_deref().unwrap_or_default()));
    }
    let (columns, mut found): (Vec<String>, Rows<'_>) = match asked.answer {
        Answer::Boolean(truth) => return Ok(Outcome::Truth(truth)),
        Answer::Solutions(rows) => {
            (rows.variables().iter().map(|v| v.as_str().to_owned()).collect(), Box::new(rows.map(|r| Ok(r?.values().to_vec()))))
        }
        Answer::Triples(triples) => {
            let row = |t: oxigraph::model::Triple| vec![Some(t.subject.into()), Some(t.predicate.into()), Some(t.object)];
            (["subject", "predicate", "object"].map(str::to_owned).to_vec(), Box::new(triples.map(move |t| Ok(row(t?)))))
        }
    };
    let (mut rows, mut total) = (Vec::new(), 0);
    for row in found.by_ref().take(COUNTED) {
        let row = match row {
            Ok(row) => row,
            Err(error) => return Ok(Outcome::Failed(error.to_string(), None)),
        };
        total += 1;
        if rows.len() < SHOWN {
            rows.push(row);
        }
    }
    drop(found);
    let labels = labels(store, &rows)?;
    Ok(Outcome::Rows(Results { columns, rows, total, notes, labels }))
}

/// The labels of the things in the rows.
fn labels(store: &Store, rows: &[Vec<Option<Term>>]) -> Result<HashMap<String, String>, crate::store::Error> {
    let things: BTreeSet<&str> =
        rows.iter().flatten().filter_map(|t| if let Some(Term::NamedNode(n)) = t { Some(n.as_str()) } else { None }).collect();
    let mut found = HashMap::new();
    for part in things.into_iter().collect::<Vec<_>>().chunks(500) {
        let query = format!(
            "SELECT ?thing ?label {{ VALUES ?thing {{ <{}> }} {{ ?thing rdfs:label ?label }} UNION {{ ?thing dcterms:title ?label }} }}",
            part.join("> <")
        );
        if let Answer::Solutions(labels) = store.query(&query, &QueryOptions::default())? {
            for row in labels {
                let row = row?;
                if let (Some(Term::NamedNode(thing)), Some(Term::Literal(label))) = (row.get(0), row.get(1)) {
                    found.entry(thing.as_str().to_owned()).or_insert_with(|| super::short(label.value(), 120));
                }
            }
        }
    }
    Ok(found)
}

fn shown(outcome: &Outcome) -> Markup {
    match outcome {
        Outcome::Nothing => html! {},
        Outcome::Truth(truth) => html! { p role="status" class="count" { strong { (if *truth { "Yes." } else { "No." }) } } },
        Outcome::Failed(message, place) => html! {
            div class="problem" role="alert" {
                p { (message) }
                @if let Some(e) = place {
                    p { "Line " (e.line) ", column " (e.column) ": " (e.message) }
                    pre { code { mark { (e.line) " | " (e.text) } "\n" (" ".repeat(e.line.to_string().len())) " | "
                        @for c in e.text.chars().take(e.column.saturating_sub(1)) { @if c == '\t' { "\t" } @else { " " } } "^" } }
                }
            }
        },
        Outcome::Rows(r) => html! {
            @for note in &r.notes { p class="note" { (note) } }
            p role="status" aria-live="polite" class="count" {
                @if r.total > r.rows.len() { "First " (count(r.rows.len())) " of " @if r.total >= COUNTED { "at least " } (counted(r.total, "row", "rows")) }
                @else { (counted(r.total, "row", "rows")) }
            }
            @if !r.rows.is_empty() { div class="scroll" tabindex="0" role="region" aria-label="Results" { table {
                caption class="unseen" { "Results" }
                thead { tr { @for name in &r.columns { th scope="col" { (name) } } } }
                tbody { @for row in &r.rows { tr { @for cell in row { td {
                    @if let Some(t) = cell {
                        @let label = if let Term::NamedNode(n) = t { r.labels.get(n.as_str()).map(String::as_str) } else { None };
                        (term(t, label))
                    }
                } } } } }
            } } }
        },
    }
}

/// The questions that come with the program.
fn shipped(current: &str) -> Markup {
    html! {
        nav class="facets" aria-label="Shipped queries" { details open { summary { "Shipped queries" } ul class="queries" { @for q in query::shipped() {
            li { a href=(format!("/query?name={}", q.name)) aria-current=[(q.name == current).then_some("true")] title=(q.description) { (q.title) } }
        } } } details { summary { "Prefixes" } ul { @for (name, space) in Prefixes::shipped().iter() { li { code { (name) ":" } " " span class="n" { (space) } } } } } }
    }
}

/// The form for the parameters of a shipped query.
fn asking(named: &NamedQuery, params: &Params) -> Markup {
    html! {
        section class="named" {
            h2 { (named.title) }
            p { (named.description) }
            @if !named.parameters.is_empty() {
                form action="/query" class="controls" {
                    input type="hidden" name="name" value=(named.name);
                    @for p in &named.parameters {
                        label { (p.name) @if p.required { " *" } " " input name=(format!("p.{}", p.name)) value=(params.one(&format!("p.{}", p.name)))
                            required[p.required] title=(p.description) placeholder=(p.description) inputmode=[(p.kind == Kind::Number).then_some("decimal")]; }
                    }
                    button type="submit" { "Run" }
                }
                p class="note" { "Things are given by name, CURIE or address." }
            }
            (command(&named.example))
        }
    }
}

/// The same answer in other forms and from elsewhere.
fn elsewhere(frame: &Frame, asked: &NamedQuery, params: &Params) -> Markup {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let file = |form: &str| Params(vec![("query".into(), asked.text.clone()), ("format".into(), form.into())]).on("/sparql");
    let parameters: String = (params.0.iter())
        .filter(|p| p.0.starts_with("p.") && !p.1.is_empty())
        .map(|(n, v)| format!(" --param {}", quoted(&format!("{}={v}", &n[2..]))))
        .collect();
    let named = asked.name.as_str();
    let curl = format!(
        "curl http://{}/sparql -H 'Accept: text/csv' --data-urlencode {}",
        frame.host,
        quoted(&format!("query={}", asked.text.trim()))
    );
    html! {
        div class="downloads" {
            @if named.is_empty() { @for form in ["csv", "json", "tsv", "xml"] { a href=(file(form)) download=[(form == "csv").then_some("")] { (form.to_uppercase()) } } }
            details { summary { "Command" }
                (command(&if named.is_empty() { format!("evigraph query {}", quoted(asked.text.trim())) } else { format!("evigraph query {named}{parameters}") }))
                @if named.is_empty() { (command(&curl)) }
            }
        }
    }
}
