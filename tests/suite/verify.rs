//! References are looked up at a server of our own that speaks as Crossref and Europe PMC do: what is filled in, what never is, and what
//! happens when a service is busy, broken or away.

use crate::program::{evigraph, said};
use evigraph::document::Reference;
use evigraph::read::reference::parse;
use evigraph::verify::{Client, Error, Options, Verdict, Verifier};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Status, further header lines and body of an answer.
type Answer = (u16, String, String);

/// A server on a port of its own, with the requests that it got.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each request by its path and by how many came before it.
    fn new(answer: impl Fn(&str, usize) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(&stream);
                let mut line = String::new();
                let mut head = String::new();
                reader.read_line(&mut line).expect("a request line");
                while head.trim() != "" || head.is_empty() {
                    head.clear();
                    if reader.read_line(&mut head).is_ok_and(|n| n == 0) {
                        break;
                    }
                }
                let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
                let before = {
                    let mut seen = seen.lock().expect("the list");
                    seen.push(path.clone());
                    seen.len() - 1
                };
                let (status, headers, body) = answer(&path, before);
                let text = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
                (&stream).write_all(text.as_bytes()).ok();
            }
        });
        Self { address, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("the list").clone()
    }

    fn options(&self, cache: Option<&Path>) -> Options {
        Options {
            crossref: format!("{}/crossref", self.address),
            europe_pmc: format!("{}/pmc", self.address),
            mail: Some("roe@example.org".into()),
            cache: cache.map(Path::to_owned),
            rate: 1000.0,
            backoff: Duration::from_millis(5),
            ..Options::default()
        }
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(Client::new(self.options(None)))
    }
}

fn ok(body: &Value) -> Answer {
    (200, "Content-Type: application/json\r\n".into(), body.to_string())
}

const MISSING: (u16, &str) = (404, "Resource not found.");

fn missing() -> Answer {
    (MISSING.0, String::new(), MISSING.1.into())
}

fn work(doi: &str, title: &str, author: &str, year: u16) -> Value {
    json!({ "DOI": doi, "type": "journal-article", "title": [title], "author": [{ "family": author, "given": "A" }],
        "issued": { "date-parts": [[year]] }, "container-title": ["J Joint Care"], "volume": "10", "page": "88-97" })
}

fn list(works: &[Value]) -> Value {
    json!({ "status": "ok", "message": { "items": works } })
}

fn results(results: &[Value]) -> Value {
    json!({ "hitCount": results.len(), "resultList": { "result": results } })
}

const TITLE: &str = "Stromal cells calm the ageing hip: a registry";

fn reference() -> Reference {
    parse("Lind A, Roe J. Stromal cells calm the ageing hip: a registry. J Joint Care. 2019;10(3):88-97.", "1")
}

/// A service that has the work of [`reference`] and one that was retracted.
fn library(path: &str, _: usize) -> Answer {
    if path.starts_with("/crossref/works?") {
        return ok(&list(&[
            work("10.5555/other", "Stromal cells of the young knee", "Lind", 2019),
            work("10.5555/JJC.88", TITLE, "Lind", 2019),
        ]));
    }
    let retracted = json!({ "status": "ok", "message": { "DOI": "10.5555/gone.1", "type": "journal-article", "title": ["Curcumin rebuilds the disc in a week"],
        "author": [{ "family": "Okafor" }], "issued": { "date-parts": [[2018]] }, "updated-by": [{ "DOI": "10.5555/gone.2", "type": "retraction" }] } });
    match path.split('?').next().unwrap_or_default() {
        "/crossref/works/10.5555%2Fgone.1" => ok(&retracted),
        "/crossref/works/10.5555%2Fjjc.88" => ok(&json!({ "message": work("10.5555/jjc.88", TITLE, "Lind", 2019) })),
        "/pmc/search" if path.contains("jjc.88") => ok(&results(&[json!({ "source": "MED", "pmid": "20000001", "pmcid": "PMC900001",
            "doi": "10.5555/jjc.88", "title": format!("{TITLE}."), "authorString": "Lind A, Roe J.", "pubYear": "2019" })])),
        "/pmc/search" => ok(&results(&[])),
        _ => missing(),
    }
}

#[test]
fn identifiers_are_filled_in_where_title_year_and_author_agree() {
    let server = Server::new(library);
    let finding = server.verifier().verify(&reference()).expect("an answer");
    assert_eq!(finding.verdict, Verdict::Completed);
    let ids = &finding.added;
    assert_eq!(
        (ids.doi.as_deref(), ids.pmid.as_deref(), ids.pmcid.as_deref()),
        (Some("10.5555/jjc.88"), Some("20000001"), Some("PMC900001"))
    );
    assert_eq!(finding.retracted, Some(false));
    let asked = server.requests();
    assert!(
        asked[0].contains("query.bibliographic=Lind%20A%202019%20Stromal%20cells") && asked[0].ends_with("mailto=roe%40example.org"),
        "{asked:?}"
    );
}

#[test]
fn what_does_not_agree_is_never_filled_in() {
    let candidates = [
        work("10.5555/w.1", "Stromal cells calm the ageing knee: a trial of two doses", "Lind", 2019),
        work("10.5555/w.2", TITLE, "Okafor", 2019),
        work("10.5555/w.3", TITLE, "Lind", 2011),
        work("10.5555/w.4", &format!("Correction to: {TITLE}"), "Lind", 2019),
        json!({ "DOI": "10.5555/w.5", "title": [TITLE] }),
    ];
    let server = Server::new(move |path, _| if path.starts_with("/crossref") { ok(&list(&candidates)) } else { ok(&results(&[])) });
    let finding = server.verifier().verify(&reference()).expect("an answer");
    assert_eq!((finding.verdict, finding.added.doi), (Verdict::NotFound, None));

    let twins = [work("10.5555/t.1", TITLE, "Lind", 2019), work("10.5555/t.2", TITLE, "Lind", 2019)];
    let server = Server::new(move |path, _| if path.starts_with("/crossref") { ok(&list(&twins)) } else { ok(&results(&[])) });
    let finding = server.verifier().verify(&reference()).expect("an answer");
    assert_eq!((finding.verdict, finding.added.doi), (Verdict::Ambiguous, None));

    let server = Server::new(library);
    for raw in ["Roe Clinic Case #AB-1.", "Gait Results – Internal Data, 2023.", "ClinicalTrials.gov NCT01234567."] {
        assert_eq!(server.verifier().verify(&parse(raw, "1")).expect("no question").verdict, Verdict::Skipped, "{raw}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn an_identifier_is_held_against_what_the_reference_says() {
    let server = Server::new(library);
    let gone = parse("Okafor B. Curcumin rebuilds the disc in a week. Disc Lett. 2018;2:1-9. doi:10.5555/gone.1", "1");
    let finding = server.verifier().verify(&gone).expect("an answer");
    assert_eq!((finding.verdict, finding.retracted), (Verdict::Confirmed, Some(true)));
    let wrong = parse("Ng C. Soil bacteria of the northern plain and their relatives. Soil Notes. 2012;3:4-5. doi:10.5555/gone.1", "2");
    let finding = server.verifier().verify(&wrong).expect("an answer");
    assert_eq!((finding.verdict, finding.retracted), (Verdict::Mismatch, None));
    let absent = parse("Ng C. Soil bacteria. Soil Notes. 2012;3:4-5. doi:10.5555/none", "3");
    assert_eq!(server.verifier().verify(&absent).expect("an answer").verdict, Verdict::NotFound);
}

#[test]
fn busy_services_are_asked_again_and_dead_ones_given_up() {
    let server = Server::new(|path, before| match before {
        0 => (429, "Retry-After: 0\r\n".into(), String::new()),
        1 => (503, String::new(), "busy".into()),
        _ => library(path, before),
    });
    assert_eq!(server.verifier().verify(&reference()).expect("an answer").verdict, Verdict::Completed);
    assert_eq!(server.requests().len(), 4);

    let server = Server::new(|_, _| (500, String::new(), String::new()));
    let error = server.verifier().verify(&reference()).expect_err("no answer");
    assert!(matches!(&error, Error::Unreachable { message, .. } if message.contains("status 500")), "{error}");
    assert_eq!(server.requests().len(), 5, "one question and four repetitions");

    let server = Server::new(|_, _| (429, "Retry-After: 86400\r\n".into(), String::new()));
    let error = server.verifier().verify(&reference()).expect_err("no answer today");
    assert!(error.to_string().contains("asks to wait 86400 s"), "{error}");
}

#[test]
fn broken_answers_fail_one_reference_and_are_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::new(|_, _| (200, String::new(), "<html>maintenance".into()));
    let mut verifier = Verifier::new(Client::new(server.options(Some(folder.path()))));
    let finding = verifier.verify(&reference()).expect("a finding");
    assert_eq!(finding.verdict, Verdict::Failed);
    assert!(finding.note.contains("no JSON"), "{}", finding.note);
    assert_eq!(std::fs::read_dir(folder.path()).expect("the cache").count(), 0);
    // Fields of other kinds than documented are no answer either, and no panic.
    let server = Server::new(|_, _| ok(&json!({ "message": { "items": [3, { "title": "x", "author": 7 }, null] }, "resultList": [] })));
    assert_eq!(server.verifier().verify(&reference()).expect("a finding").verdict, Verdict::NotFound);
}

#[test]
fn answers_are_kept_and_serve_offline() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::new(library);
    let first = Verifier::new(Client::new(server.options(Some(folder.path())))).verify(&reference()).expect("an answer");
    let asked = server.requests().len();
    let offline = Options { offline: true, ..server.options(Some(folder.path())) };
    let mut verifier = Verifier::new(Client::new(offline));
    assert_eq!(verifier.verify(&reference()).expect("the kept answer"), first);
    let other = parse("Ng C. Gait after a fall on the stairs. Gait Notes. 2012;3:4-5.", "2");
    assert_eq!(verifier.verify(&other).expect("a finding").verdict, Verdict::Failed);
    assert_eq!(verifier.counts(), (0, 2));
    assert_eq!(server.requests().len(), asked);
}

const ARTICLE: &str = "# Hip\n\n## Mechanism\n\nMesenchymal stem cells suppress IL-6 [1]. Curcumin reduces pain [2]. Exercise reduces pain [3].\n\n## References\n\n\
    [1] Lind A, Roe J. Stromal cells calm the ageing hip: a registry. J Joint Care. 2019;10(3):88-97.\n\
    [2] Okafor B. Curcumin rebuilds the disc in a week. Disc Lett. 2018;2:1-9. doi:10.5555/gone.1\n\
    [3] Roe Clinic Case #AB-1.\n";

/// Runs the program in a folder; gives standard output, standard error and exit code.
fn run(folder: &Path, server: &str, words: &[&str]) -> (String, String, i32) {
    let mut command = evigraph(folder, words);
    command.env("EVIGRAPH_CROSSREF", format!("{server}/crossref")).env("EVIGRAPH_EUROPE_PMC", format!("{server}/pmc"));
    said(command.env("EVIGRAPH_CACHE", folder.join("cache")).output().expect("the program runs"))
}

#[test]
fn a_store_gets_identifiers_and_retractions_and_keeps_them() {
    let server = Server::new(library);
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    std::fs::write(at.join("hip.md"), ARTICLE).expect("an article");
    let ask = |words: &[&str]| run(at, &server.address, words);
    assert_eq!(ask(&["ingest", "hip.md"]).2, 0);
    let before = ask(&["store", "dump"]).0;

    // A service that is away changes nothing, and says so.
    let (_, err, code) = run(at, "http://127.0.0.1:9", &["verify-references", "--retries", "0"]);
    assert_eq!(code, 2);
    assert!(err.contains("nothing was changed") && err.contains("Crossref cannot be reached at http://127.0.0.1:9/crossref"), "{err}");
    let (_, err, code) = ask(&["verify-references", "--offline"]);
    assert!(code == 2 && err.contains("2 references could not be looked up"), "{code} {err}");
    assert_eq!(ask(&["store", "dump"]).0, before);

    let (out, err, code) = ask(&["verify-references", "--rate", "1000", "--format", "csv"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("3 references: 1 given identifiers, 1 retracted"), "{err}");
    assert!(
        out.contains(",completed,10.5555/jjc.88,20000001,PMC900001,false,") && out.contains(",confirmed,10.5555/gone.1,,,true,"),
        "{out}"
    );
    let table = ask(&["export", "references", "--format", "csv"]).0;
    let row = table.lines().find(|l| l.contains("Lind")).expect("the first entry");
    assert!(row.contains("10.5555/jjc.88,20000001,PMC900001,,traceable,false"), "{row}");
    let (findings, _, _) = ask(&["check", "--format", "csv", "--fail-on", "none"]);
    assert!(findings.contains("retracted-source"), "{findings}");
    assert!(!findings.lines().any(|l| l.contains("entry-without-identifier") && l.contains("Lind")), "{findings}");

    // Reading the article again keeps what was looked up; another work in the same place does not inherit it.
    assert_eq!(ask(&["ingest", "hip.md", "--force"]).2, 0);
    assert!(ask(&["export", "references", "--format", "csv"]).0.contains("10.5555/jjc.88"));
    let edited = ARTICLE.replace(
        "Lind A, Roe J. Stromal cells calm the ageing hip: a registry. J Joint Care. 2019",
        "Ng C. Gait after a fall on the stairs. J Joint Care. 2014",
    );
    std::fs::write(at.join("hip.md"), edited).expect("an article");
    assert_eq!(ask(&["ingest", "hip.md"]).2, 0);
    assert!(!ask(&["export", "references", "--format", "csv"]).0.contains("10.5555/jjc.88"));
}

#[test]
fn references_of_files_are_looked_up_without_a_store() {
    let server = Server::new(library);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("hip.md"), ARTICLE).expect("an article");
    let (out, err, code) = run(folder.path(), &server.address, &["verify-references", "hip.md", "--rate", "1000", "--format", "jsonl"]);
    assert_eq!(code, 0, "{err}");
    let rows: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(rows.iter().map(|r| r["verdict"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["completed", "confirmed", "skipped"]);
    assert_eq!(rows[1]["retracted"], true);
    assert!(!folder.path().join("evigraph-store").exists());
}
