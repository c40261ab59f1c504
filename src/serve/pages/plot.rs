//! Effect by follow-up as SVG, drawn on the server: a logarithmic axis of time, a point a row, a shape a group.

use maud::{Markup, html};
use std::collections::HashMap;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 340.0;
/// Left, top, right, bottom.
const MARGIN: [f64; 4] = [60.0, 14.0, 16.0, 44.0];

/// Groups that have a shape of their own.
const GROUPS: usize = 5;

/// An effect at a time.
pub(super) struct Point {
    /// Follow-up in days.
    pub(super) days: f64,
    /// The value, or the lower end of a range.
    pub(super) low: f64,
    /// The upper end.
    pub(super) high: f64,
    /// What was done.
    pub(super) group: String,
    /// What it says.
    pub(super) title: String,
    /// Where it leads.
    pub(super) link: String,
}

/// A plot.
pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    pub(super) unit: &'a str,
    pub(super) points: &'a [Point],
}

/// Times that the axis marks, in days.
const TIMES: &[(f64, &str)] = &[
    (1.0 / 24.0, "1 h"),
    (1.0, "1 day"),
    (7.0, "1 wk"),
    (30.4, "1 mo"),
    (91.3, "3 mo"),
    (182.6, "6 mo"),
    (365.25, "1 y"),
    (730.5, "2 y"),
    (1826.0, "5 y"),
    (3652.5, "10 y"),
    (7305.0, "20 y"),
];

/// Round steps for an axis from `low` to `high`: about five.
fn steps(low: f64, high: f64) -> Vec<f64> {
    let rough = (high - low).max(1e-9) / 6.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough).unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last.min(first + 50)).map(|i| i as f64 * step).collect()
}

fn shape(group: usize, x: f64, y: f64) -> Markup {
    let class = format!("g{group}");
    match group {
        0 => html! { circle class=(class) cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="5" {} },
        1 => html! { rect class=(class) x=(format!("{:.1}", x - 4.5)) y=(format!("{:.1}", y - 4.5)) width="9" height="9" {} },
        2 => html! { path class=(class) d=(format!("M{x:.1} {:.1}l5.5 9.5h-11z", y - 6.0)) {} },
        3 => html! { path class=(class) d=(format!("M{x:.1} {:.1}l6 6-6 6-6-6z", y - 6.0)) {} },
        4 => html! { path class=(class) d=(format!("M{x:.1} {:.1}l-5.5-9.5h11z", y + 6.0)) {} },
        _ => html! { circle class=(class) cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3.5" {} },
    }
}

impl Plot<'_> {
    /// The plot as SVG.
    pub(super) fn svg(&self) -> Markup {
        let time = |days: f64| days.max(1.0 / 48.0).ln();
        let ends = |values: &mut dyn Iterator<Item = f64>| {
            values.filter(|v| v.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |e, v| (e.0.min(v), e.1.max(v)))
        };
        let (mut x0, mut x1) = ends(&mut self.points.iter().map(|p| time(p.days)));
        let (mut y0, mut y1) = ends(&mut self.points.iter().flat_map(|p| [p.low, p.high, 0.0]));
        if x0 > x1 {
            return html! {};
        }
        (x0, x1) = (x0 - 0.25, x1 + 0.25);
        let pad = ((y1 - y0) * 0.06).max(0.5);
        (y0, y1) = (if y0 < 0.0 { y0 - pad } else { y0 }, if y1 > 0.0 { y1 + pad } else { y1 });
        let x = |days: f64| MARGIN[0] + (time(days) - x0) / (x1 - x0) * (WIDTH - MARGIN[0] - MARGIN[2]);
        let y = |value: f64| MARGIN[1] + (y1 - value) / (y1 - y0) * (HEIGHT - MARGIN[1] - MARGIN[3]);
        let mut sizes: HashMap<&str, usize> = HashMap::new();
        self.points.iter().for_each(|p| *sizes.entry(p.group.as_str()).or_default() += 1);
        let mut groups: Vec<(&str, usize)> = sizes.into_iter().filter(|g| !g.0.is_empty()).collect();
        groups.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        groups.truncate(GROUPS);
        let group = |name: &str| groups.iter().position(|g| g.0 == name).unwrap_or(GROUPS);
        let (right, bottom) = (WIDTH - MARGIN[2], HEIGHT - MARGIN[3]);
        let mut last = f64::NEG_INFINITY;
        let times: Vec<_> = TIMES
            .iter()
            .filter(|t| (x0..=x1).contains(&time(t.0)))
            .filter(|t| {
                let apart = x(t.0) - last >= 48.0;
                if apart {
                    last = x(t.0);
                }
                apart
            })
            .collect();
        html! {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="group" aria-label=(self.title) {
                @for value in steps(y0, y1) {
                    line class=(if value == 0.0 { "zero" } else { "grid" }) x1=(MARGIN[0]) x2=(right) y1=(format!("{:.1}", y(value))) y2=(format!("{:.1}", y(value))) {}
                    text x=(MARGIN[0] - 8.0) y=(format!("{:.1}", y(value) + 4.0)) text-anchor="end" { (trimmed(value)) }
                }
                @for (days, name) in times {
                    line class="grid" x1=(format!("{:.1}", x(*days))) x2=(format!("{:.1}", x(*days))) y1=(MARGIN[1]) y2=(bottom) {}
                    text x=(format!("{:.1}", x(*days))) y=(bottom + 18.0) text-anchor="middle" { (name) }
                }
                text x=(f64::midpoint(MARGIN[0], right)) y=(HEIGHT - 6.0) text-anchor="middle" { "follow-up" }
                text transform=(format!("translate(14 {:.0}) rotate(-90)", f64::midpoint(MARGIN[1], bottom))) text-anchor="middle" { (self.unit) }
                @for point in self.points {
                    @let at = x(point.days);
                    @let which = group(&point.group);
                    a href=(point.link) aria-label=(point.title) {
                        title { (point.title) @if !point.group.is_empty() { " (" (point.group) ")" } }
                        @if point.low != point.high {
                            line class=(format!("range g{which}")) x1=(format!("{at:.1}")) x2=(format!("{at:.1}")) y1=(format!("{:.1}", y(point.low))) y2=(format!("{:.1}", y(point.high))) {}
                        }
                        (shape(which, at, y(f64::midpoint(point.low, point.high))))
                    }
                }
            }
            @if !groups.is_empty() {
                ul class="legend" {
                    @for (at, (name, n)) in groups.iter().enumerate() {
                        li { svg viewBox="0 0 16 16" aria-hidden="true" { (shape(at, 8.0, 8.0)) } (super::short(name, 60)) " " span class="n" { (n) } }
                    }
                    li { svg viewBox="0 0 16 16" aria-hidden="true" { (shape(GROUPS, 8.0, 8.0)) } "others" }
                }
            }
        }
    }
}

/// A number of an axis without the noise of its computation.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').replace("-0", if value == 0.0 { "0" } else { "-0" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(steps(-60.0, 43.0), [-60.0, -40.0, -20.0, 0.0, 20.0, 40.0]);
        assert_eq!(steps(0.0, 1.0), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!((trimmed(0.6000000000000001), trimmed(-0.5), trimmed(40.0)), ("0.6".into(), "-0.5".into(), "40".into()));
    }

    #[test]
    fn a_plot_escapes_what_articles_say() {
        let point =
            Point { days: 30.0, low: -10.0, high: -30.0, group: "<script>".into(), title: "\"><script>".into(), link: "/claim/a".into() };
        let svg = Plot { title: "t", unit: "%", points: &[point] }.svg().into_string();
        assert!(svg.contains("<circle") && svg.contains("&lt;script&gt;") && !svg.contains("<script>"), "{svg}");
        assert!(!svg.contains("NaN"));
    }
}
