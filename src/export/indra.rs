//! INDRA statements as JSON (<https://indra.readthedocs.io>), for the mechanism claims that INDRA has a statement for.

use super::network::cell;
use super::{Cell, Curation, Error, Filter, Row, Table, rows};
use crate::store::GraphStore;
use serde_json::{Map, Value, json};
use std::io::Write;

/// Writes the claims that pass the filter as a JSON array of INDRA statements, and tells how many there were.
///
/// Relations on the amount of the object become `IncreaseAmount` and `DecreaseAmount`, those on its activity (or on neither) `Activation` and
/// `Inhibition`; binding becomes `Complex`, conversion `Conversion`; other relations have no statement and are left out, as are rejected
/// claims. Negation and hedging are told by the evidence's epistemics, as INDRA's readers do.
///
/// # Errors
/// Where the filter names a column that the claims table lacks, the store fails, or the file cannot be written.
pub fn write_indra<W: Write>(store: &dyn GraphStore, filter: &Filter, curation: &Curation, mut to: W) -> Result<u64, Error> {
    let table = Table::named("claims")?;
    let mut count = 0;
    write!(to, "[")?;
    for row in rows(store, &table, filter, curation)? {
        let row = row?;
        if cell(&table, &row, "decision").as_str() == "rejected" {
            continue;
        }
        let Some(statement) = statement(&table, &row) else { continue };
        write!(to, "{}", if count == 0 { "\n" } else { ",\n" })?;
        serde_json::to_writer(&mut to, &statement).map_err(|e| Error::Io(e.into()))?;
        count += 1;
    }
    writeln!(to, "\n]")?;
    to.flush()?;
    Ok(count)
}

fn statement(table: &Table, row: &Row) -> Option<Value> {
    let get = |column: &str| cell(table, row, column).as_str();
    let amount = ["expression", "abundance", "secretion", "synthesis", "level", "levels", "production"].contains(&get("aspect"));
    let (subject, object) = (agent(get("subject_label"), get("subject_id"))?, agent(get("object_label"), get("object_id"))?);
    let mut statement = match get("relation") {
        "evi:increases" => json!({ "type": if amount { "IncreaseAmount" } else { "Activation" }, "subj": subject, "obj": object }),
        "evi:decreases" => json!({ "type": if amount { "DecreaseAmount" } else { "Inhibition" }, "subj": subject, "obj": object }),
        "evi:produces" => json!({ "type": "IncreaseAmount", "subj": subject, "obj": object }),
        "evi:interactsWith" => json!({ "type": "Complex", "members": [subject, object] }),
        "evi:convertsTo" => json!({ "type": "Conversion", "subj": Value::Null, "obj_from": [subject], "obj_to": [object] }),
        _ => return None,
    };
    let kind = statement["type"].as_str().unwrap_or_default();
    if matches!(kind, "Activation" | "Inhibition") {
        statement["obj_activity"] = "activity".into();
    }
    let confidence: f64 = get("confidence").parse().unwrap_or(0.5);
    statement["belief"] = json!(confidence);
    let id = get("claim_id").rsplit('/').next().unwrap_or_default().to_owned();
    statement["id"] = uuid(&id).into();
    let mut refs = Map::new();
    let article = super::curie(get("article_id"));
    for (prefix, name) in [("doi:", "DOI"), ("PMID:", "PMID"), ("PMC:", "PMCID")] {
        if let Some(local) = article.strip_prefix(prefix) {
            refs.insert(name.to_owned(), if name == "PMCID" { format!("PMC{local}").into() } else { local.into() });
        }
    }
    let mut evidence = json!({
        "source_api": "evigraph", "source_id": get("claim_id"), "text": get("quote"), "text_refs": refs,
        "annotations": { "rule": get("rule"), "section": get("section"), "references": cell(table, row, "references").items(),
            "study_design": get("study_design"), "condition": get("condition_label") },
        "epistemics": { "negated": *cell(table, row, "negated") == Cell::Boolean(true), "hedged": get("certainty") != "affirmed" },
    });
    if let Some(pmid) = article.strip_prefix("PMID:") {
        evidence["pmid"] = pmid.into();
    }
    statement["evidence"] = json!([evidence]);
    Some(statement)
}

fn agent(label: &str, id: &str) -> Option<Value> {
    if label.is_empty() {
        return None;
    }
    let mut refs = Map::new();
    refs.insert("TEXT".to_owned(), label.into());
    if let Some((prefix, local)) = id.split_once(':').filter(|_| !id.contains("://")) {
        let (name, local) = match prefix {
            // INDRA keeps the prefix inside the identifiers of OBO ontologies and ChEBI.
            "CHEBI" | "GO" | "DOID" | "HP" | "CL" | "UBERON" | "MONDO" => (prefix, id),
            "NCBIGene" => ("EGID", local),
            "UniProtKB" => ("UP", local),
            "mirbase" => ("MIRBASE", local),
            _ => (prefix, local),
        };
        refs.insert(name.to_owned(), local.into());
    }
    Some(json!({ "name": label, "db_refs": refs }))
}

/// The hash of a claim in the form of a UUID, which INDRA wants for a statement.
fn uuid(hash: &str) -> String {
    let hex: String = hash.chars().filter(char::is_ascii_hexdigit).chain(std::iter::repeat('0')).take(32).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
