//! Which way an outcome moved, told by verbs, nouns and adjectives of change.

use super::Outcomes;
use crate::extract::claim::{Argument, Direction};
use crate::extract::rule::{Form, Rules};

impl Outcomes<'_> {
    /// The direction of a verb of change, transitive or not.
    pub(super) fn moves(&self, verb: usize) -> Option<Direction> {
        // Past tenses that are no nouns in this company, whatever the tagger says.
        match self.word(verb).as_str() {
            "fell" => return Some(Direction::Decrease),
            "rose" => return Some(Direction::Increase),
            _ if !self.tag(verb).starts_with("VB") => return None,
            _ => {}
        }
        match self.lemma(verb) {
            "rise" | "climb" | "grow" | "gain" | "improve" => Some(Direction::Increase),
            "fall" | "drop" | "decline" | "shrink" | "worsen" => Some(Direction::Decrease),
            lemma => self.direction_of(Form::Verb, lemma),
        }
    }

    /// A complaint that improves becomes less.
    pub(super) fn turned(&self, verb: usize, direction: Direction, outcome: &Argument) -> Direction {
        let complaint = outcome.text.to_lowercase().split_whitespace().any(|w| self.rules.cues.disorders.contains(w));
        match (self.lemma(verb), complaint) {
            ("improve", true) => Direction::Decrease,
            ("worsen", true) => Direction::Increase,
            _ => direction,
        }
    }

    /// "more likely to", "at lower risk of", "raised the odds of": which way a ratio points.
    pub(super) fn likelihood(&self, first: usize) -> Option<Direction> {
        let at = (1..first)
            .rev()
            .take(60)
            // "Odds ratio" is the label of a number.
            .filter(|&t| !matches!(self.lemma(t + 1), "ratio" | "difference"))
            .find(|&t| matches!(self.lemma(t), "likely" | "risk" | "odds" | "chance" | "probability" | "likelihood"))?;
        match self.word(at - 1).as_str() {
            "more" => Some(Direction::Increase),
            "less" => Some(Direction::Decrease),
            "the" => self.moves(at.checked_sub(2)?),
            _ => self.quality(at - 1),
        }
    }

    pub(super) fn is_quality(&self, i: usize) -> bool {
        matches!(self.tag(i), "JJ" | "VBN" | "VBD")
            && (self.rules.cues.upward.contains(&self.word(i)) || self.rules.cues.downward.contains(&self.word(i)))
    }

    pub(super) fn quality(&self, i: usize) -> Option<Direction> {
        let word = self.word(i);
        if self.rules.cues.downward.contains(&word) {
            Some(Direction::Decrease)
        } else if self.rules.cues.upward.contains(&word) {
            Some(Direction::Increase)
        } else {
            None
        }
    }

    /// The direction that a noun of change tells ("reduction", "thickening", "relief").
    pub(super) fn change_noun(&self, lemma: &str) -> Option<Direction> {
        // A name of several words is one token.
        let lemma = lemma.rsplit(' ').next().unwrap_or(lemma);
        match lemma {
            "thickening" | "gain" | "growth" | "rise" => Some(Direction::Increase),
            "thinning" | "narrowing" | "shortening" | "loss" | "decline" | "relief" => Some(Direction::Decrease),
            _ => self.direction_of(Form::Noun, lemma),
        }
    }

    pub(super) fn direction_of(&self, form: Form, lemma: &str) -> Option<Direction> {
        direction_of(self.rules, form, lemma)
    }
}

/// The direction that the rules' trigger classes give a word.
pub fn direction_of(rules: &Rules, form: Form, lemma: &str) -> Option<Direction> {
    use crate::extract::claim::Relation::{Decreases, Increases};
    rules.triggered(form, lemma).iter().find_map(|t| match t.relation {
        Increases => Some(Direction::Increase),
        Decreases => Some(Direction::Decrease),
        _ => None,
    })
}
