//! Ratios, differences and correlations with their label: "OR 2.69", "the NNT for relapse was 4".

use super::{Attached, Outcomes};
use crate::extract::claim::Measure;
use crate::extract::quantity::Value;

impl Outcomes<'_> {
    /// "OR 2.69", "NNT … was 3.2": the outcome is the clause's subject, or what the label's phrase is for.
    pub(super) fn labelled(&self, first: usize, value: &Value) -> Option<Attached> {
        let tree = self.phrases.tree;
        let measure = value.measure?;
        let direction = self.likelihood(first);
        let label = (first..tree.tokens.len().min(first + 4)).find(|&t| tree.is_nominal(t))?;
        let of = tree.prepositional(label, &["for", "of", "between", "in"]).map(|(_, o)| o).find(|&o| tree.tokens[o].tag.starts_with("NN"));
        let verb = tree.ancestors(label).find(|&a| tree.is_verb(a));
        let subject = verb.and_then(|v| tree.surface_subject(v)).filter(|&s| s != label);
        let mut depth = 0i32;
        let bracket = (0..first).rev().take(40).find(|&t| {
            depth += match self.word(t).as_str() {
                ")" | "]" => 1,
                "(" | "[" => -1,
                _ => 0,
            };
            depth < 0
        });
        // "(stunting: RR 0.7 …)": the label inside the bracket.
        if self.word(first.wrapping_sub(1)) == ":"
            && let Some(start) = (0..first - 1).rev().take(8).find(|&t| matches!(self.word(t).as_str(), "(" | "[" | ";")).map(|t| t + 1)
            && (start..first - 1).any(|t| tree.tokens[t].tag.starts_with("NN"))
        {
            let outcome = self.words(start, first - 2, first - 2);
            return Some(Attached { outcome, direction, measure, intervention: None, baseline: None, rule: "labelled-ratio" });
        }
        let before = bracket.and_then(|b| b.checked_sub(1)).filter(|&t| tree.tokens[t].tag.starts_with("NN") && self.is_measured_before(t));
        // "…; risk difference 3 %" speaks of what the clause before does.
        if measure == Measure::Difference && of.is_none() && matches!(self.word(first.wrapping_sub(1)).as_str(), ";" | "," | "(" | "[") {
            return None;
        }
        let head = of.or(before).or(subject)?;
        if self.rules.cues.people.contains(self.lemma(head)) {
            return None;
        }
        let outcome = self.named_whole(head)?;
        let intervention = verb.and_then(|v| tree.actor(v)).filter(|&a| a != head).and_then(|a| self.intervention_at(a));
        Some(Attached { outcome, direction, measure, intervention, baseline: None, rule: "labelled-ratio" })
    }

    /// Whether the noun before a bracket can be what was measured, and no comparator ("than placebo (OR …)") or time ("at that time (r …)").
    fn is_measured_before(&self, t: usize) -> bool {
        let opens = (t.saturating_sub(8)..t)
            .rev()
            .find(|&k| !matches!(self.tag(k), "NN" | "NNS" | "NNP" | "JJ" | "DT" | "HYPH" | "VBN" | "VBG" | "CD" | "PRP$" | "CC"));
        opens.is_none_or(|k| {
            let aside = self.phrases.tree.is_verb(k) && self.is_relative(k);
            !aside
                && !matches!(
                    self.word(k).as_str(),
                    "than" | "at" | "after" | "during" | "with" | "versus" | "vs" | "vs." | "to" | "from" | "by"
                )
        })
    }
}
