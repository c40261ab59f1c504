//! Content negotiation (RFC 9110, section 12.5.1): which of the forms on offer a client likes best.

use super::Problem;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use oxigraph::sparql::results::QueryResultsFormat;

/// A form on offer: the media type it is sent with, others by which it may be asked for, and its short name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer<T: 'static> {
    pub(super) media: &'static str,
    others: &'static [&'static str],
    name: &'static str,
    pub(super) form: T,
}

/// Forms of rows and truth values, the first being the default.
pub(super) const RESULTS: &[Offer<QueryResultsFormat>] = &[
    offer("application/sparql-results+json", &["application/json", "text/json"], "json", QueryResultsFormat::Json),
    offer("application/sparql-results+xml", &["application/xml", "text/xml"], "xml", QueryResultsFormat::Xml),
    offer("text/csv", &[], "csv", QueryResultsFormat::Csv),
    offer("text/tab-separated-values", &[], "tsv", QueryResultsFormat::Tsv),
];

/// Forms of triples, the first being the default.
pub(super) const TRIPLES: &[Offer<RdfFormat>] = &[
    offer("text/turtle", &["application/turtle", "application/x-turtle", "text/n3"], "ttl", RdfFormat::Turtle),
    offer("application/n-triples", &["text/plain"], "nt", RdfFormat::NTriples),
    offer("application/rdf+xml", &["application/xml", "text/xml"], "rdf", RdfFormat::RdfXml),
    offer("application/ld+json", &["application/json", "json-ld"], "jsonld", RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }),
];

/// Forms of whole datasets, the first being the default.
pub(super) const QUADS: &[Offer<RdfFormat>] = &[
    offer("application/n-quads", &["text/x-nquads"], "nq", RdfFormat::NQuads),
    offer("application/trig", &[], "trig", RdfFormat::TriG),
    offer("application/ld+json", &["application/json", "json-ld"], "jsonld", RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }),
];

const fn offer<T>(media: &'static str, others: &'static [&'static str], name: &'static str, form: T) -> Offer<T> {
    Offer { media, others, name, form }
}

/// The best form for a client: the one named outright by its short name, media type or subtype (`format=csv`, `format=turtle`), else the one its Accept header likes best.
///
/// # Errors
/// 406 where none is acceptable.
pub(super) fn choose<T: Copy>(headers: &HeaderMap, named: Option<&str>, offers: &[Offer<T>]) -> Result<Offer<T>, Problem> {
    let none = || {
        let known: Vec<_> = offers.iter().map(|o| format!("{} ({})", o.media, o.name)).collect();
        Problem::new(StatusCode::NOT_ACCEPTABLE, format!("the answer comes in none of the forms asked for; there are {}", known.join(", ")))
    };
    if let Some(named) = named {
        let subtype = |media: &str| media.rsplit('/').next() == Some(named);
        let fits =
            |o: &&Offer<T>| o.name == named || o.media == named || subtype(o.media) || o.others.iter().any(|m| *m == named || subtype(m));
        return offers.iter().find(fits).copied().ok_or_else(none);
    }
    let ranges = ranges(headers);
    if ranges.is_empty() {
        return offers.first().copied().ok_or_else(none);
    }
    let mut best: Option<(u16, Offer<T>)> = None;
    for offer in offers {
        let weight = std::iter::once(&offer.media).chain(offer.others).map(|media| weight(&ranges, media)).max().unwrap_or(0);
        if weight > best.as_ref().map_or(0, |b| b.0) {
            best = Some((weight, *offer));
        }
    }
    best.map(|b| b.1).ok_or_else(none)
}

/// Whether a page is what the client wants: unless it names a form of triples and no HTML.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    names_html(headers) || !TRIPLES.iter().any(|offer| names(headers, offer.media))
}

/// Whether the client names HTML: browsers do.
pub(super) fn names_html(headers: &HeaderMap) -> bool {
    names(headers, "text/html")
}

fn names(headers: &HeaderMap, media: &str) -> bool {
    ranges(headers).iter().any(|(kind, sub, weight)| *weight > 0 && media.split_once('/') == Some((kind, sub)))
}

/// The ranges of the Accept headers: type, subtype, and weight in thousandths.
fn ranges(headers: &HeaderMap) -> Vec<(String, String, u16)> {
    let range = |part: &str| {
        let mut pieces = part.split(';').map(str::trim);
        let (kind, sub) = pieces.next()?.split_once('/')?;
        let weight =
            pieces.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q="))).map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
        Some((kind.trim().to_lowercase(), sub.trim().to_lowercase(), (weight.clamp(0.0, 1.0) * 1000.0).round() as u16))
    };
    headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).filter_map(range).collect()
}

/// How much a media type is liked: the most specific range that fits it says so.
fn weight(ranges: &[(String, String, u16)], media: &str) -> u16 {
    let (kind, sub) = media.split_once('/').unwrap_or((media, ""));
    let fit = |r: &&(String, String, u16)| (r.0 == "*" || r.0 == kind) && (r.1 == "*" || r.1 == sub);
    let specific = |r: &&(String, String, u16)| (usize::from(r.0 != "*") + usize::from(r.1 != "*"), r.2);
    ranges.iter().filter(fit).max_by_key(specific).map_or(0, |r| r.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().expect("a header"));
        choose(&headers, None, RESULTS).ok().map(|o| o.media)
    }

    #[test]
    fn the_best_liked_form_is_chosen() {
        assert_eq!(chosen("text/csv"), Some("text/csv"));
        assert_eq!(chosen("application/json;q=0.2, text/tab-separated-values;q=0.9"), Some("text/tab-separated-values"));
        assert_eq!(chosen("*/*"), Some("application/sparql-results+json"));
        assert_eq!(chosen("text/*"), Some("application/sparql-results+json"), "text/json is a name of it");
        assert_eq!(
            chosen("application/sparql-results+json;q=0, */*;q=0.1, text/json;q=0, application/json;q=0"),
            Some("application/sparql-results+xml")
        );
        assert_eq!(chosen("image/png"), None);
        assert_eq!(chosen("text/csv;q=0"), None);
    }

    #[test]
    fn pages_are_for_who_names_them_or_no_triples() {
        for (accept, page, html) in [
            ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", true, true),
            ("text/turtle", false, false),
            ("Text/HTML;q=0.2, text/turtle", true, true),
            ("text/html;q=0, text/turtle", false, false),
            ("*/*", true, false),
            ("application/json", true, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().expect("a header"));
            assert_eq!((wants_page(&headers), names_html(&headers)), (page, html), "{accept}");
        }
        assert!(wants_page(&HeaderMap::new()) && !names_html(&HeaderMap::new()));
    }

    #[test]
    fn a_form_may_be_named_outright() {
        let headers = HeaderMap::new();
        assert_eq!(choose(&headers, Some("xml"), RESULTS).ok().map(|o| o.media), Some("application/sparql-results+xml"));
        assert!(choose(&headers, Some("docx"), RESULTS).is_err());
        for (named, name) in
            [("text/turtle", "ttl"), ("turtle", "ttl"), ("rdf+xml", "rdf"), ("xml", "rdf"), ("json-ld", "jsonld"), ("json", "jsonld")]
        {
            assert_eq!(choose(&headers, Some(named), TRIPLES).ok().map(|o| o.name), Some(name));
        }
    }
}
