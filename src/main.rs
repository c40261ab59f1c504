//! The `evigraph` command: parse the arguments, run, map the result to an exit code.

use clap::Parser;
use evigraph::cli::{self, Arguments};
use std::process::ExitCode;

/// Extraction spends a fifth of its time on small allocations with the system's allocator, and a server's threads leave its memory in pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(Arguments::parse())
}
