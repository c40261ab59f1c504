//! The tables: a documented query each, whose header types and describes its columns.

use super::{Cell, Error, Row};
use std::cmp::Ordering;

/// What a column holds, and how its terms are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    Text,
    /// An address, in full.
    Iri,
    /// An identifier: a CURIE where a prefix is known, else the address.
    Curie,
    /// A value of one of the model's vocabularies ("own_finding").
    Word,
    /// A unit in plain words, from its UCUM code.
    Unit,
    /// A length of time in plain words, from a pair of `xsd:duration`.
    Period,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// How many there are: a whole number, 0 where no query finds any.
    Count,
    /// A decimal number.
    Decimal,
    /// A year, month or day.
    Date,
    /// Texts.
    List,
    /// Identifiers.
    Curies,
}

impl Kind {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "iri" => Self::Iri,
            "curie" => Self::Curie,
            "word" => Self::Word,
            "unit" => Self::Unit,
            "period" => Self::Period,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "count" => Self::Count,
            "decimal" => Self::Decimal,
            "date" => Self::Date,
            "list" => Self::List,
            "curies" => Self::Curies,
            _ => return None,
        })
    }

    /// Whether a cell may hold several values.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::List | Self::Curies)
    }

    /// The datatype in CSVW metadata.
    pub const fn csvw(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer | Self::Count => "integer",
            Self::Decimal => "decimal",
            Self::Iri => "anyURI",
            _ => "string",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// What it means, in a sentence.
    pub description: String,
}

/// A table: a query and the columns that its header declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name by which it is exported.
    pub name: String,
    /// Title.
    pub title: String,
    /// What a row is, in a sentence.
    pub description: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The query that gives the rows, header included.
    pub query: String,
    /// Queries that add to the rows.
    pub additions: Vec<Addition>,
}

/// A query that adds to the rows of a table: its first variable names the row by the first column, the others fill columns. Lists gather all
/// values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The query.
    pub query: String,
    /// Names of the columns that it fills.
    pub columns: Vec<String>,
}

/// What the rows of a table are computed by.
pub(super) struct Batch {
    /// The variable that stands for one thing.
    pub(super) variable: &'static str,
    /// The pattern at whose place the exporter puts the things of a batch.
    pub(super) pattern: &'static str,
    /// How many make a batch.
    pub(super) size: usize,
}

/// The kinds of batches.
pub(super) const BATCHES: &[Batch] = &[
    Batch { variable: "?article_id", pattern: "?article_id a evi:Article .", size: 50 },
    Batch { variable: "?entity_id", pattern: "?entity_id a evi:Entity .", size: 1000 },
];

/// The line before a query that adds to the rows.
const ADDITION: &str = "# and for each ";

macro_rules! shipped {
    ($($name:literal),*) => {
        /// Names and texts of the shipped table queries.
        const SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../queries/tables/", $name, ".rq")))),*];
    };
}
shipped!("claims", "outcomes", "entities", "references", "claim_references", "evidence", "articles");

impl Table {
    /// Names of the shipped tables.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|t| t.0)
    }

    /// Every shipped table's name and query text.
    pub fn shipped() -> impl Iterator<Item = (&'static str, &'static str)> {
        SHIPPED.iter().copied()
    }

    /// The shipped table `name`.
    ///
    /// ```
    /// use evigraph::export::{Kind, Table};
    /// let claims = Table::named("claims")?;
    /// assert_eq!((claims.columns[0].name.as_str(), claims.columns[0].kind), ("claim_id", Kind::Iri));
    /// # Ok::<_, evigraph::export::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such table.
    pub fn named(name: &str) -> Result<Self, Error> {
        let found = SHIPPED.iter().find(|t| t.0 == name);
        let (name, text) = found.ok_or_else(|| Error::UnknownTable { name: name.to_owned(), known: Self::names().collect() })?;
        Self::parse(name, text)
    }

    /// Reads a table from its query: lines `# title:`, `# description:` and, for each column, `# column NAME KIND: DESCRIPTION`. Further
    /// queries, each after a line `# and for each …:`, add to the rows; one query for a column that holds several values keeps their rows from
    /// multiplying.
    ///
    /// # Errors
    /// Where a column line cannot be read or there is none.
    pub fn parse(name: &str, query: &str) -> Result<Self, Error> {
        let broken = |line: &str| Error::TableHeader { table: name.to_owned(), line: line.to_owned() };
        let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
        for line in query.lines() {
            if line.starts_with(ADDITION) {
                parts.push(Vec::new());
            } else if let Some(part) = parts.last_mut() {
                part.push(line);
            }
        }
        let mut parts = parts.into_iter().map(|lines| lines.join("\n"));
        let mut table = Self {
            name: name.to_owned(),
            title: String::new(),
            description: String::new(),
            columns: Vec::new(),
            query: parts.next().unwrap_or_default(),
            additions: Vec::new(),
        };
        for line in query.lines().map_while(|l| l.strip_prefix("# ")) {
            if !["title: ", "description: ", "column "].iter().any(|k| line.starts_with(k)) {
                break;
            }
            let (key, value) = line.split_once(": ").ok_or_else(|| broken(line))?;
            match key.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["title"] => table.title = value.to_owned(),
                ["description"] => table.description = value.to_owned(),
                ["column", column, kind] => table.columns.push(Column {
                    name: (*column).to_owned(),
                    kind: Kind::from_name(kind).ok_or_else(|| broken(line))?,
                    description: value.to_owned(),
                }),
                _ => return Err(broken(line)),
            }
        }
        for query in parts {
            let selected = query.split_once("WHERE").map_or("", |q| q.0);
            let fills = |name: &str| selected.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
            let columns = table.columns.iter().skip(1).map(|c| c.name.clone()).filter(|name| fills(name)).collect();
            table.additions.push(Addition { query, columns });
        }
        if table.columns.is_empty() { Err(broken("no column is declared")) } else { Ok(table) }
    }

    /// Puts rows of a batch in the order of articles and, within one, of the text, where the table tells both.
    pub(super) fn sort(&self, rows: &mut [Row]) {
        let (Some((article, _)), Some((start, _))) = (self.column("article_id"), self.column("start")) else { return };
        let number = |cell: &Cell| cell.as_str().parse::<u64>().unwrap_or_default();
        let order = |a: &Row, b: &Row| -> Ordering {
            let by_article = a[article].as_str().cmp(b[article].as_str());
            by_article.then_with(|| number(&a[start]).cmp(&number(&b[start]))).then_with(|| a[0].as_str().cmp(b[0].as_str()))
        };
        rows.sort_by(order);
    }

    /// The column `name` and its place.
    pub fn column(&self, name: &str) -> Option<(usize, &Column)> {
        self.columns.iter().enumerate().find(|c| c.1.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{QueryOptions, prepare};

    #[test]
    fn every_table_declares_the_columns_that_its_query_selects() {
        for name in Table::names() {
            let table = Table::named(name).unwrap_or_else(|e| panic!("{name}: {e}"));
            let key = table.columns[0].name.clone();
            let mut selected = std::collections::BTreeSet::new();
            for text in std::iter::once(&table.query).chain(table.additions.iter().map(|a| &a.query)) {
                let query = prepare(text, &QueryOptions::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
                let spargebra::Query::Select { pattern, .. } = query else { panic!("{name} is no SELECT") };
                let mut variables = Vec::new();
                pattern.on_in_scope_variable(|v| variables.push(v.as_str().to_owned()));
                assert_eq!(variables[0], key, "{name}");
                if let Some(addition) = table.additions.iter().find(|a| a.query == *text) {
                    assert_eq!(addition.columns.len() + 1, variables.len(), "{name}: {text}");
                }
                selected.extend(variables);
            }
            // The verdict comes from the curation graph, row by row, not from the query.
            let declared: std::collections::BTreeSet<_> =
                table.columns.iter().map(|c| c.name.clone()).filter(|name| name != "decision").collect();
            assert_eq!(selected, declared, "{name}");
        }
    }

    #[test]
    fn a_broken_header_names_the_line() {
        let error = Table::parse("x", "# title: X\n# column a colour: A.\nSELECT ?a {}").err().map(|e| e.to_string());
        assert!(error.as_ref().is_some_and(|e| e.contains("column a colour")), "{error:?}");
    }
}
