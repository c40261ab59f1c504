//! White space in results in XML: the parser takes it off the ends of literals, where it does not stand as character references.

use std::io::{self, Cursor, Read};

/// How much is read at once, in bytes.
const PIECE: usize = 1 << 14;
/// How much of a tag is looked at, in bytes: enough for the name.
const LOOKED_AT: usize = 16;

/// Where in the document the next byte stands.
enum Place {
    /// In a tag that begins so.
    Tag(Vec<u8>),
    /// In the text of a literal.
    Literal,
    Elsewhere,
}

/// Gives the document with the white space of its literals as character references.
pub(super) struct KeepSpaces<R> {
    document: R,
    place: Place,
    ready: Cursor<Vec<u8>>,
}

impl<R: Read> KeepSpaces<R> {
    pub(super) fn new(document: R) -> Self {
        Self { document, place: Place::Elsewhere, ready: Cursor::default() }
    }

    fn take(&mut self, byte: u8, out: &mut Vec<u8>) {
        match (&mut self.place, byte) {
            (Place::Literal, b' ' | b'\t' | b'\r' | b'\n') => return out.extend(format!("&#{byte};").into_bytes()),
            (Place::Literal | Place::Elsewhere, b'<') => self.place = Place::Tag(Vec::new()),
            (Place::Tag(tag), b'>') => {
                self.place = if is_literal(tag) && out.last() != Some(&b'/') { Place::Literal } else { Place::Elsewhere }
            }
            (Place::Tag(tag), _) if tag.len() < LOOKED_AT => tag.push(byte),
            _ => {}
        }
        out.push(byte);
    }
}

/// Whether a tag opens a literal.
fn is_literal(tag: &[u8]) -> bool {
    tag.strip_prefix(b"literal").is_some_and(|rest| rest.first().is_none_or(|next| next.is_ascii_whitespace()))
}

impl<R: Read> Read for KeepSpaces<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.ready.position() == self.ready.get_ref().len() as u64 {
            let mut piece = [0; PIECE];
            let length = self.document.read(&mut piece)?;
            let mut out = Vec::with_capacity(length + length / 4);
            piece.iter().take(length).for_each(|byte| self.take(*byte, &mut out));
            self.ready = Cursor::new(out);
        }
        self.ready.read(into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(document: &str) -> String {
        let mut text = String::new();
        // A read may end anywhere.
        let (one, two) = document.as_bytes().split_at(document.len() / 3);
        KeepSpaces::new(one.chain(two)).read_to_string(&mut text).expect("UTF-8");
        text
    }

    #[test]
    fn white_space_counts_in_literals_alone() {
        for (document, wanted) in [
            ("<a> <literal>\n x y</literal> </a>", "<a> <literal>&#10;&#32;x&#32;y</literal> </a>"),
            ("<literal xml:lang='de'> é </literal>\n", "<literal xml:lang='de'>&#32;é&#32;</literal>\n"),
            (
                "<uri> x </uri><literal datatype=\"a\"/> <literals> </literals>",
                "<uri> x </uri><literal datatype=\"a\"/> <literals> </literals>",
            ),
        ] {
            assert_eq!(kept(document), wanted);
        }
    }
}
