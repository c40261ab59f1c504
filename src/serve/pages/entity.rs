//! An entity, with its claims; and whatever else the store knows, by its statements.

use super::describe::{about, plain, statements, term};
use super::rdf::{Asked, Kind};
use super::{Frame, Params, count, link, rdf, short, status, words};
use crate::export::{curie, row_sentence};
use crate::serve::held::Line;
use crate::serve::{Problem, Site};
use crate::store::Store;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use oxigraph::model::NamedNode;
use std::sync::Arc;

/// Claims that are listed for each role.
const CLAIMS: usize = 15;

const KIND: &str = "SELECT ?kind ?label ?category { ?thing a ?kind FILTER(?kind IN (evi:Entity, evi:Article, evi:Claim))
  OPTIONAL { ?thing rdfs:label ?label } OPTIONAL { ?thing biolink:category ?category } } ORDER BY ?kind ?label LIMIT 9";

const NAMES: &str = "SELECT DISTINCT ?name { { ?thing skos:altLabel ?name } UNION { ?seen evi:ofEntity ?thing ; evi:mentionedAs ?name } } ORDER BY ?name LIMIT 60";

/// What speaks of a thing.
const USERS: &str = "SELECT DISTINCT ?user ?property {
  { ?user ?property ?thing } UNION { ?user ?thing ?object BIND(?thing AS ?property) } } LIMIT 50";

const ABOVE: &str =
    "SELECT DISTINCT ?parent ?label { ?thing rdfs:subClassOf ?parent . OPTIONAL { ?parent rdfs:label ?label } } ORDER BY ?label LIMIT 20";

/// The page of an entity or of another thing, or its RDF.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    frame: Frame,
) -> Result<Response, Problem> {
    let thing = match rdf::asked(&site, Kind::Thing, &id, &headers).await? {
        Asked::Page(thing) => thing,
        Asked::Rdf(answer) => return Ok(answer),
    };
    let held = Arc::clone(&site);
    match site.read(move |store, _| content(&held, store, &thing)).await? {
        Found::Elsewhere(path) => Ok(Redirect::to(&path).into_response()),
        Found::Page(title, content) => Ok(frame.page(&title, &content)),
        Found::Nothing => Err(Kind::Thing.missing()),
    }
}

enum Found {
    /// It has a page of its own.
    Elsewhere(String),
    Page(String, Markup),
    Nothing,
}

fn content(site: &Site, store: &Store, thing: &NamedNode) -> Result<Found, Problem> {
    let kinds = about(store, KIND, thing)?;
    let is = |name: &str| kinds.iter().any(|k| plain(k[0].as_ref()).ends_with(name));
    if is("#Claim") {
        return Ok(Found::Elsewhere(link::claim(thing.as_str())));
    }
    if is("#Article") {
        return Ok(Found::Elsewhere(link::article(thing.as_str())));
    }
    let id = curie(thing.as_str());
    let stated = statements(store, thing)?;
    let users = if stated.is_none() { about(store, USERS, thing)? } else { Vec::new() };
    if stated.is_none() && users.is_empty() {
        return Ok(Found::Nothing);
    }
    let stated = html! {
        @if let Some(stated) = stated { (stated) }
        @if !users.is_empty() { p { "The graph says nothing of it, but speaks of it:" } ul { @for row in &users {
            @if let [Some(user), Some(property)] = row.as_slice() { li { (term(user, None)) " " (term(property, None)) } }
        } } }
    };
    if !is("#Entity") {
        let content =
            html! { p { code { (id) } " " (link::away(&id)) } (stated) @if users.is_empty() { (rdf::links(&link::entity(&id))) } };
        return Ok(Found::Page(id, content));
    }
    let text = |at: usize| kinds.first().map(|k| plain(k[at].as_ref())).unwrap_or_default();
    let (label, category) = (text(1), words(&curie(&text(2))));
    let names: Vec<String> = about(store, NAMES, thing)?.iter().map(|r| plain(r[0].as_ref())).filter(|n| *n != label).collect();
    let above = about(store, ABOVE, thing)?;
    let roles = [
        ("claims", "subject", "It acts on"),
        ("claims", "object", "What acts on it"),
        ("outcomes", "intervention", "What it achieved"),
        ("outcomes", "outcome", "What changed it"),
        ("claims", "condition", "Said about it as a condition"),
    ];
    let claims = roles.map(|(table, role, heading)| claims(site, &id, table, role, heading)).into_iter().collect::<Result<Vec<_>, _>>()?;
    let content = html! {
        p { (category) " · " (link::away(&id)) " · " a href=(Params(vec![("around".into(), id.clone())]).on("/graph")) { "in the graph" } }
        @if !names.is_empty() { p class="names" { "Also: " (short(&names.join(", "), 600)) } }
        @if !above.is_empty() { p { "Is a: " @for (at, row) in above.iter().enumerate() {
            @let parent = plain(row[0].as_ref());
            @if at > 0 { ", " } a href=(link::entity(&parent)) { @if row[1].is_some() { (plain(row[1].as_ref())) } @else { (curie(&parent)) } } } } }
        @for part in &claims { (part) }
        details { summary { "All statements" } (stated) }
        (rdf::links(&link::entity(&id)))
        (super::command(&format!("evigraph show {id}")))
    };
    Ok(Found::Page(label, content))
}

/// The first claims in which the entity has a role, and where all of them are.
fn claims(site: &Site, id: &str, table: &str, role: &str, heading: &str) -> Result<Markup, Problem> {
    let (shelf, curation) = (site.shelf(table)?, site.curation()?);
    let column = format!("{role}_id");
    let at = shelf.table.column(&column).map_or(0, |c| c.0);
    let found: Vec<_> = shelf.curated(&curation).filter(|row| row[at].as_str() == id).collect();
    Ok(html! {
        @if !found.is_empty() {
            section {
                h2 { (heading) " " span class="n" { (count(found.len())) } }
                ul class="lines" { @for row in found.iter().take(CLAIMS) {
                    @let line = Line { table: &shelf.table, row };
                    @let says = if table == "claims" { row_sentence(&shelf.table, row) } else {
                        format!("{} – {}: {}", line.text("intervention_label"), line.text("outcome_label"), super::outcomes::value(line)) };
                    li { a href=(link::claim(line.text("claim_id"))) { (says.trim_start_matches(" – ")) } " " (status(line.text("source_status")))
                        @if !line.text("article_title").is_empty() { " " span class="n" { (short(line.text("article_title"), 90)) } } }
                } }
                @if found.len() > CLAIMS { p { a href=(Params(vec![(column, id.to_owned())]).on(&format!("/{table}"))) { "All " (count(found.len())) } } }
            }
        }
    })
}
