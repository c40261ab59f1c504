//! An article in the store: put in the place of its former self, taken out, or found to be unchanged.

use super::Error;
use super::curated::{asserted, decided};
use super::hand::{Hand, Pattern};
use crate::graph::Base;
use crate::graph::vocabulary::{dcterms, evi, prov};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{GraphNameRef, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple};
use oxigraph::store::StorageError;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What an article was read with: unchanged, there is nothing to read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256 of the normalised text.
    pub content: String,
    /// Hash of the rules.
    pub rules: String,
    /// Hash of the lexicon.
    pub lexicon: String,
    /// Version of the program.
    pub version: String,
}

impl Fingerprint {
    /// The ASK that tells whether the article stands in the store as this says.
    pub(super) fn question(&self, article: &NamedNode, base: &Base) -> String {
        let text = |t: &str| Literal::from(t).to_string();
        format!(
            "ASK {{ GRAPH {article} {{ {article} {} {} . ?run {} {article} ; {} {} ; {} {} ; {} {} }} }}",
            evi::CONTENT_HASH,
            text(&self.content),
            prov::USED,
            evi::RULES_HASH,
            text(&self.rules),
            evi::LEXICON_HASH,
            text(&self.lexicon),
            prov::WAS_ASSOCIATED_WITH,
            crate::graph::software_iri(&self.version, base)
        )
    }
}

type Found = Result<Vec<Quad>, StorageError>;

/// The statements about `subject` in `graph`.
fn about(t: &impl Hand, subject: &NamedNode, property: Option<NamedNodeRef<'_>>, graph: &NamedNode) -> Found {
    let (subject, graph) = (Some(subject.as_ref().into()), Some(graph.as_ref().into()));
    t.matching(Pattern { subject, property, object: None, graph }).collect()
}

/// Whether anything says `property object`.
fn said(t: &impl Hand, property: NamedNodeRef<'_>, object: &NamedNode) -> Result<bool, StorageError> {
    Ok(t.matching(Pattern::to(property, object)).next().transpose()?.is_some())
}

/// Incoming statements of a shared graph, by subject.
fn by_subject<'a>(quads: &'a [Quad], graph: &NamedNode) -> BTreeMap<&'a NamedNode, Vec<&'a Quad>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for quad in quads.iter().filter(|q| q.graph_name.as_ref() == GraphNameRef::from(graph.as_ref())) {
        if let NamedOrBlankNode::NamedNode(subject) = &quad.subject {
            found.entry(subject).or_default().push(quad);
        }
    }
    found
}

/// Puts `quads` in the place of the article, and brings the shared graphs into line.
pub(super) fn replace(t: &mut impl Hand, base: &Base, article: &NamedNode, quads: &[Quad]) -> Result<(), Error> {
    let whole = Pattern { graph: Some(article.as_ref().into()), ..Pattern::default() };
    let old: Vec<Quad> = t.matching(whole).collect::<Result<_, _>>()?;
    old.iter().for_each(|q| t.remove(q.as_ref()));
    let own = quads.iter().filter(|q| q.graph_name.as_ref() == GraphNameRef::from(article.as_ref()));
    own.for_each(|q| t.insert(q.as_ref()));

    entities(t, base, &old, quads)?;
    works(t, base, article, &old, quads)?;
    edges(t, base, &old, quads)
}

/// Takes the article out; tells whether it was there.
pub(super) fn remove(t: &mut impl Hand, base: &Base, article: &NamedNode) -> Result<bool, Error> {
    let own: Vec<Quad> = about(t, article, None, article)?;
    if own.is_empty() {
        return Ok(false);
    }
    replace(t, base, article, &[])?;
    // Others may cite it: what it said of itself then describes the cited work.
    let works = base.works_graph();
    if !about(t, article, Some(rdf::TYPE), &works)?.is_empty() {
        let describes = |q: &&Quad| {
            let p = q.predicate.as_str();
            q.predicate.as_ref() != rdf::TYPE
                && (p.starts_with("http://purl.org/dc/terms/") || p.starts_with("http://purl.org/ontology/bibo/"))
        };
        for q in own
            .iter()
            .filter(describes)
            .filter(|q| !matches!(q.predicate.as_str().rsplit('/').next(), Some("source" | "license" | "issued")))
        {
            t.insert(Quad::new(q.subject.clone(), q.predicate.clone(), q.object.clone(), works.clone()).as_ref());
        }
    }
    Ok(true)
}

fn objects(quads: &[Quad], property: NamedNodeRef<'_>) -> BTreeSet<NamedNode> {
    let named = |q: &Quad| if let Term::NamedNode(n) = &q.object { Some(n.clone()) } else { None };
    quads.iter().filter(|q| q.predicate.as_ref() == property).filter_map(named).collect()
}

/// Describes the entities that came, and forgets those that nothing speaks of any more.
fn entities(t: &mut impl Hand, base: &Base, old: &[Quad], quads: &[Quad]) -> Result<(), Error> {
    let graph = base.entities_graph();
    for (entity, said) in by_subject(quads, &graph) {
        let kept = about(t, entity, None, &graph)?;
        let local = entity.as_str().starts_with(base.as_str());
        // A grounded entity is described as the lexicon now has it; one that is not keeps the words in which it first came.
        if kept.is_empty() || !local {
            kept.iter().filter(|q| !said.contains(q)).for_each(|q| t.remove(q.as_ref()));
            said.iter().filter(|q| !kept.contains(q)).for_each(|q| t.insert(q.as_ref()));
        }
    }
    let now = objects(quads, evi::OF_ENTITY);
    let mut candidates: Vec<NamedNode> = objects(old, evi::OF_ENTITY).into_iter().filter(|e| !now.contains(e)).collect();
    let curation = base.curation_graph();
    while let Some(entity) = candidates.pop() {
        let decisions = Pattern { object: Some(entity.as_ref().into()), graph: Some(curation.as_ref().into()), ..Pattern::default() };
        let decided = t.matching(decisions).next().transpose()?.is_some();
        if decided || said(t, evi::OF_ENTITY, &entity)? || said(t, rdfs::SUB_CLASS_OF, &entity)? {
            continue;
        }
        for quad in about(t, &entity, None, &graph)? {
            if let (true, Term::NamedNode(parent)) = (quad.predicate.as_ref() == rdfs::SUB_CLASS_OF, &quad.object) {
                candidates.push(parent.clone());
            }
            t.remove(quad.as_ref());
        }
    }
    Ok(())
}

/// Describes the works that are cited, each property as the first article has it, and forgets those that nothing cites any more.
fn works<T: Hand>(t: &mut T, base: &Base, article: &NamedNode, old: &[Quad], quads: &[Quad]) -> Result<(), Error> {
    let graph = base.works_graph();
    let others = |t: &T, work: &NamedNode| -> Result<bool, StorageError> {
        for property in [evi::REFERS_TO, evi::ADDS_WORK] {
            for quad in t.matching(Pattern::to(property, work)) {
                if quad?.graph_name.as_ref() != GraphNameRef::from(article.as_ref()) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    };
    let before = objects(old, evi::REFERS_TO);
    for (work, said) in by_subject(quads, &graph) {
        let properties: BTreeSet<_> = said.iter().map(|q| q.predicate.as_ref()).collect();
        let mine = before.contains(work) && !others(t, work)?;
        if mine && work.as_str().starts_with(base.as_str()) {
            // A work without identifier is named by its place in the list. Where another stands there now, what was looked up is not its.
            let kept = about(t, work, None, &graph)?;
            let of = |p: NamedNodeRef<'_>, quads: &mut dyn Iterator<Item = &Quad>| -> HashSet<Quad> {
                quads.filter(|q| q.predicate.as_ref() == p).cloned().collect()
            };
            let is_other = |p| of(p, &mut kept.iter()) != of(p, &mut said.iter().copied());
            if [dcterms::TITLE, evi::AUTHORS, dcterms::DATE].into_iter().any(is_other) {
                kept.iter().for_each(|q| t.remove(q.as_ref()));
            }
        }
        let kept = about(t, work, None, &graph)?;
        // The work may be an article of the store, which then tells it itself.
        let told = about(t, work, None, work)?;
        for property in properties {
            let has = |quads: &[Quad]| quads.iter().any(|q| q.predicate.as_ref() == property);
            if mine {
                kept.iter().filter(|q| q.predicate.as_ref() == property).for_each(|q| t.remove(q.as_ref()));
            }
            if (mine || !has(&kept)) && (property == rdf::TYPE || !has(&told)) {
                said.iter().filter(|q| q.predicate.as_ref() == property).for_each(|q| t.insert(q.as_ref()));
            }
        }
    }
    let now = objects(quads, evi::REFERS_TO);
    for work in before.difference(&now) {
        if !others(t, work)? {
            about(t, work, None, &graph)?.iter().for_each(|q| t.remove(q.as_ref()));
        }
    }
    let itself = NamedOrBlankNode::from(article.clone());
    let own: HashSet<_> = quads.iter().filter(|q| q.subject == itself && q.predicate.as_ref() != rdf::TYPE).map(|q| &q.predicate).collect();
    let cited = about(t, article, None, &graph)?;
    cited.iter().filter(|q| own.contains(&q.predicate)).for_each(|q| t.remove(q.as_ref()));
    Ok(())
}

/// Writes the plain triples that came, and takes out those that no claim asserts any more.
fn edges(t: &mut impl Hand, base: &Base, old: &[Quad], quads: &[Quad]) -> Result<(), Error> {
    let graph = base.edges_graph();
    let incoming: HashSet<Triple> =
        quads.iter().filter(|q| q.graph_name.as_ref() == GraphNameRef::from(graph.as_ref())).map(|q| Triple::from(q.clone())).collect();
    let mut parts: HashMap<&NamedOrBlankNode, [Option<&Term>; 3]> = HashMap::new();
    for quad in old {
        let place = [rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT].iter().position(|p| *p == quad.predicate.as_ref());
        if let Some(place) = place {
            parts.entry(&quad.subject).or_default()[place] = Some(&quad.object);
        }
    }
    let former = parts.values().filter_map(|p| match p {
        [Some(Term::NamedNode(s)), Some(Term::NamedNode(p)), Some(o)] => Some(Triple::new(s.clone(), p.clone(), (*o).clone())),
        _ => None,
    });
    for triple in former.filter(|f| !incoming.contains(f)) {
        if !asserted(t, base, &triple)? {
            t.remove(triple.as_ref().in_graph(graph.as_ref()));
        }
    }
    let all_stand = !decided(t, base)?;
    for triple in &incoming {
        if all_stand || asserted(t, base, triple)? {
            t.insert(triple.as_ref().in_graph(graph.as_ref()));
        } else {
            t.remove(triple.as_ref().in_graph(graph.as_ref()));
        }
    }
    Ok(())
}
