//! Adjectives and verbs that say what a vocabulary lists as a noun ("hepatic", "phosphorylated"), `ontology/recognition/derived-forms.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../../ontology/recognition/derived-forms.tsv");

static FORMS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.nth(1)?))
    };
    TABLE.lines().filter(|l| !l.starts_with('#')).filter_map(row).collect()
});

/// The forms of the entity `id`.
pub fn forms(id: &str) -> impl Iterator<Item = &'static str> {
    FORMS.get(id).into_iter().flat_map(|f| f.split('|'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_an_identifier_a_name_and_forms() {
        for line in TABLE.lines().filter(|l| !l.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(cells.len() == 3 && cells[0].contains(':') && !cells[2].is_empty(), "{line}");
        }
        assert!(forms("UBERON:0002107").any(|f| f == "hepatic"));
    }
}
