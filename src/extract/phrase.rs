//! Noun phrases to arguments: coordination split, carriers and aspects peeled off, direction composed, mentions attached.

use super::claim::Argument;
use super::cues::Cues;
use super::tree::Tree;
use crate::annotate::{Category, Entity, Mention};
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
        let end = self.mentions.partition_point(|m| m.span.start <= span.start);
        let covering = self.mentions[..end].iter().rev().take(60).filter(|m| m.span.contains(span));
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
        let heads = if coordination { tree.coordinated(token) } else { vec![token] };
        let neither = tree.children(token).any(|c| c < token && matches!(tree.lemma(c), "neither"));
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
            if !self.unwrap(head, role, &state, out) {
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
            "JJ" => argument || !self.mentions_at(i).is_empty(),
            _ => false,
        }
    }

    /// Direction and denial told by the phrase's own modifiers.
    fn read_modifiers(&self, head: usize, role: Role, state: &mut Gathered) {
        for child in self.tree.children(head).filter(|&c| c < head) {
            let (word, relation) = (self.tree.word(child).to_lowercase(), self.tree.relation(child));
            if matches!(relation, "det" | "neg") && matches!(word.as_str(), "no" | "neither" | "not") {
                state.denied = true;
            }
            if role == Role::Subject && self.cues.blocking.contains(&word) && matches!(relation, "amod" | "compound" | "nmod") {
                state.turned = !state.turned;
            }
            if relation == "amod" && role == Role::Object {
                let lemma = self.tree.lemma(child);
                let word = self.tree.prefixed(child).unwrap_or(word);
                let listed = |set: &std::collections::HashSet<String>| set.contains(&word) || set.contains(lemma);
                if listed(&self.cues.upward) {
                    state.quality = 1;
                } else if listed(&self.cues.downward) {
                    state.quality = -1;
                }
            }
        }
    }

    /// Follows "levels of X", "X treatment", "loss of X", "X-treated rats" to X; false where the noun is itself the thing.
    fn unwrap(&self, head: usize, role: Role, state: &Gathered, out: &mut Vec<Phrase>) -> bool {
        let (tree, cues) = (self.tree, self.cues);
        let prefixed = tree.prefixed(head);
        let lemma = prefixed.as_deref().unwrap_or(tree.lemma(head));
        let covered = self.mentions_at(head).first().is_some_and(|m| m.span.len() > tree.tokens[head].span.len());
        if covered {
            return false;
        }
        let before = out.len();
        let turns = cues.turns.contains(lemma);
        let keeps = cues.keeps.contains(lemma);
        let peel = cues.peel.contains(lemma);
        let carrier = cues.carriers.contains(lemma);
        let mut next = state.clone();
        if turns {
            next.turned = !next.turned;
            next.direction = if next.direction == 0 { -1 } else { -next.direction };
        } else if lemma == "risk" || lemma == "odds" || lemma == "incidence" && role == Role::Subject {
            next.aspect = Some(lemma.to_owned());
        } else if keeps && role == Role::Subject {
            next.carried = true;
        } else if (keeps || cues.betters.contains(lemma)) && role == Role::Object {
            next.direction = if next.direction == 0 { 1 } else { next.direction };
        } else if carrier && role == Role::Subject {
            next.carried = true;
        } else if peel && (role == Role::Object || !carrier) {
            next.aspect = next.aspect.or_else(|| Some(lemma.to_owned()));
        } else if !((cues.bearers.contains(lemma) || self.is_treated(head)) && role == Role::Subject) {
            return false;
        }
        if (cues.bearers.contains(lemma) || self.is_treated(head)) && role == Role::Subject && !carrier && !turns && !keeps {
            self.unwrap_bearer(head, next, out);
            return out.len() > before;
        }
        let prepositions: &[&str] = if carrier && !peel && !turns { &["of", "with", "by"] } else { &["of", "in", "for"] };
        // "transcription and secretion of X": the complement hangs on the last of the coordinated nouns.
        let holders: Vec<usize> = if tree.has(head, &["prep"]) { vec![head] } else { tree.coordinated(head) };
        // The preposition right behind the noun is its own, wherever the parser hung it.
        let behind = (head + 1 < tree.tokens.len() && prepositions.contains(&tree.lemma(head + 1)))
            .then(|| tree.by(head + 1, &["pobj"]).map(|o| (head + 1, o)).next())
            .flatten();
        for (preposition, object) in
            behind.into_iter().chain(holders.iter().flat_map(|&h| tree.prepositional(h, prepositions))).collect::<Vec<_>>()
        {
            // "increase in X" but not "expression in cells" speaks of X.
            if tree.lemma(preposition) == "in" && !(turns || keeps || lemma == "change" || cues.betters.contains(lemma))
                || tree.lemma(preposition) == "for" && !matches!(lemma, "risk" | "odds" | "level")
            {
                continue;
            }
            self.gather(object, role, next.clone(), true, out);
            if out.len() > before {
                return true;
            }
        }
        if carrier
            && role == Role::Subject
            && tree.prepositional(head, &["of", "with"]).next().is_some()
            && !matches!(lemma, "group" | "arm" | "cohort")
        {
            return true;
        }
        if carrier && role == Role::Subject {
            self.unwrap_bearer(head, next.clone(), out);
            if out.len() > before {
                return true;
            }
        }
        if carrier && role == Role::Subject && self.is_own_arm(head) {
            if let Some(topic) = self.topic {
                out.push(Phrase {
                    argument: topic.clone(),
                    head,
                    tokens: (head, head),
                    turned: next.turned,
                    direction: 0,
                    quality: 0,
                    outer: head,
                    aspect: None,
                    carried: true,
                    denied: next.denied,
                    anaphor: false,
                });
            }
            return true;
        }
        // "X levels", "X treatment", "X deficiency": the nearest noun before the head.
        let modifier = tree.by(head, &["compound", "nmod", "npadvmod", "poss", "amod"]).filter(|&c| c < head).last();
        if let Some(modifier) = modifier.filter(|&m| self.names_something(m)) {
            let state = Gathered { depth: next.depth + 1, ..next };
            for part in tree.coordinated(modifier).into_iter().filter(|&p| p < head) {
                self.push(part, role, state.clone(), out);
            }
        }
        out.len() > before
    }

    /// "zoledronate-treated bones": the noun bears a treatment, whatever it is.
    fn is_treated(&self, head: usize) -> bool {
        let tree = self.tree;
        let given_to = tree
            .by(head, &["acl"])
            .any(|c| self.cues.given.contains(tree.lemma(c)) && tree.prepositional(c, &["with", "to"]).next().is_some());
        given_to
            || tree.by(head, &["amod"]).any(|c| {
                c > 1 && tree.word(c - 1) == "-" && self.cues.given.iter().any(|g| tree.word(c).to_lowercase().starts_with(g.as_str()))
            })
    }

    /// "the treatment group", "the experimental arm", "the intervention": what the study itself gave.
    fn is_own_arm(&self, head: usize) -> bool {
        let tree = self.tree;
        let modifiers: Vec<usize> = tree.by(head, &["compound", "amod", "nmod"]).filter(|&c| c < head).collect();
        if matches!(tree.lemma(head), "group" | "arm") {
            return tree.tokens[head].tag == "NN" && modifiers.iter().any(|&m| self.cues.own_arms.contains(tree.lemma(m)));
        }
        matches!(tree.lemma(head), "intervention" | "treatment" | "therapy")
            && modifiers.is_empty()
            && tree.by(head, &["det"]).any(|d| tree.lemma(d) == "the")
    }

    /// Whether a modifier is a thing of its own ("IL-6 levels") and no mere quality ("high levels").
    fn names_something(&self, modifier: usize) -> bool {
        let word = self.tree.word(modifier).to_lowercase();
        let quality = [&self.cues.neutral, &self.cues.upward, &self.cues.downward, &self.cues.vague].iter().any(|s| s.contains(&word));
        if self.tree.tokens[modifier].tag.starts_with("NN") { !quality } else { !self.mentions_at(modifier).is_empty() }
    }

    /// "X-treated rats", "patients receiving X", "animals injected with X", "X patients".
    fn unwrap_bearer(&self, head: usize, mut state: Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        let before = out.len();
        state.carried = true;
        for child in tree.children(head).collect::<Vec<_>>() {
            if !tree.is_verb(child) && tree.tokens[child].tag != "JJ" {
                continue;
            }
            let given = self.cues.given.contains(tree.lemma(child))
                || self.cues.given.iter().any(|g| tree.word(child).to_lowercase().starts_with(g.as_str()));
            if !given {
                continue;
            }
            let things = match tree.relation(child) {
                "amod" => {
                    tree.by(child, &["npadvmod", "compound", "nmod", "amod", "dep"]).filter(|&c| tree.is_nominal(c)).collect::<Vec<_>>()
                }
                "acl" | "relcl" => {
                    tree.by(child, &["dobj"]).chain(tree.prepositional(child, &["with", "to", "by"]).map(|(_, o)| o)).collect()
                }
                _ => Vec::new(),
            };
            for thing in things {
                self.gather(thing, Role::Subject, state.clone(), true, out);
            }
        }
        if out.len() == before && self.cues.carriers.contains(tree.lemma(head)) {
            // "patients in the X group" is left to the carrier itself.
            return;
        }
        if out.len() == before {
            for (_, object) in tree.prepositional(head, &["in", "on"]).collect::<Vec<_>>() {
                if self.cues.carriers.contains(tree.lemma(object)) {
                    self.gather(object, Role::Subject, state.clone(), true, out);
                }
            }
        }
    }

    /// First and last token of the phrase that names the thing: modifiers before the head, "of" after it, no clause, no apposition.
    pub fn extent(&self, head: usize) -> (usize, usize) {
        let tree = self.tree;
        let mut first = head;
        let mut queue = vec![head];
        while let Some(i) = queue.pop() {
            for c in tree.children(i).filter(|&c| c < head) {
                let inside = matches!(
                    tree.relation(c),
                    "amod" | "compound" | "nmod" | "npadvmod" | "nummod" | "poss" | "advmod" | "conj" | "cc" | "quantmod"
                ) || tree.relation(c) == "punct" && matches!(tree.word(c), "-" | "/" | "–" | "+" | "'" | "%");
                if inside && (i == head || tree.relation(c) != "poss") {
                    first = first.min(c);
                    queue.push(c);
                }
            }
        }
        let mut last = head;
        // "IL-6R alpha", "factor 4": what is compounded after the head.
        for c in tree.children(head) {
            if c == last + 1 && matches!(tree.relation(c), "nummod" | "nmod" | "compound") && tree.tokens[c].tag == "CD" {
                last = c;
            }
        }
        // "of" belongs to the noun right before it, wherever the parser hung it.
        let of = (last + 1 < tree.tokens.len() && tree.lemma(last + 1) == "of").then(|| tree.by(last + 1, &["pobj"]).next()).flatten();
        if let Some(object) = of
            && tree.tokens[object].tag.starts_with("NN")
            && object.saturating_sub(head) < 9
            && tree.word(object) != "%"
            && !tree.has(object, &["nummod"])
        {
            last = last.max(self.extent(object).1);
        }
        for i in [head, last] {
            if let Some(mention) = self.mentions_at(i).first() {
                while last + 1 < tree.tokens.len() && tree.tokens[last + 1].span.end <= mention.span.end {
                    last += 1;
                }
                while first > 0 && tree.tokens[first - 1].span.start >= mention.span.start {
                    first -= 1;
                }
            }
        }
        // A colon parts the name from what stands before it.
        if let Some(colon) = (first..head).rev().find(|&i| matches!(tree.word(i), ":" | ";")) {
            first = colon + 1;
        }
        while first < head && self.is_droppable(first, head) {
            first += 1;
        }
        // "BDNF-secreting cells": what is glued to the name by a hyphen is part of it.
        while first >= 2
            && tree.word(first - 1) == "-"
            && tree.tokens[first - 1].span.end == tree.tokens[first].span.start
            && tree.tokens[first - 2].span.end == tree.tokens[first - 1].span.start
        {
            first -= 2;
        }
        // "the cytokine IL-6", "the antibody tocilizumab": the class before a name is no part of it.
        if first < head && last == head && self.cues.class_nouns.contains(tree.lemma(head - 1)) && !self.mentions_at(head).is_empty() {
            first = head;
        }
        (first, last)
    }

    /// Whether a token at the left edge is no part of the name.
    fn is_droppable(&self, i: usize, head: usize) -> bool {
        let token = &self.tree.tokens[i];
        if self.mentions_at(i).first().is_some_and(|m| m.span.contains(self.tree.tokens[head].span)) {
            return false;
        }
        let word = self.tree.word(i).to_lowercase();
        let quality =
            [&self.cues.neutral, &self.cues.upward, &self.cues.downward].iter().any(|s| s.contains(&word) || s.contains(&*token.lemma));
        let quality = quality && self.tree.word(i + 1) != "-";
        matches!(
            token.tag,
            "DT" | "PRP$" | "PDT" | "RB" | "RBR" | "RBS" | "JJR" | "JJS" | "CC" | "," | "IN" | "POS" | "." | ":" | "``" | "''"
        ) || quality
            || matches!(word.as_str(), "-" | "/" | "%")
    }

    fn push(&self, head: usize, role: Role, state: Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        let (first, last) = self.extent(head);
        let span = tree.tokens[first].span.join(tree.tokens[last].span);
        let anaphor = self.is_anaphor(head, first);
        if !anaphor && !self.is_sound(head, first, last, role) {
            return;
        }
        for (argument, _) in self.ground(span, head) {
            out.push(Phrase {
                argument,
                head,
                tokens: (first, last),
                turned: state.turned,
                direction: state.direction,
                quality: state.quality,
                outer: state.outer.unwrap_or(head),
                aspect: state.aspect.clone(),
                carried: state.carried,
                denied: state.denied,
                anaphor,
            });
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

    fn is_anaphor(&self, head: usize, first: usize) -> bool {
        let tree = self.tree;
        let pronoun = matches!(tree.tokens[head].tag, "PRP" | "DT")
            && matches!(tree.lemma(head), "it" | "they" | "this" | "these" | "them" | "those" | "both");
        let pointing = tree.by(head, &["det"]).any(|d| matches!(tree.lemma(d), "this" | "these" | "such" | "those" | "that"));
        let plain = first == head && self.mentions_at(head).is_empty();
        let named = tree.by(head, &["det"]).any(|d| tree.lemma(d) == "the")
            && self.cues.anaphors.contains(tree.lemma(head))
            && !tree.has(head, &["prep", "relcl", "acl"]);
        pronoun || plain && (pointing || named)
    }

    /// Whether the words can be an argument of a claim at all.
    fn is_sound(&self, head: usize, first: usize, last: usize, role: Role) -> bool {
        let tree = self.tree;
        let lemma = tree.lemma(head);
        if matches!(tree.tokens[head].tag, "PRP" | "WDT" | "WP" | "DT" | "SYM" | "CD" | "EX") && self.mentions_at(head).is_empty() {
            return false;
        }
        let words = tree.tokens[first..=last].iter().filter(|t| !matches!(t.tag, "HYPH" | "IN" | "DT" | "CC")).count();
        let length = tree.tokens[last].span.end - tree.tokens[first].span.start;
        if words > 10 || length > 120 || !tree.word(head).chars().any(char::is_alphabetic) {
            return false;
        }
        if tree.tokens[first].tag == "CD" && self.mentions_at(first).is_empty() && first < head {
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
