//! What a PDF may ask of its parser, found out before it is parsed: how deep its objects nest, and how far its streams unpack.

use crate::read::ReadError;
use flate2::read::ZlibDecoder;
use memchr::memmem;
use std::io::Read;

/// The deepest that arrays and dictionaries may nest. The parser follows them on the stack, which a file must not exhaust.
const DEPTH: usize = 2_000;
/// The most bytes that the streams of a file may have together once unpacked.
const UNPACKED: usize = 512 << 20;
/// The most bytes of one stream that are looked at; longer ones are images.
const STREAM: u64 = 64 << 20;

/// Refuses a file that nests too deep or unpacks too far.
pub(super) fn check(source: &str, bytes: &[u8]) -> Result<(), ReadError> {
    let deep = || ReadError::limit(source, format!("a PDF whose objects nest over {DEPTH} deep, as no article's do; it may be an attack"));
    if nesting(bytes) > DEPTH {
        return Err(deep());
    }
    let (mut unpacked, mut at) = (0, 0);
    let mut buffer = Vec::new();
    for found in memmem::find_iter(bytes, b"stream") {
        if found < at || bytes[..found].ends_with(b"end") {
            continue;
        }
        let start = found + 6;
        let data = &bytes[start..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        // Only streams that are packed the usual way (RFC 1950) begin so; a damaged one is looked at as far as it goes.
        if data.len() < 2 || data[0] & 0x0f != 8 || !u16::from_be_bytes([data[0], data[1]]).is_multiple_of(31) {
            continue;
        }
        buffer.clear();
        let mut decoder = ZlibDecoder::new(data).take(STREAM);
        let _ = decoder.read_to_end(&mut buffer);
        at = start + usize::try_from(decoder.into_inner().total_in()).unwrap_or(0);
        unpacked += buffer.len();
        if nesting(&buffer) > DEPTH {
            return Err(deep());
        }
        if unpacked > UNPACKED {
            return Err(ReadError::limit(source, format!("a PDF that unpacks to over {} MiB; split the file", UNPACKED >> 20)));
        }
    }
    Ok(())
}

/// The deepest nesting of brackets, taken roughly: what stands in strings and in images counts too, and rarely nests.
fn nesting(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for &b in bytes {
        match b {
            b'[' | b'<' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'>' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(b"%PDF-1.5\n1 0 obj <</Filter /FlateDecode>> stream\n".to_vec(), Compression::best());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }

    #[test]
    fn deep_nesting_is_seen_in_the_file_and_in_its_streams() {
        assert!(check("a.pdf", "[".repeat(100_000).as_bytes()).is_err());
        assert!(check("a.pdf", &packed("[<<".repeat(50_000).as_bytes())).is_err());
        assert!(check("a.pdf", &packed("[ (text) ] TJ ".repeat(50_000).as_bytes())).is_ok());
    }

    #[test]
    fn streams_that_explode_are_refused() {
        let bomb = packed(&vec![b' '; 60 << 20]).repeat(10);
        assert!(check("bomb.pdf", &bomb).expect_err("a bomb").to_string().contains("unpacks to over 512 MiB"));
    }
}
