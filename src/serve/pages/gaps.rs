//! The curator's worklist: what is missing, grouped by article, decided in place.

use super::article::progress;
use super::claim::{anchor, told};
use super::forms::{decide, downloads};
use super::list::turn;
use super::names::{self, Names};
use super::passage::marked;
use super::{Frame, Params, count, counted, link, words};
use crate::check::{Check, Finding, Level};
use crate::export::{Curation, curie, sentences};
use crate::serve::held::{Line, checks};
use crate::serve::{Problem, Site};
use crate::store::Store;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Findings of a page.
const PAGE: usize = 20;

/// The findings that stand and that an address asks for, in the order of articles and of the text.
///
/// # Errors
/// Where the level is none.
pub(super) fn standing<'a>(all: &'a [Finding], curation: &Curation, params: &Params) -> Result<Vec<&'a Finding>, Problem> {
    let level = match params.one("level") {
        "" => None,
        name => Some(Level::from_name(name).ok_or_else(|| Problem::bad("a level is error, warn or info"))?),
    };
    let (check, article) = (params.one("check"), params.one("article_id"));
    let passes = |f: &&Finding| {
        level.is_none_or(|l| f.level == l) && (check.is_empty() || f.check == check) && (article.is_empty() || f.article == article)
    };
    Ok(all.iter().filter(passes).filter(|f| !f.is_settled(curation)).collect())
}

/// Fills in what the claims of findings say.
pub(super) fn say(store: &Store, curation: &Curation, findings: &mut [Finding]) -> Result<(), Problem> {
    let claims: Vec<String> = findings.iter().map(|f| f.claim.clone()).filter(|c| !c.is_empty()).collect();
    let says = sentences(store, curation, &claims.iter().map(String::as_str).collect::<Vec<_>>())?;
    findings.iter_mut().for_each(|f| f.says = says.get(&f.claim).cloned().unwrap_or_default());
    Ok(())
}

/// The worklist.
pub(super) async fn page(State(site): State<Arc<Site>>, frame: Frame, params: Params) -> Result<Response, Problem> {
    let (held, whose) = (Arc::clone(&site), frame.clone());
    let content = site.read(move |store, _| content(&held, store, &whose, &params)).await?;
    Ok(match content {
        Some(content) => frame.page("Gaps", &content),
        None => frame.wait("Gaps", "The checks are being run."),
    })
}

fn content(site: &Arc<Site>, store: &Store, frame: &Frame, params: &Params) -> Result<Option<Markup>, Problem> {
    let checks = checks()?;
    let curation = site.curation()?;
    let (all, current) = site.findings_soon();
    let Some(all) = all else { return Ok(None) };
    let findings = standing(&all, &curation, params)?;
    let pages = findings.len().div_ceil(PAGE).max(1);
    let page = params.number("page", 1).clamp(1, pages);
    let mut shown: Vec<Finding> = findings.iter().skip((page - 1) * PAGE).take(PAGE).map(|f| (*f).clone()).collect();
    say(store, &curation, &mut shown)?;
    let names = names::of(store, &shown.iter().map(|f| f.claim.as_str()).filter(|c| !c.is_empty()).collect::<Vec<_>>())?;
    let articles = articles(site, &curation)?;
    let nobody = Progress::default();
    let mut groups: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in &shown {
        match groups.last_mut().filter(|g| g.0 == finding.article) {
            Some(group) => group.1.push(finding),
            None => groups.push((&finding.article, vec![finding])),
        }
    }
    Ok(Some(html! {
        div class="facetted" {
            (facets(&checks, &findings, params))
            div {
                (told(frame, &curation, params.one("done")))
                @if !current { p class="note" role="status" { "The store has changed; these are the findings of before, while the checks run again." } }
                p role="status" aria-live="polite" class="count" {
                    @if findings.is_empty() { "Nothing is missing here." }
                    @else { (count((page - 1) * PAGE + 1)) "–" (count((page * PAGE).min(findings.len()))) " of " (counted(findings.len(), "finding", "findings")) }
                }
                (downloads("gaps", params, findings.len()))
                @if frame.writable && !frame.may { p class="note" { a href=(Params(vec![("back".into(), frame.here.clone())]).on("/login")) { "Sign in" } " to decide." } }
                @if !frame.writable { p class="note" { "This server is read-only: started with " code { "--write" } ", findings are decided here." } }
                @for (article, found) in &groups {
                    @let about = articles.get(*article).unwrap_or(&nobody);
                    section class="group" {
                        @if article.is_empty() { h2 { "Of no one article" } } @else {
                            h2 { a href=(link::article(article)) { @if about.title.is_empty() { (curie(article)) } @else { (about.title) } } }
                            (progress(about.sourced, about.claims))
                        }
                        @for finding in found { (one(finding, checks.iter().find(|c| c.name == finding.check), &names, frame, &curation)) }
                    }
                }
                (turn(params, "/gaps", page, pages))
            }
        }
    }))
}

fn one(f: &Finding, check: Option<&Check>, names: &Names, frame: &Frame, curation: &Curation) -> Markup {
    let none = Default::default();
    let [subjects, objects] = names.get(&f.claim).unwrap_or(&none);
    html! {
        article class="gap" id=(format!("f-{}", anchor(&f.id))) data-row tabindex="-1" {
            h3 {
                span class=(format!("badge {}", f.level.as_str())) { (f.level.as_str()) } " "
                @if !f.claim.is_empty() { a class="open" href=(link::claim(&f.claim)) { @if f.says.is_empty() { "Claim" } @else { (f.says) } } }
                @else if f.thing != f.article { a class="open" href=(link::entity(&f.thing)) { (check.map_or(f.check.as_str(), |c| c.title.as_str())) } }
                @else { (check.map_or(f.check.as_str(), |c| c.title.as_str())) }
            }
            p { q class="quote" { (marked(&f.sentence, subjects, objects)) } }
            p class="missing" { strong { (f.missing) } " – " (code(&f.fix)) }
            (decide(frame, &f.claim, Some(&f.id), curation.on(&f.claim).is_some_and(|v| v.verdict != "undone")))
        }
    }
}

/// A text whose commands stand between backticks.
fn code(text: &str) -> Markup {
    html! { @for (at, part) in text.split('`').enumerate() { @if at % 2 == 1 { code { (part) } } @else { (part) } } }
}

fn facets(checks: &[Check], findings: &[&Finding], params: &Params) -> Markup {
    let number = |keep: &dyn Fn(&Finding) -> bool| findings.iter().filter(|f| keep(f)).count();
    let link = |name: &str, value: &str, text: &str, n: usize| {
        let on = params.one(name) == value;
        let to = if on { params.without(name) } else { params.with(name, value) }.without("page").without("done");
        html! { @if n > 0 { li { a href=(to.on("/gaps")) aria-current=[on.then_some("true")] { (text) } " " span class="n" { (count(n)) } } } }
    };
    html! {
        nav class="facets" aria-label="Facets" {
            details open { summary { "Level" } ul { @for level in [Level::Error, Level::Warn, Level::Info] {
                (link("level", level.as_str(), level.as_str(), number(&|f| f.level == level))) } } }
            details open { summary { "Check" } ul { @for check in checks {
                (link("check", &check.name, &words(&check.name.replace('-', "_")), number(&|f| f.check == check.name))) } } }
            @if !params.one("article_id").is_empty() { p { a href=(params.without("article_id").without("page").on("/gaps")) { "All articles" } } }
        }
    }
}

/// How far the curation of an article is.
#[derive(Debug, Clone, Default)]
struct Progress {
    title: String,
    claims: usize,
    sourced: usize,
}

/// Title, claims and claims with a source of each article, sources that curators added included.
fn articles(site: &Site, curation: &Curation) -> Result<BTreeMap<String, Progress>, Problem> {
    let shelf = site.shelf("articles")?;
    let mut all: BTreeMap<String, Progress> = (shelf.rows.iter())
        .map(|row| {
            let line = Line { table: &shelf.table, row };
            let number = |column: &str| line.text(column).parse().unwrap_or_default();
            let title = if line.text("title").is_empty() { line.text("source") } else { line.text("title") };
            let progress = Progress { title: title.to_owned(), claims: number("claims"), sourced: number("sourced") };
            (line.text("article_id").to_owned(), progress)
        })
        .collect();
    if curation.verdicts.values().any(|v| !v.works.is_empty()) {
        for name in ["claims", "outcomes"] {
            let shelf = site.shelf(name)?;
            for row in &shelf.rows {
                let line = Line { table: &shelf.table, row };
                let added = curation.on(line.text("claim_id")).is_some_and(|v| !v.works.is_empty());
                if let Some(progress) = all.get_mut(line.text("article_id")).filter(|_| added && line.text("source_status") != "sourced") {
                    progress.sourced += 1;
                }
            }
        }
    }
    Ok(all)
}
