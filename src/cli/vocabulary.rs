//! Which lexicon names are recognised with.

use super::args::Vocabulary;
use crate::annotate::Lexicon;
use anyhow::{Context, Result};
use etcetera::{BaseStrategy, choose_base_strategy};
use std::path::PathBuf;
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
