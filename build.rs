//! Compiles the shipped lexicon (`ontology/lexicon/*.tsv`) into the form that the program maps, so that starting takes no time.
//!
//! The compiler is the library's own: its sources are included here, no more of them than that takes.

use std::path::Path;
use std::{env, fs};

#[allow(dead_code, unused_imports, unreachable_pub, missing_docs)]
#[path = "src/annotate"]
mod annotate {
    mod category;
    mod error;
    pub mod normalise;
    pub mod species;

    #[path = "lexicon"]
    pub mod lexicon {
        pub mod compile;
        mod derived;
        pub mod layout;
        mod map;
        mod merge;
        pub mod shipped;
        mod term;
        mod variant;

        pub const SHIPPED: &str = "shipped";
        pub use term::{Scope, Term, Vocabulary};
        pub use variant::Variant;
    }

    #[path = "vocabulary"]
    pub mod vocabulary {
        mod cycle;
        mod identifier;
        pub mod kind;
        pub mod tsv;

        use identifier::xref;
    }

    pub use category::Category;
    pub use error::AnnotateError;
    pub use lexicon::{Scope, Term, Vocabulary};
}

/// What the lexicon is made of besides its rows.
const TABLES: [&str; 3] = ["ontology/hierarchy.tsv", "ontology/orthologs.tsv", "ontology/recognition/derived-forms.tsv"];

/// Writes a list of the bundled modules of the workbench (`make` bundles them where there is Node): name and content each.
fn bundle() {
    println!("cargo::rerun-if-changed=web/dist");
    let mut files: Vec<_> = fs::read_dir("web/dist").into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "js"));
    files.sort();
    let mut list = String::from("const BUNDLE: &[(&str, &[u8])] = &[\n");
    for file in files {
        let (name, path) = (file.file_name().expect("a file has a name"), file.to_str().expect("the path is UTF-8"));
        list.push_str(&format!("    ({name:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{path}\"))),\n"));
    }
    list.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("bundle.rs"), list).expect("OUT_DIR can be written");
}

fn main() {
    bundle();
    println!("cargo::rerun-if-changed=ontology/lexicon");
    println!("cargo::rerun-if-changed=build.rs");
    TABLES.iter().for_each(|t| println!("cargo::rerun-if-changed={t}"));
    let mut files: Vec<(String, String)> = fs::read_dir("ontology/lexicon")
        .expect("ontology/lexicon can be listed")
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".tsv"))
        .map(|name| (name.clone(), fs::read_to_string(Path::new("ontology/lexicon").join(&name)).expect("a table can be read")))
        .collect();
    files.sort();
    let hierarchy = fs::read_to_string(TABLES[0]).expect("ontology/hierarchy.tsv can be read");
    let compiled = annotate::lexicon::shipped::vocabulary(&files, &hierarchy).and_then(|v| annotate::lexicon::compile::compile(&[v]));
    match compiled {
        Ok(bytes) => {
            let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
            fs::write(Path::new(&out).join("shipped.lexicon"), bytes).expect("OUT_DIR can be written");
        }
        Err(error) => {
            println!("cargo::error={error}");
        }
    }
}
