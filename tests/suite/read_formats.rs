//! One article in several formats, and each format's own features, on small files of our own.

use evigraph::annotate::{Annotator, Lexicon};
use evigraph::document::{BlockKind, Document, Format};
use evigraph::extract::{Extractor, Rules};
use evigraph::graph::{Base, claim_line};
use evigraph::read;
use evigraph::text::TextIndex;
use std::io::{Cursor, Write};

fn case(name: &str) -> Document {
    let path = format!("tests/cases/read/{name}");
    let bytes = std::fs::read(&path).expect("the case is part of the repository");
    one(name, &bytes)
}

fn one(name: &str, bytes: &[u8]) -> Document {
    let mut documents = read::read(name, bytes, None).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(documents.len(), 1, "{name}");
    documents.remove(0)
}

/// Heading path, kind and text of a block.
type ToldBlock = (Vec<String>, BlockKind, String);
/// Key, year and identifier of a reference.
type ToldReference = (String, Option<u16>, Option<String>);

/// What an article says, whatever file it came from: its blocks, citations and references.
fn told(d: &Document) -> (Vec<ToldBlock>, Vec<Vec<String>>, Vec<ToldReference>) {
    let blocks = d.sections.iter().flat_map(|s| s.blocks.iter().map(|b| (s.heading.clone(), b.kind, b.span.of(&d.text).to_owned())));
    let citations = d.citations.iter().map(|c| c.keys.clone()).collect();
    let references =
        d.references.iter().map(|r| (r.key.clone(), r.year, r.identifiers.doi.clone().or(r.identifiers.pmid.clone()))).collect();
    (blocks.collect(), citations, references)
}

#[test]
fn jats_markdown_and_html_tell_the_same_article() {
    let jats = case("tendon.nxml");
    assert_eq!(jats.title.as_deref(), Some("Loading and tendon repair: a worked example"));
    assert_eq!(
        jats.sections.iter().map(|s| s.heading.join(" > ")).collect::<Vec<_>>(),
        ["Background", "Results", "Results > Pain", "Results > Stiffness"]
    );
    for name in ["tendon.md", "tendon.html"] {
        let other = case(name);
        let ((blocks, citations, references), (blocks2, citations2, references2)) = (told(&jats), told(&other));
        assert_eq!(blocks, blocks2, "{name}");
        assert_eq!(citations, citations2, "{name}");
        assert_eq!(references, references2, "{name}");
        assert_eq!((&jats.identifiers.doi, &jats.date, &jats.authors), (&other.identifiers.doi, &other.date, &other.authors), "{name}");
    }
}

/// What the claims of an article say, with citations and sections, without where they stand.
fn claimed(name: &str) -> Vec<String> {
    let document = case(name);
    let annotator = Annotator::new(Lexicon::shipped().expect("the shipped lexicon"));
    let claims = Extractor::new(annotator, Rules::shipped().expect("the shipped rules")).extract(&document).claims;
    let index = TextIndex::new(&document.text);
    let mut said: Vec<String> = (claims.iter())
        .map(|claim| {
            let line = claim_line(&document, claim, &index, &Base::default());
            let kept =
                ["kind", "predicate", "negated", "certainty", "citations", "measurement", "source_status", "quote_role", "section", "text"];
            let names = ["subject", "object", "intervention", "outcome", "condition"].map(|n| line[n]["text"].clone());
            format!("{names:?} {:?}", kept.map(|k| line[k].clone()))
        })
        .collect();
    said.sort();
    said
}

#[test]
fn jats_markdown_and_html_give_the_same_claims() {
    let jats = claimed("tendon.nxml");
    assert!(jats.len() >= 3, "{jats:#?}");
    for name in ["tendon.md", "tendon.html"] {
        assert_eq!(claimed(name), jats, "{name}");
    }
}

#[test]
fn jats_citations_lists_and_tables() {
    let d = case("tendon.nxml");
    let raw: Vec<&str> = d.citations.iter().map(|c| c.span.of(&d.text)).collect();
    assert_eq!(raw, ["[1]", "[1,3]", "[2]", "[1]-[3]", "[2]"]);
    assert_eq!(d.citations[3].keys, ["1", "2", "3"]);
    let blocks: Vec<_> = d.sections.iter().flat_map(|s| &s.blocks).collect();
    let item = blocks.iter().find(|b| b.kind == BlockKind::ListItem).expect("a list item");
    assert_eq!(item.lead_in.map(|l| l.of(&d.text)), Some("Three things are known:"));
    let cell = blocks.iter().find(|b| b.span.of(&d.text) == "250 N/mm").expect("a cell");
    assert_eq!(cell.headers.map(|h| (h.0.of(&d.text), h.1.of(&d.text))), Some(("Rested", "Stiffness")));
    assert_eq!(d.licence.as_deref(), Some("https://creativecommons.org/licenses/by/4.0/"));
    assert_eq!(d.references[0].authors, ["Marsh K", "Obi T"]);
    assert_eq!(d.references[2].raw, "Lindqvist S. Rest and disuse. Tendon Letters. 2021;6:30-41.");
}

#[test]
fn jats_headings_notices_abbreviations_and_exponents() {
    let xml = r#"<article article-type="research-article"><front><article-meta>
        <title-group><article-title>RETRACTED: Hip<xref ref-type="fn" rid="f1">*</xref></article-title></title-group>
        <related-article related-article-type="retraction-forward"/></article-meta></front>
        <body><sec><title>2.1. Dose [<xref ref-type="bibr" rid="b1">1</xref>]</title>
        <p>We gave 10<sup>6</sup> cells kg<sup>-1</sup> of CD4<sup>+</sup> cells (<xref ref-type="bibr" rid="b1">Ng, 2003</xref>; <xref ref-type="bibr" rid="b9">Ito, 2004</xref>)
        as follows:<list><list-item><p>once</p></list-item></list>and left it (<xref ref-type="fig" rid="g1">Figure 1</xref>).</p></sec></body>
        <back><glossary><title>Abbreviations</title><def-list><def-item><term>BMI</term><def><p>body mass index.</p></def></def-item></def-list></glossary>
        <ref-list><ref id="b1"><mixed-citation>Ng A. A letter without elements. 2003.</mixed-citation></ref></ref-list></back></article>"#;
    let d = one("a.xml", xml.as_bytes());
    assert_eq!(d.title.as_deref(), Some("RETRACTED: Hip"));
    assert_eq!(d.notices, ["retraction"]);
    assert_eq!(d.abbreviations, [("BMI".to_owned(), "body mass index".to_owned())]);
    assert_eq!(d.sections[0].heading, ["Dose"]);
    assert!(d.text.contains("10⁶ cells kg⁻¹ of CD4+ cells (Ng, 2003; Ito, 2004)"), "{}", d.text);
    let found: Vec<(&str, Vec<&str>)> =
        d.citations.iter().map(|c| (c.span.of(&d.text), c.keys.iter().map(String::as_str).collect())).collect();
    assert_eq!(found, [("", vec!["1"]), ("(Ng, 2003; Ito, 2004)", vec!["1", "b9"])]);
    let kinds: Vec<BlockKind> = d.sections[0].blocks.iter().map(|b| b.kind).collect();
    assert_eq!(kinds, [BlockKind::Paragraph, BlockKind::ListItem, BlockKind::Paragraph]);
    assert!(d.text.contains("and left it (Figure 1)."));
}

#[test]
fn pubmed_sets_are_told_article_by_article() {
    let article = |pmid: u32, label: &str| {
        format!(
            "<PubmedArticle><MedlineCitation><PMID Version=\"1\">{pmid}</PMID><Article><Journal><JournalIssue><PubDate><Year>2020</Year><Month>Feb</Month></PubDate>\
             </JournalIssue></Journal><ArticleTitle>Hip {pmid}.</ArticleTitle><Abstract><AbstractText Label=\"{label}\">Pain fell.</AbstractText></Abstract>\
             <AuthorList><Author><LastName>Ng</LastName><ForeName>Ann</ForeName></Author></AuthorList></Article>\
             <CommentsCorrectionsList><CommentsCorrections RefType=\"RetractionIn\"/></CommentsCorrectionsList></MedlineCitation>\
             <PubmedData><ArticleIdList><ArticleId IdType=\"doi\">10.5555/X.{pmid}</ArticleId></ArticleIdList>\
             <ReferenceList><Reference><Citation>Ito B. Knee. J Hips. 2001;1:2-3.</Citation><ArticleIdList><ArticleId IdType=\"pubmed\">777</ArticleId></ArticleIdList></Reference></ReferenceList>\
             </PubmedData></PubmedArticle>\n"
        )
    };
    let xml =
        format!("<?xml version=\"1.0\"?>\n<PubmedArticleSet>\n{}{}</PubmedArticleSet>", article(1234, "RESULTS"), article(1235, "METHODS"));
    let documents = read::read("set.xml", xml.as_bytes(), None).expect("well-formed");
    assert_eq!(documents.len(), 2);
    let d = &documents[1];
    assert_eq!((d.format, d.title.as_deref(), d.date.as_deref()), (Format::Pubmed, Some("Hip 1235."), Some("2020-02")));
    assert_eq!(d.identifiers.doi.as_deref(), Some("10.5555/x.1235"));
    assert_eq!(d.identifiers.pmid.as_deref(), Some("1235"));
    assert_eq!(d.sections.last().map(|s| s.heading.clone()), Some(vec!["Abstract".to_owned(), "METHODS".to_owned()]));
    assert_eq!(d.notices, ["retraction"]);
    assert_eq!(d.references[0].identifiers.pmid.as_deref(), Some("777"));
    assert_eq!(d.authors, ["Ann Ng"]);
    // A damaged article is told with its line, and the next one is still read.
    let damaged = xml.replacen("</Abstract>", "</Abstrac>", 1);
    let results: Vec<_> = read::articles_in("set.xml", damaged.as_bytes(), None).collect();
    assert!(results[0].as_ref().is_err_and(|e| e.to_string().starts_with("set.xml:3:")), "{:?}", results[0]);
    assert!(results[1].is_ok());
}

#[test]
fn records_take_what_they_say_of_themselves() {
    let lines = "{\"id\":\"r1\",\"format\":\"text\",\"content\":\"Pain fell by 20 %.\",\"meta\":{\"title\":\"Hip\",\"doi\":\"10.5555/R1\"}}\n\n\
                 {\"id\":2,\"format\":\"jats\",\"content\":\"<article><body><p>Pain rose.</p></body></article>\"}\n{\"id\":\"r3\"\n{\"id\":\"r4\",\"content\":\"Pain rose.\"}\n";
    let results: Vec<_> = read::articles_in("a.ndjson", lines.as_bytes(), None).collect();
    assert_eq!(results.len(), 4);
    let first = results[0].as_ref().expect("a record");
    assert_eq!((first.id(), first.title.as_deref(), first.identifiers.doi.as_deref()), ("r1".to_owned(), Some("Hip"), Some("10.5555/r1")));
    assert!(first.origin.is_some());
    assert_eq!(results[1].as_ref().expect("a record").id(), "2");
    let error = results[2].as_ref().expect_err("no record").to_string();
    assert!(error.starts_with("a.ndjson:4:"), "{error}");
    assert!(results[3].is_ok());
}

fn word(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let styles = r#"<w:styles xmlns:w="w"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>"#;
    for (name, text) in [
        ("word/document.xml", format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")),
        ("word/styles.xml", styles.to_owned()),
        ("docProps/core.xml", "<cp><dc:title xmlns:dc=\"d\">Hip care</dc:title><dc:creator>Ann Ng</dc:creator></cp>".to_owned()),
    ] {
        zip.start_file(name, options).expect("a member");
        zip.write_all(text.as_bytes()).expect("its text");
    }
    zip.finish().expect("an archive").into_inner()
}

#[test]
fn word_headings_lists_tables_and_raised_markers() {
    let p = |style: &str, text: &str| format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let heading = r#"<w:pStyle w:val="berschrift1"/>"#;
    let item = r#"<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>"#;
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p("", text));
    let body = [
        p(heading, "Results"),
        "<w:p><w:r><w:t>Pain fell</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>1</w:t></w:r><w:del><w:r><w:delText>not</w:delText></w:r></w:del></w:p>".to_owned(),
        p("", "We saw:"),
        p(item, "less stiffness"),
        format!("<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>", cell("Group"), cell("Pain"), cell("Loaded"), cell("20 mm")),
        p(heading, "References"),
        p("", "1. Ng A. Hips and knees. J Hips. 2003;1:2-3. doi:10.5555/h.1"),
    ]
    .concat();
    let d = one("a.docx", &word(&body));
    assert_eq!((d.format, d.title.as_deref()), (Format::Docx, Some("Hip care")));
    assert_eq!(d.authors, ["Ann Ng"]);
    let blocks: Vec<_> = d.sections.iter().flat_map(|s| &s.blocks).map(|b| (b.kind, b.span.of(&d.text))).collect();
    assert!(blocks.contains(&(BlockKind::Paragraph, "Pain fell[1]")), "{blocks:?}");
    assert!(blocks.contains(&(BlockKind::ListItem, "less stiffness")));
    assert!(blocks.contains(&(BlockKind::TableCell, "20 mm")));
    assert_eq!(d.citations.len(), 1);
    assert_eq!(d.references[0].identifiers.doi.as_deref(), Some("10.5555/h.1"));
}

#[test]
fn archives_and_packed_files_are_read_through() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(b"<article><body><p>Pain fell.</p></body></article>").expect("in memory");
    let gz = gz.finish().expect("in memory");
    assert_eq!(one("a.nxml.gz", &gz).text, "Pain fell.");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in
        [("b/two.txt", b"Pain rose again.".as_slice()), ("a.nxml.gz", &gz), ("readme.bin", b"\0"), ("b/.hidden.txt", b"no")]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        zip.write_all(bytes).expect("in memory");
    }
    let zip = zip.finish().expect("in memory").into_inner();
    let documents = read::read("a.zip", &zip, None).expect("an archive");
    assert_eq!(documents.iter().map(|d| d.source.as_str()).collect::<Vec<_>>(), ["a.zip/a.nxml.gz", "a.zip/b/two.txt"]);
}
