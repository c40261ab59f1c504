//! Links: the one place where addresses are made of what articles and stores hold.

use crate::export::curie;
use crate::graph::{Base, Prefixes};
use maud::{Markup, html};
use oxigraph::model::NamedNode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What an address holds as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/').remove(b',');

/// Text as a part of an address.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The address of a claim's page, from its IRI.
pub(super) fn claim(iri: &str) -> String {
    let local = iri.rsplit_once("/claim/").filter(|(_, hash)| hash.bytes().all(|b| b.is_ascii_hexdigit())).map(|l| l.1);
    format!("/claim/{}", encode(local.unwrap_or(iri)))
}

/// The address of an article's page, from its IRI.
pub(super) fn article(iri: &str) -> String {
    format!("/article/{}", encode(&curie(iri)))
}

/// The address of an entity's page, or of anything else the store knows, from its IRI or CURIE.
pub(super) fn entity(id: &str) -> String {
    format!("/entity/{}", encode(&curie(id)))
}

/// The IRI that a part of an address stands for: an IRI, a CURIE, or for a claim the hash.
pub(super) fn iri(base: &Base, claim: bool, id: &str) -> Option<NamedNode> {
    if let Some(iri) = Prefixes::shipped().resolve(id) {
        return Some(iri);
    }
    let hash = claim && !id.is_empty() && id.bytes().all(|b| b.is_ascii_hexdigit());
    hash.then(|| base.iri(&format!("claim/{id}")))
}

/// Where a cited work or other thing of the web is found: only addresses of the web, never `javascript:` or `data:`.
pub(super) fn outward(id: &str) -> Option<String> {
    let iri = Prefixes::shipped().resolve(id)?.into_string();
    (iri.starts_with("https://") || iri.starts_with("http://")).then_some(iri)
}

/// A link that leads away, where the identifier is one that leads anywhere.
pub(super) fn away(id: &str) -> Markup {
    match outward(id) {
        Some(address) => html! { a href=(address) rel="external noreferrer noopener" { (curie(id)) } },
        None => html! { (id) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_linked() {
        assert_eq!(outward("doi:10.5555/x y").as_deref(), Some("https://doi.org/10.5555/x%20y"));
        for hostile in ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "urn:x:y", "//evil.example", "x\njavascript://a"]
        {
            assert_eq!(outward(hostile), None, "{hostile}");
            assert!(!away(hostile).into_string().contains("href"), "{hostile}");
        }
        assert_eq!(entity("a?b#c\"<>"), "/entity/a%3Fb%23c%22%3C%3E");
        assert_eq!(claim("https://w3id.org/evigraph/claim/3f2a"), "/claim/3f2a");
        assert_eq!(iri(&Base::default(), true, "3f2a").map(|n| n.into_string()).as_deref(), Some("https://w3id.org/evigraph/claim/3f2a"));
    }
}
