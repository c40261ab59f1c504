//! A curator's decision, sent by a form of a page.

use super::claim::anchor;
use super::frame::Frame;
use super::login::{local, sent};
use super::params::Params;
use crate::graph::Prefixes;
use crate::query;
use crate::review::{self, Correction, Reason, Reviewer, Verdict};
use crate::serve::{Problem, Site, Writer};
use crate::store::{GraphStore as _, Store};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use oxigraph::model::{NamedNode, Term};
use std::sync::Arc;

/// Keeps a decision and goes back to the page, where what was decided is told.
pub(super) async fn decide(State(site): State<Arc<Site>>, _: Writer, frame: Frame, request: Request) -> Result<Response, Problem> {
    let given = sent(&site, request).await?;
    let verdict = Verdict::from_name(given.one("verdict"))?;
    let (thing, back) = (given.one("thing").to_owned(), local(given.one("back")).to_owned());
    let decided = thing.clone();
    site.decide(move |store, _| keep(store, &frame.curator, verdict, &thing, &given)).await?;
    Ok(Redirect::to(&told(&back, &decided)).into_response())
}

/// The address to go back to, with what was decided.
fn told(back: &str, thing: &str) -> String {
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let path = path.split('#').next().unwrap_or(path);
    let params = Params(crate::serve::request::parameters(query).unwrap_or_default());
    let to = if path.starts_with("/claim/") { path.to_owned() } else { params.with("done", thing).on(path) };
    if path.starts_with("/article/") { format!("{to}#c-{}", anchor(thing)) } else { to }
}

fn keep(store: &Store, curator: &str, verdict: Verdict, thing: &str, given: &Params) -> Result<(), Problem> {
    let reviewer = Reviewer::new(store, store.base(), curator, jiff::Timestamp::now())?;
    let comment = given.one("comment");
    match verdict {
        Verdict::Accepted => reviewer.accept(thing, comment)?,
        Verdict::Rejected => reviewer.reject(thing, Reason::from_name(given.one("reason"))?, comment)?,
        Verdict::Sourced => reviewer.source(thing, &review::work(given.one("doi"), given.one("pmid"), given.one("trial"))?, comment)?,
        Verdict::Waived => reviewer.waive(thing, comment)?,
        Verdict::Undone => reviewer.undo(thing, comment)?,
        Verdict::Corrected => {
            let correction = Correction {
                subject: entity(store, given.one("subject"))?,
                relation: Some(review::relation(given.one("relation"))?),
                object: entity(store, given.one("object"))?,
                negated: Some(given.one("negated") == "true"),
            };
            reviewer.correct(thing, correction, None, comment)?
        }
    };
    Ok(store.flush()?)
}

/// The entity that a curator means: an identifier, or a name that the store knows; nothing where nothing is given.
fn entity(store: &Store, name: &str) -> Result<Option<NamedNode>, Problem> {
    if name.is_empty() {
        return Ok(None);
    }
    if let Some(iri) = Prefixes::shipped().resolve(name) {
        return Ok(Some(iri));
    }
    match query::resolve(store, "entity", name, Some(query::Kind::Entity))?.term {
        Term::NamedNode(iri) => Ok(Some(iri)),
        other => Err(Problem::bad(format!("{other} is a value, not an entity: give an identifier or a name"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decided_is_told_where_one_came_from() {
        assert_eq!(told("/gaps?level=error&done=x#f-1", "https://x.org/claim/ab"), "/gaps?level=error&done=https://x.org/claim/ab");
        assert_eq!(told("/article/doi:10.1/a", "https://x.org/claim/ab"), "/article/doi:10.1/a?done=https://x.org/claim/ab#c-ab");
        assert_eq!(told("/claim/ab", "https://x.org/claim/ab"), "/claim/ab");
    }
}
