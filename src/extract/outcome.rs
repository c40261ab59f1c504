//! Outcome claims: a value attached to what was measured, when, against what, in how many.

mod around;
mod bracketed;
mod direction;
mod ratio;
mod share;
mod side;
mod subject;
#[cfg(test)]
mod tests;

pub use direction::direction_of;

use super::arms::Arms;
use super::claim::{Argument, Direction, Measure, Measurement};
use super::comparison::Comparison;
use super::phrase::{Phrases, Role};
use super::quantity::{self, Kind, Quantity, Value};
use super::rule::Rules;
use crate::annotate::Category;
use crate::text::Span;

/// What is dosed, and dissolved.
const SUBSTANCES: [Category; 4] = [Category::SmallMolecule, Category::ChemicalEntity, Category::Drug, Category::MolecularMixture];

/// Whether the words name a term of the analysis, whose number is no result.
fn is_statistic(name: &str) -> bool {
    let name = name.to_lowercase();
    let last = name.rsplit(' ').next().unwrap_or("");
    matches!(last, "p-value" | "power" | "cut-off" | "cutoff" | "threshold" | "margin" | "significance" | "chance" | "cv" | "alpha")
        || [
            "standard error",
            "sample size",
            "confidence interval",
            "standard deviation",
            "half-life",
            "maximum score",
            "minimum score",
            "possible score",
            "score range",
            "variance",
            "r2 value",
            "kappa",
            "detection limit",
            "response statistics",
            "follow-up rate",
            "response rate to the",
        ]
        .iter()
        .any(|term| name.contains(term))
}

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
    quantities: Vec<Quantity>,
    arms: &'a Arms,
    comparisons: &'a [Comparison],
}

impl<'a> Outcomes<'a> {
    /// Prepares a sentence with the comparisons that it tells.
    pub fn new(phrases: &'a Phrases<'a>, rules: &'a Rules, arms: &'a Arms, comparisons: &'a [Comparison]) -> Self {
        Self { phrases, rules, quantities: quantity::find(phrases.tree.text, phrases.tree.span), arms, comparisons }
    }

    /// The outcomes, in order.
    pub fn find(&self) -> Vec<Result> {
        let mut out: Vec<Result> = Vec::new();
        // What will be done has no result yet.
        let n = self.phrases.tree.tokens.len();
        let planned = (0..n).any(|t| self.tag(t) == "MD" && self.lemma(t) == "will" || matches!(self.lemma(t), "define" | "criterion"));
        if planned || matches!(self.word(0).as_str(), "if" | "assuming" | "suppose") {
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
            // "1) …, 2) …" number a list; "(more than 50 % decrease)" defines.
            let numbered = self.word(last + 1) == ")" && self.opening(first).is_none();
            let defines = matches!(&quantity.kind, Kind::Value(v) if v.bound.is_some()) && self.opening(first).is_some();
            if numbered || defines {
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
            if is_statistic(&attached.outcome.text) {
                continue;
            }
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
                span: quantity.span,
            };
            self.settle(i, &mut found);
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

    /// Tries the patterns around a value, the most telling first.
    fn attach(&self, i: usize, value: &Value, first: usize, last: usize) -> Option<Attached> {
        let next = last + 1;
        if value.measure.is_some_and(|m| !matches!(m, Measure::Fold)) {
            return self.labelled(first, value);
        }
        if self.word(first.wrapping_sub(1)) == "to"
            && let Some(found) = self.fall_or_rise_to(i, first)
        {
            return Some(found);
        }
        if self.word(first.wrapping_sub(1)) == "by"
            && let Some(found) = self.changed_by(first, value.unit.as_deref())
        {
            return Some(found);
        }
        if let Some(found) = self.moved(value, first) {
            return Some(found);
        }
        let share = value.unit.as_deref() == Some("%");
        if share && value.measure.is_none() && matches!(self.word(next).as_str(), "in" | "with" | "for") {
            let verb =
                (next + 1..self.phrases.tree.tokens.len().min(next + 6)).take_while(|&t| self.word(t) != ",").find(|&t| self.is_finite(t));
            if let Some(found) = verb.filter(|&v| self.lemma(v) != "be").and_then(|v| self.share_of(v)) {
                return Some(found);
            }
        }
        // "the chief symptom of 86 % of patients" counts the symptom.
        if share && self.word(next) == "of" && self.word(first.wrapping_sub(1)) != "of" {
            let last = |t: usize| !self.tag(t + 1).starts_with("NN");
            let holder = (next + 1..next + 5).find(|&t| self.rules.cues.bearers.contains(self.lemma(t)) && last(t));
            if let Some(found) = holder.and_then(|h| self.share_of(h + 1)) {
                return Some(found);
            }
        }
        if share
            && matches!(self.tag(next), "VBP" | "VBD" | "VBZ" | "VB")
            && !matches!(self.lemma(next), "be" | "do")
            && let Some(found) = self.share_of(next)
        {
            return Some(found);
        }
        if share && self.is_strength(next) {
            return None;
        }
        // "NNT for at least 50 % pain relief" names a threshold.
        let threshold = value.bound.is_some() && matches!(self.word(first.wrapping_sub(1)).as_str(), "for" | "achieving" | "with" | "of");
        if !threshold && let Some(found) = self.before_noun(value, next) {
            return Some(found);
        }
        self.after_noun(value, first, next)
    }

    /// "0.5 % hypobaric bupivacaine": the percent tells how strong a solution is.
    fn is_strength(&self, next: usize) -> bool {
        let end = (next..next + 6).find(|&t| !matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "HYPH")).unwrap_or(next + 6);
        let told = (next..end).any(|t| self.is_quality(t) || self.change_noun(self.lemma(t)).is_some());
        !told && (next..end).any(|t| self.is_substance(t))
    }

    /// "from 10 to 7": the second is the value, the first the baseline.
    fn fall_or_rise_to(&self, i: usize, first: usize) -> Option<Attached> {
        let before = self.quantities[..i].iter().rev().take(2).find_map(|q| match &q.kind {
            Kind::Value(v) => Some((q.span, v)),
            _ => None,
        })?;
        let (from, _) = self.tokens(before.0)?;
        if self.word(from.wrapping_sub(1)) != "from" || first - from > 12 {
            return None;
        }
        let mut found = self.changed_by(from.wrapping_sub(1), None)?;
        found.baseline = Some(before.1.range);
        found.measure = Measure::Level;
        found.rule = "from-to";
        Some(found)
    }

    /// "X reduced Y by 41 %", "Y fell by 3 points".
    fn changed_by(&self, first: usize, unit: Option<&str>) -> Option<Attached> {
        let tree = self.phrases.tree;
        // "reduces bleeding caused by atony by 60 %": the participle only tells which bleeding.
        let aside = |t: usize| self.tag(t) == "VBN" && self.word(t + 1) == "by" && t + 1 < first.saturating_sub(1);
        let verb = (0..first).rev().take(14).find(|&t| self.moves(t).is_some() && !aside(t))?;
        let object = self
            .object_behind(verb)
            .or_else(|| tree.patient(verb))
            .or_else(|| tree.surface_subject(verb))
            .or_else(|| self.subject_before(verb))?;
        // "40 % of patients improved": the patients did.
        let object = tree.prepositional(object, &["of"]).map(|(_, o)| o).find(|_| self.word(object) == "%").unwrap_or(object);
        let people = self.rules.cues.people.contains(self.lemma(object));
        let outcome = match unit {
            // "patients improved by two grades": what improved is the scale.
            Some(unit) if people && unit.ends_with("grade") => {
                let scale = (first..tree.tokens.len().min(first + 6)).find(|&t| self.lemma(t).contains("grade"))?;
                let named = matches!(self.tag(scale - 1), "NN" | "NNP" | "JJ") && scale > first;
                self.words(scale - usize::from(named), scale, scale)
            }
            _ if people || !self.tag(object).starts_with("NN") => return None,
            _ if object > verb && self.phrases.extent(object).0 <= verb => {
                let start = (verb + 1..object).find(|&t| self.tag(t) != "DT").unwrap_or(object);
                self.words(start, object, object)
            }
            _ => self.named(object)?,
        };
        let direction = self.moves(verb).map(|d| self.turned(verb, d, &outcome));
        let intervention = tree.actor(verb).filter(|&a| a != object).and_then(|a| self.intervention_at(a));
        Some(Attached { outcome, direction, measure: Measure::Change, intervention, baseline: None, rule: "changed-by" })
    }

    /// The head of the noun phrase right behind a finite verb, whatever the parser made of it.
    fn object_behind(&self, verb: usize) -> Option<usize> {
        let n = self.phrases.tree.tokens.len();
        let start = (verb + 1..n).find(|&t| !self.tag(t).starts_with("RB")).filter(|_| self.is_finite(verb))?;
        self.noun_from(start).filter(|&head| !self.is_quantity(self.phrases.tree.tokens[head].span))
    }

    /// "IL-6 rose 3-fold", "pain fell about 20 %": the value right behind a verb of change.
    fn moved(&self, value: &Value, first: usize) -> Option<Attached> {
        let verb = (0..first)
            .rev()
            .find(|&t| !self.tag(t).starts_with("RB") && !matches!(self.word(t).as_str(), "about" | "around" | "by" | "~"))?;
        value.unit.as_ref().filter(|_| self.moves(verb).is_some() && !matches!(self.tag(verb), "VB" | "VBG"))?;
        let mut found = self.changed_by(first, value.unit.as_deref())?;
        if value.measure == Some(Measure::Fold) {
            found.measure = Measure::Fold;
        }
        Some(found)
    }

    fn is_finite(&self, t: usize) -> bool {
        matches!(self.tag(t), "VBD" | "VBZ" | "VBP")
    }

    /// "Blood loss was 310 ml": an amount said of something that is no dose.
    fn amount(&self, value: &Value, first: usize) -> Option<Attached> {
        let before = first.checked_sub(1)?;
        let stated = self.phrases.tree.is_verb(before) || matches!(self.tag(before), "RB" | "CC" | "," | "SYM" | "IN");
        let found = stated.then(|| self.was(value, first)).flatten()?;
        let told = found.outcome.text.to_lowercase();
        let given = told.split_whitespace().any(|w| matches!(w, "dose" | "doses" | "dosage" | "dosing" | "bolus" | "infusion" | "volume"));
        (!given && !SUBSTANCES.contains(&found.outcome.entity.category)).then_some(found)
    }

    /// "…, risk difference 3 %", "…, constipation in 35 %": a value that goes on about what the one before told.
    fn following(&self, value: &Value, before: Option<&Result>) -> Option<Attached> {
        let before = before?;
        let measure = value.measure.filter(|m| *m == Measure::Difference)?;
        let (outcome, intervention) = (before.outcome.clone(), before.intervention.clone());
        Some(Attached { outcome, direction: None, measure, intervention, baseline: None, rule: "labelled-ratio" })
    }

    /// "60 % tear width reduction", "50 % reduction in pain", "0.8 mm thinner scars", "72 % meniscus healing".
    fn before_noun(&self, value: &Value, next: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let mut at = next;
        let mut told = None;
        while matches!(self.tag(at), "JJR" | "RBR") || self.is_quality(at) {
            told = told.or_else(|| self.quality(at));
            at += 1;
        }
        let start = at;
        while at < tree.tokens.len()
            && (matches!(self.tag(at), "NN" | "NNS" | "NNP" | "JJ" | "VBN" | "VBG" | "HYPH" | "AFX" | "FW") || self.word(at) == "/")
        {
            at += 1;
        }
        let mut head = at.checked_sub(1).filter(|&h| h >= start)?;
        while head > start && !tree.tokens[head].tag.starts_with("NN") && self.tag(head) != "VBG" {
            head -= 1;
        }
        if !(tree.tokens[head].tag.starts_with("NN") || self.tag(head) == "VBG")
            || self.rules.cues.bearers.contains(self.lemma(head)) && told.is_none()
        {
            return None;
        }
        let lemma = self.lemma(head);
        let change = self.change_noun(lemma).or_else(|| self.change_noun(&self.word(head)));
        let rule = if change.is_some() { "value-change-noun" } else { "value-noun" };
        if change.is_none() && (self.rules.cues.vague.contains(lemma) && start == head || matches!(lemma, "scale" | "questionnaire")) {
            return None;
        }
        // "10 % formalin", ">75 % HRmax": beside a verb, a percent before a noun is seldom its result; in a list item it is.
        let shown = self.is_shown(next);
        let fragment = || !(0..tree.tokens.len()).any(|t| self.is_finite(t));
        if value.unit.is_none() && told.is_none() || change.is_none() && told.is_none() && !fragment() && !shown {
            return None;
        }
        let outcome = match change {
            Some(_) if head > start => self.words(start, head - 1, head - 1),
            Some(_) if lemma.contains(' ') => self.named_whole(head)?,
            Some(_) => {
                let unit_is_outcome = value.unit.as_deref().is_some_and(|u| u.contains(' ') || u == "grade");
                match tree
                    .prepositional(head, &["in", "of", "for"])
                    .map(|(_, o)| o)
                    .find(|&o| !self.rules.cues.bearers.contains(self.lemma(o)) && self.tag(o) != "CD")
                {
                    Some(object) if !unit_is_outcome => self.named(object)?,
                    _ if unit_is_outcome => self.words(next.saturating_sub(1), head, head),
                    // What stands in brackets goes on about something else than the subject.
                    _ if self.opening(next).is_some() => return None,
                    _ => self.subject_above(head)?,
                }
            }
            None => {
                // "return to sports": the noun with its complement.
                let complement = (self.word(head + 1) == "to" && tree.tokens[head].tag == "NN")
                    .then(|| tree.prepositional(head, &["to"]).map(|(_, o)| o).next())
                    .flatten();
                let last = complement.map_or(head, |o| self.phrases.extent(o).1.clamp(head, head + 6));
                self.words(start, last, last)
            }
        };
        let direction = told.or(change);
        let measure = match (value.unit.as_deref(), direction, told) {
            (_, _, Some(_)) => Measure::Difference,
            (Some("fold"), ..) => Measure::Fold,
            (_, Some(_), _) => Measure::Change,
            (Some("%"), ..) => Measure::Share,
            _ => Measure::Level,
        };
        if direction.is_none() && value.unit.is_none() {
            return None;
        }
        Some(Attached { outcome, direction, measure, intervention: None, baseline: None, rule })
    }

    /// "demonstrated 72 % healing": the value stands right behind a verb of showing.
    fn is_shown(&self, next: usize) -> bool {
        let verb = (0..next).rev().take(6).find(|&t| self.phrases.tree.is_verb(t));
        verb.is_some_and(|v| {
            matches!(self.lemma(v), "achieve" | "demonstrate" | "give" | "produce" | "reach" | "report" | "show" | "yield")
                && (v + 1..next).all(|t| !self.tag(t).starts_with("NN") || self.is_quantity(self.phrases.tree.tokens[t].span))
        })
    }

    /// "Y was 8.97 %", "a success rate of 77.4 %", "vomiting occurred in 11 %", "Y (52 %)".
    fn after_noun(&self, value: &Value, first: usize, next: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let before = first.checked_sub(1)?;
        if let Some(found) = self.was(value, first) {
            return Some(found);
        }
        let copula = (0..first).rev().take(18).find(|&t| tree.is_verb(t));
        if let Some(verb) = copula
            && matches!(self.word(before).as_str(), "in" | "for")
            && matches!(self.lemma(verb), "occur" | "see" | "observe" | "report" | "record" | "note" | "find" | "develop")
        {
            // "vomiting occurred in 11 %, constipation in 35 %": the noun right before, behind a comma or "and".
            let near = (verb + 1..before).last().filter(|&t| tree.tokens[t].tag.starts_with("NN") && self.word(t) != "%");
            let outer = (verb + 1..before).rev().find(|&t| !matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "HYPH"));
            let near = near.filter(|_| outer.is_some_and(|o| matches!(self.word(o).as_str(), "," | "and" | "or" | ";")));
            if near.is_none() && before != verb + 1 && self.word(before - 1) == "and" {
                return None;
            }
            let nearest = near.zip(outer).map(|(n, o)| self.words(o + 1, n, n));
            let outcome = nearest.or_else(|| self.named(self.subject_before(verb).or_else(|| tree.surface_subject(verb))?))?;
            return Some(Attached {
                outcome,
                direction: None,
                measure: Measure::Share,
                intervention: None,
                baseline: None,
                rule: "occurred-in-value",
            });
        }
        if self.word(before) == "of" && value.unit.is_some() {
            let head = (0..before).rev().find(|&t| tree.tokens[t].tag.starts_with("NN"))?;
            if before - head > 2
                || self.rules.cues.vague.contains(self.lemma(head)) && tree.by(head, &["compound", "amod", "nmod"]).next().is_none()
            {
                return None;
            }
            // "a decrease in blood pressure of 4 mmHg": the change is that of the noun above.
            let above = tree.head(head).and_then(|p| tree.head(p)).filter(|_| matches!(tree.relation(head), "pobj"));
            let governed = above.and_then(|a| self.change_noun(self.lemma(a)));
            let direction = self.change_noun(self.lemma(head)).or(governed);
            // "the chief symptom of 86 % of patients".
            if direction.is_none() && self.word(next) == "of" {
                return None;
            }
            // "a decrease of 66 mg/dL in X".
            let behind = (self.word(next) == "in").then(|| self.noun_from(next + 1)).flatten();
            let outcome = match direction {
                Some(_) if behind.is_some() => self.named_whole(behind?)?,
                Some(_) if governed.is_some() => self.words(self.phrases.extent(head).0.min(head), head, head),
                Some(_) => {
                    let modifier = tree.by(head, &["compound", "nmod"]).filter(|&c| c < head).last();
                    let object = tree.prepositional(head, &["in", "of"]).map(|(_, o)| o).find(|&o| o < first && self.tag(o) != "CD");
                    self.named(modifier.or(object).or_else(|| self.subject_token(head))?)?
                }
                None => self.named_whole(head)?,
            };
            let measure = if direction.is_some() {
                Measure::Change
            } else if value.unit.as_deref() == Some("%") {
                Measure::Share
            } else {
                Measure::Level
            };
            return Some(Attached { outcome, direction, measure, intervention: None, baseline: None, rule: "noun-of-value" });
        }
        // "Y was reduced (41 %)" and the like are left out: what stands in brackets is too often something else.
        None
    }

    /// The head of the noun phrase that begins at `t`.
    fn noun_from(&self, t: usize) -> Option<usize> {
        let inside = |t: usize| matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "DT" | "PRP$" | "VBN" | "VBG" | "HYPH");
        let end = (t..self.phrases.tree.tokens.len()).find(|&t| !inside(t)).unwrap_or(self.phrases.tree.tokens.len());
        (t..end).rev().find(|&t| self.tag(t).starts_with("NN")).filter(|&h| !self.rules.cues.people.contains(self.lemma(h)))
    }

    fn is_substance(&self, t: usize) -> bool {
        self.phrases.mentions_at(t).iter().any(|m| SUBSTANCES.contains(&m.entity.category))
    }

    pub(super) fn is_quantity(&self, span: Span) -> bool {
        self.quantities.iter().any(|q| q.span.overlaps(span))
    }

    /// Whether a noun between copula and value only names an arm ("in the treatment group").
    fn is_arm(&self, span: Span) -> bool {
        let tree = self.phrases.tree;
        tree.tokens.iter().position(|t| t.span == span).is_some_and(|t| {
            tree.ancestors(t).chain([t]).any(|a| tree.relation(a) == "prep")
                || self.rules.cues.carriers.contains(self.lemma(t))
                || self.rules.cues.bearers.contains(self.lemma(t))
        })
    }

    fn subject_token(&self, head: usize) -> Option<usize> {
        let tree = self.phrases.tree;
        tree.ancestors(head).find(|&a| tree.is_verb(a)).and_then(|v| tree.surface_subject(v)).filter(|&s| s != head)
    }

    fn subject_above(&self, head: usize) -> Option<Argument> {
        self.named(self.subject_token(head)?)
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
}
