//! Structured abstracts: labels such as "METHODS:" inside paragraphs become sections.

use crate::document::{Block, BlockKind, Document, Section};
use crate::text::{Span, pattern};
use regex::Regex;
use std::sync::LazyLock;

/// A label with the colon, dash or stop after it; or, in capitals, without any.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    const NAMES: &str = r"(?:background(?:\s+(?:and|&|/)\s*(?:aims?|objectives?|purpose))?|introduction|context|rationale|objectives?|aims?|purpose|hypothesis
        |(?:study\s+|research\s+|experimental\s+|trial\s+)?design(?:\s+and\s+(?:setting|methods))?|design,\s+setting,?\s+and\s+participants|settings?|participants|subjects|patients|sample|population
        |(?:materials?\s+(?:and|&)\s+|patients\s+(?:and|&)\s+|subjects\s+and\s+)?methods?(?:\s+(?:and|&)\s+(?:results|findings|materials?))?|(?:experimental\s+)?approach|methodology
        |interventions?|treatment|exposures?|(?:main\s+|primary\s+)?outcomes?(?:\s+(?:and|&)\s+measure(?:s|ments)|\s+measures?)?|main\s+measures|measurements?(?:\s+and\s+main\s+results)?
        |data\s+(?:sources?|extraction|synthesis|collection)|study\s+selection|search\s+strategy|eligibility\s+criteria|statistical\s+analysis
        |(?:main\s+|key\s+|principal\s+)?(?:results?|findings)(?:\s+(?:and|&)\s+(?:conclusions?|discussion))?|discussion|(?:authors['’]\s+)?conclusions?(?:\s+(?:and|&)\s+(?:implications|relevance|significance))?
        |interpretation|significance|(?:clinical\s+)?(?:relevance|implications)|limitations?|level\s+of\s+evidence|(?:clinical\s+)?trial\s+registration(?:\s+number)?|registration|funding|keywords?|key\s+words
        |mechanism\s+of\s+action|mechanisms?|case\s+(?:study|report|presentation|description)|supporting\s+evidence|timeline|evidence)";
    let names: String = NAMES.lines().map(str::trim).collect();
    pattern(&format!(r"(?i:{names})(?::|\s+[-–—]|\.)?\s"))
});

/// A label found: where it stands, without and with what separates it from its text.
#[derive(Debug, Clone, Copy)]
struct Label {
    name: Span,
    end: usize,
    colon: bool,
}

/// Splits labelled paragraphs into sections of their own under the heading that they stand under.
///
/// A paragraph is labelled where it begins with a label and the document has two of them, so that a
/// sentence which merely begins with "Results" stays as it is.
pub(crate) fn split(document: &mut Document) {
    let text = &document.text;
    let paragraphs =
        |s: &Section| s.blocks.iter().filter(|b| b.kind == BlockKind::Paragraph).map(|b| labels(text, b.span)).collect::<Vec<_>>();
    let found: Vec<Vec<Vec<Label>>> = document.sections.iter().map(paragraphs).collect();
    let count = |colon: bool| found.iter().flatten().flatten().filter(|l| l.colon == colon).count();
    let (with_colon, without) = (count(true) >= 2, count(false) >= 2);
    if !with_colon && !without {
        return;
    }
    let mut sections = Vec::with_capacity(document.sections.len());
    for (section, labels) in std::mem::take(&mut document.sections).into_iter().zip(found) {
        let mut labels = labels.into_iter();
        let mut open = Section { heading: section.heading.clone(), heading_span: section.heading_span, blocks: Vec::new() };
        let mut labelled = false;
        for block in section.blocks {
            let mut here = if block.kind == BlockKind::Paragraph { labels.next().unwrap_or_default() } else { Vec::new() };
            here.retain(|l| if l.colon { with_colon } else { without });
            if here.first().is_none_or(|l| l.name.start != block.span.start) {
                // A paragraph without label goes back to the section around it, unless its label stands above it.
                here.clear();
            }
            if here.is_empty() {
                open.blocks.push(block);
                continue;
            }
            for (i, label) in here.iter().enumerate() {
                let end = here.get(i + 1).map_or(block.span.end, |next| next.name.start);
                let span = Span::new(label.end.min(end), end).trim(text);
                let mut heading = section.heading.clone();
                heading.push(label.name.of(text).split_whitespace().collect::<Vec<_>>().join(" "));
                if labelled || !open.blocks.is_empty() || open.heading_span.is_some() {
                    sections.push(open);
                }
                labelled = true;
                open = Section { heading, heading_span: Some(label.name), blocks: Vec::new() };
                if !span.is_empty() {
                    open.blocks.push(Block { kind: BlockKind::Paragraph, span, lead_in: None, headers: None });
                }
            }
        }
        sections.push(open);
    }
    document.sections = sections;
}

/// The labels of one paragraph: at its start, and after a full stop.
fn labels(text: &str, span: Span) -> Vec<Label> {
    let words = span.of(text);
    let mut found = Vec::new();
    for m in LABEL.find_iter(words) {
        let name = m.as_str().trim_end().trim_end_matches([':', '.', '-', '–', '—']).trim_end();
        let separator = &m.as_str()[name.len()..];
        let colon = separator.trim().starts_with(':') || separator.trim().starts_with(['-', '–', '—']);
        let upper = !name.chars().any(char::is_lowercase);
        let before = words[..m.start()].trim_end();
        let at_start = before.is_empty();
        let sound = name.starts_with(char::is_uppercase)
            && (at_start || words[..m.start()].ends_with(char::is_whitespace) && before.ends_with(['.', '!', '?', ')', ']', ';']))
            && (colon || upper && name.len() > 3 && words[m.end()..].starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
        if sound {
            let name = Span::new(span.start + m.start(), span.start + m.start() + name.len());
            found.push(Label { name, end: span.start + m.end(), colon });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DocumentBuilder, Format};

    fn headings(paragraphs: &[&str]) -> Vec<(String, String)> {
        let mut b = DocumentBuilder::new("a", Format::Text);
        b.heading(1, "Abstract");
        for p in paragraphs {
            b.start_block(BlockKind::Paragraph);
            b.push(p);
        }
        let mut d = b.finish();
        split(&mut d);
        d.sections.iter().flat_map(|s| s.blocks.iter().map(|b| (s.heading.join(" > "), b.span.of(&d.text).to_owned()))).collect()
    }

    #[test]
    fn labels_inside_one_paragraph() {
        let found =
            headings(&["BACKGROUND: Knees hurt. MATERIALS AND METHODS: We asked 20 patients. RESULTS: Pain fell. Conclusions: It helps."]);
        let names: Vec<&str> = found.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(names, ["Abstract > BACKGROUND", "Abstract > MATERIALS AND METHODS", "Abstract > RESULTS", "Abstract > Conclusions"]);
        assert_eq!(found[2].1, "Pain fell.");
    }

    #[test]
    fn labels_on_paragraphs_of_their_own() {
        let found = headings(&["Background: Knees hurt.", "Results: Pain fell."]);
        assert_eq!(found[1], ("Abstract > Results".into(), "Pain fell.".into()));
    }

    #[test]
    fn capitals_without_colon() {
        let found = headings(&["BACKGROUND Knees hurt. RESULTS Pain fell."]);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn sentences_are_left_alone() {
        let found = headings(&["Results were good. Methods: as before.", "Patients improved. Treatment helped."]);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|f| f.0 == "Abstract"));
    }
}
