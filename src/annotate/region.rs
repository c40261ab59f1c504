//! Which parts of a document can hold mentions: not the reference list, citation markers, addresses, author lists.

use crate::document::Document;
use crate::text::Span;

/// Headings under which nothing is a mention.
const SILENT: [&str; 16] = [
    "references",
    "bibliography",
    "literature",
    "literature cited",
    "works cited",
    "acknowledgements",
    "acknowledgments",
    "acknowledgement",
    "acknowledgment",
    "author contributions",
    "authors' contributions",
    "competing interests",
    "conflict of interest",
    "conflicts of interest",
    "funding",
    "abbreviations used",
];

/// The stretches of the text in which mentions are looked for, in order, none overlapping another.
pub fn regions(document: &Document) -> Vec<Span> {
    let text = document.text.as_str();
    let mut open: Vec<Span> = Vec::new();
    if document.sections.is_empty() {
        open.push(Span::new(0, text.len()));
    } else if document.title.is_some() {
        open.push(Span::new(0, text.find('\n').unwrap_or(text.len())));
    }
    for section in &document.sections {
        let silent = section.heading.iter().any(|h| {
            let h = h.trim().trim_end_matches(':').to_lowercase();
            SILENT.contains(&h.as_str())
        });
        if silent {
            continue;
        }
        open.extend(section.heading_span);
        open.extend(section.blocks.iter().map(|b| b.span));
    }
    let mut closed: Vec<Span> = document.citations.iter().map(|c| c.span).filter(|s| !s.is_empty()).collect();
    closed.extend(document.references.iter().filter_map(|r| r.span));
    closed.extend(addresses(text));
    subtract(open, closed, text)
}

/// Web and mail addresses and DOIs.
fn addresses(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    for sign in ["://", "www.", "doi.org/", "doi:", "@"] {
        // Searching on from where the last one ended keeps this linear.
        let mut last = 0;
        for (at, _) in text.match_indices(sign) {
            let Some(before) = text.get(last..at) else { continue };
            let start =
                before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '<' | '"')).map_or(last, |i| next(text, last + i));
            let end = text[at..].find(|c: char| c.is_whitespace() || matches!(c, '>' | '"')).map_or(text.len(), |e| at + e);
            if sign != "@" || text[start..end].contains('.') {
                out.push(Span::new(start, end.max(start)));
            }
            last = end;
        }
    }
    out
}

fn next(text: &str, i: usize) -> usize {
    text[i..].chars().next().map_or(i, |c| i + c.len_utf8())
}

/// `open` without `closed`, on character boundaries of `text`.
fn subtract(mut open: Vec<Span>, mut closed: Vec<Span>, text: &str) -> Vec<Span> {
    open.sort_unstable();
    closed.sort_unstable();
    let mut out = Vec::with_capacity(open.len() + closed.len());
    let mut from = 0;
    let mut reached = 0;
    for region in open {
        let mut at = region.start.max(reached);
        while closed.get(from).is_some_and(|c| c.end <= at) {
            from += 1;
        }
        for c in closed.iter().skip(from).take_while(|c| c.start < region.end) {
            if c.start > at {
                out.push(Span::new(at, c.start));
            }
            at = at.max(c.end);
        }
        if at < region.end {
            out.push(Span::new(at, region.end));
        }
        reached = reached.max(at.max(region.end));
    }
    out.retain(|s| text.get(s.start..s.end).is_some());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{BlockKind, DocumentBuilder, Format};

    #[test]
    fn markers_addresses_and_references_are_left_out() {
        let mut b = DocumentBuilder::new("a.md", Format::Markdown);
        b.title("Hip");
        b.heading(1, "Mechanism");
        b.push("Cells (https://example.org/il-6) suppress IL-6 ");
        b.cite("[1]", vec!["1".into()]);
        b.push(" and mail me@example.org PGE2.");
        b.heading(1, "References");
        b.start_block(BlockKind::ListItem);
        b.push("Lim et al. IL-6.");
        let d = b.finish();
        let left: Vec<&str> = regions(&d).iter().map(|s| s.of(&d.text)).collect();
        assert_eq!(left, ["Hip", "Mechanism", "Cells (", " suppress IL-6 ", " and mail ", " PGE2."]);
    }

    #[test]
    fn a_text_without_sections_is_read_whole() {
        let mut d = Document::new("a", Format::Text);
        d.text = "IL-6 falls".to_owned();
        assert_eq!(regions(&d), [Span::new(0, 10)]);
    }
}
