//! `evigraph show`: one claim, article, entity or reference with all that the store says of it.

use super::Status;
use super::args::Show;
use super::output::Output;
use super::remove;
use super::setting::Setting;
use super::terminal::printable;
use crate::graph::Prefixes;
use crate::query;
use crate::store::{Answer, GraphStore, QueryOptions};
use anyhow::{Context, Result};
use oxigraph::model::{NamedNode, Term, Variable};
use std::collections::HashSet;
use std::io::Write;

/// What a thing says of itself: property, its label, object, its label.
const OWN: &str = "SELECT DISTINCT ?property ?name ?object ?label { ?thing ?property ?object
  OPTIONAL { ?property rdfs:label ?name } OPTIONAL { ?object rdfs:label ?label } } ORDER BY ?property ?object";

/// Claims that speak of the thing, cite it or stand in it.
const CLAIMS: &str = "SELECT DISTINCT ?claim ?quote ?status {
  { ?claim evi:inArticle ?thing } UNION { ?claim rdf:subject|rdf:object|evi:condition|evi:intervention|evi:outcome|evi:site|evi:via ?thing }
  UNION { ?claim evi:hasEvidence/(evi:citesEntry|cito:citesAsEvidence) ?thing }
  ?claim evi:hasEvidence/oa:hasSelector/oa:exact ?quote ; evi:sourceStatus/rdfs:label ?status } ORDER BY ?claim ?quote LIMIT 51";

/// Properties whose objects belong to the thing and are shown with it.
const PARTS: &[&str] = &["hasEvidence", "hasMeasurement", "hasSelector", "citesEntry", "refersTo"];

/// Properties that only `-v` shows: forms for other tools, and what stands elsewhere in the answer.
const TECHNICAL: &[&str] = &[
    "type",
    "predicate",
    "qualified_predicate",
    "object_direction_qualifier",
    "object_aspect_qualifier",
    "knowledge_level",
    "agent_type",
    "prefix",
    "suffix",
    "position",
    "hadPrimarySource",
    "citesAsEvidence",
];

/// Prints what is known of the thing.
pub fn run(args: &Show, setting: &Setting) -> Result<Status> {
    let store = &*setting.open()?;
    let thing = find(store, &args.id)?;
    let mut out = Output::stdout();
    writeln!(out, "{}", printable(&name(&Term::from(thing.clone()), None)))?;
    headline(store, &thing, &mut out)?;
    let known = describe(store, &thing, setting, &mut out)?;
    anyhow::ensure!(known, "the store says nothing of {}; `evigraph search WORDS` finds claims, articles and entities", args.id);
    let claims = rows(store, CLAIMS, &thing)?;
    if !claims.is_empty() {
        writeln!(out, "claims")?;
    }
    for row in claims.iter().take(50) {
        let cell = |i: usize| row[i].as_ref().map(|t| name(t, None)).unwrap_or_default();
        writeln!(out, "  {}  {}  \"{}\"", cell(0), cell(2), printable(&cell(1)))?;
    }
    if claims.len() > 50 {
        writeln!(out, "  … and more; `evigraph query entity` and `evigraph export claims --where …` give all")?;
    }
    out.flush()?;
    Ok(Status::Done)
}

/// The thing that a user means: an IRI or CURIE, the hash of a claim or its beginning, an article, or a name.
fn find(store: &dyn GraphStore, id: &str) -> Result<NamedNode> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    if let Some(article) = remove::find(store, id)? {
        return Ok(article);
    }
    if let Some(claim) = claim(store, id)? {
        return Ok(claim);
    }
    let resolved = query::resolve(store, "id", id, None)?;
    match resolved.term {
        Term::NamedNode(iri) => Ok(iri),
        other => anyhow::bail!("{other} is a value, not a thing; give an identifier or a name"),
    }
}

/// The claim whose hash begins so; none where no claim's does.
pub fn claim(store: &dyn GraphStore, id: &str) -> Result<Option<NamedNode>> {
    let hash = id.strip_prefix("claim/").unwrap_or(id);
    if hash.len() >= 4 && hash.chars().all(|c| c.is_ascii_hexdigit()) {
        let beginning = store.base().iri(&format!("claim/{hash}"));
        let sparql = "SELECT ?thing { ?thing a evi:Claim FILTER(STRSTARTS(STR(?thing), STR(?beginning))) } ORDER BY ?thing LIMIT 2";
        let parameters = vec![(Variable::new_unchecked("beginning"), beginning.into())];
        if let Answer::Solutions(found) = store.query(sparql, &QueryOptions { parameters, ..QueryOptions::default() })? {
            let found = found.collect::<Result<Vec<_>, _>>()?;
            anyhow::ensure!(found.len() < 2, "several claims begin with {hash}; give more of it");
            if let Some(Term::NamedNode(claim)) = found.first().and_then(|row| row.get("thing")) {
                return Ok(Some(claim.clone()));
            }
        }
    }
    Ok(None)
}

/// Writes the properties of a thing and of its parts, indented; tells whether there were any.
fn describe(store: &dyn GraphStore, thing: &NamedNode, setting: &Setting, out: &mut Output) -> Result<bool> {
    let mut open = vec![(thing.clone(), 1)];
    let mut seen = HashSet::new();
    let mut any = false;
    while let Some((node, depth)) = open.pop() {
        if !seen.insert(node.clone()) {
            continue;
        }
        let indent = "  ".repeat(depth);
        if depth > 1 {
            let path = node.as_str().strip_prefix(store.base().as_str());
            let kind = path.and_then(|p| p.split_once('/')).map_or_else(|| name(&node.clone().into(), None), |p| p.0.to_owned());
            writeln!(out, "{}{}", "  ".repeat(depth - 1), printable(&kind))?;
        }
        let mut parts = Vec::new();
        for row in rows(store, OWN, &node)? {
            let [Some(Term::NamedNode(property)), label, Some(object), object_label] = row.as_slice() else { continue };
            any = true;
            let local = property.as_str().rsplit(['#', '/']).next().unwrap_or_default();
            if let (true, Term::NamedNode(part)) = (PARTS.contains(&local) && depth < 5, object) {
                parts.push((part.clone(), depth + 1));
                continue;
            }
            if TECHNICAL.contains(&local) && !setting.terminal.is_verbose() {
                continue;
            }
            let label = label.as_ref().map_or_else(|| words(local), |l| name(l, None));
            writeln!(out, "{indent}{label}: {}", printable(&name(object, object_label.as_ref())))?;
        }
        open.extend(parts.into_iter().rev());
    }
    Ok(any)
}

/// What a claim says, in a line.
const SAID: &str =
    "SELECT ?subject ?relation ?object ?quote ?negated { ?thing evi:negated ?negated ; evi:hasEvidence/oa:hasSelector/oa:exact ?quote
  OPTIONAL { ?thing (rdf:subject|evi:intervention)/rdfs:label ?subject } OPTIONAL { ?thing rdf:predicate ?relation }
  OPTIONAL { ?thing (rdf:object|evi:outcome)/rdfs:label ?object } } LIMIT 1";

fn headline(store: &dyn GraphStore, thing: &NamedNode, out: &mut Output) -> Result<()> {
    for row in rows(store, SAID, thing)? {
        let [subject, relation, object, Some(quote), negated] = row.as_slice() else { continue };
        let text = |t: &Option<Term>| t.as_ref().map(|t| name(t, None)).unwrap_or_default();
        let relation = text(relation);
        let denied = if text(negated) == "true" { " (denied)" } else { "" };
        writeln!(out, "{}{denied}", printable([text(subject), relation, text(object)].join(" ").trim()))?;
        writeln!(out, "  \"{}\"", printable(&name(quote, None)))?;
    }
    Ok(())
}

/// A name in camel case or with underscores as plain words.
fn words(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '_' => out.push(' '),
            c if c.is_uppercase() && out.ends_with(char::is_lowercase) => out.extend([' '].into_iter().chain(c.to_lowercase())),
            c => out.push(c),
        }
    }
    out
}

fn rows(store: &dyn GraphStore, sparql: &str, thing: &NamedNode) -> Result<Vec<Vec<Option<Term>>>> {
    let parameters = vec![(Variable::new_unchecked("thing"), thing.clone().into())];
    let Answer::Solutions(mut found) = store.query(sparql, &QueryOptions { parameters, ..QueryOptions::default() })? else {
        return Ok(Vec::new());
    };
    let variables = found.variables().to_vec();
    let row = |row: Result<crate::store::QuerySolution, _>| row.map(|r| variables.iter().map(|v| r.get(v).cloned()).collect());
    found.by_ref().map(row).collect::<Result<_, _>>().context("the store failed")
}

/// A term for people: its label and CURIE, or the bare text of a literal.
fn name(term: &Term, label: Option<&Term>) -> String {
    match (term, label) {
        (Term::NamedNode(iri), Some(Term::Literal(label))) => format!("{} ({})", label.value(), Prefixes::shipped().shorten(iri.as_str())),
        (Term::NamedNode(iri), _) => {
            let short = Prefixes::shipped().shorten(iri.as_str());
            short.strip_prefix("evi:").map(|local| words(local).to_lowercase()).unwrap_or(short)
        }
        (Term::Literal(literal), _) => literal.value().split_whitespace().collect::<Vec<_>>().join(" "),
        (other, _) => other.to_string(),
    }
}
