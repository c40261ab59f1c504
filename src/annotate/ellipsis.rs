//! Names that share words in a coordination: "collagen type I/III", "IL-1 and -6", "types I and III collagen", "hip and knee osteoarthritis".

use super::candidate::{Context, THRESHOLD, weigh};
use super::lexicon::Lexicon;
use super::normalise::{Gap, Pieces, key};
use crate::text::Span;

/// The most members of a coordination that are followed.
const MEMBERS: usize = 12;

/// A name filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// From the first word that belongs to it to the last.
    pub span: Span,
    /// The name as it would stand alone.
    pub text: String,
    /// The entity.
    pub entity: u32,
    /// Score of the grounding.
    pub score: f32,
}

/// A name already found, by its pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// First piece.
    pub from: usize,
    /// One past the last piece.
    pub to: usize,
}

/// What may stand between the members of a coordination.
fn connects(between: &str) -> bool {
    matches!(
        between.trim(),
        "/" | "," | "and" | "or" | "and/or" | "&" | ", and" | ", or" | "+" | "and -" | "or -" | ", -" | "/-" | ", and -" | "and –" | "-/-"
    )
}

fn surface<'a>(text: &'a str, pieces: &Pieces, from: usize, to: usize) -> &'a str {
    match (pieces.list.get(from), to.checked_sub(1).and_then(|t| pieces.list.get(t))) {
        (Some(a), Some(b)) => text.get(a.start..b.end).unwrap_or(""),
        _ => "",
    }
}

fn best(lexicon: &Lexicon, name: &str, like: Option<u32>) -> Option<(u32, f32)> {
    let hits = lexicon.hits_of(name);
    let weighed = weigh(lexicon, &hits, name, &Context::default());
    // A member of the coordination is a thing of the same kind; its own name is whole, so that a short form of it may score low.
    weighed
        .into_iter()
        .filter(|w| like.is_none_or(|l| kin(lexicon, l, w.entity)) && (like.is_some() || w.score >= THRESHOLD))
        .map(|w| (w.entity, w.score.max(0.6)))
        .next()
}

fn kin(lexicon: &Lexicon, a: u32, b: u32) -> bool {
    let (a, b) = (lexicon.category_of(a), lexicon.category_of(b));
    a == b || super::candidate::is_gene(a) && super::candidate::is_gene(b)
}

/// The pieces of one member's tail that begins at piece `at`: a number, a Greek letter with or without a number, a letter.
fn tail(pieces: &Pieces, text: &str, at: usize) -> Option<usize> {
    let first = pieces.list.get(at)?;
    let word = text.get(first.start..first.end)?;
    let greek = word.chars().count() == 1 && !word.is_ascii();
    let mut to = at + 1;
    if greek {
        if pieces.list.get(to).is_some_and(|p| p.gap == Gap::None && p.digit) {
            to += 1;
        }
    } else if first.digit || pieces.norm(at).bytes().all(|b| b.is_ascii_digit()) {
        if pieces.list.get(to).is_some_and(|p| p.gap == Gap::None && p.end - p.start <= 2) {
            to += 1;
        }
    } else if word.chars().count() > 1 || !word.chars().all(char::is_uppercase) {
        return None;
    }
    let ends = pieces.list.get(to).is_none_or(|p| p.gap != Gap::None);
    ends.then_some(to)
}

/// Names to the right of `anchor` that take its first words: "collagen type I/III", "MMP-3/13", "TGF-β1 and -β3".
pub fn right(lexicon: &Lexicon, text: &str, pieces: &Pieces, anchor: Anchor, entity: u32) -> Vec<(Filled, usize)> {
    let mut out = Vec::new();
    // Where the tail of the anchor begins: the earliest piece from which the rest has the form of a tail.
    let Some(split) = (anchor.from + 1..anchor.to).find(|&s| tail(pieces, text, s) == Some(anchor.to)) else { return out };
    let head = surface(text, pieces, anchor.from, split);
    let typed = ["type", "grade", "class", "stage", "collagen", "phase"].contains(&pieces.norm(split - 1));
    let mut at = anchor.to;
    while let Some(next) = pieces.list.get(at) {
        let previous = &pieces.list[at - 1];
        let from = next_word(pieces, text, at);
        let Some(next) = pieces.list.get(from).or(Some(next)) else { break };
        let Some(between) = text.get(previous.end..next.start) else { break };
        let Some(end) = tail(pieces, text, from).filter(|_| connects(between)) else { break };
        let hyphen = between.ends_with(['-', '–']);
        let slash = between == "/";
        let word = surface(text, pieces, from, end);
        let roman = word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
        let greek = !word.is_ascii();
        if !(hyphen || slash || roman && typed || greek || typed && !followed_by_unit(text, pieces, end)) {
            break;
        }
        let joint = if pieces.list[split].gap == Gap::Space {
            " "
        } else if pieces.list[split].gap == Gap::None {
            ""
        } else {
            "-"
        };
        let name = format!("{head}{joint}{word}");
        let singular = name.replacen("types ", "type ", 1).replacen("grades ", "grade ", 1);
        let Some((found, score)) = best(lexicon, &singular, Some(entity)) else { break };
        let span = Span::new(pieces.list[anchor.from].start, pieces.list[end - 1].end);
        out.push((Filled { span, text: singular, entity: found, score }, end));
        if out.len() == MEMBERS {
            break;
        }
        at = end;
    }
    out
}

/// Steps over "and", "or" between members, which are pieces too.
fn next_word(pieces: &Pieces, text: &str, at: usize) -> usize {
    let mut i = at;
    while i < at + 2 && pieces.list.get(i).is_some_and(|p| matches!(text.get(p.start..p.end), Some("and" | "or"))) {
        i += 1;
    }
    i
}

fn followed_by_unit(text: &str, pieces: &Pieces, end: usize) -> bool {
    let rest = pieces.list.get(end - 1).and_then(|p| text.get(p.end..)).unwrap_or("");
    rest.starts_with('%') || rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_ascii_digit())
}

/// "types I and III collagen": both names from the piece of "types" on.
pub fn typed(lexicon: &Lexicon, text: &str, pieces: &Pieces, at: usize) -> Vec<(Filled, usize)> {
    if !matches!(pieces.norm(at), "type" | "grade" | "class") {
        return Vec::new();
    }
    let mut tails = Vec::new();
    let mut next = at + 1;
    while let Some(end) = tail(pieces, text, next).filter(|_| tails.len() < MEMBERS) {
        tails.push((next, end));
        let from = next_word(pieces, text, end);
        let between = match (pieces.list.get(end - 1), pieces.list.get(from)) {
            (Some(a), Some(b)) => text.get(a.end..b.start).unwrap_or(""),
            _ => "",
        };
        if !connects(between) {
            break;
        }
        next = from;
    }
    let Some(&(_, last)) = tails.last() else { return Vec::new() };
    if tails.len() < 2 {
        return Vec::new();
    }
    let word = text.get(pieces.list[at].start..pieces.list[at].end).unwrap_or("type").trim_end_matches('s');
    for width in [2, 1] {
        let end = last + width;
        if end > pieces.list.len() || pieces.list[last..end].iter().any(|p| p.gap == Gap::Break) {
            continue;
        }
        let head = surface(text, pieces, last, end);
        let span = Span::new(pieces.list[at].start, pieces.list[end - 1].end);
        let filled: Vec<_> = tails
            .iter()
            .filter_map(|&(from, to)| {
                let name = format!("{word} {} {head}", surface(text, pieces, from, to));
                best(lexicon, &name, None).map(|(entity, score)| (Filled { span, text: name, entity, score }, end))
            })
            .collect();
        if filled.len() == tails.len() {
            return filled;
        }
    }
    Vec::new()
}

/// A name to the left of `anchor` that takes its last words: "hip and knee osteoarthritis", "α1 and α2 integrins".
pub fn left(lexicon: &Lexicon, text: &str, pieces: &Pieces, anchor: Anchor, entity: u32) -> Option<(Filled, usize)> {
    if anchor.to - anchor.from < 2 {
        return None;
    }
    let first = pieces.list.get(anchor.from)?;
    let mut stop = anchor.from.checked_sub(1)?;
    if matches!(text.get(pieces.list[stop].start..pieces.list[stop].end), Some("and" | "or")) {
        stop = stop.checked_sub(1)?;
    }
    let between = text.get(pieces.list[stop].end..first.start)?;
    if !connects(between) || between.contains(',') && !between.contains(['a', 'o']) {
        return None;
    }
    let own = key(surface(text, pieces, anchor.from, anchor.to));
    for width in 1..=2 {
        let from = (stop + 1).checked_sub(width)?;
        if pieces.list[from..=stop].iter().skip(1).any(|p| p.gap == Gap::Break) {
            break;
        }
        let modifier = surface(text, pieces, from, stop + 1);
        for split in anchor.from + 1..anchor.to {
            let name = format!("{modifier} {}", surface(text, pieces, split, anchor.to));
            if key(&name) == own {
                continue;
            }
            if let Some((found, score)) = best(lexicon, &name, Some(entity)).filter(|f| f.0 != entity && f.1 >= 0.7) {
                let span = Span::new(pieces.list[from].start, pieces.list[anchor.to - 1].end);
                return Some((Filled { span, text: name, entity: found, score }, from));
            }
        }
    }
    None
}
