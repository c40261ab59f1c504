//! KGX: nodes and edges as TSV in the words of the Biolink model (<https://github.com/biolink/kgx>).

use super::network::{cell, is_stated};
use super::{Cell, Curation, Error, Filter, Row, Table, rows_of};
use crate::extract::Relation;
use crate::graph::biolink_form;
use crate::store::GraphStore;
use std::collections::BTreeSet;
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
pub fn write_kgx<N: Write, E: Write>(
    store: &dyn GraphStore,
    filter: &Filter,
    curation: &Curation,
    mut nodes: N,
    mut edges: E,
) -> Result<(u64, u64, u64), Error> {
    let table = Table::named("claims")?;
    let mut used = BTreeSet::new();
    let mut counts = (0, 0, 0);
    writeln!(edges, "{EDGE_COLUMNS}")?;
    for row in rows_of(store, &table, WANTED, filter, curation)? {
        let row = row?;
        if !is_stated(&table, &row) {
            continue;
        }
        used.insert(cell(&table, &row, "subject_id").plain());
        used.insert(cell(&table, &row, "object_id").plain());
        writeln!(edges, "{}", edge(&table, &row))?;
        counts.1 += 1;
        counts.2 += u64::from(*cell(&table, &row, "negated") == Cell::Boolean(true));
    }
    edges.flush()?;

    let table = Table::named("entities")?;
    writeln!(nodes, "{NODE_COLUMNS}")?;
    for row in rows_of(store, &table, &["entity_id", "label", "category", "xrefs"], &Filter::none(), curation)? {
        let row = row?;
        let id = cell(&table, &row, "entity_id").plain();
        if used.remove(&id) {
            writeln!(
                nodes,
                "{}",
                node(&id, cell(&table, &row, "category").as_str(), cell(&table, &row, "label").as_str(), cell(&table, &row, "xrefs"))
            )?;
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

/// Text that TSV and KGX's list delimiter leave whole.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '|' {
                '¦'
            } else if c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect()
}

fn list(items: &[String]) -> String {
    items.iter().map(|i| plain(i)).collect::<Vec<_>>().join("|")
}

/// An identifier as a CURIE: one of this graph's own has the prefix `EVI`.
fn curie(id: &str) -> String {
    match id.split_once("/entity/").or_else(|| id.split_once("/claim/")) {
        Some((base, local)) if base.contains("://") => format!("EVI:{}", plain(local)),
        _ => plain(id),
    }
}

fn node(id: &str, category: &str, name: &str, xrefs: &Cell) -> String {
    [curie(id), plain(category), plain(name), list(xrefs.items()), "infores:evigraph".to_owned()].join("\t")
}

fn edge(table: &Table, row: &Row) -> String {
    let get = |column: &str| cell(table, row, column).as_str();
    let form = biolink_form(Relation::from_name(get("relation")).unwrap_or(Relation::RelatedTo));
    let articles = [get("article_id")].map(|a| plain(&super::curie(a)));
    let publications: Vec<String> =
        cell(table, row, "references").items().iter().filter(|r| is_publication(r)).map(|r| plain(r)).chain(articles).collect();
    let publications: BTreeSet<String> = publications.into_iter().collect();
    let negated = if *cell(table, row, "negated") == Cell::Boolean(true) { "True" } else { "" };
    [
        curie(get("claim_id")),
        curie(get("subject_id")),
        format!("biolink:{}", form.predicate),
        curie(get("object_id")),
        "biolink:Association".to_owned(),
        form.qualified_predicate.map_or_else(String::new, |p| format!("biolink:{p}")),
        plain(get("aspect")).replace(' ', "_"),
        form.direction.unwrap_or_default().to_owned(),
        curie(get("condition_id")),
        plain(get("species")),
        negated.to_owned(),
        "not_provided".to_owned(),
        if get("decision").is_empty() { "text_mining_agent" } else { "manual_validation_of_automated_agent" }.to_owned(),
        "infores:evigraph".to_owned(),
        publications.into_iter().collect::<Vec<_>>().join("|"),
        get("evidence_code").to_owned(),
        get("confidence").to_owned(),
        plain(get("quote")),
        get("relation").to_owned(),
    ]
    .join("\t")
}

/// Whether a reference is an identifier rather than a printed entry.
fn is_publication(reference: &str) -> bool {
    ["doi:", "PMID:", "PMC:", "CLINICALTRIALS:", "arXiv:"].iter().any(|p| reference.starts_with(p)) && !reference.contains(' ')
}
