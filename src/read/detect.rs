//! Which format an input has: by its first bytes, then by its file extension.

use crate::document::Format;

/// How many bytes of an input are looked at.
pub const HEAD: usize = 16 * 1024;

/// What the outermost layer of an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// gzip, to be unpacked.
    Gzip,
    /// A zip archive or Word document.
    Zip,
    /// An article or articles.
    Plain,
}

/// The packing that the first bytes show.
pub fn layer(head: &[u8]) -> Layer {
    match head {
        [0x1f, 0x8b, ..] => Layer::Gzip,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Layer::Zip,
        _ => Layer::Plain,
    }
}

/// The format of an input with this name whose first bytes are `head`; `None` for binary content that no reader knows, and for XML
/// whose outermost element no reader knows.
///
/// ```
/// use evigraph::document::Format;
/// use evigraph::read::detect::format;
/// assert_eq!(format("a.txt", b"<?xml version='1.0'?><PubmedArticleSet>"), Some(Format::Pubmed));
/// assert_eq!(format("notes.md", b"Pain fell."), Some(Format::Markdown));
/// assert_eq!(format("-", b"# Hip\n\n## Results\n"), Some(Format::Markdown));
/// ```
pub fn format(name: &str, head: &[u8]) -> Option<Format> {
    let head = &head[..head.len().min(HEAD)];
    if head.starts_with(b"%PDF-") {
        return Some(Format::Pdf);
    }
    let wide;
    let text = match encoding_rs::Encoding::for_bom(head) {
        Some((encoding, length)) => {
            wide = encoding.decode_without_bom_handling(&head[length..]).0;
            wide
        }
        None if head.starts_with(b"<\0") => encoding_rs::UTF_16LE.decode_without_bom_handling(head).0,
        None if head.starts_with(b"\0<") => encoding_rs::UTF_16BE.decode_without_bom_handling(head).0,
        None => String::from_utf8_lossy(head),
    };
    if text.contains('\0') {
        return None;
    }
    let text = text.trim_start();
    if text.starts_with('<')
        && let Some(found) = markup(name, text)
    {
        return found;
    }
    if text.starts_with('{') || text.starts_with('[') {
        if ["\"passages\"", "\"documents\""].iter().any(|k| text.contains(k)) && !text.contains("\"content\"") {
            return Some(Format::Bioc);
        }
        if text.starts_with('{') && text.contains("\"content\"") {
            return Some(Format::Records);
        }
    }
    if is_pubtator(text) {
        return Some(Format::Pubtator);
    }
    Some(by_extension(name).unwrap_or_else(|| if looks_like_markdown(text) { Format::Markdown } else { Format::Text }))
}

/// What the outermost element says; the inner `None` is XML of no known kind.
fn markup(name: &str, text: &str) -> Option<Option<Format>> {
    let declared = text.starts_with("<?xml");
    let root = root(text)?;
    let local = root.rsplit(':').next().unwrap_or(root);
    Some(Some(match local {
        "article" | "pmc-articleset" if !is_html(name) || declared => Format::Jats,
        "PubmedArticleSet" | "PubmedArticle" | "MedlineCitationSet" | "MedlineCitation" | "PubmedBookArticle" => Format::Pubmed,
        "collection" => Format::Bioc,
        _ if is_html(name) || is_html_element(local) => Format::Html,
        _ if declared || by_extension(name) == Some(Format::Jats) => return Some(None),
        _ => return None,
    }))
}

fn is_html(name: &str) -> bool {
    by_extension(name) == Some(Format::Html)
}

fn is_html_element(name: &str) -> bool {
    ["html", "head", "body", "title", "meta", "div", "main", "section", "h1", "h2", "h3", "p", "table", "ul", "ol", "span", "header", "nav"]
        .iter()
        .any(|e| e.eq_ignore_ascii_case(name))
}

/// The name of the first element, past declarations, comments and the document type.
pub(crate) fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')?..];
        let skip = |end: &str| rest.find(end).map(|n| n + end.len());
        let next = if rest.starts_with("<!--") {
            skip("-->")
        } else if rest.starts_with("<?") {
            skip("?>")
        } else if rest.get(..9).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype")) {
            if rest[9..].trim_start().get(..4).is_some_and(|d| d.eq_ignore_ascii_case("html")) {
                return Some("html");
            }
            let close = rest.find('>')?;
            // An internal subset holds declarations with `>` of their own.
            if rest[..close].contains('[') { skip("]>").or_else(|| skip("]")) } else { Some(close + 1) }
        } else {
            let name = &rest[1..];
            let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<')).unwrap_or(name.len());
            return (end > 0).then(|| &name[..end]);
        };
        rest = &rest[next?..];
    }
}

/// The format that a file extension stands for, `.gz` looked through.
pub fn by_extension(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    Some(match name.rsplit_once('.')?.1 {
        "txt" | "text" => Format::Text,
        "md" | "markdown" | "mkd" => Format::Markdown,
        "html" | "htm" | "xhtml" => Format::Html,
        "xml" | "nxml" | "jats" => Format::Jats,
        "json" => Format::Bioc,
        "jsonl" | "ndjson" => Format::Records,
        "pubtator" => Format::Pubtator,
        "pdf" => Format::Pdf,
        "docx" => Format::Docx,
        _ => return None,
    })
}

fn is_pubtator(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    line.split_once("|t|").is_some_and(|(id, _)| !id.is_empty() && id.len() <= 40 && !id.contains(char::is_whitespace))
}

fn looks_like_markdown(text: &str) -> bool {
    let is_heading = |l: &str| l.trim_start_matches('#').starts_with(' ') && (1..=6).contains(&(l.len() - l.trim_start_matches('#').len()));
    text.starts_with("---\n") || text.lines().any(|l| is_heading(l) || (l.starts_with("[^") && l.contains("]:")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_before_the_extension() {
        for (name, head, want) in [
            ("a.txt", "<!DOCTYPE article PUBLIC '-//NLM' 'a.dtd'><article>", Some(Format::Jats)),
            ("a.md", "<!doctype HTML><html>", Some(Format::Html)),
            ("a.html", "<article><h1>Hip</h1>", Some(Format::Html)),
            ("a.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><!-- c --><collection>", Some(Format::Bioc)),
            ("a.xml", "<?xml version='1.0'?><catalogue>", None),
            ("a.txt", "123|t|Hip pain\n123|a|It hurts.", Some(Format::Pubtator)),
            ("a", "{\"id\":\"1\",\"content\":\"Pain fell.\"}", Some(Format::Records)),
            ("a", "{\"source\":\"x\",\"documents\":[]}", Some(Format::Bioc)),
            ("a.txt", "Pain < 3 fell.", Some(Format::Text)),
            ("a.txt", "<5 % of patients relapsed.", Some(Format::Text)),
            ("a", "\u{feff}%PDF", Some(Format::Text)),
            ("a.bin", "ab\0cd", None),
        ] {
            assert_eq!(format(name, head.as_bytes()), want, "{name} {head}");
        }
    }
}
