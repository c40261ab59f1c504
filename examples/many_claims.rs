//! Makes a store of many made-up claims, for measuring exports and checks: `cargo run --release --example many_claims -- DIR CLAIMS`.
//!
//! The claims are written as N-Quads beside the store and loaded in bulk: a million in a few minutes.

use evigraph::annotate::{Category, Entity};
use evigraph::document::{Citation, Document, Format, Identifiers, Reference, Traceability};
use evigraph::extract::{Argument, Assertion, Certainty, Claim, QuoteRole, Relation, SourceStatus, StudyDesign};
use evigraph::graph::{Options, quads};
use evigraph::store::{GraphStore as _, Store};
use evigraph::text::Span;
use oxigraph::io::{RdfFormat, RdfSerializer};
use rayon::prelude::*;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Claims of an article.
const CLAIMS: usize = 35;
/// Entries of its reference list.
const REFERENCES: usize = 40;
/// Things that all claims speak of, and those of one article.
const ENTITIES: (usize, usize) = (20_000, 25);
/// Articles that are made at once.
const BATCH: usize = 200;

/// What fills the sentences.
const WORDS: &[&str] = &[
    "after",
    "treatment",
    "cartilage",
    "in",
    "the",
    "synovial",
    "fluid",
    "of",
    "patients",
    "with",
    "early",
    "disease",
    "and",
    "matrix",
    "degradation",
    "by",
    "signalling",
    "through",
    "receptor",
    "levels",
    "were",
    "compared",
    "controls",
    "over",
    "twelve",
    "weeks",
    "inflammatory",
    "cytokines",
    "chondrocytes",
    "cultured",
    "under",
    "hypoxia",
    "suggesting",
    "that",
    "local",
    "delivery",
    "may",
    "protect",
    "subchondral",
    "bone",
    "from",
    "further",
    "loss",
    "as",
    "measured",
    "histology",
];

/// The same numbers at each run (Knuth's linear congruence).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % n
    }
}

fn entity(number: usize) -> Entity {
    let (id, category) = match number % 3 {
        0 => (format!("HGNC:{}", number + 1), Category::Gene),
        1 => (format!("MONDO:{number:07}"), Category::Disease),
        _ => (format!("CHEBI:{number}"), Category::SmallMolecule),
    };
    Entity { id: Some(id), label: format!("thing number {number}"), category }
}

fn reference(key: usize, dice: &mut Dice) -> Reference {
    let work = dice.below(400_000);
    let raw = format!(
        "Author A, Author B. A made-up work, the {work}th of its kind. Journal of Nothing. 2020;{}:1-9. doi:10.5555/work.{work}",
        work % 90
    );
    Reference {
        key: key.to_string(),
        span: None,
        authors: vec!["Author A".to_owned(), "Author B".to_owned()],
        year: Some(2020),
        year_suffix: None,
        title: Some(format!("A made-up work, the {work}th of its kind")),
        venue: Some("Journal of Nothing".to_owned()),
        volume: Some((work % 90).to_string()),
        pages: Some("1-9".to_owned()),
        identifiers: Identifiers::find(&raw),
        traceability: Traceability::Traceable,
        raw,
    }
}

fn article(number: usize) -> (Document, Vec<Claim>) {
    let dice = &mut Dice(number as u64);
    let mut document = Document::new(&format!("made-up/{number}.xml"), Format::Jats);
    document.title = Some(format!("Made-up article number {number}"));
    document.date = Some("2024-05".to_owned());
    document.identifiers = Identifiers::find(&format!("doi:10.5555/article.{number}"));
    document.references = (1..=REFERENCES).map(|key| reference(key, dice)).collect();
    let topic: Vec<usize> = (0..ENTITIES.1).map(|_| dice.below(ENTITIES.0)).collect();
    let condition = dice.below(300) * 3 + 1;
    let claims = (0..CLAIMS)
        .map(|_| {
            let [subject, object] = [topic[dice.below(ENTITIES.1)], topic[dice.below(ENTITIES.1)]];
            let keys: Vec<String> = (0..dice.below(3)).map(|_| (dice.below(REFERENCES) + 1).to_string()).collect();
            let start = document.text.len();
            document.text.push_str(&format!("Thing number {subject} was seen to change thing number {object}"));
            for _ in 0..8 + dice.below(20) {
                document.text.push(' ');
                document.text.push_str(WORDS[dice.below(WORDS.len())]);
            }
            document.text.push_str(&format!(" [{}].", keys.join(",")));
            let quote = Span::new(start, document.text.len());
            document.text.push('\n');
            document.citations.push(Citation { span: quote, keys: keys.clone() });
            claim(subject, object, condition, keys, quote, dice)
        })
        .collect();
    (document, claims)
}

fn claim(subject: usize, object: usize, condition: usize, keys: Vec<String>, quote: Span, dice: &mut Dice) -> Claim {
    let argument = |number| Argument { text: format!("thing number {number}"), entity: entity(number), xrefs: Vec::new(), span: quote };
    let relation = [Relation::Increases, Relation::Decreases, Relation::Affects, Relation::Treats][dice.below(4)];
    let aspect = (dice.below(3) == 0).then(|| "expression".to_owned());
    Claim {
        assertion: Assertion::Mechanism { subject: argument(subject), relation, object: argument(object), aspect },
        negated: dice.below(20) == 0,
        certainty: if dice.below(10) == 0 { Certainty::Hedged } else { Certainty::Affirmed },
        condition: (dice.below(5) < 3).then(|| argument(condition)),
        via: Vec::new(),
        site: None,
        population: None,
        species: None,
        dose: None,
        source_status: if keys.is_empty() { SourceStatus::Unsourced } else { SourceStatus::Sourced },
        citations: keys,
        study_design: StudyDesign::Unspecified,
        evidence_code: "ECO:0007321",
        quote_role: QuoteRole::Background,
        section: vec!["Results".to_owned(), "What was found".to_owned()],
        quote,
        confidence: 0.8,
        rule: "verb-object".to_owned(),
    }
}

/// The statements of an article as N-Quads.
fn lines(number: usize) -> std::io::Result<Vec<u8>> {
    let (document, claims) = article(number);
    let mut writer = RdfSerializer::from_format(RdfFormat::NQuads).for_writer(Vec::new());
    for quad in quads(&document, &[], &claims, &Options::default()) {
        writer.serialize_quad(&quad)?;
    }
    writer.finish()
}

fn write(file: &Path, articles: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for first in (0..articles).step_by(BATCH) {
        let made: Result<Vec<_>, _> = (first..articles.min(first + BATCH)).into_par_iter().map(lines).collect();
        made?.iter().try_for_each(|lines| out.write_all(lines))?;
    }
    out.flush()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, wanted] = arguments.as_slice() else { return Err("give a folder and a number of claims".into()) };
    let file = Path::new(folder).with_extension("nq");
    write(&file, wanted.parse::<usize>()?.div_ceil(CLAIMS))?;
    let store = Store::create(folder.as_ref(), None)?;
    store.load(&file)?;
    store.compact()?;
    std::fs::remove_file(&file)?;
    Ok(())
}
