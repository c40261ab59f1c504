//! HGNC's table of gene symbols, as its custom downloads and its complete set write it.

use crate::annotate::{AnnotateError, Category, Scope, Term, Vocabulary};

/// Reads approved genes; the Entrez gene identifier becomes one that means the same.
///
/// # Errors
/// No column of approved symbols, a row with more cells than the header, an identifier that is none of HGNC's.
pub fn read(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let wrong = |line: usize, problem: String| AnnotateError::Syntax { file: file.to_owned(), line, problem };
    let mut lines = text.lines().enumerate();
    let header: Vec<String> = lines.next().map_or("", |l| l.1).split('\t').map(|h| h.trim().to_ascii_lowercase()).collect();
    let column = |names: &[&str]| header.iter().position(|h| names.iter().any(|n| h.starts_with(n)));
    let id = column(&["hgnc id", "hgnc_id"]).ok_or_else(|| wrong(1, "no column of HGNC identifiers".to_owned()))?;
    let symbol = column(&["approved symbol", "symbol"]).ok_or_else(|| wrong(1, "no column `Approved Symbol`".to_owned()))?;
    let name = column(&["approved name", "name"]);
    let status = column(&["status"]);
    let groups =
        [column(&["synonyms", "alias symbol", "alias_symbol"]), column(&["previous symbol", "prev_symbol"]), column(&["alias_name"])];
    let (entrez, uniprot) = (column(&["entrez", "ncbi gene id"]), column(&["uniprot"]));
    let mut out = Vocabulary::default();
    for (number, line) in lines {
        let number = number + 1;
        if line.is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').map(|c| c.trim().trim_matches('"')).collect();
        if cells.len() > header.len() {
            return Err(wrong(number, format!("{} cells where the header has {}", cells.len(), header.len())));
        }
        let cell = |c: Option<usize>| c.and_then(|c| cells.get(c)).copied().unwrap_or("");
        let identifier = cell(Some(id));
        if !identifier.starts_with("HGNC:") {
            return Err(wrong(number, format!("`{identifier}` is no HGNC identifier")));
        }
        let symbol = cell(Some(symbol));
        if symbol.contains("~withdrawn") || !matches!(cell(status), "" | "Approved") {
            continue;
        }
        let mut synonyms = Vec::new();
        if !cell(name).is_empty() {
            synonyms.push((cell(name).to_owned(), Scope::Exact));
        }
        for group in groups {
            synonyms.extend(cell(group).split([',', '|']).map(str::trim).filter(|s| !s.is_empty()).map(|s| (s.to_owned(), Scope::Related)));
        }
        let mut xrefs = Vec::new();
        if !cell(entrez).is_empty() {
            let gene = format!("NCBIGene:{}", cell(entrez));
            out.mappings.push((identifier.to_owned(), gene.clone()));
            xrefs.push(gene);
        }
        xrefs.extend(cell(uniprot).split([',', '|']).map(str::trim).filter(|s| !s.is_empty()).map(|u| format!("UniProtKB:{u}")));
        let category = if cell(name).starts_with("microRNA") { Category::MicroRNA } else { Category::Gene };
        out.terms.push(Term {
            id: identifier.to_owned(),
            label: symbol.to_owned(),
            category: Some(category),
            synonyms,
            xrefs,
            ..Term::default()
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approved_genes_are_read() {
        let text = "HGNC ID\tApproved Symbol\tApproved Name\tStatus\tSynonyms\tEntrez Gene ID(supplied by NCBI)\nHGNC:6018\tIL6\tinterleukin 6\tApproved\tIL-6, BSF2\t3569\nHGNC:1\tX~withdrawn\tgone\tSymbol Withdrawn\t\t\n";
        let v = read(text, "hgnc.tsv").unwrap_or_default();
        assert_eq!(v.terms.len(), 1);
        assert_eq!(v.terms[0].synonyms.len(), 3);
        assert_eq!(v.mappings[0].1, "NCBIGene:3569");
        assert!(matches!(read("HGNC ID\tSymbol\nX\tY\n", "h"), Err(AnnotateError::Syntax { line: 2, .. })));
    }
}
