//! Exports and analyses of small stores.
#![allow(clippy::unwrap_used)]

use crate::fixture::{Article, argument, clinic};
use crate::program::run;
use evigraph::analyse::{Assembly, Mechanisms, contradictions};
use evigraph::annotate::{Category, Entity};
use evigraph::export::*;
use evigraph::extract::{Assertion, Certainty, Relation};
use evigraph::store::{GraphStore as _, Store};

fn table(store: &Store, name: &str, filter: &Filter) -> String {
    let table = Table::named(name).unwrap();
    let curation = Curation::load(store).unwrap();
    let mut out = Vec::new();
    write_table(&mut out, &table, TableFormat::JsonLines, false, rows(store, &table, filter, &curation).unwrap()).unwrap();
    String::from_utf8(out).unwrap()
}

fn lines(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn store() -> Store {
    let store = Store::memory().unwrap();
    clinic().read_into(&store);
    Article::new("lab.md")
        .reference("a", "Sato (2020). PMID: 1234567")
        .says("IL-6 causes | inflammation.", ("IL-6", Relation::Increases, "inflammation"), &["a"], |_| {})
        .says("Inflammation raises pain.", ("inflammation", Relation::Increases, "pain"), &[], |_| {})
        .says("Stem cells raise IL-6 in tendons.", ("stem cells", Relation::Increases, "IL-6"), &["a"], |c| {
            c.condition = Some(argument("tendinopathy", c.quote));
        })
        .says("Stem cells do not release BDNF.", ("stem cells", Relation::Produces, "BDNF"), &["a"], |c| c.negated = true)
        .says("Pain may raise IL-6.", ("pain", Relation::Increases, "IL-6"), &[], |c| c.certainty = Certainty::Hedged)
        .read_into(&store);
    store
}

#[test]
fn every_table_has_its_rows() {
    let store = store();
    for (name, count) in
        [("claims", 7), ("outcomes", 1), ("entities", 7), ("references", 2), ("claim_references", 4), ("evidence", 8), ("articles", 2)]
    {
        assert_eq!(lines(&table(&store, name, &Filter::none())).len(), count, "{name}");
    }
    let claims = lines(&table(&store, "claims", &Filter::none()));
    let first = &claims[0];
    assert_eq!(first["article_id"], "https://w3id.org/evigraph/article/clinic.md");
    assert_eq!((first["subject_id"].as_str(), first["relation"].as_str()), (Some("CL:0000134"), Some("evi:decreases")));
    assert_eq!((&first["citations"], &first["references"]), (&serde_json::json!(["1"]), &serde_json::json!(["doi:10.5555/cuff.1"])));
    assert_eq!((&first["negated"], &first["confidence"], &first["start"]), (&false.into(), &serde_json::json!(0.8), &0.into()));
    assert_eq!((first["condition_label"].as_str(), first["evidence_code"].as_str()), (Some("osteoarthritis"), Some("ECO:0007321")));
    let outcome = &lines(&table(&store, "outcomes", &Filter::none()))[0];
    assert_eq!(
        (outcome["follow_up"].as_str(), outcome["p_value"].as_str(), &outcome["low"]),
        (Some("3 months"), Some("<0.05"), &40.into())
    );
    let articles = lines(&table(&store, "articles", &Filter::none()));
    assert_eq!(
        (&articles[0]["claims"], &articles[0]["sourced"], &articles[0]["unsourced"], &articles[0]["references"]),
        (&3.into(), &1.into(), &2.into(), &1.into())
    );
    let entity = lines(&table(&store, "entities", &Filter::none())).into_iter().find(|e| e["entity_id"] == "HGNC:6018").unwrap();
    assert_eq!((&entity["claims_as_subject"], &entity["claims_as_object"], &entity["articles"]), (&1.into(), &3.into(), &2.into()));
}

#[test]
fn the_bridge_has_a_row_for_each_claim_and_reference() {
    let store = Store::memory().unwrap();
    let said = "IL-6 raises pain [1,2].";
    let article = Article::new("two.md").reference("1", "Sato (2020). PMID: 1234567").reference("2", "Ito (2021). PMID: 7654321");
    article.says(said, ("IL-6", Relation::Increases, "pain"), &["1", "2"], |_| {}).read_into(&store);
    let keys: Vec<_> = lines(&table(&store, "claim_references", &Filter::none())).iter().map(|row| row["key"].clone()).collect();
    assert_eq!(keys, ["1", "2"]);
    let claims = lines(&table(&store, "claims", &Filter::none()));
    assert_eq!((claims.len(), &claims[0]["references"]), (1, &serde_json::json!(["PMID:1234567", "PMID:7654321"])));
    let none = Article::new("none.md");
    none.read_into(&store);
    let articles = lines(&table(&store, "articles", &Filter::none()));
    assert_eq!((&articles[0]["claims"], &articles[0]["references"], &articles[1]["sourced"]), (&0.into(), &0.into(), &1.into()));
}

#[test]
fn filters_keep_what_they_should() {
    let store = store();
    let count = |f: Filter| lines(&table(&store, "claims", &f)).len();
    assert_eq!(count(Filter::none().with("object=HGNC:6018").unwrap()), 3);
    assert_eq!(count(Filter::none().with("condition=Tendinopathy").unwrap()), 1);
    assert_eq!(count(Filter::none().with("source_status=unsourced").unwrap()), 3);
    assert_eq!(count(Filter::none().since("2025")), 0);
    assert_eq!(count(Filter::none().since("2024-05")), 7);
}

#[test]
fn a_denied_claim_never_becomes_a_positive_edge() {
    let store = store();
    let curation = Curation::load(&store).unwrap();
    let (mut nodes, mut edges) = (Vec::new(), Vec::new());
    let counts = write_kgx(&store, &Filter::none(), &curation, &mut nodes, &mut edges).unwrap();
    assert_eq!(counts, (5, 6, 1), "the hedged claim is no edge");
    let edges = String::from_utf8(edges).unwrap();
    let header: Vec<&str> = edges.lines().next().unwrap().split('\t').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    for line in edges.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), header.len(), "{line}");
        assert_eq!(cells[at("negated")] == "True", cells[at("supporting_text")].contains("do not"), "{line}");
    }
    assert!(edges.contains("causes ¦ inflammation") && edges.contains("PMID:1234567"));

    let network = Network::of(&store, &Filter::none(), &curation).unwrap();
    assert_eq!((network.nodes.len(), network.edges.len()), (5, 6));
    for format in [NetworkFormat::GraphMl, NetworkFormat::Gexf] {
        let mut out = Vec::new();
        network.write(&mut out, format).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("<edge ").count(), 6, "{format:?}");
        let mut reader = quick_xml::Reader::from_str(&text);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
    }
    let mut out = Vec::new();
    network.write(&mut out, NetworkFormat::Cytoscape).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(json["elements"]["edges"].as_array().unwrap().len(), 6);

    let mut out = Vec::new();
    write_indra(&store, &Filter::none(), &curation, &mut out).unwrap();
    let statements: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let denied = statements.as_array().unwrap().iter().find(|s| s["evidence"][0]["epistemics"]["negated"] == true).unwrap();
    assert_eq!((denied["type"].as_str(), denied["obj"]["db_refs"]["HGNC"].as_str()), (Some("IncreaseAmount"), Some("1033")));
}

#[test]
fn rdf_forms_can_be_read_back() {
    let store = store();
    for name in ["ttl", "trig", "nq", "jsonld", "rdf"] {
        let format = rdf_format(name).unwrap();
        let mut out = Vec::new();
        let count = write_rdf(&store, &Filter::none(), &Curation::default(), format, &mut out).unwrap();
        let read = oxigraph::io::RdfParser::from_format(format).for_slice(&out).collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(read.len() as u64, count, "{name}");
    }
    let mut out = Vec::new();
    let creator = oxigraph::model::NamedNode::new_unchecked("https://orcid.org/0000-0002-1825-0097");
    let curation = Curation::load(&store).unwrap();
    let count = write_nanopubs(&store, store.base(), &Filter::none(), &curation, "2026-01-01T00:00:00Z", &creator, &mut out).unwrap();
    assert_eq!(count, 5, "neither the denied nor the hedged claim");
    let quads = oxigraph::io::RdfParser::from_format(oxigraph::io::RdfFormat::TriG).for_slice(&out).collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(quads.iter().filter(|q| q.predicate.as_str().ends_with("#hasAssertion")).count(), 5);
}

#[test]
fn csvw_metadata_describes_every_column() {
    let table = Table::named("claims").unwrap();
    let metadata = csvw_metadata(&[(&table, "claims.csv".to_owned())]);
    let columns = metadata["tables"][0]["tableSchema"]["columns"].as_array().unwrap();
    assert_eq!(columns.len(), 34);
    assert!(columns.iter().all(|c| c["dc:description"].as_str().is_some_and(|d| d.ends_with('.'))));
}

#[test]
fn paths_name_their_weakest_link_and_contradictions_their_context() {
    let store = store();
    let assembly = Assembly::of(&store, &Filter::none()).unwrap();
    let mechanisms = Mechanisms::new(&assembly);
    let paths = mechanisms.paths("CL:0000134", "HP:0012531", 4, 5);
    assert_eq!(paths.len(), 2);
    let relations: Vec<_> = paths.iter().map(|p| p.steps[0].key.relation.as_str()).collect();
    assert_eq!(relations, ["evi:decreases", "evi:increases"]);
    assert_eq!((paths[0].effect, paths[1].effect), (Some("decreases"), Some("increases")));
    assert_eq!(paths[0].steps[paths[0].weakest].key.from, "GO:0006954", "the step without a source");
    assert!((paths[0].belief - 0.8 * 0.8 * 0.4).abs() < 1e-9);
    assert!(mechanisms.paths("CL:0000134", "HP:0012531", 2, 5).is_empty(), "three steps are needed");
    assert_eq!((mechanisms.degree("CL:0000134"), mechanisms.degree("HP:0012531"), mechanisms.degree("x")), ((2, 0), (0, 1), (0, 0)));
    assert!(mechanisms.paths("HP:0012531", "CL:0000134", 9, 5).is_empty() && mechanisms.paths("x", "y", 4, 5).is_empty());

    let found = contradictions(&assembly);
    assert_eq!(found.len(), 2);
    let il6 = found.iter().find(|c| c.to == "HGNC:6018").unwrap();
    assert_eq!(il6.differs, [("condition", vec!["tendinopathy".to_owned()], vec!["osteoarthritis".to_owned()])]);
    let bdnf = found.iter().find(|c| c.to == "HGNC:1033").unwrap();
    assert!(bdnf.denies.says.contains("not produces") && bdnf.differs.is_empty());
}

#[test]
fn loops_hubs_and_communities_come_out_the_same_each_time() {
    let store = Store::memory().unwrap();
    Article::new("loop.md")
        .says("A raises B.", ("A", Relation::Increases, "B"), &[], |_| {})
        .says("B raises C.", ("B", Relation::Increases, "C"), &[], |_| {})
        .says("C lowers A.", ("C", Relation::Decreases, "A"), &[], |_| {})
        .says("X raises Y.", ("X", Relation::Increases, "Y"), &[], |_| {})
        .read_into(&store);
    let assembly = Assembly::of(&store, &Filter::none()).unwrap();
    let mechanisms = Mechanisms::new(&assembly);
    let cycles = mechanisms.cycles();
    assert_eq!((cycles.len(), cycles[0].entities.len(), cycles[0].feedback), (1, 3, Some("negative")));
    let hubs = mechanisms.hubs(2);
    assert_eq!((hubs.len(), hubs[0].acts, hubs[0].acted_on), (2, 1, 1));
    assert!((mechanisms.hubs(9).iter().map(|h| h.rank).sum::<f64>() - 1.0).abs() < 1e-9);
    let communities = mechanisms.communities();
    assert_eq!(communities.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2]);
}

#[test]
fn a_path_is_sought_between_the_namesakes_that_are_joined() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("evigraph-store"), None).unwrap();
    Article::new("lab.md")
        .says("IL-6 raises pain.", ("IL-6", Relation::Increases, "pain"), &[], |_| {})
        .says("IL-6 lowers BDNF.", ("IL-6", Relation::Decreases, "BDNF"), &[], |c| {
            // Likelier by its name, but it leads nowhere.
            if let Assertion::Mechanism { subject, .. } = &mut c.assertion {
                subject.entity = Entity { id: Some("HGNC:9".to_owned()), label: "IL-6".to_owned(), category: Category::Gene };
            }
        })
        .read_into(&store);
    drop(store);
    let (out, err, code) = run(folder.path(), &["path", "IL-6", "pain"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("IL-6 is taken for IL6 (HGNC:6018); so are called HGNC:9 too"), "{err}");
    assert!(out.contains("IL-6 raises pain."), "{out}");
    let (out, err, _) = run(folder.path(), &["path", "IL-6", "BDNF"]);
    assert!(err.contains("(HGNC:9)") && out.contains("IL-6 lowers BDNF."), "{err}{out}");
    let (out, err, _) = run(folder.path(), &["path", "pain", "IL-6"]);
    assert!(err.contains("no path of at most") && out.lines().count() == 1, "{err}{out}");
}
