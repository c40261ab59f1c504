//! "X was 5.9 and 5.8 in group A and B, respectively": which of several values belongs to which arm.

use super::Outcomes;
use crate::extract::arms::{Arm, is_control};
use crate::extract::claim::{Argument, Comparator};
use crate::extract::context::gives;
use crate::extract::quantity::{Kind, Value};

/// What "respectively" says of a value.
#[derive(Debug)]
pub(super) enum Respective {
    /// The value is its arm's, and is compared with the next arm's.
    Arms {
        /// What its arm was given; `None` for a control.
        intervention: Option<Argument>,
        /// The other arm, where there are two.
        comparator: Option<Comparator>,
    },
    /// Several values stand in a row, and whose they are cannot be told.
    Unclear,
    /// The value stands alone.
    No,
}

impl Outcomes<'_> {
    /// Whose value `i` is, where values stand in a row behind or before a row of arms.
    pub(super) fn respective(&self, i: usize) -> Respective {
        let row = self.row_of(i);
        let place = row.iter().position(|&k| k == i).unwrap_or(0);
        if row.len() < 2 {
            return Respective::No;
        }
        let tree = self.phrases.tree;
        let told = (0..tree.tokens.len()).any(|t| self.word(t) == "respectively");
        let end = self.tokens(self.quantities[row[row.len() - 1]].span).map_or(0, |(_, last)| last);
        let arms = self.arms_in_row(end, row.len());
        if arms.is_empty() {
            return if told { Respective::Unclear } else { Respective::No };
        }
        let given = |k: usize| match &arms[k].0 {
            Arm::Given(given) => Some(given.clone()),
            _ => None,
        };
        let value = |k: usize| match &self.quantities[row[k]].kind {
            Kind::Value(v) => Some(v),
            _ => None,
        };
        let other = 1 - place.min(1);
        // The control's value stands in the claim of the other arm.
        if row.len() == 2 && arms[place].0 == Arm::Control && given(other).is_some() || row.len() == 2 && place == 1 && given(0).is_some() {
            return Respective::Unclear;
        }
        let comparator = (row.len() == 2).then(|| Comparator {
            label: arms[other].1.clone(),
            value: value(other).map(|v| v.range),
            unit: value(other).and_then(|v| v.unit.clone().or_else(|| value(place).and_then(|m| m.unit.clone()))),
        });
        Respective::Arms { intervention: given(place), comparator }
    }

    /// The values of one kind that stand in a row with `i`, nothing but "and", commas, brackets and their intervals between.
    pub(super) fn row_of(&self, i: usize) -> Vec<usize> {
        let unit = |k: usize| match &self.quantities[k].kind {
            Kind::Value(Value { unit, measure: None, .. }) => Some(unit.clone()),
            _ => None,
        };
        let Some(mine) = unit(i) else { return vec![i] };
        let joined = |a: usize, b: usize| {
            let (Some((_, last)), Some((first, _))) = (self.tokens(self.quantities[a].span), self.tokens(self.quantities[b].span)) else {
                return false;
            };
            let between = last + 1..first;
            first > last
                && first - last < 16
                && between.clone().any(|t| matches!(self.word(t).as_str(), "and" | "," | "versus" | "vs" | "vs." | "/" | ";"))
                && between.clone().all(|t| {
                    matches!(
                        self.word(t).as_str(),
                        "and"
                            | ","
                            | "versus"
                            | "vs"
                            | "vs."
                            | "/"
                            | "("
                            | ")"
                            | "["
                            | "]"
                            | ";"
                            | "range"
                            | ":"
                            | "sd"
                            | "-"
                            | "–"
                            | "±"
                            | "+/-"
                    ) || self.is_quantity(self.phrases.tree.tokens[t].span)
                        || self.opening(t).is_some_and(|o| o > last)
                })
        };
        let fits = |k: usize| unit(k).is_some_and(|u| u == mine || u.is_none() || mine.is_none());
        let in_bracket = |k: usize| self.tokens(self.quantities[k].span).and_then(|(f, _)| self.opening(f));
        let home = in_bracket(i);
        let row: Vec<usize> = (0..self.quantities.len()).filter(|&k| fits(k) && in_bracket(k) == home).collect();
        let place = row.iter().position(|&k| k == i).unwrap_or(0);
        let mut from = place;
        while from > 0 && joined(row[from - 1], row[from]) {
            from -= 1;
        }
        let mut to = place;
        while to + 1 < row.len() && joined(row[to], row[to + 1]) {
            to += 1;
        }
        row[from..=to].to_vec()
    }

    /// The `count` arms named in a row behind token `last`: "in the X and Y groups", "for group A and B".
    fn arms_in_row(&self, last: usize, count: usize) -> Vec<(Arm, String)> {
        let tree = self.phrases.tree;
        let n = tree.tokens.len();
        let Some(opening) =
            (last + 1..n.min(last + 12)).find(|&t| matches!(self.word(t).as_str(), "in" | "for" | "with" | "among" | "after"))
        else {
            return Vec::new();
        };
        let stop = |t: usize| matches!(self.word(t).as_str(), "respectively" | "(" | ";" | "." | ")") || self.is_finite(t);
        let end = (opening + 1..n).find(|&t| stop(t)).unwrap_or(n);
        let mut parts: Vec<(usize, usize)> = Vec::new();
        let mut from = opening + 1;
        for t in opening + 1..=end {
            let joins = t < end && matches!(self.word(t).as_str(), "and" | "," | "vs" | "versus" | "vs.");
            if (t == end || joins) && t > from {
                parts.push((from, t - 1));
            }
            if joins {
                from = t + 1;
            }
        }
        if parts.len() != count {
            return Vec::new();
        }
        let frame = |t: usize| self.rules.cues.arm_nouns.contains(self.lemma(t)) || matches!(self.tag(t), "DT" | "IN");
        let found = parts.iter().filter_map(|&(a, b)| {
            let words: Vec<String> = (a..=b).map(|t| self.word(t)).collect();
            let span = tree.tokens[a].span.join(tree.tokens[b].span);
            let start = (a..=b).find(|&t| !frame(t)).unwrap_or(a);
            let stop = (start..=b).rev().find(|&t| !frame(t)).unwrap_or(b);
            let bare = tree.tokens[start].span.join(tree.tokens[stop].span).of(tree.text);
            let name = tree.tokens[start].span.join(tree.tokens[stop].span);
            // "the intervention and control group": the noun stands behind the last alone.
            let worded = || {
                if words.iter().any(|w| self.rules.cues.own_arms.contains(w)) {
                    return self.arms.own.clone().map(Arm::Given);
                }
                let treats = self.phrases.mentions_at(stop).first().is_some_and(|m| gives(m.entity.category));
                treats.then(|| Arm::Given(self.words(start, stop, stop)))
            };
            let control = is_control(&words).then_some(Arm::Control);
            let known = control.or_else(|| self.arms.named(bare, name)).or_else(|| self.arms.who(self.phrases, a, b));
            let arm = known.or_else(worded)?;
            (arm != Arm::All).then(|| (arm, span.of(tree.text).trim_start_matches("the ").to_owned()))
        });
        let found: Vec<_> = found.collect();
        if found.len() == count { found } else { Vec::new() }
    }
}
