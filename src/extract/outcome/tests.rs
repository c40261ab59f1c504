//! Outcomes of single sentences, one test per pattern.

use crate::annotate::{Annotator, Lexicon};
use crate::document::Format;
use crate::extract::{Assertion, Extractor, Rules};

/// `outcome | measure | value unit | direction | time | comparator` of every outcome claim.
fn told(text: &str) -> Vec<String> {
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon opens"));
    let extractor = Extractor::new(annotator, Rules::shipped().expect("the shipped rules compile"));
    let documents = crate::read::read("sentence.md", text.as_bytes(), Some(Format::Markdown)).expect("valid Markdown");
    let claims = documents.iter().flat_map(|d| extractor.extract(d).claims);
    claims
        .filter_map(|c| match c.assertion {
            Assertion::Outcome { outcome, measurement: m, .. } => Some(format!(
                "{} | {} | {} {} | {} | {} | {}",
                outcome.text,
                m.measure.as_str(),
                m.value.1,
                m.unit.as_deref().unwrap_or("-"),
                m.direction.map_or("-", |d| d.as_str()),
                m.time.map_or_else(|| "-".to_owned(), |t| format!("{} {}", t.value.1, t.unit)),
                m.comparator.map_or_else(|| "-".to_owned(), |c| format!("{} {:?}", c.label, c.value.map(|v| v.1))),
            )),
            Assertion::Mechanism { .. } => None,
        })
        .collect()
}

fn parts(text: &str, columns: &[usize]) -> Vec<String> {
    told(text).iter().map(|row| columns.iter().filter_map(|&c| row.split(" | ").nth(c)).collect::<Vec<_>>().join(" | ")).collect()
}

#[test]
fn the_strength_of_a_solution_is_no_outcome() {
    assert!(told("The joint was filled with 2% lidocaine.").is_empty());
    assert!(told("Eyes received 0.1% dexamethasone and 1% atropine.").is_empty());
}

#[test]
fn elliptic_times_take_the_unit_of_the_last() {
    assert_eq!(
        parts("Grip strength was 21 kg at six, 24 kg at nine, and 27 kg at 12 months.", &[2, 4]),
        ["21 kg | 6 month", "24 kg | 9 month", "27 kg | 12 month"]
    );
    assert_eq!(
        parts("The NNTs for relapse were 4.1 (3.0 to 6.2) at two and 5.5 (4.0 to 8.8) at 4 years.", &[1, 2, 4]),
        ["number_needed_to_treat | 4.1 - | 2 year", "number_needed_to_treat | 5.5 - | 4 year"]
    );
}

#[test]
fn ratios_take_their_outcome_from_before_the_bracket() {
    assert_eq!(
        parts("Runners were less likely to develop heel pain (odds ratio [OR] = 0.45, confidence interval [CI] = 0.80–0.25).", &[1, 2, 3]),
        ["odds_ratio | 0.45 - | decrease"]
    );
    assert_eq!(
        parts("Wound infection occurred in 4% of the patients; risk difference 2% [95% CI, −1 to 5%].", &[1, 2]),
        ["share | 4 %", "difference | 2 %"]
    );
}

#[test]
fn the_second_arm_is_the_comparator_of_the_first() {
    assert_eq!(parts("Morning stiffness was 12 mm with methotrexate and 31 mm with placebo.", &[2, 5]), ["12 mm | placebo Some(31.0)"]);
    assert_eq!(
        parts("Mean pain intensity was 2.1 ± 0.8 (ibuprofen) and 3.4 ± 1.1 (paracetamol).", &[2, 5]),
        ["2.1 - | paracetamol Some(3.4)"]
    );
}

#[test]
fn negative_changes_are_decreases() {
    assert_eq!(
        parts("Mean changes of knee pain at 8 weeks were −14.5 mm with naproxen.", &[1, 2, 3, 4]),
        ["change | 14.5 mm | decrease | 8 week"]
    );
    assert_eq!(parts("The mean change in body weight was -3.2 kg at 6 months.", &[1, 2, 3, 4]), ["change | 3.2 kg | decrease | 6 month"]);
}

#[test]
fn what_occurred_in_several_shares_is_told_apart() {
    assert_eq!(
        parts("Safety: Nausea occurred in 12%, headache in 7% of the ibuprofen patients.", &[0, 2]),
        ["Nausea | 12 %", "headache | 7 %"]
    );
    assert_eq!(
        parts("The incidence of nausea was 12%, that of headache 7% in both groups.", &[0, 2]),
        ["incidence of nausea | 12 %", "incidence of headache | 7 %"]
    );
}

#[test]
fn proportions_tell_what_the_patients_did() {
    assert_eq!(parts("The proportion of patients who needed transfusion was 9%.", &[0, 1, 2]), ["transfusion | share | 9 %"]);
    assert_eq!(
        parts("By the last visit, 31% of the women in group A and 52% in group B showed improvement in stiffness.", &[2]),
        ["31 %", "52 %"]
    );
}

#[test]
fn amounts_are_outcomes_only_where_something_measured_has_them() {
    assert_eq!(parts("Blood loss was 310 ml.", &[0, 2]), ["Blood loss | 310 ml"]);
    assert!(told("The dose was 50 mg.").is_empty());
    assert!(told("Each patient was given naproxen sodium 550 mg.").is_empty());
}

#[test]
fn pronouns_stand_for_what_the_sentence_before_told() {
    assert_eq!(
        parts("With ibuprofen the pain scores were 3.1 at six hours. With naproxen they were 2.7 at six hours.", &[0, 2]),
        ["pain scores | 3.1 -", "pain scores | 2.7 -"]
    );
}

#[test]
fn lengths_of_time_that_are_values_are_no_follow_up() {
    assert_eq!(parts("In the first group 60% of the participants achieved full recovery (median time 7 months).", &[2, 4]), ["60 % | -"]);
}

#[test]
fn counts_scales_and_terms_of_the_analysis_are_no_outcomes() {
    assert!(told("The fatigue questionnaire is a 9-item scale.").is_empty());
    assert!(told("Follow-up was complete for 212 patients.").is_empty());
    assert!(told("The standard error was 4%.").is_empty());
    assert!(told("The cut-off was 30%.").is_empty());
}
