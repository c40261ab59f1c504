//! Trains the models of `models/` from treebank files, and scores them.
//!
//! ```text
//! cargo run --release --no-default-features --example train_language -- \
//!     train --craft DIR/train --genia DIR/train.tsv --text TEXTS --out models
//! cargo run --release --no-default-features --example train_language -- score --craft DIR/dev
//! ```
//!
//! `--craft` names a folder of CoNLL-X files with Stanford dependencies (CRAFT), each beside its text; `--genia` a table of
//! words and tags; `--text` a folder of plain text. Training takes some minutes on one core and is repeatable: the same program on the same
//! files gives the same models.
#![allow(clippy::print_stderr)]

mod conll;
mod kept;
mod score;
mod variants;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use evigraph::language::train::{GoldSentence, ParserTrainer, Settings, TaggerTrainer, Vectors, train_lemmas, train_parser, train_tagger};
use evigraph::language::{Engine, Models, Tagger};
use variants::Variant;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Trains and writes the models.
    Train(Training),
    /// Scores models.
    Score {
        /// Folder of CoNLL-X files.
        #[arg(long)]
        craft: PathBuf,
        /// Folder of the models.
        #[arg(long, default_value = "models")]
        models: PathBuf,
    },
}

#[derive(clap::Args)]
struct Training {
    /// Folder of CoNLL-X files.
    #[arg(long)]
    craft: PathBuf,
    /// Table of words and tags.
    #[arg(long)]
    genia: Option<PathBuf>,
    /// Folder of plain text, from which vectors of words are learnt.
    #[arg(long)]
    text: PathBuf,
    /// Where to write the models.
    #[arg(long, default_value = "models")]
    out: PathBuf,
    /// Folder that keeps the vectors and the tags given to the training text, so that a second run can do without making them.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Passes over the data.
    #[arg(long, default_value_t = 12)]
    passes: usize,
    /// What to train: tagger, parser, lemmas, or all.
    #[arg(long, default_value = "all")]
    only: String,
    /// Folder of CoNLL-X files to score on.
    #[arg(long)]
    dev: Option<PathBuf>,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Train(training) => {
            let dev = training.dev.as_deref().map(conll::articles).transpose()?.unwrap_or_default();
            train(&training, &dev)?;
            if !dev.is_empty() && training.only == "all" {
                score::report(&open(&training.out)?, &dev)?;
            }
            Ok(())
        }
        Command::Score { craft, models } => score::report(&open(&models)?, &conll::articles(&craft)?),
    }
}

/// The engine with the models of a folder.
fn open(folder: &Path) -> Result<Engine> {
    let read = |name: &str| -> Result<&'static [u8]> {
        let file = folder.join(name);
        Ok(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.leak())
    };
    let models = Models { tagger: read("tagger.bin")?, parser: read("parser.bin")?, lemmas: std::str::from_utf8(read("lemmas.tsv")?)? };
    Ok(Engine::open(models)?)
}

/// Parts into which the data is cut so that the parser learns from tags that the tagger gave to text it had not seen.
const PARTS: usize = 5;

fn train(training: &Training, dev: &[conll::Article]) -> Result<()> {
    let craft: Vec<GoldSentence> = conll::articles(&training.craft)?.into_iter().flat_map(|a| a.sentences).collect();
    let genia = training.genia.as_deref().map(conll::tagged).transpose()?.unwrap_or_default();
    eprintln!("{} sentences with trees, {} with tags only", craft.len(), genia.len());
    fs::create_dir_all(&training.out)?;
    let wanted = |part: &str| training.only == "all" || training.only == part;
    if wanted("lemmas") {
        fs::write(training.out.join("lemmas.tsv"), train_lemmas(&craft))?;
    }
    let vectors = kept::vectors(training.keep.as_deref(), &training.text)?;
    eprintln!("vectors of {} words", vectors.rows.len());
    let settings = Settings { passes: training.passes, batch: 8, rate: 1e-3, seed: 1 };
    let derived: Vec<(usize, Variant)> =
        craft.iter().enumerate().flat_map(|(i, s)| variants::of(s, i).into_iter().map(move |v| (i, v))).collect();
    eprintln!("{} variants", derived.len());
    if wanted("tagger") {
        let all: Vec<GoldSentence> =
            craft.iter().chain(&genia).chain(derived.iter().filter(|d| !d.1.joined).map(|d| &d.1.sentence)).cloned().collect();
        let watch = |pass: usize, model: &TaggerTrainer<'_>| {
            eprintln!("pass {pass}: {}", score::tags(|words, glued| model.tag(words, glued), dev));
        };
        fs::write(training.out.join("tagger.bin"), train_tagger(&all, &vectors, settings, watch).bytes())?;
    }
    if wanted("parser") {
        let jackknifed = || jackknife(&craft, &genia, &vectors, Settings { passes: 3, ..settings });
        let mut tags = kept::tags(training.keep.as_deref(), jackknifed)?;
        let mut sentences = craft.clone();
        for (i, variant) in derived {
            let gold = &variant.sentence.tags;
            tags.push(variant.origin.iter().zip(gold).map(|(o, g)| o.map_or(g.unwrap_or_default(), |o| tags[i][o])).collect());
            sentences.push(variant.sentence);
        }
        let tagger = fs::read(training.out.join("tagger.bin")).ok().map(|b| Tagger::open(b.leak())).transpose()?;
        let given: Vec<Vec<u8>> = dev
            .iter()
            .flat_map(|a| &a.sentences)
            .map(|s| match &tagger {
                Some(tagger) => tagger.tag(&s.forms(), &s.glued),
                None => s.tags.iter().map(|t| t.unwrap_or_default()).collect(),
            })
            .collect();
        let watch = |pass: usize, model: &ParserTrainer<'_>| {
            eprintln!("pass {pass}: {}", score::heads(|words, glued, tags| model.parse(words, glued, tags), dev, &given));
        };
        fs::write(training.out.join("parser.bin"), train_parser(&sentences, &tags, &vectors, settings, watch).bytes())?;
    }
    Ok(())
}

/// Tags for each sentence from a tagger that was trained without its part.
fn jackknife(craft: &[GoldSentence], genia: &[GoldSentence], vectors: &Vectors, settings: Settings) -> Vec<Vec<u8>> {
    let mut tags = vec![Vec::new(); craft.len()];
    let part = |i: usize| i * PARTS / craft.len();
    for p in 0..PARTS {
        let rest: Vec<GoldSentence> =
            craft.iter().enumerate().filter(|(i, _)| part(*i) != p).map(|(_, s)| s).chain(genia).cloned().collect();
        let tagger = train_tagger(&rest, vectors, settings, |_, _| {});
        let (mut right, mut all) = (0, 0);
        for (i, s) in craft.iter().enumerate().filter(|(i, _)| part(*i) == p) {
            tags[i] = tagger.tag(&s.forms(), &s.glued);
            right += tags[i].iter().zip(&s.tags).filter(|(a, b)| Some(**a) == **b).count();
            all += s.words.len();
        }
        eprintln!("part {p}: tags {:.4}", right as f64 / all as f64);
    }
    tags
}
