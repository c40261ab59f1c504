//! What stands behind a claim: its citations by clause, the study's design, whose result it is, and the ECO class.

use super::claim::{QuoteRole, SourceStatus, StudyDesign};
use super::context::Purpose;
use super::cues::Cues;
use crate::document::{BlockKind, Citation, Document, Traceability};
use crate::text::Span;
use regex::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Debug, Deserialize)]
struct DesignFile {
    design: Vec<DesignSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DesignSpec {
    name: String,
    words: Vec<String>,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    yields_to: Option<String>,
}

static DESIGNS: LazyLock<Vec<(StudyDesign, DesignSpec)>> = LazyLock::new(|| {
    let file: DesignFile =
        toml::from_str(include_str!("../../ontology/rules/designs.toml")).expect("the shipped designs are valid; a test reads them");
    file.design.into_iter().filter_map(|d| StudyDesign::from_name(&d.name).map(|s| (s, d))).collect()
});

/// Any of the words, and any of the hints: most texts hold none, and one pass tells so.
static WORDS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let any = |of: fn(&DesignSpec) -> &[String]| {
        let words: Vec<String> = DESIGNS.iter().flat_map(|(_, d)| of(d)).map(|w| regex::escape(w)).collect();
        super::pattern(&format!("(?i){}", words.join("|")))
    };
    [any(|d| &d.words), any(|d| &d.hints)]
});

/// The study design that a text tells of.
///
/// ```
/// use evigraph::extract::{StudyDesign, study_design};
/// assert_eq!(study_design("A randomised controlled trial in 50 athletes"), Some(StudyDesign::RandomizedControlledTrial));
/// assert_eq!(study_design("Cells integrate."), None);
/// ```
pub fn study_design(text: &str) -> Option<StudyDesign> {
    told_design(text).or_else(|| hinted_design(text))
}

/// The design that words say outright.
pub fn told_design(text: &str) -> Option<StudyDesign> {
    if !WORDS[0].is_match(text) {
        return None;
    }
    let text = text.to_lowercase();
    let (_, spec) = DESIGNS.iter().find(|(_, spec)| has_any(&text, &spec.words, spec))?;
    let other = spec.yields_to.as_ref().and_then(|name| DESIGNS.iter().find(|(_, d)| d.name == *name && has_any(&text, &d.words, d)));
    StudyDesign::from_name(other.map_or(&spec.name, |(_, d)| &d.name))
}

/// The design that words only hint at ("control group").
pub fn hinted_design(text: &str) -> Option<StudyDesign> {
    if !WORDS[1].is_match(text) {
        return None;
    }
    let text = text.to_lowercase();
    DESIGNS.iter().find(|(_, spec)| has_any(&text, &spec.hints, spec)).map(|(design, _)| *design)
}

/// Whether one of the words stands in the text, outside the phrases in which it means something else.
fn has_any(text: &str, words: &[String], spec: &DesignSpec) -> bool {
    words.iter().any(|word| {
        memchr::memmem::find_iter(text.as_bytes(), word).any(|at| {
            let end = at + word.len();
            let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let after = text[end..].chars().next().is_none_or(|c| !c.is_alphanumeric());
            let excepted =
                || spec.without.iter().any(|w| text.match_indices(w.as_str()).any(|(from, w)| from <= at && end <= from + w.len()));
            (before || word.starts_with('-')) && after && !excepted()
        })
    })
}

/// What stands behind one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    /// Keys, in order of the text, each once.
    pub citations: Vec<String>,
    /// Status of the sources.
    pub status: SourceStatus,
    /// Design.
    pub design: StudyDesign,
    /// ECO class.
    pub code: &'static str,
    /// Whose statement.
    pub role: QuoteRole,
}

/// The keys that cover a claim whose words reach from `claim.start` to `claim.end`.
///
/// A marker covers its sentence. Where a sentence has several markers apart from each other, each covers what stands between the
/// marker before and itself, and what stands after the last is covered by none. A list item's markers cover its sentences without one.
pub fn citations(document: &Document, kind: BlockKind, block: Span, sentence: Span, claim: Span) -> Vec<String> {
    let markers = document.citations_in(sentence);
    let groups = groups(markers, &document.text);
    let mut chosen: Vec<&Citation> = Vec::new();
    match groups.len() {
        0 if kind == BlockKind::ListItem => chosen.extend(document.citations_in(block)),
        0 => {}
        1 => chosen.extend(groups[0]),
        _ => {
            if let Some(group) = groups.iter().find(|g| g.first().is_some_and(|c| c.span.start >= claim.end)) {
                chosen.extend(*group);
            } else if groups.last().and_then(|g| g.first()).is_some_and(|c| c.span.start >= claim.start) {
                chosen.extend(groups[groups.len() - 1]);
            }
        }
    }
    let mut keys: Vec<String> = Vec::new();
    for key in chosen.into_iter().flat_map(|c| &c.keys) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

/// Markers with nothing but punctuation and space between them.
fn groups<'a>(markers: &'a [Citation], text: &str) -> Vec<&'a [Citation]> {
    let mut out = Vec::new();
    let mut from = 0;
    for i in 1..=markers.len() {
        let joined = i < markers.len()
            && markers[i - 1].span.end <= markers[i].span.start
            && !text[markers[i - 1].span.end..markers[i].span.start].contains(char::is_alphanumeric);
        if !joined {
            out.push(&markers[from..i]);
            from = i;
        }
    }
    out
}

/// Whose statement a sentence is.
pub fn role(sentence: &str, purpose: Purpose, cited: bool, is_study: bool, cues: &Cues) -> QuoteRole {
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
    let own = words.iter().any(|w| cues.own_words.contains(*w)) || cues.own_phrases.iter().any(|p| lower.contains(p.as_str()));
    let promotional = words.iter().filter(|w| cues.promotional.contains(**w)).count();
    if promotional > 1 && !cited && !is_study {
        return QuoteRole::Promotional;
    }
    if !cited && is_study && (purpose == Purpose::Results || own) { QuoteRole::OwnResult } else { QuoteRole::Background }
}

/// Puts together what stands behind a claim.
pub fn support(
    document: &Document,
    citations: Vec<String>,
    sentence: &str,
    heading: &[String],
    role: QuoteRole,
    own_design: Option<StudyDesign>,
) -> Support {
    let entries: Vec<_> = citations.iter().filter_map(|k| document.reference(k)).collect();
    let status = if entries.iter().any(|r| r.traceability != Traceability::Untraceable) {
        SourceStatus::Sourced
    } else if !entries.is_empty() {
        SourceStatus::UntraceableOnly
    } else if !citations.is_empty() {
        SourceStatus::Dangling
    } else if role == QuoteRole::OwnResult {
        SourceStatus::OwnFinding
    } else {
        SourceStatus::Unsourced
    };
    let of_heading = heading.last().and_then(|h| study_design(h)).filter(|d| *d == StudyDesign::CaseReport);
    let of_reference = || entries.iter().find_map(|r| study_design(&r.raw));
    let own = if role == QuoteRole::OwnResult { own_design } else { None };
    let design = told_design(sentence)
        .or(of_heading)
        .or_else(of_reference)
        .or(own)
        .or_else(|| hinted_design(sentence))
        .unwrap_or(StudyDesign::Unspecified);
    let clinical = matches!(
        design,
        StudyDesign::RandomizedControlledTrial
            | StudyDesign::ControlledTrial
            | StudyDesign::Cohort
            | StudyDesign::CaseControl
            | StudyDesign::CaseSeries
            | StudyDesign::CaseReport
            | StudyDesign::CrossSectional
            | StudyDesign::Registry
            | StudyDesign::MetaAnalysis
    );
    let traceable = entries.iter().any(|r| r.traceability == Traceability::Traceable);
    let code = match (role, design) {
        (QuoteRole::OwnResult, StudyDesign::Animal) => "ECO:0007224",
        (QuoteRole::OwnResult, StudyDesign::InVitro) => "ECO:0007226",
        (QuoteRole::OwnResult, _) => "ECO:0007225",
        _ if clinical && !entries.is_empty() => "ECO:0007539",
        _ if traceable => "ECO:0007321",
        _ => "ECO:0007320",
    };
    Support { citations, status, design, code, role }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_before_hints_and_not_in_other_phrases() {
        assert_eq!(
            told_design("The institutional review board agreed; patients were randomly assigned."),
            Some(StudyDesign::RandomizedControlledTrial)
        );
        assert_eq!(study_design("Approved by the institutional review board."), None);
        assert_eq!(told_design("Pain fell more than in the control group."), None);
        assert_eq!(hinted_design("Pain fell more than in the control group."), Some(StudyDesign::ControlledTrial));
    }

    #[test]
    fn randomised_animals_are_no_clinical_trial() {
        assert_eq!(study_design("Forty rats were randomly assigned to four diets."), Some(StudyDesign::Animal));
        assert_eq!(study_design("Sections were stained with mouse anti-collagen antibodies."), None);
    }
}
