//! The kept graph: one named graph per article, replaced in one step.
//!
//! What later stages ask of a store is the trait [`GraphStore`]. [`Store`] is the embedded engine, in memory or in a directory; [`Remote`] is a
//! SPARQL 1.1 endpoint elsewhere.

mod answer;
mod article;
mod batch;
mod census;
mod curated;
mod deadline;
mod embedded;
mod error;
mod graphs;
mod hand;
mod maintain;
mod open_path;
mod place;
mod prepare;
mod product;
mod remote;
mod scan;
mod services;
mod update;
mod verify;

pub use answer::{Answer, QueryOptions, Solutions, Triples};
pub use article::Fingerprint;
pub use census::{Info, dump, info};
pub use embedded::Store;
pub use error::Error;
pub use oxigraph::sparql::{CancellationToken, QuerySolution};
pub use prepare::prepare;
pub use remote::{Access, Addresses, Remote};
pub use services::Services;
pub use spargebra::algebra::QueryDataset;
pub use update::UpdateOptions;
pub use verify::{Problem, verify};

use crate::graph::Base;
use oxigraph::model::{NamedNode, Quad, Term};
use std::path::Path;

/// What the later stages ask of a store, embedded or elsewhere.
pub trait GraphStore: Send + Sync {
    /// The base of the store's names.
    fn base(&self) -> &Base;

    /// Where and how the statements are kept.
    fn home(&self) -> Home;

    /// Answers a SPARQL 1.1 query; the project's prefixes need no declaration.
    ///
    /// # Errors
    /// Where the query is not SPARQL, names an unknown parameter, takes too long or fails.
    fn query(&self, sparql: &str, options: &QueryOptions) -> Result<Answer<'_>, Error>;

    /// The plan of a query with the rows each step gave, as JSON.
    ///
    /// # Errors
    /// As [`GraphStore::query`], and where the engine tells no plan.
    fn explain(&self, sparql: &str, options: &QueryOptions) -> Result<String, Error>;

    /// Runs a SPARQL 1.1 update; the project's prefixes need no declaration.
    ///
    /// # Errors
    /// Where the update is not SPARQL or fails.
    fn update(&self, sparql: &str) -> Result<(), Error>;

    /// How many statements the store holds.
    ///
    /// # Errors
    /// Where the store fails.
    fn count(&self) -> Result<u64, Error>;

    /// Every statement, in no order, all of one moment.
    ///
    /// # Errors
    /// Where the store fails, at once or on the way.
    fn quads(&self) -> Result<Box<dyn Iterator<Item = Result<Quad, Error>> + '_>, Error>;

    /// Takes statements out and adds others, all or none.
    ///
    /// # Errors
    /// Where the store fails.
    fn change(&self, removed: &[Quad], added: &[Quad]) -> Result<(), Error>;

    /// Adds the statements of an RDF file; its extension tells the format. All or none in an embedded store, in batches elsewhere.
    ///
    /// # Errors
    /// Where the file cannot be read or is no RDF (line and column named), or the store fails.
    fn load(&self, path: &Path) -> Result<(), Error>;

    /// Puts an article in the place of the one with the same name, all or nothing.
    ///
    /// `quads` are those of [`crate::graph::quads`]: its own graph and what it adds to the shared ones.
    ///
    /// # Errors
    /// Where the store fails; it then holds what it held before.
    fn replace(&self, article: &NamedNode, quads: &[Quad]) -> Result<(), Error>;

    /// Puts articles in the place of those with their names, one after the other; where [`GraphStore::batch`] is not 0, all or none.
    ///
    /// # Errors
    /// Where the store fails.
    fn replace_all(&self, articles: &[(NamedNode, Vec<Quad>)]) -> Result<(), Error> {
        articles.iter().try_for_each(|(article, quads)| self.replace(article, quads))
    }

    /// How many statements are best given to [`GraphStore::replace_all`] at once; 0 where each article goes alone.
    fn batch(&self) -> usize {
        0
    }

    /// Takes an article out, with the edges, entities and works that nothing else uses; tells whether it was there.
    ///
    /// # Errors
    /// Where the store fails; it then holds what it held before.
    fn remove(&self, article: &NamedNode) -> Result<bool, Error>;

    /// Writes the plain triples of these claims anew, after a decision about them.
    ///
    /// # Errors
    /// Where the store fails.
    fn refresh_edges(&self, claims: &[NamedNode]) -> Result<(), Error>;

    /// Brings to disk what this process holds back.
    ///
    /// # Errors
    /// Where the disk is full or cannot be written.
    fn flush(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether the engine's own files agree with each other.
    ///
    /// # Errors
    /// Where they do not.
    fn validate(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Adds statements, all or none.
    ///
    /// # Errors
    /// Where the store fails.
    fn insert(&self, quads: &[Quad]) -> Result<(), Error> {
        self.change(&[], quads)
    }

    /// Whether the article is there and was read from the same text by the same rules, lexicon and version.
    ///
    /// # Errors
    /// Where the store fails.
    fn is_current(&self, article: &NamedNode, wanted: &Fingerprint) -> Result<bool, Error> {
        let ask = wanted.question(article, self.base());
        Ok(matches!(self.query(&ask, &QueryOptions { strict: true, ..QueryOptions::default() })?, Answer::Boolean(true)))
    }

    /// The articles in the store, by IRI.
    ///
    /// # Errors
    /// Where the store fails.
    fn articles(&self) -> Result<Vec<NamedNode>, Error> {
        let mut articles = Vec::new();
        if let Answer::Solutions(rows) = self.query("SELECT DISTINCT ?article { ?article a evi:Article }", &QueryOptions::default())? {
            for row in rows {
                if let Some(Term::NamedNode(article)) = row?.get(0) {
                    articles.push(article.clone());
                }
            }
        }
        articles.sort();
        articles.dedup();
        Ok(articles)
    }
}

/// Where and how a store keeps its statements.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Home {
    /// Its directory or address; `None` in memory.
    pub path: Option<String>,
    /// Version of its format; `None` where the format is not ours.
    pub format: Option<u32>,
    /// How it is kept: `memory`, `rocksdb`, `nquads`, or the name that an endpoint gives its server.
    pub engine: String,
}
