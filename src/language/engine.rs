//! The engine: one value that holds the trained models and runs the steps.

use std::sync::LazyLock;

use super::error::ModelError;
use super::labels::{RELATIONS, TAGS, tag_code};
use super::lemmatiser::Lemmatiser;
use super::parser::Parser;
use super::tagger::Tagger;
use super::{Sentence, Token, sentences, tokens};
use crate::text::Span;

/// Splits, tags, lemmatises and parses.
///
/// ```
/// use evigraph::language::Engine;
/// use evigraph::text::Span;
/// let text = "Curcumin reduced IL-6. It did not affect TNF.";
/// let sentences = Engine::shipped().analyse(text, Span::new(0, text.len()));
/// let verb = sentences[0].tokens.iter().find(|t| t.head.is_none()).unwrap();
/// assert_eq!((verb.span.of(text), verb.tag, &*verb.lemma, verb.relation), ("reduced", "VBD", "reduce", "root"));
/// assert_eq!(sentences[0].tokens[0].relation, "nsubj");
/// ```
#[derive(Debug, Clone)]
pub struct Engine {
    tagger: Tagger,
    lemmatiser: Lemmatiser,
    parser: Parser,
}

/// The bytes of a file, from the beginning of a cache line on, so that no entry of a table lies in two.
macro_rules! aligned {
    ($file:literal) => {{
        #[repr(align(64))]
        struct Lines<T: ?Sized>(T);
        static BYTES: &Lines<[u8]> = &Lines(*include_bytes!($file));
        &BYTES.0
    }};
}

static SHIPPED: LazyLock<Engine> = LazyLock::new(|| {
    let models = Models {
        tagger: aligned!("../../models/tagger.bin"),
        parser: aligned!("../../models/parser.bin"),
        lemmas: include_str!("../../models/lemmas.tsv"),
    };
    Engine::open(models).expect("the models in models/ are well formed: the tests open them")
});

/// The trained models of an engine, as the files of `models/` hold them.
#[derive(Debug, Clone, Copy)]
pub struct Models {
    /// `tagger.bin`
    pub tagger: &'static [u8],
    /// `parser.bin`
    pub parser: &'static [u8],
    /// `lemmas.tsv`
    pub lemmas: &'static str,
}

impl Engine {
    /// The engine with the models that this crate ships.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// An engine with other models.
    ///
    /// # Errors
    /// When a model is damaged, or was written by another version.
    pub fn open(models: Models) -> Result<Self, ModelError> {
        Ok(Self {
            tagger: Tagger::open(models.tagger)?,
            lemmatiser: Lemmatiser::open(models.lemmas)?,
            parser: Parser::open(models.parser)?,
        })
    }

    /// The sentences of a part of the text, white space trimmed, in order. Line breaks do not end a sentence, blank lines do.
    pub fn sentences(&self, text: &str, span: Span) -> Vec<Span> {
        sentences::split(text, span)
    }

    /// The tokens of a part of the text, normally one sentence, neither tagged nor parsed.
    pub fn tokenize(&self, text: &str, span: Span) -> Vec<Token> {
        let token = |span| Token { span, tag: "", lemma: Box::default(), head: None, relation: "" };
        tokens::tokenize(text, span).into_iter().map(token).collect()
    }

    /// Fills in the tags and lemmas of the tokens of one sentence.
    pub fn tag(&self, text: &str, tokens: &mut [Token]) {
        let words: Vec<&str> = tokens.iter().map(|t| t.span.of(text)).collect();
        let tags = self.tagger.tag(&words, &glued(tokens));
        for ((token, tag), word) in tokens.iter_mut().zip(tags).zip(words) {
            token.tag = TAGS[usize::from(tag)];
            token.lemma = self.lemmatiser.lemma(word, tag);
        }
    }

    /// Fills in the heads and relations of the tokens of one sentence, which are tagged already. One token is the root.
    pub fn parse(&self, text: &str, tokens: &mut [Token]) {
        let words: Vec<&str> = tokens.iter().map(|t| t.span.of(text)).collect();
        let tags: Vec<u8> = tokens.iter().map(|t| tag_code(t.tag).unwrap_or_default()).collect();
        let arcs = self.parser.parse(&words, &glued(tokens), &tags);
        for (token, (head, relation)) in tokens.iter_mut().zip(arcs) {
            token.head = head;
            token.relation = RELATIONS[usize::from(relation)];
        }
    }

    /// Sentences, tokens, tags, lemmas and parses of a part of the text.
    pub fn analyse(&self, text: &str, span: Span) -> Vec<Sentence> {
        self.analyse_without(text, span, &[])
    }

    /// Like [`Engine::analyse`], but the tokens that touch one of the spans in `skip` (sorted by start, such as citation
    /// markers) are left out, so that the parser does not see them.
    pub fn analyse_without(&self, text: &str, span: Span, skip: &[Span]) -> Vec<Sentence> {
        let mut skip = skip.iter().copied().peekable();
        let mut sentences: Vec<Sentence> = Vec::new();
        for span in self.sentences(text, span) {
            let mut tokens = self.tokenize(text, span);
            tokens.retain(|t| {
                while skip.next_if(|s| s.end <= t.span.start).is_some() {}
                !skip.peek().is_some_and(|s| s.overlaps(t.span))
            });
            self.tag(text, &mut tokens);
            self.parse(text, &mut tokens);
            sentences.push(Sentence { span, tokens });
        }
        sentences
    }
}

/// For each token, whether no space parts it from the one before.
fn glued(tokens: &[Token]) -> Vec<bool> {
    (0..tokens.len()).map(|i| i > 0 && tokens[i - 1].span.end == tokens[i].span.start).collect()
}
