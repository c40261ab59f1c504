//! Which lexicon names are recognised with.

use super::args::Vocabulary;
use crate::annotate::{Annotator, Entity, Lexicon, Scope};
use crate::extract::{Extractor, Rules};
use crate::graph::Describe;
use anyhow::{Context, Result};
use etcetera::{BaseStrategy, choose_base_strategy};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where `lexicon add` keeps the compiled lexicon unless told otherwise: beside the user's data, as the platform has it.
pub fn default_path() -> Option<PathBuf> {
    choose_base_strategy().ok().map(|dirs| dirs.data_dir().join("evigraph").join("lexicon.bin"))
}

/// The lexicon that `--lexicon` names, else the one beside the user's data, else the shipped one.
pub fn lexicon(args: &Vocabulary) -> Result<Arc<Lexicon>> {
    let own = default_path().filter(|p| p.exists());
    match args.lexicon.as_ref().or(own.as_ref()) {
        Some(path) => Ok(Lexicon::open(path)?),
        None => Lexicon::shipped().context("the shipped lexicon"),
    }
}

/// The extractor with that lexicon and the rules of a folder, else the shipped ones.
pub fn extractor(args: &Vocabulary, rules: Option<&Path>) -> Result<Extractor> {
    let rules = match rules {
        Some(folder) => Rules::open(folder)?,
        None => Rules::shipped()?,
    };
    Ok(Extractor::new(Annotator::new(lexicon(args)?), rules))
}

impl Describe for Lexicon {
    fn synonyms(&self, id: &str) -> Vec<String> {
        self.names(id).into_iter().filter(|n| n.1 == Scope::Exact).map(|n| n.0).collect()
    }

    fn parents(&self, id: &str) -> Vec<Entity> {
        Self::parents(self, id).iter().filter_map(|p| self.entity(p)).collect()
    }
}
