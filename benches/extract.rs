//! Speed of parsing, and of annotating and extracting together, in bytes of text a second on one core.
//!
//! `EVIGRAPH_LEXICON` names a compiled lexicon to measure with; otherwise the shipped rows are used.

use divan::{Bencher, counter::BytesCount};
use evigraph::annotate::{Annotator, Lexicon};
use evigraph::document::{Document, DocumentBuilder, Format};
use evigraph::extract::{Extractor, Rules};
use evigraph::language::Engine;

const TEXT: &str = "Platelet-rich plasma lowers the secretion of interleukin-1β by synovial macrophages and thereby protects the cartilage of \
    the knee. In patients with plantar fasciitis, shock waves reduced morning pain by 45 % at 12 weeks, whereas sham treatment did not. \
    The incidence of swelling was 8 % in the treatment group and 11 % in the control group (p = 0.41). Whether loading raises the \
    expression of aggrecan in the meniscus is not known.";

fn extractor() -> Extractor {
    let lexicon = match std::env::var_os("EVIGRAPH_LEXICON") {
        Some(path) => Lexicon::open(path).expect("EVIGRAPH_LEXICON names a compiled lexicon"),
        None => Lexicon::shipped().expect("the shipped lexicon compiles"),
    };
    Extractor::new(Annotator::new(lexicon), Rules::shipped().expect("the shipped rules compile"))
}

fn document() -> Document {
    let mut builder = DocumentBuilder::new("bench", Format::Text);
    for _ in 0..200 {
        builder.push(TEXT);
        builder.end_block();
    }
    builder.finish()
}

#[divan::bench]
fn extract(bencher: Bencher<'_, '_>) {
    let (extractor, document) = (extractor(), document());
    bencher.counter(BytesCount::new(document.text.len())).bench(|| extractor.extract(&document));
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let (engine, document) = (Engine::shipped(), document());
    let spans: Vec<_> = document.sections.iter().flat_map(|s| &s.blocks).map(|b| b.span).collect();
    let analyse = || spans.iter().map(|&span| engine.analyse(&document.text, span).len()).sum::<usize>();
    bencher.counter(BytesCount::new(document.text.len())).bench(analyse);
}

fn main() {
    divan::main();
}
