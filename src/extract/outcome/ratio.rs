//! Ratios, differences and correlations with their label: "OR 2.69", "the NNT for relapse was 4".

use super::{Attached, Outcomes};
use crate::extract::claim::{Argument, Measure};
use crate::extract::quantity::Value;

impl Outcomes<'_> {
    /// "OR 2.69", "NNT … was 3.2": the outcome is what the label's phrase is for, what its bracket stands behind, or the clause's subject.
    pub(super) fn labelled(&self, first: usize, value: &Value) -> Option<Attached> {
        let tree = self.phrases.tree;
        let measure = value.measure?;
        let direction = self.likelihood(first);
        let found =
            |outcome: Argument| Attached { outcome, direction, measure, intervention: None, baseline: None, rule: "labelled-ratio" };
        let label = (first..tree.tokens.len().min(first + 4)).find(|&t| tree.is_nominal(t))?;
        let bracket = self.opening(first);
        // "(stunting: RR 0.7 …)": the label inside the bracket.
        if self.word(first.wrapping_sub(1)) == ":"
            && let Some(start) = (0..first - 1).rev().take(8).find(|&t| matches!(self.word(t).as_str(), "(" | "[" | ";")).map(|t| t + 1)
            && (start..first - 1).any(|t| tree.tokens[t].tag.starts_with("NN"))
            && !(start..first - 1).any(|t| matches!(self.word(t).as_str(), "vs" | "vs." | "versus"))
        {
            return Some(found(self.words(start, first - 2, first - 2)));
        }
        let of = tree
            .prepositional(label, &["for", "of", "between", "in"])
            // "a difference between A and B" names arms, "a correlation between" what was measured.
            .filter(|&(p, _)| measure != Measure::Difference || tree.lemma(p) != "between")
            .map(|(_, o)| o)
            .find(|&o| tree.tokens[o].tag.starts_with("NN") && o < first + 12 && bracket.is_none());
        // "…; risk difference 3 %" speaks of what the clause before does.
        if measure == Measure::Difference && of.is_none() && matches!(self.word(first.wrapping_sub(1)).as_str(), ";" | "," | "(" | "[") {
            return None;
        }
        if let Some(of) = of {
            return Some(found(self.named_whole(of)?));
        }
        let end = bracket.or_else(|| (self.word(first.wrapping_sub(1)) == ",").then(|| first - 1));
        // "found a correlation value of r = 0.48": between what, stands elsewhere.
        if measure == Measure::Correlation && end.is_none() {
            return None;
        }
        let Some(end) = end.map(|e| self.before_brackets(e)) else {
            let verb = tree.ancestors(label).find(|&a| tree.is_verb(a));
            let subject = verb.and_then(|v| tree.surface_subject(v)).filter(|&s| s != label)?;
            let intervention = verb.and_then(|v| tree.actor(v)).filter(|&a| a != subject).and_then(|a| self.intervention_at(a));
            return Some(Attached { intervention, ..found(self.named_whole(subject)?) });
        };
        // What the clause compares, where it compares one thing.
        if let Some(told) = self.compared_at(end) {
            return Some(Attached { intervention: Some(told.subject.clone()), ..found(told.object.clone()) });
        }
        let outcome = self.stated_before(end).or_else(|| self.subject_of_state(end))?;
        Some(found(outcome))
    }

    /// The end of the words before a run of brackets ("UAI (26 %) (OR 0.7)").
    fn before_brackets(&self, mut end: usize) -> usize {
        while end > 0 && matches!(self.word(end - 1).as_str(), ")" | "]") {
            let close = end - 1;
            let mut depth = 0i32;
            let open = (0..=close).rev().find(|&t| {
                depth += match self.word(t).as_str() {
                    ")" | "]" => 1,
                    "(" | "[" => -1,
                    _ => 0,
                };
                depth == 0
            });
            match open {
                Some(open) if open > 0 => end = open,
                _ => break,
            }
        }
        end
    }

    /// The phrase that ends right before `end`, where its place says that it was measured: the object of a change or of "risk of".
    fn stated_before(&self, end: usize) -> Option<Argument> {
        let tree = self.phrases.tree;
        let last = end.checked_sub(1).filter(|&t| tree.tokens[t].tag.starts_with("NN"))?;
        let mut first = last;
        // Back over the noun phrase, with "of" inside it.
        while first > 0 {
            let t = first - 1;
            let inside = matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "JJR" | "HYPH" | "PRP$" | "DT" | "POS")
                || self.tag(t) == "VBN" && self.tag(first).starts_with("NN")
                || self.word(t) == "of" && t > 0 && self.tag(t - 1).starts_with("NN");
            if !inside {
                break;
            }
            first = t;
        }
        let start = (first..=last).find(|&t| !matches!(self.tag(t), "DT" | "PRP$" | "JJR")).unwrap_or(last);
        let opener = first.checked_sub(1)?;
        let word = self.word(opener);
        let governor = opener.checked_sub(1);
        let changed = governor.is_some_and(|g| {
            self.change_noun(self.lemma(g)).is_some()
                || matches!(
                    self.lemma(g),
                    "risk"
                        | "odds"
                        | "rate"
                        | "incidence"
                        | "likelihood"
                        | "frequency"
                        | "prevalence"
                        | "predictor"
                        | "factor"
                        | "hazard"
                        | "change"
                        | "effect"
                )
        });
        let names = match word.as_str() {
            "of" | "in" | "for" | "on" => changed,
            "with" => governor.is_some_and(|g| matches!(self.lemma(g), "associate" | "correlate")),
            "to" => false,
            _ => {
                let relative = self.is_relative(opener);
                self.tag(opener).starts_with("VB")
                    && !relative
                    && !matches!(self.lemma(opener), "be" | "receive" | "use" | "have" | "compare" | "include" | "report" | "take" | "give")
            }
        };
        // "raised the odds of X": the odds are the ratio's own.
        let odds = |t: usize| matches!(self.lemma(t), "odds" | "likelihood" | "chance" | "hazard") && self.word(t + 1) == "of";
        let start = (start..last).find(|&t| odds(t)).map_or(start, |t| t + 2);
        // "a significant reduction in UAI": the change is told, the thing is the outcome.
        let head = (start..=last).find(|&t| self.word(t + 1) == "of" && t < last).unwrap_or(last);
        names.then(|| self.words(start, last, head))
    }

    /// "Infection was more frequent with X (OR 2)": the subject of a clause that only says how things stand.
    fn subject_of_state(&self, end: usize) -> Option<Argument> {
        let verb = (0..end).rev().take(30).find(|&t| self.is_finite(t) && !self.is_relative(t))?;
        let stands = matches!(
            self.lemma(verb),
            "be" | "occur" | "differ" | "remain" | "rise" | "fall" | "increase" | "decrease" | "improve" | "decline"
        );
        let broken = (verb..end)
            .any(|t| matches!(self.word(t).as_str(), ";" | "but" | "while" | "whereas") || self.tag(t) == "CC" && self.is_finite(t + 1));
        // "were associated with X (OR 2)", "were more likely to …": the subject is what raises the odds.
        let other = (verb + 1..end)
            .any(|t| matches!(self.lemma(t), "associate" | "correlate" | "likely" | "risk" | "odds" | "predictor" | "factor" | "compare"));
        let subject = self.subject_before(verb).filter(|_| stands && !broken && !other)?;
        self.named_whole(subject)
    }
}
