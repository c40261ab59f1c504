//! A query before it runs: parsed with the known prefixes, its parameters bound, its costly paths refused.

use super::open_path::{open_path, variable_of};
use super::{Error, QueryOptions};
use crate::graph::Prefixes;
use oxigraph::model::{NamedNode, Term, Variable};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern};
use spargebra::{Query, SparqlParser, Update};
use std::collections::BTreeMap;

/// A parser that knows the project's prefixes.
fn parser(base: Option<&NamedNode>) -> SparqlParser {
    let based = base.and_then(|base| SparqlParser::new().with_base_iri(base.as_str()).ok());
    Prefixes::shipped().iter().fold(based.unwrap_or_default(), |parser, (name, space)| {
        let plain = parser.clone();
        parser.with_prefix(name, space).unwrap_or(plain)
    })
}

/// Parses an update with the known prefixes.
pub(super) fn prepare_update(sparql: &str, base: Option<&NamedNode>) -> Result<Update, Error> {
    Ok(parser(base).parse_update(sparql)?)
}

/// Parses a query with the known prefixes, binds its parameters as terms, and refuses paths that may run without end.
///
/// A parameter is the same in the whole query, subqueries included, and narrows the answer: an OPTIONAL that alone would bind it becomes
/// required.
///
/// # Errors
/// Where the query is not SPARQL, a parameter is none of its variables, or (unless `strict`) a path with a star has two unbound ends.
pub fn prepare(sparql: &str, options: &QueryOptions) -> Result<Query, Error> {
    let mut query = parser(options.base.as_ref()).parse_query(sparql)?;
    if let Some(asked) = &options.dataset {
        let (Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. }) = &mut query;
        *dataset = Some(asked.clone());
    }
    let pattern = match &mut query {
        Query::Select { pattern, .. } | Query::Construct { pattern, .. } | Query::Describe { pattern, .. } | Query::Ask { pattern, .. } => {
            pattern
        }
    };
    let mut seen = Occurrences::default();
    seen.pattern(pattern);
    for (variable, _) in &options.parameters {
        if !seen.counts.contains_key(variable.as_str()) {
            let variables = seen.counts.keys().filter(|v| !v.starts_with('_')).cloned().collect();
            return Err(Error::UnknownParameter { name: variable.as_str().to_owned(), variables });
        }
    }
    if !options.strict {
        let known = options.parameters.iter().map(|p| p.0.as_str().to_owned()).collect();
        if let Some(path) = open_path(pattern, &known, &known) {
            return Err(Error::UnboundPath(path));
        }
    }
    if !options.parameters.is_empty() {
        bind(pattern, &options.parameters);
    }
    Ok(query)
}

/// How often each variable occurs in patterns that can bind it.
#[derive(Default)]
pub(super) struct Occurrences {
    pub(super) counts: BTreeMap<String, usize>,
}

impl Occurrences {
    fn count(&mut self, variable: &Variable) {
        *self.counts.entry(variable.as_str().to_owned()).or_default() += 1;
    }

    fn term(&mut self, term: &TermPattern) {
        if let Some(v) = variable_of(term) {
            *self.counts.entry(v).or_default() += 1;
        }
    }

    fn name(&mut self, name: &NamedNodePattern) {
        if let NamedNodePattern::Variable(v) = name {
            self.count(v);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        each_expression(expression, &mut |e| match e {
            // Used there, but not bound there: known as a parameter, no help to a path.
            Expression::Variable(v) | Expression::Bound(v) => {
                self.counts.entry(v.as_str().to_owned()).or_default();
            }
            Expression::Exists(p) => self.pattern(p),
            _ => {}
        });
    }

    pub(super) fn pattern(&mut self, pattern: &GraphPattern) {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                for t in patterns {
                    self.term(&t.subject);
                    self.name(&t.predicate);
                    self.term(&t.object);
                }
            }
            GraphPattern::Path { subject, object, .. } => {
                self.term(subject);
                self.term(object);
            }
            GraphPattern::Values { variables, .. } => variables.iter().for_each(|v| self.count(v)),
            GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
                self.name(name);
                self.pattern(inner);
            }
            GraphPattern::Extend { inner, variable, expression } => {
                self.count(variable);
                self.expression(expression);
                self.pattern(inner);
            }
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr);
                self.pattern(inner);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                expression.iter().for_each(|e| self.expression(e));
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => {
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Group { inner, .. } => self.pattern(inner),
        }
    }
}

/// Calls `f` on the expression and every expression inside it.
pub(super) fn each_expression<'a>(expression: &'a Expression, f: &mut dyn FnMut(&'a Expression)) {
    f(expression);
    match expression {
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => [a, b].into_iter().for_each(|e| each_expression(e, f)),
        Expression::UnaryPlus(e) | Expression::UnaryMinus(e) | Expression::Not(e) => each_expression(e, f),
        Expression::In(e, list) => {
            each_expression(e, f);
            list.iter().for_each(|e| each_expression(e, f));
        }
        Expression::If(a, b, c) => [a, b, c].into_iter().for_each(|e| each_expression(e, f)),
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => list.iter().for_each(|e| each_expression(e, f)),
        Expression::NamedNode(_) | Expression::Literal(_) | Expression::Variable(_) | Expression::Bound(_) | Expression::Exists(_) => {}
    }
}

/// Whether the pattern can bind the variable.
fn binds(pattern: &GraphPattern, variable: &Variable) -> bool {
    let mut used = Occurrences::default();
    used.pattern(pattern);
    used.counts.get(variable.as_str()).is_some_and(|&n| n > 0)
}

/// Joins one row of values to each part of the pattern that uses a parameter.
fn bind(pattern: &mut GraphPattern, parameters: &[(Variable, Term)]) {
    let mut used = Occurrences::default();
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => used.pattern(pattern),
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            bind(left, parameters);
            bind(right, parameters);
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            let narrows = parameters.iter().any(|p| binds(right, &p.0) && !binds(left, &p.0));
            bind(left, parameters);
            bind(right, parameters);
            if let Some(e) = expression {
                used.expression(e);
                join_values(left, parameters, &used);
                used = Occurrences::default();
            }
            if narrows {
                let empty = || Box::new(GraphPattern::Bgp { patterns: Vec::new() });
                let joined = GraphPattern::Join { left: std::mem::replace(left, empty()), right: std::mem::replace(right, empty()) };
                *pattern = match expression.take() {
                    Some(expr) => GraphPattern::Filter { expr, inner: Box::new(joined) },
                    None => joined,
                };
            }
        }
        GraphPattern::Filter { expr, inner } => {
            bind(inner, parameters);
            used.expression(expr);
            join_values(inner, parameters, &used);
            used = Occurrences::default();
        }
        GraphPattern::Extend { inner, expression, .. } => {
            bind(inner, parameters);
            used.expression(expression);
            join_values(inner, parameters, &used);
            used = Occurrences::default();
        }
        GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
            bind(inner, parameters);
            used.name(name);
        }
        GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. } => bind(inner, parameters),
        GraphPattern::Values { .. } => {}
    }
    join_values(pattern, parameters, &used);
}

fn join_values(pattern: &mut GraphPattern, parameters: &[(Variable, Term)], used: &Occurrences) {
    let bound: Vec<_> = parameters.iter().filter(|p| used.counts.contains_key(p.0.as_str())).collect();
    if bound.is_empty() {
        return;
    }
    let row = bound
        .iter()
        .map(|(_, term)| match term {
            Term::NamedNode(n) => Some(GroundTerm::NamedNode(n.clone())),
            Term::Literal(l) => Some(GroundTerm::Literal(l.clone())),
            Term::BlankNode(_) => None,
        })
        .collect();
    let values = GraphPattern::Values { variables: bound.iter().map(|p| p.0.clone()).collect(), bindings: vec![row] };
    let inner = std::mem::replace(pattern, GraphPattern::Bgp { patterns: Vec::new() });
    *pattern = GraphPattern::Join { left: Box::new(values), right: Box::new(inner) };
}
