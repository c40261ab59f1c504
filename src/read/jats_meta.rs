//! What a JATS article says of itself: identifiers, title, authors, date, licence, notices, and its list of abbreviations.

use super::xml::{Id, Tree};
use crate::document::{Document, DocumentBuilder, Identifiers, normalise};

/// Reads `front` (or the front stub of an inner article) into the document and lays out the title.
pub(super) fn front(tree: &Tree, root: Id, front: Id, builder: &mut DocumentBuilder) {
    let meta = tree.child(front, "article-meta").unwrap_or(front);
    if let Some(title) = tree.at(meta, &["title-group", "article-title"]).and_then(|t| title(tree, t)) {
        builder.title(&title);
    }
    let document = builder.document();
    for id in tree.children(meta).filter(|&c| tree.name(c) == "article-id") {
        let kind = tree.attribute(id, "pub-id-type").unwrap_or_default();
        identify(&mut document.identifiers, &kind, &tree.text(id));
    }
    document.identifiers.trial = Identifiers::find(document.title.as_deref().unwrap_or_default()).trial;
    document.authors = authors(tree, meta);
    document.date = date(tree, meta);
    document.licence = licence(tree, meta);
    notices(tree, root, meta, document);
}

/// The text of a title, footnote marks left out.
pub(super) fn title(tree: &Tree, id: Id) -> Option<String> {
    let mut out = String::new();
    let mut skip = 0;
    for i in tree.inside(id).filter(|&i| i > id) {
        if i < skip {
            continue;
        }
        if matches!(tree.name(i), "xref" | "fn") {
            skip = tree.end(i);
        } else {
            out.push_str(tree.value(i));
        }
    }
    let out = normalise(&out);
    (!out.trim().is_empty()).then(|| out.trim().to_owned())
}

/// Keeps an identifier of the given kind in its normal form.
pub(super) fn identify(into: &mut Identifiers, kind: &str, text: &str) {
    let text = text.trim();
    match kind {
        "doi" if into.doi.is_none() => into.doi = crate::document::Identifiers::find(text).doi,
        "pmid" | "pubmed" | "medline"
            if into.pmid.is_none() && (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) =>
        {
            into.pmid = Some(text.to_owned());
        }
        "pmc" | "pmcid" if into.pmcid.is_none() => {
            let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
                into.pmcid = Some(format!("PMC{digits}"));
            }
        }
        "arxiv" if into.arxiv.is_none() => into.arxiv = Identifiers::find(&format!("arXiv:{}", text.trim_start_matches("arXiv:"))).arxiv,
        _ => {}
    }
}

/// Given names and surname as one name.
pub(super) fn person(tree: &Tree, name: Id) -> Option<String> {
    let given = tree.field(name, "given-names");
    let family = tree.field(name, "surname").or_else(|| tree.folded(name))?;
    let suffix = tree.field(name, "suffix").map(|s| format!(" {s}")).unwrap_or_default();
    Some(given.map_or_else(|| family.clone(), |g| format!("{g} {family}")) + &suffix)
}

fn authors(tree: &Tree, meta: Id) -> Vec<String> {
    let groups = tree.children(meta).filter(|&c| tree.name(c) == "contrib-group");
    let contributors = groups.flat_map(|g| tree.children(g)).filter(|&c| tree.name(c) == "contrib");
    let mut names = Vec::new();
    for contributor in contributors {
        if tree.attribute(contributor, "contrib-type").is_some_and(|t| t != "author") {
            continue;
        }
        let holder = tree.child(contributor, "name-alternatives").unwrap_or(contributor);
        let found = tree.children(holder).find(|&c| matches!(tree.name(c), "name" | "string-name" | "collab"));
        names.extend(found.and_then(|f| if tree.name(f) == "collab" { title(tree, f) } else { person(tree, f) }));
    }
    names
}

/// The date of a `pub-date` element: year, then month and day where they are numbers or names of months.
pub(super) fn written_date(tree: &Tree, id: Id) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let field = |names: [&str; 2]| names.into_iter().find_map(|n| tree.field(id, n));
    let year = field(["year", "Year"]).filter(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()))?;
    let month = field(["month", "Month"]).and_then(|m| {
        let lower = m.to_lowercase();
        m.parse::<usize>().ok().or_else(|| MONTHS.iter().position(|n| lower.starts_with(n)).map(|n| n + 1)).filter(|m| (1..=12).contains(m))
    });
    let day = field(["day", "Day"]).and_then(|d| d.parse::<usize>().ok()).filter(|d| (1..=31).contains(d));
    Some(match (month, day) {
        (Some(m), Some(d)) => format!("{year}-{m:02}-{d:02}"),
        (Some(m), None) => format!("{year}-{m:02}"),
        _ => year,
    })
}

/// The day of publication: electronic before printed before that of the collection.
fn date(tree: &Tree, meta: Id) -> Option<String> {
    let rank = |id: Id| {
        let kind = tree.attribute(id, "pub-type").or_else(|| tree.attribute(id, "date-type")).unwrap_or_default();
        match &*kind {
            "epub" | "pub" | "epub-ppub" => 0,
            "ppub" => 1,
            "collection" => 2,
            _ => 3,
        }
    };
    let dates = tree.children(meta).filter(|&c| tree.name(c) == "pub-date");
    dates.filter_map(|d| Some((rank(d), written_date(tree, d)?))).min_by_key(|d| d.0).map(|d| d.1)
}

fn licence(tree: &Tree, meta: Id) -> Option<String> {
    let permissions = tree.child(meta, "permissions");
    let licence = permissions.and_then(|p| tree.all(p, "license").next()).or_else(|| tree.all(meta, "license").next());
    if let Some(id) = licence {
        let address = tree.attribute(id, "href").map(|h| h.into_owned());
        let named = tree.all(id, "license_ref").next().and_then(|r| tree.folded(r));
        let linked = tree.all(id, "ext-link").filter_map(|l| tree.attribute(l, "href")).find(|h| h.contains("creativecommons.org"));
        return address.or(named).or(linked.map(|l| l.into_owned())).or_else(|| tree.folded(id));
    }
    permissions.and_then(|p| tree.field(p, "copyright-statement"))
}

/// Whether the article was retracted or corrected, or is itself such a notice.
fn notices(tree: &Tree, root: Id, meta: Id, document: &mut Document) {
    let mut found = Vec::new();
    match tree.attribute(root, "article-type").as_deref() {
        Some("retraction" | "partial-retraction") => found.push("retraction-notice"),
        Some("correction" | "corrected-article" | "erratum") => found.push("correction-notice"),
        Some("expression-of-concern") => found.push("concern-notice"),
        _ => {}
    }
    for related in tree.children(meta).filter(|&c| tree.name(c) == "related-article") {
        match tree.attribute(related, "related-article-type").as_deref() {
            Some("retraction-forward" | "retraction") => found.push("retraction"),
            Some("correction-forward" | "correction" | "erratum") => found.push("correction"),
            Some("expression-of-concern-forward" | "expression-of-concern" | "object-of-concern-forward") => found.push("concern"),
            _ => {}
        }
    }
    let title = document.title.as_deref().unwrap_or_default().to_lowercase();
    if title.starts_with("retracted:") || title.starts_with("retracted article:") {
        found.push("retraction");
    }
    found.dedup();
    document.notices = found.into_iter().map(str::to_owned).collect();
}

/// Whether a heading announces a list of abbreviations.
pub(super) fn lists_abbreviations(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ["abbreviation", "acronym", "nomenclature"].iter().any(|w| heading.contains(w))
}

/// Short and long forms listed inside `id`: definition lists, else "short: long; short: long" or one pair a paragraph.
pub(super) fn abbreviations(tree: &Tree, id: Id) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for item in tree.all(id, "def-item") {
        let term = tree.field(item, "term");
        let meaning = tree.child(item, "def").and_then(|d| tree.folded(d));
        if let (Some(term), Some(meaning)) = (term, meaning) {
            pairs.push((term.trim_end_matches([':', '=', ' ']).to_owned(), tidy(&meaning).to_owned()));
        }
    }
    if !pairs.is_empty() {
        return pairs;
    }
    for paragraph in tree.all(id, "p") {
        let text = tree.folded(paragraph).unwrap_or_default();
        let text = text.strip_prefix("Abbreviations").map_or(text.as_str(), |t| t.trim_start_matches(['.', ':', ' ']));
        let separators: &[char] = if text.contains(';') { &[';'] } else { &[','] };
        for entry in text.split(separators) {
            let Some((short, long)) = [": ", " = ", "=", " – ", " - ", ":"].iter().find_map(|s| entry.split_once(s)) else {
                continue;
            };
            let (short, long) = (short.trim(), tidy(long));
            if !short.is_empty() && !long.is_empty() && short.chars().count() <= 20 && short.split(' ').count() <= 3 {
                pairs.push((short.to_owned(), long.to_owned()));
            }
        }
    }
    pairs
}

fn tidy(long: &str) -> &str {
    long.trim().trim_end_matches(['.', ';', ',']).trim()
}
