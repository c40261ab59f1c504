//! What is served beside the pages. Names are looked up in a list, never on a disk.

use crate::serve::Problem;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Name, media type, content.
type Asset = (&'static str, &'static str, &'static [u8]);

const SHIPPED: &[Asset] = &[
    ("style.css", STYLE, include_bytes!("../../../web/style.css")),
    ("workbench.js", SCRIPT, include_bytes!("../../../web/workbench.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../../web/icon.svg")),
];

// Modules that need packages: bundled by `make`, none in a build without Node.
include!(concat!(env!("OUT_DIR"), "/bundle.rs"));

fn all() -> impl Iterator<Item = Asset> {
    SHIPPED.iter().copied().chain(BUNDLE.iter().map(|(name, bytes)| (*name, SCRIPT, *bytes)))
}

/// Tags by which browsers know that they have a file already.
static TAGS: LazyLock<BTreeMap<&str, String>> = LazyLock::new(|| {
    let tag = |bytes: &[u8]| Sha256::digest(bytes).iter().take(8).map(|b| format!("{b:02x}")).collect::<String>();
    all().map(|(name, _, bytes)| (name, format!("W/\"{}\"", tag(bytes)))).collect()
});

/// Whether this build holds the file.
pub(super) fn has(name: &str) -> bool {
    all().any(|a| a.0 == name)
}

/// A file that belongs to the pages.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let (name, media, content) = all().find(|a| a.0 == name).ok_or_else(|| Problem::missing("there is no such file"))?;
    let tag = TAGS.get(name).cloned().unwrap_or_default();
    let known = headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&tag));
    let head = [(CONTENT_TYPE, media.to_owned()), (CACHE_CONTROL, "no-cache".to_owned()), (ETAG, tag)];
    Ok(if known { (StatusCode::NOT_MODIFIED, head).into_response() } else { (head, content).into_response() })
}
