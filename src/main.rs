//! The `evigraph` command: parse the arguments, run, map the result to an exit code.

use clap::Parser;
use evigraph::cli::{self, Arguments};
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(Arguments::parse())
}
