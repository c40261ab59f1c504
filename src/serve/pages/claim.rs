//! A claim: what it says, its evidence, its references, what was decided, and the same claim elsewhere.

use super::describe::{about, plain};
use super::forms::{correct, decide, undo};
use super::passage::marked;
use super::rdf::{Asked, Kind};
use super::{Frame, count, link, names, outcomes, rdf, short, status, words};
use crate::export::{Curation, Row, Table, curie, row_sentence, word};
use crate::review::{self, Decision, Verdict};
use crate::serve::held::Line;
use crate::serve::{Problem, Site};
use crate::store::{GraphStore, Store};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use oxigraph::model::{NamedNode, Term};
use std::sync::Arc;

/// Claims elsewhere that are listed.
const ELSEWHERE: usize = 25;

const EVIDENCE: &str = "SELECT ?quote ?prefix ?suffix ?section ?role ?design ?code {
  ?thing evi:hasEvidence ?evidence . ?evidence evi:studyDesign ?design ; evi:quoteRole ?role ; oa:hasSelector ?quoted . ?quoted oa:exact ?quote .
  OPTIONAL { ?quoted oa:prefix ?prefix } OPTIONAL { ?quoted oa:suffix ?suffix } OPTIONAL { ?evidence evi:section ?section }
  OPTIONAL { ?evidence a ?code . FILTER(?code != evi:Evidence) } } ORDER BY ?quote LIMIT 20";

/// The article of a claim.
pub(super) fn article_of(store: &dyn GraphStore, claim: &NamedNode) -> Result<Option<NamedNode>, Problem> {
    let rows = about(store, "SELECT ?article { ?thing a evi:Claim ; evi:inArticle ?article } LIMIT 1", claim)?;
    Ok(rows.into_iter().next().and_then(|row| if let Some(Some(Term::NamedNode(n))) = row.into_iter().next() { Some(n) } else { None }))
}

/// The page of a claim, or its RDF.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    frame: Frame,
) -> Result<Response, Problem> {
    let claim = match rdf::asked(&site, Kind::Claim, &id, &headers).await? {
        Asked::Page(claim) => claim,
        Asked::Rdf(answer) => return Ok(answer),
    };
    let (held, whose) = (Arc::clone(&site), frame.clone());
    let (title, content) = site.read(move |store, _| content(&held, store, &claim, &whose)?.ok_or_else(|| Kind::Claim.missing())).await?;
    Ok(frame.page(&title, &content))
}

fn content(site: &Site, store: &Store, claim: &NamedNode, frame: &Frame) -> Result<Option<(String, Markup)>, Problem> {
    let Some(article) = article_of(store, claim)? else { return Ok(None) };
    let curation = site.curation()?;
    let one = |name: &str| -> Result<(Table, Vec<Row>), Problem> {
        let (table, mut found) = site.of_article(name, article.as_str())?;
        let at = table.column("claim_id").map(|c| c.0);
        found.retain(|r| at.is_none_or(|at| r[at].as_str() == claim.as_str()));
        Ok((table, found))
    };
    let (claims, found) = one("claims")?;
    let mechanism = found.first().map(|row| Line { table: &claims, row });
    let (measured, found) = if mechanism.is_some() { (Table::named("outcomes")?, Vec::new()) } else { one("outcomes")? };
    let Some(line) = mechanism.or_else(|| found.first().map(|row| Line { table: &measured, row })) else { return Ok(None) };
    let text = |column: &str| line.text(column);
    let says = match mechanism {
        Some(_) => row_sentence(&claims, line.row),
        None => format!("{}: {}", text("outcome_label"), outcomes::value(line)),
    };
    let whys = about(store, EVIDENCE, claim)?;
    let (entries, listed) = site.of_article("references", article.as_str())?;
    let keys = line.cell("citations").items();
    let cited: Vec<Line<'_>> =
        listed.iter().map(|row| Line { table: &entries, row }).filter(|l| keys.iter().any(|k| k == l.text("key"))).collect();
    let (all, none) = (names::of(store, &[claim.as_str()])?, Default::default());
    let [subjects, objects] = all.get(claim.as_str()).unwrap_or(&none);
    let history = review::history(store, claim.as_str())?;
    let facts: Vec<(&str, Markup)> = facts(line).into_iter().filter(|f| !f.1.0.is_empty()).collect();
    let same = elsewhere(site, &curation, line, mechanism.is_some())?;
    let works = curation.on(claim.as_str()).map(|v| v.works.clone()).unwrap_or_default();
    let content = html! {
        p { (status(text("source_status"))) " "
            @if !text("decision").is_empty() { span class=(format!("badge {}", text("decision"))) { (text("decision")) } " " }
            "in " a href=(format!("{}#t-{}", link::article(article.as_str()), anchor(claim.as_str()))) {
                @if text("article_title").is_empty() { (curie(article.as_str())) } @else { (text("article_title")) } } }
        @for row in &whys {
            @let [quote, prefix, suffix, section, role, design, code] = [0, 1, 2, 3, 4, 5, 6].map(|at| plain(row[at].as_ref()));
            figure class="evidence" {
                blockquote { span class="around" { (prefix) }
                    (marked(&quote, subjects, objects))
                    span class="around" { (suffix) } }
                figcaption { @if !section.is_empty() { (section) " · " } (words(&word(&role))) " · " (words(&word(&design))) " · " (link::away(&curie(&code))) }
            }
        }
        (decide(frame, claim.as_str(), None, !history.is_empty()))
        @if mechanism.is_some() {
            (correct(frame, claim.as_str(), [text("subject_id"), text("relation"), text("object_id")], line.cell("negated").plain() == "true"))
        }
        section { h2 { "What it says" } dl class="statements" { @for (name, value) in &facts { dt { (name) } dd { (value) } } } }
        section { h2 { "References" }
            @if cited.is_empty() && works.is_empty() { p { "The sentence cites nothing that the reference list has." } }
            ul { @for entry in &cited { li { "[" (entry.text("key")) "] " (entry.text("raw")) " " (status(entry.text("traceability"))) " "
                @for (space, column) in [("doi:", "doi"), ("PMID:", "pmid"), ("CLINICALTRIALS:", "trial")] {
                    @if !entry.text(column).is_empty() { (link::away(&format!("{space}{}", entry.text(column)))) " " }
                } } }
                @for work in &works { li { (link::away(work)) " " span class="badge sourced" { "added by a curator" } } }
            }
        }
        @if !history.is_empty() { section { h2 { "Decisions" } (decisions(&history)) } }
        section { h2 { "The same elsewhere" }
            @if same.is_empty() { p { "No other article in the store says this of the same two." } }
            @else { ul { @for line in &same { (line) } } }
        }
        (rdf::links(&link::claim(claim.as_str())))
        (super::command(&format!("evigraph show {}", anchor(claim.as_str()))))
    };
    Ok(Some((says, content)))
}

/// The end of an IRI, by which a claim or finding is known within a page.
pub(super) fn anchor(iri: &str) -> &str {
    iri.rsplit('/').next().unwrap_or(iri)
}

fn facts(line: Line<'_>) -> Vec<(&'static str, Markup)> {
    let text = |column: &str| line.text(column);
    let entity = |role: &str| {
        let (id, label) = (text(&format!("{role}_id")), text(&format!("{role}_label")));
        html! { @if !id.is_empty() { a href=(link::entity(id)) { (label) } " " code { (id) } } }
    };
    let plain = |column: &str| html! { (line.cell(column).plain()) };
    let outcome = if line.table.name == "outcomes" { outcomes::value(line) } else { String::new() };
    vec![
        ("Subject", entity("subject")),
        ("Relation", html! { (words(text("relation"))) @if line.cell("negated").plain() == "true" { " (denied)" } }),
        ("Object", entity("object")),
        ("Intervention", entity("intervention")),
        ("Outcome", entity("outcome")),
        ("Measured", html! { (words(text("measure"))) @if !outcome.is_empty() { ": " (outcome) } }),
        ("Follow-up", plain("follow_up")),
        ("Patients", plain("sample_size")),
        ("p", plain("p_value")),
        ("Compared with", plain("comparator")),
        ("Instrument", plain("instrument")),
        ("Aspect", plain("aspect")),
        ("Certainty", plain("certainty")),
        ("Condition", entity("condition")),
        ("By way of", plain("via")),
        ("Where", plain("site")),
        ("Species", plain("species")),
        ("Dose", plain("dose")),
        ("Confidence", html! { (text("confidence")) @if !text("rule").is_empty() { " (rule " (text("rule")) ")" } }),
    ]
}

/// The decisions on a thing, newest first.
fn decisions(history: &[Decision]) -> Markup {
    html! { ul { @for d in history.iter().rev() { li {
        span class=(format!("badge {}", d.verdict.as_str())) { (d.verdict.as_str()) }
        @if d.verdict == Verdict::Rejected { @if let Some(reason) = d.reason { " " (words(reason.as_str())) } }
        " by " (link::away(&d.curator)) ", " time datetime=(d.when) { (d.when) } @if !d.comment.is_empty() { ": " (d.comment) }
    } } } }
}

/// Claims of other articles between the same two things.
fn elsewhere(site: &Site, curation: &Curation, line: Line<'_>, mechanism: bool) -> Result<Vec<Markup>, Problem> {
    let (name, roles) = if mechanism { ("claims", ["subject_id", "object_id"]) } else { ("outcomes", ["intervention_id", "outcome_id"]) };
    let shelf = site.shelf(name)?;
    let at = roles.map(|r| shelf.table.column(r).map_or(0, |c| c.0));
    let wanted = roles.map(|r| line.text(r));
    let own = line.text("article_id");
    let mut found: Vec<Markup> = Vec::new();
    let mut more = 0;
    for row in shelf.curated(curation) {
        let other = Line { table: &shelf.table, row: &row };
        if at.map(|at| row[at].as_str()) != wanted || other.text("article_id") == own {
            continue;
        }
        if found.len() == ELSEWHERE {
            more += 1;
            continue;
        }
        let says = if mechanism { row_sentence(&shelf.table, &row) } else { outcomes::value(other) };
        found.push(html! { li { a href=(link::claim(other.text("claim_id"))) { (says) } " " (status(other.text("source_status")))
        " " q class="quote" { (short(other.text("quote"), 240)) } } });
    }
    if more > 0 {
        found.push(html! { li { "… and " (count(more)) " more" } });
    }
    Ok(found)
}

/// What was just decided on a thing, with the way back.
pub(super) fn told(frame: &Frame, curation: &Curation, thing: &str) -> Markup {
    html! { @if let Some(verdict) = curation.on(thing) {
        div class="told" role="status" { p { "Kept: " span class=(format!("badge {}", verdict.verdict)) { (verdict.verdict) } " "
            @if thing.contains("/claim/") { a href=(link::claim(thing)) { "the claim" } } @else { "the finding" } }
            (undo(frame, thing)) }
    } }
}
