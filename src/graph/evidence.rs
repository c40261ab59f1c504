//! Why a claim is held: its quote and place in the article, its citations, and the kind of evidence.

use super::identity::{part_iri, quote};
use super::quads::{Writer, count};
use super::vocabulary::{self, cito, evi, oa, prov};
use super::{Prefixes, entry_iri, work_iri};
use crate::document::Document;
use crate::extract::Claim;
use crate::text::TextIndex;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Literal, NamedNode};

/// Code points of the text that the selector keeps on either side of the quote.
const CONTEXT: usize = 32;

/// Writes the evidence of a claim with its two Web Annotation selectors (<https://www.w3.org/TR/annotation-model/#selectors>).
pub(super) fn write(
    w: &mut Writer<'_>,
    claim_iri: &NamedNode,
    document: &Document,
    index: &TextIndex<'_>,
    article: &NamedNode,
    claim: &Claim,
) {
    let base = w.base;
    let evidence = part_iri("evidence", claim_iri, "", base);
    w.add(claim_iri, evi::HAS_EVIDENCE, evidence.clone());
    w.add(&evidence, rdf::TYPE, evi::EVIDENCE);
    w.maybe(&evidence, rdf::TYPE, Prefixes::shipped().resolve(claim.evidence_code));
    w.add(&evidence, prov::HAD_PRIMARY_SOURCE, article.clone());
    w.text(&evidence, evi::SECTION, Some(&claim.section.join(" > ")));
    w.add(&evidence, evi::STUDY_DESIGN, vocabulary::term(claim.study_design.term()));
    w.add(&evidence, evi::QUOTE_ROLE, vocabulary::term(claim.quote_role.term()));
    for key in &claim.citations {
        match document.reference(key) {
            Some(reference) => {
                w.add(&evidence, evi::CITES_ENTRY, entry_iri(article, key, 0, base));
                w.add(&evidence, cito::CITES_AS_EVIDENCE, work_iri(article, reference, 0, base));
            }
            None => w.text(&evidence, evi::DANGLING_CITATION, Some(key)),
        }
    }

    let text = &document.text;
    let (before, after) = (text.get(..claim.quote.start).unwrap_or_default(), text.get(claim.quote.end..).unwrap_or_default());
    let from = before.char_indices().rev().take(CONTEXT).last().map_or(before.len(), |(at, _)| at);
    let to = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
    let selector = part_iri("quote", claim_iri, "", base);
    w.add(&evidence, oa::HAS_SELECTOR, selector.clone());
    w.add(&selector, rdf::TYPE, oa::TEXT_QUOTE_SELECTOR);
    w.add(&selector, oa::EXACT, Literal::from(quote(document, claim)));
    w.add(&selector, oa::PREFIX, Literal::from(&before[from..]));
    w.add(&selector, oa::SUFFIX, Literal::from(&after[..to]));
    let selector = part_iri("position", claim_iri, "", base);
    w.add(&evidence, oa::HAS_SELECTOR, selector.clone());
    w.add(&selector, rdf::TYPE, oa::TEXT_POSITION_SELECTOR);
    w.add(&selector, oa::START, count(index.code_point(claim.quote.start)));
    w.add(&selector, oa::END, count(index.code_point(claim.quote.end)));
}
