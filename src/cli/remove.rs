//! `evigraph remove`: articles out of the store.

use super::Status;
use super::args::Remove;
use super::setting::Setting;
use super::terminal::count;
use crate::document::{Document, Format, Identifiers};
use crate::graph::{Base, Prefixes, article_iri};
use crate::query::nearest;
use crate::store::GraphStore;
use anyhow::{Result, anyhow};
use oxigraph::model::NamedNode;

/// Removes each article; those that are not there are told, and the others go.
pub fn run(args: &Remove, setting: &Setting) -> Result<Status> {
    let store = &*setting.open_to_write()?;
    let (mut removed, mut status) = (0, Status::Done);
    for name in &args.articles {
        match find(store, name)? {
            Some(article) if store.remove(&article)? => removed += 1,
            _ => {
                setting.terminal.error(&unknown(store, name)?);
                status = Status::Partial;
            }
        }
    }
    store.flush()?;
    setting.terminal.note(format!("removed {}", count(removed, "article")));
    Ok(status)
}

/// The article that a user calls `name`: its IRI, identifier, or the path it was read from.
pub fn find(store: &dyn GraphStore, name: &str) -> Result<Option<NamedNode>> {
    let articles = store.articles()?;
    Ok(readings(name, store.base()).into_iter().find(|iri| articles.binary_search(iri).is_ok()))
}

/// What `name` may mean, likeliest first.
fn readings(name: &str, base: &Base) -> Vec<NamedNode> {
    let mut found: Vec<NamedNode> = Prefixes::shipped().resolve(name).into_iter().collect();
    let mut as_article = |change: &dyn Fn(&mut Document)| {
        let mut document = Document::new(name, Format::Text);
        change(&mut document);
        found.push(article_iri(&document, base));
    };
    as_article(&|d| d.identifiers = Identifiers::find(name));
    as_article(&|d| d.given_id = Some(name.to_owned()));
    as_article(&|_| {});
    found
}

fn unknown(store: &dyn GraphStore, name: &str) -> Result<anyhow::Error> {
    let articles: Vec<String> = store.articles()?.iter().map(|a| Prefixes::shipped().shorten(a.as_str())).collect();
    let meant = nearest(name, articles.iter().map(String::as_str)).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    Ok(anyhow!("no article named {name:?} in the store{meant} (`evigraph export articles` lists them)"))
}
