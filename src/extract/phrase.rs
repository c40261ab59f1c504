//! Noun phrases to arguments: coordination split, carriers and aspects peeled off, direction composed, mentions attached.

mod extent;
mod naming;
mod unwrap;
mod worded;

use super::claim::Argument;
use super::context;
use super::cues::Cues;
use super::tree::Tree;
use crate::annotate::Mention;
use crate::text::Span;

/// The place of an argument in its claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What acts.
    Subject,
    /// What is acted on.
    Object,
}

/// An argument with what its phrase adds to the claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// The argument.
    pub argument: Argument,
    /// Its head token.
    pub head: usize,
    /// The tokens that it covers.
    pub tokens: (usize, usize),
    /// How often its direction turns: "loss of X", "reduced inhibition of X".
    pub turned: bool,
    /// Direction told by a noun of change ("reduction in X"): +1 up, -1 down, 0 none.
    pub direction: i8,
    /// Direction told by an adjective ("lower X").
    pub quality: i8,
    /// The outermost noun of the phrase, before carriers and turning nouns were peeled off.
    pub outer: usize,
    /// Aspect of the thing ("expression").
    pub aspect: Option<String>,
    /// Whether the phrase names what was done or given ("treatment with X", "X group").
    pub carried: bool,
    /// Whether the phrase is denied ("no X").
    pub denied: bool,
    /// Whether it is a pronoun or a phrase such as "this treatment", to be resolved from what came before.
    pub anaphor: bool,
}

/// Reads noun phrases of one sentence.
#[derive(Debug, Clone, Copy)]
pub struct Phrases<'a> {
    /// The tree.
    pub tree: &'a Tree<'a>,
    /// Mentions of the document, sorted by start.
    pub mentions: &'a [Mention],
    /// Word lists.
    pub cues: &'a Cues,
    /// What the document's own study gave or did: "the treatment group", "the intervention".
    pub topic: Option<&'a Argument>,
}

/// What gathers on the way from a phrase's outer noun to the thing it speaks of.
#[derive(Clone, Default)]
struct Gathered {
    turned: bool,
    direction: i8,
    quality: i8,
    /// Whether the last noun is of a lesser degree ("a smaller increase").
    lesser: bool,
    /// Whether the direction is one for the better ("improvement in X"), which makes a complaint less.
    better: bool,
    aspect: Option<String>,
    carried: bool,
    denied: bool,
    depth: u8,
    outer: Option<usize>,
}

impl Phrases<'_> {
    /// The arguments that the phrase headed by `token` stands for, in order.
    pub fn arguments(&self, token: usize, role: Role) -> Vec<Phrase> {
        let mut out = Vec::new();
        self.gather(token, role, Gathered::default(), true, &mut out);
        out.dedup_by(|a, b| a.argument.span == b.argument.span && a.argument.text == b.argument.text);
        out
    }

    /// The longest mentions that cover the token; several where an ellipsis names several things.
    pub fn mentions_at(&self, token: usize) -> Vec<&Mention> {
        let span = self.tree.tokens[token].span;
        let before = context::mentions_in(self.mentions, Span::new(self.tree.span.start, span.start + 1));
        let covering = before.iter().rev().filter(|m| m.span.contains(span));
        let longest = covering.clone().map(|m| m.span.len()).max().unwrap_or(0);
        // Of "collagen type I/III" the mention with the words filled in covers all, the other only its part.
        let filled = covering.clone().any(|m| m.span.len() == longest && m.text != m.span.of(self.tree.text));
        let mut found: Vec<&Mention> = covering.filter(|m| m.span.len() == longest).collect();
        found.reverse();
        if filled {
            let whole = found[0].span;
            let from = self.mentions.partition_point(|m| m.span.start < whole.start);
            let parts =
                self.mentions[from..].iter().take_while(|m| m.span.start < whole.end).filter(|m| whole.contains(m.span) && m.span != whole);
            let parts: Vec<&Mention> = parts.collect();
            found.splice(0..0, parts);
        }
        found
    }

    fn gather(&self, token: usize, role: Role, state: Gathered, coordination: bool, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        if state.depth > 6 || out.len() > 24 {
            return;
        }
        let gerund = tree.tokens[token].tag == "VBG" && matches!(tree.relation(token), "csubj" | "nsubj") && tree.has(token, &["dobj"]);
        if role == Role::Subject && gerund && self.mentions_at(token).is_empty() {
            self.push_gerund(token, &state, out);
            return;
        }
        let heads = if coordination { tree.coordinated(token) } else { vec![token] };
        let neither = tree.children(token).any(|c| c < token && matches!(tree.lemma(c), "neither"));
        let mut shared = None;
        for head in heads {
            if !(tree.is_nominal(head) || head == token && self.is_gerund_noun(head)) {
                continue;
            }
            let mut state = Gathered { depth: state.depth + 1, outer: state.outer.or(Some(head)), ..state.clone() };
            state.denied |= neither || head != token && head > 0 && matches!(tree.lemma(head - 1), "not" | "nor");
            // "Blocking X lowers Y", however the parser took the gerund.
            let gerund = tree.by(head, &["amod", "compound", "nmod"]).filter(|&c| c < head).min().unwrap_or(head);
            if role == Role::Subject && gerund > 0 && self.cues.blocking.contains(&tree.word(gerund - 1).to_lowercase()) {
                state.turned = !state.turned;
            }
            self.read_modifiers(head, role, &mut state);
            // "decreased pain, fatigue and stiffness": the adjective is said of all that have none of their own.
            if head == token {
                shared = Some(state.quality).filter(|q| *q != 0);
            } else if state.quality == 0
                && !tree.has(head, &["det", "amod", "poss"])
                && !(token..head).any(|t| matches!(tree.word(t), "vs" | "vs." | "versus" | "than"))
            {
                state.quality = shared.unwrap_or_default();
            }
            let opposed = role == Role::Object && self.push_opposed(head, &state, out);
            if !opposed && !self.push_involved(head, role, &state, out) && !self.unwrap(head, role, &state, out) {
                self.push(head, role, state.clone(), out);
            }
            self.push_examples(head, role, &state, out);
        }
    }

    /// "cytokines such as IL-6 and TNF": the examples are arguments too.
    fn push_examples(&self, head: usize, role: Role, state: &Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        for (preposition, object) in tree.prepositional(head, &["as", "including", "include"]).collect::<Vec<_>>() {
            let such = tree.lemma(preposition) != "as" || preposition > 0 && tree.word(preposition - 1).eq_ignore_ascii_case("such");
            if such {
                self.gather(object, role, state.clone(), true, out);
            }
        }
    }

    fn is_gerund_noun(&self, i: usize) -> bool {
        let argument = matches!(self.tree.relation(i), "nsubj" | "nsubjpass" | "dobj" | "pobj");
        match self.tree.tokens[i].tag {
            "VBG" => !self.mentions_at(i).is_empty(),
            // "Relative to placebo, …" names nothing.
            "JJ" => argument && self.tree.tokens.get(i + 1).is_none_or(|t| &*t.lemma != "to") || !self.mentions_at(i).is_empty(),
            _ => false,
        }
    }

    /// Direction and denial told by the phrase's own modifiers.
    fn read_modifiers(&self, head: usize, role: Role, state: &mut Gathered) {
        state.lesser = false;
        for child in self.tree.children(head).filter(|&c| c < head) {
            let (word, relation) = (self.tree.word(child).to_lowercase(), self.tree.relation(child));
            if matches!(relation, "det" | "neg") && matches!(word.as_str(), "no" | "neither" | "not") {
                state.denied = true;
            }
            if role == Role::Subject && self.cues.blocking.contains(&word) && matches!(relation, "amod" | "compound" | "nmod") {
                state.turned = !state.turned;
            }
            // "Lower X goes with more Y", but not "reduced-dose X".
            if role == Role::Subject && relation == "amod" && self.cues.lowered.contains(&word) && self.tree.word(child + 1) != "-" {
                state.turned = !state.turned;
            }
            if relation == "amod" && role == Role::Object {
                let lemma = self.tree.lemma(child);
                let word = self.tree.prefixed(child).unwrap_or(word);
                let listed = |set: &std::collections::HashSet<String>| set.contains(&word) || set.contains(lemma);
                state.better |= matches!(lemma, "better" | "improve" | "improved" | "good")
                    || matches!(word.as_str(), "improved" | "better" | "worse" | "worsened");
                state.lesser |= matches!(word.as_str(), "fewer" | "less" | "lesser" | "lower" | "slower" | "smaller" | "weaker");
                if listed(&self.cues.upward) {
                    state.quality = 1;
                } else if listed(&self.cues.downward) {
                    state.quality = -1;
                }
            }
        }
    }
}
