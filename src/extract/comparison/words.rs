//! Phrases of a comparison: where a phrase ends, which arm it names, what was measured.

use super::Comparisons;
use crate::extract::arms::Arm;
use crate::extract::claim::Argument;

/// Between whom a difference was looked for.
pub(super) enum Sides {
    /// The arm that got something, or all; and whether the other side stands before it.
    Named(Arm, bool),
    /// Others than the arms of a study ("between men and women").
    Others,
    /// The clause names nobody.
    Unnamed,
}

impl Comparisons<'_> {
    /// Whether the word at `i` opens the part that says against what.
    pub(super) fn is_against(&self, i: usize) -> bool {
        match self.word(i).as_str() {
            "than" | "versus" | "vs" | "vs." | "relative" | "against" => true,
            "compared" | "comparison" => true,
            "to" => matches!(self.word(i.wrapping_sub(1)).as_str(), "superior" | "inferior"),
            "when" | "as" => self.word(i + 1) == "compared",
            "in" => self.word(i + 1) == "comparison",
            _ => false,
        }
    }

    /// The end of the noun phrase that begins at `i`, before `to`; prepositions other than "of" (and, with `inner`, others) end it.
    pub(super) fn phrase_end(&self, i: usize, to: usize, inner: bool) -> usize {
        let mut k = i;
        while k < to {
            let (word, tag) = (self.word(k), self.tag(k));
            let ends = self.is_against(k)
                || matches!(
                    word.as_str(),
                    "between"
                        | "among"
                        | "amongst"
                        | "across"
                        | "at"
                        | "after"
                        | "during"
                        | "following"
                        | "regarding"
                        | "concerning"
                        | "from"
                        | "when"
                        | "over"
                        | "throughout"
                        | "that"
                        | "which"
                        | "who"
                        | "within"
                        | ":"
                        | "on"
                )
                || matches!(word.as_str(), "in" | "for" | "with" | "by") && !inner
                || k > i && (self.is_finite(k) || tag == "TO" && self.tag(k + 1) == "VB")
                || word == "," && !self.goes_on(k + 1, to)
                || matches!(tag, "``" | "''" | ".");
            if ends && k > i {
                return k;
            }
            if inner && matches!(word.as_str(), "in" | "for" | "with" | "by" | "among") && self.arm_at(k + 1, to).is_some() {
                return k;
            }
            k += 1;
        }
        to
    }

    /// Whether a list of nouns goes on behind a comma.
    fn goes_on(&self, i: usize, to: usize) -> bool {
        let i = i + usize::from(matches!(self.word(i).as_str(), "and" | "or"));
        let end = (i..to.min(i + 6))
            .find(|&k| !matches!(self.tag(k), "NN" | "NNS" | "NNP" | "JJ" | "HYPH" | "CD" | "VBN" | "VBG" | "FW" | "AFX" | "IN" | "DT"));
        let nouns = (i..end.unwrap_or(to.min(i + 6))).any(|k| self.tag(k).starts_with("NN"));
        let opens = matches!(self.tag(i), "NN" | "NNS" | "NNP" | "JJ" | "HYPH" | "CD" | "VBN" | "VBG" | "FW" | "AFX");
        nouns && opens && end.is_none_or(|e| !self.is_finite(e))
    }

    /// The arm named by the phrase that begins at `i`, and where the phrase ends.
    pub(super) fn arm_at(&self, i: usize, to: usize) -> Option<(Arm, usize)> {
        let mut end = i;
        let mut given = false;
        while end < to && end < i + 14 {
            let word = self.word(end);
            // "patients treated with X", "animals in the X group" hold a preposition of their own.
            given |= self.rules.cues.given.contains(self.lemma(end));
            let own = matches!(word.as_str(), "with" | "in" | "of" | "on" | "to")
                && (given
                    || end > i
                        && (self.rules.cues.people.contains(self.lemma(end - 1)) || self.rules.cues.bearers.contains(self.lemma(end - 1)))
                    || self.rules.cues.arm_nouns.contains(self.lemma(end.wrapping_sub(1))) && word == "of");
            let stops = self.is_against(end)
                || matches!(
                    word.as_str(),
                    "," | ";"
                        | "and"
                        | "or"
                        | ":"
                        | "."
                        | "after"
                        | "at"
                        | "during"
                        | "between"
                        | "among"
                        | "from"
                        | "by"
                        | "when"
                        | "for"
                        | "following"
                        | "regarding"
                        | "concerning"
                )
                || matches!(word.as_str(), "with" | "in" | "of" | "on" | "to") && !own
                || self.is_finite(end) && !self.is_given_verb(end)
                || self.is_quantity(end) && end > i;
            if stops && end > i {
                break;
            }
            if stops {
                return None;
            }
            end += 1;
        }
        let (first, last) = (self.token(i)?, self.token(end.checked_sub(1).filter(|&e| e >= i)?)?);
        self.arms.who(self.phrases, first, last).map(|arm| (arm, end))
    }

    /// Whether `plain[from..to]` names an arm and nothing measured: "calcium" may be given, yet "calcium was similar" measures it.
    pub(super) fn is_arm(&self, from: usize, to: usize) -> bool {
        let cues = &self.rules.cues;
        let framed = (from..to).any(|k| {
            let lemma = self.lemma(k);
            cues.arm_nouns.contains(lemma) || cues.people.contains(lemma) || cues.bearers.contains(lemma) || cues.given.contains(lemma)
        });
        match self.arm_at(from, to) {
            Some((Arm::Given(given), end)) => end == to && (framed || self.arms.is_own(&given) || self.arms.knows(&given.text)),
            Some((_, end)) => end == to,
            None => false,
        }
    }

    fn is_given_verb(&self, i: usize) -> bool {
        self.rules.cues.given.contains(self.lemma(i))
            && matches!(self.word(i.wrapping_sub(1)).as_str(), "who" | "that" | "which" | "were" | "was")
            || matches!(self.lemma(i), "be") && self.rules.cues.given.contains(self.lemma(i + 1))
    }

    /// The arm behind the first preposition from `i` on that has one, before the words of comparison; and where it ends.
    pub(super) fn arm_behind(&self, i: usize, to: usize) -> Option<(Arm, usize)> {
        let end = (i..to).find(|&k| self.is_against(k)).unwrap_or(to);
        (i..end)
            .filter(|&k| {
                let word = self.word(k);
                // "lower after X" tells a time, unless it is compared with another treatment.
                matches!(word.as_str(), "in" | "for" | "with" | "among" | "under" | "by" | "of")
                    || end < to && matches!(word.as_str(), "after" | "following")
            })
            .find_map(|k| self.arm_at(k + 1, end).filter(|(arm, _)| *arm != Arm::All))
    }

    /// The arm behind "than", "compared with", "versus".
    pub(super) fn arm_against(&self, from: usize, to: usize) -> Option<Arm> {
        let mut k = (from..to).find(|&k| self.is_against(k))? + 1;
        while k < to
            && (self.is_against(k)
                || matches!(
                    self.word(k).as_str(),
                    "with" | "to" | "in" | "for" | "those" | "that" | "of" | "after" | "among" | "the" | "by"
                ))
        {
            k += 1;
        }
        self.arm_at(k, to).map(|(arm, _)| arm)
    }

    /// The two sides of "between A and B", "in A and B".
    pub(super) fn arms_between(&self, from: usize, to: usize) -> Sides {
        let opens = |k: usize| matches!(self.word(k).as_str(), "in" | "for" | "with" | "within" | "on" | "by" | "after");
        let mut found = Sides::Unnamed;
        for k in (from..to).filter(|&k| opens(k) || self.is_between(k)) {
            let end = self.phrase_end(k + 1, to, false);
            if let (Some(first), Some(last)) = (self.token(k + 1), self.token(end - 1))
                && end > k + 1
                && self.arms.who(self.phrases, first, last) == Some(Arm::All)
            {
                return Sides::Named(Arm::All, false);
            }
            let mut control = false;
            let mut at = k + 1;
            while let Some((arm, end)) = self.arm_at(at, to) {
                match arm {
                    Arm::Control => control = true,
                    other => return Sides::Named(other, control),
                }
                if !self.joins(end) {
                    break;
                }
                at = end + 1;
            }
            // "between X and the Y group": the first shares the second's noun.
            let join = (k + 1..to.min(k + 12)).find(|&j| self.joins(j));
            if self.is_between(k)
                && let Some(Arm::Given(second)) = join.and_then(|j| self.arm_at(j + 1, to)).map(|(arm, _)| arm)
            {
                return Sides::Named(Arm::Given(second), true);
            }
            // "between smokers and controls" is no comparison of what was given.
            if self.is_between(k) {
                return Sides::Others;
            }
            if control {
                found = Sides::Named(Arm::All, false);
            }
        }
        found
    }

    /// Whether the word at `i` opens the part that says who is compared.
    pub(super) fn is_between(&self, i: usize) -> bool {
        matches!(self.word(i).as_str(), "between" | "among" | "amongst" | "across")
    }

    fn joins(&self, i: usize) -> bool {
        matches!(self.word(i).as_str(), "and" | "or" | "," | "versus" | "vs" | "vs.")
    }

    /// What was measured, named by `plain[from..to]`: one argument a part of a list.
    pub(super) fn measured(&self, from: usize, to: usize) -> Vec<Argument> {
        let mut out: Vec<Argument> = Vec::new();
        let mut start = from;
        let mut k = from;
        while k <= to {
            let joins = k < to && matches!(self.word(k).as_str(), "," | "and" | "or" | "nor" | "as" | "well");
            if k == to || joins {
                let noun = (start..k).any(|i| self.tag(i).starts_with("NN") || self.tag(i) == "VBG");
                // "systolic and diastolic pressure": the noun stands behind the last.
                if noun {
                    // "higher X and reduced Y": the second has a direction of its own.
                    let own = start > from && (start..k).any(|i| self.comparative(i).is_some());
                    out.extend(self.part(start, k).filter(|_| !own));
                    start = k + 1;
                } else if !(start..k).any(|i| self.tag(i).starts_with("JJ")) {
                    start = k + 1;
                }
            }
            k += 1;
        }
        out.truncate(12);
        out
    }

    /// One part of a list, without determiners, words of change and times around its name.
    fn part(&self, mut from: usize, mut to: usize) -> Option<Argument> {
        let cues = &self.rules.cues;
        while from < to {
            let word = self.word(from);
            let drop = matches!(self.tag(from), "DT" | "PRP$" | "PDT" | "RB" | "IN" | "CC" | "," | "JJR" | "RBR" | "CD" | "HYPH" | "EX")
                || cues.neutral.contains(&word)
                || cues.upward.contains(&word)
                || cues.downward.contains(&word);
            if !drop || self.word(from + 1) == "-" && !matches!(self.tag(from), "DT" | "IN") {
                break;
            }
            from += 1;
        }
        // "changes in X", "differences in X" speak of X.
        while from + 2 < to
            && matches!(self.lemma(from), "change" | "difference" | "number" | "rate" | "level" | "amount" | "degree" | "value")
            && matches!(self.word(from + 1).as_str(), "in" | "of" | "for")
        {
            from += 2;
            while from < to && matches!(self.tag(from), "DT" | "PRP$") {
                from += 1;
            }
        }
        while to > from && !(self.tag(to - 1).starts_with("NN") || matches!(self.tag(to - 1), "VBG" | "CD" | "JJ" | "FW")) {
            to -= 1;
        }
        if from >= to || to - from > 14 {
            return None;
        }
        let tree = self.phrases.tree;
        let complement = (from + 1..to).find(|&k| self.tag(k) == "IN").unwrap_or(to);
        let head = (from..complement).rev().find(|&k| self.tag(k).starts_with("NN") || self.tag(k) == "VBG")?;
        let (first, last, head) = (self.token(from)?, self.token(to - 1)?, self.token(head)?);
        let lemma = tree.lemma(head);
        let alone = to - from == 1;
        let sound = !(alone && (cues.vague.contains(lemma) || cues.study_words.contains(lemma) || cues.arm_nouns.contains(lemma)))
            && !cues.people.contains(lemma)
            && !cues.unmeasured.contains(lemma)
            && !matches!(tree.tokens[head].tag, "PRP" | "DT" | "EX" | "WDT")
            && tree.word(head).chars().filter(|c| c.is_alphabetic()).count() > 1;
        let span = tree.tokens[first].span.join(tree.tokens[last].span);
        (sound && span.len() <= 160).then(|| self.phrases.ground(span, head).swap_remove(0).0)
    }
}
