//! OWL ontologies in RDF/XML: labels, synonyms, cross-references and named superclasses.

use super::{curie, cycle, scope, xref};
use crate::annotate::{AnnotateError, Term, Vocabulary};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Reads the `owl:Class` elements; anonymous superclasses and axioms are passed over.
///
/// # Errors
/// The XML is not well formed, or classes stand above themselves; the message names the line.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let mut reader = Reader::from_str(text);
    let mut out = Vocabulary::default();
    let mut class: Option<(Term, usize)> = None;
    let mut above: Vec<cycle::Edge> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let mut depth = 0usize;
    let mut field: Option<(String, String)> = None;
    loop {
        let event = reader.read_event().map_err(|e| {
            let at = usize::try_from(reader.error_position()).unwrap_or(text.len()).min(text.len());
            let line = text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
            AnnotateError::Syntax { file: file.to_owned(), line, problem: format!("not well-formed XML: {e}") }
        })?;
        match event {
            Event::Eof => break,
            Event::Start(e) => {
                depth += 1;
                let name = local(&e);
                match &mut class {
                    None if name == "Class" => class = about(&e).map(|id| (Term { id, ..Term::default() }, depth)),
                    Some((_, at)) if depth == *at + 1 => field = Some((name, String::new())),
                    _ => {}
                }
            }
            Event::Empty(e) => {
                if let Some((t, at)) = &mut class
                    && depth == *at
                    && local(&e) == "subClassOf"
                    && let Some(parent) = attribute(&e, "rdf:resource")
                {
                    let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
                    line += text.as_bytes().get(counted..at).map_or(0, |b| b.iter().filter(|b| **b == b'\n').count());
                    counted = at;
                    above.push((t.id.clone(), curie(&parent), line));
                    t.parents.push(curie(&parent));
                }
            }
            Event::Text(t) => {
                if let Some((_, value)) = &mut field {
                    value.push_str(&t);
                }
            }
            Event::GeneralRef(r) => {
                if let Some((_, value)) = &mut field {
                    match &*r {
                        "amp" => value.push('&'),
                        "lt" => value.push('<'),
                        "gt" => value.push('>'),
                        "apos" => value.push('\''),
                        "quot" => value.push('"'),
                        _ => value.extend(r.resolve_char_ref().ok().flatten()),
                    }
                }
            }
            Event::End(_) => {
                if let Some((t, at)) = &mut class {
                    if depth == *at + 1
                        && let Some((name, value)) = field.take()
                    {
                        assign(t, &name, value.trim());
                    } else if depth == *at
                        && let Some((t, _)) = class.take()
                        && !t.label.is_empty()
                    {
                        out.terms.push(t);
                    }
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    cycle::refuse(&above, file)?;
    Ok(out)
}

fn local(e: &BytesStart<'_>) -> String {
    e.local_name().as_ref().to_owned()
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    e.attributes().flatten().find(|a| a.key.as_ref() == name).map(|a| a.value.to_string())
}

fn about(e: &BytesStart<'_>) -> Option<String> {
    attribute(e, "rdf:about").map(|a| curie(&a))
}

fn assign(t: &mut Term, name: &str, value: &str) {
    match name {
        "label" if t.label.is_empty() => value.clone_into(&mut t.label),
        "hasExactSynonym" | "hasRelatedSynonym" | "hasNarrowSynonym" | "hasBroadSynonym" => {
            t.synonyms.push((value.to_owned(), scope(name)))
        }
        "altLabel" => t.synonyms.push((value.to_owned(), scope("EXACT"))),
        "hasDbXref" => t.xrefs.extend(xref(value)),
        "deprecated" => t.obsolete = value == "true",
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_become_terms() {
        let text = r#"<rdf:RDF><owl:Class rdf:about="http://purl.obolibrary.org/obo/MONDO_0005178">
            <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/MONDO_0005578"/>
            <rdfs:subClassOf><owl:Restriction><rdfs:label>not this</rdfs:label></owl:Restriction></rdfs:subClassOf>
            <oboInOwl:hasExactSynonym>arthrosis &amp; more</oboInOwl:hasExactSynonym>
            <rdfs:label>osteoarthritis</rdfs:label></owl:Class></rdf:RDF>"#;
        let v = read(text, "mondo.owl").unwrap_or_default();
        assert_eq!(v.terms.len(), 1);
        assert_eq!(v.terms[0].label, "osteoarthritis");
        assert_eq!(v.terms[0].parents, ["MONDO:0005578"]);
        assert_eq!(v.terms[0].synonyms[0].0, "arthrosis & more");
        assert!(matches!(read("<a>\n<b></a>", "x.owl"), Err(AnnotateError::Syntax { line: 2, .. })));
    }
}
