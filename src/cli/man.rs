//! `evigraph man`: the manual pages.

use super::Status;
use super::args::{Arguments, Man};
use super::output::Output;
use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use std::io::Write;

/// Prints the page of the program, or writes one page a command into a folder.
pub fn run(args: &Man) -> Result<Status> {
    let command = whole(Arguments::command());
    match &args.output {
        Some(folder) => {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
            clap_mangen::generate_to(command, folder).with_context(|| format!("cannot write into {}", folder.display()))?;
        }
        None => {
            let mut out = Output::stdout();
            clap_mangen::Man::new(command).render(&mut out)?;
            out.flush()?;
        }
    }
    Ok(Status::Done)
}

/// The command with what its short help leaves out: a manual tells all, and would show such options without a word.
fn whole(command: Command) -> Command {
    command.mut_args(|arg| arg.hide_short_help(false)).mut_subcommands(whole)
}
