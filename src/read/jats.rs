//! JATS and NLM article XML: sections, paragraphs, lists, captions, citations and references.
//!
//! Follows JATS 1.3 (ANSI/NISO Z39.96-2021) and its forerunners NLM 2.x and 3.0 as PubMed Central delivers them.

use super::jats_inline::Marker;
use super::jats_references::{Keys, references};
use super::xml::{Id, Tree};
use super::{ReadError, jats_meta};
use crate::document::{BlockKind, Citation, Document, DocumentBuilder, Format};
use crate::text::Span;

/// Reads one article. `text` is the XML, with or without what stands before the `article` element.
///
/// # Errors
/// [`ReadError::Malformed`] with line and column where the XML is not well-formed, nested too deep, or uses entities of its own.
pub fn read(source: &str, text: &str) -> Result<Document, ReadError> {
    let tree = Tree::parse(source, text)?;
    let root = if tree.name(0) == "article" { Some(0) } else { tree.all(0, "article").next() };
    let root = root.ok_or_else(|| ReadError::unsupported(source, format!("JATS without an <article>, but <{}>", tree.name(0))))?;
    let mut builder = DocumentBuilder::new(source, Format::Jats);
    let front = tree.child(root, "front").or_else(|| tree.child(root, "front-stub"));
    if let Some(front) = front {
        jats_meta::front(&tree, root, front, &mut builder);
    }
    let (entries, keys) = references(&tree, root);
    builder.document().references = entries;
    let mut article =
        Article { tree: &tree, builder, keys, markers: Vec::new(), kind: BlockKind::Paragraph, lead_in: None, last: None, level: 0 };
    if let Some(meta) = front.map(|f| tree.child(f, "article-meta").unwrap_or(f)) {
        for part in tree.children(meta) {
            match tree.name(part) {
                "abstract" => article.section(part, Some("Abstract")),
                "trans-abstract" => {
                    let language = tree.attribute(part, "lang").unwrap_or_default();
                    article.builder.document().warnings.push(format!("an abstract in another language ({language}) was left out"));
                }
                _ => {}
            }
        }
    }
    for part in tree.children(root) {
        match tree.name(part) {
            "body" | "floats-group" | "floats-wrap" => article.blocks(part),
            "back" => article.back(part),
            "sub-article" | "response" => {
                let kind = tree.attribute(part, "article-type").unwrap_or_default();
                let message = format!("an article inside the article ({}, {kind}) was left out", tree.name(part));
                article.builder.document().warnings.push(message);
            }
            _ => {}
        }
    }
    article.close();
    let mut document = article.builder.finish();
    document.citations.sort_by_key(|c| (c.span.start, c.span.end));
    if document.text.is_empty() {
        return Err(ReadError::empty(source));
    }
    Ok(document)
}

/// An article that is being read: the tree, and what has been laid out so far.
pub(super) struct Article<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) builder: DocumentBuilder,
    pub(super) keys: Keys,
    /// Citations of the open block.
    pub(super) markers: Vec<Marker>,
    /// Kind and lead-in of the open block, for what follows a list or figure inside a paragraph.
    pub(super) kind: BlockKind,
    pub(super) lead_in: Option<Span>,
    /// The block that ended last.
    pub(super) last: Option<Span>,
    level: u8,
}

impl Article<'_, '_> {
    /// Starts a block.
    pub(super) fn open(&mut self, kind: BlockKind, lead_in: Option<Span>) {
        self.close();
        self.kind = kind;
        self.lead_in = lead_in;
        self.builder.start_block(kind);
        if let Some(span) = lead_in {
            self.builder.lead_in(span);
        }
    }

    /// Ends the open block, if any, and settles its citations.
    pub(super) fn close(&mut self) -> Option<Span> {
        let span = self.builder.end_block();
        let markers = std::mem::take(&mut self.markers);
        if let Some(span) = span {
            let found = super::jats_inline::group(self.builder.text(), span, &markers);
            let citations = &mut self.builder.document().citations;
            citations.extend(found.into_iter().map(|(span, keys)| Citation { span, keys }));
            self.last = Some(span);
        }
        span
    }

    /// A block of mixed content.
    pub(super) fn flow(&mut self, id: Id, kind: BlockKind, lead_in: Option<Span>) {
        self.open(kind, lead_in);
        self.inline_children(id);
        self.close();
    }

    /// The blocks directly inside `id`.
    pub(super) fn blocks(&mut self, id: Id) {
        for child in self.tree.children(id) {
            self.block(child);
        }
    }

    /// One block, section, list, figure or table.
    pub(super) fn block(&mut self, id: Id) {
        match self.tree.name(id) {
            "" => {
                if !self.tree.value(id).trim().is_empty() {
                    self.open(BlockKind::Paragraph, None);
                    self.inline(id);
                    self.close();
                }
            }
            "sec" | "app" | "boxed-text" | "glossary" | "notes" | "ack" | "statement" => self.section(id, None),
            "list" => self.list(id, None),
            "def-list" => self.definitions(id),
            "fig" | "table-wrap" | "supplementary-material" | "media" | "chem-struct-wrap" => self.float(id),
            "table" | "array" => self.table(id),
            "fn" => self.footnote(id),
            "disp-quote" | "fn-group" | "fig-group" | "table-wrap-group" | "app-group" | "floats-group" | "sec-group" | "verse-group"
            | "speech" | "alternatives" | "disp-formula-group" | "table-wrap-foot" => self.blocks(id),
            "title" if self.tree.text(id).trim().is_empty() => {}
            "graphic" | "object-id" | "label" | "sec-meta" | "ref-list" | "bio" | "alt-text" | "long-desc" | "permissions"
            | "related-article" | "related-object" | "history" => {}
            _ => self.flow(id, BlockKind::Paragraph, None),
        }
    }

    /// A section with its heading, taken from its title unless it has none.
    pub(super) fn section(&mut self, id: Id, untitled: Option<&str>) {
        self.close();
        let printed = self.tree.child(id, "title");
        let cited = printed.map(|t| self.cited_inside(t)).unwrap_or_default();
        let title =
            printed.and_then(|t| self.heading_text(t)).or_else(|| untitled.map(str::to_owned)).or_else(|| match self.tree.name(id) {
                "ack" => Some("Acknowledgements".to_owned()),
                "glossary" => Some("Abbreviations".to_owned()),
                _ => None,
            });
        let title = title.map(|t| unnumbered(&t).to_owned());
        let level = self.level.saturating_add(1);
        if let Some(title) = &title {
            self.level = level;
            self.builder.heading(level, title);
            if !cited.is_empty() {
                // The marker is no part of the heading's text, and stands behind it.
                let at = self.builder.text().len();
                self.builder.document().citations.push(Citation { span: Span::new(at, at), keys: cited });
            }
            if jats_meta::lists_abbreviations(title) {
                self.abbreviations(id);
            }
        }
        for child in self.tree.children(id) {
            if Some(child) != printed {
                self.block(child);
            }
        }
        self.close();
        if title.is_some() {
            self.level = level - 1;
            self.builder.close_heading(level);
        }
    }

    /// Acknowledgements, appendices, notes and footnotes; the reference list is read apart.
    fn back(&mut self, id: Id) {
        for child in self.tree.children(id) {
            match self.tree.name(child) {
                "fn-group" => self.section(child, self.tree.child(child, "title").is_none().then_some("Footnotes")),
                _ => self.block(child),
            }
        }
    }

    fn footnote(&mut self, id: Id) {
        if self.tree.attribute(id, "fn-type").is_some_and(|t| t.starts_with("abbr")) {
            self.abbreviations(id);
        }
        self.blocks(id);
    }

    /// A list; `lead_in` is the line that introduces it where it stands inside a paragraph.
    pub(super) fn list(&mut self, id: Id, lead_in: Option<Span>) {
        self.close();
        let lead_in = lead_in.or_else(|| self.introduction());
        for item in self.tree.children(id) {
            match self.tree.name(item) {
                "list-item" => {
                    for part in self.tree.children(item) {
                        match self.tree.name(part) {
                            "list" => {
                                let lead_in = self.last;
                                self.list(part, lead_in);
                            }
                            "p" | "title" => self.flow(part, BlockKind::ListItem, lead_in),
                            "" if !self.tree.value(part).trim().is_empty() => {
                                self.open(BlockKind::ListItem, lead_in);
                                self.inline(part);
                                self.close();
                            }
                            _ => self.block(part),
                        }
                    }
                }
                "title" => self.flow(item, BlockKind::Paragraph, None),
                _ => {}
            }
        }
    }

    /// The last sentence of the block before, where it ends with a colon.
    fn introduction(&self) -> Option<Span> {
        let text = self.builder.text();
        let last = self.last.filter(|l| l.end == text.len() && l.of(text).ends_with(':'))?;
        Some(last_sentence(text, last))
    }

    /// Terms with their definitions, as list items; those of an abbreviations section are kept as such too.
    fn definitions(&mut self, id: Id) {
        if let Some(title) = self.tree.field(id, "title") {
            self.open(BlockKind::Paragraph, None);
            self.builder.push(&title);
            self.close();
            if jats_meta::lists_abbreviations(&title) {
                self.abbreviations(id);
            }
        }
        let lead_in = self.introduction();
        for item in self.tree.children(id) {
            if self.tree.name(item) != "def-item" {
                continue;
            }
            self.open(BlockKind::ListItem, lead_in);
            for (n, part) in self.tree.children(item).filter(|&p| matches!(self.tree.name(p), "term" | "def")).enumerate() {
                if n > 0 {
                    self.builder.push(": ");
                }
                for inner in self.tree.children(part) {
                    if self.tree.name(inner) == "p" { self.inline_children(inner) } else { self.inline(inner) }
                }
            }
            self.close();
        }
    }

    fn abbreviations(&mut self, id: Id) {
        let mut pairs = jats_meta::abbreviations(self.tree, id);
        let known = &mut self.builder.document().abbreviations;
        pairs.retain(|p| !known.contains(p));
        known.append(&mut pairs);
    }

    /// A figure, table or file with its label and caption.
    fn float(&mut self, id: Id) {
        self.close();
        let label = self.tree.field(id, "label");
        let caption = self.tree.child(id, "caption");
        let mut prefix = label.map(|l| format!("{}. ", l.trim_end_matches(['.', ':', ' '])));
        let mut start = |article: &mut Self| {
            article.open(BlockKind::Caption, None);
            if let Some(label) = prefix.take() {
                article.builder.push(&label);
            }
        };
        for part in caption.into_iter().flat_map(|c| self.tree.children(c)) {
            match self.tree.name(part) {
                "title" | "p" => {
                    start(self);
                    self.inline_children(part);
                    self.close();
                }
                "" if self.tree.value(part).trim().is_empty() => {}
                "" => {
                    start(self);
                    self.inline(part);
                    self.close();
                }
                _ => self.block(part),
            }
        }
        for part in self.tree.children(id) {
            match self.tree.name(part) {
                "caption" | "label" | "" | "attrib" => {}
                "table-wrap-foot" | "p" | "fn-group" => self.notes(part),
                _ => self.block(part),
            }
        }
    }

    /// What stands below a table: captions, so that nobody takes them for running text.
    fn notes(&mut self, id: Id) {
        let leaves: Vec<Id> = self.tree.inside(id).filter(|&i| self.tree.name(i) == "p").collect();
        if leaves.is_empty() {
            return self.flow(id, BlockKind::Caption, None);
        }
        let mut after = 0;
        for leaf in leaves {
            if leaf >= after {
                self.flow(leaf, BlockKind::Caption, None);
                after = self.tree.end(leaf);
            }
        }
    }
}

/// The last sentence of `span`, told by a stop and a space.
pub(super) fn last_sentence(text: &str, span: Span) -> Span {
    let from = span.of(text).rfind(". ").map_or(span.start, |n| span.start + n + 2);
    Span::new(from, span.end)
}

/// A heading without the number of its section ("2.1. Cells").
pub(super) fn unnumbered(title: &str) -> &str {
    let number = title.len() - title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, rest) = title.split_at(number);
    let rest = rest.strip_prefix(')').unwrap_or(rest);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('.') || rest.len() + number.len() < title.len();
    if is_number && !number.is_empty() && rest.starts_with(' ') { rest.trim_start() } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_numbers_go_and_other_numbers_stay() {
        for (title, want) in
            [("2.1. Cells", "Cells"), ("1) Hip", "Hip"), ("3 weeks after", "3 weeks after"), ("2.5-fold rise", "2.5-fold rise")]
        {
            assert_eq!(unnumbered(title), want);
        }
    }
}
