//! Vocabularies as their users bring them: downloaded from a server that breaks off, broken in many ways, large, and looked up with their hierarchy.

use crate::program::run;
use evigraph::annotate::{AnnotateError, Lexicon, Release, Source};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const OBO: &str = "format-version: 1.2\n\n[Term]\nid: X:1\nname: quiblet cell\nsynonym: \"quibletocyte\" EXACT []\n\n\
                   [Term]\nid: X:2\nname: lesser quiblet cell\nis_a: X:1 ! quiblet cell\n";

/// What the server does with the next requests.
struct Served {
    body: Vec<u8>,
    etag: &'static str,
    /// Bytes of the body after which the connection is closed, once.
    cut: Option<usize>,
    /// Request lines and the headers that matter, in order.
    asked: Vec<String>,
}

/// A server of one file on a port of its own; it ends with the test's process.
fn serve(body: &str) -> (String, Arc<Mutex<Served>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/quiblet.obo", listener.local_addr().expect("an address"));
    let served = Arc::new(Mutex::new(Served { body: body.as_bytes().to_vec(), etag: "\"one\"", cut: None, asked: Vec::new() }));
    let shared = Arc::clone(&served);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
            let head: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|l| !l.is_empty()).collect();
            let header =
                |name: &str| head.iter().find_map(|l| l.to_ascii_lowercase().strip_prefix(&format!("{name}: ")).map(str::to_owned));
            let mut served = shared.lock().expect("no test panics while it holds this");
            served.asked.push(format!("{:?} {:?}", header("range"), header("if-none-match")));
            if header("if-none-match").as_deref() == Some(served.etag) {
                let _ = write!(stream, "HTTP/1.1 304 Not Modified\r\nETag: {}\r\nConnection: close\r\n\r\n", served.etag);
                continue;
            }
            let same = header("if-range").as_deref() == Some(served.etag);
            let from: Option<usize> =
                header("range").filter(|_| same).and_then(|r| r.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
            let rest = served.body[from.unwrap_or(0)..].to_vec();
            let status = if from.is_some() { "206 Partial Content" } else { "200 OK" };
            let _ =
                write!(stream, "HTTP/1.1 {status}\r\nETag: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", served.etag, rest.len());
            let end = served.cut.take().unwrap_or(rest.len()).min(rest.len());
            let _ = stream.write_all(&rest[..end]);
        }
    });
    (address, served)
}

fn release(url: &str) -> Release {
    Release {
        name: "quiblet".to_owned(),
        title: "Quiblets".to_owned(),
        url: url.to_owned(),
        file: "quiblet.obo".to_owned(),
        licence: "CC0".to_owned(),
        sha256: String::new(),
    }
}

#[test]
fn a_download_is_resumed_and_not_repeated() {
    let (url, served) = serve(OBO);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let release = release(&url);
    served.lock().expect("the server").cut = Some(40);
    let error = release.fetch(folder.path(), &mut |_, _| {}).expect_err("it breaks off");
    assert!(matches!(error, AnnotateError::Download { .. }) && error.to_string().contains("run the command again"), "{error}");
    assert!(!folder.path().join("quiblet.obo").exists(), "a part is no file");
    let got = release.fetch(folder.path(), &mut |_, _| {}).expect("it goes on");
    assert_eq!((got.resumed, got.bytes, got.unchanged), (40, OBO.len() as u64, false));
    assert_eq!(fs::read_to_string(&got.path).expect("the file"), OBO);
    let again = release.fetch(folder.path(), &mut |_, _| {}).expect("the server answers");
    assert!(again.unchanged && again.sha256 == got.sha256);
    assert_eq!(served.lock().expect("the server").asked, ["None None", "Some(\"bytes=40-\") None", "None Some(\"\\\"one\\\"\")"]);
    // A file that was tampered with does not have its checksum any more, and is fetched anew.
    fs::write(&got.path, "gone").expect("written");
    assert!(!release.fetch(folder.path(), &mut |_, _| {}).expect("fetched").unchanged);
    assert_eq!(fs::read_to_string(&got.path).expect("the file"), OBO);
}

#[test]
fn a_part_of_another_version_is_not_continued() {
    let (url, served) = serve(OBO);
    let folder = tempfile::tempdir().expect("a temporary folder");
    served.lock().expect("the server").cut = Some(60);
    assert!(release(&url).fetch(folder.path(), &mut |_, _| {}).is_err());
    let newer = OBO.replace("quiblet", "quobble");
    {
        let mut served = served.lock().expect("the server");
        served.body = newer.clone().into_bytes();
        served.etag = "\"two\"";
    }
    let got = release(&url).fetch(folder.path(), &mut |_, _| {}).expect("fetched");
    assert_eq!((got.resumed, fs::read_to_string(got.path).expect("the file")), (0, newer));
}

#[test]
fn a_wrong_checksum_and_no_network_are_told() {
    let (url, _served) = serve(OBO);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pinned = Release { sha256: "00".to_owned(), ..release(&url) };
    let error = pinned.fetch(folder.path(), &mut |_, _| {}).expect_err("another sum");
    assert!(error.to_string().contains("SHA-256"), "{error}");
    assert!(!folder.path().join("quiblet.obo").exists());
    // A port that was free a moment ago answers nobody.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let error = release(&format!("http://127.0.0.1:{port}/quiblet.obo")).fetch(folder.path(), &mut |_, _| {}).expect_err("nobody answers");
    assert!(matches!(error, AnnotateError::Offline { .. }), "{error}");
    assert!(error.to_string().contains("evigraph lexicon add quiblet.obo"), "{error}");
}

#[test]
fn fetched_vocabularies_are_compiled() {
    let (url, _served) = serve(OBO);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("addresses.tsv"), format!("name\ttitle\turl\tfile\tlicence\nquiblet\tQuiblets\t{url}\tquiblet.obo\tCC0\n"))
        .expect("written");
    let (_, err, code) = run(at, &["lexicon", "fetch", "quiblet", "--addresses", "addresses.tsv"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("SHA-256") && err.contains("quiblet.obo: 2 terms"), "{err}");
    let (out, ..) = run(at, &["lexicon", "lookup", "lesser", "quiblet", "cells"]);
    assert!(out.contains("X:2"), "{out}");
    let (_, err, code) = run(at, &["lexicon", "fetch", "quibblet", "--addresses", "addresses.tsv"]);
    assert!(code == 2 && err.contains("did you mean quiblet?"), "{code} {err}");
    let (out, ..) = run(at, &["lexicon", "fetch", "--list"]);
    for name in ["hgnc", "mondo", "cl", "uberon", "go", "chebi", "hp"] {
        assert!(out.lines().any(|l| l.starts_with(&format!("{name},")) && l.contains("https://")), "{name}: {out}");
    }
}

#[test]
fn broken_vocabularies_leave_the_lexicon_as_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("good.obo"), OBO).expect("written");
    assert_eq!(run(at, &["lexicon", "add", "good.obo", "--lexicon", "own.lex"]).2, 0);
    let before = fs::read(at.join("own.lex")).expect("the lexicon");
    for (file, text, parts) in [
        ("stanza.obo", "[Term]\nid: Y:1\nname: a\n\n[Term\nid: Y:2\n", "stanza.obo:5:"),
        ("quotes.obo", "[Term]\nid: Y:1\nname: a\nsynonym: \"b EXACT []\n", "quotes.obo:4:"),
        ("nameless.obo", "[Term]\nname: a\n", "nameless.obo:1:"),
        ("twice.obo", "[Term]\nid: Y:1\nname: a\n\n[Term]\nid: Y:1\nname: b\n", "twice.obo:5:"),
        ("circle.obo", "[Term]\nid: Y:1\nname: a\nis_a: Y:2\n\n[Term]\nid: Y:2\nname: b\nis_a: Y:1\n", "circle.obo:4: a circle of is_a"),
        ("columns.tsv", "id\tlabel\nY:1\ta\tb\n", "columns.tsv:2: 3 cells"),
        ("twice.tsv", "id\tlabel\nY:1\ta\nY:1\tb\n", "twice.tsv:3: Y:1 stands twice"),
        ("circle.tsv", "id\tlabel\tparents\nY:1\ta\tY:1\n", "circle.tsv:2: a circle"),
        ("graph.json", "{\"graphs\": [{\"nodes\": 3}]}", "graph.json:1: not an OBO graph"),
        ("open.owl", "<?xml version=\"1.0\"?>\n<rdf:RDF>\n<owl:Class", "open.owl:3:"),
        ("genes.tsv", "HGNC ID\tApproved Symbol\nY:1\tABC\n", "genes.tsv:2: `Y:1` is no HGNC identifier"),
        ("empty.obo", "", "empty.obo: not a vocabulary"),
    ] {
        fs::write(at.join(file), text).expect("written");
        let (_, err, code) = run(at, &["lexicon", "add", file, "--lexicon", "own.lex"]);
        assert!(code == 2 && err.contains(parts), "{file}: {code} {err}");
        assert_eq!(fs::read(at.join("own.lex")).expect("the lexicon"), before, "{file} changed the lexicon");
    }
    let (_, err, code) = run(at, &["lexicon", "add", "good.obo", "circle.obo", "--lexicon", "other.lex"]);
    assert!(code == 2 && err.contains("good.obo: 2 terms") && err.contains("circle.obo:4:"), "{code} {err}");
}

#[test]
fn the_shipped_rows_have_a_hierarchy() {
    let lexicon = Lexicon::shipped().expect("the shipped lexicon");
    let above = |id: &str| {
        let (mut open, mut seen) = (vec![id.to_owned()], Vec::new());
        while let Some(id) = open.pop() {
            for parent in lexicon.parents(&id) {
                if !seen.contains(&parent) {
                    seen.push(parent.clone());
                    open.push(parent);
                }
            }
        }
        seen
    };
    for (id, name, ancestor) in [
        ("MONDO:0005416", "knee osteoarthritis", "MONDO:0005178"),
        ("EVI:post_traumatic_osteoarthritis", "post-traumatic osteoarthritis", "MONDO:0005178"),
        ("CL:0000134", "mesenchymal stem cell", "CL:0002320"),
        ("MONDO:0005178", "osteoarthritis", "MONDO:0005172"),
    ] {
        assert!(above(id).iter().any(|a| a == ancestor), "{name} is no kind of {ancestor}: {:?}", above(id));
    }
    let grouping = lexicon.entity("MONDO:0005172").expect("skeletal system disorder groups others");
    assert!(lexicon.lookup(&grouping.label, None).is_empty(), "groupings are no names to look for");
}

#[test]
fn a_lexicon_goes_out_and_in_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("good.obo"), OBO).expect("written");
    let sources = [Source { path: at.join("good.obo"), ..Source::default() }];
    Lexicon::add(&sources, at.join("own.lex"), &mut |_| {}).expect("compiled");
    assert_eq!(run(at, &["lexicon", "export", "--lexicon", "own.lex", "-o", "out.tsv"]).2, 0);
    let text = fs::read_to_string(at.join("out.tsv")).expect("the table");
    assert!(text.lines().any(|l| l.starts_with("X:2\tlesser quiblet cell\t") && l.trim_end().ends_with("\tX:1")), "no row for X:2");
    let (_, err, code) = run(at, &["lexicon", "add", "out.tsv", "--lexicon", "second.lex"]);
    assert_eq!(code, 0, "{err}");
}
