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
use crate::store::Info;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Most rows of a table that are held, about a kilobyte each.
const MOST: usize = 100_000;

/// Articles whose text is held.
const TEXTS: usize = 16;

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
    curation: Slot<Curation>,
    info: Slot<Info>,
    pub(super) schema: Schemata,
    texts: Mutex<VecDeque<Arc<Document>>>,
}

/// What the pages on the vocabulary hold.
#[derive(Default)]
pub(super) struct Schemata(Slot<super::pages::Schema>);

/// The tables that are held.
const TABLES: [&str; 5] = ["claims", "outcomes", "articles", "entities", "references"];

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

    /// The findings of all checks, settled ones included. Quotes are not compared with the articles' files: `evigraph check` does that.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) fn findings(&self) -> Result<Arc<Vec<Finding>>, Problem> {
        self.held.findings.get(self.graph_version(), || {
            let checks: Vec<Check> = checks()?.into_iter().filter(|c| !c.behaviour.verify_quote).collect();
            Ok(check::found(&**self.store(), &checks, &mut |_| None)?)
        })
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
        self.held.schema.0.get(self.graph_version(), || super::pages::Schema::of(&**self.store()))
    }

    /// The article that was read from the file `source`, where the file is still there and its text has this hash.
    ///
    /// The hash keeps a store from elsewhere from showing files of this machine: what is shown is known to who named it.
    pub(super) fn document(&self, source: &str, format: &str, hash: &str) -> Option<Arc<Document>> {
        let held = || self.held.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = held().iter().find(|d| d.source == source && content_hash(&d.text) == hash) {
            return Some(Arc::clone(found));
        }
        let about = Path::new(source).metadata().ok().filter(|m| m.is_file() && m.len() <= LARGEST)?;
        tracing::debug!(source, bytes = about.len(), "reading the text again");
        let format: Option<Format> = serde_json::from_value(format.into()).ok();
        let input = read::inputs(&[source]).into_iter().next()?.ok()?;
        let found = read::articles(&input, format).take(IN_A_FILE).flatten().find(|d| content_hash(&d.text) == hash).map(Arc::new)?;
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
