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
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon opens"));
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
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon opens"));
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

/// Names that such tools get wrong, each in a text that means the thing and in one that does not.
#[test]
fn short_and_common_names_follow_their_text() {
    finds("Alzheimer disease (AD) takes years. Amyloid rose early in AD.", "AD", "MONDO:0004975");
    leaves("The attention diary (AD) was kept daily. Patients filled in the AD at night.", "AD");
    leaves("Group AD had ten members.", "AD");
    finds("Serum triiodothyronine (T3) fell. T3 rose again later.", "T3", "CHEBI:18258");
    leaves("Patients were seen at T1, T2 and T3.", "T3");
    leaves("A lesion was bright on T2 images.", "T2");
    finds("Cells were primed with lipopolysaccharide (LPS), and LPS raised IL-6.", "LPS", "CHEBI:16412");
    leaves("Latent print samples (LPS) were taken. The LPS were dry.", "LPS");
    finds("Hepatocellular carcinoma (HCC) grew. Resection of HCC helped.", "HCC", "MONDO:0007256");
    leaves("Home care counsellors (HCC) called weekly. The HCC wrote notes.", "HCC");
    finds("Bisphenol A (BPA) leached out. Urine held BPA.", "BPA", "CHEBI:33216");
    leaves("Best possible answers (BPA) were counted. BPA rose by two.", "BPA");
    leaves("Pups were weighed on postnatal day (PND) 7 and PND 21.", "PND");
    finds("Stress of the endoplasmic reticulum (ER) kills cells, and ER calcium falls.", "ER", "GO:0005783");
    leaves("They came to the emergency room (ER). The ER was full.", "ER");
    finds("Catalase (CAT) and SOD1 rose; CAT did so twofold.", "CAT", "HGNC:1516");
    leaves("A CAT scan was taken, and the cat slept.", "CAT");
    leaves("Heart rate reached 80 % of its MAX.", "MAX");
    leaves("REST was advised after surgery.", "REST");
    leaves("The IMPACT trial had three arms.", "IMPACT");
    leaves("Cartilage damage was graded by eye.", "damage");
    leaves("Mothers gave milk for six months.", "milk");
    leaves("Lim et al. and King et al. disagree.", "King");
}
