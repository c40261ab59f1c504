//! Outcome claims: a value attached to what was measured, when, against what, in how many.

use super::claim::{Argument, Comparator, Direction, Measure, Measurement, Period};
use super::context::mentions_in;
use super::phrase::{Phrases, Role};
use super::quantity::{self, Kind, Quantity, Value};
use super::rule::{Form, Rules};
use crate::annotate::Category;
use crate::text::Span;

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
}

impl<'a> Outcomes<'a> {
    /// Prepares a sentence.
    pub fn new(phrases: &'a Phrases<'a>, rules: &'a Rules) -> Self {
        Self { phrases, rules, quantities: quantity::find(phrases.tree.text, phrases.tree.span) }
    }

    /// The outcomes, in order.
    pub fn find(&self) -> Vec<Result> {
        let mut out: Vec<Result> = Vec::new();
        for (i, quantity) in self.quantities.iter().enumerate() {
            let Kind::Value(value) = &quantity.kind else { continue };
            let Some((first, last)) = self.tokens(quantity.span) else { continue };
            if self.is_comparator_value(i) {
                continue;
            }
            let Some(attached) = self.attach(i, value, first, last) else { continue };
            let measurement = self.measurement(i, value, &attached);
            out.push(Result {
                intervention: attached.intervention,
                outcome: attached.outcome,
                measurement,
                rule: attached.rule,
                span: quantity.span,
            });
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
            && let Some(found) = self.from_to(i, first)
        {
            return Some(found);
        }
        if self.word(first.wrapping_sub(1)) == "by"
            && let Some(found) = self.changed_by(first)
        {
            return Some(found);
        }
        let share = value.unit.as_deref() == Some("%");
        if share && self.word(next) == "of" {
            let holder = (next + 1..next + 5).find(|&t| self.rules.cues.bearers.contains(self.lemma(t)));
            if let Some(found) = holder.and_then(|h| self.share_of(h + 1)) {
                return Some(found);
            }
        }
        if share && matches!(self.tag(next), "VBP" | "VBD" | "VBZ" | "VB") && !matches!(self.lemma(next), "be" | "do") {
            if let Some(found) = self.share_of(next) {
                return Some(found);
            }
        }
        if let Some(found) = self.before_noun(value, next) {
            return Some(found);
        }
        self.after_noun(value, first)
    }

    /// "OR 2.69", "NNT … was 3.2": the outcome is the clause's subject, or what the label's phrase is for.
    fn labelled(&self, first: usize, value: &Value) -> Option<Attached> {
        let tree = self.phrases.tree;
        let measure = value.measure?;
        let label = (first..tree.tokens.len().min(first + 4)).find(|&t| tree.is_nominal(t))?;
        let of = tree.prepositional(label, &["for", "of", "between"]).map(|(_, o)| o).next();
        let verb = tree.ancestors(label).find(|&a| tree.is_verb(a));
        let subject = verb.and_then(|v| tree.surface_subject(v)).filter(|&s| s != label);
        let before = (0..first).rev().find(|&t| tree.tokens[t].tag.starts_with("NN") && self.word(t + 1) == "(");
        let head = of.or(before).or(subject)?;
        let outcome = self.named(head)?;
        let intervention = verb.and_then(|v| tree.actor(v)).and_then(|a| self.intervention_at(a));
        Some(Attached { outcome, direction: None, measure, intervention, baseline: None, rule: "labelled-ratio" })
    }

    /// "from 10 to 7": the second is the value, the first the baseline.
    fn from_to(&self, i: usize, first: usize) -> Option<Attached> {
        let before = self.quantities[..i].iter().rev().take(2).find_map(|q| match &q.kind {
            Kind::Value(v) => Some((q.span, v)),
            _ => None,
        })?;
        let (from, _) = self.tokens(before.0)?;
        if self.word(from.wrapping_sub(1)) != "from" || first - from > 12 {
            return None;
        }
        let mut found = self.changed_by(from)?;
        found.baseline = Some(before.1.range);
        found.measure = Measure::Level;
        found.rule = "from-to";
        Some(found)
    }

    /// "X reduced Y by 41 %", "Y fell by 3 points".
    fn changed_by(&self, first: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let verb = (0..first).rev().take(14).find(|&t| tree.is_verb(t) && self.direction_of(Form::Verb, self.lemma(t)).is_some())?;
        let direction = self.direction_of(Form::Verb, self.lemma(verb));
        let object = tree.patient(verb).or_else(|| tree.surface_subject(verb))?;
        let outcome = self.named(object)?;
        let intervention = tree.actor(verb).filter(|&a| a != object).and_then(|a| self.intervention_at(a));
        Some(Attached { outcome, direction, measure: Measure::Change, intervention, baseline: None, rule: "changed-by" })
    }

    /// "55 % of patients avoid X", "25 % regain X": what the share of the patients did or had.
    fn share_of(&self, from: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let verb = (from..tree.tokens.len().min(from + 8))
            .find(|&t| tree.is_verb(t) && !matches!(self.lemma(t), "treat" | "receive" | "be" | "have" | "undergo"))?;
        let object = tree.by(verb, &["dobj", "attr"]).last();
        let own = matches!(
            self.lemma(verb),
            "achieve"
                | "attain"
                | "develop"
                | "experience"
                | "gain"
                | "have"
                | "maintain"
                | "reach"
                | "regain"
                | "report"
                | "show"
                | "recover"
        );
        let outcome = match object {
            Some(object) if own => self.named(object)?,
            Some(object) => {
                let (_, last) = self.phrases.extent(object);
                self.words(verb, last.max(verb), object)
            }
            None => {
                let last = tree.prepositional(verb, &[]).map(|(_, o)| self.phrases.extent(o).1).next().unwrap_or(verb);
                self.words(verb, last.max(verb).min(verb + 6), verb)
            }
        };
        Some(Attached { outcome, direction: None, measure: Measure::Share, intervention: None, baseline: None, rule: "share-of-patients" })
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
        let change = self.change_noun(lemma);
        let rule = if change.is_some() { "value-change-noun" } else { "value-noun" };
        if change.is_none() && (self.rules.cues.vague.contains(lemma) && start == head) {
            return None;
        }
        let outcome = match change {
            Some(_) if head > start => self.words(start, head - 1, head - 1),
            Some(_) => {
                let unit_is_outcome = value.unit.as_deref().is_some_and(|u| u.contains(' ') || u == "grade");
                match tree
                    .prepositional(head, &["in", "of", "for"])
                    .map(|(_, o)| o)
                    .find(|&o| !self.rules.cues.bearers.contains(self.lemma(o)) && self.tag(o) != "CD")
                {
                    Some(object) if !unit_is_outcome => self.named(object)?,
                    _ if unit_is_outcome => self.words(next.saturating_sub(1), head, head),
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

    /// "Y was 8.97 %", "a success rate of 77.4 %", "vomiting occurred in 11 %", "Y (52 %)".
    fn after_noun(&self, value: &Value, first: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let before = first.checked_sub(1)?;
        let quality =
            (first..tree.tokens.len().min(first + 9)).find(|&t| matches!(self.tag(t), "JJR" | "RBR")).and_then(|t| self.quality(t));
        // A copula, with nothing but adverbs and other values between.
        let copula = (0..first).rev().take(18).find(|&t| tree.is_verb(t));
        if let Some(verb) = copula
            && matches!(self.lemma(verb), "be" | "average" | "reach" | "remain")
            && tree.tokens[verb + 1..first].iter().all(|t| !t.tag.starts_with("NN") || self.is_arm(t.span) || t.span.of(tree.text) == "%")
            && let Some(subject) = tree.surface_subject(verb)
        {
            let outcome = self.named_whole(subject)?;
            let changed = outcome.text.to_lowercase().contains("change") && value.negative;
            let direction = quality.or(changed.then_some(Direction::Decrease));
            let measure = match (value.unit.as_deref(), direction) {
                (_, Some(_)) => Measure::Change,
                (Some("%"), None) => Measure::Share,
                _ => Measure::Level,
            };
            return Some(Attached { outcome, direction, measure, intervention: None, baseline: None, rule: "subject-was-value" });
        }
        if let Some(verb) = copula
            && matches!(self.word(before).as_str(), "in" | "for")
            && matches!(self.lemma(verb), "occur" | "see" | "observe" | "report" | "record" | "note" | "find" | "develop")
        {
            let near = (verb + 1..before).rev().find(|&t| {
                tree.tokens[t].tag.starts_with("NN") && !self.is_arm(tree.tokens[t].span) && self.word(t) != "%" && self.tag(t - 1) != "CD"
            });
            let outcome = self.named(near.or_else(|| tree.surface_subject(verb))?)?;
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
            let direction = self.change_noun(self.lemma(head));
            let outcome = match direction {
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
        Some(self.words(first, last, head))
    }

    fn words(&self, first: usize, last: usize, head: usize) -> Argument {
        let tokens = self.phrases.tree.tokens;
        let span = tokens[first].span.join(tokens[last].span);
        self.phrases.ground(span, head).swap_remove(0).0
    }

    fn is_quality(&self, i: usize) -> bool {
        matches!(self.tag(i), "JJ" | "VBN" | "VBD")
            && (self.rules.cues.upward.contains(&self.word(i)) || self.rules.cues.downward.contains(&self.word(i)))
    }

    fn quality(&self, i: usize) -> Option<Direction> {
        let word = self.word(i);
        if self.rules.cues.downward.contains(&word) {
            Some(Direction::Decrease)
        } else if self.rules.cues.upward.contains(&word) {
            Some(Direction::Increase)
        } else {
            None
        }
    }

    /// The direction that a noun of change tells ("reduction", "thickening", "relief").
    fn change_noun(&self, lemma: &str) -> Option<Direction> {
        match lemma {
            "thickening" | "gain" | "growth" | "rise" => Some(Direction::Increase),
            "thinning" | "narrowing" | "shortening" | "loss" | "decline" | "relief" => Some(Direction::Decrease),
            _ => self.direction_of(Form::Noun, lemma),
        }
    }

    fn direction_of(&self, form: Form, lemma: &str) -> Option<Direction> {
        use super::claim::Relation::{Decreases, Increases};
        self.rules.triggered(form, lemma).iter().find_map(|t| match t.relation {
            Increases => Some(Direction::Increase),
            Decreases => Some(Direction::Decrease),
            _ => None,
        })
    }

    fn intervention_at(&self, token: usize) -> Option<Argument> {
        self.phrases.arguments(token, Role::Subject).into_iter().find(|p| !p.anaphor).map(|p| p.argument)
    }

    /// A value behind "vs", "than" or "and" that belongs to the comparator of the value before it.
    fn is_comparator_value(&self, i: usize) -> bool {
        let Some((first, _)) = self.tokens(self.quantities[i].span) else { return true };
        let before: Vec<String> = (first.saturating_sub(3)..first).map(|t| self.word(t)).collect();
        let earlier = self.quantities[..i].iter().any(|q| matches!(q.kind, Kind::Value(_)));
        let joined = before.iter().any(|w| matches!(w.as_str(), "vs" | "vs." | "versus" | "than"))
            || before.iter().any(|w| matches!(w.as_str(), "with" | "to"))
                && (first.saturating_sub(6)..first).any(|t| self.lemma(t) == "compare");
        if !earlier || joined {
            return earlier && joined;
        }
        // "8 % in the treatment group and 24 % in the control group": the control's value belongs to the one before.
        let Some((_, last)) = self.tokens(self.quantities[i].span) else { return true };
        let end = self.quantities.get(i + 1).and_then(|q| self.tokens(q.span)).map_or(self.phrases.tree.tokens.len(), |(f, _)| f);
        (last + 1..end.min(last + 7)).any(|t| matches!(self.lemma(t), "control" | "placebo" | "sham" | "vehicle" | "saline"))
            && matches!(self.word(first.wrapping_sub(1)).as_str(), "and" | "," | "to" | "with" | "while")
    }

    fn measurement(&self, i: usize, value: &Value, attached: &Attached) -> Measurement {
        let here = self.quantities[i].span;
        let next_value = self.quantities[i + 1..].iter().find(|q| matches!(q.kind, Kind::Value(_))).map_or(usize::MAX, |q| q.span.start);
        let after = || self.quantities[i + 1..].iter();
        let ci = after().take_while(|q| q.span.start < next_value).find_map(|q| match q.kind {
            Kind::Interval(a, b, level) => Some((a, b, level)),
            _ => None,
        });
        let p_value = after().chain(self.quantities[..i].iter().rev()).find_map(|q| match &q.kind {
            Kind::PValue(p) => Some(p.clone()),
            _ => None,
        });
        let sample_size = self.quantities.iter().find_map(|q| match q.kind {
            Kind::SampleSize(n) => Some(n),
            Kind::Count(_, n) => Some(n),
            _ => None,
        });
        let share = self.share_behind(here);
        Measurement {
            measure: attached.measure,
            value: value.range,
            bound: value.bound,
            unit: value.unit.clone(),
            direction: attached.direction,
            time: self.time_of(here, next_value),
            baseline: attached.baseline,
            ci,
            sd: value.sd,
            sample_size: sample_size.or_else(|| self.group_size()),
            share,
            comparator: self.comparator(i),
            p_value,
            instrument: self.instrument(&attached.outcome),
        }
    }

    /// "in 40 % of patients" behind a value of another unit.
    fn share_behind(&self, here: Span) -> Option<f64> {
        self.quantities.iter().filter(|q| q.span.start > here.end).find_map(|q| match &q.kind {
            Kind::Value(v) if v.unit.as_deref() == Some("%") => {
                let (first, last) = self.tokens(q.span)?;
                (self.word(first.wrapping_sub(1)) == "in" && self.word(last + 1) == "of").then_some(v.range.0)
            }
            _ => None,
        })
    }

    /// "In 50 athletes": a plain number before the people studied.
    fn group_size(&self) -> Option<u64> {
        let tree = self.phrases.tree;
        (1..tree.tokens.len())
            .find(|&t| self.rules.cues.bearers.contains(self.lemma(t)) && self.tag(t - 1) == "CD" && self.word(t - 1) != "%")
            .and_then(|t| self.word(t - 1).parse().ok())
    }

    /// The follow-up: the time behind the value and before the next, else the last before it, else the only one.
    fn time_of(&self, here: Span, next_value: usize) -> Option<Period> {
        let times: Vec<(Span, &Period)> = self
            .quantities
            .iter()
            .filter_map(|q| match &q.kind {
                Kind::Time(p) => Some((q.span, p)),
                _ => None,
            })
            .filter(|(span, _)| !self.is_duration(*span))
            .collect();
        let behind = times.iter().find(|(s, _)| s.start >= here.end && s.start < next_value);
        let before = times.iter().rev().find(|(s, _)| s.end <= here.start);
        let only = (times.len() == 1).then(|| &times[0]);
        behind.or(before).or(only).map(|(_, p)| (*p).clone())
    }

    /// "for 12 weeks", "5-year risk": how long something was done or what it is called, no follow-up.
    fn is_duration(&self, span: Span) -> bool {
        let Some((first, last)) = self.tokens(span) else { return false };
        self.word(first.wrapping_sub(1)) == "for"
            || matches!(self.lemma(last + 1), "course" | "protocol" | "programme" | "program" | "interval")
    }

    /// What it is compared with: "vs. 28 % in controls", "compared with placebo", "than in controls".
    fn comparator(&self, i: usize) -> Option<Comparator> {
        let tree = self.phrases.tree;
        let (_, last) = self.tokens(self.quantities[i].span)?;
        let mark = (last + 1..tree.tokens.len()).find(|&t| {
            matches!(self.word(t).as_str(), "vs" | "vs." | "versus" | "than")
                || matches!(self.word(t).as_str(), "with" | "to") && (t.saturating_sub(2)..t).any(|b| self.lemma(b) == "compare")
        });
        let second = self.quantities[i + 1..].iter().find(|q| matches!(q.kind, Kind::Value(_)));
        let number = |q: &Quantity| match &q.kind {
            Kind::Value(v) => Some((v.range, v.unit.clone())),
            _ => None,
        };
        if let Some(mark) = mark {
            let value = second.filter(|q| self.tokens(q.span).is_some_and(|(f, _)| f > mark && f - mark < 8));
            let from = value.and_then(|q| self.tokens(q.span)).map_or(mark + 1, |(f, l)| if f == mark + 1 { l + 1 } else { mark + 1 });
            let head = (from..tree.tokens.len().min(from + 8))
                .find(|&t| tree.tokens[t].tag.starts_with("NN") && !tree.tokens.get(t + 1).is_some_and(|n| n.tag.starts_with("NN")))?;
            let (first, end) = self.phrases.extent(head);
            let label = tree.tokens[first.max(from)].span.join(tree.tokens[end].span).of(tree.text).to_owned();
            let told = value.and_then(number);
            return Some(Comparator { label, value: told.as_ref().map(|t| t.0), unit: told.and_then(|t| t.1) });
        }
        // "8 % in the treatment group and 24 % in the control group": the arm that is a control.
        for q in &self.quantities[i + 1..] {
            let Some((_, last)) = number(q).and(self.tokens(q.span)) else { continue };
            let head = (last + 1..tree.tokens.len().min(last + 7))
                .find(|&t| matches!(self.lemma(t), "control" | "placebo" | "sham" | "vehicle" | "saline"));
            if let (Some(head), Some((range, unit))) = (head, number(q)) {
                return Some(Comparator { label: tree.word(head).to_owned(), value: Some(range), unit });
            }
        }
        None
    }

    /// How it was measured: an instrument or imaging method that the sentence names beside the outcome.
    fn instrument(&self, outcome: &Argument) -> Option<String> {
        mentions_in(self.phrases.mentions, self.phrases.tree.span)
            .iter()
            .find(|m| m.entity.category == Category::ClinicalMeasurement && !m.span.overlaps(outcome.span))
            .map(|m| m.text.clone())
    }
}
