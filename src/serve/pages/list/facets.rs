//! What narrows a table: the values of its columns to pick from, the words to look for, and what is picked.

use super::List;
use super::rows::OTHERS;
use crate::export::{Cell, Row, Table};
use crate::serve::pages::{Params, count, short, words};
use maud::{Markup, html};
use std::borrow::Cow;
use std::collections::HashMap;

/// Values of a facet that are seen at once.
const FIRST: usize = 6;

/// Values that may be picked; rarer ones are found by words.
const MOST: usize = 40;

/// The form that looks for words, and what is picked, each with the way back.
pub(super) fn controls(list: &List, params: &Params, path: &str) -> Markup {
    html! {
        form class="controls" action=(path) {
            @for (name, value) in params.0.iter().filter(|p| !matches!(p.0.as_str(), "q" | "page" | "since")) {
                input type="hidden" name=(name) value=(value);
            }
            label { "Words " input type="search" name="q" value=(params.one("q")); }
            @if matches!(list.name, "claims" | "outcomes" | "articles") {
                label { "Since " input name="since" value=(params.one("since")) size="10" placeholder="2020"; }
            }
            button type="submit" { "Search" }
        }
        @let picked: Vec<_> = params.0.iter().filter(|p| !OTHERS.contains(&p.0.as_str())).collect();
        @if !picked.is_empty() {
            ul class="picked" { @for (name, value) in picked {
                li { a href=(params.without(name).without("page").on(path)) title="Take this filter off" {
                    (words(name)) ": " (said(value)) " ✕" } }
            } }
        }
    }
}

/// The values of a column with their numbers, the most frequent first.
fn values<'a>(table: &Table, found: &'a [Cow<'_, Row>], column: &str) -> Vec<(&'a str, usize)> {
    let at = table.column(column).map_or(0, |c| c.0);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in found {
        let value = match &row[at] {
            Cell::Text(t) | Cell::Number(t) => t.as_str(),
            Cell::Boolean(true) => "true",
            Cell::Boolean(false) => "false",
            _ => continue,
        };
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts
}

/// The columns whose values may be picked: the most frequent values at once, others behind "more".
pub(super) fn facets(list: &List, table: &Table, found: &[Cow<'_, Row>], params: &Params, path: &str) -> Markup {
    let value = |column: &str, (value, n): &(&str, usize)| {
        let on = params.one(column) == *value;
        let to = if on { params.without(column) } else { params.with(column, value) };
        html! { li {
            a href=(to.without("page").on(path)) aria-current=[on.then_some("true")] { (said(value)) } " " span class="n" { (count(*n)) }
        } }
    };
    html! {
        nav class="facets" aria-label="Facets" {
            @for (column, name) in list.facets {
                @let counts = values(table, found, column);
                @if counts.len() > 1 || counts.len() == 1 && !params.one(column).is_empty() {
                    details open {
                        summary { (name) " " span class="n" { (count(counts.len())) } }
                        ul { @for counted in counts.iter().take(FIRST) { (value(column, counted)) } }
                        @if counts.len() > FIRST {
                            details class="rest" {
                                summary { (count(counts.len() - FIRST)) " more" span class="unseen" { " values of " (name) } }
                                ul { @for counted in counts.iter().take(MOST).skip(FIRST) { (value(column, counted)) } }
                                @if counts.len() > MOST { p class="n" { "and " (count(counts.len() - MOST)) " rarer ones: look for words" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A value that may be picked, in words.
fn said(value: &str) -> String {
    match value {
        "" => "none".to_owned(),
        "true" => "yes".to_owned(),
        "false" => "no".to_owned(),
        // Names of things keep their hyphens and capitals.
        _ if value.contains(' ') => short(value, 60),
        _ => short(&words(value), 60),
    }
}
