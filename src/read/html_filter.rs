//! Makes a page safe to parse: scripts, comments and styling out, nesting bounded, so that building the tree takes linear time.

use std::ops::Range;

/// Deepest nesting that is kept; the tags of deeper elements go, their text stays.
const DEEPEST: usize = 200;

/// Elements whose content is no text.
const DROPPED: [&str; 12] =
    ["script", "style", "noscript", "template", "svg", "iframe", "object", "select", "textarea", "math", "canvas", "audio"];
/// Elements without an end tag.
const VOID: [&str; 13] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
/// Elements whose end tag may be left out; they close each other.
const CLOSING_EACH_OTHER: [&str; 12] = ["p", "li", "td", "th", "tr", "dt", "dd", "thead", "tbody", "tfoot", "option", "colgroup"];
/// Styling that says nothing; unclosed, it would be built again in every paragraph.
const STYLING: [&str; 12] = ["i", "em", "u", "s", "small", "big", "font", "tt", "strike", "nobr", "code", "center"];

/// A page without what the reader has no use for.
#[derive(Debug, Default)]
pub(crate) struct Filtered {
    /// The page.
    pub html: String,
    /// The contents of its `application/ld+json` scripts.
    pub linked_data: Vec<String>,
}

/// One tag: where it stands, its name in lower case, and whether it ends an element.
struct Found {
    range: Range<usize>,
    name: String,
    end: bool,
}

/// Filters a page.
pub(crate) fn filter(page: &str) -> Filtered {
    let mut out = Filtered { html: String::with_capacity(page.len()), linked_data: Vec::new() };
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &page.as_bytes()[at..]).map(|o| at + o) {
        push_text(&mut out.html, &page[at..open]);
        if page[open..].starts_with("<!--") {
            at = page[open + 4..].find("-->").map_or(page.len(), |end| open + 4 + end + 3);
            continue;
        }
        let Some(tag) = tag(page, open) else {
            out.html.push_str("&lt;");
            at = open + 1;
            continue;
        };
        at = tag.range.end;
        let name = tag.name.as_str();
        if DROPPED.contains(&name) {
            if !tag.end {
                let body = at;
                at = close_of(page, at, name);
                if page[tag.range.clone()].to_ascii_lowercase().contains("ld+json") {
                    let end = page[body..at].rfind("</").map_or(at, |e| body + e);
                    out.linked_data.push(page[body..end].to_owned());
                }
            }
        } else if STYLING.contains(&name) {
        } else if VOID.contains(&name) || CLOSING_EACH_OTHER.contains(&name) || name.starts_with('!') {
            out.html.push_str(&page[tag.range]);
        } else {
            let kept = if tag.end {
                depth = depth.saturating_sub(1);
                depth < DEEPEST
            } else {
                depth += 1;
                depth <= DEEPEST
            };
            match name {
                _ if !kept => {}
                // Without attributes, unclosed ones cannot pile up.
                "b" | "strong" => out.html.push_str(if tag.end { "</strong>" } else { "<strong>" }),
                _ => out.html.push_str(&page[tag.range]),
            }
        }
    }
    push_text(&mut out.html, &page[at..]);
    out
}

fn push_text(html: &mut String, text: &str) {
    if text.contains('\0') { html.extend(text.chars().filter(|&c| c != '\0')) } else { html.push_str(text) }
}

/// The tag that begins at `open`; `None` where a bare `<` stands there.
fn tag(page: &str, open: usize) -> Option<Found> {
    let bytes = page.as_bytes();
    let end = bytes.get(open + 1) == Some(&b'/');
    let from = open + 1 + usize::from(end);
    let first = *bytes.get(from)?;
    let opens = first.is_ascii_alphabetic() || first == b'?' || first == b'!' && !end;
    if !opens {
        return None;
    }
    let length = bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'!')).count();
    let name = page[from..from + length].to_ascii_lowercase();
    let mut at = from + length;
    let mut quote = None;
    let mut value = false;
    while let Some(&b) = bytes.get(at) {
        at += 1;
        match (quote, b) {
            (None, b'>') => return Some(Found { range: open..at, name, end }),
            // A quote counts only where a value begins; an apostrophe elsewhere is part of a name.
            (None, b'"' | b'\'') if value => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
        value = quote.is_none() && (b == b'=' || value && b.is_ascii_whitespace());
    }
    Some(Found { range: open..bytes.len(), name, end })
}

/// One past the end tag of the element `name` that is open at `from`; the end of the page where there is none.
fn close_of(page: &str, from: usize, name: &str) -> usize {
    let bytes = page.as_bytes();
    let mut at = from;
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        at += found + 1;
        let rest = &bytes[at..];
        if rest.first() == Some(&b'/') && rest.len() > name.len() && rest[1..=name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return memchr::memchr(b'>', rest).map_or(bytes.len(), |end| at + end + 1);
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_go_and_linked_data_is_kept() {
        let f = filter(
            "<p>a<script>if (a<b) '</p>'</script> <!-- <p> --><em>b</em> <script type='application/ld+json'>{\"x\":1}</script>c < d</p>",
        );
        assert_eq!(f.html, "<p>a b c &lt; d</p>");
        assert_eq!(f.linked_data, ["{\"x\":1}"]);
    }

    #[test]
    fn nesting_is_bounded_and_quotes_are_heeded() {
        let f = filter(&format!("{}deep{}", "<div>".repeat(100_000), "</div>".repeat(100_000)));
        assert_eq!(f.html.matches("<div>").count(), DEEPEST);
        assert_eq!(f.html.matches("</div>").count(), DEEPEST);
        assert_eq!(filter("<a title='x > y' href=\"#r\">z</a>").html, "<a title='x > y' href=\"#r\">z</a>");
        assert_eq!(filter("<p>open <a href=\"").html, "<p>open <a href=\"");
    }
}
