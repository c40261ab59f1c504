//! The shipped queries answer as the cases say: `tests/cases/query/NAME.csv` is what NAME gives on the clinic's two articles and the
//! statements of `NAME.trig`, with the parameters of `NAME.params` (a line each). With `EVIGRAPH_BLESS` set the answers are written anew.

use evigraph::graph::article_iri;
use evigraph::query::{self, Format, Question};
use evigraph::store::{GraphStore, QueryOptions, Store};
use std::path::Path;

#[test]
fn shipped_queries_answer_as_expected() {
    let cases = Path::new("tests/cases/query");
    for shipped in query::shipped() {
        let store = Store::memory().expect("memory");
        for name in ["hip", "spine"] {
            let (document, claims) = crate::clinic::article(name);
            store
                .replace(&article_iri(&document, store.base()), &crate::clinic::quads_of(&document, &claims))
                .expect("a store in memory takes an article");
        }
        let file = |extension: &str| cases.join(format!("{}.{extension}", shipped.name));
        if file("trig").exists() {
            store.load(&file("trig")).unwrap_or_else(|e| panic!("{e}"));
        }
        let given = std::fs::read_to_string(file("params")).unwrap_or_default();
        let given: Vec<_> = given.lines().map(|l| query::split_parameter(l).unwrap_or_else(|e| panic!("{}: {e}", shipped.name))).collect();
        let question = Question::read(&shipped.name).unwrap_or_else(|e| panic!("{e}"));
        let asked = query::ask(&store, &question, &given, QueryOptions::default()).unwrap_or_else(|e| panic!("{}: {e}", shipped.name));
        let mut out = Vec::new();
        let written = query::write(asked.answer, Format::Csv, &mut out).unwrap_or_else(|e| panic!("{}: {e}", shipped.name));
        let found = String::from_utf8(out).expect("CSV is UTF-8").replace("\r\n", "\n");
        assert!(written.rows > 0, "{} finds nothing", shipped.name);
        if std::env::var_os("EVIGRAPH_BLESS").is_some() {
            std::fs::write(file("csv"), &found).expect("the case can be written");
        }
        let expected = std::fs::read_to_string(file("csv")).unwrap_or_default();
        assert_eq!(found, expected, "{}", shipped.name);
    }
}
