//! Articles in, in order and in parallel: files are read and worked on in batches of bounded size, results come out in input order.

use super::args::Inputs;
use super::terminal::{Terminal, count};
use super::{Status, interrupt};
use crate::document::{Document, Format};
use crate::read::{self, Articles, Input, ReadError};
use anyhow::{Result, anyhow, bail};
use rayon::prelude::*;
use std::iter::Peekable;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::vec;

/// Input bytes in a batch, for each thread and at most. Three batches are in hand at a time, and what is made of an article takes some times its size.
const BATCH_BYTES: (u64, u64) = (2 << 20, 8 << 20);
/// Files or articles in a batch.
const BATCH_ITEMS: usize = 256;
/// Files up to this size are read by the workers; larger ones, and archives, are streamed article by article.
const SMALL: u64 = 1 << 20;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Articles that were worked on.
    pub articles: usize,
    /// Why inputs could not be read, in order.
    pub failures: Vec<anyhow::Error>,
}

impl Tally {
    /// How the command ended: inputs that could not be read make it partial.
    pub fn status(&self) -> Status {
        if self.failures.is_empty() { Status::Done } else { Status::Partial }
    }
}

/// Reads the inputs and calls `work` on every article, in parallel, and `take` on every result, in input order.
///
/// Inputs that cannot be read are told as they come and kept in the [`Tally`]; with `--strict` the first ends the run.
///
/// # Errors
/// What `take` returns, the first unreadable input under `--strict`, or `--id` with several articles.
pub fn run<T: Send>(
    args: &Inputs,
    terminal: &Terminal,
    work: impl Fn(Document) -> Result<T> + Sync,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<Tally> {
    let inputs = read::inputs(&args.paths);
    if args.id.is_some() && inputs.len() != 1 {
        bail!("--id names one article, but there are {}", count(inputs.len(), "input"));
    }
    interrupt::defer();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0)).build()?;
    let bytes = BATCH_BYTES.1.min(BATCH_BYTES.0 * pool.current_num_threads() as u64);
    let sizes = inputs.iter().flatten().map(size).sum();
    terminal.start(sizes);
    let (send, batches) = sync_channel(1);
    let mut tally = Tally::default();
    let result = std::thread::scope(|scope| {
        let queue = Queue { inputs: inputs.into_iter(), format: args.from, open: None, spare: 0 };
        let worker = || {
            let mut queue = queue.peekable();
            while !interrupt::requested() && queue.peek().is_some() {
                let batch = next_batch(&mut queue, bytes);
                let done: Vec<Done<T>> = pool.install(|| batch.into_par_iter().flat_map_iter(|item| item.run(args, &work)).collect());
                if send.send(done).is_err() {
                    break;
                }
            }
            drop(send);
        };
        scope.spawn(worker);
        // Owned here, so that an early return closes the channel and lets the worker end.
        let batches = batches;
        for done in batches.iter().flatten() {
            terminal.advance(done.bytes, || count(tally.articles, "article"));
            match done.result {
                Ok(value) => {
                    tally.articles += 1;
                    take(value)?;
                }
                Err(error) if args.strict => return Err(error),
                Err(error) => {
                    terminal.error(&error);
                    tally.failures.push(error);
                }
            }
        }
        Ok(())
    });
    terminal.finish();
    result.map(|()| tally)
}

/// The normalised text of an article that was read from the file `source`; none where it can no longer be read.
pub fn text_of(source: &str) -> Option<String> {
    let input = read::inputs(&[source]).into_iter().next()?.ok()?;
    read::articles(&input, None).next()?.ok().map(|document| document.text)
}

fn size(input: &Input) -> u64 {
    match input {
        Input::File(path) => path.metadata().map_or(0, |m| m.len()),
        _ => 0,
    }
}

/// A result with the input bytes that it stands for.
struct Done<T> {
    bytes: u64,
    result: Result<T>,
}

/// Something for a worker: a file to read whole, or an article that a stream gave.
enum Item {
    File(Input, Option<Format>),
    Article(Box<Result<Document, ReadError>>),
}

/// An item and the input bytes that it stands for.
struct Queued {
    item: Item,
    bytes: u64,
}

impl Queued {
    fn run<T>(self, args: &Inputs, work: &(impl Fn(Document) -> Result<T> + Sync)) -> Vec<Done<T>> {
        let mut bytes = self.bytes;
        let one = |document: Result<Document, ReadError>| {
            let result = document.map_err(anyhow::Error::from).and_then(|mut document| {
                if args.id.is_some() {
                    document.given_id.clone_from(&args.id);
                }
                guarded(document, work)
            });
            Done { bytes: std::mem::take(&mut bytes), result }
        };
        match self.item {
            Item::File(input, format) => read::articles(&input, format).map(one).collect(),
            Item::Article(document) => std::iter::once(*document).map(one).collect(),
        }
    }
}

/// Works on a document; a defect of the program that one article brings to light must not take the others with it.
fn guarded<T>(document: Document, work: &(impl Fn(Document) -> Result<T> + Sync)) -> Result<T> {
    let source = document.source.clone();
    catch_unwind(AssertUnwindSafe(|| work(document))).unwrap_or_else(|_| {
        Err(anyhow!("{source}: a defect of this program stopped the work on this article; please report it with the text"))
    })
}

fn next_batch(queue: &mut Peekable<Queue>, most: u64) -> Vec<Queued> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while let Some(item) = queue.next_if(|_| batch.len() < BATCH_ITEMS && bytes < most) {
        bytes += item.bytes;
        batch.push(item);
    }
    batch
}

/// The inputs as items: small files as they are, large ones article by article.
struct Queue {
    inputs: vec::IntoIter<Result<Input, ReadError>>,
    format: Option<Format>,
    /// The stream in hand and how many bytes of its file are not accounted for.
    open: Option<(Articles<'static>, u64)>,
    /// Bytes of finished streams that no article stood for.
    spare: u64,
}

impl Iterator for Queue {
    type Item = Queued;

    fn next(&mut self) -> Option<Queued> {
        loop {
            if let Some((articles, left)) = &mut self.open {
                if let Some(article) = articles.next() {
                    let bytes = article.as_ref().map_or(0, |d| d.text.len() as u64);
                    let counted = bytes.min(*left);
                    *left -= counted;
                    let bytes = bytes.max(counted + std::mem::take(&mut self.spare));
                    return Some(Queued { item: Item::Article(Box::new(article)), bytes });
                }
                self.spare += *left;
                self.open = None;
            }
            match self.inputs.next()? {
                Err(error) => return Some(Queued { item: Item::Article(Box::new(Err(error))), bytes: 0 }),
                Ok(input) => {
                    let bytes = size(&input);
                    if is_small(&input, bytes) {
                        let bytes = bytes + std::mem::take(&mut self.spare);
                        return Some(Queued { item: Item::File(input, self.format), bytes });
                    }
                    self.open = Some((read::articles(&input, self.format), bytes));
                }
            }
        }
    }
}

fn is_small(input: &Input, bytes: u64) -> bool {
    match input {
        Input::File(path) => {
            let packed = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz") || e.eq_ignore_ascii_case("zip"));
            bytes <= SMALL && !packed
        }
        _ => false,
    }
}
