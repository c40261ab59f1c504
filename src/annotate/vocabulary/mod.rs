//! Readers of the field's vocabularies, one format a file.

pub mod tsv;
