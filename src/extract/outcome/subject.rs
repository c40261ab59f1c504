//! What a value is said of: the subject of its clause, by parse or by the order of words, and what "that" and "they" stand for.

use super::{Attached, Outcomes};
use crate::annotate::{Category, Entity};
use crate::extract::claim::{Argument, Direction, Measure};
use crate::extract::quantity::{Kind, Value};
use regex::Regex;
use std::sync::LazyLock;

static BRACKETED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s*[(\[][^()\[\]]*[)\]]").expect("constant pattern"));
static STATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[,;:]\s)(?:[Tt]he\s)?(?:(?:With|For|In|After|At|Under)\s[^,;:]{1,60}?\sthe\s)?(?P<what>[^,;:]{3,90}?)\s(?:was|were|averaged)\s[-−–<>]?\s?\d").expect("constant pattern")
});

impl Outcomes<'_> {
    /// "Y was 8.97 %", "Y averaged 12 mm at week 4 and 9 mm at week 8".
    pub(super) fn was(&self, value: &Value, first: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let quality =
            (first..tree.tokens.len().min(first + 9)).find(|&t| matches!(self.tag(t), "JJR" | "RBR")).and_then(|t| self.quality(t));
        let verb = (0..first).rev().take(40).find(|&t| tree.is_verb(t))?;
        let between = &tree.tokens[verb + 1..first];
        if !matches!(self.lemma(verb), "be" | "average" | "reach" | "remain")
            || !between.iter().all(|t| !t.tag.starts_with("NN") || self.is_arm(t.span) || self.is_quantity(t.span))
        {
            return None;
        }
        // "were 1.4, 1.2 and 1.3": of a bare list only the first has its place; "higher than the 27 % of others" is theirs.
        let end = (first..tree.tokens.len()).find(|&t| !self.is_quantity(tree.tokens[t].span)).unwrap_or(first);
        let placed = |l: usize| {
            let timed = |q: &&crate::extract::quantity::Quantity| matches!(q.kind, Kind::Time(_));
            self.quantities.iter().filter(timed).filter_map(|q| self.tokens(q.span)).any(|(f, _)| f > l && f < end + 4)
                || self.whose(end.saturating_sub(1)).is_some()
                || self.that_before(first).is_some()
        };
        let listed = self
            .quantities
            .iter()
            .filter(|q| matches!(q.kind, Kind::Value(_)))
            .filter_map(|q| self.tokens(q.span))
            .any(|(f, l)| f > verb && l < first && !placed(l));
        let plan = tree.by(verb, &["aux"]).any(|a| self.tag(a) == "MD")
            || between
                .iter()
                .any(|t| matches!(&*t.lemma, "than" | "expect" | "assume" | "define" | "set" | "require" | "recommend" | "consider"));
        let aside = self.opening(first).is_some_and(|o| {
            o > verb
                && self
                    .quantities
                    .iter()
                    .any(|q| matches!(q.kind, Kind::Value(_)) && self.tokens(q.span).is_some_and(|(f, l)| f > verb && l < o))
        });
        let noted = value.unit.is_none() && self.opening(first).is_some_and(|o| o > verb);
        if listed || plan || aside || noted {
            return None;
        }
        // "a 4-item scale", "329 patients", "(1)", "$ 94": a number that counts or numbers something else.
        let before = self.word(first - 1);
        let next =
            self.phrases.tree.tokens.iter().skip(first).find(|t| t.tag != "CD" && !matches!(t.span.of(tree.text), "±" | "+/-" | "<" | ">"));
        let bare = value.unit.is_none() && value.measure.is_none() && value.sd.is_none();
        if before == "("
            || bare
                && (before.ends_with('$')
                    || matches!(before.as_str(), "£" | "€" | "#")
                    || next.is_some_and(|t| t.tag.starts_with("NN") || t.tag.starts_with("VB") || matches!(t.tag, "HYPH" | "JJ")))
        {
            return None;
        }
        // "the mean of X was 4 and that of Y was 6": "that" stands for the first subject.
        let opened = self.subject_before(verb);
        let subject = self.that_before(verb).and_then(|_| self.earlier_subject(verb)).or(opened).or_else(|| tree.surface_subject(verb))?;
        let pronoun = verb.checked_sub(1).filter(|&t| self.tag(t) == "PRP");
        let subject = pronoun.unwrap_or(subject);
        if self.rules.cues.people.contains(self.lemma(subject)) || matches!(self.lemma(subject), "follow-up" | "person") {
            return None;
        }
        if self.rules.cues.aim_nouns.contains(self.lemma(subject)) || self.is_quantity(tree.tokens[subject].span) {
            return None;
        }
        let recalled = || matches!(self.lemma(subject), "they" | "it" | "these" | "this").then(|| self.told_before(subject)).flatten();
        let outcome = self
            .that_of(subject, first)
            .or_else(|| self.of_share(subject, verb))
            .or_else(|| self.named_whole(subject))
            .or_else(recalled)?;
        // "this value was 0.39": too vague to stand alone.
        let alone = outcome.text.to_lowercase().trim_start_matches("mean ") == self.word(subject)
            && (self.rules.cues.vague.contains(self.lemma(subject))
                || self.change_noun(self.lemma(subject)).is_some()
                || self.lemma(subject) == "change")
            && self.phrases.mentions_at(subject).is_empty();
        let told = outcome.text.to_lowercase();
        let outcome =
            match tree.prepositional(subject, &["in", "of", "for"]).find(|&(_, o)| o < verb && tree.tokens[o].tag.starts_with("NN")) {
                Some((_, object)) if alone => self.named(object)?,
                _ if alone => return None,
                _ => outcome,
            };
        let changed = value.negative && told.contains("change");
        let direction = quality.or(changed.then_some(Direction::Decrease));
        let needed = outcome.text.starts_with("NNT") || outcome.text.to_lowercase().starts_with("number needed to treat");
        let share =
            ["rate", "incidence", "prevalence", "proportion", "percentage", "frequency", "share", "fraction", "success", "survival"];
        let measure = match (value.unit.as_deref(), direction) {
            _ if needed => Measure::NumberNeededToTreat,
            (_, Some(_)) if between.is_empty() && quality.is_some() => Measure::Difference,
            (_, Some(_)) => Measure::Change,
            _ if matches!(self.lemma(subject), "difference" | "advantage") => Measure::Difference,
            (Some("%"), None) if share.contains(&self.lemma(subject)) => Measure::Share,
            (Some("%"), None) if self.is_measured(subject) => Measure::Level,
            (Some("%"), None) => Measure::Share,
            _ => Measure::Level,
        };
        Some(Attached { outcome, direction, measure, intervention: None, baseline: None, rule: "subject-was-value" })
    }

    /// The head of the noun phrase that opens the clause of `verb`, by the words' order: the parser loses subjects of long clauses.
    pub(super) fn subject_before(&self, verb: usize) -> Option<usize> {
        let tree = self.phrases.tree;
        let is_break = |t: usize| {
            matches!(self.word(t).as_str(), ";" | ":" | "because" | "whereas" | "while" | "although" | "though" | "whether")
                || matches!(self.word(t).as_str(), "as" | "since") && matches!(self.tag(t + 1), "DT" | "NN" | "NNS" | "PRP$")
                || self.word(t) == "and" && t > 0 && (self.word(t - 1) == ")" || self.is_quantity(tree.tokens[t - 1].span))
                || self.is_finite(t) && !self.is_relative(t)
        };
        let mut at = (0..verb).rev().take(40).find(|&t| is_break(t)).map_or(0, |t| t + 1);
        // A phrase of time or place in front ends with its comma.
        while matches!(self.tag(at), "IN" | "TO" | "VBG" | "WRB") {
            at = (at..verb).find(|&t| self.word(t) == ",")? + 1;
        }
        let mut depth = 0usize;
        for t in at..verb {
            match self.word(t).as_str() {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ if depth > 0 || !tree.tokens[t].tag.starts_with("NN") => {}
                _ => {
                    let mut next = t + 1;
                    if self.word(next) == "(" {
                        next = (next..verb).find(|&n| self.word(n) == ")")? + 1;
                    }
                    let goes_on = matches!(self.tag(next), "NN" | "NNS" | "NNP" | "JJ" | "HYPH") || self.word(next) == "/";
                    if !goes_on || next >= verb {
                        return Some(t);
                    }
                }
            }
        }
        None
    }

    /// Whether the verb stands in a relative clause ("patients who needed").
    pub(super) fn is_relative(&self, verb: usize) -> bool {
        (verb.saturating_sub(3)..verb).any(|t| matches!(self.word(t).as_str(), "who" | "which" | "that" | "whom"))
    }

    /// "that of" among the words right before token `end`.
    pub(super) fn that_before(&self, end: usize) -> Option<usize> {
        (end.saturating_sub(12)..end).rev().find(|&t| matches!(self.word(t).as_str(), "that" | "those") && self.word(t + 1) == "of")
    }

    /// The subject of the clause before that of `verb`.
    pub(super) fn earlier_subject(&self, verb: usize) -> Option<usize> {
        (0..verb).rev().find(|&t| self.is_finite(t) && !self.is_relative(t)).and_then(|v| self.subject_before(v))
    }

    /// "the incidence of A was 10 %, that of B 2 %": "incidence of B".
    pub(super) fn that_of(&self, subject: usize, first: usize) -> Option<Argument> {
        let tree = self.phrases.tree;
        let that = self.that_before(first)?;
        let head = (that + 2..first)
            .take_while(|&t| !tree.is_verb(t))
            .filter(|&t| tree.tokens[t].tag.starts_with("NN") && self.word(t) != "%")
            .last()?;
        let other = tree.tokens[that + 1].span.join(tree.tokens[head].span);
        let text = format!("{} {}", tree.word(subject), other.of(tree.text).split_whitespace().collect::<Vec<_>>().join(" "));
        let entity = Entity { id: None, label: text.clone(), category: Category::NamedThing };
        Some(Argument { text, entity, xrefs: Vec::new(), span: tree.tokens[that].span.join(other) })
    }

    /// "the proportion of patients who needed X": what they needed.
    pub(super) fn of_share(&self, subject: usize, verb: usize) -> Option<Argument> {
        let counts = matches!(self.lemma(subject), "proportion" | "percentage" | "number" | "fraction" | "share" | "rate");
        let people = (subject + 1..(subject + 5).min(verb)).find(|&t| self.rules.cues.people.contains(self.lemma(t)));
        let at = people.filter(|_| counts)? + 1;
        (at < verb && (self.phrases.tree.is_verb(at) || self.tag(at).starts_with('W')))
            .then(|| self.share_of(at + usize::from(self.tag(at).starts_with('W'))))
            .flatten()
            .map(|a| a.outcome)
    }

    /// What the sentence before said in numbers, for "they were 3.1".
    pub(super) fn told_before(&self, pronoun: usize) -> Option<Argument> {
        let tree = self.phrases.tree;
        let paragraph = tree.text[..tree.span.start].rsplit("\n\n").next()?.trim_end();
        let start = paragraph.trim_end_matches(['.', '!', '?']).rfind(". ").map_or(0, |at| at + 2);
        let words = BRACKETED.replace_all(&paragraph[start..], " ");
        let text = STATED.captures(&words)?.name("what")?.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        let entity = Entity { id: None, label: text.clone(), category: Category::NamedThing };
        Some(Argument { text, entity, xrefs: Vec::new(), span: tree.tokens[pronoun].span })
    }

    /// A laboratory value or protein, whose percent is a level.
    pub(super) fn is_measured(&self, subject: usize) -> bool {
        let measured = [Category::ClinicalMeasurement, Category::Protein, Category::Gene, Category::GeneFamily];
        self.is_substance(subject) || self.phrases.mentions_at(subject).iter().any(|m| measured.contains(&m.entity.category))
    }
}
