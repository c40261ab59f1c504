//! The W3C's SPARQL suites, run against the server in its strict mode and, test by test, against the engine itself.
//!
//! The suites are not part of this repository: `EVIGRAPH_EVAL_DATA` names the folder that holds `sparql/sparql11` and `sparql/sparql10`. The
//! server may fail nothing that the engine passes.

#![allow(clippy::print_stderr)] // The list of failures is what the run is for.

mod engine;
mod manifest;
mod protocol;
mod results;

use engine::{Direct, Engine, Served};
use manifest::{Kind, Manifest};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn suites() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("EVIGRAPH_EVAL_DATA")?).join("sparql");
    assert!(folder.is_dir(), "{} is no folder", folder.display());
    Some(folder)
}

/// Runs the tests of a manifest and those it includes; gives the names of those that fail, with the reason, and how many ran.
fn run(engine: &dyn Engine, manifest: &Manifest) -> (BTreeSet<String>, Vec<String>, usize) {
    let (mut failed, mut reasons, mut ran) = (BTreeSet::new(), Vec::new(), 0);
    for test in &manifest.tests {
        if matches!(test.kind, Kind::Other) {
            continue;
        }
        ran += 1;
        if let Err(reason) = engine::check(engine, test) {
            failed.insert(test.name.clone());
            reasons.push(format!("{}: {reason}", test.name));
        }
    }
    (failed, reasons, ran)
}

#[test]
fn the_server_fails_no_more_than_the_engine() {
    let Some(folder) = suites() else { return };
    let served = Served::start();
    let mut report = Vec::new();
    let (mut worse, mut total) = (Vec::new(), 0);
    for suite in [
        "sparql11/manifest-sparql11-query.ttl",
        "sparql11/manifest-sparql11-update.ttl",
        "sparql11/manifest-sparql11-results.ttl",
        "sparql10/manifest-evaluation.ttl",
        "sparql10/manifest-syntax.ttl",
    ] {
        let manifest = Manifest::read(&folder.join(suite));
        let (ours, our_reasons, ran) = run(&served, &manifest);
        let (theirs, their_reasons, _) = run(&Direct, &manifest);
        assert!(ran > 0, "{suite} holds no tests");
        total += ran;
        report.push(format!("{suite}: {ran} tests; the server fails {}, the engine {}", ours.len(), theirs.len()));
        report.extend(our_reasons.iter().map(|r| format!("  server: {r}")));
        report.extend(their_reasons.iter().map(|r| format!("  engine: {r}")));
        worse.extend(ours.difference(&theirs).cloned());
    }
    let report = report.join("\n");
    eprintln!("{report}");
    assert!(total > 500, "the suites are not whole: {total} tests");
    assert!(worse.is_empty(), "the server fails what the engine passes: {worse:#?}\n{report}");
}

#[test]
fn the_protocols_are_kept() {
    let Some(folder) = suites() else { return };
    let mut failed = Vec::new();
    let mut ran = 0;
    for suite in ["sparql11/protocol/manifest.ttl", "sparql11/graph-store-protocol/manifest.ttl"] {
        for test in protocol::tests(&folder.join(suite)) {
            ran += 1;
            if let Err(reason) = protocol::check(&test) {
                failed.push(format!("{}: {reason}", test.name));
            }
        }
    }
    eprintln!("protocol and graph store: {ran} tests, {} fail", failed.len());
    assert!(ran > 40, "the suites are not whole: {ran} tests");
    assert!(failed.is_empty(), "{failed:#?}");
}
