//! What pages need again and again: computed once, and held until the graph changes.
//!
//! Tables and findings are held as the articles were read; what curators decided is laid over them when they are shown, so that a decision costs
//! no new computation.

use super::{Problem, Site};
use crate::check::{self, Check, Finding, Profile};
use crate::document::{Document, Format};
use crate::export::{Cell, Curation, Filter, Row, Table, rows};
use crate::graph::content_hash;
use crate::read;
use crate::store::{GraphStore as _, Info};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most rows of a table that are held, about a kilobyte each.
const MOST: usize = 100_000;

/// Articles whose text is held.
const TEXTS: usize = 16;

/// How long a page waits for findings before it is shown without.
pub(super) const PATIENCE: Duration = Duration::from_millis(1500);

/// The largest file whose text is shown, in bytes.
const LARGEST: u64 = 64 << 20;

/// Articles of one file that are looked through for the one to show.
const IN_A_FILE: usize = 1000;

/// A value with the version of the store that it was computed from.
struct Slot<T>(Mutex<Option<(u64, Arc<T>)>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Slot<T> {
    /// What is held, with its version; nothing where it is being computed.
    fn peek(&self) -> Option<(u64, Arc<T>)> {
        self.0.try_lock().ok()?.as_ref().map(|s| (s.0, Arc::clone(&s.1)))
    }

    /// The value, computed where none of this version is held; who asks meanwhile waits for it.
    fn get(&self, version: u64, make: impl FnOnce() -> Result<T, Problem>) -> Result<Arc<T>, Problem> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = slot.as_ref().filter(|s| s.0 == version) {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        *slot = Some((version, Arc::clone(&value)));
        Ok(value)
    }
}

/// The rows of a table.
pub(super) struct Shelf {
    pub(super) table: Table,
    pub(super) rows: Vec<Row>,
    /// Whether these are all rows, not the first of too many.
    pub(super) whole: bool,
}

impl Shelf {
    /// The rows as the curators left them.
    pub(super) fn curated<'a>(&'a self, curation: &'a Curation) -> impl Iterator<Item = Cow<'a, Row>> {
        let claim = self.table.column("claim_id").map(|c| c.0);
        self.rows.iter().map(move |row| match claim.and_then(|at| curation.on(row[at].as_str())) {
            None => Cow::Borrowed(row),
            Some(_) => {
                let mut row = row.clone();
                curation.apply(&self.table, &mut row);
                Cow::Owned(row)
            }
        })
    }
}

/// A row with the names of its columns.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) table: &'a Table,
    pub(super) row: &'a Row,
}

impl<'a> Line<'a> {
    /// The cell under a column.
    pub(super) fn cell(self, column: &str) -> &'a Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.table.column(column).map_or(NOTHING, |(at, _)| &self.row[at])
    }

    /// The text under a column; nothing for a list.
    pub(super) fn text(self, column: &str) -> &'a str {
        self.cell(column).as_str()
    }
}

/// Everything that is held.
#[derive(Default)]
pub(super) struct Held {
    tables: [Slot<Shelf>; 5],
    findings: Slot<Vec<Finding>>,
    /// The findings of before, while others are computed.
    former: Mutex<Option<Arc<Vec<Finding>>>>,
    /// Whether a thread computes what is held.
    warming: AtomicBool,
    curation: Slot<Curation>,
    info: Slot<Info>,
    pub(super) schema: Schemata,
    texts: Mutex<VecDeque<Arc<Document>>>,
}

/// What the pages on the vocabulary hold.
#[derive(Default)]
pub(super) struct Schemata(Slot<super::pages::Schema>);

/// The tables that are held.
const TABLES: [&str; 5] = ["articles", "claims", "outcomes", "entities", "references"];

impl Site {
    /// The rows of a table, as the articles were read.
    ///
    /// # Errors
    /// Where the store fails, or the table is none of those that are held.
    pub(super) fn shelf(&self, name: &str) -> Result<Arc<Shelf>, Problem> {
        let at = TABLES.iter().position(|t| *t == name).ok_or_else(|| Problem::missing(format!("there is no table {name}")))?;
        self.held.tables[at].get(self.graph_version(), || {
            let table = Table::named(name)?;
            let (filter, undecided) = (Filter::none(), Curation::default());
            let mut found = rows(&**self.store(), &table, &filter, &undecided)?;
            let kept = found.by_ref().take(MOST).collect::<Result<Vec<_>, _>>()?;
            let whole = found.next().is_none();
            drop(found);
            Ok(Shelf { table, rows: kept, whole })
        })
    }

    /// The rows of a table about one article, as curators left them.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) fn of_article(&self, name: &str, article: &str) -> Result<(Table, Vec<Row>), Problem> {
        let (table, curation) = (Table::named(name)?, self.curation()?);
        let held = TABLES.iter().position(|t| *t == name).and_then(|at| self.held.tables[at].peek());
        let found = match held.filter(|(version, shelf)| *version == self.graph_version() && shelf.whole) {
            Some((_, shelf)) => {
                let at = table.column("article_id").map_or(0, |c| c.0);
                shelf.curated(&curation).filter(|r| r[at].as_str() == article).map(Cow::into_owned).collect()
            }
            None => rows(&**self.store(), &table, &Filter::none().equal("article_id", article), &curation)?.collect::<Result<_, _>>()?,
        };
        Ok((table, found))
    }

    /// The findings of all checks, settled ones included. Quotes are not compared with the articles' files: `evigraph check` does that.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) fn findings(&self) -> Result<Arc<Vec<Finding>>, Problem> {
        let found = self.held.findings.get(self.graph_version(), || {
            let checks: Vec<Check> = checks()?.into_iter().filter(|c| !c.behaviour.verify_quote).collect();
            Ok(check::found(&**self.store(), &checks, &mut |_| None)?)
        })?;
        *self.held.former.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
        Ok(found)
    }

    /// The findings as far as they are known: those of before, told so by `false`, or none yet, while a thread looks again.
    pub(super) fn findings_soon(self: &Arc<Self>) -> (Option<Arc<Vec<Finding>>>, bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some((_, found)) = self.held.findings.peek().filter(|f| f.0 == self.graph_version()) {
                return (Some(found), true);
            }
            if Instant::now() >= until {
                return (self.held.former.lock().unwrap_or_else(PoisonError::into_inner).clone(), false);
            }
            self.warm();
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The rows of a table as [`Site::shelf`] gives them; nothing where they take longer than a page should, and are computed meanwhile.
    ///
    /// # Errors
    /// As [`Site::shelf`].
    pub(super) fn shelf_soon(self: &Arc<Self>, name: &str, patience: Duration) -> Result<Option<Arc<Shelf>>, Problem> {
        let slot = TABLES.iter().position(|t| *t == name).map(|at| &self.held.tables[at]);
        let until = Instant::now() + patience;
        loop {
            if let Some((_, shelf)) = slot.and_then(Slot::peek).filter(|f| f.0 == self.graph_version()) {
                return Ok(Some(shelf));
            }
            if Instant::now() >= until {
                return Ok(None);
            }
            self.warm();
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Computes beside the requests what pages need.
    pub(super) fn warm(self: &Arc<Self>) {
        if self.held.warming.swap(true, Ordering::AcqRel) {
            return;
        }
        let site = Arc::clone(self);
        std::thread::spawn(move || {
            let shelves = TABLES.iter().try_for_each(|table| site.shelf(table).map(drop));
            if let Err(problem) = shelves.and_then(|()| site.findings().map(drop)) {
                tracing::error!(error = %problem, "the findings cannot be computed");
            }
            site.held.warming.store(false, Ordering::Release);
        });
    }

    /// What curators decided.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) fn curation(&self) -> Result<Arc<Curation>, Problem> {
        self.held.curation.get(self.decision_version(), || Ok(Curation::load(&**self.store())?))
    }

    /// What the store holds, counted.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) fn info(&self) -> Result<Arc<Info>, Problem> {
        self.held.info.get(self.decision_version(), || Ok(crate::store::info(&**self.store())?))
    }

    /// The vocabulary in use.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) fn schema(&self) -> Result<Arc<super::pages::Schema>, Problem> {
        self.held.schema.0.get(self.graph_version(), || super::pages::Schema::of(self.store()))
    }

    /// The article that was read from the file `source`, where the file is still there and its text has this hash.
    ///
    /// The hash keeps a store from elsewhere from showing files of this machine: what is shown is known to who named it.
    pub(super) fn document(&self, source: &str, format: &str, hash: &str) -> Option<Arc<Document>> {
        let held = || self.held.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = held().iter().find(|d| d.source == source && content_hash(&d.text) == hash) {
            return Some(Arc::clone(found));
        }
        // As the user gave it where the article was read: mostly from the folder in which the store lies.
        let beside = self.store().home().path.and_then(|home| Some(Path::new(&home).canonicalize().ok()?.parent()?.join(source)));
        let fits = |p: &PathBuf| p.metadata().is_ok_and(|m| m.is_file() && m.len() <= LARGEST);
        let path = [Some(PathBuf::from(source)), beside].into_iter().flatten().find(fits)?;
        let format: Option<Format> = serde_json::from_value(format.into()).ok();
        let input = read::inputs(&[path]).into_iter().next()?.ok()?;
        let mut found = read::articles(&input, format).take(IN_A_FILE).flatten().find(|d| content_hash(&d.text) == hash)?;
        source.clone_into(&mut found.source);
        let found = Arc::new(found);
        let mut texts = held();
        texts.push_front(Arc::clone(&found));
        texts.truncate(TEXTS);
        Some(found)
    }
}

/// The shipped checks at the levels of the shipped profile.
///
/// # Errors
/// Never, in a build whose tests pass.
pub(super) fn checks() -> Result<Vec<Check>, Problem> {
    Ok(Profile::shipped()?.apply(Check::shipped()?))
}
