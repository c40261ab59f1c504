//! What a sentence says of one arm of a study against another: no difference, higher here than there.
//!
//! Results are worded in few ways, in long sentences that a parser takes apart wrongly; so these are read by the order of the
//! words outside brackets: a cue ("difference", "lower", "similar"), the phrase of what was measured, and the phrases of the arms.

mod directed;
mod level;
#[cfg(test)]
mod tests;
mod words;

use super::arms::{Arm, Arms};
use super::claim::{Argument, Certainty, Direction, Relation};
use super::context::is_disorder;
use super::mechanism::Finding;
use super::phrase::Phrases;
use super::quantity::{self, Kind, Quantity};
use super::rule::Rules;
use super::scope::Scope;

/// A comparison as found in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The arm it speaks for.
    pub subject: Argument,
    /// Which way, or `affects` where no difference was found.
    pub relation: Relation,
    /// What was measured.
    pub object: Argument,
    /// Whether it says that there is no difference.
    pub negated: bool,
    /// How firmly it is put.
    pub certainty: Certainty,
    /// The pattern that found it.
    pub rule: &'static str,
    /// The cue's token.
    pub cue: usize,
    /// Whether the arm is the second that the sentence names, so that its number comes second too.
    pub swapped: bool,
    /// What the arm is compared with, where the sentence names it.
    pub against: Option<String>,
}

/// The arm that a comparison speaks for.
#[derive(Debug, Clone)]
struct Side {
    subject: Argument,
    /// Which way, as seen from this arm; 0 where the arms are level.
    sign: i8,
    /// Whether a difference was found whose direction the words do not tell.
    found: bool,
    swapped: bool,
    against: Option<String>,
}

impl Comparison {
    /// Whether a mechanism claim affirms an effect that the comparison denies.
    pub fn replaces(&self, finding: &Finding) -> bool {
        self.negated && !finding.negated && self.object.span.overlaps(finding.object.span) && self.is_near(finding)
    }

    /// Whether a mechanism claim says the same already.
    pub fn repeats(&self, finding: &Finding) -> bool {
        self.negated == finding.negated && self.object.span.overlaps(finding.object.span) && self.is_near(finding)
    }

    fn is_near(&self, finding: &Finding) -> bool {
        self.subject.span.overlaps(finding.subject.span)
            || self.subject.text.eq_ignore_ascii_case(&finding.subject.text)
            || self.subject.entity == finding.subject.entity
    }
}

/// Reads the comparisons of one sentence.
pub struct Comparisons<'a> {
    phrases: &'a Phrases<'a>,
    rules: &'a Rules,
    arms: &'a Arms,
    quantities: &'a [Quantity],
    /// Tokens outside brackets.
    plain: Vec<usize>,
    /// Whether the sentence reports the study's own results, so that "both groups" are its own.
    own: bool,
}

impl<'a> Comparisons<'a> {
    /// Prepares a sentence; `own` tells that it may speak of the study's own arms without naming them.
    pub fn new(phrases: &'a Phrases<'a>, rules: &'a Rules, arms: &'a Arms, quantities: &'a [Quantity], own: bool) -> Self {
        let tree = phrases.tree;
        let mut depth = 0usize;
        let mut plain = Vec::with_capacity(tree.tokens.len());
        for t in 0..tree.tokens.len() {
            match tree.word(t) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ if depth == 0 => plain.push(t),
                _ => {}
            }
        }
        Self { phrases, rules, arms, quantities, plain, own }
    }

    /// The comparisons, in order of their cues.
    pub fn find(&self) -> Vec<Comparison> {
        let mut out = Vec::new();
        // "will show greater improvement" foretells.
        let foretold = (0..self.plain.len()).any(|k| self.tag(k) == "MD" && self.lemma(k) == "will");
        if foretold || self.is_baseline() {
            return out;
        }
        for (from, to) in self.clauses() {
            let before = out.len();
            self.levels(from, to, &mut out);
            if out.len() == before {
                self.directions(from, to, &mut out);
            }
        }
        out
    }

    /// Differences before the treatment are no results.
    fn is_baseline(&self) -> bool {
        let text = self.phrases.tree.span.of(self.phrases.tree.text).to_lowercase();
        self.rules.cues.before_treatment.iter().any(|p| text.contains(p.as_str()))
    }

    /// Stretches of `plain` that say one thing each.
    fn clauses(&self) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let mut from = 0;
        for i in 0..self.plain.len() {
            let breaks = matches!(self.word(i).as_str(), ";" | "while" | "whereas" | "but" | "although" | "though" | "however" | "yet")
                || self.word(i) == "and" && self.word(i.wrapping_sub(1)) == "," && self.opens_clause(i + 1);
            if breaks {
                if i > from {
                    out.push((from, i));
                }
                from = i + 1;
            }
        }
        if from < self.plain.len() {
            out.push((from, self.plain.len()));
        }
        out
    }

    /// Whether a noun phrase and a finite verb follow before the next comma.
    fn opens_clause(&self, i: usize) -> bool {
        let end = (i..self.plain.len()).find(|&k| matches!(self.word(k).as_str(), "," | ";")).unwrap_or(self.plain.len());
        let verb = (i..end).find(|&k| matches!(self.tag(k), "VBD" | "VBZ" | "VBP" | "MD"));
        verb.is_some_and(|v| v > i && (i..v).any(|k| self.tag(k).starts_with("NN") || self.word(k) == "there"))
    }

    fn token(&self, i: usize) -> Option<usize> {
        self.plain.get(i).copied()
    }

    fn word(&self, i: usize) -> String {
        self.token(i).map_or_else(String::new, |t| self.phrases.tree.word(t).to_lowercase())
    }

    fn lemma(&self, i: usize) -> &str {
        self.token(i).map_or("", |t| self.phrases.tree.lemma(t))
    }

    fn tag(&self, i: usize) -> &'static str {
        self.token(i).map_or("", |t| self.phrases.tree.tokens[t].tag)
    }

    fn is_finite(&self, i: usize) -> bool {
        matches!(self.tag(i), "VBD" | "VBZ" | "VBP" | "MD")
    }

    fn is_quantity(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| self.quantities.iter().any(|q| q.span.overlaps(self.phrases.tree.tokens[t].span)))
    }

    /// A claim for each outcome; the subject is the arm that got something.
    fn push(&self, side: &Side, objects: Vec<Argument>, cue: usize, rule: &'static str, out: &mut Vec<Comparison>) {
        let (subject, sign) = (&side.subject, side.sign);
        let Some(token) = self.token(cue) else { return };
        // "Patients with HF" are no arm that got something; "the two adjuvanted" names nothing.
        if is_disorder(subject.entity.category) || !self.is_named(subject) {
            return;
        }
        let scope = Scope { tree: self.phrases.tree, cues: &self.rules.cues };
        // "a trend towards lower X" is less than a difference.
        let trend = (cue.saturating_sub(5)..cue).any(|k| matches!(self.lemma(k), "trend" | "tendency" | "tend"));
        let certainty = scope.certainty(token, false).max(if trend { Certainty::Hedged } else { Certainty::Affirmed });
        for object in objects {
            if object.span.overlaps(subject.span) || object.text.eq_ignore_ascii_case(&subject.text) {
                continue;
            }
            let relation = match sign {
                0 => Relation::Affects,
                s if s > 0 => Relation::Increases,
                _ => Relation::Decreases,
            };
            out.push(Comparison {
                subject: subject.clone(),
                relation,
                object,
                negated: sign == 0 && !side.found,
                certainty,
                rule,
                cue: token,
                swapped: side.swapped,
                against: side.against.clone(),
            });
        }
    }

    /// Whether a subject that the sentence words ends in a noun or a name.
    fn is_named(&self, subject: &Argument) -> bool {
        let tree = self.phrases.tree;
        let last = (0..tree.tokens.len()).rev().find(|&t| subject.span.contains(tree.tokens[t].span));
        last.is_none_or(|t| {
            tree.tokens[t].tag.starts_with("NN")
                || matches!(tree.tokens[t].tag, "CD" | ")" | "-RRB-" | "FW")
                || !self.phrases.mentions_at(t).is_empty()
        })
    }

    /// Who the comparison speaks for: the first arm that got something, against the other.
    fn side(&self, first: Option<Arm>, second: Option<Arm>, sign: i8) -> Option<Side> {
        let own = || self.arms.own.clone().filter(|_| self.own);
        let control = || Some("control".to_owned());
        let (subject, sign, swapped, against) = match (first, second) {
            (Some(Arm::Given(a)), Some(Arm::Given(b))) => (Some(a), sign, false, Some(b.text)),
            (Some(Arm::Given(a)), Some(Arm::Control)) => (Some(a), sign, false, control()),
            (Some(Arm::Given(a)), _) => (Some(a), sign, false, None),
            (Some(Arm::Control), Some(Arm::Given(b))) => (Some(b), -sign, true, control()),
            (Some(Arm::Control), _) => (own(), -sign, true, control()),
            (None, Some(Arm::Control)) => (own(), sign, false, control()),
            _ => (None, sign, false, None),
        };
        subject.map(|subject| Side { subject, sign, found: false, swapped, against })
    }

    /// Whether what is said at `cue` is denied or has a p value above 0.05.
    fn is_null(&self, cue: usize, to: usize) -> bool {
        let from = (0..cue).rev().find(|&k| self.is_finite(k)).unwrap_or(cue);
        let denied = (from..cue).any(|k| matches!(self.word(k).as_str(), "not" | "n't" | "no" | "never" | "nor" | "neither"))
            || (cue.saturating_sub(3)..cue).any(|k| {
                matches!(
                    self.word(k).as_str(),
                    "non-significantly" | "nonsignificantly" | "insignificantly" | "non-significant" | "nonsignificant"
                )
            });
        denied || self.insignificant(cue, to)
    }

    fn insignificant(&self, cue: usize, to: usize) -> bool {
        let tree = self.phrases.tree;
        let Some(here) = self.token(cue) else { return false };
        let end = self.token(to).map_or(tree.span.end, |t| tree.tokens[t].span.start);
        self.denies(tree.tokens[here].span.end, end)
    }

    /// "…, but not significantly", "(p = 0.3)" behind the byte `after`: its own p value before `end`, else the words of the sentence's rest.
    pub fn denies(&self, after: usize, end: usize) -> bool {
        let tree = self.phrases.tree;
        let own = self.quantities.iter().find_map(|q| match &q.kind {
            Kind::PValue(p) if q.span.start >= after && q.span.start < end => Some(p.as_str()),
            _ => None,
        });
        if let Some(p) = own {
            return quantity::is_insignificant(p);
        }
        let rest = tree.text[after.min(tree.span.end)..tree.span.end].to_lowercase();
        // "…; however, the difference was not significant" goes on about the same.
        let goes_on = |part: &&str| {
            ["however", "but", "although", "though", "this difference", "the difference", "these differences", "differences", "yet"]
                .iter()
                .any(|w| part.starts_with(w))
        };
        let mut parts = rest.split("; ");
        let own = parts.next().unwrap_or("");
        let rest: String = std::iter::once(own).chain(parts.take_while(goes_on)).collect::<Vec<_>>().join("; ");
        self.rules.cues.insignificant.iter().any(|p| rest.contains(p.as_str()))
    }

    /// Which way a word of comparison points ("lower", "increased", "fewer").
    fn comparative(&self, i: usize) -> Option<i8> {
        let tag = self.tag(i);
        if !(tag.starts_with("JJ") || tag.starts_with("RB") || tag == "VBN") {
            return None;
        }
        let word = self.word(i);
        let cues = &self.rules.cues;
        let simple = matches!(word.as_str(), "high" | "low" | "large" | "long");
        // "one or more attacks" counts them.
        if simple || matches!(word.as_str(), "more" | "fewer" | "less") && self.word(i.wrapping_sub(1)) == "or" {
            return None;
        }
        if cues.downward.contains(&word) {
            Some(-1)
        } else if cues.upward.contains(&word) {
            Some(1)
        } else {
            None
        }
    }

    fn change(&self, i: usize) -> Option<i8> {
        if !self.tag(i).starts_with("NN") {
            return None;
        }
        self.signed(super::rule::Form::Noun, self.lemma(i)).or_else(|| match self.lemma(i) {
            "gain" | "growth" | "improvement" | "rise" => Some(1),
            "loss" | "decline" | "deterioration" | "fall" => Some(-1),
            _ => None,
        })
    }

    fn signed(&self, form: super::rule::Form, lemma: &str) -> Option<i8> {
        self.rules.direction(form, lemma).map(|d| if d == Direction::Increase { 1 } else { -1 })
    }
}
