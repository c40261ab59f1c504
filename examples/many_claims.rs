//! Makes a store of many made-up claims, for measuring exports and checks: `cargo run --release --example many_claims -- DIR CLAIMS`.

use evigraph::annotate::{Category, Entity};
use evigraph::document::{Citation, Document, Format, Identifiers, Reference, Traceability};
use evigraph::extract::{Argument, Assertion, Certainty, Claim, QuoteRole, Relation, SourceStatus, StudyDesign};
use evigraph::graph::{Options, quads};
use evigraph::store::{GraphStore as _, Store};
use evigraph::text::Span;

/// Claims of an article.
const CLAIMS: usize = 35;
/// Entries of its reference list.
const REFERENCES: usize = 20;
/// Things that the claims speak of.
const ENTITIES: usize = 20_000;
/// Articles that are loaded at once.
const BATCH: usize = 500;

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

fn article(number: usize, dice: &mut Dice) -> (Document, Vec<Claim>) {
    let mut document = Document::new(&format!("made-up/{number}.xml"), Format::Jats);
    document.title = Some(format!("Made-up article number {number}"));
    document.date = Some("2024-05".to_owned());
    document.identifiers = Identifiers::find(&format!("doi:10.5555/article.{number}"));
    for key in 1..=REFERENCES {
        let raw = format!("Author A, Author B. A made-up work. Journal of Nothing. 2020. doi:10.5555/work.{}", dice.below(400_000));
        document.references.push(Reference {
            key: key.to_string(),
            span: None,
            authors: vec!["Author A".to_owned(), "Author B".to_owned()],
            year: Some(2020),
            year_suffix: None,
            title: Some("A made-up work".to_owned()),
            venue: Some("Journal of Nothing".to_owned()),
            volume: None,
            pages: None,
            identifiers: Identifiers::find(&raw),
            traceability: Traceability::Traceable,
            raw,
        });
    }
    let mut claims = Vec::new();
    for _ in 0..CLAIMS {
        let [subject, object, condition] = [dice.below(ENTITIES), dice.below(ENTITIES), dice.below(300) * 3 + 1];
        let start = document.text.len();
        document.text.push_str(&format!(
            "Thing number {subject} was seen to change thing number {object} in the tissue of all animals that were looked at."
        ));
        let quote = Span::new(start, document.text.len());
        document.text.push('\n');
        let keys: Vec<String> = (0..dice.below(3)).map(|_| (dice.below(REFERENCES) + 1).to_string()).collect();
        document.citations.push(Citation { span: quote, keys: keys.clone() });
        let argument = |number| Argument { text: format!("thing number {number}"), entity: entity(number), xrefs: Vec::new(), span: quote };
        let relation = [Relation::Increases, Relation::Decreases, Relation::Affects, Relation::Treats][dice.below(4)];
        let aspect = (dice.below(3) == 0).then(|| "expression".to_owned());
        claims.push(Claim {
            assertion: Assertion::Mechanism { subject: argument(subject), relation, object: argument(object), aspect },
            negated: dice.below(20) == 0,
            certainty: Certainty::Affirmed,
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
            section: vec!["Results".to_owned()],
            quote,
            confidence: 0.8,
            rule: "verb-object".to_owned(),
        });
    }
    (document, claims)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, wanted] = arguments.as_slice() else { return Err("give a folder and a number of claims".into()) };
    let articles = wanted.parse::<usize>()?.div_ceil(CLAIMS);
    let store = Store::create(folder.as_ref(), None)?;
    let (mut dice, options) = (Dice(1), Options::default());
    for first in (0..articles).step_by(BATCH) {
        let batch = (first..articles.min(first + BATCH)).flat_map(|number| {
            let (document, claims) = article(number, &mut dice);
            quads(&document, &[], &claims, &options)
        });
        store.insert(&batch.collect::<Vec<_>>())?;
    }
    store.flush()?;
    Ok(())
}
