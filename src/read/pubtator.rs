//! PubTator: titles and abstracts, one article after the other; annotations in the file are not read.

use super::ReadError;
use super::open::{MAX_ARTICLE, damaged, too_large};
use crate::document::{BlockKind, Document, DocumentBuilder, Format, normalise};
use crate::text::Origin;
use std::io::{BufRead, Read};

/// Streams the articles of a PubTator file.
pub(super) struct Pubtator<R> {
    name: String,
    from: R,
    line: usize,
    /// A title line that was read when it ended the article before.
    next: Option<(String, String)>,
    count: usize,
    done: bool,
}

impl<R: BufRead> Pubtator<R> {
    /// Starts on `from`.
    pub(super) fn new(name: &str, from: R) -> Self {
        Self { name: name.to_owned(), from, line: 0, next: None, count: 0, done: false }
    }

    fn article(&mut self) -> Result<Option<Document>, ReadError> {
        let mut title = self.next.take();
        let mut body = String::new();
        while let Some(line) = line(&self.name, &mut self.from, self.line)? {
            self.line += 1;
            if let Some((id, text)) = field(&line, "|t|") {
                if title.is_some() {
                    self.next = Some((id, text));
                    break;
                }
                title = Some((id, text));
            } else if let Some((id, text)) = field(&line, "|a|") {
                match &title {
                    Some((of, _)) if *of == id => body = text,
                    _ => return Err(self.malformed(format!("an abstract of {id} that follows no title of it; put `{id}|t|…` before"))),
                }
            } else if line.trim().is_empty() {
                if title.is_some() {
                    break;
                }
            } else if title.is_none() || !line.contains('\t') {
                return Err(
                    self.malformed("neither title, abstract nor annotation; give `PMID|t|…`, `PMID|a|…` or tab-separated lines".to_owned())
                );
            }
        }
        Ok(title.map(|(id, title)| self.build(&id, &title, &body)))
    }

    fn malformed(&self, message: String) -> ReadError {
        ReadError::Malformed { source_name: self.name.clone(), line: self.line, column: 1, message }
    }

    fn build(&self, id: &str, title: &str, body: &str) -> Document {
        let mut builder = DocumentBuilder::new(&self.name, Format::Pubtator);
        builder.title(title);
        let at = builder.text().len() + usize::from(!builder.text().is_empty());
        builder.start_block(BlockKind::Paragraph);
        builder.push(body);
        builder.end_block();
        let document = builder.document();
        if id.bytes().all(|b| b.is_ascii_digit()) {
            document.identifiers.pmid = Some(id.to_owned());
        } else {
            document.given_id = Some(id.to_owned());
        }
        // PubTator counts over the title, one character, and the abstract.
        let mut runs = Vec::new();
        align(title, 0, 0, &mut runs);
        align(body, at, title.chars().count() + 1, &mut runs);
        document.origin = Some(Origin { runs });
        builder.finish()
    }
}

/// Adds where each run of unchanged characters of `text`, laid out from byte `at` on, stood in the input from code point `point` on.
pub(super) fn align(text: &str, at: usize, point: usize, runs: &mut Vec<(usize, usize)>) {
    let laid = normalise(text);
    let mut laid = laid.trim().char_indices().peekable();
    let mut in_run = false;
    for (n, c) in text.chars().enumerate() {
        match laid.peek() {
            Some(&(byte, l)) if l == c || (l == ' ' && c.is_whitespace()) => {
                if !in_run {
                    runs.push((at + byte, point + n));
                }
                in_run = true;
                laid.next();
            }
            _ => in_run = false,
        }
    }
}

fn field(line: &str, mark: &str) -> Option<(String, String)> {
    let (id, text) = line.split_once(mark)?;
    (!id.is_empty() && id.len() <= 40 && !id.contains(['\t', ' ', '|'])).then(|| (id.to_owned(), text.to_owned()))
}

/// The next line without its end, at most as long as an article may be.
pub(super) fn line(name: &str, from: &mut impl BufRead, before: usize) -> Result<Option<String>, ReadError> {
    let mut bytes = Vec::new();
    from.take(MAX_ARTICLE as u64 + 1).read_until(b'\n', &mut bytes).map_err(|e| damaged(name, e))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.len() > MAX_ARTICLE {
        return Err(too_large(&format!("{name}:{}", before + 1), MAX_ARTICLE));
    }
    while bytes.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
        bytes.pop();
    }
    if before == 0 && bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(line) => Ok(Some(line)),
        Err(e) => Err(ReadError::Malformed {
            source_name: name.to_owned(),
            line: before + 1,
            column: String::from_utf8_lossy(&e.as_bytes()[..e.utf8_error().valid_up_to()]).chars().count() + 1,
            message: "not valid UTF-8; convert the file to UTF-8 first".to_owned(),
        }),
    }
}

impl<R: BufRead> Iterator for Pubtator<R> {
    type Item = Result<Document, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let result = self.article();
        match result {
            Ok(Some(document)) => {
                self.count += 1;
                Some(Ok(document))
            }
            Ok(None) => {
                self.done = true;
                (self.count == 0).then(|| Err(ReadError::empty(&self.name)))
            }
            Err(e) => {
                self.done = true;
                Some(Err(e))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_told_apart_and_positions_kept() {
        let text = "11|t|Hip  pain\n11|a|TNF-\u{b5} fell.\n11\t0\t3\tHip\tDisease\tD1\n\n12|t|Knee pain\n12|a|It rose.\n";
        let documents: Vec<Document> = Pubtator::new("a", text.as_bytes()).map(|d| d.expect("well-formed")).collect();
        assert_eq!(documents.len(), 2);
        let first = &documents[0];
        assert_eq!(first.text, "Hip pain\nTNF-μ fell.");
        assert_eq!(first.id(), "PMID:11");
        let origin = first.origin.as_ref().expect("origin");
        assert_eq!(origin.code_point(&first.text, 4), 5);
        let fell = first.text.find("fell").unwrap_or_default();
        assert_eq!(origin.code_point(&first.text, fell), 10 + 6);
        assert_eq!(documents[1].title.as_deref(), Some("Knee pain"));
    }

    #[test]
    fn damage_is_told_by_line() {
        let error = Pubtator::new("a", "11|t|Hip\n12|a|Other.\n".as_bytes()).next().expect("an item").expect_err("an error");
        assert!(error.to_string().starts_with("a:2:1: an abstract of 12"), "{error}");
    }
}
