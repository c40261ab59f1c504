//! A curator's morning: gaps out, sources in, and what was decided holds when the article is read again.
#![allow(clippy::unwrap_used)]

use crate::fixture::{Article, clinic};
use evigraph::check::{Check, Finding, ReportFormat, run, write};
use evigraph::export::{Curation, Filter, Table, rows};
use evigraph::extract::Relation;
use evigraph::review::{Correction, Reason, Reviewer, Verdict, entity, import, list, precision, verdict_rows, verdicts_table, work};
use evigraph::store::{Answer, GraphStore, QueryOptions, Store};
use jiff::Timestamp;
use oxigraph::model::{NamedNode, Quad, vocab::xsd};

fn gaps(store: &Store) -> Vec<Finding> {
    let checks = ["claim-without-citation", "numbers-without-source", "entry-never-cited"].map(|n| Check::named(n).unwrap());
    run(store, &checks, &mut |_| None).unwrap()
}

fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn reviewer(store: &Store) -> Reviewer<'_> {
    Reviewer::new(store, store.base(), "0000-0002-1825-0097", noon()).unwrap()
}

fn claim(store: &Store, words: &str) -> String {
    let table = Table::named("evidence").unwrap();
    let (filter, curation) = (Filter::none(), Curation::default());
    let found = rows(store, &table, &filter, &curation).unwrap().map(Result::unwrap).find(|r| r[6].plain().contains(words));
    found.unwrap()[0].plain()
}

fn ask(store: &Store, query: &str) -> bool {
    matches!(store.query(query, &QueryOptions::default()).unwrap(), Answer::Boolean(true))
}

#[test]
fn a_curators_morning() {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    let found = gaps(&store);
    let mut names: Vec<_> = found.iter().map(|f| f.check.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["claim-without-citation", "claim-without-citation", "numbers-without-source"]);

    let mut out = Vec::new();
    write(&mut out, ReportFormat::Csv, &[], &found).unwrap();
    let exported = String::from_utf8(out).unwrap();
    assert!(exported.contains("'=Stem cells release BDNF."), "{exported}");

    // In the spreadsheet: a source for each claim, written as people write them, and semicolons as some spreadsheets save.
    let mut reader = csv::Reader::from_reader(exported.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut sheet = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
    sheet.write_record(&header).unwrap();
    for record in reader.records() {
        let mut record: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        let at = |name: &str| header.iter().position(|h| h == name).unwrap();
        match record[at("check")].as_str() {
            "numbers-without-source" => record[at("pmid")] = "PMID: 7654321".to_owned(),
            _ if record[at("sentence")].contains("BDNF") => record[at("doi")] = "https://doi.org/10.5555/BDNF.9".to_owned(),
            _ => {}
        }
        sheet.write_record(&record).unwrap();
    }
    let sheet = String::from_utf8(sheet.into_inner().unwrap()).unwrap();
    let done = import(&reviewer(&store), &sheet).unwrap();
    assert_eq!((done.applied, done.empty, done.problems.len()), (2, 1, 0), "{done:?}");
    assert_eq!(gaps(&store), []);
    let again = import(&reviewer(&store), &sheet).unwrap();
    assert_eq!((again.applied, again.unchanged), (0, 2));

    // Read again, also with another sentence: still gone.
    clinic().read_into(&store);
    assert_eq!(gaps(&store), []);
    clinic().says("IL-6 raises pain.", ("IL-6", Relation::Increases, "pain"), &["1"], |_| {}).read_into(&store);
    assert_eq!(gaps(&store), []);

    // One source is retracted: its claim comes back.
    let flag = oxigraph::model::Literal::new_typed_literal("true", xsd::BOOLEAN);
    let retracted = NamedNode::new_unchecked("https://w3id.org/evigraph/ontology#retracted");
    let source = NamedNode::new_unchecked("https://doi.org/10.5555/bdnf.9");
    store.insert(&[Quad::new(source, retracted, flag, store.base().works_graph())]).unwrap();
    let back = gaps(&store);
    assert_eq!(back.iter().map(|f| f.sentence.as_str()).collect::<Vec<_>>(), ["=Stem cells release BDNF."]);
}

#[test]
fn rejected_corrected_and_undone_claims_change_the_plain_triples() {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    let by = reviewer(&store);
    let il6 = claim(&store, "suppress");
    let edge = "ASK { CL:0000134 evi:decreases HGNC:6018 }";
    assert!(ask(&store, edge));

    by.reject(&il6, Reason::Polarity, "it says the opposite").unwrap();
    assert!(!ask(&store, edge));
    clinic().read_into(&store);
    assert!(!ask(&store, edge), "a verdict holds when the article is read again");

    let right = Correction { relation: Some(evigraph::review::relation("increases").unwrap()), ..Correction::default() };
    by.correct(&il6, right, Some(Reason::Polarity), "").unwrap();
    assert!(ask(&store, "ASK { CL:0000134 evi:increases HGNC:6018 }") && !ask(&store, edge));
    let table = Table::named("claims").unwrap();
    let (filter, curation) = (Filter::none().equal("decision", "corrected"), Curation::load(&store).unwrap());
    let row = rows(&store, &table, &filter, &curation).unwrap().next().unwrap().unwrap();
    assert_eq!(row[table.column("relation").unwrap().0].plain(), "evi:increases");

    // A source does not take the correction away; undoing goes back step by step.
    by.source(&il6, &work("10.5555/x", "", "").unwrap(), "").unwrap();
    assert!(ask(&store, "ASK { CL:0000134 evi:increases HGNC:6018 }"));
    by.undo(&il6, "").unwrap();
    by.undo(&il6, "").unwrap();
    assert_eq!(Curation::load(&store).unwrap().on(&il6).unwrap().verdict, "rejected");
    assert!(!ask(&store, edge) && !ask(&store, "ASK { CL:0000134 evi:increases HGNC:6018 }"));
    by.undo(&il6, "").unwrap();
    assert!(ask(&store, edge));
    assert_eq!(Curation::load(&store).unwrap().on(&il6).unwrap().verdict, "undone");
    assert!(by.undo(&il6, "").is_err(), "nothing is left to undo");
}

#[test]
fn a_source_leaves_an_acceptance_standing() {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    let by = reviewer(&store);
    let il6 = claim(&store, "suppress");
    by.accept(&il6, "").unwrap();
    let sourced = by.source(&il6, &work("10.5555/x", "", "").unwrap(), "").unwrap();
    assert_eq!((sourced.verdict, sourced.reason, sourced.works.len()), (Verdict::Accepted, Some(Reason::Correct), 1));
    let sheet = format!("claim_id,verdict,doi\n{il6},accepted,10.5555/y\n");
    assert_eq!(import(&by, &sheet).unwrap().applied, 1);
    assert_eq!(import(&by, &sheet).unwrap().unchanged, 1);
    let curation = Curation::load(&store).unwrap();
    let stands = curation.on(&il6).unwrap();
    assert_eq!((stands.verdict.as_str(), stands.works.len()), ("accepted", 2));
    // A rejected claim that is given a source is none any more.
    by.reject(&il6, Reason::Other, "").unwrap();
    assert_eq!(by.source(&il6, &work("10.5555/x", "", "").unwrap(), "").unwrap().verdict, Verdict::Sourced);
}

#[test]
fn verdicts_travel_as_csv_and_orphans_are_listed() {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    let by = reviewer(&store);
    by.accept(&claim(&store, "suppress"), "").unwrap();
    by.reject(&claim(&store, "release"), Reason::NoRelation, "no").unwrap();
    by.source(&claim(&store, "Pain fell"), &work("", "", "NCT01234567").unwrap(), "").unwrap();
    let finding = gaps(&store);
    assert_eq!(finding, [], "a rejected claim and a sourced one are no gaps");

    let table = verdicts_table().unwrap();
    let listed = list(&store).unwrap();
    let written = listed.iter().flat_map(verdict_rows).map(Ok);
    let mut out = Vec::new();
    evigraph::export::write_table(&mut out, &table, evigraph::export::TableFormat::Csv, true, written).unwrap();
    let text = String::from_utf8(out).unwrap();

    let other = Store::memory().unwrap();
    clinic().read_into(&other);
    let done = import(&reviewer(&other), &text).unwrap();
    assert_eq!((done.applied, done.problems.len()), (3, 0), "{done:?}");
    let verdicts = |s: &Store| {
        list(s)
            .unwrap()
            .into_iter()
            .map(|l| (l.decision.thing, l.decision.verdict, l.decision.works))
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(verdicts(&other), verdicts(&store));
    assert_eq!(import(&by, &text).unwrap().unchanged, 3, "what the store holds is not decided anew");

    let rules = precision(&store).unwrap();
    assert_eq!((rules[0].rule.as_str(), rules[0].right, rules[0].wrong, rules[0].reasons["no_relation"]), ("active", 2, 1, 1));

    Article::new("clinic.md").read_into(&store);
    assert!(list(&store).unwrap().iter().all(|l| l.orphaned));
    clinic().read_into(&store);
    assert!(list(&store).unwrap().iter().all(|l| !l.orphaned && l.standing));
}

#[test]
fn wrong_rows_and_arguments_are_told() {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    let by = reviewer(&store);
    let claim = claim(&store, "suppress");
    let sheet = format!(
        "claim_id,verdict,reason,doi\n{claim},rejected,dislike,\n{claim},sourced,,not a doi\nhttps://w3id.org/evigraph/claim/0,accepted,,\n,accepted,,\n{claim},,,\n"
    );
    let done = import(&by, &sheet).unwrap();
    assert_eq!((done.applied, done.empty), (0, 1));
    assert_eq!(done.problems.iter().map(|p| p.0).collect::<Vec<_>>(), [2, 3, 4, 5]);
    assert!(done.problems[0].1.contains("wrong_relation"), "{:?}", done.problems);
    assert!(import(&by, "a,b\n1,2\n").is_err());
    assert!(entity("nonsense").is_err() && by.accept("0", "").is_err() && work("", "", "").is_err());
    assert!(by.correct(&claim, Correction::default(), None, "").is_err());
}

#[test]
fn sources_of_the_same_statement_are_suggested() {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    Article::new("lab.md")
        .reference("a", "Sato (2020). BDNF. PMID: 1234567")
        .reference("b", "Case file 12")
        .says("Stem cells make BDNF.", ("stem cells", Relation::Produces, "BDNF"), &["a", "b"], |_| {})
        .read_into(&store);
    let suggested = reviewer(&store).suggest(&claim(&store, "release")).unwrap();
    assert_eq!(suggested[0].work, "http://www.ncbi.nlm.nih.gov/pubmed/1234567");
    assert_eq!((suggested[0].claims, suggested[0].same_relation), (1, 1));
}

#[test]
fn a_waived_finding_stays_waived() {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    let before = gaps(&store);
    reviewer(&store).waive(&before[0].id, "not a claim").unwrap();
    clinic().read_into(&store);
    assert_eq!(gaps(&store), before[1..]);
    reviewer(&store).undo(&before[0].id, "").unwrap();
    assert_eq!(gaps(&store), before);
}
