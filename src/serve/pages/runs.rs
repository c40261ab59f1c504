//! Readings and decisions: with which program, rules and lexicon the articles were read, and what people decided since.

use super::describe::plain;
use super::forms::undo;
use super::{Frame, command, count, counted, link, short, words};
use crate::review;
use crate::serve::{Problem, Site};
use crate::store::{Answer, GraphStore as _, QueryOptions, Store};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Decisions that are listed.
const DECISIONS: usize = 100;

const RUNS: &str = "SELECT ?software ?rules ?lexicon (COUNT(DISTINCT ?article) AS ?articles) (MAX(?end) AS ?last) {
  ?run a evi:Run ; prov:used ?article ; prov:wasAssociatedWith ?software ; evi:rulesHash ?rules ; evi:lexiconHash ?lexicon .
  OPTIONAL { ?run prov:endedAtTime ?end } } GROUP BY ?software ?rules ?lexicon ORDER BY DESC(?articles)";

/// The page.
pub(super) async fn page(State(site): State<Arc<Site>>, frame: Frame) -> Result<Response, Problem> {
    let whose = frame.clone();
    let content = site.read(move |store, _| content(store, &whose)).await?;
    Ok(frame.page("Runs", &content))
}

fn content(store: &Store, frame: &Frame) -> Result<Markup, Problem> {
    let mut runs = Vec::new();
    if let Answer::Solutions(rows) = store.query(RUNS, &QueryOptions::default())? {
        for row in rows {
            let row = row?;
            runs.push([0, 1, 2, 3, 4].map(|at| plain(row.get(at))));
        }
    }
    let decisions = review::list(store)?;
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    decisions.iter().for_each(|d| *verdicts.entry(d.decision.verdict.as_str()).or_default() += 1);
    let hash = |text: &str| html! { code title=(text) { (text.chars().take(10).collect::<String>()) } };
    Ok(html! {
        section { h2 { "Readings" }
            @if runs.is_empty() { p { "No article was read yet." } (command("evigraph ingest ARTICLES…")) } @else { table {
                caption { "Articles by what they were read with; other rules or another lexicon read them anew" }
                thead { tr { th scope="col" { "Program" } th scope="col" { "Articles" } th scope="col" { "Rules" } th scope="col" { "Lexicon" } th scope="col" { "Last" } } }
                tbody { @for [software, rules, lexicon, articles, last] in &runs { tr {
                    th scope="row" { (software.rsplit('/').next().unwrap_or(software)) }
                    td data-label="Articles" { (count(articles.parse().unwrap_or_default())) }
                    td data-label="Rules" { (hash(rules)) } td data-label="Lexicon" { (hash(lexicon)) }
                    td data-label="Last" { @if last.is_empty() { "no times kept" } @else { (last) } }
                } } }
            } }
        }
        section { h2 { "Decisions " span class="n" { (count(decisions.len())) } }
            @if decisions.is_empty() { p { "Nobody decided anything yet." } } @else {
                p { @for (verdict, n) in &verdicts { span class=(format!("badge {verdict}")) { (count(*n)) " " (verdict) } " " } }
                table {
                    caption class="unseen" { "Newest decisions first" }
                    thead { tr { th scope="col" { "When" } th scope="col" { "Verdict" } th scope="col" { "On" } th scope="col" { "By" } th scope="col" { "Comment" } @if frame.may { th scope="col" { "Undo" } } } }
                    tbody { @for d in decisions.iter().rev().take(DECISIONS) { tr {
                        th scope="row" { time datetime=(d.decision.when) { (d.decision.when.replace('T', " ").trim_end_matches('Z')) } }
                        td data-label="Verdict" { span class=(format!("badge {}", d.decision.verdict.as_str())) { (d.decision.verdict.as_str()) }
                            @if let Some(reason) = d.decision.reason { " " (words(reason.as_str())) } }
                        td data-label="On" { @if d.decision.thing.contains("/claim/") { a href=(link::claim(&d.decision.thing)) { @if d.quote.is_empty() { "a claim that is gone" } @else { (short(&d.quote, 160)) } } }
                            @else { (short(&d.decision.thing, 80)) } }
                        td data-label="By" { (link::away(&d.decision.curator)) }
                        td data-label="Comment" { (d.decision.comment) }
                        @if frame.may { td { @if d.standing { (undo(frame, &d.decision.thing)) } } }
                    } } }
                }
                @if decisions.len() > DECISIONS { p { "The newest " (counted(DECISIONS, "decision", "decisions")) "." } }
                (command("evigraph review export -o verdicts.csv"))
            }
        }
    })
}
