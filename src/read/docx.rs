//! Word documents (Office Open XML, ECMA-376): headings by style, lists, tables, raised markers, footnotes and properties.

use super::open::{MAX_ARTICLE, damaged, too_large};
use super::outline::Outline;
use super::xml::{Id, Tree};
use super::{ReadError, encoding};
use crate::document::{Document, Format};
use std::collections::HashMap;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Reads the document of an archive.
pub(super) fn read<R: Read + Seek>(source: &str, archive: &mut ZipArchive<R>) -> Result<Document, ReadError> {
    let main = part(source, archive, "word/document.xml")?
        .ok_or_else(|| ReadError::unsupported(source, "no Word document, for it has no word/document.xml; save it again as .docx"))?;
    let styles = part(source, archive, "word/styles.xml")?;
    let notes = [part(source, archive, "word/footnotes.xml")?, part(source, archive, "word/endnotes.xml")?];
    let properties = part(source, archive, "docProps/core.xml")?;
    let tree = Tree::parse(&format!("{source}/word/document.xml"), &main)?;
    let mut reader = Reader { tree: &tree, outline: Outline::new(source, Format::Docx), levels: HashMap::new(), lists: 0 };
    if let Some(styles) = &styles {
        reader.levels = heading_styles(&Tree::parse(&format!("{source}/word/styles.xml"), styles)?);
    }
    let mut titled = false;
    if let Some(properties) = &properties {
        let tree = Tree::parse(&format!("{source}/docProps/core.xml"), properties)?;
        if let Some(title) = tree.field(0, "title") {
            reader.outline.title(&title);
            titled = true;
        }
        let document = reader.outline.document();
        document.authors = tree
            .field(0, "creator")
            .map(|c| c.split(';').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect())
            .unwrap_or_default();
        document.date = tree.field(0, "created").and_then(|d| d.get(..10).map(str::to_owned));
    }
    let body = tree.child(0, "body").unwrap_or(0);
    reader.blocks(body, &mut titled);
    reader.end_lists(0);
    for (n, note) in notes.iter().enumerate().filter_map(|(n, note)| note.as_ref().map(|note| (n, note))) {
        let name = ["word/footnotes.xml", "word/endnotes.xml"][n];
        let tree = Tree::parse(&format!("{source}/{name}"), note)?;
        for id in tree.children(0) {
            let key = tree.attribute(id, "id").unwrap_or_default().into_owned();
            if let Some(text) = tree.folded(id).filter(|_| tree.attribute(id, "type").is_none()) {
                reader.outline.note(&key, text);
            }
        }
    }
    let document = reader.outline.finish();
    if document.text.is_empty() { Err(ReadError::empty(source)) } else { Ok(document) }
}

fn part<R: Read + Seek>(source: &str, archive: &mut ZipArchive<R>, name: &str) -> Result<Option<String>, ReadError> {
    let Some(index) = archive.index_for_name(name) else {
        return Ok(None);
    };
    let name = format!("{source}/{name}");
    let file = archive.by_index(index).map_err(|e| ReadError::unsupported(&name, format!("cannot be unpacked ({e})")))?;
    let mut bytes = Vec::new();
    file.take(MAX_ARTICLE as u64 + 1).read_to_end(&mut bytes).map_err(|e| damaged(&name, e))?;
    if bytes.len() > MAX_ARTICLE {
        return Err(too_large(&name, MAX_ARTICLE));
    }
    Ok(Some(encoding::decode(&name, &bytes)?.into_owned()))
}

/// The heading level of each style that has one; 0 is the title.
fn heading_styles(tree: &Tree) -> HashMap<String, u8> {
    let mut levels = HashMap::new();
    for style in tree.children(0).filter(|&c| tree.name(c) == "style") {
        let name = tree.child(style, "name").and_then(|n| tree.attribute(n, "val")).unwrap_or_default().to_lowercase();
        let level = match name.strip_prefix("heading ") {
            Some(number) => number.parse().ok(),
            None => (name == "title").then_some(0),
        };
        if let (Some(id), Some(level)) = (tree.attribute(style, "styleId"), level) {
            levels.insert(id.into_owned(), level);
        }
    }
    levels
}

struct Reader<'t, 'a> {
    tree: &'t Tree<'a>,
    outline: Outline,
    levels: HashMap<String, u8>,
    lists: usize,
}

impl Reader<'_, '_> {
    fn blocks(&mut self, id: Id, titled: &mut bool) {
        for child in self.tree.children(id) {
            match self.tree.name(child) {
                "p" => self.paragraph(child, titled),
                "tbl" => self.table(child),
                "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag" => self.blocks(child, titled),
                _ => {}
            }
        }
    }

    fn end_lists(&mut self, depth: usize) {
        while self.lists > depth {
            self.outline.close_list();
            self.lists -= 1;
        }
    }

    fn paragraph(&mut self, id: Id, titled: &mut bool) {
        let properties = self.tree.child(id, "pPr");
        let value = |path: &[&str]| properties.and_then(|p| self.tree.at(p, path)).and_then(|e| self.tree.attribute(e, "val"));
        let style = value(&["pStyle"]).unwrap_or_default();
        let outline = value(&["outlineLvl"]).and_then(|l| l.parse::<u8>().ok()).filter(|l| *l < 9).map(|l| l + 1);
        let level = self.levels.get(&*style).copied().or(outline).or_else(|| style.strip_prefix("Heading").and_then(|n| n.parse().ok()));
        let is_item = properties.and_then(|p| self.tree.child(p, "numPr")).is_some() || style.starts_with("List");
        let depth = value(&["numPr", "ilvl"]).and_then(|l| l.parse::<usize>().ok()).unwrap_or(0).min(8) + 1;
        match level {
            Some(0) if !*titled => {
                self.end_lists(0);
                if let Some(title) = self.tree.folded(id) {
                    self.outline.title(&title);
                    *titled = true;
                }
                return;
            }
            // The title of the properties, printed again.
            Some(0) => return,
            Some(level) => {
                self.end_lists(0);
                if let Some(heading) = self.tree.folded(id) {
                    self.outline.heading(level, &heading);
                }
                return;
            }
            None => {}
        }
        if is_item {
            self.end_lists(depth);
            while self.lists < depth {
                self.outline.open_list(None);
                self.lists += 1;
            }
            self.outline.open_item();
        } else {
            self.end_lists(0);
            self.outline.paragraph();
        }
        self.runs(id);
        self.outline.close_block();
    }

    /// Runs of text; what was deleted in a tracked change is no part of it.
    fn runs(&mut self, id: Id) {
        for child in self.tree.children(id) {
            match self.tree.name(child) {
                "r" => self.run(child),
                "hyperlink" | "ins" | "smartTag" | "sdt" | "sdtContent" | "fldSimple" | "moveTo" => self.runs(child),
                "oMath" | "oMathPara" => self.outline.text(&self.tree.text(child)),
                _ => {}
            }
        }
    }

    fn run(&mut self, id: Id) {
        let raised =
            self.tree.at(id, &["rPr", "vertAlign"]).and_then(|v| self.tree.attribute(v, "val")).is_some_and(|v| v == "superscript");
        if raised {
            self.outline.open_raised();
        }
        for part in self.tree.children(id) {
            match self.tree.name(part) {
                "t" => self.outline.text(&self.tree.text(part)),
                "tab" => self.outline.text(" "),
                "br" | "cr" => self.outline.line_break(),
                "noBreakHyphen" => self.outline.text("-"),
                "footnoteReference" | "endnoteReference" => {
                    let key = self.tree.attribute(part, "id").unwrap_or_default().into_owned();
                    self.outline.cite(&format!("[{key}]"), vec![key]);
                }
                _ => {}
            }
        }
        if raised {
            self.outline.close_raised();
        }
    }

    fn table(&mut self, id: Id) {
        self.end_lists(0);
        self.outline.open_table();
        for (n, row) in self.tree.children(id).filter(|&c| self.tree.name(c) == "tr").enumerate() {
            self.outline.open_row();
            let marked = self.tree.at(row, &["trPr", "tblHeader"]).is_some();
            for cell in self.tree.children(row).filter(|&c| self.tree.name(c) == "tc") {
                let span = self.tree.at(cell, &["tcPr", "gridSpan"]).and_then(|s| self.tree.attribute(s, "val"));
                self.outline.open_cell(marked || n == 0);
                for paragraph in self.tree.all(cell, "p") {
                    self.runs(paragraph);
                    self.outline.text(" ");
                }
                self.outline.close_cell(span.and_then(|s| s.parse().ok()).unwrap_or(1));
            }
        }
    }
}
