//! Paths of any length whose ends nothing binds: the engine walks them from every node of the store, and no time limit stops it in time.

use super::prepare::each_expression;
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression as Path};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeSet;

type Names = BTreeSet<String>;

/// The variable, or the blank node that stands for one.
pub(super) fn variable_of(term: &TermPattern) -> Option<String> {
    match term {
        TermPattern::Variable(v) => Some(v.as_str().to_owned()),
        TermPattern::BlankNode(b) => Some(format!("_:{}", b.as_str())),
        _ => None,
    }
}

/// The first path of any length that has a variable at both ends, none of them bound by what stands around it.
///
/// `around` is what is bound where the pattern stands, `known` what is bound everywhere: a subquery sees no more than that.
pub(super) fn open_path(pattern: &GraphPattern, around: &Names, known: &Names) -> Option<String> {
    let with = |more: &GraphPattern| {
        let mut names = around.clone();
        bound(more, &mut names);
        names
    };
    match pattern {
        GraphPattern::Path { subject, path, object } => {
            let ends = [variable_of(subject), variable_of(object)];
            let open = unbounded(path) && ends.iter().all(|e| e.as_ref().is_some_and(|e| !around.contains(e)));
            open.then(|| format!("{subject} {path} {object}"))
        }
        GraphPattern::Join { left, right } => open_path(left, &with(right), known).or_else(|| open_path(right, &with(left), known)),
        GraphPattern::Lateral { left, right } => open_path(left, around, known).or_else(|| open_path(right, &with(left), known)),
        GraphPattern::LeftJoin { left, right, expression } => open_path(left, around, known)
            .or_else(|| open_path(right, &with(left), known))
            .or_else(|| expression.as_ref().and_then(|e| in_expression(e, &with(left), known))),
        GraphPattern::Filter { expr, inner } => open_path(inner, around, known).or_else(|| in_expression(expr, &with(inner), known)),
        GraphPattern::Extend { inner, expression, .. } => {
            open_path(inner, around, known).or_else(|| in_expression(expression, &with(inner), known))
        }
        GraphPattern::Union { left, right } => open_path(left, around, known).or_else(|| open_path(right, around, known)),
        // The right side is computed by itself.
        GraphPattern::Minus { left, right } => open_path(left, around, known).or_else(|| open_path(right, known, known)),
        GraphPattern::Graph { inner, .. } => open_path(inner, around, known),
        GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. } => open_path(inner, known, known),
        // What runs elsewhere is limited there.
        GraphPattern::Service { .. } | GraphPattern::Bgp { .. } | GraphPattern::Values { .. } => None,
    }
}

fn in_expression(expression: &Expression, around: &Names, known: &Names) -> Option<String> {
    let mut found = None;
    each_expression(expression, &mut |e| {
        if let Expression::Exists(pattern) = e {
            found = found.take().or_else(|| open_path(pattern, around, known));
        }
    });
    found
}

/// Adds the variables that the pattern surely binds.
fn bound(pattern: &GraphPattern, names: &mut Names) {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            for TriplePattern { subject, predicate, object } in patterns {
                names.extend(variable_of(subject).into_iter().chain(variable_of(object)));
                if let NamedNodePattern::Variable(v) = predicate {
                    names.insert(v.as_str().to_owned());
                }
            }
        }
        GraphPattern::Path { subject, path, object } => {
            let ends = [variable_of(subject), variable_of(object)];
            if !unbounded(path) || ends.iter().any(|e| e.as_ref().is_none_or(|e| names.contains(e))) {
                names.extend(ends.into_iter().flatten());
            }
        }
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            bound(left, names);
            bound(right, names);
        }
        GraphPattern::Union { left, right } => {
            let (mut a, mut b) = (Names::new(), Names::new());
            bound(left, &mut a);
            bound(right, &mut b);
            names.extend(a.intersection(&b).cloned());
        }
        GraphPattern::Values { variables, bindings } => {
            let whole = variables.iter().enumerate().filter(|(i, _)| bindings.iter().all(|row| row.get(*i).is_some_and(Option::is_some)));
            names.extend(whole.map(|(_, v)| v.as_str().to_owned()));
        }
        GraphPattern::Extend { inner, variable, .. } => {
            bound(inner, names);
            names.insert(variable.as_str().to_owned());
        }
        GraphPattern::Project { inner, variables } => {
            let mut inside = Names::new();
            bound(inner, &mut inside);
            names.extend(variables.iter().map(|v| v.as_str().to_owned()).filter(|v| inside.contains(v)));
        }
        GraphPattern::Group { variables, .. } => names.extend(variables.iter().map(|v| v.as_str().to_owned())),
        GraphPattern::Graph { name, inner } => {
            bound(inner, names);
            if let NamedNodePattern::Variable(v) = name {
                names.insert(v.as_str().to_owned());
            }
        }
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Minus { left: inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::Service { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => bound(inner, names),
    }
}

/// Whether the path may be of any length.
fn unbounded(path: &Path) -> bool {
    match path {
        Path::ZeroOrMore(_) | Path::OneOrMore(_) => true,
        Path::Sequence(a, b) | Path::Alternative(a, b) => unbounded(a) || unbounded(b),
        Path::Reverse(p) | Path::ZeroOrOne(p) => unbounded(p),
        Path::NamedNode(_) | Path::NegatedPropertySet(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Error, QueryOptions, prepare};

    fn refused(pattern: &str) -> bool {
        matches!(prepare(&format!("SELECT * {{ {pattern} }}"), &QueryOptions::default()), Err(Error::UnboundPath(_)))
    }

    #[test]
    fn what_nothing_binds_is_refused() {
        for pattern in [
            "?a rdfs:subClassOf* ?b",
            "?a (rdfs:subClassOf|rdfs:seeAlso)* ?b . ?a owl:sameAs+ ?c",
            "?a rdfs:subClassOf* ?b OPTIONAL { ?b rdfs:label ?l }",
            "{ ?a rdfs:subClassOf+ ?b } UNION { ?b rdfs:label ?l }",
            "?a rdfs:label ?l MINUS { ?a rdfs:subClassOf* ?b }",
            "?a rdfs:label ?l { SELECT ?a ?b { ?a rdfs:subClassOf* ?b } LIMIT 1 }",
            "FILTER EXISTS { ?a rdfs:subClassOf* ?b }",
        ] {
            assert!(refused(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_is_bound_may_run() {
        for pattern in [
            "?a rdfs:subClassOf* obo:X",
            "?a rdfs:subClassOf* ?b . ?b rdfs:label 'x'",
            "?a rdfs:subClassOf* ?b . ?b rdfs:subClassOf* obo:X",
            "VALUES ?a { obo:X } ?a rdfs:subClassOf* ?b",
            "?a rdfs:label ?l FILTER NOT EXISTS { ?a rdfs:subClassOf+ ?b }",
            "?a rdfs:label ?l OPTIONAL { ?a rdfs:subClassOf+ ?b }",
            "?a rdf:type/rdfs:label ?b",
        ] {
            assert!(!refused(pattern), "{pattern}");
        }
    }
}
