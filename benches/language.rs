//! Speed of the language steps on one core, in tokens per second (and bytes per second where there are no tokens yet).
#![allow(missing_docs)]

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use evigraph::language::{Engine, Token};
use evigraph::text::Span;

/// A few sentences of the kind that articles hold, repeated to some 100 kB.
fn sample() -> String {
    "Mesenchymal stromal cells reduced the secretion of IL-6 and TNF-α by activated macrophages in vitro (Fig. 2B). \
     In rats with a transected sciatic nerve, grafts that carried Schwann-like cells restored conduction within 12 weeks, \
     whereas empty conduits did not (p < 0.01).[4,5] Restores collagen alignment by upregulating decorin. \
     It remains unclear whether miR-21-5p, which is enriched in these vesicles, acts through PTEN/Akt signalling; however, \
     its inhibition abolished the protective effect on chondrocytes. Of 40 patients with grade III lesions, 31 (77.5%) \
     reported less pain at 6 months, and the mean score fell from 6.8 ± 1.1 to 2.3 ± 0.9. \
     Overexpression of SOX9 in E. coli-challenged cartilage explants was associated with lower MMP-13 activity, \
     which suggests that the transcription factor protects the matrix from degradation during inflammation.\n\n"
        .repeat(110)
}

fn tokens(text: &str) -> Vec<Vec<Token>> {
    let engine = Engine::shipped();
    engine.sentences(text, Span::new(0, text.len())).into_iter().map(|s| engine.tokenize(text, s)).collect()
}

#[divan::bench]
fn split_and_tokenize(bencher: Bencher<'_, '_>) {
    let text = sample();
    bencher.counter(BytesCount::of_str(&text)).bench(|| black_box(tokens(&text)));
}

#[divan::bench]
fn tag(bencher: Bencher<'_, '_>) {
    let text = sample();
    let sentences = tokens(&text);
    bencher.counter(ItemsCount::new(sentences.iter().map(Vec::len).sum::<usize>())).with_inputs(|| sentences.clone()).bench_values(
        |mut sentences| {
            sentences.iter_mut().for_each(|s| Engine::shipped().tag(&text, s));
            sentences
        },
    );
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let text = sample();
    let mut sentences = tokens(&text);
    sentences.iter_mut().for_each(|s| Engine::shipped().tag(&text, s));
    bencher.counter(ItemsCount::new(sentences.iter().map(Vec::len).sum::<usize>())).with_inputs(|| sentences.clone()).bench_values(
        |mut sentences| {
            sentences.iter_mut().for_each(|s| Engine::shipped().parse(&text, s));
            sentences
        },
    );
}

#[divan::bench]
fn tag_and_parse(bencher: Bencher<'_, '_>) {
    let text = sample();
    let sentences = tokens(&text);
    bencher.counter(ItemsCount::new(sentences.iter().map(Vec::len).sum::<usize>())).with_inputs(|| sentences.clone()).bench_values(
        |mut sentences| {
            for s in &mut sentences {
                Engine::shipped().tag(&text, s);
                Engine::shipped().parse(&text, s);
            }
            sentences
        },
    );
}

fn main() {
    divan::main();
}
