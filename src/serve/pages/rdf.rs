//! A claim, article or entity as RDF, by extension or by what the client asks for.

use super::link;
use crate::export::{Curation, Filter, write_rdf};
use crate::serve::accept::{TRIPLES, choose, wants_page};
use crate::serve::sparql::{serializer, with_charset};
use crate::serve::{Problem, Site, answer};
use crate::store::{Answer, GraphStore as _, QueryOptions};
use axum::http::HeaderMap;
use axum::response::Response;
use oxigraph::io::RdfFormat;
use oxigraph::model::{GraphName, NamedNode, Variable};
use std::sync::Arc;

/// What has a page and forms of RDF at the same address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A claim with all that belongs to it.
    Claim,
    /// All that an article says.
    Article,
    /// The statements with the thing as their subject.
    Thing,
}

/// What an address asks for.
pub(super) enum Asked {
    /// The page of the thing.
    Page(NamedNode),
    /// What the graph says of it, ready to be sent.
    Rdf(Response),
}

impl Kind {
    /// The problem that the store has nothing of this name.
    pub(super) fn missing(self) -> Problem {
        Problem::missing(match self {
            Self::Claim => "there is no such claim in the store",
            Self::Article => "there is no such article in the store",
            Self::Thing => "the store knows nothing of this name: give an identifier such as HGNC:6018, or look for words",
        })
    }
}

/// Reads what an address names, and answers where it or a header asks for RDF.
///
/// # Errors
/// 404 where it names nothing, 406 where the client wants RDF in a form that is not known.
pub(super) async fn asked(site: &Arc<Site>, kind: Kind, id: &str, headers: &HeaderMap) -> Result<Asked, Problem> {
    let (id, form) = form(id, headers)?;
    let thing = link::iri(site.store().base(), kind == Kind::Claim, id).ok_or_else(|| kind.missing())?;
    match form {
        None => Ok(Asked::Page(thing)),
        Some(form) => send(site, kind, thing, form).await.map(Asked::Rdf),
    }
}

/// The part of an address that names the thing, and the form of RDF that it or the header asks for; none for the page.
fn form<'a>(id: &'a str, headers: &HeaderMap) -> Result<(&'a str, Option<Form>), Problem> {
    let offer = |name| choose(headers, name, TRIPLES).map(|o| (with_charset(o.media), o.form));
    for (extension, name) in [(".ttl", "ttl"), (".nt", "nt"), (".rdf", "rdf"), (".jsonld", "jsonld"), (".json", "jsonld")] {
        if let Some(id) = id.strip_suffix(extension).filter(|id| !id.is_empty()) {
            return Ok((id, Some(offer(Some(name))?)));
        }
    }
    Ok((id, if wants_page(headers) { None } else { Some(offer(None)?) }))
}

/// A form of RDF with its media type.
type Form = (&'static str, RdfFormat);

/// Sends the part of the graph that speaks of a thing.
async fn send(site: &Arc<Site>, kind: Kind, thing: NamedNode, (media, form): Form) -> Result<Response, Problem> {
    answer::stream(site, None, move |store, token, tell, out| {
        let failed = |e: std::io::Error| Problem::internal(e.to_string());
        let missing = || kind.missing();
        match kind {
            Kind::Claim => {
                let article = super::claim::article_of(store, &thing)?.ok_or_else(missing)?;
                let filter = Filter::none().equal("article_id", article.as_str()).equal("claim_id", thing.as_str());
                tell(media);
                write_rdf(store, &filter, &Curation::load(store)?, form, out)?;
            }
            Kind::Article => {
                let graph = GraphName::from(thing);
                if !store.has_graph(&graph)? {
                    return Err(missing());
                }
                tell(media);
                let mut writer = serializer(form).for_writer(out);
                for quad in store.statements(Some(&graph)) {
                    writer.serialize_triple(quad?.as_ref()).map_err(failed)?;
                }
                writer.finish().map_err(failed)?;
            }
            Kind::Thing => {
                let parameters = vec![(Variable::new_unchecked("thing"), thing.into())];
                let options = QueryOptions { parameters, cancel: Some(token), ..QueryOptions::default() };
                let Answer::Triples(triples) = store.query("CONSTRUCT { ?thing ?p ?o } WHERE { ?thing ?p ?o }", &options)? else {
                    return Err(missing());
                };
                let triples = triples.collect::<Result<Vec<_>, _>>()?;
                if triples.is_empty() {
                    return Err(missing());
                }
                tell(media);
                let mut writer = serializer(form).for_writer(out);
                triples.iter().try_for_each(|t| writer.serialize_triple(t)).map_err(failed)?;
                writer.finish().map_err(failed)?;
            }
        }
        Ok(())
    })
    .await
}

/// Links to a thing's forms of RDF.
pub(super) fn links(path: &str) -> maud::Markup {
    maud::html! {
        p class="downloads" { @for (extension, name) in [("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"), ("rdf", "RDF/XML")] {
            a href=(format!("{path}.{extension}")) { (name) } " "
        } }
    }
}
