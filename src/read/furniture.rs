//! Lines of a page that are no text of its article: dates, bylines, reading times, share buttons.

use super::{date, layout};
use crate::document::Document;

/// Whether `line` is furniture. Near the top, dates and bylines are too, and the document is given what they tell.
pub(crate) fn take(document: &mut Document, line: &str, near_top: bool) -> bool {
    if line.len() > 200 {
        return false;
    }
    if layout::is_furniture(line) {
        return true;
    }
    if !near_top {
        return false;
    }
    if let Some(names) = layout::byline(line) {
        if document.authors.is_empty() {
            let names = names.split([',', '&']).flat_map(|n| n.split(" and ")).map(str::trim).filter(|n| n.contains(' ') || n.len() > 4);
            document.authors.extend(names.map(str::to_owned));
        }
        return true;
    }
    let Some((found, range)) = date::find(line) else { return false };
    let rest = format!("{} {}", &line[..range.start], &line[range.end..]).to_lowercase();
    const KNOWN: [&str; 16] = [
        "published",
        "posted",
        "updated",
        "last",
        "modified",
        "on",
        "date",
        "min",
        "mins",
        "minute",
        "minutes",
        "read",
        "reading",
        "time",
        "of",
        "by",
    ];
    let other = rest.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 1 && !KNOWN.contains(w)).count();
    if other > 3 || line.len() > 100 || line.ends_with('.') {
        return false;
    }
    document.date = document.date.take().or(Some(found));
    true
}
