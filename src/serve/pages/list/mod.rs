//! Tables as pages: filters, facets, search and sort in the address, the same rows to download at addresses of their own.

mod download;
mod facets;
mod rows;
mod shown;

pub(super) use download::download;
pub(super) use rows::filter;
pub(super) use shown::{DOWNLOADS, LISTS, List};

use super::forms::downloads;
use super::{Frame, Params, count, counted, outcomes};
use crate::serve::held::{Line, PATIENCE, Shelf};
use crate::serve::{Problem, Site};
use axum::extract::State;
use axum::response::Response;
use facets::{controls, facets};
use maud::{Markup, html};
use rows::passing;
use std::sync::Arc;

/// Rows of a page.
const PAGE: usize = 50;

/// The page of a list.
pub(super) async fn page(list: &'static List, State(site): State<Arc<Site>>, frame: Frame, params: Params) -> Result<Response, Problem> {
    let held = Arc::clone(&site);
    let content =
        site.read(move |_, _| held.shelf_soon(list.name, PATIENCE)?.map(|shelf| content(&held, list, &shelf, &params)).transpose()).await?;
    Ok(match content {
        Some(content) => frame.page(list.title, &content),
        None => frame.wait(list.title, "The rows are being gathered."),
    })
}

fn content(site: &Site, list: &List, shelf: &Shelf, params: &Params) -> Result<Markup, Problem> {
    let curation = site.curation()?;
    let found = passing(list, shelf, &curation, params)?;
    let path = format!("/{}", list.name);
    let (page, pages) = (params.number("page", 1).max(1), found.len().div_ceil(PAGE).max(1));
    let shown = found.iter().skip((page - 1) * PAGE).take(PAGE);
    let lines = shown.map(|row| (list.cells)(Line { table: &shelf.table, row }));
    Ok(html! {
        @if list.name == "outcomes" { (outcomes::plot(&shelf.table, &found, params)) }
        div class="facetted" {
            (facets(list, &shelf.table, &found, params, &path))
            div {
                (controls(list, params, &path))
                p role="status" aria-live="polite" class="count" {
                    @if found.is_empty() { "Nothing passes the filters." } @else {
                        (count((page - 1) * PAGE + 1)) "–" (count((page * PAGE).min(found.len()))) " of " (counted(found.len(), "row", "rows"))
                        @if !shelf.whole { " (of the first " (count(shelf.rows.len())) "; downloads hold all)" }
                    }
                }
                (downloads(list.name, params, found.len()))
                table {
                    caption class="unseen" { (list.title) }
                    thead { tr { @for (name, by) in list.columns { (heading(name, by, params, &path)) } } }
                    tbody { @for cells in lines { tr data-row {
                        @for (at, cell) in cells.iter().enumerate() {
                            @if at == 0 { th scope="row" { (cell) } } @else { td data-label=(list.columns[at].0) { (cell) } }
                        }
                    } } }
                }
                (turn(params, &path, page, pages))
            }
        }
    })
}

/// The heading of a column, which sorts by it.
fn heading(name: &str, by: &str, params: &Params, path: &str) -> Markup {
    let sort = params.one("sort");
    let (next, state) = match sort.strip_prefix('-') {
        Some(s) if s == by => (String::new(), Some("descending")),
        None if sort == by => (format!("-{by}"), Some("ascending")),
        _ => (by.to_owned(), None),
    };
    html! { th scope="col" aria-sort=[state] { a href=(params.without("page").with("sort", &next).on(path)) { (name) } } }
}

/// Links to the pages before and after.
pub(super) fn turn(params: &Params, path: &str, page: usize, pages: usize) -> Markup {
    let to = |n: usize| params.with("page", &if n == 1 { String::new() } else { n.to_string() }).on(path);
    html! {
        @if pages > 1 {
            nav class="turn" aria-label="Pages of the list" {
                @if page > 1 { a href=(to(page - 1)) rel="prev" { "← Previous" } }
                span { "Page " (count(page)) " of " (count(pages)) }
                @if page < pages { a href=(to(page + 1)) rel="next" { "Next →" } }
            }
        }
    }
}
