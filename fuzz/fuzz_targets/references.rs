//! Reads any bytes as reference strings: an error or documents whose spans lie in their text, never a panic.
#![no_main]

use evigraph::document::Format;
use evigraph::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for document in read::articles_in("fuzz", bytes, Some(Format::References)).flatten() {
        for block in document.sections.iter().flat_map(|s| &s.blocks) {
            assert!(document.text.get(block.span.start..block.span.end).is_some());
        }
        for citation in &document.citations {
            assert!(document.text.get(citation.span.start..citation.span.end).is_some());
        }
    }
});
