//! Values in brackets behind a comparison: "X was lower in A than in B (29 % vs. 54 %)", "lower in A (29 %) than in B (54 %)".

use super::{Outcomes, Result};
use crate::extract::claim::{Comparator, Direction, Measure, Relation};
use crate::extract::comparison::Comparison;
use crate::extract::quantity::{Kind, Value};

impl Outcomes<'_> {
    /// The outcome of the value `i`, where it is the first that a bracket tells behind the cue of a comparison.
    pub(super) fn bracketed(&self, i: usize, value: &Value) -> Option<Result> {
        let (first, last) = self.tokens(self.quantities[i].span)?;
        let open = self.opening(first)?;
        // "36.0 °C (0.13)": what stands behind a number is its deviation; "(Table 2)" is no number at all.
        let beside = open
            .checked_sub(1)
            .is_some_and(|t| self.is_quantity(self.phrases.tree.tokens[t].span) || matches!(self.word(t).as_str(), "c" | "°c" | "%"));
        if beside || self.is_label(value, first, last) {
            return None;
        }
        let found = self.compared_before(open, first)?;
        let told_already = (0..i).any(|k| {
            matches!(self.quantities[k].kind, Kind::Value(_))
                && self.tokens(self.quantities[k].span).is_some_and(|(f, _)| f > found.cue && self.opening(f).is_some())
        });
        // "(p value 0.2)", "(SD 15)" are no results.
        // "(0.0002)" behind "significantly" is a p value without its letter.
        let bare = value.unit.is_none() && value.sd.is_none();
        let probability = bare && value.range.1 < 0.1 && self.phrases.tree.word(first).len() > 4;
        let label =
            probability || matches!(self.word(first.wrapping_sub(1)).as_str(), "sd" | "se" | "sem" | "iqr" | "range" | "value" | "p");
        // "(0800 to 2200)", "(1 N, 11 PR)": numbers without unit that are a range, or count something.
        let counts = bare && (value.range.0 != value.range.1 || self.tag(last + 1).starts_with("NN"));
        if label || counts || told_already || value.measure.is_some_and(|m| m != Measure::Fold) {
            return None;
        }
        let (j, other) = self.counterpart(i, open)?;
        let unit = value.unit.clone().or_else(|| other.unit.clone());
        let (mine, theirs, spot) = if found.swapped { (other, value, j) } else { (value, other, i) };
        let by_size = || {
            let (mine, theirs) = (mine.range.0 + mine.range.1, theirs.range.0 + theirs.range.1);
            if mine > theirs { Direction::Increase } else { Direction::Decrease }
        };
        let direction = (!found.negated).then(|| match found.relation {
            Relation::Increases => Direction::Increase,
            Relation::Decreases => Direction::Decrease,
            _ => by_size(),
        });
        // "The increase in X was smaller in A (2 vs. 4)": the numbers are changes of X.
        let from = (0..found.cue).rev().take(16).take_while(|&t| self.word(t) != ";").last().unwrap_or(found.cue);
        let change = (from..open)
            .filter(|&t| self.tag(t).starts_with("NN") && matches!(self.word(t + 1).as_str(), "in" | "of"))
            .find_map(|t| self.change_noun(self.lemma(t)));
        let direction = change.or(direction);
        let measure = match unit.as_deref() {
            _ if change.is_some() => Measure::Change,
            Some("%") => Measure::Share,
            Some("fold") => Measure::Fold,
            _ => Measure::Level,
        };
        let told = super::Attached {
            outcome: self.measurable(found.object.clone(), "compared-in-brackets", unit.as_deref())?,
            direction,
            measure,
            intervention: Some(found.subject.clone()),
            baseline: None,
            rule: "compared-in-brackets",
        };
        let mut measurement = self.measurement(j.max(i), mine, &told);
        measurement.unit.clone_from(&unit);
        measurement.sd = mine.sd;
        measurement.comparator =
            Some(Comparator { label: found.against.clone().unwrap_or_else(|| "comparator".to_owned()), value: Some(theirs.range), unit });
        Some(Result {
            intervention: told.intervention,
            outcome: told.outcome,
            measurement,
            rule: told.rule,
            certainty: self.certainty(found.cue),
            span: self.quantities[spot].span,
        })
    }

    /// The bracket that is open at token `t`.
    pub(super) fn opening(&self, t: usize) -> Option<usize> {
        let mut depth = 0i32;
        (0..t).rev().take(60).find(|&k| {
            depth += match self.word(k).as_str() {
                ")" | "]" => 1,
                "(" | "[" => -1,
                _ => 0,
            };
            depth < 0
        })
    }

    /// The one thing that the clause before token `end` compares.
    pub(super) fn compared_at(&self, end: usize) -> Option<&Comparison> {
        self.compared_before(end, end)
    }

    /// The comparison whose bracket opens at `open`: the last cue before it in its clause, of one thing measured.
    fn compared_before(&self, open: usize, value: usize) -> Option<&Comparison> {
        let cue = self.comparisons.iter().map(|c| c.cue).filter(|&c| c < open).max()?;
        // A second word of comparison between speaks of something else.
        let other = (cue + 1..open).any(|t| matches!(self.tag(t), "JJR" | "RBR") || self.is_quality(t));
        let broken = other || (cue..open).any(|t| matches!(self.word(t).as_str(), ";" | "while" | "whereas" | "but" | "although"));
        // "275 in A (…) was longer than in B (211)": the first stands before the cue.
        let earlier = self.quantities.iter().any(|q| {
            matches!(q.kind, Kind::Value(_))
                && self.tokens(q.span).is_some_and(|(f, _)| f < cue && self.opening(f).is_some() && !(f..cue).any(|t| self.word(t) == ";"))
        });
        let broken = broken || earlier;
        let mut of_cue = self.comparisons.iter().filter(|c| c.cue == cue);
        let only = of_cue.next().filter(|_| of_cue.next().is_none() && !broken)?;
        (value - open <= 4).then_some(only)
    }

    /// The value of the other side: behind "vs." in the same bracket, or the first of the next bracket.
    fn counterpart(&self, i: usize, open: usize) -> Option<(usize, &Value)> {
        let (_, last) = self.tokens(self.quantities[i].span)?;
        let (j, other, first) = self.quantities[i + 1..].iter().enumerate().find_map(|(k, q)| match &q.kind {
            Kind::Value(v) if v.measure.is_none() => self.tokens(q.span).map(|(f, _)| (i + 1 + k, v, f)),
            _ => None,
        })?;
        let between: Vec<String> = (last + 1..first).map(|t| self.word(t)).collect();
        let joined = between.iter().any(|w| matches!(w.as_str(), "vs" | "vs." | "versus" | "and" | "compared" | "," | "against"));
        let same = self.opening(first) == Some(open) && joined;
        let next = self.opening(first).is_some_and(|o| o > last && first - o <= 3)
            && between.iter().any(|w| matches!(w.as_str(), "than" | "compared" | "versus" | "vs" | "vs." | "and" | "to" | "with"));
        let units = |a: &Value, b: &Value| a.unit.is_none() || a.unit == b.unit;
        let fits = match &self.quantities[i].kind {
            Kind::Value(v) => units(v, other) || units(other, v),
            _ => false,
        };
        // "in A and B (44 % and 46 %, respectively) compared with C": the second is no comparator.
        let mine = self.compared_before(open, open).is_some_and(|c| !c.negated);
        let close = (first..self.phrases.tree.tokens.len()).find(|&t| matches!(self.word(t).as_str(), ")" | "]"));
        let respective = same && mine && close.is_some_and(|c| (last..c).any(|t| self.word(t) == "respectively"));
        let listed = same && self.row_of(i).len() > 2;
        ((same || next) && !respective && !listed && fits && first - last < 16).then_some((j, other))
    }
}
