//! Who may write: those who show the server's token, which is compared in constant time.

use super::guard::same_origin;
use super::{Problem, Site};
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The cookie in which a browser keeps the token.
pub(super) const SESSION: &str = "evigraph-token";

/// The secret that allows writing; it never shows itself.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// The token with this text, space around it left out; `None` where it has fewer than 16 characters, which could be guessed.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() >= 16).then(|| Self(Sha256::digest(text).into()))
    }

    /// A new random token, with its text.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub fn random() -> std::io::Result<(Self, String)> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        let text: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        Ok((Self(Sha256::digest(&text).into()), text))
    }

    /// Whether `given` is the token; the time it takes tells nothing of how much of it is right.
    pub fn admits(&self, given: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(given.trim()).into();
        self.0.ct_eq(&given).into()
    }
}

/// Whether these headers allow writing: the token as a bearer, or in the session cookie of a page of this very server.
fn admitted(site: &Site, headers: &HeaderMap) -> bool {
    let Some(token) = &site.options().token else { return false };
    let bearer = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| {
        let (scheme, rest) = v.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(rest)
    });
    if let Some(given) = bearer {
        return token.admits(given);
    }
    session(headers).is_some_and(|given| token.admits(&given))
}

/// The token in the session cookie.
fn session(headers: &HeaderMap) -> Option<String> {
    cookie(headers, SESSION)
}

/// The value of a cookie, which is percent-encoded.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    let found = cookies.flat_map(|v| v.split(';')).find_map(|c| c.trim().strip_prefix(name)?.strip_prefix('='))?;
    percent_encoding::percent_decode_str(found).decode_utf8().ok().map(Into::into)
}

/// A request that may write: an extractor that handlers of writes take first.
#[derive(Debug, Clone, Copy)]
pub struct Writer(());

impl FromRequestParts<Arc<Site>> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        if !site.options().write {
            return Err(Problem::new(StatusCode::FORBIDDEN, "this server is read-only: start it with --write to let it be written"));
        }
        // A browser sends the cookie by itself, whichever page asks: then the page must be one of ours.
        let by_cookie = !parts.headers.contains_key(AUTHORIZATION) && session(&parts.headers).is_some();
        if by_cookie && !same_origin(&parts.headers) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "a write by cookie must come from a page of this server"));
        }
        if admitted(site, &parts.headers) { Ok(Self(())) } else { Err(Problem::token()) }
    }
}

/// Whether the request shows the token and the server may be written: an extractor for pages, which then offer to write.
#[derive(Debug, Clone, Copy)]
pub struct MayWrite(pub bool);

impl FromRequestParts<Arc<Site>> for MayWrite {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Self::Rejection> {
        Ok(Self(site.options().write && admitted(site, &parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_is_admitted() {
        let token = Token::new(" correct-horse-battery \n").expect("long enough");
        assert!(token.admits("correct-horse-battery"));
        assert!(!token.admits("correct-horse-batter") && !token.admits(""));
        assert!(Token::new("short").is_none());
        assert_eq!(format!("{token:?}"), "Token(…)");
        let (a, text) = Token::random().expect("randomness");
        assert!(a.admits(&text) && text.len() == 48 && !Token::random().expect("randomness").0.admits(&text));
    }
}
