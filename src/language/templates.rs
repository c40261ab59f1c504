//! What the parser looks at in a state: a few words, and facts about them that have a row each in one table.

use super::state::State;

/// The words that are looked at as the encoder sees them.
pub(crate) const PLACES: usize = 8;

/// Sizes of the groups of facts; each has its rows in the table one after the other.
const GROUPS: [usize; 29] = [64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 9, 9, 81, 81, 64, 5, 5, 8, 4, 25, 25, 5];

/// The first row of each group.
const STARTS: [u16; GROUPS.len()] = {
    let mut starts = [0; GROUPS.len()];
    let mut i = 1;
    while i < GROUPS.len() {
        starts[i] = starts[i - 1] + GROUPS[i - 1] as u16;
        i += 1;
    }
    starts
};

/// Rows of the table of facts.
pub(crate) const FACTS: usize = STARTS[GROUPS.len() - 1] as usize + GROUPS[GROUPS.len() - 1];

/// Distances in words, in the steps that matter for attachment.
fn distance(a: usize, b: usize) -> u16 {
    match a.abs_diff(b) {
        n @ 0..=4 => n as u16,
        5..=6 => 5,
        7..=9 => 6,
        10..=15 => 7,
        _ => 8,
    }
}

/// Which kinds of words stand between two words: verbs (none, one, more), commas, conjunctions, brackets.
fn between(state: &State<'_>, a: usize, b: usize) -> u16 {
    let (a, b) = (a.min(b), a.max(b));
    let (from, to) = (state.words[a].before, state.words[b].before);
    let n = |i: usize| to[i].saturating_sub(from[i]).min(2);
    n(0) * 27 + n(1) * 9 + n(2) * 3 + n(3)
}

/// The words looked at: the top three of the stack, the first of the buffer, and the outermost dependents of these.
pub(crate) fn places(state: &State<'_>) -> [usize; PLACES] {
    let (s0, s1, s2, b0) = (state.stacked(0), state.stacked(1), state.stacked(2), state.coming(0));
    let node = |i: usize| &state.nodes[i];
    [s0, s1, s2, b0, node(s0).left[0], node(s0).right[0], node(s1).right[0], node(b0).left[0]]
}

/// Fills `out` with the rows of the facts that hold.
pub(crate) fn facts(state: &State<'_>, out: &mut Vec<u16>) {
    let (s0, s1, s2) = (state.stacked(0), state.stacked(1), state.stacked(2));
    let (b0, b1, b2) = (state.coming(0), state.coming(1), state.coming(2));
    let (n0, n1, nb) = (&state.nodes[s0], &state.nodes[s1], &state.nodes[b0]);
    let word = |i: usize| &state.words[i];
    let tag = |i: usize| word(i).tag as u16;
    let relation = |i: usize| u16::from(state.nodes[i].relation);
    let valency = |i: usize| {
        let [left, right] = state.nodes[i].valency;
        u16::from(left.min(4)) * 5 + u16::from(right.min(4))
    };
    let glue = word(b0).glued * 4 + word(b1).glued * 2 + word((s0 + 1).min(state.root())).glued;
    let depths = word(s1).depth * 16 + word(s0).depth * 4 + word(b0).depth;
    let [verb, conjunction] = word(b0).ahead;
    let left = state.root() - state.next;
    out.clear();
    let single = [
        tag(b1),
        tag(b2),
        tag(s2),
        tag(n1.left[0]),
        relation(n0.left[0]),
        relation(n0.right[0]),
        relation(n1.left[0]),
        relation(n1.right[0]),
        relation(nb.left[0]),
        relation(n0.left[1]),
        relation(n0.right[1]),
        relation(n1.right[1]),
    ];
    out.extend(single.into_iter().zip(STARTS).map(|(value, start)| start + value));
    let sets = [n0.relations[0], n0.relations[1], n1.relations[0], n1.relations[1], nb.relations[0]];
    for (set, start) in sets.into_iter().zip(&STARTS[12..]) {
        let mut set = set;
        while set != 0 {
            out.push(start + set.trailing_zeros() as u16);
            set &= set - 1;
        }
    }
    let rest = [
        distance(s0, b0),
        distance(s1, s0),
        between(state, s0, b0),
        between(state, s1, s0),
        depths as u16,
        verb as u16,
        conjunction as u16,
        glue as u16,
        state.stack.len().min(3) as u16,
        valency(s0),
        valency(s1),
        left.min(4) as u16,
    ];
    out.extend(rest.into_iter().zip(&STARTS[17..]).map(|(value, start)| start + value));
}
