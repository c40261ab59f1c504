//! Weighs the entities that a name may mean.

use super::lexicon::Hit;
use super::normalise::key;
use super::{Candidate, Category, Lexicon, Scope, Variant};
use std::collections::HashSet;

/// What the place of a name tells about its meaning.
#[derive(Debug, Default)]
pub struct Context<'a> {
    /// Whether words of genes ("promoter", "mutation") stand near the name.
    pub genes: bool,
    /// Entities that longer, unambiguous names of the same document mean.
    pub agreed: Option<&'a HashSet<u32>>,
    /// Whether words that only point to an entity ("hepatic") count.
    pub derived: bool,
}

/// A candidate by number, while candidates are compared.
#[derive(Debug, Clone)]
pub struct Weighed {
    /// The entity.
    pub entity: u32,
    /// Between 0 and 1.
    pub score: f32,
    /// Why.
    pub reasons: Vec<String>,
    /// Whether the word only points to it.
    pub derived: bool,
    /// Whether the shipped rows give the name.
    pub trusted: bool,
    /// Whether it is what the name means; else only its kind is known.
    pub grounded: bool,
}

/// Below this score a name stays no mention.
pub const THRESHOLD: f32 = 0.5;

/// English words, and words of papers, that vocabularies also list as names.
static WORDS: &str = include_str!("../../ontology/recognition/common-words.txt");

fn is_common(word: &str) -> bool {
    static SET: std::sync::OnceLock<HashSet<&'static str>> = std::sync::OnceLock::new();
    SET.get_or_init(|| WORDS.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace).collect()).contains(word)
}

/// Names that annotated texts almost never mean, each with the kind of thing that they are not.
static REJECTED: &str = include_str!("../../ontology/recognition/rejected.tsv");

fn is_rejected(name: &str, category: Category) -> bool {
    static SET: std::sync::OnceLock<HashSet<(String, &'static str)>> = std::sync::OnceLock::new();
    let set = SET.get_or_init(|| {
        REJECTED.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')).map(|(n, k)| (self::key(n), k)).collect()
    });
    set.contains(&(key(name), group(category)))
}

/// The kind of thing, as the list of rejected names tells them apart.
pub fn group(category: Category) -> &'static str {
    match category {
        c if is_gene(c) => "gene",
        Category::Disease | Category::PhenotypicFeature | Category::PathologicalProcess => "disease",
        Category::SmallMolecule | Category::ChemicalEntity | Category::Drug | Category::MolecularMixture => "chemical",
        Category::Cell => "cell",
        Category::BiologicalProcess | Category::PhysiologicalProcess | Category::Pathway => "process",
        Category::AnatomicalEntity => "anatomy",
        _ => "other",
    }
}

/// Words near a gene or protein.
const GENE_WORDS: [&str; 22] = [
    "gene",
    "genes",
    "mrna",
    "protein",
    "proteins",
    "expression",
    "promoter",
    "transcript",
    "allele",
    "knockout",
    "mutation",
    "mutations",
    "kinase",
    "receptor",
    "phosphorylation",
    "transfected",
    "variant",
    "polymorphism",
    "overexpression",
    "sirna",
    "encoding",
    "mutant",
];

/// Whether words of genes stand in `text`.
pub fn genes_near(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic()).any(|w| GENE_WORDS.contains(&w))
}

/// Weighs every entity among `hits` for the name written `surface`, best first.
pub fn weigh(lexicon: &Lexicon, hits: &[Hit<'_>], surface: &str, context: &Context<'_>) -> Vec<Weighed> {
    let mut out: Vec<Weighed> = Vec::new();
    for hit in hits {
        let derived = hit.variant == Variant::Derived;
        if derived && !context.derived {
            continue;
        }
        let weighed = if derived { point(hit) } else { weigh_one(lexicon, hit, surface, context) };
        match out.iter_mut().find(|w| w.entity == weighed.entity) {
            Some(old) if old.score < weighed.score => *old = weighed,
            Some(_) => {}
            None => out.push(weighed),
        }
    }
    let rivals = out.iter().filter(|w| w.score >= THRESHOLD && !w.derived).count();
    if rivals > 1 {
        for w in out.iter_mut().filter(|w| !w.derived) {
            w.score -= 0.02 * (rivals.min(6) as f32 - 1.0);
            w.reasons.push(format!("one of {rivals} entities with this name"));
        }
    }
    out.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| lexicon.id_of(a.entity).cmp(lexicon.id_of(b.entity))));
    out
}

/// A word that points to an entity: less than any name of one.
fn point(hit: &Hit<'_>) -> Weighed {
    Weighed {
        entity: hit.entity,
        score: THRESHOLD + 0.02,
        reasons: vec![hit.variant.name().to_owned()],
        derived: true,
        trusted: false,
        grounded: true,
    }
}

fn weigh_one(lexicon: &Lexicon, hit: &Hit<'_>, surface: &str, context: &Context<'_>) -> Weighed {
    let category = lexicon.category_of(hit.entity);
    let mut reasons = vec![match hit.variant {
        Variant::Same => hit.scope.name().to_owned(),
        v => format!("{}, {}", hit.scope.name(), v.name()),
    }];
    let mut score: f32 = match hit.scope {
        Scope::Label => 0.92,
        Scope::Exact => 0.88,
        Scope::Narrow => 0.72,
        Scope::Related => 0.68,
        Scope::Broad => 0.58,
    };
    score -= match hit.variant {
        Variant::Same => 0.0,
        Variant::Reordered | Variant::Shortened => 0.03,
        Variant::Latin => 0.08,
        Variant::Adjective | Variant::Derived => 0.15,
    };
    let id = lexicon.id_of(hit.entity);
    if hit.trusted {
        score += 0.04;
    } else if id.starts_with("MESH:") {
        score -= 0.05;
    } else if id.starts_with("CHEBI:") {
        score -= if lexicon.has_xrefs(hit.entity) { 0.04 } else { 0.06 };
    } else if !lexicon.has_xrefs(hit.entity) {
        score -= 0.01;
    }
    let agreed = context.agreed.is_some_and(|a| a.contains(&hit.entity));
    let mut add = |amount: f32, reason: &str| {
        score += amount;
        reasons.push(reason.to_owned());
    };
    let single = !surface.contains(' ');
    let letters = surface.chars().filter(|c| c.is_alphanumeric()).count();
    let has_digit = surface.chars().any(|c| c.is_numeric());
    let upper = surface.chars().filter(|c| c.is_uppercase()).count();
    if surface == hit.name {
        add(0.04, "written exactly so");
    } else if letters <= 6 && single && hit.variant == Variant::Same {
        let name_upper = hit.name.chars().filter(|c| c.is_uppercase()).count();
        if name_upper > 1 && upper <= 1 && !has_digit {
            add(if upper == 0 { -0.45 } else { -0.25 }, "the vocabulary writes it in capitals");
        } else if name_upper == 0 && upper > 1 {
            add(-0.25, "the vocabulary writes it in lower case");
        }
    }
    if letters <= 6 && surface.contains(' ') && !hit.name.contains([' ', '-']) {
        add(-0.5, "written apart");
    }
    if single && !has_digit && (upper == 0 || upper == 1 && surface.starts_with(char::is_uppercase)) && is_common(&surface.to_lowercase()) {
        add(-0.6, "a common word");
    }
    let words = surface.split([' ', '-', ',']).count();
    if words > 1 && letters <= 4 && surface.contains(' ') && surface.chars().next().is_some_and(|c| c.is_lowercase()) {
        add(-0.5, "words that only look like the name");
    }
    if !hit.trusted {
        if matches!(hit.scope, Scope::Broad | Scope::Narrow) && single && upper <= 1 && !has_digit {
            add(-0.25, "a name of something broader or narrower");
        }
        if is_rejected(surface, category) {
            add(-0.6, "seldom means it in texts");
        }
    }
    let short = letters <= 3 || letters == 4 && !has_digit && upper == letters;
    if short && single && upper > 0 {
        if agreed {
            add(0.05, "another name of it stands in the text");
        } else {
            let shipped = hit.trusted;
            let amount = if letters <= 2 || is_common(&surface.to_lowercase()) {
                -0.55
            } else if hit.scope == Scope::Label || shipped {
                -0.12
            } else if letters <= 3 && !has_digit {
                -0.45
            } else {
                -0.3
            };
            add(amount, "a short name without support in the text");
            if is_gene(category) && context.genes {
                add(0.15, "words of genes nearby");
            }
        }
    } else if agreed {
        add(0.02, "another name of it stands in the text");
    }
    Weighed { entity: hit.entity, score: score.clamp(0.0, 1.0), reasons, derived: false, trusted: hit.trusted, grounded: true }
}

/// Whether the category is one of genes and their products.
pub fn is_gene(category: Category) -> bool {
    matches!(category, Category::Gene | Category::Protein | Category::GeneFamily | Category::MicroRNA)
}

/// How well a category tells what a thing is: of two names of one length the better typed wins.
pub fn specificity(category: Category) -> u8 {
    match category {
        Category::NamedThing => 0,
        Category::OrganismTaxon | Category::MolecularActivity => 1,
        Category::ChemicalEntity | Category::BiologicalProcess | Category::PhenotypicFeature => 2,
        _ => 3,
    }
}

/// The candidates as told to the user.
pub fn told(lexicon: &Lexicon, weighed: &[Weighed]) -> Vec<Candidate> {
    weighed.iter().map(|w| Candidate { entity: lexicon.entity_at(w.entity), score: w.score, reasons: w.reasons.clone() }).collect()
}

impl Lexicon {
    /// The entities that `name` may mean, best first, with the reasons; `context` is text around it.
    pub fn lookup(&self, name: &str, context: Option<&str>) -> Vec<Candidate> {
        let hits = self.hits_of(name);
        let agreed = context.map(|c| self.named_in(c, name)).unwrap_or_default();
        let context = Context { genes: context.is_some_and(genes_near), agreed: Some(&agreed), derived: true };
        told(self, &weigh(self, &hits, name, &context))
    }

    /// Entities of which a longer name than `name` stands in `text`.
    fn named_in(&self, text: &str, name: &str) -> HashSet<u32> {
        let own = key(name).len();
        let pieces = super::normalise::cut(text, 0);
        super::matching::find(self, text, &pieces)
            .iter()
            .filter(|f| pieces.key(f.from, f.to).len() > own.max(5))
            .flat_map(|f| self.hits(f.value))
            .map(|h| h.entity)
            .collect()
    }
}

/// The words of a text in lower case.
pub fn words(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2).map(str::to_lowercase).collect()
}
