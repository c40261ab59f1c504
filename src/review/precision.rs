//! Precision of each rule, from the verdicts: curation tells extraction where it errs.

use super::{Error, Verdict, spreadsheet::list};
use crate::export::select;
use crate::store::GraphStore;
use oxigraph::model::Term;
use std::collections::BTreeMap;

/// How often curators found a rule's claims right.
#[derive(Debug, Clone, PartialEq)]
pub struct RulePrecision {
    /// The rule.
    pub rule: String,
    /// Claims that were accepted, or given a source.
    pub right: u64,
    /// Claims that were rejected or corrected.
    pub wrong: u64,
    /// Reasons of the wrong ones, with their numbers.
    pub reasons: BTreeMap<&'static str, u64>,
}

impl RulePrecision {
    /// The share of right claims.
    #[expect(clippy::cast_precision_loss, reason = "counts of decisions are small")]
    pub fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong) as f64
    }

    /// The 95 % confidence interval of the share (Wilson, "Probable inference, the law of succession, and statistical inference", 1927).
    #[expect(clippy::cast_precision_loss, reason = "counts of decisions are small")]
    pub fn interval(&self) -> (f64, f64) {
        let (n, p, z) = ((self.right + self.wrong) as f64, self.precision(), 1.959_964_f64);
        let centre = p + z * z / (2.0 * n);
        let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z * z / n;
        (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
    }
}

/// The precision of each rule whose claims were judged, the most judged first.
///
/// # Errors
/// Where the store fails.
pub fn precision(store: &dyn GraphStore) -> Result<Vec<RulePrecision>, Error> {
    let mut rules = BTreeMap::new();
    select(store, "SELECT DISTINCT ?claim ?rule WHERE { ?decision evi:decides ?claim . ?claim evi:rule ?rule }", |term| {
        if let (Some(Term::NamedNode(claim)), Some(Term::Literal(rule))) = (term(0), term(1)) {
            rules.insert(claim.into_string(), rule.value().to_owned());
        }
        Ok(())
    })?;
    let mut found: BTreeMap<&String, RulePrecision> = BTreeMap::new();
    let decisions = list(store)?;
    for d in decisions.iter().filter(|d| d.standing).map(|d| &d.decision) {
        let Some(rule) = rules.get(&d.thing) else { continue };
        let tally = found.entry(rule).or_insert_with(|| RulePrecision { rule: rule.clone(), right: 0, wrong: 0, reasons: BTreeMap::new() });
        match d.verdict {
            Verdict::Accepted | Verdict::Sourced => tally.right += 1,
            Verdict::Rejected | Verdict::Corrected => {
                tally.wrong += 1;
                if let Some(reason) = d.reason {
                    *tally.reasons.entry(reason.as_str()).or_default() += 1;
                }
            }
            Verdict::Waived | Verdict::Undone => {}
        }
    }
    let mut found: Vec<_> = found.into_values().filter(|r| r.right + r.wrong > 0).collect();
    found.sort_by(|a, b| (b.right + b.wrong).cmp(&(a.right + a.wrong)).then_with(|| a.rule.cmp(&b.rule)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilson_s() {
        let rule = RulePrecision { rule: "r".into(), right: 8, wrong: 2, reasons: BTreeMap::new() };
        let (low, high) = rule.interval();
        assert!((rule.precision() - 0.8).abs() < 1e-12 && (low - 0.4902).abs() < 1e-3 && (high - 0.9433).abs() < 1e-3, "{low} {high}");
    }
}
