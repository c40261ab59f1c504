//! What pages repeat at their head and foot: running titles, journal names and page numbers.

use super::page::{Page, Stretch};
use crate::text::pattern;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Rows at either end of a page that may belong to its margin.
const ROWS: usize = 3;

static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[\s\-–—|]*(?:page|p\.)?\s*(?:\d{1,5}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,5})?[\s\-–—|]*$"));

/// Takes running heads, feet and page numbers out of the pages; gives what was taken from the first two, which may name the article.
pub(super) fn take(pages: &mut [Page]) -> Vec<String> {
    let mut seen: HashMap<(String, bool), usize> = HashMap::new();
    for page in pages.iter() {
        let mut here: Vec<(String, bool)> = ends(page).into_iter().map(|(n, top)| (shape(&page.stretches[n]), top)).collect();
        here.sort();
        here.dedup();
        for key in here {
            *seen.entry(key).or_default() += 1;
        }
    }
    // Left and right pages may differ, and so may the parts of a collection.
    let often = (pages.len() / 4).max(2);
    let mut taken = Vec::new();
    for (n, page) in pages.iter_mut().enumerate() {
        let outer = outermost(page);
        let drop: Vec<usize> = (ends(page).into_iter())
            .filter(|&(i, top)| {
                let stretch = &page.stretches[i];
                let repeated = seen.get(&(shape(stretch), top)).is_some_and(|times| *times >= often);
                repeated || outer.contains(&i) && NUMBER.is_match(&stretch.text())
            })
            .map(|e| e.0)
            .collect();
        let mut at = 0;
        page.stretches.retain(|stretch| {
            let keep = !drop.contains(&at);
            at += 1;
            if !keep && n < 2 {
                taken.push(stretch.text());
            }
            keep
        });
    }
    taken
}

/// Text with its digits made alike.
fn shape(stretch: &Stretch) -> String {
    let mut shape = String::new();
    for c in stretch.text().to_lowercase().chars() {
        match c {
            '0'..='9' if shape.ends_with('#') => {}
            '0'..='9' => shape.push('#'),
            c => shape.push(c),
        }
    }
    shape
}

/// The rows of a page by baseline, from the top, each with the places of its stretches.
fn rows(page: &Page) -> Vec<Vec<usize>> {
    let mut rows: Vec<(f32, Vec<usize>)> = Vec::new();
    for (n, stretch) in page.stretches.iter().enumerate() {
        match rows.last_mut() {
            Some(row) if (row.0 - stretch.baseline).abs() < 0.3 * stretch.size => row.1.push(n),
            _ => rows.push((stretch.baseline, vec![n])),
        }
    }
    rows.into_iter().map(|r| r.1).collect()
}

/// The stretches of the first and last rows, with whether they stand at the top.
fn ends(page: &Page) -> Vec<(usize, bool)> {
    let rows = rows(page);
    let top = rows.iter().take(ROWS).flatten().map(|&n| (n, true));
    let bottom = rows.iter().skip(ROWS).rev().take(ROWS).flatten().map(|&n| (n, false));
    top.chain(bottom).collect()
}

fn outermost(page: &Page) -> Vec<usize> {
    let rows = rows(page);
    if rows.len() < 3 {
        return Vec::new();
    }
    rows.first().into_iter().chain(rows.last()).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::page::Glyph;
    use super::*;

    fn page(number: usize, lines: &[(&str, f32)]) -> Page {
        let glyph = |c, n: usize, baseline| Glyph { c, x: 50.0 + n as f32 * 5.0, width: 5.0, baseline, size: 10.0, bold: false };
        Page::new(number, lines.iter().flat_map(|&(text, y)| text.chars().enumerate().map(move |(n, c)| glyph(c, n, y))).collect())
    }

    #[test]
    fn what_pages_repeat_is_taken() {
        let mut pages = vec![
            page(
                0,
                &[("J Joint Care 2021;12:100", 780.0), ("Pain fell in the first year.", 600.0), ("It rose again.", 588.0), ("101", 30.0)],
            ),
            page(1, &[("J Joint Care 2021;12:101", 780.0), ("Nobody knows the reason.", 600.0), ("We do not.", 588.0), ("102", 30.0)]),
            page(2, &[("J Joint Care 2021;12:102", 780.0), ("A last page of one line.", 600.0), ("103", 30.0)]),
        ];
        let taken = take(&mut pages);
        assert_eq!(taken, ["J Joint Care 2021;12:100", "101", "J Joint Care 2021;12:101", "102"]);
        assert_eq!(pages[2].stretches.iter().map(Stretch::text).collect::<Vec<_>>(), ["A last page of one line."]);
    }
}
