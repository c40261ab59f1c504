//! Training of the parser.

use super::oracle::Tree;
use super::perceptron::Perceptron;
use super::{GoldSentence, Random, Settings};
use crate::language::labels::{RELATIONS, ROOT};
use crate::language::state::{Action, State, Word};
use crate::language::tagger::best;
use crate::language::templates::{relation_features, transition_features};
use crate::language::weights::{ActionTable, ClassTable};

/// The bytes of a trained parser: what [`crate::language::Parser::open`] reads.
pub struct ParserModel {
    /// Weights that choose transitions.
    pub transitions: Vec<u8>,
    /// Weights that name relations.
    pub relations: Vec<u8>,
}

/// Share of the steps, in percent, at which training follows the model's own choice although it is wrong.
const EXPLORE: usize = 90;

/// By how much the best right transition must lead the best wrong one, or the model is corrected.
const MARGIN: f32 = 30.0;

/// Trains a parser on sentences with trees; `tags` are those that the tagger gives them.
pub fn train_parser(sentences: &[GoldSentence], tags: &[Vec<u8>], actions: Settings, relations: Settings) -> ParserModel {
    let mut transitions = Perceptron::new(actions.least);
    let mut names = Perceptron::new(relations.least);
    let mut random = Random::new(actions.seed);
    let data: Vec<(Vec<Word>, Tree, &GoldSentence)> = sentences
        .iter()
        .zip(tags)
        .filter(|(s, _)| !s.arcs.is_empty())
        .map(|(s, t)| (Word::sentence(&s.forms(), &s.glued, t), Tree::new(&s.arcs), s))
        .collect();
    let mut order: Vec<usize> = (0..data.len()).collect();
    let (mut found, mut named) = (Vec::new(), Vec::new());
    for pass in 0..actions.passes {
        random.shuffle(&mut order);
        for &i in &order {
            let (words, tree, gold) = &data[i];
            let mut state = State::new(words);
            while !state.is_final() {
                transition_features(&state, &mut found);
                let scores = transitions.score(&found);
                let pick = |among: &dyn Fn(Action) -> bool| {
                    let mut best: Option<Action> = None;
                    for a in Action::ALL {
                        if state.allows(a) && among(a) && best.is_none_or(|b| scores[a as usize] > scores[b as usize]) {
                            best = Some(a);
                        }
                    }
                    best.unwrap_or(Action::Shift)
                };
                let least = Action::ALL.into_iter().filter(|&a| state.allows(a)).map(|a| tree.cost(&state, a)).min().unwrap_or(0);
                let guess = pick(&|_| true);
                let right = pick(&|a| tree.cost(&state, a) == least);
                transitions.tick();
                let rival = pick(&|a| tree.cost(&state, a) > least);
                let contested =
                    state.allows(rival) && tree.cost(&state, rival) > least && scores[right as usize] < scores[rival as usize] + MARGIN;
                if contested {
                    transitions.update(&found, right as u8, rival as u8);
                }
                let action = if guess == right || (pass > 0 && random.below(100) < EXPLORE) { guess } else { right };
                let relation = state.arc(action).map_or(ROOT, |(head, dependent)| {
                    if head == state.root() {
                        return ROOT;
                    }
                    relation_features(&state, head, dependent, &mut named);
                    let scores = names.score(&named);
                    let guess = 1 + best(&scores[1..], RELATIONS.len() - 1);
                    if tree.head(dependent) == head {
                        let right = gold.arcs[dependent].1;
                        names.tick();
                        if guess != right {
                            names.update(&named, right, guess);
                        }
                    }
                    guess
                });
                state.apply(action, relation);
            }
        }
    }
    ParserModel {
        transitions: ActionTable::build(transitions.averaged(), actions.bits),
        relations: ClassTable::build(names.averaged(), relations.bits),
    }
}
