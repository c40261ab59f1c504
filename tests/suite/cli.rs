//! The command line as people use it: the main flows, every kind of bad input, exit codes, and the same bytes each time.

use crate::program::run;
use evigraph::store::Store;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const ARTICLE: &str = "# Hip osteoarthritis\n\n## Mechanism\n\nMesenchymal stem cells suppress IL-6 [1]. \
                       Mesenchymal stem cells secrete decorin.\n\n## References\n\n\
                       [1] Aldous P. Donor cells quieten the hip. Journal of Joint Repair. 2021;14:101-109. doi:10.5555/jjr.2021.0101\n";

/// A working folder with an article in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("hip.md"), ARTICLE).expect("an article");
    folder
}

/// Asserts that the command fails with 2 and one message that holds every part.
fn assert_refused(folder: &Path, words: &[&str], parts: &[&str]) {
    let (out, err, code) = run(folder, words);
    assert_eq!(code, 2, "{words:?} gave {code}: {out}{err}");
    let messages: Vec<_> = err.lines().filter(|l| l.starts_with("error: ")).collect();
    assert_eq!(messages.len(), 1, "{words:?} gave {err}");
    for part in parts {
        assert!(err.contains(part), "{words:?}: {part:?} is not in: {err}");
    }
}

#[test]
fn an_article_becomes_claims() {
    let folder = folder();
    let (out, err, code) = run(folder.path(), &["extract", "hip.md", "--format", "jsonl"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let claims: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let lowers = claims.iter().find(|c| c["predicate"] == "evi:decreases").expect("the claim about IL-6");
    assert_eq!((lowers["source"].as_str(), lowers["citations"][0].as_str()), (Some("hip.md"), Some("1")));
    assert_eq!(lowers["source_status"], "sourced");
    assert!(claims.iter().any(|c| c["source_status"] == "unsourced"), "the claim about decorin has no source");
}

#[test]
fn a_store_is_filled_asked_and_emptied() {
    let folder = folder();
    let at = folder.path();
    let (_, err, code) = run(at, &["ingest", "hip.md"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("1 article read") && err.contains("without a source"), "{err}");
    let (out, ..) = run(at, &["query", "SELECT ?label { ?c a evi:Claim ; rdf:object/rdfs:label ?label } ORDER BY ?label"]);
    assert!(out.starts_with("label\r\n") && out.lines().count() >= 3, "{out}");
    let (before, ..) = run(at, &["store", "dump"]);
    let (_, err, _) = run(at, &["ingest", "hip.md"]);
    assert!(err.contains("1 article unchanged"), "{err}");
    assert_eq!(run(at, &["store", "dump"]).0, before, "reading again changed the store");
    let (_, err, code) = run(at, &["ingest", "--force", "hip.md"]);
    assert_eq!((code, run(at, &["store", "dump"]).0 == before), (0, true), "{err}");
    assert_eq!(run(at, &["remove", "hip.md"]).2, 0);
    let (out, ..) = run(at, &["query", "SELECT (COUNT(*) AS ?n) { ?c a evi:Claim }"]);
    assert_eq!(out, "n\r\n0\r\n");
    assert_refused(at, &["remove", "hip.md"], &["no article named \"hip.md\""]);
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_the_threads() {
    let folder = folder();
    for i in 0..20 {
        fs::write(folder.path().join(format!("copy-{i:02}.md")), ARTICLE.replace("IL-6", &format!("IL-{}", i + 1))).expect("an article");
    }
    let one = run(folder.path(), &["extract", ".", "--format", "nq", "--jobs", "1"]);
    let four = run(folder.path(), &["extract", ".", "--format", "nq", "--jobs", "4"]);
    assert_eq!((one.2, four.2), (0, 0), "{}", one.1);
    assert!(one.0.lines().count() > 200 && one.0 == four.0);
}

#[test]
fn inputs_that_cannot_be_read_are_told_and_the_others_go_on() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("empty.txt"), "").expect("a file");
    fs::write(at.join("binary.dat"), b"\x00\x01\x02\xff\xfe\x00binary").expect("a file");
    fs::write(at.join("latin.txt"), b"Pain fell by 30 % in the caf\xe9 group.").expect("a file");
    fs::create_dir(at.join("nothing")).expect("a folder");
    for (path, parts) in [
        ("missing.txt", &["missing.txt", "No such file"][..]),
        ("nothing", &["nothing", "without articles"]),
        ("binary.dat", &["binary.dat", "binary"]),
        ("latin.txt", &["latin.txt", "UTF-8", "byte 28"]),
        ("empty.txt", &["empty.txt", "no text"]),
    ] {
        assert_refused(at, &["extract", path, "hip.md", "-f", "jsonl"], parts);
        let (out, ..) = run(at, &["extract", path, "hip.md", "-f", "jsonl"]);
        assert!(!out.is_empty(), "hip.md was not read beside {path}");
        assert_refused(at, &["ingest", "--dry-run", path, "hip.md"], parts);
    }
    let (out, _, code) = run(at, &["extract", "--strict", "missing.txt", "hip.md", "-f", "jsonl"]);
    assert_eq!((out.as_str(), code), ("", 2), "--strict ends the run");
}

#[test]
fn a_line_without_end_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("long.txt"), "cartilage ".repeat(7 << 20)).expect("a file");
    assert_refused(folder.path(), &["read", "long.txt", "hip.md"], &["long.txt", "MiB"]);
}

#[test]
fn queries_that_cannot_be_asked_say_where_and_what_to_do() {
    let folder = folder();
    let at = folder.path();
    assert_eq!(run(at, &["ingest", "hip.md"]).2, 0);
    let (_, err, code) = run(at, &["query", "SELECT ?c {\n  ?c a evi:Claim FLITER(?c)\n}"]);
    assert_eq!(code, 2);
    assert!(err.contains("line 2") && err.contains("FLITER"), "{err}");
    assert_refused(at, &["query", "treatment-efects"], &["treatment-efects", "did you mean treatment-effects"]);
    assert_refused(at, &["query", "treatment-effects", "--param", "treatment=IL66"], &["IL66"]);
    assert_refused(at, &["export", "claim"], &["did you mean claims"]);
    assert_refused(at, &["check", "claim-without-citations"], &["did you mean claim-without-citation"]);
}

#[test]
fn stores_that_cannot_be_opened_say_why() {
    let folder = folder();
    let at = folder.path();
    assert_refused(at, &["query", "ASK {}"], &["no store", "evigraph ingest"]);
    fs::create_dir(at.join("photos")).expect("a folder");
    fs::write(at.join("photos/cat.jpg"), "meow").expect("a file");
    assert_refused(at, &["--store", "photos", "ingest", "hip.md"], &["photos", "not a store"]);
    assert_refused(at, &["--store", "photos", "query", "ASK {}"], &["photos"]);
    let held = Store::create(&at.join("held"), None).expect("a store");
    assert_refused(at, &["--store", "held", "query", "ASK {}"], &["held", "another process"]);
    drop(held);
    assert_eq!(run(at, &["--store", "held", "query", "ASK {}"]).2, 0);
}

#[test]
fn exit_codes_tell_findings_from_failures() {
    let folder = folder();
    let at = folder.path();
    assert_eq!(run(at, &["ingest", "hip.md"]).2, 0);
    assert_eq!(run(at, &["check", "--fail-on", "info"]).2, 1);
    assert_eq!(run(at, &["check", "--fail-on", "none"]).2, 0);
    assert_eq!(run(at, &["query", "--fail-empty", "SELECT ?x { ?x a evi:Nothing }"]).2, 1);
    assert_eq!(run(at, &["search", "--fail-empty", "zebra"]).2, 1);
    assert_eq!(run(at, &["query"]).2, 2);
}

#[test]
fn a_curator_decides_by_the_short_name_of_a_claim() {
    let folder = folder();
    let at = folder.path();
    assert_eq!(run(at, &["ingest", "hip.md"]).2, 0);
    let (out, ..) = run(at, &["query", "SELECT ?claim { ?claim a evi:Claim ; evi:sourceStatus evi:Unsourced } ORDER BY ?claim LIMIT 1"]);
    let hash: String = out.trim().rsplit('/').next().expect("a claim").chars().take(12).collect();
    assert!(run(at, &["show", &hash]).0.contains("decorin"), "{out}");
    assert_refused(at, &["review", "accept", &hash], &["--as", "EVIGRAPH_CURATOR"]);
    let (_, err, code) = run(at, &["review", "source", &hash, "--doi", "10.5555/jjr.2020.0007", "--as", "Ada"]);
    assert_eq!(code, 0, "{err}");
    assert!(run(at, &["review", "export"]).0.contains("10.5555/jjr.2020.0007"));
    let (out, ..) = run(at, &["check", "claim-without-citation", "--fail-on", "none", "--format", "csv"]);
    assert_eq!(out.lines().count(), 1, "the claim has a source now: {out}");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = folder();
    let program = env!("CARGO_BIN_EXE_evigraph");
    let script = format!("'{program}' man | head -c 10; exit ${{PIPESTATUS[0]}}");
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(&folder).output().expect("a shell");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 10), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn the_format_follows_the_name_of_the_file() {
    let folder = folder();
    let at = folder.path();
    assert_eq!(run(at, &["extract", "hip.md", "-o", "claims.trig"]).2, 0);
    assert!(fs::read_to_string(at.join("claims.trig")).expect("the file").contains("@prefix evi:"));
    assert_eq!(run(at, &["read", "hip.md", "-o", "hip.json"]).2, 0);
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(at.join("hip.json")).expect("the file")).expect("JSON");
    assert_eq!((json["source"].as_str(), json["references"][0]["traceability"].as_str()), (Some("hip.md"), Some("traceable")));
    assert_refused(at, &["read", "hip.md", "-o", "hip.xlsx"], &["hip.xlsx", "--format"]);
}

#[test]
fn help_manual_and_completions_cover_every_command() {
    let folder = folder();
    let (help, ..) = run(folder.path(), &["--help"]);
    for command in
        ["ingest", "remove", "extract", "read", "annotate", "query", "search", "export", "check", "show", "store", "lexicon", "demo"]
    {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is not in the help");
        assert_eq!(run(folder.path(), &[command, "--help"]).2, 0);
    }
    assert!(run(folder.path(), &["completions", "bash"]).0.contains("evigraph"));
    assert!(run(folder.path(), &["man"]).0.contains(".TH evigraph"));
}
