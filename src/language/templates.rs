//! The features of a parser state, after Zhang and Nivre (ACL 2011), with what stands between two words.

use super::hash::{feature, mix};
use super::state::State;

/// Distances in words, in the steps that matter for attachment.
fn distance(a: usize, b: usize) -> u64 {
    match a.abs_diff(b) {
        n @ 0..=4 => n as u64,
        5..=6 => 5,
        7..=9 => 6,
        10..=15 => 7,
        _ => 8,
    }
}

/// Which kinds of words stand between two words: verbs (none, one, more), commas, conjunctions, brackets.
fn between(state: &State<'_>, a: usize, b: usize) -> u64 {
    let (a, b) = (a.min(b), a.max(b));
    let (from, to) = (state.words[a].before, state.words[b].before);
    let n = |i: usize| u64::from(to[i].saturating_sub(from[i])).min(2);
    n(0) * 27 + n(1) * 9 + n(2) * 3 + n(3)
}

/// Fills `out` with the features that choose the next transition.
pub(crate) fn transition_features(state: &State<'_>, out: &mut Vec<u64>) {
    let (s0, s1, s2) = (state.stacked(0), state.stacked(1), state.stacked(2));
    let (b0, b1, b2) = (state.coming(0), state.coming(1), state.coming(2));
    let w = |i: usize| state.words[i].word;
    let t = |i: usize| state.words[i].tag;
    let wt = |i: usize| mix(state.words[i].word, state.words[i].tag);
    let x = |i: usize| state.words[i].suffix;
    let l = |i: usize| u64::from(state.nodes[i].relation);
    let (n0, n1, nb) = (&state.nodes[s0], &state.nodes[s1], &state.nodes[b0]);
    let [s0l, s0l2] = n0.left;
    let [s0r, s0r2] = n0.right;
    let [s1l, _] = n1.left;
    let [s1r, s1r2] = n1.right;
    let [b0l, b0l2] = nb.left;
    let glue = state.words[b0].glued * 4 + state.words[b1].glued * 2 + state.words[(s0 + 1).min(state.root())].glued;
    let near = |i: usize, step: isize| t(i.checked_add_signed(step).filter(|&j| j < state.root()).unwrap_or(state.nothing()));
    let depth = |i: usize| state.words[i].depth;
    let depths = depth(s1) * 16 + depth(s0) * 4 + depth(b0);
    let [verb, conjunction] = state.words[b0].ahead;
    let far = distance(s0, b0);
    let farther = distance(s1, s0);
    let gap = between(state, s0, b0);
    let wider = between(state, s1, s0);
    let v = |i: usize, side: usize| u64::from(state.nodes[i].valency[side].min(4));
    out.clear();
    out.extend([
        feature(0, [w(s0)]),
        feature(1, [t(s0)]),
        feature(2, [wt(s0)]),
        feature(3, [w(s1)]),
        feature(4, [t(s1)]),
        feature(5, [wt(s1)]),
        feature(6, [wt(s2)]),
        feature(7, [t(s2)]),
        feature(8, [w(b0)]),
        feature(9, [t(b0)]),
        feature(10, [wt(b0)]),
        feature(11, [w(b1)]),
        feature(12, [wt(b1)]),
        feature(13, [wt(b2)]),
        feature(14, [t(b2)]),
        feature(15, [wt(s0), wt(b0)]),
        feature(16, [wt(s0), t(b0)]),
        feature(17, [t(s0), wt(b0)]),
        feature(18, [w(s0), w(b0)]),
        feature(19, [t(s0), t(b0)]),
        feature(20, [t(b0), t(b1)]),
        feature(21, [t(s0), t(b0), t(b1)]),
        feature(22, [t(s1), t(s0), t(b0)]),
        feature(23, [t(s2), t(s1), t(s0)]),
        feature(24, [wt(s1), wt(s0)]),
        feature(25, [wt(s1), t(s0)]),
        feature(26, [t(s1), wt(s0)]),
        feature(27, [t(s1), t(s0)]),
        feature(28, [w(s1), w(s0)]),
        feature(29, [t(b0), t(b1), t(b2)]),
        feature(30, [t(s0), t(s0l), t(b0), l(s0l)]),
        feature(31, [t(s0), t(s0r), t(b0), l(s0r)]),
        feature(32, [t(s0), t(b0), t(b0l), l(b0l)]),
        feature(33, [t(s1), t(s1r), t(s0), l(s1r)]),
        feature(34, [t(s1), t(s1l), t(s0), l(s1l)]),
        feature(35, [t(s1), t(s0), t(s0l), l(s0l)]),
        feature(36, [t(s1), t(s0), t(s0r), l(s0r)]),
    ]);
    out.extend([
        feature(37, [w(s0), far]),
        feature(38, [t(s0), t(b0), far]),
        feature(39, [w(b0), far]),
        feature(40, [w(s0), w(b0), far]),
        feature(41, [t(s1), t(s0), farther]),
        feature(42, [w(s1), farther]),
        feature(43, [w(s0), farther]),
        feature(44, [t(s0), t(b0), gap]),
        feature(45, [t(s1), t(s0), wider]),
        feature(46, [w(s0), v(s0, 1)]),
        feature(47, [t(s0), v(s0, 1), v(s0, 0)]),
        feature(48, [w(s0), v(s0, 0)]),
        feature(49, [w(b0), v(b0, 0)]),
        feature(50, [t(b0), v(b0, 0)]),
        feature(51, [w(s1), v(s1, 1)]),
        feature(52, [t(s1), v(s1, 1), v(s1, 0)]),
        feature(53, [w(s0), n0.relations[0]]),
        feature(54, [t(s0), n0.relations[0]]),
        feature(55, [w(s0), n0.relations[1]]),
        feature(56, [t(s0), n0.relations[1]]),
        feature(57, [t(s1), n1.relations[1], t(s0)]),
        feature(58, [t(s1), n1.relations[0], t(s0)]),
        feature(59, [t(b0), nb.relations[0], t(s0)]),
        feature(60, [w(s0l), t(s0l), l(s0l)]),
        feature(61, [w(s0r), t(s0r), l(s0r)]),
        feature(62, [w(s1r), t(s1r), l(s1r)]),
        feature(63, [w(b0l), t(b0l), l(b0l)]),
        feature(64, [w(s1l), t(s1l), l(s1l)]),
        feature(65, [t(s0), t(s0l), t(s0l2), l(s0l2)]),
        feature(66, [t(s0), t(s0r), t(s0r2), l(s0r2)]),
        feature(67, [t(b0), t(b0l), t(b0l2), l(b0l2)]),
        feature(68, [t(s1), t(s1r), t(s1r2), l(s1r2)]),
    ]);
    out.extend([
        feature(69, [w(s1), w(s0), w(b0)]),
        feature(70, [w(s1), t(s0), w(b0)]),
        feature(71, [t(s1), w(s0), t(b0)]),
        feature(72, [t(s1), t(s0), w(b0)]),
        feature(73, [w(s1), t(s0), t(b0)]),
        feature(74, [w(s0), w(b0), w(b1)]),
        feature(75, [t(s0), w(b0), t(b1), t(b2)]),
        feature(76, [t(s1), t(s0), t(b0), t(b1)]),
        feature(77, [t(s2), t(s1), t(s0), t(b0)]),
        feature(78, [w(s2), w(s1), t(s0), t(b0)]),
        feature(79, [w(s1), w(s0r), t(b0)]),
        feature(80, [w(s0), w(s0r), t(b0)]),
        feature(81, [w(s1), w(s1r), t(s0)]),
        feature(82, [x(s0), x(b0)]),
        feature(83, [x(s1), x(s0)]),
        feature(84, [x(s0), t(b0)]),
        feature(85, [t(s0), x(b0)]),
        feature(86, [t(s0), x(b0), x(b1)]),
        feature(87, [t(s1), t(s0), t(b0), gap]),
        feature(88, [t(s1), w(s0), t(b0), t(b1)]),
        feature(89, [t(s0), t(b0), t(b1), t(b2)]),
        feature(90, [w(s1), w(b0)]),
        feature(91, []),
        feature(92, [t(s0), t(b0), glue]),
        feature(93, [t(s1), t(s0), t(b0), glue]),
        feature(94, [wt(b0), glue, t(s0)]),
        feature(95, [t(s0), t(b0), depths]),
        feature(96, [t(s1), t(s0), t(b0), depths]),
        feature(97, [w(b0), depths]),
        feature(98, [t(s0), t(b0), verb]),
        feature(99, [w(b0), t(s0), verb, t(s1)]),
        feature(100, [t(s0), t(b0), t(s1), conjunction]),
        feature(101, [w(b0), t(s0), t(b1), conjunction]),
        feature(102, [near(s0, -1), t(s0), near(s0, 1), t(b0)]),
        feature(103, [near(b0, -1), t(b0), t(s0), t(b1)]),
        feature(104, [near(s1, -1), t(s1), near(s1, 1), t(s0)]),
        feature(105, [t(b0), t(b1), t(b2), t(state.coming(3))]),
        feature(106, [t(s2), t(s1), w(s0), t(b0)]),
        feature(107, [t(s0), t(b0), state.stack.len().min(3) as u64, verb]),
    ]);
}

/// Fills `out` with the features that name the relation of `dependent` to `head`.
pub(crate) fn relation_features(state: &State<'_>, head: usize, dependent: usize, out: &mut Vec<u64>) {
    let (h, d) = (head, dependent);
    let w = |i: usize| state.words[i].word;
    let t = |i: usize| state.words[i].tag;
    let x = |i: usize| state.words[i].suffix;
    let l = |i: usize| u64::from(state.nodes[i].relation);
    let (nh, nd) = (&state.nodes[h], &state.nodes[d]);
    let right = usize::from(d > h);
    let side = right as u64;
    let far = distance(h, d);
    let gap = between(state, h, d);
    let near = |i: usize, step: isize| i.checked_add_signed(step).filter(|&j| j < state.root()).unwrap_or(state.nothing());
    let sibling = if right == 1 { nh.right[0] } else { nh.left[0] };
    let th = mix(t(h), side);
    let td = t(d);
    let hd = mix(th, td);
    out.clear();
    out.extend([
        feature(100, [hd]),
        feature(101, [hd, w(h)]),
        feature(102, [hd, w(d)]),
        feature(103, [side, w(h), w(d)]),
        feature(104, [side, w(d)]),
        feature(105, [side, w(h)]),
        feature(106, [hd, far]),
        feature(107, [hd, gap]),
        feature(108, [th, nh.relations[0], td]),
        feature(109, [th, nh.relations[1], td]),
        feature(110, [hd, nd.relations[0]]),
        feature(111, [hd, nd.relations[1]]),
        feature(112, [side, w(h), nh.relations[0], td]),
        feature(113, [side, w(d), nd.relations[0]]),
        feature(114, [side, w(d), nd.relations[1], t(h)]),
        feature(115, [hd, w(sibling), l(sibling)]),
        feature(116, [hd, t(sibling), l(sibling)]),
        feature(117, [hd, w(nd.left[0]), l(nd.left[0])]),
        feature(118, [hd, w(nd.right[0]), l(nd.right[0])]),
        feature(119, [hd, t(near(d, 1)), t(near(d, -1))]),
        feature(120, [hd, t(near(h, 1)), t(near(h, -1))]),
        feature(121, [hd, w(near(d, 1))]),
        feature(122, [hd, w(near(d, -1))]),
        feature(123, [hd, w(near(h, -1))]),
        feature(124, [hd, w(near(h, 1))]),
        feature(125, [hd, x(d)]),
        feature(126, [hd, x(h), x(d)]),
        feature(127, [side, w(h), x(d)]),
        feature(128, [hd, w(h), far]),
        feature(129, [side, w(nd.right[0]), w(d), w(h)]),
        feature(130, [hd, nh.relations[0], nh.relations[1]]),
        feature(131, [hd, t(state.coming(0)), t(state.stacked(2))]),
        feature(132, [hd, state.words[d].depth, state.words[h].depth]),
        feature(133, [hd, w(near(d, -1)), w(near(d, 1))]),
        feature(134, [hd, state.words[d].glued, state.words[near(d, 1)].glued]),
    ]);
}
