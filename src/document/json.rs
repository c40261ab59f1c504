//! A document as the line of JSON that `evigraph read --format json` prints.

use super::{BlockKind, Document, Format, Identifiers, Traceability};
use crate::text::TextIndex;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'d> {
    id: String,
    source: &'d str,
    format: Format,
    title: Option<&'d str>,
    authors: &'d [String],
    date: Option<&'d str>,
    identifiers: &'d Identifiers,
    licence: Option<&'d str>,
    notices: &'d [String],
    abbreviations: &'d [(String, String)],
    warnings: &'d [String],
    sections: Vec<SectionLine<'d>>,
    citations: Vec<CitationLine<'d>>,
    references: Vec<ReferenceLine<'d>>,
    text: &'d str,
}

#[derive(Serialize)]
struct SectionLine<'d> {
    heading: &'d [String],
    blocks: Vec<BlockLine<'d>>,
}

#[derive(Serialize)]
struct BlockLine<'d> {
    kind: BlockKind,
    text: &'d str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct CitationLine<'d> {
    start: usize,
    end: usize,
    raw: &'d str,
    keys: &'d [String],
}

#[derive(Serialize)]
struct ReferenceLine<'d> {
    key: &'d str,
    raw: &'d str,
    authors: &'d [String],
    year: Option<u16>,
    title: Option<&'d str>,
    venue: Option<&'d str>,
    volume: Option<&'d str>,
    pages: Option<&'d str>,
    doi: Option<&'d str>,
    pmid: Option<&'d str>,
    pmcid: Option<&'d str>,
    trial: Option<&'d str>,
    arxiv: Option<&'d str>,
    url: Option<&'d str>,
    traceability: Traceability,
}

impl Document {
    /// The document as one line of JSON, without the line break. Positions are code points of `text`, the normalised text.
    ///
    /// ```
    /// use evigraph::document::{DocumentBuilder, Format};
    /// let mut b = DocumentBuilder::new("a.md", Format::Markdown);
    /// b.push("Integrin α2β1 binds ");
    /// b.cite("[3,5-7]", ["3", "5", "6", "7"].map(String::from).to_vec());
    /// let line: serde_json::Value = serde_json::from_str(&b.finish().to_json()).unwrap();
    /// assert_eq!(line["citations"][0]["start"], 20);
    /// assert_eq!(line["sections"][0]["blocks"][0]["kind"], "paragraph");
    /// ```
    pub fn to_json(&self) -> String {
        let index = TextIndex::new(&self.text);
        let sections = (self.sections.iter())
            .map(|s| SectionLine {
                heading: &s.heading,
                blocks: (s.blocks.iter())
                    .map(|b| BlockLine {
                        kind: b.kind,
                        text: b.span.of(&self.text),
                        start: index.code_point(b.span.start),
                        end: index.code_point(b.span.end),
                    })
                    .collect(),
            })
            .collect();
        let citations = (self.citations.iter())
            .map(|c| CitationLine {
                start: index.code_point(c.span.start),
                end: index.code_point(c.span.end),
                raw: c.span.of(&self.text),
                keys: &c.keys,
            })
            .collect();
        let references = (self.references.iter())
            .map(|r| ReferenceLine {
                key: &r.key,
                raw: &r.raw,
                authors: &r.authors,
                year: r.year,
                title: r.title.as_deref(),
                venue: r.venue.as_deref(),
                volume: r.volume.as_deref(),
                pages: r.pages.as_deref(),
                doi: r.identifiers.doi.as_deref(),
                pmid: r.identifiers.pmid.as_deref(),
                pmcid: r.identifiers.pmcid.as_deref(),
                trial: r.identifiers.trial.as_deref(),
                arxiv: r.identifiers.arxiv.as_deref(),
                url: r.identifiers.url.as_deref(),
                traceability: r.traceability,
            })
            .collect();
        let line = Line {
            id: self.id(),
            source: &self.source,
            format: self.format,
            title: self.title.as_deref(),
            authors: &self.authors,
            date: self.date.as_deref(),
            identifiers: &self.identifiers,
            licence: self.licence.as_deref(),
            notices: &self.notices,
            abbreviations: &self.abbreviations,
            warnings: &self.warnings,
            sections,
            citations,
            references,
            text: &self.text,
        };
        serde_json::to_string(&line).expect("strings and numbers always serialise")
    }
}
