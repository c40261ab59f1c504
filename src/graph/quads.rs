//! An article as quads: its own named graph, and what it adds to the shared ones.

use super::identity::part_iri;
use super::vocabulary::{self, bibo, biolink, cito, dcterms, evi, foaf, prov, skos};
use super::{Base, Prefixes, article_iri, claim_iri, content_hash, entity_iri, entry_iri, software_iri, work_iri};
use super::{biolink_form, evidence, measurement, order};
use crate::annotate::{Entity, Mention};
use crate::document::{Document, Identifiers, Reference, Traceability};
use crate::extract::{Argument, Assertion, Certainty, Claim};
use crate::text::TextIndex;
use oxigraph::model::vocab::{rdf, rdfs, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of an entity beyond its label: a lexicon or an ontology.
pub trait Describe: Sync {
    /// Other names of the entity with this CURIE.
    fn synonyms(&self, id: &str) -> Vec<String>;

    /// The entities directly above the one with this CURIE.
    fn parents(&self, id: &str) -> Vec<Entity>;
}

/// How an article becomes quads.
#[derive(Clone, Default)]
pub struct Options<'a> {
    /// The IRI under which names are made.
    pub base: Base,
    /// Synonyms and parents of entities.
    pub describe: Option<&'a dyn Describe>,
    /// Hash of the rules by which the claims were found.
    pub rules_hash: String,
    /// Hash of the lexicon by which the mentions were found.
    pub lexicon_hash: String,
    /// Start and end of the reading (RFC 3339), only where asked for (`--timestamps`).
    pub times: Option<(String, String)>,
}

/// The version that a reading names as its agent.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Quads in the making, and the graph they go to.
pub(super) struct Writer<'a> {
    /// The base of the names.
    pub(super) base: &'a Base,
    quads: Vec<Quad>,
    graph: GraphName,
}

impl Writer<'_> {
    /// Adds a statement.
    pub(super) fn add(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.quads.push(Quad::new(subject.clone(), property.into_owned(), object, self.graph.clone()));
    }

    /// Adds a statement where there is something to say.
    pub(super) fn maybe<T: Into<Term>>(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, object: Option<T>) {
        if let Some(object) = object {
            self.add(subject, property, object);
        }
    }

    /// Adds a text, if it is not blank.
    pub(super) fn text(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, text: Option<&str>) {
        self.maybe(subject, property, text.filter(|t| !t.trim().is_empty()).map(Literal::from));
    }
}

/// A number as `xsd:decimal`, as short as it can be written.
pub(super) fn decimal(number: f64) -> Option<Literal> {
    // Rust writes f64 without exponent, which is what a decimal needs.
    number.is_finite().then(|| Literal::new_typed_literal(format!("{}", if number == 0.0 { 0.0 } else { number }), xsd::DECIMAL))
}

/// A whole number that is not negative.
pub(super) fn count(number: usize) -> Literal {
    Literal::new_typed_literal(number.to_string(), xsd::NON_NEGATIVE_INTEGER)
}

/// The quads of an article, its mentions and claims, sorted and without doubles.
///
/// The article's own graph bears its IRI. The shared graphs get what the article says of them: entities in use with their labels, works
/// cited, and a plain triple for each affirmed claim about a mechanism that is not negated. Two runs over the same article give the same quads.
///
/// ```
/// use evigraph::document::{Document, Format};
/// use evigraph::graph::{Options, quads};
/// let mut document = Document::new("note.txt", Format::Text);
/// document.text = "Nothing is claimed.".to_owned();
/// let quads = quads(&document, &[], &[], &Options::default());
/// assert!(quads.iter().any(|q| q.predicate.as_str().ends_with("contentHash")));
/// ```
pub fn quads(document: &Document, mentions: &[Mention], claims: &[Claim], options: &Options<'_>) -> Vec<Quad> {
    let article = article_iri(document, &options.base);
    let index = TextIndex::new(&document.text);
    let mut w = Writer { base: &options.base, quads: Vec::new(), graph: article.clone().into() };
    let works = describe_article(&mut w, document, &article, options);
    let mut entities = Entities::default();
    mentions.iter().for_each(|m| entities.mention(&m.entity, &m.xrefs, &m.text, &options.base, true));
    let mut seen = BTreeSet::new();
    let mut edges = Vec::new();
    for claim in claims {
        let iri = claim_iri(document, claim, &options.base);
        if seen.insert(iri.clone()) {
            edges.extend(describe_claim(&mut w, document, &index, &article, &iri, claim, &mut entities));
        }
    }
    entities.write_occurrences(&mut w, &article);

    w.graph = options.base.edges_graph().into();
    for (subject, property, object) in edges {
        w.add(&subject, property.as_ref(), object);
    }
    w.graph = options.base.entities_graph().into();
    entities.write_descriptions(&mut w, options);
    w.graph = options.base.works_graph().into();
    for (work, reference) in works {
        describe_work(&mut w, &work, reference);
    }
    order::sorted(w.quads)
}

/// A date as precise as it is given.
fn date(text: &str) -> Literal {
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match text.len() {
        4 if digits => Literal::new_typed_literal(text, xsd::G_YEAR),
        7 if digits => Literal::new_typed_literal(text, xsd::G_YEAR_MONTH),
        10 if digits => Literal::new_typed_literal(text, xsd::DATE),
        _ => Literal::from(text),
    }
}

fn describe_identifiers(w: &mut Writer<'_>, thing: &NamedNode, ids: &Identifiers) {
    w.text(thing, bibo::DOI, ids.doi.as_deref());
    w.text(thing, bibo::PMID, ids.pmid.as_deref());
    w.text(thing, evi::PMCID, ids.pmcid.as_deref());
    w.text(thing, evi::TRIAL_NUMBER, ids.trial.as_deref());
    w.maybe(thing, foaf::PAGE, ids.url.as_deref().and_then(|u| Prefixes::shipped().resolve(u)));
}

/// Writes the article, its reading and its reference list; gives the works it cites, each with the first entry that names it.
fn describe_article<'d>(
    w: &mut Writer<'_>,
    document: &'d Document,
    article: &NamedNode,
    options: &Options<'_>,
) -> BTreeMap<NamedNode, &'d Reference> {
    w.add(article, rdf::TYPE, evi::ARTICLE);
    w.text(article, dcterms::TITLE, document.title.as_deref());
    document.authors.iter().for_each(|a| w.text(article, dcterms::CREATOR, Some(a)));
    w.text(article, evi::AUTHORS, Some(&document.authors.join("; ")));
    w.maybe(article, dcterms::ISSUED, document.date.as_deref().filter(|d| !d.is_empty()).map(date));
    w.text(article, dcterms::SOURCE, Some(&document.source));
    w.text(article, dcterms::LICENSE, document.licence.as_deref());
    document.notices.iter().for_each(|n| w.text(article, evi::NOTICE, Some(n)));
    w.add(article, evi::CONTENT_HASH, Literal::from(content_hash(&document.text)));
    let format = serde_json::to_value(document.format).ok();
    w.text(article, evi::INPUT_FORMAT, format.as_ref().and_then(|f| f.as_str()));
    describe_identifiers(w, article, &document.identifiers);

    let run = part_iri("run", article, "", w.base);
    w.add(&run, rdf::TYPE, evi::RUN);
    w.add(&run, prov::USED, article.clone());
    w.add(&run, prov::WAS_ASSOCIATED_WITH, software_iri(VERSION, w.base));
    w.add(&run, evi::RULES_HASH, Literal::from(options.rules_hash.as_str()));
    w.add(&run, evi::LEXICON_HASH, Literal::from(options.lexicon_hash.as_str()));
    if let Some((start, end)) = &options.times {
        w.add(&run, prov::STARTED_AT_TIME, Literal::new_typed_literal(start, xsd::DATE_TIME));
        w.add(&run, prov::ENDED_AT_TIME, Literal::new_typed_literal(end, xsd::DATE_TIME));
    }

    let mut cited: BTreeMap<&str, usize> = BTreeMap::new();
    document.citations.iter().flat_map(|c| &c.keys).for_each(|k| *cited.entry(k).or_default() += 1);
    let mut works = BTreeMap::new();
    for (position, (reference, copy)) in numbered(document).enumerate() {
        let entry = entry_iri(article, &reference.key, copy, w.base);
        let work = work_iri(article, reference, copy, w.base);
        w.add(&entry, rdf::TYPE, evi::REFERENCE_ENTRY);
        w.add(&entry, evi::IN_ARTICLE, article.clone());
        w.text(&entry, evi::CITATION_KEY, Some(&reference.key));
        w.add(&entry, evi::POSITION, count(position + 1));
        w.text(&entry, evi::RAW_TEXT, Some(&reference.raw));
        w.add(&entry, evi::REFERS_TO, work.clone());
        w.add(
            &entry,
            evi::TRACEABILITY,
            match reference.traceability {
                Traceability::Traceable => evi::TRACEABLE,
                Traceability::Citable => evi::CITABLE,
                Traceability::Untraceable => evi::UNTRACEABLE,
            },
        );
        let times = if copy == 0 { cited.get(reference.key.as_str()).copied() } else { None };
        w.add(&entry, evi::TIMES_CITED, count(times.unwrap_or_default()));
        w.add(article, cito::CITES, work.clone());
        works.entry(work).or_insert(reference);
    }
    works
}

/// The entries with the number of earlier ones that bear the same key.
fn numbered(document: &Document) -> impl Iterator<Item = (&Reference, usize)> {
    let mut copies: BTreeMap<&str, usize> = BTreeMap::new();
    document.references.iter().map(move |reference| {
        let copy = copies.entry(&reference.key).or_default();
        *copy += 1;
        (reference, *copy - 1)
    })
}

fn describe_work(w: &mut Writer<'_>, work: &NamedNode, reference: &Reference) {
    w.add(work, rdf::TYPE, evi::WORK);
    w.text(work, dcterms::TITLE, reference.title.as_deref());
    reference.authors.iter().for_each(|a| w.text(work, dcterms::CREATOR, Some(a)));
    w.text(work, evi::AUTHORS, Some(&reference.authors.join("; ")));
    w.maybe(work, dcterms::DATE, reference.year.map(|y| Literal::new_typed_literal(format!("{y:04}"), xsd::G_YEAR)));
    w.text(work, evi::VENUE, reference.venue.as_deref());
    w.text(work, bibo::VOLUME, reference.volume.as_deref());
    w.text(work, bibo::PAGES, reference.pages.as_deref());
    describe_identifiers(w, work, &reference.identifiers);
}

/// Writes a claim with its measurement and evidence; gives its plain triple where it is affirmed and not negated.
fn describe_claim(
    w: &mut Writer<'_>,
    document: &Document,
    index: &TextIndex<'_>,
    article: &NamedNode,
    iri: &NamedNode,
    claim: &Claim,
    entities: &mut Entities,
) -> Option<(NamedNode, NamedNode, NamedNode)> {
    let mut argument = |a: &Argument, base: &Base| {
        entities.mention(&a.entity, &a.xrefs, &a.text, base, false);
        entity_iri(&a.entity, base)
    };
    let mut edge = None;
    w.add(iri, rdf::TYPE, evi::CLAIM);
    w.add(iri, evi::IN_ARTICLE, article.clone());
    match &claim.assertion {
        Assertion::Mechanism { subject, relation, object, aspect } => {
            let (s, p, o) = (argument(subject, w.base), vocabulary::relation(*relation), argument(object, w.base));
            w.add(iri, rdf::TYPE, evi::MECHANISM_CLAIM);
            w.add(iri, rdf::SUBJECT, s.clone());
            w.add(iri, rdf::PREDICATE, p.clone());
            w.add(iri, rdf::OBJECT, o.clone());
            w.text(iri, evi::ASPECT, aspect.as_deref());
            biolink_form::write(w, iri, *relation, aspect.as_deref());
            edge = (claim.certainty == Certainty::Affirmed && !claim.negated).then_some((s, p, o));
        }
        Assertion::Outcome { intervention, outcome, measurement } => {
            w.add(iri, rdf::TYPE, evi::OUTCOME_CLAIM);
            w.maybe(iri, evi::INTERVENTION, intervention.as_ref().map(|a| argument(a, w.base)));
            w.add(iri, evi::OUTCOME, argument(outcome, w.base));
            measurement::write(w, iri, measurement);
        }
    }
    w.add(iri, evi::NEGATED, Literal::from(claim.negated));
    w.add(iri, evi::CERTAINTY, vocabulary::term(claim.certainty.term()));
    w.maybe(iri, evi::CONDITION, claim.condition.as_ref().map(|a| argument(a, w.base)));
    w.maybe(iri, evi::SITE, claim.site.as_ref().map(|a| argument(a, w.base)));
    w.maybe(iri, evi::SPECIES, claim.species.as_ref().map(|a| argument(a, w.base)));
    for via in &claim.via {
        w.add(iri, evi::VIA, argument(via, w.base));
    }
    w.text(iri, evi::POPULATION, claim.population.as_deref());
    w.text(iri, evi::DOSE, claim.dose.as_deref());
    w.maybe(iri, evi::CONFIDENCE, decimal(super::confidence(claim)));
    w.text(iri, evi::RULE, Some(&claim.rule));
    w.add(iri, evi::SOURCE_STATUS, vocabulary::term(claim.source_status.term()));
    w.add(iri, biolink::KNOWLEDGE_LEVEL, Literal::from("not_provided"));
    w.add(iri, biolink::AGENT_TYPE, Literal::from("text_mining_agent"));
    evidence::write(w, iri, document, index, article, claim);
    edge
}

/// What the article says of one entity.
#[derive(Default)]
struct Use {
    entity: Option<Entity>,
    xrefs: BTreeSet<String>,
    words: BTreeSet<String>,
    mentions: usize,
}

/// The entities of an article, by IRI.
#[derive(Default)]
struct Entities(BTreeMap<NamedNode, Use>);

impl Entities {
    fn mention(&mut self, entity: &Entity, xrefs: &[String], text: &str, base: &Base, counted: bool) {
        let found = self.0.entry(entity_iri(entity, base)).or_default();
        // Of several spellings of an entity that is not grounded, the first in order: a choice that does not hang on reading order.
        if found.entity.as_ref().is_none_or(|e| entity < e) {
            found.entity = Some(entity.clone());
        }
        found.xrefs.extend(xrefs.iter().cloned());
        found.words.insert(text.trim().to_owned());
        found.mentions += usize::from(counted);
    }

    fn write_occurrences(&self, w: &mut Writer<'_>, article: &NamedNode) {
        for (iri, found) in &self.0 {
            let occurrence = part_iri("occurrence", article, iri.as_str(), w.base);
            w.add(&occurrence, rdf::TYPE, evi::OCCURRENCE);
            w.add(&occurrence, evi::OF_ENTITY, iri.clone());
            w.add(&occurrence, evi::IN_ARTICLE, article.clone());
            w.add(&occurrence, evi::MENTION_COUNT, count(found.mentions.max(1)));
            found.words.iter().for_each(|t| w.text(&occurrence, evi::MENTIONED_AS, Some(t)));
        }
    }

    /// Describes each entity, and every entity above it.
    fn write_descriptions(&self, w: &mut Writer<'_>, options: &Options<'_>) {
        let mut above: Vec<Entity> = Vec::new();
        for (iri, found) in &self.0 {
            let Some(entity) = &found.entity else { continue };
            let xrefs = found.xrefs.iter().filter_map(|x| Prefixes::shipped().resolve(x)).filter(|x| x != iri);
            xrefs.for_each(|x| w.add(iri, skos::EXACT_MATCH, x));
            above.extend(describe_entity(w, iri, entity, options));
        }
        let mut done: BTreeSet<NamedNode> = self.0.keys().cloned().collect();
        while let Some(entity) = above.pop() {
            let iri = entity_iri(&entity, w.base);
            if done.insert(iri.clone()) {
                above.extend(describe_entity(w, &iri, &entity, options));
            }
        }
    }
}

/// Describes an entity; gives those directly above it.
fn describe_entity(w: &mut Writer<'_>, iri: &NamedNode, entity: &Entity, options: &Options<'_>) -> Vec<Entity> {
    w.add(iri, rdf::TYPE, evi::ENTITY);
    w.text(iri, rdfs::LABEL, Some(if entity.label.trim().is_empty() { iri.as_str() } else { &entity.label }));
    w.add(iri, biolink::CATEGORY, vocabulary::category(entity.category));
    w.add(iri, evi::GROUNDED, Literal::from(entity.id.is_some()));
    let Some((describe, id)) = options.describe.zip(entity.id.as_deref()) else { return Vec::new() };
    for synonym in describe.synonyms(id).iter().filter(|s| **s != entity.label) {
        w.text(iri, skos::ALT_LABEL, Some(synonym));
    }
    let parents = describe.parents(id);
    for parent in &parents {
        w.add(iri, rdfs::SUB_CLASS_OF, entity_iri(parent, w.base));
    }
    parents
}
