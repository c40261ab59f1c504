//! Tables as Parquet (<https://parquet.apache.org>): typed columns that data frames read without guessing.

use super::{Cell, Column, Error, Kind, Row, Table, csvw_metadata};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;

/// Rows held in memory before they are written as a row group.
const GROUP: usize = 10_000;

/// Writes a table's rows as they come, and tells how many there were.
///
/// Whole numbers become `INT64`, decimals `DOUBLE`, truth values `BOOLEAN`, lists `LIST` of strings (empty rather than null), everything else
/// strings; a cell that holds nothing is null. The file's metadata holds the CSVW description of the columns under the key `csvw`.
///
/// # Errors
/// Where a row cannot be computed or written.
pub fn write_parquet<W: Write + Send>(to: W, table: &Table, rows: impl IntoIterator<Item = Result<Row, Error>>) -> Result<u64, Error> {
    let schema = Arc::new(parse_message_type(&schema(table)).map_err(failed)?);
    let description = csvw_metadata(&[(table, format!("{}.parquet", table.name))]).to_string();
    let properties = WriterProperties::builder()
        .set_compression(parquet::basic::Compression::SNAPPY)
        .set_created_by(format!("evigraph {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new("csvw".to_owned(), description)]))
        .build();
    let mut file = SerializedFileWriter::new(to, schema, Arc::new(properties)).map_err(failed)?;
    let mut count = 0;
    let mut held = Vec::new();
    for row in rows {
        held.push(row?);
        count += 1;
        if held.len() == GROUP {
            write_group(&mut file, table, &held).map_err(failed)?;
            held.clear();
        }
    }
    if !held.is_empty() {
        write_group(&mut file, table, &held).map_err(failed)?;
    }
    file.close().map_err(failed)?;
    Ok(count)
}

fn failed(error: ParquetError) -> Error {
    Error::Io(match error {
        ParquetError::External(source) => std::io::Error::other(source),
        other => std::io::Error::other(other),
    })
}

/// The schema in Parquet's own words.
fn schema(table: &Table) -> String {
    let column = |c: &Column| match c.kind {
        kind if kind.is_list() => {
            format!("required group {} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}", c.name)
        }
        Kind::Boolean => format!("optional boolean {};", c.name),
        Kind::Integer | Kind::Count => format!("optional int64 {};", c.name),
        Kind::Decimal => format!("optional double {};", c.name),
        _ => format!("optional binary {} (STRING);", c.name),
    };
    format!("message {} {{ {} }}", table.name, table.columns.iter().map(column).collect::<Vec<_>>().join(" "))
}

fn write_group<W: Write + Send>(file: &mut SerializedFileWriter<W>, table: &Table, rows: &[Row]) -> Result<(), ParquetError> {
    let mut group = file.next_row_group()?;
    let mut at = 0;
    while let Some(mut writer) = group.next_column()? {
        let cells = rows.iter().map(|row| &row[at]);
        match table.columns[at].kind {
            kind if kind.is_list() => write_lists(writer.typed::<ByteArrayType>(), cells)?,
            Kind::Boolean => write_values::<BoolType>(&mut writer, cells, |c| if let Cell::Boolean(b) = c { Some(*b) } else { None })?,
            Kind::Integer | Kind::Count => write_values::<Int64Type>(&mut writer, cells, |c| c.as_str().parse().ok())?,
            Kind::Decimal => write_values::<DoubleType>(&mut writer, cells, |c| c.as_str().parse().ok())?,
            _ => write_values::<ByteArrayType>(&mut writer, cells, |c| {
                Some(c.plain()).filter(|t| !t.is_empty()).map(|t| ByteArray::from(t.into_bytes()))
            })?,
        }
        writer.close()?;
        at += 1;
    }
    group.close()?;
    Ok(())
}

/// A column whose cells hold one value or none.
fn write_values<'c, T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = &'c Cell>,
    value: impl Fn(&Cell) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let mut values = Vec::new();
    let mut levels = Vec::new();
    for cell in cells {
        let found = value(cell);
        levels.push(i16::from(found.is_some()));
        values.extend(found);
    }
    writer.typed::<T>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}

/// A column of lists: a level of repetition tells where each begins.
fn write_lists<'c>(writer: &mut ColumnWriterImpl<'_, ByteArrayType>, cells: impl Iterator<Item = &'c Cell>) -> Result<(), ParquetError> {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let items = cell.items();
        definitions.extend(std::iter::repeat_n(i16::from(!items.is_empty()), items.len().max(1)));
        repetitions.extend((0..items.len().max(1)).map(|at| i16::from(at > 0)));
        values.extend(items.iter().map(|i| ByteArray::from(i.as_str())));
    }
    writer.write_batch(&values, Some(&definitions), Some(&repetitions))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn what_is_written_is_read_back_with_its_types() {
        let header = "# column name text: N.\n# column sure boolean: S.\n# column count integer: C.\n# column share decimal: D.\n# column via list: V.\nSELECT * {}";
        let table = Table::parse("t", header).expect("a table");
        let full = vec![
            Cell::text("NF-κB"),
            Cell::Boolean(false),
            Cell::Number("12".into()),
            Cell::Number("-0.5".into()),
            Cell::List(vec!["a".into(), "b; c".into()]),
        ];
        let rows = (0..GROUP + 2).map(|at| Ok(if at == GROUP { vec![Cell::Empty; 5] } else { full.clone() }));
        let mut file = tempfile::tempfile().expect("a file");
        assert_eq!(write_parquet(&mut file, &table, rows).expect("written"), GROUP as u64 + 2);
        let reader = SerializedFileReader::new(file).expect("a Parquet file");
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let read: Vec<_> = reader.get_row_iter(None).expect("rows").skip(GROUP - 1).map(|r| r.expect("a row").to_string()).collect();
        // The reader's text of a negative number has an exponent.
        let full = "{name: \"NF-κB\", sure: false, count: 12, share: -5E-1, via: [\"a\", \"b; c\"]}";
        assert_eq!(read, [full, "{name: null, sure: null, count: null, share: null, via: []}", full]);
    }
}
