//! The pages of the workbench: HTML that works without scripts, one file a page.
//!
//! A page is a handler that gets its data by [`Site::read`] and gives a [`layout`]. `maud` escapes every text that it is given.

mod home;

use super::{Problem, Site};
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

/// What is served beside the pages: name, media type, content.
const ASSETS: &[(&str, &str, &[u8])] = &[("style.css", "text/css; charset=utf-8", include_bytes!("../../../web/style.css"))];

/// The pages and what belongs to them.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/", get(home::page)).route("/assets/{name}", get(asset))
}

/// A file that belongs to the pages. Names are looked up in a list, never on a disk.
async fn asset(axum::extract::Path(name): axum::extract::Path<String>) -> Result<Response, Problem> {
    let found = ASSETS.iter().find(|a| a.0 == name);
    let (_, media, content) = found.ok_or_else(|| Problem::missing("there is no such file"))?;
    Ok(([(CONTENT_TYPE, *media), (CACHE_CONTROL, "no-cache")], *content).into_response())
}

/// A page with this title and content, in the frame that all pages share.
pub(super) fn layout(title: &str, content: Markup) -> Html<String> {
    Html(
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) " – evigraph" }
                    link rel="stylesheet" href="/assets/style.css";
                }
                body {
                    a class="skip" href="#content" { "Skip to content" }
                    header { nav aria-label="Pages" { a href="/" { "evigraph" } } }
                    main id="content" { h1 { (title) } (content) }
                }
            }
        }
        .into_string(),
    )
}
