//! Outcomes: the value of a row in words, and effects drawn by follow-up.

use super::plot::{Plot, Point};
use super::{Params, count, link};
use crate::export::{Row, Table};
use crate::serve::held::Line;
use maud::{Markup, html};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Most points of a plot.
const POINTS: usize = 400;

/// The number of an outcome with its unit and bounds.
pub(super) fn value(line: Line<'_>) -> String {
    let text = |c: &str| line.text(c);
    let range = |low: &str, high: &str| if low == high { low.to_owned() } else { format!("{low}–{high}") };
    let unit = |number: String, unit: &str| match unit {
        "" => number,
        "%" => format!("{number}\u{a0}%"),
        unit => format!("{number} {unit}"),
    };
    let bound = match text("bound") {
        "above" => "> ",
        "below" => "< ",
        _ => "",
    };
    let sign = match text("direction") {
        "increase" => "↑\u{a0}",
        "decrease" => "↓\u{a0}",
        _ => "",
    };
    let mut said = format!("{sign}{bound}{}", unit(range(text("low"), text("high")), text("unit")));
    if !text("ci_low").is_empty() {
        said.push_str(&format!(" (CI {})", range(text("ci_low"), text("ci_high"))));
    }
    if !text("comparator_low").is_empty() {
        said.push_str(&format!(" vs {}", range(text("comparator_low"), text("comparator_high"))));
    }
    said
}

/// The most frequent pair of measure and unit among the rows with a follow-up, with how many there are.
fn commonest(table: &Table, rows: &[Cow<'_, Row>]) -> Option<(String, String)> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in rows {
        let line = Line { table, row };
        if !line.text("follow_up_days_low").is_empty() {
            *counts.entry((line.text("measure").to_owned(), line.text("unit").to_owned())).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|c| c.1).map(|c| c.0)
}

/// The effects of the rows by follow-up: those of the commonest measure and unit, which alone can share an axis.
pub(super) fn plot(table: &Table, rows: &[Cow<'_, Row>], params: &Params) -> Markup {
    let Some((measure, unit)) = commonest(table, rows) else {
        return html! { p class="note" { "No row has a follow-up, so there is nothing to draw." } };
    };
    let number = |line: Line<'_>, column: &str| line.text(column).parse::<f64>().ok();
    let (mut points, mut left_out) = (Vec::new(), 0);
    for row in rows {
        let line = Line { table, row };
        if line.text("measure") != measure || line.text("unit") != unit {
            continue;
        }
        let (Some(from), Some(to), Some(low), Some(high)) =
            (number(line, "follow_up_days_low"), number(line, "follow_up_days_high"), number(line, "low"), number(line, "high"))
        else {
            continue;
        };
        if points.len() == POINTS {
            left_out += 1;
            continue;
        }
        let sign = if measure == "change" && line.text("direction") == "decrease" { -1.0 } else { 1.0 };
        points.push(Point {
            days: f64::midpoint(from, to),
            low: sign * low,
            high: sign * high,
            group: line.text("intervention_label").to_owned(),
            title: format!("{}: {} after {}", line.text("outcome_label"), value(line), line.text("follow_up")),
            link: link::claim(line.text("claim_id")),
        });
    }
    let unit_name = if unit.is_empty() { "no unit".to_owned() } else { unit.clone() };
    let axis = format!("{} ({unit_name})", super::words(&measure));
    let title = format!("{} in {unit_name} by follow-up", super::words(&measure));
    let (n, total) = (points.len(), rows.len());
    let others = params.with("measure", &measure).with("unit", &unit).on("/outcomes");
    html! {
        figure class="plot" {
            (Plot { title: &title, unit: &axis, points: &points }.svg())
            figcaption {
                (title) ": " (count(n)) " of " (count(total)) " rows, those of the commonest measure and unit with a follow-up"
                @if left_out > 0 { " (" (count(left_out)) " more are not drawn)" } ". "
                @if n < total { a href=(others) { "Show these rows alone" } ". " }
                "A decrease is drawn below zero; a line joins the ends of a range."
            }
        }
    }
}
