//! Text with what is said in it marked: quotes of claims in an article, words in a quote.

use super::claim::anchor;
use crate::document::{BlockKind, Document, Section};
use crate::text::Span;
use maud::{Markup, PreEscaped, html};

/// A claim's quote in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    /// Where it stands, in bytes.
    pub(super) span: Span,
    /// The claim's IRI.
    pub(super) claim: String,
    /// Its number in the list beside the text.
    pub(super) number: usize,
    /// Whether it lacks a source.
    pub(super) bare: bool,
}

/// A quote with the words of subject and object marked, where they occur.
pub(super) fn marked(quote: &str, subjects: &[String], objects: &[String]) -> Markup {
    let lower = quote.to_lowercase();
    // Positions are those of the quote only where lower case has the same lengths.
    let found = |names: &[String]| {
        let mut names: Vec<String> = names.iter().filter(|n| n.chars().count() > 1).map(|n| n.to_lowercase()).collect();
        names.sort_by_key(|n| std::cmp::Reverse(n.len()));
        names.iter().filter(|_| lower.len() == quote.len()).find_map(|n| {
            let whole = |at: &usize| {
                let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                bounded(lower[..*at].chars().next_back()) && quote.is_char_boundary(*at) && quote.is_char_boundary(at + n.len())
            };
            lower.match_indices(n.as_str()).map(|m| m.0).find(whole).map(|at| Span::new(at, at + n.len()))
        })
    };
    let mut marks: Vec<(Span, &str)> = Vec::new();
    if let Some(span) = found(subjects) {
        marks.push((span, "subject"));
    }
    if let Some(span) = found(objects).filter(|s| marks.iter().all(|m| !m.0.overlaps(*s))) {
        marks.push((span, "object"));
    }
    marks.sort();
    // The text before each mark, the mark, and what is left at the end.
    let starts = std::iter::once(0).chain(marks.iter().map(|m| m.0.end));
    let pieces: Vec<(&str, &str, &str)> =
        starts.clone().zip(&marks).map(|(at, (span, class))| (&quote[at..span.start], *class, span.of(quote))).collect();
    let rest = &quote[starts.last().unwrap_or_default()..];
    html! {
        @for (before, class, words) in &pieces { (before) mark class=(class) { (words) } }
        (rest)
    }
}

/// An article's text by sections, the quotes marked and linked to the list of claims.
pub(super) fn article(document: &Document, quotes: &[Quoted]) -> Markup {
    html! { @for section in &document.sections { (self::section(&document.text, section, quotes)) } }
}

fn section(text: &str, section: &Section, quotes: &[Quoted]) -> Markup {
    // Runs of cells are a table, runs of items a list.
    let mut runs: Vec<(BlockKind, Vec<Span>)> = Vec::new();
    for block in &section.blocks {
        match runs.last_mut().filter(|r| r.0 == block.kind && block.kind != BlockKind::Paragraph) {
            Some(run) => run.1.push(block.span),
            None => runs.push((block.kind, vec![block.span])),
        }
    }
    html! {
        @if let Some(heading) = section.heading.last() {
            @if section.heading.len() <= 1 { h2 { (heading) } } @else { h3 { (heading) } }
        }
        @for (kind, spans) in &runs { @match kind {
            BlockKind::ListItem => ul { @for span in spans { li { (passage(text, *span, quotes)) } } },
            BlockKind::TableCell => div class="cells" { @for span in spans { span { (passage(text, *span, quotes)) } " " } },
            BlockKind::Caption => @for span in spans { p class="caption" { (passage(text, *span, quotes)) } },
            BlockKind::Paragraph => @for span in spans { p { (passage(text, *span, quotes)) } },
        } }
    }
}

/// A stretch of text: cut wherever a quote begins or ends, each piece a link to the first claim that it belongs to.
fn passage(text: &str, span: Span, quotes: &[Quoted]) -> Markup {
    let here: Vec<&Quoted> = quotes.iter().filter(|q| q.span.overlaps(span)).collect();
    let mut cuts: Vec<usize> = here.iter().flat_map(|q| [q.span.start.max(span.start), q.span.end.min(span.end)]).collect();
    cuts.extend([span.start, span.end]);
    cuts.sort_unstable();
    cuts.dedup();
    html! {
        @for pair in cuts.windows(2) {
            @let piece = Span::new(pair[0], pair[1]);
            @let over: Vec<&&Quoted> = here.iter().filter(|q| q.span.contains(piece)).collect();
            @match over.first() {
                None => (piece.of(text)),
                Some(first) => {
                    @for q in over.iter().filter(|q| q.span.start.max(span.start) == piece.start) {
                        @if q.span.start >= span.start { span id=(format!("t-{}", anchor(&q.claim))) class="anchor" {} }
                    }
                    a class=(if over.iter().any(|q| q.bare) { "said bare" } else { "said" }) href=(format!("#c-{}", anchor(&first.claim))) { (piece.of(text)) }
                    @for q in over.iter().filter(|q| q.span.end.min(span.end) == piece.end) {
                        sup { a href=(format!("#c-{}", anchor(&q.claim))) aria-label=(format!("Claim {}", q.number)) { (q.number) } }
                    }
                }
            }
        }
        (PreEscaped("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_overlap_are_cut_and_everything_is_escaped() {
        let text = "A <b>lowers</b> C & D.";
        let quoted =
            |start, end, number| Quoted { span: Span::new(start, end), claim: format!("x/claim/{number}"), number, bare: number == 2 };
        let html = passage(text, Span::new(0, text.len()), &[quoted(0, 17, 1), quoted(5, 22, 2)]).into_string();
        assert!(!html.contains("<b>") && html.contains("&lt;b&gt;"), "{html}");
        for part in ["id=\"t-1\"", "id=\"t-2\"", "href=\"#c-1\"", "aria-label=\"Claim 2\"", "class=\"said bare\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(html.matches("id=\"t-1\"").count(), 1);
    }

    #[test]
    fn subject_and_object_are_marked_as_whole_words() {
        let html = marked("IL6 lowers pain in PAINT; pain", &["il6".to_owned()], &["Pain".to_owned()]).into_string();
        assert_eq!(html, "<mark class=\"subject\">IL6</mark> lowers <mark class=\"object\">pain</mark> in PAINT; pain");
        assert_eq!(marked("İ <i>", &["i".to_owned()], &[]).into_string(), "İ &lt;i&gt;");
    }
}
