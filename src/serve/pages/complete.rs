//! What the editor completes with: the store's prefixes, classes and properties at once, its entities by the letters typed.

use super::{Params, words};
use crate::graph::Prefixes;
use crate::serve::held::Line;
use crate::serve::{Problem, Site};
use axum::extract::State;
use axum::response::Json;
use serde_json::{Value, json};
use std::sync::Arc;

/// Entities that are offered.
const OFFERED: usize = 30;

/// With `q`, entities whose name begins with it or has a word that does; without, everything else.
pub(super) async fn json(State(site): State<Arc<Site>>, params: Params) -> Result<Json<Value>, Problem> {
    let held = Arc::clone(&site);
    let offered = site
        .read(move |_, _| match params.one("q") {
            "" => vocabulary(&held),
            typed => entities(&held, &typed.to_lowercase()),
        })
        .await?;
    Ok(Json(offered))
}

fn vocabulary(site: &Site) -> Result<Value, Problem> {
    let schema = site.schema()?;
    let parts = |list: &[super::schema::Part]| -> Vec<Value> {
        list.iter().map(|p| json!({ "name": p.name, "label": p.label, "about": p.comment, "count": p.count })).collect()
    };
    let prefixes: Vec<Value> = Prefixes::shipped().iter().map(|(name, space)| json!({ "name": name, "space": space })).collect();
    Ok(json!({ "prefixes": prefixes, "classes": parts(&schema.classes), "properties": parts(&schema.properties) }))
}

fn entities(site: &Site, typed: &str) -> Result<Value, Problem> {
    let shelf = site.shelf("entities")?;
    let mut found: Vec<(bool, std::cmp::Reverse<usize>, Line<'_>)> = Vec::new();
    for row in &shelf.rows {
        let line = Line { table: &shelf.table, row };
        let (name, id) = (line.text("label").to_lowercase(), line.text("entity_id").to_lowercase());
        let first = name.starts_with(typed) || id.starts_with(typed);
        if first || name.split(|c: char| !c.is_alphanumeric()).any(|w| w.starts_with(typed)) {
            found.push((!first, std::cmp::Reverse(line.text("mentions").parse().unwrap_or_default()), line));
        }
    }
    found.sort_by_key(|f| (f.0, f.1));
    let offered = found
        .iter()
        .take(OFFERED)
        .map(|(_, _, l)| json!({ "name": l.text("entity_id"), "label": l.text("label"), "about": words(l.text("category")) }));
    Ok(json!({ "entities": offered.collect::<Vec<_>>() }))
}
