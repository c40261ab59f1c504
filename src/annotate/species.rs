//! Of which species an article speaks, and which genes of mouse and rat answer to the human ones.
//!
//! Claims meet at the human gene (HGNC), whatever the animal; the animal's own gene is told beside it where the text speaks of the animal.

use super::normalise::Pieces;
use std::sync::LazyLock;

/// HGNC number, NCBI Gene numbers of mouse and rat, further symbols; sorted by the first.
static TABLE: &str = include_str!("../../ontology/orthologs.tsv");

/// A human gene's counterparts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    hgnc: u32,
    /// NCBI Gene numbers of mouse and rat; 0 where there is none.
    genes: [u32; 2],
    symbols: &'static str,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let number = |cell: Option<&str>| cell.and_then(|c| c.parse().ok()).unwrap_or(0);
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let hgnc = number(cells.next());
        let genes = [number(cells.next()), number(cells.next())];
        Row { hgnc, genes, symbols: cells.next().unwrap_or("") }
    };
    TABLE.lines().filter(|l| !l.starts_with('#')).map(row).collect()
});

fn row(id: &str) -> Option<&'static Row> {
    let hgnc: u32 = id.strip_prefix("HGNC:")?.parse().ok()?;
    ROWS.binary_search_by_key(&hgnc, |r| r.hgnc).ok().and_then(|i| ROWS.get(i))
}

/// Symbols by which mouse and rat genes are called that answer to the human gene `id`, where they differ from its own ("Trp53").
pub fn symbols(id: &str) -> impl Iterator<Item = &'static str> {
    row(id).into_iter().flat_map(|r| r.symbols.split('|')).filter(|s| !s.is_empty())
}

/// The animals of which a text speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Animals {
    mouse: bool,
    rat: bool,
}

impl Animals {
    /// All of them.
    pub const ALL: Self = Self { mouse: true, rat: true };

    /// Notes the animals that the words of `pieces` name.
    pub fn note(&mut self, pieces: &Pieces) {
        for i in 0..pieces.list.len() {
            match pieces.norm(i) {
                "mouse" | "mice" | "murine" => self.mouse = true,
                "rat" | "rats" | "rattus" => self.rat = true,
                _ => {}
            }
        }
    }

    /// Identifiers of the genes of these animals that answer to the human gene `id`.
    pub fn genes(self, id: &str) -> Vec<String> {
        if self == Self::default() {
            return Vec::new();
        }
        let told = [self.mouse, self.rat];
        let genes = row(id).map_or([0, 0], |r| r.genes);
        genes.iter().zip(told).filter(|(gene, told)| **gene > 0 && *told).map(|(gene, _)| format!("NCBIGene:{gene}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::normalise::cut;

    fn genes(text: &str, id: &str) -> Vec<String> {
        let mut animals = Animals::default();
        animals.note(&cut(text, 0));
        animals.genes(id)
    }

    #[test]
    fn the_text_tells_the_animal() {
        assert_eq!(genes("IL-6 rose in mice", "HGNC:6018"), ["NCBIGene:16193"]);
        assert_eq!(genes("IL-6 rose in rats and a murine line", "HGNC:6018"), ["NCBIGene:16193", "NCBIGene:24498"]);
        assert!(genes("IL-6 rose in patients", "HGNC:6018").is_empty());
        assert!(genes("IL-6 rose in mice", "MONDO:0005148").is_empty());
    }

    #[test]
    fn animals_have_symbols_of_their_own() {
        assert!(symbols("HGNC:11998").any(|s| s == "Trp53"));
        assert_eq!(symbols("HGNC:6018").count(), 0);
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(ROWS.is_sorted_by(|a, b| a.hgnc < b.hgnc) && ROWS.len() > 10_000);
    }
}
