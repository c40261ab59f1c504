//! Marked-up text to a document: what Markdown and HTML have in common, once their syntax is gone.

use super::layout::{self, Shape};
use super::{citation, furniture, reference, reference_list, structured, text};
use crate::document::{BlockKind, Document, DocumentBuilder, Format, Identifiers};
use crate::text::{Span, pattern};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Level of paragraphs in bold that serve as headings: numbered ones outside, those with a colon inside.
const BOLD: [u8; 3] = [7, 8, 9];

/// Words of links that journals put after an entry of the list; only where they lead is worth keeping.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^[\s\[(]*(?: (?:view\s+)?article | google\s+scholar | pub\s?med(?:\s*/\s*ncbi | \s+central)? | cross\s?ref(?:\s+full\s+text)? | (?:view\s+(?:in|at|on)\s+)?
            (?:publisher|scopus|web\s+of\s+science) | cas | ads | mathscinet | isi | doi | links? | (?:pmc\s+)?(?:free\s+)?(?:full\s+text|pdf|article) | pmc )[\s\])]*$",
    )
});
/// Brackets whose link was such a label, and bars between them.
static LEFT_OVER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\s*\]|\(\s*\)|\s\|(?:\s|$)"));
/// Anchors of figures, tables and the like; a number that leads there cites nothing.
static FLOAT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)#(?:[a-z0-9.]*[._-])?(?:fig\w*|tab\w*|tbl\w*|[fgt]\d+|equ?\w*|sec\w*|s\d+|sup\w*|moesm\w*|aff?\w*|app\w*|box\w*|scheme\w*|video\w*|media\w*)[._-]?\d*[a-z]?$",
    )
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:18|19|20)\d\d"));

/// Takes headings, paragraphs, lists, tables, links and footnotes in reading order, and makes a document of them.
#[derive(Debug)]
pub(crate) struct Outline {
    builder: DocumentBuilder,
    lists: Vec<List>,
    /// The block that ended last, for the lead-in of a list that follows it; none after a heading.
    last: Option<Span>,
    /// Whether the reference list is being read, and the level of its heading.
    references: Option<u8>,
    /// Whether it stands under a heading that notes have too, so that not all in it need be a reference.
    notes_only: bool,
    /// Lines of the reference list, each with whether it begins a paragraph.
    lines: Vec<(String, bool)>,
    raised: Option<Raised>,
    table: Table,
    /// Works that the text links to; their markers have provisional keys.
    links: Vec<(Identifiers, String)>,
    notes: Vec<(String, String)>,
    /// Paragraphs whose beginning in bold is not yet known to be a heading.
    bold: Option<String>,
}

#[derive(Debug)]
struct List {
    lead_in: Option<Span>,
    next: Option<u64>,
}

/// Raised text while it is open.
#[derive(Debug, Default)]
struct Raised {
    text: String,
    linked: bool,
    /// Whether it leads to a figure, a footnote of the authors and the like.
    elsewhere: bool,
}

#[derive(Debug, Default)]
struct Table {
    columns: Vec<Option<Span>>,
    row: Option<Span>,
    column: usize,
    header: bool,
}

impl Outline {
    pub(crate) fn new(source: &str, format: Format) -> Self {
        Self {
            builder: DocumentBuilder::new(source, format),
            lists: Vec::new(),
            last: None,
            references: None,
            notes_only: false,
            lines: Vec::new(),
            raised: None,
            table: Table::default(),
            links: Vec::new(),
            notes: Vec::new(),
            bold: None,
        }
    }

    /// The document so far, for what the format's metadata tells.
    pub(crate) fn document(&mut self) -> &mut Document {
        self.builder.document()
    }

    /// Lays out the title as the first line.
    pub(crate) fn title(&mut self, title: &str) {
        self.builder.title(title);
    }

    /// A heading. List numbers and colons are no part of it.
    pub(crate) fn heading(&mut self, level: u8, heading: &str) {
        self.close_block();
        let heading = heading.trim().trim_matches(['*', '_', '#']).trim();
        if reference_list::is_reference_heading(heading) {
            self.flush_references();
            self.references = Some(level);
            self.notes_only = heading.to_lowercase().contains("notes");
            return;
        }
        match self.references {
            Some(outer) if level > outer => return,
            Some(_) => self.flush_references(),
            None => {}
        }
        self.lists.clear();
        self.last = None;
        let start = match layout::shape(heading) {
            Shape::Number { text, .. } => text,
            _ => 0,
        };
        self.builder.heading(level, heading[start..].trim_end_matches(':'));
    }

    /// Begins a paragraph; inside a list item, a further block of the item.
    pub(crate) fn paragraph(&mut self) {
        if self.references.is_some() {
            self.lines.push((String::new(), self.lists.is_empty()));
            return;
        }
        match self.lists.last() {
            Some(list) => {
                let lead_in = list.lead_in;
                self.open(BlockKind::ListItem);
                if let Some(span) = lead_in {
                    self.builder.lead_in(span);
                }
            }
            None => self.open(BlockKind::Paragraph),
        }
    }

    /// Begins a caption.
    pub(crate) fn caption(&mut self) {
        if self.references.is_none() {
            self.open(BlockKind::Caption);
        }
    }

    fn open(&mut self, kind: BlockKind) {
        self.close_block();
        self.builder.start_block(kind);
    }

    /// Ends the open block, if any.
    pub(crate) fn close_block(&mut self) {
        self.settle_bold();
        if let Some(span) = self.builder.end_block() {
            self.last = Some(span);
        }
    }

    /// Whether the reference list is being read.
    pub(crate) fn in_references(&self) -> bool {
        self.references.is_some()
    }

    /// Ends the reference list.
    pub(crate) fn end_references(&mut self) {
        if self.references.is_some() {
            self.flush_references();
        }
    }

    /// The edge of a box that may be a paragraph or only hold some.
    pub(crate) fn boundary(&mut self) {
        if self.references.is_none() {
            self.close_block();
        } else if self.lists.is_empty() {
            self.lines.push((String::new(), true));
        } else {
            self.text(" ");
        }
    }

    /// Adds text.
    pub(crate) fn text(&mut self, text: &str) {
        if let Some(raised) = &mut self.raised {
            raised.text.push_str(text);
        } else if self.references.is_some() {
            match self.lines.last_mut() {
                Some(line) => line.0.push_str(text),
                None => self.lines.push((text.to_owned(), true)),
            }
        } else if let Some(bold) = &mut self.bold {
            bold.push_str(text);
        } else {
            self.builder.push(text);
        }
    }

    /// A line break: the next entry, perhaps, in the reference list; white space elsewhere.
    pub(crate) fn line_break(&mut self) {
        if self.references.is_some() && self.raised.is_none() {
            self.lines.push((String::new(), false));
        } else {
            self.text(" ");
        }
    }

    /// Begins text in bold. At the start of a paragraph it may turn out to be a heading.
    pub(crate) fn open_bold(&mut self, at_start: bool) {
        if at_start && self.references.is_none() && self.lists.is_empty() && self.raised.is_none() && self.bold.is_none() {
            self.bold = Some(String::new());
        }
    }

    /// Ends text in bold: a heading where a line ends with it (`line_ends`), else part of the paragraph.
    pub(crate) fn close_bold(&mut self, line_ends: bool) {
        let Some(bold) = &self.bold else { return };
        let heading = bold.trim();
        let words = heading.split_whitespace().count();
        let sound = (1..=14).contains(&words) && !heading.ends_with(['.', ';', ',']) && !citation::ends_with_marker(heading);
        if line_ends && sound && heading.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
            let numbered = matches!(layout::shape(heading), Shape::Number { .. });
            let level = if numbered { BOLD[0] } else { BOLD[1 + usize::from(heading.ends_with(':'))] };
            let heading = heading.to_owned();
            self.bold = None;
            self.heading(level, &heading);
            self.paragraph();
        } else {
            self.settle_bold();
        }
    }

    fn settle_bold(&mut self) {
        if let Some(bold) = self.bold.take() {
            self.builder.push(&bold);
        }
    }

    /// Begins a list; numbered ones tell their first number.
    pub(crate) fn open_list(&mut self, first: Option<u64>) {
        let parent = !self.lists.is_empty();
        self.close_block();
        let text = self.builder.text();
        let lead_in = self.last.and_then(|span| match parent {
            true => text::introduces(span.of(text)).then_some(span),
            false => text::introduction(text, span),
        });
        self.lists.push(List { lead_in, next: first });
    }

    /// Ends the innermost list.
    pub(crate) fn close_list(&mut self) {
        self.close_block();
        self.lists.pop();
        if self.lists.is_empty() {
            self.last = None;
        }
    }

    /// Begins a list item.
    pub(crate) fn open_item(&mut self) {
        self.close_block();
        let number = self.lists.last_mut().and_then(|list| {
            let number = list.next?;
            list.next = number.checked_add(1);
            Some(number)
        });
        if self.references.is_some() {
            let mark = number.map_or_else(|| "• ".to_owned(), |n| format!("{n}. "));
            self.lines.push((mark, true));
        } else {
            self.paragraph();
        }
    }

    /// Whether the open list item has no text yet, so that its first paragraph goes on with it.
    pub(crate) fn at_item_start(&self) -> bool {
        !self.lists.is_empty() && (self.references.is_some() || !self.builder.has_text())
    }

    /// Begins a table.
    pub(crate) fn open_table(&mut self) {
        self.close_block();
        self.table = Table::default();
    }

    /// Begins a row.
    pub(crate) fn open_row(&mut self) {
        self.close_block();
        self.table.column = 0;
        self.table.row = None;
    }

    /// Begins a cell. Header cells of the first rows head the columns, the first cell of a row heads the row.
    pub(crate) fn open_cell(&mut self, header: bool) {
        self.table.header = header;
        if self.references.is_some() {
            self.lines.push((String::new(), self.table.column == 0));
            return;
        }
        self.open(BlockKind::TableCell);
        let column = self.table.columns.get(self.table.column).copied().flatten();
        if let (Some(row), Some(column)) = (self.table.row, column) {
            self.builder.headers(row, column);
        }
    }

    /// Ends a cell that spans so many columns.
    pub(crate) fn close_cell(&mut self, columns: usize) {
        self.settle_bold();
        let span = self.builder.end_block();
        let columns = columns.clamp(1, 100);
        let first = self.table.column;
        self.table.column += columns;
        if self.table.header && (first > 0 || self.table.row.is_none()) && self.table.columns.len() < 10_000 {
            self.table.columns.resize(self.table.columns.len().max(first + columns), None);
            for column in &mut self.table.columns[first..first + columns] {
                *column = span.or(*column);
            }
        }
        if first == 0 {
            self.table.row = span;
        }
        self.last = None;
    }

    /// Begins raised text.
    pub(crate) fn open_raised(&mut self) {
        if self.raised.is_none() {
            self.settle_bold();
            self.raised = Some(Raised::default());
        }
    }

    /// Ends raised text: a marker, an exponent, or plain text.
    pub(crate) fn close_raised(&mut self) {
        let Some(Raised { text, linked, elsewhere }) = self.raised.take() else { return };
        let inside = text.trim().trim_matches(['[', ']', '(', ')']);
        let before = self.builder.text();
        let keys = citation::expand(inside)
            .filter(|_| self.references.is_none() && !elsewhere && (linked || text.contains('[') || !citation::is_exponent(before)));
        match keys {
            Some(keys) if text.contains('[') => self.builder.cite(&text, keys),
            Some(keys) => self.builder.cite(&format!("[{inside}]"), keys),
            None if before.ends_with(|c: char| c.is_ascii_digit())
                && inside.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '−' | '–')) =>
            {
                let power: String = inside.chars().map(raise).collect();
                self.text(&power);
            }
            None => self.text(&text),
        }
    }

    /// A link that has ended: its words are `text`, already added unless `pending`. Returns whether it took the words as a marker.
    pub(crate) fn link(&mut self, words: &str, target: &str) -> bool {
        if let Some(raised) = &mut self.raised {
            raised.linked |= target.contains('#') || target.contains("10.");
            raised.elsewhere |= FLOAT.is_match(target);
            return false;
        }
        let identifiers = Identifiers::of_address(target);
        if self.references.is_some() {
            let label = LABEL.is_match(words);
            if !label {
                self.text(words);
            }
            let worth = identifiers.is_persistent() || !label && target.starts_with("http") && !target.contains("scholar.google.");
            if worth && identifiers != Identifiers::find(words) {
                let known = identifiers.doi.as_ref().filter(|_| !target.contains("doi.org/10.") || target.contains('%'));
                let named = known.map(|d| format!("https://doi.org/{d}"));
                self.text(&format!(" {} ", named.as_deref().unwrap_or(target)));
            }
            return true;
        }
        let number = words.trim().trim_matches(['[', ']']);
        let before = self.builder.text();
        let in_brackets = before.chars().rev().take(200).find(|c| matches!(c, '[' | ']')) == Some('[');
        let year = number.len() == 4 && YEAR.is_match(number);
        if year || FLOAT.is_match(target) {
            return false;
        }
        if let Some(keys) = citation::expand(number).filter(|k| number.len() < 60 && !k.is_empty()) {
            if (target.starts_with('#') || identifiers.is_persistent()) && !in_brackets {
                self.settle_bold();
                self.builder.cite(&format!("[{number}]"), keys.clone());
                if let ([key], true) = (keys.as_slice(), identifiers.is_persistent()) {
                    self.notes.push((key.clone(), target.to_owned()));
                }
                return true;
            }
            return false;
        }
        if identifiers.is_persistent() {
            self.text(words);
            self.settle_bold();
            let key = format!("\u{1}{}", self.links.len());
            self.links.push((identifiers, format!("{} {target}", words.trim())));
            self.builder.cite("", vec![key]);
            return true;
        }
        false
    }

    /// A marker that the format itself sets apart, such as a footnote's.
    pub(crate) fn cite(&mut self, raw: &str, keys: Vec<String>) {
        if self.references.is_none() {
            self.settle_bold();
            self.builder.cite(raw, keys);
        }
    }

    /// A footnote, or another entry of the reference list that stands apart from it.
    pub(crate) fn note(&mut self, key: &str, text: String) {
        self.notes.push((key.to_owned(), text));
    }

    fn flush_references(&mut self) {
        self.references = None;
        self.lists.clear();
        let mut lines: Vec<(String, bool)> = Vec::new();
        for (text, begins) in std::mem::take(&mut self.lines) {
            let text = LEFT_OVER.replace_all(&text, " ").trim_end_matches(['↩', '\u{fe0e}', '^', ' ']).to_owned();
            let bare = text.trim();
            if bare.is_empty() || bare == "•" || layout::is_furniture(bare) {
                continue;
            }
            // The number of an entry may stand by itself, as in the first cell of a row.
            match lines.last_mut().filter(|l| is_number(l.0.trim())) {
                Some(last) => last.0 = format!("{}. {bare}", last.0.trim().trim_end_matches('.')),
                None => lines.push((text, begins)),
            }
        }
        let mut distinct = citation::bracketed_numbers(self.builder.text());
        distinct.extend(self.builder.document().citations.iter().flat_map(|c| &c.keys).filter(|k| k.parse::<u32>().is_ok()).cloned());
        // A lone number may be a footnote's.
        let numbered = distinct.len() >= (lines.len() / 3).clamp(1, 3);
        let lines: Vec<(Span, bool)> = lines.into_iter().map(|(text, begins)| (self.builder.line(&text), begins)).collect();
        let (mut entries, taken) = reference_list::split(self.builder.text(), &lines);
        // What follows a marked list without a heading stays an entry where it can be one.
        let text = self.builder.text();
        entries.extend(
            (lines[taken..].iter()).filter(|l| YEAR.is_match(l.0.of(text))).map(|&(span, _)| reference_list::Entry { key: None, span }),
        );
        if self.notes_only {
            entries.retain(|e| YEAR.is_match(e.span.of(text)) || Identifiers::find(e.span.of(text)) != Identifiers::default());
        }
        reference_list::add(self.builder.document(), &entries, numbered);
    }

    /// The document, with markers resolved, footnotes and linked works among its references.
    pub(crate) fn finish(mut self) -> Document {
        self.close_block();
        if self.references.is_some() {
            self.flush_references();
        }
        let mut document = self.builder.finish();
        let mut keys: HashSet<String> = document.references.iter().map(|r| r.key.clone()).collect();
        for (key, text) in self.notes {
            if !text.trim().is_empty() && keys.insert(key.clone()) {
                document.references.push(reference::parse(&text, &key));
            }
        }
        resolve_links(&mut document, self.links);
        join_ranges(&mut document);
        drop_furniture(&mut document);
        structured::split(&mut document);
        citation::mark(&mut document);
        document
    }
}

/// Gives links to works the keys of their entries; works that the list lacks join it under their identifier.
fn resolve_links(document: &mut Document, links: Vec<(Identifiers, String)>) {
    if links.is_empty() {
        return;
    }
    let names =
        |i: &Identifiers| [i.doi.clone(), i.pmid.as_ref().map(|p| format!("PMID:{p}")), i.pmcid.clone(), i.trial.clone(), i.arxiv.clone()];
    let mut known: HashMap<String, String> = HashMap::new();
    for r in &document.references {
        for name in names(&r.identifiers).into_iter().flatten() {
            known.entry(name).or_insert_with(|| r.key.clone());
        }
    }
    let own = document.identifiers.clone();
    let is_own = |i: &Identifiers| {
        let part = |doi: &String| {
            own.doi.as_ref().is_some_and(|o| doi == o || doi.starts_with(&format!("{o}.")) || doi.starts_with(&format!("{o}/")))
        };
        i.doi.as_ref().is_some_and(part) || i.pmid.is_some() && i.pmid == own.pmid || i.pmcid.is_some() && i.pmcid == own.pmcid
    };
    let mut resolved = Vec::with_capacity(links.len());
    for (identifiers, words) in links {
        // A page links to itself and to its figures, which cites nothing.
        if is_own(&identifiers) {
            resolved.push(String::new());
            continue;
        }
        let found = names(&identifiers).into_iter().flatten().find_map(|n| known.get(&n).cloned());
        let key = found.unwrap_or_else(|| {
            let key = identifiers.preferred().or(identifiers.trial.clone()).or(identifiers.arxiv.clone()).unwrap_or_else(|| words.clone());
            for name in names(&identifiers).into_iter().flatten() {
                known.insert(name, key.clone());
            }
            document.references.push(reference::parse(&words, &key));
            key
        });
        resolved.push(key);
    }
    for citation in &mut document.citations {
        for key in &mut citation.keys {
            if let Some(link) = key.strip_prefix('\u{1}').and_then(|n| n.parse::<usize>().ok()).and_then(|n| resolved.get(n)) {
                key.clone_from(link);
            }
        }
        citation.keys.retain(|k| !k.is_empty());
    }
    document.citations.retain(|c| !c.keys.is_empty());
}

/// Whether a line is a number and nothing else.
fn is_number(line: &str) -> bool {
    let digits = line.trim_end_matches('.');
    (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Two numbers that are linked one by one, with a dash between them, name those between them too.
fn join_ranges(document: &mut Document) {
    let text = &document.text;
    for i in 1..document.citations.len() {
        let [before, after] = [&document.citations[i - 1], &document.citations[i]];
        let dash = text.get(before.span.end..after.span.start).is_some_and(|t| matches!(t.trim(), "-" | "–" | "—" | "−"));
        let number = |k: Option<&String>| k.and_then(|k| k.parse::<u32>().ok());
        if let (true, Some(from), Some(to)) = (dash, number(before.keys.last()), number(after.keys.first()))
            && from < to
            && to - from <= 100
        {
            document.citations[i].keys.splice(0..0, (from + 1..to).map(|n| n.to_string()));
        }
    }
}

/// Takes blocks that are no text of the article from its sections; dates and bylines among the first tell what they say.
fn drop_furniture(document: &mut Document) {
    let mut sections = std::mem::take(&mut document.sections);
    let mut seen = 0;
    for section in &mut sections {
        section.blocks.retain(|block| {
            seen += 1;
            if block.span.len() > 200 {
                return true;
            }
            let line = block.span.of(&document.text).to_owned();
            block.kind == BlockKind::TableCell || !furniture::take(document, &line, seen <= 8)
        });
    }
    sections.retain(|s| !s.blocks.is_empty() || s.heading_span.is_some());
    document.sections = sections;
}

fn raise(c: char) -> char {
    match c {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' | '4'..='9' => char::from_u32('⁰' as u32 + c as u32 - '0' as u32).unwrap_or(c),
        _ => '⁻',
    }
}
