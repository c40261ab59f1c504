//! What a claim asserts once the curators' decisions are counted, and the plain triples that follow.

use super::Error;
use super::hand::{Hand, Pattern, object, subjects};
use crate::graph::Base;
use crate::graph::vocabulary::{evi, prov};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphNameRef, NamedNode, NamedOrBlankNode, NamedOrBlankNodeRef, Term, Triple};
use oxigraph::store::StorageError;

/// Whether anybody decided anything.
pub(super) fn decided(t: &impl Hand, base: &Base) -> Result<bool, StorageError> {
    let curation = base.curation_graph();
    let verdicts = Pattern { property: Some(evi::VERDICT), graph: Some(curation.as_ref().into()), ..Pattern::default() };
    Ok(t.matching(verdicts).next().transpose()?.is_some())
}

/// The newest decision on a thing, and its verdict.
fn newest(t: &impl Hand, thing: NamedOrBlankNodeRef<'_>) -> Result<Option<(NamedOrBlankNode, Term)>, StorageError> {
    let mut best: Option<(String, String, NamedOrBlankNode)> = None;
    for decision in subjects(t, evi::DECIDES, thing.into())? {
        let time = match object(t, decision.as_ref(), prov::ENDED_AT_TIME)? {
            Some(Term::Literal(l)) => l.value().to_owned(),
            _ => String::new(),
        };
        let rank = (time, decision.to_string(), decision);
        if best.as_ref().is_none_or(|b| (&b.0, &b.1) < (&rank.0, &rank.1)) {
            best = Some(rank);
        }
    }
    let Some((_, _, decision)) = best else { return Ok(None) };
    Ok(object(t, decision.as_ref(), evi::VERDICT)?.map(|verdict| (decision, verdict)))
}

/// The triple that a claim asserts: none where it is hedged, negated, an outcome, or rejected; the right one where it was corrected.
fn effective(t: &impl Hand, claim: NamedOrBlankNodeRef<'_>) -> Result<Option<Triple>, StorageError> {
    if object(t, claim, evi::CERTAINTY)? != Some(evi::AFFIRMED.into_owned().into()) {
        return Ok(None);
    }
    let mut corrected = None;
    if let Some((decision, Term::NamedNode(verdict))) = newest(t, claim)? {
        if verdict.as_ref() == evi::REJECTED {
            return Ok(None);
        }
        if verdict.as_ref() == evi::CORRECTED_VERDICT {
            corrected = object(t, decision.as_ref(), evi::CORRECTED)?;
        }
    }
    let get = |property| -> Result<Option<Term>, StorageError> {
        let right = match &corrected {
            Some(Term::NamedNode(n)) => object(t, n.as_ref().into(), property)?,
            Some(Term::BlankNode(b)) => object(t, b.as_ref().into(), property)?,
            _ => None,
        };
        if right.is_some() { Ok(right) } else { object(t, claim, property) }
    };
    if matches!(get(evi::NEGATED)?, Some(Term::Literal(l)) if l.value() == "true") {
        return Ok(None);
    }
    Ok(match (get(rdf::SUBJECT)?, get(rdf::PREDICATE)?, get(rdf::OBJECT)?) {
        (Some(Term::NamedNode(s)), Some(Term::NamedNode(p)), Some(o)) => Some(Triple::new(s, p, o)),
        _ => None,
    })
}

/// Whether a claim, or the correction of one, asserts the triple.
pub(super) fn asserted(t: &impl Hand, base: &Base, triple: &Triple) -> Result<bool, Error> {
    let subject = Term::from(triple.subject.clone());
    // Whichever of the two has fewer claims ends the search.
    let claims = |property, object| t.matching(Pattern::to(property, object));
    let mut by_subject = claims(rdf::SUBJECT, subject.as_ref());
    let mut by_object = claims(rdf::OBJECT, triple.object.as_ref());
    let curation = base.curation_graph();
    loop {
        for found in [by_subject.next(), by_object.next()] {
            let Some(quad) = found.transpose()? else { return Ok(false) };
            let mut claims = vec![quad.subject.clone()];
            if quad.graph_name.as_ref() == GraphNameRef::from(curation.as_ref()) {
                claims.clear();
                for decision in subjects(t, evi::CORRECTED, Term::from(quad.subject).as_ref())? {
                    match object(t, decision.as_ref(), evi::DECIDES)? {
                        Some(Term::NamedNode(n)) => claims.push(n.into()),
                        Some(Term::BlankNode(b)) => claims.push(b.into()),
                        _ => {}
                    }
                }
            }
            for claim in claims {
                if effective(t, claim.as_ref())?.as_ref() == Some(triple) {
                    return Ok(true);
                }
            }
        }
    }
}

/// Writes the plain triples of these claims anew: those they asserted as they were read, and those they assert by decision.
pub(super) fn refresh(t: &mut impl Hand, base: &Base, claims: &[NamedNode]) -> Result<(), Error> {
    let graph = base.edges_graph();
    for claim in claims {
        let mut triples = Vec::new();
        let mut sources = vec![NamedOrBlankNode::from(claim.clone())];
        for decision in subjects(t, evi::DECIDES, claim.as_ref().into())? {
            match object(t, decision.as_ref(), evi::CORRECTED)? {
                Some(Term::NamedNode(n)) => sources.push(n.into()),
                Some(Term::BlankNode(b)) => sources.push(b.into()),
                _ => {}
            }
        }
        for source in sources {
            let mut parts = Vec::new();
            for property in [rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT] {
                let own = object(t, source.as_ref(), property)?;
                parts.push(if own.is_some() { own } else { object(t, claim.as_ref().into(), property)? });
            }
            if let [Some(Term::NamedNode(s)), Some(Term::NamedNode(p)), Some(o)] = parts.as_slice() {
                triples.push(Triple::new(s.clone(), p.clone(), o.clone()));
            }
        }
        for triple in triples {
            let edge = triple.as_ref().in_graph(graph.as_ref());
            if asserted(t, base, &triple)? { t.insert(edge) } else { t.remove(edge) }
        }
    }
    Ok(())
}
