//! The value of a parameter as a term: an IRI, a CURIE, a literal, or a name that is looked up in the store.

use super::{Error, Kind, distance};
use crate::graph::Prefixes;
use crate::store::{Answer, GraphStore, QueryOptions};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

/// What a parameter's value was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The parameter.
    pub parameter: String,
    /// Its value as given.
    pub value: String,
    /// The term it is bound to.
    pub term: Term,
    /// The label of what a name was taken for; `None` where no name was looked up.
    pub label: Option<String>,
    /// Other things that bear the name, as CURIEs or IRIs, likeliest first.
    pub others: Vec<String>,
}

/// Everything in the store that has a name, best kind of name first.
const NAMES: &str = "SELECT ?thing ?name ?rank WHERE {
  { ?thing rdfs:label ?name . BIND(0 AS ?rank) }
  UNION { ?thing skos:altLabel ?name . BIND(1 AS ?rank) }
  UNION { ?occurrence evi:mentionedAs ?name ; evi:ofEntity ?thing . BIND(2 AS ?rank) }
  UNION { ?thing dcterms:title ?name . BIND(3 AS ?rank) }
  UNION { ?thing dcterms:source ?name . BIND(3 AS ?rank) }
}";

/// Ranks of [`NAMES`].
const SYNONYM: u8 = 1;
const TITLE: u8 = 3;

/// Takes `value` for a term: `<IRI>` or an address, a CURIE with a known prefix, a literal (`\"text\"`, `\"text\"@en`, `5`, `true`), else a name that is
/// looked up among the labels, synonyms and titles of the store.
///
/// # Errors
/// Where it names nothing (the nearest names are suggested), or is no number where one is wanted.
pub fn resolve(store: &dyn GraphStore, parameter: &str, value: &str, kind: Option<Kind>) -> Result<Resolved, Error> {
    let plain = |term: Term| Resolved { parameter: parameter.to_owned(), value: value.to_owned(), term, label: None, others: Vec::new() };
    let number = || {
        let typed = |t| Some(Literal::new_typed_literal(value.trim(), t).into());
        if value.trim().parse::<i64>().is_ok() {
            typed(xsd::INTEGER)
        } else {
            value.trim().parse::<f64>().ok().filter(|n| n.is_finite() && !value.contains(['e', 'E'])).and_then(|_| typed(xsd::DECIMAL))
        }
    };
    match kind {
        Some(Kind::Text) => {
            let literal = if value.starts_with('"') { literal(value) } else { None };
            return Ok(plain(literal.unwrap_or_else(|| Literal::from(value)).into()));
        }
        Some(Kind::Number) => {
            return number().map(plain).ok_or_else(|| Error::NotANumber { name: parameter.to_owned(), value: value.to_owned() });
        }
        _ => {}
    }
    let prefixes = Prefixes::shipped();
    if let Some(iri) = value.strip_prefix('<').and_then(|v| v.strip_suffix('>')) {
        return NamedNode::new(iri).map(|n| plain(n.into())).map_err(|_| Error::NotAnIri(iri.to_owned()));
    }
    if let Some(iri) = prefixes.resolve(value.trim()) {
        return Ok(plain(iri.into()));
    }
    if let Some(literal) = literal(value) {
        return Ok(plain(literal.into()));
    }
    if kind.is_none() {
        if let Some(term) = number() {
            return Ok(plain(term));
        }
        if let "true" | "false" = value.trim() {
            return Ok(plain(Literal::from(value.trim() == "true").into()));
        }
    }
    by_name(store, parameter, value)
}

/// A literal as SPARQL writes it, its datatype an IRI or a CURIE.
fn literal(value: &str) -> Option<Literal> {
    if !value.starts_with('"') {
        return None;
    }
    if let Some((text, datatype)) = value.rsplit_once("\"^^") {
        let datatype = Prefixes::shipped().resolve(datatype.trim_matches(['<', '>']))?;
        return Some(Literal::new_typed_literal(text.strip_prefix('"')?, datatype));
    }
    Literal::from_str(value).ok()
}

/// Names are the same when they differ only in case, hyphens, spaces and the way Greek letters are written.
fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'α' => out.push_str("alpha"),
            'β' => out.push_str("beta"),
            'γ' => out.push_str("gamma"),
            'δ' => out.push_str("delta"),
            'κ' => out.push_str("kappa"),
            c if c.is_alphanumeric() || c == '+' => out.push(c),
            _ => {}
        }
    }
    out
}

/// A thing that bears a name, as a candidate.
struct Candidate {
    rank: u8,
    uses: u64,
}

type Candidates = BTreeMap<NamedNode, Candidate>;

/// Takes in that a thing bears the name, by a kind of name of this rank.
fn bears(candidates: &mut Candidates, thing: &NamedNode, rank: u8) {
    let best = candidates.entry(thing.clone()).or_insert(Candidate { rank, uses: 0 });
    best.rank = best.rank.min(rank);
}

/// Names with their things and ranks; of one name alone where it is given.
fn names(store: &dyn GraphStore, name: Option<&str>, mut each: impl FnMut(&NamedNode, &str, u8)) -> Result<(), Error> {
    let parameters = name.map(|name| (Variable::new_unchecked("name"), Literal::from(name).into())).into_iter().collect();
    let options = QueryOptions { parameters, ..QueryOptions::default() };
    let Answer::Solutions(rows) = store.query(NAMES, &options).map_err(Error::Store)? else { return Ok(()) };
    for row in rows {
        let row = row.map_err(Error::Store)?;
        if let (Some(Term::NamedNode(thing)), Some(Term::Literal(rank))) = (row.get("thing"), row.get("rank")) {
            let told = match row.get("name") {
                Some(Term::Literal(name)) => name.value(),
                Some(_) => continue,
                None => name.unwrap_or_default(),
            };
            each(thing, told, rank.value().parse().unwrap_or(9));
        }
    }
    Ok(())
}

/// The things that bear the very name, in one of the usual cases; none unless it is a label or synonym. The store has these at hand.
fn known(store: &dyn GraphStore, value: &str) -> Result<Candidates, Error> {
    let value = value.trim();
    let lower = value.to_lowercase();
    let capital = lower.chars().next().map(|first| first.to_uppercase().chain(lower.chars().skip(1)).collect());
    let spellings: BTreeSet<String> = [value.to_owned(), value.to_uppercase(), lower].into_iter().chain(capital).collect();
    let mut candidates = Candidates::new();
    for spelling in &spellings {
        names(store, Some(spelling), |thing, _, rank| bears(&mut candidates, thing, rank))?;
    }
    if candidates.values().all(|c| c.rank > SYNONYM) {
        candidates.clear();
    }
    Ok(candidates)
}

fn by_name(store: &dyn GraphStore, parameter: &str, value: &str) -> Result<Resolved, Error> {
    let wanted = folded(value);
    let singular = |name: &str| name.strip_suffix('s').filter(|n| n.len() > 2).unwrap_or(name).to_owned();
    let mut candidates = known(store, value)?;
    let mut near: Vec<(usize, String)> = Vec::new();
    let allowed = (wanted.chars().count() / 3).clamp(1, 4);
    if candidates.is_empty() {
        names(store, None, |thing, name, rank| {
            let found = folded(name);
            if found == wanted {
                bears(&mut candidates, thing, rank);
            } else if singular(&found) == singular(&wanted) && !wanted.is_empty() {
                bears(&mut candidates, thing, rank + 4);
            } else if rank < TITLE && found.len().abs_diff(wanted.len()) <= allowed {
                // Titles are long; only names are worth a guess.
                let d = distance(&found, &wanted);
                if d <= allowed && !near.iter().any(|n| n.1 == name) {
                    near.push((d, name.to_owned()));
                }
            }
        })?;
    }
    if candidates.len() > 1 {
        for (thing, candidate) in &mut candidates {
            candidate.uses = uses(store, thing)?;
        }
    }
    let mut ranked: Vec<_> = candidates.into_iter().collect();
    ranked.sort_by(|a, b| (a.1.rank, std::cmp::Reverse(a.1.uses), &a.0).cmp(&(b.1.rank, std::cmp::Reverse(b.1.uses), &b.0)));
    let mut ranked = ranked.into_iter().map(|r| r.0);
    let Some(chosen) = ranked.next() else {
        near.sort();
        let names: Vec<_> = near.into_iter().take(3).map(|n| n.1).collect();
        let meant = if names.is_empty() { String::new() } else { format!("; did you mean {}?", names.join(", ")) };
        return Err(Error::UnknownName { value: value.to_owned(), meant });
    };
    let others = ranked.map(|n| Prefixes::shipped().shorten(n.as_str())).collect();
    let label = label(store, &chosen)?.unwrap_or_else(|| value.to_owned());
    Ok(Resolved { parameter: parameter.to_owned(), value: value.to_owned(), term: chosen.into(), label: Some(label), others })
}

/// The `?x` of the first row, with `?thing` bound.
fn one(store: &dyn GraphStore, sparql: &str, thing: &NamedNode) -> Result<Option<String>, Error> {
    let options = QueryOptions { parameters: vec![(Variable::new_unchecked("thing"), thing.clone().into())], ..QueryOptions::default() };
    match store.query(sparql, &options).map_err(Error::Store)? {
        Answer::Solutions(mut rows) => {
            let row = rows.next().transpose().map_err(Error::Store)?;
            Ok(row.and_then(|r| if let Some(Term::Literal(l)) = r.get("x") { Some(l.value().to_owned()) } else { None }))
        }
        _ => Ok(None),
    }
}

fn uses(store: &dyn GraphStore, thing: &NamedNode) -> Result<u64, Error> {
    Ok(one(store, "SELECT (SUM(?n) AS ?x) { ?o evi:ofEntity ?thing ; evi:mentionCount ?n }", thing)?
        .and_then(|n| n.parse().ok())
        .unwrap_or_default())
}

fn label(store: &dyn GraphStore, thing: &NamedNode) -> Result<Option<String>, Error> {
    one(store, "SELECT ?x { { ?thing rdfs:label ?x } UNION { ?thing dcterms:title ?x } } ORDER BY ?x LIMIT 1", thing)
}
