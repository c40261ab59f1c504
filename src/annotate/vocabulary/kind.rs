//! What kind of thing a term is, where its vocabulary does not tell: by prefix, or by the names of its like.

use crate::annotate::{Category, Term};
use std::collections::HashMap;

/// The category that all terms with a prefix share.
pub fn by_prefix(id: &str) -> Option<Category> {
    Some(match id.split(':').next().unwrap_or("") {
        "HGNC" | "NCBIGene" | "MGI" => Category::Gene,
        "PR" | "UniProtKB" => Category::Protein,
        "MI" | "MIMAT" => Category::MicroRNA,
        "CHEBI" | "DRUGBANK" => Category::SmallMolecule,
        "MONDO" | "DOID" | "OMIM" | "Orphanet" => Category::Disease,
        "HP" | "MP" => Category::PhenotypicFeature,
        "CL" => Category::Cell,
        "CLO" | "CVCL" => Category::CellLine,
        "UBERON" | "FMA" | "MA" => Category::AnatomicalEntity,
        "NCBITaxon" => Category::OrganismTaxon,
        "mirbase" => Category::MicroRNA,
        "ECO" => Category::NamedThing,
        _ => return None,
    })
}

/// How much likelier, as a logarithm, the best category must be than the next.
const MARGIN: f64 = 3.0;

/// Tells the category of names by naive Bayes over their words and endings, learned from terms whose category is known.
///
/// Made for MeSH, whose descriptors come without their place in the tree.
#[derive(Debug, Default)]
pub struct Kinds {
    counts: HashMap<String, HashMap<Category, f64>>,
    totals: HashMap<Category, f64>,
}

impl Kinds {
    /// Learns the names of a term of a known category.
    pub fn learn(&mut self, term: &Term, category: Category) {
        for f in features(&term.label) {
            *self.counts.entry(f).or_default().entry(category).or_default() += 1.0;
        }
        *self.totals.entry(category).or_default() += 1.0;
    }

    /// The likeliest category of a term; `None` where the names of its like say little.
    pub fn tell(&self, term: &Term) -> Option<Category> {
        let all: f64 = self.totals.values().sum();
        let features = features(&term.label);
        let known: Vec<&HashMap<Category, f64>> = features.iter().filter_map(|f| self.counts.get(f)).collect();
        // Ending and first word alone say too little: the last word, or a long ending of it, must be known.
        if !features.iter().any(|f| (f.starts_with("w:") || f.len() == 7) && self.counts.contains_key(f)) {
            return None;
        }
        let mut scored: Vec<(f64, Category)> = self
            .totals
            .iter()
            .map(|(category, total)| {
                let prior = (total / all).ln();
                let likely: f64 = known.iter().map(|k| ((k.get(category).copied().unwrap_or(0.0) + 0.05) / (total + 1.0)).ln()).sum();
                (prior + likely, *category)
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        match scored.as_slice() {
            [best, second, ..] if best.0 - second.0 > MARGIN => Some(best.1),
            [best] => Some(best.1),
            _ => None,
        }
    }
}

/// The last word, its endings and the first word of a name; of "Neoplasms, Breast" the head stands first.
fn features(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let head_first = lower.split_once(", ").map_or(lower.as_str(), |s| s.0);
    let words: Vec<&str> = head_first.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 1).collect();
    let mut out = Vec::new();
    if let Some(last) = words.last() {
        let last = last.strip_suffix('s').filter(|l| l.len() > 3 && !l.ends_with(['s', 'i', 'u'])).unwrap_or(last);
        out.push(format!("w:{last}"));
        for n in [3, 4, 5] {
            if let Some((at, _)) = last.char_indices().rev().nth(n - 1) {
                out.push(format!("e:{}", &last[at..]));
            }
        }
    }
    if let (Some(first), true) = (words.first(), words.len() > 1) {
        out.push(format!("f:{first}"));
    }
    if lower.chars().any(|c| c.is_ascii_digit()) {
        out.push("d".to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_kind() {
        let mut kinds = Kinds::default();
        let term = |label: &str| Term { label: label.to_owned(), ..Term::default() };
        for prefix in ["", "acute ", "chronic ", "severe "] {
            for name in ["breast carcinoma", "gastritis", "arthritis", "hepatitis"] {
                kinds.learn(&term(&format!("{prefix}{name}")), Category::Disease);
            }
            for name in ["benzoic acid", "citric acid", "toluene", "xylene"] {
                kinds.learn(&term(&format!("{prefix}{name}")), Category::SmallMolecule);
            }
        }
        assert_eq!(kinds.tell(&term("Nephritis")), Some(Category::Disease));
        assert_eq!(kinds.tell(&term("Malic Acids")), Some(Category::SmallMolecule));
        assert_eq!(kinds.tell(&term("Zzz")), None);
    }
}
