//! Cuts a stream of XML into its articles, so that a file of thirty thousand needs the memory of one.

use super::open::{MAX_ARTICLE, damaged, too_large};
use super::{ReadError, encoding};
use crate::document::Document;
use encoding_rs::Encoding;
use memchr::memmem;
use std::io::BufRead;

/// A place in an input: bytes and lines before it, and characters before it on its line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Position {
    pub(super) bytes: usize,
    pub(super) lines: usize,
    pub(super) columns: usize,
}

impl Position {
    /// Moves on over `bytes`.
    pub(super) fn advance(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        let lines = memchr::memchr_iter(b'\n', bytes).count();
        let last = memchr::memrchr(b'\n', bytes).map_or(bytes, |n| &bytes[n + 1..]);
        if lines > 0 {
            self.columns = 0;
        }
        self.lines += lines;
        self.columns += last.iter().filter(|b| !matches!(b, 0x80..=0xbf)).count();
    }
}

/// Reads one article: from the name of its input and its XML.
pub(super) type ReadPiece = fn(&str, &str) -> Result<Document, ReadError>;

/// Streams the documents of an XML input whose articles are elements with one of a few names.
pub(super) struct Xml<R> {
    name: String,
    from: R,
    elements: &'static [&'static str],
    read: ReadPiece,
    /// Bytes read and not yet given on.
    buffer: Vec<u8>,
    /// The encoding that the head of the input declares.
    encoding: Option<&'static Encoding>,
    /// Where the buffer begins in the input.
    at: Position,
    count: usize,
    ended: bool,
    done: bool,
}

impl<R: BufRead> Xml<R> {
    /// Starts on `from`.
    pub(super) fn new(name: &str, from: R, elements: &'static [&'static str], read: ReadPiece) -> Self {
        let name = name.to_owned();
        Self {
            name,
            from,
            elements,
            read,
            buffer: Vec::new(),
            encoding: None,
            at: Position::default(),
            count: 0,
            ended: false,
            done: false,
        }
    }

    fn fill(&mut self) -> Result<(), ReadError> {
        let block = self.from.fill_buf().map_err(|e| damaged(&self.name, e))?;
        let length = block.len();
        self.buffer.extend_from_slice(block);
        self.from.consume(length);
        self.ended = length == 0;
        if self.encoding.is_none() && (self.buffer.len() >= encoding::DECLARATION || self.ended) {
            let (encoding, mark) = encoding::of(&self.name, &self.buffer)?;
            self.encoding = Some(encoding);
            self.drop_front(mark);
        }
        Ok(())
    }

    fn drop_front(&mut self, length: usize) {
        self.at.advance(&self.buffer[..length]);
        self.buffer.drain(..length);
    }

    /// Where the next start tag of an article stands, and the article's element name.
    fn start(&self, from: usize) -> Option<(usize, &'static str)> {
        let mut at = from;
        loop {
            at += memchr::memchr(b'<', &self.buffer[at..])?;
            let rest = &self.buffer[at + 1..];
            let found = self.elements.iter().find(|e| {
                rest.starts_with(e.as_bytes()) && rest.get(e.len()).is_some_and(|&b| matches!(b, b'>' | b'/') || b.is_ascii_whitespace())
            });
            if let Some(element) = found {
                return Some((at, element));
            }
            at += 1;
        }
    }

    /// Brings the next article to the front of the buffer and gives its length.
    fn piece(&mut self) -> Result<Option<usize>, ReadError> {
        let mut searched = 0;
        let mut passed = 0;
        while self.encoding.is_none() {
            self.fill()?;
        }
        let element = loop {
            if let Some((at, element)) = self.start(searched) {
                self.drop_front(at);
                break element;
            }
            if self.ended {
                return Ok(None);
            }
            // A tag may be cut at the end of the buffer.
            let keep = self.buffer.len().saturating_sub(64);
            if keep > 0 {
                passed += keep;
                self.drop_front(keep);
                searched = 0;
                if passed > MAX_ARTICLE {
                    return Err(too_large(&self.name, MAX_ARTICLE));
                }
            }
            self.fill()?;
        };
        let close = format!("</{element}");
        let mut searched = 0;
        let end = loop {
            if let Some(at) = memmem::find(&self.buffer[searched..], close.as_bytes()).map(|n| searched + n) {
                let after = at + close.len();
                match self.buffer.get(after) {
                    Some(b) if *b == b'>' || b.is_ascii_whitespace() => {
                        if let Some(n) = memchr::memchr(b'>', &self.buffer[after..]) {
                            break after + n + 1;
                        }
                    }
                    Some(_) => {
                        searched = after;
                        continue;
                    }
                    None => {}
                }
                searched = at;
            } else {
                searched = self.buffer.len().saturating_sub(close.len()).max(searched);
            }
            if self.ended {
                // The reader says where the end is missing.
                break self.buffer.len();
            }
            if self.buffer.len() > MAX_ARTICLE {
                return Err(too_large(&self.name, MAX_ARTICLE));
            }
            self.fill()?;
        };
        Ok(Some(end))
    }
}

impl<R: BufRead> Iterator for Xml<R> {
    type Item = Result<Document, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let length = match self.piece() {
            Ok(Some(length)) => length,
            Ok(None) => {
                self.done = true;
                return (self.count == 0).then(|| Err(ReadError::empty(&self.name)));
            }
            Err(e) => {
                self.done = true;
                return Some(Err(e));
            }
        };
        self.count += 1;
        let piece = &self.buffer[..length];
        let encoding = self.encoding.unwrap_or(encoding_rs::UTF_8);
        let text = encoding::decode_as(&self.name, piece, encoding);
        let result = text.and_then(|text| (self.read)(&self.name, &text)).map_err(|e| e.after(self.at));
        self.drop_front(length);
        Some(result)
    }
}
