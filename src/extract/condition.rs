//! The disorder that a claim is said about: told by its sentence, its section's heading, else by the article's title and patients.

use super::claim::Argument;
use super::context::{argument, is_disorder, mentions_in};
use super::cues::Cues;
use crate::annotate::{Category, Entity, Mention};
use crate::document::{Document, Section};
use crate::text::Span;
use std::collections::BTreeMap;

/// The conditions of one document: by section, and of the whole.
#[derive(Debug)]
pub struct Conditions {
    topic: Option<Argument>,
}

impl Conditions {
    /// Finds what the whole document is about: the disorder in which its title sets the study, that of the patients it studied,
    /// any other that its title names, else the one it names most.
    pub fn new(document: &Document, mentions: &[Mention], cues: &Cues) -> Self {
        let text = &document.text;
        let title = document.title.as_ref().and_then(|t| text.find(t.as_str()).map(|at| Span::new(at, at + t.len())));
        let named = title.map(|span| disorders(text, span, mentions, cues)).unwrap_or_default();
        let setting = named.iter().rev().find(|a| title.is_some_and(|t| is_setting(text, t.start, a.span))).cloned();
        let topic = setting.or_else(|| studied(document, mentions, cues)).or_else(|| first(&named)).or_else(|| most_named(mentions));
        Self { topic }
    }

    /// The disorder that a heading names, innermost heading first; the title is none of them.
    pub fn of_section(&self, document: &Document, section: usize, mentions: &[Mention], cues: &Cues) -> Option<Argument> {
        let path = &document.sections[section].heading;
        for depth in (1..=path.len()).rev() {
            if depth == 1 && document.title.as_ref() == path.first() {
                break;
            }
            // A heading stands where the section that bears it last begins.
            let owner =
                document.sections[..=section].iter().rev().find(|s: &&Section| s.heading.len() == depth && s.heading[..] == path[..depth]);
            let Some(span) = owner.and_then(|s| s.heading_span) else { continue };
            let mentions = mentions_in(mentions, span);
            let best = mentions.iter().find(|m| m.entity.category == Category::Disease);
            let best = best.or_else(|| mentions.iter().find(|m| is_disorder(m.entity.category)));
            if let Some(mention) = best {
                return Some(argument(mention));
            }
            if let Some(words) = whole_heading(span, &document.text, cues) {
                return Some(words);
            }
        }
        None
    }

    /// The disorder of a sentence ("in patients with X", "a model of X", "In X, …"), else of its section, else of the document.
    pub fn of_sentence(
        &self,
        text: &str,
        sentence: Span,
        mentions: &[Mention],
        section: Option<&Argument>,
        cues: &Cues,
    ) -> Option<Argument> {
        let own = mentions_in(mentions, sentence)
            .iter()
            .filter(|m| is_disorder(m.entity.category))
            .find(|m| is_borne(text, sentence, m.span, cues) || m.entity.category == Category::Disease && opens(text, sentence, m.span));
        own.map(argument).or_else(|| section.cloned()).or_else(|| self.topic.clone())
    }
}

/// The disorders that a stretch names, in order: mentions, and words that end like a disorder's name.
fn disorders(text: &str, span: Span, mentions: &[Mention], cues: &Cues) -> Vec<Argument> {
    let mut found: Vec<Argument> = mentions_in(mentions, span).iter().filter(|m| is_disorder(m.entity.category)).map(argument).collect();
    let mut words: Vec<Span> = Vec::new();
    let mut at = span.start;
    for piece in span.of(text).split_inclusive(char::is_whitespace) {
        let word = piece.trim_end().trim_end_matches(|c: char| !c.is_alphanumeric());
        let begins = at;
        at += piece.len();
        let opens = piece.starts_with(|c: char| c.is_alphanumeric());
        if !opens || word.is_empty() || is_small(word) {
            words.clear();
            if !opens || word.is_empty() {
                continue;
            }
        }
        if !is_small(word) {
            words.push(Span::new(begins, begins + word.len()));
        }
        let ends = piece.trim_end().len() > word.len();
        if is_disorder_word(word, cues)
            && let (Some(last), Some(first)) = (words.last(), words.get(words.len().saturating_sub(4)))
        {
            let name = Span::new(first.start, last.end);
            if !found.iter().any(|a| a.span.overlaps(*last)) {
                let name_text = name.of(text).to_owned();
                let entity = Entity { id: None, label: name_text.clone(), category: Category::Disease };
                found.push(Argument { text: name_text, entity, xrefs: Vec::new(), span: name });
            }
        }
        if ends {
            words.clear();
        }
    }
    found.sort_by_key(|a| a.span.start);
    found
}

/// Words that no name of a disorder holds.
fn is_small(word: &str) -> bool {
    word.len() < 4
        && matches!(
            word.to_lowercase().as_str(),
            "in" | "of"
                | "for"
                | "with"
                | "and"
                | "or"
                | "the"
                | "a"
                | "an"
                | "on"
                | "by"
                | "to"
                | "as"
                | "at"
                | "via"
                | "vs"
                | "its"
                | "not"
                | "who"
        )
        || matches!(
            word.to_lowercase().as_str(),
            "from"
                | "after"
                | "during"
                | "among"
                | "between"
                | "versus"
                | "within"
                | "without"
                | "using"
                | "treating"
                | "preventing"
                | "reduces"
                | "improves"
                | "causes"
                | "patients"
                | "following"
        )
}

fn is_disorder_word(word: &str, cues: &Cues) -> bool {
    let lower = word.to_lowercase();
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    let stem = lower.rsplit('-').next().unwrap_or(&lower);
    cues.disorders.contains(&lower)
        || cues.disorders.contains(singular)
        || cues.disorders.contains(stem)
        || lower.len() > 7 && ["itis", "opathy", "emia", "aemia", "oma", "algia", "orrhoea", "orrhea"].iter().any(|e| lower.ends_with(e))
}

/// "in X", "for X", "patients with X": what the study is set in, not what it measures.
fn is_setting(text: &str, start: usize, span: Span) -> bool {
    let before = text[start..span.start].to_lowercase();
    let mut words = before.split_whitespace().rev().take(5);
    // "and", "or" and what stands between a preposition and its noun are skipped; "of" and "on" tell what is measured.
    words
        .find(|w| matches!(*w, "in" | "for" | "with" | "of" | "on" | "to" | "and" | "by" | "treating" | "after" | "from" | "undergoing"))
        .is_some_and(|w| matches!(w, "in" | "for" | "with" | "treating" | "after" | "from" | "undergoing"))
}

/// The disorder that the studied bear ("patients with X", "X patients"), the one told most, earliest on a tie.
fn studied(document: &Document, mentions: &[Mention], cues: &Cues) -> Option<Argument> {
    let text = &document.text;
    let mut counts: BTreeMap<(Option<&str>, &str), (usize, &Mention)> = BTreeMap::new();
    for block in document.sections.iter().flat_map(|s| &s.blocks) {
        for mention in mentions_in(mentions, block.span).iter().filter(|m| is_disorder(m.entity.category)) {
            if is_borne(text, block.span, mention.span, cues) {
                counts.entry((mention.entity.id.as_deref(), &mention.entity.label)).or_insert((0, mention)).0 += 1;
            }
        }
    }
    counts.values().max_by_key(|(n, m)| (*n, std::cmp::Reverse(m.span.start))).map(|(_, m)| argument(m))
}

/// Whether people, animals or a model bear the disorder: "patients with X", "X patients", "a model of X".
fn is_borne(text: &str, within: Span, span: Span, cues: &Cues) -> bool {
    let is_bearer = |w: &str| cues.bearers.contains(w) || cues.bearers.contains(w.trim_end_matches('s')) || w == "those" || w == "people";
    let before = text[within.start..span.start].to_lowercase();
    let words: Vec<&str> = before.split_whitespace().rev().take(6).map(|w| w.trim_end_matches([',', ')'])).collect();
    let with = words.iter().take(4).position(|w| matches!(*w, "with" | "having"));
    if with.and_then(|i| words.get(i + 1)).copied().is_some_and(is_bearer) {
        return true;
    }
    let of = words.iter().take(3).position(|w| matches!(*w, "of" | "for"));
    if of.and_then(|i| words.get(i + 1)).is_some_and(|w| matches!(*w, "model" | "models")) {
        return true;
    }
    let after = text[span.end..within.end].split_whitespace().next().unwrap_or("").trim_end_matches(['.', ',', ';', ')']).to_lowercase();
    let person = after.trim_end_matches('s');
    matches!(person, "patient" | "subject" | "recipient" | "survivor" | "model" | "population")
}

/// "In X, Y is lower": the disorder opens the sentence behind a preposition.
fn opens(text: &str, sentence: Span, span: Span) -> bool {
    let before = text[sentence.start..span.start].to_lowercase();
    let mut words = before.split_whitespace();
    let begins = words.next().is_some_and(|w| matches!(w, "in" | "during"));
    begins && words.count() <= 3 && !before.contains(',') && text[span.end..sentence.end].trim_start().starts_with(',')
}

fn first(named: &[Argument]) -> Option<Argument> {
    named.iter().find(|a| a.entity.category == Category::Disease).or_else(|| named.first()).cloned()
}

fn most_named(mentions: &[Mention]) -> Option<Argument> {
    let mut counts: BTreeMap<(Option<&str>, &str), (usize, &Mention)> = BTreeMap::new();
    for mention in mentions.iter().filter(|m| m.entity.category == Category::Disease) {
        counts.entry((mention.entity.id.as_deref(), &mention.entity.label)).or_insert((0, mention)).0 += 1;
    }
    counts.values().max_by_key(|(n, m)| (*n, std::cmp::Reverse(m.span.start))).filter(|(n, _)| *n > 1).map(|(_, m)| argument(m))
}

/// A heading whose last word before any bracket is a word for a disorder ("Ankle Sprains (ATFL Tears)").
fn whole_heading(span: Span, text: &str, cues: &Cues) -> Option<Argument> {
    let words = span.of(text);
    let name = words.split(['(', ':', '–', '—']).next().unwrap_or(words).trim_end();
    let offset = name.find(|c: char| c.is_alphabetic())?;
    let last = name.split_whitespace().last()?;
    if !is_disorder_word(last, cues) || name.split_whitespace().count() > 8 {
        return None;
    }
    let span = Span::new(span.start + offset, span.start + name.len());
    let text = span.of(text).to_owned();
    let entity = Entity { id: None, label: text.clone(), category: Category::Disease };
    Some(Argument { text, entity, xrefs: Vec::new(), span })
}
