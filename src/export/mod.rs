//! Files out: tables, networks, RDF and nanopublications.
//!
//! A table is a documented query (`queries/tables/*.rq`); its rows are computed article by article and written as they come.

mod cell;
mod curation;
mod excerpt;
mod filter;
mod indra;
mod kgx;
mod nanopub;
mod network;
#[cfg(feature = "parquet")]
mod parquet;
mod rdf;
mod rows;
mod saying;
mod table;
mod write;

pub(crate) use cell::natural;
pub use cell::{Cell, Row, SEPARATOR, curie, word};
pub use curation::{Curation, Named, Verdict};
pub use filter::Filter;
pub use indra::write_indra;
pub use kgx::write_kgx;
pub use nanopub::write_nanopubs;
pub use network::{EdgeKey, Network, NetworkFormat, Node, Support};
#[cfg(feature = "parquet")]
pub use parquet::write_parquet;
pub use rdf::{rdf_format, write_rdf};
use rows::rows_about;
pub use rows::{Rows, rows};
pub(crate) use rows::{rows_of, select};
pub(crate) use saying::text;
pub use saying::{Manner, row_sentence, sentence, sentences, verb};
pub use table::{Addition, Column, Kind, Table};
pub(crate) use write::unguard;
pub use write::{TableFormat, TableWriter, csvw_metadata, write_table};

/// What can go wrong with an export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No table has this name.
    #[error("there is no table {name:?}: choose one of {}", .known.join(", "))]
    UnknownTable {
        /// The name asked for.
        name: String,
        /// The tables there are.
        known: Vec<&'static str>,
    },
    /// The header of a table's query cannot be read.
    #[error("the header of the table query {table} cannot be read: {line}: write `# column NAME KIND: DESCRIPTION`")]
    TableHeader {
        /// The table.
        table: String,
        /// The line.
        line: String,
    },
    /// A condition is not of the form `COLUMN=VALUE`.
    #[error("the condition {0:?} has no `=`: write COLUMN=VALUE, such as subject=HGNC:6018")]
    Condition(String),
    /// A condition names a column that the table lacks.
    #[error("the table {table} has no column {name:?}: choose one of {}", .known.join(", "))]
    UnknownColumn {
        /// The table.
        table: String,
        /// The column asked for.
        name: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// A query gives no rows.
    #[error("the query is no SELECT: rows are needed here")]
    NoRows,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The file cannot be written.
    #[error("the export cannot be written: {0}")]
    Io(#[from] std::io::Error),
}
