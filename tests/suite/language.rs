//! The language engine on whole texts: it gives trees whatever it reads, and reads the kinds of lines that articles hold.

use evigraph::language::{Engine, Sentence};
use evigraph::text::Span;
use proptest::prelude::*;

fn analyse(text: &str) -> Vec<Sentence> {
    Engine::shipped().analyse(text, Span::new(0, text.len()))
}

/// Panics unless the sentences are in order, inside the text, and each is a tree with one root.
fn assert_sound(text: &str, sentences: &[Sentence]) {
    let mut at = 0;
    for s in sentences {
        assert!(s.span.start >= at && text.get(s.span.start..s.span.end).is_some());
        at = s.span.end;
        let mut token_at = s.span.start;
        for t in &s.tokens {
            assert!(t.span.start >= token_at && t.span.end <= s.span.end && !t.span.is_empty());
            assert!(!t.tag.is_empty() && !t.relation.is_empty() && !t.lemma.is_empty());
            token_at = t.span.end;
        }
        assert_eq!(s.tokens.iter().filter(|t| t.head.is_none()).count(), usize::from(!s.tokens.is_empty()));
        // From every token the heads lead to the root: no cycles.
        if s.tokens.len() < 300 {
            let steps = |t: usize| std::iter::successors(Some(t), |&at| s.tokens[at].head).take(s.tokens.len() + 1).count();
            assert!((0..s.tokens.len()).all(|t| steps(t) <= s.tokens.len()));
        }
    }
}

/// The word that a word hangs on and the relation, of the first sentence; `ROOT` above the root.
fn arc(text: &str, word: &str) -> (String, &'static str) {
    let sentences = analyse(text);
    let tokens = &sentences[0].tokens;
    let token = tokens.iter().find(|t| t.span.of(text) == word).expect("the word stands in the text");
    (token.head.map_or("ROOT".into(), |h| tokens[h].span.of(text).to_owned()), token.relation)
}

#[test]
fn plain_sentences_have_subjects_and_objects() {
    let text = "Curcumin inhibited the release of IL-1β from human chondrocytes.";
    assert_eq!(arc(text, "inhibited"), ("ROOT".into(), "root"));
    assert_eq!(arc(text, "Curcumin"), ("inhibited".into(), "nsubj"));
    assert_eq!(arc(text, "release"), ("inhibited".into(), "dobj"));
    assert_eq!(arc(text, "of"), ("release".into(), "prep"));
}

#[test]
fn passives_name_their_agent() {
    let text = "Cartilage degradation was reduced by the treatment.";
    assert_eq!(arc(text, "degradation"), ("reduced".into(), "nsubjpass"));
    assert_eq!(arc(text, "was"), ("reduced".into(), "auxpass"));
    assert_eq!(arc(text, "treatment"), ("by".into(), "pobj"));
}

#[test]
fn bullets_without_subject_are_read_as_verbs() {
    for (text, verb, object) in [
        ("Restore collagen alignment by upregulating decorin", "Restore", "alignment"),
        ("Reduces inflammation in the joint", "Reduces", "inflammation"),
        ("Promote the survival of neurons through BDNF release", "Promote", "survival"),
    ] {
        assert_eq!(arc(text, verb), ("ROOT".into(), "root"), "{text}");
        assert_eq!(arc(text, object), (verb.into(), "dobj"), "{text}");
    }
}

#[test]
fn skipped_spans_leave_no_token() {
    let text = "Platelets (Smith et al., 2020) release PDGF [1,2].";
    let skip = [Span::new(10, 30), Span::new(44, 49)];
    let sentences = Engine::shipped().analyse_without(text, Span::new(0, text.len()), &skip);
    let words: Vec<&str> = sentences.iter().flat_map(|s| &s.tokens).map(|t| t.span.of(text)).collect();
    assert_eq!(words, ["Platelets", "release", "PDGF", "."]);
}

#[test]
fn lemmas_are_those_of_the_tag() {
    let text = "The mice showed increased expression of genes.";
    let sentences = analyse(text);
    let lemmas: Vec<&str> = sentences[0].tokens.iter().map(|t| &*t.lemma).collect();
    assert_eq!([lemmas[1], lemmas[2], lemmas[6]], ["mouse", "show", "gene"]);
}

#[test]
fn monstrous_text_is_read_in_linear_time() {
    for text in [
        "word ".repeat(10_000),
        "(".repeat(100_000),
        "()[] ".repeat(20_000),
        "a.".repeat(50_000),
        "1,111".repeat(20_000),
        ".)".repeat(50_000),
        "A. ".repeat(20_000),
        "α\u{301}\u{302}".repeat(5_000),
        "הסוללות של התא מייצרות אנרגיה. ".repeat(200),
        "x".repeat(100_000),
        "anti-".repeat(20_000),
        "\n".repeat(50_000),
        ".[1]".repeat(20_000),
    ] {
        assert_sound(&text, &analyse(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_gives_trees(text in "\\PC{0,120}|[A-Za-z0-9 .,;:()\\[\\]'\"/+*%°αβ–−\n-]{0,200}") {
        assert_sound(&text, &analyse(&text));
    }

    #[test]
    fn any_part_of_a_text_can_be_read(text in "[a-zé .]{0,60}", from in 0..60_usize, to in 0..60_usize) {
        let span = Span::new(from.min(to), from.max(to));
        for s in Engine::shipped().analyse(&text, span) {
            prop_assert!(span.contains(s.span));
        }
    }
}
