//! `evigraph ingest`: articles into the store.

use super::args::Ingest;
use super::setting::Setting;
use super::terminal::{Terminal, count};
use super::{Status, reading, vocabulary};
use crate::document::Document;
use crate::extract::{Assertion, Extraction, Extractor, SourceStatus};
use crate::graph::{Base, Options, VERSION, article_iri, content_hash, quads};
use crate::store::{Fingerprint, GraphStore};
use anyhow::Result;
use oxigraph::model::{NamedNode, Quad};
use std::collections::HashMap;

/// What became of an article.
enum Outcome {
    /// It is in the store as it would be read again.
    Unchanged,
    /// It was read.
    Read(Box<Claims>),
}

/// The claims of an article, counted, with its statements.
struct Claims {
    claims: usize,
    outcomes: usize,
    unsourced: usize,
    quads: Vec<Quad>,
}

struct Article {
    iri: NamedNode,
    source: String,
    warnings: Vec<String>,
    outcome: Outcome,
}

/// Statements of the first batch: its articles are soon kept and told. Each batch is twice as large as the one before, as far as the store wants.
const FIRST_BATCH: usize = 1 << 12;

/// Articles that are read and not kept yet, with what is told once they are.
struct Waiting<'a> {
    store: Option<&'a dyn GraphStore>,
    terminal: &'a Terminal,
    articles: Vec<(NamedNode, Vec<Quad>)>,
    told: Vec<String>,
    quads: usize,
    batch: usize,
}

impl<'a> Waiting<'a> {
    fn new(store: Option<&'a dyn GraphStore>, terminal: &'a Terminal) -> Self {
        Self { store, terminal, articles: Vec::new(), told: Vec::new(), quads: 0, batch: FIRST_BATCH }
    }

    fn add(&mut self, article: NamedNode, quads: Vec<Quad>, line: String) -> Result<()> {
        let Some(store) = self.store else {
            self.terminal.detail(line);
            return Ok(());
        };
        self.quads += quads.len();
        self.articles.push((article, quads));
        self.told.push(line);
        if self.quads >= self.batch.min(store.batch()) {
            self.batch = self.batch.saturating_mul(2).min(store.batch());
            self.keep()?;
        }
        Ok(())
    }

    /// Tells something of an article when those before it are kept.
    fn tell(&mut self, line: String) {
        if self.articles.is_empty() { self.terminal.detail(line) } else { self.told.push(line) }
    }

    fn keep(&mut self) -> Result<()> {
        let articles = std::mem::take(&mut self.articles);
        let told = std::mem::take(&mut self.told);
        self.quads = 0;
        if let Some(store) = self.store {
            store.replace_all(&articles)?;
        }
        told.into_iter().for_each(|line| self.terminal.detail(line));
        Ok(())
    }
}

/// Running counts for the summary.
#[derive(Default)]
struct Summary {
    read: usize,
    unchanged: usize,
    claims: usize,
    outcomes: usize,
    unsourced: usize,
    warnings: usize,
}

/// Reads the articles and replaces them in the store, in batches that are kept whole or not at all.
pub fn run(args: &Ingest, setting: &Setting) -> Result<Status> {
    let terminal = &setting.terminal;
    let extractor = vocabulary::extractor(&args.vocabulary, args.rules.as_deref())?;
    let store = if args.dry_run { None } else { Some(setting.create()?) };
    let base = match &store {
        Some(store) => store.base().clone(),
        None => setting.asked_base()?.unwrap_or_default(),
    };
    let reader = Reader { args, extractor: &extractor, store: store.as_deref(), base };
    let mut summary = Summary::default();
    let mut sources: HashMap<NamedNode, String> = HashMap::new();
    let mut waiting = Waiting::new(store.as_deref(), terminal);
    let result = reading::run(
        &args.inputs,
        terminal,
        |document| reader.read(&document),
        |article| {
            for warning in &article.warnings {
                terminal.detail(format!("{}: {warning}", article.source));
            }
            summary.warnings += article.warnings.len();
            if let Some(other) = sources.insert(article.iri.clone(), article.source.clone()) {
                terminal.warn(format!(
                    "{} and {other} are the same article, {}: the later took the place of the former",
                    article.source, article.iri
                ));
            }
            match article.outcome {
                Outcome::Unchanged => {
                    summary.unchanged += 1;
                    waiting.tell(format!("{}: unchanged", article.source));
                }
                Outcome::Read(found) => {
                    summary.add(&found);
                    let line = format!("{}: {}, {} without a source", article.source, count(found.claims, "claim"), found.unsourced);
                    waiting.add(article.iri, found.quads, line)?;
                }
            }
            Ok(())
        },
    );
    // What was read before a failure or Ctrl-C stays.
    let kept = waiting.keep();
    if let Some(store) = &store {
        store.flush()?;
    }
    let tally = result?;
    kept?;
    summary.print(args, setting, tally.failures.len());
    Ok(tally.status())
}

struct Reader<'a> {
    args: &'a Ingest,
    extractor: &'a Extractor,
    store: Option<&'a dyn GraphStore>,
    base: Base,
}

impl Reader<'_> {
    fn read(&self, document: &Document) -> Result<Article> {
        let started = self.args.timestamps.then(jiff::Timestamp::now);
        let iri = article_iri(document, &self.base);
        let lexicon = self.extractor.annotator().lexicon();
        let (rules, vocabulary) = (self.extractor.rules().hash.clone(), lexicon.hash().to_owned());
        let article = |outcome| Article { iri: iri.clone(), source: document.source.clone(), warnings: document.warnings.clone(), outcome };
        if let Some(store) = self.store.filter(|_| !self.args.force) {
            let content = content_hash(&document.text);
            let wanted = Fingerprint { content, rules: rules.clone(), lexicon: vocabulary.clone(), version: VERSION.to_owned() };
            if store.is_current(&iri, &wanted)? {
                return Ok(article(Outcome::Unchanged));
            }
        }
        let Extraction { mentions, claims } = self.extractor.extract(document);
        let times = started.map(|s| (s.to_string(), jiff::Timestamp::now().to_string()));
        let options =
            Options { base: self.base.clone(), describe: Some(lexicon.as_ref()), rules_hash: rules, lexicon_hash: vocabulary, times };
        let bare = |s| matches!(s, SourceStatus::Unsourced | SourceStatus::Dangling | SourceStatus::UntraceableOnly);
        Ok(article(Outcome::Read(Box::new(Claims {
            claims: claims.len(),
            outcomes: claims.iter().filter(|c| matches!(c.assertion, Assertion::Outcome { .. })).count(),
            unsourced: claims.iter().filter(|c| bare(c.source_status)).count(),
            quads: quads(document, &mentions, &claims, &options),
        }))))
    }
}

impl Summary {
    fn add(&mut self, found: &Claims) {
        self.read += 1;
        self.claims += found.claims;
        self.outcomes += found.outcomes;
        self.unsourced += found.unsourced;
    }

    fn print(&self, args: &Ingest, setting: &Setting, failures: usize) {
        let terminal = &setting.terminal;
        let into = if args.dry_run { "nothing was kept (--dry-run)".to_owned() } else { format!("kept in {}", setting.store.display()) };
        if self.read > 0 || self.unchanged + failures == 0 {
            terminal.note(format!("{} read, {into}", count(self.read, "article")));
            let (claims, outcomes) = (count(self.claims, "claim"), count(self.outcomes, "outcome"));
            terminal.note(format!("{claims}, {outcomes} among them; {} without a source that can be followed", self.unsourced));
        }
        if self.unchanged > 0 {
            terminal.note(format!("{} unchanged and left as they were (--force reads them again)", count(self.unchanged, "article")));
        }
        if self.warnings > 0 {
            terminal.note(format!("{} of the readers (-v tells them)", count(self.warnings, "warning")));
        }
        if failures > 0 {
            terminal.note(format!("{} could not be read, for the reasons above", count(failures, "input")));
        }
        if self.claims > 0 && !args.dry_run {
            terminal.note("next: `evigraph query --list`, `evigraph check`, `evigraph export claims -o claims.csv`");
        }
    }
}
