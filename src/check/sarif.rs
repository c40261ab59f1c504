//! Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the text.

use super::{Check, Finding, Level};
use serde_json::{Value, json};

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info => "note",
    }
}

/// A SARIF log of one run. Regions are given in code points of the article's normalised text.
pub(super) fn log(checks: &[Check], findings: &[Finding]) -> Value {
    let rules: Vec<Value> = checks
        .iter()
        .map(|c| {
            json!({
                "id": c.name, "shortDescription": { "text": c.title }, "fullDescription": { "text": c.problem },
                "help": { "text": format!("{} {}", c.why, c.fix) }, "defaultConfiguration": { "level": level(c.level) },
            })
        })
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|f| {
            let mut result = json!({
                "ruleId": f.check, "level": level(f.level),
                "message": { "text": message(f) },
                "partialFingerprints": { "evigraphFinding/v1": f.id },
            });
            if let Some(at) = checks.iter().position(|c| c.name == f.check) {
                result["ruleIndex"] = at.into();
            }
            let place = if f.source.is_empty() { &f.article } else { &f.source };
            if !place.is_empty() {
                let mut location = json!({ "artifactLocation": { "uri": uri(place) } });
                if let Some((start, end)) = f.span {
                    location["region"] = json!({ "charOffset": start, "charLength": end.saturating_sub(start) });
                }
                result["locations"] = json!([{ "physicalLocation": location }]);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "evigraph", "version": env!("CARGO_PKG_VERSION"), "informationUri": "https://w3id.org/evigraph/", "rules": rules,
            } },
            "columnKind": "unicodeCodePoints", "results": results,
        }],
    })
}

/// What is missing, for which claim, in which sentence.
fn message(f: &Finding) -> String {
    if f.says.is_empty() {
        format!("Missing: {}. {}", f.missing, f.sentence)
    } else {
        format!("Missing: {}. Claim: {}. {}", f.missing, f.says, f.sentence)
    }
}

/// A path or address as a URI reference: ASCII, with a percent sign for itself only in an address.
fn uri(place: &str) -> String {
    let address = place.contains("://");
    let keep = |c: char| c.is_ascii_alphanumeric() || "-._~:/@!$&'()*+,;=".contains(c) || address && "?#%".contains(c);
    place.chars().map(|c| if keep(c) { c.to_string() } else { c.to_string().bytes().map(|b| format!("%{b:02X}")).collect() }).collect()
}
