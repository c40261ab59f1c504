//! Two short articles of a clinic with their claims, made by hand: what the tests of graph, store and queries work on.

use evigraph::annotate::{Category, Entity, Mention};
use evigraph::document::{Citation, Document, Format, Identifiers, Reference, Traceability};
use evigraph::extract::*;
use evigraph::graph::{Describe, Options, quads};
use evigraph::text::Span;
use oxigraph::model::Quad;

/// An author of a cited work.
pub const AUTHOR: &str = "Meyer A";

const HIP: &str = "Hip osteoarthritis\nAMSCs suppress IL-6 and may reduce PGE2 through the NF-κB pathway [1]. They do not raise TNF [2]. Pain fell by 30-40 % at 3 months. \
IL-6 increases cartilage breakdown [9]. miR-219 restores myelin.\n[1] Meyer A, Okafor B. Cells and signals. J Joint. 2021. doi:10.1000/joint.1\n[2] Internal data";
const SPINE: &str = "Spinal cord injury\nAMSCs suppress IL-6 [1]. AMSCs raise BDNF [1]. IL-6 decreases cartilage breakdown. NCAM rose in 12 of 20 patients after 6 weeks [2].\n\
[1] Meyer A, Okafor B. Cells and signals. J Joint. 2021. doi:10.1000/joint.1\n[2] Clinic registry NCT00000001";

fn entity(word: &str) -> (Entity, Vec<String>) {
    let (id, label, category, xref) = match word {
        "AMSCs" | "They" => (Some("CL:0000134"), "mesenchymal stem cell", Category::Cell, ""),
        "IL-6" => (Some("HGNC:6018"), "IL6", Category::Gene, "NCBIGene:3569"),
        "PGE2" => (Some("CHEBI:15551"), "prostaglandin E2", Category::SmallMolecule, ""),
        "TNF" => (Some("HGNC:11892"), "TNF", Category::Gene, ""),
        "BDNF" => (Some("HGNC:1033"), "BDNF", Category::Gene, ""),
        "miR-219" => (Some("HGNC:31597"), "MIR219A1", Category::MicroRNA, ""),
        "NF-κB pathway" => (Some("GO:0007249"), "canonical NF-kappaB signal transduction", Category::Pathway, ""),
        "Hip osteoarthritis" => (Some("MONDO:0006816"), "hip osteoarthritis", Category::Disease, ""),
        "Spinal cord injury" => (Some("MONDO:0043797"), "spinal cord injury", Category::Disease, ""),
        other => (None, other, Category::NamedThing, ""),
    };
    let xrefs = if xref.is_empty() { Vec::new() } else { vec![xref.to_owned()] };
    (Entity { id: id.map(str::to_owned), label: label.to_owned(), category }, xrefs)
}

fn argument(text: &str, word: &str) -> Argument {
    let start = text.find(word).unwrap_or_else(|| panic!("{word} is not in the article"));
    let (entity, xrefs) = entity(word);
    Argument { text: word.to_owned(), entity, xrefs, span: Span::new(start, start + word.len()) }
}

fn claim(text: &str, quote: &str, condition: &str, assertion: Assertion, citations: &[&str], source_status: SourceStatus) -> Claim {
    let start = text.find(quote).unwrap_or_else(|| panic!("{quote} is not in the article"));
    Claim {
        assertion,
        negated: false,
        certainty: Certainty::Affirmed,
        condition: Some(argument(text, condition)),
        via: Vec::new(),
        site: None,
        population: None,
        species: None,
        dose: None,
        citations: citations.iter().map(|&c| c.to_owned()).collect(),
        source_status,
        study_design: StudyDesign::Unspecified,
        evidence_code: if source_status == SourceStatus::Sourced { "ECO:0007321" } else { "ECO:0007320" },
        quote_role: QuoteRole::Background,
        section: vec![condition.to_owned()],
        quote: Span::new(start, start + quote.len()),
        confidence: 0.9,
        rule: "active".to_owned(),
    }
}

fn mechanism(text: &str, subject: &str, relation: Relation, object: &str) -> Assertion {
    Assertion::Mechanism { subject: argument(text, subject), relation, object: argument(text, object), aspect: None }
}

/// The claims of an article.
pub fn claims(name: &str) -> Vec<Claim> {
    use SourceStatus::{Dangling, Sourced, Unsourced, UntraceableOnly};
    let text = if name == "hip" { HIP } else { SPINE };
    let numbers = |value, unit: &str, direction, months: f64, time: &str, sample_size| Measurement {
        measure: Measure::Change,
        value,
        bound: None,
        unit: Some(unit.to_owned()),
        direction: Some(direction),
        time: Some(Period { value: (months, months), unit: time.to_owned() }),
        baseline: None,
        ci: None,
        sd: None,
        sample_size,
        share: None,
        comparator: None,
        p_value: Some("<0.05".to_owned()),
        instrument: None,
    };
    if name == "hip" {
        let condition = "Hip osteoarthritis";
        let first = "AMSCs suppress IL-6 and may reduce PGE2 through the NF-κB pathway [1].";
        let mut hedged = claim(text, first, condition, mechanism(text, "AMSCs", Relation::Decreases, "PGE2"), &["1"], Sourced);
        hedged.certainty = Certainty::Hedged;
        hedged.via = vec![argument(text, "NF-κB pathway")];
        let mut sure = claim(text, first, condition, mechanism(text, "AMSCs", Relation::Decreases, "IL-6"), &["1"], Sourced);
        sure.via = vec![argument(text, "NF-κB pathway")];
        let mut negated = claim(
            text,
            "They do not raise TNF [2].",
            condition,
            mechanism(text, "AMSCs", Relation::Increases, "TNF"),
            &["2"],
            UntraceableOnly,
        );
        negated.negated = true;
        negated.study_design = StudyDesign::InternalData;
        let outcome = Assertion::Outcome {
            intervention: Some(argument(text, "AMSCs")),
            outcome: argument(text, "Pain"),
            measurement: numbers((30.0, 40.0), "%", Direction::Decrease, 3.0, "month", None),
        };
        vec![
            sure,
            hedged,
            negated,
            claim(text, "Pain fell by 30-40 % at 3 months.", condition, outcome, &[], Unsourced),
            claim(
                text,
                "IL-6 increases cartilage breakdown [9].",
                condition,
                mechanism(text, "IL-6", Relation::Increases, "cartilage breakdown"),
                &["9"],
                Dangling,
            ),
            claim(text, "miR-219 restores myelin.", condition, mechanism(text, "miR-219", Relation::Restores, "myelin"), &[], Unsourced),
        ]
    } else {
        let condition = "Spinal cord injury";
        let outcome = Assertion::Outcome {
            intervention: Some(argument(text, "AMSCs")),
            outcome: argument(text, "NCAM"),
            measurement: Measurement {
                measure: Measure::Share,
                share: Some(60.0),
                ..numbers((60.0, 60.0), "%", Direction::Increase, 6.0, "week", Some(20))
            },
        };
        let mut registry = claim(text, "NCAM rose in 12 of 20 patients after 6 weeks [2].", condition, outcome, &["2"], Sourced);
        registry.study_design = StudyDesign::Registry;
        vec![
            claim(text, "AMSCs suppress IL-6 [1].", condition, mechanism(text, "AMSCs", Relation::Decreases, "IL-6"), &["1"], Sourced),
            claim(text, "AMSCs raise BDNF [1].", condition, mechanism(text, "AMSCs", Relation::Increases, "BDNF"), &["1"], Sourced),
            claim(
                text,
                "IL-6 decreases cartilage breakdown.",
                condition,
                mechanism(text, "IL-6", Relation::Decreases, "cartilage breakdown"),
                &[],
                Unsourced,
            ),
            registry,
        ]
    }
}

/// An article, `hip` or `spine`, with its claims.
pub fn article(name: &str) -> (Document, Vec<Claim>) {
    let text = if name == "hip" { HIP } else { SPINE };
    let mut document = Document::new(&format!("clinic/{name}.md"), Format::Markdown);
    document.text = text.to_owned();
    document.given_id = Some(format!("https://clinic.example/{name}"));
    document.title = Some(if name == "hip" { "Cells for the hip" } else { "Cells for the spinal cord" }.to_owned());
    document.date = Some("2025-03".to_owned());
    let body = text.rfind("\n[1]").unwrap_or_else(|| panic!("the article has a list"));
    for key in ["1", "2", "9"] {
        let marker = format!("[{key}]");
        document.citations.extend(
            text[..body].match_indices(&marker).map(|(at, m)| Citation { span: Span::new(at, at + m.len()), keys: vec![key.to_owned()] }),
        );
    }
    document.citations.sort_by_key(|c| c.span);
    let work = "Meyer A, Okafor B. Cells and signals. J Joint. 2021. doi:10.1000/joint.1";
    let reference = |key: &str, raw: &str, traceability| Reference {
        key: key.to_owned(),
        raw: raw.to_owned(),
        span: None,
        authors: Vec::new(),
        year: None,
        year_suffix: None,
        title: None,
        venue: None,
        volume: None,
        pages: None,
        identifiers: Identifiers::find(raw),
        traceability,
    };
    let mut first = reference("1", work, Traceability::Traceable);
    first.authors = vec![AUTHOR.to_owned(), "Okafor B".to_owned()];
    (first.title, first.venue, first.year) = (Some("Cells and signals".to_owned()), Some("J Joint".to_owned()), Some(2021));
    let second = if name == "hip" {
        reference("2", "Internal data", Traceability::Untraceable)
    } else {
        reference("2", "Clinic registry NCT00000001", Traceability::Traceable)
    };
    document.references = vec![first, second];
    (document, claims(name))
}

/// Whether the claim is about a mechanism.
pub fn is_mechanism(claim: &Claim) -> bool {
    matches!(claim.assertion, Assertion::Mechanism { .. })
}

/// Changes what the subject of a claim is grounded to, not its words.
pub fn reground(claim: &mut Claim) {
    if let Assertion::Mechanism { subject, .. } = &mut claim.assertion {
        subject.entity = Entity { id: None, label: "something else".to_owned(), category: Category::NamedThing };
    }
}

/// A small hierarchy and a few synonyms.
pub struct Vocabulary;

impl Describe for Vocabulary {
    fn synonyms(&self, id: &str) -> Vec<String> {
        let names: &[&str] = match id {
            "HGNC:6018" => &["IL-6", "interleukin 6"],
            "CL:0000134" => &["mesenchymal stromal cell", "MSC"],
            _ => &[],
        };
        names.iter().map(|&n| n.to_owned()).collect()
    }

    fn parents(&self, id: &str) -> Vec<Entity> {
        let up = |id: &str, label: &str| vec![Entity { id: Some(id.to_owned()), label: label.to_owned(), category: Category::Cell }];
        match id {
            "CL:0000134" => up("CL:0002320", "connective tissue cell"),
            "CL:0002320" => up("CL:0000000", "cell"),
            _ => Vec::new(),
        }
    }
}

/// The quads of an article, each name of a claim also a mention.
pub fn quads_of(document: &Document, claims: &[Claim]) -> Vec<Quad> {
    let arguments = claims.iter().flat_map(|c| c.condition.iter().chain(&c.via));
    let mentions: Vec<Mention> = arguments
        .map(|a| Mention {
            span: a.span,
            text: a.text.clone(),
            entity: a.entity.clone(),
            xrefs: a.xrefs.clone(),
            score: 1.0,
            reasons: Vec::new(),
            alternatives: Vec::new(),
            orthologs: Vec::new(),
            derived: false,
        })
        .collect();
    quads(document, &mentions, claims, &Options { describe: Some(&Vocabulary), ..Options::default() })
}
