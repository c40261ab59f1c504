//! `evigraph verify-references`: cited works looked up at Crossref and Europe PMC.

use super::args::{Inputs, VerifyReferences};
use super::setting::Setting;
use super::table::Rows;
use super::terminal::count;
use super::{Status, interrupt, reading};
use crate::document::Reference;
use crate::export::curie;
use crate::verify::{Client, Error, Finding, Options, Verdict, Verifier, works};
use anyhow::{Context, Result};
use etcetera::{BaseStrategy, choose_base_strategy};
use serde_json::{Value, json};
use std::path::PathBuf;

const COLUMNS: &[&str] = &["of", "key", "verdict", "doi", "pmid", "pmcid", "retracted", "found_title", "note", "reference"];

/// Counts for the summary.
#[derive(Default)]
struct Tally {
    references: usize,
    completed: usize,
    retracted: usize,
    unfit: usize,
    failed: usize,
}

/// Looks the works of the store up and keeps what was found, or the references of files and only prints it.
pub fn run(args: &VerifyReferences, setting: &Setting) -> Result<Status> {
    let mut verifier = Verifier::new(Client::new(options(args)?));
    if args.mailto.is_none() && !args.offline {
        setting.terminal.note("no contact address was given; with --mailto ADDRESS the services answer faster and can tell of problems");
    }
    let mut tally = Tally::default();
    let result = if args.paths.is_empty() {
        of_store(args, setting, &mut verifier, &mut tally)
    } else {
        of_files(args, setting, &mut verifier, &mut tally)
    };
    let (asked, kept) = verifier.counts();
    let terminal = &setting.terminal;
    let status = result?;
    terminal.note(format!(
        "{}: {} given identifiers, {} retracted, {} that name another work or several; {}, {} from the cache",
        count(tally.references, "reference"),
        tally.completed,
        tally.retracted,
        tally.unfit,
        count(asked, "request"),
        count(kept, "answer")
    ));
    if tally.failed > 0 {
        terminal.warn(format!("{} could not be looked up; the column note says why", count(tally.failed, "reference")));
    }
    Ok(if tally.failed > 0 && status == Status::Done { Status::Partial } else { status })
}

fn options(args: &VerifyReferences) -> Result<Options> {
    let beside_data = || choose_base_strategy().ok().map(|dirs| dirs.cache_dir().join("evigraph").join("references"));
    let cache: PathBuf = args.cache.clone().or_else(beside_data).context("there is no home folder for the cache; name one with --cache")?;
    let standard = Options::default();
    Ok(Options {
        crossref: args.crossref.clone().unwrap_or(standard.crossref),
        europe_pmc: args.europe_pmc.clone().unwrap_or(standard.europe_pmc),
        mail: args.mailto.clone(),
        cache: Some(cache),
        offline: args.offline,
        refresh: args.refresh,
        rate: args.rate,
        retries: args.retries,
        backoff: standard.backoff,
    })
}

/// All or nothing: where a service cannot be reached, the store stays as it is, and what was answered so far is kept for the next run.
fn of_store(args: &VerifyReferences, setting: &Setting, verifier: &mut Verifier, tally: &mut Tally) -> Result<Status> {
    let store = setting.open_to_write()?;
    let works = works::cited(&*store)?;
    let mut rows = Rows::open(&args.table, COLUMNS)?;
    interrupt::defer();
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for work in &works {
        if interrupt::requested() {
            return Ok(Status::Interrupted);
        }
        let finding = verifier.verify(&work.reference).map_err(unchanged)?;
        let (new, old) = works::changes(work, &finding, store.base());
        add.extend(new);
        remove.extend(old);
        rows.push(row(&curie(work.iri.as_str()), &work.reference, &finding))?;
        tally.count(&finding);
        setting.terminal.detail(format!("{}: {}", work.reference.raw, finding.verdict.name()));
    }
    rows.finish()?;
    if works.is_empty() {
        setting.terminal.note("no works are cited in this store");
    }
    if !args.dry_run && !add.is_empty() {
        store.change(&remove, &add)?;
        store.flush()?;
    }
    Ok(Status::Done)
}

fn of_files(args: &VerifyReferences, setting: &Setting, verifier: &mut Verifier, tally: &mut Tally) -> Result<Status> {
    let inputs = Inputs { paths: args.paths.clone(), from: args.from, id: None, jobs: Some(1), strict: false };
    let mut rows = Rows::open(&args.table, COLUMNS)?;
    let read = reading::run(
        &inputs,
        &setting.terminal,
        |document| Ok((document.id(), document.references)),
        |(id, references)| {
            for reference in &references {
                if interrupt::requested() {
                    break;
                }
                let finding = verifier.verify(reference).map_err(unchanged)?;
                rows.push(row(&id, reference, &finding))?;
                tally.count(&finding);
            }
            Ok(())
        },
    )?;
    rows.finish()?;
    Ok(read.status())
}

fn unchanged(error: Error) -> anyhow::Error {
    anyhow::Error::from(error).context("references were not verified, and nothing was changed")
}

fn row(of: &str, reference: &Reference, finding: &Finding) -> Vec<Value> {
    let (has, added) = (&reference.identifiers, &finding.added);
    let either = |had: &Option<String>, new: &Option<String>| json!(had.as_ref().or(new.as_ref()));
    vec![
        json!(of),
        json!(reference.key),
        json!(finding.verdict.name()),
        either(&has.doi, &added.doi),
        either(&has.pmid, &added.pmid),
        either(&has.pmcid, &added.pmcid),
        json!(finding.retracted),
        json!(finding.title),
        json!(finding.note),
        json!(reference.raw),
    ]
}

impl Tally {
    fn count(&mut self, finding: &Finding) {
        self.references += 1;
        self.retracted += usize::from(finding.retracted == Some(true));
        match finding.verdict {
            Verdict::Completed => self.completed += 1,
            Verdict::Mismatch | Verdict::Ambiguous => self.unfit += 1,
            Verdict::Failed => self.failed += 1,
            _ => {}
        }
    }
}
