//! Verdicts as CSV: out for a spreadsheet, and back in.

use super::decision::{load, standing};
use super::reviewer::work;
use super::{Correction, Decision, Error, Reason, Reviewer, Verdict};
use crate::export::{Cell, Row, Table, curie, select, unguard};
use crate::extract::Relation;
use crate::graph::{Prefixes, vocabulary};
use crate::store::GraphStore;
use oxigraph::model::{NamedNode, Term};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A decision as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The decision.
    pub decision: Decision,
    /// Whether it is the newest on its thing and says something.
    pub standing: bool,
    /// Whether its claim is no longer in the store.
    pub orphaned: bool,
    /// What the claim says: its quote, or nothing.
    pub quote: String,
}

/// Every decision, oldest first, with what became of it.
///
/// # Errors
/// Where the store fails.
pub fn list(store: &dyn GraphStore) -> Result<Vec<Listed>, Error> {
    let history = load(store, None)?;
    let mut by_thing: BTreeMap<&str, Vec<Decision>> = BTreeMap::new();
    history.iter().for_each(|d| by_thing.entry(&d.thing).or_default().push(d.clone()));
    let stands: HashSet<String> = by_thing.values().filter_map(|h| standing(h).last().map(|d| d.id.clone())).collect();
    let quotes = quotes(store)?;
    Ok(history
        .iter()
        .map(|d| Listed {
            standing: stands.contains(&d.id),
            orphaned: d.thing.contains("/claim/") && !quotes.contains_key(&d.thing),
            quote: quotes.get(&d.thing).cloned().unwrap_or_default(),
            decision: d.clone(),
        })
        .collect())
}

/// The quotes of the claims that were decided.
fn quotes(store: &dyn GraphStore) -> Result<BTreeMap<String, String>, Error> {
    let mut quotes = BTreeMap::new();
    let query = "SELECT DISTINCT ?claim ?quote WHERE { ?decision evi:decides ?claim . ?claim evi:hasEvidence ?evidence .
        ?evidence oa:hasSelector ?selector . ?selector oa:exact ?quote }";
    select(store, query, |term| {
        if let (Some(Term::NamedNode(claim)), Some(Term::Literal(quote))) = (term(0), term(1)) {
            quotes.insert(claim.into_string(), quote.value().to_owned());
        }
        Ok(())
    })?;
    Ok(quotes)
}

const HEADER: &str = "# title: Verdicts
# description: One row a decision, oldest first; `review import` reads it back.
# column thing_id iri: The claim, entry or finding.
# column verdict text: accepted, rejected, corrected, sourced, waived or undone.
# column reason text: Why.
# column doi text: DOI of an added source.
# column pmid text: PubMed identifier of an added source.
# column trial text: Number of an added trial.
# column subject curie: The right subject.
# column relation curie: The right relation.
# column object curie: The right object.
# column negated boolean: Whether the text denies the claim.
# column comment text: Anything else.
# column curator text: ORCID or name.
# column when text: When it was decided.
# column standing boolean: Whether it is the newest decision on its thing and says something.
# column orphaned boolean: Whether its claim is no longer in the store.
# column quote text: What the claim says.
";

/// The table of verdicts.
///
/// # Errors
/// Never, in a build whose tests pass: its header is a constant.
pub fn verdicts_table() -> Result<Table, Error> {
    Ok(Table::parse("verdicts", HEADER)?)
}

/// A decision as rows of the table of verdicts: one, or one a source where several were added.
pub fn verdict_rows(listed: &Listed) -> Vec<Row> {
    let d = &listed.decision;
    let works: Vec<Option<String>> = if d.works.is_empty() { vec![None] } else { d.works.iter().map(|w| Some(curie(w))).collect() };
    let named = |n: &Option<NamedNode>| Cell::text(n.as_ref().map_or_else(String::new, |n| curie(n.as_str())));
    let row = |work: Option<String>| {
        let work = work.unwrap_or_default();
        let id = |prefix: &str| Cell::text(work.strip_prefix(prefix).unwrap_or_default());
        let trial = work.rsplit_once("/trial/").map_or_else(|| id("CLINICALTRIALS:"), |(_, number)| Cell::text(number));
        vec![
            Cell::text(&d.thing),
            Cell::text(d.verdict.as_str()),
            Cell::text(d.reason.map_or("", Reason::as_str)),
            id("doi:"),
            id("PMID:"),
            trial,
            named(&d.correction.subject),
            named(&d.correction.relation),
            named(&d.correction.object),
            d.correction.negated.map_or(Cell::Empty, Cell::Boolean),
            Cell::text(&d.comment),
            Cell::text(&d.curator),
            Cell::text(&d.when),
            Cell::Boolean(listed.standing),
            Cell::Boolean(listed.orphaned),
            Cell::text(&listed.quote),
        ]
    };
    works.into_iter().map(row).collect()
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Rows that became decisions.
    pub applied: usize,
    /// Rows that say what already stands.
    pub unchanged: usize,
    /// Rows that the curator left empty.
    pub empty: usize,
    /// Rows that could not be applied: their line and why.
    pub problems: Vec<(u64, String)>,
}

/// Reads verdicts from CSV: the `gaps` table with its last columns filled, or the table of verdicts.
///
/// Commas, semicolons and tabs part columns, whatever the spreadsheet wrote. A row counts once: importing a file twice changes nothing. A row
/// with a DOI, PMID or trial number adds a source, whatever its verdict says; one with none of them and no verdict is passed over.
///
/// # Errors
/// Where the text has no column to decide on, or the store fails. What is wrong with single rows is told in [`Imported::problems`].
pub fn import(reviewer: &Reviewer<'_>, csv_text: &str) -> Result<Imported, Error> {
    let text = csv_text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|d| header.bytes().filter(|b| b == d).count()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().map_err(Error::Csv)?.iter().map(|h| h.trim().to_lowercase()).collect();
    if !columns.iter().any(|c| matches!(c.as_str(), "claim_id" | "thing_id" | "finding_id")) || !columns.iter().any(|c| c == "verdict") {
        return Err(Error::Columns(columns));
    }
    let mut done = Imported::default();
    let superseded = superseded(reviewer.store())?;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                done.problems.push((error.position().map_or(0, csv::Position::line), error.to_string()));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let get = |name: &str| {
            let at = columns.iter().position(|c| c == name);
            unguard(at.and_then(|at| record.get(at)).unwrap_or_default()).trim().to_owned()
        };
        match apply(reviewer, &get, &superseded) {
            Ok(Applied::Done) => done.applied += 1,
            Ok(Applied::Unchanged) => done.unchanged += 1,
            Ok(Applied::Empty) => done.empty += 1,
            Err(error @ (Error::Store(_) | Error::Export(_))) => return Err(error),
            Err(error) => done.problems.push((line, error.to_string())),
        }
    }
    Ok(done)
}

enum Applied {
    Done,
    Unchanged,
    Empty,
}

/// (thing, when) of decisions that the store already holds, so that an exported history is not decided anew.
fn superseded(store: &dyn GraphStore) -> Result<BTreeSet<(String, String)>, Error> {
    Ok(load(store, None)?.into_iter().map(|d| (d.thing, d.when)).collect())
}

fn apply(reviewer: &Reviewer<'_>, get: &dyn Fn(&str) -> String, known: &BTreeSet<(String, String)>) -> Result<Applied, Error> {
    let (verdict, reason, comment) = (get("verdict"), get("reason"), get("comment"));
    let (doi, pmid, trial) = (get("doi"), get("pmid"), get("trial"));
    let sourced = !(doi.is_empty() && pmid.is_empty() && trial.is_empty());
    if verdict.is_empty() && !sourced {
        return Ok(Applied::Empty);
    }
    let (finding, claim) = (get("finding_id"), get("claim_id"));
    let thing = [get("thing_id"), claim.clone(), finding.clone()].into_iter().find(|t| !t.is_empty()).ok_or(Error::NoThing)?;
    if known.contains(&(thing.clone(), get("when"))) {
        return Ok(Applied::Unchanged);
    }
    let by = reviewer.by(&get("curator"));
    let verdict = if verdict.is_empty() { Verdict::Sourced } else { Verdict::from_name(&verdict)? };
    let history = load(reviewer.store(), Some(if verdict == Verdict::Waived && !finding.is_empty() { &finding } else { &thing }))?;
    let stack = standing(&history);
    let now = stack.last();
    let mut added = false;
    if sourced && matches!(verdict, Verdict::Sourced | Verdict::Accepted | Verdict::Corrected) {
        let ids = work(&doi, &pmid, &trial)?;
        let iri = by.work_iri(&ids)?;
        if now.is_some_and(|d| d.works.contains(&iri)) {
            return Ok(Applied::Unchanged);
        }
        by.source(&thing, &ids, &comment)?;
        added = true;
        if verdict == Verdict::Sourced {
            return Ok(Applied::Done);
        }
    }
    match verdict {
        Verdict::Accepted if now.is_some_and(|d| d.verdict == Verdict::Accepted) => {
            return Ok(if added { Applied::Done } else { Applied::Unchanged });
        }
        Verdict::Accepted => by.accept(&thing, &comment)?,
        Verdict::Rejected => {
            let reason = if reason.is_empty() { Reason::Other } else { Reason::from_name(&reason)? };
            if now.is_some_and(|d| d.verdict == Verdict::Rejected && d.reason == Some(reason)) {
                return Ok(Applied::Unchanged);
            }
            by.reject(&thing, reason, &comment)?
        }
        Verdict::Corrected => {
            let entity = |text: String| if text.is_empty() { Ok(None) } else { entity(&text).map(Some) };
            let correction = Correction {
                subject: entity(get("subject"))?,
                relation: Some(get("relation")).filter(|r| !r.is_empty()).map(|r| relation(&r)).transpose()?,
                object: entity(get("object"))?,
                negated: match get("negated").to_lowercase().as_str() {
                    "" => None,
                    word => Some(matches!(word, "true" | "yes" | "1")),
                },
            };
            if now.is_some_and(|d| d.verdict == Verdict::Corrected && d.correction == correction) {
                return Ok(if added { Applied::Done } else { Applied::Unchanged });
            }
            let reason = if reason.is_empty() { None } else { Some(Reason::from_name(&reason)?) };
            by.correct(&thing, correction, reason, &comment)?
        }
        Verdict::Waived => {
            if now.is_some_and(|d| d.verdict == Verdict::Waived) {
                return Ok(Applied::Unchanged);
            }
            let comment = [reason, comment].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(": ");
            by.waive(if finding.is_empty() { &thing } else { &finding }, &comment)?
        }
        Verdict::Sourced => return Err(Error::NoIdentifier),
        Verdict::Undone if stack.is_empty() => return Ok(Applied::Unchanged),
        Verdict::Undone => by.undo(&thing, &comment)?,
    };
    Ok(Applied::Done)
}

/// The entity of a CURIE or address.
///
/// # Errors
/// Where the text is none.
pub fn entity(text: &str) -> Result<NamedNode, Error> {
    Prefixes::shipped().resolve(text).ok_or_else(|| Error::UnknownEntity(text.to_owned()))
}

/// The property of a relation given by name, `evi:` in front or not.
///
/// # Errors
/// Where there is no such relation.
pub fn relation(name: &str) -> Result<NamedNode, Error> {
    Relation::from_name(name).map(vocabulary::relation).ok_or_else(|| Error::UnknownWord {
        what: "relation",
        word: name.to_owned(),
        known: Relation::ALL.iter().map(|r| r.1).collect(),
    })
}
