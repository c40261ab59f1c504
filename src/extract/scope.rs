//! Negation, hedging, and what is only aimed at or asked: by scope over the parse.

use super::claim::Certainty;
use super::cues::Cues;
use super::tree::Tree;

/// Reads scopes of one sentence.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The tree.
    pub tree: &'a Tree<'a>,
    /// Word lists.
    pub cues: &'a Cues,
}

impl Scope<'_> {
    /// Whether what the trigger says is denied.
    pub fn is_negated(&self, trigger: usize) -> bool {
        let tree = self.tree;
        if self.denies(trigger) {
            return true;
        }
        let mut at = trigger;
        while let Some(head) = tree.head(at) {
            match tree.relation(at) {
                // "did not lower X or raise Y": a bare verb shares the auxiliary and its denial.
                "conj"
                    if tree.tokens[at].tag == "VB"
                        && tree.tokens[head].tag == "VB"
                        && !tree.has(at, &["aux"])
                        && !self.after_but(head, at) =>
                {
                    if self.denies(head) {
                        return true;
                    }
                }
                "conj" if tree.by(head, &["cc", "preconj"]).any(|c| matches!(tree.lemma(c), "nor" | "neither")) => return true,
                "pcomp" | "pobj" => {
                    // "without affecting X", "lack of effect on X".
                    let of_lack =
                        tree.lemma(head) == "of" && tree.head(head).is_some_and(|h| self.cues.denying_nouns.contains(tree.lemma(h)));
                    return tree.lemma(head) == "without" || of_lack;
                }
                "xcomp" | "ccomp" if self.cues.denying_verbs.contains(tree.lemma(head)) || self.denies(head) => return true,
                "xcomp" => {}
                "dobj" | "attr" | "nsubj" | "nsubjpass" if !tree.is_verb(trigger) => {
                    // "There was no …", "did not find any difference in", "failed to show an effect on".
                    if self.denies(head) {
                        return true;
                    }
                }
                "acomp" if self.denies(head) => return true,
                "acl" if self.cues.denying_nouns.contains(tree.lemma(head)) => return true,
                // "There is no evidence that X lowers Y".
                "acl" | "ccomp" if matches!(tree.lemma(head), "evidence" | "indication" | "proof" | "sign") && self.denies(head) => {
                    return true;
                }
                _ => return false,
            }
            at = head;
        }
        false
    }

    fn after_but(&self, first: usize, second: usize) -> bool {
        self.tree.by(first, &["cc"]).any(|c| c < second && matches!(self.tree.lemma(c), "but" | "yet" | "while"))
    }

    /// Whether the token carries a denying word of its own.
    fn denies(&self, i: usize) -> bool {
        let tree = self.tree;
        tree.children(i).any(|c| {
            let lemma = tree.lemma(c);
            tree.relation(c) == "advmod" && c > 0 && tree.word(c).eq_ignore_ascii_case("longer") && tree.word(c - 1).eq_ignore_ascii_case("no")
                // "lowered X but not Y" denies Y alone.
                // What is denied behind a verb is another's: "raised X but did not lower Y".
                || tree.relation(c) == "neg" && (c < i || c == i + 1 || !tree.is_verb(i)) && tree.tokens.get(c + 1).is_none_or(|t| &*t.lemma != "only") && !(c > i && c > 0 && matches!(tree.lemma(c - 1), "but" | "and"))
                // "None of them showed a difference".
                || matches!(tree.relation(c), "nsubj" | "nsubjpass") && matches!(lemma, "none" | "nobody" | "neither")
                || matches!(tree.relation(c), "det" | "preconj" | "advmod")
                    && matches!(lemma, "no" | "neither" | "never" | "nor" | "hardly" | "not")
                    && tree.tokens.get(c + 1).is_none_or(|t| &*t.lemma != "only")
        })
    }

    /// How firmly the trigger's claim is put.
    pub fn certainty(&self, trigger: usize, presupposed: bool) -> Certainty {
        let tree = self.tree;
        if presupposed {
            return self.own_certainty(trigger);
        }
        if tree.tokens.last().is_some_and(|t| t.span.of(tree.text) == "?") {
            return Certainty::Hypothesis;
        }
        let mut certainty = Certainty::Affirmed;
        let mut at = trigger;
        let mut steps = 0;
        loop {
            certainty = certainty.max(self.own_certainty(at));
            let Some(head) = tree.head(at) else { break };
            let relation = tree.relation(at);
            steps += 1;
            // "The effect of X on Y is controversial" claims none.
            let unknown = |h: usize| tree.by(h, &["acomp", "attr", "oprd"]).any(|a| self.cues.unknown_words.contains(tree.lemma(a)));
            if matches!(relation, "nsubj" | "nsubjpass") && (unknown(head) || self.cues.unknown_words.contains(tree.lemma(head))) {
                return Certainty::Hypothesis;
            }
            // "programmes aimed at improving X".
            if relation == "prep" && tree.lemma(head) == "aim" {
                return Certainty::Hypothesis;
            }
            // What stands in a relative clause is said of the noun, whatever is done with the noun.
            if relation == "relcl" || relation == "acl" && tree.tokens[at].tag != "VB" || steps > 24 {
                break;
            }
            let lemma = tree.lemma(head);
            if tree.is_verb(head) && matches!(relation, "ccomp" | "xcomp" | "dobj" | "advcl" | "nsubjpass" | "prep" | "attr" | "oprd") {
                let infinitive = matches!(relation, "xcomp" | "advcl") && tree.tokens[at].tag == "VB";
                if self.cues.aim_verbs.contains(lemma)
                    && (relation != "advcl")
                    && (relation != "ccomp" || self.asks(at))
                    && relation != "prep"
                {
                    certainty = Certainty::Hypothesis;
                }
                if relation == "ccomp" && matches!(lemma, "hypothesize" | "hypothesise") {
                    certainty = Certainty::Hypothesis;
                }
                // "Our data suggest that" reports a result; "suggests an effect of" only hints at one.
                let hedges = matches!(relation, "ccomp" | "xcomp") && !self.is_own_finding(head)
                    || relation == "dobj" && matches!(lemma, "imply" | "suggest");
                if hedges && self.cues.strong_hedge_verbs.contains(lemma) {
                    certainty = certainty.max(Certainty::Hedged);
                }
                // "It is possible that …".
                if relation == "ccomp" && tree.by(head, &["acomp"]).any(|a| self.cues.hedge_words.contains(tree.lemma(a))) {
                    certainty = certainty.max(Certainty::Hedged);
                }
                // "To improve X, Y was done" tells a purpose.
                if infinitive && relation == "advcl" && at < head {
                    certainty = Certainty::Hypothesis;
                }
                // "was performed to reduce X", "is needed to lower X" tell a purpose, no result.
                if infinitive
                    && (relation == "advcl" || tree.is_passive(head))
                    && matches!(lemma, "be" | "need" | "require" | "perform" | "conduct" | "undertake" | "do" | "carry" | "design")
                {
                    certainty = Certainty::Hypothesis;
                }
            }
            if relation == "acl" && self.cues.hedge_words.contains(lemma) {
                certainty = certainty.max(Certainty::Hedged);
            }
            if self.cues.aim_nouns.contains(lemma) && !tree.is_verb(head) {
                certainty = Certainty::Hypothesis;
            }
            at = head;
        }
        // "The aim was to …": the aim is the subject of the verb above.
        if tree.is_verb(at) && tree.by(at, &["nsubj", "nsubjpass", "attr"]).any(|s| self.cues.aim_nouns.contains(tree.lemma(s))) {
            return Certainty::Hypothesis;
        }
        if tree.is_verb(at)
            && tree.by(at, &["acomp"]).any(|a| self.cues.unknown_words.contains(tree.lemma(a)) && self.asks_above(trigger, at))
        {
            return Certainty::Hypothesis;
        }
        certainty
    }

    fn asks_above(&self, from: usize, to: usize) -> bool {
        self.asks(from) || self.tree.ancestors(from).take_while(|&a| a != to).any(|a| self.asks(a))
    }

    /// Whether the clause opens with "whether" or "if".
    fn asks(&self, verb: usize) -> bool {
        self.tree.children(verb).any(|c| {
            matches!(self.tree.relation(c), "mark" | "advmod" | "preconj" | "cc") && self.cues.aim_words.contains(self.tree.lemma(c))
        })
    }

    /// Whether the clause is what a study found or showed.
    fn is_found(&self, verb: usize) -> bool {
        let found = |h: usize| matches!(self.tree.lemma(h), "find" | "show" | "demonstrate" | "confirm" | "prove" | "reveal" | "observe");
        self.tree.relation(verb) == "ccomp" && self.tree.head(verb).is_some_and(found)
    }

    /// "our data suggest", "our results indicate".
    fn is_own_finding(&self, verb: usize) -> bool {
        let tree = self.tree;
        tree.by(verb, &["nsubj"]).any(|s| tree.by(s, &["poss"]).any(|p| tree.lemma(p) == "our" || tree.word(p).eq_ignore_ascii_case("our")))
    }

    fn own_certainty(&self, i: usize) -> Certainty {
        let tree = self.tree;
        if self.asks(i) {
            return Certainty::Hypothesis;
        }
        let hedged = tree.children(i).any(|c| match tree.relation(c) {
            // "We found that X could lower Y": what was found to be able did it.
            "aux" if tree.word(c).eq_ignore_ascii_case("could") && self.is_found(i) => false,
            "aux" => self.cues.hedging_modals.contains(tree.lemma(c)),
            "advmod" | "amod" => self.cues.hedge_words.contains(tree.lemma(c)),
            _ => false,
        });
        // "should be tested", "will be reduced": told as a wish or a plan.
        let planned = tree.by(i, &["aux"]).any(|c| matches!(tree.lemma(c), "should" | "would" | "shall"));
        if hedged || planned { Certainty::Hedged } else { Certainty::Affirmed }
    }
}
