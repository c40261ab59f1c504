//! What a change to an article can touch or depend on, fetched from an endpoint in a handful of queries.
//!
//! The embedded store changes an article while it looks around in its own transaction. For an endpoint the same code runs on this small copy.
//! Of what may be large (who else speaks of an entity, cites a work, asserts a triple) only the fact is fetched, and a statement in the graph
//! `urn:evigraph:elsewhere` stands for it.

use super::Remote;
use crate::graph::vocabulary::{evi, prov};
use crate::store::Error;
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{GraphName, GraphNameRef, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use oxigraph::sparql::QuerySolution;
use std::collections::{BTreeMap, BTreeSet};

/// Names in one query: endpoints limit its length.
const NAMES: usize = 100;

const ELSEWHERE: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("urn:evigraph:elsewhere");

/// A claim's triple.
type Parts = (NamedNode, NamedNode, Term);

/// Collects statements from an endpoint.
pub(super) struct Surroundings<'a> {
    remote: &'a Remote,
    quads: Vec<Quad>,
}

impl<'a> Surroundings<'a> {
    /// Around an article that is replaced by `incoming`, or removed.
    pub(super) fn of_article(remote: &'a Remote, article: &NamedNode, incoming: &[Quad]) -> Result<Vec<Quad>, Error> {
        let mut found = Self { remote, quads: Vec::new() };
        found.fetch(&format!("SELECT ?s ?p ?o {{ GRAPH {article} {{ ?s ?p ?o }} }}"), article)?;
        let old = found.quads.clone();
        found.entities(article, &old, incoming)?;
        found.works(article, &old, incoming)?;
        let mut triples: BTreeMap<String, Parts> = triples(&old);
        let edges = remote.base.edges_graph();
        for quad in incoming.iter().filter(|q| in_graph(q, &edges)) {
            if let NamedOrBlankNode::NamedNode(s) = &quad.subject {
                triples.insert(key(s, &quad.predicate, &quad.object), (s.clone(), quad.predicate.clone(), quad.object.clone()));
            }
        }
        let claims = claims(&old).chain(claims(incoming)).collect();
        found.edges(Some(article), triples, claims)?;
        Ok(found.quads)
    }

    /// Around claims about which something was decided.
    pub(super) fn of_claims(remote: &'a Remote, claims: &[NamedNode]) -> Result<Vec<Quad>, Error> {
        let mut found = Self { remote, quads: Vec::new() };
        let claims: BTreeSet<NamedNode> = claims.iter().cloned().collect();
        found.decisions(&claims)?;
        // Any part may be corrected: whatever may be asserted, by these claims, is looked at.
        let values = |property: NamedNodeRef<'_>| -> BTreeSet<String> {
            found.quads.iter().filter(|q| q.predicate.as_ref() == property).map(|q| q.object.to_string()).collect()
        };
        let terms: BTreeMap<String, Term> = found.quads.iter().map(|q| (q.object.to_string(), q.object.clone())).collect();
        let mut triples = BTreeMap::new();
        for s in values(rdf::SUBJECT) {
            for p in values(rdf::PREDICATE) {
                for o in values(rdf::OBJECT) {
                    if let (Term::NamedNode(s), Term::NamedNode(p)) = (&terms[&s], &terms[&p]) {
                        triples.insert(key(s, p, &terms[&o]), (s.clone(), p.clone(), terms[&o].clone()));
                    }
                }
            }
        }
        found.edges(None, triples, claims)?;
        Ok(found.quads)
    }

    /// Adds the rows ?s ?p ?o of a query, as statements of `graph`.
    fn fetch(&mut self, sparql: &str, graph: &NamedNode) -> Result<(), Error> {
        for row in self.remote.rows(sparql)? {
            self.quads.extend(statement(&row, graph.clone().into()));
        }
        Ok(())
    }

    /// Adds what `graph` says of the names.
    fn about(&mut self, names: &BTreeSet<NamedNode>, graph: &NamedNode) -> Result<(), Error> {
        for names in listed(names) {
            self.fetch(&format!("SELECT ?s ?p ?o {{ VALUES ?s {{ {names} }} GRAPH {graph} {{ ?s ?p ?o }} }}"), graph)?;
        }
        Ok(())
    }

    /// The names ?n for which one of the patterns holds.
    fn which(&self, names: &BTreeSet<NamedNode>, patterns: &[String]) -> Result<BTreeSet<NamedNode>, Error> {
        let mut found = BTreeSet::new();
        for names in listed(names) {
            for pattern in patterns {
                let sparql = format!("SELECT DISTINCT ?n {{ VALUES ?n {{ {names} }} {pattern} }}");
                found.extend(self.remote.rows(&sparql)?.iter().filter_map(|row| named(row, "n")));
            }
        }
        Ok(found)
    }

    /// Notes that something elsewhere says `property name`.
    fn note(&mut self, property: NamedNodeRef<'_>, name: NamedNode) {
        self.quads.push(Quad::new(ELSEWHERE.into_owned(), property, name, ELSEWHERE.into_owned()));
    }

    fn entities(&mut self, article: &NamedNode, old: &[Quad], incoming: &[Quad]) -> Result<(), Error> {
        let graph = self.remote.base.entities_graph();
        let described = incoming.iter().filter(|q| in_graph(q, &graph)).filter_map(subject).collect();
        self.about(&described, &graph)?;
        let now = objects(incoming, evi::OF_ENTITY);
        // Those that may go, and what stands above them.
        let mut may_go = BTreeSet::new();
        let mut next: BTreeSet<NamedNode> = objects(old, evi::OF_ENTITY).into_iter().filter(|e| !now.contains(e)).collect();
        while !next.is_empty() {
            let seen = self.quads.len();
            self.about(&next, &graph)?;
            let above = objects(&self.quads[seen..], rdfs::SUB_CLASS_OF);
            may_go.append(&mut next);
            next = above.into_iter().filter(|e| !may_go.contains(e)).collect();
        }
        let (of, below) = (evi::OF_ENTITY, rdfs::SUB_CLASS_OF);
        for name in self.which(&may_go, &[format!("GRAPH ?g {{ ?x {of} ?n }} FILTER(?g != {article})")])? {
            self.note(of, name);
        }
        // Others below them: those that may go themselves are in the copy.
        for names in listed(&may_go) {
            let sparql = format!("SELECT DISTINCT ?x ?n {{ VALUES ?n {{ {names} }} GRAPH ?g {{ ?x {below} ?n }} }}");
            for row in self.remote.rows(&sparql)? {
                if let (Some(x), Some(name)) = (named(&row, "x"), named(&row, "n"))
                    && !may_go.contains(&x)
                {
                    self.note(below, name);
                }
            }
        }
        let curation = self.remote.base.curation_graph();
        for name in self.which(&may_go, &[format!("GRAPH {curation} {{ ?x ?p ?n }}")])? {
            self.quads.push(Quad::new(ELSEWHERE.into_owned(), rdfs::SEE_ALSO, name, curation.clone()));
        }
        Ok(())
    }

    fn works(&mut self, article: &NamedNode, old: &[Quad], incoming: &[Quad]) -> Result<(), Error> {
        let graph = self.remote.base.works_graph();
        let mut works: BTreeSet<NamedNode> = incoming.iter().filter(|q| in_graph(q, &graph)).filter_map(subject).collect();
        works.extend(objects(old, evi::REFERS_TO));
        works.insert(article.clone());
        self.about(&works, &graph)?;
        works.remove(article);
        let cited = |by: NamedNodeRef<'_>| format!("GRAPH ?g {{ ?x {by} ?n }} FILTER(?g != {article})");
        for name in self.which(&works, &[cited(evi::REFERS_TO), cited(evi::ADDS_WORK)])? {
            self.note(evi::REFERS_TO, name);
        }
        // A work that is an article of the store tells about itself.
        for names in listed(&works) {
            let sparql = format!("SELECT DISTINCT ?s ?p {{ VALUES ?s {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?g = ?s) }}");
            for row in self.remote.rows(&sparql)? {
                if let (Some(s), Some(p)) = (named(&row, "s"), named(&row, "p")) {
                    self.quads.push(Quad::new(s.clone(), p, ELSEWHERE.into_owned(), s));
                }
            }
        }
        Ok(())
    }

    /// Which of the triples are there, and which of them others assert.
    fn edges(
        &mut self,
        article: Option<&NamedNode>,
        triples: BTreeMap<String, Parts>,
        mut claims: BTreeSet<NamedNode>,
    ) -> Result<(), Error> {
        let (edges, curation) = (self.remote.base.edges_graph(), self.remote.base.curation_graph());
        let rows: Vec<String> = triples.values().map(|(s, p, o)| format!("({s} {p} {o})")).collect();
        let apart = article.map(|a| format!("FILTER(?g != {a})")).unwrap_or_default();
        for part in rows.chunks(NAMES) {
            let values = part.join(" ");
            self.fetch(&format!("SELECT ?s ?p ?o {{ VALUES (?s ?p ?o) {{ {values} }} GRAPH {edges} {{ ?s ?p ?o }} }}"), &edges)?;
            let asserting = format!(
                "SELECT DISTINCT ?s ?p ?o ?n {{ VALUES (?s ?p ?o) {{ {values} }} \
                 GRAPH ?g {{ ?c {} ?s ; {} ?p ; {} ?o ; {} {} ; {} ?n }} {apart} \
                 FILTER NOT EXISTS {{ GRAPH {curation} {{ ?d {} ?c }} }} }}",
                rdf::SUBJECT,
                rdf::PREDICATE,
                rdf::OBJECT,
                evi::CERTAINTY,
                evi::AFFIRMED,
                evi::NEGATED,
                evi::DECIDES
            );
            for row in self.remote.rows(&asserting)? {
                let denied = matches!(row.get("n"), Some(Term::Literal(l)) if matches!(l.value(), "true" | "1"));
                if let (false, Some(quad)) = (denied, statement(&row, GraphName::DefaultGraph)) {
                    self.assert_elsewhere(quad);
                }
            }
        }
        let any = format!("SELECT ?d {{ GRAPH {curation} {{ ?d {} ?v }} }} LIMIT 1", evi::VERDICT);
        if self.remote.rows(&any)?.is_empty() {
            return Ok(());
        }
        self.quads.push(Quad::new(ELSEWHERE.into_owned(), evi::VERDICT, evi::ACCEPTED, curation.clone()));
        // Claims that were decided on and speak of the same, as they were read or as they were corrected.
        let decided = format!("GRAPH {curation} {{ ?d {} ?c }} GRAPH ?g {{ ?c {} ?n }}", evi::DECIDES, rdf::SUBJECT);
        let corrected = format!("GRAPH {curation} {{ ?d {} ?c ; {} ?x . ?x {} ?n }}", evi::DECIDES, evi::CORRECTED, rdf::SUBJECT);
        let subjects: BTreeSet<NamedNode> = triples.into_values().map(|t| t.0).collect();
        for names in listed(&subjects) {
            for pattern in [&decided, &corrected] {
                let sparql = format!("SELECT DISTINCT ?c {{ VALUES ?n {{ {names} }} {pattern} }}");
                claims.extend(self.remote.rows(&sparql)?.iter().filter_map(|row| named(row, "c")));
            }
        }
        self.decisions(&claims)
    }

    /// A claim elsewhere that asserts the triple.
    fn assert_elsewhere(&mut self, triple: Quad) {
        let claim = NamedNode::new_unchecked(format!("{}/{}", ELSEWHERE.as_str(), self.quads.len()));
        let mut add = |property: NamedNodeRef<'_>, object: Term| {
            self.quads.push(Quad::new(claim.clone(), property, object, ELSEWHERE.into_owned()));
        };
        add(rdf::SUBJECT, triple.subject.into());
        add(rdf::PREDICATE, triple.predicate.into());
        add(rdf::OBJECT, triple.object);
        add(evi::CERTAINTY, evi::AFFIRMED.into_owned().into());
        add(evi::NEGATED, Literal::from(false).into());
    }

    /// What the claims say, what was decided about them, and how they were corrected.
    fn decisions(&mut self, claims: &BTreeSet<NamedNode>) -> Result<(), Error> {
        let curation = self.remote.base.curation_graph();
        let own = [rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT, evi::CERTAINTY, evi::NEGATED].map(|p| p.to_string()).join(" ");
        let (decides, corrected) = (evi::DECIDES, evi::CORRECTED);
        for names in listed(claims) {
            let sparql = format!("SELECT ?s ?p ?o ?g {{ VALUES ?s {{ {names} }} VALUES ?p {{ {own} }} GRAPH ?g {{ ?s ?p ?o }} }}");
            for row in self.remote.rows(&sparql)? {
                if let Some(graph) = named(&row, "g") {
                    self.quads.extend(statement(&row, graph.into()));
                }
            }
            let told = [decides, evi::VERDICT, prov::ENDED_AT_TIME, corrected].map(|p| p.to_string()).join(" ");
            let sparql = format!(
                "SELECT ?s ?p ?o {{ VALUES ?c {{ {names} }} VALUES ?p {{ {told} }} GRAPH {curation} {{ ?s {decides} ?c . ?s ?p ?o }} }}"
            );
            self.fetch(&sparql, &curation)?;
            let sparql =
                format!("SELECT ?s ?p ?o {{ VALUES ?c {{ {names} }} GRAPH {curation} {{ ?d {decides} ?c ; {corrected} ?s . ?s ?p ?o }} }}");
            self.fetch(&sparql, &curation)?;
        }
        Ok(())
    }
}

/// The names, so many at a time, as a query lists them.
fn listed(names: &BTreeSet<NamedNode>) -> Vec<String> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.chunks(NAMES).map(|part| part.join(" ")).collect()
}

fn in_graph(quad: &Quad, graph: &NamedNode) -> bool {
    quad.graph_name.as_ref() == GraphNameRef::from(graph.as_ref())
}

fn subject(quad: &Quad) -> Option<NamedNode> {
    if let NamedOrBlankNode::NamedNode(n) = &quad.subject { Some(n.clone()) } else { None }
}

fn named(row: &QuerySolution, variable: &str) -> Option<NamedNode> {
    if let Some(Term::NamedNode(n)) = row.get(variable) { Some(n.clone()) } else { None }
}

/// The statement ?s ?p ?o of a row.
pub(super) fn statement(row: &QuerySolution, graph: GraphName) -> Option<Quad> {
    let subject: NamedOrBlankNode = match row.get("s")? {
        Term::NamedNode(n) => n.clone().into(),
        Term::BlankNode(b) => b.clone().into(),
        Term::Literal(_) => return None,
    };
    Some(Quad::new(subject, named(row, "p")?, row.get("o")?.clone(), graph))
}

fn objects(quads: &[Quad], property: NamedNodeRef<'_>) -> BTreeSet<NamedNode> {
    let named = |q: &Quad| if let Term::NamedNode(n) = &q.object { Some(n.clone()) } else { None };
    quads.iter().filter(|q| q.predicate.as_ref() == property).filter_map(named).collect()
}

/// The claims among the subjects.
fn claims(quads: &[Quad]) -> impl Iterator<Item = NamedNode> {
    quads.iter().filter(|q| q.predicate.as_ref() == rdf::SUBJECT).filter_map(subject)
}

/// The triples of the claims in the statements.
fn triples(quads: &[Quad]) -> BTreeMap<String, Parts> {
    let mut parts: BTreeMap<String, [Option<&Term>; 3]> = BTreeMap::new();
    for quad in quads {
        if let Some(at) = [rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT].iter().position(|p| *p == quad.predicate.as_ref()) {
            parts.entry(quad.subject.to_string()).or_default()[at] = Some(&quad.object);
        }
    }
    let whole = parts.into_values().filter_map(|p| match p {
        [Some(Term::NamedNode(s)), Some(Term::NamedNode(p)), Some(o)] => Some((key(s, p, o), (s.clone(), p.clone(), o.clone()))),
        _ => None,
    });
    whole.collect()
}

fn key(s: &NamedNode, p: &NamedNode, o: &Term) -> String {
    format!("{s} {p} {o}")
}
