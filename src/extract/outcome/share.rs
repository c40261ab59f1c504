//! Shares of patients: "18 of 24 patients reported pain relief", "55 % of patients avoid surgery".

use super::{Attached, Outcomes};
use crate::extract::claim::Measure;

impl Outcomes<'_> {
    /// "18 of 24 patients reported pain relief".
    pub(super) fn counted(&self, last: usize) -> Option<Attached> {
        self.rules.cues.people.contains(self.lemma(last + 1)).then(|| self.share_of(last + 2)).flatten()
    }

    /// "55 % of patients avoid X", "25 % regain X": what the share of the patients did or had.
    pub(super) fn share_of(&self, from: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let verb = self.deed(from)?;
        // "felt that X was useful": what was thought stands in a clause of its own; "did not recall" denies.
        let denied = (verb.saturating_sub(3)..verb).any(|t| matches!(self.word(t).as_str(), "not" | "n't" | "never"));
        if denied
            || self.rules.cues.opinions.contains(self.lemma(verb))
            || self.rules.cues.taking_part.contains(self.lemma(verb))
            || self.lemma(verb) == "be"
            // "a rate of 70 % has been reported".
            || self.tag(verb) == "VBN" && matches!(self.lemma(verb), "describe" | "find" | "note" | "observe" | "report" | "see")
        {
            return None;
        }
        let object = tree.by(verb, &["dobj", "attr"]).last();
        // "became seropositive": the adjective tells what.
        if matches!(self.lemma(verb), "become" | "remain") {
            let told = (verb + 1..verb + 3).find(|&t| self.tag(t).starts_with("JJ"))?;
            // "remained free of pain".
            let of = (self.word(told + 1) == "of").then(|| tree.by(told + 1, &["pobj"]).next()).flatten();
            let outcome = self.words(told, of.map_or(told, |o| self.phrases.extent(o).1).max(told), told);
            return Some(Attached {
                outcome,
                direction: None,
                measure: Measure::Share,
                intervention: None,
                baseline: None,
                rule: "share-of-patients",
            });
        }
        // "have no plans to quit".
        if object.is_some_and(|o| tree.by(o, &["det", "neg"]).any(|d| matches!(self.word(d).as_str(), "no" | "neither" | "not"))) {
            return None;
        }
        // "reported that …" tells no outcome by its verb.
        if object.is_none() && matches!(self.word(verb + 1).as_str(), "that" | "whether" | "how") {
            return None;
        }
        if self.word(verb + 1) == "by" && self.moves(verb).is_some() {
            return None;
        }
        let own = matches!(
            self.lemma(verb),
            "achieve"
                | "attain"
                | "develop"
                | "experience"
                | "gain"
                | "have"
                | "maintain"
                | "reach"
                | "regain"
                | "report"
                | "show"
                | "recover"
                | "need"
                | "require"
                | "suffer"
                | "exhibit"
                | "present"
                | "complain"
        );
        // "needed transfusion", where the parser sees no object.
        let behind = |own: bool| (verb + 1..verb + 5).take_while(|&t| own && matches!(self.tag(t), "NN" | "NNS" | "JJ")).last();
        let object = object.or_else(|| behind(own));
        let outcome = match object {
            // "had scores of 16 or more": the limit is part of what they had.
            Some(object) if own && self.limit_behind(object).is_some() => {
                let (first, _) = self.phrases.extent(object);
                self.words(first.min(object), self.limit_behind(object)?, object)
            }
            // "achieved 7 % weight loss".
            Some(object) if own && self.amount_before(object).is_some() => self.words(self.amount_before(object)?, object, object),
            Some(object) if own && self.change_noun(self.lemma(object)).is_none() => self.named(object)?,
            Some(object) if own => self.named_whole(object)?,
            Some(object) => {
                let (_, last) = self.phrases.extent(object);
                self.words(verb, last.max(verb), object)
            }
            None => {
                let last = tree
                    .prepositional(verb, &[])
                    .filter(|&(_, o)| !self.is_quantity(tree.tokens[o].span))
                    .map(|(_, o)| self.phrases.extent(o).1)
                    .next()
                    .unwrap_or(verb);
                // "returned to sport", however the parser hangs it.
                let object = (verb + 2..verb + 5)
                    .take_while(|_| matches!(self.tag(verb + 1), "IN" | "TO"))
                    .find(|&t| self.tag(t).starts_with("NN") || self.tag(t) == "VB");
                let last = object.filter(|&o| last <= verb && !self.is_quantity(tree.tokens[o].span)).unwrap_or(last);
                self.words(verb, last.max(verb).min(verb + 6), verb)
            }
        };
        Some(Attached { outcome, direction: None, measure: Measure::Share, intervention: None, baseline: None, rule: "share-of-patients" })
    }

    /// Where an amount begins that stands right before a noun phrase.
    fn amount_before(&self, noun: usize) -> Option<usize> {
        let (first, _) = self.phrases.extent(noun);
        let tokens = self.phrases.tree.tokens;
        let before = first.checked_sub(1).filter(|&t| self.is_quantity(tokens[t].span))?;
        (0..=before).rev().take_while(|&t| self.is_quantity(tokens[t].span)).last()
    }

    /// The last token of a limit behind a noun: "scores of 16 or greater", "HbA1c below 7 %".
    fn limit_behind(&self, noun: usize) -> Option<usize> {
        let opens = matches!(self.word(noun + 1).as_str(), "of" | "below" | "above" | "under" | "over" | "<" | ">" | "≤" | "≥");
        let tokens = self.phrases.tree.tokens;
        let from = (noun + 1..noun + 4).find(|&t| tokens.get(t).is_some_and(|k| self.is_quantity(k.span))).filter(|_| opens)?;
        let last = (from..tokens.len()).take_while(|&t| self.is_quantity(tokens[t].span)).last()?;
        let more = self.word(last + 1) == "or" && matches!(self.tag(last + 2), "JJR" | "RBR");
        Some(if more { last + 2 } else { last })
    }

    /// The verb that says what the patients did or had: the first of their own clause, what only tells who they are left out.
    fn deed(&self, from: usize) -> Option<usize> {
        let tree = self.phrases.tree;
        let (mut relative, mut depth, mut skip) = (false, 0i32, from);
        for t in from..tree.tokens.len().min(from + 16) {
            match self.word(t).as_str() {
                // Where the clause that tells who they are ends, is seldom clear.
                "who" | "which" | "whom" | "whose" if t > from => return None,
                "who" | "which" | "whom" | "whose" => relative = true,
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                ";" | ":" | "." | "while" | "whereas" | "but" | "although" | "however" => return None,
                "," if !relative && !self.tag(t + 1).starts_with("RB") => return None,
                _ => {}
            }
            if depth > 0 || t < skip || !tree.is_verb(t) || t > 0 && self.word(t - 1) == "-" {
                continue;
            }
            // "patients seen in primary care are …": the participle only tells which patients.
            let later =
                || (t + 1..tree.tokens.len().min(t + 24)).take_while(|&k| !matches!(self.word(k).as_str(), ";")).any(|k| self.is_finite(k));
            if matches!(self.tag(t), "VBN" | "VBG") && t == from {
                if later() {
                    continue;
                }
                return None;
            }
            // "patients who received X": the relative clause ends with its verb's phrase.
            if relative && self.is_finite(t) {
                relative = false;
                skip = (t + 1..tree.tokens.len()).find(|&k| !matches!(self.tag(k), "RB" | "VBN" | "VBG")).unwrap_or(t + 1);
                continue;
            }
            match self.lemma(t) {
                "be" => {
                    let next = (t + 1..tree.tokens.len()).find(|&k| !self.tag(k).starts_with("RB"))?;
                    if !matches!(self.tag(next), "VBN" | "VBD" | "JJ" | "VBG")
                        || self.tag(next) == "JJ" && self.tag(next + 1).starts_with("NN")
                    {
                        return None;
                    }
                    if matches!(self.lemma(next), "similar" | "comparable" | "different" | "equal" | "high" | "low" | "likely" | "able") {
                        return None;
                    }
                    if self.tag(next) == "JJ" {
                        return Some(next);
                    }
                }
                "have" if matches!(self.tag(t + 1), "VBN" | "VBD" | "RB") => {}
                "treat" | "receive" | "undergo" | "age" | "randomize" | "randomise" | "enrol" | "enroll" | "recruit" | "include"
                | "complete" => return None,
                _ => return Some(t),
            }
        }
        None
    }
}
