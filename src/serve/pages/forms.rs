//! Parts that several pages share: downloads, and the forms by which a curator decides.

use super::{Frame, Params, command, counted, words};
use crate::review::Reason;
use maud::{Markup, html};

/// Links to the rows of a table in other forms, its query, and the command that gives the same.
pub(super) fn downloads(name: &str, params: &Params, rows: usize) -> Markup {
    let asked = params.without("page").without("sort").without("plot").without("done");
    let shell = |text: &str| {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"=:._-/".contains(&b));
        if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
    };
    let conditions: String = (asked.0.iter())
        .filter_map(|(n, v)| match n.as_str() {
            "q" => None,
            "since" | "decision" if !v.is_empty() => Some(format!(" --{n} {}", shell(v))),
            _ => Some(format!(" --where {}", shell(&format!("{n}={v}")))),
        })
        .collect();
    html! {
        div class="downloads" {
            a href=(asked.on(&format!("/{name}.csv"))) download { "Download all " (counted(rows, "row", "rows")) " (CSV)" }
            a href=(asked.on(&format!("/{name}.json"))) { "JSON" }
            @if matches!(name, "claims" | "outcomes") && asked.one("q").is_empty() { a href=(asked.on(&format!("/{name}.ttl"))) { "Turtle" } }
            @if name != "gaps" { a href=(asked.with("table", name).on("/query")) { "View as SPARQL" } }
            details { summary { "Command" }
                (command(&format!("evigraph export {name}{conditions} -o {name}.csv")))
                @if !asked.one("q").is_empty() { p { "The words are looked for by this page alone." } }
            }
        }
    }
}

/// A form that decides on a thing, with what it needs hidden.
fn form(frame: &Frame, verdict: &str, thing: &str, inside: &Markup) -> Markup {
    html! {
        form method="post" action="/curate" class=(verdict) {
            input type="hidden" name="verdict" value=(verdict);
            input type="hidden" name="thing" value=(thing);
            input type="hidden" name="back" value=(frame.here);
            (inside)
        }
    }
}

/// The forms by which a claim or a finding is decided, for who may.
pub(super) fn decide(frame: &Frame, claim: &str, finding: Option<&str>, decided: bool) -> Markup {
    let source = if claim.is_empty() { finding.unwrap_or_default() } else { claim };
    html! {
        @if frame.may {
            div class="decide" {
                @if !claim.is_empty() {
                    (form(frame, "accepted", claim, &html! { button type="submit" data-key="a" { "Accept" } }))
                    details { summary data-key="x" { "Reject …" }
                        (form(frame, "rejected", claim, &html! {
                            label { "Reason " select name="reason" { @for reason in Reason::ALL.iter().skip(1) {
                                option value=(reason.as_str()) { (words(reason.as_str())) } } } }
                            label { "Comment " input name="comment"; }
                            button type="submit" { "Reject" }
                        }))
                    }
                }
                details { summary data-key="s" { "Add a source …" }
                    (form(frame, "sourced", source, &html! {
                        label { "DOI " input name="doi" placeholder="10.…"; }
                        label { "PMID " input name="pmid" inputmode="numeric" size="9"; }
                        label { "Trial " input name="trial" placeholder="NCT…" size="12"; }
                        button type="submit" { "Add" }
                    }))
                }
                @if let Some(finding) = finding {
                    details { summary data-key="w" { "Waive …" }
                        (form(frame, "waived", finding, &html! {
                            label { "Why it may stand " input name="comment" required; }
                            button type="submit" { "Waive" }
                        }))
                    }
                }
                @if decided { (undo(frame, claim)) }
            }
        }
    }
}

/// The button that takes the last decision on a thing back.
pub(super) fn undo(frame: &Frame, thing: &str) -> Markup {
    html! { @if frame.may { (form(frame, "undone", thing, &html! { button type="submit" data-key="u" { "Undo" } })) } }
}

/// The form that corrects a mechanism claim.
pub(super) fn correct(frame: &Frame, claim: &str, said: [&str; 3], negated: bool) -> Markup {
    let relations = crate::extract::Relation::ALL.iter().map(|r| r.1);
    html! {
        @if frame.may {
            div class="decide" { details { summary { "Correct …" }
                (form(frame, "corrected", claim, &html! {
                    label { "Subject " input name="subject" value=(said[0]); }
                    label { "Relation " select name="relation" { @for relation in relations {
                        option value=(relation) selected[said[1].trim_start_matches("evi:") == relation] { (words(relation)) } } } }
                    label { "Object " input name="object" value=(said[2]); }
                    label { input type="checkbox" name="negated" value="true" checked[negated]; " The text denies it" }
                    label { "Comment " input name="comment"; }
                    button type="submit" { "Correct" }
                    p { "Subject and object are identifiers (HGNC:6018) or names that the store knows." }
                }))
            } }
        }
    }
}
