//! What is refused: pages of others, names that are not ours, paths that climb, heads and bodies that are too large or too slow.

use super::*;

#[test]
fn names_of_others_are_refused() {
    let server = Running::start(cells(), |o| o.hosts = vec!["claims.example.org".to_owned()]);
    let status = |host: &str| raw(&server, format!("GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes());
    for host in ["127.0.0.1", "localhost:7878", "[::1]:80", "claims.example.org", "CLAIMS.example.org:443"] {
        assert!(status(host).starts_with("HTTP/1.1 200 "), "{host}: {}", status(host));
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7878", "claims.example.org.evil.example"] {
        assert!(status(host).starts_with("HTTP/1.1 421 "), "{host}: {}", status(host));
    }
    for head in [
        "GET /health HTTP/1.1\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
        "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n",
    ] {
        assert!(raw(&server, format!("{head}Connection: close\r\n\r\n").as_bytes()).starts_with("HTTP/1.1 400 "), "{head}");
    }
}

#[test]
fn pages_of_others_ask_only_where_they_may() {
    let server = Running::start(cells(), |o| {
        writable(o);
        o.origins = vec!["https://friend.example".to_owned()];
    });
    let from = |origin: &str| get(&server.url("/sparql?query=ASK%7B%7D"), &[("origin", origin)]);
    assert_eq!((from(&server.url("")).status, from("https://evil.example").status, from("null").status), (200, 403, 403));
    let friend = from("https://friend.example");
    assert_eq!((friend.status, friend.header("access-control-allow-origin")), (200, "https://friend.example"));
    assert_eq!(from("https://evil.example").header("access-control-allow-origin"), "");
    let preflight = [("origin", "https://friend.example"), ("access-control-request-method", "POST")];
    let answer = send("OPTIONS", &server.url("/sparql"), &preflight, None).expect("an answer");
    assert_eq!((answer.status, answer.header("access-control-allow-methods")), (204, "GET, HEAD, POST, PUT, DELETE"));
    let cookie = |origin: &str| {
        let headers = [("origin", origin), ("cookie", "evigraph-token=a token for the tests")];
        post(&server.url("/sparql"), "application/sparql-update", &headers, "INSERT DATA { <urn:x> <urn:p> 1 }").status
    };
    assert_eq!((cookie(&server.url("")), cookie("https://friend.example")), (204, 403), "a cookie counts only on pages of this server");
    let bare = [("cookie", "evigraph-token=a token for the tests")];
    assert_eq!(post(&server.url("/sparql"), "application/sparql-update", &bare, "CLEAR DEFAULT").status, 403);
}

#[test]
fn every_answer_forbids_what_it_should() {
    let server = Running::start(cells(), |_| {});
    for path in ["/", "/sparql?query=ASK%7B%7D", "/nowhere", "/assets/style.css", "/sparql?query=no"] {
        let answer = get(&server.url(path), &[]);
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!((answer.header("x-frame-options"), answer.header("referrer-policy")), ("DENY", "same-origin"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    let echoed = get(&server.url("/health"), &[("x-request-id", "mine-7")]);
    assert_eq!(echoed.header("x-request-id"), "mine-7");
}

#[test]
fn paths_that_climb_and_headers_that_split_lead_nowhere() {
    let server = Running::start(cells(), writable);
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
        "/assets/style.css%00.html",
        "/..",
        "//evil.example/",
    ] {
        let answer = raw(&server, format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 "), "{path}: {answer}");
    }
    // A line break in what comes back as a header, a name or a message.
    let made = raw(&server, b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\rSet-Cookie: b=c\r\nConnection: close\r\n\r\n");
    assert!(!made.to_lowercase().contains("\nset-cookie"), "{made}");
    let name = "/graphs/x%0d%0aSet-Cookie:%20a=b";
    let put =
        send("PUT", &server.url(name), &[bearer(), ("content-type", "text/turtle")], Some(b"<urn:a> a <urn:b> .")).expect("an answer");
    assert!(put.headers.get("set-cookie").is_none() && put.status < 500);
    let script = get(&server.url("/sparql?query=%3Cscript%3Ealert(1)%3C/script%3E"), &[("accept", "text/html, application/json")]);
    assert_eq!((script.status, script.header("content-type")), (400, "text/plain; charset=utf-8"));
}

#[test]
fn heads_and_bodies_that_are_too_large_or_slow_are_refused() {
    let server = Running::start(cells(), |o| {
        writable(o);
        o.max_body = 1000;
        o.max_query = 500;
        o.head_time = Duration::from_millis(400);
    });
    let long = "x".repeat(2000);
    let update = |body: &str| post(&server.url("/sparql"), "application/sparql-update", &[bearer()], body).status;
    assert_eq!(update(&format!("INSERT DATA {{ <urn:a> <urn:p> '{long}' }}")), 413);
    assert_eq!(ask(&server, &format!("ASK {{ ?s ?p '{}' }}", "x".repeat(600))).status, 413);
    let chunked = format!(
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n7d0\r\n{long}\r\n0\r\n\r\n"
    );
    assert!(raw(&server, chunked.as_bytes()).starts_with("HTTP/1.1 413 "));
    let head = format!("GET /health HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(300_000));
    assert!(raw(&server, head.as_bytes()).starts_with("HTTP/1.1 431 "));
    let lines: String = (0..200).map(|i| format!("X-{i}: y\r\n")).collect();
    assert!(raw(&server, format!("GET /health HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n").as_bytes()).starts_with("HTTP/1.1 431 "));
    let smuggled = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd";
    assert!(raw(&server, smuggled.as_bytes()).starts_with("HTTP/1.1 400 "));
    // One byte at a time: the connection is closed long before the head is whole.
    let mut slow = TcpStream::connect(server.address).expect("a connection");
    slow.set_read_timeout(Some(Duration::from_secs(5))).expect("a time limit");
    let began = std::time::Instant::now();
    let mut closed = false;
    for byte in "GET /health HTTP/1.1\r\nHost: localhost\r\n".bytes().cycle() {
        std::thread::sleep(Duration::from_millis(50));
        if slow.write_all(&[byte]).is_err() {
            closed = true;
            break;
        }
        if began.elapsed() > Duration::from_secs(5) {
            break;
        }
    }
    assert!(closed, "a head that never ends keeps its connection");
    // A body that never comes.
    let stalled = raw(
        &server,
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK",
    );
    assert!(stalled.starts_with("HTTP/1.1 408 "), "{stalled}");
}
