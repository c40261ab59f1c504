//! What surrounds a value: arms, comparators, follow-up, interval, p value, group size and instrument.

use super::{Attached, Outcomes};
use crate::annotate::Category;
use crate::extract::claim::{Argument, Comparator, Measurement, Period};
use crate::extract::context::{gives, mentions_in};
use crate::extract::quantity::{Kind, Quantity, Value};
use crate::text::Span;

impl Outcomes<'_> {
    /// A value behind "vs", "than" or "and" that belongs to the comparator of the value before it.
    pub(super) fn is_comparator_value(&self, i: usize) -> bool {
        let Some((first, _)) = self.tokens(self.quantities[i].span) else { return true };
        if (0..i).any(|before| self.is_second_arm(before, i)) {
            return true;
        }
        let before: Vec<String> = (first.saturating_sub(3)..first).map(|t| self.word(t)).collect();
        let earlier = self.quantities[..i].iter().any(|q| matches!(q.kind, Kind::Value(_)));
        let joined = before.iter().any(|w| matches!(w.as_str(), "vs" | "vs." | "versus" | "than"))
            || before.iter().any(|w| matches!(w.as_str(), "with" | "to"))
                && (first.saturating_sub(6)..first).any(|t| self.lemma(t) == "compare");
        if !earlier || joined {
            return earlier && joined;
        }
        // "8 % in the treatment group and 24 % in the control group": the control's value belongs to the one before.
        let link = if self.word(first.wrapping_sub(1)) == "by" { first.wrapping_sub(2) } else { first.wrapping_sub(1) };
        self.control_arm(i).is_some() && matches!(self.word(link).as_str(), "and" | "," | "to" | "with" | "while")
    }

    /// The control named behind a value and before the next.
    fn control_arm(&self, i: usize) -> Option<usize> {
        let (_, last) = self.tokens(self.quantities[i].span)?;
        let next = self.quantities[i + 1..].iter().find(|q| matches!(q.kind, Kind::Value(_))).and_then(|q| self.tokens(q.span));
        let end = next.map_or(self.phrases.tree.tokens.len(), |(first, _)| first).min(last + 12);
        (last + 1..end).find(|&t| matches!(self.lemma(t), "control" | "placebo" | "sham" | "vehicle" | "saline"))
    }

    pub(super) fn measurement(&self, i: usize, value: &Value, attached: &Attached) -> Measurement {
        let here = self.quantities[i].span;
        let next_value = self.quantities[i + 1..].iter().find(|q| matches!(q.kind, Kind::Value(_))).map_or(usize::MAX, |q| q.span.start);
        let after = || self.quantities[i + 1..].iter();
        let ci = after().take_while(|q| q.span.start < next_value).find_map(|q| match q.kind {
            Kind::Interval(a, b, level) if holds(a, b, value.range) => Some((a, b, level)),
            _ => None,
        });
        let p_value = self.p_value(i, next_value);
        let sample_size = self.size_of(i, next_value);
        let share = self.share_behind(here);
        Measurement {
            measure: attached.measure,
            value: value.range,
            bound: value.bound,
            unit: value.unit.clone(),
            direction: attached.direction,
            time: self.time_of(here, next_value),
            baseline: attached.baseline,
            ci,
            sd: value.sd,
            sample_size: sample_size.or_else(|| self.group_size(here)),
            share,
            comparator: self.comparator(i),
            p_value,
            instrument: self.instrument(&attached.outcome),
        }
    }

    /// The p value of a value: in its own stretch, else the one p value of the clause.
    fn p_value(&self, i: usize, next_value: usize) -> Option<String> {
        let here = self.quantities[i].span;
        let text = self.phrases.tree.text;
        let values = |q: &&Quantity| matches!(q.kind, Kind::PValue(_));
        let told = |q: &Quantity| match &q.kind {
            Kind::PValue(p) => Some(p.clone()),
            _ => None,
        };
        let near = self.quantities[i + 1..].iter().filter(values).find(|q| q.span.start < next_value);
        if let Some(near) = near {
            return told(near);
        }
        let parted = |a: usize, b: usize| text[a..b].contains("; ");
        let mut behind = self.quantities[i + 1..].iter().filter(values).filter(|q| !parted(here.end, q.span.start));
        if let Some(first) = behind.next() {
            return told(first);
        }
        let before: Vec<&Quantity> = self.quantities[..i].iter().filter(values).filter(|q| !parted(q.span.end, here.start)).collect();
        match before.as_slice() {
            [only] => told(only),
            _ => None,
        }
    }

    /// How many were counted: the count beside the value, else the one size that the sentence tells.
    fn size_of(&self, i: usize, next_value: usize) -> Option<u64> {
        let size = |q: &Quantity| match q.kind {
            Kind::SampleSize(n) | Kind::Count(_, n) => Some(n),
            _ => None,
        };
        if let Some(own) = size(&self.quantities[i]) {
            return Some(own);
        }
        let before = i
            .checked_sub(1)
            .map(|b| &self.quantities[b])
            .filter(|q| matches!(q.kind, Kind::Count(..)) && self.opening_between(q.span, self.quantities[i].span));
        if let Some(before) = before {
            return size(before);
        }
        let near = self.quantities[i + 1..].iter().take_while(|q| q.span.start < next_value).find_map(size);
        if near.is_some() {
            return near;
        }
        let mut sizes = self.quantities.iter().filter(|q| matches!(q.kind, Kind::SampleSize(_))).filter_map(size);
        let only = sizes.next().filter(|_| sizes.next().is_none());
        only.filter(|_| !self.quantities.iter().any(|q| matches!(q.kind, Kind::Count(..))))
    }

    /// "36/126 (29 %)": nothing but a bracket between.
    fn opening_between(&self, a: crate::text::Span, b: crate::text::Span) -> bool {
        a.end <= b.start && matches!(self.phrases.tree.text[a.end..b.start].trim(), "(" | "[" | "")
    }

    /// "in 40 % of patients" behind a value of another unit, "40 % of patients improved by" before it.
    fn share_behind(&self, here: Span) -> Option<f64> {
        let before = self.quantities.iter().find(|q| q.span.end < here.start).and_then(|q| match &q.kind {
            Kind::Value(v) if v.unit.as_deref() == Some("%") => self.tokens(q.span).map(|(_, last)| (v.range.0, last)),
            _ => None,
        });
        let improved =
            |last: usize| self.word(last + 1) == "of" && (last + 3..last + 7).any(|t| self.moves(t).is_some() && self.word(t + 1) == "by");
        if let Some((share, _)) = before.filter(|(_, last)| improved(*last)) {
            return Some(share);
        }
        self.quantities.iter().filter(|q| q.span.start > here.end).find_map(|q| match &q.kind {
            Kind::Value(v) if v.unit.as_deref() == Some("%") => {
                let (first, last) = self.tokens(q.span)?;
                (self.word(first.wrapping_sub(1)) == "in" && self.word(last + 1) == "of").then_some(v.range.0)
            }
            _ => None,
        })
    }

    /// "In 50 athletes, …": a plain number before the people studied, in front of the value or right behind its "of" or "in".
    fn group_size(&self, here: Span) -> Option<u64> {
        let tree = self.phrases.tree;
        let people = |t: usize| self.rules.cues.bearers.contains(self.lemma(t)) && self.tag(t - 1) == "CD" && self.word(t - 1) != "%";
        let mut found = (1..tree.tokens.len()).filter(|&t| people(t));
        let only = found.next().filter(|_| found.next().is_none())?;
        let behind = tree.tokens[only].span.start > here.end;
        let close = behind && matches!(self.word(only.wrapping_sub(2)).as_str(), "of" | "in" | "the" | "among");
        (!behind || close).then(|| self.word(only - 1).parse().ok()).flatten()
    }

    /// The follow-up: the time behind the value and before the next, else the last before it, else the only one.
    fn time_of(&self, here: Span, next_value: usize) -> Option<Period> {
        let times: Vec<(Span, &Period)> = self
            .quantities
            .iter()
            .filter_map(|q| match &q.kind {
                Kind::Time(p) => Some((q.span, p)),
                _ => None,
            })
            .filter(|(span, _)| !self.is_duration(*span) && self.is_point(*span))
            .collect();
        let behind = times.iter().find(|(s, _)| s.start >= here.end && s.start < next_value);
        let before = times.iter().rev().find(|(s, _)| s.end <= here.start);
        let only = (times.len() == 1).then(|| &times[0]);
        behind.or(before).or(only).map(|(_, p)| (*p).clone())
    }

    /// "8 mm with X and 6 mm with Y": of two arms the second is what the first is compared with.
    pub(super) fn is_second_arm(&self, i: usize, j: usize) -> bool {
        let value = |q: &Quantity| match &q.kind {
            Kind::Value(v) if v.measure.is_none() => Some(v.unit.clone()),
            _ => None,
        };
        let unit = value(&self.quantities[i]);
        let same: Vec<usize> = (0..self.quantities.len()).filter(|&k| unit.is_some() && value(&self.quantities[k]) == unit).collect();
        let (Some((_, last)), Some((first, second))) = (self.tokens(self.quantities[i].span), self.tokens(self.quantities[j].span)) else {
            return false;
        };
        same == [i, j]
            && matches!(self.word(first.wrapping_sub(1)).as_str(), "and" | "versus" | "vs" | "vs.")
            && first - last < 14
            && (self.arm_behind(last).is_some() || self.whose(last).is_some())
            && self.arm_words(second).is_some()
    }

    /// The words of the arm behind a value, without preposition, determiner and "group".
    fn arm_words(&self, last: usize) -> Option<(usize, usize)> {
        let tree = self.phrases.tree;
        let opening = last + 1;
        if !matches!(self.word(opening).as_str(), "with" | "in" | "(" | "for" | "after") {
            return None;
        }
        let first = (opening + 1..tree.tokens.len()).find(|&t| self.tag(t) != "DT")?;
        let end =
            (first..tree.tokens.len().min(first + 7)).find(|&t| matches!(self.word(t).as_str(), "," | ";" | ")" | "." | "(" | "and"))?;
        let end = if matches!(self.lemma(end.checked_sub(1)?), "group" | "arm" | "patient") { end - 1 } else { end };
        let named =
            (first..end).any(|t| tree.tokens[t].tag.starts_with("NN")) && !(first..end).any(|t| self.is_quantity(tree.tokens[t].span));
        (first < end && named).then(|| (first, end - 1))
    }

    /// The arm named right behind a value ("8 % with X", "8 % (X)", "8 % in the X group"), where it is one treatment.
    pub(super) fn arm_behind(&self, last: usize) -> Option<Argument> {
        let (start, end) = self.arm_phrase(last).map(|(start, end)| (start, end + 1))?;
        let treats = |t: usize| {
            let lemma = self.lemma(t);
            !matches!(lemma, "placebo" | "control" | "sham")
                && (self.is_substance(t) || self.phrases.mentions_at(t).iter().any(|m| m.entity.category == Category::Treatment))
        };
        let named = |t: usize| matches!(self.tag(t), "NN" | "NNS" | "NNP" | "JJ" | "HYPH" | "VBN");
        let arm = (start..end).find(|&t| treats(t))?;
        let first = (start..arm).rev().take_while(|&t| named(t)).last().unwrap_or(arm);
        let end = (arm..end).take_while(|&t| named(t) && !matches!(self.lemma(t), "group" | "arm" | "patient")).last()?;
        Some(self.words(first, end, end))
    }

    /// "at 12 weeks", "6 months after", "week 8", "6 months:": a time that is introduced as one.
    fn is_point(&self, span: Span) -> bool {
        let Some((first, last)) = self.tokens(span) else { return false };
        let before = (0..first).rev().find(|&t| {
            !matches!(self.tag(t), "RB" | "DT" | "JJ" | "CC" | "CD" | "HYPH")
                && self.word(t) != ","
                && !self.word(t).chars().all(|c| c.is_ascii_digit())
        });
        let counted = self.tag(first).starts_with("NN");
        counted
            || before.is_none_or(|t| {
                matches!(
                    self.word(t).as_str(),
                    "at" | "after"
                        | "within"
                        | "by"
                        | "in"
                        | "over"
                        | "during"
                        | "from"
                        | "until"
                        | "to"
                        | "following"
                        | "on"
                        | "("
                        | "and"
                        | "or"
                        | "between"
                        | "-"
                        | ":"
                        | ";"
                        | "through"
                        | "post"
                        | "past"
                        | "of"
                        | "for"
                        | "beyond"
                        | "before"
                )
            })
            || matches!(
                self.word(last + 1).as_str(),
                "after" | "later" | "post" | "following" | "postoperatively" | "follow" | "follow-up" | ":" | "-" | "from" | "of" | ")"
            )
    }

    /// "for 12 weeks", "5-year risk": how long something was done or what it is called, no follow-up.
    fn is_duration(&self, span: Span) -> bool {
        let Some((first, last)) = self.tokens(span) else { return false };
        let of = usize::from(matches!(self.word(first.wrapping_sub(1)).as_str(), "of" | "was" | "were"));
        let before = first.wrapping_sub(1 + of);
        matches!(self.lemma(before), "time" | "duration" | "stay" | "survival" | "length")
            || self.word(first.wrapping_sub(1)) == "for"
            || matches!(self.lemma(last + 1), "course" | "duration" | "period" | "protocol" | "programme" | "program" | "interval")
    }

    /// What it is compared with: "vs. 28 % in controls", "compared with placebo", "than in controls".
    fn comparator(&self, i: usize) -> Option<Comparator> {
        let tree = self.phrases.tree;
        let (_, last) = self.tokens(self.quantities[i].span)?;
        let mark = (last + 1..tree.tokens.len()).find(|&t| {
            matches!(self.word(t).as_str(), "vs" | "vs." | "versus" | "than")
                || matches!(self.word(t).as_str(), "with" | "to") && (t.saturating_sub(2)..t).any(|b| self.lemma(b) == "compare")
        });
        let second = self.quantities[i + 1..].iter().find(|q| matches!(q.kind, Kind::Value(_)));
        let number = |q: &Quantity| match &q.kind {
            Kind::Value(v) => Some((v.range, v.unit.clone())),
            _ => None,
        };
        if let Some(j) = (i + 1..self.quantities.len()).find(|&j| self.is_second_arm(i, j))
            && let Some((first, end)) = self.tokens(self.quantities[j].span).and_then(|(_, last)| self.arm_words(last))
            && let Some((range, unit)) = number(&self.quantities[j])
        {
            let label = tree.tokens[first].span.join(tree.tokens[end].span).of(tree.text).to_owned();
            return Some(Comparator { label, value: Some(range), unit });
        }
        if let Some(mark) = mark {
            // "a fourfold higher X than in Y, and a twofold higher Z" goes on to something else.
            let parted = |f: usize| (mark..f).any(|t| self.word(t) == ",");
            let value = second.filter(|q| self.tokens(q.span).is_some_and(|(f, _)| f > mark && f - mark < 8 && !parted(f)));
            let told = value.and_then(number);
            // "compared to 39.6 (38.0 to 41.2) in the X group": the arm stands behind its number.
            let behind = value.and_then(|q| self.tokens(q.span)).filter(|(f, _)| *f == mark + 1).map(|(_, l)| l);
            let label = match behind {
                Some(last) => {
                    self.arm_phrase(last).map(|(first, end)| tree.tokens[first].span.join(tree.tokens[end].span).of(tree.text).to_owned())
                }
                None => self.other_side(mark, value),
            };
            let label = label.map(|l| l.trim_start_matches("the ").to_owned()).filter(|l| self.is_told(l));
            let unit = |q: &Quantity| number(q).and_then(|n| n.1);
            let told = told.filter(|t| t.1.is_none() || unit(&self.quantities[i]).is_none_or(|u| Some(&u) == t.1.as_ref()));
            return match (label, told) {
                (Some(label), told) => Some(Comparator { label, value: told.as_ref().map(|t| t.0), unit: told.and_then(|t| t.1) }),
                (None, Some((range, unit))) => Some(Comparator { label: "comparator".to_owned(), value: Some(range), unit }),
                (None, None) => None,
            };
        }
        // "8 % in the treatment group and 24 % in the control group": the arm that is a control.
        (i + 1..self.quantities.len()).find_map(|j| {
            let ((range, unit), head) = (number(&self.quantities[j])?, self.control_arm(j)?);
            Some(Comparator { label: tree.word(head).to_owned(), value: Some(range), unit })
        })
    }

    /// The words behind "than" or "compared with".
    fn other_side(&self, mark: usize, value: Option<&Quantity>) -> Option<String> {
        let tree = self.phrases.tree;
        let from = value.and_then(|q| self.tokens(q.span)).map_or(mark + 1, |(f, l)| if f == mark + 1 { l + 1 } else { mark + 1 });
        let head = (from..tree.tokens.len().min(from + 8)).find(|&t| {
            tree.tokens[t].tag.starts_with("NN")
                && !tree.tokens.get(t + 1).is_some_and(|n| n.tag.starts_with("NN") || self.word(t + 1) == "/")
        })?;
        let (first, end) = self.phrases.extent(head);
        let first = (first.max(from)..head).find(|&t| !tree.is_verb(t)).unwrap_or(head);
        let span = tree.tokens[first].span.join(tree.tokens[end].span);
        let cues = &self.rules.cues;
        // Another arm, people, or a state of before: nothing else is compared with.
        let sides = (first..=end).any(|t| {
            let lemma = self.lemma(t);
            cues.arm_nouns.contains(lemma)
                || cues.people.contains(lemma)
                || matches!(lemma, "control" | "placebo" | "baseline" | "sham" | "usual" | "surgery" | "saline" | "vehicle")
                || self.phrases.mentions_at(t).iter().any(|m| gives(m.entity.category))
        }) || self.arms.who(self.phrases, first, end).is_some();
        (sides && !self.is_quantity(tree.tokens[head].span)).then(|| span.of(tree.text).to_owned())
    }

    /// How it was measured: an instrument or imaging method that the sentence names beside the outcome.
    fn instrument(&self, outcome: &Argument) -> Option<String> {
        mentions_in(self.phrases.mentions, self.phrases.tree.span)
            .iter()
            .find(|m| m.entity.category == Category::ClinicalMeasurement && self.measures(m.span, outcome.span))
            .map(|m| m.text.clone())
    }

    /// "on the VAS", "by MRI", "VAS pain", "pain (VAS)": the instrument stands beside the outcome or behind a preposition of its own.
    fn measures(&self, instrument: Span, outcome: Span) -> bool {
        let text = self.phrases.tree.text;
        if instrument.overlaps(outcome) {
            return false;
        }
        let (left, right) = if instrument.start < outcome.start { (instrument, outcome) } else { (outcome, instrument) };
        let beside = matches!(text[left.end..right.start].trim(), "" | "(" | "score" | "score (" | "scores (" | "scores" | "-");
        let Some((first, _)) = self.tokens(instrument) else { return beside };
        let before = (0..first).rev().find(|&t| !matches!(self.tag(t), "DT" | "JJ" | "NN" | "NNP" | "CD" | "HYPH" | "PRP$" | "TO"));
        let introduced =
            before.is_some_and(|t| first - t < 6 && matches!(self.word(t).as_str(), "on" | "by" | "using" | "via" | "with" | "at"));
        beside || introduced
    }
}

/// Whether an interval can be that of a value; both may have lost their signs.
fn holds(a: f64, b: f64, (low, high): (f64, f64)) -> bool {
    let (small, large) = (a.abs().min(b.abs()), a.abs().max(b.abs()));
    high <= large && (a < 0.0 && b > 0.0 || low >= small)
}
