//! Compiles vocabularies into the one file of a lexicon.

use super::layout::{self, ENTITY, NAME, SECTIONS, Section};
use super::term::{Scope, Term, Vocabulary};
use super::variant::{self, Variant};
use crate::annotate::{AnnotateError, Category};
use flate2::{Compression, write::DeflateEncoder};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;

/// What a lexicon holds of one vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VocabularyInfo {
    /// Its name.
    pub name: String,
    /// Number of terms.
    pub terms: usize,
    /// Number of names.
    pub names: usize,
    /// Number of pairs of identifiers that it says mean the same.
    pub mappings: usize,
    /// Where its compressed terms lie in the file: offset and length.
    pub(super) source: (usize, usize),
}

/// Which identifier names an entity that has several: the first prefix of this list.
const PREFERRED: [&str; 12] = ["MONDO", "HGNC", "CL", "UBERON", "GO", "CHEBI", "DOID", "HP", "NCBIGene", "MIMAT", "MESH", "OMIM"];
/// In which order cross-references are told.
const XREFS: [&str; 12] = ["NCBIGene", "MESH", "UMLS", "OMIM", "DOID", "CHEBI", "HP", "GO", "CL", "UBERON", "MONDO", "UniProtKB"];

fn rank(list: &[&str], id: &str) -> usize {
    let prefix = id.split(':').next().unwrap_or("");
    list.iter().position(|p| *p == prefix).unwrap_or(list.len())
}

/// Groups identifiers that mean the same (union-find with path halving).
#[derive(Default)]
struct Groups {
    index: HashMap<String, usize>,
    ids: Vec<String>,
    parent: Vec<usize>,
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
        self.parent[high] = low;
    }
}

#[derive(Default)]
struct Merged {
    id: String,
    label: String,
    category: Option<Category>,
    vocabulary: usize,
    /// Name to scope.
    names: BTreeMap<String, Scope>,
    xrefs: Vec<String>,
    parents: Vec<String>,
}

/// Compiles `vocabularies`, the most trusted first, into the bytes of a lexicon.
pub fn compile(vocabularies: &[Vocabulary]) -> Result<Vec<u8>, AnnotateError> {
    let (entities, ids) = merge(vocabularies);
    write(vocabularies, &entities, &ids)
}

/// Joins the terms of all vocabularies to entities, sorted by identifier; also tells which entity each identifier names.
fn merge(vocabularies: &[Vocabulary]) -> (Vec<Merged>, BTreeMap<String, usize>) {
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
    let mut merged: HashMap<usize, Merged> = HashMap::new();
    for (number, v) in vocabularies.iter().enumerate() {
        for t in v.terms.iter().filter(|t| !t.label.is_empty()) {
            let n = groups.node(&t.id);
            let root = groups.root(n);
            add_term(merged.entry(root).or_default(), t, number);
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
        e.xrefs.retain(|x| *x != id);
        e.names.insert(e.label.clone(), Scope::Label);
    }
    (entities, ids)
}

fn add_term(m: &mut Merged, t: &Term, vocabulary: usize) {
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
        m.category = t.category.or(m.category);
        m.vocabulary = vocabulary;
    } else {
        if m.id != t.id {
            m.xrefs.push(t.id.clone());
        }
        m.category = m.category.or(t.category);
        m.names.entry(t.label.clone()).or_insert(Scope::Exact);
    }
    for (name, scope) in &t.synonyms {
        let entry = m.names.entry(name.clone()).or_insert(*scope);
        *entry = (*entry).min(*scope);
    }
    m.xrefs.extend(t.xrefs.iter().cloned());
    m.parents.extend(t.parents.iter().cloned());
}

#[derive(Default)]
struct Strings {
    blob: Vec<u8>,
    seen: HashMap<String, u32>,
}

impl Strings {
    fn put(&mut self, text: &str) -> u32 {
        if let Some(&at) = self.seen.get(text) {
            return at;
        }
        let at = self.blob.len() as u32;
        self.blob.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.blob.extend_from_slice(text.as_bytes());
        self.seen.insert(text.to_owned(), at);
        at
    }
}

fn write(vocabularies: &[Vocabulary], entities: &[Merged], ids: &BTreeMap<String, usize>) -> Result<Vec<u8>, AnnotateError> {
    let mut strings = Strings::default();
    let mut sections: [Vec<u8>; SECTIONS] = Default::default();
    let mut keys: Vec<(String, u32)> = Vec::new();
    let (mut names, mut records, mut lists) = (Vec::new(), Vec::new(), Vec::<u8>::new());
    for (number, e) in entities.iter().enumerate() {
        let category = e.category.unwrap_or(Category::NamedThing);
        let xrefs = (lists.len() / 4) as u32;
        let list: Vec<u32> = e.xrefs.iter().map(|x| strings.put(x)).collect();
        layout::push(&mut lists, &[list.len() as u32]);
        layout::push(&mut lists, &list);
        let parents = (lists.len() / 4) as u32;
        let mut list: Vec<u32> = e.parents.iter().filter_map(|p| ids.get(p)).map(|&p| p as u32).filter(|&p| p != number as u32).collect();
        list.sort_unstable();
        list.dedup();
        layout::push(&mut lists, &[list.len() as u32]);
        layout::push(&mut lists, &list);
        let first = (names.len() / (4 * NAME)) as u32;
        for (name, scope) in &e.names {
            let index = (names.len() / (4 * NAME)) as u32;
            layout::push(&mut names, &[strings.put(name), number as u32, *scope as u32]);
            for (key, variant) in variant::keys(name, category) {
                keys.push((key, index << 3 | variant as u32));
            }
        }
        let kind = category as u32 | (e.vocabulary as u32) << 8;
        let record: [u32; ENTITY] = [strings.put(&e.id), strings.put(&e.label), kind, xrefs, parents, first, e.names.len() as u32];
        layout::push(&mut records, &record);
    }
    keys.sort_unstable();
    keys.dedup();
    let (fst, postings) = index(&keys)?;
    drop(keys);
    let mut by_id = fst::MapBuilder::memory();
    for (id, number) in ids {
        by_id.insert(id, *number as u64)?;
    }
    let mut sources = Vec::new();
    let mut infos = Vec::new();
    for v in vocabularies {
        let from = sources.len();
        // The shipped rows come with the program and are not kept again.
        if v.name != super::SHIPPED {
            sources = deflate(v, sources);
        }
        let count = v.terms.iter().map(|t| 1 + t.synonyms.len()).sum();
        let source = (from, sources.len() - from);
        infos.push(VocabularyInfo { name: v.name.clone(), terms: v.terms.len(), names: count, mappings: v.mappings.len(), source });
    }
    sections[Section::Names as usize] = fst;
    sections[Section::Ids as usize] = by_id.into_inner()?;
    sections[Section::Postings as usize] = postings;
    sections[Section::NameRecords as usize] = names;
    sections[Section::Entities as usize] = records;
    sections[Section::Strings as usize] = strings.blob;
    sections[Section::Lists as usize] = lists;
    sections[Section::Vocabularies as usize] = serde_json::to_vec(&infos).unwrap_or_default();
    sections[Section::Sources as usize] = sources;
    Ok(layout::assemble(&sections))
}

fn deflate(vocabulary: &Vocabulary, out: Vec<u8>) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(out, Compression::fast());
    let text = serde_json::to_vec(vocabulary).unwrap_or_default();
    // Writing to memory does not fail.
    let _ = encoder.write_all(&text);
    encoder.finish().unwrap_or_default()
}

/// The finite-state index of the sorted keys, and the lists of postings of keys that several names share.
fn index(keys: &[(String, u32)]) -> Result<(Vec<u8>, Vec<u8>), AnnotateError> {
    let mut builder = fst::MapBuilder::memory();
    let mut postings = Vec::new();
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        let value = if let [(_, only)] = group {
            u64::from(*only) << 1 | 1
        } else {
            let at = (postings.len() / 4) as u64;
            layout::push(&mut postings, &[group.len() as u32]);
            for (_, posting) in group {
                layout::push(&mut postings, &[*posting]);
            }
            at << 1
        };
        builder.insert(&group[0].0, value)?;
    }
    Ok((builder.into_inner()?, postings))
}

/// How a posting's number splits: the name and the variant of it.
pub(super) fn split_posting(posting: u32) -> (usize, Variant) {
    let variant = Variant::ALL.get((posting & 7) as usize).copied().unwrap_or(Variant::Same);
    ((posting >> 3) as usize, variant)
}
