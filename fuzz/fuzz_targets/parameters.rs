//! Takes any text for the parameters of a question: it is bound as a term or refused, and changes nothing of what is asked.
#![no_main]

use evigraph::query::{Question, ask, split_parameter};
use evigraph::store::{Answer, QueryOptions, Store};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static STORE: LazyLock<Store> = LazyLock::new(|| Store::memory().expect("a store in memory"));

fuzz_target!(|text: &str| {
    let Ok(question) = Question::read("SELECT ?thing ?value { VALUES ?thing { 1 } BIND(?given AS ?value) }") else { return };
    let given: Vec<_> = text.lines().filter_map(|line| split_parameter(line).ok()).collect();
    if let Ok(asked) = ask(&*STORE, &question, &given, QueryOptions::default())
        && let Answer::Solutions(rows) = asked.answer
    {
        assert!(rows.filter_map(Result::ok).count() <= 1);
    }
    let named = Question { path: None, query: evigraph::query::find("treatment-effects").expect("a shipped query").clone() };
    let _ = ask(&*STORE, &named, &given, QueryOptions::default());
});
