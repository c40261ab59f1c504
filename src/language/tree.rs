//! A view of a parsed sentence as a tree: dependents by index, and what each token governs.

use std::ops::Range;

use super::Token;
use crate::text::Span;

/// The dependency tree of one sentence, indexed once in linear time.
///
/// ```
/// use evigraph::language::{Engine, Tree};
/// use evigraph::text::Span;
/// let text = "Decorin binds collagen.";
/// let sentences = Engine::shipped().analyse(text, Span::new(0, text.len()));
/// let tree = Tree::new(&sentences[0].tokens);
/// let verb = tree.root().unwrap();
/// assert_eq!(tree.dependents(verb), [0, 2, 3]);
/// assert_eq!(tree.dependent(verb, "dobj"), Some(2));
/// ```
#[derive(Debug, Clone)]
pub struct Tree<'a> {
    tokens: &'a [Token],
    /// All dependents, those of each token together, in order.
    dependents: Vec<usize>,
    /// Where the dependents of each token begin in `dependents`, and one past the last.
    starts: Vec<usize>,
    /// First and last token that each token governs, itself included.
    yields: Vec<(usize, usize)>,
    root: Option<usize>,
}

impl<'a> Tree<'a> {
    /// Indexes the tokens of a parsed sentence.
    pub fn new(tokens: &'a [Token]) -> Self {
        let n = tokens.len();
        let mut starts = vec![0; n + 1];
        for h in tokens.iter().filter_map(|t| t.head).filter(|&h| h < n) {
            starts[h + 1] += 1;
        }
        for i in 0..n {
            starts[i + 1] += starts[i];
        }
        let mut dependents = vec![0; starts[n]];
        let mut fill = starts.clone();
        let mut waiting: Vec<usize> = vec![0; n];
        for (i, t) in tokens.iter().enumerate() {
            if let Some(h) = t.head.filter(|&h| h < n) {
                dependents[fill[h]] = i;
                fill[h] += 1;
                waiting[h] += 1;
            }
        }
        let mut yields: Vec<(usize, usize)> = (0..n).map(|i| (i, i)).collect();
        let mut ready: Vec<usize> = (0..n).filter(|&i| waiting[i] == 0).collect();
        while let Some(i) = ready.pop() {
            if let Some(h) = tokens[i].head.filter(|&h| h < n) {
                yields[h] = (yields[h].0.min(yields[i].0), yields[h].1.max(yields[i].1));
                waiting[h] -= 1;
                if waiting[h] == 0 {
                    ready.push(h);
                }
            }
        }
        let root = tokens.iter().position(|t| t.head.is_none());
        Self { tokens, dependents, starts, yields, root }
    }

    /// The tokens of the sentence.
    pub fn tokens(&self) -> &'a [Token] {
        self.tokens
    }

    /// The token that no other governs; `None` in an empty sentence.
    pub fn root(&self) -> Option<usize> {
        self.root
    }

    /// The dependents of a token, in order.
    pub fn dependents(&self, token: usize) -> &[usize] {
        match (self.starts.get(token), self.starts.get(token + 1)) {
            (Some(&from), Some(&to)) => &self.dependents[from..to],
            _ => &[],
        }
    }

    /// The first dependent of a token by this relation.
    pub fn dependent(&self, token: usize, relation: &str) -> Option<usize> {
        self.dependents(token).iter().copied().find(|&d| self.tokens[d].relation == relation)
    }

    /// The tokens from the first to the last that `token` governs, directly or not, itself included.
    pub fn subtree(&self, token: usize) -> Range<usize> {
        self.yields.get(token).map_or(0..0, |y| y.0..y.1 + 1)
    }

    /// The text that `token` governs, from its first to its last token.
    pub fn span(&self, token: usize) -> Span {
        match &self.tokens[self.subtree(token)] {
            [first, .., last] => first.span.join(last.span),
            [only] => only.span,
            [] => Span::default(),
        }
    }

    /// The tokens above `token`, from its head to the root.
    pub fn ancestors(&self, token: usize) -> impl Iterator<Item = usize> + '_ {
        // A tree of n tokens is at most n deep: this ends even where the heads were set by hand and run in a circle.
        std::iter::successors(self.head(token), |&t| self.head(t)).take(self.tokens.len())
    }

    /// Whether `token` stands below `ancestor`, or is it.
    pub fn is_below(&self, token: usize, ancestor: usize) -> bool {
        token == ancestor || self.ancestors(token).any(|a| a == ancestor)
    }

    fn head(&self, token: usize) -> Option<usize> {
        self.tokens.get(token).and_then(|t| t.head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(at: usize, head: Option<usize>, relation: &'static str) -> Token {
        Token { span: Span::new(2 * at, 2 * at + 1), tag: "NN", lemma: "x".into(), head, relation }
    }

    #[test]
    fn dependents_and_yields() {
        // a(nsubj) -> b(root) -> d(dobj) -> c(amod)
        let tokens = [token(0, Some(1), "nsubj"), token(1, None, "root"), token(2, Some(3), "amod"), token(3, Some(1), "dobj")];
        let tree = Tree::new(&tokens);
        assert_eq!((tree.root(), tree.dependents(1), tree.dependents(9)), (Some(1), &[0, 3][..], &[][..]));
        assert_eq!((tree.subtree(3), tree.subtree(1), tree.subtree(0)), (2..4, 0..4, 0..1));
        assert_eq!(tree.span(3), Span::new(4, 7));
        assert!(tree.is_below(2, 1) && !tree.is_below(0, 3));
        assert_eq!(tree.ancestors(2).collect::<Vec<_>>(), [3, 1]);
    }

    #[test]
    fn circles_do_not_hang() {
        let tokens = [token(0, Some(1), "dep"), token(1, Some(0), "dep")];
        let tree = Tree::new(&tokens);
        assert_eq!((tree.root(), tree.ancestors(0).count()), (None, 2));
    }
}
