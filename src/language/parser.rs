//! The dependency parser: greedy arc-hybrid transitions, chosen by averaged perceptrons over hashed features.
//!
//! The transition system is that of Kuhlmann, Gómez-Rodríguez and Satta (ACL 2011), with the root as the last token of the
//! buffer; training follows the dynamic oracle of Goldberg and Nivre (TACL 2013). One model chooses the transition, a second
//! names the relation at the moment an arc is drawn, when the dependent's own dependents are all known. Time is linear in
//! the length of the sentence.

use std::borrow::Cow;

use super::error::ModelError;
use super::labels::{PARATAXIS, RELATIONS, ROOT};
use super::state::{Action, State, Word};
use super::tagger::best;
use super::templates::{relation_features, transition_features};
use super::weights::{ActionTable, ClassTable};

/// Longest run of tokens parsed at once; longer sentences are cut, and the later pieces hang on the first by `parataxis`.
const LONGEST: usize = 500;

/// A head and a relation for one token: the index of the head in the sentence, `None` at the root, and the relation's position in [`RELATIONS`].
pub type Arc = (Option<usize>, u8);

/// A trained parser.
#[derive(Debug, Clone)]
pub struct Parser {
    transitions: ActionTable,
    relations: ClassTable,
}

impl Parser {
    /// Opens a trained model.
    pub fn open(transitions: Cow<'static, [u8]>, relations: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        Ok(Self { transitions: ActionTable::open(transitions)?, relations: ClassTable::open(relations)? })
    }

    /// Heads and relations for the words of a sentence and their tags (positions in [`super::labels::TAGS`]); a word is glued when no
    /// space parts it from the one before.
    ///
    /// Exactly one token is the root, and following heads leads to it from every token.
    pub fn parse(&self, words: &[&str], glued: &[bool], tags: &[u8]) -> Vec<Arc> {
        let mut arcs: Vec<Arc> = Vec::with_capacity(words.len());
        let mut top = None;
        for ((words, glued), tags) in words.chunks(LONGEST).zip(glued.chunks(LONGEST)).zip(tags.chunks(LONGEST)) {
            let from = arcs.len();
            for (i, (head, relation)) in self.parse_piece(words, glued, tags).into_iter().enumerate() {
                arcs.push(match (head, top) {
                    (Some(head), _) => (Some(from + head), relation),
                    (None, None) => {
                        top = Some(from + i);
                        (None, ROOT)
                    }
                    (None, top) => (top, PARATAXIS),
                });
            }
        }
        arcs
    }

    fn parse_piece(&self, words: &[&str], glued: &[bool], tags: &[u8]) -> Vec<Arc> {
        let words = Word::sentence(words, glued, tags);
        let mut state = State::new(&words);
        let mut found = Vec::with_capacity(128);
        while !state.is_final() {
            let action = state.only_action().unwrap_or_else(|| {
                transition_features(&state, &mut found);
                let scores = self.transitions.score(&found);
                let rank = |a: &Action| (scores[*a as usize], std::cmp::Reverse(*a as usize));
                Action::ALL.into_iter().filter(|&a| state.allows(a)).max_by_key(rank).unwrap_or(Action::Shift)
            });
            let relation = state.arc(action).map_or(ROOT, |(head, dependent)| {
                if head == state.root() {
                    return ROOT;
                }
                relation_features(&state, head, dependent, &mut found);
                let mut scores = [0; 64];
                self.relations.add(&found, &mut scores);
                // Only the child of the root is `root`.
                1 + best(&scores[1..], RELATIONS.len() - 1)
            });
            state.apply(action, relation);
        }
        state.arcs()
    }
}
