//! The home page: what the store holds, what is missing, and where to go.

use super::{Frame, count, counted, link, short};
use crate::check::Level;
use crate::export::Table;
use crate::serve::held::Line;
use crate::serve::{Problem, Site, accept, describe};
use crate::store::Info;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;
use std::time::Duration;

/// The home page; for a program that asks for RDF, the description of the service.
pub(super) async fn page(State(site): State<Arc<Site>>, headers: HeaderMap, frame: Frame) -> Result<Response, Problem> {
    if !accept::wants_page(&headers) {
        return describe::service(&site, &headers).await;
    }
    let held = Arc::clone(&site);
    let writable = frame.writable;
    let content = site
        .read(move |_, _| {
            let info = held.info()?;
            if info.articles == 0 { Ok(empty(writable)) } else { full(&held, &info) }
        })
        .await?;
    Ok(frame.page("Claims of articles, checkable", &content))
}

fn empty(writable: bool) -> Markup {
    html! {
        p { "The store is empty. These two commands fill it and show what is missing:" }
        pre { code { "evigraph ingest ARTICLES…\nevigraph check" } }
        p { "While this page is served, add " code { "--store http://ADDRESS" } " to reach the store through it"
            @if writable { ", or " a href="/upload" { "add an article here" } } "." }
    }
}

fn full(site: &Arc<Site>, info: &Info) -> Result<Markup, Problem> {
    let (curation, (all, current)) = (site.curation()?, site.findings_soon());
    let number = |level| all.iter().flat_map(|all| all.iter()).filter(|f| f.level == level && !f.is_settled(&curation)).count();
    let levels = [(Level::Error, "to be mended"), (Level::Warn, "to be looked at"), (Level::Info, "good to know")]
        .map(|(l, what)| (l, number(l), what));
    let articles = site.shelf_soon("articles", Duration::ZERO)?;
    let articles = articles.as_ref().map_or(&[][..], |a| &a.rows);
    let table = Table::named("articles")?;
    let line = |row| Line { table: &table, row };
    let missing = |row| line(row).text("unsourced").parse::<usize>().unwrap_or_default();
    let mut worst: Vec<_> = articles.iter().filter(|r| missing(r) > 0).collect();
    worst.sort_by_key(|r| std::cmp::Reverse(missing(r)));
    let number = |n: u64| count(usize::try_from(n).unwrap_or(usize::MAX));
    let tiles = [
        ("/articles", "articles", info.articles),
        ("/claims", "mechanism claims", info.mechanism_claims),
        ("/outcomes", "outcomes", info.outcome_claims),
        ("/entities", "entities", info.entities),
        ("/references", "cited works", info.works),
        ("/runs", "decisions", info.decisions),
    ];
    Ok(html! {
        ul class="tiles" { @for (path, name, n) in tiles { li { a href=(path) { strong { (number(n)) } " " (name) } } } }
        div class="doors" {
            section { h2 { a href="/query" { "Ask" } } p { "SPARQL over everything, with the shipped questions as a start." } }
            section { h2 { a href="/claims" { "Export" } } p { "Pick claims or outcomes by facets and download the rows." } }
            section { h2 { a href="/gaps" { "Curate" } } p { "Go through what is missing: accept, reject, correct, add a source." } }
        }
        section {
            h2 { "What is missing" }
            @if !current { p class="note" role="status" { "The checks are being run; " a href="/" { "look again" } " in a moment." } }
            @if all.is_some() {
            table class="narrow" {
                caption class="unseen" { "Findings by level" }
                thead { tr { th scope="col" { "Level" } th scope="col" { "Findings" } } }
                tbody { @for (level, n, what) in levels { tr {
                    th scope="row" { span class=(format!("badge {}", level.as_str())) { (level.as_str()) } " " a href=(format!("/gaps?level={}", level.as_str())) { (what) } }
                    td { (count(n)) }
                } } }
            }
            }
        }
        @if !worst.is_empty() {
            section {
                h2 { "Articles with most claims without a source" }
                table {
                    thead { tr { th scope="col" { "Article" } th scope="col" { "Sourced" } th scope="col" { "Without a source" } } }
                    tbody { @for row in worst.iter().take(8) {
                        @let title = if line(row).text("title").is_empty() { line(row).text("source") } else { line(row).text("title") };
                        tr {
                            th scope="row" { a href=(link::article(line(row).text("article_id"))) { (short(title, 120)) } }
                            td { (line(row).text("sourced")) " of " (line(row).text("claims")) }
                            td { (line(row).text("unsourced")) }
                        }
                    } }
                }
            }
        }
        p { "The store " @if let Some(path) = &info.home.path { code { (path) } " " } "holds "
            (counted(usize::try_from(info.quads).unwrap_or_default(), "statement", "statements")) ". Programs reach it at " code { "/sparql" } " and " code { "/graphs" } "." }
    })
}
