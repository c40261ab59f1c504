//! How far the name of a thing reaches in the sentence.

use super::Phrases;

impl Phrases<'_> {
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
        let word = self.tree.prefixed(i).unwrap_or_else(|| self.tree.word(i).to_lowercase());
        let quality =
            [&self.cues.neutral, &self.cues.upward, &self.cues.downward].iter().any(|s| s.contains(&word) || s.contains(&*token.lemma));
        let quality = quality && self.tree.word(i + 1) != "-";
        matches!(
            token.tag,
            "DT" | "PRP$" | "WP$" | "PDT" | "RB" | "RBR" | "RBS" | "JJR" | "JJS" | "CC" | "," | "IN" | "POS" | "." | ":" | "``" | "''"
        ) || quality
            || matches!(word.as_str(), "-" | "/" | "%")
    }
}
