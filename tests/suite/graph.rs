//! Articles become the graph that the model describes, and the store keeps it so.

use crate::clinic::{AUTHOR, article, claims, quads_of};
use evigraph::extract::{Certainty, Claim};
use evigraph::graph::{Base, Options, article_iri, claim_iri, claim_line, content_hash, quads};
use evigraph::query::{self, Format, Question};
use evigraph::store::{Error, Fingerprint, GraphStore, QueryOptions, Store};
use evigraph::text::TextIndex;
use oxigraph::model::{NamedNode, Quad};
use std::collections::BTreeMap;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn dump(store: &Store) -> String {
    let mut out = Vec::new();
    evigraph::store::dump(store, &mut out).expect("a store in memory can be dumped");
    String::from_utf8(out).expect("N-Quads are UTF-8")
}

fn csv(store: &Store, sparql: &str) -> String {
    let question = Question::read(sparql).expect("a text needs no file");
    let asked = query::ask(store, &question, &[], QueryOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    let mut out = Vec::new();
    query::write(asked.answer, Format::Csv, &mut out).unwrap_or_else(|e| panic!("{e}"));
    String::from_utf8(out).expect("CSV is UTF-8").replace("\r\n", "\n")
}

fn replaced(store: &Store, name: &str) -> NamedNode {
    let (document, claims) = article(name);
    let iri = article_iri(&document, store.base());
    store.replace(&iri, &quads_of(&document, &claims)).expect("a store in memory takes an article");
    iri
}

#[test]
fn the_same_article_gives_the_same_quads() {
    let (document, claims) = article("hip");
    assert_eq!(quads_of(&document, &claims), quads_of(&document, &claims));
    let mut reversed = claims.clone();
    reversed.reverse();
    assert_eq!(quads_of(&document, &claims), quads_of(&document, &reversed), "the order of the claims does not matter");
}

#[test]
fn nothing_is_stated_in_two_graphs() {
    let store = Store::memory().expect("memory");
    replaced(&store, "hip");
    replaced(&store, "spine");
    let text = dump(&store);
    let mut graphs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in text.lines() {
        let (triple, graph) = line.trim_end_matches(" .").rsplit_once(' ').expect("a quad");
        graphs.entry(triple).or_default().push(graph);
    }
    let twice: Vec<_> = graphs.iter().filter(|g| g.1.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn only_affirmed_claims_that_are_not_negated_become_plain_triples() {
    let store = Store::memory().expect("memory");
    replaced(&store, "hip");
    let edges = csv(&store, "SELECT ?s ?p ?o { GRAPH <https://w3id.org/evigraph/graph/edges> { ?s ?p ?o } } ORDER BY ?s ?p ?o");
    let plain = claims("hip").iter().filter(|c| c.certainty == Certainty::Affirmed && !c.negated && crate::clinic::is_mechanism(c)).count();
    assert_eq!(edges.lines().count() - 1, plain, "{edges}");
    assert!(!edges.contains("CHEBI_15551"), "the hedged claim about PGE2 gives no triple: {edges}");
}

#[test]
fn reading_twice_leaves_the_same_store_and_removing_leaves_the_other_article() {
    let store = Store::memory().expect("memory");
    replaced(&store, "spine");
    let alone = dump(&store);
    let hip = replaced(&store, "hip");
    let both = dump(&store);
    replaced(&store, "hip");
    replaced(&store, "spine");
    assert_eq!(dump(&store), both);
    assert!(store.remove(&hip).expect("removed"));
    assert_eq!(dump(&store), alone);
    assert!(!store.remove(&hip).expect("it is gone"));
}

#[test]
fn editing_a_sentence_changes_only_its_article() {
    let store = Store::memory().expect("memory");
    replaced(&store, "hip");
    replaced(&store, "spine");
    let before = dump(&store);
    let (mut document, mut claims) = article("hip");
    document.text = document.text.replace("miR-219 restores myelin", "miR-219 rebuilds myelin");
    claims.retain(|c| document.text.get(c.quote.start..c.quote.end).is_some_and(|q| !q.contains("rebuilds")));
    let iri = article_iri(&document, store.base());
    store.replace(&iri, &quads_of(&document, &claims)).expect("replaced");
    let after = dump(&store);
    let gone: Vec<_> = before.lines().filter(|l| !after.contains(l)).collect();
    assert!(
        gone.iter().all(|l| l.contains("<https://clinic.example/hip> .") || l.contains("graph/edges") || l.contains("graph/entities")),
        "{gone:#?}"
    );
    assert!(gone.iter().any(|l| l.contains("graph/edges")), "the triple goes with its last claim");
    let (document, claims) = article("hip");
    store.replace(&iri, &quads_of(&document, &claims)).expect("replaced");
    assert_eq!(dump(&store), before);
}

#[test]
fn an_unchanged_article_is_known() -> Outcome {
    let store = Store::memory()?;
    let (document, claims) = article("hip");
    let options = Options { rules_hash: "r".into(), lexicon_hash: "l".into(), ..Options::default() };
    let iri = article_iri(&document, store.base());
    let current = Fingerprint {
        content: content_hash(&document.text),
        rules: "r".into(),
        lexicon: "l".into(),
        version: evigraph::graph::VERSION.into(),
    };
    assert!(!store.is_current(&iri, &current)?);
    store.replace(&iri, &quads(&document, &[], &claims, &options))?;
    assert!(store.is_current(&iri, &current)?);
    for changed in [
        Fingerprint { content: "x".into(), ..current.clone() },
        Fingerprint { rules: "x".into(), ..current.clone() },
        Fingerprint { lexicon: "x".into(), ..current.clone() },
        Fingerprint { version: "x".into(), ..current.clone() },
    ] {
        assert!(!store.is_current(&iri, &changed)?, "{changed:?}");
    }
    assert_eq!(store.articles()?, [iri]);
    Ok(())
}

#[test]
fn groundings_and_positions_do_not_name_a_claim() {
    let (document, claims) = article("hip");
    let base = Base::default();
    let claim = &claims[0];
    let id = claim_iri(&document, claim, &base);
    let mut other = claim.clone();
    crate::clinic::reground(&mut other);
    other.confidence = 0.1;
    other.rule = "another".into();
    assert_eq!(claim_iri(&document, &other, &base), id);
    other.negated = !other.negated;
    assert_ne!(claim_iri(&document, &other, &base), id);

    let mut twice = document.clone();
    twice.text = format!("{0}\n{0}", document.text);
    let mut later: Claim = claim.clone();
    later.quote.start += document.text.len() + 1;
    later.quote.end += document.text.len() + 1;
    assert_eq!(claim_iri(&twice, claim, &base), id, "the first place keeps its name");
    assert_ne!(claim_iri(&twice, &later, &base), id, "a quote that stands twice is two claims");
}

#[test]
fn every_quote_stands_where_it_says() -> Outcome {
    let store = Store::memory()?;
    replaced(&store, "hip");
    replaced(&store, "spine");
    let text = |source: &str| Some(article(if source.contains("hip") { "hip" } else { "spine" }).0.text);
    assert_eq!(evigraph::store::verify(&store, &mut |s| text(s))?, []);
    let moved = evigraph::store::verify(&store, &mut |s| text(s).map(|t| format!("αβγ{t}")))?;
    assert!(!moved.is_empty() && moved.iter().all(|p| p.message.starts_with("quote that does not stand")), "{moved:?}");
    let evidence = csv(&store, "SELECT ?e { ?e a evi:Evidence } LIMIT 1").lines().nth(1).unwrap_or_default().to_owned();
    store.update(&format!("DELETE WHERE {{ GRAPH ?g {{ <{evidence}> prov:hadPrimarySource ?x }} }}"))?;
    assert_eq!(evigraph::store::verify(&store, &mut |_| None)?.len(), 1);
    Ok(())
}

#[test]
fn a_decision_takes_the_triple_out_and_an_undo_brings_it_back() -> Outcome {
    let store = Store::memory()?;
    let iri = replaced(&store, "hip");
    let before = dump(&store);
    let (document, claims) = article("hip");
    let claim = claim_iri(&document, &claims[0], store.base());
    let edges = || dump(&store).lines().filter(|l| l.contains("graph/edges")).map(str::to_owned).collect::<Vec<_>>();
    let all = edges();
    let decide = |name: &str, verdict: &str, more: &str| -> Outcome {
        store.update(&format!(
            "INSERT DATA {{ GRAPH <https://w3id.org/evigraph/graph/curation> {{ <urn:d:{name}> a evi:Decision ; evi:decides <{claim}> ; evi:verdict evi:{verdict} ; \
             prov:endedAtTime \"2026-01-01T0{name}:00:00Z\"^^xsd:dateTime . {more} }} }}",
            claim = claim.as_str(),
        ))?;
        Ok(store.refresh_edges(std::slice::from_ref(&claim))?)
    };
    decide("1", "Rejected", "")?;
    assert_eq!(edges().len(), all.len() - 1);
    store.replace(&iri, &quads_of(&document, &claims))?;
    assert_eq!(edges().len(), all.len() - 1, "reading again does not bring a rejected triple back");
    decide("2", "Undone", "")?;
    assert_eq!(edges(), all);
    decide("3", "Corrected", "<urn:d:3> evi:corrected <urn:right> . <urn:right> rdf:predicate evi:increases ; evi:negated false .")?;
    assert!(csv(&store, "SELECT ?o { CL:0000134 evi:increases ?o }").contains("hgnc/6018"));
    assert!(!csv(&store, "SELECT ?o { CL:0000134 evi:decreases ?o }").contains("hgnc/6018"));
    decide("4", "Undone", "")?;
    assert_eq!(edges(), all);
    assert!(before.lines().all(|l| dump(&store).contains(l)), "nothing that was read is lost");
    Ok(())
}

#[test]
fn a_claim_is_a_line_of_json() {
    let (document, claims) = article("hip");
    let index = TextIndex::new(&document.text);
    let line = claim_line(&document, &claims[0], &index, &Base::default());
    let quote: String = document
        .text
        .chars()
        .skip(line["start"].as_u64().unwrap_or(9999) as usize)
        .take(line["text"].as_str().map_or(0, |t| t.chars().count()))
        .collect();
    assert_eq!(Some(quote.as_str()), line["text"].as_str());
    assert_eq!(line["subject"]["id"], "CL:0000134");
    assert_eq!(line["predicate"], "evi:decreases");
    assert_eq!(line["article"], "https://clinic.example/hip");
    let outcome = claims.iter().find(|c| !crate::clinic::is_mechanism(c)).expect("the article reports an outcome");
    let line = claim_line(&document, outcome, &index, &Base::default());
    assert_eq!(line["measurement"]["value"], serde_json::json!([30, 40]));
    assert_eq!(line["measurement"]["time"], serde_json::json!({"value": [3, 3], "unit": "month"}));
}

#[test]
fn a_store_is_read_by_many_and_written_by_one() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("store");
    assert!(matches!(Store::read(&path), Err(Error::Missing(_))));
    let writer = Store::create(&path, None)?;
    replaced(&writer, "hip");
    writer.flush()?;
    let before = dump(&writer);
    assert!(matches!(Store::read(&path), Err(Error::Held { .. })));
    drop(writer);
    let readers = [Store::read(&path)?, Store::read(&path)?];
    assert!(readers.iter().all(|reader| dump(reader) == before));
    assert!(matches!(Store::open(&path), Err(Error::Held { .. })));
    drop(readers);
    // One that was copied, and never opened since, is put right first.
    Store::open(&path)?.backup(&dir.path().join("backup"))?;
    assert_eq!(dump(&Store::read(&dir.path().join("backup"))?), before);
    Ok(())
}

#[test]
fn a_directory_keeps_the_store() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("store");
    assert!(matches!(Store::open(&path), Err(Error::Missing(_))));
    let store = Store::create(&path, None)?;
    replaced(&store, "hip");
    assert!(matches!(Store::open(&path), Err(Error::Held { .. })));
    let before = dump(&store);
    store.backup(&dir.path().join("backup"))?;
    drop(store);
    let store = Store::open(&path)?;
    assert_eq!(dump(&store), before);
    replaced(&store, "spine");
    drop(store);
    Store::restore(&dir.path().join("backup"), &dir.path().join("restored"))?;
    assert_eq!(dump(&Store::open(&dir.path().join("restored"))?), before);
    assert!(matches!(Store::restore(&dir.path().join("backup"), &path), Err(Error::NotAStore(_))));

    std::fs::create_dir(dir.path().join("other"))?;
    std::fs::write(dir.path().join("other/file.txt"), "x")?;
    assert!(matches!(Store::create(&dir.path().join("other"), None), Err(Error::NotAStore(_))));
    let marker = path.join("evigraph-store");
    std::fs::write(&marker, std::fs::read_to_string(&marker)?.replace("format 1", "format 99"))?;
    assert!(matches!(Store::open(&path), Err(Error::Version { .. })));

    let file = dir.path().join("dump.nq");
    std::fs::write(&file, &before)?;
    let loaded = Store::memory()?;
    loaded.load(&file)?;
    assert_eq!(dump(&loaded), before);
    std::fs::write(&file, "<a> <b> .\n")?;
    assert!(loaded.load(&file).is_err());
    assert_eq!(dump(&loaded), before, "a file with an error adds nothing");
    Ok(())
}

#[test]
fn costly_paths_are_refused_and_slow_queries_stopped() -> Outcome {
    let store = Store::memory()?;
    let refused = store.query("SELECT * { ?a (evi:affects|evi:partOf)* ?b }", &QueryOptions::default());
    assert!(matches!(refused, Err(Error::UnboundPath(_))));
    assert!(store.query("SELECT * { ?a evi:affects* ?b }", &QueryOptions { strict: true, ..QueryOptions::default() }).is_ok());
    let node = |n: usize| NamedNode::new_unchecked(format!("urn:n:{n}"));
    let property = NamedNode::new_unchecked("urn:p");
    let numbers: Vec<Quad> = (0..300).map(|n| Quad::new(node(n), property.clone(), node(n), property.clone())).collect();
    store.insert(&numbers)?;
    let options = QueryOptions { timeout: Some(std::time::Duration::from_millis(50)), ..QueryOptions::default() };
    let slow = "SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?x . ?b <urn:p> ?y . ?c <urn:p> ?z . ?d <urn:p> ?w FILTER(?x != ?w) }";
    let stopped = store.query(slow, &options).and_then(|answer| match answer {
        evigraph::store::Answer::Solutions(rows) => rows.into_iter().try_for_each(|r| r.map(|_| ())),
        _ => Ok(()),
    });
    assert!(matches!(stopped, Err(Error::Timeout(_))), "{stopped:?}");
    store.change(&numbers, &[])?;
    assert_eq!(csv(&store, "ASK { ?a <urn:p> ?x }"), "false\n");
    Ok(())
}

#[test]
fn names_are_resolved_through_labels_and_synonyms() -> Outcome {
    let store = Store::memory()?;
    replaced(&store, "hip");
    let names = [
        ("IL-6", "hgnc/6018"),
        ("il6", "hgnc/6018"),
        ("AMSC", "CL_0000134"),
        ("Mesenchymal Stem Cells", "CL_0000134"),
        ("decreases", "#decreases"),
    ];
    for (name, id) in names {
        let found = query::resolve(&store, "x", name, None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(found.term.to_string().contains(id), "{name}: {}", found.term);
    }
    let unknown = query::resolve(&store, "x", "IL-66", None).map(|r| r.term).map_err(|e| e.to_string());
    assert!(unknown.as_ref().is_err_and(|e| e.contains("did you mean IL-6")), "{unknown:?}");
    for (value, term) in [
        ("5", "\"5\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
        ("\"a\"@en", "\"a\"@en"),
        ("\"x\"^^xsd:date", "\"x\"^^<http://www.w3.org/2001/XMLSchema#date>"),
    ] {
        assert_eq!(query::resolve(&store, "x", value, None)?.term.to_string(), term);
    }
    let text = query::resolve(&store, "x", "a\" } DROP ALL", Some(query::Kind::Text))?;
    assert_eq!(text.term.to_string(), "\"a\\\" } DROP ALL\"");
    Ok(())
}

#[test]
fn words_are_found_in_quotes_labels_and_titles() -> Outcome {
    let store = Store::memory()?;
    replaced(&store, "hip");
    assert!(query::search(&store, "hip signal", 10)?.is_empty(), "every word must occur");
    let hits = query::search(&store, "hip", 10)?;
    assert_eq!(hits.first().map(|h| h.kind), Some(query::HitKind::Entity), "{hits:#?}");
    assert!(hits.iter().any(|h| h.kind == query::HitKind::Article));
    assert!(query::search(&store, "pain fell", 10)?.iter().any(|h| h.kind == query::HitKind::Claim && h.article.is_some()));
    assert!(dump(&store).contains(AUTHOR));
    Ok(())
}
