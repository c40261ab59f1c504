//! Bytes to text: byte order marks, declared encodings, and invalid UTF-8 named by its byte.

use super::ReadError;
use super::pieces::Position;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How far into an input an XML or HTML declaration of the encoding is looked for, in bytes.
pub(super) const DECLARATION: usize = 1024;

/// Decodes an input: by its byte order mark, else as its XML declaration or HTML `meta` element says, else as UTF-8.
///
/// # Errors
/// [`ReadError::InvalidUtf8`] with the first wrong byte, [`ReadError::Unsupported`] for an unknown encoding or bytes that the declared one
/// does not have, [`ReadError::Binary`] where the text holds NUL characters.
pub fn decode<'a>(source: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, ReadError> {
    let (encoding, mark) = of(source, bytes)?;
    decode_as(source, &bytes[mark..], encoding).map_err(|e| e.after(Position { bytes: mark, ..Position::default() }))
}

/// The encoding of an input that begins with `head`, and the length of its byte order mark.
pub(super) fn of(source: &str, head: &[u8]) -> Result<(&'static Encoding, usize), ReadError> {
    match Encoding::for_bom(head) {
        Some(found) => Ok(found),
        None => Ok((declared(source, head)?, 0)),
    }
}

/// Decodes bytes whose encoding is known, as [`decode`] does.
pub(super) fn decode_as<'a>(source: &str, bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, ReadError> {
    let text = if encoding == UTF_8 {
        Cow::Borrowed(std::str::from_utf8(bytes).map_err(|e| invalid(source, bytes, e.valid_up_to()))?)
    } else {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
            ReadError::unsupported(
                source,
                format!("holds bytes that its encoding {} does not have; convert the file to UTF-8", encoding.name()),
            )
        })?
    };
    if memchr::memchr(0, text.as_bytes()).is_some() {
        return Err(ReadError::Binary { source_name: source.to_owned() });
    }
    Ok(text)
}

fn invalid(source: &str, bytes: &[u8], offset: usize) -> ReadError {
    if memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
        return ReadError::Binary { source_name: source.to_owned() };
    }
    ReadError::InvalidUtf8 { source_name: source.to_owned(), offset }
}

/// The encoding that the head of the input declares, or shows by the zero bytes around its first `<`.
fn declared(source: &str, bytes: &[u8]) -> Result<&'static Encoding, ReadError> {
    if bytes.starts_with(b"<\0") {
        return Ok(UTF_16LE);
    }
    if bytes.starts_with(b"\0<") {
        return Ok(UTF_16BE);
    }
    let head = &bytes[..bytes.len().min(DECLARATION)];
    let label = if head.starts_with(b"<?xml") {
        let end = memchr::memmem::find(head, b"?>").unwrap_or(head.len());
        after(&head[..end], b"encoding")
    } else if head.first().is_some_and(|&b| b == b'<' || b.is_ascii_whitespace()) && memchr::memmem::find(head, b"<meta").is_some() {
        after(head, b"charset")
    } else {
        None
    };
    match label {
        None => Ok(UTF_8),
        // A file that declares UTF-16 in bytes that could be read this far is no UTF-16.
        Some(label) if label.to_ascii_lowercase().starts_with(b"utf-16") => Ok(UTF_8),
        Some(label) => Encoding::for_label(label).ok_or_else(|| {
            let name = String::from_utf8_lossy(label).chars().take(40).collect::<String>();
            ReadError::unsupported(source, format!("declares the encoding {name:?}, which is unknown; convert the file to UTF-8"))
        }),
    }
}

/// The value that follows `name`, an equals sign and a quotation mark, if any.
fn after<'a>(head: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = memchr::memmem::find(head, name)? + name.len();
    let skip = head[at..].iter().take_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'')).count();
    let rest = &head[at + skip..];
    let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.')).count();
    (length > 0).then(|| &rest[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_encodings_are_followed() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><p>na\xefve</p>";
        assert!(decode("a.xml", latin).unwrap_or_default().contains("naïve"));
        let page = b"<html><head><meta charset=windows-1252></head>5 \x80";
        assert!(decode("a.html", page).unwrap_or_default().ends_with("5 €"));
        let wide: Vec<u8> = "\u{feff}<p>β</p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode("a.xml", &wide).unwrap_or_default(), "<p>β</p>");
        let bare: Vec<u8> = "<p>β</p>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode("a.xml", &bare).unwrap_or_default(), "<p>β</p>");
    }

    #[test]
    fn wrong_bytes_are_named() {
        let error = decode("a.txt", b"pain \xff fell").map(|_| ()).expect_err("wrong bytes");
        assert!(matches!(error, ReadError::InvalidUtf8 { offset: 5, .. }), "{error}");
        let error = decode("a.xml", b"<?xml version='1.0' encoding='UTF-8'?><p>na\xefve</p>").map(|_| ()).expect_err("wrong bytes");
        assert!(matches!(error, ReadError::InvalidUtf8 { offset: 43, .. }), "{error}");
        let error = decode("a.xml", b"<?xml version='1.0' encoding='klingon'?><p/>").map(|_| ()).expect_err("wrong bytes");
        assert!(error.to_string().contains("klingon"), "{error}");
        assert!(matches!(decode("a.txt", b"pain\0fell"), Err(ReadError::Binary { .. })));
    }
}
