//! Finds and grounds the mentions of a document.

use super::abbreviation::{Abbreviation, definitions};
use super::candidate::{Context, THRESHOLD, Weighed, genes_near, group, is_gene, told, weigh, words};
use super::ellipsis::{self, Anchor, Filled};
use super::judge::{self, Example, Place};
use super::matching::{self, Found};
use super::normalise::{Pieces, cut, key};
use super::pattern::{self, Recognised};
use super::region::regions;
use super::settle::{Draft, settle};
use super::species::Animals;
use super::{Category, Entity, Lexicon, Mention, Scope, Variant};
use crate::document::Document;
use crate::text::Span;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Annotates documents with the entities of a lexicon.
#[derive(Debug, Clone)]
pub struct Annotator {
    lexicon: Arc<Lexicon>,
}

/// What a document's own definition says that a short form means.
#[derive(Debug, Clone)]
struct Meaning {
    long: String,
    entity: Option<(u32, f32)>,
}

/// A region with its pieces and the names found in it.
struct Read {
    span: Span,
    pieces: Pieces,
    found: Vec<Found>,
    /// Whether words of genes stand in it.
    genes: bool,
}

/// What the document as a whole tells about its names.
struct Known {
    /// Entities of which a long name stands in the text.
    agreed: HashSet<u32>,
    /// What the short forms that it defines mean, by their keys.
    meanings: HashMap<String, Meaning>,
    /// How often each name stands there, by the value of its key.
    counts: HashMap<u64, usize>,
}

/// Meanings of a name that are looked at.
const MEANINGS: usize = 6;

/// What names were found to mean, by key, spelling and whether genes are near: articles repeat themselves.
type Cache<'t> = HashMap<(u64, &'t str, bool), Vec<Weighed>>;

impl Annotator {
    /// An annotator that grounds to `lexicon`.
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        Self { lexicon }
    }

    /// The lexicon in use.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// The mentions of `document`, sorted by where they start.
    ///
    /// Mentions do not overlap, save those that share words in a coordination ("collagen type I/III").
    pub fn annotate(&self, document: &Document) -> Vec<Mention> {
        let text = document.text.as_str();
        let (read, known) = self.known(document);
        let mut animals = Animals::default();
        read.iter().for_each(|r| animals.note(&r.pieces));
        let mut out = Vec::new();
        let mut cache = Cache::new();
        for r in &read {
            let drafts = self.drafts(text, r, &known, &mut cache);
            out.extend(settle(drafts).into_iter().map(|d| d.mention));
        }
        for m in &mut out {
            m.orthologs = m.entity.id.as_deref().map(|id| animals.genes(id)).unwrap_or_default();
        }
        out.sort_by(|a, b| a.span.cmp(&b.span).then_with(|| a.text.cmp(&b.text)));
        out
    }

    /// The regions of a document with the names in them, and what the document as a whole tells about names.
    fn known(&self, document: &Document) -> (Vec<Read>, Known) {
        let text = document.text.as_str();
        let read: Vec<Read> = regions(document)
            .into_iter()
            .map(|span| {
                let pieces = cut(span.of(text), span.start);
                let found = matching::find(&self.lexicon, text, &pieces);
                Read { span, pieces, found, genes: genes_near(span.of(text)) }
            })
            .collect();
        let agreed = self.agreed(text, &read);
        let meanings = self.meanings(document, &read, &agreed);
        let mut counts = HashMap::new();
        read.iter().flat_map(|r| &r.found).for_each(|f| *counts.entry(f.value).or_default() += 1);
        (read, Known { agreed, meanings, counts })
    }

    /// Number of dictionary names in `document` before anything is weighed: what normalising and matching alone cost.
    pub fn count_names(&self, document: &Document) -> usize {
        let text = document.text.as_str();
        regions(document).into_iter().map(|s| matching::find(&self.lexicon, text, &cut(s.of(text), s.start)).len()).sum()
    }

    /// Grounds a phrase that another stage found, without its article or possessive.
    pub fn ground(&self, phrase: &str) -> Option<Entity> {
        let mut phrase = phrase.trim();
        for word in ["the ", "The ", "a ", "A ", "an ", "An ", "these ", "These ", "this ", "This ", "its ", "their "] {
            phrase = phrase.strip_prefix(word).unwrap_or(phrase);
        }
        let hits = self.lexicon.hits_of(phrase);
        let best = weigh(&self.lexicon, &hits, phrase, &Context::default()).into_iter().next()?;
        (best.score >= THRESHOLD).then(|| self.lexicon.entity_at(best.entity))
    }

    /// Entities of which a long name stands in the text, so that its short names are believed.
    fn agreed(&self, text: &str, read: &[Read]) -> HashSet<u32> {
        let mut agreed = HashSet::new();
        let mut seen = HashSet::new();
        for r in read {
            for f in &r.found {
                let surface = surface(text, &r.pieces, f);
                if surface.len() > 5 && surface.contains(char::is_lowercase) && seen.insert(f.value) {
                    let hits = self.lexicon.hits(f.value);
                    if hits.len() <= 4 {
                        agreed.extend(hits.iter().filter(|h| h.variant != Variant::Derived).map(|h| h.entity));
                    }
                }
            }
        }
        agreed
    }

    /// What the short forms that the document defines mean, by their keys.
    fn meanings(&self, document: &Document, read: &[Read], agreed: &HashSet<u32>) -> HashMap<String, Meaning> {
        let text = document.text.as_str();
        let mut out = HashMap::new();
        let listed = document.abbreviations.iter().map(|(s, l)| (s.as_str(), l.as_str()));
        let found: Vec<Abbreviation> = read.iter().flat_map(|r| definitions(text, r.span)).collect();
        for (short, long) in listed.chain(found.iter().map(|a| (a.short.of(text), a.long.of(text)))) {
            let entity = self.long_form(short, long, agreed);
            out.entry(key(short)).or_insert_with(|| Meaning { long: long.to_owned(), entity });
        }
        out.remove("");
        out
    }

    /// Grounds a long form: whole, or by the longest name at its end where that is most of it.
    fn long_form(&self, short: &str, long: &str, agreed: &HashSet<u32>) -> Option<(u32, f32)> {
        let context = Context { agreed: Some(agreed), ..Context::default() };
        let mut from = 0;
        let mut first = true;
        let total = long.split_whitespace().count();
        loop {
            let name = &long[from..];
            let best =
                weigh(&self.lexicon, &self.lexicon.hits_of(name), name, &context).into_iter().next().filter(|w| w.score >= THRESHOLD);
            if let Some(w) = best {
                let score = if first { w.score } else { w.score - 0.15 };
                return Some((w.entity, score));
            }
            first = false;
            let step = name.find([' ', '-'])?;
            from += step + 1;
            let rest = long.get(from..)?;
            // A head word alone ("cells") does not tell what the abbreviation means.
            if rest.split_whitespace().count() * 2 < total || !rest.contains(' ') || short.chars().count() < 2 {
                return None;
            }
        }
    }

    /// The meanings of a name that the dictionary found, best first; empty where nothing speaks for it.
    fn meanings_at<'t>(&self, text: &'t str, r: &Read, f: &Found, known: &Known, cache: &mut Cache<'t>) -> Vec<Weighed> {
        let surface = surface(text, &r.pieces, f);
        let span = span_of(&r.pieces, f);
        if names_author(text, span) || is_bare_number(&r.pieces, f) {
            return Vec::new();
        }
        let meaning = if known.meanings.is_empty() { None } else { known.meanings.get(&r.pieces.key(f.from, f.to)) };
        let meaning = meaning.filter(|m| short_like(surface, &m.long));
        if meaning.is_some_and(|m| m.entity.is_some_and(|e| !self.is_its_gene(text, span, f.value, e.0))) {
            return Vec::new();
        }
        let mut weighed = (cache.entry((f.value, surface, r.genes)))
            .or_insert_with(|| {
                let context = Context { genes: r.genes, agreed: Some(&known.agreed), derived: true };
                let mut weighed = weigh(&self.lexicon, &self.lexicon.hits(f.value), surface, &context);
                weighed.truncate(MEANINGS);
                weighed
            })
            .clone();
        if weighed.first().is_none_or(|w| w.score < judge::LEAST) {
            return Vec::new();
        }
        if let Some(m) = meaning.filter(|m| m.entity.is_none()) {
            weighed.retain(|w| self.shares_words(w.entity, &m.long));
        }
        weighed
    }

    fn place<'p>(&self, text: &'p str, r: &'p Read, f: &Found, known: &Known, rivals: usize) -> Place<'p> {
        let repeated = known.counts.get(&f.value).copied().unwrap_or(1);
        Place { pieces: &r.pieces, from: f.from, to: f.to, surface: surface(text, &r.pieces, f), repeated, rivals }
    }

    /// Every meaning of every name in `document`, as the training of the judge sees them.
    pub fn examples(&self, document: &Document) -> Vec<Example> {
        let text = document.text.as_str();
        let (read, known) = self.known(document);
        let (mut out, mut cache) = (Vec::new(), Cache::new());
        for r in &read {
            for f in &r.found {
                let weighed = self.meanings_at(text, r, f, &known, &mut cache);
                let place = self.place(text, r, f, &known, weighed.len());
                for w in weighed.iter().filter(|w| !w.derived) {
                    let mut features = Vec::new();
                    judge::features(&self.lexicon, w, &place, &mut features);
                    let id = self.lexicon.id_of(w.entity).to_owned();
                    let mut ids = self.lexicon.xrefs_of(w.entity);
                    ids.extend(Animals::ALL.genes(&id));
                    ids.insert(0, id);
                    let category = self.lexicon.category_of(w.entity);
                    out.push(Example { span: span_of(&r.pieces, f), ids, category, trusted: w.trusted, score: w.score, features });
                }
            }
        }
        out
    }

    fn drafts<'t>(&self, text: &'t str, r: &Read, known: &Known, cache: &mut Cache<'t>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let mut features = Vec::new();
        for f in &r.found {
            let mut weighed = self.meanings_at(text, r, f, known, cache);
            let place = self.place(text, r, f, known, weighed.len());
            judge::settle(&self.lexicon, &mut weighed, &place, &mut features);
            if weighed.first().is_some_and(|w| w.score >= THRESHOLD) {
                drafts.push(self.draft(span_of(&r.pieces, f), (f.from, f.to), place.surface.to_owned(), weighed));
            }
        }
        if !known.meanings.is_empty() {
            self.short_forms(text, r, &known.meanings, &mut drafts);
        }
        for p in pattern::recognise(&self.lexicon, text, r.span) {
            drafts.push(self.recognised(text, p));
        }
        self.coordinations(text, r, &mut drafts);
        drafts
    }

    /// Whether a short form that the text defines as a disease stands for the gene named after it: "MEN1 gene", "APC mutations".
    fn is_its_gene(&self, text: &str, span: Span, value: u64, defined: u32) -> bool {
        let next = text.get(span.end..).unwrap_or("").trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        !is_gene(self.lexicon.category_of(defined))
            && matches!(
                next,
                "gene" | "genes" | "protein" | "proteins" | "mutation" | "mutations" | "mRNA" | "expression" | "promoter" | "mutants"
            )
            && self.lexicon.hits(value).iter().any(|h| h.scope == Scope::Label && is_gene(self.lexicon.category_of(h.entity)))
    }

    /// Whether a name of the entity shares a telling word with the long form of an abbreviation.
    fn shares_words(&self, entity: u32, long: &str) -> bool {
        let telling = words(long);
        self.lexicon.names_of(entity).any(|(name, _)| words(name).iter().any(|w| w.len() > 3 && telling.contains(w)))
    }

    fn draft(&self, span: Span, pieces: (usize, usize), text: String, weighed: Vec<Weighed>) -> Draft {
        let number = weighed.first().map(|w| w.entity).filter(|_| weighed[0].grounded);
        let derived = weighed.first().is_some_and(|w| w.derived);
        let mut xrefs = number.map(|n| self.lexicon.xrefs_of(n)).unwrap_or_default();
        if number.is_some() {
            self.complete(&mut xrefs, &weighed);
        }
        let mut candidates = told(&self.lexicon, &weighed).into_iter().peekable();
        let kind = candidates.peek().map_or(Category::NamedThing, |c| c.entity.category);
        let open = || (Entity { id: None, label: text.clone(), category: kind }, weighed.first().map_or(0.0, |w| w.score), Vec::new());
        let (entity, score, reasons) =
            if number.is_none() { open() } else { candidates.next().map_or_else(open, |c| (c.entity, c.score, c.reasons)) };
        let mention = Mention {
            span,
            text,
            entity,
            xrefs,
            score,
            reasons,
            alternatives: candidates.take(5).collect(),
            orthologs: Vec::new(),
            derived,
        };
        Draft { span, pieces, mention, number, filled: false, anchor: None }
    }

    /// Where the best candidate has no MeSH identifier, takes that of a candidate of the same kind and name.
    ///
    /// Vocabularies divide the world differently: MeSH calls "Lung Neoplasms" what others tell apart as lung cancer and lung neoplasm.
    fn complete(&self, xrefs: &mut Vec<String>, weighed: &[Weighed]) {
        let Some((best, others)) = weighed.split_first() else { return };
        let id = self.lexicon.id_of(best.entity);
        if id.starts_with("MESH:") || xrefs.iter().any(|x| x.starts_with("MESH:")) {
            return;
        }
        let kind = group(self.lexicon.category_of(best.entity));
        for w in others.iter().filter(|w| w.score >= 0.3 && group(self.lexicon.category_of(w.entity)) == kind) {
            let own = self.lexicon.id_of(w.entity).to_owned();
            let mesh = std::iter::once(own).chain(self.lexicon.xrefs_of(w.entity)).find(|x| x.starts_with("MESH:"));
            if let Some(mesh) = mesh {
                xrefs.insert(0, mesh);
                return;
            }
        }
    }

    /// Mentions of the short forms that the document defines.
    fn short_forms(&self, text: &str, r: &Read, meanings: &HashMap<String, Meaning>, drafts: &mut Vec<Draft>) {
        let taken: HashSet<Span> = drafts.iter().map(|d| d.span).collect();
        let longest = meanings.keys().map(String::len).max().unwrap_or(0);
        for from in 0..r.pieces.list.len() {
            if from > 0 && r.pieces.list[from].gap == super::normalise::Gap::None {
                continue;
            }
            for to in from + 1..=(from + 6).min(r.pieces.list.len()) {
                if to > from + 1 && r.pieces.list[to - 1].gap == super::normalise::Gap::Break {
                    break;
                }
                if r.pieces.list.get(to).is_some_and(|p| p.gap == super::normalise::Gap::None) {
                    continue;
                }
                let key = r.pieces.key(from, to);
                if key.len() > longest {
                    break;
                }
                let Some(Meaning { long, entity: Some((entity, score)) }) = meanings.get(&key) else { continue };
                let span = Span::new(r.pieces.list[from].start, r.pieces.list[to - 1].end);
                let surface = span.of(text);
                if !short_like(surface, long) || taken.contains(&span) {
                    continue;
                }
                let reasons = vec![format!("the text defines it as \"{long}\"")];
                let weighed = vec![Weighed { entity: *entity, score: *score, reasons, derived: false, trusted: false, grounded: true }];
                drafts.push(self.draft(span, (from, to), surface.to_owned(), weighed));
            }
        }
    }

    fn recognised(&self, text: &str, p: Recognised) -> Draft {
        let xrefs = p.number.map(|n| self.lexicon.xrefs_of(n)).unwrap_or_default();
        let mention = Mention {
            span: p.span,
            text: p.span.of(text).to_owned(),
            entity: p.entity,
            xrefs,
            score: if p.number.is_some() { 0.9 } else { 0.7 },
            reasons: vec![p.reason.to_owned()],
            alternatives: Vec::new(),
            orthologs: Vec::new(),
            derived: false,
        };
        Draft { span: p.span, pieces: (0, 0), mention, number: p.number, filled: false, anchor: None }
    }

    fn filled(&self, filled: Filled, pieces: (usize, usize), anchor: Option<Span>) -> Draft {
        let reasons = vec!["filled in from a coordination".to_owned()];
        let weighed = vec![Weighed { entity: filled.entity, score: filled.score, reasons, derived: false, trusted: false, grounded: true }];
        Draft { filled: true, anchor, ..self.draft(filled.span, pieces, filled.text, weighed) }
    }

    fn coordinations(&self, text: &str, r: &Read, drafts: &mut Vec<Draft>) {
        let mut more = Vec::new();
        for d in drafts.iter() {
            let (Some(entity), anchor) = (d.number, Anchor { from: d.pieces.0, to: d.pieces.1 }) else { continue };
            if anchor.to <= anchor.from {
                continue;
            }
            if d.mention.derived {
                continue;
            }
            for (filled, to) in ellipsis::right(&self.lexicon, text, &r.pieces, anchor, entity) {
                more.push(self.filled(filled, (anchor.from, to), Some(d.span)));
            }
            if let Some((filled, from)) = ellipsis::left(&self.lexicon, text, &r.pieces, anchor, entity) {
                more.push(self.filled(filled, (from, anchor.to), Some(d.span)));
            }
        }
        for at in 0..r.pieces.list.len() {
            for (filled, to) in ellipsis::typed(&self.lexicon, text, &r.pieces, at) {
                more.push(self.filled(filled, (at, to), None));
            }
        }
        drafts.append(&mut more);
    }
}

fn span_of(pieces: &Pieces, f: &Found) -> Span {
    Span::new(pieces.list[f.from].start + f.skipped, pieces.list[f.to - 1].end)
}

fn surface<'a>(text: &'a str, pieces: &Pieces, f: &Found) -> &'a str {
    text.get(pieces.list[f.from].start + f.skipped..pieces.list[f.to - 1].end).unwrap_or("")
}

/// Whether `surface` is written like a short form, not like a word that happens to have its key.
fn short_like(surface: &str, long: &str) -> bool {
    surface.len() < long.len() && (surface.chars().any(|c| c.is_uppercase() || c.is_numeric()) || surface.len() <= 3)
}

fn is_bare_number(pieces: &Pieces, f: &Found) -> bool {
    pieces.list[f.from..f.to].iter().all(|p| p.digit)
}

/// "Lim et al.", "Lim and colleagues", "Lim's group".
fn names_author(text: &str, span: Span) -> bool {
    let after = text.get(span.end..).unwrap_or("");
    [" et al", " and colleagues", " and coworkers", " and co-workers"].iter().any(|a| after.starts_with(a))
}
