//! A claim, article or entity as RDF, by extension or by what the client asks for.

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

/// What is asked for: a thing by the part of the address that names it, and the form of RDF, none for the page.
pub(super) struct Asked {
    pub(super) id: String,
    pub(super) form: Option<(&'static str, RdfFormat)>,
}

/// Reads the form that an address or a header asks for.
///
/// # Errors
/// 406 where the client wants RDF in a form that is not known.
pub(super) fn asked(id: &str, headers: &HeaderMap) -> Result<Asked, Problem> {
    for (extension, name) in [(".ttl", "ttl"), (".nt", "nt"), (".rdf", "rdf"), (".jsonld", "jsonld"), (".json", "jsonld")] {
        if let Some(id) = id.strip_suffix(extension).filter(|id| !id.is_empty()) {
            let offer = choose(headers, Some(name), TRIPLES)?;
            return Ok(Asked { id: id.to_owned(), form: Some((with_charset(offer.media), offer.form)) });
        }
    }
    let form = if wants_page(headers) { None } else { Some(choose(headers, None, TRIPLES)?) };
    Ok(Asked { id: id.to_owned(), form: form.map(|o| (with_charset(o.media), o.form)) })
}

/// What is said of a thing.
pub(super) enum Part {
    /// A claim with all that belongs to it.
    Claim(NamedNode),
    /// All that an article says.
    Article(NamedNode),
    /// The statements with the thing as their subject.
    Thing(NamedNode),
}

/// Sends the part of the graph that speaks of a thing.
pub(super) async fn send(site: &Arc<Site>, part: Part, (media, form): (&'static str, RdfFormat)) -> Result<Response, Problem> {
    answer::stream(site, None, move |store, token, tell, out| {
        let failed = |e: std::io::Error| Problem::internal(e.to_string());
        let missing = || Problem::missing("the store knows nothing of it");
        match part {
            Part::Claim(claim) => {
                let article = super::claim::article_of(store, &claim)?.ok_or_else(missing)?;
                let filter = Filter::none().equal("article_id", article.as_str()).equal("claim_id", claim.as_str());
                tell(media);
                write_rdf(store, &filter, &Curation::load(store)?, form, out)?;
            }
            Part::Article(article) => {
                let graph = GraphName::from(article);
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
            Part::Thing(thing) => {
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
