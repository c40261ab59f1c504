//! What the global options set: the store, the base of names, and how to talk to the user.

use super::args::{Endpoint, Global};
use super::terminal::Terminal;
use crate::graph::Base;
use crate::store::{Access, Addresses, GraphStore, Remote, Store};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The surroundings in which a command runs.
#[derive(Debug)]
pub struct Setting {
    /// Messages and progress.
    pub terminal: Rc<Terminal>,
    /// Folder or address of the store.
    pub store: PathBuf,
    base: Option<String>,
    endpoint: Endpoint,
}

impl Setting {
    /// Reads the global options.
    pub fn new(global: &Global) -> Self {
        Self {
            terminal: Rc::new(Terminal::new(global)),
            store: global.store.clone(),
            base: global.base.clone(),
            endpoint: global.endpoint.clone(),
        }
    }

    /// The same with another store, and the default base.
    pub fn at(&self, store: &Path) -> Self {
        Self { terminal: Rc::clone(&self.terminal), store: store.to_owned(), base: None, endpoint: self.endpoint.clone() }
    }

    /// The base that was asked for.
    ///
    /// # Errors
    /// Where it is no IRI under which names can be made.
    pub fn asked_base(&self) -> Result<Option<Base>> {
        Ok(self.base.as_deref().map(Base::new).transpose()?)
    }

    /// Opens the store, which must be there, to read it.
    ///
    /// # Errors
    /// Where there is none, another process writes it, or the endpoint cannot be reached.
    pub fn open(&self) -> Result<Box<dyn GraphStore>> {
        match (self.address()?, &self.base) {
            (None, None) => Ok(Box::new(Store::read(&self.store)?)),
            _ => self.open_to_write(),
        }
    }

    /// Opens the store, which must be there, to change it.
    ///
    /// # Errors
    /// Where there is none, another process holds it, or the endpoint cannot be reached.
    pub fn open_to_write(&self) -> Result<Box<dyn GraphStore>> {
        let base = self.asked_base()?;
        Ok(match self.address()? {
            Some((addresses, access)) => Box::new(Remote::open(&addresses, &access, base.as_ref())?),
            // A base that differs from the store's is told by `create`, which makes nothing where a store is.
            None if base.is_some() && self.store.exists() => Box::new(Store::create(&self.store, base.as_ref())?),
            None => Box::new(Store::open(&self.store)?),
        })
    }

    /// Opens the store, made where there is none.
    ///
    /// # Errors
    /// Where the folder holds something else, another process holds the store, or the endpoint cannot be reached or written.
    pub fn create(&self) -> Result<Box<dyn GraphStore>> {
        let base = self.asked_base()?;
        Ok(match self.address()? {
            Some((addresses, access)) => Box::new(Remote::create(&addresses, &access, base.as_ref())?),
            None => Box::new(Store::create(&self.store, base.as_ref())?),
        })
    }

    /// The folder of the store, for what only a store in a folder can do.
    ///
    /// # Errors
    /// Where the store is an endpoint.
    pub fn folder(&self) -> Result<&Path> {
        if self.address()?.is_some() {
            bail!("this is for a store in a folder; {} has its own means", self.store.display());
        }
        Ok(&self.store)
    }

    /// Where and how to reach the store, if it is an endpoint.
    fn address(&self) -> Result<Option<(Addresses, Access)>> {
        let Some(query) = self.store.to_str().filter(|s| s.starts_with("http://") || s.starts_with("https://")) else {
            return Ok(None);
        };
        let endpoint = &self.endpoint;
        let access = match (&endpoint.token, &endpoint.user) {
            (Some(token), _) => Access::Bearer(token.trim().to_owned()),
            (None, Some(user)) => {
                let (user, password) = user.split_once(':').context("--user is NAME:PASSWORD")?;
                Access::Basic { user: user.to_owned(), password: password.to_owned() }
            }
            (None, None) => Access::Open,
        };
        let addresses = Addresses { query: query.to_owned(), update: endpoint.update_url.clone(), graph: endpoint.graph_url.clone() };
        Ok(Some((addresses, access)))
    }
}
