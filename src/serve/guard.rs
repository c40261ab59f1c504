//! What every request passes: is it meant for this server, does it come from a page that may ask, and what the answer forbids a browser.
//!
//! A page elsewhere can have its own name resolve to 127.0.0.1 (DNS rebinding) and so read a server on this machine. Its requests then name
//! another host, and that is refused: an address in digits cannot be rebound, a name must be known.

use super::{Problem, Site};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::*;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tracing::Instrument as _;

/// Pages may use what this server itself sends, and nothing else; no script or style stands inside a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

static NEXT: AtomicU64 = AtomicU64::new(1);

/// The identifier of a request: the one it brings, where that is harmless, else a new one.
fn identifier(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|v| v.to_str().ok());
    let harmless =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    given.filter(harmless).map_or_else(|| format!("{:x}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)), str::to_owned)
}

/// Lets a request pass or refuses it, and counts, logs and marks the answer.
pub(super) async fn watch(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = identifier(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let origin = allowed_origin(&site, request.headers());
    let span = tracing::info_span!("request", id = %id);
    let (mut response, how) = match check(&site, &request) {
        Err(problem) => (problem.into_response(), "refused"),
        Ok(()) if method == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) => (preflight(), "preflight"),
        Ok(()) => {
            // Inner layers that need the identifier find it where a client could have put it.
            if let Ok(value) = HeaderValue::from_str(&id) {
                request.headers_mut().insert(REQUEST_ID, value);
            }
            (next.run(request).instrument(span.clone()).await, "answered")
        }
    };
    let took = began.elapsed();
    let status = response.status().as_u16();
    site.metrics.answered(&method, route.as_deref(), status, took.as_secs_f64());
    span.in_scope(|| tracing::info!(method = %method, path = %path, status, ms = took.as_millis() as u64, "{how}"));
    mark(response.headers_mut(), &id, origin.as_ref());
    response
}

/// Whether the request is meant for this server and may be asked.
fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(Ok(host)), None, None) = (hosts.next().map(HeaderValue::to_str), hosts.next(), request.uri().host()) else {
        return Err(Problem::bad("a request needs one Host header and a path"));
    };
    if !known_host(site, host) {
        let name = printable(host_name(host));
        let message = format!("this server is not known as {name}: start it with --host {name}, or use its address in digits");
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, message));
    }
    if headers.contains_key(ORIGIN) && !same_origin(headers) && allowed_origin(site, headers).is_none() {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "pages of other origins may not ask this server: start it with --cors ORIGIN to let them",
        ));
    }
    Ok(())
}

/// The part of a text that can be shown in a message.
fn printable(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(*c)).take(100).collect()
}

/// A host without its port.
fn host_name(host: &str) -> &str {
    match host.rfind(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next().unwrap_or(host),
    }
}

fn known_host(site: &Site, host: &str) -> bool {
    let name = host_name(host);
    let digits = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    digits || name.eq_ignore_ascii_case("localhost") || site.options().hosts.iter().any(|h| h.eq_ignore_ascii_case(name))
}

/// Whether the request comes from a page of this server: its Origin names the host that it was sent to.
pub(super) fn same_origin(headers: &HeaderMap) -> bool {
    let (Some(origin), Some(host)) = (headers.get(ORIGIN), headers.get(HOST)) else { return false };
    let (Ok(origin), Ok(host)) = (origin.to_str(), host.to_str()) else { return false };
    origin.split_once("://").is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && rest.eq_ignore_ascii_case(host))
}

/// The origin of the request, where it was allowed by name or all are.
fn allowed_origin(site: &Site, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let text = origin.to_str().ok()?;
    site.options().origins.iter().any(|o| o == "*" || o.trim_end_matches('/') == text).then(|| origin.clone())
}

fn preflight() -> Response {
    let allow = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, DELETE"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "accept, authorization, content-type, x-request-id"),
        (ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, allow).into_response()
}

/// Sets the headers that every answer has.
fn mark(headers: &mut HeaderMap, id: &str, origin: Option<&HeaderValue>) {
    let fixed = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), if origin.is_some() { "cross-origin" } else { "same-origin" }),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("location, retry-after, x-request-id"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_apart() {
        assert_eq!(host_name("localhost:7878"), "localhost");
        assert_eq!(host_name("[::1]:7878"), "[::1]");
        assert_eq!(host_name("127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn an_origin_is_ours_only_whole() {
        let headers = |origin: &'static str| {
            let mut h = HeaderMap::new();
            h.insert(HOST, HeaderValue::from_static("localhost:7878"));
            h.insert(ORIGIN, HeaderValue::from_static(origin));
            h
        };
        assert!(same_origin(&headers("http://localhost:7878")));
        for other in [
            "http://localhost:7879",
            "http://localhost",
            "null",
            "http://evil.example",
            "http://localhost:7878.evil.example",
            "file://localhost:7878",
        ] {
            assert!(!same_origin(&headers(other)), "{other}");
        }
    }

    #[test]
    fn identifiers_cannot_bring_anything_along() {
        let with = |id: &str| {
            let mut h = HeaderMap::new();
            h.insert(REQUEST_ID, HeaderValue::from_str(id).expect("a value"));
            identifier(&h)
        };
        assert_eq!(with("abc-1"), "abc-1");
        assert_ne!(with("a b"), "a b");
        assert_ne!(with(&"a".repeat(65)).len(), 65);
    }
}
