//! From the words of a sentence to tokens with tags and parse, and whether it is worth parsing at all.

use super::Reading;
use crate::annotate::Mention;
use crate::document::BlockKind;
use crate::extract::context::{self, Purpose};
use crate::extract::{mend, repair};
use crate::language::{Sentence, Token};
use crate::text::Span;

impl Reading<'_> {
    /// Whether the sentence is the publisher's, not the authors'.
    pub(super) fn is_note(&self, span: Span) -> bool {
        let lower = span.of(&self.document.text).to_lowercase();
        self.extractor.rules.cues.notes.iter().any(|n| lower.contains(n.as_str()))
    }

    /// "Results." before the sentences of an abstract in one paragraph.
    pub(super) fn label(&self, span: Span) -> Option<Purpose> {
        let text = span.of(&self.document.text).trim_end_matches(['.', ':']);
        if text.split_whitespace().count() > 3 || !text.starts_with(char::is_uppercase) {
            return None;
        }
        Some(context::purpose(&[text.to_owned()], &self.extractor.rules.cues)).filter(|p| *p != Purpose::Other)
    }

    /// Tokens, tags and parse of a sentence, each mention of several words as one token, citation markers left out.
    pub(super) fn parse(&self, span: Span, skip: &[Span], kind: BlockKind) -> Sentence {
        let mut tokens = self.tagged(span, skip, kind);
        self.attach(&mut tokens);
        Sentence { span, tokens }
    }

    /// Gives each token its head. Brackets with figures ("(95 % CI 1.2 to 3.4; p = 0.01)") only mislead the parser: they are left out, and
    /// hang on the word before them.
    pub(super) fn attach(&self, tokens: &mut [Token]) {
        let text = &self.document.text;
        let aside = asides(text, tokens);
        if aside.iter().all(|a| !a) {
            self.extractor.engine.parse(text, tokens);
        } else {
            let kept: Vec<usize> = (0..tokens.len()).filter(|&i| !aside[i]).collect();
            let mut plain: Vec<Token> = kept.iter().map(|&i| tokens[i].clone()).collect();
            self.extractor.engine.parse(text, &mut plain);
            for (token, &i) in plain.into_iter().zip(&kept) {
                tokens[i] = Token { head: token.head.map(|h| kept[h]), ..token };
            }
            let mut before = 0;
            for i in 0..tokens.len() {
                if aside[i] {
                    tokens[i].head = Some(before);
                    tokens[i].relation = if tokens[i].tag.starts_with(char::is_alphabetic) { "dep" } else { "punct" };
                } else {
                    before = i;
                }
            }
        }
        repair::tree(text, tokens);
    }

    /// Tokens with mended tags, not yet parsed.
    pub(super) fn tagged(&self, span: Span, skip: &[Span], kind: BlockKind) -> Vec<Token> {
        let (text, engine) = (&self.document.text, self.extractor.engine);
        let mut tokens = engine.tokenize(text, span);
        tokens.retain(|t| !skip.iter().any(|s| s.contains(t.span)));
        engine.tag(text, &mut tokens);
        self.join_mentions(&mut tokens, span);
        mend::tags(text, &mut tokens, kind, &self.extractor.rules);
        tokens
    }

    /// Makes one noun of each mention: names such as "5-lipoxygenase-activating protein" only mislead the parser.
    fn join_mentions(&self, tokens: &mut Vec<Token>, span: Span) {
        let mut mentions: Vec<&Mention> = context::mentions_in(self.mentions, span).iter().collect();
        mentions.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
        let mut end = 0;
        let mut at = 0;
        for mention in mentions {
            if mention.span.start < end {
                continue;
            }
            end = mention.span.end;
            while at < tokens.len() && tokens[at].span.start < mention.span.start {
                at += 1;
            }
            let last = tokens[at..].iter().take_while(|t| t.span.end <= mention.span.end).count();
            let aligned = tokens.get(at).is_some_and(|t| t.span.start == mention.span.start)
                && last > 0
                && tokens[at + last - 1].span.end == mention.span.end;
            let verb = aligned && tokens[at].tag.starts_with("VB") && self.extractor.rules.is_trigger(&tokens[at].lemma);
            if aligned && last == 1 && !tokens[at].tag.starts_with("NN") && !verb && !is_adjectival(mention.span.of(&self.document.text)) {
                tokens[at].tag = "NN";
            }
            if !aligned || last < 2 {
                continue;
            }
            let plural = tokens[at + last - 1].tag == "NNS";
            tokens[at] = Token {
                span: mention.span,
                tag: if plural { "NNS" } else { "NN" },
                lemma: mention.span.of(&self.document.text).to_lowercase().into(),
                head: None,
                relation: "",
            };
            tokens.drain(at + 1..at + last);
        }
    }

    /// Whether a sentence is worth a parse: it has a number or a word that triggers a rule. A short one is parsed for its subject,
    /// to which the next may point back.
    pub(super) fn can_claim(&self, tokens: &[Token]) -> bool {
        let rules = &self.extractor.rules;
        let word = |t: &Token| t.span.of(&self.document.text).to_lowercase();
        let triggers = |t: &Token| rules.is_trigger(&t.lemma) || t.tag.starts_with("JJ") && rules.is_trigger(&word(t));
        tokens.len() < 12 || tokens.iter().any(|t| matches!(t.tag, "CD" | "HYPH") || triggers(t))
    }
}

/// Whether a name has the ending of an adjective ("diabetic", "synovial").
fn is_adjectival(name: &str) -> bool {
    ["ic", "al", "ous", "ive", "ary", "ar", "ed", "oid", "ant", "ent", "able", "ible", "less", "like"]
        .iter()
        .any(|e| name.to_lowercase().ends_with(e))
}

/// Which tokens stand in a bracket that holds figures and no clause; never the first token, which brackets hang on.
fn asides(text: &str, tokens: &[Token]) -> Vec<bool> {
    let mut aside = vec![false; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for i in 0..tokens.len() {
        match tokens[i].span.of(text) {
            "(" | "[" => open.push(i),
            ")" | "]" => {
                let Some(from) = open.pop().filter(|&f| f > 0) else { continue };
                let inside = &tokens[from + 1..i];
                let figure = |t: &Token| t.tag == "CD" || matches!(t.span.of(text), "%" | "=" | "<" | ">" | "±" | "≥" | "≤");
                let figures = inside.iter().filter(|t| figure(t)).count();
                let clause = inside.iter().any(|t| matches!(t.tag, "VBD" | "VBZ" | "VBP" | "MD"));
                if figures > 0 && !clause && inside.first().is_some_and(|t| figures > 1 || t.tag != "CD")
                    || inside.iter().any(|t| matches!(&*t.lemma, "table" | "fig" | "figure" | "fig."))
                {
                    aside[from..=i].fill(true);
                }
            }
            _ => {}
        }
    }
    aside
}
