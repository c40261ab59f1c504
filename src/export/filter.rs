//! Which rows are exported: `--where COLUMN=VALUE`, `--condition`, `--since`, `--decision`.

use super::{Cell, Error, Row, Table};
use crate::graph::Prefixes;
use std::fmt::Write as _;

/// Roles in which a claim names a thing, each with its property.
const ROLES: &[(&str, &str)] = &[
    ("subject", "rdf:subject"),
    ("relation", "rdf:predicate"),
    ("object", "rdf:object"),
    ("condition", "evi:condition"),
    ("intervention", "evi:intervention"),
    ("outcome", "evi:outcome"),
];

/// Conditions that a row must all meet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    equal: Vec<(String, String)>,
    since: Option<String>,
}

impl Filter {
    /// Every row.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a condition `COLUMN=VALUE`.
    ///
    /// The column is one of the table's, or `subject`, `object`, `condition` and the like for its `_id` and `_label` columns. The value is
    /// compared without regard to case; of a list, one value must be equal. A relation may leave `evi:` out.
    ///
    /// # Errors
    /// Where there is no `=`.
    pub fn with(mut self, condition: &str) -> Result<Self, Error> {
        let (column, value) = condition.split_once('=').ok_or_else(|| Error::Condition(condition.to_owned()))?;
        self.equal.push((column.trim().to_owned(), value.trim().to_owned()));
        Ok(self)
    }

    /// Adds the condition that `column` equals `value`.
    pub fn equal(mut self, column: &str, value: &str) -> Self {
        self.equal.push((column.to_owned(), value.to_owned()));
        self
    }

    /// Keeps articles published on or after a date: `2023`, `2023-05` or `2023-05-17`.
    pub fn since(mut self, date: &str) -> Self {
        self.since = Some(date.to_owned());
        self
    }

    /// The columns of `table` that a condition on `name` compares.
    fn columns<'t>(table: &'t Table, name: &'t str) -> impl Iterator<Item = usize> + 't {
        let hit = move |c: &&str| *c == name || c.strip_suffix("_id") == Some(name) || c.strip_suffix("_label") == Some(name);
        table.columns.iter().enumerate().filter(move |c| hit(&c.1.name.as_str())).map(|c| c.0)
    }

    fn date_column(table: &Table) -> Option<usize> {
        table.column("article_date").or_else(|| table.column("date")).or_else(|| table.column("year")).map(|c| c.0)
    }

    /// Names of the columns of `table` that the conditions look at.
    pub(super) fn needs<'t>(&'t self, table: &'t Table) -> impl Iterator<Item = &'t str> {
        let dated = self.since.as_ref().and_then(|_| Self::date_column(table));
        self.equal.iter().flat_map(|e| Self::columns(table, &e.0)).chain(dated).map(|at| table.columns[at].name.as_str())
    }

    /// Whether the table has the columns that the conditions name.
    ///
    /// # Errors
    /// Where it lacks one.
    pub fn check(&self, table: &Table) -> Result<(), Error> {
        let missing = |name: &str| Error::UnknownColumn {
            table: table.name.clone(),
            name: name.to_owned(),
            known: table.columns.iter().map(|c| c.name.clone()).collect(),
        };
        if let Some((name, _)) = self.equal.iter().find(|e| Self::columns(table, &e.0).next().is_none()) {
            return Err(missing(name));
        }
        if self.since.is_some() && Self::date_column(table).is_none() { Err(missing("article_date")) } else { Ok(()) }
    }

    /// A pattern that holds of every `?article_id` whose rows may pass, so that not all articles need to be looked at; empty where the
    /// conditions tell nothing.
    pub(super) fn articles(&self) -> String {
        let mut pattern = String::new();
        for (_, article) in self.equal.iter().filter(|e| e.0 == "article_id") {
            if let Some(iri) = Prefixes::shipped().resolve(article) {
                let _ = write!(pattern, "VALUES ?article_id {{ {iri} }} ");
            }
        }
        for (at, (name, value)) in self.equal.iter().enumerate() {
            let role = ROLES.iter().find(|r| name.strip_suffix("_id").unwrap_or(name) == r.0);
            let iri = Prefixes::shipped()
                .resolve(value)
                .or_else(|| (name == "relation").then(|| Prefixes::shipped().resolve(&format!("evi:{value}"))).flatten());
            if let (Some((_, property)), Some(iri)) = (role, iri) {
                // A claim that a curator corrected may pass by its correction.
                let _ = write!(
                    pattern,
                    "{{ ?named{at} {property} {iri} ; evi:inArticle ?article_id }} UNION \
                     {{ ?decision{at} evi:corrected ?right{at} ; evi:decides ?named{at} . ?named{at} evi:inArticle ?article_id }} "
                );
            }
        }
        if let Some(year) = self.since.as_deref().and_then(|since| since.get(..4)).filter(|y| y.bytes().all(|b| b.is_ascii_digit())) {
            let _ = write!(pattern, "?article_id dcterms:issued ?issued . FILTER(SUBSTR(STR(?issued), 1, 4) >= \"{year}\") ");
        }
        pattern
    }

    /// Whether every row passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the row meets every condition.
    pub fn passes(&self, table: &Table, row: &Row) -> bool {
        let equal = |cell: &Cell, value: &str| match cell {
            Cell::Empty => value.is_empty(),
            Cell::Boolean(b) => b.to_string() == value,
            Cell::List(items) => items.iter().any(|i| same(i, value)),
            Cell::Text(t) | Cell::Number(t) => same(t, value),
        };
        let date = |since: &str| {
            let date = Self::date_column(table).map_or("", |at| row[at].as_str());
            // A bare year lies in the range when its year does.
            let n = date.len().min(since.len());
            !date.is_empty() && date.get(..n) >= since.get(..n)
        };
        self.equal.iter().all(|(name, value)| Self::columns(table, name).any(|at| equal(&row[at], value)))
            && self.since.as_deref().is_none_or(date)
    }
}

fn same(cell: &str, value: &str) -> bool {
    cell.to_lowercase() == value.to_lowercase() || cell.strip_prefix("evi:").is_some_and(|c| c.eq_ignore_ascii_case(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_compare_ids_labels_lists_and_dates() {
        let table = Table::parse("t", "# column subject_label text: A.\n# column subject_id curie: A.\n# column relation curie: A.\n# column via list: A.\n# column date date: A.\nSELECT * {}").expect("a table");
        let row = vec![
            Cell::text("IL6"),
            Cell::text("HGNC:6018"),
            Cell::text("evi:decreases"),
            Cell::List(vec!["NF-κB".into(), "paracrine signalling".into()]),
            Cell::text("2023-05"),
        ];
        let passes = |f: Result<Filter, Error>| f.expect("a condition").passes(&table, &row);
        for yes in ["subject=hgnc:6018", "subject=il6", "subject_label=IL6", "relation=decreases", "via=nf-κb", "relation = evi:decreases"]
        {
            assert!(passes(Filter::none().with(yes)), "{yes}");
        }
        assert!(!passes(Filter::none().with("subject=HGNC:1")) && !passes(Filter::none().with("via=nf")));
        for (since, kept) in [("2023", true), ("2023-05-17", true), ("2023-06", false), ("2024", false), ("2022-12-31", true)] {
            assert_eq!(Filter::none().since(since).passes(&table, &row), kept, "{since}");
        }
        assert!(matches!(Filter::none().equal("colour", "x").check(&table), Err(Error::UnknownColumn { .. })));
        assert!(Filter::none().with("subject").is_err());
    }
}
