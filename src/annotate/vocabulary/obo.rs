//! OBO files (format 1.2 and 1.4), line by line: a bad line outside terms does not cost the file.

use super::{cycle, scope, xref};
use crate::annotate::{AnnotateError, Category, Scope, Term, Vocabulary};
use std::collections::HashMap;

/// Reads the `[Term]` stanzas: id, name, synonyms, cross-references, `is_a`, `part_of`, obsolete and alternative identifiers.
///
/// # Errors
/// A term without identifier, an identifier that stands twice, a synonym without closing quotes, a stanza head without bracket,
/// a circle of `is_a`.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let wrong = |line: usize, problem: String| AnnotateError::Syntax { file: file.to_owned(), line, problem };
    let mut out = Vocabulary::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut term: Option<(Term, usize)> = None;
    let mut above: Vec<cycle::Edge> = Vec::new();
    let mut close = |term: Option<(Term, usize)>, out: &mut Vocabulary| -> Result<(), AnnotateError> {
        let Some((t, line)) = term else { return Ok(()) };
        if t.id.is_empty() {
            return Err(wrong(line, "a term without `id:`".to_owned()));
        }
        // Some releases write relations as terms; their identifiers have no prefix.
        if !t.id.contains(':') {
            return Ok(());
        }
        if let Some(first) = seen.insert(t.id.clone(), line) {
            return Err(wrong(line, format!("{} stands twice, first in the stanza of line {first}", t.id)));
        }
        out.terms.push(t);
        Ok(())
    };
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let line = line.trim_end();
        if line.starts_with('[') {
            if !line.ends_with(']') {
                return Err(wrong(number, format!("a stanza head without closing bracket: `{}`", shorten(line))));
            }
            close(term.take(), &mut out)?;
            if line == "[Term]" {
                term = Some((Term::default(), number));
            }
            continue;
        }
        let (Some((t, _)), Some((tag, value))) = (&mut term, line.split_once(':')) else { continue };
        let value = value.trim();
        match tag {
            "id" => bare(value).clone_into(&mut t.id),
            "name" => t.label = unescape(value),
            "synonym" => {
                let (name, rest) = quoted(value).ok_or_else(|| wrong(number, "a synonym without closing quotes".to_owned()))?;
                let kind = rest.split_whitespace().next().map_or(Scope::Related, scope);
                t.synonyms.push((name, kind));
            }
            "exact_synonym" | "narrow_synonym" | "broad_synonym" | "related_synonym" => {
                let (name, _) = quoted(value).ok_or_else(|| wrong(number, "a synonym without closing quotes".to_owned()))?;
                t.synonyms.push((name, scope(&tag.trim_end_matches("_synonym").to_ascii_uppercase())));
            }
            "xref" => t.xrefs.extend(xref(value)),
            "alt_id" => {
                let pair = (t.id.clone(), bare(value).to_owned());
                out.mappings.push(pair);
            }
            "is_a" => {
                above.push((t.id.clone(), bare(value).to_owned(), number));
                t.parents.push(bare(value).to_owned());
            }
            "relationship" => {
                if let Some(part) = value.strip_prefix("part_of ").or_else(|| value.strip_prefix("BFO:0000050 ")) {
                    t.parents.push(bare(part).to_owned());
                }
            }
            "namespace" => {
                t.category = match value {
                    "biological_process" => Some(Category::BiologicalProcess),
                    "molecular_function" => Some(Category::MolecularActivity),
                    "cellular_component" => Some(Category::CellularComponent),
                    _ => t.category,
                }
            }
            "is_obsolete" => t.obsolete = value.starts_with("true"),
            _ => {}
        }
    }
    close(term.take(), &mut out)?;
    cycle::refuse(&above, file)?;
    Ok(out)
}

fn shorten(line: &str) -> String {
    line.chars().take(60).collect()
}

/// The first word of a value: what follows are a comment (`! name`) or qualifiers.
fn bare(value: &str) -> &str {
    value.split_whitespace().next().unwrap_or("")
}

/// The text in double quotes that `value` begins with, and the rest.
fn quoted(value: &str) -> Option<(String, &str)> {
    let inner = value.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some((unescape(&inner[..at]), &inner[at + 1..])),
            _ => escaped = false,
        }
    }
    None
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 't' | 'W') => out.push(' '),
                Some(c) => out.push(c),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "format-version: 1.2\n\n[Term]\nid: CL:0000138\nname: chondrocyte\nsynonym: \"cartilage \\\"cell\\\"\" EXACT []\nxref: MSH:D019902 {source=\"x\"}\nalt_id: CL:0000999\nis_a: CL:0000499 ! stromal cell\nrelationship: part_of UBERON:0002418 ! cartilage tissue\n\n[Typedef]\nid: part_of\n";

    #[test]
    fn stanzas_become_terms() {
        let v = read(GOOD, "cl.obo").unwrap_or_default();
        assert_eq!(v.terms.len(), 1);
        let t = &v.terms[0];
        assert_eq!((t.id.as_str(), t.label.as_str()), ("CL:0000138", "chondrocyte"));
        assert_eq!(t.synonyms, [("cartilage \"cell\"".to_owned(), Scope::Exact)]);
        assert_eq!(t.xrefs, ["MESH:D019902"]);
        assert_eq!(t.parents, ["CL:0000499", "UBERON:0002418"]);
        assert_eq!(v.mappings, [("CL:0000138".to_owned(), "CL:0000999".to_owned())]);
    }

    #[test]
    fn errors_name_the_line() {
        for (text, at) in [
            ("[Term]\nname: x\n", 1),
            ("[Term]\nid: A:1\nsynonym: \"open EXACT []\n", 3),
            ("[Term]\nid: A:1\n\n[Term]\nid: A:1\n", 4),
            ("[Term\nid: A:1\n", 1),
            ("[Term]\nid: A:1\nis_a: A:2\n\n[Term]\nid: A:2\nis_a: A:1\n", 3),
        ] {
            assert!(matches!(read(text, "a.obo"), Err(AnnotateError::Syntax { line, .. }) if line == at), "{text}");
        }
    }
}
