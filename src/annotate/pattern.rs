//! Names that no dictionary can list: microRNAs, integrin chains, cell lines, trial numbers.

use super::lexicon::Lexicon;
use super::{Category, Entity};
use crate::document::Identifiers;
use crate::text::{Span, pattern};
use memchr::memmem;
use regex::Regex;
use std::sync::LazyLock;

static MICRO_RNA: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:[a-z]{3}-)?(?i:miR(?:NA)?|microRNA|mir|let)s?[- ]?(\d{1,5})([a-z]?)(-\d{1,2})?(-[35]p)?\b"));
static INTEGRIN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:(?i:integrins?)[ -])?[αa](\d{1,2}|[vVLMXDE]|IIb)[ -]?[βb](\d)\b(?:[ -](?i:integrins?))?"));
static CELL_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b([A-Z][A-Za-z]{0,5}-?\d{1,4}[A-Z]{0,2}\d?|[A-Z]{2,5}-[A-Z]{1,4}\d{0,3}[A-Z]?)[ -](?:cells?\b|cell lines?\b)")
});
static TRIAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:NCT\s?\d{8}|ISRCTN\s?\d{8}|EudraCT[\s:]*(?:No\.?|number)?[\s:]*\d{4}-\d{6}-\d{2}|ACTRN\d{14}|ChiCTR[\w-]*\d{8,}|UMIN\d{9}|DRKS\d{8})\b",
    )
});

/// A name recognised by its form.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// Where it stands.
    pub span: Span,
    /// What it is: from the lexicon where a form of the name is listed there.
    pub entity: Entity,
    /// Number of the entity, where the lexicon has it.
    pub number: Option<u32>,
    /// Why.
    pub reason: &'static str,
}

/// Recognises names by their form in `text` within `region`, in order.
pub fn recognise(lexicon: &Lexicon, text: &str, region: Span) -> Vec<Recognised> {
    let mut out = Vec::new();
    let Some(part) = text.get(region.start..region.end) else { return out };
    // Looking for a few letters first saves running the expressions over most of the text.
    let holds = |signs: &[&str]| signs.iter().any(|s| memmem::find(part.as_bytes(), s.as_bytes()).is_some());
    if !part.bytes().any(|b| b.is_ascii_digit()) {
        return out;
    }
    let shift = |m: regex::Match<'_>| Span::new(region.start + m.start(), region.start + m.end());
    let micro = holds(&["iR", "ir-", "IR-", "let-", "Let-", "RNA", "mir"]);
    for c in MICRO_RNA.captures_iter(if micro { part } else { "" }) {
        let Some(all) = c.get(0) else { continue };
        let get = |i: usize| c.get(i).map_or("", |m| m.as_str());
        let stem = if all.as_str().to_lowercase().contains("let") { "let" } else { "miR" };
        let (number, letter, copy, arm) = (get(1), get(2), get(3), get(4));
        if stem == "let" && (number != "7" || all.as_str().contains(' ')) {
            continue;
        }
        let label = format!("{stem}-{number}{letter}{arm}");
        let forms = [format!("{label}{copy}"), label.clone(), format!("{stem}-{number}{letter}"), format!("{stem}-{number}{letter}-1")];
        let known = forms.iter().find_map(|f| known(lexicon, f, &[Category::MicroRNA, Category::Gene]));
        out.push(build(lexicon, shift(all), known, label, Category::MicroRNA, "written as microRNAs are"));
    }
    let integrin = holds(&["ntegrin", "β"]);
    for c in INTEGRIN.captures_iter(if integrin { part } else { "" }) {
        let Some(all) = c.get(0) else { continue };
        let named = all.as_str().to_lowercase().contains("integrin");
        let greek = all.as_str().contains('α') && all.as_str().contains('β');
        if !named && !greek {
            continue;
        }
        let get = |i: usize| c.get(i).map_or("", |m| m.as_str());
        let label = format!("integrin α{}β{}", get(1), get(2));
        let families = [Category::GeneFamily, Category::Protein, Category::Gene];
        let known = known(lexicon, &label, &families);
        out.push(build(lexicon, shift(all), known, label, Category::GeneFamily, "written as integrins are"));
    }
    let line = holds(&[" cell", "-cell"]);
    for c in CELL_LINE.captures_iter(if line { part } else { "" }) {
        let Some(name) = c.get(1) else { continue };
        if name.as_str().starts_with("CD")
            || !name.as_str().contains(|c: char| c.is_ascii_digit())
            || !lexicon.hits_of(name.as_str()).is_empty()
        {
            continue;
        }
        out.push(build(lexicon, shift(name), None, name.as_str().to_owned(), Category::CellLine, "a designation before \"cells\""));
    }
    let trial = holds(&["NCT", "ISRCTN", "EudraCT", "ACTRN", "ChiCTR", "UMIN", "DRKS"]);
    for m in TRIAL.find_iter(if trial { part } else { "" }) {
        let trial = Identifiers::find(m.as_str()).trial.unwrap_or_else(|| m.as_str().to_owned());
        let entity = Entity { id: Some(trial_curie(&trial)), label: trial, category: Category::ClinicalTrial };
        out.push(Recognised { span: shift(m), entity, number: None, reason: "a trial registry's number" });
    }
    out.sort_by_key(|r| r.span);
    out
}

/// The CURIE of a registered trial.
fn trial_curie(trial: &str) -> String {
    let registry = if trial.starts_with("NCT") {
        "clinicaltrials"
    } else if trial.starts_with("ISRCTN") {
        "isrctn"
    } else {
        "trial"
    };
    format!("{registry}:{trial}")
}

fn known(lexicon: &Lexicon, name: &str, categories: &[Category]) -> Option<u32> {
    let hits = lexicon.hits_of(name);
    categories.iter().find_map(|c| hits.iter().find(|h| lexicon.category_of(h.entity) == *c)).map(|h| h.entity)
}

fn build(lexicon: &Lexicon, span: Span, number: Option<u32>, label: String, category: Category, reason: &'static str) -> Recognised {
    let entity = number.map_or(Entity { id: None, label, category }, |n| lexicon.entity_at(n));
    Recognised { span, entity, number, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::Vocabulary;

    #[test]
    fn forms_are_recognised() {
        let lexicon = Lexicon::build(&[Vocabulary::default()]).expect("an empty lexicon can be built");
        let text = "hsa-miR-219a-5p, let-7b and integrin α2β1 in SW1353 cells (NCT04875433), but let 7 rats, T cells.";
        let found = recognise(&lexicon, text, Span::new(0, text.len()));
        let told: Vec<(&str, &str)> = found.iter().map(|r| (r.span.of(text), r.entity.label.as_str())).collect();
        assert_eq!(
            told,
            [
                ("hsa-miR-219a-5p", "miR-219a-5p"),
                ("let-7b", "let-7b"),
                ("integrin α2β1", "integrin α2β1"),
                ("SW1353", "SW1353"),
                ("NCT04875433", "NCT04875433")
            ]
        );
    }
}
