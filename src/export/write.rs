//! Tables as CSV, TSV and JSON Lines.

use super::{Cell, Error, Kind, Row, Table};
use serde_json::{Map, Value};
use std::io::Write;

/// The text forms of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableFormat {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Tab-separated values.
    Tsv,
    /// One JSON object a line.
    JsonLines,
}

impl TableFormat {
    /// The format named by a file extension or `--format`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// Writes a table's rows as they come, and tells how many there were.
///
/// `bom` puts a byte order mark first, by which Excel knows UTF-8. In CSV and TSV a text cell that a spreadsheet would run as a formula is
/// guarded by an apostrophe.
///
/// # Errors
/// Where a row cannot be computed or written.
pub fn write_table<W: Write>(
    to: W,
    table: &Table,
    format: TableFormat,
    bom: bool,
    rows: impl IntoIterator<Item = Result<Row, Error>>,
) -> Result<u64, Error> {
    let mut writer = TableWriter::new(to, table, format, bom)?;
    let mut count = 0;
    for row in rows {
        writer.row(&row?)?;
        count += 1;
    }
    writer.finish()?;
    Ok(count)
}

/// A table being written.
pub struct TableWriter<'a, W: Write> {
    table: &'a Table,
    sink: Sink<W>,
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Tsv(W),
    Json(W),
}

impl<'a, W: Write> TableWriter<'a, W> {
    /// Starts a table, its header included.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn new(mut to: W, table: &'a Table, format: TableFormat, bom: bool) -> Result<Self, Error> {
        if bom && format != TableFormat::JsonLines {
            to.write_all("\u{feff}".as_bytes())?;
        }
        let header = table.columns.iter().map(|c| c.name.as_str());
        let sink = match format {
            TableFormat::Csv => {
                let mut writer = csv::WriterBuilder::new().from_writer(to);
                writer.write_record(header).map_err(io)?;
                Sink::Csv(Box::new(writer))
            }
            TableFormat::Tsv => {
                writeln!(to, "{}", header.collect::<Vec<_>>().join("\t"))?;
                Sink::Tsv(to)
            }
            TableFormat::JsonLines => Sink::Json(to),
        };
        Ok(Self { table, sink })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn row(&mut self, row: &Row) -> Result<(), Error> {
        let guarded = || row.iter().map(guard);
        match &mut self.sink {
            Sink::Csv(writer) => writer.write_record(guarded()).map_err(io)?,
            Sink::Tsv(to) => {
                let cells: Vec<_> = guarded().map(|c| c.replace(['\t', '\n', '\r'], " ")).collect();
                writeln!(to, "{}", cells.join("\t"))?;
            }
            Sink::Json(to) => {
                let object: Map<String, Value> =
                    self.table.columns.iter().zip(row).map(|(c, cell)| (c.name.clone(), cell.json(c.kind))).collect();
                serde_json::to_writer(&mut *to, &object).map_err(|e| Error::Io(e.into()))?;
                to.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    pub fn finish(self) -> Result<(), Error> {
        match self.sink {
            Sink::Csv(mut writer) => writer.flush()?,
            Sink::Tsv(mut to) | Sink::Json(mut to) => to.flush()?,
        }
        Ok(())
    }
}

fn io(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(e) => Error::Io(e),
        other => Error::Io(std::io::Error::other(format!("{other:?}"))),
    }
}

/// Whether a spreadsheet would run a text as a formula, guards in front of it aside.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell as text, guarded against running as a formula (OWASP, "CSV Injection"). A text that looks guarded is guarded too, so that taking
/// the guard off gives what was there.
fn guard(cell: &Cell) -> String {
    let text = cell.plain();
    match cell {
        Cell::Text(_) | Cell::List(_) if is_formula(&text) => format!("'{text}"),
        _ => text,
    }
}

/// Takes the guard off again: what a spreadsheet gives back is what was read.
pub(crate) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

/// The CSVW metadata of the tables, as `csv-metadata.json` (W3C, "Metadata Vocabulary for Tabular Data").
///
/// `files` pairs each table with the address of its file.
pub fn csvw_metadata(files: &[(&Table, String)]) -> Value {
    let column = |c: &super::Column| {
        let mut column =
            serde_json::json!({ "name": c.name, "titles": c.name, "dc:description": c.description, "datatype": c.kind.csvw() });
        if c.kind.is_list() {
            column["separator"] = super::SEPARATOR.into();
        }
        if c.kind == Kind::Boolean {
            column["datatype"] = serde_json::json!({ "base": "boolean", "format": "true|false" });
        }
        column
    };
    let tables: Vec<Value> = files
        .iter()
        .map(|(table, url)| {
            let dialect = if url.ends_with(".tsv") {
                serde_json::json!({ "delimiter": "\t", "quoteChar": null, "header": true })
            } else {
                serde_json::json!({ "header": true })
            };
            serde_json::json!({
                "url": url, "dc:title": table.title, "dc:description": table.description, "dialect": dialect,
                "tableSchema": { "columns": table.columns.iter().map(column).collect::<Vec<_>>() },
            })
        })
        .collect();
    serde_json::json!({ "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }], "tables": tables })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        let table = Table::parse("t", "# column a text: A.\n# column n decimal: N.\n# column l list: L.\nSELECT * {}").expect("a table");
        let row = vec![Cell::text("=1+1"), Cell::Number("-3".into()), Cell::List(vec!["α".into(), "β, \"γ\"\t".into()])];
        let written = |format, bom| {
            let mut out = Vec::new();
            write_table(&mut out, &table, format, bom, [Ok(row.clone())]).expect("written");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(written(TableFormat::Csv, true), "\u{feff}a,n,l\n'=1+1,-3,\"α; β, \"\"γ\"\"\t\"\n");
        assert_eq!(written(TableFormat::Tsv, false), "a\tn\tl\n'=1+1\t-3\tα; β, \"γ\" \n");
        assert_eq!(written(TableFormat::JsonLines, true), "{\"a\":\"=1+1\",\"l\":[\"α\",\"β, \\\"γ\\\"\\t\"],\"n\":-3}\n");
        assert_eq!((unguard("'=1+1"), unguard("'tis")), ("=1+1", "'tis"));
    }
}
