//! Training of the parser, with the dynamic oracle and with exploration of its own mistakes (Goldberg and Nivre, TACL 2013).

use super::encoder::{Blanks, Encoder, Trace, Vectors};
use super::network::{Matrix, add, add_scaled, dot, mask, softmax};
use super::oracle::Tree;
use super::{GoldSentence, Random, Settings};
use crate::language::Arc;
use crate::language::encoder::{Clue, WIDTH, clues};
use crate::language::labels::{RELATIONS, ROOT};
use crate::language::network::{BLOCK, ONE, Writer};
use crate::language::parser::{ACTION, HIDDEN, MAGIC};
use crate::language::state::{Action, State, Word};
use crate::language::tagger::best;
use crate::language::templates::{FACTS, PLACES, facts, places};

/// Share of the steps at which training follows the model's own choice although it is wrong.
const EXPLORE: f32 = 0.9;
const BLANKS: Blanks = Blanks { words: 0.15, values: 0.25 };
/// Share of the hidden values that are left out while learning.
const DROPPED: f32 = 0.3;

/// A parser in training.
#[derive(Clone)]
pub struct ParserTrainer<'a> {
    encoder: Encoder<'a>,
    /// For each place, from the vector of the word there to the hidden values.
    places: Vec<Matrix>,
    /// For each place, what the root and what nothing adds to the hidden values.
    outside: Matrix,
    facts: Matrix,
    bias: Matrix,
    /// From the hidden values to the scores, a row a class.
    actions: Matrix,
    /// For dependents to the left, then for those to the right.
    relations: Matrix,
}

/// A sentence to learn from.
struct Lesson<'a> {
    clues: Vec<Clue>,
    words: Vec<Word>,
    tree: Tree,
    arcs: &'a [Arc],
}

/// What each word adds at each place, worked out when it first stands there.
struct Parts {
    /// `HIDDEN` values for each word and place.
    values: Vec<f32>,
    known: Vec<bool>,
    back: Vec<f32>,
}

/// Trains a parser on sentences with trees; `tags` are those that the tagger gives them.
pub fn train_parser<'a>(
    sentences: &[GoldSentence],
    tags: &[Vec<u8>],
    vectors: &'a Vectors,
    settings: Settings,
    watch: impl Fn(usize, &ParserTrainer<'a>),
) -> ParserTrainer<'a> {
    let mut random = Random::new(settings.seed);
    let mut model = ParserTrainer::new(vectors, &mut random);
    let data: Vec<Lesson<'_>> = sentences
        .iter()
        .zip(tags)
        .filter(|(s, _)| !s.arcs.is_empty())
        .map(|(s, t)| Lesson {
            clues: clues(&s.forms(), &s.glued, Some(t)),
            words: Word::sentence(&s.glued, t),
            tree: Tree::new(&s.arcs),
            arcs: &s.arcs,
        })
        .collect();
    let mut order: Vec<usize> = (0..data.len()).collect();
    let steps = (settings.passes * data.len()).div_ceil(settings.batch).max(1);
    let mut count = 0;
    for pass in 0..settings.passes {
        random.shuffle(&mut order);
        for batch in order.chunks(settings.batch) {
            for &i in batch {
                model.learn(&data[i], pass > 0, &mut random);
            }
            count += 1;
            model.step(settings.rate * (1.0 - count as f32 / steps as f32).max(0.0), count);
        }
        watch(pass, &model);
    }
    model
}

impl<'a> ParserTrainer<'a> {
    fn new(vectors: &'a Vectors, random: &mut Random) -> Self {
        let spread = (1.0 / (PLACES * WIDTH) as f32).sqrt();
        Self {
            encoder: Encoder::new(vectors, random),
            places: (0..PLACES).map(|_| Matrix::new(WIDTH, HIDDEN, spread, random)).collect(),
            outside: Matrix::new(2 * PLACES, HIDDEN, 0.1, random),
            facts: Matrix::new(FACTS, HIDDEN, 0.1, random),
            bias: Matrix::new(1, HIDDEN, 0.0, random),
            actions: Matrix::new(Action::ALL.len(), HIDDEN, 0.1, random),
            relations: Matrix::new(2 * RELATIONS.len(), HIDDEN, 0.1, random),
        }
    }

    fn step(&mut self, rate: f32, count: usize) {
        self.encoder.step(rate, count);
        self.places.iter_mut().for_each(|p| p.step(rate, count));
        for m in [&mut self.outside, &mut self.facts, &mut self.bias, &mut self.actions, &mut self.relations] {
            m.step(rate, count);
        }
    }

    /// The hidden values before those below zero are cut off.
    fn hidden(&self, state: &State<'_>, trace: &Trace, parts: &mut Parts, found: &[u16]) -> [f32; HIDDEN] {
        let mut sum = [0.0; HIDDEN];
        sum.copy_from_slice(self.bias.row(0));
        for (place, word) in places(state).into_iter().enumerate() {
            if word >= state.root() {
                add(&mut sum, self.outside.row(place * 2 + word - state.root()));
                continue;
            }
            let at = word * PLACES + place;
            let part = &mut parts.values[at * HIDDEN..][..HIDDEN];
            if !parts.known[at] {
                parts.known[at] = true;
                self.places[place].forward::<HIDDEN>(trace.vector(word), part);
            }
            add(&mut sum, part);
        }
        for &fact in found {
            add(&mut sum, self.facts.row(usize::from(fact)));
        }
        sum
    }

    /// Scores of a class for each row of a matrix of outputs.
    fn scores<const N: usize>(outputs: &Matrix, first: usize, hidden: &[f32]) -> [f32; N] {
        std::array::from_fn(|i| dot(outputs.row(first + i), hidden))
    }

    /// Adds the gradient of the scores to the outputs and to the hidden values.
    fn unscore(outputs: &mut Matrix, first: usize, gradient: &[f32], hidden: &[f32], back: &mut [f32]) {
        for (i, g) in gradient.iter().enumerate().filter(|g| *g.1 != 0.0) {
            add_scaled(back, outputs.row(first + i), *g);
            add_scaled(outputs.gradient(first + i), hidden, *g);
        }
    }

    fn learn(&mut self, lesson: &Lesson<'_>, explore: bool, random: &mut Random) {
        let n = lesson.arcs.len();
        let trace = self.encoder.forward(&lesson.clues, Some(BLANKS), random);
        let size = n * PLACES * HIDDEN;
        let mut parts = Parts { values: vec![0.0; size], known: vec![false; n * PLACES], back: vec![0.0; size] };
        let mut state = State::new(&lesson.words);
        let mut found = Vec::with_capacity(64);
        while !state.is_final() {
            facts(&state, &mut found);
            let mut hidden = self.hidden(&state, &trace, &mut parts, &found);
            let kept = mask(HIDDEN, DROPPED, random);
            let mut slope = [0.0; HIDDEN];
            for ((h, s), k) in hidden.iter_mut().zip(&mut slope).zip(&kept) {
                *s = if *h > 0.0 { *k } else { 0.0 };
                *h *= *s;
            }
            let costs = Action::ALL.map(|a| if state.allows(a) { lesson.tree.cost(&state, a) } else { usize::MAX });
            let least = costs.into_iter().min().unwrap_or(0);
            let mut chances: [f32; 3] = Self::scores(&self.actions, 0, &hidden);
            softmax(&mut chances, |a| costs[a] != usize::MAX);
            let right: f32 = (0..3).filter(|&a| costs[a] == least).map(|a| chances[a]).sum::<f32>().max(1e-6);
            let mut back = [0.0; HIDDEN];
            let top = |among: &dyn Fn(usize) -> bool| {
                (0..3).filter(|&a| among(a)).max_by(|&a, &b| chances[a].total_cmp(&chances[b])).unwrap_or(0)
            };
            let guess = top(&|a| costs[a] != usize::MAX);
            let follow = costs[guess] == least || explore && random.unit() < EXPLORE;
            let action = Action::ALL[if follow { guess } else { top(&|a| costs[a] == least) }];
            if right < 0.999 {
                let gradient: [f32; 3] = std::array::from_fn(|a| chances[a] - if costs[a] == least { chances[a] / right } else { 0.0 });
                Self::unscore(&mut self.actions, 0, &gradient, &hidden, &mut back);
            }
            let relation = state.arc(action).map_or(ROOT, |(head, dependent)| {
                if head == state.root() {
                    return ROOT;
                }
                let first = usize::from(dependent > head) * RELATIONS.len();
                let mut chances: [f32; RELATIONS.len()] = Self::scores(&self.relations, first, &hidden);
                let guess = 1 + best(&chances[1..], RELATIONS.len() - 1);
                if lesson.tree.head(dependent) == head {
                    let right = lesson.arcs[dependent].1;
                    softmax(&mut chances, |r| r > 0);
                    chances[usize::from(right)] -= 1.0;
                    Self::unscore(&mut self.relations, first, &chances, &hidden, &mut back);
                }
                guess
            });
            back.iter_mut().zip(&slope).for_each(|(b, s)| *b *= s);
            self.unhide(&state, &mut parts, &found, &back);
            state.apply(action, relation);
        }
        let mut gradient = vec![0.0; n * WIDTH];
        for at in (0..n * PLACES).filter(|&at| parts.known[at]) {
            let word = at / PLACES;
            let part = &parts.back[at * HIDDEN..][..HIDDEN];
            self.places[at % PLACES].backward::<HIDDEN>(trace.vector(word), part, &mut gradient[word * WIDTH..][..WIDTH]);
        }
        self.encoder.backward(&lesson.clues, &trace, &gradient);
    }

    /// Adds the gradient of the hidden values to what they were summed from.
    fn unhide(&mut self, state: &State<'_>, parts: &mut Parts, found: &[u16], back: &[f32]) {
        add(self.bias.gradient(0), back);
        for (place, word) in places(state).into_iter().enumerate() {
            if word >= state.root() {
                add(self.outside.gradient(place * 2 + word - state.root()), back);
            } else {
                add(&mut parts.back[(word * PLACES + place) * HIDDEN..][..HIDDEN], back);
            }
        }
        for &fact in found {
            add(self.facts.gradient(usize::from(fact)), back);
        }
    }

    /// What [`crate::language::Parser::open`] reads.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(MAGIC);
        self.encoder.write(&mut out);
        for place in &self.places {
            out.layer(&place.values, &[0.0; HIDDEN]);
        }
        for rows in [&self.outside, &self.facts, &self.bias] {
            out.values(rows.values.iter().copied(), ONE);
        }
        out.values(self.actions.values.iter().copied(), ACTION);
        // A block for dependents on either side; a row per input, as the reader has it.
        let class = |i: usize| Some(i / BLOCK * RELATIONS.len() + i % BLOCK).filter(|_| i % BLOCK < RELATIONS.len());
        let rows: Vec<f32> = (0..HIDDEN)
            .flat_map(|h| (0..2 * BLOCK).map(move |i| (h, i)))
            .map(|(h, i)| class(i).map_or(0.0, |c| self.relations.row(c)[h]))
            .collect();
        out.layer(&rows, &[0.0; 2 * BLOCK]);
        out.0
    }

    /// Heads and relations for the words of a sentence and their tags.
    pub fn parse(&self, forms: &[&str], glued: &[bool], tags: &[u8]) -> Vec<Arc> {
        let words = Word::sentence(glued, tags);
        let trace = self.encoder.forward(&clues(forms, glued, Some(tags)), None, &mut Random::new(0));
        let n = forms.len();
        let mut parts = Parts { values: vec![0.0; n * PLACES * HIDDEN], known: vec![false; n * PLACES], back: Vec::new() };
        let mut state = State::new(&words);
        let mut found = Vec::with_capacity(64);
        while !state.is_final() {
            facts(&state, &mut found);
            let hidden = self.hidden(&state, &trace, &mut parts, &found).map(|h| h.max(0.0));
            let scores: [f32; 3] = Self::scores(&self.actions, 0, &hidden);
            let rank = |a: &Action, b: &Action| scores[*a as usize].total_cmp(&scores[*b as usize]);
            let action = Action::ALL.into_iter().filter(|&a| state.allows(a)).max_by(rank).unwrap_or(Action::Shift);
            let relation = state.arc(action).filter(|a| a.0 != state.root()).map_or(ROOT, |(head, dependent)| {
                let first = usize::from(dependent > head) * RELATIONS.len();
                let scores: [f32; RELATIONS.len()] = Self::scores(&self.relations, first, &hidden);
                1 + best(&scores[1..], RELATIONS.len() - 1)
            });
            state.apply(action, relation);
        }
        state.arcs()
    }
}
