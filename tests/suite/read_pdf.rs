//! PDF files: what is read from articles of one and two columns, and what is refused.
#![cfg(feature = "pdf")]

use evigraph::document::{Document, Format};
use evigraph::read;
use proptest::prelude::*;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn case(name: &str) -> PathBuf {
    Path::new("tests/cases/pdf").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(case(name)).expect("the case is part of the repository")
}

fn one(name: &str) -> Document {
    read::read(name, &bytes(name), None).unwrap_or_else(|e| panic!("{e}")).remove(0)
}

fn error(name: &str, bytes: &[u8]) -> String {
    match read::read(name, bytes, Some(Format::Pdf)) {
        Ok(documents) => panic!("{name} was read: {documents:?}"),
        Err(e) => e.to_string(),
    }
}

/// A document as a page of text: head, headings, blocks with the keys that they cite, references.
fn told(d: &Document) -> String {
    let mut out = format!("{}\nby {}; {}\n", d.title.as_deref().unwrap_or("-"), d.authors.join(", "), d.date.as_deref().unwrap_or("-"));
    for section in &d.sections {
        let _ = writeln!(out, "\n# {}", section.heading.join(" > "));
        for block in &section.blocks {
            let cited: Vec<&str> = d.citations_in(block.span).iter().flat_map(|c| &c.keys).map(String::as_str).collect();
            let cited = if cited.is_empty() { String::new() } else { format!(" -> {}", cited.join(" | ")) };
            let _ = writeln!(out, "{:?}: {}{cited}", block.kind, block.span.of(&d.text));
        }
    }
    out.push_str("\n# References\n");
    for r in &d.references {
        let id = r.identifiers.doi.as_ref().or(r.identifiers.pmid.as_ref()).map_or("-", String::as_str);
        let _ = writeln!(out, "[{}] {id}: {}", r.key, r.raw);
    }
    out
}

#[test]
fn articles_are_read_in_order() {
    for name in ["two-column", "superscript", "author-year"] {
        let found = told(&one(&format!("{name}.pdf")));
        let expected = case(&format!("{name}.txt"));
        if std::env::var_os("EVIGRAPH_BLESS").is_some() {
            fs::write(&expected, &found).expect("the expected text");
        }
        assert_eq!(found, fs::read_to_string(&expected).expect("the expected text"), "{name}");
    }
}

#[test]
fn every_marker_of_the_two_columns_resolves() {
    let d = one("two-column.pdf");
    assert_eq!(d.references.len(), 8);
    let cited: Vec<&str> = d.citations.iter().flat_map(|c| &c.keys).map(String::as_str).collect();
    assert_eq!(cited, ["1", "2", "3", "4", "2", "5", "6", "7", "5", "6", "6", "2", "7", "8", "6"]);
    assert!(!d.text.contains("J Joint Care 12 (2021)"), "the foot of the page is no text");
    for word in ["degrades aggrecan through metalloproteinases [2,3]", "Magnetic resonance images were read", "anti-inflammatory", "car-"] {
        assert_eq!(d.text.contains(word), word != "car-", "{word}");
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    assert!(error("encrypted.pdf", &bytes("encrypted.pdf")).contains("encrypted.pdf: an encrypted PDF that asks for a password"));
    assert!(error("without-text.pdf", &bytes("without-text.pdf")).contains("a PDF without text, only images"));
    assert!(error("cut.pdf", &bytes("two-column.pdf")[..3_000]).contains("cut.pdf: a damaged PDF"));
    assert!(error("no.pdf", b"%PDF-1.5\nhello").starts_with("no.pdf: "));
    let nested = format!("%PDF-1.4\n1 0 obj\n{}\nendobj\ntrailer <</Root 1 0 R>>", "[".repeat(100_000));
    assert!(error("deep.pdf", nested.as_bytes()).starts_with("deep.pdf: "));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_read_or_refused(
        name in prop::sample::select(vec!["two-column.pdf", "superscript.pdf", "author-year.pdf"]),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0usize..60), 1..5),
    ) {
        let mut bytes = bytes(name);
        for (from, to, length) in cuts {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
            bytes.splice(to..(to + length / 2).min(bytes.len()), piece);
        }
        for d in read::articles_in(name, &bytes, Some(Format::Pdf)).flatten() {
            for span in d.sections.iter().flat_map(|s| &s.blocks).map(|b| b.span).chain(d.citations.iter().map(|c| c.span)) {
                prop_assert!(d.text.get(span.start..span.end).is_some());
            }
        }
    }
}
