//! The order of an article's quads: by graph, then by line.

use oxigraph::model::{GraphName, NamedNodeRef, Quad, TermRef};
use std::cmp::Ordering;

/// Sorts quads by graph and then by line, and leaves each once.
pub(super) fn sorted(mut quads: Vec<Quad>) -> Vec<Quad> {
    quads.sort_unstable_by(by_line);
    quads.dedup();
    quads
}

/// The order of two lines of N-Quads, graph first, without the lines: to write them takes a tenth of all time.
fn by_line(a: &Quad, b: &Quad) -> Ordering {
    let graphs = match (&a.graph_name, &b.graph_name) {
        (GraphName::NamedNode(a), GraphName::NamedNode(b)) => by_iri(a.as_ref(), b.as_ref()),
        (a, b) => a.to_string().cmp(&b.to_string()),
    };
    graphs
        .then_with(|| by_term(a.subject.as_ref().into(), b.subject.as_ref().into()))
        .then_with(|| by_iri(a.predicate.as_ref(), b.predicate.as_ref()))
        .then_with(|| by_term(a.object.as_ref(), b.object.as_ref()))
}

fn by_term(a: TermRef<'_>, b: TermRef<'_>) -> Ordering {
    match (a, b) {
        (TermRef::NamedNode(a), TermRef::NamedNode(b)) => by_iri(a, b),
        (a, b) if a == b => Ordering::Equal,
        (a, b) => a.to_string().cmp(&b.to_string()),
    }
}

/// The order of two IRIs in angle brackets: the end of the one stands against a character of the other.
fn by_iri(a: NamedNodeRef<'_>, b: NamedNodeRef<'_>) -> Ordering {
    let (a, b) = (a.as_str().as_bytes(), b.as_str().as_bytes());
    let both = a.len().min(b.len());
    let next = |iri: &[u8]| iri.get(both).copied().unwrap_or(b'>');
    a[..both].cmp(&b[..both]).then_with(|| next(a).cmp(&next(b)))
}

#[cfg(test)]
mod tests {
    use super::by_line;
    use oxigraph::model::vocab::xsd;
    use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};

    #[test]
    fn the_order_is_that_of_the_lines() {
        let name = |local: &str| NamedNode::new_unchecked(format!("urn:{local}"));
        // A path, a number and a letter stand before and behind the bracket that ends a shorter IRI.
        let names = ["a", "a/b", "a1", "ab", "a~", "b"].map(name);
        let mut objects: Vec<Term> = names.iter().cloned().map(Term::from).collect();
        objects.extend(["a", "a b", "a\"b", "a\nb", "é"].map(|text| Literal::from(text).into()));
        objects.push(Literal::new_typed_literal("a", xsd::DATE).into());
        let mut quads = Vec::new();
        for (at, object) in objects.iter().enumerate() {
            for subject in &names {
                let graph = GraphName::from(names[at % 3].clone());
                quads.push(Quad::new(subject.clone(), names[at % names.len()].clone(), object.clone(), graph));
            }
        }
        let line = |q: &Quad| format!("{}{q}", q.graph_name);
        for a in &quads {
            for b in &quads {
                assert_eq!(by_line(a, b), line(a).cmp(&line(b)), "{a} {b}");
            }
        }
    }
}
