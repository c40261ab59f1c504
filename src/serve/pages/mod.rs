//! The pages of the workbench: HTML that works without scripts, one file a page.
//!
//! A page is a handler that gets its data by [`Site::read`] and gives it to [`Frame::page`]. `maud` escapes every text that it is given; links
//! are made in `link.rs` alone.

mod article;
mod assets;
mod claim;
mod complete;
mod curate;
mod describe;
mod entity;
mod forms;
mod frame;
mod gaps;
mod graph;
mod home;
mod link;
mod list;
mod login;
mod names;
mod outcomes;
mod params;
mod passage;
mod plot;
mod rdf;
mod runs;
mod schema;
mod search;
mod sparql;
mod upload;
mod view;

pub(super) use schema::Schema;

use super::Site;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use frame::Frame;
use maud::{Markup, html};
use params::Params;
use std::sync::Arc;

/// The pages and what belongs to them.
pub(super) fn routes(site: &Arc<Site>) -> Router<Arc<Site>> {
    let mut router = Router::new()
        .route("/", get(home::page))
        .route("/claim/{*id}", get(claim::page))
        .route("/article/{*id}", get(article::page))
        .route("/entity/{*id}", get(entity::page))
        .route("/query", get(sparql::page))
        .route("/schema", get(schema::page))
        .route("/graph", get(graph::page))
        .route("/graph.json", get(graph::json))
        .route("/graph.csv", get(graph::csv))
        .route("/search", get(search::page))
        .route("/search.json", get(search::json))
        .route("/complete.json", get(complete::json))
        .route("/login", get(login::page).post(login::enter))
        .route("/logout", post(login::leave))
        .route("/curate", post(curate::decide))
        .route("/upload", get(upload::page).post(upload::take))
        .route("/upload/{number}", get(upload::state))
        .route("/runs", get(runs::page))
        .route("/gaps", get(gaps::page));
    for list in list::LISTS {
        router = router.route(&format!("/{}", list.name), get(move |s, f, p| list::page(list, s, f, p)));
    }
    for (name, _) in list::DOWNLOADS {
        for form in ["csv", "json", "ttl"] {
            if form != "ttl" || *name == "claims" || *name == "outcomes" {
                router = router.route(&format!("/{name}.{form}"), get(move |s, p| list::download(name, form, s, p)));
            }
        }
    }
    router.layer(from_fn_with_state(Arc::clone(site), frame::problems)).route("/assets/{name}", get(assets::asset))
}

/// A number with its thousands parted.
fn count(n: usize) -> String {
    let digits = n.to_string();
    let parted: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|c| std::str::from_utf8(c).ok()).collect();
    parted.join(",")
}

/// A number with what is counted.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A value of a vocabulary in words: "untraceable_only" as "untraceable only", "evi:positivelyCorrelatesWith" as "positively correlates with".
fn words(value: &str) -> String {
    let local = value.strip_prefix("evi:").or_else(|| value.strip_prefix("biolink:")).unwrap_or(value);
    let mut out = String::new();
    for c in local.chars() {
        match c {
            '_' => out.push(' '),
            c if c.is_uppercase() && out.ends_with(char::is_lowercase) => out.extend([' '].into_iter().chain(c.to_lowercase())),
            c => out.push(c),
        }
    }
    out
}

/// A text cut at a word, where it is longer than `most` characters.
fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => {
            let cut = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
            format!("{}…", &text[..cut])
        }
    }
}

/// A source status as a badge.
fn status(value: &str) -> Markup {
    html! { span class=(format!("badge {value}")) { (words(value)) } }
}

/// A command of the program, to be copied.
fn command(text: &str) -> Markup {
    html! { p.command { code { (text) } " " button type="button" class="copy" data-copy=(text) hidden { "Copy" } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_read_well() {
        assert_eq!((count(0), count(999), count(1_234_567)), ("0".into(), "999".into(), "1,234,567".into()));
        assert_eq!(words("evi:positivelyCorrelatesWith"), "positively correlates with");
        assert_eq!(words("untraceable_only"), "untraceable only");
        assert_eq!(short("one two three", 9), "one two…");
        assert_eq!(short("ééééééééé", 3), "ééé…");
    }
}
