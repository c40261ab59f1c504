//! MeSH as a table of descriptors (`id`, `label`, `synonyms`), whose identifiers carry no prefix.

use super::tsv;
use crate::annotate::{AnnotateError, Vocabulary};

/// Whether the first rows of a table name MeSH's descriptors (`D012345`) or supplementary records (`C012345`).
pub fn is_mesh(text: &str) -> bool {
    let mut rows = text.lines().filter(|l| !l.starts_with('#')).skip(1).take(20).peekable();
    rows.peek().is_some()
        && rows.all(|l| {
            let id = l.split('\t').next().unwrap_or("");
            id.len() >= 7 && id.starts_with(['D', 'C']) && id[1..].bytes().all(|b| b.is_ascii_digit())
        })
}

/// Reads the table and puts the prefix before the identifiers.
///
/// # Errors
/// Those of a TSV table.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let mut vocabulary = tsv::read(text, file)?;
    for t in &mut vocabulary.terms {
        t.id = format!("MESH:{}", t.id);
    }
    Ok(vocabulary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_get_their_prefix() {
        let text = "id\tlabel\tsynonyms\nD000001\tCalcimycin\tA-23187|A23187\n";
        assert!(is_mesh(text));
        assert_eq!(read(text, "mesh.tsv").unwrap_or_default().terms[0].id, "MESH:D000001");
        assert!(!is_mesh("id\tlabel\nDOID:1\tx\n"));
    }
}
