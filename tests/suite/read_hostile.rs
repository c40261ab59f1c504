//! Hostile and damaged input: a clear error that names the file and the place, in bounded memory, and never a panic.

use evigraph::read::{self, ReadError};
use proptest::prelude::*;
use std::io::{Cursor, Write};

fn error(name: &str, bytes: &[u8]) -> String {
    match read::read(name, bytes, None) {
        Ok(documents) => panic!("{name} was read: {documents:?}"),
        Err(e) => e.to_string(),
    }
}

fn gzip(write: impl FnOnce(&mut flate2::write::GzEncoder<Vec<u8>>)) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    write(&mut gz);
    gz.finish().expect("in memory")
}

#[test]
fn entity_bombs_and_external_entities_are_refused() {
    let bomb =
        "<!DOCTYPE article [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<article><body>\n<p>&b;</p></body></article>";
    assert!(error("bomb.xml", bomb.as_bytes()).starts_with("bomb.xml:3:4: the entity &b;"), "{}", error("bomb.xml", bomb.as_bytes()));
    let outside = "<!DOCTYPE article [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><article><body><p>&x;</p></body></article>";
    assert!(error("outside.xml", outside.as_bytes()).contains("the entity &x;"));
}

#[test]
fn deep_nesting_is_refused_in_every_xml_format() {
    for (name, root) in [("a.nxml", "article"), ("a.xml", "PubmedArticle"), ("b.xml", "collection><document")] {
        let deep = format!("<{root}>{}", "<sec>".repeat(100_000));
        let message = error(name, deep.as_bytes());
        assert!(message.contains("nested over 256 deep") && message.starts_with(name), "{message}");
    }
    let json = format!("{{\"documents\":{}", "[".repeat(100_000));
    assert!(error("a.json", json.as_bytes()).contains("no BioC"));
}

#[test]
fn encodings_are_followed_or_named() {
    let latin = b"<?xml version='1.0' encoding='iso-8859-1'?><article><body><p>na\xefve cells</p></body></article>";
    assert_eq!(read::read("a.xml", latin, None).expect("declared")[0].text, "naïve cells");
    let wide: Vec<u8> = "\u{feff}<?xml version='1.0' encoding='UTF-16'?><article><body><p>β cells</p></body></article>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(read::read("a.xml", &wide, None).expect("marked")[0].text, "β cells");
    let wrong = b"<?xml version='1.0' encoding='utf-8'?>\n<article><body><p>na\xefve cells</p></body></article>";
    assert_eq!(error("a.xml", wrong), "a.xml: not valid UTF-8 at byte 59; convert the file to UTF-8 first");
    assert!(error("a.txt", b"Pain \xff fell.").contains("byte 5"));
}

#[test]
fn what_is_no_text_is_told_apart() {
    assert!(matches!(read::read("a.bin", b"\x7fELF\0\0\0\x01", None), Err(ReadError::Binary { .. })));
    assert!(matches!(read::read("a.txt", b"Pain\0fell.", None), Err(ReadError::Binary { .. })));
    for empty in [b"".as_slice(), b" \n\t ", b"<article></article>"] {
        assert!(matches!(read::read("a.xml", empty, None), Err(ReadError::Empty { .. })));
    }
    assert!(error("a.xml", b"<?xml version='1.0'?><catalogue/>").contains("<catalogue>"));
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_the_pdf_reader_says_so() {
    assert!(error("a.pdf", b"%PDF-1.5").starts_with("a.pdf: PDF is left out of this build; build with `--features pdf`"));
}

#[test]
fn truncated_and_exploding_archives_are_refused() {
    let gz = gzip(|w| {
        for n in 0..20_000 {
            write!(w, "{n} pain fell. ").expect("in memory");
        }
    });
    assert!(error("a.txt.gz", &gz[..gz.len() / 2]).contains("truncated"));
    let block = vec![b'a'; 1 << 20];
    let bomb = |w: &mut dyn Write| (0..80).for_each(|_| w.write_all(&block).expect("in memory"));
    assert!(error("bomb.txt.gz", &gzip(|w| bomb(w))).contains("over 64 MiB"));
    let endless = gzip(|w| {
        w.write_all(b"<PubmedArticleSet>").expect("in memory");
        bomb(w);
    });
    assert!(error("bomb.xml.gz", &endless).contains("over 64 MiB"));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", zip::write::SimpleFileOptions::default()).expect("a member");
    bomb(&mut zip);
    let zip = zip.finish().expect("in memory").into_inner();
    assert!(zip.len() < 1 << 20);
    assert!(error("bomb.zip", &zip).contains("bomb.zip/a.txt: over 64 MiB"));
    assert!(error("a.zip", &zip[..zip.len() / 2]).contains("damaged zip"));
}

#[test]
fn directories_are_walked_in_order_and_empty_ones_named() {
    let dir = tempfile::tempdir().expect("a directory");
    for (name, text) in
        [("b/c.md", "# Hip"), ("a.txt", "Pain fell."), ("b/.git/x.txt", "no"), ("d.png", "no"), ("b/a.json", "{\"gold\": 1}")]
    {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    }
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).expect("a directory");
    let found = read::inputs(&[dir.path().to_owned(), empty, dir.path().join("absent.txt")]);
    let names: Vec<String> = found.iter().map(|i| i.as_ref().map_or_else(ToString::to_string, read::Input::name)).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names[0].ends_with("a.txt") && names[1].ends_with("b/c.md"));
    assert!(names[2].contains("empty: a directory without articles") && names[3].contains("absent.txt: No such file"), "{names:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn broken_jats_never_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "<p>", "</p>", "<sec>", "</sec>", "<title>", "</title>", "<xref ref-type=\"bibr\" rid=\"b1\">", "</xref>", "<sup>", "</sup>", "1", "–", "[", "]", "α", " ",
        "<list>", "</list>", "<list-item>", "</list-item>", "<table>", "</table>", "<tr>", "</tr>", "<td colspan=\"999999\" rowspan=\"0\">", "</td>", "&beta;", "&", "<!--",
        "<ref id=\"b1\">", "</ref>", "<mixed-citation>", "</mixed-citation>", "<label>", "</label>", "e\u{301}", "<fig>", "</fig>", "<caption>", "</caption>",
    ]), 0..60)) {
        let xml = format!("<article><body>{}</body></article>", parts.concat());
        if let Ok(documents) = read::read("a.xml", xml.as_bytes(), None) {
            for d in &documents {
                for c in &d.citations {
                    prop_assert!(d.text.get(c.span.start..c.span.end).is_some());
                }
            }
        }
    }

    #[test]
    fn damaged_articles_are_read_or_refused(
        name in prop::sample::select(vec!["tendon.nxml", "tendon.md", "tendon.html"]),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0usize..40), 1..4),
    ) {
        let path = format!("tests/cases/read/{name}");
        let mut bytes = std::fs::read(path).expect("the case is part of the repository");
        for (from, to, length) in cuts {
            // A piece of the article, put where it does not belong.
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
            bytes.splice(to..(to + length / 2).min(bytes.len()), piece);
        }
        for d in read::articles_in(name, &bytes, None).flatten() {
            for span in d.sections.iter().flat_map(|s| &s.blocks).map(|b| b.span).chain(d.citations.iter().map(|c| c.span)) {
                prop_assert!(d.text.get(span.start..span.end).is_some());
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), name in "[a-z]{1,3}\\.(xml|json|txt|pubtator|ndjson|docx)") {
        for document in read::articles_in(&name, &bytes, None).flatten() {
            prop_assert!(!document.text.is_empty());
        }
    }
}
