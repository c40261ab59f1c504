//! Whose value it is: the arm named beside it, what it stands against, and which way that points.

use super::{Outcomes, Result};
use crate::extract::arms::{Arm, is_control};
use crate::extract::claim::{Comparator, Direction, Measure};
use crate::extract::quantity::{Kind, is_insignificant};

impl Outcomes<'_> {
    /// First and last token of the phrase behind a value that may name an arm: "8 % in the X group", "8 % (5 to 9) with X", "8 % (X)".
    pub(super) fn arm_phrase(&self, last: usize) -> Option<(usize, usize)> {
        let tree = self.phrases.tree;
        let mut at = last + 1;
        // The interval or count in brackets between.
        while let Some(q) = self.quantities.iter().find(|q| {
            matches!(q.kind, Kind::Interval(..) | Kind::Count(..) | Kind::Other)
                && self.tokens(q.span).is_some_and(|(f, l)| f == at + 1 || f <= at && l >= at)
        }) {
            at = self.tokens(q.span)?.1 + 1;
            at += usize::from(matches!(self.word(at).as_str(), ")" | "]"));
        }
        if !matches!(self.word(at).as_str(), "with" | "in" | "for" | "(" | "after" | "under" | "on" | "among") {
            return None;
        }
        let stops = |t: usize| {
            matches!(
                self.word(t).as_str(),
                "," | ";"
                    | ")"
                    | "and"
                    | "."
                    | "vs."
                    | "vs"
                    | "versus"
                    | "compared"
                    | "than"
                    | "("
                    | "over"
                    | "at"
                    | "during"
                    | "after"
                    | "before"
                    | "from"
                    | "by"
                    | "until"
                    | "who"
                    | "that"
            )
        };
        let end = (at + 1..tree.tokens.len().min(at + 10)).find(|&t| stops(t))?;
        (end > at + 1).then_some((at + 1, end - 1))
    }

    /// Whom the phrase behind a value names.
    pub(super) fn whose(&self, last: usize) -> Option<Arm> {
        let (first, end) = self.arm_phrase(last)?;
        self.arms.who(self.phrases, first, end)
    }

    /// Gives the value to the arm beside it: what the arm got becomes the intervention, a control's value the comparator's.
    pub(super) fn settle(&self, i: usize, result: &mut Result) {
        let Some((_, last)) = self.tokens(self.quantities[i].span) else { return };
        match self.whose(last) {
            Some(Arm::Given(given)) if result.intervention.is_none() => result.intervention = Some(given),
            Some(Arm::Control) => self.turn_round(i, last, result),
            _ => {}
        }
        self.point(result);
    }

    /// Which way a treated arm's value lies from that of the other arm, where chance is excluded.
    pub(super) fn point(&self, result: &mut Result) {
        let control = |label: &str| {
            let words: Vec<String> = label.to_lowercase().split_whitespace().map(str::to_owned).collect();
            is_control(&words) || self.arms.named(label, result.span) == Some(Arm::Control)
        };
        let known = result.intervention.is_some() || result.measurement.comparator.as_ref().is_some_and(|c| control(&c.label));
        let m = &mut result.measurement;
        let told = m.comparator.as_ref().and_then(|c| c.value).filter(|_| known && matches!(m.measure, Measure::Level | Measure::Share));
        if let (None, Some(theirs), Some(p)) = (m.direction, told, m.p_value.as_deref())
            && !is_insignificant(p)
        {
            let (mine, theirs) = (m.value.0 + m.value.1, theirs.0 + theirs.1);
            m.direction = if mine > theirs {
                Some(Direction::Increase)
            } else if mine < theirs {
                Some(Direction::Decrease)
            } else {
                None
            };
        }
    }

    /// "24 % in the control group and 8 % in the X group": the treated come first.
    fn turn_round(&self, i: usize, last: usize, result: &mut Result) {
        let Some((first, end)) = self.arm_phrase(last) else { return };
        let control = self.words(first, end, end);
        let second = (i + 1..self.quantities.len()).find(|&j| self.is_second_arm(i, j));
        let treated = second.and_then(|j| {
            let (_, last) = self.tokens(self.quantities[j].span)?;
            match (&self.quantities[j].kind, self.whose(last)?) {
                (Kind::Value(value), Arm::Given(given)) => Some((value, given)),
                _ => None,
            }
        });
        let m = &mut result.measurement;
        if let Some((value, given)) = treated {
            m.comparator = Some(Comparator { label: control.text, value: Some(m.value), unit: m.unit.clone() });
            m.value = value.range;
            m.sd = value.sd;
            m.ci = None;
            m.direction = None;
            result.intervention = Some(given);
        } else {
            result.intervention = Some(control);
        }
    }
}
