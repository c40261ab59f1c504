//! Lists the rows of the shipped lexicon, so that a new file under `ontology/lexicon` needs no Rust.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=ontology/lexicon");
    let mut names: Vec<String> = fs::read_dir("ontology/lexicon")
        .map(|dir| dir.filter_map(|e| e.ok()?.file_name().into_string().ok()).filter(|n| n.ends_with(".tsv")).collect())
        .unwrap_or_default();
    names.sort();
    let rows: String = names
        .iter()
        .map(|n| format!("({n:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/ontology/lexicon/{n}\"))),\n"))
        .collect();
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("shipped_lexicon.rs"), format!("&[\n{rows}]\n")).expect("OUT_DIR can be written");
}
