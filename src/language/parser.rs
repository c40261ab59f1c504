//! The dependency parser: greedy arc-hybrid transitions, chosen by a network.
//!
//! The transition system is that of Kuhlmann, Gómez-Rodríguez and Satta (ACL 2011), with the root as the last token of the
//! buffer; training follows the dynamic oracle of Goldberg and Nivre (TACL 2013). A network reads the sentence once; a layer over a
//! few of its words and facts about the state chooses the transition and names the relation of the arc that it draws, after Chen
//! and Manning (EMNLP 2014). Time is linear in the length of the sentence.

use super::encoder::{Encoder, Vector, WIDTH, clues};
use super::error::ModelError;
use super::labels::{PARATAXIS, RELATIONS, ROOT};
use super::network::{BLOCK, Layer, Reader, widely};
use super::state::{Action, State, Word};
use super::tagger::best;
use super::templates::{FACTS, PLACES, facts, places};

/// Longest run of tokens parsed at once; longer sentences are cut, and the later pieces hang on the first by `parataxis`.
const LONGEST: usize = 500;

/// A head and a relation for one token: the index of the head in the sentence, `None` at the root, and the relation's position in [`RELATIONS`].
pub type Arc = (Option<usize>, u8);

/// Values of the hidden layer.
pub(crate) const HIDDEN: usize = 128;

/// What a weight of 1 is written as where transitions are scored.
pub(crate) const ACTION: f32 = 2048.0;

pub(crate) const MAGIC: &[u8; 8] = b"evg-prs4";

type Hidden = [i16; HIDDEN];

/// A trained parser.
#[derive(Debug, Clone)]
pub struct Parser {
    encoder: Encoder,
    /// For each place, from the vector of the word there to the hidden values.
    places: Vec<Layer>,
    /// For each place, what the root and what nothing adds to the hidden values.
    outside: Vec<Hidden>,
    facts: Vec<Hidden>,
    bias: Hidden,
    /// The weights of each transition.
    actions: Vec<Hidden>,
    /// For dependents to the left, then for those to the right.
    relations: Layer,
}

/// What the words of a sentence add to the hidden values at each place.
struct Parts {
    /// For each word and place, one more than the position in `values`; 0 where it never stood there.
    at: Vec<usize>,
    values: Vec<Hidden>,
}

impl Parser {
    /// Opens a trained model.
    ///
    /// # Errors
    /// When it is damaged, or was written by another version.
    pub fn open(bytes: &'static [u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::new(bytes, MAGIC, "parser's weights")?;
        let parser = Self {
            encoder: Encoder::read(&mut reader)?,
            places: (0..PLACES).map(|_| reader.layer(WIDTH, HIDDEN / BLOCK)).collect::<Result<_, _>>()?,
            outside: reader.rows(2 * PLACES)?,
            facts: reader.rows(FACTS)?,
            bias: reader.rows(1)?.swap_remove(0),
            actions: reader.rows(Action::ALL.len())?,
            relations: reader.layer(HIDDEN, 2)?,
        };
        reader.end()?;
        Ok(parser)
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

    fn parse_piece(&self, forms: &[&str], glued: &[bool], tags: &[u8]) -> Vec<Arc> {
        let vectors = self.encoder.encode(&clues(forms, glued, Some(tags)));
        let words = Word::sentence(glued, tags);
        let mut state = State::new(&words);
        let mut parts = Parts { at: vec![0; forms.len() * PLACES], values: Vec::with_capacity(4 * forms.len()) };
        let mut found = Vec::with_capacity(64);
        while !state.is_final() {
            let only = state.only_action();
            let named = only.is_none_or(|a| state.arc(a).is_some_and(|(head, _)| head != state.root()));
            let hidden = if named { self.hidden(&state, &vectors, &mut parts, &mut found) } else { [0; HIDDEN] };
            let action = only.unwrap_or_else(|| {
                let scores = scores(&self.actions, &hidden);
                let rank = |a: &Action| (scores[*a as usize], std::cmp::Reverse(*a as usize));
                Action::ALL.into_iter().filter(|&a| state.allows(a)).max_by_key(rank).unwrap_or(Action::Shift)
            });
            // Only the child of the root is `root`.
            let relation = state.arc(action).filter(|a| a.0 != state.root()).map_or(ROOT, |(head, dependent)| {
                let [scores] = self.relations.scores(usize::from(dependent > head), [&hidden]);
                1 + best(&scores[1..], RELATIONS.len() - 1)
            });
            state.apply(action, relation);
        }
        state.arcs()
    }

    /// The hidden values of a state. `parts` is filled as words come to stand in places.
    fn hidden(&self, state: &State<'_>, vectors: &[Vector], parts: &mut Parts, found: &mut Vec<u16>) -> Hidden {
        facts(state, found);
        let places = places(state);
        for (place, &word) in places.iter().enumerate().filter(|(_, word)| **word < state.root()) {
            let at = &mut parts.at[word * PLACES + place];
            if *at == 0 {
                let mut part = [0; HIDDEN];
                for (block, out) in part.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
                    [*out] = self.places[place].values(block, [&vectors[word + 1]]);
                }
                parts.values.push(part);
                *at = parts.values.len();
            }
        }
        let shown: [&Hidden; PLACES] = std::array::from_fn(|place| match places[place].checked_sub(state.root()) {
            Some(outside) => &self.outside[place * 2 + outside],
            None => &parts.values[parts.at[places[place] * PLACES + place] - 1],
        });
        sum(&self.bias, &shown, &self.facts, found).map(|h| h.max(0))
    }
}

/// The sum of some parts, and of some rows of a table.
#[inline(never)]
fn sum(bias: &Hidden, parts: &[&Hidden], table: &[Hidden], rows: &[u16]) -> Hidden {
    widely(
        #[inline(always)]
        || {
            let mut all = *bias;
            parts.iter().for_each(|part| add(&mut all, part));
            rows.iter().for_each(|&row| add(&mut all, &table[usize::from(row)]));
            all
        },
    )
}

#[inline(always)]
fn add(sum: &mut Hidden, part: &Hidden) {
    for (s, p) in sum.iter_mut().zip(part) {
        *s = s.saturating_add(*p);
    }
}

/// The score of each transition.
#[inline(never)]
fn scores(actions: &[Hidden], hidden: &Hidden) -> [i32; Action::ALL.len()] {
    let mut scores = [0; Action::ALL.len()];
    widely(
        #[inline(always)]
        || {
            for (score, row) in scores.iter_mut().zip(actions) {
                *score = row.iter().zip(hidden).fold(0, |sum: i32, (a, b)| sum.wrapping_add((i32::from(*a) * i32::from(*b)) >> 3));
            }
        },
    );
    scores
}
