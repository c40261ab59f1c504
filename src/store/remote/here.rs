//! Queries answered here, over the statements that they can touch: Virtuoso 7.2.5 answers many queries beyond plain patterns wrongly (no rows
//! where a VALUES or a path meets a join, trimmed durations), with an error, or never.

use super::Remote;
use super::ask::Form;
use super::surroundings::statement;
use crate::store::prepare::each_expression;
use crate::store::{Answer, Error, GraphStore as _, QueryOptions, Store};
use oxigraph::model::{NamedNode, Term};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression, PropertyPathExpression as Path};
use spargebra::term::NamedNodePattern;
use std::collections::BTreeSet;

/// Statements that are fetched for one query, at most; with more the server answers as well as it can.
const MOST: u64 = 5_000_000;

impl Remote {
    /// Answers a query here; none where it is plain, or what it can touch is unknown or too much.
    ///
    /// # Errors
    /// Where the statements cannot be fetched, the server keeps some back, or the query fails.
    pub(super) fn answered_here(&self, query: &Query, sparql: &str, options: &QueryOptions) -> Result<Option<Answer<'static>>, Error> {
        let (Query::Select { pattern, .. } | Query::Construct { pattern, .. }) = query else { return Ok(None) };
        let mut predicates = BTreeSet::new();
        if plain(pattern) || !touched(pattern, &mut predicates) {
            return Ok(None);
        }
        let names: Vec<String> = predicates.iter().map(ToString::to_string).collect();
        let wanted = format!("{{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({})) }}", names.join(", "));
        let count = self.number(&format!("SELECT (COUNT(*) AS ?n) {wanted}"))?;
        if count > MOST {
            return Ok(None);
        }
        let asked = QueryOptions { timeout: options.timeout, cancel: options.cancel.clone(), ..QueryOptions::default() };
        let Answer::Solutions(rows) = self.ask(&Form::Rows, &format!("SELECT ?g ?s ?p ?o {wanted}"), None, &asked)? else {
            return Ok(None);
        };
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        if rows.len() as u64 != count {
            let reason = format!("{} of {count} rows came; does the server limit them (ResultSetMaxRows)?", rows.len());
            return Err(Error::Answer { url: self.query.clone(), reason });
        }
        let quads: Vec<_> = rows
            .iter()
            .filter_map(|row| match row.get("g")? {
                Term::NamedNode(graph) => statement(row, graph.clone().into()),
                _ => None,
            })
            .collect();
        drop(rows);
        let copy = Store::empty(self.base.clone())?;
        copy.change(&[], &quads)?;
        copy.answer(sparql, options).map(Some)
    }
}

/// Whether the query is of plain patterns, which servers answer rightly.
fn plain(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } => true,
        GraphPattern::Join { left, right } => plain(left) && plain(right),
        GraphPattern::Filter { inner, expr } => plain(inner) && exists(expr).is_empty(),
        GraphPattern::Graph { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Slice { inner, .. } => plain(inner),
        _ => false,
    }
}

/// The patterns of the EXISTS in an expression.
fn exists(expression: &Expression) -> Vec<&GraphPattern> {
    let mut found = Vec::new();
    each_expression(expression, &mut |e| {
        if let Expression::Exists(pattern) = e {
            found.push(&**pattern);
        }
    });
    found
}

/// Adds the predicates of all statements that the pattern can touch; false where they may have any.
fn touched(pattern: &GraphPattern, names: &mut BTreeSet<NamedNode>) -> bool {
    let mut within = |expression: &Expression| exists(expression).into_iter().all(|p| touched(p, names));
    match pattern {
        GraphPattern::Bgp { patterns } => patterns.iter().all(|t| match &t.predicate {
            NamedNodePattern::NamedNode(name) => {
                names.insert(name.clone());
                true
            }
            NamedNodePattern::Variable(_) => false,
        }),
        GraphPattern::Path { path, .. } => steps(path, names),
        GraphPattern::Values { .. } => true,
        GraphPattern::Service { .. } => false,
        GraphPattern::Filter { inner, expr } | GraphPattern::Extend { inner, expression: expr, .. } => {
            within(expr) && touched(inner, names)
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            expression.as_ref().is_none_or(within) && touched(left, names) && touched(right, names)
        }
        GraphPattern::OrderBy { inner, expression } => {
            expression.iter().all(|(OrderExpression::Asc(e) | OrderExpression::Desc(e))| within(e)) && touched(inner, names)
        }
        GraphPattern::Group { inner, aggregates, .. } => {
            let mut expressions = aggregates.iter().filter_map(|(_, aggregate)| match aggregate {
                AggregateExpression::FunctionCall { expr, .. } => Some(expr),
                AggregateExpression::CountSolutions { .. } => None,
            });
            expressions.all(within) && touched(inner, names)
        }
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => touched(left, names) && touched(right, names),
        GraphPattern::Graph { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => touched(inner, names),
    }
}

/// The same for the steps of a path.
fn steps(path: &Path, names: &mut BTreeSet<NamedNode>) -> bool {
    match path {
        Path::NamedNode(name) => {
            names.insert(name.clone());
            true
        }
        Path::Sequence(a, b) | Path::Alternative(a, b) => steps(a, names) && steps(b, names),
        Path::Reverse(p) | Path::ZeroOrMore(p) | Path::OneOrMore(p) | Path::ZeroOrOne(p) => steps(p, names),
        Path::NegatedPropertySet(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Predicates of a query that is answered here; none for one that the server answers.
    fn predicates(pattern: &str) -> Option<usize> {
        let query = crate::store::prepare(&format!("SELECT * {{ {pattern} }}"), &QueryOptions::default()).expect("a query");
        let Query::Select { pattern, .. } = query else { unreachable!("it is a SELECT") };
        let mut names = BTreeSet::new();
        (!plain(&pattern) && touched(&pattern, &mut names)).then_some(names.len())
    }

    #[test]
    fn the_predicates_of_a_query_are_found_wherever_they_stand() {
        for (pattern, found) in [
            ("?c a evi:Claim ; rdf:object ?o FILTER(?o != evi:x)", None),
            ("?c ?p ?o OPTIONAL { ?o rdfs:label ?l }", None),
            ("?c a evi:Claim OPTIONAL { ?c rdfs:label ?l }", Some(2)),
            ("?c a evi:Claim FILTER NOT EXISTS { ?c rdf:object/rdfs:label ?l }", Some(3)),
            ("?c a/(rdfs:subClassOf|^rdfs:seeAlso)* evi:Claim", Some(3)),
            ("?c a evi:Claim BIND(EXISTS { ?c rdfs:label ?l } AS ?named)", Some(2)),
            ("{ SELECT ?c (COUNT(?o) AS ?n) { GRAPH ?g { ?c rdf:object ?o } } GROUP BY ?c } UNION { VALUES ?c { evi:x } }", Some(1)),
            ("?c a evi:Claim . ?c !rdfs:label ?o", None),
        ] {
            assert_eq!(predicates(pattern), found, "{pattern}");
        }
    }
}
