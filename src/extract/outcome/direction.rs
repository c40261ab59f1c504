//! Which way an outcome moved, told by verbs, nouns and adjectives of change.

use super::Outcomes;
use crate::extract::claim::{Argument, Direction};
use crate::extract::rule::Form;

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
            lemma => self.rules.direction(Form::Verb, lemma),
        }
    }

    /// A complaint that improves becomes less.
    ///
    /// Whether a score that improves rises or falls is not told.
    pub(super) fn turned(&self, verb: usize, direction: Direction, outcome: &Argument) -> Option<Direction> {
        let told = outcome.text.to_lowercase();
        let scored =
            told.split(' ').any(|w| matches!(w.trim_end_matches('s'), "score" | "scale" | "index" | "questionnaire" | "inventory"));
        match (self.lemma(verb), self.rules.cues.is_complaint(&told)) {
            ("improve", true) => Some(Direction::Decrease),
            ("worsen", true) => Some(Direction::Increase),
            ("improve" | "worsen", false) if scored => None,
            _ => Some(direction),
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
            _ => self.rules.direction(Form::Noun, lemma),
        }
    }
}
