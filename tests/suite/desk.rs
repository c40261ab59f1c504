//! An analyst's and a curator's day at the command line: files out, a spreadsheet back in, the same after reading again.
#![allow(clippy::unwrap_used)]

use crate::program::run;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const ARTICLE: &str = "---\ndate: 2024-03-01\n---\n\n# Hip osteoarthritis\n\n## Mechanism\n\nMesenchymal stem cells suppress IL-6 [1]. Mesenchymal stem cells secrete decorin. \
    Mesenchymal stem cells do not increase TNF-α [1].\n\n- 3 months: 40% reduction in pain (VAS).\n\n## References\n\n\
    [1] Aldous P. Donor cells quieten the hip. Journal of Joint Repair. 2021;14:101-109. doi:10.5555/jjr.2021.0101\n";

/// A working folder whose store holds the article.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hip.md"), ARTICLE).unwrap();
    done(folder.path(), &["ingest", "hip.md"]);
    folder
}

/// Runs a command that must succeed, and gives its standard output.
fn done(folder: &Path, words: &[&str]) -> String {
    let (out, err, code) = run(folder, words);
    assert_eq!(code, 0, "{words:?}: {out}{err}");
    out
}

fn sheet(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The beginning of what is said of decorin.
const SAID: &str = "mesenchymal stem cell produces ";

const GAPS: &[&str] = &["check", "claim-without-citation", "numbers-without-source", "--fail-on", "none", "--format", "json"];

/// Checks and claims of the findings.
fn gaps(folder: &Path) -> Vec<(String, String)> {
    let report: serde_json::Value = serde_json::from_str(&done(folder, GAPS)).unwrap();
    let text = |f: &serde_json::Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
    report["findings"].as_array().unwrap().iter().map(|f| (text(f, "check"), text(f, "says"))).collect()
}

#[test]
fn a_curators_morning() {
    let folder = folder();
    let at = folder.path();
    let before = gaps(at);
    // The finding on decorin alone is left.
    let decorin_alone = |found: &[(String, String)]| found.len() == 1 && found[0].1.starts_with(SAID);
    assert!(before.iter().any(|g| g.0 == "claim-without-citation" && g.1.starts_with(SAID)), "{before:?}");
    assert!(before.iter().any(|g| g.0 == "numbers-without-source" && g.1.contains("decreased by 40 %")), "{before:?}");
    let report = done(at, &["check", "claim-without-citation", "--fail-on", "none", "--format", "text"]);
    assert!(report.contains("claim ") && report.contains(SAID), "{report}");

    // The worklist goes into a spreadsheet; sources are filled in; it comes back.
    done(at, &["export", "gaps", "-o", "gaps.csv"]);
    let rows = sheet(&at.join("gaps.csv"));
    let mut filled = csv::Writer::from_path(at.join("filled.csv")).unwrap();
    let header: Vec<String> = csv::Reader::from_path(at.join("gaps.csv")).unwrap().headers().unwrap().iter().map(str::to_owned).collect();
    filled.write_record(&header).unwrap();
    for mut row in rows {
        match row["check"].as_str() {
            "claim-without-citation" => drop(row.insert("doi".into(), "doi:10.5555/Decorin.7".into())),
            "numbers-without-source" => drop(row.insert("pmid".into(), "7654321".into())),
            _ => {}
        }
        filled.write_record(header.iter().map(|h| &row[h])).unwrap();
    }
    filled.flush().unwrap();
    done(at, &["review", "--as", "0000-0002-1825-0097", "import", "filled.csv"]);
    assert_eq!(gaps(at), []);
    done(at, &["ingest", "--force", "hip.md"]);
    assert_eq!(gaps(at), [], "read again, the sources still hold");

    // A source is retracted: what rested on it is a gap again, nothing else is.
    let flag = "<https://doi.org/10.5555/decorin.7> <https://w3id.org/evigraph/ontology#retracted> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> <https://w3id.org/evigraph/graph/works> .\n";
    fs::write(at.join("retracted.nq"), flag).unwrap();
    done(at, &["store", "load", "retracted.nq"]);
    assert!(decorin_alone(&gaps(at)), "{:?}", gaps(at));

    // A sentence that claims nothing is waived, and the waiver is taken back.
    let report: serde_json::Value = serde_json::from_str(&done(at, GAPS)).unwrap();
    let finding = report["findings"][0]["id"].as_str().unwrap().to_owned();
    done(at, &["review", "--as", "Ada", "waive", &finding, "--reason", "not a claim"]);
    assert_eq!(gaps(at), []);
    done(at, &["review", "--as", "Ada", "undo", &finding]);
    assert!(decorin_alone(&gaps(at)), "{:?}", gaps(at));

    // The claim leaves the article: the verdict on it is listed as an orphan.
    fs::write(at.join("hip.md"), ARTICLE.replace("Mesenchymal stem cells secrete decorin. ", "")).unwrap();
    done(at, &["ingest", "hip.md"]);
    let list = done(at, &["review", "list", "--format", "jsonl"]);
    let orphans = list.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()).filter(|d| d["orphaned"] == true).count();
    assert_eq!(orphans, 1, "{list}");
}

#[test]
fn filters_hold_for_every_export() {
    let folder = folder();
    let at = folder.path();
    let lines = |words: &[&str]| done(at, words).lines().count();
    assert_eq!(lines(&["export", "claims", "--format", "jsonl", "--where", "object=IL-6"]), 1);
    assert_eq!(lines(&["export", "claims", "--format", "jsonl", "--where", "object=HGNC:6018"]), 1);
    assert_eq!(lines(&["export", "claims", "--format", "jsonl", "--where", "negated=true"]), 1);
    assert_eq!(lines(&["export", "claims", "--format", "jsonl", "--since", "2024-04"]), 0);
    assert!(lines(&["export", "claims", "--format", "jsonl", "--since", "2024", "--condition", "osteoarthritis, hip"]) > 0);
    assert_eq!(lines(&["export", "claims", "--format", "jsonl", "--decision", "accepted"]), 0);
    let claim = sheet_of(&done(at, &["export", "claims", "--where", "object=IL-6"]))[0]["claim_id"].clone();
    done(at, &["review", "--as", "Ada", "accept", &claim]);
    for (name, format, mark) in [
        ("network", "graphml", "<edge "),
        ("network", "dot", " -> "),
        ("nanopubs", "trig", "np:hasAssertion"),
        ("indra", "json", "\"source_id\""),
        ("rdf", "nt", "ontology#MechanismClaim>"),
    ] {
        let text = done(at, &["export", name, "--format", format, "--decision", "accepted"]);
        assert_eq!(text.matches(mark).count(), 1, "{name} {format}: {text}");
    }
    done(at, &["export", "kgx", "-o", "accepted", "--decision", "accepted"]);
    assert_eq!(fs::read_to_string(at.join("accepted_edges.tsv")).unwrap().lines().count(), 2);
    let rule = sheet_of(&done(at, &["export", "claims", "--where", "object=IL-6"]))[0]["rule"].clone();
    let judged = sheet_of(&done(at, &["review", "precision"]));
    assert_eq!(judged.len(), 1);
    assert_eq!((&judged[0]["rule"], judged[0]["right"].as_str(), judged[0]["wrong"].as_str()), (&rule, "1", "0"));
    let (_, err, code) = run(at, &["export", "claims", "--where", "colour=red"]);
    assert!(code == 2 && err.contains("subject_id"), "{err}");
    let (_, err, code) = run(at, &["export", "claims", "--since", "last year"]);
    assert!(code == 2 && err.contains("2023-05"), "{err}");
}

fn sheet_of(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[test]
fn tables_come_with_a_description_of_their_columns() {
    let folder = folder();
    let at = folder.path();
    done(at, &["export", "tables", "-o", "all"]);
    let described: serde_json::Value = serde_json::from_slice(&fs::read(at.join("all/csv-metadata.json")).unwrap()).unwrap();
    for table in described["tables"].as_array().unwrap() {
        let file = table["url"].as_str().unwrap();
        let names: Vec<&str> = table["tableSchema"]["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        let header = fs::read_to_string(at.join("all").join(file)).unwrap().lines().next().unwrap().to_owned();
        assert_eq!(header, names.join(","), "{file}");
    }
    done(at, &["export", "outcomes", "-o", "outcomes.tsv", "--metadata"]);
    assert!(fs::read_to_string(at.join("outcomes.tsv-metadata.json")).unwrap().contains("\"outcomes.tsv\""));
    for twice in ["one", "two"] {
        done(at, &["export", "tables", "-o", twice]);
    }
    for name in ["claims.csv", "entities.csv", "references.csv", "gaps.csv"] {
        assert_eq!(fs::read(at.join("one").join(name)).unwrap(), fs::read(at.join("two").join(name)).unwrap(), "{name}");
    }
}
