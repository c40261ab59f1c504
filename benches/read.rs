//! How fast articles are read: `cargo bench --bench read`.

use divan::Bencher;
use divan::counter::BytesCount;
use evigraph::read;
use std::fmt::Write;

fn main() {
    divan::main();
}

/// An article of our own making, of the size and density of markup of a long research paper.
fn jats() -> String {
    let mut xml = String::from(
        "<article><front><article-meta><title-group><article-title>Load and tendon</article-title></title-group></article-meta></front><body>",
    );
    for s in 0..40 {
        let _ = write!(xml, "<sec id=\"s{s}\"><title>Part {s}</title>");
        for p in 0..10 {
            let (a, b) = (s + 1, s + p + 2);
            let _ = write!(
                xml,
                "<p>Slow loading of the tendon raised collagen synthesis by {p}2 % within {a} weeks [<xref ref-type=\"bibr\" rid=\"r{a}\">{a}</xref>&#x2013;<xref \
                 ref-type=\"bibr\" rid=\"r{b}\">{b}</xref>], and <italic>SCX</italic> rose to 10<sup>6</sup> copies, while TNF-&#x3b1; fell in every group that \
                 was followed for the whole of the study, as can be seen in <xref ref-type=\"fig\" rid=\"f1\">Figure 1</xref>.</p>"
            );
        }
        xml.push_str("</sec>");
    }
    xml.push_str("</body><back><ref-list>");
    for r in 1..60 {
        let _ = write!(
            xml,
            "<ref id=\"r{r}\"><label>{r}</label><element-citation><person-group><name><surname>Marsh</surname><given-names>K</given-names></name></person-group>\
             <article-title>Collagen turnover {r}</article-title><source>Tendon Letters</source><year>2019</year><volume>{r}</volume><fpage>1</fpage>\
             <pub-id pub-id-type=\"doi\">10.5555/tl.{r}</pub-id></element-citation></ref>"
        );
    }
    xml + "</ref-list></back></article>"
}

#[divan::bench]
fn jats_to_document(bencher: Bencher) {
    let xml = jats();
    bencher.counter(BytesCount::of_str(&xml)).bench(|| read::read("bench.nxml", xml.as_bytes(), None));
}

#[divan::bench]
fn pubmed_set(bencher: Bencher) {
    let article = "<PubmedArticle><MedlineCitation><PMID>1234</PMID><Article><ArticleTitle>Load and tendon.</ArticleTitle><Abstract><AbstractText Label=\"RESULTS\">Slow \
                   loading raised collagen synthesis by 20 % within six weeks in every group.</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n";
    let xml = format!("<PubmedArticleSet>{}</PubmedArticleSet>", article.repeat(1000));
    bencher.counter(BytesCount::of_str(&xml)).bench(|| read::articles_in("bench.xml", xml.as_bytes(), None).count());
}
