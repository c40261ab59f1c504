//! What is no result: sentences of plans and definitions, numbers that name or limit something, names of nothing measured.

use super::{Outcomes, SUBSTANCES};
use crate::annotate::Category;
use crate::extract::arms::Arm;
use crate::extract::claim::{Argument, Bound};
use crate::extract::context::gives;
use crate::extract::quantity::{Kind, Value};

impl Outcomes<'_> {
    /// Whether the sentence tells a plan, an assumption, a definition, or who was studied.
    pub(super) fn is_barred(&self) -> bool {
        let tree = self.phrases.tree;
        let planned = (0..tree.tokens.len()).any(|t| self.tag(t) == "MD" && self.lemma(t) == "will" || self.lemma(t) == "criterion");
        if planned || matches!(self.word(0).as_str(), "if" | "assuming" | "suppose") {
            return true;
        }
        let text = tree.span.of(tree.text).to_lowercase();
        let told = |list: &std::collections::HashSet<String>| list.iter().any(|p| text.contains(p.as_str()));
        // "8.1 % at baseline and 7.0 % at 12 weeks" goes on to a result.
        let later = || {
            ["after", "from baseline", "follow-up", "decreas", "increas", "improv", "reduc"].iter().any(|w| text.contains(w))
                || self.quantities.iter().any(|q| matches!(q.kind, Kind::Time(_)))
        };
        told(&self.rules.cues.no_results)
            || text.starts_with("baseline ")
            || told(&self.rules.cues.before_treatment) && (text.starts_with("at baseline") || !later())
    }

    /// Whether the number names, numbers, limits or defines something and is no result.
    pub(super) fn is_label(&self, value: &Value, first: usize, last: usize) -> bool {
        let before = first.checked_sub(1);
        // "1) …, 2) …" number a list; "(more than 50 % decrease)" defines.
        if self.word(last + 1) == ")" && self.opening(first).is_none() || value.bound.is_some() && self.opening(first).is_some() {
            return true;
        }
        let bare = value.unit.is_none() && value.measure.is_none() && value.sd.is_none();
        // "Visit 2", "months 1 and 4", "group 1": a bare number behind a noun is its name.
        let mut at = before;
        while let Some(t) = at.filter(|&t| self.tag(t) == "CD" || matches!(self.word(t).as_str(), "," | "and" | "or" | "-" | "–")) {
            at = t.checked_sub(1);
        }
        let told = |t: usize| {
            matches!(
                self.lemma(t),
                "mean" | "median" | "average" | "score" | "m" | "value" | "ratio" | "total" | "sum" | "count" | "index" | "%"
            )
        };
        let named = at.is_some_and(|t| self.tag(t).starts_with("NN") && !told(t) && !self.is_quantity(self.phrases.tree.tokens[t].span));
        if bare && named && at == before
            || bare && named && before.is_some_and(|b| self.tag(b) == "CC" || self.word(b) == ",") && self.is_counted(at)
        {
            return true;
        }
        // "PCV of <25 %", "blood loss ≥1000 ml", "HbA1c below 7 %": a limit that defines the outcome.
        let limit = before.is_some_and(|b| {
            let beside = self.tag(b).starts_with("NN")
                || matches!(self.word(b).as_str(), "achieving" | "with" | "reaching" | "than" | "at" | "above" | "below");
            let of = self.word(b) == "of" && b > 0 && self.change_noun(self.lemma(b - 1)).is_none();
            beside || of
        });
        // "weight loss of ≥ 5 %": a sign limits, where words may tell.
        let sign = matches!(self.word(first).as_str(), "≥" | "≤" | ">" | "<")
            && before.is_some_and(|b| self.tag(b).starts_with("NN") || self.word(b) == "of");
        sign || value.bound == Some(Bound::Below) && limit || value.bound == Some(Bound::Above) && limit && !self.counts_people(last)
    }

    /// A noun that takes numbers: "months 1 and 4", "visits 2 and 3".
    fn is_counted(&self, noun: Option<usize>) -> bool {
        noun.is_some_and(|t| {
            matches!(
                self.lemma(t),
                "month"
                    | "week"
                    | "day"
                    | "year"
                    | "visit"
                    | "group"
                    | "grade"
                    | "stage"
                    | "phase"
                    | "type"
                    | "table"
                    | "figure"
                    | "class"
                    | "arm"
                    | "level"
            )
        })
    }

    /// "… of patients" behind a share.
    fn counts_people(&self, last: usize) -> bool {
        self.word(last + 1) == "of" && (last + 2..last + 6).any(|t| self.rules.cues.people.contains(self.lemma(t)))
    }

    /// The name without what is no part of it: "of 0.3 mm Hg" behind, a bracket or a word of time in front. `None` where nothing measured is left.
    pub(super) fn measurable(&self, outcome: Argument, rule: &str, unit: Option<&str>) -> Option<Argument> {
        let tree = self.phrases.tree;
        let inside: Vec<usize> = (0..tree.tokens.len()).filter(|&t| outcome.span.contains(tree.tokens[t].span)).collect();
        let (Some(&first), Some(&last)) = (inside.first(), inside.last()) else { return self.is_told(&outcome.text).then_some(outcome) };
        if outcome.text != outcome.span.of(tree.text).split_whitespace().collect::<Vec<_>>().join(" ") {
            // Words filled in from elsewhere stand as they are.
            return self.is_told(&outcome.text).then_some(outcome);
        }
        let (mut from, mut to) = (first, last);
        let amount = |t: usize| self.is_quantity(tree.tokens[t].span) && self.phrases.mentions_at(t).is_empty();
        while from < to && (self.is_edge(from) || matches!(self.tag(from), "WRB" | "WDT") || amount(from)) {
            from += 1;
        }
        // "the placebo group's joint swelling".
        if let Some(possessive) = (from..to).rev().find(|&t| self.tag(t) == "POS") {
            from = possessive + 1;
        }
        if let Some(close) = (from..to).find(|&t| self.word(t) == ")" && !(from..t).any(|k| self.word(k) == "(")) {
            from = close + 1;
        }
        let limited = rule == "share-of-patients";
        if let Some(of) = (from + 1..to).filter(|_| !limited).find(|&t| self.word(t) == "of" && self.is_quantity(tree.tokens[t + 1].span)) {
            to = of - 1;
        }
        while to > from && !limited && (self.is_quantity(tree.tokens[to].span) || self.is_edge(to)) {
            to -= 1;
        }
        // "% of patients", "proportion of women" count people; what they did is not told.
        let share =
            |t: usize| matches!(self.lemma(t), "proportion" | "percentage" | "number" | "majority" | "rate" | "fraction" | "%" | "percent");
        let head = self.head_of(from, to);
        let people = |t: usize| self.rules.cues.people.contains(self.lemma(t)) || self.rules.cues.arm_nouns.contains(self.lemma(t));
        let of_people = share(head)
            && (head + 1..=to).filter(|&t| self.tag(t).starts_with("NN")).all(people)
            && head < to
            && !self.tells_more(from, head);
        let cues = &self.rules.cues;
        let lemma = self.lemma(head).rsplit(' ').next().unwrap_or_default();
        let alone = self.content(from, to) == 1;
        let vague = alone && (cues.vague.contains(lemma) || cues.study_words.contains(lemma)) && self.phrases.mentions_at(head).is_empty();
        let verbal = rule == "share-of-patients";
        // "risk", "the adjusted change": of what, is not told.
        let complement = (head + 1..to).any(|t| matches!(self.tag(t), "IN" | "TO"));
        let named = self.lemma(head).contains(' ')
            || (from..head).any(|t| self.tag(t).starts_with("NN") || !self.phrases.mentions_at(t).is_empty());
        let open = (cues.incomplete.contains(lemma)
            || lemma == "change"
            || self.change_noun(lemma).is_some() && self.phrases.mentions_at(head).is_empty())
            && !complement
            && !named;
        let nothing = of_people || !verbal && (cues.unmeasured.contains(lemma) || people(head) || vague);
        // "control group scores": an arm's, but of what is not told.
        let arm = (from..head).any(|t| matches!(self.lemma(t), "group" | "arm" | "cohort"));
        let text = tree.tokens[from].span.join(tree.tokens[to].span).of(tree.text);
        // A lone adjective ("adjusted") names nothing.
        let thing = to > from || self.tag(from).starts_with("NN") || !self.phrases.mentions_at(from).is_empty();
        if arm
            || !verbal && !thing
            || nothing
            || open && !verbal
            || cues.statistics.contains(lemma)
            || !self.is_told(text)
            || self.names_arm(from, to)
            || to - from > 14
        {
            return None;
        }
        // A substance is no outcome, its level is; a treatment has no ratio.
        let kind = self.phrases.mentions_at(head).first().map(|m| m.entity.category);
        let substance = kind.is_some_and(|k| SUBSTANCES.contains(&k));
        let level = (from..=to)
            .any(|t| matches!(self.lemma(t), "level" | "concentration" | "content" | "use" | "consumption" | "intake" | "requirement"))
            || kind != Some(Category::Drug) && rule != "labelled-ratio" && unit.is_some()
            || verbal;
        let treatment = rule == "labelled-ratio" && kind.is_some_and(gives);
        if !level && (substance || treatment) {
            return None;
        }
        if (from, to) == (first, last) {
            return Some(outcome);
        }
        Some(self.words(from, to, head))
    }

    /// Whether a thing can be what an arm got: a name, no length of time, no word of the analysis.
    pub(super) fn is_treatment(&self, given: &Argument) -> bool {
        let cues = &self.rules.cues;
        let told = given.text.to_lowercase();
        let plain = told.split_whitespace().all(|w| {
            let w = w.trim_end_matches('s');
            !cues.study_words.contains(w)
                && !cues.people.contains(w)
                && !matches!(w, "significant" | "mean" | "the" | "same" | "questionnaire" | "staff" | "between")
        });
        let named = gives(given.entity.category) || given.entity.id.is_some();
        self.arms.is_own(given) || named && plain && !self.is_quantity(given.span) && !told.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Letters, and no sign of an equation or an open bracket.
    pub(super) fn is_told(&self, text: &str) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let open = text.matches(['(', '[']).count() != text.matches([')', ']']).count();
        let lower = text.to_lowercase();
        let last = lower.rsplit(' ').next().unwrap_or("");
        let cues = &self.rules.cues;
        letters > 1
            && !open
            && !text.contains(['=', '{', '}'])
            && !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–'))
            && !lower.split(' ').any(|w| matches!(w, "vs" | "vs." | "versus" | "compared"))
            && !cues.statistics.contains(last)
            && !cues.statistical_terms.iter().any(|term| lower.contains(term.as_str()))
    }

    fn is_edge(&self, t: usize) -> bool {
        matches!(self.tag(t), "DT" | "IN" | "CC" | "," | ":" | "RB" | "." | "TO" | "PRP$" | "SYM")
            || matches!(self.word(t).as_str(), "(" | ")" | "[" | "]" | "mean" | "median" | "average")
    }

    /// The head of the words: the last noun before the first preposition.
    fn head_of(&self, from: usize, to: usize) -> usize {
        let end = (from + 1..=to).find(|&t| matches!(self.tag(t), "IN" | "TO") || self.word(t) == "(").map_or(to, |t| t - 1);
        (from..=end).rev().find(|&t| self.tag(t).starts_with("NN")).unwrap_or(end)
    }

    /// Whether a noun stands before the head ("retention rate of patients").
    fn tells_more(&self, from: usize, head: usize) -> bool {
        (from..head).any(|t| self.tag(t).starts_with("NN") || self.tag(t) == "JJ" && !self.rules.cues.neutral.contains(&self.word(t)))
    }

    fn content(&self, from: usize, to: usize) -> usize {
        (from..=to)
            .filter(|&t| {
                !matches!(self.tag(t), "DT" | "IN" | "CC" | "HYPH" | "PRP$" | "RB" | "JJR" | "," | "POS")
                    && (self.tag(t).starts_with("NN") || !self.rules.cues.neutral.contains(&self.word(t)))
            })
            .count()
    }

    /// Whether the words name an arm of the study and nothing measured.
    fn names_arm(&self, from: usize, to: usize) -> bool {
        let tree = self.phrases.tree;
        let text = tree.tokens[from].span.join(tree.tokens[to].span).of(tree.text);
        match self.arms.who(self.phrases, from, to) {
            Some(Arm::All) => true,
            Some(Arm::Control) => to == from || self.rules.cues.arm_nouns.contains(self.lemma(to)),
            Some(Arm::Given(given)) => {
                self.arms.knows(text)
                    || self.rules.cues.arm_nouns.contains(self.lemma(to))
                    || given.text.eq_ignore_ascii_case(text) && gives(given.entity.category) && self.arms.is_own(&given)
            }
            None => false,
        }
    }
}
