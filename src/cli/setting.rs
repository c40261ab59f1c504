//! What the global options set: the store, the base of names, and how to talk to the user.

use super::args::Global;
use super::terminal::Terminal;
use crate::graph::Base;
use crate::store::Store;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The surroundings in which a command runs.
#[derive(Debug)]
pub struct Setting {
    /// Messages and progress.
    pub terminal: Rc<Terminal>,
    /// Folder of the store.
    pub store: PathBuf,
    base: Option<String>,
}

impl Setting {
    /// Reads the global options.
    pub fn new(global: &Global) -> Self {
        Self { terminal: Rc::new(Terminal::new(global)), store: global.store.clone(), base: global.base.clone() }
    }

    /// The same with another store, and the default base.
    pub fn at(&self, store: &Path) -> Self {
        Self { terminal: Rc::clone(&self.terminal), store: store.to_owned(), base: None }
    }

    /// The base that was asked for.
    ///
    /// # Errors
    /// Where it is no IRI under which names can be made.
    pub fn asked_base(&self) -> Result<Option<Base>> {
        Ok(self.base.as_deref().map(Base::new).transpose()?)
    }

    /// Opens the store, which must be there.
    ///
    /// # Errors
    /// Where there is none, or another process holds it.
    pub fn open(&self) -> Result<Store> {
        // A base that differs from the store's is told by `create`, which makes nothing where a store is.
        if self.base.is_some() && self.store.exists() {
            return Ok(Store::create(&self.store, self.asked_base()?.as_ref())?);
        }
        Ok(Store::open(&self.store)?)
    }

    /// Opens the store, made where there is none.
    ///
    /// # Errors
    /// Where the folder holds something else, or another process holds the store.
    pub fn create(&self) -> Result<Store> {
        Ok(Store::create(&self.store, self.asked_base()?.as_ref())?)
    }
}
