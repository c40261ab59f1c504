//! `evigraph serve`: the store for browsers and programs.

use super::args::{LogFormat, Serve};
use super::setting::Setting;
use super::{Status, interrupt, vocabulary};
use crate::serve::{Options, Server, Token};
use crate::store::Store;
use anyhow::{Context, Result, bail};
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// Serves until it is stopped.
pub fn run(args: &Serve, setting: &Setting) -> Result<Status> {
    let terminal = &setting.terminal;
    let token = if args.write { Some(token(args, setting)?) } else { None };
    let some = |n: usize| (n > 0).then_some(n);
    let defaults = Options::default();
    let options = Options {
        address: args.bind,
        write: args.write,
        token,
        strict: args.strict,
        timeout: (args.timeout > 0 && !args.strict).then(|| Duration::from_secs(args.timeout)),
        max_rows: some(args.max_rows).filter(|_| !args.strict),
        max_body: args.max_body << 20,
        queries: args.max_queries.and_then(some).unwrap_or(defaults.queries),
        waiting: args.max_waiting,
        connections: args.max_connections.max(1),
        hosts: args.hosts.clone(),
        origins: args.origins.clone(),
        services: args.services.clone(),
        lexicon: args.vocabulary.lexicon.clone().or_else(|| vocabulary::default_path().filter(|p| p.exists())),
        grace: Duration::from_secs(args.grace),
        ..defaults
    };
    if !args.bind.ip().is_loopback() {
        terminal.warn(format!(
            "{} is reached from other machines, and the connection is not encrypted: put a proxy with TLS before it",
            args.bind
        ));
    }
    log(args, setting);
    let (folder, base) = (setting.folder()?, setting.asked_base()?);
    // What is only read may be read by others at the same time.
    let reads = !args.write && base.is_none() && folder.exists();
    let store = if reads { Store::read(folder)? } else { Store::create(folder, base.as_ref())? };
    let server = Server::bind(store, options)?;
    terminal.note(format!(
        "serving {} at http://{} ({})",
        setting.store.display(),
        server.address(),
        if args.write { "may be written" } else { "read-only" }
    ));
    interrupt::defer();
    let stop = server.stopper();
    std::thread::spawn(move || {
        while !interrupt::requested() {
            std::thread::sleep(Duration::from_millis(50));
        }
        stop.stop();
    });
    server.run()?;
    // To be stopped is how a server ends.
    interrupt::heeded();
    terminal.note("stopped; the store is whole");
    Ok(Status::Done)
}

/// The token of the file or the environment, else a new one.
fn token(args: &Serve, setting: &Setting) -> Result<Token> {
    let short = "a token has at least 16 characters, else it could be guessed";
    if let Some(file) = &args.token_file {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read the token from {}", file.display()))?;
        return Token::new(&text).with_context(|| format!("{}: {short}", file.display()));
    }
    match std::env::var("EVIGRAPH_TOKEN") {
        Ok(text) => Token::new(&text).with_context(|| format!("EVIGRAPH_TOKEN: {short}")),
        Err(std::env::VarError::NotPresent) => {
            let (token, text) = Token::random().context("cannot make a token")?;
            setting.terminal.note(format!("writing needs this token: {text}"));
            Ok(token)
        }
        Err(e) => bail!("EVIGRAPH_TOKEN: {e}"),
    }
}

/// Logs to standard error: requests, unless quiet; queries too with -v. `RUST_LOG` overrides it.
fn log(args: &Serve, setting: &Setting) {
    let level = match (setting.terminal.is_quiet(), setting.terminal.is_verbose()) {
        (true, _) => "error",
        (_, true) => "evigraph=debug,warn",
        _ => "evigraph=info,warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Another subscriber, of a program that holds this library, stays.
    let _ = match args.log {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
        LogFormat::Text => builder.compact().with_ansi(false).try_init(),
    };
}
