//! NCBI's `gene_info` table.

use crate::annotate::{AnnotateError, Category, Scope, Term, Vocabulary};

const COLUMNS: usize = 14;

/// Reads genes; the nomenclature authority's identifier becomes one that means the same.
///
/// # Errors
/// A row with fewer than fourteen cells, a gene identifier that is no number.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let wrong = |line: usize, problem: String| AnnotateError::Syntax { file: file.to_owned(), line, problem };
    let mut out = Vocabulary::default();
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.is_empty()) {
        let number = number + 1;
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() < COLUMNS {
            return Err(wrong(number, format!("{} cells where gene_info has at least {COLUMNS}", cells.len())));
        }
        if cells[1].is_empty() || !cells[1].bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong(number, format!("`{}` is no gene identifier", cells[1])));
        }
        if cells[2] == "NEWENTRY" || cells[9] == "biological-region" {
            continue;
        }
        let list = |i: usize| cells[i].split('|').filter(|s| *s != "-" && !s.is_empty());
        let id = format!("NCBIGene:{}", cells[1]);
        let symbol = if cells[10] == "-" { cells[2] } else { cells[10] };
        let mut synonyms: Vec<(String, Scope)> = Vec::new();
        let mut add = |name: &str, scope| synonyms.push((name.to_owned(), scope));
        list(8).chain(list(11)).for_each(|s| add(s, Scope::Exact));
        list(2).for_each(|s| add(s, Scope::Exact));
        list(4).for_each(|s| add(s, Scope::Related));
        list(13).for_each(|s| add(s, Scope::Related));
        let mut xrefs = Vec::new();
        for x in list(5) {
            if let Some(mim) = x.strip_prefix("MIM:") {
                xrefs.push(format!("OMIM:{mim}"));
            } else if let Some(authority) = x.strip_prefix("HGNC:HGNC:").or_else(|| x.strip_prefix("HGNC:")) {
                out.mappings.push((format!("HGNC:{authority}"), id.clone()));
            } else if let Some(authority) = x.strip_prefix("MGI:MGI:") {
                out.mappings.push((format!("MGI:{authority}"), id.clone()));
            }
        }
        let category = if cells[8].starts_with("microRNA") { Category::MicroRNA } else { Category::Gene };
        out.terms.push(Term { id, label: symbol.to_owned(), category: Some(category), synonyms, xrefs, ..Term::default() });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_genes() {
        let row = "9606\t3569\tIL6\t-\tBSF2|HGF\tMIM:147620|HGNC:HGNC:6018\t7\t7p15\tinterleukin 6\tprotein-coding\tIL6\tinterleukin 6\tO\tB-cell stimulatory factor 2\t2015";
        let v = read(&format!("#tax_id\n{row}\n"), "gene_info").unwrap_or_default();
        assert_eq!(v.terms[0].id, "NCBIGene:3569");
        assert_eq!(v.mappings, [("HGNC:6018".to_owned(), "NCBIGene:3569".to_owned())]);
        assert!(matches!(read("#tax_id\n9606\t1\n", "g"), Err(AnnotateError::Syntax { line: 2, .. })));
    }
}
