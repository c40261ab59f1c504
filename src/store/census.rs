//! What a store holds: counted, or written out whole.

use super::verify::rows;
use super::{Error, GraphStore, place::io};
use oxigraph::model::Term;
use std::io::Write;
use std::path::Path;

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Info {
    /// Where and how it is kept.
    #[serde(flatten)]
    pub home: super::Home,
    /// The base of its names.
    pub base: String,
    /// Statements.
    pub quads: u64,
    /// Articles.
    pub articles: u64,
    /// Claims.
    pub claims: u64,
    /// Claims about mechanisms.
    pub mechanism_claims: u64,
    /// Claims about outcomes.
    pub outcome_claims: u64,
    /// Entities.
    pub entities: u64,
    /// Cited works.
    pub works: u64,
    /// Decisions of curators.
    pub decisions: u64,
}

/// Counts what the store holds.
///
/// # Errors
/// Where the store fails.
pub fn info(store: &dyn GraphStore) -> Result<Info, Error> {
    let count = |class: &str| -> Result<u64, Error> {
        let first = rows(store, &format!("SELECT (COUNT(*) AS ?n) {{ ?x a evi:{class} }}"))?.next().transpose()?;
        Ok(first.and_then(|row| if let Some(Term::Literal(l)) = row.get("n") { l.value().parse().ok() } else { None }).unwrap_or_default())
    };
    Ok(Info {
        home: store.home(),
        base: store.base().as_str().to_owned(),
        quads: store.count()?,
        articles: count("Article")?,
        claims: count("Claim")?,
        mechanism_claims: count("MechanismClaim")?,
        outcome_claims: count("OutcomeClaim")?,
        entities: count("Entity")?,
        works: count("Work")?,
        decisions: count("Decision")?,
    })
}

/// Writes every statement but the program's ontology as N-Quads, sorted: the same store gives the same bytes.
///
/// # Errors
/// Where the store fails or the writer does.
pub fn dump(store: &dyn GraphStore, to: &mut dyn Write) -> Result<(), Error> {
    let ontology = store.base().ontology_graph();
    let mut lines = Vec::new();
    for quad in store.quads()? {
        let quad = quad?;
        if quad.graph_name != ontology.clone().into() {
            lines.push(quad.to_string());
        }
    }
    lines.sort_unstable();
    let written = lines.iter().try_for_each(|line| writeln!(to, "{line} ."));
    written.and_then(|()| to.flush()).map_err(io(Path::new("dump")))
}
