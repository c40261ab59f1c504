//! The frame that all pages share: head, navigation, jump box, who is signed in.

use super::assets;
use super::params::Params;
use crate::serve::access::cookie;
use crate::serve::problem::Told;
use crate::serve::{MayWrite, Site, accept};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderName;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use std::convert::Infallible;
use std::sync::Arc;

/// The cookie with the name of who decides.
pub(super) const CURATOR: &str = "evigraph-curator";

const PAGES: &[(&str, &str)] = &[
    ("/", "Home"),
    ("/gaps", "Gaps"),
    ("/claims", "Claims"),
    ("/outcomes", "Outcomes"),
    ("/articles", "Articles"),
    ("/entities", "Entities"),
    ("/graph", "Graph"),
    ("/query", "SPARQL"),
    ("/schema", "Schema"),
    ("/runs", "Runs"),
];

/// Who asks for a page, and where.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Whether the server may be written at all.
    pub(super) writable: bool,
    /// Whether who asks may write.
    pub(super) may: bool,
    /// The name of who decides.
    pub(super) curator: String,
    /// The path of the page.
    pub(super) path: String,
    /// Its address, parameters included.
    pub(super) here: String,
    /// The host by which the server is reached.
    pub(super) host: String,
}

impl FromRequestParts<Arc<Site>> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Infallible> {
        let MayWrite(may) = MayWrite::from_request_parts(parts, site).await?;
        let host = parts.headers.get(axum::http::header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
        Ok(Self {
            writable: site.options().write,
            may,
            curator: cookie(&parts.headers, CURATOR).unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            here: parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            host: host.to_owned(),
        })
    }
}

impl Frame {
    /// The page with this title and content.
    pub(super) fn page(&self, title: &str, content: &Markup) -> Response {
        Html(self.markup(title, content).into_string()).into_response()
    }

    /// A page that a browser asks for again by itself, because what it shows is not computed yet.
    pub(super) fn wait(&self, title: &str, what: &str) -> Response {
        let content = html! { p role="status" { progress aria-label="Working" {} " " (what) } };
        ([(HeaderName::from_static("refresh"), "2")], self.page(title, &content)).into_response()
    }

    fn markup(&self, title: &str, content: &Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) " – evigraph" }
                    link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                    link rel="stylesheet" href="/assets/style.css";
                    script type="module" src="/assets/workbench.js" {}
                }
                body {
                    a class="skip" href="#content" { "Skip to content" }
                    header {
                        a class="brand" href="/" { "evigraph" }
                        nav aria-label="Pages" { ul {
                            @for (path, name) in PAGES.iter().skip(1) {
                                li { a href=(path) aria-current=[(self.path == *path).then_some("page")] { (name) } }
                            }
                            @if self.writable { li { a href="/upload" aria-current=[(self.path == "/upload").then_some("page")] { "Add" } } }
                        } }
                        form class="jump" role="search" action="/search" {
                            label { span class="unseen" { "Find an article, claim or entity" }
                                input type="search" name="q" id="jump" placeholder="Find …" autocomplete="off" required; }
                            button type="submit" { "Go" }
                        }
                        @if self.writable { (self.person()) }
                    }
                    main id="content" tabindex="-1" { h1 { (title) } (content) }
                    footer { p { "evigraph " (env!("CARGO_PKG_VERSION")) " · " a href="/.well-known/void" { "VoID" } " · "
                        a href="/sparql" { "SPARQL endpoint" } span class="keys-hint" hidden { " · " button type="button" id="keys" { "Keys (?)" } } } }
                }
            }
        }
    }

    fn person(&self) -> Markup {
        let back = Params(vec![("back".to_owned(), self.here.clone())]);
        html! {
            div class="person" {
                @if self.may {
                    form method="post" action="/logout" { span { (self.curator) } " " button type="submit" { "Sign out" } }
                } @else {
                    a href=(back.on("/login")) { "Sign in" }
                }
            }
        }
    }
}

/// Shows the problems of pages as pages.
pub(super) async fn problems(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let page = accept::names_html(request.headers());
    let (mut parts, body) = request.into_parts();
    let Ok(frame) = Frame::from_request_parts(&mut parts, &site).await;
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(Told(message)) = response.extensions().get::<Told>().filter(|_| page).cloned() else { return response };
    let title = response.status().canonical_reason().unwrap_or("Problem");
    let content = html! {
        p class="problem" role="alert" { (message) }
        p { a href="/" { "Home" } }
    };
    let (mut head, _) = response.into_parts();
    head.headers.remove(axum::http::header::CONTENT_TYPE);
    head.headers.remove(axum::http::header::CONTENT_LENGTH);
    (head.status, head.headers, frame.page(title, &content)).into_response()
}

/// A script that a page needs beside the one that all share; nothing in a build without it.
pub(super) fn script(name: &str) -> Markup {
    html! { @if assets::has(name) { script type="module" src=(format!("/assets/{name}")) {} } }
}
