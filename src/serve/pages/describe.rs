//! What the graph says of a thing: its statements as a list, each term as people read it.

use super::{link, words};
use crate::graph::{Prefixes, vocabulary::EVI};
use crate::serve::Problem;
use crate::store::{Answer, GraphStore, QueryOptions};
use maud::{Markup, html};
use oxigraph::model::{NamedNode, Term, Variable};

/// A row of a query, a term or nothing a column.
pub(super) type Terms = Vec<Option<Term>>;

/// The rows of a query with `?thing` bound.
pub(super) fn about(store: &dyn GraphStore, sparql: &str, thing: &NamedNode) -> Result<Vec<Terms>, Problem> {
    let parameters = vec![(Variable::new_unchecked("thing"), thing.clone().into())];
    let Answer::Solutions(found) = store.query(sparql, &QueryOptions { parameters, ..QueryOptions::default() })? else {
        return Ok(Vec::new());
    };
    found.map(|row| Ok(row?.values().to_vec())).collect()
}

/// The text of a term: an IRI in full, a literal's value.
pub(super) fn plain(term: Option<&Term>) -> String {
    match term {
        Some(Term::NamedNode(n)) => n.as_str().to_owned(),
        Some(Term::Literal(l)) => l.value().to_owned(),
        Some(Term::BlankNode(b)) => b.to_string(),
        None => String::new(),
    }
}

/// A term as people read it: a link by its label where it is a thing of the store, the text of a literal.
pub(super) fn term(term: &Term, label: Option<&str>) -> Markup {
    match term {
        Term::NamedNode(iri) => {
            let short = Prefixes::shipped().shorten(iri.as_str());
            let path = if iri.as_str().contains("/claim/") { link::claim(iri.as_str()) } else { link::entity(iri.as_str()) };
            if iri.as_str().starts_with(EVI) {
                return html! { a href=(path) { (words(label.unwrap_or(&short))) } };
            }
            html! { a href=(path) { (label.unwrap_or(&short)) } @if label.is_some() { " " code { (short) } } }
        }
        Term::Literal(literal) => {
            html! { (literal.value()) @if let Some(language) = literal.language() { " " span class="n" { (language) } } }
        }
        Term::BlankNode(blank) => html! { (blank.to_string()) },
    }
}

const OWN: &str = "SELECT DISTINCT ?property ?name ?object ?label { ?thing ?property ?object
  OPTIONAL { ?property rdfs:label ?name } OPTIONAL { ?object rdfs:label ?label } } ORDER BY ?property ?object LIMIT 500";

/// The statements with the thing as their subject; nothing where there are none.
pub(super) fn statements(store: &dyn GraphStore, thing: &NamedNode) -> Result<Option<Markup>, Problem> {
    let rows = about(store, OWN, thing)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut groups: Vec<(String, Vec<Markup>)> = Vec::new();
    for row in &rows {
        let [Some(property), name, Some(object), label] = row.as_slice() else { continue };
        let property = plain(Some(property));
        let name = if name.is_some() { plain(name.as_ref()) } else { words(property.rsplit(['#', '/']).next().unwrap_or_default()) };
        let label = label.as_ref().map(|l| plain(Some(l)));
        let shown = term(object, label.as_deref());
        match groups.last_mut().filter(|g| g.0 == name) {
            Some(group) => group.1.push(shown),
            None => groups.push((name, vec![shown])),
        }
    }
    Ok(Some(html! {
        dl class="statements" {
            @for (name, values) in &groups {
                dt { (name) }
                @for value in values.iter().take(60) { dd { (value) } }
                @if values.len() > 60 { dd { "… and " (values.len() - 60) " more" } }
            }
        }
    }))
}
