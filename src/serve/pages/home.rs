//! The home page: what the store holds, and where to go.

use super::layout;
use crate::serve::{Problem, Site, accept, describe};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::html;
use std::sync::Arc;

/// The home page; for a program that asks for RDF, the description of the service.
pub(super) async fn page(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Problem> {
    if !accept::wants_page(&headers) {
        return describe::service(&site, &headers).await;
    }
    let info = site.read(|store, _| Ok(crate::store::info(store)?)).await?;
    let counts = [("Articles", info.articles), ("Claims", info.claims), ("Outcomes", info.outcome_claims), ("Entities", info.entities)];
    let content = html! {
        table {
            caption { "What the store holds" }
            @for (what, count) in counts { tr { th scope="row" { (what) } td { (count) } } }
        }
        @if info.articles == 0 {
            p { "The store is empty. Fill it with:" }
            pre { code { "evigraph ingest ARTICLE…" } }
        }
        p { "SPARQL is spoken at " code { "/sparql" } ", whole graphs are at " code { "/graphs" } "." }
    };
    Ok(layout("Home", content).into_response())
}
