//! BioC, as XML and as JSON: passages with their kinds, and references where PubMed Central gives them. Annotations are not read.
//!
//! Follows Comeau et al. 2013 (doi:10.1093/database/bat064) and the forms in which NCBI delivers it.

use super::jats_references::parse_year;
use super::pubtator::align;
use super::xml::{Id, Tree};
use super::{ReadError, encoding, jats_meta, reference};
use crate::document::{BlockKind, Document, DocumentBuilder, Format, Identifiers};
use crate::text::Origin;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Default, Deserialize)]
struct Passage {
    #[serde(default)]
    offset: usize,
    #[serde(default)]
    infons: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    sentences: Vec<Sentence>,
}

#[derive(Debug, Deserialize)]
struct Sentence {
    #[serde(default)]
    text: String,
}

#[derive(Debug, Deserialize)]
struct Article {
    #[serde(default)]
    id: serde_json::Value,
    passages: Vec<Passage>,
}

/// A JSON value that holds articles: a collection, a list of collections, or an article.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Holder {
    Collection { documents: Vec<Article> },
    Article(Article),
    List(Vec<Holder>),
}

/// Reads the `document` element of a collection.
pub(super) fn read(source: &str, text: &str) -> Result<Document, ReadError> {
    let tree = Tree::parse(source, text)?;
    let passages = tree.all(0, "passage").map(|p| passage(&tree, p)).collect();
    let id = tree.field(0, "id").unwrap_or_default();
    build(source, &id, passages)
}

fn passage(tree: &Tree, id: Id) -> Passage {
    let text = |id: Id| tree.child(id, "text").map(|t| tree.text(t)).unwrap_or_default();
    let infons = tree.children(id).filter(|&c| tree.name(c) == "infon");
    Passage {
        offset: tree.field(id, "offset").and_then(|o| o.parse().ok()).unwrap_or_default(),
        infons: infons.filter_map(|i| Some((tree.attribute(i, "key")?.into_owned(), tree.text(i).into()))).collect(),
        text: text(id),
        sentences: tree.children(id).filter(|&c| tree.name(c) == "sentence").map(|s| Sentence { text: text(s) }).collect(),
    }
}

/// Reads JSON: one value, or several one after the other.
///
/// # Errors
/// [`ReadError::Malformed`] with line and column where the JSON is wrong or holds no passages.
pub(super) fn read_json(source: &str, bytes: &[u8]) -> Result<Vec<Result<Document, ReadError>>, ReadError> {
    let text = encoding::decode(source, bytes)?;
    let mut documents = Vec::new();
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Holder>();
    while let Some(value) = values.next() {
        let at = values.byte_offset();
        let value = value.map_err(|e| {
            let message = e.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let message = format!("no BioC ({message}); give a collection with \"documents\" or an article with \"passages\"");
            ReadError::malformed(source, &text, at, message)
        })?;
        let mut open = vec![value];
        while let Some(holder) = open.pop() {
            match holder {
                Holder::List(inner) => open.extend(inner.into_iter().rev()),
                Holder::Collection { documents: articles } => documents.extend(articles.into_iter().map(|a| article(source, a))),
                Holder::Article(one) => documents.push(article(source, one)),
            }
        }
    }
    if documents.is_empty() { Err(ReadError::empty(source)) } else { Ok(documents) }
}

fn article(source: &str, article: Article) -> Result<Document, ReadError> {
    let id = article.id.as_str().map_or_else(|| article.id.as_u64().map(|n| n.to_string()).unwrap_or_default(), str::to_owned);
    build(source, &id, article.passages)
}

fn build(source: &str, id: &str, passages: Vec<Passage>) -> Result<Document, ReadError> {
    let mut builder = DocumentBuilder::new(source, Format::Bioc);
    let known = &mut builder.document().identifiers;
    jats_meta::identify(known, "pmid", id);
    if id.starts_with("PMC") {
        jats_meta::identify(known, "pmc", id);
    }
    let mut runs = Vec::new();
    for passage in &passages {
        let info = |key: &str| passage.infons.get(key).and_then(|v| v.as_str()).unwrap_or_default();
        for (key, kind) in [("article-id_pmid", "pmid"), ("article-id_pmc", "pmc"), ("article-id_doi", "doi")] {
            jats_meta::identify(&mut builder.document().identifiers, kind, info(key));
        }
        let joined;
        let text = if passage.text.is_empty() {
            joined = passage.sentences.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ");
            &joined
        } else {
            &passage.text
        };
        let kind = info("type").to_ascii_lowercase();
        let level = kind.rsplit_once("title_").and_then(|l| l.1.parse::<u8>().ok());
        let start = builder.text().len() + usize::from(!builder.text().is_empty());
        match (kind.as_str(), level) {
            _ if info("section_type") == "REF" && kind == "title" => {}
            ("ref", _) => reference_entry(passage, text, builder.document()),
            ("title" | "front", _) if builder.document().title.is_none() => builder.title(text),
            ("title", _) => builder.heading(1, text),
            (_, Some(level)) => builder.heading(level.max(1), text),
            ("table", _) => {
                for cell in text.split('\t') {
                    builder.start_block(BlockKind::TableCell);
                    builder.push(cell);
                    builder.end_block();
                }
            }
            (kind, _) => {
                let is_caption = kind.contains("caption") || kind.contains("footnote") || kind.starts_with("fig");
                builder.start_block(if is_caption { BlockKind::Caption } else { BlockKind::Paragraph });
                builder.push(text);
                builder.end_block();
            }
        }
        if builder.text().len() > start && kind != "table" {
            align(text, start, passage.offset, &mut runs);
        }
    }
    runs.sort_unstable();
    builder.document().origin = (!runs.is_empty()).then_some(Origin { runs });
    let mut document = builder.finish();
    if document.identifiers.preferred().is_none() && !id.is_empty() {
        document.given_id = Some(id.to_owned());
    }
    if document.text.is_empty() { Err(ReadError::empty(source)) } else { Ok(document) }
}

fn reference_entry(passage: &Passage, text: &str, document: &mut Document) {
    let info = |key: &str| passage.infons.get(key).and_then(|v| v.as_str()).map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
    let key = info("label").unwrap_or_else(|| (document.references.len() + 1).to_string());
    if info("source").is_none() && info("year").is_none() {
        document.references.push(reference::parse(text, &key));
        return;
    }
    let names = (0..).map_while(|n| info(&format!("name_{n}")));
    let authors: Vec<String> = names
        .map(|n| {
            let part = |k: &str| n.split(';').find_map(|p| p.strip_prefix(k)).unwrap_or_default().to_owned();
            let (family, given) = (part("surname:"), part("given-names:"));
            if family.is_empty() { n.clone() } else { format!("{family} {given}").trim().to_owned() }
        })
        .collect();
    let (year, year_suffix) = info("year").map_or((None, None), |y| parse_year(&y));
    let raw = [Some(authors.join(", ")), Some(text.to_owned()), info("source"), info("year"), info("comment")];
    let raw = raw.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(". ");
    let mut found = reference::parse("", &key);
    found.identifiers = Identifiers::find(&raw);
    jats_meta::identify(&mut found.identifiers, "pmid", &info("pub-id_pmid").unwrap_or_default());
    jats_meta::identify(&mut found.identifiers, "doi", &info("pub-id_doi").unwrap_or_default());
    found.raw = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    found.authors = authors;
    (found.year, found.year_suffix) = (year, year_suffix);
    found.title = Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    found.venue = info("source");
    found.volume = info("volume");
    found.pages = match (info("fpage"), info("lpage")) {
        (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}")),
        (first, _) => first,
    };
    found.traceability = reference::traceability(&found);
    document.references.push(found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_and_json_say_the_same() {
        let xml = "<document><id>77</id><passage><infon key=\"type\">title</infon><offset>0</offset><text>Hip pain</text></passage>\
                   <passage><infon key=\"type\">abstract</infon><offset>9</offset><text>TNF-α fell.</text></passage></document>";
        let json = r#"{"documents":[{"id":"77","passages":[{"infons":{"type":"title"},"offset":0,"text":"Hip pain"},
                   {"infons":{"type":"abstract"},"offset":9,"sentences":[{"text":"TNF-α"},{"text":"fell."}]}]}]}"#;
        let one = read("a", xml).expect("well-formed");
        let other = read_json("a", json.as_bytes()).expect("well-formed").remove(0).expect("an article");
        assert_eq!(one, other);
        assert_eq!(one.id(), "PMID:77");
        let fell = one.text.find("fell").unwrap_or_default();
        assert_eq!(one.origin.as_ref().map(|o| o.code_point(&one.text, fell)), Some(15));
    }

    #[test]
    fn references_keep_their_fields() {
        let json = r#"{"id":"PMC12","passages":[{"infons":{"type":"front"},"text":"Hip"},{"infons":{"type":"ref","label":"4","year":"2020a",
            "source":"J Hips","volume":"3","fpage":"5","lpage":"9","name_0":"surname:Okafor;given-names:B","pub-id_pmid":"123456"},"text":"Hips today"}]}"#;
        let document = read_json("a", json.as_bytes()).expect("well-formed").remove(0).expect("an article");
        let entry = document.reference("4").expect("entry 4");
        assert_eq!((entry.year, entry.year_suffix, entry.pages.as_deref()), (Some(2020), Some('a'), Some("5-9")));
        assert_eq!(entry.authors, ["Okafor B"]);
        assert_eq!(entry.identifiers.pmid.as_deref(), Some("123456"));
        assert_eq!(document.id(), "PMC:12");
    }
}
