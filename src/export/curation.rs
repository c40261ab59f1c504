//! What curators decided, as far as it changes what is exported: the newest decision on each thing.

use super::cell::{curie, word};
use super::rows::select;
use super::{Cell, Error, Row, Table};
use crate::store::GraphStore;
use oxigraph::model::Term;
use std::collections::BTreeMap;

/// The newest decision on a claim, article, entry or finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// `accepted`, `rejected`, `corrected`, `sourced`, `waived` or `undone`.
    pub verdict: String,
    /// When, as written.
    pub when: String,
    /// The decision's own IRI.
    pub decision: String,
    /// IRIs of works added as sources.
    pub works: Vec<String>,
    /// Corrected subject, with its label.
    pub subject: Option<Named>,
    /// IRI of the corrected relation.
    pub relation: Option<String>,
    /// Corrected object, with its label.
    pub object: Option<Named>,
    /// Corrected negation.
    pub negated: Option<bool>,
}

/// An IRI with its label and category where the store knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// The IRI.
    pub iri: String,
    /// Its label; the CURIE where there is none.
    pub label: String,
    /// IRI of its Biolink class, or nothing.
    pub category: String,
}

/// The newest decisions, by the IRI of what they decide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Curation {
    /// By IRI of the claim, article, entry or finding.
    pub verdicts: BTreeMap<String, Verdict>,
}

const NEWEST: &str = "SELECT ?thing ?decision ?when ?verdict ?work ?subject ?subject_label ?subject_category ?relation ?object ?object_label ?object_category ?negated
WHERE {
  ?decision evi:decides ?thing ; evi:verdict ?verdict ; prov:endedAtTime ?when .
  # A source that was retracted since supports nothing.
  OPTIONAL { ?decision evi:addsWork ?work . FILTER NOT EXISTS { ?work evi:retracted true } }
  OPTIONAL { ?decision evi:corrected ?right .
    OPTIONAL { ?right rdf:subject ?subject . OPTIONAL { ?subject rdfs:label ?subject_label ; biolink:category ?subject_category } }
    OPTIONAL { ?right rdf:predicate ?relation }
    OPTIONAL { ?right rdf:object ?object . OPTIONAL { ?object rdfs:label ?object_label ; biolink:category ?object_category } }
    OPTIONAL { ?right evi:negated ?negated } }
}";

impl Curation {
    /// Reads the newest decision on each thing.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn load(store: &dyn GraphStore) -> Result<Self, Error> {
        let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
        select(store, NEWEST, |term| {
            let text = |at: usize| match term(at) {
                Some(Term::NamedNode(n)) => n.into_string(),
                Some(Term::BlankNode(b)) => b.into_string(),
                Some(Term::Literal(l)) => l.value().to_owned(),
                _ => String::new(),
            };
            let named = |at: usize| {
                let iri = text(at);
                let label = if text(at + 1).is_empty() { curie(&iri) } else { text(at + 1) };
                (!iri.is_empty()).then(|| Named { label, category: text(at + 2), iri })
            };
            let (thing, decision, when) = (text(0), text(1), text(2));
            let known = verdicts.entry(thing).or_default();
            if (&known.when, &known.decision) < (&when, &decision) {
                *known = Verdict {
                    verdict: word(&text(3)),
                    when,
                    decision: decision.clone(),
                    works: Vec::new(),
                    subject: named(5),
                    relation: Some(text(8)).filter(|r| !r.is_empty()),
                    object: named(9),
                    negated: match text(12).as_str() {
                        "" => None,
                        n => Some(n == "true"),
                    },
                };
            }
            let work = text(4);
            if known.decision == decision && !work.is_empty() && !known.works.contains(&work) {
                known.works.push(work);
            }
            Ok(())
        })?;
        verdicts.values_mut().for_each(|v| v.works.sort());
        Ok(Self { verdicts })
    }

    /// The newest decision on a thing.
    pub fn on(&self, thing: &str) -> Option<&Verdict> {
        self.verdicts.get(thing)
    }

    /// Whether the newest verdict on the thing is this one.
    pub fn is(&self, thing: &str, verdict: &str) -> bool {
        self.on(thing).is_some_and(|v| v.verdict == verdict)
    }

    /// Changes a row about a claim to what the curators decided: corrections and added sources win over what was read.
    pub fn apply(&self, table: &Table, row: &mut Row) {
        if self.verdicts.is_empty() {
            return;
        }
        let Some(verdict) = table.column("claim_id").and_then(|(at, _)| self.on(row[at].as_str())) else { return };
        let mut set = |column: &str, cell: Cell| {
            if let Some((at, _)) = table.column(column) {
                row[at] = cell;
            }
        };
        set("decision", Cell::text(&verdict.verdict));
        for (role, named) in [("subject", &verdict.subject), ("object", &verdict.object)] {
            if let Some(named) = named {
                set(&format!("{role}_label"), Cell::text(&named.label));
                set(&format!("{role}_id"), Cell::text(curie(&named.iri)));
                set(&format!("{role}_category"), Cell::text(curie(&named.category)));
            }
        }
        if let Some(relation) = &verdict.relation {
            set("relation", Cell::text(curie(relation)));
        }
        if let Some(negated) = verdict.negated {
            set("negated", Cell::Boolean(negated));
        }
        if !verdict.works.is_empty() {
            set("source_status", Cell::text("sourced"));
            if let Some((at, _)) = table.column("references") {
                row[at] = Cell::list(row[at].items().iter().cloned().chain(verdict.works.iter().map(|w| curie(w))));
            }
        }
    }
}
