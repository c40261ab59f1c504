//! From what a phrase is worded with to the thing it speaks of: carriers, aspects, turning nouns, bearers and arms peeled off.

use super::{Gathered, Phrase, Phrases, Role};

impl Phrases<'_> {
    /// Follows "levels of X", "X treatment", "loss of X", "X-treated rats" to X; false where the noun is itself the thing.
    pub(super) fn unwrap(&self, head: usize, role: Role, state: &Gathered, out: &mut Vec<Phrase>) -> bool {
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
        let stage = cues.stages.contains(lemma) && self.holds_of(head);
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
            next.better |= cues.betters.contains(lemma);
        } else if carrier && role == Role::Subject {
            next.carried = true;
        } else if (peel || stage) && (role == Role::Object || !carrier) {
            next.aspect = next.aspect.or_else(|| Some(lemma.to_owned()));
        } else if !((cues.bearers.contains(lemma) || self.is_treated(head)) && role == Role::Subject) {
            return false;
        }
        if (cues.bearers.contains(lemma) || self.is_treated(head)) && role == Role::Subject && !carrier && !turns && !keeps {
            self.unwrap_bearer(head, next, out);
            return out.len() > before;
        }
        // "a lower increase in X", "a smaller reduction of X".
        if next.direction != 0 && state.direction == 0 && state.lesser {
            next.direction = -next.direction;
            next.quality = 0;
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
            let state = Gathered { turned: next.turned, denied: next.denied, carried: true, outer: Some(head), ..Gathered::default() };
            out.extend(self.topic.map(|own| self.phrase(own.clone(), head, (head, head), &state)));
            return true;
        }
        // "X levels", "X treatment", "X deficiency": the nearest noun before the head.
        let modifier = tree.by(head, &["compound", "nmod", "npadvmod", "poss", "amod"]).filter(|&c| c < head && !stage).last();
        if let Some(modifier) = modifier.filter(|&m| self.names_something(m)) {
            let state = Gathered { depth: next.depth + 1, ..next };
            for part in tree.coordinated(modifier).into_iter().filter(|&p| p < head) {
                self.push(part, role, state.clone(), out);
            }
        }
        out.len() > before
    }

    /// Whether an "of" stands right behind the noun or behind one it is coordinated with.
    fn holds_of(&self, head: usize) -> bool {
        let tree = self.tree;
        tree.coordinated(head).into_iter().any(|h| h + 1 < tree.tokens.len() && tree.lemma(h + 1) == "of")
    }

    /// "zoledronate-treated bones": the noun bears a treatment, whatever it is.
    pub(super) fn is_treated(&self, head: usize) -> bool {
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
    pub(super) fn unwrap_bearer(&self, head: usize, mut state: Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        let before = out.len();
        state.carried = true;
        for child in tree.children(head).collect::<Vec<_>>() {
            if !tree.is_verb(child) && tree.tokens[child].tag != "JJ" {
                continue;
            }
            let given = self.cues.given.contains(tree.lemma(child))
                || self.cues.given.iter().any(|g| tree.word(child).to_lowercase().starts_with(g.as_str()));
            // "patients who were not treated with X" show what happens without it.
            if !given || tree.has(child, &["neg"]) {
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
        if out.len() == before {
            self.unwrap_lacking(head, &state, out);
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

    /// "X knockout mice", "X-deficient cells", "mice lacking X": what they show is what X does not.
    fn unwrap_lacking(&self, head: usize, state: &Gathered, out: &mut Vec<Phrase>) {
        let tree = self.tree;
        let state = Gathered { turned: !state.turned, depth: state.depth + 1, ..state.clone() };
        for child in tree.children(head).collect::<Vec<_>>() {
            let word = tree.word(child).to_lowercase();
            let gone = matches!(word.as_str(), "knockout" | "null" | "deficient" | "knockdown" | "lacking");
            let things: Vec<usize> = match tree.relation(child) {
                _ if !gone => Vec::new(),
                "acl" => tree.by(child, &["dobj"]).collect(),
                // The name stands before the word, however the parser hangs it.
                "compound" | "amod" | "nmod" => {
                    let name = child.checked_sub(1).map(|t| if tree.word(t) == "-" { t.saturating_sub(1) } else { t });
                    name.filter(|&t| t < child && !self.mentions_at(t).is_empty()).into_iter().collect()
                }
                _ => Vec::new(),
            };
            for thing in things {
                self.push(thing, Role::Subject, state.clone(), out);
            }
        }
    }
}
