//! The program, run as its users run it, with nothing of the surroundings.

use std::path::Path;
use std::process::{Command, Output};

/// The program in a folder, which is also where its data goes.
pub fn evigraph(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evigraph"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("EVIGRAPH_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(words).env("XDG_DATA_HOME", folder.join("data"));
    command
}

/// Standard output, standard error and exit code.
pub fn said(output: Output) -> (String, String, i32) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("an exit code"))
}

/// Runs the program; gives standard output, standard error and exit code.
pub fn run(folder: &Path, words: &[&str]) -> (String, String, i32) {
    said(evigraph(folder, words).output().expect("the program runs"))
}
