//! Trains the models of `models/` from treebank files, and scores them.
//!
//! ```text
//! cargo run --release --no-default-features --example train_language -- train --craft DIR/train --genia DIR/train.tsv --out models
//! cargo run --release --no-default-features --example train_language -- score --craft DIR/dev
//! ```
//!
//! `--craft` names a folder of CoNLL-X files with Stanford dependencies (CRAFT), each beside its text; `--genia` a table of
//! words and tags. Training takes a few minutes on one core and is repeatable: the same files give the same models.
#![allow(clippy::print_stderr)]

mod conll;
mod score;
mod variants;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use evigraph::language::train::{GoldSentence, Settings, train_lemmas, train_parser, train_tagger};
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
    Train {
        /// Folder of CoNLL-X files.
        #[arg(long)]
        craft: PathBuf,
        /// Table of words and tags.
        #[arg(long)]
        genia: Option<PathBuf>,
        /// Where to write the models.
        #[arg(long, default_value = "models")]
        out: PathBuf,
        /// File that keeps the tags given to the training text, so that a second run can do without giving them.
        #[arg(long)]
        tags: Option<PathBuf>,
        /// Passes over the data.
        #[arg(long, default_value_t = 5)]
        passes: usize,
        /// What to train: tagger, parser, lemmas, or all.
        #[arg(long, default_value = "all")]
        only: String,
        /// Folder of CoNLL-X files to score the result on.
        #[arg(long)]
        dev: Option<PathBuf>,
    },
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

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Train { craft, genia, out, tags, passes, only, dev } => {
            train(&craft, genia.as_deref(), &out, tags.as_deref(), passes, &only)?;
            if let (Some(dev), "tagger") = (&dev, only.as_str()) {
                let tagger = Tagger::open(fs::read(out.join("tagger.bin"))?.into())?;
                eprintln!("{}", score::tags(&tagger, &conll::articles(dev)?));
                return Ok(());
            }
            dev.map_or(Ok(()), |dev| score::report(&open(&out)?, &conll::articles(&dev)?))
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
    let models = Models {
        tagger: read("tagger.bin")?,
        transitions: read("transitions.bin")?,
        relations: read("relations.bin")?,
        lemmas: std::str::from_utf8(read("lemmas.tsv")?)?,
    };
    Ok(Engine::open(models)?)
}

/// Parts into which the data is cut so that the parser learns from tags that the tagger gave to text it had not seen.
const PARTS: usize = 5;

fn train(craft: &Path, genia: Option<&Path>, out: &Path, tags: Option<&Path>, passes: usize, only: &str) -> Result<()> {
    let craft: Vec<GoldSentence> = conll::articles(craft)?.into_iter().flat_map(|a| a.sentences).collect();
    let genia = genia.map(conll::tagged).transpose()?.unwrap_or_default();
    eprintln!("{} sentences with trees, {} with tags only", craft.len(), genia.len());
    fs::create_dir_all(out)?;
    let wanted = |part: &str| only == "all" || only == part;
    if wanted("lemmas") {
        fs::write(out.join("lemmas.tsv"), train_lemmas(&craft))?;
    }
    let tagging = Settings { passes: passes.min(6), bits: 16, least: 3, seed: 1 };
    let derived: Vec<(usize, Variant)> =
        craft.iter().enumerate().flat_map(|(i, s)| variants::of(s, i).into_iter().map(move |v| (i, v))).collect();
    eprintln!("{} variants", derived.len());
    if wanted("tagger") {
        let all: Vec<GoldSentence> = craft.iter().chain(&genia).chain(derived.iter().map(|d| &d.1.sentence)).cloned().collect();
        fs::write(out.join("tagger.bin"), train_tagger(&all, tagging))?;
        eprintln!("tagger trained");
    }
    if wanted("parser") {
        let mut tags = kept_tags(&craft, &genia, tags, tagging)?;
        let mut sentences = craft;
        for (i, variant) in derived {
            let gold = &variant.sentence.tags;
            tags.push(variant.origin.iter().zip(gold).map(|(o, g)| o.map_or(g.unwrap_or_default(), |o| tags[i][o])).collect());
            sentences.push(variant.sentence);
        }
        let parser = train_parser(
            &sentences,
            &tags,
            Settings { passes, bits: 18, least: 6, seed: 2 },
            Settings { passes, bits: 16, least: 3, seed: 3 },
        );
        fs::write(out.join("transitions.bin"), parser.transitions)?;
        fs::write(out.join("relations.bin"), parser.relations)?;
    }
    Ok(())
}

/// The tags for the parser to learn from: those kept in a file by an earlier run, or new ones.
fn kept_tags(craft: &[GoldSentence], genia: &[GoldSentence], file: Option<&Path>, tagging: Settings) -> Result<Vec<Vec<u8>>> {
    if let Some(kept) = file.and_then(|f| fs::read_to_string(f).ok()) {
        return Ok(kept.lines().map(|l| l.split(' ').filter_map(|t| t.parse().ok()).collect()).collect());
    }
    let tags = jackknife(craft, genia, Settings { passes: 3, ..tagging })?;
    if let Some(file) = file {
        let lines: Vec<String> = tags.iter().map(|s| s.iter().map(u8::to_string).collect::<Vec<_>>().join(" ")).collect();
        fs::write(file, lines.join("\n"))?;
    }
    Ok(tags)
}

/// Tags for each sentence from a tagger that was trained without its part.
fn jackknife(craft: &[GoldSentence], genia: &[GoldSentence], settings: Settings) -> Result<Vec<Vec<u8>>> {
    let mut tags = vec![Vec::new(); craft.len()];
    let part = |i: usize| i * PARTS / craft.len();
    for p in 0..PARTS {
        let rest: Vec<GoldSentence> =
            craft.iter().enumerate().filter(|(i, _)| part(*i) != p).map(|(_, s)| s).chain(genia).cloned().collect();
        let tagger = Tagger::open(train_tagger(&rest, settings).into())?;
        let (mut right, mut all) = (0, 0);
        for (i, s) in craft.iter().enumerate().filter(|(i, _)| part(*i) == p) {
            tags[i] = tagger.tag(&s.forms(), &s.glued);
            right += tags[i].iter().zip(&s.tags).filter(|(a, b)| Some(**a) == **b).count();
            all += s.words.len();
        }
        eprintln!("part {p}: tags {:.4}", right as f64 / all as f64);
    }
    Ok(tags)
}
