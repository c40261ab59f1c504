//! From the words of a phrase to an argument: what it is grounded to, whether it only points back, whether it can be an argument.

use super::{Gathered, Phrase, Phrases, Role};
use crate::annotate::{Category, Entity};
use crate::extract::claim::Argument;
use crate::text::Span;

impl Phrases<'_> {
    pub(super) fn push(&self, head: usize, role: Role, state: Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        let (first, last) = self.extent(head);
        let span = tree.tokens[first].span.join(tree.tokens[last].span);
        let anaphor = self.is_anaphor(head, first);
        if !anaphor && !self.is_sound(head, first, last, role) {
            return;
        }
        for (argument, _) in self.ground(span, head) {
            out.push(Phrase { anaphor, ..self.phrase(argument, head, (first, last), &state) });
        }
        self.push_shared(head, first, role, &state, out);
    }

    /// "inflammatory and immune responses": the noun belongs to both adjectives.
    fn push_shared(&self, head: usize, first: usize, role: Role, state: &Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        let and = (first.saturating_sub(1)..head).find(|&i| tree.tokens[i].tag == "CC" && matches!(tree.lemma(i), "and" | "or"));
        let Some(and) = and.filter(|&i| i > 0 && tree.tokens[i - 1].tag == "JJ" && role == Role::Object) else { return };
        let adjective = tree.word(and - 1).to_lowercase();
        let listed = [&self.cues.neutral, &self.cues.upward, &self.cues.downward, &self.cues.vague].iter().any(|s| s.contains(&adjective));
        let behind = tree.tokens[and + 1].tag == "JJ" && and + 2 == head || and + 1 == head && tree.word(head).contains(' ');
        if listed || !behind {
            return;
        }
        let noun = tree.word(head).rsplit(' ').next().unwrap_or_default();
        let text = format!("{} {noun}", tree.word(and - 1));
        let entity = Entity { id: None, label: text.clone(), category: self.guess_category(head) };
        let argument = Argument { text, entity, xrefs: Vec::new(), span: tree.tokens[and - 1].span.join(tree.tokens[head].span) };
        out.push(self.phrase(argument, head, (and - 1, head), state));
        // The phrase itself keeps the second adjective alone.
        let whole = out.len().checked_sub(2).filter(|&i| out[i].tokens.0 < and);
        if let Some(i) = whole {
            let span = tree.tokens[and + 1].span.join(tree.tokens[head].span);
            out[i].argument = self.ground(span, head).swap_remove(0).0;
            out[i].tokens.0 = and + 1;
        }
    }

    /// The arguments that a stretch of text names: its mentions where they cover it, else its words.
    pub fn ground(&self, span: Span, head: usize) -> Vec<(Argument, bool)> {
        let text = span.of(self.tree.text);
        let mentions = self.mentions_at(head);
        let whole = mentions.iter().any(|m| m.span.start <= span.start && m.span.end >= span.end);
        let covering =
            mentions.iter().copied().filter(|m| whole && (m.span.start <= span.start && m.span.end >= span.end || span.contains(m.span)));
        let mut found: Vec<(Argument, bool)> = covering
            .map(|m| (Argument { text: m.text.clone(), entity: m.entity.clone(), xrefs: m.xrefs.clone(), span: m.span }, true))
            .collect();
        if found.is_empty() {
            let category = mentions.first().map_or_else(|| self.guess_category(head), |m| m.entity.category);
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let entity = Entity { id: None, label: words.clone(), category };
            found.push((Argument { text: words, entity, xrefs: Vec::new(), span }, false));
        }
        found
    }

    fn guess_category(&self, head: usize) -> Category {
        let lemma = self.tree.lemma(head);
        match lemma {
            "cell" | "cyte" => Category::Cell,
            "pathway" => Category::Pathway,
            _ if self.cues.disorders.contains(lemma) || lemma.ends_with("itis") => Category::Disease,
            _ if lemma.ends_with("genesis") || lemma.ends_with("osis") => Category::BiologicalProcess,
            "scale" | "score" | "index" | "questionnaire" => Category::ClinicalMeasurement,
            "therapy" | "treatment" | "surgery" | "training" | "exercise" => Category::Treatment,
            _ => Category::NamedThing,
        }
    }

    pub(super) fn is_anaphor(&self, head: usize, first: usize) -> bool {
        let tree = self.tree;
        let pronoun = matches!(tree.tokens[head].tag, "PRP" | "DT")
            && matches!(tree.lemma(head), "it" | "they" | "this" | "these" | "them" | "those" | "both");
        let pronoun =
            pronoun || matches!(tree.lemma(head), "latter" | "former") && self.mentions_at(head).is_empty() && !tree.has(head, &["prep"]);
        let pointing = tree.by(head, &["det"]).any(|d| matches!(tree.lemma(d), "this" | "these" | "such" | "those" | "that"));
        let plain = first == head && self.mentions_at(head).is_empty();
        let named = tree.by(head, &["det"]).any(|d| tree.lemma(d) == "the")
            && self.cues.anaphors.contains(tree.lemma(head))
            && !tree.has(head, &["prep", "relcl", "acl"]);
        pronoun || plain && (pointing || named)
    }

    /// Whether the words can be an argument of a claim at all.
    pub(super) fn is_sound(&self, head: usize, first: usize, last: usize, role: Role) -> bool {
        let tree = self.tree;
        let lemma = tree.lemma(head);
        if matches!(tree.tokens[head].tag, "PRP" | "WDT" | "WP" | "DT" | "SYM" | "CD" | "EX") && self.mentions_at(head).is_empty() {
            return false;
        }
        let words = tree.tokens[first..=last].iter().filter(|t| !matches!(t.tag, "HYPH" | "IN" | "DT" | "CC")).count();
        let length = tree.tokens[last].span.end - tree.tokens[first].span.start;
        // "none of the variables": what is said, is said of nothing.
        if lemma == "none" {
            return false;
        }
        if words > 10 || length > 120 || !tree.word(head).chars().any(char::is_alphabetic) {
            return false;
        }
        let told = tree.tokens[first].span.join(tree.tokens[last].span).of(tree.text);
        let ends =
            |t: &String| told.len().checked_sub(t.len()).and_then(|at| told.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(t));
        if self.cues.tests.iter().any(ends) {
            return false;
        }
        // "Smith and colleagues reported …".
        let behind = tree.text[tree.tokens[last].span.end..tree.span.end].trim_start();
        if role == Role::Subject && ["and colleague", "and co-worker", "and coworker", "et al"].iter().any(|w| behind.starts_with(w)) {
            return false;
        }
        if tree.tokens[first].tag == "CD" && self.mentions_at(first).is_empty() && first < head {
            return false;
        }
        if role == Role::Subject && first == head && self.is_class(head) {
            return false;
        }
        let mention = self.mentions_at(head).into_iter().next();
        if let Some(mention) = mention {
            // A species is where a thing happens, not what acts or is acted on.
            return mention.entity.category != Category::OrganismTaxon
                && (!self.cues.study_words.contains(lemma) || mention.span.len() > tree.tokens[head].span.len());
        }
        if self.cues.study_words.contains(lemma) || self.cues.aim_nouns.contains(lemma) {
            return false;
        }
        // "conception of the trial", "outcome of this study".
        if tree.tokens[head + 1..=last].iter().any(|t| t.tag.starts_with("NN") && self.cues.own_making.contains(&*t.lemma)) {
            return false;
        }
        let of_genes = tree.tokens[head + 1..=last].iter().any(|t| matches!(&*t.lemma, "gene" | "protein" | "cytokine"));
        if self.cues.people.contains(lemma) || role == Role::Subject && of_genes && self.cues.peel.contains(lemma) {
            return false;
        }
        if self.cues.vague.contains(lemma) {
            let of_people = tree.tokens[head..=last].iter().any(|t| self.cues.people.contains(&*t.lemma));
            let of_genes =
                role == Role::Subject && tree.tokens[head + 1..=last].iter().any(|t| matches!(&*t.lemma, "gene" | "protein" | "cytokine"));
            return words > 1 && !of_people && !of_genes;
        }
        tree.word(head).chars().filter(|c| c.is_alphabetic()).count() > 1
    }
}
