//! Judges whether a name that stands in the text means a thing there, and which: two trained linear models over the name, its source and its place.
//!
//! Vocabularies list names for completeness ("cell", "impact", "damage" all name something); annotated texts tell which are meant. The weights
//! are those of logistic regressions over hashed features; `examples/train_mentions.rs` trains them, `models/mentions.md` says on what.

use super::Category;
use super::candidate::{THRESHOLD, Weighed, group};
use super::lexicon::Lexicon;
use super::normalise::{Gap, Pieces};
use crate::text::Span;
use std::sync::LazyLock;

/// Number of weights, as a power of two.
pub const BITS: u32 = 18;

/// The trained weights of the two questions, each a scale (`f32`, little-endian) and then a signed byte a weight.
static MODEL: &[u8] = include_bytes!("../../models/mentions.bin");

/// What is asked of a meaning.
#[derive(Debug, Clone, Copy)]
enum Question {
    /// Does the name name something of this kind here?
    Named,
    /// Is this what it means?
    Meant,
}

const TABLE: usize = 4 + (1 << BITS);

static SCALES: LazyLock<[f32; 2]> =
    LazyLock::new(|| [0, TABLE].map(|at| MODEL.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0.0, f32::from_le_bytes)));

/// Where a name stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The pieces of the region.
    pub pieces: &'a Pieces,
    /// First piece of the name.
    pub from: usize,
    /// One past its last piece.
    pub to: usize,
    /// The name as written.
    pub surface: &'a str,
    /// How often it stands in the document.
    pub repeated: usize,
    /// Other meanings of the name.
    pub rivals: usize,
}

const fn mix(hash: u64, value: u64) -> u64 {
    let h = (hash.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    h ^ (h >> 29)
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(7, |h, b| mix(h, u64::from(b)))
}

/// Runs of upper case, lower case, digits and others.
fn shape(text: &str) -> u64 {
    let (mut h, mut last) = (3, 0);
    for c in text.chars().take(40) {
        let class = match c {
            c if c.is_uppercase() => 1,
            c if c.is_lowercase() => 2,
            c if c.is_numeric() => 3,
            ' ' => 4,
            _ => 5,
        };
        if class != last {
            h = mix(h, class);
            last = class;
        }
    }
    h
}

fn bucket(n: usize) -> u64 {
    match n {
        0..=4 => n as u64,
        5..=7 => 5,
        8..=12 => 6,
        _ => 7,
    }
}

/// The features of one meaning of a name at its place, as positions in the table of weights.
pub fn features(lexicon: &Lexicon, meaning: &Weighed, place: &Place<'_>, out: &mut Vec<u32>) {
    out.clear();
    let category = lexicon.category_of(meaning.entity);
    let kind = hash(group(category));
    let id = lexicon.id_of(meaning.entity);
    let vocabulary = hash(id.split(':').next().unwrap_or(""));
    let mut add = |template: u64, value: u64| out.push((mix(mix(kind, template), value) >> (64 - BITS)) as u32);
    let pieces = place.pieces;
    let norm = |i: Option<usize>| i.filter(|i| *i < pieces.list.len()).map_or(0, |i| hash(pieces.norm(i)));
    let gap = |i: usize| {
        pieces.list.get(i).map_or(4, |p| match p.gap {
            Gap::None => 0,
            Gap::Joined => 1,
            Gap::Space => 2,
            Gap::Break => 3,
        })
    };
    let name = (place.from..place.to).fold(11, |h, i| mix(h, hash(pieces.norm(i))));
    let (before, after) = (norm(place.from.checked_sub(1)), norm(Some(place.to)));
    let score = (meaning.score * 20.0) as u64;
    let last = pieces.norm(place.to.saturating_sub(1));
    let ending = |n: usize| hash(last.get(last.len().saturating_sub(n)..).unwrap_or(last));
    let letters = place.surface.chars().filter(|c| c.is_alphanumeric()).count();
    let upper = place.surface.chars().filter(|c| c.is_uppercase()).count();
    let digit = u64::from(place.surface.bytes().any(|b| b.is_ascii_digit()));
    let words = place.to - place.from;
    add(0, 0);
    add(1, vocabulary);
    add(2, name);
    add(3, hash(id));
    add(4, score);
    add(5, mix(vocabulary, score));
    add(6, shape(place.surface));
    add(7, bucket(letters) * 16 + bucket(upper.min(3)) * 2 + digit);
    add(8, before);
    add(9, after);
    add(10, norm(place.from.checked_sub(2)));
    add(11, norm(Some(place.to + 1)));
    add(12, hash(last));
    add(13, hash(pieces.norm(place.from)));
    add(14, ending(4));
    add(15, ending(3));
    add(16, bucket(place.rivals));
    add(17, bucket(words));
    add(18, bucket(place.repeated));
    add(19, gap(place.from) * 8 + gap(place.to));
    add(20, mix(category as u64, after));
    add(21, mix(vocabulary, bucket(words) * 16 + bucket(letters)));
    add(22, mix(hash(last), after));
    add(23, mix(name, after));
    add(24, mix(name, before));
    add(25, mix(bucket(letters) * 16 + bucket(upper.min(3)) * 2 + digit, bucket(place.repeated)));
    add(26, u64::from(lexicon.has_xrefs(meaning.entity)) * 32 + score);
}

/// How likely the answer is yes.
fn answer(question: Question, features: &[u32], bias: f32) -> f32 {
    let from = question as usize * TABLE + 4;
    let sum: i32 = features.iter().map(|f| MODEL.get(from + *f as usize).map_or(0, |w| i32::from(*w as i8))).sum();
    1.0 / (1.0 + (-(sum as f32 * SCALES[question as usize] + bias)).exp())
}

/// What a meaning must score by hand-made rules to be judged at all.
pub const LEAST: f32 = 0.1;

/// What speaks for the names of the shipped rows, which are made for texts: the judge alone does not outvote it unless it is sure.
const TRUST: f32 = 1.0;

/// What a name of the shipped rows scores by hand-made rules where nothing speaks against it.
const SURE: f32 = 0.85;

/// Orders the meanings of a name by what the judge says, and lets those that are likelier wrong fall below the threshold.
///
/// Where something of a kind is named but no meaning is likely, the first becomes one that is not grounded, unless it is the only one. A lexicon of the shipped rows alone,
/// each chosen by hand, is not judged: the weights were trained beside whole vocabularies, where most names are never meant.
pub fn settle(lexicon: &Lexicon, meanings: &mut [Weighed], place: &Place<'_>, features: &mut Vec<u32>) {
    if lexicon.list().len() < 2 {
        return;
    }
    // A shipped name that can mean one thing only means it wherever it names something: there is nothing to choose between.
    let mut likely_so = meanings.iter().filter(|m| !m.derived && m.score >= THRESHOLD);
    let only = likely_so.next().filter(|m| m.trusted && m.score >= SURE && likely_so.next().is_none()).map(|m| m.entity);
    let mut named: Option<(f32, u32)> = None;
    for m in meanings.iter_mut().filter(|m| !m.derived) {
        self::features(lexicon, m, place, features);
        let bias = if m.trusted && m.score >= THRESHOLD { TRUST } else { 0.0 };
        m.score = answer(Question::Meant, features, bias);
        let likely = answer(Question::Named, features, bias);
        if named.is_none_or(|n| likely > n.0) {
            named = Some((likely, m.entity));
        }
        m.reasons.push(format!("judged {} here", if m.score >= THRESHOLD { "right" } else { "wrong" }));
    }
    // A word that only points to a thing comes after the names that are right, and before those that are wrong.
    let rank = |w: &Weighed| if w.derived { THRESHOLD - 0.001 } else { w.score };
    meanings.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| lexicon.id_of(a.entity).cmp(lexicon.id_of(b.entity))));
    if let Some((likely, entity)) = named.filter(|n| n.0 >= THRESHOLD)
        && meanings.first().is_some_and(|m| !m.derived && m.score < THRESHOLD)
        && let Some(at) = meanings.iter().position(|m| m.entity == only.unwrap_or(entity) && !m.derived)
    {
        meanings[..=at].rotate_right(1);
        meanings[0].grounded = only.is_some();
        meanings[0].score = likely;
    }
}

/// One meaning of a name in a text, to train from.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Where the name stands.
    pub span: Span,
    /// Identifiers of the meaning.
    pub ids: Vec<String>,
    /// Its category.
    pub category: Category,
    /// Whether the shipped rows give the name.
    pub trusted: bool,
    /// What hand-made rules score it.
    pub score: f32,
    /// Positions in the table of weights.
    pub features: Vec<u32>,
}
