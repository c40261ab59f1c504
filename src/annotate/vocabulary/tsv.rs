//! Tab-separated tables with a header: `id`, `label`, and optionally `category`, `synonyms`, `scope`, `xrefs`, `parents`.

use super::cycle;
use crate::annotate::{AnnotateError, Category, Scope, Term, Vocabulary};
use std::collections::HashMap;

/// Reads a table; lists are separated by `|`, and `scope` (by default exact) holds for all synonyms of its row.
///
/// The columns may stand in any order; `curie` and `identifier` are read as `id`, `name` as `label`, `names` as a list whose
/// first entry is the label, `alts` as further identifiers of the same thing. Lines that begin with `#` are comments.
///
/// # Errors
/// A header without identifier or name, a row with another number of cells than the header, an empty identifier, a circle
/// of parents.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let wrong = |line: usize, problem: String| AnnotateError::Syntax { file: file.to_owned(), line, problem };
    let mut lines = text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
    let Some((_, header)) = lines.next() else { return Err(wrong(1, "no header".to_owned())) };
    let header: Vec<String> = header.trim_start_matches('\u{feff}').split('\t').map(|h| h.trim().to_ascii_lowercase()).collect();
    let column = |names: &[&str]| names.iter().find_map(|n| header.iter().position(|h| h == n));
    let id = column(&["id", "curie", "identifier"]).ok_or_else(|| wrong(1, format!("no column `id` among {header:?}")))?;
    let label = column(&["label", "name"]);
    let names = column(&["names"]);
    if label.is_none() && names.is_none() {
        return Err(wrong(1, format!("no column `label` among {header:?}")));
    }
    let (category, synonyms, scope) = (column(&["category"]), column(&["synonyms"]), column(&["scope"]));
    let (xrefs, parents, alts) = (column(&["xrefs"]), column(&["parents"]), column(&["alts"]));
    let mut out = Vocabulary::default();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut above: Vec<cycle::Edge> = Vec::new();
    for (number, line) in lines {
        let number = number + 1;
        let cells: Vec<&str> = line.split('\t').collect();
        // Editors drop empty cells at the end of a row; further cells would be silently lost.
        if cells.len() > header.len() || cells.len() <= id.max(label.or(names).unwrap_or(0)) {
            return Err(wrong(number, format!("{} cells where the header has {}", cells.len(), header.len())));
        }
        let cell = |c: Option<usize>| c.and_then(|c| cells.get(c)).map_or("", |s| s.trim());
        let list = |c: Option<usize>| cell(c).split('|').map(str::trim).filter(|s| !s.is_empty());
        let identifier = cell(Some(id));
        if identifier.is_empty() {
            return Err(wrong(number, "an empty identifier".to_owned()));
        }
        if let Some(first) = seen.insert(identifier, number) {
            return Err(wrong(number, format!("{identifier} stands twice, first on line {first}")));
        }
        let scope = match cell(scope) {
            "" => Scope::Exact,
            s => Scope::from_name(s).ok_or_else(|| wrong(number, format!("unknown scope `{s}`")))?,
        };
        let category = match cell(category) {
            "" => None,
            c => Some(Category::from_name(c).ok_or_else(|| wrong(number, format!("unknown category `{c}`")))?),
        };
        let mut all = list(names).chain(label.map(|l| cell(Some(l))));
        let first = all.next().unwrap_or("").to_owned();
        let synonyms = all.chain(list(synonyms)).filter(|s| *s != first).map(|s| (s.to_owned(), scope)).collect();
        above.extend(list(parents).map(|p| (identifier.to_owned(), p.to_owned(), number)));
        out.mappings.extend(list(alts).map(|a| (identifier.to_owned(), a.to_owned())));
        out.terms.push(Term {
            id: identifier.to_owned(),
            label: first,
            category,
            synonyms,
            xrefs: list(xrefs).filter_map(super::xref).collect(),
            parents: list(parents).map(str::to_owned).collect(),
            ..Term::default()
        });
    }
    cycle::refuse(&above, file)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_terms() {
        let text = "id\tlabel\tcategory\tsynonyms\tscope\nHGNC:6018\tIL6\tGene\tinterleukin 6|IL-6\texact\nCL:0000138\tchondrocyte\tCell\n";
        let read = read(text, "a.tsv").unwrap_or_default();
        assert_eq!(read.terms.len(), 2);
        assert_eq!(read.terms[0].synonyms[1], ("IL-6".to_owned(), Scope::Exact));
        assert_eq!(read.terms[1].category, Some(Category::Cell));
    }

    #[test]
    fn errors_name_the_line() {
        for (text, line, part) in [
            ("id\tlabel\nA:1\ta\tb\n", 2, "3 cells"),
            ("id\tlabel\nA:1\ta\n\nA:1\tb\n", 4, "stands twice"),
            ("name\nx\n", 1, "no column `id`"),
            ("id\tlabel\tparents\nA:1\ta\tA:2\nA:2\tb\tA:1\n", 2, "circle"),
            ("id\tlabel\tcategory\nA:1\ta\tGadget\n", 2, "unknown category"),
        ] {
            match read(text, "a.tsv") {
                Err(AnnotateError::Syntax { line: found, problem, .. }) => {
                    assert_eq!(found, line, "{problem}");
                    assert!(problem.contains(part), "{problem}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
