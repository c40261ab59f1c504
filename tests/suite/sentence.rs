//! Runs the sentence cases of `tests/cases/sentence`: what each sentence must claim, and must not.
//!
//! A case whose heading ends in `[open]` is a known gap: it must still fail, so that the mark goes when the rules learn it.

use evigraph::annotate::{Annotator, Lexicon};
use evigraph::document::Format;
use evigraph::extract::{Argument, Assertion, Certainty, Claim, Extractor, Rules};
use std::path::Path;

#[derive(Debug)]
struct Row {
    outcome: bool,
    cells: Vec<String>,
}

#[derive(Debug, Default)]
struct Case {
    place: String,
    open: bool,
    text: String,
    required: Vec<Row>,
    allowed: Vec<Row>,
}

/// Cases of one page.
fn cases(page: &str, name: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let (mut allowed, mut outcome) = (false, false);
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let open = title.trim_end().ends_with("[open]");
            cases.push(Case { place: format!("{name}: {title}"), open, ..Case::default() });
            allowed = false;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(quoted) = line.strip_prefix('>') {
            case.text.push_str(quoted.strip_prefix(' ').unwrap_or(quoted));
            case.text.push('\n');
        } else if line.starts_with("Allowed:") {
            allowed = true;
        } else if line.starts_with('|') {
            let cells: Vec<String> = line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
            if matches!(cells[0].as_str(), "subject" | "outcome") {
                outcome = cells[0] == "outcome";
            } else if !cells[0].starts_with("--") {
                let rows = if allowed { &mut case.allowed } else { &mut case.required };
                rows.push(Row { outcome, cells });
            }
        }
    }
    cases
}

fn fold(text: &str) -> String {
    let greek = [('α', "alpha"), ('β', "beta"), ('γ', "gamma"), ('κ', "kappa"), ('δ', "delta"), ('μ', "mu")];
    let mut folded = String::new();
    for c in text.to_lowercase().chars() {
        match greek.iter().find(|g| g.0 == c) {
            Some((_, name)) => folded.push_str(name),
            None if c.is_alphanumeric() => folded.push(c),
            None => folded.push(' '),
        }
    }
    let words = folded.split_whitespace().filter(|w| !matches!(*w, "the" | "a" | "an"));
    words
        .map(|w| if w.len() > 3 && !w.ends_with("ss") && !w.ends_with("is") { w.trim_end_matches('s') } else { w })
        .collect::<Vec<_>>()
        .join("")
}

fn answers(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(" / ").map(str::trim)
}

fn names(argument: &Argument, cell: &str, aspect: Option<&str>) -> bool {
    let mut forms = vec![argument.text.clone(), argument.entity.label.clone()];
    if let Some(aspect) = aspect {
        forms.push(format!("{} {aspect}", argument.text));
        forms.push(format!("{aspect} of {}", argument.text));
    }
    answers(cell).any(|a| {
        forms.iter().any(|f| fold(f) == fold(a))
            || ["expression", "level", "levels", "activity", "production", "secretion", "synthesis", "release"].iter().any(|w| {
                a.strip_suffix(w).is_some_and(|bare| fold(bare) == fold(&argument.text))
                    || argument.text.strip_suffix(w).is_some_and(|bare| fold(bare) == fold(a))
            })
    })
}

fn range(value: (f64, f64)) -> String {
    if value.0 == value.1 { format!("{}", value.0) } else { format!("{}–{}", value.0, value.1) }
}

fn fits(row: &Row, claim: &Claim) -> bool {
    let cell = |i: usize| row.cells.get(i).map_or("", String::as_str);
    match &claim.assertion {
        Assertion::Mechanism { subject, relation, object, aspect } if !row.outcome => {
            names(subject, cell(0), None)
                && answers(cell(1)).any(|r| r == relation.term())
                && names(object, cell(2), aspect.as_deref())
                && (cell(3) == "yes") == claim.negated
                && answers(cell(4)).any(|c| c == claim.certainty.as_str())
        }
        Assertion::Outcome { outcome, measurement: m, .. } if row.outcome => {
            let direction = m.direction.map_or("", |d| d.as_str());
            let time = m.time.as_ref().map_or_else(String::new, |t| format!("{} {}", range(t.value), t.unit));
            names(outcome, cell(0), None)
                && answers(cell(1)).any(|x| x == m.measure.as_str())
                && cell(2) == range(m.value)
                && (cell(3).is_empty() || cell(3) == m.unit.as_deref().unwrap_or(""))
                && (cell(4).is_empty() || cell(4) == direction)
                && (cell(5).is_empty() || cell(5) == time)
        }
        _ => false,
    }
}

fn told(claim: &Claim) -> String {
    match &claim.assertion {
        Assertion::Mechanism { subject, relation, object, .. } => format!(
            "{} | {} | {} | {} | {} ({})",
            subject.text,
            relation.term(),
            object.text,
            if claim.negated { "yes" } else { "no" },
            claim.certainty.as_str(),
            claim.rule
        ),
        Assertion::Outcome { outcome, measurement: m, .. } => format!(
            "{} | {} | {} | {} | {} | {:?} ({})",
            outcome.text,
            m.measure.as_str(),
            range(m.value),
            m.unit.as_deref().unwrap_or(""),
            m.direction.map_or("", |d| d.as_str()),
            m.time.as_ref().map(|t| (t.value, t.unit.as_str())),
            claim.rule
        ),
    }
}

/// What is wrong with a case; empty where nothing is.
fn faults(case: &Case, extractor: &Extractor) -> Vec<String> {
    let documents = evigraph::read::read("case.md", case.text.as_bytes(), Some(Format::Markdown)).expect("a case is valid Markdown");
    let claims: Vec<Claim> =
        documents.iter().flat_map(|d| extractor.extract(d).claims).filter(|c| c.certainty != Certainty::Hypothesis).collect();
    let missing = case.required.iter().filter(|r| !claims.iter().any(|c| fits(r, c))).map(|r| format!("missing: {}", r.cells.join(" | ")));
    let extra = claims
        .iter()
        .filter(|c| {
            let same_kind = |r: &&Row| r.outcome == matches!(c.assertion, Assertion::Outcome { .. });
            !case.required.iter().chain(&case.allowed).filter(same_kind).any(|r| fits(r, c))
        })
        .map(|c| format!("extra:   {}", told(c)));
    missing.chain(extra).collect()
}

#[test]
fn sentences_give_the_claims_that_their_pages_say() {
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon opens"));
    let extractor = Extractor::new(annotator, Rules::shipped().expect("the shipped rules compile"));
    let folder = Path::new("tests/cases/sentence");
    let mut pages: Vec<_> = std::fs::read_dir(folder).expect("the cases are there").map(|e| e.expect("readable").path()).collect();
    pages.sort();
    let (mut count, mut open, mut report) = (0, 0, String::new());
    for page in pages.iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
        let name = page.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        for case in cases(&std::fs::read_to_string(page).expect("a readable page"), &name) {
            count += 1;
            open += usize::from(case.open);
            let faults = faults(&case, &extractor);
            if faults.is_empty() && case.open {
                report.push_str(&format!("{}\n    holds now: take the mark [open] away\n", case.place));
            } else if !faults.is_empty() && !case.open {
                report.push_str(&format!(
                    "{}\n    {}\n    {}\n",
                    case.place,
                    case.text.trim().replace('\n', "\n    "),
                    faults.join("\n    ")
                ));
            }
        }
    }
    assert!(count >= 120, "only {count} sentence cases were found");
    assert!(report.is_empty(), "{count} cases, {open} open\n{report}");
}

#[test]
fn every_rule_matches_and_rejects_what_it_says() {
    let rules = Rules::shipped().expect("the shipped rules compile");
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon opens"));
    let extractor = Extractor::new(annotator, rules.clone());
    let mut report = String::new();
    for rule in &rules.rules {
        for example in &rule.matches {
            let mut parts = example.split(" | ");
            let sentence = parts.next().unwrap_or_default();
            let cells: Vec<String> = parts.map(str::to_owned).collect();
            assert_eq!(cells.len(), 3, "rule {}: `{example}` is not `sentence | subject | relation | object`", rule.name);
            let claims = claims_of(&extractor, sentence);
            let right = claims.iter().any(|c| match &c.assertion {
                Assertion::Mechanism { subject, relation, object, aspect } => {
                    c.rule == rule.name
                        && names(subject, &cells[0], None)
                        && relation.term() == cells[1]
                        && names(object, &cells[2], aspect.as_deref())
                }
                Assertion::Outcome { .. } => false,
            });
            if !right {
                report.push_str(&format!(
                    "{}: does not match `{example}`; it gives {:?}\n",
                    rule.name,
                    claims.iter().map(told).collect::<Vec<_>>()
                ));
            }
        }
        for sentence in &rule.reject {
            if let Some(claim) = claims_of(&extractor, sentence).iter().find(|c| c.rule == rule.name) {
                report.push_str(&format!("{}: must not match `{sentence}`; it gives {}\n", rule.name, told(claim)));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

fn claims_of(extractor: &Extractor, sentence: &str) -> Vec<Claim> {
    let documents = evigraph::read::read("rule.md", sentence.as_bytes(), Some(Format::Markdown)).expect("valid Markdown");
    documents.iter().flat_map(|d| extractor.extract(d).claims).collect()
}

#[test]
fn a_sentence_without_claim_says_why() {
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon opens"));
    let extractor = Extractor::new(annotator, Rules::shipped().expect("the shipped rules compile"));
    let page = "# Zinc\n\n## Methods\n\nCurcumin reduced IL-6.\n\n## Results\n\nThe knee lay still.\n\nThe dose was reduced.\n";
    let documents = evigraph::read::read("page.md", page.as_bytes(), Some(Format::Markdown)).expect("valid Markdown");
    let (found, parsed) = extractor.explain(&documents[0]);
    assert_eq!(found.claims, []);
    let why: Vec<&str> = parsed.iter().map(|p| p.silence.as_str()).collect();
    let [methods, still, reduced] = why.as_slice() else { panic!("{why:?}") };
    assert!(methods.contains("among methods"), "{methods}");
    assert_eq!(*still, "no word in it triggers a rule");
    assert!(reduced.starts_with("no rule finds") && reduced.ends_with("around reduced"), "{reduced}");
}
