//! Records: NDJSON with one article a line, `{"id","source","format","content","meta"}`, for pipelines.

use super::ReadError;
use super::pubtator::line;
use crate::document::{Document, Format, Identifiers};
use serde::Deserialize;
use std::io::BufRead;

/// One line of a records file.
#[derive(Debug, Deserialize)]
struct Record {
    id: Option<serde_json::Value>,
    /// Where the article comes from, where that does not name it.
    source: Option<String>,
    format: Option<String>,
    content: String,
    #[serde(default)]
    meta: Meta,
}

/// What a record says of its article beside the content; it wins over what the content declares.
#[derive(Debug, Default, Deserialize)]
struct Meta {
    title: Option<String>,
    #[serde(default)]
    authors: Vec<String>,
    date: Option<String>,
    doi: Option<String>,
    pmid: Option<serde_json::Value>,
    pmcid: Option<String>,
    url: Option<String>,
    #[serde(alias = "license")]
    licence: Option<String>,
}

/// Streams the articles of a records file.
pub(super) struct Records<R> {
    name: String,
    from: R,
    line: usize,
    done: bool,
}

impl<R: BufRead> Records<R> {
    /// Starts on `from`.
    pub(super) fn new(name: &str, from: R) -> Self {
        Self { name: name.to_owned(), from, line: 0, done: false }
    }

    fn malformed(&self, column: usize, message: String) -> ReadError {
        ReadError::Malformed { source_name: self.name.clone(), line: self.line, column, message }
    }

    fn read(&self, line: &str) -> Result<Document, ReadError> {
        let record: Record = serde_json::from_str(line).map_err(|e| {
            let text = e.to_string();
            let text = text.split(" at line ").next().unwrap_or(&text);
            self.malformed(e.column().max(1), format!("no record ({text}); give {{\"id\", \"format\", \"content\", \"meta\"}} on one line"))
        })?;
        let id = record.id.as_ref().map(plain).filter(|i| !i.is_empty());
        let format = format(record.format.as_deref().unwrap_or("text")).ok_or_else(|| {
            self.malformed(1, format!("unknown format {:?}; give text, markdown, html, jats, pubmed, bioc or pubtator", record.format))
        })?;
        let name = record.source.or_else(|| id.clone()).unwrap_or_else(|| format!("{}:{}", self.name, self.line));
        let documents = super::read(&name, record.content.as_bytes(), Some(format));
        let mut documents = documents.map_err(|e| self.malformed(1, format!("in the content: {e}")))?;
        if documents.len() != 1 {
            return Err(self.malformed(1, format!("{} articles in one record; give one a line", documents.len())));
        }
        let mut document = documents.remove(0);
        document.source = name;
        document.given_id = id.or(document.given_id);
        apply(record.meta, &mut document);
        Ok(document)
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn format(name: &str) -> Option<Format> {
    Some(match name.to_ascii_lowercase().as_str() {
        "text" | "txt" | "text/plain" => Format::Text,
        "markdown" | "md" | "text/markdown" => Format::Markdown,
        "html" | "text/html" => Format::Html,
        "jats" | "nxml" | "xml" | "application/jats+xml" => Format::Jats,
        "pubmed" => Format::Pubmed,
        "bioc" => Format::Bioc,
        "pubtator" => Format::Pubtator,
        _ => return None,
    })
}

fn apply(meta: Meta, document: &mut Document) {
    document.title = meta.title.or(document.title.take());
    if !meta.authors.is_empty() {
        document.authors = meta.authors;
    }
    document.date = meta.date.or(document.date.take());
    document.licence = meta.licence.or(document.licence.take());
    let known = &mut document.identifiers;
    known.doi = meta.doi.and_then(|d| Identifiers::find(&d).doi).or(known.doi.take());
    known.pmid = meta.pmid.as_ref().map(plain).filter(|p| p.bytes().all(|b| b.is_ascii_digit())).or(known.pmid.take());
    known.pmcid = meta.pmcid.and_then(|p| Identifiers::find(&p).pmcid).or(known.pmcid.take());
    known.url = meta.url.or(known.url.take());
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Document, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match line(&self.name, &mut self.from, self.line) {
                Ok(None) => self.done = true,
                Ok(Some(line)) => {
                    self.line += 1;
                    if !line.trim().is_empty() {
                        return Some(self.read(&line));
                    }
                }
                Err(e) => {
                    self.done = true;
                    return Some(Err(e));
                }
            }
        }
        None
    }
}
