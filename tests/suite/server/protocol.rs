//! Queries, whole graphs and descriptions.

use super::*;
use evigraph::graph::Prefixes;
use oxigraph::io::{RdfFormat, RdfParser};

const LABELS: &str = "SELECT ?l { ?s rdfs:label ?l FILTER STRSTARTS(STR(?s), 'urn:') } ORDER BY ?l";

#[test]
fn a_query_comes_in_three_ways() {
    let server = Running::start(cells(), |_| {});
    let wanted = "l\r\nB cell\r\nT cell\r\nneutrophil\r\n";
    let csv = [("accept", "text/csv")];
    let found = get(&server.url(&format!("/sparql?query={}", encoded(LABELS))), &csv);
    assert_eq!((found.status, found.text().as_str(), found.header("content-type")), (200, wanted, "text/csv; charset=utf-8"));
    let form = format!("query={}", encoded(LABELS));
    assert_eq!(post(&server.url("/sparql"), "application/x-www-form-urlencoded", &csv, &form).text(), wanted);
    assert_eq!(ask(&server, LABELS).text(), wanted);
    let head = send("HEAD", &server.url(&format!("/sparql?query={}", encoded(LABELS))), &csv, None).expect("an answer");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn the_form_follows_the_client() {
    let server = Running::start(cells(), |_| {});
    let media = |query: &str, accept: &str| {
        let found = post(&server.url("/sparql"), "application/sparql-query", &[("accept", accept)], query);
        (found.status, found.header("content-type").to_owned())
    };
    let select = "SELECT * { ?s ?p ?o } LIMIT 1";
    assert_eq!(media(select, "*/*"), (200, "application/sparql-results+json".into()));
    assert_eq!(media(select, "application/sparql-results+xml, application/json;q=0.5"), (200, "application/sparql-results+xml".into()));
    assert_eq!(media("ASK {}", "text/turtle, text/csv;q=0.1"), (200, "text/csv; charset=utf-8".into()));
    let construct = "CONSTRUCT WHERE { ?s rdfs:label ?l }";
    assert_eq!(media(construct, "text/csv, application/ld+json;q=0.2, application/rdf+xml;q=0.3"), (200, "application/rdf+xml".into()));
    assert_eq!(media(construct, "text/html"), (406, "text/plain; charset=utf-8".into()));
    assert_eq!(media(select, "image/png").0, 406);
    let named = get(&server.url(&format!("/sparql?format=tsv&query={}", encoded(select))), &[("accept", "application/json")]);
    assert_eq!(named.header("content-type"), "text/tab-separated-values; charset=utf-8");
}

#[test]
fn the_default_graph_is_the_union_unless_the_client_says_otherwise() {
    let server = Running::start(cells(), |_| {});
    let count =
        |more: &str| get(&server.url(&format!("/sparql?format=csv&query={}{more}", encoded(LABELS))), &[]).text().lines().count() - 1;
    assert_eq!(count(""), 3);
    assert_eq!(count("&default-graph-uri=urn:one"), 1);
    assert_eq!(count("&default-graph-uri=urn:one&default-graph-uri=urn:two"), 2);
    assert_eq!(count("&named-graph-uri=urn:one"), 0);
    let strict = Running::start(cells(), |o| o.strict = true);
    assert_eq!(ask(&strict, LABELS).text(), "l\r\nneutrophil\r\n");
    let graphs = "SELECT ?g { GRAPH ?g { ?s rdfs:label ?l } }";
    let named = get(&server.url(&format!("/sparql?format=csv&named-graph-uri=urn:two&query={}", encoded(graphs))), &[]);
    assert_eq!(named.text(), "g\r\nurn:two\r\n");
}

#[test]
fn a_wrong_request_is_told_what_is_wrong() {
    let server = Running::start(cells(), |_| {});
    let form = "application/x-www-form-urlencoded";
    let refused = |answer: Answer, status: u16, part: &str| {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(part), "{part:?} is not in {}", answer.text());
    };
    refused(
        ask(&server, "SELECT ?s WHERE {\n  ?s a evii:Claim\n}"),
        400,
        "line 2, column 8: the prefix evii: is not known; did you mean evi:?",
    );
    refused(ask(&server, "SELECT * { ?a (rdfs:seeAlso|rdfs:label)* ?b }"), 400, "may start and end anywhere");
    refused(ask(&server, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), 403, "--allow");
    refused(post(&server.url("/sparql"), "text/plain", &[], "ASK {}"), 415, "application/sparql-query");
    refused(post(&server.url("/sparql"), form, &[], "query=ASK%7B%7D&query=ASK%7B%7D"), 400, "once");
    refused(post(&server.url("/sparql"), form, &[], "x=1"), 400, "neither a query nor an update");
    refused(post(&server.url("/sparql"), form, &[], "query=%ff"), 400, "UTF-8");
    refused(get(&server.url("/sparql?update=DROP%20ALL"), &[]), 400, "by POST");
    refused(get(&server.url("/sparql?timeout=soon&query=ASK%7B%7D"), &[]), 400, "number of seconds");
    refused(get(&server.url("/sparql?default-graph-uri=no%20iri&query=ASK%7B%7D"), &[]), 400, "no IRI");
    refused(send("PUT", &server.url("/sparql"), &[], Some(b"ASK {}")).expect("an answer"), 405, "GET");
    refused(get(&server.url("/nowhere"), &[]), 404, "nothing at this address");
}

#[test]
fn graphs_are_read_put_and_taken_out() {
    let server = Running::start(cells(), writable);
    let graph = |iri: &str| server.url(&format!("/graphs?graph={}", encoded(iri)));
    let read = |url: &str| get(url, &[("accept", "application/n-triples")]);
    assert!(read(&graph("urn:two")).text().contains("<urn:b> <http://www.w3.org/2000/01/rdf-schema#label> \"B cell\" ."));
    assert_eq!(read(&graph("urn:none")).status, 404);
    let put =
        |url: &str, text: &str| send("PUT", url, &[bearer(), ("content-type", "text/turtle")], Some(text.as_bytes())).expect("an answer");
    assert_eq!(put(&graph("urn:three"), "<> <p> <b> .").status, 201);
    assert_eq!(put(&graph("urn:three"), "<urn:x> <urn:p> <urn:y> .").status, 204);
    assert_eq!(read(&graph("urn:three")).text(), "<urn:x> <urn:p> <urn:y> .\n");
    let added = post(&graph("urn:three"), "application/n-triples", &[bearer()], "<urn:x> <urn:p> <urn:z> .");
    assert_eq!((added.status, read(&graph("urn:three")).text().lines().count()), (204, 2));
    let wrong = put(&graph("urn:three"), "<urn:x> <urn:p> ");
    assert_eq!((wrong.status, read(&graph("urn:three")).text().lines().count()), (400, 2), "{}", wrong.text());
    let direct = server.url("/graphs/my/own.ttl");
    assert_eq!(put(&direct, "<> a <urn:C> .").status, 201);
    assert!(read(&direct).text().starts_with(&format!("<{direct}> ")), "{}", read(&direct).text());
    assert_eq!(read(&graph(&direct)).text(), read(&direct).text());
    let made = post(&server.url("/graphs"), "text/turtle", &[bearer()], "<urn:n> a <urn:C> .");
    assert_eq!((made.status, read(made.header("location")).text().lines().count()), (201, 1));
    assert_ne!(post(&server.url("/graphs"), "text/turtle", &[bearer()], "<urn:n> a <urn:C> .").header("location"), made.header("location"));
    let gone = |url: &str| send("DELETE", url, &[bearer()], None).expect("an answer").status;
    assert_eq!((gone(&graph("urn:three")), gone(&graph("urn:three")), read(&graph("urn:three")).status), (204, 404, 404));
    let all = get(&server.url("/graphs"), &[]);
    assert_eq!(all.header("content-type"), "application/n-quads");
    let quads = RdfParser::from_format(RdfFormat::NQuads).for_slice(&all.body).collect::<Result<Vec<_>, _>>().expect("N-Quads");
    assert!(quads.iter().any(|q| q.graph_name.to_string() == "<urn:two>") && quads.iter().any(|q| q.graph_name.is_default_graph()));
    let without = send("PUT", &graph("urn:four"), &[("content-type", "text/turtle")], Some(b"")).expect("an answer");
    assert_eq!((without.status, without.header("www-authenticate")), (401, "Bearer realm=\"evigraph\""));
    assert_eq!(get(&server.url("/graphs?graph=relative"), &[]).status, 400);
}

#[test]
fn the_server_describes_itself() {
    let server = Running::start(cells(), writable);
    let triples = |answer: Answer| {
        let format = RdfFormat::from_media_type(answer.header("content-type")).expect("RDF");
        RdfParser::from_format(format).for_slice(&answer.body).map(|q| q.expect("valid RDF").to_string()).collect::<Vec<_>>().join("\n")
    };
    let description = triples(get(&server.url("/sparql"), &[("accept", "text/turtle")]));
    let endpoint = server.url("/sparql");
    assert!(description.contains(&format!("<{endpoint}> <http://www.w3.org/ns/sparql-service-description#endpoint> <{endpoint}>")));
    assert!(description.contains("#SPARQL11Update") && description.contains("#UnionDefaultGraph"), "{description}");
    assert_eq!(description.lines().count(), triples(get(&server.url("/"), &[("accept", "application/rdf+xml")])).lines().count());
    let readonly = Running::start(cells(), |_| {});
    assert!(!triples(get(&readonly.url("/sparql"), &[])).contains("SPARQL11Update"));
    let void = triples(get(&server.url("/.well-known/void"), &[("accept", "application/ld+json")]));
    assert!(void.contains("<http://rdfs.org/ns/void#sparqlEndpoint>") && void.contains("void#triples"), "{void}");
    assert_eq!(get(&server.url("/health"), &[]).text(), "ok\n");
    let metrics = get(&server.url("/metrics"), &[]).text();
    assert!(
        metrics.contains("evigraph_requests_total{method=\"GET\",route=\"/sparql\",status=\"200\"}") && metrics.ends_with("# EOF\n"),
        "{metrics}"
    );
    assert!(Prefixes::shipped().namespace("evi").is_some());
}

#[test]
fn home_is_a_page_for_people() {
    let server = Running::start(cells(), |_| {});
    let page = get(&server.url("/"), &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")]);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text().starts_with("<!DOCTYPE html>") && !page.text().contains("<script>") && !page.text().contains("style="));
    let style = get(&server.url("/assets/style.css"), &[]);
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
}
