//! Time, rows, turns, clients that leave, many at once, and the end.

use super::*;
use std::time::Instant;

#[test]
fn a_query_stops_at_its_time_limit() {
    let server = Running::start(many(3000), |o| o.timeout = Some(Duration::from_millis(500)));
    let timed = |query: &str| {
        let began = Instant::now();
        let answer = ask(&server, query);
        (answer.status, began.elapsed())
    };
    // The work itself ends too, not only the wait for it.
    let reading = "SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x FILTER NOT EXISTS { ?b <urn:p> ?y FILTER(?x + ?y < 0) } }";
    let (status, took) = timed(reading);
    assert_eq!(status, 504);
    assert!(took < Duration::from_millis(1500), "took {took:?}");
    server.wait_for("evigraph_queries_running", 0);
    for (query, most) in [
        ("SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z FILTER(?x + ?y = ?z * 7) }", 1),
        ("SELECT * { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z } ORDER BY ?x ?y ?z", 5),
    ] {
        let (status, took) = timed(query);
        assert_eq!(status, 504, "{query}");
        assert!(took < Duration::from_millis(500) + Duration::from_secs(most), "{query} took {took:?}");
        server.wait_for("evigraph_queries_running", 0);
    }
    assert_eq!(server.metric("evigraph_query_timeouts_total"), 3);
    let began = Instant::now();
    let slow = "SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z FILTER(?x + ?y = ?z * 7) }";
    assert_eq!(get(&server.url(&format!("/sparql?timeout=0.1&query={}", encoded(slow))), &[]).status, 504);
    assert!(began.elapsed() < Duration::from_millis(1100));
}

#[test]
fn an_answer_that_is_cut_does_not_look_whole() {
    let server = Running::start(many(20_000), |o| o.max_rows = Some(15_000));
    let few = Running::start(many(100), |o| o.max_rows = Some(10));
    let all = "SELECT * { ?s <urn:p> ?o }";
    let small = ask(&few, all);
    assert_eq!(small.status, 422, "{}", small.text());
    assert!(small.text().contains("more than 10 rows"));
    assert_eq!(ask(&few, &format!("{all} LIMIT 10")).status, 200);
    // Begun, then broken off: the client sees an error.
    let cut = send("POST", &server.url("/sparql"), &[("content-type", "application/sparql-query")], Some(all.as_bytes()));
    assert!(cut.is_err(), "a cut answer came as {}", cut.map(|a| a.status).unwrap_or_default());
    let whole = ask(&server, &format!("{all} LIMIT 15000"));
    assert_eq!((whole.status, whole.text().lines().count()), (200, 15_001));
}

#[test]
fn a_client_that_leaves_stops_its_query() {
    let server = Running::start(many(3000), |_| {});
    for query in [
        "SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z FILTER(?x + ?y = ?z * 7) }",
        "SELECT * { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z }",
    ] {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        let head = format!(
            "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: {}\r\n\r\n{query}",
            query.len()
        );
        stream.write_all(head.as_bytes()).expect("a request");
        server.wait_for("evigraph_queries_running", 1);
        drop(stream);
        server.wait_for("evigraph_queries_running", 0);
    }
}

#[test]
fn more_than_may_wait_is_told_to_come_again() {
    let server = Running::start(many(3000), |o| {
        o.queries = 1;
        o.waiting = 0;
        o.timeout = Some(Duration::from_secs(2));
    });
    std::thread::scope(|scope| {
        scope.spawn(|| ask(&server, "SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z FILTER(?x + ?y = ?z * 7) }"));
        server.wait_for("evigraph_queries_running", 1);
        let refused = ask(&server, "ASK {}");
        assert_eq!((refused.status, refused.header("retry-after")), (503, "1"));
        assert_eq!(get(&server.url("/health"), &[]).status, 200);
    });
    server.wait_for("evigraph_queries_running", 0);
    assert_eq!(ask(&server, "ASK {}").status, 200);
}

#[test]
fn many_at_once_get_an_answer_or_a_refusal_that_is_documented() {
    let server = Running::start(many(500), |o| {
        writable(o);
        o.waiting = 64;
    });
    let until = Instant::now() + Duration::from_secs(3);
    let counts = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..100)
            .map(|i| {
                let server = &server;
                scope.spawn(move || {
                    let (mut good, mut refused) = (0, 0);
                    while Instant::now() < until {
                        let answer = ask(server, &format!("SELECT ?o {{ <urn:s{i}> <urn:p> ?o }}"));
                        match answer.status {
                            200 => good += usize::from(answer.text() == format!("o\r\n{i}\r\n")),
                            503 => refused += usize::from(answer.header("retry-after") == "1"),
                            other => panic!("{other}: {}", answer.text()),
                        }
                    }
                    (good, refused)
                })
            })
            .collect();
        for writer in 0..10 {
            let server = &server;
            scope.spawn(move || {
                let mut i = 0;
                while Instant::now() < until {
                    i += 1;
                    let text = format!("INSERT DATA {{ GRAPH <urn:w{writer}> {{ <urn:w> <urn:q> {i} }} }}");
                    let status = post(&server.url("/sparql"), "application/sparql-update", &[bearer()], &text).status;
                    assert!(matches!(status, 204 | 503), "{status}");
                }
            });
        }
        readers.into_iter().map(|r| r.join().expect("no panic")).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    });
    assert!(counts.0 > 100, "{counts:?}");
    assert_eq!(server.metric("evigraph_queries_running"), 0);
}

#[test]
fn a_shutdown_finishes_what_runs() {
    let mut server = Running::start(many(3000), |_| {});
    // A second or so of work.
    let query = "SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x . ?b <urn:p> ?y FILTER(?x < 600 && ?x * 3 = ?y + 5) }";
    let asked = std::thread::scope(|scope| {
        let asked = scope.spawn(|| ask(&server, query));
        server.wait_for("evigraph_queries_running", 1);
        server.stop.stop();
        asked.join().expect("no panic")
    });
    assert_eq!(asked.status, 200);
    assert!(server.thread.take().expect("it runs").join().expect("no panic").is_ok());
    assert!(TcpStream::connect(server.address).is_err(), "it still listens");
}

#[test]
fn a_shutdown_does_not_wait_for_ever() {
    let mut server = Running::start(many(3000), |o| o.grace = Duration::from_millis(300));
    let address = server.address;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The answer is an error or a broken connection, either of which tells the client.
            let sent = send(
                "POST",
                &format!("http://{address}/sparql"),
                &[("content-type", "application/sparql-query")],
                Some(b"SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z FILTER(?x + ?y = ?z * 7) }"),
            );
            assert!(sent.map_or(true, |a| a.status == 503));
        });
        server.wait_for("evigraph_queries_running", 1);
        let began = Instant::now();
        server.stop.stop();
        assert!(server.thread.take().expect("it runs").join().expect("no panic").is_ok());
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    });
}
