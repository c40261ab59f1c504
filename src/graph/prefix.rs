//! Prefixes: CURIEs to IRIs and back, from the one list in `ontology/prefixes.ttl`.

use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The text of `ontology/prefixes.ttl`.
pub const PREFIXES_TTL: &str = include_str!("../../ontology/prefixes.ttl");

static SHIPPED: LazyLock<Prefixes> = LazyLock::new(|| Prefixes::parse(PREFIXES_TTL));

/// Names of namespaces, for writing and reading CURIEs.
///
/// ```
/// use evigraph::graph::Prefixes;
/// let prefixes = Prefixes::shipped();
/// assert_eq!(prefixes.expand("PMC:3032923").unwrap().as_str(), "http://europepmc.org/articles/PMC3032923");
/// assert_eq!(prefixes.compact("http://purl.obolibrary.org/obo/CL_0000134").unwrap(), "CL:0000134");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefixes {
    by_name: BTreeMap<String, String>,
    /// (namespace, name), the longest namespace first.
    by_namespace: Vec<(String, String)>,
}

impl Prefixes {
    /// The prefixes of `ontology/prefixes.ttl`.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads the `@prefix` lines of a Turtle text; other lines are passed over.
    pub fn parse(turtle: &str) -> Self {
        let by_name: BTreeMap<_, _> = turtle
            .lines()
            .filter_map(|line| {
                let (name, rest) = line.trim().strip_prefix("@prefix ")?.split_once(':')?;
                let namespace = rest.trim().strip_prefix('<')?.split_once('>')?.0;
                Some((name.trim().to_owned(), namespace.to_owned()))
            })
            .collect();
        let mut by_namespace: Vec<_> = by_name.iter().map(|(name, space)| (space.clone(), name.clone())).collect();
        by_namespace.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        Self { by_name, by_namespace }
    }

    /// Every (name, namespace), by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_name.iter().map(|(name, space)| (name.as_str(), space.as_str()))
    }

    /// The namespace of a prefix.
    pub fn namespace(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    /// The IRI that a CURIE stands for; `None` where its prefix is unknown. Characters that an IRI may not hold are percent-encoded.
    pub fn expand(&self, curie: &str) -> Option<NamedNode> {
        let (name, local) = curie.split_once(':')?;
        let namespace = self.namespace(name)?;
        (!local.is_empty()).then(|| NamedNode::new(format!("{namespace}{}", super::identity::encode(local))).ok())?
    }

    /// The IRI of a CURIE or of an address that already is an IRI (`https://…`, `urn:…`).
    pub fn resolve(&self, text: &str) -> Option<NamedNode> {
        let address = text.contains("://") || text.starts_with("urn:");
        if address { NamedNode::new(text).or_else(|_| NamedNode::new(super::identity::encode(text))).ok() } else { self.expand(text) }
    }

    /// The CURIE of an IRI; `None` where no namespace fits.
    pub fn compact(&self, iri: &str) -> Option<String> {
        self.by_namespace.iter().find_map(|(space, name)| {
            let local = iri.strip_prefix(space.as_str()).filter(|l| !l.is_empty())?;
            // Of `obo:` and other general namespaces only plain names are shortened, so that the way back is the same.
            (self.expand(&format!("{name}:{local}"))?.as_str() == iri).then(|| format!("{name}:{local}"))
        })
    }

    /// A writer of RDF that declares those prefixes whose namespace is wanted; forms that have none pass them over.
    pub fn serializer(&self, format: RdfFormat, wanted: impl Fn(&str) -> bool) -> RdfSerializer {
        self.iter().filter(|(_, space)| wanted(space)).fold(RdfSerializer::from_format(format), |serializer, (name, space)| {
            let plain = serializer.clone();
            serializer.with_prefix(name, space).unwrap_or(plain)
        })
    }

    /// The CURIE of an IRI, or the IRI itself where no namespace fits.
    pub fn shorten(&self, iri: &str) -> String {
        self.compact(iri).unwrap_or_else(|| iri.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = PREFIXES_TTL.lines().filter(|l| l.starts_with("@prefix")).count();
        assert_eq!(Prefixes::shipped().iter().count(), lines);
        for (name, space) in Prefixes::shipped().iter() {
            assert!(NamedNode::new(space).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_unknown_prefix_or_a_bare_word_is_no_curie() {
        let p = Prefixes::shipped();
        for text in ["nosuch:1", "IL-6", "HGNC:", ""] {
            assert_eq!(p.expand(text), None, "{text}");
        }
        assert_eq!(p.resolve("https://example.org/a b").map(|n| n.into_string()).as_deref(), Some("https://example.org/a%20b"));
    }

    proptest! {
        #[test]
        fn a_curie_survives_the_round_trip(at in 0usize..40, local in "[A-Za-z0-9]{1,12}") {
            let p = Prefixes::shipped();
            let (name, _) = p.iter().nth(at).unwrap_or(("CL", ""));
            let iri = p.expand(&format!("{name}:{local}")).map(|n| n.into_string()).unwrap_or_default();
            let back = p.compact(&iri).unwrap_or_default();
            prop_assert_eq!(p.expand(&back).map(|n| n.into_string()), Some(iri));
        }

        #[test]
        fn any_text_expands_to_an_iri_or_nothing(local in "\\PC{0,20}") {
            if let Some(iri) = Prefixes::shipped().expand(&format!("doi:{local}")) {
                prop_assert!(NamedNode::new(iri.as_str()).is_ok());
            }
        }
    }
}
