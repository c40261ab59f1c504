//! No difference: "no significant difference in X between A and B", "X did not differ", "X was similar in both groups".

use super::words::Sides;
use super::{Comparison, Comparisons, Side};
use crate::extract::arms::Arm;
use crate::extract::claim::Argument;

/// Whether a thing stands between the first and the last of a list.
fn among(list: &[Argument], thing: &Argument) -> bool {
    let (first, last) = (&list[0].span, &list[list.len() - 1].span);
    first.join(*last).contains(thing.span)
}

impl Comparisons<'_> {
    /// The comparisons of `plain[from..to]` that say that arms are level.
    pub(super) fn levels(&self, from: usize, to: usize, out: &mut Vec<Comparison>) {
        let Some((cue, rule)) = (from..to).find_map(|k| self.level_cue(k, from, to).map(|rule| (k, rule))) else { return };
        let Some(objects) = self.level_parts(cue, from, to) else { return };
        let own = || self.arms.own.clone().filter(|_| self.own);
        // "… in the X group, and did not differ between men and women": what stands right behind the cue tells who is compared.
        let near = (cue + 1..to.min(cue + 4)).find(|&k| self.is_between(k));
        let (subject, swapped) = match self.arms_between(near.unwrap_or(from), to) {
            // "no changes in urea, bilirubin and glucose": one of a list is no arm.
            Sides::Named(Arm::Given(a), _) if objects.len() > 1 && among(&objects, &a) => return,
            Sides::Named(Arm::Given(a), swapped) => (Some(a), swapped),
            Sides::Named(..) => (own(), false),
            Sides::Unnamed if !matches!(rule, "was-similar" | "did-not-change" | "no-change-found") => (own(), false),
            _ => return,
        };
        if let Some(subject) = subject {
            let found = rule == "difference-found";
            self.push(&Side { subject, sign: 0, found, swapped, against: None }, objects, cue, rule, out);
        }
    }

    /// Whether the word at `k` says that there is no difference.
    fn level_cue(&self, k: usize, from: usize, to: usize) -> Option<&'static str> {
        let denied = |reach: usize| {
            (k.saturating_sub(reach).max(from)..k).any(|i| {
                matches!(
                    self.word(i).as_str(),
                    "no" | "not"
                        | "n't"
                        | "nor"
                        | "neither"
                        | "without"
                        | "non-significant"
                        | "nonsignificant"
                        | "insignificant"
                        | "any"
                        | "never"
                ) || self.lemma(i) == "fail"
            })
        };
        let word = self.word(k);
        match self.lemma(k) {
            "difference" | "discrepancy" if self.tag(k).starts_with("NN") => {
                let late = (k + 1..to)
                    .any(|i| matches!(self.word(i).as_str(), "not" | "n't" | "insignificant" | "nonsignificant" | "non-significant"));
                if denied(9) || late || self.insignificant(k, to) {
                    return Some("no-difference-found");
                }
                (k.saturating_sub(4).max(from)..k).any(|i| self.word(i) == "significant").then_some("difference-found")
            }
            // "There was no change in X in either group"; no effect is told by its own rule.
            "change" | "improvement" | "interaction" if self.tag(k).starts_with("NN") => {
                (denied(4) && matches!(self.word(k + 1).as_str(), "in" | "of" | "from" | "between")).then_some("no-change-found")
            }
            "differ" | "vary" => denied(4).then_some("did-not-differ"),
            "different" => denied(5).then_some("did-not-differ"),
            _ if matches!(
                word.as_str(),
                "similar"
                    | "comparable"
                    | "equivalent"
                    | "identical"
                    | "unchanged"
                    | "unaffected"
                    | "unaltered"
                    | "alike"
                    | "indistinguishable"
            ) =>
            {
                let verb = (from..k).rev().find(|&i| !self.tag(i).starts_with("RB"))?;
                (matches!(self.lemma(verb), "be" | "remain" | "appear" | "stay") && !denied(3)).then_some("was-similar")
            }
            "change" | "alter" | "affect" | "improve" | "increase" | "decrease" | "influence" if self.tag(k).starts_with("VB") => {
                let by = self.tag(k) == "VBN" && self.word(k.wrapping_sub(1)) != "not" && !self.tag(k - 1).starts_with("RB");
                // "X did not change in either group": with an object it is the verb's own claim.
                let object = (k + 1..to)
                    .find(|&i| !self.tag(i).starts_with("RB"))
                    .is_some_and(|i| matches!(self.tag(i), "DT" | "NN" | "NNS" | "NNP" | "JJ" | "PRP$"));
                (denied(4) && !by && !object).then_some("did-not-change")
            }
            _ => None,
        }
    }

    /// What was measured.
    fn level_parts(&self, cue: usize, from: usize, to: usize) -> Option<Vec<Argument>> {
        let verb = (from..cue).rev().find(|&k| self.is_finite(k) && !self.in_relative(k, from));
        let subject_end = verb.map(|v| self.first_verb(v, from));
        let subject = subject_end.map(|end| (self.subject_start(from, end), end)).filter(|(a, b)| a < b);
        // Behind the cue: "in X", "with respect to X".
        let mut k = cue + 1;
        while k < to {
            let opens = match self.word(k).as_str() {
                // "after controlling for X" names nothing that was measured.
                "for"
                    if matches!(
                        self.lemma(k - 1),
                        "account" | "adjust" | "adjusting" | "adjustment" | "control" | "controlling" | "correct"
                    ) =>
                {
                    false
                }
                "in" | "for" | "of" | "on" | "regarding" | "concerning" | "about" => true,
                "to" | "of " => matches!(self.word(k - 1).as_str(), "respect" | "regard" | "relation"),
                _ => false,
            };
            if opens
                && self.arm_at(k + 1, to).is_none()
                && !matches!(self.word(k + 1).as_str(), "terms" | "regard" | "relation" | "respect" | "favor" | "favour")
            {
                let end = self.phrase_end(k + 1, to, true);
                let objects = self.measured(k + 1, end);
                if !objects.is_empty() {
                    return Some(objects);
                }
            }
            k += 1;
        }
        // Before it: "X did not differ", "X showed no difference".
        // "X rose in both but did not differ": the subject of the clause before.
        let before = || {
            let verb = (0..from).find(|&k| self.is_finite(k))?;
            Some((self.subject_start(0, verb), self.first_verb(verb, 0)))
        };
        let (a, b) = subject.or_else(before).filter(|(a, b)| a < b)?;
        if self.is_arm(a, b) {
            return None;
        }
        let end = (a..b)
            .find(|&k| {
                matches!(self.word(k).as_str(), "in" | "of" | "for" | "among" | "between" | "with")
                    && self.arm_at(k + 1, b).is_some_and(|(_, e)| self.word(k) != "of" || self.is_arm(k + 1, e))
            })
            .unwrap_or(b);
        let objects = self.measured(a, self.phrase_end(a, end, true).max(a));
        (!objects.is_empty()).then_some(objects)
    }

    /// The first verb of the chain that ends at `v` ("did not", "has been").
    pub(super) fn first_verb(&self, v: usize, from: usize) -> usize {
        let mut at = v;
        while at > from
            && (self.tag(at - 1).starts_with("VB") && self.tag(at - 1) != "VBG"
                || self.tag(at - 1) == "MD"
                || self.tag(at - 1).starts_with("RB"))
        {
            at -= 1;
        }
        at
    }

    pub(super) fn in_relative(&self, k: usize, from: usize) -> bool {
        (k.saturating_sub(3).max(from)..k)
            .any(|i| matches!(self.word(i).as_str(), "who" | "which" | "whom") || self.word(i) == "that" && self.tag(i) != "IN")
    }

    /// Where the subject's noun phrase begins: behind a phrase of time or place in front ("After 12 weeks, …").
    pub(super) fn subject_start(&self, from: usize, end: usize) -> usize {
        let mut at = from;
        loop {
            let opening = matches!(self.tag(at), "IN" | "TO" | "VBG" | "VBN" | "RB" | "CC");
            let comma = (at..end).find(|&k| self.word(k) == ",");
            match comma {
                Some(c) if opening => at = c + 1,
                _ => break,
            }
        }
        // "Sneezing: during …", "We found that X …".
        if let Some(c) = (at..end).rev().find(|&k| matches!(self.word(k).as_str(), ":" | "that") && !self.tag(k).starts_with('W')) {
            at = c + 1;
        }
        while at < end && matches!(self.tag(at), "RB" | "," | "CC" | "DT" | "IN") && self.tag(at) != "DT" {
            at += 1;
        }
        at
    }
}
