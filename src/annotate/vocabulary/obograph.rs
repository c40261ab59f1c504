//! OBO Graphs in JSON (<https://github.com/geneontology/obographs>).

use super::{curie, cycle, scope, xref};
use crate::annotate::{AnnotateError, Term, Vocabulary};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct File {
    graphs: Vec<Graph>,
}

#[derive(Deserialize)]
struct Graph {
    #[serde(default)]
    nodes: Vec<Node>,
    #[serde(default)]
    edges: Vec<Edge>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    lbl: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Meta {
    synonyms: Vec<Synonym>,
    xrefs: Vec<Value>,
    deprecated: bool,
}

#[derive(Deserialize)]
struct Synonym {
    pred: String,
    val: String,
}

#[derive(Deserialize)]
struct Value {
    val: String,
}

#[derive(Deserialize)]
struct Edge {
    sub: String,
    pred: String,
    obj: String,
}

/// Reads the classes of all graphs in the file, with `is_a` and `part_of` (`BFO:0000050`) as parents.
///
/// # Errors
/// The text is not JSON of this form, and the message names the line; a circle of `is_a`.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let parsed: File = serde_json::from_str(text).map_err(|e| AnnotateError::Syntax {
        file: file.to_owned(),
        line: e.line(),
        problem: format!("not an OBO graph: {e}"),
    })?;
    let mut out = Vocabulary::default();
    let mut above: Vec<cycle::Edge> = Vec::new();
    for graph in parsed.graphs {
        let mut place: HashMap<String, usize> = HashMap::new();
        for node in graph.nodes {
            let Some(label) = node.lbl else { continue };
            if node.kind.as_deref().is_some_and(|k| k != "CLASS") {
                continue;
            }
            let id = curie(&node.id);
            place.insert(node.id, out.terms.len());
            out.terms.push(Term {
                id,
                label,
                synonyms: node.meta.synonyms.into_iter().map(|s| (s.val, scope(&s.pred))).collect(),
                xrefs: node.meta.xrefs.iter().filter_map(|x| xref(&x.val)).collect(),
                obsolete: node.meta.deprecated,
                ..Term::default()
            });
        }
        for edge in graph.edges {
            if edge.pred == "is_a" {
                above.push((curie(&edge.sub), curie(&edge.obj), 0));
            }
            if (edge.pred == "is_a" || edge.pred.ends_with("BFO_0000050"))
                && let Some(&i) = place.get(&edge.sub)
            {
                out.terms[i].parents.push(curie(&edge.obj));
            }
        }
    }
    cycle::refuse(&above, file)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::Scope;

    #[test]
    fn nodes_and_edges_become_terms() {
        let text = r#"{"graphs":[{"nodes":[{"id":"http://purl.obolibrary.org/obo/HP_0012531","lbl":"Pain","type":"CLASS",
            "meta":{"synonyms":[{"pred":"hasExactSynonym","val":"ache"}],"xrefs":[{"val":"UMLS:C0030193"}]}}],
            "edges":[{"sub":"http://purl.obolibrary.org/obo/HP_0012531","pred":"is_a","obj":"http://purl.obolibrary.org/obo/HP_0025142"}]}]}"#;
        let v = read(text, "hp.json").unwrap_or_default();
        assert_eq!(v.terms[0].id, "HP:0012531");
        assert_eq!(v.terms[0].synonyms, [("ache".to_owned(), Scope::Exact)]);
        assert_eq!(v.terms[0].parents, ["HP:0025142"]);
        assert!(matches!(read("{\n\"graphs\": 3}", "a.json"), Err(AnnotateError::Syntax { line: 2, .. })));
    }
}
