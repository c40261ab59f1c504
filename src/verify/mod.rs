//! What Crossref and Europe PMC know of a reference: its identifiers, and whether the work was retracted.
//!
//! [`Verifier::verify`] looks one reference up: by DOI, PMID or PMCID where it has one, else by its title. A record found by title is
//! taken only where title, year and first author agree, so that nothing gets another work's DOI. Answers are kept on disk and asked for
//! once; without a network, [`Options::offline`] works from what is kept. [`works`] reads the references of a store and writes what was found.

mod agreement;
mod client;
mod crossref;
mod europe_pmc;
pub mod works;

pub use client::{Client, Options};

use crate::document::{Identifiers, Reference, Traceability};
use std::path::PathBuf;

/// Why a look-up failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A service gives no answer, or none that lets us go on.
    #[error("{service} cannot be reached at {address}: {message}")]
    Unreachable {
        /// Which service.
        service: &'static str,
        /// Its base address.
        address: String,
        /// What went wrong, and what to do.
        message: String,
    },
    /// A service refused or answered what cannot be read; other references may fare better.
    #[error("{service} gave no usable answer to {address}: {message}")]
    Answer {
        /// Which service.
        service: &'static str,
        /// What was asked for.
        address: String,
        /// What is wrong with it.
        message: String,
    },
    /// The answer is not kept, and there is no network to ask over.
    #[error("not looked up before, and nothing is asked for offline")]
    Offline,
    /// The cache cannot be read or written.
    #[error("{}: {source}; name another folder with --cache", .path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}

/// What came of looking a reference up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Verdict {
    /// Its identifier names the work that it describes.
    Confirmed,
    /// It was found, and has identifiers now that it lacked.
    Completed,
    /// Its identifier names another work.
    Mismatch,
    /// Several records fit.
    Ambiguous,
    /// Neither service has it.
    NotFound,
    /// It was not looked up: it names no publication, or too little of it.
    Skipped,
    /// It could not be looked up.
    Failed,
}

impl Verdict {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Completed => "completed",
            Self::Mismatch => "mismatch",
            Self::Ambiguous => "ambiguous",
            Self::NotFound => "not_found",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

/// What is known of a reference after looking it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What came of it.
    pub verdict: Verdict,
    /// Identifiers that the reference lacked.
    pub added: Identifiers,
    /// Whether the work was retracted; none where no record tells.
    pub retracted: Option<bool>,
    /// Title of the record.
    pub title: Option<String>,
    /// What else a person should know.
    pub note: String,
}

impl Finding {
    fn new(verdict: Verdict, note: impl Into<String>) -> Self {
        Self { verdict, added: Identifiers::default(), retracted: None, title: None, note: note.into() }
    }
}

/// A work as a service describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Record {
    identifiers: Identifiers,
    title: String,
    /// Family names, in order.
    authors: Vec<String>,
    year: Option<u16>,
    volume: Option<String>,
    pages: Option<String>,
    retracted: bool,
    /// Whether it is a paper of its own, rather than a preprint, a review of it or a part.
    is_paper: bool,
}

/// Looks references up.
#[derive(Debug)]
pub struct Verifier {
    client: Client,
}

impl Verifier {
    /// A verifier that asks through `client`.
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    /// Requests that went over the network so far, and answers that came from the cache.
    pub const fn counts(&self) -> (usize, usize) {
        self.client.counts()
    }

    /// Looks a reference up.
    ///
    /// # Errors
    /// [`Error::Unreachable`] and [`Error::Cache`], after which asking on makes no sense. An answer that cannot be used, and a reference
    /// that offline was not looked up before, are the finding [`Verdict::Failed`].
    pub fn verify(&mut self, reference: &Reference) -> Result<Finding, Error> {
        match self.look_up(reference) {
            Err(e @ (Error::Answer { .. } | Error::Offline)) => Ok(Finding::new(Verdict::Failed, e.to_string())),
            other => other,
        }
    }

    fn look_up(&mut self, reference: &Reference) -> Result<Finding, Error> {
        let ids = &reference.identifiers;
        let records = if let Some(doi) = &ids.doi {
            let mut records: Vec<Record> = crossref::by_doi(&mut self.client, doi)?.into_iter().collect();
            records.extend(europe_pmc::find(&mut self.client, &europe_pmc::Key::Doi(doi))?);
            records
        } else if let Some(key) = europe_pmc::Key::of(ids) {
            let mut records = europe_pmc::find(&mut self.client, &key)?;
            if let Some(doi) = records.first().and_then(|r| r.identifiers.doi.clone()) {
                records.extend(crossref::by_doi(&mut self.client, &doi)?);
            }
            records
        } else if ids.trial.is_some() || ids.arxiv.is_some() {
            return Ok(Finding::new(Verdict::Skipped, "neither service lists trials or arXiv numbers"));
        } else {
            return self.by_title(reference);
        };
        let Some(first) = records.first() else {
            return Ok(Finding::new(Verdict::NotFound, "its identifier is in neither service"));
        };
        if let Some(other) = records.iter().find(|r| agreement::differs(reference, r)) {
            let mut finding = Finding::new(Verdict::Mismatch, "its identifier names another work; nothing was filled in");
            finding.title = Some(other.title.clone());
            return Ok(finding);
        }
        Ok(complete(reference, first.title.clone(), &records))
    }

    /// Looks a reference up that has no identifier.
    fn by_title(&mut self, reference: &Reference) -> Result<Finding, Error> {
        if reference.traceability == Traceability::Untraceable {
            return Ok(Finding::new(Verdict::Skipped, "it names no publication"));
        }
        let Some(title) = reference.title.as_deref().filter(|_| !reference.authors.is_empty() && reference.year.is_some()) else {
            return Ok(Finding::new(Verdict::Skipped, "a title, an author and a year are needed to look it up"));
        };
        let mut records = crossref::search(&mut self.client, reference)?;
        let mut fitting = agreement::fitting(reference, &records);
        if fitting.is_empty() {
            records = europe_pmc::find(&mut self.client, &europe_pmc::Key::Title(title))?;
            fitting = agreement::fitting(reference, &records);
        }
        let found = match fitting.as_slice() {
            [] => return Ok(Finding::new(Verdict::NotFound, "no record agrees in title, year and first author")),
            [one] => records[*one].clone(),
            several => {
                let mut finding = Finding::new(Verdict::Ambiguous, format!("{} records fit; nothing was filled in", several.len()));
                finding.title = Some(records[several[0]].title.clone());
                return Ok(finding);
            }
        };
        let title = found.title.clone();
        let mut records = vec![found];
        if let Some(doi) = records[0].identifiers.doi.clone() {
            match europe_pmc::find(&mut self.client, &europe_pmc::Key::Doi(&doi)) {
                Ok(more) => records.extend(more),
                // What the first service said stands by itself.
                Err(Error::Answer { .. } | Error::Offline) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(complete(reference, title, &records))
    }
}

/// The identifiers that the records add, and what they say of retraction.
fn complete(reference: &Reference, title: String, records: &[Record]) -> Finding {
    let has = &reference.identifiers;
    let first = |get: fn(&Identifiers) -> &Option<String>| {
        if get(has).is_some() { None } else { records.iter().find_map(|r| get(&r.identifiers).clone()) }
    };
    let added = Identifiers { doi: first(|i| &i.doi), pmid: first(|i| &i.pmid), pmcid: first(|i| &i.pmcid), ..Identifiers::default() };
    let verdict = if added == Identifiers::default() { Verdict::Confirmed } else { Verdict::Completed };
    let retracted = records.iter().any(|r| r.retracted);
    let mut finding = Finding::new(verdict, if retracted { "the work was retracted" } else { "" });
    finding.added = added;
    finding.retracted = Some(retracted);
    finding.title = Some(title).filter(|t| !t.is_empty());
    finding
}
