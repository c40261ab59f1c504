//! What a change of articles reads and writes: a transaction of the engine, or a draft of what is to be loaded in bulk.

use oxigraph::model::vocab::xsd;
use oxigraph::model::{GraphNameRef, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, QuadRef, Term, TermRef};
use oxigraph::store::{StorageError, Transaction};
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, Hash};

/// Statements found, one after the other.
pub(super) type Matches<'a> = Box<dyn Iterator<Item = Result<Quad, StorageError>> + 'a>;

/// The parts that statements are asked for by.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pattern<'p> {
    pub(super) subject: Option<NamedOrBlankNodeRef<'p>>,
    pub(super) property: Option<NamedNodeRef<'p>>,
    pub(super) object: Option<TermRef<'p>>,
    pub(super) graph: Option<GraphNameRef<'p>>,
}

impl<'p> Pattern<'p> {
    /// What says `? property object`, in any graph.
    pub(super) fn to(property: NamedNodeRef<'p>, object: impl Into<TermRef<'p>>) -> Self {
        Self { property: Some(property), object: Some(object.into()), ..Self::default() }
    }

    /// Whether a statement has these parts.
    fn fits(&self, quad: &Quad) -> bool {
        self.subject.is_none_or(|s| quad.subject.as_ref() == s)
            && self.property.is_none_or(|p| quad.predicate.as_ref() == p)
            && self.object.is_none_or(|o| quad.object.as_ref() == o)
            && self.graph.is_none_or(|g| quad.graph_name.as_ref() == g)
    }
}

/// Reads what is there with the changes made so far, and changes it.
pub(super) trait Hand {
    /// The statements that have these parts.
    fn matching(&self, pattern: Pattern<'_>) -> Matches<'_>;

    /// Adds a statement.
    fn insert(&mut self, quad: QuadRef<'_>);

    /// Takes a statement out.
    fn remove(&mut self, quad: QuadRef<'_>);
}

impl Hand for Transaction<'_> {
    fn matching(&self, pattern: Pattern<'_>) -> Matches<'_> {
        let Pattern { subject, property, object, graph } = pattern;
        Box::new(self.quads_for_pattern(subject, property, object, graph))
    }

    fn insert(&mut self, quad: QuadRef<'_>) {
        Transaction::insert(self, quad);
    }

    fn remove(&mut self, quad: QuadRef<'_>) {
        Transaction::remove(self, quad);
    }
}

/// Changes that are not made yet, over a store that nobody else writes to meanwhile.
pub(super) struct Draft<'a> {
    engine: &'a oxigraph::store::Store,
    /// What is new, in the order in which it came; none where it was taken back.
    added: Vec<Option<Quad>>,
    /// Statements of the store that go.
    removed: HashSet<Quad>,
    /// Places in `added`, by the hash of subject, object and graph.
    subjects: HashMap<u64, Vec<u32>>,
    objects: HashMap<u64, Vec<u32>>,
    graphs: HashMap<u64, Vec<u32>>,
    hasher: RandomState,
}

impl<'a> Draft<'a> {
    /// No changes yet.
    pub(super) fn new(engine: &'a oxigraph::store::Store) -> Self {
        let empty = HashMap::new;
        Self {
            engine,
            added: Vec::new(),
            removed: HashSet::new(),
            subjects: empty(),
            objects: empty(),
            graphs: empty(),
            hasher: RandomState::new(),
        }
    }

    /// What goes, and what comes.
    ///
    /// The engine keeps numbers, dates and the like as values: "3" is the same whether it came as `xsd:int` or `xsd:integer`. What goes is told as the
    /// engine tells it, so what comes has to be as well before it is known that a statement goes and comes.
    pub(super) fn settle(self) -> Result<(Vec<Quad>, Vec<Quad>), StorageError> {
        let added: Vec<Quad> = self.added.into_iter().flatten().collect();
        if self.removed.is_empty() {
            return Ok((Vec::new(), added));
        }
        let place = |q: &Quad| (q.subject.clone(), q.predicate.clone(), q.graph_name.clone());
        let is_value = |q: &Quad| matches!(&q.object, Term::Literal(literal) if literal.datatype() != xsd::STRING);
        let going: HashSet<_> = self.removed.iter().filter(|q| is_value(q)).map(place).collect();
        let values = oxigraph::store::Store::new()?;
        values.extend(added.iter().filter(|q| is_value(q) && going.contains(&place(q))).cloned())?;
        let mut removed = self.removed;
        for quad in values.iter() {
            removed.remove(&quad?);
        }
        Ok((removed.into_iter().collect(), added))
    }

    fn hash(&self, part: impl Hash) -> u64 {
        self.hasher.hash_one(part)
    }

    /// Where a statement stands among those that are new.
    fn place(&self, quad: QuadRef<'_>) -> Option<usize> {
        let places = self.subjects.get(&self.hash(quad.subject))?;
        places.iter().map(|&p| p as usize).find(|&p| self.added[p].as_ref().is_some_and(|q| q.as_ref() == quad))
    }
}

impl Hand for Draft<'_> {
    fn matching(&self, pattern: Pattern<'_>) -> Matches<'_> {
        let Pattern { subject, property, object, graph } = pattern;
        let kept = self.engine.quads_for_pattern(subject, property, object, graph);
        let kept = kept.filter(|q| q.as_ref().map_or(true, |q| !self.removed.contains(q) && self.place(q.as_ref()).is_none()));
        let places = match (subject, object, graph) {
            (Some(subject), _, _) => self.subjects.get(&self.hash(subject)),
            (_, Some(object), _) => self.objects.get(&self.hash(object)),
            (_, _, Some(graph)) => self.graphs.get(&self.hash(graph)),
            // Nothing asks for everything.
            _ => None,
        };
        let new: Vec<Quad> =
            places.into_iter().flatten().filter_map(|&p| self.added[p as usize].as_ref()).filter(|q| pattern.fits(q)).cloned().collect();
        Box::new(kept.chain(new.into_iter().map(Ok)))
    }

    fn insert(&mut self, quad: QuadRef<'_>) {
        let quad = quad.into_owned();
        if self.removed.remove(&quad) || self.place(quad.as_ref()).is_some() {
            return;
        }
        let place = u32::try_from(self.added.len()).unwrap_or(u32::MAX);
        let (subject, object, graph) =
            (self.hash(quad.subject.as_ref()), self.hash(quad.object.as_ref()), self.hash(quad.graph_name.as_ref()));
        for (index, key) in [(&mut self.subjects, subject), (&mut self.objects, object), (&mut self.graphs, graph)] {
            index.entry(key).or_default().push(place);
        }
        self.added.push(Some(quad));
    }

    fn remove(&mut self, quad: QuadRef<'_>) {
        if let Some(place) = self.place(quad) {
            self.added[place] = None;
        }
        // As the engine tells it, which need not be how it came. What the store does not hold need not go.
        let QuadRef { subject, predicate, object, graph_name } = quad;
        match self.engine.quads_for_pattern(Some(subject), Some(predicate), Some(object), Some(graph_name)).next() {
            Some(Ok(kept)) => _ = self.removed.insert(kept),
            Some(Err(_)) => _ = self.removed.insert(quad.into_owned()),
            None => {}
        }
    }
}

/// The object of the first statement `subject property ?` in any graph.
pub(super) fn object(t: &impl Hand, subject: NamedOrBlankNodeRef<'_>, property: NamedNodeRef<'_>) -> Result<Option<Term>, StorageError> {
    Ok(t.matching(Pattern { subject: Some(subject), property: Some(property), ..Pattern::default() }).next().transpose()?.map(|q| q.object))
}

/// The subjects of `? property object` in any graph.
pub(super) fn subjects(t: &impl Hand, property: NamedNodeRef<'_>, object: TermRef<'_>) -> Result<Vec<NamedOrBlankNode>, StorageError> {
    t.matching(Pattern::to(property, object)).map(|q| q.map(|q| q.subject)).collect()
}
