//! Joins the terms of several vocabularies that mean the same thing to one entity.

use super::term::{Scope, Term, Vocabulary};
use crate::annotate::normalise::key;
use crate::annotate::vocabulary::kind::Kinds;
use crate::annotate::{Category, species};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which identifier names an entity that has several: the first prefix of this list.
const PREFERRED: [&str; 12] = ["MONDO", "HGNC", "CL", "UBERON", "GO", "CHEBI", "DOID", "HP", "NCBIGene", "MIMAT", "MESH", "OMIM"];
/// In which order cross-references are told.
const XREFS: [&str; 12] = ["NCBIGene", "MESH", "UMLS", "OMIM", "DOID", "CHEBI", "HP", "GO", "CL", "UBERON", "MONDO", "UniProtKB"];

fn rank(list: &[&str], id: &str) -> usize {
    list.iter().position(|p| *p == prefix(id)).unwrap_or(list.len())
}

/// Groups identifiers that mean the same (union-find with path halving).
#[derive(Default)]
struct Groups {
    index: HashMap<String, usize>,
    ids: Vec<String>,
    parent: Vec<usize>,
    /// Prefixes of the identifiers of each group, kept at its root.
    prefixes: Vec<BTreeSet<String>>,
}

fn prefix(id: &str) -> &str {
    id.split(':').next().unwrap_or("")
}

impl Groups {
    fn node(&mut self, id: &str) -> usize {
        if let Some(&n) = self.index.get(id) {
            return n;
        }
        let n = self.ids.len();
        self.index.insert(id.to_owned(), n);
        self.ids.push(id.to_owned());
        self.parent.push(n);
        self.prefixes.push(BTreeSet::from([prefix(id).to_owned()]));
        n
    }

    fn root(&mut self, mut n: usize) -> usize {
        while self.parent[n] != n {
            self.parent[n] = self.parent[self.parent[n]];
            n = self.parent[n];
        }
        n
    }

    fn join(&mut self, a: &str, b: &str) {
        let (a, b) = (self.node(a), self.node(b));
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        if low != high {
            self.parent[high] = low;
            let mut from = std::mem::take(&mut self.prefixes[high]);
            self.prefixes[low].append(&mut from);
        }
    }

    /// Joins the groups of two nodes, unless one vocabulary tells them apart.
    fn join_weakly(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b && self.prefixes[a].is_disjoint(&self.prefixes[b]) {
            let (a, b) = (self.ids[a].clone(), self.ids[b].clone());
            self.join(&a, &b);
        }
    }
}

/// An entity with what all vocabularies say of it.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) category: Option<Category>,
    pub(super) vocabulary: usize,
    /// Whether a vocabulary gives it names to look for.
    pub(super) sought: bool,
    /// Names that the shipped rows give it.
    pub(super) shipped: BTreeSet<String>,
    /// Name to scope.
    pub(super) names: BTreeMap<String, Scope>,
    pub(super) xrefs: Vec<String>,
    pub(super) parents: Vec<String>,
}

/// Joins the terms of all vocabularies to entities, sorted by identifier; also tells which entity each identifier names.
pub(super) fn merge(vocabularies: &[Vocabulary]) -> (Vec<Merged>, BTreeMap<String, usize>) {
    let mut groups = Groups::default();
    for v in vocabularies {
        for t in &v.terms {
            groups.node(&t.id);
        }
    }
    for v in vocabularies {
        for (a, b) in &v.mappings {
            groups.join(a, b);
        }
    }
    join_by_xref(vocabularies, &mut groups);
    join_by_label(vocabularies, &mut groups);
    let learned = categories(vocabularies, &mut groups);
    let mut merged: HashMap<usize, Merged> = HashMap::new();
    for (number, v) in vocabularies.iter().enumerate() {
        for t in v.terms.iter().filter(|t| !t.label.is_empty()) {
            let n = groups.node(&t.id);
            let root = groups.root(n);
            let category = match learned.get(t.id.as_str()) {
                Some(Category::NamedThing) => Some(Category::NamedThing),
                other => t.category.or(other.copied()),
            };
            add_term(merged.entry(root).or_default(), t, category, number);
        }
    }
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let mut roots: Vec<(String, usize)> = merged.iter().map(|(root, m)| (m.id.clone(), *root)).collect();
    roots.sort();
    let place: HashMap<usize, usize> = roots.iter().enumerate().map(|(i, r)| (r.1, i)).collect();
    for n in 0..groups.ids.len() {
        let root = groups.root(n);
        if let Some(&i) = place.get(&root) {
            let id = groups.ids[n].clone();
            if let Some(m) = merged.get_mut(&root)
                && m.id != id
            {
                m.xrefs.push(id.clone());
            }
            ids.insert(id, i);
        }
    }
    let mut entities: Vec<Merged> = roots.iter().filter_map(|r| merged.remove(&r.1)).collect();
    for e in &mut entities {
        let id = e.id.clone();
        e.xrefs.sort_by(|a, b| rank(&XREFS, a).cmp(&rank(&XREFS, b)).then_with(|| a.cmp(b)));
        e.xrefs.dedup();
        e.xrefs.retain(|x| *x != id && (!x.starts_with("MESH:") || is_descriptor(x)));
        for symbol in species::symbols(&e.id) {
            e.names.entry(symbol.to_owned()).or_insert(Scope::Related);
        }
        e.names.insert(e.label.clone(), Scope::Label);
    }
    (entities, ids)
}

/// A cross-reference to MeSH says that the two mean the same where no other term claims it.
fn join_by_xref(vocabularies: &[Vocabulary], groups: &mut Groups) {
    let mut claims: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for t in vocabularies.iter().flat_map(|v| &v.terms).filter(|t| !t.obsolete) {
        for x in t.xrefs.iter().filter(|x| is_descriptor(x)) {
            let by = claims.entry(x).or_default();
            if !by.contains(&t.id.as_str()) {
                by.push(&t.id);
            }
        }
    }
    for (mesh, by) in claims {
        if let [only] = by.as_slice() {
            let (a, b) = (groups.node(only), groups.node(mesh));
            groups.join_weakly(a, b);
        }
    }
}

/// Whether a cross-reference names a MeSH record; some vocabularies give places in its tree (`MESH:A05.360`).
fn is_descriptor(xref: &str) -> bool {
    xref.strip_prefix("MESH:").is_some_and(|x| x.starts_with(['C', 'D']) && x.len() > 6 && x[1..].bytes().all(|b| b.is_ascii_digit()))
}

/// Kinds of things that share names because they are the same.
fn family(category: Option<Category>) -> u8 {
    match category {
        None => 0,
        Some(Category::Disease | Category::PhenotypicFeature | Category::PathologicalProcess) => 1,
        Some(Category::SmallMolecule | Category::ChemicalEntity | Category::Drug | Category::MolecularMixture) => 2,
        Some(Category::Cell) => 3,
        Some(Category::AnatomicalEntity) => 4,
        Some(Category::BiologicalProcess | Category::PhysiologicalProcess | Category::Pathway) => 5,
        Some(Category::Gene | Category::Protein | Category::MicroRNA) => 6,
        Some(_) => 7,
    }
}

/// Terms of different vocabularies and one kind with one label mean the same; a term without category takes part by its synonyms too.
fn join_by_label(vocabularies: &[Vocabulary], groups: &mut Groups) {
    let mut labels: HashMap<String, Vec<(usize, u8)>> = HashMap::new();
    let mut exact: HashMap<String, Vec<(usize, u8)>> = HashMap::new();
    let mut open: Vec<(usize, &Term)> = Vec::new();
    for t in vocabularies.iter().flat_map(|v| &v.terms).filter(|t| !t.obsolete && t.label.len() > 3) {
        let (node, kind) = (groups.node(&t.id), family(t.category));
        if kind == 0 {
            open.push((node, t));
            continue;
        }
        if kind == 7 {
            continue;
        }
        // Genes have one list of symbols; two that share a name are two. What has no category may still be named like one of them.
        if kind == 6 {
            labels.entry(key(&t.label)).or_default().push((node, kind));
            for (name, _) in t.synonyms.iter().filter(|s| s.1 == Scope::Exact && s.0.len() > 5) {
                exact.entry(key(name)).or_default().push((node, kind));
            }
            continue;
        }
        let places = labels.entry(key(&t.label)).or_default();
        if let Some(&(other, _)) = places.iter().find(|p| p.1 == kind) {
            groups.join_weakly(other, node);
        }
        places.push((node, kind));
        for (name, _) in t.synonyms.iter().filter(|s| s.1 == Scope::Exact && s.0.len() > 5) {
            exact.entry(key(name)).or_default().push((node, kind));
        }
    }
    let mut later = Vec::new();
    for (node, t) in open {
        match labels.get(&key(&t.label)).and_then(|places| places.first()) {
            Some(&(place, _)) => groups.join_weakly(place, node),
            None => later.push((node, t)),
        }
    }
    for (node, t) in later {
        // A synonym of a descriptor often means something narrower; it joins only where it is another's label.
        let mut roots: BTreeSet<usize> = exact.get(&key(&t.label)).into_iter().flatten().map(|p| groups.root(p.0)).collect();
        if roots.is_empty() {
            roots = t.synonyms.iter().filter_map(|s| labels.get(&key(&s.0))).flatten().map(|p| groups.root(p.0)).collect();
        }
        if let (Some(&root), 1) = (roots.first(), roots.len()) {
            groups.join_weakly(root, node);
        }
    }
}

/// Categories of terms whose vocabulary tells none, learned from those that mean the same as a term of known category.
fn categories<'a>(vocabularies: &'a [Vocabulary], groups: &mut Groups) -> HashMap<&'a str, Category> {
    let mut known: HashMap<usize, Category> = HashMap::new();
    let mut open = Vec::new();
    for t in vocabularies.iter().flat_map(|v| &v.terms) {
        let node = groups.node(&t.id);
        let root = groups.root(node);
        match t.category {
            Some(category) => {
                known.entry(root).or_insert(category);
            }
            None => open.push((root, t)),
        }
    }
    let mut out = HashMap::new();
    for (id, category) in branches(vocabularies) {
        out.insert(id, category);
        let node = groups.node(id);
        known.insert(groups.root(node), category);
    }
    for (root, t) in &open {
        if let Some(category) = known.get(root) {
            out.entry(t.id.as_str()).or_insert(*category);
        }
    }
    for vocabulary in ["GO", "MESH"] {
        let mut kinds = Kinds::default();
        let of = |t: &Term| prefix(&t.id) == vocabulary;
        for t in vocabularies.iter().flat_map(|v| &v.terms).filter(|t| of(t)) {
            let node = groups.node(&t.id);
            let fits = |c: &&Category| {
                vocabulary != "GO"
                    || matches!(family(Some(**c)), 5)
                    || matches!(c, Category::MolecularActivity | Category::CellularComponent)
            };
            if let Some(category) = known.get(&groups.root(node)).filter(fits) {
                kinds.learn(t, *category);
            }
        }
        for (_, t) in open.iter().filter(|o| of(o.1) && !known.contains_key(&o.0)) {
            if let Some(category) = kinds.tell(t).filter(|_| !out.contains_key(t.id.as_str())) {
                out.insert(t.id.as_str(), category);
            }
        }
    }
    out
}

/// Roots of branches whose terms are of one kind: modifiers, frequencies, inheritance and course among the phenotypes name nothing,
/// and of the Gene Ontology a function may be part of a process, so that it is asked first.
const BRANCHES: [(&str, Category); 7] = [
    ("HP:0012823", Category::NamedThing),
    ("HP:0040279", Category::NamedThing),
    ("HP:0000005", Category::NamedThing),
    ("HP:0031797", Category::NamedThing),
    ("GO:0003674", Category::MolecularActivity),
    ("GO:0005575", Category::CellularComponent),
    ("GO:0008150", Category::BiologicalProcess),
];

/// Terms of these branches with the kind of their branch.
fn branches(vocabularies: &[Vocabulary]) -> Vec<(&str, Category)> {
    let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
    for t in vocabularies.iter().flat_map(|v| &v.terms).filter(|t| matches!(prefix(&t.id), "GO" | "HP")) {
        for p in &t.parents {
            children.entry(p).or_default().push(&t.id);
        }
    }
    let mut out: BTreeMap<&str, Category> = BTreeMap::new();
    for (root, category) in BRANCHES {
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if out.contains_key(id) {
                continue;
            }
            out.insert(id, category);
            open.extend(children.get(id).into_iter().flatten());
        }
    }
    out.into_iter().collect()
}

fn add_term(m: &mut Merged, t: &Term, category: Option<Category>, vocabulary: usize) {
    let first = m.id.is_empty();
    // The shipped rows (vocabulary 0) name the entity; after them the vocabulary that curates this kind of thing.
    if first || m.vocabulary != 0 && rank(&PREFERRED, &t.id) < rank(&PREFERRED, &m.id) {
        if !first {
            let (old, label) = (std::mem::take(&mut m.id), std::mem::take(&mut m.label));
            m.xrefs.push(old);
            m.names.entry(label).or_insert(Scope::Exact);
        }
        m.id.clone_from(&t.id);
        m.label.clone_from(&t.label);
        m.category = category.or(m.category);
        m.vocabulary = vocabulary;
    } else {
        if m.id != t.id {
            m.xrefs.push(t.id.clone());
        }
        m.category = m.category.or(category);
        m.names.entry(t.label.clone()).or_insert(Scope::Exact);
    }
    m.sought |= !t.silent;
    if vocabulary == 0 && !t.silent {
        m.shipped.insert(t.label.clone());
        m.shipped.extend(t.synonyms.iter().map(|s| s.0.clone()));
    }
    for (name, scope) in &t.synonyms {
        let entry = m.names.entry(name.clone()).or_insert(*scope);
        *entry = (*entry).min(*scope);
    }
    m.xrefs.extend(t.xrefs.iter().cloned());
    m.parents.extend(t.parents.iter().cloned());
}
