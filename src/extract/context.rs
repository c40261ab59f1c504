//! What a claim takes from around it: the section's purpose, the site, species, dose, and who was studied.

use super::claim::Argument;
use super::cues::Cues;
use crate::annotate::{Category, Mention};
use crate::text::Span;
use regex::Regex;
use std::sync::LazyLock;

/// What a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What others found, or no heading that tells.
    Background,
    /// Aims and objectives.
    Aim,
    /// Methods and back matter.
    Methods,
    /// The article's own results, and what it concludes.
    Results,
    /// Anything else.
    Other,
}

/// The purpose of a section, told by the words of its headings, innermost first.
pub fn purpose(heading: &[String], cues: &Cues) -> Purpose {
    let words_of = |title: &String| -> Vec<String> {
        title.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    // What stands below "Methods" is methods, whatever its own heading says ("Outcomes").
    let methods = |title: &String| {
        let words = words_of(title);
        words.len() < 5 && words.iter().any(|w| w == "methods" || w == "method") && !words.iter().any(|w| cues.results_headings.contains(w))
    };
    if heading.len() > 1 && heading[..heading.len() - 1].iter().any(methods) {
        return Purpose::Methods;
    }
    for title in heading.iter().rev() {
        let words = words_of(title);
        // A long heading is about its subject, not about its place in the article.
        if words.is_empty() || words.len() > 5 {
            continue;
        }
        let any = |set: &std::collections::HashSet<String>| words.iter().any(|w| set.contains(w));
        if any(&cues.results_headings) {
            return Purpose::Results;
        }
        if any(&cues.methods_headings) {
            return Purpose::Methods;
        }
        if any(&cues.background_headings) {
            return Purpose::Background;
        }
        if any(&cues.aim_headings) {
            return Purpose::Aim;
        }
    }
    Purpose::Other
}

/// Whether a category is a disorder or symptom.
pub fn is_disorder(category: Category) -> bool {
    matches!(category, Category::Disease | Category::PhenotypicFeature)
}

/// Whether a thing of this category can be what a treatment's list speaks of.
pub fn acts(category: Category) -> bool {
    use Category::{
        Cell, CellLine, ChemicalEntity, Drug, Gene, GeneFamily, MicroRNA, MolecularMixture, Procedure, Protein, SmallMolecule, Treatment,
    };
    matches!(
        category,
        Cell | CellLine
            | ChemicalEntity
            | Drug
            | Gene
            | GeneFamily
            | MicroRNA
            | MolecularMixture
            | Procedure
            | Protein
            | SmallMolecule
            | Treatment
    )
}

/// Whether a thing of this category can be given to a patient.
pub fn gives(category: Category) -> bool {
    use Category::{ChemicalEntity, Drug, MolecularMixture, Procedure, SmallMolecule, Treatment};
    matches!(category, ChemicalEntity | Drug | MolecularMixture | Procedure | SmallMolecule | Treatment)
}

/// The mention as an argument.
pub fn argument(mention: &Mention) -> Argument {
    Argument { text: mention.text.clone(), entity: mention.entity.clone(), xrefs: mention.xrefs.clone(), span: mention.span }
}

/// The mentions that lie in `span`, of mentions sorted by start.
pub fn mentions_in(mentions: &[Mention], span: Span) -> &[Mention] {
    let from = mentions.partition_point(|m| m.span.start < span.start);
    let to = mentions.partition_point(|m| m.span.start < span.end);
    &mentions[from..to.max(from)]
}

static DOSE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?i)\b\d+(?:[.,]\d+)?\s?(?:mg|g|μg|ug|ng|mcg|ml|iu|u|mmol|μm|nm|mm|million cells|cells|gy)(?:/(?:kg|day|d|ml|l|m2|dose|week))*\b(?:\s?(?:daily|per day|twice daily|once daily|/day))?",
    )
});
static POPULATION: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?i)\b(?:in|among|of)\s+((?:\d[\d,]*|[a-z]+)?\s?(?:[a-z-]+\s){0,3}(?:patients|athletes|women|men|adults|children|participants|volunteers|subjects|individuals|knees|hips|mice|rats|rabbits)(?:\s(?:with|aged|undergoing|receiving|who)\b[^,.;()\[]{0,60})?)",
    )
});

/// The words of which a population has one; quick to look for.
static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        "(?i)patients|athletes|women|men|adults|children|participants|volunteers|subjects|individuals|knees|hips|mice|rats|rabbits",
    )
});

/// Dose and population as the sentence words them.
pub fn dose_and_population(sentence: &str) -> (Option<String>, Option<String>) {
    let clean = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    let dose = sentence.contains(char::is_numeric).then(|| DOSE.find(sentence)).flatten();
    let population = PEOPLE.is_match(sentence).then(|| POPULATION.captures(sentence)).flatten();
    (dose.map(|m| clean(m.as_str())), population.and_then(|c| c.get(1)).map(|m| clean(m.as_str())))
}

/// Where in the body: an anatomical mention behind "in", "into", "within" or "at" that is no argument of the claim.
pub fn site(text: &str, span: Span, mentions: &[Mention], taken: &[Span]) -> Option<Argument> {
    mentions_in(mentions, span)
        .iter()
        .filter(|m| m.entity.category == Category::AnatomicalEntity && !taken.iter().any(|t| t.overlaps(m.span)))
        .find(|m| {
            let before = text[span.start..m.span.start].to_lowercase();
            before.split_whitespace().rev().take(3).any(|w| matches!(w, "in" | "into" | "within" | "at"))
        })
        .map(argument)
}

/// The species that the sentence names, else the first that the document does.
pub fn species(span: Span, mentions: &[Mention]) -> Option<Argument> {
    mentions_in(mentions, span).iter().find(|m| m.entity.category == Category::OrganismTaxon).map(argument)
}
