//! KGX: nodes and edges as TSV in the words of the Biolink model (<https://github.com/biolink/kgx>).

use super::network::{cell, stated};
use super::{Cell, Curation, Error, Filter, Row, Table, rows_about, rows_of};
use crate::extract::Relation;
use crate::graph::{Prefixes, biolink_form};
use crate::store::GraphStore;
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

const NODE_COLUMNS: &str = "id\tcategory\tname\txref\tprovided_by";
/// KGX's graph in memory keeps one edge for each subject, predicate and object, and takes no column that would name edges apart (its `key` fails in
/// networkx): there a denied edge wins over an affirmed one, never the other way round. `kgx transform --stream` into JSON Lines keeps them all.
const EDGE_COLUMNS: &str = "id\tsubject\tpredicate\tobject\tcategory\tqualified_predicate\tobject_aspect_qualifier\tobject_direction_qualifier\t\
    disease_context_qualifier\tspecies_context_qualifier\tnegated\tknowledge_level\tagent_type\tprimary_knowledge_source\tpublications\t\
    has_evidence\thas_confidence_score\tsupporting_text\toriginal_predicate";

/// Columns of the claims table that edges are made of.
const WANTED: &[&str] = &[
    "subject_id",
    "relation",
    "object_id",
    "aspect",
    "negated",
    "certainty",
    "condition_id",
    "species",
    "references",
    "evidence_code",
    "confidence",
    "quote",
    "decision",
];

/// Writes the mechanism claims that pass the filter as KGX edges, and their entities as nodes; tells how many nodes, edges and, of
/// these, denied ones it wrote.
///
/// Hedged, hypothetical and rejected claims are left out, since KGX has no field that would keep a reader from taking them for facts. A
/// denied claim has `negated` set to `True`; others leave it empty, since KGX reads `False` back as true.
///
/// # Errors
/// Where the filter names a column that the claims table lacks, the store fails, or a file cannot be written.
pub fn write_kgx<N: Write, E: Write + Send>(
    store: &dyn GraphStore,
    filter: &Filter,
    curation: &Curation,
    mut nodes: N,
    mut edges: E,
) -> Result<(u64, u64, u64), Error> {
    let table = Table::named("claims")?;
    let columns = Columns::of(&table);
    let mut used = BTreeSet::new();
    let mut counts = (0, 0, 0);
    writeln!(edges, "{EDGE_COLUMNS}")?;
    rows_of(store, &table, WANTED, filter, curation)?.in_batches(
        |rows| Edges::of(&rows, &columns),
        |made| {
            edges.write_all(made.lines.as_bytes())?;
            used.extend(made.used);
            counts.1 += made.count;
            counts.2 += made.denied;
            Ok(())
        },
    )?;
    edges.flush()?;

    let table = Table::named("entities")?;
    let mut things: Vec<String> = used.iter().filter_map(|id| Prefixes::shipped().resolve(id)).map(NamedNode::into_string).collect();
    things.sort_unstable();
    writeln!(nodes, "{NODE_COLUMNS}")?;
    for row in rows_about(store, &table, &things, &["entity_id", "label", "category", "xrefs"], &Filter::none(), curation)? {
        let row = row?;
        let id = cell(&table, &row, "entity_id").as_str();
        if used.remove(id) {
            let [category, label] = ["category", "label"].map(|column| cell(&table, &row, column).as_str());
            writeln!(nodes, "{}", node(id, category, label, cell(&table, &row, "xrefs")))?;
            counts.0 += 1;
        }
    }
    // What a curator put in the place of an entity need not be named by any article.
    for id in used {
        writeln!(nodes, "{}", node(&id, "biolink:NamedThing", &id, &Cell::Empty))?;
        counts.0 += 1;
    }
    nodes.flush()?;
    Ok(counts)
}

/// Adds text that TSV and KGX's list delimiter leave whole.
fn add(line: &mut String, text: &str) {
    line.extend(text.chars().map(|c| match c {
        '|' => '¦',
        c if c.is_control() => ' ',
        c => c,
    }));
}

/// Adds an identifier as a CURIE: one of this graph's own has the prefix `EVI`.
fn add_id(line: &mut String, id: &str) {
    match id.split_once("/entity/").or_else(|| id.split_once("/claim/")) {
        Some((base, local)) if base.contains("://") => {
            line.push_str("EVI:");
            add(line, local);
        }
        _ => add(line, id),
    }
}

fn add_list<'t>(line: &mut String, items: impl IntoIterator<Item = &'t str>) {
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            line.push('|');
        }
        add(line, item);
    }
}

fn node(id: &str, category: &str, name: &str, xrefs: &Cell) -> String {
    let mut line = String::new();
    add_id(&mut line, id);
    for text in [category, name] {
        line.push('\t');
        add(&mut line, text);
    }
    line.push('\t');
    add_list(&mut line, xrefs.items().iter().map(String::as_str));
    line + "\tinfores:evigraph"
}

/// Places of the columns that edges are made of.
struct Columns(BTreeMap<&'static str, usize>);

impl Columns {
    fn of(table: &Table) -> Self {
        let place = |name: &'static str| table.column(name).map(|(at, _)| (name, at));
        Self(["claim_id", "article_id"].iter().chain(WANTED).copied().filter_map(place).collect())
    }

    fn cell<'r>(&self, row: &'r Row, name: &str) -> &'r Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.0.get(name).map_or(NOTHING, |at| &row[*at])
    }
}

/// The edges of a batch of claims.
#[derive(Default)]
struct Edges {
    lines: String,
    /// Identifiers of what they join.
    used: BTreeSet<String>,
    count: u64,
    denied: u64,
}

impl Edges {
    fn of(rows: &[Row], columns: &Columns) -> Self {
        let mut edges = Self::default();
        let mut article = ("", String::new());
        for row in rows {
            let get = |column: &str| columns.cell(row, column).as_str();
            if !stated(get("certainty"), get("decision")) {
                continue;
            }
            if article.0 != get("article_id") {
                article = (get("article_id"), super::curie(get("article_id")));
            }
            for end in [get("subject_id"), get("object_id")] {
                if !edges.used.contains(end) {
                    edges.used.insert(end.to_owned());
                }
            }
            let denied = *columns.cell(row, "negated") == Cell::Boolean(true);
            edges.count += 1;
            edges.denied += u64::from(denied);
            add_edge(&mut edges.lines, row, columns, denied, &article.1);
        }
        edges
    }
}

fn add_edge(line: &mut String, row: &Row, columns: &Columns, denied: bool, article: &str) {
    let get = |column: &str| columns.cell(row, column).as_str();
    let form = biolink_form(Relation::from_name(get("relation")).unwrap_or(Relation::RelatedTo));
    add_id(line, get("claim_id"));
    line.push('\t');
    add_id(line, get("subject_id"));
    line.push_str("\tbiolink:");
    line.push_str(form.predicate);
    line.push('\t');
    add_id(line, get("object_id"));
    line.push_str("\tbiolink:Association\t");
    if let Some(predicate) = form.qualified_predicate {
        line.push_str("biolink:");
        line.push_str(predicate);
    }
    line.push('\t');
    get("aspect").split(' ').enumerate().for_each(|(at, word)| {
        line.push_str(if at > 0 { "_" } else { "" });
        add(line, word);
    });
    line.push('\t');
    line.push_str(form.direction.unwrap_or_default());
    line.push('\t');
    add_id(line, get("condition_id"));
    line.push('\t');
    add(line, get("species"));
    line.push_str(if denied { "\tTrue" } else { "\t" });
    line.push_str("\tnot_provided\t");
    line.push_str(if get("decision").is_empty() { "text_mining_agent" } else { "manual_validation_of_automated_agent" });
    line.push_str("\tinfores:evigraph\t");
    let publications: BTreeSet<&str> =
        columns.cell(row, "references").items().iter().map(String::as_str).filter(|r| is_publication(r)).chain([article]).collect();
    add_list(line, publications);
    for column in ["evidence_code", "confidence", "quote", "relation"] {
        line.push('\t');
        add(line, get(column));
    }
    line.push('\n');
}

/// Whether a reference is an identifier rather than a printed entry.
fn is_publication(reference: &str) -> bool {
    ["doi:", "PMID:", "PMC:", "CLINICALTRIALS:", "arXiv:"].iter().any(|p| reference.starts_with(p)) && !reference.contains(' ')
}
