//! Queries that read most of the graphs that they name: patterns are read one by one and joined by hash.
//!
//! The engine joins a pattern to the rows so far by a search of the index for each row, which suits a query that looks for little. A search costs
//! some seven microseconds, a statement that a scan passes by a seventh of that.

use oxigraph::model::Variable;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::HashMap;

/// Makes each pattern inside `GRAPH ?g` a query of its own, where VALUES tell what `?g` may be: the engine joins subqueries by hash.
pub(super) fn by_scan(query: &mut Query) {
    let (Query::Select { pattern, .. } | Query::Construct { pattern, .. } | Query::Describe { pattern, .. } | Query::Ask { pattern, .. }) =
        query;
    let mut graphs = HashMap::new();
    each_part(pattern, &mut |part| {
        if let GraphPattern::Values { variables, .. } = part
            && let [variable] = variables.as_slice()
        {
            graphs.insert(variable.clone(), part.clone());
        }
    });
    each_part(pattern, &mut |part| {
        if let GraphPattern::Graph { name: NamedNodePattern::Variable(name), inner } = &*part
            && let (Some(values), GraphPattern::Bgp { patterns }) = (graphs.get(name), &**inner)
            && patterns.len() > 1
            && let Some(apart) = apart(patterns, name, values)
        {
            *part = apart;
        }
    });
}

/// The patterns as subqueries, each over the graphs of `values`; `None` where a blank node ties them together.
fn apart(patterns: &[TriplePattern], name: &Variable, values: &GraphPattern) -> Option<GraphPattern> {
    let one = |triple: &TriplePattern| {
        let mut variables = vec![name.clone()];
        for term in [&triple.subject, &triple.object] {
            match term {
                TermPattern::Variable(v) => variables.push(v.clone()),
                TermPattern::BlankNode(_) => return None,
                _ => {}
            }
        }
        if let NamedNodePattern::Variable(v) = &triple.predicate {
            variables.push(v.clone());
        }
        variables.dedup();
        let inner = GraphPattern::Bgp { patterns: vec![triple.clone()] };
        let graph = GraphPattern::Graph { name: name.clone().into(), inner: Box::new(inner) };
        let joined = GraphPattern::Join { left: Box::new(values.clone()), right: Box::new(graph) };
        Some(GraphPattern::Project { inner: Box::new(joined), variables })
    };
    let subqueries: Option<Vec<_>> = patterns.iter().map(one).collect();
    subqueries?.into_iter().reduce(|left, right| GraphPattern::Join { left: Box::new(left), right: Box::new(right) })
}

/// Calls `f` on the parts that are joined at the top of the query, and on what filters, bindings and orders hold.
fn each_part(pattern: &mut GraphPattern, f: &mut dyn FnMut(&mut GraphPattern)) {
    match pattern {
        GraphPattern::Join { left, right } => {
            each_part(left, f);
            each_part(right, f);
        }
        GraphPattern::LeftJoin { left, .. } => each_part(left, f),
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Group { inner, .. } => each_part(inner, f),
        // `GRAPH ?g { … FILTER (…) }` is a filter of what GRAPH holds.
        GraphPattern::Graph { name, inner } if matches!(**inner, GraphPattern::Filter { .. }) => {
            if let GraphPattern::Filter { expr, inner } = &mut **inner
                && !expr.to_string().contains("EXISTS")
            {
                let graph = GraphPattern::Graph { name: name.clone(), inner: inner.clone() };
                *pattern = GraphPattern::Filter { expr: expr.clone(), inner: Box::new(graph) };
                each_part(pattern, f);
            }
        }
        other => f(other),
    }
}

#[cfg(test)]
mod tests {
    use super::by_scan;
    use crate::store::{Answer, GraphStore as _, QueryOptions, Store};
    use spargebra::SparqlParser;

    fn scanned(text: &str) -> String {
        let mut query = SparqlParser::new().parse_query(text).expect("a query");
        by_scan(&mut query);
        query.to_string()
    }

    #[test]
    fn each_pattern_of_a_known_graph_becomes_a_subquery() {
        let known = "VALUES ?g { <urn:g> }";
        for (text, subqueries) in [
            (format!("SELECT ?a ?b {{ {known} GRAPH ?g {{ ?a <urn:p> ?x . ?x <urn:q> ?b }} }}"), 2),
            (format!("SELECT ?a ?b {{ {known} GRAPH ?g {{ ?a <urn:p> ?x . ?x <urn:q> ?b FILTER(?b != 1) }} }} ORDER BY ?a"), 2),
            (format!("SELECT ?a {{ {known} GRAPH ?g {{ ?a <urn:p> ?x }} ?x <urn:q> ?b }}"), 0),
            (format!("SELECT ?a {{ {known} GRAPH ?g {{ ?a <urn:p> _:x . _:x <urn:q> ?b }} }}"), 0),
            ("SELECT ?a ?b { GRAPH ?g { ?a <urn:p> ?x . ?x <urn:q> ?b } }".to_owned(), 0),
        ] {
            assert_eq!(scanned(&text).matches("SELECT").count(), 1 + subqueries, "{text}");
        }
    }

    #[test]
    fn the_answer_is_the_same() {
        let store = Store::memory().expect("a store");
        store
            .update(
                "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> <urn:x>, <urn:y> . <urn:x> <urn:q> 1 . <urn:y> <urn:q> 2 }
                               GRAPH <urn:h> { <urn:b> <urn:p> <urn:x> } GRAPH <urn:i> { <urn:c> <urn:p> <urn:x> . <urn:x> <urn:q> 3 } }",
            )
            .expect("an update");
        let text =
            "SELECT ?g ?a ?b { VALUES ?g { <urn:g> <urn:h> } GRAPH ?g { ?a <urn:p> ?x . ?x <urn:q> ?b . FILTER(?b > 0) } } ORDER BY ?b";
        let rows = |scan| {
            let options = QueryOptions { scan, ..QueryOptions::default() };
            let Ok(Answer::Solutions(rows)) = store.query(text, &options) else { panic!("rows") };
            rows.map(|r| r.expect("a row").values().to_vec()).collect::<Vec<_>>()
        };
        assert_eq!(rows(false).len(), 2);
        assert_eq!(rows(true), rows(false));
    }
}
