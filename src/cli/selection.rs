//! Which claims the user selects: `--where`, `--condition`, `--since`, `--decision`.

use super::args::Selection;
use super::terminal::Terminal;
use crate::export::{Filter, curie};
use crate::graph::Prefixes;
use crate::query;
use crate::review::Verdict;
use crate::store::GraphStore;
use anyhow::{Result, ensure};
use oxigraph::model::Term;

/// Columns whose values are things with names.
const NAMED: &[&str] = &["subject", "object", "condition", "intervention", "outcome"];

/// The conditions as a filter; names of things are looked up among the labels and synonyms of the store, and what they are taken for is told.
///
/// # Errors
/// Where a condition cannot be read, nothing bears a name, or the store fails.
pub fn filter(selection: &Selection, store: &dyn GraphStore, terminal: &Terminal) -> Result<Filter> {
    let mut filter = Filter::none();
    let condition = selection.condition.iter().map(|c| format!("condition={c}"));
    for text in selection.filters.iter().cloned().chain(condition) {
        filter = match text.split_once('=').map(|(column, value)| (column.trim(), value.trim())) {
            Some((column, value)) if !value.is_empty() && NAMED.contains(&column) && Prefixes::shipped().resolve(value).is_none() => {
                filter.equal(column, &named(store, column, value, terminal)?)
            }
            _ => filter.with(&text)?,
        };
    }
    if let Some(since) = &selection.since {
        let digits = since.split('-').map(str::len).collect::<Vec<_>>();
        let dated = since.bytes().all(|b| b.is_ascii_digit() || b == b'-') && matches!(digits.as_slice(), [4] | [4, 2] | [4, 2, 2]);
        ensure!(dated, "{since:?} is no date: write 2023, 2023-05 or 2023-05-17");
        filter = filter.since(since);
    }
    if let Some(verdict) = &selection.decision {
        filter = filter.equal("decision", Verdict::from_name(verdict)?.as_str());
    }
    Ok(filter)
}

/// The identifier of what bears the name.
fn named(store: &dyn GraphStore, column: &str, name: &str, terminal: &Terminal) -> Result<String> {
    let found = query::resolve(store, column, name, Some(query::Kind::Entity))?;
    let Term::NamedNode(iri) = found.term else { return Ok(name.to_owned()) };
    let id = curie(iri.as_str());
    let also = if found.others.is_empty() { String::new() } else { format!("; so are called {} too", found.others.join(", ")) };
    terminal.note(format!("{column} {name} is taken for {id} ({}){also}", found.label.unwrap_or_default()));
    Ok(id)
}
