//! The lexicon: names, entities, hierarchy and cross-references, compiled into one memory-mapped file.

mod compile;
mod derived;
mod layout;
mod map;
mod merge;
mod term;
mod update;
mod variant;

pub use compile::VocabularyInfo;
pub use term::{Scope, Term, Vocabulary};
pub use update::Report;
pub use variant::Variant;

use super::{AnnotateError, Category, Entity, normalise};
use fst::raw::Fst;
use layout::{ENTITY, HEADER, MAGIC, NAME, SECTIONS, Section};
use map::{Bytes, Part};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Name of the vocabulary that comes with the program.
pub const SHIPPED: &str = "shipped";

/// A compiled lexicon, ready to look names up.
///
/// ```
/// use evigraph::annotate::Lexicon;
/// let lexicon = Lexicon::shipped()?;
/// let found = lexicon.lookup("interleukin 6", None);
/// assert!(found.iter().any(|c| c.entity.id.as_deref() == Some("HGNC:6018")));
/// # Ok::<(), evigraph::annotate::AnnotateError>(())
/// ```
pub struct Lexicon {
    names: Fst<Part>,
    ids: fst::Map<Part>,
    parts: Vec<Part>,
    vocabularies: Vec<VocabularyInfo>,
    hash: OnceLock<String>,
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").field("entities", &self.len()).field("vocabularies", &self.vocabularies).finish_non_exhaustive()
    }
}

/// One name of one entity, found under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The name as the vocabulary writes it.
    pub name: &'a str,
    /// How it relates to the entity.
    pub scope: Scope,
    /// How the key came from the name.
    pub variant: Variant,
    /// Whether the shipped rows give the name: they are made for texts, other vocabularies for completeness.
    pub trusted: bool,
    /// Number of the entity in the lexicon.
    pub entity: u32,
}

impl Lexicon {
    /// The lexicon that comes with the program, compiled when the program was built.
    pub fn shipped() -> Result<Arc<Self>, AnnotateError> {
        static OPENED: OnceLock<Arc<Lexicon>> = OnceLock::new();
        if let Some(lexicon) = OPENED.get() {
            return Ok(Arc::clone(lexicon));
        }
        let opened = Self::from_bytes(Bytes::Fixed(include_bytes!(concat!(env!("OUT_DIR"), "/shipped.lexicon"))));
        let lexicon =
            opened.map(Arc::new).map_err(|problem| AnnotateError::Lexicon { path: SHIPPED.into(), problem: problem.to_owned() })?;
        Ok(Arc::clone(OPENED.get_or_init(|| lexicon)))
    }

    /// Opens the compiled lexicon at `path` by mapping it.
    pub fn open(path: impl AsRef<Path>) -> Result<Arc<Self>, AnnotateError> {
        let path = path.as_ref();
        let bytes = Bytes::map(path).map_err(|source| AnnotateError::Io { action: "map", path: path.to_owned(), source })?;
        Self::from_bytes(bytes)
            .map(Arc::new)
            .map_err(|problem| AnnotateError::Lexicon { path: path.to_owned(), problem: problem.to_owned() })
    }

    /// Compiles `vocabularies` in memory, the most trusted first.
    pub fn build(vocabularies: &[Vocabulary]) -> Result<Self, AnnotateError> {
        let bytes = compile::compile(vocabularies)?;
        Self::from_bytes(Bytes::Owned(bytes))
            .map_err(|problem| AnnotateError::Lexicon { path: SHIPPED.into(), problem: problem.to_owned() })
    }

    fn from_bytes(bytes: Bytes) -> Result<Self, &'static str> {
        let bytes = Arc::new(bytes);
        let all = (*bytes).as_ref();
        if all.get(..8) != Some(MAGIC) {
            return Err("not a compiled lexicon of this version");
        }
        let number = |at: usize| all.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
        let mut parts = Vec::with_capacity(SECTIONS);
        for i in 0..SECTIONS {
            let at = 8 + i * 16;
            let (Some(offset), Some(length)) = (number(at), number(at + 8)) else { return Err("its header is cut off") };
            let range = usize::try_from(offset).ok().zip(usize::try_from(length).ok()).and_then(|(o, l)| Some(o..o.checked_add(l)?));
            let part = range.filter(|r| r.start >= HEADER).and_then(|r| Part::new(&bytes, r)).ok_or("it is cut off")?;
            parts.push(part);
        }
        let names = Fst::new(parts[Section::Names as usize].clone()).map_err(|_| "its index of names is damaged")?;
        let ids = fst::Map::new(parts[Section::Ids as usize].clone()).map_err(|_| "its index of identifiers is damaged")?;
        let vocabularies =
            serde_json::from_slice(parts[Section::Vocabularies as usize].as_ref()).map_err(|_| "its list of vocabularies is damaged")?;
        Ok(Self { names, ids, parts, vocabularies, hash: OnceLock::new() })
    }

    fn part(&self, section: Section) -> &Part {
        &self.parts[section as usize]
    }

    /// The vocabularies that it was compiled from, the most trusted first.
    pub fn list(&self) -> &[VocabularyInfo] {
        &self.vocabularies
    }

    /// Number of entities.
    pub fn len(&self) -> usize {
        self.part(Section::Entities).as_ref().len() / (4 * ENTITY)
    }

    /// Whether it holds no entity.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// SHA-256 of its names and entities, in hexadecimal: it changes when a grounding could.
    pub fn hash(&self) -> &str {
        self.hash.get_or_init(|| {
            let mut sha = Sha256::new();
            for s in [Section::Names, Section::Postings, Section::NameRecords, Section::Entities, Section::Strings, Section::Lists] {
                sha.update(self.part(s).as_ref());
            }
            sha.finalize().iter().map(|b| format!("{b:02x}")).collect()
        })
    }

    /// The finite-state index: keys to postings.
    pub(super) fn index(&self) -> &Fst<Part> {
        &self.names
    }

    /// The names behind the value of a key.
    pub(super) fn hits(&self, value: u64) -> Vec<Hit<'_>> {
        if value & 1 == 1 {
            return vec![self.hit((value >> 1) as u32)];
        }
        layout::list(self.part(Section::Postings), (value >> 1) as u32).map(|p| self.hit(p)).collect()
    }

    fn hit(&self, posting: u32) -> Hit<'_> {
        let (name, variant) = compile::split_posting(posting);
        let records = self.part(Section::NameRecords);
        let field = |i| layout::number(records, name * NAME + i);
        let scope = Scope::ALL.get((field(2) & 0xff) as usize).copied().unwrap_or(Scope::Related);
        Hit { name: layout::string(self.part(Section::Strings), field(0)), scope, variant, trusted: field(2) >> 8 == 1, entity: field(1) }
    }

    /// The names whose key is that of `name`.
    pub(super) fn hits_of(&self, name: &str) -> Vec<Hit<'_>> {
        let key = normalise::key(name);
        self.names.get(key.as_bytes()).map(|v| self.hits(v.value())).unwrap_or_default()
    }

    fn field(&self, entity: u32, i: usize) -> u32 {
        layout::number(self.part(Section::Entities), entity as usize * ENTITY + i)
    }

    /// Identifier of an entity by its number.
    pub(super) fn id_of(&self, entity: u32) -> &str {
        layout::string(self.part(Section::Strings), self.field(entity, 0))
    }

    /// Category of an entity by its number.
    pub(super) fn category_of(&self, entity: u32) -> Category {
        Category::ALL.get((self.field(entity, 2) & 0xff) as usize).copied().unwrap_or(Category::NamedThing)
    }

    /// An entity by its number.
    pub(super) fn entity_at(&self, entity: u32) -> Entity {
        let label = layout::string(self.part(Section::Strings), self.field(entity, 1)).to_owned();
        Entity { id: Some(self.id_of(entity).to_owned()), label, category: self.category_of(entity) }
    }

    /// Cross-references of an entity by its number.
    pub(super) fn xrefs_of(&self, entity: u32) -> Vec<String> {
        layout::list(self.part(Section::Lists), self.field(entity, 3))
            .map(|s| layout::string(self.part(Section::Strings), s).to_owned())
            .collect()
    }

    /// Whether an entity has cross-references.
    pub(super) fn has_xrefs(&self, entity: u32) -> bool {
        layout::number(self.part(Section::Lists), self.field(entity, 3) as usize) > 0
    }

    /// All names of an entity by its number, with their scopes.
    pub(super) fn names_of(&self, entity: u32) -> impl Iterator<Item = (&str, Scope)> {
        let (first, count) = (self.field(entity, 5) as usize, self.field(entity, 6) as usize);
        (first..first.saturating_add(count)).map(|i| {
            let hit = self.hit((i as u32) << 3);
            (hit.name, hit.scope)
        })
    }

    /// Number of the entity that `id` names, itself or as one that means the same.
    pub(super) fn number(&self, id: &str) -> Option<u32> {
        self.ids.get(id).map(|n| n as u32)
    }

    /// The entity that `id` names; identifiers of merged vocabularies lead to the one that stands for them.
    pub fn entity(&self, id: &str) -> Option<Entity> {
        self.number(id).map(|n| self.entity_at(n))
    }

    /// Cross-references of `id` as CURIEs; empty where it is not known.
    pub fn xrefs(&self, id: &str) -> Vec<String> {
        self.number(id).map(|n| self.xrefs_of(n)).unwrap_or_default()
    }

    /// Names of `id` with their scopes, in alphabetical order; empty where it is not known.
    pub fn names(&self, id: &str) -> Vec<(String, Scope)> {
        self.number(id).map(|n| self.names_of(n).map(|(s, c)| (s.to_owned(), c)).collect()).unwrap_or_default()
    }

    /// CURIEs of the direct parents of `id`, sorted; empty where it is not known or a root.
    pub fn parents(&self, id: &str) -> Vec<String> {
        let Some(n) = self.number(id) else { return Vec::new() };
        layout::list(self.part(Section::Lists), self.field(n, 4)).map(|p| self.id_of(p).to_owned()).collect()
    }

    /// Every entity with its names, in order of identifier.
    pub fn export(&self) -> impl Iterator<Item = Term> + '_ {
        (0..self.len() as u32).map(|n| {
            let entity = self.entity_at(n);
            let id = entity.id.unwrap_or_default();
            let synonyms = self.names_of(n).filter(|s| s.0 != entity.label).map(|(s, c)| (s.to_owned(), c)).collect();
            let parents = self.parents(&id);
            Term { id, label: entity.label, category: Some(entity.category), synonyms, xrefs: self.xrefs_of(n), parents, ..Term::default() }
        })
    }
}
