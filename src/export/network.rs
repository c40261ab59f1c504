//! The mechanism claims as a network: entities joined by relations, for tools that draw and measure networks.

use super::{Cell, Curation, Error, Filter, Row, Table, rows};
use crate::store::GraphStore;
use quick_xml::escape::escape;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// The file formats of networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkFormat {
    /// GraphML.
    GraphMl,
    /// GEXF 1.3 (Gephi).
    Gexf,
    /// DOT (Graphviz).
    Dot,
    /// Cytoscape JSON (`elements`).
    Cytoscape,
}

impl NetworkFormat {
    /// The format named by `--format` or a file extension.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "graphml" => Self::GraphMl,
            "gexf" => Self::Gexf,
            "dot" | "gv" => Self::Dot,
            "cytoscape" | "cyjs" => Self::Cytoscape,
            _ => return None,
        })
    }
}

/// An entity of a network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Name.
    pub label: String,
    /// Biolink class, as a CURIE.
    pub category: String,
}

/// A relation between two entities, however many claims state it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EdgeKey {
    /// Identifier of what acts.
    pub subject: String,
    /// Relation, as a CURIE.
    pub relation: String,
    /// Identifier of what it acts on.
    pub object: String,
    /// Whether the claims deny it.
    pub negated: bool,
}

/// What stands behind an edge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Support {
    /// Number of claims.
    pub claims: u64,
    /// Number of claims with a source.
    pub sourced: u64,
    /// IRIs of the articles.
    pub articles: BTreeSet<String>,
    /// Labels of the conditions.
    pub conditions: BTreeSet<String>,
}

/// Entities and the relations that affirmed claims state between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    /// By identifier.
    pub nodes: BTreeMap<String, Node>,
    /// By relation.
    pub edges: BTreeMap<EdgeKey, Support>,
}

/// Whether a row of the claims table is stated as a fact: neither hedged, nor a hypothesis, nor rejected.
pub(super) fn is_stated(table: &Table, row: &Row) -> bool {
    stated(cell(table, row, "certainty").as_str(), cell(table, row, "decision").as_str())
}

/// [`is_stated`], by the certainty and the decision.
pub(super) fn stated(certainty: &str, decision: &str) -> bool {
    certainty == "affirmed" && decision != "rejected"
}

/// The cell of a row under a column.
pub(super) fn cell<'r>(table: &Table, row: &'r Row, column: &str) -> &'r Cell {
    const NOTHING: &Cell = &Cell::Empty;
    table.column(column).map_or(NOTHING, |(at, _)| &row[at])
}

impl Network {
    /// The network of the claims that pass the filter; hedged, hypothetical and rejected ones are left out.
    ///
    /// # Errors
    /// Where the filter names a column that the claims table lacks, or the store fails.
    pub fn of(store: &dyn GraphStore, filter: &Filter, curation: &Curation) -> Result<Self, Error> {
        let table = Table::named("claims")?;
        let mut network = Self::default();
        for row in rows(store, &table, filter, curation)? {
            network.add(&table, &row?);
        }
        Ok(network)
    }

    /// Adds a row of the claims table, unless it is hedged, hypothetical or rejected.
    pub fn add(&mut self, table: &Table, row: &Row) {
        if !is_stated(table, row) {
            return;
        }
        let get = |column: &str| cell(table, row, column).as_str().to_owned();
        for role in ["subject", "object"] {
            let node = Node { label: get(&format!("{role}_label")), category: get(&format!("{role}_category")) };
            self.nodes.entry(get(&format!("{role}_id"))).or_insert(node);
        }
        let negated = *cell(table, row, "negated") == Cell::Boolean(true);
        let key = EdgeKey { subject: get("subject_id"), relation: get("relation"), object: get("object_id"), negated };
        let support = self.edges.entry(key).or_default();
        support.claims += 1;
        support.sourced += u64::from(get("source_status") == "sourced");
        support.articles.insert(get("article_id"));
        support.conditions.extend(Some(get("condition_label")).filter(|c| !c.is_empty()));
    }

    /// Writes the network.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write<W: Write>(&self, mut to: W, format: NetworkFormat) -> Result<(), Error> {
        match format {
            NetworkFormat::GraphMl => self.graphml(&mut to)?,
            NetworkFormat::Gexf => self.gexf(&mut to)?,
            NetworkFormat::Dot => self.dot(&mut to)?,
            NetworkFormat::Cytoscape => self.cytoscape(&mut to)?,
        }
        Ok(to.flush()?)
    }

    fn graphml<W: Write>(&self, to: &mut W) -> std::io::Result<()> {
        writeln!(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
        let keys = [
            ("label", "node", "string"),
            ("category", "node", "string"),
            ("relation", "edge", "string"),
            ("negated", "edge", "boolean"),
            ("claims", "edge", "long"),
            ("sourced", "edge", "long"),
            ("articles", "edge", "long"),
            ("conditions", "edge", "string"),
        ];
        for (name, of, kind) in keys {
            writeln!(to, "  <key id=\"{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
        }
        writeln!(to, "  <graph edgedefault=\"directed\">")?;
        for (id, node) in &self.nodes {
            writeln!(
                to,
                "    <node id=\"{}\"><data key=\"label\">{}</data><data key=\"category\">{}</data></node>",
                xml(id),
                xml(&node.label),
                xml(&node.category)
            )?;
        }
        for (at, (key, support)) in self.edges.iter().enumerate() {
            writeln!(
                to,
                "    <edge id=\"e{at}\" source=\"{}\" target=\"{}\"><data key=\"relation\">{}</data><data key=\"negated\">{}</data>\
                 <data key=\"claims\">{}</data><data key=\"sourced\">{}</data><data key=\"articles\">{}</data><data key=\"conditions\">{}</data></edge>",
                xml(&key.subject),
                xml(&key.object),
                xml(&key.relation),
                key.negated,
                support.claims,
                support.sourced,
                support.articles.len(),
                xml(&joined(&support.conditions))
            )?;
        }
        writeln!(to, "  </graph>\n</graphml>")
    }

    fn gexf<W: Write>(&self, to: &mut W) -> std::io::Result<()> {
        writeln!(
            to,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n  <graph defaultedgetype=\"directed\">\n\
             \x20   <attributes class=\"node\"><attribute id=\"0\" title=\"category\" type=\"string\"/></attributes>\n\
             \x20   <attributes class=\"edge\"><attribute id=\"0\" title=\"negated\" type=\"boolean\"/><attribute id=\"1\" title=\"sourced\" type=\"long\"/>\
             <attribute id=\"2\" title=\"articles\" type=\"long\"/></attributes>\n    <nodes>"
        )?;
        for (id, node) in &self.nodes {
            writeln!(
                to,
                "      <node id=\"{}\" label=\"{}\"><attvalues><attvalue for=\"0\" value=\"{}\"/></attvalues></node>",
                xml(id),
                xml(&node.label),
                xml(&node.category)
            )?;
        }
        writeln!(to, "    </nodes>\n    <edges>")?;
        for (at, (key, support)) in self.edges.iter().enumerate() {
            writeln!(
                to,
                "      <edge id=\"{at}\" source=\"{}\" target=\"{}\" label=\"{}\" kind=\"{}\" weight=\"{}\"><attvalues><attvalue for=\"0\" value=\"{}\"/>\
                 <attvalue for=\"1\" value=\"{}\"/><attvalue for=\"2\" value=\"{}\"/></attvalues></edge>",
                xml(&key.subject),
                xml(&key.object),
                xml(&key.relation),
                xml(&key.relation),
                support.claims,
                key.negated,
                support.sourced,
                support.articles.len()
            )?;
        }
        writeln!(to, "    </edges>\n  </graph>\n</gexf>")
    }

    fn dot<W: Write>(&self, to: &mut W) -> std::io::Result<()> {
        let quoted = |text: &str| format!("\"{}\"", clean(text).replace('\\', "\\\\").replace('"', "\\\""));
        writeln!(to, "digraph claims {{\n  node [shape=box];")?;
        for (id, node) in &self.nodes {
            writeln!(to, "  {} [label={}, category={}];", quoted(id), quoted(&node.label), quoted(&node.category))?;
        }
        for (key, support) in &self.edges {
            let label = format!("{}{}", if key.negated { "not " } else { "" }, key.relation.trim_start_matches("evi:"));
            let style = if key.negated { ", style=dashed" } else { "" };
            writeln!(
                to,
                "  {} -> {} [label={}, claims={}, articles={}{style}];",
                quoted(&key.subject),
                quoted(&key.object),
                quoted(&label),
                support.claims,
                support.articles.len()
            )?;
        }
        writeln!(to, "}}")
    }

    fn cytoscape<W: Write>(&self, to: &mut W) -> Result<(), Error> {
        let nodes: Vec<_> = self
            .nodes
            .iter()
            .map(|(id, n)| json!({ "data": { "id": id, "name": n.label, "label": n.label, "category": n.category } }))
            .collect();
        let edges: Vec<_> = self
            .edges
            .iter()
            .enumerate()
            .map(|(at, (k, s))| {
                json!({ "data": {
                    "id": format!("e{at}"), "source": k.subject, "target": k.object, "interaction": k.relation, "negated": k.negated,
                    "claims": s.claims, "sourced": s.sourced, "articles": s.articles.len(), "conditions": s.conditions,
                } })
            })
            .collect();
        let network = json!({ "format_version": "1.0", "data": { "name": "claims" }, "elements": { "nodes": nodes, "edges": edges } });
        serde_json::to_writer(&mut *to, &network).map_err(|e| Error::Io(e.into()))?;
        Ok(writeln!(to)?)
    }
}

fn joined(items: &BTreeSet<String>) -> String {
    items.iter().cloned().collect::<Vec<_>>().join(super::SEPARATOR)
}

/// Text without the control characters that XML 1.0 may not hold.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c }).collect()
}

fn xml(text: &str) -> String {
    escape(clean(text).as_str()).into_owned()
}
