//! Updates: who may, all or nothing, and what they may reach.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};

fn update(server: &Running, headers: &[(&str, &str)], text: &str) -> Answer {
    post(&server.url("/sparql"), "application/sparql-update", headers, text)
}

fn count(server: &Running) -> String {
    ask(server, "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }").text()
}

#[test]
fn only_the_token_lets_write() {
    let server = Running::start(cells(), writable);
    let insert = "INSERT DATA { <urn:x> <urn:p> 1 }";
    assert_eq!(update(&server, &[], insert).status, 401);
    for wrong in ["Bearer a token for the test", "Bearer ", "Basic YTpi", "Bearer a token for the tests!"] {
        assert_eq!(update(&server, &[("authorization", wrong)], insert).status, 401, "{wrong}");
    }
    assert_eq!(count(&server), "n\r\n0\r\n");
    assert_eq!(update(&server, &[bearer()], insert).status, 204);
    assert_eq!(
        post(
            &server.url("/sparql"),
            "application/x-www-form-urlencoded",
            &[bearer()],
            &format!("update={}", encoded("INSERT DATA { <urn:y> <urn:p> 2 }"))
        )
        .status,
        204
    );
    assert_eq!(count(&server), "n\r\n2\r\n");
    let readonly = Running::start(cells(), |o| o.token = Token::new(TOKEN));
    assert_eq!(update(&readonly, &[bearer()], insert).status, 403);
}

#[test]
fn an_update_is_all_or_nothing() {
    let server = Running::start(cells(), writable);
    let failing = "INSERT DATA { <urn:x> <urn:p> 1 } ; CREATE GRAPH <urn:one>";
    assert_eq!(update(&server, &[bearer()], failing).status, 409);
    assert_eq!(count(&server), "n\r\n0\r\n");
    assert_eq!(update(&server, &[bearer()], "INSERT DATA { <urn:x> <urn:p> 1 } ; LOAD <http://127.0.0.1:9/x.ttl>").status, 403);
    assert_eq!(count(&server), "n\r\n0\r\n");
    let conflict = server.url("/sparql?using-graph-uri=urn:one");
    let with = "WITH <urn:one> INSERT { ?s <urn:p> 1 } WHERE { ?s rdfs:label ?l }";
    assert_eq!(post(&conflict, "application/sparql-update", &[bearer()], with).status, 400);
    let plain = "INSERT { ?s <urn:p> 1 } WHERE { ?s rdfs:label ?l }";
    assert_eq!(post(&conflict, "application/sparql-update", &[bearer()], plain).status, 204);
    assert_eq!(count(&server), "n\r\n1\r\n");
}

#[test]
fn readers_never_see_half_of_a_write() {
    let server = Running::start(cells(), writable);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for i in 0..40 {
                let rows: String = (0..50).map(|j| format!("<urn:s{j}> <urn:p> {i} . ")).collect();
                let replace = format!("DELETE {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <urn:g> {{ {rows} }} }} WHERE {{ OPTIONAL {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} }}");
                assert_eq!(update(&server, &[bearer()], &replace).status, 204);
            }
            stop.store(true, Ordering::SeqCst);
        });
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let found =
                        ask(&server, "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?v) { GRAPH <urn:g> { ?s <urn:p> ?o } }").text();
                    assert!(found == "n,v\r\n50,1\r\n" || found == "n,v\r\n0,0\r\n", "{found}");
                }
            });
        }
    });
}

#[test]
fn allowed_hosts_are_reached_and_no_others() {
    let other = Running::start(cells(), |_| {});
    let server = Running::start(Store::memory().expect("a store"), |o| {
        writable(o);
        o.services = vec![other.address.to_string()];
    });
    let far = format!("SELECT ?l {{ SERVICE <{}> {{ <urn:b> rdfs:label ?l }} }}", other.url("/sparql"));
    assert_eq!(ask(&server, &far).text(), "l\r\nB cell\r\n");
    let load = format!("LOAD <{}> INTO GRAPH <urn:loaded>", other.url("/graphs?graph=urn:one"));
    assert_eq!(update(&server, &[bearer()], &load).status, 204);
    assert_eq!(ask(&server, "SELECT ?l { GRAPH <urn:loaded> { ?s rdfs:label ?l } }").text(), "l\r\nT cell\r\n");
    assert_eq!(ask(&server, &format!("SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}", server.url("/sparql"))).status, 403);
    assert_eq!(update(&server, &[bearer()], "LOAD <file:///etc/passwd>").status, 403);
    let gone = format!("LOAD <{}>", other.url("/graphs?graph=urn:none"));
    assert_eq!(update(&server, &[bearer()], &gone).status, 502);
    assert_eq!(ask(&server, &far.replace("SERVICE", "SERVICE SILENT").replace(&other.address.to_string(), "192.0.2.1")).status, 200);
}
