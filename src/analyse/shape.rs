//! The shape of the network: hubs, communities and cycles.

use super::Mechanisms;
use super::path::sign;
use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// An entity and how central it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Hub {
    /// Identifier.
    pub id: String,
    /// Label.
    pub label: String,
    /// Statements in which it acts.
    pub acts: usize,
    /// Statements in which it is acted on.
    pub acted_on: usize,
    /// Claims behind them.
    pub claims: usize,
    /// PageRank (Brin and Page, 1998; damping 0.85), all adding up to 1.
    pub rank: f64,
}

/// A loop in which an entity acts on itself through others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cycle {
    /// Identifiers in order, the smallest first.
    pub entities: Vec<String>,
    /// The relations between them, in order.
    pub relations: Vec<String>,
    /// `positive` or `negative` feedback where each step tells a direction, else `None`.
    pub feedback: Option<&'static str>,
}

const DAMPING: f64 = 0.85;
const ROUNDS: usize = 50;

impl Mechanisms<'_> {
    /// The `limit` most central entities.
    pub fn hubs(&self, limit: usize) -> Vec<Hub> {
        let ranks = self.page_rank();
        let claims = |node, way| self.graph.edges_directed(node, way).map(|e| e.weight().1.supported_by.len()).sum::<usize>();
        let mut hubs: Vec<Hub> = self
            .graph
            .node_indices()
            .map(|node| Hub {
                id: self.graph[node].to_owned(),
                label: self.assembly.label(self.graph[node]).to_owned(),
                acts: self.graph.edges_directed(node, Direction::Outgoing).count(),
                acted_on: self.graph.edges_directed(node, Direction::Incoming).count(),
                claims: claims(node, Direction::Outgoing) + claims(node, Direction::Incoming),
                rank: ranks[node.index()],
            })
            .collect();
        hubs.sort_by(|a, b| (b.acts + b.acted_on, b.claims).cmp(&(a.acts + a.acted_on, a.claims)).then_with(|| a.id.cmp(&b.id)));
        hubs.truncate(limit);
        hubs
    }

    /// PageRank by power iteration.
    #[expect(clippy::cast_precision_loss, reason = "the number of entities is far below 2^52")]
    fn page_rank(&self) -> Vec<f64> {
        let n = self.graph.node_count();
        let mut ranks = vec![1.0 / n.max(1) as f64; n];
        for _ in 0..ROUNDS {
            let mut next = vec![0.0; n];
            let mut loose = 0.0;
            for node in self.graph.node_indices() {
                let out = self.graph.edges(node).count();
                if out == 0 {
                    loose += ranks[node.index()];
                }
                for edge in self.graph.edges(node) {
                    next[edge.target().index()] += ranks[node.index()] / out as f64;
                }
            }
            ranks = next.iter().map(|r| (1.0 - DAMPING + DAMPING * loose) / n as f64 + DAMPING * r).collect();
        }
        ranks
    }

    /// Groups of entities that are joined more closely among themselves than to others, the largest first.
    ///
    /// Label propagation (Raghavan et al., 2007) over belief, in fixed order with ties to the smallest label, so that each run gives the same.
    pub fn communities(&self) -> Vec<Vec<String>> {
        let mut labels: Vec<usize> = (0..self.graph.node_count()).collect();
        for _ in 0..ROUNDS {
            let mut changed = false;
            for node in self.graph.node_indices() {
                let mut votes: BTreeMap<usize, f64> = BTreeMap::new();
                for edge in self.graph.edges_directed(node, Direction::Outgoing) {
                    *votes.entry(labels[edge.target().index()]).or_default() += edge.weight().1.belief;
                }
                for edge in self.graph.edges_directed(node, Direction::Incoming) {
                    *votes.entry(labels[edge.source().index()]).or_default() += edge.weight().1.belief;
                }
                let best = votes.iter().max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|v| *v.0);
                if let Some(best) = best.filter(|b| *b != labels[node.index()]) {
                    labels[node.index()] = best;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let mut groups: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for node in self.graph.node_indices() {
            groups.entry(labels[node.index()]).or_default().push(self.graph[node].to_owned());
        }
        let mut groups: Vec<Vec<String>> = groups.into_values().collect();
        groups.iter_mut().for_each(|g| g.sort());
        groups.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        groups
    }

    /// The shortest loop through each entity that lies on one, each loop once, the shorter first.
    pub fn cycles(&self) -> Vec<Cycle> {
        let mut found = BTreeSet::new();
        for component in tarjan_scc(&self.graph) {
            let members: BTreeSet<NodeIndex> = component.iter().copied().collect();
            for node in component {
                found.extend(self.shortest_cycle(node, &members));
            }
        }
        let mut found: Vec<Cycle> = found.into_iter().collect();
        found.sort_by(|a, b| a.entities.len().cmp(&b.entities.len()).then_with(|| a.cmp(b)));
        found
    }

    fn shortest_cycle(&self, start: NodeIndex, within: &BTreeSet<NodeIndex>) -> Option<Cycle> {
        let mut before = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            let mut edges: Vec<_> = self.graph.edges(node).filter(|e| within.contains(&e.target())).collect();
            edges.sort_by_key(|e| (self.graph[e.target()], &e.weight().0.relation));
            for edge in edges {
                if edge.target() == start {
                    return Some(self.cycle(start, edge.id(), node, &before));
                }
                if let std::collections::btree_map::Entry::Vacant(slot) = before.entry(edge.target()) {
                    slot.insert((node, edge.id()));
                    queue.push_back(edge.target());
                }
            }
        }
        None
    }

    fn cycle(
        &self,
        start: NodeIndex,
        last: petgraph::graph::EdgeIndex,
        mut node: NodeIndex,
        before: &BTreeMap<NodeIndex, (NodeIndex, petgraph::graph::EdgeIndex)>,
    ) -> Cycle {
        let mut edges = vec![last];
        while let Some((from, edge)) = before.get(&node).filter(|_| node != start) {
            edges.push(*edge);
            node = *from;
        }
        edges.reverse();
        let mut steps: Vec<(&str, &str)> =
            edges.iter().filter_map(|e| self.graph.edge_weight(*e)).map(|w| (w.0.from.as_str(), w.0.relation.as_str())).collect();
        let smallest = steps.iter().enumerate().min_by_key(|s| s.1.0).map_or(0, |s| s.0);
        steps.rotate_left(smallest);
        Cycle {
            entities: steps.iter().map(|s| s.0.to_owned()).collect(),
            relations: steps.iter().map(|s| s.1.to_owned()).collect(),
            feedback: match steps.iter().map(|s| sign(s.1)).product::<i8>() {
                1 => Some("positive"),
                -1 => Some("negative"),
                _ => None,
            },
        }
    }
}
