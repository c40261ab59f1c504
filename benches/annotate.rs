//! Speed of normalising and matching, in bytes of text a second, and of opening the lexicon.
//!
//! `EVIGRAPH_LEXICON` names a compiled lexicon to measure with; otherwise the shipped rows are used.

use divan::{Bencher, counter::BytesCount};
use evigraph::annotate::{Annotator, Lexicon};
use evigraph::document::{Document, DocumentBuilder, Format};
use std::sync::Arc;

const TEXT: &str = "Adipose-derived mesenchymal stem cells suppress interleukin-6 and TNF-α in synovial fibroblasts, which lowers the release of \
    matrix metalloproteinase 13 from chondrocytes of the knee. In patients with hip osteoarthritis the pain score fell by 30-40 % after three months, \
    and no serious adverse event was seen. Expression of type II collagen and aggrecan rose, while NF-κB signalling was reduced in treated joints.";

fn lexicon() -> Arc<Lexicon> {
    match std::env::var_os("EVIGRAPH_LEXICON") {
        Some(path) => Lexicon::open(path).expect("EVIGRAPH_LEXICON names a compiled lexicon"),
        None => Lexicon::shipped().expect("the shipped lexicon compiles"),
    }
}

fn document() -> Document {
    let mut builder = DocumentBuilder::new("bench", Format::Text);
    for _ in 0..500 {
        builder.push(TEXT);
        builder.end_block();
    }
    builder.finish()
}

#[divan::bench]
fn annotate(bencher: Bencher<'_, '_>) {
    let (annotator, document) = (Annotator::new(lexicon()), document());
    bencher.counter(BytesCount::new(document.text.len())).bench(|| annotator.annotate(&document));
}

#[divan::bench]
fn find_names(bencher: Bencher<'_, '_>) {
    let (annotator, document) = (Annotator::new(lexicon()), document());
    bencher.counter(BytesCount::new(document.text.len())).bench(|| annotator.count_names(&document));
}

#[divan::bench]
fn open(bencher: Bencher<'_, '_>) {
    bencher.bench(lexicon);
}

fn main() {
    divan::main();
}
