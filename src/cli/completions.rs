//! `evigraph completions`: a completion script for a shell.

use super::Status;
use super::args::{Arguments, Completions};
use super::output::Output;
use anyhow::Result;
use clap::CommandFactory;
use std::io::Write;

/// Prints the script for the shell.
pub fn run(args: &Completions) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "evigraph", &mut script);
    let mut out = Output::stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Status::Done)
}
