//! What a value is said of: the subject of its clause, by parse or by the order of words, and what "that" and "they" stand for.

use super::{Attached, Outcomes};
use crate::annotate::{Category, Entity};
use crate::extract::claim::{Argument, Direction, Measure};
use crate::extract::quantity::{Kind, Value};
use regex::Regex;
use std::sync::LazyLock;

static BRACKETED: LazyLock<Regex> = LazyLock::new(|| crate::extract::pattern(r"\s*[(\[][^()\[\]]*[)\]]"));
static STATED: LazyLock<Regex> = LazyLock::new(|| {
    crate::extract::pattern(
        r"(?:^|[,;:]\s)(?:[Tt]he\s)?(?:(?:With|For|In|After|At|Under)\s[^,;:]{1,60}?\sthe\s)?(?P<what>[^,;:]{3,90}?)\s(?:was|were|averaged)\s[-−–<>]?\s?\d",
    )
});

impl Outcomes<'_> {
    /// "Y was 8.97 %", "Y averaged 12 mm at week 4 and 9 mm at week 8".
    pub(super) fn was(&self, value: &Value, first: usize) -> Option<Attached> {
        let tree = self.phrases.tree;
        let quality = self.compared_size(first);
        let verb = (0..first).rev().take(40).find(|&t| tree.is_verb(t) && !self.is_aside(t, first))?;
        let between = &tree.tokens[verb + 1..first];
        // "the mean was 8 days; 12 % were on leave": the value begins a clause of its own.
        if (verb + 1..first).any(|t| self.word(t) == ";")
            && (first + 1..tree.tokens.len()).take_while(|&t| self.word(t) != ";").any(|t| self.is_finite(t))
        {
            return None;
        }
        if !matches!(self.lemma(verb), "be" | "average" | "reach" | "remain") || !self.leads_on(verb, first) {
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
        let respectively = (first..tree.tokens.len()).any(|t| self.word(t) == "respectively");
        let listed = self
            .quantities
            .iter()
            .filter(|q| matches!(q.kind, Kind::Value(_)))
            .filter_map(|q| self.tokens(q.span))
            .any(|(f, l)| f > verb && l < first && !placed(l) && !self.is_before(l) && !respectively);
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
        // "is 72 % water", "are 5.2 million people": the number counts the noun behind it.
        let behind = (first..tree.tokens.len()).find(|&t| !self.is_quantity(tree.tokens[t].span) && self.word(t) != "%");
        if behind.is_some_and(|t| self.tag(t).starts_with("NN") && self.opening(t).is_none_or(|o| o < verb) && !self.is_quality(t)) {
            return None;
        }
        // "was 128 (96 %)": the share is the value; "if X remains ≥ 200" asks.
        let share_behind = bare
            && self.quantities.iter().any(|q| {
                matches!(&q.kind, Kind::Value(v) if v.unit.as_deref() == Some("%"))
                    && self.tokens(q.span).is_some_and(|(f, _)| f > first && f < first + 4 && self.word(f - 1) == "(")
            });
        if share_behind || (verb.saturating_sub(8)..verb).any(|t| self.word(t) == "if") {
            return None;
        }
        // "was 138 % as large as".
        if behind.is_some_and(|t| self.word(t) == "as" || self.word(t) == "of" && matches!(self.word(t + 1).as_str(), "that" | "those")) {
            return None;
        }
        if before == "("
            || bare
                && (before.ends_with('$')
                    || matches!(before.as_str(), "£" | "€" | "#")
                    || next.is_some_and(|t| t.tag.starts_with("NN") || t.tag.starts_with("VB") || matches!(t.tag, "HYPH" | "JJ")))
        {
            return None;
        }
        // "the mean of X was 4 and that of Y was 6": "that" stands for the first subject.
        let that = self.that_before(verb).and_then(|_| self.earlier_subject(verb));
        let subject = that.or_else(|| self.agreed_subject(verb))?;
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
        // "The hazard ratio for X was 0.74".
        let kind = subject.checked_sub(1).filter(|_| self.lemma(subject) == "ratio").and_then(|t| match self.lemma(t) {
            "hazard" => Some(Measure::HazardRatio),
            "odds" => Some(Measure::OddsRatio),
            "risk" | "rate" => Some(Measure::RiskRatio),
            _ => None,
        });
        if let Some(measure) = kind {
            let object = tree.prepositional(subject, &["for", "of", "in"]).map(|(_, o)| o).find(|&o| o < verb)?;
            let outcome = self.named_whole(object)?;
            return Some(Attached { outcome, direction: None, measure, intervention: None, baseline: None, rule: "subject-was-value" });
        }
        // "The reduction in X was 26 %": X fell by it.
        let fall =
            self.change_noun(self.lemma(subject)).filter(|_| self.that_before(verb).is_none() && quality.is_none() && subject < verb);
        if let Some(direction) = fall
            && self.phrases.mentions_at(subject).is_empty()
        {
            let object =
                tree.prepositional(subject, &["in", "of"]).map(|(_, o)| o).find(|&o| o < verb && tree.tokens[o].tag.starts_with("NN"));
            let modifier = tree.by(subject, &["compound", "nmod"]).filter(|&c| c < subject).last();
            let outcome = match (object, modifier) {
                (Some(object), _) => self.named_whole(object)?,
                (None, Some(modifier)) => self.words(modifier, modifier, modifier),
                (None, None) => return None,
            };
            let measure = if value.unit.as_deref() == Some("fold") { Measure::Fold } else { Measure::Change };
            return Some(Attached {
                outcome,
                direction: Some(direction),
                measure,
                intervention: None,
                baseline: None,
                rule: "subject-was-value",
            });
        }
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

    /// The subject of a copula, where the order of the words and the parse agree on it, or only one of them tells it.
    fn agreed_subject(&self, verb: usize) -> Option<usize> {
        let tree = self.phrases.tree;
        let opened = self.subject_before(verb);
        let parsed = tree.by(verb, &["nsubj", "nsubjpass"]).last().or_else(|| {
            // "was 4.2": where the number heads the clause, the subject hangs on it.
            tree.head(verb)
                .filter(|_| matches!(tree.relation(verb), "cop" | "aux" | "auxpass"))
                .and_then(|h| tree.by(h, &["nsubj", "nsubjpass"]).last())
        });
        match (opened, parsed) {
            (Some(o), Some(p)) => {
                let (first, last) = self.phrases.extent(p);
                let same = o == p || first <= o && o <= last || tree.ancestors(o).any(|a| a == p) || tree.ancestors(p).any(|a| a == o);
                same.then_some(if tree.ancestors(o).any(|a| a == p) && p < verb { p } else { o })
            }
            (Some(o), None) => (verb - o < 14).then_some(o),
            (None, parsed) => parsed.or_else(|| tree.surface_subject(verb)),
        }
    }

    /// "0.8 mm thinner", "3 points (SD 2) lower": a word of comparison right behind the value.
    fn compared_size(&self, first: usize) -> Option<Direction> {
        let tree = self.phrases.tree;
        let behind = (first..tree.tokens.len()).find(|&t| {
            let adverb = self.tag(t).starts_with("RB") && self.tag(t) != "RBR";
            !self.is_quantity(tree.tokens[t].span) && !adverb && self.word(t) != "%" && self.opening(t).is_none_or(|o| o < first)
        })?;
        let behind = if self.word(behind) == ")" { behind + 1 } else { behind };
        matches!(self.tag(behind), "JJR" | "RBR").then(|| self.quality(behind)).flatten()
    }

    /// Whether a verb before `first` only tells more of a noun between: "the dose given was", "the score measured at week 4 was".
    fn is_aside(&self, verb: usize, first: usize) -> bool {
        matches!(self.tag(verb), "VBN" | "VBG")
            && (verb + 1..first).any(|t| self.is_finite(t) && matches!(self.lemma(t), "be" | "average" | "reach" | "remain"))
    }

    /// Whether the words between a copula and its value lead on to it: adverbs, values before it, arms and times.
    fn leads_on(&self, verb: usize, first: usize) -> bool {
        let tree = self.phrases.tree;
        let mut t = verb + 1;
        while t < first {
            let word = self.word(t);
            if self.is_quantity(tree.tokens[t].span)
                || self.tag(t).starts_with("RB")
                || matches!(self.tag(t), "DT" | "CC" | "," | ":" | "SYM" | "CD" | "JJR" | "HYPH" | "VBN")
                    && !matches!(word.as_str(), "that" | "those")
                || matches!(
                    word.as_str(),
                    "(" | ")"
                        | "["
                        | "]"
                        | "about"
                        | "baseline"
                        | "around"
                        | "at"
                        | "over"
                        | "under"
                        | "between"
                        | "than"
                        | "equal"
                        | "to"
                        | "vs"
                        | "vs."
                        | "versus"
                        | "%"
                        | "±"
                        | "~"
                        | "≈"
                )
                || self.opening(t).is_some_and(|o| o > verb)
            {
                t += 1;
                continue;
            }
            // "in the X group", "among women", "at 6 months", "for those with X".
            if !matches!(word.as_str(), "in" | "for" | "with" | "among" | "after" | "on" | "during" | "by" | "that" | "those") {
                return false;
            }
            let end = (t + 1..first)
                .find(|&k| matches!(self.word(k).as_str(), "," | "and" | ";" | "(") || self.is_quantity(tree.tokens[k].span))
                .unwrap_or(first);
            let told = (t + 1..end).any(|k| {
                let cues = &self.rules.cues;
                cues.people.contains(self.lemma(k))
                    || cues.arm_nouns.contains(self.lemma(k))
                    || cues.bearers.contains(self.lemma(k))
                    || self.lemma(k) == "control"
                    || self.lemma(k) == "placebo"
            }) || self.arms.who(self.phrases, t + 1, end.saturating_sub(1).max(t + 1)).is_some()
                || end < first && self.quantities.iter().any(|q| matches!(q.kind, Kind::Time(_)) && q.span.overlaps(tree.tokens[end].span));
            if !told && !matches!(word.as_str(), "that" | "those") {
                return false;
            }
            t = end;
        }
        true
    }

    /// The head of the noun phrase that opens the clause of `verb`, by the words' order: the parser loses subjects of long clauses.
    pub(super) fn subject_before(&self, verb: usize) -> Option<usize> {
        let tree = self.phrases.tree;
        let is_break = |t: usize| {
            matches!(self.word(t).as_str(), ";" | ":" | "because" | "whereas" | "while" | "although" | "though" | "whether")
                || matches!(self.word(t).as_str(), "as" | "since") && matches!(self.tag(t + 1), "DT" | "NN" | "NNS" | "PRP$")
                || self.word(t) == "and" && t > 0 && (self.word(t - 1) == ")" || self.is_quantity(tree.tokens[t - 1].span))
                || self.is_finite(t) && !self.is_relative(t)
                || self.word(t) == "that" && self.tag(t) == "IN"
        };
        let mut at = (0..verb).rev().take(40).find(|&t| is_break(t)).map_or(0, |t| t + 1);
        // "Although A did not change, B fell": the main clause begins behind the comma.
        let subordinate =
            at > 0 && matches!(self.word(at - 1).as_str(), "although" | "though" | "while" | "whereas" | "because" | "since" | "as");
        if subordinate && let Some(comma) = (at..verb).rev().find(|&t| self.word(t) == "," && self.opening(t).is_none()) {
            at = comma + 1;
        }
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
                    let goes_on = matches!(self.tag(next), "NN" | "NNS" | "NNP" | "JJ" | "HYPH" | "POS") || self.word(next) == "/";
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
        if (subject..verb).any(|t| self.lemma(t) == "fail") {
            return None;
        }
        let people = (subject + 1..(subject + 5).min(verb)).find(|&t| self.rules.cues.people.contains(self.lemma(t)));
        let at = people.filter(|_| counts)? + 1;
        // "patients reporting any adverse effect".
        if at < verb && self.tag(at) == "VBG" {
            let opens = (at + 1..verb).find(|&t| self.tag(t) != "DT")?;
            return self.noun_from(opens).filter(|&n| n < verb).and_then(|n| self.named_whole(n));
        }
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
