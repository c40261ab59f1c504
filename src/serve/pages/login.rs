//! Signing in with the server's token, which a cookie then keeps that no script reads and no other page sends.

use super::frame::{CURATOR, Frame};
use super::link::encode;
use super::params::Params;
use crate::serve::access::SESSION;
use crate::serve::guard::same_origin;
use crate::serve::request::{body, parameters};
use crate::serve::{Problem, Site};
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::html;
use std::sync::Arc;

/// The largest form that is read here, in bytes.
const FORM: usize = 16 << 10;

/// The form.
pub(super) async fn page(frame: Frame, params: Params) -> Response {
    form(&frame, params.one("back"), "")
}

fn form(frame: &Frame, back: &str, problem: &str) -> Response {
    let content = html! {
        @if !problem.is_empty() { p class="problem" role="alert" { (problem) } }
        @if frame.writable {
            form method="post" action="/login" class="sheet" {
                input type="hidden" name="back" value=(local(back));
                label { "Name or ORCID, kept with what you decide " input name="curator" autocomplete="username" value=(frame.curator) required maxlength="200"; }
                label { "Token of this server " input name="token" type="password" autocomplete="current-password" required; }
                button type="submit" { "Sign in" }
            }
            p class="note" { "The token was shown when the server was started, or stands in its token file." }
        } @else {
            p { "This server is read-only. Started as " code { "evigraph serve --write" } " it lets claims be decided here." }
        }
    };
    frame.page("Sign in", &content)
}

/// An address of this server to go back to; the home page in place of anything else.
pub(super) fn local(back: &str) -> &str {
    let fits = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']) && !back.contains("/login");
    if fits { back } else { "/" }
}

/// The parameters of a form that a page of this server sent.
///
/// # Errors
/// 403 where it comes from another page, 413 where it is too large.
pub(super) async fn sent(site: &Site, request: Request) -> Result<Params, Problem> {
    let (parts, content) = request.into_parts();
    if !same_origin(&parts.headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "a form must come from a page of this server"));
    }
    let bytes = body(site, &parts.headers, content, FORM).await?;
    Ok(Params(parameters(&String::from_utf8(bytes).map_err(|_| Problem::bad("the form is not UTF-8"))?)?))
}

/// Takes the token.
pub(super) async fn enter(State(site): State<Arc<Site>>, frame: Frame, request: Request) -> Result<Response, Problem> {
    let given = sent(&site, request).await?;
    let (token, curator) = (given.one("token"), given.one("curator"));
    if !site.options().token.as_ref().is_some_and(|t| site.options().write && t.admits(token)) {
        let refused = form(&frame, given.one("back"), "This is not the token of this server.");
        return Ok((StatusCode::FORBIDDEN, refused).into_response());
    }
    let keep = |name: &str, value: &str, more: &str| (SET_COOKIE, format!("{name}={}; Path=/; SameSite=Strict{more}", encode(value)));
    let cookies = AppendHeaders([keep(SESSION, token, "; HttpOnly"), keep(CURATOR, curator, "; HttpOnly; Max-Age=31536000")]);
    Ok((cookies, Redirect::to(local(given.one("back")))).into_response())
}

/// Forgets the token.
pub(super) async fn leave(headers: HeaderMap) -> Result<Response, Problem> {
    if !same_origin(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "a form must come from a page of this server"));
    }
    let gone = AppendHeaders([(SET_COOKIE, format!("{SESSION}=; Path=/; SameSite=Strict; HttpOnly; Max-Age=0"))]);
    Ok((gone, Redirect::to("/")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_back_to_this_server_alone() {
        assert_eq!(local("/gaps?level=error"), "/gaps?level=error");
        for hostile in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/x\r\nSet-Cookie: a=b"] {
            assert_eq!(local(hostile), "/", "{hostile:?}");
        }
    }
}
