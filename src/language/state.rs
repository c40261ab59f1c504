//! The state of a parse: stack, buffer, and the arcs drawn so far.

use super::parser::Arc;

/// A word as the parser sees it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Word {
    /// Position of the tag in the list of tags, plus 1.
    pub tag: u64,
    /// 1 when no space parts it from the word before.
    pub glued: u64,
    /// How many brackets are open here, three at most.
    pub depth: u64,
    /// How far ahead the next finite verb and the next conjunction stand, in steps (0 where there is none).
    pub ahead: [u64; 2],
    /// Verbs, commas, conjunctions and brackets among the words before this one, for counts between two words.
    pub before: [u16; 4],
}

impl Word {
    /// The words of a sentence, followed by the root and by the word that stands for what is not there.
    pub(crate) fn sentence(glued: &[bool], tags: &[u8]) -> Vec<Self> {
        let mut before = [0_u16; 4];
        let mut depth = 0_u64;
        let mut out: Vec<Self> = Vec::with_capacity(tags.len() + 2);
        for (&tag, &glued) in tags.iter().zip(glued) {
            let name = super::labels::TAGS.get(usize::from(tag)).copied().unwrap_or_default();
            if name == "-RRB-" {
                depth = depth.saturating_sub(1);
            }
            out.push(Self { tag: u64::from(tag) + 1, glued: u64::from(glued), depth: depth.min(3), ahead: [0; 2], before });
            if name == "-LRB-" {
                depth += 1;
            }
            let kind = match name {
                "VBD" | "VBZ" | "VBP" | "MD" | "VB" | "VBN" => 0,
                "," | ":" => 1,
                "CC" => 2,
                "-LRB-" | "-RRB-" => 3,
                _ => continue,
            };
            before[kind] = before[kind].saturating_add(1);
        }
        let mut next = [usize::MAX; 2];
        for (i, word) in out.iter_mut().enumerate().rev() {
            word.ahead = next.map(|n| match n.saturating_sub(i) {
                n if n > tags.len() => 0,
                1..=2 => 1,
                3..=6 => 2,
                7..=12 => 3,
                _ => 4,
            });
            match super::labels::TAGS.get((word.tag - 1) as usize).copied().unwrap_or_default() {
                "VBD" | "VBZ" | "VBP" | "MD" => next[0] = i,
                "CC" => next[1] = i,
                _ => {}
            }
        }
        out.push(Self { tag: 62, before, ..Self::default() });
        out.push(Self { before, ..Self::default() });
        out
    }
}

/// A step of the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Moves the next word onto the stack.
    Shift = 0,
    /// Makes the next word the head of the top of the stack.
    Left = 1,
    /// Makes the second of the stack the head of its top.
    Right = 2,
}

impl Action {
    pub(crate) const ALL: [Self; 3] = [Self::Shift, Self::Left, Self::Right];
}

/// What is known of a node while parsing. Absent dependents point at the node of nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub head: usize,
    pub relation: u8,
    /// Outermost and second outermost dependents to the left.
    pub left: [usize; 2],
    /// Outermost and second outermost dependents to the right.
    pub right: [usize; 2],
    /// Number of dependents to the left and to the right.
    pub valency: [u8; 2],
    /// The relations of the dependents to the left and to the right, one bit each.
    pub relations: [u64; 2],
}

/// A configuration of the arc-hybrid system.
#[derive(Debug, Clone)]
pub(crate) struct State<'a> {
    pub words: &'a [Word],
    pub nodes: Vec<Node>,
    pub stack: Vec<usize>,
    /// The first word of the buffer.
    pub next: usize,
}

impl<'a> State<'a> {
    /// The first state of a sentence that [`Word::sentence`] made.
    pub(crate) fn new(words: &'a [Word]) -> Self {
        let nothing = words.len() - 1;
        let node = Node { head: nothing, relation: 63, left: [nothing; 2], right: [nothing; 2], valency: [0; 2], relations: [0; 2] };
        Self { words, nodes: vec![node; words.len()], stack: Vec::with_capacity(32), next: 0 }
    }

    /// The node that stands for what is not there.
    pub(crate) fn nothing(&self) -> usize {
        self.words.len() - 1
    }

    /// The root, which stands after the last word.
    pub(crate) fn root(&self) -> usize {
        self.words.len() - 2
    }

    /// The word at `depth` from the top of the stack.
    pub(crate) fn stacked(&self, depth: usize) -> usize {
        self.stack.len().checked_sub(depth + 1).map_or(self.nothing(), |i| self.stack[i])
    }

    /// The word at `ahead` from the front of the buffer.
    pub(crate) fn coming(&self, ahead: usize) -> usize {
        if self.next + ahead <= self.root() { self.next + ahead } else { self.nothing() }
    }

    pub(crate) fn is_final(&self) -> bool {
        self.stack.is_empty() && self.next == self.root()
    }

    pub(crate) fn allows(&self, action: Action) -> bool {
        match action {
            Action::Shift => self.next < self.root(),
            // The root takes one dependent, so that each sentence has one top.
            Action::Left => !self.stack.is_empty() && (self.next < self.root() || self.stack.len() == 1),
            Action::Right => self.stack.len() > 1,
        }
    }

    /// The action, where no other is allowed.
    pub(crate) fn only_action(&self) -> Option<Action> {
        let mut allowed = Action::ALL.into_iter().filter(|&a| self.allows(a));
        allowed.next().filter(|_| allowed.next().is_none())
    }

    /// The (head, dependent) that an action would join.
    pub(crate) fn arc(&self, action: Action) -> Option<(usize, usize)> {
        match action {
            Action::Shift => None,
            Action::Left => Some((self.next, self.stacked(0))),
            Action::Right => Some((self.stacked(1), self.stacked(0))),
        }
    }

    pub(crate) fn apply(&mut self, action: Action, relation: u8) {
        let Some((head, dependent)) = self.arc(action) else {
            self.stack.push(self.next);
            self.next += 1;
            return;
        };
        self.stack.pop();
        let node = &mut self.nodes[dependent];
        (node.head, node.relation) = (head, relation);
        let node = &mut self.nodes[head];
        let side = usize::from(dependent > head);
        let outer = if side == 0 { &mut node.left } else { &mut node.right };
        *outer = [dependent, outer[0]];
        node.valency[side] = node.valency[side].saturating_add(1);
        node.relations[side] |= 1 << relation.min(63);
    }

    /// The finished tree.
    pub(crate) fn arcs(&self) -> Vec<Arc> {
        let root = self.root();
        self.nodes[..root].iter().map(|n| (Some(n.head).filter(|&h| h < root), n.relation)).collect()
    }
}
