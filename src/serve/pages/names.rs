//! By which words articles name the things of their claims, so that these can be marked in a quote.

use super::describe::plain;
use crate::serve::Problem;
use crate::store::{Answer, GraphStore, QueryOptions};
use std::collections::HashMap;

/// The names of what acts and of what is acted on, or of intervention and outcome, by claim.
pub(super) type Names = HashMap<String, [Vec<String>; 2]>;

/// The names that the claims' own articles use, labels included.
///
/// # Errors
/// Where the store fails.
pub(super) fn of(store: &dyn GraphStore, claims: &[&str]) -> Result<Names, Problem> {
    let mut names = Names::new();
    if claims.is_empty() {
        return Ok(names);
    }
    // An occurrence stands in its article's graph: looked up there, it is one search of one index.
    let query = format!(
        "SELECT DISTINCT ?claim ?role ?name {{ VALUES ?claim {{ <{}> }} ?claim evi:inArticle ?article .
           {{ ?claim rdf:subject|evi:intervention ?thing . BIND(0 AS ?role) }} UNION {{ ?claim rdf:object|evi:outcome ?thing . BIND(1 AS ?role) }}
           {{ ?thing rdfs:label ?name }} UNION {{ GRAPH ?article {{ ?seen evi:ofEntity ?thing ; evi:mentionedAs ?name }} }} }}",
        claims.join("> <")
    );
    let Answer::Solutions(rows) = store.query(&query, &QueryOptions::default())? else { return Ok(names) };
    for row in rows {
        let row = row?;
        let role = usize::from(plain(row.get(1)) == "1");
        names.entry(plain(row.get(0))).or_default()[role].push(plain(row.get(2)));
    }
    Ok(names)
}
