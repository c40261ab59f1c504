//! Settles which of the names that overlap in a text are its mentions.

use super::Mention;
use super::candidate::{is_gene, specificity};
use crate::text::Span;
use std::collections::BTreeSet;

/// A mention before overlaps are settled.
pub struct Draft {
    /// Where it stands.
    pub span: Span,
    /// Pieces that it covers; equal where it is known by its form alone.
    pub pieces: (usize, usize),
    /// The mention.
    pub mention: Mention,
    /// Number of its entity.
    pub number: Option<u32>,
    /// Filled in from a coordination: may overlap its fellows, and the name that it was filled in from.
    pub filled: bool,
    /// Where that name stands.
    pub anchor: Option<Span>,
}

/// Settles overlaps: names win over words that only point to a thing, then the longest, then the better typed, then the better scored.
pub fn settle(mut drafts: Vec<Draft>) -> Vec<Draft> {
    drafts.sort_by(|a, b| {
        (a.mention.derived.cmp(&b.mention.derived))
            .then_with(|| b.span.len().cmp(&a.span.len()))
            .then_with(|| specificity(b.mention.entity.category).cmp(&specificity(a.mention.entity.category)))
            .then_with(|| b.mention.score.total_cmp(&a.mention.score))
            .then_with(|| a.span.cmp(&b.span))
            .then_with(|| a.mention.text.cmp(&b.mention.text))
    });
    // Names are shorter than this, so that only kept spans beginning so near can overlap.
    const REACH: usize = 1024;
    drafts.retain(|d| d.span.len() < REACH);
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut places: BTreeSet<(usize, usize)> = BTreeSet::new();
    for d in drafts {
        let mut near = places
            .range((d.span.start.saturating_sub(REACH), 0)..(d.span.end, 0))
            .map(|&(_, i)| &kept[i])
            .filter(|k| k.span.overlaps(d.span));
        if near.all(|k| are_fellows(k, &d)) {
            places.insert((d.span.start, kept.len()));
            kept.push(d);
        }
    }
    kept
}

/// Members of one coordination overlap: "collagen type I" lies in "collagen type I/III".
fn are_fellows(a: &Draft, b: &Draft) -> bool {
    let (x, y) = (&a.mention, &b.mention);
    let together = match (a.filled, b.filled) {
        (true, true) => true,
        (true, false) => a.anchor == Some(b.span),
        (false, true) => b.anchor == Some(a.span),
        (false, false) => false,
    };
    together
        && x.text != y.text
        && a.number != b.number
        && (x.entity.category == y.entity.category || is_gene(x.entity.category) && is_gene(y.entity.category))
        && (a.span.start == b.span.start || a.span.end == b.span.end)
}
