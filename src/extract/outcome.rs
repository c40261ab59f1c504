//! Outcome claims: a value attached to what was measured, when, against what, in how many.

mod around;
mod attach;
mod bracketed;
mod change;
mod direction;
mod noun;
mod ratio;
mod respective;
mod share;
mod side;
mod sift;
mod subject;
#[cfg(test)]
mod tests;

use super::arms::Arms;
use super::claim::{Argument, Certainty, Direction, Measure, Measurement};
use super::comparison::Comparison;
use super::phrase::{Phrases, Role};
use super::quantity::{Kind, Quantity, Value};
use super::rule::Rules;
use crate::annotate::Category;
use crate::text::Span;
use respective::Respective;

/// What is dosed, and dissolved.
const SUBSTANCES: [Category; 4] = [Category::SmallMolecule, Category::ChemicalEntity, Category::Drug, Category::MolecularMixture];

/// An outcome as found in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Result {
    /// What was done, where the sentence tells.
    pub intervention: Option<Argument>,
    /// What was measured.
    pub outcome: Argument,
    /// The numbers.
    pub measurement: Measurement,
    /// The pattern that found it.
    pub rule: &'static str,
    /// How firmly it is put.
    pub certainty: Certainty,
    /// The value's place.
    pub span: Span,
}

/// Where the outcome of a value stands and what its words tell.
struct Attached {
    outcome: Argument,
    direction: Option<Direction>,
    measure: Measure,
    intervention: Option<Argument>,
    baseline: Option<(f64, f64)>,
    rule: &'static str,
}

/// Reads the outcomes of one sentence.
pub struct Outcomes<'a> {
    phrases: &'a Phrases<'a>,
    rules: &'a Rules,
    quantities: &'a [Quantity],
    arms: &'a Arms,
    comparisons: &'a [Comparison],
    /// Whether the sentence is an item of a list, a heading or a caption, which may be a fragment.
    listed: bool,
}

impl<'a> Outcomes<'a> {
    /// Prepares a sentence with its quantities and the comparisons that it tells.
    pub fn new(
        phrases: &'a Phrases<'a>,
        rules: &'a Rules,
        arms: &'a Arms,
        quantities: &'a [Quantity],
        comparisons: &'a [Comparison],
        listed: bool,
    ) -> Self {
        Self { phrases, rules, quantities, arms, comparisons, listed }
    }

    /// The outcomes, in order.
    pub fn find(&self) -> Vec<Result> {
        let mut out: Vec<Result> = Vec::new();
        if self.is_barred() {
            return out;
        }
        for (i, quantity) in self.quantities.iter().enumerate() {
            let Some((first, last)) = self.tokens(quantity.span) else { continue };
            if let Kind::Value(value) = &quantity.kind
                && let Some(found) = self.bracketed(i, value)
            {
                out.push(found);
                continue;
            }
            if let Kind::Value(value) = &quantity.kind
                && (self.is_label(value, first, last) || self.is_before(last))
            {
                continue;
            }
            let counted;
            let (value, attached) = match &quantity.kind {
                Kind::Value(_) if self.is_comparator_value(i) => continue,
                Kind::Value(value) => (value, self.attach(i, value, first, last)),
                Kind::Dose(_) if self.is_comparator_value(i) => continue,
                Kind::Dose(value) => (value, self.amount(value, first)),
                Kind::Count(part, _) => {
                    counted = Value { range: (*part as f64, *part as f64), ..Value::default() };
                    (&counted, self.counted(last))
                }
                _ => continue,
            };
            let Some(mut attached) = attached.or_else(|| self.following(value, out.last())) else { continue };
            let Some(outcome) = self.measurable(attached.outcome.clone(), attached.rule, value.unit.as_deref()) else { continue };
            attached.outcome = outcome;
            if attached.intervention.is_none() {
                attached.intervention = self.arm_behind(last);
            }
            let counted_unit = matches!(quantity.kind, Kind::Count(..)).then(|| self.lemma(last + 1).to_owned());
            let mut measurement = self.measurement(i, value, &attached);
            measurement.unit = measurement.unit.or(counted_unit);
            let mut found = Result {
                intervention: attached.intervention,
                outcome: attached.outcome,
                measurement,
                rule: attached.rule,
                certainty: self.certainty(first),
                span: quantity.span,
            };
            match self.respective(i) {
                Respective::Arms { intervention, comparator } => {
                    found.intervention = intervention.or(found.intervention);
                    found.measurement.comparator = comparator;
                    self.point(&mut found);
                }
                Respective::Unclear => continue,
                Respective::No => self.settle(i, &mut found),
            }
            found.intervention = found.intervention.filter(|a| self.is_treatment(a));
            out.push(found);
        }
        out
    }

    /// First and last token that lie in a quantity.
    fn tokens(&self, span: Span) -> Option<(usize, usize)> {
        let tokens = self.phrases.tree.tokens;
        let first = tokens.iter().position(|t| t.span.overlaps(span))?;
        let last = tokens.iter().rposition(|t| t.span.overlaps(span))?;
        Some((first, last))
    }

    fn word(&self, i: usize) -> String {
        self.phrases.tree.tokens.get(i).map_or_else(String::new, |t| t.span.of(self.phrases.tree.text).to_lowercase())
    }

    fn tag(&self, i: usize) -> &'static str {
        self.phrases.tree.tokens.get(i).map_or("", |t| t.tag)
    }

    fn lemma(&self, i: usize) -> &str {
        self.phrases.tree.tokens.get(i).map_or("", |t| &t.lemma)
    }

    fn is_finite(&self, t: usize) -> bool {
        matches!(self.tag(t), "VBD" | "VBZ" | "VBP")
    }

    pub(super) fn is_quantity(&self, span: Span) -> bool {
        self.quantities.iter().any(|q| q.span.overlaps(span))
    }

    /// The thing that a noun phrase speaks of.
    fn named(&self, head: usize) -> Option<Argument> {
        self.phrases.arguments(head, Role::Object).into_iter().find(|p| !p.anaphor).map(|p| p.argument).or_else(|| self.named_whole(head))
    }

    /// The whole noun phrase ("incidence of SBI").
    fn named_whole(&self, head: usize) -> Option<Argument> {
        if matches!(self.tag(head), "PRP" | "DT" | "WDT" | "CD") {
            return None;
        }
        let (first, last) = self.phrases.extent(head);
        // "Safety: vomiting": the label in front is no part of the name.
        let first = (first..head).rev().find(|&t| self.word(t) == ":").map_or(first, |t| t + 1);
        Some(self.words(first, last, head))
    }

    fn words(&self, first: usize, last: usize, head: usize) -> Argument {
        let tokens = self.phrases.tree.tokens;
        let span = tokens[first].span.join(tokens[last].span);
        self.phrases.ground(span, head).swap_remove(0).0
    }

    fn intervention_at(&self, token: usize) -> Option<Argument> {
        self.phrases.arguments(token, Role::Subject).into_iter().find(|p| !p.anaphor).map(|p| p.argument)
    }

    fn is_substance(&self, t: usize) -> bool {
        self.phrases.mentions_at(t).iter().any(|m| SUBSTANCES.contains(&m.entity.category))
    }

    /// "would fall by", "may reduce": a number under a modal is no more than expected.
    fn certainty(&self, first: usize) -> Certainty {
        let clause = (0..first).rev().take_while(|&t| self.word(t) != ";");
        let modal =
            clause.into_iter().any(|t| self.tag(t) == "MD" && matches!(self.lemma(t), "may" | "might" | "could" | "would" | "should"));
        if modal { Certainty::Hedged } else { Certainty::Affirmed }
    }

    /// "8.1 % at baseline": what stood before the treatment is no result.
    fn is_before(&self, last: usize) -> bool {
        let end = (last + 1..last + 6).find(|&t| matches!(self.word(t).as_str(), "," | ";" | "and" | "to" | "")).unwrap_or(last + 6);
        (last + 1..end).any(|t| {
            let at = matches!(self.word(t - 1).as_str(), "at" | "(");
            at && matches!(self.word(t).as_str(), "baseline" | "enrolment" | "enrollment" | "entry")
                || self.word(t) == "before" && end < last + 4
        })
    }
}
