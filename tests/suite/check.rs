//! Each check on a graph that triggers it and on one that does not: `tests/cases/check/NAME.trig` with `NAME.findings.csv`.
#![allow(clippy::unwrap_used)]

use evigraph::check::{Check, run};
use evigraph::store::{GraphStore as _, Store};
use std::collections::BTreeSet;
use std::path::Path;

const SHOULDER: &str = "Shoulder care\nStem cells raise IL-6 in the cuff.\n";

#[test]
fn every_check_finds_what_it_should_and_nothing_else() {
    let cases = Path::new("tests/cases/check");
    for check in Check::shipped().unwrap() {
        for case in [check.name.clone(), format!("{}.clean", check.name)] {
            let store = Store::memory().unwrap();
            store.load(&cases.join(format!("{case}.trig"))).unwrap_or_else(|e| panic!("{case}: {e}"));
            let findings =
                run(&store, std::slice::from_ref(&check), &mut |source| (source == "shoulder.md").then(|| SHOULDER.to_owned())).unwrap();
            let found: BTreeSet<_> = findings.iter().map(|f| (f.thing.clone(), f.missing.clone())).collect();
            let mut expected = csv::Reader::from_path(cases.join(format!("{case}.findings.csv"))).unwrap();
            let expected: BTreeSet<_> = expected.deserialize::<(String, String)>().map(Result::unwrap).collect();
            assert_eq!(found, expected, "{case}");
            assert_eq!(findings.len(), expected.len(), "{case}: the same finding twice");
            let ids: BTreeSet<_> = findings.iter().map(|f| &f.id).collect();
            assert_eq!(ids.len(), findings.len(), "{case}: identifiers collide");
        }
    }
}
