//! Which pattern around a value tells what it measures.

use super::{Attached, Outcomes, Result, SUBSTANCES};
use crate::extract::claim::Measure;
use crate::extract::quantity::Value;

impl Outcomes<'_> {
    /// Tries the patterns around a value, the most telling first.
    pub(super) fn attach(&self, i: usize, value: &Value, first: usize, last: usize) -> Option<Attached> {
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
        if share && self.word(next) == "of" && !matches!(self.word(first.wrapping_sub(1)).as_str(), "of" | "in") {
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
        let before = self.word(first.wrapping_sub(1));
        let threshold = value.bound.is_some() && matches!(before.as_str(), "for" | "with" | "of")
            || matches!(before.as_str(), "achieving" | "attaining" | "reaching")
            || before == "with" && first > 1 && self.rules.cues.people.contains(self.lemma(first - 2));
        if !threshold && let Some(found) = self.before_noun(value, next) {
            return Some(found);
        }
        self.after_noun(value, first, next)
    }

    /// "0.5 % hypobaric bupivacaine": the percent tells how strong a solution is.
    pub(super) fn is_strength(&self, next: usize) -> bool {
        let end = (next..next + 6).find(|&t| !matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "HYPH")).unwrap_or(next + 6);
        let told = (next..end).any(|t| self.is_quality(t) || self.change_noun(self.lemma(t)).is_some());
        !told && (next..end).any(|t| self.is_substance(t))
    }

    /// "Blood loss was 310 ml": an amount said of something that is no dose.
    pub(super) fn amount(&self, value: &Value, first: usize) -> Option<Attached> {
        let before = first.checked_sub(1)?;
        let stated = self.phrases.tree.is_verb(before) || matches!(self.tag(before), "RB" | "CC" | "," | "SYM" | "IN");
        let found = stated.then(|| self.was(value, first)).flatten()?;
        let told = found.outcome.text.to_lowercase();
        let given = told.split_whitespace().any(|w| matches!(w, "dose" | "doses" | "dosage" | "dosing" | "bolus" | "infusion" | "volume"));
        (!given && !SUBSTANCES.contains(&found.outcome.entity.category)).then_some(found)
    }

    /// "…, risk difference 3 %", "…, constipation in 35 %": a value that goes on about what the one before told.
    pub(super) fn following(&self, value: &Value, before: Option<&Result>) -> Option<Attached> {
        let before = before?;
        let measure = value.measure.filter(|m| *m == Measure::Difference)?;
        let (outcome, intervention) = (before.outcome.clone(), before.intervention.clone());
        Some(Attached { outcome, direction: None, measure, intervention, baseline: None, rule: "labelled-ratio" })
    }
}
