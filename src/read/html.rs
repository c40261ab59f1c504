//! HTML pages: the article without the page around it, and what the page's metadata says of it.

use super::html_filter::{self, Filtered};
use super::html_meta::{self, selector};
use super::outline::Outline;
use super::{ReadError, date, reference_list};
use crate::document::{Document, Format};
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

/// Reads a page.
pub(crate) fn read(source: &str, content: &str) -> Result<Document, ReadError> {
    let Filtered { html, linked_data } = html_filter::filter(content);
    let page = Html::parse_document(&html);
    let mut outline = Outline::new(source, Format::Html);
    let titles = html_meta::apply(&page, &linked_data, outline.document());
    let readable;
    let root = match main_element(&page) {
        Some(root) => root,
        None => {
            readable = readable_part(&page, &html);
            readable.as_ref().unwrap_or(&page).root_element()
        }
    };
    let headline = headline(root).or_else(|| headline(page.root_element()));
    let title = titles.article.or_else(|| headline.clone()).or(titles.page).filter(|t| !t.trim().is_empty());
    if let Some(title) = title {
        outline.title(&title);
    }
    let mut reader =
        Reader { outline, headline, heading: None, links: Vec::new(), at_start: false, cells: 0, breaks: 0, bold: 0, figures: 0 };
    reader.walk(root);
    let mut document = reader.outline.finish();
    let title = document.title.as_deref().unwrap_or_default().to_lowercase();
    if ["retracted:", "retracted article:", "[retracted]", "withdrawn:"].iter().any(|r| title.starts_with(r)) {
        document.notices.push("retraction".into());
    }
    if document.text.is_empty() {
        return Err(ReadError::empty(source));
    }
    Ok(document)
}

fn length(element: ElementRef) -> usize {
    element.text().map(|t| t.trim().len()).sum()
}

/// The text of the only first-level heading.
fn headline(root: ElementRef) -> Option<String> {
    let headings = selector("h1");
    let mut found = root.select(&headings);
    let first = found.next()?.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    (found.next().is_none() && !first.is_empty()).then_some(first)
}

/// The element that the page itself calls its article, if it holds most of the page's text.
fn main_element(page: &Html) -> Option<ElementRef<'_>> {
    let whole = length(page.root_element());
    let candidates = selector("article, main, [role=main], [itemprop=articleBody]");
    let best = page.select(&candidates).map(|e| (length(e), e)).max_by_key(|&(length, _)| length);
    let (length, element) = best?;
    (length * 2 >= whole && (!has_references(page.root_element()) || has_references(element))).then_some(element)
}

fn has_references(root: ElementRef) -> bool {
    root.select(&selector("h1, h2, h3, h4, h5, h6, strong")).any(|h| reference_list::is_reference_heading(&h.text().collect::<String>()))
}

/// The part of the page that reads like an article; none where that would lose its reference list or most of its text.
fn readable_part(page: &Html, html: &str) -> Option<Html> {
    // The scores of a page's elements cost time by the square of their number; on such pages they say little anyway.
    if html.len() > 5_000_000 || html.matches('<').count() > 12_000 {
        return None;
    }
    let article = dom_smoothie::Readability::new(html, None, None).ok()?.parse().ok()?;
    let part = Html::parse_document(&article.content);
    let (kept, whole) = (length(part.root_element()), length(page.root_element()));
    let complete = !has_references(page.root_element()) || has_references(part.root_element());
    (kept * 3 >= whole && kept > 200 && complete).then_some(part)
}

/// Elements that belong to the page rather than to its article.
fn is_furniture(element: &Element) -> bool {
    let name = element.name();
    if matches!(name, "nav" | "footer" | "aside" | "form" | "button" | "dialog" | "head" | "label" | "input") {
        return true;
    }
    if matches!(name, "html" | "body" | "article" | "main" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "td" | "tr" | "table") {
        return false;
    }
    if element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true") {
        return true;
    }
    if matches!(element.attr("role"), Some("navigation" | "banner" | "contentinfo" | "complementary" | "search" | "menu")) {
        return true;
    }
    let is_contents = |w: &str| w.eq_ignore_ascii_case("toc");
    if element.attr("class").unwrap_or("").split(' ').any(is_contents) || element.attr("id").is_some_and(is_contents) {
        return true;
    }
    names(element).any(|w| {
        matches!(
            w.as_str(),
            "share"
                | "sharing"
                | "social"
                | "related"
                | "newsletter"
                | "subscribe"
                | "breadcrumb"
                | "breadcrumbs"
                | "cookie"
                | "cookies"
                | "advert"
                | "ads"
                | "comments"
                | "navbar"
                | "pagination"
                | "sidebar"
        )
    })
}

struct Reader {
    outline: Outline,
    /// The heading that is the title, laid out already.
    headline: Option<String>,
    heading: Option<(u8, String)>,
    links: Vec<(String, String)>,
    /// Whether the paragraph has no text yet.
    at_start: bool,
    /// Table cells that are open.
    cells: u32,
    /// Line breaks since the last text.
    breaks: u32,
    bold: u32,
    /// Figures that are open.
    figures: u32,
}

/// The words of an element's classes and identifier, in lower case: "share-buttons" is two.
fn names(element: &Element) -> impl Iterator<Item = String> {
    let words = element.attr("class").unwrap_or("").split([' ', '-', '_']).chain(element.attr("id").unwrap_or("").split(['-', '_']));
    words.map(str::to_ascii_lowercase)
}

/// The names of authors, which the page's metadata tell better, and counts of readers.
fn is_credit(element: ElementRef) -> bool {
    let credit =
        |w: String| matches!(w.as_str(), "author" | "authors" | "authorgroups" | "affiliations" | "metrics" | "altmetric" | "almsignposts");
    matches!(element.value().name(), "div" | "ul" | "ol" | "p" | "span" | "section")
        && names(element.value()).any(credit)
        && length(element) < 2_000
        && element.select(&selector("h1, h2, h3")).next().is_none()
}

/// A box of references or notes that has no heading of its own.
fn is_note_list(element: ElementRef) -> bool {
    let listed = |w: String| matches!(w.as_str(), "footnotes" | "endnotes" | "references" | "bibliography");
    matches!(element.value().name(), "div" | "section" | "ol" | "ul") && names(element.value()).any(listed) && !has_references(element) && {
        let items = selector("li");
        element.select(&items).take(2).count() > 0
    }
}

impl Reader {
    fn walk(&mut self, root: ElementRef) {
        let (mut skipped, mut list) = (None, None);
        for edge in root.traverse() {
            match edge {
                Edge::Open(node) if skipped.is_none() => match node.value() {
                    Node::Text(text) => self.text(text),
                    Node::Element(element) if is_furniture(element) => skipped = Some(node.id()),
                    Node::Element(element) => {
                        let Some(element_ref) = ElementRef::wrap(node) else { continue };
                        if !self.outline.in_references() && !self.outline.document().authors.is_empty() && is_credit(element_ref) {
                            skipped = Some(node.id());
                            continue;
                        }
                        if !self.outline.in_references() && is_note_list(element_ref) {
                            self.outline.heading(6, "References");
                            list = Some(node.id());
                        }
                        self.open(element, element_ref);
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    if skipped == Some(node.id()) {
                        skipped = None;
                    } else if let (None, Node::Element(element)) = (skipped, node.value()) {
                        let sibling = node.next_siblings().find(|s| s.value().as_text().is_none_or(|t| !t.trim().is_empty()));
                        let line_ends = sibling.is_none_or(|s| s.value().as_element().is_some_and(|e| e.name() == "br"));
                        self.close(element, line_ends);
                        if list.take_if(|l| *l == node.id()).is_some() {
                            self.outline.end_references();
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.1.push_str(text);
        } else if let Some(link) = self.links.last_mut() {
            link.1.push_str(text);
        } else {
            // Line ends of the source are spaces of the page.
            self.outline.text(&text.replace('\n', " "));
        }
        if !text.trim().is_empty() {
            self.at_start = false;
            self.breaks = 0;
        }
    }

    fn paragraph(&mut self) {
        if self.outline.in_references() {
            self.outline.boundary();
        } else if self.figures > 0 {
            self.outline.caption();
        } else if !self.outline.at_item_start() {
            self.outline.paragraph();
        }
        self.at_start = true;
    }

    fn open(&mut self, element: &Element, node: ElementRef) {
        let number = |name: &str| element.attr(name).and_then(|v| v.trim().parse::<u64>().ok());
        match element.name() {
            "figure" if self.cells == 0 => {
                self.figures += 1;
                self.boundary();
            }
            "h3" | "h4" | "h5" | "h6" if self.figures > 0 && self.cells == 0 => self.outline.caption(),
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") if self.cells == 0 => {
                self.outline.close_block();
                self.heading = Some((name.as_bytes()[1] - b'0', String::new()));
            }
            "p" | "pre" | "dt" | "dd" | "blockquote" | "address" if self.cells == 0 => self.paragraph(),
            "div" | "section" | "article" | "main" | "header" | "figure" | "center" | "details" | "summary" if self.cells == 0 => {
                self.boundary()
            }
            "br" => self.line_break(),
            "hr" => self.outline.close_block(),
            "ul" | "menu" if self.cells == 0 => self.outline.open_list(None),
            "ol" if self.cells == 0 => self.outline.open_list(Some(number("start").unwrap_or(1))),
            "li" if self.cells == 0 => {
                self.outline.open_item();
                self.at_start = true;
            }
            "table" if self.cells == 0 => self.outline.open_table(),
            "tr" if self.cells == 0 => self.outline.open_row(),
            name @ ("td" | "th") => {
                self.cells += 1;
                if self.cells == 1 {
                    let header = name == "th"
                        && !node
                            .next_siblings()
                            .chain(node.prev_siblings())
                            .take(50)
                            .any(|s| s.value().as_element().is_some_and(|e| e.name() == "td"));
                    self.outline.open_cell(header);
                }
            }
            "caption" | "figcaption" if self.cells == 0 => self.outline.caption(),
            "sup" if self.heading.is_none() && self.links.is_empty() => self.outline.open_raised(),
            "strong" => {
                self.bold += 1;
                if self.bold == 1 && self.heading.is_none() && self.cells == 0 && self.links.is_empty() {
                    self.outline.open_bold(self.at_start);
                }
            }
            "a" if self.heading.is_none() => self.links.push((element.attr("href").unwrap_or("").to_owned(), String::new())),
            "time" => {
                let document = self.outline.document();
                if document.date.is_none() && document.sections.iter().map(|s| s.blocks.len()).sum::<usize>() < 4 {
                    document.date = element.attr("datetime").and_then(date::of_metadata);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, element: &Element, line_ends: bool) {
        match element.name() {
            "figure" if self.cells == 0 => {
                self.figures = self.figures.saturating_sub(1);
                self.boundary();
            }
            "h3" | "h4" | "h5" | "h6" if self.heading.is_none() => self.outline.close_block(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.close_heading(),
            "p" | "pre" | "dt" | "dd" | "blockquote" | "address" | "caption" | "figcaption" | "li" if self.cells == 0 => {
                self.outline.close_block()
            }
            "div" | "section" | "article" | "main" | "header" | "figure" | "center" | "details" | "summary" | "table"
                if self.cells == 0 =>
            {
                self.boundary()
            }
            "p" | "div" | "li" => self.text(" "),
            "ul" | "ol" | "menu" if self.cells == 0 => self.outline.close_list(),
            "td" | "th" => {
                self.cells = self.cells.saturating_sub(1);
                if self.cells == 0 {
                    let columns = element.attr("colspan").and_then(|c| c.trim().parse().ok()).unwrap_or(1);
                    self.outline.close_cell(columns);
                }
            }
            "sup" if self.heading.is_none() => self.outline.close_raised(),
            "strong" => {
                self.bold = self.bold.saturating_sub(1);
                if self.bold == 0 {
                    self.outline.close_bold(line_ends);
                }
            }
            "a" => self.close_link(),
            _ => {}
        }
    }

    /// Where a box of the page begins or ends: a block does too, except at the start of a list item.
    fn boundary(&mut self) {
        if self.outline.in_references() || !self.outline.at_item_start() {
            self.outline.boundary();
        }
        self.at_start = true;
    }

    /// Two line breaks part paragraphs.
    fn line_break(&mut self) {
        self.breaks += 1;
        if self.heading.is_some() || !self.links.is_empty() {
            self.text(" ");
        } else if self.breaks == 2 && self.cells == 0 {
            self.paragraph();
        } else {
            self.outline.line_break();
        }
        self.at_start |= self.cells == 0 && self.breaks >= 1;
    }

    fn close_heading(&mut self) {
        let Some((level, text)) = self.heading.take() else { return };
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.headline.as_ref() == Some(&folded) && level == 1 {
            return;
        }
        self.outline.heading(level, &folded);
        self.at_start = true;
    }

    fn close_link(&mut self) {
        let Some((target, words)) = self.links.pop() else { return };
        if let Some(outer) = self.links.last_mut() {
            outer.1.push_str(&words);
        } else if !self.outline.link(&words, &target) {
            self.outline.text(&words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(html: &str) -> Document {
        read("a.html", html).expect("a page with text")
    }

    #[test]
    fn the_article_without_its_page() {
        let d = document(
            "<html><head><title>Knees | Roe Clinic</title><meta name=citation_doi content='10.1000/AB'><script type='application/ld+json'>\
             {\"@type\":\"BlogPosting\",\"headline\":\"Knees\",\"datePublished\":\"2024-05-03T10:00\",\"author\":{\"name\":\"Jane Roe\"}}</script></head>\
             <body><nav><a href=/>Home</a></nav><main><h1>Knees</h1><p>3 min read</p><h2>1. Mechanism:</h2><p>Cells:</p><ul><li>calm IL-6<sup><a href='#r1'>1</a>,<a href='#r2'>2</a></sup></li>\
             <li>grow 5 cm<sup>2</sup> and 10<sup>6</sup></li></ul><div class='share-buttons'>Tweet</div>\
             <h2>References</h2><ol><li id=r1>Roe J. Knees. <i>Joint Care</i>. 2020. <a href='https://doi.org/10.1000/x1'>Link</a></li><li id=r2>Doe A. Hips. Joint Care. 2021.</li></ol></main></body></html>",
        );
        assert_eq!(
            (d.title.as_deref(), d.date.as_deref(), d.identifiers.doi.as_deref()),
            (Some("Knees"), Some("2024-05-03"), Some("10.1000/ab"))
        );
        assert_eq!(d.authors, ["Jane Roe"]);
        let blocks: Vec<&str> = d.sections.iter().flat_map(|s| &s.blocks).map(|b| b.span.of(&d.text)).collect();
        assert_eq!(blocks, ["Cells:", "calm IL-6[1,2]", "grow 5 cm2 and 10⁶"]);
        assert_eq!(d.sections.last().map(|s| s.heading.join("/")).as_deref(), Some("Mechanism"));
        assert_eq!(d.sections.last().and_then(|s| s.blocks[1].lead_in).map(|s| s.of(&d.text)), Some("Cells:"));
        assert_eq!(d.citations.len(), 1);
        assert_eq!(d.citations[0].keys, ["1", "2"]);
        assert_eq!(d.references[0].identifiers.doi.as_deref(), Some("10.1000/x1"));
    }

    #[test]
    fn bold_lines_are_headings_and_breaks_part_lines() {
        let d = document(
            "<p><strong>2. Hips</strong></p><p><b>Mechanism:</b><br>Cells calm IL-6.<br><br>Pain fell <a href='https://doi.org/10.1000/x2'>in a trial</a>.</p>",
        );
        assert_eq!(d.sections.last().map(|s| s.heading.join("/")).as_deref(), Some("Hips/Mechanism"));
        assert_eq!(d.sections.last().map(|s| s.blocks.len()), Some(2));
        assert_eq!(d.references[0].key, "doi:10.1000/x2");
        assert_eq!(d.citations[0].keys, ["doi:10.1000/x2"]);
    }

    #[test]
    fn cells_know_their_headers() {
        let d = document("<table><tr><th>Group</th><th>Pain</th></tr><tr><td>Cells</td><td>3 points</td></tr></table>");
        let cell = d.sections[0].blocks.last().expect("a cell");
        let (row, column) = cell.headers.expect("headers");
        assert_eq!((row.of(&d.text), column.of(&d.text)), ("Cells", "Pain"));
    }

    #[test]
    fn hostile_pages_are_read_in_bounded_time() {
        for piece in ["<div>", "<b>x<p>", "<ul><li>", "<table><tr><td>", "<a href=x>y<p>", "<", "<!--", "&", "<sup>", "<b class=a><i>"] {
            let n = 200_000 / piece.len();
            let _ = read("a.html", &format!("text {}", piece.repeat(n)));
        }
    }
}
