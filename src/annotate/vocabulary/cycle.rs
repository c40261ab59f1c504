//! Finds terms that stand above themselves.

use crate::annotate::AnnotateError;
use std::collections::HashMap;

/// One `is_a`: child, parent, and the line it stands on (0 where the format has none).
pub type Edge = (String, String, usize);

/// Refuses a vocabulary in which a term is, over others or not, its own parent.
///
/// # Errors
/// There is such a term; the error tells the way round and the first line of it.
pub fn refuse(edges: &[Edge], file: &str) -> Result<(), AnnotateError> {
    let Some(round) = find(edges) else { return Ok(()) };
    let line = round.iter().map(|e| e.2).min().unwrap_or(0);
    let names: Vec<&str> = round.iter().map(|e| e.0.as_str()).chain(round.first().map(|e| e.0.as_str())).collect();
    Err(AnnotateError::Syntax { file: file.to_owned(), line, problem: format!("a circle of is_a: {}", names.join(" is_a ")) })
}

/// The edges of one circle, in order.
fn find(edges: &[Edge]) -> Option<Vec<&Edge>> {
    // Terms without parents are taken away until none is left; what then remains hangs below a circle or is part of one.
    let mut above: HashMap<&str, usize> = HashMap::new();
    let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
    for (child, parent, _) in edges {
        *above.entry(child).or_default() += 1;
        above.entry(parent).or_default();
        below.entry(parent).or_default().push(child);
    }
    let mut free: Vec<&str> = above.iter().filter(|a| *a.1 == 0).map(|a| *a.0).collect();
    while let Some(term) = free.pop() {
        for child in below.remove(term).unwrap_or_default() {
            if let Some(n) = above.get_mut(child) {
                *n -= 1;
                if *n == 0 {
                    free.push(child);
                }
            }
        }
        above.remove(term);
    }
    // Each remaining term has a parent that remains: going up from any of them comes round.
    let up: HashMap<&str, &Edge> = edges
        .iter()
        .rev()
        .filter(|e| above.contains_key(e.0.as_str()) && above.contains_key(e.1.as_str()))
        .map(|e| (e.0.as_str(), e))
        .collect();
    let mut at = up.keys().min().copied()?;
    let mut path: Vec<&Edge> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    loop {
        if let Some(&start) = seen.get(at) {
            return path.get(start..).map(<[_]>::to_vec);
        }
        seen.insert(at, path.len());
        let edge = up.get(at)?;
        path.push(edge);
        at = &edge.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(&str, &str)]) -> Vec<Edge> {
        pairs.iter().enumerate().map(|(i, p)| (p.0.to_owned(), p.1.to_owned(), i + 1)).collect()
    }

    #[test]
    fn circles_are_found_and_told() {
        assert!(refuse(&edges(&[("A", "B"), ("B", "C"), ("A", "C"), ("D", "A")]), "f").is_ok());
        let error = refuse(&edges(&[("D", "A"), ("A", "B"), ("B", "C"), ("C", "A")]), "f.obo").expect_err("a circle");
        assert!(error.to_string().contains("f.obo:2: a circle of is_a: A is_a B is_a C is_a A"), "{error}");
        assert!(refuse(&edges(&[("A", "A")]), "f").is_err());
    }
}
