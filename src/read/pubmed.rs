//! PubMed XML: one article or a set of thousands, with structured abstracts and reference lists.
//!
//! Follows NLM's PubMed DTD of 2019 and later (<https://dtd.nlm.nih.gov/ncbi/pubmed/>).

use super::jats_meta::{identify, written_date};
use super::xml::{Id, Tree};
use super::{ReadError, reference};
use crate::document::{BlockKind, Document, DocumentBuilder, Format, Identifiers};

/// Reads one `PubmedArticle`, `PubmedBookArticle` or `MedlineCitation`.
pub(super) fn read(source: &str, text: &str) -> Result<Document, ReadError> {
    let tree = Tree::parse(source, text)?;
    let citation =
        if tree.name(0) == "MedlineCitation" { 0 } else { tree.child(0, "MedlineCitation").or(tree.child(0, "BookDocument")).unwrap_or(0) };
    let article = tree.child(citation, "Article").unwrap_or(citation);
    let mut builder = DocumentBuilder::new(source, Format::Pubmed);
    let title = tree.field(article, "ArticleTitle").or_else(|| tree.at(article, &["Book", "BookTitle"]).and_then(|t| tree.folded(t)));
    if let Some(title) = title.map(|t| plain_title(&t)) {
        builder.title(&title);
    }
    let document = builder.document();
    if let Some(pmid) = tree.field(citation, "PMID") {
        identify(&mut document.identifiers, "pmid", &pmid);
    }
    for id in tree.children(article).filter(|&c| tree.name(c) == "ELocationID") {
        identify(&mut document.identifiers, &tree.attribute(id, "EIdType").unwrap_or_default(), &tree.text(id));
    }
    let data = tree.child(0, "PubmedData").or_else(|| tree.child(0, "PubmedBookData"));
    for id in data.and_then(|d| tree.child(d, "ArticleIdList")).into_iter().flat_map(|l| tree.children(l)) {
        identify(&mut document.identifiers, &tree.attribute(id, "IdType").unwrap_or_default(), &tree.text(id));
    }
    document.identifiers.trial = trial(&tree, article);
    document.authors = authors(&tree, article);
    document.date = date(&tree, article);
    document.licence = tree.child(article, "Abstract").and_then(|a| tree.field(a, "CopyrightInformation"));
    document.notices = notices(&tree, citation, article);
    abstracts(&tree, article, &mut builder);
    for other in tree.children(citation).filter(|&c| tree.name(c) == "OtherAbstract") {
        let language = tree.attribute(other, "Language").unwrap_or_default();
        builder.document().warnings.push(format!("a further abstract ({language}) was left out"));
    }
    if let Some(data) = data {
        references(&tree, data, builder.document());
    }
    let document = builder.finish();
    if document.text.is_empty() { Err(ReadError::empty(source)) } else { Ok(document) }
}

/// A title without the brackets that mark a translation.
fn plain_title(title: &str) -> String {
    match title.trim_end_matches('.').strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        Some(inner) if !inner.contains('[') => inner.to_owned(),
        _ => title.to_owned(),
    }
}

fn abstracts(tree: &Tree, article: Id, builder: &mut DocumentBuilder) {
    let Some(part) = tree.child(article, "Abstract") else {
        return;
    };
    builder.heading(1, "Abstract");
    for text in tree.children(part).filter(|&c| tree.name(c) == "AbstractText") {
        let label = tree.attribute(text, "Label").filter(|l| !matches!(&**l, "UNLABELLED" | "UNASSIGNED"));
        match &label {
            Some(label) => builder.heading(2, label.trim_end_matches(':')),
            None => builder.close_heading(2),
        }
        builder.start_block(BlockKind::Paragraph);
        builder.push(&tree.text(text));
        builder.end_block();
    }
    builder.close_heading(1);
}

fn trial(tree: &Tree, article: Id) -> Option<String> {
    let numbers = tree.child(article, "DataBankList").into_iter().flat_map(|l| tree.all(l, "AccessionNumber"));
    numbers.filter_map(|n| Identifiers::find(&tree.text(n)).trial).next()
}

fn authors(tree: &Tree, article: Id) -> Vec<String> {
    let authors = tree.child(article, "AuthorList").into_iter().flat_map(|l| tree.children(l)).filter(|&c| tree.name(c) == "Author");
    let name = |author: Id| {
        let family = tree.field(author, "LastName").or_else(|| tree.field(author, "CollectiveName"))?;
        let given = tree.field(author, "ForeName").or_else(|| tree.field(author, "Initials"));
        Some(given.map_or_else(|| family.clone(), |g| format!("{g} {family}")))
    };
    authors.filter_map(name).collect()
}

fn date(tree: &Tree, article: Id) -> Option<String> {
    let electronic = tree.child(article, "ArticleDate");
    let printed = tree.at(article, &["Journal", "JournalIssue", "PubDate"]).or_else(|| tree.at(article, &["Book", "PubDate"]));
    let season = || printed.and_then(|p| tree.field(p, "MedlineDate")).and_then(|d| d.get(..4).map(str::to_owned));
    (electronic.and_then(|d| written_date(tree, d)))
        .or_else(|| printed.and_then(|d| written_date(tree, d)))
        .or_else(|| season().filter(|y| y.bytes().all(|b| b.is_ascii_digit())))
}

fn notices(tree: &Tree, citation: Id, article: Id) -> Vec<String> {
    let mut found = Vec::new();
    for kind in tree.child(article, "PublicationTypeList").into_iter().flat_map(|l| tree.children(l)) {
        match tree.folded(kind).as_deref() {
            Some("Retracted Publication") => found.push("retraction"),
            Some("Retraction of Publication" | "Retraction Notice") => found.push("retraction-notice"),
            Some("Published Erratum") => found.push("correction-notice"),
            Some("Expression of Concern") => found.push("concern-notice"),
            _ => {}
        }
    }
    for other in tree.child(citation, "CommentsCorrectionsList").into_iter().flat_map(|l| tree.children(l)) {
        match tree.attribute(other, "RefType").as_deref() {
            Some("RetractionIn" | "PartialRetractionIn") => found.push("retraction"),
            Some("ErratumIn" | "CorrectedandRepublishedIn") => found.push("correction"),
            Some("ExpressionOfConcernIn") => found.push("concern"),
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(str::to_owned).collect()
}

/// The references under their positions, for PubMed prints no numbers.
fn references(tree: &Tree, data: Id, document: &mut Document) {
    for entry in tree.all(data, "Reference") {
        let key = (document.references.len() + 1).to_string();
        let mut found = reference::parse(&tree.field(entry, "Citation").unwrap_or_default(), &key);
        for id in tree.all(entry, "ArticleId") {
            let mut stated = Identifiers::default();
            identify(&mut stated, &tree.attribute(id, "IdType").unwrap_or_default(), &tree.text(id));
            let known = &mut found.identifiers;
            known.doi = stated.doi.or(known.doi.take());
            known.pmid = stated.pmid.or(known.pmid.take());
            known.pmcid = stated.pmcid.or(known.pmcid.take());
        }
        found.traceability = reference::traceability(&found);
        document.references.push(found);
    }
}
