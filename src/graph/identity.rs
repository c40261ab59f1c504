//! Identity: the IRIs of articles, claims, works, entities and entries, the same at every reading.

use super::Prefixes;
use crate::annotate::Entity;
use crate::document::{Document, Identifiers, Reference};
use crate::extract::{Argument, Assertion, Claim, Measurement};
use oxigraph::model::NamedNode;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::Path;

/// The base under which instances lie where none is given.
pub const DEFAULT_BASE: &str = "https://w3id.org/evigraph/";

/// The base is no absolute IRI that ends in `/` or `#`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be the base of the graph's names: give an absolute IRI that ends in / or #, such as {DEFAULT_BASE}")]
pub struct BaseError(String);

/// The IRI under which the graph's own names lie (`--base`).
///
/// ```
/// use evigraph::graph::Base;
/// assert_eq!(Base::default().entities_graph().as_str(), "https://w3id.org/evigraph/graph/entities");
/// assert!(Base::new("clinic").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Base(String);

impl Default for Base {
    fn default() -> Self {
        Self(DEFAULT_BASE.to_owned())
    }
}

impl Base {
    /// The base `iri`.
    ///
    /// # Errors
    /// Where it is no absolute IRI that ends in `/` or `#`.
    pub fn new(iri: &str) -> Result<Self, BaseError> {
        let fits = NamedNode::new(iri).is_ok() && iri.contains("://") && iri.ends_with(['/', '#']);
        if fits { Ok(Self(iri.to_owned())) } else { Err(BaseError(iri.to_owned())) }
    }

    /// The base as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The IRI `local` under the base.
    pub fn iri(&self, local: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}{local}", self.0))
    }

    /// The graph of labels, categories, cross-references and parents of the entities in use.
    pub fn entities_graph(&self) -> NamedNode {
        self.iri("graph/entities")
    }

    /// The graph of descriptions of cited works.
    pub fn works_graph(&self) -> NamedNode {
        self.iri("graph/works")
    }

    /// The graph of the plain triples.
    pub fn edges_graph(&self) -> NamedNode {
        self.iri("graph/edges")
    }

    /// The graph of statements over all articles.
    pub fn assembly_graph(&self) -> NamedNode {
        self.iri("graph/assembly")
    }

    /// The graph of what people decided.
    pub fn curation_graph(&self) -> NamedNode {
        self.iri("graph/curation")
    }

    /// The graph of the ontology.
    pub fn ontology_graph(&self) -> NamedNode {
        self.iri("graph/ontology")
    }
}

/// Percent-encodes the characters that an IRI may not hold, and `%` where no two hexadecimal digits follow.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let hex = |n: usize| text.as_bytes().get(at + n).is_some_and(u8::is_ascii_hexdigit);
        let code = u32::from(c);
        let bad = c <= ' '
            || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`' | '[' | ']' | '#' | '\u{7f}')
            || (c == '%' && !(hex(1) && hex(2)))
            || (0x80..0xa0).contains(&code)
            || (0xe000..0xf900).contains(&code)
            || (0xfdd0..0xfdf0).contains(&code)
            || code >= 0xfff0 && code & 0xffff >= 0xfff0
            || (0xe0000..0xe1000).contains(&code)
            || code >= 0xf0000;
        if bad {
            let mut bytes = [0; 4];
            for b in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{b:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The SHA-256 of a text, in hexadecimal digits.
pub fn content_hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// The first 128 bits of the SHA-256 of `parts`, each set apart from the next.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize()[..16])
}

/// The IRI of an article: of the identifier given, else of what it declares (DOI, PMCID, PMID, URL), else of its source path relative
/// to the working folder. Never of its content: an edited article is the same article.
pub fn article_iri(document: &Document, base: &Base) -> NamedNode {
    let id = document.id();
    Prefixes::shipped().resolve(&id).unwrap_or_else(|| {
        let path = Path::new(&id);
        let here = if path.is_absolute() { std::env::current_dir().ok() } else { None };
        let relative = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).map(|p| p.to_string_lossy().into_owned());
        let relative = relative.unwrap_or(id);
        base.iri(&format!(
            "article/{}",
            encode(&relative.trim_start_matches("./").trim_start_matches('/').replace('\\', "/").replace('?', "%3F"))
        ))
    })
}

/// The IRI of a claim: a hash of its article's IRI, its quote, the words of subject, relation and object, negation, aspect and measurement.
///
/// Groundings do not count: a better lexicon changes what a subject resolves to, not which claim it is. Where the very quote stands in the
/// article more than once, the number of its earlier places counts too, so that both are kept.
pub fn claim_iri(document: &Document, claim: &Claim, base: &Base) -> NamedNode {
    let article = article_iri(document, base);
    let quote = quote(document, claim);
    let earlier = document.text.get(..claim.quote.start).map_or(0, |t| memchr::memmem::find_iter(t.as_bytes(), quote).count());
    let earlier = if earlier == 0 || quote.is_empty() { String::new() } else { earlier.to_string() };
    let words = |argument: Option<&Argument>| argument.map_or("", |a| a.text.as_str()).to_owned();
    let (subject, relation, object, aspect, numbers) = match &claim.assertion {
        Assertion::Mechanism { subject, relation, object, aspect } => {
            (subject.text.clone(), relation.term(), object.text.clone(), aspect.clone().unwrap_or_default(), String::new())
        }
        Assertion::Outcome { intervention, outcome, measurement } => {
            (words(intervention.as_ref()), "outcome", outcome.text.clone(), String::new(), measured(measurement))
        }
    };
    let negated = if claim.negated { "not" } else { "" };
    base.iri(&format!("claim/{}", digest([article.as_str(), quote, &subject, relation, &object, negated, &aspect, &numbers, &earlier])))
}

/// The verbatim quote of a claim; empty where its span does not lie in the text.
pub(super) fn quote<'a>(document: &'a Document, claim: &Claim) -> &'a str {
    document.text.get(claim.quote.start..claim.quote.end).unwrap_or_default()
}

/// A measurement as one line, for hashing.
fn measured(m: &Measurement) -> String {
    let mut out = format!("{} {:?} {:?} {:?} {:?}", m.measure.as_str(), m.value, m.bound, m.unit, m.direction);
    if let Some(t) = &m.time {
        let _ = write!(out, " at {:?} {}", t.value, t.unit);
    }
    let _ = write!(out, " {:?} {:?} {:?} {:?} {:?} {:?} {:?}", m.baseline, m.ci, m.sd, m.sample_size, m.share, m.p_value, m.instrument);
    if let Some(c) = &m.comparator {
        let _ = write!(out, " {} {:?} {:?}", c.label, c.value, c.unit);
    }
    out
}

/// The IRI of a reference entry: the article's and the key's; `copy` tells entries of one key apart (0 for the first).
pub fn entry_iri(article: &NamedNode, key: &str, copy: usize, base: &Base) -> NamedNode {
    local("entry", article, key, copy, base)
}

fn local(kind: &str, article: &NamedNode, key: &str, copy: usize, base: &Base) -> NamedNode {
    let copy = if copy == 0 { String::new() } else { format!("~{}", copy + 1) };
    base.iri(&format!("{kind}/{}/{}{copy}", digest([article.as_str()]), encode(&key.replace('/', "%2F").replace('?', "%3F"))))
}

/// The IRI of a cited work: of its DOI, PMID, PMCID, trial or arXiv number where it has one (two articles that cite it meet there), else a
/// local one made from the article and the key.
pub fn work_iri(article: &NamedNode, reference: &Reference, copy: usize, base: &Base) -> NamedNode {
    identifier_iri(&reference.identifiers, base).unwrap_or_else(|| local("work", article, &reference.key, copy, base))
}

/// The IRI of the best persistent identifier: DOI, PMID, PMCID, trial, arXiv.
pub fn identifier_iri(ids: &Identifiers, base: &Base) -> Option<NamedNode> {
    let prefixes = Prefixes::shipped();
    let curie = |prefix: &str, local: &str| prefixes.expand(&format!("{prefix}:{local}"));
    (ids.doi.as_ref().and_then(|d| curie("doi", d)))
        .or_else(|| ids.pmid.as_ref().and_then(|p| curie("PMID", p)))
        .or_else(|| ids.pmcid.as_ref().and_then(|p| curie("PMC", p.trim_start_matches("PMC"))))
        .or_else(|| ids.trial.as_ref().and_then(|t| if t.starts_with("NCT") { curie("CLINICALTRIALS", t) } else { None }))
        .or_else(|| ids.trial.as_ref().map(|t| base.iri(&format!("trial/{}", encode(t)))))
        .or_else(|| ids.arxiv.as_ref().and_then(|a| curie("arXiv", a)))
}

/// The IRI of an entity: of its ontology where it is grounded, else `…/entity/<slug>` made from its label.
pub fn entity_iri(entity: &Entity, base: &Base) -> NamedNode {
    let grounded = entity.id.as_ref().and_then(|id| Prefixes::shipped().resolve(id));
    grounded.unwrap_or_else(|| base.iri(&format!("entity/{}", slug(entity.id.as_ref().unwrap_or(&entity.label)))))
}

/// The longest slug before it is cut and made unique by a hash.
const SLUG: usize = 80;

/// A label as one word: lower case, letters and digits joined by `-`, with the plus and minus of cell markers kept ("cd4-plus-t-cells").
pub fn slug(label: &str) -> String {
    let mut words = String::new();
    let mut chars = label.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let ends = chars.peek().is_none_or(|n| !n.is_alphanumeric());
        match c {
            '+' => words.push_str(" plus "),
            '-' | '−' if ends && last.is_alphanumeric() => words.push_str(" minus "),
            c if c.is_alphanumeric() => words.extend(c.to_lowercase()),
            _ => words.push(' '),
        }
        last = c;
    }
    let slug = encode(&words.split_whitespace().collect::<Vec<_>>().join("-"));
    if slug.is_empty() || slug.len() > SLUG {
        let head: String = slug.chars().take(SLUG / 4).filter(|c| *c != '%').collect();
        return format!("{head}~{}", &digest([label])[..12]);
    }
    slug
}

/// The IRI of a version of this program, as the agent of a reading.
pub fn software_iri(version: &str, base: &Base) -> NamedNode {
    base.iri(&format!("software/evigraph-{}", encode(version)))
}

/// The IRI of a thing that belongs to another one: its measurement, evidence or selector, or an entity's occurrence in an article.
pub(super) fn part_iri(kind: &str, whole: &NamedNode, part: &str, base: &Base) -> NamedNode {
    match whole.as_str().strip_prefix(&format!("{}claim/", base.as_str())) {
        Some(hash) if part.is_empty() => base.iri(&format!("{kind}/{hash}")),
        _ => base.iri(&format!("{kind}/{}", digest([whole.as_str(), part]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;
    use proptest::prelude::*;

    fn article(id: &str) -> String {
        let mut d = Document::new("notes/./a b#1.md", Format::Markdown);
        d.given_id = (!id.is_empty()).then(|| id.to_owned());
        article_iri(&d, &Base::default()).into_string()
    }

    #[test]
    fn a_content_hash_is_the_sha_256_of_the_text() {
        // The example of FIPS 180-2, B.1.
        assert_eq!(content_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn articles_are_named_by_what_they_declare() {
        assert_eq!(article("doi:10.1000/x"), "https://doi.org/10.1000/x");
        assert_eq!(article("https://example.org/a"), "https://example.org/a");
        assert_eq!(article(""), "https://w3id.org/evigraph/article/notes/./a%20b%231.md");
        assert_eq!(article("./clinic.md"), "https://w3id.org/evigraph/article/clinic.md");
    }

    #[test]
    fn works_meet_at_their_identifier() {
        let base = Base::default();
        let iri = |text: &str| identifier_iri(&Identifiers::find(text), &base).map(NamedNode::into_string);
        assert_eq!(iri("PMID: 12345678").as_deref(), Some("http://www.ncbi.nlm.nih.gov/pubmed/12345678"));
        assert_eq!(iri("NCT01234567").as_deref(), Some("http://identifiers.org/clinicaltrials/NCT01234567"));
        assert_eq!(iri("DRKS00001234").as_deref(), Some("https://w3id.org/evigraph/trial/DRKS00001234"));
        assert_eq!(iri("Smith, internal data"), None);
    }

    #[test]
    fn slugs_keep_what_tells_entities_apart() {
        assert_eq!(slug("CD4+ T cells"), "cd4-plus-t-cells");
        assert_eq!(slug("CD4- T cells"), "cd4-minus-t-cells");
        assert_eq!(slug("TGF-β1 / Smad3"), "tgf-β1-smad3");
        assert_ne!(slug("%"), slug("&"));
    }

    proptest! {
        #[test]
        fn every_name_is_an_iri(text in "\\PC{0,120}") {
            let base = Base::default();
            let entity = Entity { id: None, label: text.clone(), category: crate::annotate::Category::NamedThing };
            prop_assert!(NamedNode::new(entity_iri(&entity, &base).as_str()).is_ok());
            let article = base.iri("article/a");
            prop_assert!(NamedNode::new(entry_iri(&article, &text, 1, &base).as_str()).is_ok());
            let mut d = Document::new(&text, Format::Text);
            prop_assert!(NamedNode::new(article_iri(&d, &base).as_str()).is_ok());
            d.given_id = Some(format!("https://example.org/{text}"));
            prop_assert!(NamedNode::new(article_iri(&d, &base).as_str()).is_ok());
        }
    }
}
