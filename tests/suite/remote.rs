//! A SPARQL endpoint as the store: it comes to hold what a store of our own would, through all its faults.
#![allow(clippy::unwrap_used)]

use crate::endpoint::{Endpoint, Fault, Manner};
use crate::fixture::{Article, clinic};
use evigraph::export::{Filter, Table, rows};
use evigraph::extract::{Certainty, Relation};
use evigraph::graph::article_iri;
use evigraph::review::{Correction, Reason, Reviewer, work};
use evigraph::store::{Access, Addresses, Answer, Error, GraphStore, QueryOptions, Remote, Store, dump};
use std::time::{Duration, Instant};

fn addresses(endpoint: &Endpoint) -> Addresses {
    Addresses { query: format!("{}/query", endpoint.url), ..Addresses::default() }
}

fn plain() -> Endpoint {
    Endpoint::start(Manner { union: true, ..Manner::default() })
}

fn open(endpoint: &Endpoint) -> Remote {
    Remote::create(&addresses(endpoint), &Access::Open, None).unwrap()
}

fn dumped(store: &dyn GraphStore) -> String {
    let mut out = Vec::new();
    dump(store, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn claim(store: &dyn GraphStore, words: &str) -> String {
    let table = Table::named("evidence").unwrap();
    let (filter, curation) = (Filter::none(), evigraph::export::Curation::default());
    let found = rows(store, &table, &filter, &curation).unwrap().map(Result::unwrap).find(|r| r[6].plain().contains(words));
    found.unwrap()[0].plain()
}

fn ask(store: &dyn GraphStore, sparql: &str) -> Result<bool, Error> {
    Ok(matches!(store.query(sparql, &QueryOptions::default())?, Answer::Boolean(true)))
}

/// Another article that shares entities, works and a triple with the clinic's page.
fn ward() -> Article {
    Article::new("ward.md")
        .reference("1", "Mori et al. (2021). Cuff cells. doi:10.5555/cuff.1")
        .reference("2", "Sato (2020). Nerves. doi:10.5555/nerve.2")
        .says("Stem cells lower IL-6 [1].", ("stem cells", Relation::Decreases, "IL-6"), &["1"], |_| {})
        .says("IL-6 may cause \"pain\" [2].", ("IL-6", Relation::Causes, "pain"), &["2"], |c| c.certainty = Certainty::Hedged)
        .says("A balm eases tendinopathy.", ("balm", Relation::Treats, "tendinopathy"), &[], |c| c.negated = true)
}

/// A few days of a store's life, with what it holds after each step.
fn days(store: &dyn GraphStore) -> Vec<String> {
    let mut held = Vec::new();
    let mut step = |change: &dyn Fn()| {
        change();
        held.push(dumped(store));
    };
    let base = store.base().clone();
    let review = |hour: u32, decide: &dyn Fn(&Reviewer<'_>)| {
        let now = format!("2026-03-02T{hour:02}:00:00Z").parse().unwrap();
        decide(&Reviewer::new(store, &base, "0000-0002-1825-0097", now).unwrap());
    };
    let read = |article: &Article| article.read_into(store);
    let out = |article: &Article| assert!(store.remove(&article_iri(&article.document, store.base())).unwrap());
    step(&|| read(&clinic()));
    step(&|| read(&ward()));
    step(&|| read(&clinic().says("IL-6 raises pain.", ("IL-6", Relation::Increases, "pain"), &["1"], |_| {})));
    step(&|| review(10, &|r| drop(r.reject(&claim(store, "suppress"), Reason::Polarity, "no").unwrap())));
    step(&|| out(&ward()));
    step(&|| read(&clinic()));
    step(&|| review(11, &|r| drop(r.source(&claim(store, "BDNF"), &work("10.5555/nerve.2", "", "").unwrap(), "").unwrap())));
    let right = Correction { relation: Some(evigraph::review::relation("increases").unwrap()), ..Correction::default() };
    step(&|| review(12, &|r| drop(r.correct(&claim(store, "suppress"), right.clone(), None, "").unwrap())));
    step(&|| read(&ward()));
    step(&|| review(13, &|r| drop(r.undo(&claim(store, "suppress"), "").unwrap())));
    step(&|| read(&Article::new("ward.md").says("IL-6 raises pain.", ("IL-6", Relation::Increases, "pain"), &[], |_| {})));
    step(&|| out(&clinic()));
    step(&|| out(&ward()));
    held
}

#[test]
fn an_endpoint_comes_to_hold_what_a_store_of_our_own_would() {
    let wanted = days(&Store::memory().unwrap());
    for manner in [
        Manner { union: true, ..Manner::default() },
        Manner { can_union: true, ..Manner::default() },
        // Takes only small updates; articles go by the Graph Store Protocol.
        Manner { union: true, server: "Virtuoso/07.20", described: Some("query"), ..Manner::default() },
    ] {
        let virtuoso = !manner.server.is_empty();
        let endpoint = Endpoint::start(manner);
        let mut given = addresses(&endpoint);
        given.update = virtuoso.then(|| format!("{}/update", endpoint.url));
        let remote = Remote::create(&given, &Access::Open, None).unwrap();
        for (at, (held, wanted)) in days(&remote).iter().zip(&wanted).enumerate() {
            assert_eq!(held, wanted, "after step {at}");
        }
        assert_eq!(endpoint.requests().iter().any(|r| r.starts_with("PUT ")), virtuoso);
    }
}

#[test]
fn an_article_is_replaced_by_one_update() {
    let endpoint = plain();
    let remote = open(&endpoint);
    clinic().read_into(&remote);
    endpoint.requests();
    clinic().says("IL-6 raises pain.", ("IL-6", Relation::Increases, "pain"), &["1"], |_| {}).read_into(&remote);
    assert_eq!(endpoint.requests().iter().filter(|r| r.as_str() == "POST /update").count(), 1);
    // Nothing changed, nothing is written.
    clinic().says("IL-6 raises pain.", ("IL-6", Relation::Increases, "pain"), &["1"], |_| {}).read_into(&remote);
    assert_eq!(endpoint.requests().iter().filter(|r| r.as_str() == "POST /update").count(), 0);
}

#[test]
fn a_busy_endpoint_is_asked_again() {
    let endpoint = plain();
    let remote = open(&endpoint);
    let wanted = "ASK { evi:Claim a owl:Class }";
    assert!(ask(&remote, wanted).unwrap());
    endpoint.requests();
    endpoint.fail([Fault::Status(503, ""), Fault::Status(429, "Retry-After: 0"), Fault::Drop]);
    assert!(ask(&remote, wanted).unwrap());
    assert_eq!(endpoint.requests().len(), 4);
    endpoint.fail(vec![Fault::Status(503, "Retry-After: 0"); 5]);
    let Err(error) = ask(&remote, wanted) else { panic!("five times busy is too often") };
    assert!(matches!(error, Error::Busy { status: 503, times: 5, .. }), "{error}");
    // Other errors are not asked again.
    endpoint.requests();
    endpoint.fail([Fault::Status(500, "")]);
    let Err(error) = ask(&remote, wanted) else { panic!("500 is an error") };
    assert!(error.to_string().ends_with("answers with status 500: not now"), "{error}");
    assert_eq!(endpoint.requests().len(), 1);
}

#[test]
fn only_what_does_no_harm_twice_is_sent_twice() {
    let endpoint = plain();
    let remote = open(&endpoint);
    endpoint.requests();
    // Done, but not acknowledged: statements are added or taken out once more, which changes nothing.
    endpoint.fail([Fault::DropAfter]);
    remote
        .insert(&[oxigraph::model::Quad::new(
            remote.base().iri("a"),
            remote.base().iri("b"),
            remote.base().iri("c"),
            remote.base().iri("g"),
        )])
        .unwrap();
    assert_eq!(endpoint.requests(), ["POST /update", "POST /update"]);
    // An update of the user's own may mean something else the second time.
    endpoint.fail([Fault::DropAfter]);
    let sent = remote.update("INSERT { GRAPH <urn:g> { <urn:a> <urn:p> ?u } } WHERE { BIND(UUID() AS ?u) }");
    assert!(matches!(sent, Err(Error::Unreachable { .. })), "{sent:?}");
    assert_eq!(endpoint.requests(), ["POST /update"]);
    assert_eq!(
        endpoint.store.quads_for_pattern(None, None, None, None).filter(|q| q.as_ref().unwrap().predicate.as_str() == "urn:p").count(),
        1
    );
}

#[test]
fn one_names_oneself() {
    for (wanted, access) in [
        ("Basic bWV5ZXI6c2VjcmV0", Access::Basic { user: "meyer".into(), password: "secret".into() }),
        ("Bearer t0ken", Access::Bearer("t0ken".into())),
    ] {
        let endpoint = Endpoint::start(Manner { access: Some(wanted), union: true, ..Manner::default() });
        let remote = Remote::create(&addresses(&endpoint), &access, None).unwrap();
        clinic().read_into(&remote);
        let Err(error) = Remote::open(&addresses(&endpoint), &Access::Open, None) else { panic!("nobody was let in") };
        assert!(matches!(error, Error::Access { status: 401, .. }), "{error}");
        assert!(error.to_string().contains("--token or --user: who are you"), "{error}");
    }
}

#[test]
fn time_limits_hold_and_cut_answers_are_told() {
    let endpoint = plain();
    let remote = open(&endpoint);
    clinic().read_into(&remote);
    assert!(ask(&remote, "ASK {}").unwrap());
    let options = QueryOptions { timeout: Some(Duration::from_millis(200)), ..QueryOptions::default() };
    endpoint.fail([Fault::Late(Duration::from_secs(3))]);
    let started = Instant::now();
    assert!(matches!(remote.query("SELECT * { ?s ?p ?o }", &options), Err(Error::Timeout(_))));
    assert!(started.elapsed() < Duration::from_secs(2));
    endpoint.fail([Fault::Cut]);
    let Ok(Answer::Solutions(rows)) = remote.query("SELECT * { ?s ?p ?o }", &QueryOptions::default()) else { panic!("rows begin") };
    let error = rows.collect::<Result<Vec<_>, _>>().expect_err("they break off");
    assert!(matches!(error, Error::Answer { .. }), "{error}");
    let limited = QueryOptions { limit: Some(2), ..QueryOptions::default() };
    let Ok(Answer::Solutions(mut rows)) = remote.query("SELECT * { ?s ?p ?o }", &limited) else { panic!("rows") };
    assert_eq!((rows.by_ref().count(), rows.truncated()), (2, true));
}

#[test]
fn addresses_are_found() {
    // Where only the host is known, and where the description says that updates go elsewhere.
    let endpoint = Endpoint::start(Manner { union: true, described: Some("elsewhere/update"), ..Manner::default() });
    let remote = Remote::create(&Addresses { query: endpoint.url.clone(), ..Addresses::default() }, &Access::Open, None).unwrap();
    clinic().read_into(&remote);
    let requests = endpoint.requests();
    assert!(requests.contains(&"POST /elsewhere/update".to_owned()) && requests.contains(&"POST /query".to_owned()), "{requests:?}");
    // Another host is not believed.
    let endpoint = Endpoint::start(Manner { union: true, described: Some("http://elsewhere.example/update"), ..Manner::default() });
    clinic().read_into(&open(&endpoint));
    assert!(endpoint.requests().contains(&"POST /update".to_owned()));
    // No endpoint, and none that answers.
    let Err(error) = Remote::open(&Addresses { query: format!("{}/nothing", endpoint.url), ..Addresses::default() }, &Access::Open, None)
    else {
        panic!("there is nothing")
    };
    assert!(error.to_string().contains("is this the address of its SPARQL endpoint"), "{error}");
    let Err(error) = Remote::open(&Addresses { query: "http://127.0.0.1:1/sparql".into(), ..Addresses::default() }, &Access::Open, None)
    else {
        panic!("nobody listens")
    };
    assert!(error.to_string().contains("is the server running"), "{error}");
}

#[test]
fn graphs_that_queries_do_not_see_are_told() {
    let endpoint = Endpoint::start(Manner::default());
    let remote = open(&endpoint);
    let Err(error) = ask(&remote, "ASK { ?s ?p ?o }") else { panic!("the default graph is empty") };
    assert!(matches!(error, Error::NoUnion(_)), "{error}");
    assert!(matches!(
        remote.query("ASK { GRAPH ?g { ?s ?p ?o } }", &QueryOptions { strict: true, ..QueryOptions::default() }),
        Ok(Answer::Boolean(true))
    ));
    let other = evigraph::graph::Base::new("https://example.org/other/").unwrap();
    assert!(matches!(Remote::open(&addresses(&endpoint), &Access::Open, Some(&other)), Err(Error::Base { .. })));
}

#[test]
fn a_file_is_loaded_and_a_backup_taken() {
    let endpoint = plain();
    let remote = open(&endpoint);
    clinic().read_into(&remote);
    ward().read_into(&remote);
    let folder = tempfile::tempdir().unwrap();
    Store::backup_of(&remote, &folder.path().join("copy")).unwrap();
    let copy = Store::open(&folder.path().join("copy")).unwrap();
    assert_eq!(dumped(&copy), dumped(&remote));
    let file = folder.path().join("dump.nq");
    std::fs::write(&file, dumped(&copy)).unwrap();
    let second = plain();
    let loaded = open(&second);
    loaded.load(&file).unwrap();
    assert_eq!(dumped(&loaded), dumped(&remote));
    assert!(evigraph::store::verify(&loaded, &mut |_| None).unwrap().is_empty());
}
