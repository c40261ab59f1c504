//! Lines to a document: which are headings, where the reference list is, and what raised numbers mean.

use super::front;
use super::line::{Line, Piece, is_label};
use super::margin;
use super::page::{Page, usual};
use super::paragraph::{Kind, Paragraph, Setting, apart, append, gather, words};
use crate::document::{Document, Format, Identifiers};
use crate::read::layout::{self, Shape};
use crate::read::outline::Outline;
use crate::read::{citation, reference_list};
use std::collections::HashSet;

/// Puts the pages of an article together. `title` and `author` are what the file says of itself.
pub(super) fn assemble(source: &str, mut pages: Vec<Page>, title: Option<&str>, author: Option<&str>) -> Document {
    let margins = margin::take(&mut pages);
    let mut lines: Vec<Line> = Vec::new();
    let mut known: Vec<f32> = Vec::new();
    let gutters: Vec<Vec<f32>> = pages.iter().map(|p| p.gutters(&[])).collect();
    for found in &gutters {
        known.extend(
            found.iter().filter(|g| gutters.iter().filter(|o| o.iter().any(|x| (*x - **g).abs() < 6.0)).count() * 2 >= gutters.len()),
        );
    }
    for page in &pages {
        lines.extend(page.lines(&page.gutters(&known)));
    }
    lines.retain(|l| l.pieces.iter().any(|p| !p.text.trim().is_empty()));
    let setting = setting(&lines);
    let is_heading = |line: &Line, before: Option<&Line>, after: Option<&Line>| is_heading(line, before, after, setting);
    let words = words(&lines);
    let front = front::take(&mut lines, setting, title, is_heading);
    let (lines, list, rest) = cut_references(&lines);
    let entries = entries(list, &words);
    let mut article = Article {
        outline: Outline::new(source, Format::Pdf),
        raised: raised_cite(&lines, &entries),
        styles: styles(&lines, &rest, is_heading),
        tail: String::new(),
    };

    let head = margins.iter().chain(&front.lines).map(String::as_str).collect::<Vec<_>>().join("\n");
    let document = article.outline.document();
    document.identifiers = Identifiers { doi: Identifiers::find(&head).doi, ..Identifiers::default() };
    document.authors = front.authors;
    if document.authors.is_empty() {
        document
            .authors
            .extend(author.into_iter().flat_map(|a| a.split([';', ','])).map(|a| a.trim().to_owned()).filter(|a| a.contains(' ')));
    }
    if let Some(title) = front.title.as_deref().or(title.filter(|t| t.contains(' ') && !t.contains(['/', '\\']))) {
        article.outline.title(title);
    }
    for line in &front.lines {
        article.outline.paragraph();
        article.outline.text(line);
        article.outline.close_block();
    }
    article.push(&gather(&lines, setting, &words, is_heading));
    if !entries.is_empty() {
        article.outline.heading(1, "References");
        for entry in &entries {
            article.outline.paragraph();
            article.outline.text(entry);
        }
    }
    if let (Some(first), false) = (rest.first(), entries.is_empty()) {
        // What follows the list stands under its own heading.
        article.outline.heading(1, &first.plain());
        article.push(&gather(&rest[1..], setting, &words, is_heading));
    } else {
        article.push(&gather(&rest, setting, &words, is_heading));
    }
    article.outline.finish()
}

/// Size and distance of most lines.
fn setting(lines: &[Line]) -> Setting {
    let letters = |l: &Line| l.pieces.iter().map(|p| p.text.len()).sum::<usize>().min(200);
    let body = usual(lines.iter().flat_map(|l| std::iter::repeat_n(l.size, letters(l))));
    let steps = lines.windows(2).filter(|w| w[0].column == w[1].column && w[0].page == w[1].page && (w[1].size - body).abs() < 0.6);
    let leading = usual(steps.map(|w| w[0].baseline - w[1].baseline).filter(|d| (0.8 * body..3.0 * body).contains(d)));
    Setting { body, leading }
}

/// Whether a line is a heading: larger, bold or in capitals and by itself, or a name that sections have.
fn is_heading(line: &Line, before: Option<&Line>, after: Option<&Line>, setting: Setting) -> bool {
    let text = line.plain();
    let words = text.split_whitespace().count();
    if !line.cells.is_empty() || text.len() > 160 || !(1..=18).contains(&words) || text.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        return false;
    }
    let here = |other: &&Line| other.column == line.column && other.page == line.page;
    let alone_above = before.filter(here).is_none_or(|b| apart(b, line, setting) || (b.size - line.size).abs() > 0.8);
    let alone_below = after.filter(here).is_none_or(|a| apart(line, a, setting) || a.size < line.size - 0.4);
    if reference_list::is_reference_heading(&text) {
        return true;
    }
    let numbered = matches!(layout::shape(&text), Shape::Number { .. });
    let begins = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if !begins || text.ends_with([',', ';']) || text.ends_with('.') && words > 8 {
        return false;
    }
    let larger = line.size > 1.07 * setting.body;
    let bold = line.is_bold();
    let bold_below = after.filter(here).is_some_and(|a| a.is_bold() && (a.size - line.size).abs() < 0.3 && !apart(line, a, setting));
    let known = layout::names_a_section(&text) && words <= 5 && !text.ends_with('.');
    if larger {
        return bold || alone_above || known || numbered;
    }
    if line.size < 0.93 * setting.body && !bold {
        return false;
    }
    let short = line.ends_short();
    let capitals = layout::is_upper_case(&text) && words <= 9;
    // A bold line that goes on in regular type on its next line is a heading only where it ends by itself.
    bold && (alone_above || alone_below || numbered) && (short || alone_below || bold_below) && (!bold_below || alone_above)
        || (capitals || known) && short && (alone_above || numbered) && (alone_below || known)
}

/// Styles of headings, the largest first: size in half points, and whether in bold.
fn styles(lines: &[Line], rest: &[Line], is_heading: impl Fn(&Line, Option<&Line>, Option<&Line>) -> bool) -> Vec<i32> {
    let all: Vec<&Line> = lines.iter().chain(rest).collect();
    let mut styles: Vec<i32> = (0..all.len())
        .filter(|&n| is_heading(all[n], n.checked_sub(1).map(|n| all[n]), all.get(n + 1).copied()))
        .map(|n| style(all[n].size, layout::is_upper_case(&all[n].plain())))
        .collect();
    styles.sort_unstable_by(|a, b| b.cmp(a));
    styles.dedup();
    styles
}

fn style(size: f32, capitals: bool) -> i32 {
    (size * 2.0).round() as i32 * 2 + i32::from(capitals)
}

/// Parts the lines at the reference list: before it, the list without its heading, and from the heading that ends it.
fn cut_references(lines: &[Line]) -> (Vec<Line>, &[Line], Vec<Line>) {
    let Some(at) = lines.iter().rposition(|l| reference_list::is_reference_heading(&l.plain())) else {
        return (lines.to_vec(), &[], Vec::new());
    };
    let heading = &lines[at];
    let ends = |l: &Line| {
        let text = l.plain();
        let like = (l.size - heading.size).abs() < 0.3 && l.is_bold() == heading.is_bold() && l.size > 0.0;
        let sets_apart = l.is_bold() || l.size > lines.get(at + 1).map_or(0.0, |n| n.size) + 0.8 || layout::is_upper_case(&text);
        like && sets_apart && text.starts_with(char::is_uppercase) && text.split_whitespace().count() <= 10 && !text.ends_with('.')
    };
    let end = (at + 1..lines.len()).find(|&i| ends(&lines[i])).unwrap_or(lines.len());
    (lines[..at].to_vec(), &lines[at + 1..end], lines[end..].to_vec())
}

/// The entries of the list: each begins with its number, or stands out to the left, or after a gap.
fn entries(list: &[Line], words: &HashSet<String>) -> Vec<String> {
    let number = |l: &Line| {
        let text = l.text();
        let label = text.split_whitespace().next().unwrap_or_default().to_owned();
        let digits = label.trim_start_matches(['[', '(']).trim_end_matches([']', ')', '.', ':']);
        (is_label(&label) && text.len() > label.len()).then(|| digits.parse::<u32>().ok()).flatten().filter(|n| *n < 2_000)
    };
    let numbered = list.first().is_some_and(|l| number(l).is_some());
    let hanging = list.iter().filter(|l| l.indent() > 0.5).count() * 4 >= list.len();
    let mut entries: Vec<Vec<Piece>> = Vec::new();
    let mut last = None;
    for (n, line) in list.iter().enumerate() {
        let before = n.checked_sub(1).map(|n| &list[n]);
        let begins = match before {
            None => true,
            Some(_) if numbered => number(line).is_some_and(|n| last.is_none_or(|l| n > l && n <= l + 3)),
            Some(_) if hanging => line.indent() < 0.4,
            Some(b) => {
                let gap = b.column == line.column && b.page == line.page && b.baseline - line.baseline > 1.35 * line.size;
                gap || b.ends_short() && b.plain().ends_with(['.', ')'])
                    || b.plain().contains("doi.org/") && line.plain().starts_with(char::is_uppercase)
            }
        };
        if begins {
            last = number(line).or(last);
            entries.push(line.pieces.clone());
        } else if let Some(entry) = entries.last_mut() {
            join_address(entry, line, words);
        }
    }
    entries
        .iter()
        .map(|e| e.iter().map(|p| p.text.as_str()).collect::<String>())
        .map(|e| e.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// Adds a line to an entry; a DOI or address that the line break parted is whole again.
fn join_address(entry: &mut Vec<Piece>, line: &Line, words: &HashSet<String>) {
    let so_far: String = entry.iter().map(|p| p.text.as_str()).collect();
    let word = so_far.trim_end().rsplit(' ').next().unwrap_or_default().to_owned();
    let address = word.contains("10.") && word.contains('/') || word.contains("http");
    let next = line.plain();
    let tail = next.split(' ').next().unwrap_or_default();
    let goes_on = word.ends_with(['/', '-', '_', '.'])
        && tail.chars().any(|c| c.is_ascii_digit() || c == '/' || c == '.')
        && !tail.starts_with(char::is_uppercase)
        || word.ends_with('/')
        || word.ends_with("doi:");
    if address && goes_on {
        if let Some(last) = entry.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        entry.extend(line.pieces.iter().cloned());
    } else {
        append(entry, &line.pieces, words);
    }
}

/// Whether raised numbers are citations: the list is numbered, and the text does not cite in brackets.
fn raised_cite(lines: &[Line], entries: &[String]) -> bool {
    let text: String = lines.iter().map(|l| l.plain() + "\n").collect();
    let listed = entries.first().is_none_or(|e| e.split(' ').next().is_some_and(is_label));
    listed && !citation::has_numeric_markers(&text)
}

struct Article {
    outline: Outline,
    /// Whether raised numbers are citations.
    raised: bool,
    styles: Vec<i32>,
    /// The end of the text so far.
    tail: String,
}

impl Article {
    fn push(&mut self, paragraphs: &[Paragraph]) {
        let mut columns = None;
        for paragraph in paragraphs {
            if !matches!(paragraph.kind, Kind::Row(_)) {
                columns = None;
            }
            match &paragraph.kind {
                Kind::Heading => {
                    let text = paragraph.plain();
                    let level = match layout::shape(&text) {
                        Shape::Number { depth, .. } => depth,
                        _ => {
                            let style = style(paragraph.size, layout::is_upper_case(&text));
                            self.styles.iter().position(|s| *s == style).map_or(6, |n| n as u8 + 1)
                        }
                    };
                    // The number is no part of a heading: "1 Introduction", which a full stop need not follow.
                    let name = text.split_once(' ').filter(|(label, _)| is_label(label) && label.starts_with(|c: char| c.is_ascii_digit()));
                    self.outline.heading(level.clamp(1, 6), name.map_or(text.as_str(), |n| n.1.trim_start()));
                }
                Kind::Text => {
                    self.outline.paragraph();
                    let rest = self.run_in(&paragraph.pieces);
                    self.pieces(rest);
                    self.outline.close_block();
                }
                Kind::Item => {
                    // Its mark is no part of an item.
                    let text = paragraph.text();
                    let start = match layout::shape(&text) {
                        Shape::Bullet(n) | Shape::Item(n) | Shape::Number { text: n, .. } => n,
                        Shape::Plain => 0,
                    };
                    self.outline.open_list(None);
                    self.outline.open_item();
                    self.pieces(&without_mark(&paragraph.pieces, start));
                    self.outline.close_block();
                    self.outline.close_list();
                }
                Kind::Caption => {
                    self.outline.caption();
                    self.pieces(&paragraph.pieces);
                    self.outline.close_block();
                }
                Kind::Row(cells) => self.row(cells, &mut columns),
            }
        }
    }

    /// A row; the first of a table heads its columns. Where the number of cells differs, what heads what is not known.
    fn row(&mut self, cells: &[Vec<Piece>], columns: &mut Option<usize>) {
        let header = columns.is_none();
        if *columns != Some(cells.len()) {
            self.outline.open_table();
        }
        columns.get_or_insert(cells.len());
        self.outline.open_row();
        for cell in cells {
            self.outline.open_cell(header);
            self.pieces(cell);
            self.outline.close_cell(1);
        }
    }

    /// A heading that stands in the line of its paragraph ("**Abstract.** We …"); gives what follows it.
    fn run_in<'p>(&mut self, pieces: &'p [Piece]) -> &'p [Piece] {
        let Some((first, rest)) = pieces.split_first().filter(|(first, rest)| first.bold && !rest.is_empty()) else { return pieces };
        let name = first.text.trim().trim_end_matches(['.', ':', '—', '–', '-']).trim_end();
        if layout::names_a_section(name) && name.split_whitespace().count() <= 5 {
            self.outline.heading(6, name);
            self.outline.paragraph();
            return rest;
        }
        pieces
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for (n, piece) in pieces.iter().enumerate() {
            if !piece.raised {
                self.outline.text(&piece.text);
                self.tail.clone_from(&piece.text);
                continue;
            }
            let inside = piece.text.trim().trim_matches(['[', ']', '(', ')']);
            let marks = citation::expand(inside).is_some() && !citation::is_exponent(&self.tail);
            if marks && (n == 0 || !self.raised) {
                // The number of a footnote.
                self.outline.text(" ");
                continue;
            }
            self.outline.open_raised();
            self.outline.text(piece.text.trim());
            self.outline.close_raised();
            if piece.text.ends_with(' ') {
                self.outline.text(" ");
            }
        }
    }
}

/// The pieces after the first `start` bytes of their text.
fn without_mark(pieces: &[Piece], start: usize) -> Vec<Piece> {
    let lead: usize =
        pieces.iter().map(|p| p.text.as_str()).collect::<String>().chars().take_while(|c| c.is_whitespace()).map(char::len_utf8).sum();
    let mut left = start + lead;
    let mut rest = Vec::new();
    for piece in pieces {
        let cut = left.min(piece.text.len());
        left -= cut;
        if cut < piece.text.len() {
            rest.push(Piece { text: piece.text.get(cut..).unwrap_or_default().to_owned(), ..piece.clone() });
        }
    }
    rest
}
