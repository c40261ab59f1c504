//! Phrases whose thing is told by more or less than a noun: "reducing X", "anti-inflammatory effects", "genes involved in X and Y".

use super::{Gathered, Phrase, Phrases, Role};
use crate::annotate::{Category, Entity};
use crate::extract::claim::Argument;
use crate::text::Span;

impl Phrases<'_> {
    /// "Reducing weight lowers pain": the gerund with its object acts; "blocking X lowers Y" turns X round.
    pub(super) fn push_gerund(&self, verb: usize, state: &Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        let Some(object) = tree.by(verb, &["dobj"]).next() else { return };
        let mut state = state.clone();
        state.depth += 1;
        if self.cues.blocking.contains(&tree.word(verb).to_lowercase()) {
            // Where the object stands right behind it, the gerund is counted with the object.
            let first = tree.by(object, &["amod", "compound", "nmod"]).filter(|&c| c < object).min().unwrap_or(object);
            state.turned ^= first != verb + 1;
            self.gather(object, Role::Subject, state, true, out);
            return;
        }
        let (_, last) = self.extent(object);
        let span = tree.tokens[verb].span.join(tree.tokens[last].span);
        if last > verb && last - verb < 7 {
            out.push(self.phrase(self.worded(span, Category::Procedure), verb, (verb, last), &state));
        }
    }

    /// "anti-inflammatory effects": what is acted on is the inflammation, and it is lowered.
    pub(super) fn push_opposed(&self, head: usize, state: &Gathered, out: &mut Vec<Phrase>) -> bool {
        let tree = self.tree;
        if !matches!(tree.lemma(head), "effect" | "property" | "activity" | "action" | "potency" | "benefit") {
            return false;
        }
        let before = out.len();
        let direct: Vec<usize> = tree.by(head, &["amod", "nmod", "compound"]).filter(|&c| c < head).collect();
        for modifier in direct.into_iter().flat_map(|m| tree.coordinated(m)).filter(|&m| m < head) {
            let word = tree.word(modifier).to_lowercase();
            let opposed = word.strip_prefix("anti").map(|w| w.trim_start_matches('-').to_owned()).or_else(|| {
                (modifier > 1 && tree.word(modifier - 1) == "-" && tree.word(modifier - 2).eq_ignore_ascii_case("anti"))
                    .then(|| word.clone())
            });
            let Some(noun) = opposed.and_then(|w| self.cues.opposed.get(&w).cloned()) else { continue };
            let span = tree.tokens[modifier].span;
            let entity = Entity { id: None, label: noun.clone(), category: Category::PathologicalProcess };
            let state = Gathered { quality: -1, direction: -1, ..state.clone() };
            out.push(self.phrase(Argument { text: noun, entity, xrefs: Vec::new(), span }, modifier, (modifier, modifier), &state));
        }
        out.len() > before
    }

    /// "expression of genes involved in X and Y": one argument for each of the things they are involved in.
    pub(super) fn push_involved(&self, head: usize, role: Role, state: &Gathered, out: &mut Vec<Phrase>) -> bool {
        let tree = self.tree;
        if role == Role::Subject || !self.is_class(head) {
            return false;
        }
        // The participle stands right behind the noun or behind its "of", wherever the parser hung it.
        let last = self.extent(head).1;
        let Some(verb) = (last + 1..tree.tokens.len().min(last + 2)).find(|&v| {
            tree.is_verb(v) && matches!(tree.lemma(v), "involve" | "implicate" | "relate" | "associate" | "encode" | "regulate" | "control")
        }) else {
            return false;
        };
        let first = self.extent(head).0;
        let mut things: Vec<usize> = tree.prepositional(verb, &["in", "with", "to"]).map(|(_, o)| o).collect();
        things.extend(tree.by(verb, &["dobj"]));
        let things: Vec<usize> = things.into_iter().take(1).flat_map(|t| tree.coordinated(t)).collect();
        let Some(&opening) = things.first() else { return false };
        let from = self.extent(opening).0;
        if from <= verb {
            return false;
        }
        let stem = tree.tokens[first].span.join(tree.tokens[from - 1].span).of(tree.text);
        let stem = stem.split_whitespace().collect::<Vec<_>>().join(" ");
        let before = out.len();
        for &thing in things.iter().filter(|&&t| tree.is_nominal(t)) {
            let (a, b) = self.extent(thing);
            let part = tree.tokens[a].span.join(tree.tokens[b].span);
            let text = format!("{stem} {}", part.of(tree.text).split_whitespace().collect::<Vec<_>>().join(" "));
            if text.split(' ').count() > 12 {
                continue;
            }
            let span = tree.tokens[first].span.join(part);
            let entity = Entity { id: None, label: text.clone(), category: Category::NamedThing };
            out.push(self.phrase(Argument { text, entity, xrefs: Vec::new(), span }, thing, (first, b), state));
        }
        out.len() > before
    }

    /// "genes", "expression of genes", "pathways": a class that only what follows tells.
    pub(super) fn is_class(&self, head: usize) -> bool {
        let tree = self.tree;
        let class = |i: usize| {
            let lemma = tree.lemma(i);
            let last = lemma.rsplit(' ').next().unwrap_or(lemma);
            matches!(last, "gene" | "genes" | "protein" | "proteins" | "pathway" | "pathways" | "cytokine" | "transcript" | "transcripts")
                && !lemma.contains('-')
        };
        let plain = |i: usize| class(i) && !tree.has(i, &["compound", "nmod"]);
        plain(head) || self.cues.peel.contains(tree.lemma(head)) && tree.prepositional(head, &["of"]).any(|(_, o)| plain(o))
    }

    /// The argument with what gathered on the way to it.
    pub(super) fn phrase(&self, argument: Argument, head: usize, tokens: (usize, usize), state: &Gathered) -> Phrase {
        let disorder = matches!(argument.entity.category, Category::Disease | Category::PhenotypicFeature | Category::PathologicalProcess);
        // "improvement in pain": less pain; "severity" may have been peeled off.
        let complaint =
            || disorder || self.cues.is_complaint(&argument.text) || state.aspect.as_ref().is_some_and(|a| self.cues.is_complaint(a));
        let sign = if state.better && complaint() { -1 } else { 1 };
        Phrase {
            argument,
            head,
            tokens,
            turned: state.turned,
            direction: sign * state.direction,
            quality: sign * state.quality,
            outer: state.outer.unwrap_or(head),
            aspect: state.aspect.clone(),
            carried: state.carried,
            denied: state.denied,
            anaphor: false,
        }
    }

    fn worded(&self, span: Span, category: Category) -> Argument {
        let text = span.of(self.tree.text).split_whitespace().collect::<Vec<_>>().join(" ");
        Argument { entity: Entity { id: None, label: text.clone(), category }, text, xrefs: Vec::new(), span }
    }
}
