//! Decisions in the curation graph: read, and turned into quads.

use super::{Error, Reason, Verdict};
use crate::export::{select, word};
use crate::graph::Base;
use crate::graph::vocabulary::{self, evi, prov};
use crate::store::GraphStore;
use oxigraph::model::vocab::{rdf, rdfs, xsd};
use oxigraph::model::{Literal, NamedNode, Quad, Term};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a claim should say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Correction {
    /// The right subject.
    pub subject: Option<NamedNode>,
    /// The right relation, as an `evi:` property.
    pub relation: Option<NamedNode>,
    /// The right object.
    pub object: Option<NamedNode>,
    /// Whether the text denies it.
    pub negated: Option<bool>,
}

impl Correction {
    /// Whether it corrects nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A person's verdict on a claim, article, entry or finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its IRI.
    pub id: String,
    /// IRI of what is decided.
    pub thing: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: Option<Reason>,
    /// IRIs of works that support the claim, sorted; those added earlier included.
    pub works: Vec<String>,
    /// What the claim should say.
    pub correction: Correction,
    /// ORCID or name.
    pub curator: String,
    /// When, as `xsd:dateTime` in UTC, to the second.
    pub when: String,
    /// Anything else.
    pub comment: String,
    /// IRI of the decision that this one takes back.
    pub undoes: Option<String>,
}

impl Decision {
    /// The decision as statements of the curation graph.
    pub(super) fn quads(&self, base: &Base) -> Vec<Quad> {
        let graph = base.curation_graph();
        let mut quads = Vec::new();
        let id = NamedNode::new_unchecked(self.id.as_str());
        let mut add = |subject: &NamedNode, property: oxigraph::model::NamedNodeRef<'_>, object: Term| {
            quads.push(Quad::new(subject.clone(), property.into_owned(), object, graph.clone()));
        };
        let iri = |text: &str| Term::from(NamedNode::new_unchecked(text));
        add(&id, rdf::TYPE, evi::DECISION.into_owned().into());
        add(&id, evi::DECIDES, iri(&self.thing));
        add(&id, evi::VERDICT, vocabulary::term(self.verdict.term()).into());
        if let Some(reason) = self.reason {
            add(&id, evi::REASON, vocabulary::term(reason.term()).into());
        }
        self.works.iter().for_each(|w| add(&id, evi::ADDS_WORK, iri(w)));
        if !self.correction.is_empty() {
            let right = NamedNode::new_unchecked(format!("{}/correction", self.id));
            add(&id, evi::CORRECTED, right.clone().into());
            let c = &self.correction;
            for (property, part) in [(rdf::SUBJECT, &c.subject), (rdf::PREDICATE, &c.relation), (rdf::OBJECT, &c.object)] {
                if let Some(part) = part {
                    add(&right, property, part.clone().into());
                }
            }
            if let Some(negated) = c.negated {
                add(&right, evi::NEGATED, Literal::from(negated).into());
            }
        }
        add(&id, prov::WAS_ASSOCIATED_WITH, agent(&self.curator).map_or_else(|| Literal::from(self.curator.as_str()).into(), Term::from));
        add(&id, prov::ENDED_AT_TIME, Literal::new_typed_literal(self.when.as_str(), xsd::DATE_TIME).into());
        if !self.comment.is_empty() {
            add(&id, rdfs::COMMENT, Literal::from(self.comment.as_str()).into());
        }
        if let Some(undoes) = &self.undoes {
            add(&id, evi::UNDOES, iri(undoes));
        }
        quads
    }
}

/// The IRI of a new decision.
pub(super) fn decision_iri(base: &Base, thing: &str, when: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [thing, when] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize()[..16].iter().fold(base.iri("decision/").into_string(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// A person by an ORCID, with or without its address, or by another address; `None` for a plain name.
///
/// ```
/// use evigraph::review::agent;
/// assert_eq!(agent("0000-0002-1825-0097").unwrap().as_str(), "https://orcid.org/0000-0002-1825-0097");
/// assert_eq!(agent("Ada"), None);
/// ```
pub fn agent(who: &str) -> Option<NamedNode> {
    let orcid = who.rsplit('/').next().unwrap_or(who);
    let groups: Vec<&str> = orcid.split('-').collect();
    let digits = |g: &str, last: bool| g.len() == 4 && g.char_indices().all(|(at, c)| c.is_ascii_digit() || (last && at == 3 && c == 'X'));
    if groups.len() == 4 && groups.iter().enumerate().all(|(at, g)| digits(g, at == 3)) {
        return Some(NamedNode::new_unchecked(format!("https://orcid.org/{orcid}")));
    }
    if who.starts_with("https://") || who.starts_with("http://") { NamedNode::new(who).ok() } else { None }
}

/// Every decision, or those on one thing, by time.
pub(super) fn load(store: &dyn GraphStore, thing: Option<&str>) -> Result<Vec<Decision>, Error> {
    let only = thing.map_or_else(String::new, |t| format!("VALUES ?thing {{ {} }}", NamedNode::new_unchecked(t)));
    let query = format!(
        "SELECT ?decision ?thing ?verdict ?when ?who ?reason ?work ?comment ?undoes ?subject ?relation ?object ?negated WHERE {{
          {only} ?decision evi:decides ?thing ; evi:verdict ?verdict ; prov:endedAtTime ?when ; prov:wasAssociatedWith ?who .
          OPTIONAL {{ ?decision evi:reason ?reason }} OPTIONAL {{ ?decision evi:addsWork ?work }}
          OPTIONAL {{ ?decision rdfs:comment ?comment }} OPTIONAL {{ ?decision evi:undoes ?undoes }}
          OPTIONAL {{ ?decision evi:corrected ?right . OPTIONAL {{ ?right rdf:subject ?subject }} OPTIONAL {{ ?right rdf:predicate ?relation }}
            OPTIONAL {{ ?right rdf:object ?object }} OPTIONAL {{ ?right evi:negated ?negated }} }}
        }}"
    );
    let mut found: BTreeMap<(String, String), Decision> = BTreeMap::new();
    select(store, &query, |term| {
        let text = |at: usize| match term(at) {
            Some(Term::NamedNode(n)) => n.into_string(),
            Some(Term::Literal(l)) => l.value().to_owned(),
            _ => String::new(),
        };
        let named = |at: usize| if let Some(Term::NamedNode(n)) = term(at) { Some(n) } else { None };
        let Ok(verdict) = Verdict::from_name(&word(&text(2))) else { return Ok(()) };
        let decision = found.entry((text(3), text(0))).or_insert_with(|| Decision {
            id: text(0),
            thing: text(1),
            verdict,
            reason: Reason::from_name(&word(&text(5))).ok(),
            works: Vec::new(),
            correction: Correction {
                subject: named(9),
                relation: named(10),
                object: named(11),
                negated: Some(text(12)).filter(|n| !n.is_empty()).map(|n| n == "true"),
            },
            curator: text(4),
            when: text(3),
            comment: text(7),
            undoes: Some(text(8)).filter(|u| !u.is_empty()),
        });
        let work = text(6);
        if !work.is_empty() && !decision.works.contains(&work) {
            decision.works.push(work);
            decision.works.sort();
        }
        Ok(())
    })?;
    Ok(found.into_values().collect())
}

/// Every decision on one thing, oldest first.
///
/// # Errors
/// Where the store fails.
pub fn history(store: &dyn GraphStore, thing: &str) -> Result<Vec<Decision>, Error> {
    load(store, Some(thing))
}

/// The decisions on one thing that still stand, oldest first: an undo takes the one it names away.
pub(super) fn standing(history: &[Decision]) -> Vec<&Decision> {
    let mut stack: Vec<&Decision> = Vec::new();
    for decision in history {
        match &decision.undoes {
            Some(undone) => stack.retain(|d| d.id != *undone),
            None => stack.push(decision),
        }
    }
    stack
}
