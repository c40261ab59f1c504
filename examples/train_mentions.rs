//! Trains the judge of mentions (`models/mentions.bin`) from annotated texts.
//!
//! ```text
//! cargo run --release --example train_mentions -- --lexicon FULL.lexicon --out models/mentions.bin CORPUS…
//! ```
//! A corpus is a PubTator file (BioRED, BC5CDR, NCBI Disease) or a folder of `NAME.txt` beside `NAME.concepts.tsv` (CRAFT). The lexicon should
//! hold the vocabularies that the corpora are annotated with. A fifth of the documents can be held out with `--hold-out`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use evigraph::annotate::{Annotator, BITS, Category, Lexicon};
use evigraph::document::{Document, Format};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const PASSES: usize = 6;
const RATE: f32 = 0.15;
/// Pulls weights that few examples support towards nothing.
const DECAY: f32 = 1e-3;
/// Tenths of the features that are left out of a case.
const DROPPED: usize = 3;

/// A mention of the gold standard.
struct Gold {
    start: usize,
    end: usize,
    kind: &'static str,
    ids: BTreeSet<String>,
}

struct Text {
    text: String,
    gold: Vec<Gold>,
    kinds: BTreeSet<&'static str>,
}

/// A meaning of a name in a text, and what the gold standard says of it.
struct Case {
    features: Vec<u32>,
    /// Whether something of its kind is named there.
    named: bool,
    /// Whether it is what is meant; `None` where the gold standard cannot tell.
    meant: Option<bool>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut lexicon, mut out, mut hold_out, mut corpora) = (None, None, false, Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--lexicon" => lexicon = words.next(),
            "--out" => out = words.next(),
            "--hold-out" => hold_out = true,
            _ => corpora.push(PathBuf::from(word)),
        }
    }
    let lexicon = Lexicon::open(lexicon.ok_or("--lexicon FILE is missing")?)?;
    let annotator = Annotator::new(lexicon);
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for corpus in &corpora {
        let texts = read(corpus)?;
        let before = train.len();
        for (i, text) in texts.iter().enumerate() {
            let cases = cases(&annotator, text);
            if hold_out && i % 5 == 4 { test.extend(cases) } else { train.extend(cases) }
        }
        eprintln!("{}: {} texts, {} cases", corpus.display(), texts.len(), train.len() - before);
    }
    let mut model = Vec::new();
    for (question, answer) in [("named", named as Answer), ("meant", meant as Answer)] {
        let weights = learn(&train, answer);
        let table = quantise(&weights);
        report(question, if hold_out { &test } else { &train }, answer, &table);
        model.extend(table);
    }
    fs::write(out.ok_or("--out FILE is missing")?, model)?;
    Ok(())
}

/// Texts of a corpus with their gold mentions.
fn read(path: &Path) -> Result<Vec<Text>, Box<dyn Error>> {
    if path.is_dir() {
        let mut files: Vec<PathBuf> = fs::read_dir(path)?.filter_map(|e| Some(e.ok()?.path())).collect();
        files.retain(|f| f.to_string_lossy().ends_with(".concepts.tsv"));
        files.sort();
        return files.iter().map(|f| craft(f)).collect();
    }
    let text = fs::read_to_string(path)?;
    let mut out: Vec<Text> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kinds = BTreeSet::new();
    for line in text.lines() {
        if let Some((id, rest)) = line.split_once('|')
            && let Some((part, content)) = rest.split_once('|')
            && matches!(part, "t" | "a")
        {
            let place = *places.entry(id.to_owned()).or_insert_with(|| {
                out.push(Text { text: String::new(), gold: Vec::new(), kinds: BTreeSet::new() });
                out.len() - 1
            });
            if part == "a" {
                out[place].text.push('\n');
            }
            out[place].text.push_str(content);
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let (Some(&place), true) = (places.get(cells[0]), cells.len() >= 5) else { continue };
        let (Ok(start), Ok(end)) = (cells[1].parse(), cells[2].parse()) else { continue };
        let kind = match cells[4] {
            "GeneOrGeneProduct" | "Gene" => "gene",
            "DiseaseOrPhenotypicFeature" | "Disease" | "SpecificDisease" | "DiseaseClass" | "Modifier" | "CompositeMention" => "disease",
            "ChemicalEntity" | "Chemical" => "chemical",
            _ => continue,
        };
        kinds.insert(kind);
        let ids = cells.get(5).unwrap_or(&"").split([';', ',', '|', '+']).filter_map(|id| curie(kind, id.trim())).collect();
        out[place].gold.push(Gold { start, end, kind, ids });
    }
    for t in &mut out {
        t.kinds.clone_from(&kinds);
    }
    Ok(out)
}

fn curie(kind: &str, id: &str) -> Option<String> {
    let mesh = id.strip_prefix("MESH:").unwrap_or(id);
    match id {
        "" | "-" | "-1" => None,
        _ if kind == "gene" => Some(format!("NCBIGene:{}", id.trim_matches(|c: char| !c.is_ascii_digit()))),
        _ if mesh.starts_with(['C', 'D']) && mesh[1..].bytes().all(|b| b.is_ascii_digit()) => Some(format!("MESH:{mesh}")),
        _ => Some(id.to_owned()),
    }
}

fn craft(file: &Path) -> Result<Text, Box<dyn Error>> {
    let name = file.to_string_lossy().replace(".concepts.tsv", ".txt");
    let mut gold = Vec::new();
    for line in fs::read_to_string(file)?.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [start, end, ontology, id, ..] = cells.as_slice() else { continue };
        let kind = match *ontology {
            "CL" => "cell",
            "GO_BP" => "process",
            "UBERON" => "anatomy",
            "CHEBI" => "chemical",
            "MONDO" => "disease",
            _ => continue,
        };
        let (Ok(start), Ok(end)) = (start.parse(), end.parse()) else { continue };
        gold.push(Gold { start, end, kind, ids: BTreeSet::from([(*id).to_owned()]) });
    }
    Ok(Text { text: fs::read_to_string(name)?, gold, kinds: BTreeSet::from(["cell", "process", "anatomy", "chemical", "disease"]) })
}

fn kind(category: Category) -> &'static str {
    use Category as C;
    match category {
        C::Gene | C::Protein | C::GeneFamily | C::MicroRNA => "gene",
        C::Disease | C::PhenotypicFeature | C::PathologicalProcess => "disease",
        C::SmallMolecule | C::ChemicalEntity | C::Drug | C::MolecularMixture => "chemical",
        C::Cell => "cell",
        C::BiologicalProcess | C::PhysiologicalProcess | C::Pathway => "process",
        C::AnatomicalEntity => "anatomy",
        _ => "other",
    }
}

/// The meanings of the names in a text of which the gold standard tells whether they are right.
fn cases(annotator: &Annotator, text: &Text) -> Vec<Case> {
    let mut document = Document::new("text", Format::Text);
    document.text.clone_from(&text.text);
    // Gold positions count characters.
    let mut points = vec![0; text.text.len() + 1];
    for (n, (at, c)) in text.text.char_indices().enumerate() {
        points[at] = n;
        points[at + c.len_utf8()] = n + 1;
    }
    let lexicon = annotator.lexicon();
    let mut out = Vec::new();
    for e in annotator.examples(&document) {
        let kind = kind(e.category);
        if !text.kinds.contains(kind) {
            continue;
        }
        let (start, end) = (points[e.span.start], points[e.span.end]);
        let near: Vec<&Gold> = text.gold.iter().filter(|g| g.kind == kind && g.start < end && start < g.end).collect();
        let ids: HashSet<&str> = e.ids.iter().map(String::as_str).collect();
        let same = |g: &&Gold| {
            let shared = end.min(g.end) - start.max(g.start);
            shared * 2 >= end.max(g.end) - start.min(g.start)
        };
        // What no vocabulary lists may be meant by the name of its counterpart.
        let open = |g: &Gold| g.ids.iter().all(|id| lexicon.entity(id).is_none());
        let meant = if near.iter().any(|g| g.ids.iter().any(|id| ids.contains(id.as_str()))) {
            Some(true)
        } else if near.iter().any(|g| same(g) && open(g)) {
            None
        } else if near.is_empty() || near.iter().any(same) {
            Some(false)
        } else {
            // A part of a longer mention, which wins where it is known.
            None
        };
        out.push(Case { features: e.features, named: !near.is_empty(), meant });
    }
    out
}

/// What the gold standard answers to one of the two questions.
type Answer = fn(&Case) -> Option<bool>;

fn named(case: &Case) -> Option<bool> {
    Some(case.named)
}

fn meant(case: &Case) -> Option<bool> {
    case.meant
}

fn odds(weights: &[f32], features: &[u32]) -> f32 {
    features.iter().map(|f| weights[*f as usize]).sum()
}

/// A small generator of pseudo-random numbers, so that training gives the same model each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize
    }
}

/// Logistic regression by AdaGrad; each time a part of a case's features is left out, so that no single one is relied on.
fn learn(cases: &[Case], answer: Answer) -> Vec<f32> {
    let (mut weights, mut squares) = (vec![0.0_f32; 1 << BITS], vec![1e-6_f32; 1 << BITS]);
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let mut random = Random(0x5EED);
    for _ in 0..PASSES {
        for i in (1..order.len()).rev() {
            order.swap(i, random.next() % (i + 1));
        }
        for &i in &order {
            let Some(right) = answer(&cases[i]) else { continue };
            let features: Vec<u32> = cases[i].features.iter().copied().filter(|_| random.next() % 10 >= DROPPED).collect();
            let likely = 1.0 / (1.0 + (-odds(&weights, &features)).exp());
            let error = likely - f32::from(u8::from(right));
            for f in features {
                let f = f as usize;
                let slope = error + DECAY * weights[f];
                squares[f] += slope * slope;
                weights[f] -= RATE * slope / squares[f].sqrt();
            }
        }
    }
    // With all features present the sums are larger than any that was trained.
    weights.iter().map(|w| w * (10 - DROPPED) as f32 / 10.0).collect()
}

/// A scale and a signed byte a weight, as `annotate/judge.rs` reads them.
fn quantise(weights: &[f32]) -> Vec<u8> {
    let largest = weights.iter().fold(0.0_f32, |m, w| m.max(w.abs())).min(4.0);
    let scale = largest / 127.0;
    let mut out = scale.to_le_bytes().to_vec();
    out.extend(weights.iter().map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8 as u8));
    out
}

fn report(question: &str, cases: &[Case], answer: Answer, model: &[u8]) {
    let scale = f32::from_le_bytes([model[0], model[1], model[2], model[3]]);
    let judged = |c: &Case| c.features.iter().map(|f| i32::from(model[4 + *f as usize] as i8)).sum::<i32>() as f32 * scale;
    let asked: Vec<(f32, bool)> = cases.iter().filter_map(|c| Some((judged(c), answer(c)?))).collect();
    let gold = asked.iter().filter(|a| a.1).count();
    for border in [-1.0, -0.5, 0.0, 0.5, 1.0] {
        let kept = asked.iter().filter(|a| a.0 > border);
        let (right, all) = kept.fold((0, 0), |(r, n), a| (r + usize::from(a.1), n + 1));
        let (p, r) = (right as f32 / all.max(1) as f32, right as f32 / gold.max(1) as f32);
        println!(
            "{question}: border {border}: precision {p:.3} recall {r:.3} F1 {:.3} of {} cases",
            2.0 * p * r / (p + r).max(1e-6),
            asked.len()
        );
    }
}
