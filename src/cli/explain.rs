//! What `extract --explain` shows: for each sentence its mentions, its parse, and the claims with the rules that found them.

use super::terminal::printable;
use crate::annotate::Mention;
use crate::document::Document;
use crate::extract::{Argument, Assertion, Claim, Extraction, Extractor, Parsed};
use std::fmt::Write as _;

/// Every sentence that mentions something, explained.
pub fn sentences(document: &Document, extractor: &Extractor) -> String {
    let (found, sentences) = extractor.explain(document);
    let mut out = String::new();
    let _ = writeln!(out, "# {}", document.source);
    for parsed in sentences {
        // Writing to a string cannot fail.
        let _ = explained(document, &found, &parsed, &mut out);
    }
    printable(&out)
}

fn explained(document: &Document, found: &Extraction, parsed: &Parsed, out: &mut String) -> std::fmt::Result {
    let sentence = &parsed.sentence;
    let mentions: Vec<_> = found.mentions.iter().filter(|m| sentence.span.contains(m.span)).collect();
    let claims: Vec<_> = found.claims.iter().filter(|c| c.quote.overlaps(sentence.span)).collect();
    if mentions.is_empty() && claims.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", sentence.span.of(&document.text))?;
    mentions.iter().try_for_each(|m| writeln!(out, "  mention  {}", mentioned(m)))?;
    for (i, token) in sentence.tokens.iter().enumerate() {
        let head = token.head.map_or_else(|| "root".to_owned(), |h| format!("{} of {}", token.relation, h + 1));
        writeln!(out, "  {:>5}  {:<20} {:<6} {:<20} {head}", i + 1, token.span.of(&document.text), token.tag, token.lemma)?;
    }
    claims.iter().try_for_each(|c| writeln!(out, "  claim    {}", claimed(c)))?;
    if claims.is_empty() {
        writeln!(out, "  no claim: {}", parsed.silence)?;
    }
    Ok(())
}

fn mentioned(m: &Mention) -> String {
    let id = m.entity.id.as_deref().unwrap_or("not grounded");
    let others: Vec<_> = m.alternatives.iter().filter_map(|a| a.entity.id.as_deref()).collect();
    let others = if others.is_empty() { String::new() } else { format!("; not {}", others.join(", ")) };
    format!("{:?} is {} ({id}, {}): {}{others}", m.text, m.entity.label, m.entity.category.name(), m.reasons.join(", "))
}

fn claimed(c: &Claim) -> String {
    let not = if c.negated { "not " } else { "" };
    let label = |a: &Argument| a.entity.label.clone();
    let said = match &c.assertion {
        Assertion::Mechanism { subject, relation, object, aspect } => {
            let aspect = aspect.as_ref().map(|a| format!(" ({a})")).unwrap_or_default();
            format!("{} {not}{} {}{aspect}", label(subject), relation.term(), label(object))
        }
        Assertion::Outcome { intervention, outcome, measurement } => {
            let by = intervention.as_ref().map(|i| format!("{}: ", label(i))).unwrap_or_default();
            let (low, high) = measurement.value;
            format!(
                "{by}{not}{} {} {low} to {high} {}",
                label(outcome),
                measurement.measure.as_str(),
                measurement.unit.as_deref().unwrap_or("")
            )
        }
    };
    let about = c.condition.as_ref().map(|a| format!(", about {}", label(a))).unwrap_or_default();
    format!("{said}{about}; {}, {}; rule {}, confidence {:.2}", c.certainty.as_str(), c.source_status.as_str(), c.rule, c.confidence)
}
