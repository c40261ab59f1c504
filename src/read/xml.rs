//! XML as a flat tree in document order: no recursion, no expansion of declared entities, bounded depth and size.

use super::ReadError;
use markup5ever::data::NAMED_ENTITIES;
use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event;
use std::borrow::Cow;

/// The deepest nesting of elements that is read. JATS articles stay under 40.
pub(super) const MAX_DEPTH: usize = 256;

/// The most elements and texts that one article may have.
const MAX_NODES: usize = 4_000_000;

/// The number of a node in its tree; the outermost element is 0.
pub(super) type Id = usize;

#[derive(Debug)]
struct Node<'a> {
    /// Element name without prefix; empty for text.
    name: &'a str,
    /// The text, or the attributes as they are written.
    value: Cow<'a, str>,
    /// The node after this one and all it holds.
    end: u32,
}

/// One XML element with all it holds.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Parses `text`, whose name in messages is `source`.
    pub(super) fn parse(source: &str, text: &'a str) -> Result<Self, ReadError> {
        let mut reader = Reader::from_str(text);
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(text.len() / 24);
        let mut open: Vec<usize> = Vec::new();
        // Whether the last node is a text that what follows joins.
        let mut joins = false;
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|e| malformed(source, text, reader.error_position() as usize, &e))?;
            let end = reader.buffer_position() as usize;
            let is_empty = matches!(event, Event::Empty(_));
            match event {
                Event::Start(_) | Event::Empty(_) => {
                    if open.len() >= MAX_DEPTH {
                        let message = format!("elements nested over {MAX_DEPTH} deep; no article is, the file is damaged or hostile");
                        return Err(ReadError::malformed(source, text, start, message));
                    }
                    if nodes.len() >= MAX_NODES {
                        let message = format!("over {MAX_NODES} elements in one article; split the file");
                        return Err(ReadError::malformed(source, text, start, message));
                    }
                    if open.is_empty() && !nodes.is_empty() {
                        return Err(ReadError::malformed(source, text, start, "a second outermost element; a file holds one"));
                    }
                    let tag = text.get(start + 1..end - 1).unwrap_or_default();
                    let tag = if is_empty { tag.strip_suffix('/').unwrap_or(tag) } else { tag };
                    let length = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
                    let (name, attributes) = tag.split_at(length);
                    let id = nodes.len();
                    nodes.push(Node { name: local(name), value: Cow::Borrowed(attributes), end: id as u32 + 1 });
                    if !is_empty {
                        open.push(id);
                    }
                    joins = false;
                }
                Event::End(_) => {
                    if let Some(id) = open.pop() {
                        nodes[id].end = nodes.len() as u32;
                    }
                    joins = false;
                }
                Event::Text(_) => push_text(&mut nodes, &mut joins, &open, Cow::Borrowed(text.get(start..end).unwrap_or_default())),
                Event::CData(data) => push_text(&mut nodes, &mut joins, &open, Cow::Owned(data.into_inner().into_owned())),
                Event::GeneralRef(_) => {
                    let name = text.get(start + 1..end - 1).unwrap_or_default();
                    let Some(value) = entity(name) else {
                        let name: String = name.chars().take(40).collect();
                        let message = format!(
                            "the entity &{name}; is none of XML's or HTML's, and declared ones are not expanded; write the character itself"
                        );
                        return Err(ReadError::malformed(source, text, start, message));
                    };
                    push_text(&mut nodes, &mut joins, &open, value);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if let Some(&id) = open.last() {
            let message = format!("the file ends inside <{}>; it is truncated, fetch it again", nodes[id].name);
            return Err(ReadError::malformed(source, text, text.len(), message));
        }
        if nodes.is_empty() {
            return Err(ReadError::empty(source));
        }
        Ok(Self { nodes })
    }

    /// The element's name without prefix; empty for a text.
    pub(super) fn name(&self, id: Id) -> &'a str {
        self.nodes[id].name
    }

    /// The text of a text node; empty for an element.
    pub(super) fn value(&self, id: Id) -> &str {
        if self.nodes[id].name.is_empty() { &self.nodes[id].value } else { "" }
    }

    /// The node after `id` and all it holds.
    pub(super) fn end(&self, id: Id) -> Id {
        self.nodes[id].end as usize
    }

    /// The elements and texts directly inside `id`.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let end = self.end(id);
        let mut next = id + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.end(child);
                child
            })
        })
    }

    /// Everything inside `id`, in document order.
    pub(super) fn inside(&self, id: Id) -> impl Iterator<Item = Id> + use<> {
        id + 1..self.end(id)
    }

    /// The first element directly inside `id` with this name.
    pub(super) fn child(&self, id: Id, name: &str) -> Option<Id> {
        self.children(id).find(|&c| self.name(c) == name)
    }

    /// The element reached from `id` by the names of `path`, the first of each.
    pub(super) fn at(&self, id: Id, path: &[&str]) -> Option<Id> {
        path.iter().try_fold(id, |at, name| self.child(at, name))
    }

    /// The elements named `name` anywhere inside `id`.
    pub(super) fn all<'t>(&'t self, id: Id, name: &'t str) -> impl Iterator<Item = Id> + 't {
        self.inside(id).filter(move |&i| self.name(i) == name)
    }

    /// The value of an attribute, prefixes disregarded.
    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<Cow<'_, str>> {
        let mut rest: &str = &self.nodes[id].value;
        if self.nodes[id].name.is_empty() {
            return None;
        }
        loop {
            let (key, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, next) = after[1..].split_once(quote)?;
            if local(key.trim()) == name {
                return Some(unescape(value));
            }
            rest = next;
        }
    }

    /// All text inside `id`, white space as it is.
    pub(super) fn text(&self, id: Id) -> String {
        let mut out = String::new();
        for i in id..self.end(id) {
            out.push_str(self.value(i));
        }
        out
    }

    /// All text inside `id`, white space folded; `None` where there is none.
    pub(super) fn folded(&self, id: Id) -> Option<String> {
        let text = crate::document::normalise(&self.text(id));
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The folded text of the first element directly inside `id` with this name.
    pub(super) fn field(&self, id: Id, name: &str) -> Option<String> {
        self.child(id, name).and_then(|c| self.folded(c))
    }
}

fn push_text<'a>(nodes: &mut Vec<Node<'a>>, joins: &mut bool, open: &[usize], text: Cow<'a, str>) {
    if open.is_empty() || text.is_empty() {
        return;
    }
    match nodes.last_mut() {
        Some(last) if *joins => last.value.to_mut().push_str(&text),
        _ => {
            let end = nodes.len() as u32 + 1;
            nodes.push(Node { name: "", value: text, end });
            *joins = true;
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |n| n.1)
}

/// The characters that the reference `&name;` stands for: numeric, XML's, HTML's, and the Greek letters of ISO 8879.
fn entity(name: &str) -> Option<Cow<'static, str>> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(|c| Cow::Owned(c.to_string()));
    }
    // quick-xml's own table of HTML entities gives wrong characters for Greek and accented letters.
    if let Some(&(first, second)) = NAMED_ENTITIES.get(&format!("{name};"))
        && first != 0
    {
        return Some(Cow::Owned([first, second].into_iter().filter(|&c| c != 0).filter_map(char::from_u32).collect()));
    }
    greek(name).map(Cow::Borrowed)
}

fn greek(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 25] = [
        "agr", "bgr", "ggr", "dgr", "egr", "zgr", "eegr", "thgr", "igr", "kgr", "lgr", "mgr", "ngr", "xgr", "ogr", "pgr", "rgr", "sfgr",
        "sgr", "tgr", "ugr", "phgr", "khgr", "psgr", "ohgr",
    ];
    const LETTERS: &str = "αβγδεζηθικλμνξοπρςστυφχψω";
    let at = NAMES.iter().position(|n| *n == name)?;
    // Every letter of the list has two bytes.
    LETTERS.get(at * 2..at * 2 + 2)
}

fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after.split_once(';').and_then(|(name, next)| Some((entity(name)?, next))) {
            Some((text, next)) => {
                out.push_str(&text);
                rest = next;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn malformed(source: &str, text: &str, offset: usize, error: &Error) -> ReadError {
    let message = match error {
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            format!("</{}> where </{}> should close; mend the XML", short(found), short(expected))
        }
        Error::IllFormed(IllFormedError::UnmatchedEndTag(found)) => format!("</{}> closes nothing; mend the XML", short(found)),
        Error::IllFormed(IllFormedError::UnclosedReference) => "an & that begins no entity; write &amp;".to_owned(),
        Error::Syntax(SyntaxError::UnclosedTag) => "the file ends inside a tag; it is truncated, fetch it again".to_owned(),
        other => format!("not well-formed XML ({other}); mend the XML"),
    };
    ReadError::malformed(source, text, offset, message)
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(xml: &str) -> String {
        Tree::parse("a.xml", xml).map(|_| ()).map_err(|e| e.to_string()).err().unwrap_or_default()
    }

    #[test]
    fn elements_texts_and_attributes_are_found() {
        let xml = "<a><j:b x:href='q&amp;r' n=\"2\">one &beta;&#x3b2;&bgr; <![CDATA[<two>]]></j:b><c/><b>three</b></a>";
        let tree = Tree::parse("a.xml", xml).expect("well-formed");
        let b = tree.child(0, "b").expect("b");
        assert_eq!(tree.text(b), "one βββ <two>");
        assert_eq!(tree.attribute(b, "href").as_deref(), Some("q&r"));
        assert_eq!(tree.attribute(b, "n").as_deref(), Some("2"));
        assert_eq!(tree.attribute(b, "m"), None);
        assert_eq!(tree.children(0).map(|c| tree.name(c)).collect::<Vec<_>>(), ["b", "c", "b"]);
        assert_eq!(tree.text(0), "one βββ <two>three");
    }

    #[test]
    fn hostile_and_damaged_xml_is_refused_with_its_place() {
        let bomb = "<!DOCTYPE a [<!ENTITY l1 \"lol\"><!ENTITY l2 \"&l1;&l1;&l1;\">]>\n<a>\n  &l2;</a>";
        assert!(error(bomb).starts_with("a.xml:3:3: the entity &l2;"), "{}", error(bomb));
        assert!(error("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>").contains("&x;"));
        assert!(error(&"<p>".repeat(100_000)).contains("nested over 256 deep"));
        assert!(error("<a><b>one</a>").contains("</b>"));
        assert!(error("<a><b>one").contains("truncated"));
        assert!(error("<a>one & two</a>").contains("&amp;"), "{}", error("<a>one & two</a>"));
        assert!(error("<a/><a/>").contains("second outermost"));
    }
}
