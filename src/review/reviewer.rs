//! A curator at work: accept, reject, correct, source, waive, undo.

use super::decision::{decision_iri, load, standing};
use super::{Correction, Decision, Error, Reason, Verdict};
use crate::document::Identifiers;
use crate::export::select;
use crate::graph::vocabulary::{bibo, evi};
use crate::graph::{Base, identifier_iri};
use crate::store::{Answer, GraphStore, QueryOptions};
use jiff::{SignedDuration, Timestamp};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Literal, NamedNode, Quad};

/// A person who decides, and when.
///
/// ```no_run
/// use evigraph::{review::{Reason, Reviewer}, store::{GraphStore as _, Store}};
/// let store = Store::open("evigraph-store".as_ref())?;
/// let reviewer = Reviewer::new(&store, store.base(), "0000-0002-1825-0097", jiff::Timestamp::now())?;
/// reviewer.reject("https://w3id.org/evigraph/claim/3f2a", Reason::Polarity, "it says the opposite")?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct Reviewer<'a> {
    store: &'a dyn GraphStore,
    base: &'a Base,
    curator: String,
    now: Timestamp,
}

impl<'a> Reviewer<'a> {
    /// A curator, named by an ORCID or a name, deciding at the time `now`.
    ///
    /// # Errors
    /// Where the name is empty.
    pub fn new(store: &'a dyn GraphStore, base: &'a Base, curator: &str, now: Timestamp) -> Result<Self, Error> {
        let curator = curator.trim();
        if curator.is_empty() { Err(Error::NoCurator) } else { Ok(Self { store, base, curator: curator.to_owned(), now }) }
    }

    /// The same, by another curator (a row of an imported table names its own).
    pub(super) fn by(&self, curator: &str) -> Self {
        let curator = if curator.trim().is_empty() { &self.curator } else { curator.trim() };
        Self { store: self.store, base: self.base, curator: curator.to_owned(), now: self.now }
    }

    /// The store.
    pub(super) fn store(&self) -> &'a dyn GraphStore {
        self.store
    }

    /// Accepts a claim: the article says so.
    ///
    /// # Errors
    /// Where there is no such claim, or the store fails.
    pub fn accept(&self, claim: &str, comment: &str) -> Result<Decision, Error> {
        self.decide(&self.claim(claim)?, comment, |d| {
            d.verdict = Verdict::Accepted;
            d.reason = Some(Reason::Correct);
            d.correction = Correction::default();
        })
    }

    /// Rejects a claim.
    ///
    /// # Errors
    /// Where there is no such claim, or the store fails.
    pub fn reject(&self, claim: &str, reason: Reason, comment: &str) -> Result<Decision, Error> {
        self.decide(&self.claim(claim)?, comment, |d| {
            d.verdict = Verdict::Rejected;
            d.reason = Some(reason);
            d.works.clear();
            d.correction = Correction::default();
        })
    }

    /// Corrects a claim: what is not given stays as it was read.
    ///
    /// # Errors
    /// Where nothing is corrected, there is no such claim, it is no mechanism claim, or the store fails.
    pub fn correct(&self, claim: &str, correction: Correction, reason: Option<Reason>, comment: &str) -> Result<Decision, Error> {
        if correction.is_empty() {
            return Err(Error::NothingCorrected);
        }
        self.decide(&self.claim(claim)?, comment, |d| {
            d.verdict = Verdict::Corrected;
            d.reason = reason;
            d.correction = correction;
        })
    }

    /// Adds a source to a claim, or to whatever a finding is about: a work by its identifiers, as [`work`] reads them. An acceptance or
    /// correction stands on, now with the source; a rejection does not.
    ///
    /// # Errors
    /// Where there is no such claim, or the store fails.
    pub fn source(&self, thing: &str, identifiers: &Identifiers, comment: &str) -> Result<Decision, Error> {
        let work = NamedNode::new_unchecked(self.work_iri(identifiers)?);
        let thing = if thing.contains("/finding/") || thing.contains("/entry/") { self.any(thing)? } else { self.claim(thing)? };
        self.describe(&work, identifiers)?;
        self.decide(&thing, comment, |d| {
            d.works.push(work.into_string());
            d.works.sort();
            d.works.dedup();
            // What was accepted or corrected goes on to be so.
            match d.verdict {
                Verdict::Accepted => d.reason = Some(Reason::Correct),
                Verdict::Corrected => {}
                _ => d.verdict = Verdict::Sourced,
            }
        })
    }

    /// Waives a finding: it may stand.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn waive(&self, finding: &str, reason: &str) -> Result<Decision, Error> {
        let finding = if finding.contains("://") { finding.to_owned() } else { format!("https://w3id.org/evigraph/finding/{finding}") };
        self.decide(&self.any(&finding)?, reason, |d| d.verdict = Verdict::Waived)
    }

    /// Takes back the newest standing decision on a claim or finding; what was decided before counts again.
    ///
    /// # Errors
    /// Where nothing stands to be undone, or the store fails.
    pub fn undo(&self, thing: &str, comment: &str) -> Result<Decision, Error> {
        let candidates = if thing.contains("://") {
            vec![thing.to_owned()]
        } else {
            vec![self.base.iri(&format!("claim/{thing}")).into_string(), format!("https://w3id.org/evigraph/finding/{thing}")]
        };
        for thing in candidates {
            let history = load(self.store, Some(self.any(&thing)?.as_str()))?;
            let stack = standing(&history);
            let Some((last, before)) = stack.split_last() else { continue };
            let when = self.time_after(&history);
            let mut decision = match before.last() {
                Some(before) => (*before).clone(),
                None => self.blank(&thing),
            };
            decision.id = decision_iri(self.base, &thing, &when);
            decision.when = when;
            decision.curator.clone_from(&self.curator);
            comment.clone_into(&mut decision.comment);
            decision.undoes = Some(last.id.clone());
            self.write(&decision)?;
            return Ok(decision);
        }
        Err(Error::NothingToUndo(thing.to_owned()))
    }

    /// A decision that says nothing yet.
    fn blank(&self, thing: &str) -> Decision {
        Decision {
            id: String::new(),
            thing: thing.to_owned(),
            verdict: Verdict::Undone,
            reason: None,
            works: Vec::new(),
            correction: Correction::default(),
            curator: self.curator.clone(),
            when: String::new(),
            comment: String::new(),
            undoes: None,
        }
    }

    /// Records a decision that starts from what stands: sources added before stay.
    fn decide(&self, thing: &NamedNode, comment: &str, change: impl FnOnce(&mut Decision)) -> Result<Decision, Error> {
        let history = load(self.store, Some(thing.as_str()))?;
        let mut decision = self.blank(thing.as_str());
        if let Some(last) = standing(&history).last() {
            decision.verdict = last.verdict;
            decision.works.clone_from(&last.works);
            decision.correction = last.correction.clone();
        }
        change(&mut decision);
        comment.trim().clone_into(&mut decision.comment);
        decision.when = self.time_after(&history);
        decision.id = decision_iri(self.base, thing.as_str(), &decision.when);
        self.write(&decision)?;
        Ok(decision)
    }

    /// The present time, or just after the newest decision where clocks disagree: the newest must be the last one made.
    fn time_after(&self, history: &[Decision]) -> String {
        let last = history.iter().filter_map(|d| d.when.parse::<Timestamp>().ok()).max();
        let after = last.and_then(|t| t.checked_add(SignedDuration::from_secs(1)).ok());
        let when = after.map_or(self.now, |a| a.max(self.now));
        // Whole seconds: stores drop the zeros of a fraction, and times are compared as texts.
        when.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    fn write(&self, decision: &Decision) -> Result<(), Error> {
        self.store.insert(&decision.quads(self.base))?;
        if decision.thing.contains("/claim/") {
            self.store.refresh_edges(&[NamedNode::new_unchecked(decision.thing.as_str())])?;
        }
        Ok(())
    }

    /// Says what a work is, where the store does not know it yet.
    fn describe(&self, work: &NamedNode, ids: &Identifiers) -> Result<(), Error> {
        if self.ask(&format!("ASK {{ {work} a ?class }}"))? {
            return Ok(());
        }
        let graph = self.base.curation_graph();
        let mut quads = vec![Quad::new(work.clone(), rdf::TYPE, evi::WORK, graph.clone())];
        for (property, value) in [(bibo::DOI, &ids.doi), (bibo::PMID, &ids.pmid), (evi::TRIAL_NUMBER, &ids.trial)] {
            if let Some(value) = value {
                quads.push(Quad::new(work.clone(), property, Literal::from(value.as_str()), graph.clone()));
            }
        }
        Ok(self.store.insert(&quads)?)
    }

    /// The IRI of the work with these identifiers.
    pub(super) fn work_iri(&self, identifiers: &Identifiers) -> Result<String, Error> {
        identifier_iri(identifiers, self.base).map(NamedNode::into_string).ok_or(Error::NoIdentifier)
    }

    fn ask(&self, query: &str) -> Result<bool, Error> {
        Ok(matches!(self.store.query(query, &QueryOptions::default())?, Answer::Boolean(true)))
    }

    fn any(&self, iri: &str) -> Result<NamedNode, Error> {
        NamedNode::new(iri).map_err(|_| Error::UnknownClaim(iri.to_owned()))
    }

    /// The claim with this IRI, or with this hash.
    fn claim(&self, id: &str) -> Result<NamedNode, Error> {
        let iri = if id.contains("://") {
            id.to_owned()
        } else {
            self.base.iri(&format!("claim/{}", id.trim_start_matches("claim/"))).into_string()
        };
        let iri = self.any(&iri)?;
        if self.ask(&format!("ASK {{ {iri} a evi:Claim }}"))? { Ok(iri) } else { Err(Error::UnknownClaim(id.to_owned())) }
    }

    /// Works in the store that are cited for the same statement: the most cited first.
    ///
    /// # Errors
    /// Where there is no such claim, or the store fails.
    pub fn suggest(&self, claim: &str) -> Result<Vec<Suggestion>, Error> {
        let claim = self.claim(claim)?;
        let query = format!(
            "SELECT ?work (SAMPLE(?raw) AS ?entry) (COUNT(DISTINCT ?other) AS ?claims) (SUM(?alike) AS ?same) (MIN(?said) AS ?quote) WHERE {{
               {{ {claim} rdf:subject ?subject ; rdf:object ?object ; rdf:predicate ?relation .
                  ?other rdf:subject ?subject ; rdf:object ?object ; rdf:predicate ?its . }}
               UNION {{ {claim} evi:intervention ?subject ; evi:outcome ?object . ?other evi:intervention ?subject ; evi:outcome ?object . }}
               ?other evi:hasEvidence ?evidence .
               ?evidence evi:citesEntry ?cited ; oa:hasSelector ?quoted . ?quoted oa:exact ?said .
               ?cited evi:refersTo ?work ; evi:rawText ?raw ; evi:traceability ?traceability .
               FILTER(?other != {claim} && ?traceability != evi:Untraceable)
               BIND(IF(COALESCE(?its = ?relation, true), 1, 0) AS ?alike)
               MINUS {{ ?work evi:retracted true }}
             }} GROUP BY ?work"
        );
        let mut found = Vec::new();
        select(self.store, &query, |term| {
            let text = |at: usize| match term(at) {
                Some(oxigraph::model::Term::NamedNode(n)) => n.into_string(),
                Some(oxigraph::model::Term::Literal(l)) => l.value().to_owned(),
                _ => String::new(),
            };
            let suggestion = Suggestion {
                work: text(0),
                entry: text(1),
                claims: text(2).parse().unwrap_or_default(),
                same_relation: text(3).parse().unwrap_or_default(),
                quote: text(4),
            };
            if !suggestion.work.is_empty() {
                found.push(suggestion);
            }
            Ok(())
        })?;
        found.sort_by(|a, b| (b.same_relation, b.claims).cmp(&(a.same_relation, a.claims)).then_with(|| a.work.cmp(&b.work)));
        Ok(found)
    }
}

/// A work that is cited elsewhere for the same statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// IRI of the work.
    pub work: String,
    /// The entry as printed somewhere.
    pub entry: String,
    /// Claims on the same two entities that cite it.
    pub claims: u64,
    /// Those of them with the same relation.
    pub same_relation: u64,
    /// What one of them says.
    pub quote: String,
}

/// The identifiers of a source as a person gives them: each in any of its usual spellings, empty where not given.
///
/// # Errors
/// Where one of them is none, or none is given.
pub fn work(doi: &str, pmid: &str, trial: &str) -> Result<Identifiers, Error> {
    let (doi, pmid, trial) = (doi.trim(), pmid.trim(), trial.trim());
    let wrong = |what, given: &str| Error::BadIdentifier { what, given: given.to_owned() };
    let mut ids = Identifiers::default();
    if !doi.is_empty() {
        ids.doi = Some(Identifiers::find(doi).doi.ok_or_else(|| wrong("DOI", doi))?);
    }
    if !pmid.is_empty() {
        let digits = pmid.trim_start_matches(|c: char| !c.is_ascii_digit());
        let fits = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        ids.pmid = Some(fits.then(|| digits.to_owned()).ok_or_else(|| wrong("PMID", pmid))?);
    }
    if !trial.is_empty() {
        ids.trial = Some(Identifiers::find(trial).trial.ok_or_else(|| wrong("trial number", trial))?);
    }
    if ids == Identifiers::default() { Err(Error::NoIdentifier) } else { Ok(ids) }
}
