//! Full-text search over quotes, labels and titles: a ranked scan.

use super::Error;
use crate::store::{Answer, GraphStore, QueryOptions};
use oxigraph::model::{NamedNode, Term};

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HitKind {
    /// An entity, by its label or a synonym.
    Entity,
    /// An article, by its title.
    Article,
    /// A cited work, by its title.
    Work,
    /// A claim, by its quote.
    Claim,
}

/// Something that holds the words.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Its IRI.
    #[serde(serialize_with = "as_text")]
    pub iri: NamedNode,
    /// The text that holds the words.
    pub text: String,
    /// For a claim, its article.
    pub article: Option<String>,
    /// Between 0 and 1: how many of the words, how whole, and how much of the text they are.
    pub score: f64,
}

fn as_text<S: serde::Serializer>(iri: &NamedNode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(iri.as_str())
}

/// What is searched, and what a hit in it weighs.
const FIELDS: &[(HitKind, f64, &str)] = &[
    (HitKind::Entity, 1.0, "SELECT ?thing ?text { ?thing a evi:Entity ; rdfs:label ?text }"),
    (HitKind::Entity, 0.9, "SELECT ?thing ?text { ?thing a evi:Entity ; skos:altLabel ?text }"),
    (HitKind::Article, 0.9, "SELECT ?thing ?text { ?thing a evi:Article ; dcterms:title ?text }"),
    (
        HitKind::Claim,
        0.8,
        "SELECT ?thing ?text ?article { ?thing evi:hasEvidence ?e ; evi:inArticle ?article . ?e oa:hasSelector/oa:exact ?text }",
    ),
    (HitKind::Work, 0.7, "SELECT ?thing ?text { ?thing a evi:Work ; dcterms:title ?text }"),
];

/// Words in lower case, as runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// How well `text` answers the words: every one must begin a word of it. The more of the text they are, the better.
fn score(wanted: &[String], text: &str) -> Option<f64> {
    let found: Vec<String> = words(text).collect();
    let mut sum = 0.0;
    for word in wanted {
        let best = found.iter().filter(|f| f.starts_with(word.as_str())).map(|f| word.len() as f64 / f.len() as f64).fold(0.0, f64::max);
        if best == 0.0 {
            return None;
        }
        sum += best;
    }
    let share = wanted.len() as f64 / found.len().max(1) as f64;
    Some((sum / wanted.len() as f64) * (0.6 + 0.4 * share.min(1.0).sqrt()))
}

/// The things whose quote, label or title holds every word (or a word that begins with it), best first; at most `limit`.
///
/// # Errors
/// Where the store fails.
pub fn search(store: &dyn GraphStore, text: &str, limit: usize) -> Result<Vec<Hit>, Error> {
    let wanted: Vec<String> = words(text).collect();
    let mut hits: Vec<Hit> = Vec::new();
    if wanted.is_empty() {
        return Ok(hits);
    }
    for (kind, weight, sparql) in FIELDS {
        let Answer::Solutions(rows) = store.query(sparql, &QueryOptions::default()).map_err(Error::Store)? else { continue };
        for row in rows {
            let row = row.map_err(Error::Store)?;
            let (Some(Term::NamedNode(iri)), Some(Term::Literal(text))) = (row.get("thing"), row.get("text")) else { continue };
            if let Some(score) = score(&wanted, text.value()) {
                let article = if let Some(Term::NamedNode(a)) = row.get("article") { Some(a.as_str().to_owned()) } else { None };
                hits.push(Hit {
                    kind: *kind,
                    iri: iri.clone(),
                    text: text.value().to_owned(),
                    article,
                    score: (score * weight * 1e4).round() / 1e4,
                });
            }
        }
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.kind, &a.iri, &a.text).cmp(&(b.kind, &b.iri, &b.text))));
    let mut seen = std::collections::HashSet::new();
    hits.retain(|h| seen.insert(h.iri.clone()));
    hits.truncate(limit);
    Ok(hits)
}
