//! Compiles vocabularies into the one file of a lexicon.

use super::derived;
use super::layout::{self, ENTITY, NAME, SECTIONS, Section};
use super::merge::{Merged, merge};
use super::term::{Scope, Vocabulary};
use super::variant::{self, Variant};
use crate::annotate::normalise::key;
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

/// Compiles `vocabularies`, the most trusted first, into the bytes of a lexicon.
pub fn compile(vocabularies: &[Vocabulary]) -> Result<Vec<u8>, AnnotateError> {
    let (entities, ids) = merge(vocabularies);
    write(vocabularies, &entities, &ids)
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
            let trusted = u32::from(e.shipped.contains(name)) << 8;
            layout::push(&mut names, &[strings.put(name), number as u32, *scope as u32 | trusted]);
            // Groupings, modifiers and evidence codes, and descriptors of no known kind, keep their identifiers, but are not looked for.
            if !e.sought || e.category == Some(Category::NamedThing) || e.category.is_none() && e.id.starts_with("MESH:") {
                continue;
            }
            for (key, variant) in variant::keys(name, category) {
                keys.push((key, index << 3 | variant as u32));
            }
        }
        let kind = category as u32 | (e.vocabulary as u32) << 8;
        // These follow the names and are not counted among them: they are found, and never shown as a name.
        for form in std::iter::once(&e.id).chain(&e.xrefs).flat_map(|id| derived::forms(id)).filter(|f| !e.names.contains_key(*f)) {
            let index = (names.len() / (4 * NAME)) as u32;
            layout::push(&mut names, &[strings.put(form), number as u32, Scope::Related as u32]);
            keys.push((key(form), index << 3 | Variant::Derived as u32));
        }
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
        // The shipped rows come with the program, whose own lexicon has nothing else; others do not keep them again.
        if v.name != super::SHIPPED || vocabularies.len() == 1 {
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
