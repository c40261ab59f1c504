//! Mechanism paths: how one entity may act on another, step by step, the best believed first.

use super::{Assembly, Statement, StatementKey};
use petgraph::Direction;
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::{EdgeRef, Reversed};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// How many partial paths a search looks at before it gives what it has.
const EFFORT: usize = 200_000;

/// The statements as a directed graph, entities as nodes; denied statements are no edges.
pub struct Mechanisms<'a> {
    /// The assembly behind it.
    pub assembly: &'a Assembly,
    pub(super) graph: DiGraph<&'a str, (&'a StatementKey, &'a Statement)>,
    nodes: BTreeMap<&'a str, NodeIndex>,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What acts, how, on what.
    pub key: StatementKey,
    /// What stands behind it.
    pub statement: Statement,
}

/// A chain of statements from one entity to another.
#[derive(Debug, Clone, PartialEq)]
pub struct MechanismPath {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The product of the steps' beliefs.
    pub belief: f64,
    /// Place of the weakest step, from 0.
    pub weakest: usize,
    /// What the path does to its end: `increases` or `decreases` where each step tells a direction, else `None`.
    pub effect: Option<&'static str>,
}

impl<'a> Mechanisms<'a> {
    /// The graph of an assembly.
    pub fn new(assembly: &'a Assembly) -> Self {
        let mut graph = DiGraph::new();
        let mut nodes = BTreeMap::new();
        for (key, statement) in assembly.statements.iter().filter(|s| s.1.belief > 0.0) {
            let [from, to] = [&key.from, &key.to].map(|id| *nodes.entry(id.as_str()).or_insert_with(|| graph.add_node(id.as_str())));
            graph.add_edge(from, to, (key, statement));
        }
        Self { assembly, graph, nodes }
    }

    pub(super) fn node(&self, id: &str) -> Option<NodeIndex> {
        self.nodes.get(id).copied()
    }

    /// On how many things an entity acts, and how many act on it.
    pub fn degree(&self, id: &str) -> (usize, usize) {
        let count = |direction| self.node(id).map_or(0, |n| self.graph.neighbors_directed(n, direction).collect::<BTreeSet<_>>().len());
        (count(Direction::Outgoing), count(Direction::Incoming))
    }

    /// The `limit` best paths of at most `longest` steps from one entity to another, no entity twice; best is the highest product of beliefs.
    ///
    /// The search is A* over partial paths, with the cost that is left in the graph without bounds as its estimate; what is too many steps from
    /// the end is not entered.
    pub fn paths(&self, from: &str, to: &str, longest: usize, limit: usize) -> Vec<MechanismPath> {
        let (Some(start), Some(end)) = (self.node(from), self.node(to)) else { return Vec::new() };
        let left = dijkstra(Reversed(&self.graph), end, None, |e| cost(e.weight().1));
        let steps = dijkstra(Reversed(&self.graph), end, None, |_| 1);
        let mut found = Vec::new();
        let mut queue = BinaryHeap::new();
        let mut effort = 0;
        if let Some(estimate) = left.get(&start) {
            queue.push(Partial { estimate: *estimate, cost: 0.0, at: start, edges: Vec::new() });
        }
        while let Some(partial) = queue.pop() {
            effort += 1;
            if partial.at == end && !partial.edges.is_empty() {
                found.push(self.path(&partial.edges));
                if found.len() >= limit {
                    break;
                }
                continue;
            }
            if effort > EFFORT {
                continue;
            }
            let visited: Vec<NodeIndex> = partial.edges.iter().filter_map(|e| self.graph.edge_endpoints(*e).map(|p| p.0)).collect();
            for edge in self.graph.edges(partial.at) {
                let (Some(rest), Some(steps)) = (left.get(&edge.target()), steps.get(&edge.target())) else { continue };
                let too_far = partial.edges.len() + 1 + steps > longest;
                if too_far || edge.target() == partial.at || visited.contains(&edge.target()) {
                    continue;
                }
                let cost = partial.cost + cost(edge.weight().1);
                let edges = partial.edges.iter().copied().chain([edge.id()]).collect();
                queue.push(Partial { estimate: cost + rest, cost, at: edge.target(), edges });
            }
        }
        found
    }

    fn path(&self, edges: &[EdgeIndex]) -> MechanismPath {
        let steps: Vec<Step> = edges
            .iter()
            .filter_map(|e| self.graph.edge_weight(*e))
            .map(|(key, statement)| Step { key: (*key).clone(), statement: (*statement).clone() })
            .collect();
        let weakest = steps.iter().enumerate().min_by(|a, b| a.1.statement.belief.total_cmp(&b.1.statement.belief)).map_or(0, |s| s.0);
        let effect = steps.iter().map(|s| sign(&s.key.relation)).product::<i8>();
        MechanismPath {
            belief: steps.iter().map(|s| s.statement.belief).product(),
            weakest,
            effect: match effect {
                1 => Some("increases"),
                -1 => Some("decreases"),
                _ => None,
            },
            steps,
        }
    }
}

/// The direction that a relation tells, 0 where it tells none.
pub(super) fn sign(relation: &str) -> i8 {
    match relation {
        "evi:increases" | "evi:produces" | "evi:causes" | "evi:restores" | "evi:predisposesTo" => 1,
        "evi:decreases" | "evi:prevents" | "evi:treats" => -1,
        _ => 0,
    }
}

/// Costs add up where beliefs multiply. A little is charged for each step, so that of equal paths the shorter comes first.
fn cost(statement: &Statement) -> f64 {
    -statement.belief.clamp(1e-9, 1.0).ln() + 1e-6
}

struct Partial {
    estimate: f64,
    cost: f64,
    at: NodeIndex,
    edges: Vec<EdgeIndex>,
}

impl Ord for Partial {
    fn cmp(&self, other: &Self) -> Ordering {
        other.estimate.total_cmp(&self.estimate).then_with(|| other.edges.cmp(&self.edges))
    }
}

impl PartialOrd for Partial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Partial {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Partial {}
