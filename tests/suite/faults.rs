//! The program killed in the midst of its work: what it told is kept, and no article is half there.
#![allow(clippy::unwrap_used)]

use crate::program::evigraph;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const ARTICLES: usize = 100;

fn output(folder: &Path, words: &[&str]) -> String {
    let output = evigraph(folder, words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Articles that share entities, works and triples.
fn write_articles(folder: &Path) {
    let genes = ["IL-6", "TNF", "BDNF", "IL-10", "VEGFA", "SOX9", "IL1B"];
    let verbs = ["suppress", "increase", "do not affect", "may reduce"];
    std::fs::create_dir_all(folder.join("articles")).unwrap();
    for n in 0..ARTICLES {
        let mut text = format!("# Study {n}\n\n## Results\n\n");
        for line in 0..25 {
            let (gene, verb) = (genes[(n + line) % genes.len()], verbs[(n * line) % verbs.len()]);
            text += &format!("In series {line}, mesenchymal stem cells {verb} {gene} [{}]. ", 1 + line % 3);
        }
        text += "\n\n## References\n\n";
        for key in 1..=3 {
            text += &format!(
                "[{key}] Aldous P. Trial {key} of joints. Journal of Joint Repair. 2021;{key}:1-9. doi:10.5555/jjr.{}\n\n",
                (n + key) % 9
            );
        }
        std::fs::write(folder.join(format!("articles/{n:03}.md")), text).unwrap();
    }
}

/// The statements of each graph.
fn graphs(dump: &str) -> BTreeMap<String, Vec<String>> {
    let mut graphs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in dump.lines() {
        let graph = line.trim_end_matches(" .").rsplit(' ').next().unwrap();
        graphs.entry(graph.to_owned()).or_default().push(line.to_owned());
    }
    graphs
}

/// The articles that the program tells to be kept, as it tells them.
fn told(child: &mut Child) -> Receiver<String> {
    let (to, from) = channel();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some((article, rest)) = line.split_once(": ")
                && article.ends_with(".md")
                && (rest.contains(" claim") || rest == "unchanged")
            {
                let _ = to.send(article.to_owned());
            }
        }
    });
    from
}

/// Kills reading so many times, at moments spread over a whole run, and looks at the store each time.
fn kill_rounds(rounds: u32) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_articles(at);
    let started = Instant::now();
    output(at, &["ingest", "articles", "--store", "whole"]);
    let whole_run = started.elapsed();
    let whole = output(at, &["store", "dump", "--store", "whole"]);
    let wanted = graphs(&whole);
    let article = |name: &str| format!("<https://w3id.org/evigraph/article/{}>", name.trim_start_matches("./"));
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let (mut most, mut cut) = (0, 0);
    for round in 0..rounds {
        // Every other round reads everything again, in the place of what is there.
        let words: &[&str] = if round % 2 == 0 { &["ingest", "-v", "articles"] } else { &["ingest", "-v", "--force", "articles"] };
        let mut child = evigraph(at, words).stderr(Stdio::piped()).spawn().unwrap();
        let told = told(&mut child);
        // A golden ratio's multiples spread evenly over the articles, and over the time of one: however busy the machine, most kills come in time.
        // Articles are told in batches, each larger than the one before: after two thirds the last is in hand.
        let share = f64::from(round) * 0.618_034 % 1.0 * ARTICLES as f64 * 0.6;
        let heard: Vec<String> = told.iter().take(share as usize).collect();
        std::thread::sleep(
            whole_run.mul_f64(share.fract() / ARTICLES as f64) + Duration::from_millis(if heard.is_empty() { 5 } else { 0 }),
        );
        let running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        // A build without RocksDB writes its one file at the end: what it tells before is no promise.
        kept.extend(heard.into_iter().chain(told).filter(|_| cfg!(feature = "disk") || !running));
        cut += u32::from(running);
        if !at.join("evigraph-store/evigraph-store").exists() {
            assert!(kept.is_empty(), "round {round}: no store, but {kept:?} was told to be in it");
            continue;
        }
        output(at, &["store", "verify"]);
        let held = graphs(&output(at, &["store", "dump"]));
        for name in &kept {
            assert!(held.contains_key(&article(name)), "round {round}: {name} was told to be kept, and is not there");
        }
        for (graph, lines) in held.iter().filter(|(g, _)| !g.contains("/graph/")) {
            assert_eq!(Some(lines), wanted.get(graph), "round {round}: {graph} is half there");
        }
        most = most.max(held.len());
        if round % 10 == 9 {
            // From the beginning again.
            std::fs::remove_dir_all(at.join("evigraph-store")).unwrap();
            kept.clear();
        }
    }
    assert!(
        (most > 3 || cfg!(not(feature = "disk"))) && cut > rounds / 2,
        "{cut} of {rounds} rounds were cut short, at most {most} graphs were there"
    );
    output(at, &["ingest", "articles"]);
    assert_eq!(output(at, &["store", "dump"]), whole, "in the end all is as if nothing had happened");
}

#[test]
fn what_was_told_outlives_a_kill() {
    kill_rounds(6);
}

#[test]
#[ignore = "takes minutes; `make soak` runs it"]
fn what_was_told_outlives_a_hundred_kills() {
    kill_rounds(100);
}
