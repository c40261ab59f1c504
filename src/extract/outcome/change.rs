//! Values of verbs of change: "Y fell by 3 points", "from 10 to 7", "IL-6 rose 3-fold".

use super::{Attached, Outcomes};
use crate::extract::claim::Measure;
use crate::extract::quantity::{Kind, Value};

impl Outcomes<'_> {
    /// "from 10 to 7": the second is the value, the first the baseline.
    pub(super) fn fall_or_rise_to(&self, i: usize, first: usize) -> Option<Attached> {
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
    pub(super) fn changed_by(&self, first: usize, unit: Option<&str>) -> Option<Attached> {
        let tree = self.phrases.tree;
        // "reduces bleeding caused by atony by 60 %": the participle only tells which bleeding.
        let aside = |t: usize| self.tag(t) == "VBN" && self.word(t + 1) == "by" && t + 1 < first.saturating_sub(1);
        let verb = (0..first).rev().take(14).find(|&t| self.moves(t).is_some() && !aside(t))?;
        let told = |o: &usize| !self.is_quantity(tree.tokens[*o].span) || self.word(*o) == "%";
        // "induced a reduction in X by 3": the noun tells which way.
        let noun = (verb + 1..first)
            .rev()
            .find(|&t| self.change_noun(self.lemma(t)).is_some() && matches!(self.word(t + 1).as_str(), "in" | "of"));
        if let Some(noun) = noun {
            let object =
                tree.prepositional(noun, &["in", "of"]).map(|(_, o)| o).find(|&o| tree.tokens[o].tag.starts_with("NN") && told(&o))?;
            let (outcome, direction) = (self.named_whole(object)?, self.change_noun(self.lemma(noun)));
            let intervention = tree.actor(verb).filter(|&a| a != noun).and_then(|a| self.intervention_at(a));
            return Some(Attached { outcome, direction, measure: Measure::Change, intervention, baseline: None, rule: "changed-by" });
        }
        if let Some((start, head)) = self.phrase_before(first) {
            let opener = start.checked_sub(1)?;
            // "A and B by 20 % and 14 %": which is whose is not told by the nearest.
            let value = self.quantities.iter().find(|q| q.span.overlaps(tree.tokens[first].span)).and_then(|q| self.tokens(q.span));
            let row = value.is_some_and(|(_, l)| {
                matches!(self.word(l + 1).as_str(), "and" | ",") && tree.tokens.get(l + 2).is_some_and(|t| self.is_quantity(t.span))
            });
            if row && self.word(opener) == "and" {
                return None;
            }
            let listed = matches!(self.word(opener).as_str(), "and" | ",") && opener > verb;
            if listed || opener == verb {
                let outcome = self.words(start, first - 2, head);
                let direction = self.moves(verb).and_then(|d| self.turned(verb, d, &outcome));
                let intervention = tree.actor(verb).filter(|&a| a != head).and_then(|a| self.intervention_at(a));
                let people = self.rules.cues.people.contains(self.lemma(head));
                return (!people).then_some(Attached {
                    outcome,
                    direction,
                    measure: Measure::Change,
                    intervention,
                    baseline: None,
                    rule: "changed-by",
                });
            }
        }
        let object = self
            .object_behind(verb)
            .or_else(|| tree.patient(verb).filter(told))
            .or_else(|| tree.by(verb, &["nsubj", "nsubjpass"]).last().filter(told))
            .or_else(|| self.subject_before(verb).filter(told))
            .or_else(|| tree.surface_subject(verb).filter(told))?;
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
        let direction = self.moves(verb).and_then(|d| self.turned(verb, d, &outcome));
        // What falls by itself is acted on by nothing that the clause names.
        let acts = object > verb || tree.is_passive(verb);
        let intervention = tree.actor(verb).filter(|&a| acts && a != object).and_then(|a| self.intervention_at(a));
        Some(Attached { outcome, direction, measure: Measure::Change, intervention, baseline: None, rule: "changed-by" })
    }

    /// The noun phrase right before "by", without determiners: where it begins, and its head.
    fn phrase_before(&self, first: usize) -> Option<(usize, usize)> {
        let by = first.checked_sub(1).filter(|&t| self.word(t) == "by")?;
        let last = by.checked_sub(1).filter(|&t| self.tag(t).starts_with("NN") && !self.is_quantity(self.phrases.tree.tokens[t].span))?;
        let mut start = last;
        while start > 0 {
            let t = start - 1;
            let inside = matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "HYPH" | "PRP$" | "DT" | "POS")
                || self.word(t) == "of" && t > 0 && self.tag(t - 1).starts_with("NN");
            if !inside {
                break;
            }
            start = t;
        }
        let head = (start..=last).find(|&t| t == last || self.word(t + 1) == "of").unwrap_or(last);
        let from = (start..=last).find(|&t| !matches!(self.tag(t), "DT" | "PRP$")).unwrap_or(last);
        // The opener is what stands before the determiner.
        if from > start && start > 0 { Some((start, head)) } else { Some((from, head)) }
    }

    /// The head of the noun phrase right behind a finite verb, whatever the parser made of it.
    pub(super) fn object_behind(&self, verb: usize) -> Option<usize> {
        let n = self.phrases.tree.tokens.len();
        let start = (verb + 1..n).find(|&t| !self.tag(t).starts_with("RB")).filter(|_| self.is_finite(verb))?;
        self.noun_from(start).filter(|&head| !self.is_quantity(self.phrases.tree.tokens[head].span))
    }

    /// "IL-6 rose 3-fold", "pain fell about 20 %": the value right behind a verb of change.
    pub(super) fn moved(&self, value: &Value, first: usize) -> Option<Attached> {
        let verb = (0..first)
            .rev()
            .find(|&t| !self.tag(t).starts_with("RB") && !matches!(self.word(t).as_str(), "about" | "around" | "by" | "~"))?;
        // "increased up to 43.5 %" tells a level.
        if self.word(first.wrapping_sub(1)) == "to" {
            return None;
        }
        value.unit.as_ref().filter(|_| self.moves(verb).is_some() && !matches!(self.tag(verb), "VB" | "VBG"))?;
        let mut found = self.changed_by(first, value.unit.as_deref())?;
        if value.measure == Some(Measure::Fold) {
            found.measure = Measure::Fold;
        }
        Some(found)
    }
}
