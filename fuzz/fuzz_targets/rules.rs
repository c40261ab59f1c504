//! Reads any text as a rule file: an error that names the place or rules, never a panic.
#![no_main]

use evigraph::extract::Rules;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// A folder whose other files are the shipped ones.
static FOLDER: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("evigraph-fuzz-rules-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
});

fuzz_target!(|text: &str| {
    std::fs::write(FOLDER.join("claims.toml"), text).expect("a file in a temporary folder");
    if let Err(error) = Rules::open(&FOLDER) {
        assert!(error.to_string().contains("claims.toml"));
    }
});
