//! Rows out, in the form the user asked for: a table for people, CSV, TSV, JSON or JSON Lines.

use super::args::{TableFormat, Tabular};
use super::output::{self, Output};
use super::terminal;
use anyhow::Result;
use serde_json::Value;
use std::io::Write;

impl TableFormat {
    /// Extensions of files and the forms they ask for.
    pub const EXTENSIONS: &[(&str, Self)] = &[
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("ndjson", Self::Jsonl),
        ("txt", Self::Table),
    ];
}

/// Writes rows under fixed columns.
pub struct Rows {
    out: Output,
    format: TableFormat,
    columns: Vec<String>,
    /// Rows of a table for people, which is laid out when all are known.
    held: Vec<Vec<String>>,
    written: usize,
}

impl Rows {
    /// Begins a table as the arguments ask.
    pub fn open(args: &Tabular, columns: &[&str]) -> Result<Self> {
        let format = output::format(args.format, &args.to, TableFormat::EXTENSIONS, TableFormat::Table, TableFormat::Csv)?;
        Self::new(Output::open(&args.to)?, format, columns)
    }

    /// Begins a table.
    pub fn new(out: Output, format: TableFormat, columns: &[&str]) -> Result<Self> {
        let columns: Vec<String> = columns.iter().map(|&c| c.to_owned()).collect();
        let mut rows = Self { out, format, columns, held: Vec::new(), written: 0 };
        match format {
            TableFormat::Csv | TableFormat::Tsv => {
                let header = rows.columns.clone();
                rows.separated(&header)?;
            }
            TableFormat::Json => rows.out.write_all(b"[")?,
            TableFormat::Table | TableFormat::Jsonl => {}
        }
        Ok(rows)
    }

    /// Adds a row, a value a column.
    pub fn push(&mut self, row: Vec<Value>) -> Result<()> {
        match self.format {
            TableFormat::Table => self.held.push(row.iter().map(plain).collect()),
            TableFormat::Csv | TableFormat::Tsv => {
                let cells: Vec<String> = row.iter().map(|v| if v.is_number() { plain(v) } else { guarded(plain(v)) }).collect();
                self.separated(&cells)?;
            }
            TableFormat::Json => {
                self.out.write_all(if self.written == 0 { b"\n" } else { b",\n" })?;
                self.object(&row)?;
            }
            TableFormat::Jsonl => {
                self.object(&row)?;
                self.out.write_all(b"\n")?;
            }
        }
        self.written += 1;
        Ok(())
    }

    /// Ends the table and tells how many rows it has.
    pub fn finish(mut self) -> Result<usize> {
        match self.format {
            TableFormat::Table if !self.held.is_empty() => {
                let table = terminal::table(self.columns.iter().map(String::as_str), std::mem::take(&mut self.held));
                self.out.write_all(table.as_bytes())?;
            }
            TableFormat::Json => self.out.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })?,
            _ => {}
        }
        self.out.flush()?;
        Ok(self.written)
    }

    fn separated(&mut self, cells: &[String]) -> Result<()> {
        let delimiter = if self.format == TableFormat::Tsv { b'\t' } else { b',' };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(&mut self.out);
        writer.write_record(cells)?;
        Ok(writer.flush()?)
    }

    /// Writes the row as an object whose keys stand in the order of the columns.
    fn object(&mut self, row: &[Value]) -> Result<()> {
        for (i, (column, value)) in self.columns.iter().zip(row).enumerate() {
            self.out.write_all(if i == 0 { b"{" } else { b"," })?;
            serde_json::to_writer(&mut self.out, column)?;
            self.out.write_all(b":")?;
            serde_json::to_writer(&mut self.out, value)?;
        }
        Ok(self.out.write_all(b"}")?)
    }
}

/// A value as the text of a cell; lists are joined.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(format: TableFormat) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("out");
        let mut rows = Rows::new(Output::file(&path).expect("a file"), format, &["name", "n", "ids"]).expect("a header");
        rows.push(vec![json!("=1+1"), json!(-2), json!(["a", "b"])]).expect("a row");
        assert_eq!(rows.finish().expect("an end"), 1);
        std::fs::read_to_string(path).expect("the file")
    }

    #[test]
    fn each_form_holds_the_row() {
        assert_eq!(written(TableFormat::Csv), "name,n,ids\n'=1+1,-2,a; b\n");
        assert_eq!(written(TableFormat::Tsv), "name\tn\tids\n'=1+1\t-2\ta; b\n");
        assert_eq!(written(TableFormat::Json), "[\n{\"name\":\"=1+1\",\"n\":-2,\"ids\":[\"a\",\"b\"]}\n]\n");
        assert_eq!(written(TableFormat::Jsonl), "{\"name\":\"=1+1\",\"n\":-2,\"ids\":[\"a\",\"b\"]}\n");
        assert!(written(TableFormat::Table).contains("=1+1"));
    }
}
