//! Values beside a noun: "50 % reduction in pain", "a success rate of 77 %", "vomiting occurred in 11 %".

use super::{Attached, Outcomes};
use crate::extract::claim::{Argument, Direction, Measure};
use crate::extract::quantity::Value;

impl Outcomes<'_> {
    /// "60 % tear width reduction", "50 % reduction in pain", "0.8 mm thinner scars", "72 % meniscus healing".
    pub(super) fn before_noun(&self, value: &Value, next: usize) -> Option<Attached> {
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
        let change = self.change_noun(lemma).or_else(|| self.change_noun(&self.word(head)));
        let rule = if change.is_some() { "value-change-noun" } else { "value-noun" };
        if change.is_none() && (self.rules.cues.vague.contains(lemma) && start == head || matches!(lemma, "scale" | "questionnaire")) {
            return None;
        }
        // "10 % formalin", ">75 % HRmax": beside a verb, a percent before a noun is seldom its result; in a list item it is.
        let shown = self.is_shown(next);
        let fragment = || self.listed && !(0..tree.tokens.len()).any(|t| self.is_finite(t));
        if value.unit.is_none() && told.is_none() || change.is_none() && told.is_none() && !fragment() && !shown {
            return None;
        }
        let outcome = match change {
            Some(_) if head > start => self.words(start, head - 1, head - 1),
            Some(_) if lemma.contains(' ') => self.named_whole(head)?,
            Some(_) => {
                let unit_is_outcome = value.unit.as_deref().is_some_and(|u| u.contains(' ') || u == "grade");
                match tree
                    .prepositional(head, &["in", "of", "for"])
                    .map(|(_, o)| o)
                    .find(|&o| !self.rules.cues.bearers.contains(self.lemma(o)) && self.tag(o) != "CD")
                {
                    Some(object) if !unit_is_outcome => self.named(object)?,
                    _ if unit_is_outcome => self.words(next.saturating_sub(1), head, head),
                    // What stands in brackets goes on about something else than the subject.
                    _ if self.opening(next).is_some() => return None,
                    _ => self.subject_above(head)?,
                }
            }
            None => {
                // "return to sports": the noun with its complement.
                let complement = (self.word(head + 1) == "to" && tree.tokens[head].tag == "NN")
                    .then(|| tree.prepositional(head, &["to"]).map(|(_, o)| o).next())
                    .flatten();
                let of = if self.word(head + 1) == "of" { self.phrases.extent(head).1 } else { head };
                let last = complement.map_or(of, |o| self.phrases.extent(o).1).clamp(head, head + 7);
                self.words(start, last, last)
            }
        };
        // "stronger inhibition of X" is less of it.
        let direction = match (told, change) {
            (Some(Direction::Decrease), Some(change)) => {
                Some(if change == Direction::Increase { Direction::Decrease } else { Direction::Increase })
            }
            (_, Some(change)) => Some(change),
            (told, None) => told,
        };
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

    /// "demonstrated 72 % healing": the value stands right behind a verb of showing.
    pub(super) fn is_shown(&self, next: usize) -> bool {
        let verb = (0..next).rev().take(6).find(|&t| self.phrases.tree.is_verb(t));
        verb.is_some_and(|v| {
            matches!(self.lemma(v), "achieve" | "demonstrate" | "give" | "produce" | "reach" | "report" | "show" | "yield")
                && (v + 1..next).all(|t| !self.tag(t).starts_with("NN") || self.is_quantity(self.phrases.tree.tokens[t].span))
        })
    }

    /// "Y was 8.97 %", "a success rate of 77.4 %", "vomiting occurred in 11 %", "Y (52 %)".
    pub(super) fn after_noun(&self, value: &Value, first: usize, next: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let before = first.checked_sub(1)?;
        if let Some(found) = self.was(value, first) {
            return Some(found);
        }
        let copula = (0..first).rev().take(18).find(|&t| tree.is_verb(t));
        if let Some(verb) = copula
            && value.unit.is_some()
            && matches!(self.word(before).as_str(), "in" | "for")
            && matches!(self.lemma(verb), "occur" | "see" | "observe" | "report" | "record" | "note" | "find" | "develop")
        {
            // "vomiting occurred in 11 %, constipation in 35 %": the noun right before, behind a comma or "and".
            let near = (verb + 1..before).last().filter(|&t| tree.tokens[t].tag.starts_with("NN") && self.word(t) != "%");
            let outer = (verb + 1..before).rev().find(|&t| !matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "HYPH"));
            let near = near.filter(|_| outer.is_some_and(|o| matches!(self.word(o).as_str(), "," | "and" | "or" | ";")));
            if near.is_none() && before != verb + 1 && self.word(before - 1) == "and" {
                return None;
            }
            let nearest = near.zip(outer).map(|(n, o)| self.words(o + 1, n, n));
            let outcome = nearest.or_else(|| self.named_whole(self.subject_before(verb).or_else(|| tree.surface_subject(verb))?))?;
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
            if before - head > 1
                || self.rules.cues.vague.contains(self.lemma(head)) && tree.by(head, &["compound", "amod", "nmod"]).next().is_none()
            {
                return None;
            }
            // "a decrease in blood pressure of 4 mmHg": the change is that of the noun above.
            let outer = if tree.relation(head) == "conj" { tree.head(head).unwrap_or(head) } else { head };
            let above = tree.head(outer).and_then(|p| tree.head(p)).filter(|_| matches!(tree.relation(outer), "pobj"));
            let governed = above.and_then(|a| self.change_noun(self.lemma(a)));
            let direction = self.change_noun(self.lemma(head)).or(governed);
            // "the chief symptom of 86 % of patients", "faces of 40 % intensity", "an axis of up to 30°", "rings of 25 m".
            let counts = direction.is_none() && tree.tokens[head].tag == "NNS" && value.unit.as_deref() != Some("%");
            if direction.is_none() && (self.word(next) == "of" || self.tag(next).starts_with("NN")) || counts {
                return None;
            }
            // "a decrease of 66 mg/dL in X".
            let behind = (self.word(next) == "in").then(|| self.noun_from(next + 1)).flatten();
            let outcome = match direction {
                Some(_) if behind.is_some() => self.named_whole(behind?)?,
                Some(_) if governed.is_some() => self.words(self.phrases.extent(head).0.min(head), head, head),
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

    /// The head of the noun phrase that begins at `t`.
    pub(super) fn noun_from(&self, t: usize) -> Option<usize> {
        let inside = |t: usize| matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "DT" | "PRP$" | "VBN" | "VBG" | "HYPH");
        let end = (t..self.phrases.tree.tokens.len()).find(|&t| !inside(t)).unwrap_or(self.phrases.tree.tokens.len());
        (t..end).rev().find(|&t| self.tag(t).starts_with("NN")).filter(|&h| !self.rules.cues.people.contains(self.lemma(h)))
    }

    pub(super) fn subject_token(&self, head: usize) -> Option<usize> {
        let tree = self.phrases.tree;
        tree.ancestors(head).find(|&a| tree.is_verb(a)).and_then(|v| tree.surface_subject(v)).filter(|&s| s != head)
    }

    pub(super) fn subject_above(&self, head: usize) -> Option<Argument> {
        self.named(self.subject_token(head)?)
    }
}
