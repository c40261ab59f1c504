//! The house rules that a compiler does not enforce: which way data flows, how long a file may be, where printing is allowed.

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order data flows; a module may use those before it.
const ORDER: &[&str] = &[
    "text", "document", "read", "language", "annotate", "extract", "graph", "store", "query", "export", "check", "review", "analyse",
    "verify", "serve", "cli",
];

const LONGEST_FILE: usize = 600;

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new("src");
    let (mut open, mut found) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of src").map(|e| e.expect("an entry of src").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&entry).expect("a source file");
                found.push((entry.strip_prefix(root).expect("a path in src").to_owned(), text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the sources were not found");
    found
}

/// The module of `src` that a file belongs to; none for `main.rs` and `lib.rs`.
fn module(path: &Path) -> Option<String> {
    let first = path.components().next()?.as_os_str().to_str()?.trim_end_matches(".rs").to_owned();
    (first != "main" && first != "lib").then_some(first)
}

/// The source without what its tests use and without comments: tests may reach back for a reader or a lexicon.
fn code(text: &str) -> String {
    let shipped = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    shipped.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules that the code names: `crate::x` anywhere, and every member of `use crate::{x, y::{…}}`.
fn used(code: &str) -> Vec<String> {
    let direct = Regex::new(r"\bcrate::([a-z_]+)").expect("a pattern");
    let grouped = Regex::new(r"(?s)\buse crate::\{(.*?)\};").expect("a pattern");
    let mut found: Vec<String> = direct.captures_iter(code).map(|c| c[1].to_owned()).collect();
    for group in grouped.captures_iter(code) {
        let (mut depth, mut word) = (0, String::new());
        for c in group[1].chars().chain([',']) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => found.push(std::mem::take(&mut word).trim().split("::").next().unwrap_or_default().to_owned()),
                c if depth == 0 => word.push(c),
                _ => {}
            }
        }
    }
    found.retain(|m| !m.is_empty());
    found
}

#[test]
fn the_modules_named_in_code_are_found() {
    let found = used("use crate::{text::Span, document::{A, B}, read};\nlet x = crate::store::Store::memory();");
    assert_eq!(found, ["store", "text", "document", "read"]);
}

#[test]
fn data_flows_one_way() {
    let place = |module: &str| ORDER.iter().position(|m| *m == module);
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(own) = module(&path) else { continue };
        let Some(here) = place(&own) else {
            wrong.push(format!("{}: module `{own}` has no place in the flow; add it to ORDER and ARCHITECTURE.md", path.display()));
            continue;
        };
        for other in used(&code(&text)).iter().filter(|m| **m != own) {
            // A name that is no module is a macro or a re-export of the crate root.
            let Some(there) = place(other) else { continue };
            if there > here {
                wrong.push(format!("{}: `{own}` uses `{other}`, which stands after it", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    let long: Vec<_> = (sources().iter())
        .map(|(path, text)| (path.display().to_string(), text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines: {long:?}");
    let main = fs::read_to_string(Path::new("src/main.rs")).expect("main.rs");
    assert!(main.lines().count() <= 60, "main.rs parses, runs and exits in 60 lines");
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<_> =
        sources().iter().filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path.display().to_string()).collect();
    assert!(silent.is_empty(), "without a //! sentence at the top: {silent:?}");
}

#[test]
fn only_the_command_line_prints() {
    let print = Regex::new(r"\b(println|print|eprintln|eprint|dbg)!\s*[(\[{]").expect("a pattern");
    let wrong: Vec<_> = (sources().iter())
        .filter(|(path, _)| !path.starts_with("cli"))
        .filter(|(_, text)| print.is_match(&code(text)))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "prints outside src/cli: {wrong:?}");
}

#[test]
fn modules_are_named_after_the_domain() {
    let vague = ["utils", "util", "helpers", "helper", "common", "types", "manager", "misc"];
    let wrong: Vec<_> = (sources().iter())
        .filter(|(path, _)| path.components().any(|c| c.as_os_str().to_str().is_some_and(|c| vague.contains(&c.trim_end_matches(".rs")))))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "named after nothing in the domain: {wrong:?}");
}
