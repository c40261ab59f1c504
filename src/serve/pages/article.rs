//! An article: its text with the claims marked, the list of claims beside it, and how far its curation is.

use super::claim::{anchor, told};
use super::forms::decide;
use super::list::LISTS;
use super::passage::{self, Quoted};
use super::rdf::{Asked, Kind};
use super::{Frame, Params, counted, link, outcomes, rdf, short, status};
use crate::document::Document;
use crate::export::{Row, Table, curie, row_sentence};
use crate::serve::held::Line;
use crate::serve::{Problem, Site};
use crate::store::{GraphStore as _, Store};
use crate::text::Span;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use oxigraph::model::NamedNode;
use std::sync::Arc;

/// The page of an article, or its RDF.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    frame: Frame,
    params: Params,
) -> Result<Response, Problem> {
    let article = match rdf::asked(&site, Kind::Article, &id, &headers).await? {
        Asked::Page(article) => article,
        Asked::Rdf(answer) => return Ok(answer),
    };
    let (held, whose) = (Arc::clone(&site), frame.clone());
    let (title, content) =
        site.read(move |store, _| content(&held, store, &article, &whose, &params)?.ok_or_else(|| Kind::Article.missing())).await?;
    Ok(frame.page(&title, &content))
}

/// A claim of the article as its page shows it.
struct Said {
    claim: String,
    says: String,
    quote: String,
    section: String,
    source: String,
    decision: String,
    start: usize,
}

fn said(table: &Table, rows: &[Row], start: impl Fn(Line<'_>) -> usize) -> Vec<Said> {
    let one = |row| {
        let line = Line { table, row };
        let says = if table.name == "claims" {
            row_sentence(table, row)
        } else {
            format!("{}: {}", line.text("outcome_label"), outcomes::value(line))
        };
        let own = |column: &str| line.text(column).to_owned();
        Said {
            says,
            claim: own("claim_id"),
            quote: own("quote"),
            section: own("section"),
            source: own("source_status"),
            decision: own("decision"),
            start: start(line),
        }
    };
    rows.iter().map(one).collect()
}

fn content(
    site: &Arc<Site>,
    store: &Store,
    article: &NamedNode,
    frame: &Frame,
    params: &Params,
) -> Result<Option<(String, Markup)>, Problem> {
    let curation = site.curation()?;
    let table = |name: &str| site.of_article(name, article.as_str());
    let (articles, found) = table("articles")?;
    let Some(own) = found.first().map(|row| Line { table: &articles, row }) else { return Ok(None) };
    let document = site.document(own.text("source"), own.text("format"), own.text("content_hash"));
    let [(claims, mechanisms), (measured, numbers), (entries, references)] = [table("claims")?, table("outcomes")?, table("references")?];
    let text = document.as_ref().map_or("", |d| d.text.as_str());
    let mut list = said(&claims, &mechanisms, |line| line.cell("start").plain().parse().unwrap_or_default());
    let points = Points::new(text);
    // Outcomes give no position: their quote is looked up, and shares that of a claim where there is one.
    list.extend(said(&measured, &numbers, |line| text.find(line.text("quote")).map_or(usize::MAX, |at| points.code_point(at))));
    list.sort_by(|a, b| (a.start, &a.claim).cmp(&(b.start, &b.claim)));
    let quotes: Vec<Quoted> = list.iter().enumerate().filter_map(|(at, s)| quoted(at + 1, s, text, &points)).collect();
    let gaps = site.findings_soon().0.map(|all| all.iter().filter(|f| f.article == article.as_str() && !f.is_settled(&curation)).count());
    let sourced = list.iter().filter(|s| s.source == "sourced").count();
    let decided = list.iter().filter(|s| !s.decision.is_empty()).count();
    let title = if own.text("title").is_empty() { own.text("source").to_owned() } else { own.text("title").to_owned() };
    let by = curie(article.as_str());
    let here = |path: &str| Params(vec![("article_id".to_owned(), article.as_str().to_owned())]).on(path);
    let content = html! {
        (told(frame, &curation, params.one("done")))
        p { @if !own.text("date").is_empty() { (own.text("date")) " · " }
            // An article that declares no identifier is named by its path, which stands here anyway.
            @if !article.as_str().starts_with(store.base().as_str()) { (link::away(&by)) " · " } "read as " (own.text("format")) " from " code { (own.text("source")) } }
        (progress(sourced, list.len()))
        p class="downloads" {
            a href=(here("/gaps")) { @if let Some(gaps) = gaps { (counted(gaps, "gap", "gaps")) } @else { "gaps" } } (counted(decided, "decision", "decisions")) " "
            a href=(here("/claims.csv")) download { "Claims (CSV)" } a href=(here("/claims.json")) { "JSON" }
            @if !numbers.is_empty() { a href=(here("/outcomes.csv")) download { "Outcomes (CSV)" } }
            a href=(here("/claims")) { (LISTS[0].name) } a href=(here("/graph")) { "graph" }
        }
        div class="reader" {
            article aria-label="Text" class="text" { (text_of(document.as_deref(), &list, &quotes)) }
            section aria-label="Claims" class="beside" {
                h2 { (counted(list.len(), "claim", "claims")) }
                ol { @for s in &list { li id=(format!("c-{}", anchor(&s.claim))) data-row tabindex="-1" {
                    a class="open" href=(link::claim(&s.claim)) { (s.says) } " " (status(&s.source))
                    @if !s.decision.is_empty() { " " span class=(format!("badge {}", s.decision)) { (s.decision) } }
                    " " a class="up" href=(format!("#t-{}", anchor(&s.claim))) aria-label="To its place in the text" { "in the text ↑" }
                    @if frame.may { details class="more" { summary { "Decide" } (decide(frame, &s.claim, None, !s.decision.is_empty())) } }
                } } }
            }
        }
        @if !references.is_empty() { section class="references" { h2 { (counted(references.len(), "reference", "references")) }
            ul { @for row in &references {
                @let entry = Line { table: &entries, row };
                li { "[" (entry.text("key")) "] " (entry.text("raw")) " " (status(entry.text("traceability"))) " "
                    @if !entry.text("doi").is_empty() { (link::away(&format!("doi:{}", entry.text("doi")))) }
                    @else if !entry.text("pmid").is_empty() { (link::away(&format!("PMID:{}", entry.text("pmid")))) } }
            } }
        } }
        (rdf::links(&link::article(article.as_str())))
    };
    Ok(Some((short(&title, 300), content)))
}

/// How many of the claims have a source.
pub(super) fn progress(sourced: usize, all: usize) -> Markup {
    html! { @if all > 0 { p class="progress" {
        progress max=(all) value=(sourced) aria-label="Claims with a source" {}
        " " (sourced) " of " (all) " sourced"
    } } }
}

/// The text, or the quotes where the text cannot be had.
fn text_of(document: Option<&Document>, list: &[Said], quotes: &[Quoted]) -> Markup {
    match document {
        Some(document) => passage::article(document, quotes),
        None => html! {
            p class="note" { "The text is not where it was read from, or has changed since; these are the quotes of its claims." }
            @for (at, s) in list.iter().enumerate() {
                @if at == 0 || list[at - 1].section != s.section { h2 { (s.section) } }
                @if at == 0 || list[at - 1].quote != s.quote { p {
                    @for other in list[at..].iter().take_while(|o| o.quote == s.quote) { span class="anchor" id=(format!("t-{}", anchor(&other.claim))) {} }
                    a class="said" href=(format!("#c-{}", anchor(&s.claim))) { (s.quote) }
                } }
            }
        },
    }
}

/// A claim's quote in bytes, where the text holds it at its place.
fn quoted(number: usize, s: &Said, text: &str, points: &Points) -> Option<Quoted> {
    let start = points.byte(s.start)?;
    let span = Span::new(start, start + s.quote.len());
    let bare = matches!(s.source.as_str(), "unsourced" | "dangling" | "untraceable_only");
    (text.get(span.start..span.end) == Some(s.quote.as_str())).then(|| Quoted { span, claim: s.claim.clone(), number, bare })
}

/// Code points of a text to bytes and back.
struct Points(Vec<usize>);

impl Points {
    fn new(text: &str) -> Self {
        Self(text.char_indices().map(|c| c.0).collect())
    }

    fn byte(&self, point: usize) -> Option<usize> {
        self.0.get(point).copied()
    }

    fn code_point(&self, byte: usize) -> usize {
        self.0.partition_point(|b| *b < byte)
    }
}
