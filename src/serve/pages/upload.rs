//! Articles added from the page: pasted text or a file, read while one waits.

use super::{Frame, command, counted, link};
use crate::serve::guard::same_origin;
use crate::serve::request::body;
use crate::serve::uploads::State as Progress;
use crate::serve::{Problem, Site, Writer};
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::header::HeaderName;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// The largest upload, in bytes.
const LARGEST: usize = 64 << 20;

/// The form.
pub(super) async fn page(frame: Frame) -> Response {
    let content = html! {
        @if frame.may {
            form method="post" action="/upload" enctype="multipart/form-data" class="sheet" {
                label { "A file: text, Markdown, HTML, XML (JATS, PubMed, BioC), PDF or Word " input type="file" name="file"; }
                label { "or the text itself " textarea name="text" rows="12" spellcheck="false" {} }
                button type="submit" { "Read it" }
            }
            p class="note" { "An article that the store holds already, by its DOI or other identifier, is replaced; what was decided on its claims stays." }
        } @else if frame.writable {
            p { a href="/login?back=/upload" { "Sign in" } " to add an article." }
        } @else {
            p { "This server is read-only. Articles are added from the command line:" }
        }
        (command("evigraph ingest ARTICLES…"))
    };
    frame.page("Add an article", &content)
}

/// Takes an upload and leads to its state.
pub(super) async fn take(State(site): State<Arc<Site>>, _: Writer, request: Request) -> Result<Response, Problem> {
    if !same_origin(request.headers()) && !request.headers().contains_key(axum::http::header::AUTHORIZATION) {
        return Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "a form must come from a page of this server"));
    }
    let (parts, content) = request.into_parts();
    let most = site.options().max_body.min(LARGEST);
    let bytes = body(&site, &parts.headers, content, most).await?;
    let wrong = |e: String| Problem::bad(format!("the form cannot be read: {e}"));
    let request = Request::from_parts(parts, bytes.into());
    let mut form = Multipart::from_request(request, &site).await.map_err(|e| wrong(e.to_string()))?;
    let mut given: Option<(String, Vec<u8>)> = None;
    while let Some(field) = form.next_field().await.map_err(|e| wrong(e.to_string()))? {
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|e| wrong(e.to_string()))?;
        if given.is_none() && !bytes.iter().all(u8::is_ascii_whitespace) {
            given = Some((if name.is_empty() { "pasted.md".to_owned() } else { name }, bytes.into()));
        }
    }
    let (name, bytes) = given.ok_or_else(|| Problem::bad("nothing was given: choose a file or paste the text"))?;
    Ok(Redirect::to(&format!("/upload/{}", site.upload(name, bytes))).into_response())
}

/// How far an upload is; a browser asks again by itself until it is read, and then lands on the article.
pub(super) async fn state(State(site): State<Arc<Site>>, Path(number): Path<u64>, frame: Frame) -> Result<Response, Problem> {
    let again = |seconds: &'static str| [(HeaderName::from_static("refresh"), seconds)];
    let shown = |content: &Markup| frame.page("Reading", content);
    Ok(match site.uploads.state(number).ok_or_else(|| Problem::missing("there is no such upload"))? {
        Progress::Under(what) => {
            let content = html! { p role="status" { progress aria-label="Reading" {} " The article was received; now " (what) "." } };
            (again("1"), shown(&content)).into_response()
        }
        Progress::Done(found) => match found.as_slice() {
            [one] => Redirect::to(&link::article(&one.iri)).into_response(),
            many => shown(&html! {
                p role="status" { (counted(many.len(), "article was read.", "articles were read.")) }
                ul { @for one in many { li { a href=(link::article(&one.iri)) { (one.title) } ": " (counted(one.claims, "claim", "claims")) } } }
            }),
        },
        Progress::Failed(why) => shown(&html! { p class="problem" role="alert" { (why) } p { a href="/upload" { "Try another" } } }),
    })
}
