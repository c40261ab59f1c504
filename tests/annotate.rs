//! Mentions in running text, with the shipped lexicon: names found and names left alone.

use evigraph::annotate::{Annotator, Category, Lexicon, Mention};
use evigraph::document::{BlockKind, Document, DocumentBuilder, Format};

fn document(text: &str) -> Document {
    let mut builder = DocumentBuilder::new("note", Format::Text);
    builder.start_block(BlockKind::Paragraph);
    builder.push(text);
    builder.finish()
}

fn mentions(text: &str) -> Vec<Mention> {
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon compiles"));
    annotator.annotate(&document(text))
}

fn ids(text: &str) -> Vec<(String, Option<String>)> {
    mentions(text).into_iter().map(|m| (m.text, m.entity.id)).collect()
}

fn finds(text: &str, name: &str, id: &str) {
    let found = ids(text);
    assert!(found.iter().any(|f| f.0 == name && f.1.as_deref() == Some(id)), "{name} as {id} in {text:?}: {found:?}");
}

fn leaves(text: &str, name: &str) {
    let found = ids(text);
    assert!(!found.iter().any(|f| f.0.eq_ignore_ascii_case(name)), "{name} in {text:?}: {found:?}");
}

#[test]
fn variants_of_a_name_are_found() {
    for name in ["IL-6", "IL6", "interleukin-6", "Interleukin 6", "IL 6"] {
        finds(&format!("The cells suppress {name} in cartilage."), name, "HGNC:6018");
    }
}

#[test]
fn coordinations_are_filled_in() {
    let text = |t: &str| mentions(t).into_iter().map(|m| m.text).collect::<Vec<_>>();
    assert!(text("It cleaves MMP-3/13 there.").contains(&"MMP-13".to_owned()), "{:?}", text("It cleaves MMP-3/13 there."));
    let both = text("Collagen type I/III rose.");
    assert!(both.iter().any(|t| t.eq_ignore_ascii_case("collagen type III")), "{both:?}");
    assert!(text("They release IL-1 and -6 early.").contains(&"IL-6".to_owned()));
    let both = text("It changed OPG/RANKL in bone.");
    assert!(both.contains(&"OPG".to_owned()) && both.contains(&"RANKL".to_owned()), "{both:?}");
}

#[test]
fn an_abbreviation_binds_for_the_whole_document() {
    let text = "Mesenchymal stromal cells (MStrCs) were injected. One month later MStrCs had spread.";
    let found: Vec<Mention> = mentions(text).into_iter().filter(|m| m.text == "MStrCs").collect();
    assert_eq!(found.len(), 2, "{:?}", ids(text));
    assert_eq!(found[0].entity.category, Category::Cell);
    leaves("Avoidant decision (AD) was rated. AD rose.", "AD");
}

#[test]
fn words_and_authors_are_no_mentions() {
    leaves("Lim et al. rested for a year.", "Lim");
    leaves("The impact was large and the rest fell; the damage to a cat was small.", "impact");
    leaves("The rest of the group drank more.", "rest");
    leaves("The cat was fed at most twice.", "cat");
    leaves("We set a max of ten.", "max");
    leaves("Scores at T2 and T3 were alike.", "T3");
    leaves("Scores at T2 and T3 were alike.", "T2");
}

#[test]
fn spans_hold_what_they_say() {
    let text = "Type II collagen, TGF-β1 and -β3, α2β1 integrin and miR-219 in Sjögren’s syndrome (SS) 𝛼.";
    let document = document(text);
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon compiles"));
    let found = annotator.annotate(&document);
    assert!(found.len() >= 4, "{found:?}");
    assert!(found.is_sorted_by_key(|m| m.span.start));
    for m in found {
        assert!(document.text.get(m.span.start..m.span.end).is_some_and(|s| !s.is_empty()));
    }
}

#[test]
fn hostile_text_is_read_in_linear_time() {
    for unit in ["(", "[(", "a and ", "IL-1/", "@", "types I and ", "x@y.z ", "IL-6 (IL-6) ", "α", "\u{301}", "cell cell ", "www."] {
        let text = unit.repeat(40_000 / unit.len());
        let _ = mentions(&text);
    }
}
