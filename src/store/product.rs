//! Products of rows that no variable connects: the engine looks at its cancellation token where it reads the store, and a product of rows
//! already read can go on for hours without. Each such product gets a filter that unwinds out of the engine once the token is cancelled.

use super::prepare::Occurrences;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, SparqlEvaluator};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern};
use std::panic::AssertUnwindSafe;

/// The name by which the filter calls [`watched`]'s function.
const IN_TIME: &str = "urn:evigraph:in-time";

/// What unwinds out of the engine.
struct Stopped;

/// Runs a part of a query; a product that unwinds is a query that was cancelled.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, QueryEvaluationError> {
    std::panic::catch_unwind(AssertUnwindSafe(run)).map_err(|cause| match cause.downcast::<Stopped>() {
        Ok(_) => QueryEvaluationError::Cancelled,
        Err(other) => std::panic::resume_unwind(other),
    })
}

/// An evaluator whose watched products unwind once the token is cancelled; what it runs goes through [`caught`].
pub(super) fn watched(engine: SparqlEvaluator, token: CancellationToken) -> SparqlEvaluator {
    let yes = Term::Literal(Literal::new_typed_literal("true", xsd::BOOLEAN));
    engine.with_custom_function(NamedNode::new_unchecked(IN_TIME), move |_| {
        if token.is_cancelled() {
            std::panic::resume_unwind(Box::new(Stopped));
        }
        Some(yes.clone())
    })
}

/// Puts the filter on every product of the query. A query without products stays as it is, and so does its plan.
pub(super) fn watch(query: &mut Query) {
    let (Query::Select { pattern, .. } | Query::Construct { pattern, .. } | Query::Describe { pattern, .. } | Query::Ask { pattern, .. }) =
        query;
    watch_pattern(pattern);
}

/// A part of a join, with its variables and blank nodes.
struct Part {
    pattern: GraphPattern,
    variables: Vec<String>,
}

fn part(pattern: GraphPattern) -> Part {
    let variables = variables(&pattern);
    Part { pattern, variables }
}

/// The variables and blank nodes of a pattern.
fn variables(pattern: &GraphPattern) -> Vec<String> {
    let mut seen = Occurrences::default();
    seen.pattern(pattern);
    seen.counts.into_keys().collect()
}

fn empty() -> GraphPattern {
    GraphPattern::Bgp { patterns: Vec::new() }
}

/// The parts of a join, joins inside it opened and triple patterns taken one by one.
fn parts(pattern: GraphPattern, into: &mut Vec<Part>) {
    match pattern {
        GraphPattern::Join { left, right } => {
            parts(*left, into);
            parts(*right, into);
        }
        GraphPattern::Bgp { patterns } => into.extend(patterns.into_iter().map(|t| part(GraphPattern::Bgp { patterns: vec![t] }))),
        other => into.push(part(other)),
    }
}

/// Parts that share no variable with each other, each joined of those that do.
fn islands(parts: Vec<Part>) -> Vec<Part> {
    let mut islands: Vec<Part> = Vec::new();
    for new in parts {
        // A part without variables has one row at most.
        let alone = new.variables.is_empty() && !islands.is_empty();
        let touches = |old: &Part| old.variables.is_empty() || old.variables.iter().any(|v| new.variables.contains(v));
        let (mut near, far): (Vec<_>, Vec<_>) = islands.into_iter().partition(|old| !alone && touches(old));
        islands = far;
        if alone {
            near.extend(islands.pop());
        }
        islands.push(near.into_iter().chain([new]).reduce(join).unwrap_or_else(|| part(empty())));
    }
    islands
}

fn join(a: Part, b: Part) -> Part {
    let pattern = match (a.pattern, b.pattern) {
        (GraphPattern::Bgp { patterns: mut one }, GraphPattern::Bgp { patterns: two }) => {
            one.extend(two);
            GraphPattern::Bgp { patterns: one }
        }
        (left, right) => GraphPattern::Join { left: Box::new(left), right: Box::new(right) },
    };
    Part { pattern, variables: a.variables.into_iter().chain(b.variables).collect() }
}

/// A call that names a variable of either side, so that the plan keeps it above their product.
fn in_time(left: &[String], right: &[String]) -> Option<Expression> {
    let bound = |names: &[String]| names.iter().find(|n| !n.starts_with('_')).map(|n| Expression::Bound(Variable::new_unchecked(n)));
    Some(Expression::FunctionCall(Function::Custom(NamedNode::new_unchecked(IN_TIME)), vec![bound(left)?, bound(right)?]))
}

fn product(left: Part, right: Part) -> Part {
    let call = in_time(&left.variables, &right.variables);
    let joined = join(left, right);
    match call {
        Some(expr) => Part { pattern: GraphPattern::Filter { expr, inner: Box::new(joined.pattern) }, ..joined },
        None => joined,
    }
}

/// Watches what stands inside the parts of a join.
fn watch_parts(pattern: &mut GraphPattern) {
    match pattern {
        GraphPattern::Bgp { .. } => {}
        GraphPattern::Join { left, right } => {
            watch_parts(left);
            watch_parts(right);
        }
        other => watch_pattern(other),
    }
}

fn watch_pattern(pattern: &mut GraphPattern) {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Join { .. } => {
            watch_parts(pattern);
            let mut found = Vec::new();
            parts(pattern.clone(), &mut found);
            let islands = islands(found);
            if islands.len() > 1 {
                *pattern = islands.into_iter().reduce(product).map_or_else(empty, |p| p.pattern);
            }
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            watch_pattern(left);
            watch_pattern(right);
            let (a, b) = (variables(left), variables(right));
            if !a.iter().any(|v| b.contains(v))
                && let Some(call) = in_time(&a, &b)
            {
                *expression = Some(match expression.take() {
                    Some(e) => Expression::And(Box::new(call), Box::new(e)),
                    None => call,
                });
            }
        }
        GraphPattern::Union { left, right } | GraphPattern::Minus { left, right } | GraphPattern::Lateral { left, right } => {
            watch_pattern(left);
            watch_pattern(right);
        }
        // EXISTS ends with its first row, and reads the store for each.
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. } => watch_pattern(inner),
        GraphPattern::Path { .. } | GraphPattern::Values { .. } | GraphPattern::Service { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::watch;
    use crate::store::{QueryOptions, prepare};
    use oxigraph::model::{NamedNode, Variable};
    use spargebra::SparqlParser;

    /// How often the filter stands in the query.
    fn filters(pattern: &str) -> usize {
        let mut query = SparqlParser::new().parse_query(&format!("SELECT * {{ {pattern} }}")).expect("a query");
        let before = query.clone();
        watch(&mut query);
        let count = query.to_string().matches(super::IN_TIME).count();
        assert_eq!(count == 0, query == before, "a query without products stays as it is: {query}");
        count
    }

    #[test]
    fn products_and_they_alone_are_watched() {
        for (pattern, times) in [
            ("?a <urn:p> ?x . ?x <urn:q> ?b", 0),
            ("?a <urn:p> _:x . _:x <urn:q> ?b", 0),
            ("VALUES (?a ?b) { (<urn:1> <urn:2>) } ?a <urn:p> ?x . ?b <urn:p> ?y", 0),
            ("?a <urn:p> ?x . <urn:s> <urn:p> <urn:o>", 0),
            ("?a <urn:p> ?x . ?b <urn:p> ?y . ?x <urn:q> ?y", 0),
            ("?a <urn:p> ?x OPTIONAL { ?x <urn:p> ?y }", 0),
            ("?a <urn:p> ?x . ?b <urn:p> ?y", 1),
            ("?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z FILTER(?x + ?y = ?z)", 2),
            ("?a <urn:p> ?x OPTIONAL { ?b <urn:p> ?y }", 1),
            ("{ ?a <urn:p> ?x . ?b <urn:p> ?y } UNION { ?a <urn:p> ?b }", 1),
            ("?a <urn:p> ?x { SELECT ?c ?d { ?c <urn:p> ?y . ?d <urn:p> ?z } }", 2),
        ] {
            assert_eq!(filters(pattern), times, "{pattern}");
        }
    }

    #[test]
    fn shipped_questions_and_checks_pay_nothing() {
        let mut watched = Vec::new();
        for folder in ["queries/explore", "queries/check"] {
            for entry in std::fs::read_dir(folder).expect("the folder is part of the package") {
                let path = entry.expect("an entry").path();
                if path.extension().is_none_or(|e| e != "rq") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).expect("a query");
                // With its required parameters bound, as it is run.
                let header = text.lines().filter_map(|l| l.strip_prefix("# parameter: "));
                let required = header.filter_map(|l| l.split_once(' ').filter(|(_, more)| more.contains("required")).map(|(name, _)| name));
                let thing = NamedNode::new_unchecked("urn:thing");
                let parameters = required.map(|name| (Variable::new_unchecked(name), thing.clone().into())).collect();
                let options = QueryOptions { parameters, ..QueryOptions::default() };
                let mut query = prepare(&text, &options).expect("a query");
                let before = query.clone();
                watch(&mut query);
                if query != before {
                    watched.push(path.display().to_string());
                }
            }
        }
        // Its few rows of VALUES stand beside all sections.
        assert_eq!(watched, ["queries/check/heading-contradicts-case.rq"]);
    }
}
