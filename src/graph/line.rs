//! The claim as a line of JSON: what `evigraph extract --format jsonl` prints.

use super::{Base, article_iri, claim_iri, confidence, identity::quote};
use crate::document::Document;
use crate::extract::{Argument, Assertion, Claim, Measurement};
use crate::text::TextIndex;
use serde_json::{Value, json};

/// A claim as JSON; positions are code points of the document's text, which `index` must be made of.
///
/// ```
/// use evigraph::annotate::{Category, Entity};
/// use evigraph::document::{Document, Format};
/// use evigraph::extract::*;
/// use evigraph::graph::{Base, claim_line};
/// use evigraph::text::{Span, TextIndex};
/// let mut document = Document::new("a.md", Format::Markdown);
/// document.text = "β-cells produce insulin".to_owned();
/// let argument = |from, to| Argument {
///     text: document.text[from..to].to_owned(),
///     entity: Entity { id: None, label: document.text[from..to].to_owned(), category: Category::NamedThing },
///     xrefs: vec![],
///     span: Span::new(from, to),
/// };
/// let claim = Claim {
///     assertion: Assertion::Mechanism { subject: argument(0, 8), relation: Relation::Produces, object: argument(17, 24), aspect: None },
///     negated: false, certainty: Certainty::Affirmed, condition: None, via: vec![], site: None, population: None, species: None, dose: None,
///     citations: vec![], source_status: SourceStatus::Unsourced, study_design: StudyDesign::Unspecified, evidence_code: "ECO:0007320",
///     quote_role: QuoteRole::Background, section: vec![], quote: Span::new(0, 24), confidence: 0.9, rule: "active".to_owned(),
/// };
/// let line = claim_line(&document, &claim, &TextIndex::new(&document.text), &Base::default());
/// assert_eq!((line["end"].as_u64(), line["predicate"].as_str()), (Some(23), Some("evi:produces")));
/// ```
pub fn claim_line(document: &Document, claim: &Claim, index: &TextIndex<'_>, base: &Base) -> Value {
    let entity = |a: &Argument| argument(a, index);
    let mut line = json!({
        "id": claim_iri(document, claim, base).as_str(),
        "kind": "mechanism",
        "article": article_iri(document, base).as_str(),
        "source": document.source,
    });
    let fields = match &claim.assertion {
        Assertion::Mechanism { subject, relation, object, aspect } => json!({
            "subject": entity(subject), "predicate": format!("evi:{}", relation.term()), "object": entity(object), "aspect": aspect,
        }),
        Assertion::Outcome { intervention, outcome, measurement } => json!({
            "kind": "outcome", "intervention": intervention.as_ref().map(entity), "outcome": entity(outcome), "measurement": numbers(measurement),
        }),
    };
    let common = json!({
        "negated": claim.negated,
        "certainty": claim.certainty.as_str(),
        "condition": claim.condition.as_ref().map(entity),
        "via": claim.via.iter().map(entity).collect::<Vec<_>>(),
        "site": claim.site.as_ref().map(entity),
        "population": claim.population,
        "species": claim.species.as_ref().map(entity),
        "dose": claim.dose,
        "citations": claim.citations,
        "source_status": claim.source_status.as_str(),
        "study_design": claim.study_design.as_str(),
        "evidence_code": claim.evidence_code,
        "quote_role": claim.quote_role.as_str(),
        "section": claim.section.join(" > "),
        "text": quote(document, claim),
        "start": index.code_point(claim.quote.start),
        "end": index.code_point(claim.quote.end),
        "confidence": confidence(claim),
        "rule": claim.rule,
    });
    for part in [fields, common] {
        if let (Value::Object(line), Value::Object(part)) = (&mut line, part) {
            line.extend(part);
        }
    }
    line
}

fn argument(a: &Argument, index: &TextIndex<'_>) -> Value {
    json!({
        "text": a.text, "id": a.entity.id, "label": a.entity.label, "category": format!("biolink:{}", a.entity.category.name()),
        "xrefs": a.xrefs, "start": index.code_point(a.span.start), "end": index.code_point(a.span.end),
    })
}

/// A number as JSON: whole ones without a decimal point.
fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}

fn pair((low, high): (f64, f64)) -> Value {
    json!([number(low), number(high)])
}

fn numbers(m: &Measurement) -> Value {
    json!({
        "measure": m.measure.as_str(),
        "value": pair(m.value),
        "bound": m.bound.map(|b| b.as_str()),
        "unit": m.unit,
        "direction": m.direction.map(|d| d.as_str()),
        "time": m.time.as_ref().map(|t| json!({ "value": pair(t.value), "unit": t.unit })),
        "baseline": m.baseline.map(pair),
        "ci": m.ci.map(|(low, high, level)| json!({ "value": pair((low, high)), "level": number(level) })),
        "sd": m.sd.map(number),
        "sample_size": m.sample_size,
        "share": m.share.map(number),
        "comparator": m.comparator.as_ref().map(|c| json!({ "label": c.label, "value": c.value.map(pair), "unit": c.unit })),
        "p_value": m.p_value,
        "instrument": m.instrument,
    })
}
