//! Trains the reference labeller of `models/references.bin` from labelled reference strings, and cross-validates it.
//!
//! ```text
//! cargo run --release --no-default-features --example train_references -- --folds 5 --out models/references.bin core.xml good.xml
//! ```
//!
//! The files are datasets as AnyStyle writes them: a `sequence` a string, an element a part. With `--folds N`, each fold is first
//! labelled by a model trained on the others, and what the project's parser makes of it is written to `--predictions DIR` as
//! `NAME.json`, one object with a `references` list in the order of the file. Training is repeatable.
#![allow(clippy::print_stderr)]

use anyhow::{Context, Result};
use clap::Parser;
use evigraph::document::{Document, Format};
use evigraph::read::labeller::{Label, words};
use evigraph::read::labeller_training::{Labelled, train};
use evigraph::read::reference;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::path::{Path, PathBuf};

#[derive(Parser)]
struct Arguments {
    /// Labelled datasets.
    files: Vec<PathBuf>,
    /// Where to write the model trained on everything.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Parts for cross-validation; 0 for none.
    #[arg(long, default_value_t = 0)]
    folds: usize,
    /// Folder for what cross-validation predicts.
    #[arg(long)]
    predictions: Option<PathBuf>,
    /// Passes over the data.
    #[arg(long, default_value_t = 10)]
    passes: usize,
    /// How often a feature must be seen.
    #[arg(long, default_value_t = 2)]
    least: u32,
}

fn label(element: &str) -> Label {
    match element {
        "author" => Label::Author,
        "title" => Label::Title,
        "journal" => Label::Journal,
        "container-title" | "booktitle" => Label::Container,
        "date" => Label::Date,
        "volume" => Label::Volume,
        "pages" => Label::Pages,
        "publisher" => Label::Publisher,
        "location" => Label::Location,
        "editor" => Label::Editor,
        "edition" => Label::Edition,
        "genre" => Label::Genre,
        "citation-number" => Label::Number,
        "translator" => Label::Translator,
        "collection-title" => Label::Series,
        "doi" => Label::Doi,
        "url" => Label::Url,
        _ => Label::Note,
    }
}

/// A string with the labels of its words.
struct Example {
    raw: String,
    labelled: Labelled,
}

fn load(path: &Path) -> Result<Vec<Example>> {
    let xml = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let mut reader = Reader::from_str(&xml);
    let (mut examples, mut parts, mut open) = (Vec::new(), Vec::<(Label, String)>::new(), None);
    loop {
        match reader.read_event()? {
            Event::Start(e) => match e.name().as_ref() {
                "dataset" => {}
                "sequence" => parts.clear(),
                name => {
                    open = Some(label(name));
                    parts.push((label(name), String::new()));
                }
            },
            Event::Text(text) if open.is_some() => {
                if let Some(part) = parts.last_mut() {
                    part.1.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(entity) if open.is_some() => {
                let resolved = match entity.resolve_char_ref()? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&entity).unwrap_or("").to_owned(),
                };
                if let Some(part) = parts.last_mut() {
                    part.1.push_str(&resolved);
                }
            }
            Event::End(e) if e.name().as_ref() == "sequence" => {
                let folded: Vec<String> = parts.iter().map(|p| p.1.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
                let labelled = parts.iter().flat_map(|(label, text)| words(text).into_iter().map(|w| (w.to_owned(), *label))).collect();
                examples.push(Example { raw: folded.join(" "), labelled });
            }
            Event::End(_) => open = None,
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(examples)
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let files: Vec<Vec<Example>> = arguments.files.iter().map(|f| load(f)).collect::<Result<_>>()?;
    if let Some(folder) = arguments.predictions.as_ref().filter(|_| arguments.folds > 1) {
        let mut predicted: Vec<Vec<Option<evigraph::document::Reference>>> = files.iter().map(|f| vec![None; f.len()]).collect();
        for fold in 0..arguments.folds {
            let data: Vec<Labelled> = files
                .iter()
                .flat_map(|f| f.iter().enumerate().filter(|(i, _)| i % arguments.folds != fold).map(|(_, e)| e.labelled.clone()))
                .collect();
            let weights = train(&data, arguments.passes, arguments.least);
            let (mut right, mut all) = (0, 0);
            for (f, examples) in files.iter().enumerate() {
                for (i, example) in examples.iter().enumerate().filter(|(i, _)| i % arguments.folds == fold) {
                    let list: Vec<&str> = example.labelled.iter().map(|w| w.0.as_str()).collect();
                    right += weights.label(&list).iter().zip(&example.labelled).filter(|(l, w)| **l == w.1).count();
                    all += list.len();
                    predicted[f][i] = Some(reference::parse_with(&weights, &example.raw, &(i + 1).to_string()));
                }
            }
            eprintln!("fold {fold}: {:.4} of {all} words right", f64::from(right as u32) / f64::from(all as u32));
        }
        for (file, references) in arguments.files.iter().zip(predicted) {
            let name = file.file_stem().context("a file name")?;
            let mut document = Document::new(&file.to_string_lossy(), Format::References);
            document.references = references.into_iter().flatten().collect();
            std::fs::write(folder.join(name).with_extension("json"), document.to_json())?;
        }
    }
    if let Some(out) = &arguments.out {
        let data: Vec<Labelled> = files.into_iter().flatten().map(|e| e.labelled).collect();
        let bytes = train(&data, arguments.passes, arguments.least).to_bytes();
        eprintln!("{} bytes", bytes.len());
        std::fs::write(out, bytes)?;
    }
    Ok(())
}
