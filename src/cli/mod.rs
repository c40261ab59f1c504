//! The commands; the only place that prints.
//!
//! [`run`] dispatches to one file per command. Data go to standard output, everything else to standard error through
//! `terminal.rs`. A command reports inputs that it could not read as they come and goes on; the exit code tells at the end.

mod args;
mod interrupt;
mod output;
mod reading;
mod selection;
mod setting;
mod table;
mod terminal;
mod vocabulary;

mod annotate;
mod check;
mod completions;
mod demo;
mod explain;
mod export;
mod extract;
mod ingest;
mod lexicon;
mod man;
mod network;
mod path;
mod query;
mod read;
mod remove;
mod review;
mod search;
mod serve;
mod show;
mod store;
mod verify;

pub use args::Arguments;

use args::Command;
use setting::Setting;
use std::process::ExitCode;

/// How a command ended; the discriminant is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Everything was done.
    Done = 0,
    /// There were findings at or above `--fail-on`, or nothing was found under `--fail-empty`.
    Findings = 1,
    /// Some inputs could not be read; the reasons were printed.
    Partial = 2,
    /// The user stopped it.
    Interrupted = 130,
}

/// Runs one command and tells how it ended: 0 done, 1 findings, 2 failure or unreadable inputs, 130 interrupted.
///
/// A reader that closes the pipe early ends the command quietly with 0.
pub fn run(arguments: Arguments) -> ExitCode {
    let setting = Setting::new(&arguments.global);
    quieten_parsers();
    let status = match interrupt::listen().and_then(|()| dispatch(&arguments, &setting)) {
        _ if output::pipe_was_closed() => Status::Done,
        _ if interrupt::requested() => Status::Interrupted,
        Ok(status) => status,
        Err(error) => {
            setting.terminal.error(&error);
            Status::Partial
        }
    };
    ExitCode::from(status as u8)
}

/// Leaves out the report of a panic that a reader catches and tells as an error of its file.
fn quieten_parsers() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(crate::read::GUARDED_THREAD) {
            report(panic);
        }
    }));
}

fn dispatch(arguments: &Arguments, setting: &Setting) -> anyhow::Result<Status> {
    match &arguments.command {
        Command::Ingest(args) => ingest::run(args, setting),
        Command::Extract(args) => extract::run(args, setting),
        Command::Annotate(args) => annotate::run(args, setting),
        Command::Read(args) => read::run(args, setting),
        Command::VerifyReferences(args) => verify::run(args, setting),
        Command::Query(args) => query::run(args, setting),
        Command::Search(args) => search::run(args, setting),
        Command::Export(args) => export::run(args, setting),
        Command::Check(args) => check::run(args, setting),
        Command::Show(args) => show::run(args, setting),
        Command::Lexicon(args) => lexicon::run(args, setting),
        Command::Review(args) => review::run(args, setting),
        Command::Path(args) => path::run(args, setting),
        Command::Hubs(args) => path::hubs(args, setting),
        Command::Communities(args) => path::communities(args, setting),
        Command::Cycles(args) => path::cycles(args, setting),
        Command::Statements(args) => path::statements(args, setting),
        Command::Contradictions(args) => path::contradictions(args, setting),
        Command::Demo(args) => demo::run(args, setting),
        Command::Remove(args) => remove::run(args, setting),
        Command::Serve(args) => serve::run(args, setting),
        Command::Store(args) => store::run(args, setting),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}
