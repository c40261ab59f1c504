//! What is written is what is read back, whatever articles say: RDF in every form, tables as CSV, verdicts by spreadsheet, KGX.
#![allow(clippy::unwrap_used)]

use crate::fixture::Article;
use evigraph::check::gaps_table;
use evigraph::export::{Cell, Curation, Filter, Row, Table, TableFormat, write_kgx, write_table};
use evigraph::extract::Relation;

use evigraph::review::{Reviewer, import, list, verdict_rows, verdicts_table};
use evigraph::store::{GraphStore as _, Store, dump};
use jiff::Timestamp;
use oxigraph::io::{RdfFormat, RdfSerializer};
use proptest::prelude::*;
use std::fs;

/// What an article may say: any text that XML can hold, with what formats give a meaning thrown in.
fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-z ]{1,8}",
        2 => prop_oneof![Just("\""), Just("\\"), Just("|"), Just(","), Just(";"), Just("\t"), Just("\n"), Just("'"), Just("="), Just("<b>"), Just("&amp;"), Just("β"), Just("𝛽"), Just("e\u{301}"), Just("\u{feff}"), Just("'=1+1"), Just("-")].prop_map(str::to_owned),
        1 => "\\PC{1,4}",
    ];
    prop::collection::vec(piece, 1..8).prop_map(|p| p.concat()).prop_filter("a text says something", |t| !t.trim().is_empty())
}

fn article(quote: &str, subject: &str, object: &str, entry: &str) -> Article {
    Article::new("any.md").reference("1", entry).says(quote, (subject, Relation::Decreases, object), &["1"], |_| {}).says(
        &format!("Not: {quote}"),
        (object, Relation::Increases, subject),
        &[],
        |c| c.negated = true,
    )
}

fn dumped(store: &Store) -> String {
    let mut out = Vec::new();
    dump(store, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn rdf_in_every_form(quote in words(), subject in words(), object in words(), entry in words()) {
        let store = Store::memory().unwrap();
        article(&quote, &subject, &object, &entry).read_into(&store);
        let whole = dumped(&store);
        let folder = tempfile::tempdir().unwrap();
        for format in [RdfFormat::NQuads, RdfFormat::TriG, RdfFormat::JsonLd { profile: Default::default() }] {
            let path = folder.path().join(format!("whole.{}", format.file_extension()));
            let mut writer = RdfSerializer::from_format(format).for_writer(fs::File::create(&path).unwrap());
            for quad in store.quads().unwrap() {
                writer.serialize_quad(&quad.unwrap()).unwrap();
            }
            writer.finish().unwrap();
            let other = Store::memory().unwrap();
            other.load(&path).unwrap();
            prop_assert!(dumped(&other) == whole, "{format:?} changes what is said");
        }
    }

    #[test]
    fn kgx_has_a_line_an_edge_and_a_cell_a_column(quote in words(), subject in words(), object in words(), entry in words()) {
        // Names that differ only in their signs would be one entity.
        let (subject, object) = (format!("s {subject}"), format!("o {object}"));
        let store = Store::memory().unwrap();
        article(&quote, &subject, &object, &entry).read_into(&store);
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        let (n, e, denied) = write_kgx(&store, &Filter::none(), &Curation::default(), &mut nodes, &mut edges).unwrap();
        let (nodes, edges) = (String::from_utf8(nodes).unwrap(), String::from_utf8(edges).unwrap());
        for (text, count) in [(&nodes, n), (&edges, e)] {
            let lines: Vec<Vec<&str>> = text.strip_suffix('\n').unwrap().split('\n').map(|l| l.split('\t').collect()).collect();
            prop_assert_eq!(lines.len() as u64, count + 1);
            prop_assert!(lines.iter().all(|l| l.len() == lines[0].len()), "{}", text);
        }
        prop_assert_eq!((e, denied), (2, 1));
        // A label is what it was, save what the format has no room for.
        let kept: String = subject.chars().map(|c| if c == '|' { '¦' } else if c.is_control() { ' ' } else { c }).collect();
        let names: Vec<&str> = nodes.lines().skip(1).map(|l| l.split('\t').nth(2).unwrap()).collect();
        prop_assert!(names.contains(&kept.as_str()), "{kept:?} is not among {names:?}");
    }

    #[test]
    fn a_worklist_that_is_filled_in_gives_the_verdict_as_it_was_written(comment in words(), curator in "[A-Z][a-z]{2,8}") {
        let comment = comment.trim().to_owned();
        let store = Store::memory().unwrap();
        article("Curcumin lowers IL-6.", "curcumin", "IL-6", "Mori. Cuffs. 2021.").read_into(&store);
        let claim = store.quads().unwrap().map(Result::unwrap).find(|q| q.predicate.as_str().ends_with("#inArticle") && q.subject.to_string().contains("/claim/")).unwrap();
        let claim = claim.subject.to_string().trim_matches(['<', '>']).to_owned();
        let table = gaps_table().unwrap();
        let cell = |name: &str| match name {
            "claim_id" => Cell::text(&claim),
            "verdict" => Cell::text("rejected"),
            "reason" => Cell::text("polarity"),
            "comment" => Cell::text(&comment),
            "curator" => Cell::text(&curator),
            _ => Cell::Empty,
        };
        let row: Row = table.columns.iter().map(|c| cell(&c.name)).collect();
        let csv = written(&table, vec![row]);
        let done = import(&reviewer(&store), &csv).unwrap();
        prop_assert_eq!((done.applied, done.problems), (1, Vec::new()));
        let decided = list(&store).unwrap();
        prop_assert_eq!(&decided[0].decision.comment, &comment);

        // And the verdicts of one store are those of another with the same article.
        let rows: Vec<Row> = decided.iter().flat_map(verdict_rows).collect();
        let exported = written(&verdicts_table().unwrap(), rows);
        let other = Store::memory().unwrap();
        article("Curcumin lowers IL-6.", "curcumin", "IL-6", "Mori. Cuffs. 2021.").read_into(&other);
        prop_assert_eq!(import(&reviewer(&other), &exported).unwrap().applied, 1);
        let (a, b) = (&decided[0].decision, &list(&other).unwrap()[0].decision);
        prop_assert_eq!((&a.thing, a.verdict, a.reason, &a.comment, &a.curator), (&b.thing, b.verdict, b.reason, &b.comment, &b.curator));
        prop_assert_eq!(import(&reviewer(&store), &exported).unwrap().applied, 0, "what is known already changes nothing");
    }
}

fn reviewer(store: &Store) -> Reviewer<'_> {
    Reviewer::new(store, store.base(), "Ada", Timestamp::now()).unwrap()
}

fn written(table: &Table, rows: Vec<Row>) -> String {
    let mut out = Vec::new();
    write_table(&mut out, table, TableFormat::Csv, true, rows.into_iter().map(Ok)).unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #[test]
    fn a_cell_of_csv_is_what_it_was(texts in prop::collection::vec(words(), 2)) {
        let table = Table::parse("two", "# title: Two\n# column a text: A.\n# column b text: B.\nSELECT * {}").unwrap();
        let csv = written(&table, vec![texts.iter().map(Cell::text).collect()]);
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        for (text, cell) in texts.iter().zip(record.iter()) {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "a spreadsheet would run {cell:?}");
            // The guard before a formula is one apostrophe, and comes off again.
            let formula = cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
            prop_assert_eq!(if formula { &cell[1..] } else { cell }, text);
        }
    }
}
