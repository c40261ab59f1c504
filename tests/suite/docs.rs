//! What the guides say, tried: every `console` block of the README and of `docs/` is typed as it stands, and must say what stands below it.
//!
//! Each page is followed from its first command to its last in a folder of its own, which holds what a checkout holds. In a block,
//! `$ ` begins a command (with `\` at the end it goes on in the next line, with `<<'END'` to the line `END`); what follows is what it prints, on both outputs together.
//! `…` stands for whatever is left out: within a line, or as a line of its own for any number of lines. Spaces and rules of tables are not
//! compared. A command must end with status 0, or with that of the block's first line: ```` ```console exit=1 ````. A command below which nothing
//! stands may print what it likes.
//!
//! What cannot be run here (a server that stays, downloads, other programs) stands in other blocks; of these every line that begins with
//! `evigraph` must at least be one that the program understands.

use clap::Parser;
use evigraph::cli::Arguments;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A code block of a page.
struct Block {
    line: usize,
    info: String,
    lines: Vec<String>,
}

/// A command of a page and what it must print.
struct Step {
    line: usize,
    command: String,
    says: Vec<String>,
    exit: i32,
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = fs::read_dir("docs").expect("docs/").filter_map(|e| Some(e.ok()?.path())).collect();
    pages.retain(|p| p.extension().is_some_and(|e| e == "md"));
    pages.push("README.md".into());
    pages.sort();
    pages
}

/// The code blocks of a page: fenced ones, and those that are indented.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fenced = false;
    let mut before = "";
    for (at, line) in text.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            fenced = !fenced;
            if fenced {
                blocks.push(Block { line: at + 1, info: info.trim().to_owned(), lines: Vec::new() });
            }
        } else if fenced {
            blocks.last_mut().expect("a block").lines.push(line.to_owned());
        } else if let Some(code) = line.strip_prefix("    ") {
            if before.trim().is_empty() || blocks.is_empty() {
                blocks.push(Block { line: at + 1, info: String::new(), lines: Vec::new() });
            }
            blocks.last_mut().expect("a block").lines.push(code.to_owned());
        }
        before = line;
    }
    blocks
}

fn steps(block: &Block) -> Vec<Step> {
    let exit = block.info.split_whitespace().find_map(|w| w.strip_prefix("exit=")).map_or(0, |n| n.parse().expect("a number after exit="));
    let mut steps: Vec<Step> = Vec::new();
    let mut goes_on = false;
    for (at, line) in block.lines.iter().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { line: block.line + at + 1, command: command.to_owned(), says: Vec::new(), exit });
        } else if goes_on {
            let command = &mut steps.last_mut().expect("a command before what it goes on with").command;
            command.push('\n');
            command.push_str(line);
        } else {
            steps.last_mut().unwrap_or_else(|| panic!("line {}: a console block begins with `$ `", block.line)).says.push(line.clone());
        }
        let document = steps.last().is_some_and(|s| s.command.contains("<<'END'") && !s.command.ends_with("\nEND"));
        goes_on = line.ends_with('\\') || document;
    }
    steps
}

/// A line without what may differ: runs of spaces and the rules of tables.
fn plain(line: &str) -> String {
    line.replace('─', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line is what was expected, `…` standing for anything.
fn line_fits(expected: &str, said: &str) -> bool {
    let pieces: Vec<&str> = expected.split('…').map(str::trim).collect();
    let Some(mut rest) = said.strip_prefix(pieces[0]) else { return false };
    if pieces.len() == 1 {
        return rest.is_empty();
    }
    for piece in &pieces[1..pieces.len() - 1] {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(pieces[pieces.len() - 1])
}

/// Whether lines are what was expected, a line `…` standing for any number of them.
fn fits(expected: &[String], said: &[String]) -> bool {
    match expected.split_first() {
        None => said.is_empty(),
        Some((first, rest)) if first == "…" => (0..=said.len()).any(|skip| fits(rest, &said[skip..])),
        Some((first, rest)) => said.split_first().is_some_and(|(s, others)| line_fits(first, s) && fits(rest, others)),
    }
}

/// A folder with what a checkout holds, in which the commands of a page are typed.
fn checkout() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copied = Command::new("cp").arg("-r").args(["data", "ontology", "queries", "examples"]).arg(folder.path()).status();
    assert!(copied.expect("cp runs").success());
    folder
}

/// The command as it is typed at a terminal, where tables and reports are for people. In a pipe the program would write CSV.
fn as_at_a_terminal(step: &Step) -> String {
    let tabular = [
        "query",
        "search",
        "hubs",
        "communities",
        "cycles",
        "statements",
        "lexicon list",
        "annotate",
        "review list",
        "review precision",
        "path",
        "contradictions",
    ];
    let report = ["check", "read"];
    let begins = |names: &[&str]| names.iter().any(|n| step.command.starts_with(&format!("evigraph {n}")));
    let shown = !step.says.is_empty() && !["--format", " -o ", "|", ">", "--list", "--explain"].iter().any(|w| step.command.contains(w));
    let form = match () {
        () if shown && begins(&tabular) => " --format table",
        () if shown && begins(&report) => " --format text",
        () => return step.command.clone(),
    };
    // What is remarked behind the command stays behind it.
    let (command, remark) = step.command.split_once(" #").unwrap_or((step.command.as_str(), ""));
    format!("{}{form} # {remark}", command.trim_end())
}

fn follow(page: &Path) {
    let text = fs::read_to_string(page).expect("the page");
    let folder = checkout();
    let program = Path::new(env!("CARGO_BIN_EXE_evigraph")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    for step in blocks(&text).iter().filter(|b| b.info.starts_with("console")).flat_map(steps) {
        let mut shell = Command::new("sh");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("EVIGRAPH_")) {
            shell.env_remove(name);
        }
        let output = shell
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path().join("user"))
            .args(["-c", &format!("{{ {}\n}} 2>&1", as_at_a_terminal(&step))])
            .output()
            .expect("sh runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let at = format!("{}:{}: $ {}", page.display(), step.line, step.command);
        assert_eq!(output.status.code(), Some(step.exit), "{at}\n{said}");
        let lines = |lines: &mut dyn Iterator<Item = &str>| lines.map(plain).filter(|l| !l.is_empty()).collect::<Vec<_>>();
        let (expected, found) = (lines(&mut step.says.iter().map(String::as_str)), lines(&mut said.lines()));
        assert!(
            expected.is_empty() || fits(&expected, &found),
            "{at}\nsays\n{said}\nand not what the page shows:\n{}",
            step.says.join("\n")
        );
    }
}

#[test]
fn what_the_guides_type_says_what_they_show() {
    std::thread::scope(|scope| {
        let pages: Vec<_> = pages().into_iter().map(|page| (page.clone(), scope.spawn(move || follow(&page)))).collect();
        for (page, thread) in pages {
            assert!(thread.join().is_ok(), "{} is not true; what differs stands above", page.display());
        }
    });
}

/// The words of a line as a shell parts them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut begun) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => (quote, begun) = (Some(c), true),
            (Some(q), _) if q == c => quote = None,
            (None, ' ') if begun => {
                words.push(std::mem::take(&mut word));
                begun = false;
            }
            (None, ' ') => {}
            (None, '#') if !begun => break,
            _ => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

#[test]
fn commands_that_are_only_told_are_understood() {
    for page in pages() {
        let text = fs::read_to_string(&page).expect("the page");
        for block in blocks(&text).iter().filter(|b| !b.info.starts_with("console")) {
            for line in block.lines.iter().filter(|l| l.starts_with("evigraph ")) {
                let mut given = Vec::new();
                for word in words(line) {
                    match word.as_str() {
                        "|" | "&&" | "<" | ">" => break,
                        _ if word.ends_with(';') => {
                            given.push(word.trim_end_matches(';').to_owned());
                            break;
                        }
                        _ => given.push(word),
                    }
                }
                if let Err(error) = Arguments::try_parse_from(&given) {
                    panic!("{}: {line}\n{error}", page.display());
                }
            }
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).expect("the page");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") {
                assert!(page.parent().expect("a folder").join(file).exists(), "{}: there is no {file}", page.display());
            }
        }
    }
}
