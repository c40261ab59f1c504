//! A difference with a direction: "X was lower in A than in B", "A had a greater reduction in X", "fewer X were seen in A".

use super::{Comparison, Comparisons};
use crate::extract::arms::Arm;
use crate::extract::claim::{Argument, Direction};
use crate::extract::rule::Form;

/// What a comparison is put together from.
struct Sides {
    objects: Vec<Argument>,
    sign: i8,
    /// From where the arms are looked for.
    rest: usize,
    rule: &'static str,
}

impl Comparisons<'_> {
    /// The comparisons of `plain[from..to]` with a direction.
    pub(super) fn directions(&self, from: usize, to: usize, out: &mut Vec<Comparison>) {
        for cue in from..to {
            let Some(sign) = self.comparative(cue) else { continue };
            let before = out.len();
            self.directed(cue, sign, from, to, out);
            if out.len() > before {
                break;
            }
        }
    }

    fn directed(&self, cue: usize, sign: i8, from: usize, to: usize, out: &mut Vec<Comparison>) {
        let verb = (from..cue).rev().find(|&k| !self.is_filler(k));
        let carries = |k: usize| {
            matches!(
                self.lemma(k),
                "have"
                    | "show"
                    | "experience"
                    | "report"
                    | "demonstrate"
                    | "exhibit"
                    | "display"
                    | "achieve"
                    | "require"
                    | "need"
                    | "present"
                    | "attain"
                    | "maintain"
                    | "express"
                    | "reveal"
                    | "receive"
            )
        };
        let predicate = verb.filter(|&v| matches!(self.lemma(v), "be" | "become" | "remain" | "appear" | "seem") && self.tag(v) != "NN");
        let owner = verb.filter(|&v| carries(v) && self.tag(v).starts_with("VB"));
        let against = self.arm_against(from, to);
        if let Some(verb) = predicate {
            let end = self.first_verb(verb, from);
            let start = self.subject_start(from, end);
            if start >= end || self.word(start) == "there" {
                if self.word(start) == "there" {
                    self.attributive(cue, sign, from, to, out);
                }
                return;
            }
            let grade = matches!(self.word(cue).as_str(), "better" | "superior" | "worse" | "inferior" | "poorer");
            if grade && let Some((arm, _)) = self.arm_at(start, end).filter(|(_, e)| *e == end) {
                return self.graded(cue, sign, arm, from, to, out);
            }
            let Some(sides) = self.predicate(cue, sign, start, end) else { return };
            let inside = self.arm_behind(start, end).map(|(a, _)| a);
            let first = self.arm_behind(sides.rest, to).map(|(a, _)| a).or(inside);
            // "higher in smokers than in controls": neither was given anything.
            let others = matches!(self.word(sides.rest).as_str(), "in" | "among" | "for" | "with" | "after" | "of");
            if first.is_none() && others {
                return;
            }
            self.finish(&sides, first, against, cue, to, out);
        } else if cue > from && self.is_quantity(cue - 1) {
            // "0.8 mm thinner scars": the outcome claim tells it.
        } else if let Some(verb) = owner {
            let end = self.first_verb(verb, from);
            let start = self.subject_start(from, end);
            let first = (start < end)
                .then(|| self.arm_at(start, end))
                .flatten()
                .map(|(a, _)| a)
                .or_else(|| (start < end).then(|| self.arm_behind(start, end)).flatten().map(|(a, _)| a));
            let Some((objects, sign, _)) = self.compared(cue, sign, to) else { return };
            self.finish(&Sides { objects, sign, rest: to, rule: "arm-had-more" }, first, against, cue, to, out);
        } else {
            self.attributive(cue, sign, from, to, out);
        }
    }

    /// "X was lower", "X was more frequent": what was measured is the subject.
    fn predicate(&self, cue: usize, sign: i8, start: usize, end: usize) -> Option<Sides> {
        let mut rest = cue + 1;
        if matches!(self.word(cue).as_str(), "more" | "less") {
            let word = self.word(rest);
            let plain = matches!(
                word.as_str(),
                "common"
                    | "frequent"
                    | "prevalent"
                    | "pronounced"
                    | "often"
                    | "frequently"
                    | "rapid"
                    | "marked"
                    | "severe"
                    | "intense"
                    | "elevated"
            );
            if !plain {
                return None;
            }
            rest += 1;
        } else if matches!(self.word(cue).as_str(), "better" | "superior" | "worse" | "inferior" | "enhanced" | "impaired" | "poorer")
            && self.arm_at(start, end).is_some()
        {
            return None;
        }
        if self.tag(rest).starts_with("NN") {
            return None;
        }
        if self.is_arm(start, end) {
            return None;
        }
        let stop = (start..end)
            .find(|&k| {
                // "incidence of X" is not parted, "incidence of the X group" is.
                matches!(self.word(k).as_str(), "in" | "of" | "for" | "among" | "with" | "after")
                    && self.arm_at(k + 1, end).is_some_and(|(_, e)| self.word(k) != "of" || self.is_arm(k + 1, e))
            })
            .unwrap_or(end);
        // "The reduction in X was more pronounced": X fell more.
        let (mut start, mut sign) = (start, sign);
        if let Some(noun) =
            (start..stop.min(start + 3)).find(|&k| self.change(k).is_some() && matches!(self.word(k + 1).as_str(), "in" | "of"))
        {
            sign *= self.change(noun).unwrap_or(1);
            start = noun + 2;
        }
        let objects = self.measured(start, self.phrase_end(start, stop, true));
        (!objects.is_empty()).then_some(Sides { objects, sign, rest, rule: "was-higher-in" })
    }

    /// "A was superior to B in relieving X", "A was better than B for X": what the arms are graded in stands behind a preposition.
    fn graded(&self, cue: usize, sign: i8, arm: Arm, from: usize, to: usize, out: &mut Vec<Comparison>) {
        let opens = |k: &usize| {
            matches!(self.word(*k).as_str(), "in" | "for" | "on" | "regarding" | "concerning") && self.arm_at(k + 1, to).is_none()
        };
        let Some(k) = (cue + 1..to).find(opens) else { return };
        let mut at = k + 1;
        while at < to && matches!(self.word(at).as_str(), "the" | "terms" | "of" | "both" | "its" | "their") {
            at += 1;
        }
        let verb = self.rules.direction(Form::Verb, self.lemma(at)).filter(|_| self.tag(at) == "VBG");
        let noun = self.change(at).filter(|_| matches!(self.word(at + 1).as_str(), "of" | "in"));
        let relief = matches!(self.lemma(at), "relief" | "alleviation" | "prevention" | "control");
        let (start, turn) = match (verb, noun) {
            (Some(d), _) => (at + 1, if d == Direction::Increase { 1 } else { -1 }),
            (_, Some(change)) => (at + 2, change),
            _ if relief && self.word(at + 1) == "of" => (at + 2, -1),
            _ => (at, 0),
        };
        let objects = self.measured(start, self.phrase_end(start, to, true));
        if objects.is_empty() {
            return;
        }
        // "better in pain": less of it.
        let sign = if turn == 0 { self.eased(&objects, sign) } else { sign * turn };
        let against = self.arm_against(from, to);
        self.finish(&Sides { objects, sign, rest: to, rule: "was-better-in" }, Some(arm), against, cue, to, out);
    }

    /// "lower X was seen in A", "a greater reduction in X in A than in B".
    fn attributive(&self, cue: usize, sign: i8, from: usize, to: usize, out: &mut Vec<Comparison>) {
        // "mothers with higher education": the words only tell who they are.
        let before = (from..cue).rev().find(|&k| !self.is_filler(k));
        let who = before.is_some_and(|k| {
            matches!(self.word(k).as_str(), "with" | "of" | "having")
                && k > from
                && (self.rules.cues.people.contains(self.lemma(k - 1)) || matches!(self.word(k - 1).as_str(), "those" | "subjects"))
        });
        let Some((objects, sign, end)) = self.compared(cue, sign, to).filter(|_| !who) else { return };
        let against = self.arm_against(from, to);
        let cues = &self.rules.cues;
        let named = |arm: &Arm| matches!(arm, Arm::Given(given) if self.arms.is_own(given) || self.arms.knows(&given.text));
        // Without another arm to compare with, "lower X in patients receiving Y" only tells who they are.
        let first = self
            .arm_behind(end, to)
            .filter(|(arm, at)| against.is_some() || named(arm) || (end..=*at).any(|k| cues.arm_nouns.contains(self.lemma(k))))
            .map(|(arm, _)| arm);
        if against.is_none() && first.is_none() {
            return;
        }
        self.finish(&Sides { objects, sign, rest: end, rule: "more-in-arm" }, first, against, cue, to, out);
    }

    /// What stands behind the word of comparison: the outcome, the sign with nouns of change counted in, and the end.
    fn compared(&self, cue: usize, mut sign: i8, to: usize) -> Option<(Vec<Argument>, i8, usize)> {
        let mut from = cue + 1;
        // "greater reduction in X", "lower increase of X".
        let end = self.phrase_end(from, to, false);
        let last = (from..end).rev().find(|&k| self.tag(k).starts_with("NN"))?;
        if let Some(change) =
            (from..end).find_map(|k| self.change(k).filter(|_| matches!(self.word(k + 1).as_str(), "in" | "of" | "from") || k == last))
        {
            let noun = (from..end).find(|&k| self.change(k).is_some())?;
            sign *= change;
            let better = self.rules.cues.betters.contains(self.lemma(noun));
            if matches!(self.word(noun + 1).as_str(), "in" | "of") && self.arm_at(noun + 2, to).is_none() {
                from = noun + 2;
                let end = self.phrase_end(from, to, true);
                let objects = self.measured(from, end);
                let sign = if better { self.eased(&objects, sign) } else { sign };
                return (!objects.is_empty()).then_some((objects, sign, end));
            }
            let objects = self.measured(from, noun);
            let sign = if better { self.eased(&objects, sign) } else { sign };
            return (!objects.is_empty()).then_some((objects, sign, end));
        }
        let end = self.phrase_end(from, to, true);
        let objects = self.measured(from, end);
        (!objects.is_empty()).then_some((objects, sign, end))
    }

    /// "greater improvement in pain": less pain.
    fn eased(&self, objects: &[Argument], sign: i8) -> i8 {
        if objects.iter().all(|o| self.rules.cues.is_complaint(&o.text)) { -sign } else { sign }
    }

    fn finish(&self, sides: &Sides, first: Option<Arm>, against: Option<Arm>, cue: usize, to: usize, out: &mut Vec<Comparison>) {
        let Some(mut side) = self.side(first, against, sides.sign) else { return };
        if self.is_null(cue, to) {
            side.sign = 0;
        }
        self.push(&side, sides.objects.clone(), cue, sides.rule, out);
    }

    /// Adverbs, amounts and determiners between a verb and a word of comparison.
    fn is_filler(&self, k: usize) -> bool {
        self.tag(k).starts_with("RB")
            || matches!(self.tag(k), "DT" | "CD" | "HYPH" | "," | "SYM")
            || self.is_quantity(k)
            || matches!(
                self.word(k).as_str(),
                "significant" | "%" | "fold" | "times" | "not" | "statistically" | "much" | "percent" | "far"
            )
    }
}
