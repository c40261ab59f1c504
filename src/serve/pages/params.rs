//! What a page is asked: the parameters of its address, and addresses that change one of them.

use super::Site;
use super::link::encode;
use crate::serve::{Problem, request};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// The parameters of an address, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Params(pub(super) Vec<(String, String)>);

impl FromRequestParts<Arc<Site>> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Site>) -> Result<Self, Problem> {
        Ok(Self(request::parameters(parts.uri.query().unwrap_or_default())?))
    }
}

impl Params {
    /// The first value of a parameter, without spaces around it; nothing where it is not given.
    pub(super) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|p| p.0 == name).map_or("", |p| p.1.trim())
    }

    /// A number, `otherwise` where there is none.
    pub(super) fn number(&self, name: &str, otherwise: usize) -> usize {
        self.one(name).parse().unwrap_or(otherwise)
    }

    /// The parameters with one of them set; an empty value takes it out.
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut all = self.without(name);
        if !value.is_empty() {
            all.0.push((name.to_owned(), value.to_owned()));
        }
        all
    }

    /// The parameters without one of them.
    pub(super) fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|p| p.0 != name).cloned().collect())
    }

    /// The address `path` with these parameters; empty ones are left out.
    pub(super) fn on(&self, path: &str) -> String {
        let given: Vec<String> = self.0.iter().filter(|p| !p.1.is_empty()).map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_what_they_do_not_change() {
        let params = Params(request::parameters("q=a+b&relation=evi%3Adecreases&page=3").expect("UTF-8"));
        assert_eq!((params.one("q"), params.number("page", 1), params.one("none")), ("a b", 3, ""));
        assert_eq!(params.with("relation", "x&y").without("page").on("/claims"), "/claims?q=a%20b&relation=x%26y");
        assert_eq!(params.without("q").without("relation").without("page").on("/claims"), "/claims");
    }
}
