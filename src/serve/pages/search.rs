//! The jump box: an identifier leads to its page, words lead to what holds them.

use super::{Frame, Params, count, link, short, words};
use crate::export::{curie, row_sentence};
use crate::graph::Prefixes;
use crate::serve::held::Line;
use crate::serve::{Problem, Site};
use axum::extract::State;
use axum::response::{IntoResponse, Json, Redirect, Response};
use maud::html;
use serde_json::{Value, json};
use std::sync::Arc;

/// Hits that are shown of a kind.
const HITS: usize = 12;

/// Something that holds the words.
struct Hit {
    kind: &'static str,
    name: String,
    about: String,
    link: String,
    /// Smaller is better.
    rank: (usize, usize),
}

/// What holds every word, best first within its kind: entities by name, articles by title, claims by quote.
fn hits(site: &Site, text: &str) -> Result<Vec<Hit>, Problem> {
    let wanted: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let mut all = Vec::new();
    if wanted.is_empty() {
        return Ok(all);
    }
    let whole = wanted.join(" ");
    let rank = |name: &str| {
        let name = name.to_lowercase();
        let begins =
            |w: &String| name.split(|c: char| !c.is_alphanumeric()).any(|p| p.starts_with(w.as_str())) || name.starts_with(w.as_str());
        match () {
            () if name == whole => Some(0),
            () if name.starts_with(&whole) => Some(1),
            () if wanted.iter().all(begins) => Some(2),
            () => wanted.iter().all(|w| name.contains(w.as_str())).then_some(3),
        }
    };
    for (table, kind, named) in [("entities", "entity", "label"), ("articles", "article", "title"), ("claims", "claim", "quote")] {
        let shelf = site.shelf(table)?;
        let mut found: Vec<Hit> = Vec::new();
        for row in &shelf.rows {
            let line = Line { table: &shelf.table, row };
            let Some(best) = rank(line.text(named)).or_else(|| (line.text("entity_id").to_lowercase() == whole).then_some(0)) else {
                continue;
            };
            let hit = |name: &str, about: String, link: String, weight: usize| Hit {
                kind,
                name: short(name, 200),
                about,
                link,
                rank: (best, weight),
            };
            let uses = usize::MAX - line.text("mentions").parse::<usize>().unwrap_or_default();
            found.push(match kind {
                "entity" => hit(
                    line.text("label"),
                    format!("{} {}", line.text("entity_id"), words(line.text("category"))),
                    link::entity(line.text("entity_id")),
                    uses,
                ),
                "article" => hit(line.text("title"), curie(line.text("article_id")), link::article(line.text("article_id")), 0),
                _ => hit(&row_sentence(&shelf.table, row), short(line.text("quote"), 200), link::claim(line.text("claim_id")), 0),
            });
        }
        found.sort_by_key(|h| h.rank);
        found.truncate(HITS);
        all.extend(found);
    }
    Ok(all)
}

/// Where an identifier leads.
fn straight(site: &Site, text: &str) -> Option<String> {
    let hash = text.len() >= 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hash {
        return Some(format!("/claim/{text}"));
    }
    let iri = Prefixes::shipped().resolve(text)?;
    let base = crate::store::GraphStore::base(&**site.store()).as_str();
    Some(if iri.as_str().starts_with(&format!("{base}claim/")) { link::claim(iri.as_str()) } else { link::entity(iri.as_str()) })
}

/// The page of what was found; an identifier leads on.
pub(super) async fn page(State(site): State<Arc<Site>>, frame: Frame, params: Params) -> Result<Response, Problem> {
    if let Some(path) = straight(&site, params.one("q")) {
        return Ok(Redirect::to(&path).into_response());
    }
    let (held, asked) = (Arc::clone(&site), params.clone());
    let found = site.read(move |_, _| hits(&held, asked.one("q"))).await?;
    let all = |path: &str| Params(vec![("q".into(), params.one("q").to_owned())]).on(path);
    let content = html! {
        p role="status" aria-live="polite" class="count" { @if found.is_empty() { "Nothing holds all of these words." } @else { "Best of what holds all words: " (count(found.len())) } }
        @for (kind, heading, path) in [("entity", "Entities", "/entities"), ("article", "Articles", "/articles"), ("claim", "Claims", "/claims")] {
            @if found.iter().any(|h| h.kind == kind) { section {
                h2 { (heading) " " a class="n" href=(all(path)) { "all" } }
                ul class="lines" { @for hit in found.iter().filter(|h| h.kind == kind) { li data-row { a class="open" href=(hit.link) { (hit.name) } " " span class="n" { (hit.about) } } } }
            } }
        }
    };
    Ok(frame.page(&format!("Search: {}", short(params.one("q"), 80)), &content))
}

/// The same for the jump box as one types.
pub(super) async fn json(State(site): State<Arc<Site>>, params: Params) -> Result<Json<Value>, Problem> {
    let held = Arc::clone(&site);
    let found = site.read(move |_, _| hits(&held, params.one("q"))).await?;
    Ok(Json(found.iter().map(|h| json!({ "kind": h.kind, "name": h.name, "about": h.about, "link": h.link })).collect()))
}
