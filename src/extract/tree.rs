//! A parsed sentence as rules see it: children by relation, subtrees, and who acts on what whatever the voice.

use crate::language::{Sentence, Token};
use crate::text::Span;

/// The dependency tree of one sentence, with its text at hand.
#[derive(Debug)]
pub struct Tree<'a> {
    /// The document's text.
    pub text: &'a str,
    /// Tokens in order.
    pub tokens: &'a [Token],
    /// Where the sentence stands.
    pub span: Span,
    first: Vec<u32>,
    children: Vec<u32>,
}

impl<'a> Tree<'a> {
    /// The tree of a parsed sentence.
    pub fn new(text: &'a str, sentence: &'a Sentence) -> Self {
        let n = sentence.tokens.len();
        let mut first = vec![0u32; n + 2];
        for head in sentence.tokens.iter().filter_map(|t| t.head) {
            first[head + 2] += 1;
        }
        for i in 2..first.len() {
            first[i] += first[i - 1];
        }
        let mut children = vec![0u32; first[n + 1] as usize];
        for (i, token) in sentence.tokens.iter().enumerate() {
            if let Some(head) = token.head {
                children[first[head + 1] as usize] = i as u32;
                first[head + 1] += 1;
            }
        }
        Self { text, tokens: &sentence.tokens, span: sentence.span, first, children }
    }

    /// The children of token `i` in order.
    pub fn children(&self, i: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.children[self.first[i] as usize..self.first[i + 1] as usize].iter().map(|&c| c as usize)
    }

    /// The children of `i` that hang by one of `relations`.
    pub fn by<'b>(&'b self, i: usize, relations: &'b [&str]) -> impl Iterator<Item = usize> + 'b {
        self.children(i).filter(move |&c| relations.contains(&self.tokens[c].relation))
    }

    /// Whether `i` has a child by one of `relations`.
    pub fn has(&self, i: usize, relations: &[&str]) -> bool {
        self.by(i, relations).next().is_some()
    }

    /// The token's words as written.
    pub fn word(&self, i: usize) -> &'a str {
        self.tokens[i].span.of(self.text)
    }

    /// The token's lemma.
    pub fn lemma(&self, i: usize) -> &str {
        &self.tokens[i].lemma
    }

    /// "up-regulated", "down-regulation" as one word ("upregulated"), where the treebank's tokens part them.
    pub fn prefixed(&self, i: usize) -> Option<String> {
        let prefix = i.checked_sub(2).filter(|_| self.word(i - 1) == "-").map(|p| self.word(p).to_lowercase())?;
        matches!(prefix.as_str(), "up" | "down" | "over" | "co").then(|| format!("{prefix}{}", self.word(i).to_lowercase()))
    }

    /// The token's relation to its head.
    pub fn relation(&self, i: usize) -> &'static str {
        self.tokens[i].relation
    }

    /// The token's head.
    pub fn head(&self, i: usize) -> Option<usize> {
        self.tokens[i].head
    }

    /// Whether the token is a noun, pronoun, number or foreign word: something that can be an argument.
    pub fn is_nominal(&self, i: usize) -> bool {
        let tag = self.tokens[i].tag;
        tag.starts_with("NN") || matches!(tag, "PRP" | "CD" | "FW" | "DT" | "WDT" | "WP" | "SYM" | "AFX")
    }

    /// Whether the token is a verb.
    pub fn is_verb(&self, i: usize) -> bool {
        self.tokens[i].tag.starts_with("VB")
    }

    /// Head, head of head and so on up to the root; `i` itself is not among them.
    pub fn ancestors(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.head(i), |&h| self.head(h)).take(self.tokens.len())
    }

    /// Objects of the prepositions `lemmas` hanging on `i` (any preposition where the list is empty): (preposition, object).
    pub fn prepositional<'b>(&'b self, i: usize, lemmas: &'b [&str]) -> impl Iterator<Item = (usize, usize)> + 'b {
        self.by(i, &["prep", "agent"])
            .filter(move |&p| lemmas.is_empty() || lemmas.contains(&self.lemma(p)))
            .flat_map(move |p| self.by(p, &["pobj", "pcomp"]).map(move |o| (p, o)))
    }

    /// `i` and what is coordinated with it, in order.
    pub fn coordinated(&self, i: usize) -> Vec<usize> {
        let mut all = vec![i];
        let mut at = 0;
        while at < all.len() && all.len() < 40 {
            let next: Vec<usize> = self.by(all[at], &["conj"]).collect();
            all.extend(next);
            at += 1;
        }
        all
    }

    /// Whether the verb is passive.
    pub fn is_passive(&self, verb: usize) -> bool {
        if self.has(verb, &["auxpass", "nsubjpass", "agent"]) {
            return true;
        }
        if self.tokens[verb].tag == "VBN" && !self.has(verb, &["aux", "nsubj", "dobj"]) {
            return match self.relation(verb) {
                "conj" => self.head(verb).is_some_and(|h| self.is_verb(h) && self.is_passive(h)),
                _ => true,
            };
        }
        false
    }

    /// The noun that a relative pronoun stands for, else the token itself.
    fn referent(&self, i: usize) -> usize {
        if !matches!(self.tokens[i].tag, "WDT" | "WP" | "WP$") && !matches!(self.lemma(i), "which" | "who" | "that" | "whom") {
            return i;
        }
        self.ancestors(i).find(|&a| self.relation(a) == "relcl").and_then(|a| self.head(a)).unwrap_or(i)
    }

    /// The verb's subject as it stands in the sentence, active or passive, with control and coordination followed.
    pub fn surface_subject(&self, verb: usize) -> Option<usize> {
        let mut at = verb;
        for _ in 0..12 {
            if let Some(subject) = self.by(at, &["nsubj", "nsubjpass", "csubj"]).last() {
                return Some(self.referent(subject));
            }
            let head = self.head(at)?;
            match self.relation(at) {
                "conj" if self.is_verb(head) || self.is_predicate(head) => at = head,
                "xcomp" | "advcl" | "ccomp" | "parataxis" | "dep" | "pcomp" => {
                    if self.relation(at) == "ccomp" && self.tokens[at].tag != "VBG" && self.tokens[at].tag != "VB" {
                        return None;
                    }
                    // "We used X to lower Y": what is used acts, not we.
                    if matches!(self.relation(at), "xcomp" | "advcl")
                        && self.tokens[at].tag == "VB"
                        && let Some(object) = self.by(head, &["dobj"]).next()
                        && (matches!(self.lemma(head), "use" | "allow" | "enable" | "cause" | "employ" | "apply" | "administer" | "choose"))
                    {
                        return Some(object);
                    }
                    at = head;
                }
                "prep" | "agent" | "aux" | "mark" | "acomp" | "attr" | "oprd" => at = head,
                // "cells expressing X", "X, which lowers Y", "the ability of X to lower Y".
                // "X binds Y, releasing Z": behind a comma the participle speaks of the clause's subject, not of the noun before it.
                "acl" if self.tokens[at].tag == "VBG" && at > 0 && self.word(at - 1) == "," => {
                    at = self.ancestors(at).find(|&a| self.is_verb(a))?
                }
                "acl" | "relcl" => {
                    if self.tokens[at].tag == "VB" || self.has(at, &["aux"]) && self.lemma(head) != self.word(head) {
                        let holder = self.prepositional(head, &["of", "for"]).map(|(_, o)| o).chain(self.by(head, &["poss"])).next();
                        if let Some(holder) = holder {
                            return Some(holder);
                        }
                        if self.relation(head) == "dobj"
                            && let Some(verb) = self.head(head)
                        {
                            // "has the potential to lower Y" but not "restricts the chance to lower Y".
                            if matches!(self.lemma(verb), "have" | "possess" | "show" | "retain" | "demonstrate" | "exhibit" | "display") {
                                at = verb;
                                continue;
                            }
                            return None;
                        }
                    }
                    return Some(head);
                }
                _ if self.is_nominal(at) && at != verb => {
                    // A gerund under a noun's preposition: "protection by suppressing IL-6".
                    return None;
                }
                _ => return None,
            }
        }
        None
    }

    /// Whether the token heads a clause without a verb ("X is lower").
    fn is_predicate(&self, i: usize) -> bool {
        self.has(i, &["cop", "nsubj"]) || matches!(self.relation(i), "acomp" | "attr")
    }

    /// Who acts: the subject of an active verb, the agent of a passive one.
    pub fn actor(&self, verb: usize) -> Option<usize> {
        if self.is_passive(verb) {
            return self
                .prepositional(verb, &["by"])
                .map(|(_, o)| o)
                .find(|&o| self.relation(o) == "pobj" && self.tokens[o].tag != "VBG")
                .map(|o| self.referent(o));
        }
        let mut at = verb;
        for _ in 0..12 {
            if let Some(subject) = self.by(at, &["nsubj", "csubj"]).last() {
                return Some(self.referent(subject));
            }
            let head = self.head(at)?;
            // A gerund below a passive verb acts for the passive's agent: "IL-6 was lowered by X by blocking Y".
            if matches!(self.relation(at), "advcl" | "prep" | "pcomp") && self.is_verb(head) && self.is_passive(head) {
                return self.actor(head).or_else(|| self.surface_subject(at));
            }
            match self.relation(at) {
                "prep" | "agent" | "pcomp" | "advcl" | "xcomp" | "conj" if self.is_verb(head) || matches!(self.relation(at), "pcomp") => {
                    if self.relation(at) == "xcomp" || self.tokens[at].tag == "VB" {
                        return self.surface_subject(at);
                    }
                    at = head;
                }
                _ => return self.surface_subject(at),
            }
        }
        None
    }

    /// What is acted on: the object of an active verb, the subject of a passive one, the noun that a participle modifies.
    pub fn patient(&self, verb: usize) -> Option<usize> {
        if self.is_passive(verb) {
            if let Some(subject) = self.by(verb, &["nsubjpass"]).last() {
                return Some(self.referent(subject));
            }
            let head = self.head(verb)?;
            return match self.relation(verb) {
                "acl" | "amod" => Some(head),
                "conj" if self.is_verb(head) => self.patient(head),
                "relcl" | "xcomp" | "advcl" => self.surface_subject(verb),
                _ => self.by(verb, &["nsubj"]).last().map(|s| self.referent(s)),
            };
        }
        // Of two objects the parser gave, the nearer is one.
        let object = self.by(verb, &["dobj"]).find(|&o| o > verb).or_else(|| self.by(verb, &["dobj"]).last());
        if let Some(object) = object {
            return Some(self.referent(object));
        }
        if self.has(verb, &["prep", "ccomp", "xcomp", "acomp", "attr"]) {
            return None;
        }
        // "A inhibits and prevents B": the object hangs on the last verb.
        self.by(verb, &["conj"])
            .filter(|&c| self.is_verb(c) && !self.is_passive(c) && !self.has(c, &["nsubj"]))
            .find_map(|c| self.by(c, &["dobj"]).last())
    }
}
