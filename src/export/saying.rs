//! A claim as a short sentence: "mesenchymal stem cell does not increase the expression of IL6".

use super::cell::Names;
use super::rows::select;
use super::{Cell, Curation, Error, Kind, Row, Table};
use crate::store::GraphStore;
use oxigraph::model::Term;
use std::collections::HashMap;

/// Claims that are looked up at once.
const BATCH: usize = 500;

/// Relations that are no verb, in English after "is".
const STATES: &[(&str, &str)] = &[
    ("relatedTo", "related to"),
    ("locatedIn", "located in"),
    ("partOf", "part of"),
    ("isA", "a"),
    ("biomarkerFor", "a biomarker for"),
    ("positivelyCorrelatesWith", "positively correlated with"),
    ("negativelyCorrelatesWith", "negatively correlated with"),
];

/// How a claim is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// The text denies it.
    pub negated: bool,
    /// The text states it, neither hedged nor as a hypothesis.
    pub affirmed: bool,
}

/// A mechanism claim as a sentence, from labels and the relation's name, `evi:` in front or not; `aspect` may be empty.
///
/// ```
/// use evigraph::export::{Manner, sentence};
/// let manner = Manner { negated: true, affirmed: true };
/// assert_eq!(sentence("IL6", "evi:increases", "collagen", "expression", manner), "IL6 does not increase the expression of collagen");
/// let manner = Manner { negated: false, affirmed: false };
/// assert_eq!(sentence("IL6", "locatedIn", "joint", "", manner), "IL6 may be located in joint");
/// ```
pub fn sentence(subject: &str, relation: &str, object: &str, aspect: &str, manner: Manner) -> String {
    let of = if aspect.is_empty() { String::new() } else { format!("the {aspect} of ") };
    format!("{subject} {} {of}{object}", verb(relation, manner))
}

/// A relation as a verb: "does not increase", "may be located in".
pub fn verb(relation: &str, manner: Manner) -> String {
    let relation = relation.trim_start_matches("evi:");
    let not = if manner.negated { "not " } else { "" };
    match STATES.iter().find(|s| s.0 == relation) {
        Some((_, state)) if manner.affirmed => format!("is {not}{state}"),
        Some((_, state)) => format!("may {not}be {state}"),
        None => {
            let words = words(relation);
            let (first, rest) = words.split_once(' ').map_or((words.as_str(), String::new()), |(f, r)| (f, format!(" {r}")));
            let base = first.strip_suffix('s').unwrap_or(first);
            match (manner.affirmed, manner.negated) {
                (true, false) => words.clone(),
                (true, true) => format!("does not {base}{rest}"),
                (false, _) => format!("may {not}{base}{rest}"),
            }
        }
    }
}

/// A name in camel case as words.
fn words(name: &str) -> String {
    name.chars().fold(String::new(), |mut out, c| {
        if c.is_uppercase() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
        out
    })
}

/// A row of the claims table as a sentence.
pub fn row_sentence(table: &Table, row: &Row) -> String {
    let cell = |column: &str| table.column(column).map_or(&Cell::Empty, |(at, _)| &row[at]);
    let text = |column: &str| cell(column).as_str();
    let manner = Manner { negated: *cell("negated") == Cell::Boolean(true), affirmed: text("certainty") == "affirmed" };
    sentence(text("subject_label"), text("relation"), text("object_label"), text("aspect"), manner)
}

/// The sentences of claims, by IRI, as the curators corrected them; of outcome claims, what was measured in numbers.
///
/// # Errors
/// Where the store fails.
pub fn sentences(store: &dyn GraphStore, curation: &Curation, claims: &[&str]) -> Result<HashMap<String, String>, Error> {
    let mut found = HashMap::new();
    for batch in claims.chunks(BATCH) {
        let values = format!("VALUES ?claim {{ <{}> }}", batch.join("> <"));
        mechanisms(store, curation, &values, &mut found)?;
        outcomes(store, &values, &mut found)?;
    }
    Ok(found)
}

/// The text of a term: an IRI in full, a literal's value; nothing of a blank node.
pub(crate) fn text(term: Option<Term>) -> String {
    match term {
        Some(Term::NamedNode(n)) => n.into_string(),
        Some(Term::Literal(l)) => l.value().to_owned(),
        _ => String::new(),
    }
}

fn mechanisms(store: &dyn GraphStore, curation: &Curation, values: &str, found: &mut HashMap<String, String>) -> Result<(), Error> {
    let query = format!(
        "SELECT ?claim ?subject ?relation ?object ?negated ?certainty ?aspect WHERE {{
           {values} ?claim rdf:subject ?s ; rdf:predicate ?relation ; rdf:object ?o ; evi:negated ?negated ; evi:certainty ?certainty .
           ?s rdfs:label ?subject . ?o rdfs:label ?object . OPTIONAL {{ ?claim evi:aspect ?aspect }} }}"
    );
    select(store, &query, |term| {
        let claim = text(term(0));
        let [mut subject, mut relation, mut object] = [1, 2, 3].map(|at| text(term(at)));
        let mut negated = text(term(4)) == "true";
        if let Some(verdict) = curation.on(&claim) {
            subject = verdict.subject.as_ref().map_or(subject, |n| n.label.clone());
            object = verdict.object.as_ref().map_or(object, |n| n.label.clone());
            relation = verdict.relation.clone().unwrap_or(relation);
            negated = verdict.negated.unwrap_or(negated);
        }
        let manner = Manner { negated, affirmed: text(term(5)).ends_with("#Affirmed") };
        found.insert(claim, sentence(&subject, &super::curie(&relation), &object, &text(term(6)), manner));
        Ok(())
    })
}

fn outcomes(store: &dyn GraphStore, values: &str, found: &mut HashMap<String, String>) -> Result<(), Error> {
    let query = format!(
        "SELECT ?claim ?outcome ?measure ?low ?high ?unit ?direction ?bound ?intervention WHERE {{
           {values} ?claim evi:outcome ?o ; evi:hasMeasurement ?m . ?o rdfs:label ?outcome . ?m evi:measure ?measure ; evi:low ?low ; evi:high ?high .
           OPTIONAL {{ ?m evi:unit ?unit }} OPTIONAL {{ ?m evi:direction ?direction }} OPTIONAL {{ ?m evi:bound ?bound }}
           OPTIONAL {{ ?claim evi:intervention ?i . ?i rdfs:label ?intervention }} }}"
    );
    select(store, &query, |term| {
        let plain = |at: usize, kind| Cell::of(term(at).as_ref(), kind, &mut Names::default()).plain();
        let [low, high] = [3, 4].map(|at| plain(at, Kind::Decimal));
        let bound = match plain(7, Kind::Word).as_str() {
            "above" => "more than ",
            "below" => "less than ",
            _ => "",
        };
        let range = if low == high { low } else { format!("{low}-{high}") };
        let value = format!("{bound}{range} {}", plain(5, Kind::Unit)).trim_end().to_owned();
        let outcome = plain(1, Kind::Text);
        let said = match (plain(2, Kind::Word).as_str(), plain(6, Kind::Word).as_str()) {
            ("change", "increase") => format!("{outcome} increased by {value}"),
            ("change", "decrease") => format!("{outcome} decreased by {value}"),
            ("level", _) => format!("{outcome} was {value}"),
            ("share", _) => format!("{outcome} in {value}"),
            (measure, _) => format!("{outcome}, {} {value}", measure.replace('_', " ")),
        };
        let intervention = plain(8, Kind::Text);
        let with = if intervention.is_empty() { String::new() } else { format!(" with {intervention}") };
        found.entry(text(term(0))).or_insert(said + &with);
        Ok(())
    })
}
