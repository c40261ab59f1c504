//! SSSOM mappings (<https://mapping-commons.github.io/sssom/>): which identifiers of two vocabularies mean the same.

use super::xref;
use crate::annotate::{AnnotateError, Vocabulary};

/// Reads exact matches; broader, narrower and close ones merge nothing and are passed over.
///
/// # Errors
/// A missing column, a row with another number of cells than the header, an identifier without prefix.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let wrong = |line: usize, problem: String| AnnotateError::Syntax { file: file.to_owned(), line, problem };
    let mut lines = text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.is_empty());
    let (first, header) = lines.next().ok_or_else(|| wrong(1, "no header".to_owned()))?;
    let header: Vec<&str> = header.split('\t').collect();
    let column = |name: &str| {
        let at = header.iter().position(|h| h.trim() == name);
        at.ok_or_else(|| wrong(first + 1, format!("no column `{name}`")))
    };
    let (subject, predicate, object) = (column("subject_id")?, column("predicate_id")?, column("object_id")?);
    let mut out = Vocabulary::default();
    for (number, line) in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() > header.len() || cells.len() <= subject.max(predicate).max(object) {
            return Err(wrong(number + 1, format!("{} cells where the header has {}", cells.len(), header.len())));
        }
        if !matches!(cells[predicate], "skos:exactMatch" | "owl:equivalentClass" | "owl:sameAs") {
            continue;
        }
        let id = |c: &str| xref(c).ok_or_else(|| wrong(number + 1, format!("`{c}` is no identifier with a prefix")));
        out.mappings.push((id(cells[subject])?, id(cells[object])?));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_matches_are_read() {
        let text = "# mapping\nsubject_id\tpredicate_id\tobject_id\nMONDO:1\tskos:exactMatch\tmesh:D2\nMONDO:3\tskos:broadMatch\tmesh:D4\n";
        assert_eq!(read(text, "a.tsv").unwrap_or_default().mappings, [("MONDO:1".to_owned(), "MESH:D2".to_owned())]);
        let bad = "subject_id\tpredicate_id\tobject_id\nMONDO\tskos:exactMatch\tmesh:D2\n";
        assert!(matches!(read(bad, "a.tsv"), Err(AnnotateError::Syntax { line: 2, .. })));
    }
}
