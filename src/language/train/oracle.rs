//! The dynamic oracle of the arc-hybrid system (Goldberg and Nivre, TACL 2013): what each transition costs.

use crate::language::Arc;
use crate::language::state::{Action, State};

/// A gold tree, indexed for the oracle. The root has the index after the last word.
pub(crate) struct Tree {
    heads: Vec<usize>,
    dependents: Vec<Vec<usize>>,
}

impl Tree {
    pub(crate) fn new(arcs: &[Arc]) -> Self {
        let n = arcs.len();
        let heads: Vec<usize> = arcs.iter().map(|a| a.0.unwrap_or(n)).collect();
        let mut dependents = vec![Vec::new(); n + 1];
        for (i, &h) in heads.iter().enumerate() {
            dependents[h].push(i);
        }
        Self { heads, dependents }
    }

    pub(crate) fn head(&self, word: usize) -> usize {
        self.heads[word]
    }

    /// How many gold arcs an allowed action puts out of reach.
    pub(crate) fn cost(&self, state: &State<'_>, action: Action) -> usize {
        let next = state.next;
        if action == Action::Shift {
            let children = self.dependents[next].iter().filter(|&&d| d < next && state.stack.contains(&d)).count();
            let deep = &state.stack[..state.stack.len().saturating_sub(1)];
            return children + usize::from(deep.contains(&self.heads[next]));
        }
        let top = state.stacked(0);
        let head = self.heads[top];
        let children = self.dependents[top].iter().filter(|&&d| d >= next).count();
        let lost = match action {
            Action::Left => head > next || (state.stack.len() > 1 && head == state.stacked(1)),
            _ => head >= next,
        };
        children + usize::from(lost)
    }
}
