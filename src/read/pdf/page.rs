//! One page: characters to stretches of text, stretches to columns, columns to lines in reading order.

use super::line::{Line, Piece, is_label};

/// A character where the page shows it, in points from the lower left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub c: char,
    pub x: f32,
    pub width: f32,
    pub baseline: f32,
    pub size: f32,
    pub bold: bool,
}

/// Characters of one baseline without a wide gap between them.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// With whether each stands above the line.
    glyphs: Vec<(Glyph, bool)>,
    pub x0: f32,
    pub x1: f32,
    pub baseline: f32,
    pub size: f32,
}

/// A page taken apart.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub number: usize,
    pub stretches: Vec<Stretch>,
}

/// A gap this wide, in font sizes, parts two stretches.
const GAP: f32 = 0.75;
/// A gap this wide parts two words.
const SPACE: f32 = 0.16;
/// Gaps this wide part the cells of a table.
const CELL: f32 = 1.0;
/// Pages of more stretches are drawings; raised text is not looked for in them.
const MOST: usize = 5_000;
/// The most characters of a raised or lowered mark ("1,3,5–7").
const MARK: usize = 24;
/// Columns that stand side by side, at most.
const MAX_COLUMNS: usize = 4;

impl Stretch {
    fn of(glyphs: Vec<(Glyph, bool)>) -> Self {
        let x0 = glyphs.iter().map(|g| g.0.x).fold(f32::MAX, f32::min);
        let x1 = glyphs.iter().map(|g| g.0.x + g.0.width).fold(f32::MIN, f32::max);
        let size = usual(glyphs.iter().filter(|g| !g.1).map(|g| g.0.size));
        let baseline = glyphs.iter().find(|g| !g.1).or(glyphs.first()).map_or(0.0, |g| g.0.baseline);
        Self { glyphs, x0, x1, baseline, size }
    }

    /// Takes up another stretch in order of position.
    fn join(&mut self, other: Self, raised: bool) {
        let mut glyphs = std::mem::take(&mut self.glyphs);
        glyphs.extend(other.glyphs.into_iter().map(|(g, r)| (g, r || raised)));
        glyphs.sort_by(|a, b| a.0.x.total_cmp(&b.0.x));
        let (baseline, size) = (self.baseline, self.size);
        *self = Self { baseline, size, ..Self::of(glyphs) };
    }

    /// The text, with the spaces that the gaps are.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut end: Option<f32> = None;
        for &(glyph, raised) in &self.glyphs {
            let spaced = end.is_some_and(|end| glyph.x - end > SPACE * self.size) || glyph.c.is_whitespace();
            let fresh = pieces.last().is_none_or(|p| p.raised != raised || p.bold != glyph.bold);
            if spaced && let Some(last) = pieces.last_mut().filter(|p| !p.text.ends_with(' ')) {
                last.text.push(' ');
            }
            end = Some(end.unwrap_or(f32::MIN).max(glyph.x + glyph.width));
            if glyph.c.is_whitespace() {
                continue;
            }
            if fresh {
                pieces.push(Piece { text: String::new(), raised, bold: glyph.bold });
            }
            if let Some(last) = pieces.last_mut() {
                last.text.push(glyph.c);
            }
        }
        pieces
    }

    pub fn text(&self) -> String {
        self.pieces().iter().map(|p| p.text.as_str()).collect::<String>().trim().to_owned()
    }
}

/// The most frequent size, in half points.
pub(super) fn usual(sizes: impl Iterator<Item = f32>) -> f32 {
    let mut counts: std::collections::BTreeMap<i32, usize> = std::collections::BTreeMap::new();
    for size in sizes {
        *counts.entry((size * 2.0).round() as i32).or_default() += 1;
    }
    counts.iter().max_by_key(|c| (c.1, c.0)).map_or(10.0, |c| *c.0 as f32 / 2.0)
}

impl Page {
    /// Takes a page apart.
    pub fn new(number: usize, mut glyphs: Vec<Glyph>) -> Self {
        glyphs.retain(|g| !g.c.is_control() || g.c.is_whitespace());
        glyphs.sort_by(|a, b| b.baseline.total_cmp(&a.baseline).then(a.x.total_cmp(&b.x)));
        let mut stretches = Vec::new();
        let mut row: Vec<Glyph> = Vec::new();
        for glyph in glyphs {
            if row.first().is_some_and(|first| first.baseline - glyph.baseline > 0.08 * first.size.min(glyph.size)) {
                part(&mut row, &mut stretches);
            }
            row.push(glyph);
        }
        part(&mut row, &mut stretches);
        Self { number, stretches: attach(stretches) }
    }

    /// Whether the page shows no text.
    pub fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    /// The gaps between columns, by position; those of other pages in `known` need less to bear them out.
    pub fn gutters(&self, known: &[f32]) -> Vec<f32> {
        let text: Vec<(f32, f32)> = self.stretches.iter().filter(|s| s.glyphs.len() > 2).map(|s| (s.x0, s.x1)).collect();
        let mut found = Vec::new();
        split(&text, known, 0, &mut found);
        found.sort_by(f32::total_cmp);
        found
    }

    /// The lines in reading order. Stretches that run over a gutter part the page into bands; each band is read column by column.
    pub fn lines(&self, gutters: &[f32]) -> Vec<Line> {
        let edge = |c: usize| gutters.get(c).copied().unwrap_or(f32::MAX);
        let spans = |s: &Stretch| gutters.iter().any(|&g| s.x0 < g - s.size * 0.5 && s.x1 > g + s.size * 0.5);
        let columns = gutters.len() + 1;
        let mut bands: Vec<(bool, Vec<&Stretch>)> = Vec::new();
        for stretch in &self.stretches {
            let wide = spans(stretch);
            if bands.last().is_none_or(|b| b.0 != wide) {
                bands.push((wide, Vec::new()));
            }
            if let Some(band) = bands.last_mut() {
                band.1.push(stretch);
            }
        }
        let (mut lines, mut number) = (Vec::new(), 0);
        // A band that is wide, or the page where there is one column, has the edges of all.
        let extent = |of: &mut dyn Iterator<Item = &Stretch>| of.fold((f32::MAX, f32::MIN), |(a, b), s| (a.min(s.x0), b.max(s.x1)));
        let page = extent(&mut self.stretches.iter());
        let column_of = |s: &Stretch| (0..columns).find(|&c| (s.x0 + s.x1) / 2.0 < edge(c)).unwrap_or(columns - 1);
        let edges: Vec<(f32, f32)> =
            (0..columns).map(|c| extent(&mut self.stretches.iter().filter(|s| !spans(s) && column_of(s) == c))).collect();
        for (wide, band) in bands {
            for (c, &edges) in edges.iter().enumerate().take(if wide { 1 } else { columns }) {
                let members: Vec<&Stretch> = band.iter().copied().filter(|s| wide || column_of(s) == c).collect();
                let edges = if wide || columns == 1 { page } else { edges };
                rows(&members, self.number, number, edges, &mut lines);
                number += 1;
            }
        }
        lines
    }
}

/// Parts a row at its wide gaps; characters printed twice to look bold count once.
fn part(row: &mut Vec<Glyph>, stretches: &mut Vec<Stretch>) {
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    row.dedup_by(|b, a| b.c == a.c && (b.x - a.x).abs() < 0.1 * a.size && !a.c.is_whitespace());
    let mut open: Vec<(Glyph, bool)> = Vec::new();
    let mut end = f32::MIN;
    for glyph in row.drain(..) {
        let size = open.last().map_or(glyph.size, |last| last.0.size.min(glyph.size));
        if !open.is_empty() && glyph.x - end > GAP * size {
            stretches.push(Stretch::of(std::mem::take(&mut open)));
        }
        if glyph.c.is_whitespace() {
            // A space says that a word ends; only what is printed says how far the text goes.
            if !open.is_empty() {
                open.push((Glyph { width: 0.0, ..glyph }, false));
            }
            continue;
        }
        end = glyph.x + glyph.width;
        open.push((glyph, false));
    }
    if open.iter().any(|g| !g.0.c.is_whitespace()) {
        while open.pop_if(|g| g.0.c.is_whitespace()).is_some() {}
        stretches.push(Stretch::of(open));
    }
}

/// Puts raised and lowered characters back into the line that they belong to.
fn attach(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    if stretches.len() > MOST {
        return stretches;
    }
    let mut small: Vec<Stretch> = Vec::new();
    let mut lines: Vec<Stretch> = Vec::new();
    let sizes: Vec<(f32, f32, f32, f32)> = stretches.iter().map(|s| (s.baseline, s.size, s.x0, s.x1)).collect();
    for stretch in stretches.drain(..) {
        let beside = stretch.glyphs.len() <= MARK
            && sizes.iter().any(|&(baseline, size, x0, x1)| {
                stretch.size < 0.87 * size
                    && off_line(stretch.baseline - baseline, size)
                    && touches((stretch.x0, stretch.x1), (x0, x1), size)
            });
        if beside { small.push(stretch) } else { lines.push(stretch) }
    }
    for stretch in small {
        let distance = |line: &Stretch| {
            // What ends where the mark begins is nearer than what begins where it ends.
            let before = (stretch.x0 - line.x1).abs();
            let after = (line.x0 - stretch.x1).abs() + 0.1;
            if stretch.x0 >= line.x0 && stretch.x1 <= line.x1 { 0.0 } else { before.min(after) }
        };
        let fits = |line: &Stretch| {
            stretch.size < 0.87 * line.size
                && off_line(stretch.baseline - line.baseline, line.size)
                && touches((stretch.x0, stretch.x1), (line.x0, line.x1), line.size)
        };
        let nearest = (lines.iter().enumerate().filter(|(_, l)| fits(l)))
            .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
            .map(|(n, l)| (n, stretch.baseline > l.baseline));
        match nearest {
            Some((n, raised)) => lines[n].join(stretch, raised),
            None => lines.push(stretch),
        }
    }
    // A mark may have filled the gap that parted its line.
    lines.sort_by(|a, b| b.baseline.total_cmp(&a.baseline).then(a.x0.total_cmp(&b.x0)));
    let mut joined: Vec<Stretch> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last)
                if (last.baseline - line.baseline).abs() < 0.08 * last.size
                    && (last.size - line.size).abs() < 0.1 * last.size
                    && line.x0 - last.x1 < GAP * last.size
                    && line.x0 > last.x0 =>
            {
                last.join(line, false);
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// Whether a distance from the baseline is that of a raised or lowered mark.
fn off_line(distance: f32, size: f32) -> bool {
    (0.12..0.8).contains(&(distance / size)) || (-0.5..-0.04).contains(&(distance / size))
}

/// Whether a mark stands at either end of a line, or in it.
fn touches(mark: (f32, f32), line: (f32, f32), size: f32) -> bool {
    let gap = 0.4 * size;
    mark.0 < line.1 + gap && mark.1 > line.0 - gap
}

/// Finds the gutter that parts the text best, and those on either side of it.
fn split(text: &[(f32, f32)], known: &[f32], depth: usize, found: &mut Vec<f32>) {
    let (low, high) = text.iter().fold((f32::MAX, f32::MIN), |(a, b), t| (a.min(t.0), b.max(t.1)));
    let width = high - low;
    if text.len() < 6 || found.len() + 1 >= MAX_COLUMNS || depth > 2 || !(100.0..5_000.0).contains(&width) {
        return;
    }
    let sides = |x: f32| {
        let left: Vec<(f32, f32)> = text.iter().copied().filter(|t| t.1 < x + 1.0).collect();
        let right: Vec<(f32, f32)> = text.iter().copied().filter(|t| t.0 > x - 1.0).collect();
        (left, right)
    };
    let candidates: Vec<(usize, f32)> = (0..)
        .map(|n| low + 0.2 * width + n as f32 * 2.0)
        .take_while(|x| *x < low + 0.8 * width)
        .map(|x| (text.iter().filter(|t| t.0 < x - 3.0 && t.1 > x + 3.0 || t.0 < x && t.1 > x).count(), x))
        .collect();
    let Some(fewest) = candidates.iter().map(|c| c.0).min() else { return };
    // The middle of the widest run of the emptiest places.
    let mut best: Option<(usize, f32)> = None;
    let mut from = None;
    for (n, candidate) in candidates.iter().enumerate() {
        let empty = candidate.0 == fewest;
        let start = *from.get_or_insert(n);
        if !empty {
            from = None;
            continue;
        }
        let length = n - start + 1;
        if best.is_none_or(|b| length > b.0) {
            best = Some((length, (candidates[start].1 + candidate.1) / 2.0));
        }
    }
    let Some((_, x)) = best else { return };
    // Lines of a column fill it; cells of a table do not.
    let fills = |side: &[(f32, f32)], room: f32| {
        let mut lengths: Vec<f32> = side.iter().map(|t| t.1 - t.0).collect();
        lengths.sort_by(f32::total_cmp);
        lengths.get(lengths.len() / 2).is_some_and(|l| *l > 0.55 * room)
    };
    let sound = |x: &f32| {
        let (left, right) = sides(*x);
        let crossing = text.len().saturating_sub(left.len() + right.len());
        let many = left.len() >= 5 && right.len() >= 5 && crossing <= left.len().max(right.len());
        many && fills(&left, x - low) && fills(&right, high - x)
    };
    // On a page with little text the gutter of the other pages will do.
    let likely = |x: &&f32| {
        let (left, right) = sides(**x);
        !left.is_empty() && !right.is_empty() && text.len() <= 2 * (left.len() + right.len())
    };
    if let Some(x) = Some(x).filter(sound).or_else(|| known.iter().find(likely).copied()) {
        let (left, right) = sides(x);
        found.push(x);
        split(&left, known, depth + 1, found);
        split(&right, known, depth + 1, found);
    }
}

/// The lines of one column. Stretches of one baseline are the cells of a table where several such rows follow each other, else one line.
fn rows(members: &[&Stretch], page: usize, column: usize, (left, right): (f32, f32), lines: &mut Vec<Line>) {
    let mut rows: Vec<Vec<&Stretch>> = Vec::new();
    for stretch in members {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|f| (f.baseline - stretch.baseline).abs() < 0.12 * f.size.max(stretch.size)) => {
                row.push(stretch);
            }
            _ => rows.push(vec![stretch]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    let tabular: Vec<bool> = rows.iter().map(|row| is_tabular(row)).collect();
    for (n, row) in rows.iter().enumerate() {
        let Some(first) = row.first() else { continue };
        let in_table = tabular[n] && (n > 0 && tabular[n - 1] || tabular.get(n + 1) == Some(&true));
        let mut pieces: Vec<Piece> = Vec::new();
        for stretch in row {
            if let Some(last) = pieces.last_mut() {
                // Two spaces: what stands apart may be two things, such as two authors.
                last.text.push_str("  ");
            }
            pieces.extend(stretch.pieces());
        }
        let cells = if in_table { row.iter().map(|s| s.pieces()).collect() } else { Vec::new() };
        let sizes = row.iter().flat_map(|s| s.glyphs.iter().filter(|g| !g.1).map(|g| g.0.size));
        lines.push(Line {
            pieces,
            x0: first.x0,
            x1: row.iter().map(|s| s.x1).fold(f32::MIN, f32::max),
            baseline: first.baseline,
            size: usual(sizes),
            page,
            column,
            left,
            right,
            cells,
        });
    }
}

/// Whether a row has cells: a wide gap that does not follow a label, or several gaps.
fn is_tabular(row: &[&Stretch]) -> bool {
    let wide = |(n, w): (usize, &[&Stretch])| w[1].x0 - w[0].x1 > CELL * w[0].size && !(n == 0 && is_label(&w[0].text()));
    row.len() >= 3 || row.windows(2).enumerate().any(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of a line in a font of fixed width, half as wide as high.
    fn line(text: &str, x: f32, baseline: f32, size: f32) -> Vec<Glyph> {
        (text.chars().enumerate())
            .map(|(n, c)| Glyph { c, x: x + n as f32 * size / 2.0, width: size / 2.0, baseline, size, bold: false })
            .collect()
    }

    fn texts(page: &Page, known: &[f32]) -> Vec<String> {
        page.lines(&page.gutters(known)).iter().map(Line::text).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let mut glyphs = line("A title that runs over both of the columns of the page", 100.0, 700.0, 14.0);
        for n in 0..8 {
            let y = 650.0 - n as f32 * 12.0;
            glyphs.extend(line(&format!("left column, its line number {n} here"), 50.0, y, 10.0));
            glyphs.extend(line(&format!("right column, the line number {n} too"), 250.0, y, 10.0));
        }
        let lines = texts(&Page::new(0, glyphs), &[]);
        assert_eq!(lines.len(), 17);
        assert!(lines[0].starts_with("A title") && lines[8].starts_with("left column, its line number 7"), "{lines:?}");
        assert!(lines[9].starts_with("right column, the line number 0"));
    }

    #[test]
    fn raised_marks_return_to_their_line() {
        let mut glyphs = line("pain fell.", 50.0, 600.0, 10.0);
        glyphs.extend(line("2,3", 100.5, 603.5, 7.0));
        glyphs.extend(line("Then it rose", 116.0, 600.0, 10.0));
        let page = Page::new(0, glyphs);
        assert_eq!(page.stretches.len(), 1);
        let pieces = page.stretches[0].pieces();
        assert_eq!(
            pieces.iter().map(|p| (p.text.as_str(), p.raised)).collect::<Vec<_>>(),
            [("pain fell.", false), ("2,3 ", true), ("Then it rose", false)]
        );
    }

    #[test]
    fn rows_of_a_table_have_cells_and_labelled_lines_have_none() {
        let mut glyphs = line("1", 50.0, 620.0, 10.0);
        glyphs.extend(line("Introduction", 75.0, 620.0, 10.0));
        for (y, cells) in [(600.0, ["Measure", "Before", "After"]), (588.0, ["Pain", "63", "39"])] {
            for (n, cell) in cells.iter().enumerate() {
                glyphs.extend(line(cell, 50.0 + n as f32 * 80.0, y, 10.0));
            }
        }
        let page = Page::new(0, glyphs);
        let lines = page.lines(&[]);
        assert_eq!(lines[0].text(), "1  Introduction");
        assert!(lines[0].cells.is_empty());
        assert_eq!(lines[2].cells.len(), 3);
    }
}
