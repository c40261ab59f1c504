//! Reads any text as a worklist that comes back: rows that cannot be applied are named, never a panic.
#![no_main]

use evigraph::review::{Reviewer, import};
use evigraph::store::{GraphStore as _, Store};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let store = Store::memory().expect("a store in memory");
    let now = "2026-01-01T00:00:00Z".parse().expect("a time");
    let reviewer = Reviewer::new(&store, store.base(), "Ada", now).expect("a name");
    // The header is given, so that rows are reached.
    let text = format!("finding_id,claim_id,verdict,reason,doi,pmid,trial,comment,curator,subject,relation,object,negated,when\n{text}");
    if let Ok(done) = import(&reviewer, &text) {
        assert!(done.problems.iter().all(|p| !p.1.is_empty()));
    }
});
