//! Markdown: CommonMark with tables and footnotes, and the metadata before it.

use super::outline::Outline;
use super::{ReadError, front_matter};
use crate::document::{Document, Format};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream};

/// Reads Markdown.
pub(crate) fn read(source: &str, content: &str) -> Result<Document, ReadError> {
    let content = content.trim_start_matches('\u{feff}');
    let (metadata, body) = front_matter::split(content);
    if body.trim().is_empty() && metadata.is_none() {
        return Err(ReadError::Empty { source_name: source.to_owned() });
    }
    let body = limit_nesting(body);
    let mut reader = Reader::new(source);
    if let Some(metadata) = metadata {
        front_matter::apply(metadata, reader.outline.document());
        if let Some(title) = reader.outline.document().title.clone() {
            reader.outline.title(&title);
        }
    }
    let parser = Parser::new_ext(&body, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH);
    let mut definitions: Vec<(u64, String)> = (parser.reference_definitions().iter())
        .filter_map(|(label, link)| {
            Some((label.trim_start_matches('^').parse().ok()?, format!("{} {}", link.title.as_deref().unwrap_or(""), link.dest)))
        })
        .collect();
    definitions.sort();
    let mut events = TextMergeStream::new(parser).peekable();
    while let Some(event) = events.next() {
        let line_ends = matches!(events.peek(), Some(Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph)));
        reader.event(event, line_ends);
    }
    for (label, text) in definitions {
        reader.outline.note(&label.to_string(), text.trim().to_owned());
    }
    let document = reader.outline.finish();
    if document.text.is_empty() {
        return Err(ReadError::Empty { source_name: source.to_owned() });
    }
    Ok(document)
}

/// Deeper quotes and lists than anyone writes are read as if less deep: each level costs the parser time on every line.
fn limit_nesting(body: &str) -> std::borrow::Cow<'_, str> {
    const DEEPEST: usize = 100;
    let deep = |line: &str| {
        line.bytes()
            .take_while(|b| matches!(b, b'>' | b' ' | b'\t' | b'-' | b'*' | b'+'))
            .filter(|b| !b.is_ascii_whitespace())
            .nth(DEEPEST)
            .is_some()
    };
    if !body.lines().any(deep) {
        return body.into();
    }
    let markers = ['>', ' ', '\t', '-', '*', '+'];
    body.lines()
        .map(|line| if deep(line) { line.trim_start_matches(markers) } else { line })
        .fold(String::with_capacity(body.len()), |mut out, line| {
            out.push_str(line);
            out.push('\n');
            out
        })
        .into()
}

struct Reader {
    outline: Outline,
    /// The heading being read.
    heading: Option<(u8, String)>,
    /// Links that are open: their target, how they are written, and their words so far.
    links: Vec<(String, LinkType, String)>,
    /// The footnote being read.
    note: Option<(String, String)>,
    /// Whether the paragraph has no text yet.
    at_start: bool,
    bold: u32,
    titled: bool,
    header_row: bool,
    skip: u32,
}

impl Reader {
    fn new(source: &str) -> Self {
        Self {
            outline: Outline::new(source, Format::Markdown),
            heading: None,
            links: Vec::new(),
            note: None,
            at_start: false,
            bold: 0,
            titled: false,
            header_row: false,
            skip: 0,
        }
    }

    fn text(&mut self, text: &str) {
        if self.skip > 0 {
            return;
        }
        if let Some(note) = &mut self.note {
            note.1.push_str(text);
        } else if let Some(heading) = &mut self.heading {
            heading.1.push_str(text);
        } else if let Some(link) = self.links.last_mut() {
            link.2.push_str(text);
        } else {
            self.outline.text(text);
        }
        self.at_start = false;
    }

    fn event(&mut self, event: Event, line_ends: bool) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag, line_ends),
            Event::Text(text) => self.text(&without_stray_stars(&text)),
            Event::Code(text) => self.text(&text),
            Event::SoftBreak | Event::HardBreak => {
                if self.note.is_some() || self.heading.is_some() || !self.links.is_empty() {
                    self.text(" ");
                } else {
                    self.outline.line_break();
                }
            }
            Event::InlineHtml(tag) => self.inline_html(&tag),
            Event::Html(html) => self.text(&without_tags(&html)),
            Event::FootnoteReference(label) if self.note.is_none() && self.heading.is_none() => {
                self.outline.cite(&format!("[^{label}]"), vec![label.to_string()]);
                self.at_start = false;
            }
            Event::Rule => self.outline.close_block(),
            _ => {}
        }
    }

    fn inline_html(&mut self, tag: &str) {
        let name: String =
            tag.chars().filter(|c| !matches!(c, '<' | '>')).take_while(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
        match name.as_str() {
            "sup" if self.note.is_none() && self.heading.is_none() => self.outline.open_raised(),
            "/sup" => self.outline.close_raised(),
            "br" | "br/" => self.event(Event::HardBreak, false),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Paragraph if self.note.is_none() => {
                if !self.outline.at_item_start() {
                    self.outline.paragraph();
                }
                self.at_start = true;
            }
            Tag::Heading { level, .. } => self.heading = Some((depth(level), String::new())),
            Tag::CodeBlock(_) | Tag::HtmlBlock if self.note.is_none() => self.outline.paragraph(),
            Tag::List(first) if self.note.is_none() => self.outline.open_list(first),
            Tag::Item if self.note.is_none() => self.outline.open_item(),
            Tag::FootnoteDefinition(label) => self.note = Some((label.to_string(), String::new())),
            Tag::Table(_) => self.outline.open_table(),
            Tag::TableHead => {
                self.header_row = true;
                self.outline.open_row();
            }
            Tag::TableRow => self.outline.open_row(),
            Tag::TableCell => self.outline.open_cell(self.header_row),
            Tag::Strong => {
                self.bold += 1;
                if self.bold == 1 && self.heading.is_none() && self.note.is_none() && self.links.is_empty() {
                    self.outline.open_bold(self.at_start);
                }
            }
            Tag::Link { link_type, dest_url, .. } => self.links.push((dest_url.to_string(), link_type, String::new())),
            // The words of a picture describe it; they are no text of the article.
            Tag::Image { .. } => self.skip += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, line_ends: bool) {
        match tag {
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock if self.note.is_none() => self.outline.close_block(),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::List(_) if self.note.is_none() => self.outline.close_list(),
            TagEnd::Item if self.note.is_none() => self.outline.close_block(),
            TagEnd::FootnoteDefinition => {
                if let Some((label, text)) = self.note.take() {
                    self.outline.note(&label, text);
                }
            }
            TagEnd::Table => self.outline.close_block(),
            TagEnd::TableHead => self.header_row = false,
            TagEnd::TableCell => self.outline.close_cell(1),
            TagEnd::Strong => {
                self.bold = self.bold.saturating_sub(1);
                if self.bold == 0 {
                    self.outline.close_bold(line_ends);
                }
            }
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.skip = self.skip.saturating_sub(1),
            _ => {}
        }
    }

    fn end_heading(&mut self) {
        let Some((level, text)) = self.heading.take() else { return };
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if level == 1 && !self.titled {
            self.titled = true;
            let document = self.outline.document();
            if document.title.is_none() && document.sections.is_empty() {
                return self.outline.title(&folded);
            }
            if document.title.as_deref() == Some(&folded) {
                return;
            }
        }
        self.outline.heading(level, &folded);
    }

    fn end_link(&mut self) {
        let Some((target, kind, words)) = self.links.pop() else { return };
        if self.note.is_some() || self.heading.is_some() || !self.links.is_empty() || self.skip > 0 {
            if self.note.is_some() && !target.starts_with('#') && !words.contains(&target) {
                self.text(&format!("{words} {target}"));
            } else {
                self.text(&words);
            }
            return;
        }
        // `[1]` whose target stands at the end of the text is a marker; its brackets were syntax.
        let shortcut = matches!(kind, LinkType::Shortcut | LinkType::Collapsed);
        let number = words.trim_start_matches('^');
        if shortcut && number.parse::<u32>().is_ok() {
            self.outline.cite(&format!("[{number}]"), vec![number.to_owned()]);
        } else if !self.outline.link(&words, &target) {
            self.outline.text(&words);
        }
        self.at_start = false;
    }
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

/// Drops emphasis that its own spaces keep from being read as such: `*P *< 0.05` is "P < 0.05".
fn without_stray_stars(text: &str) -> std::borrow::Cow<'_, str> {
    if text.matches('*').nth(1).is_none() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('*') {
        let inner = &rest[open + 1..];
        let close = inner.bytes().take(80).position(|b| b == b'*');
        let before = rest[..open].chars().next_back();
        match close {
            Some(close)
                if close > 0
                    && before.is_none_or(|c| !c.is_alphanumeric())
                    && (inner[..close].ends_with(' ') != inner.starts_with(' ')) =>
            {
                out.push_str(&rest[..open]);
                out.push_str(&inner[..close]);
                rest = &inner[close + 1..];
            }
            _ => {
                out.push_str(&rest[..=open]);
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out.into()
}

/// The text of a line of HTML.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_tables_and_footnotes() {
        let d = read(
            "a.md",
            "---\ndate: 2024-05-02\n---\n# Knees\n\n## 1. Mechanism\n\nCells do this:\n\n- calm IL-6 [1-2]\n  - in rats[^a]\n\n| Group | Pain |\n|---|---|\n| Cells | 3 |\n\n*P *< 0.05\n\n## References\n\n1. Roe J. Knees. Joint Care. 2020.\n2. Doe A. Hips. Joint Care. 2021.\n\n[^a]: Poe E. Rats. Joint Care. 2019.\n",
        )
        .expect("a page with text");
        assert_eq!((d.title.as_deref(), d.date.as_deref()), (Some("Knees"), Some("2024-05-02")));
        let blocks = &d.sections[0].blocks;
        assert_eq!(d.sections[0].heading, ["Mechanism"]);
        assert_eq!(blocks[1].lead_in.map(|s| s.of(&d.text)), Some("Cells do this:"));
        assert_eq!(blocks.last().map(|b| b.span.of(&d.text)), Some("P < 0.05"));
        assert!(blocks.iter().any(|b| b.headers.is_some_and(|h| h.1.of(&d.text) == "Pain")));
        assert_eq!(d.citations.iter().map(|c| c.keys.join(",")).collect::<Vec<_>>(), ["1,2", "a"]);
        assert_eq!(d.references.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["1", "2", "a"]);
    }
}
