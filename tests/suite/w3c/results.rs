//! Results: read from files and answers, and compared up to the names of blank nodes.

use super::manifest::{graph, node, objects};
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{BlankNode, Dataset, Graph, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, Variable};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const RS: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#";

/// A row: its variables that are bound.
pub type Row = BTreeMap<String, Term>;

#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // One is held at a time.
pub enum Results {
    Boolean(bool),
    Rows {
        rows: Vec<Row>,
        /// Whether their order was told.
        ordered: bool,
    },
    Graph(Graph),
}

/// Reads what a test expects.
pub fn expected(file: &Path) -> Results {
    let format = match file.extension().and_then(|e| e.to_str()) {
        Some("srx") => QueryResultsFormat::Xml,
        Some("srj") => QueryResultsFormat::Json,
        Some("tsv") => QueryResultsFormat::Tsv,
        Some("csv") => return csv(&std::fs::read(file).expect("a file of the suites")),
        _ => return in_rdf(graph(file)),
    };
    let bytes = std::fs::read(file).expect("a file of the suites");
    parse(format, &bytes).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// Reads results in one of the standard forms.
pub fn parse(format: QueryResultsFormat, bytes: &[u8]) -> Result<Results, String> {
    match QueryResultsParser::from_format(format).for_slice(bytes).map_err(|e| e.to_string())? {
        SliceQueryResultsParserOutput::Boolean(b) => Ok(Results::Boolean(b)),
        SliceQueryResultsParserOutput::Solutions(rows) => {
            let row = |r: oxigraph::sparql::QuerySolution| r.iter().map(|(v, t)| (v.as_str().to_owned(), t.clone())).collect();
            let rows = rows.map(|r| r.map(row)).collect::<Result<Vec<Row>, _>>().map_err(|e| e.to_string())?;
            Ok(Results::Rows { rows, ordered: false })
        }
    }
}

/// CSV tells no kinds of terms: all are texts, but for blank nodes.
pub fn csv(bytes: &[u8]) -> Results {
    let mut reader = csv::Reader::from_reader(bytes);
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let term = |cell: &str| match cell.strip_prefix("_:") {
        Some(name) => Term::from(BlankNode::new_unchecked(name)),
        None => Literal::new_simple_literal(cell).into(),
    };
    let rows = reader.records().map(|r| header.iter().cloned().zip(r.expect("a record").iter().map(term)).collect()).collect();
    Results::Rows { rows, ordered: false }
}

/// Results told in RDF: a result set, or the graph itself.
fn in_rdf(g: Graph) -> Results {
    let class = Term::from(NamedNode::new_unchecked(format!("{RS}ResultSet")));
    let Some(set) = g.subject_for_predicate_object(rdf::TYPE, &class).map(|s| s.into_owned()) else { return Results::Graph(g) };
    let all = |of: &NamedOrBlankNode, name: &str| objects(&g, of, &format!("{RS}{name}"));
    let text = |t: &Term| if let Term::Literal(l) = t { l.value().to_owned() } else { t.to_string() };
    if let Some(value) = all(&set, "boolean").first() {
        return Results::Boolean(text(value) == "true");
    }
    let (mut rows, mut ordered) = (Vec::new(), false);
    for solution in all(&set, "solution").iter().filter_map(node) {
        let index = all(&solution, "index").first().and_then(|i| text(i).parse::<usize>().ok());
        ordered |= index.is_some();
        let bindings = all(&solution, "binding");
        let cell = |b: NamedOrBlankNode| Some((text(all(&b, "variable").first()?), all(&b, "value").into_iter().next()?));
        rows.push((index.unwrap_or(0), bindings.iter().filter_map(node).filter_map(cell).collect::<Row>()));
    }
    rows.sort_by_key(|r| r.0);
    Results::Rows { rows: rows.into_iter().map(|r| r.1).collect(), ordered }
}

/// Numbers in the form that tells their value: 1.0, 1.00 and 1.0E0 may each be written so.
fn plain(term: &Term) -> Term {
    let Term::Literal(l) = term else { return term.clone() };
    let kind = l.datatype();
    if [xsd::DECIMAL, xsd::DOUBLE, xsd::FLOAT].contains(&kind)
        && let Ok(value) = l.value().parse::<f64>()
    {
        return Literal::new_typed_literal(format!("{value:?}"), kind).into();
    }
    term.clone()
}

/// The rows as a graph: a node a row.
fn as_graph(rows: &[Row], ordered: bool) -> Dataset {
    let mut quads = Dataset::new();
    for (i, row) in rows.iter().enumerate() {
        let own = BlankNode::default();
        let say = |p: &str, o: Term| Quad::new(own.clone(), NamedNode::new_unchecked(format!("urn:{p}")), o, GraphName::DefaultGraph);
        quads.insert(&say("row", Literal::from(if ordered { i as i64 } else { 0 }).into()));
        for (variable, term) in row {
            quads.insert(&say(variable, plain(term)));
        }
    }
    quads.canonicalize(CanonicalizationAlgorithm::Unstable);
    quads
}

/// Whether two datasets are the same but for the names of blank nodes.
pub fn isomorphic(a: impl IntoIterator<Item = Quad>, b: impl IntoIterator<Item = Quad>) -> bool {
    let canonical = |quads: Vec<Quad>| {
        let mut dataset: Dataset = quads.into_iter().collect();
        dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
        dataset
    };
    canonical(a.into_iter().collect()) == canonical(b.into_iter().collect())
}

/// Whether an answer is what was expected.
pub fn same(expected: &Results, found: &Results, lax: bool) -> bool {
    match (expected, found) {
        (Results::Boolean(a), Results::Boolean(b)) => a == b,
        (Results::Graph(a), Results::Graph(b)) => {
            let quads = |g: &Graph| g.iter().map(|t| t.into_owned().in_graph(GraphName::DefaultGraph)).collect::<Vec<_>>();
            isomorphic(quads(a), quads(b))
        }
        (Results::Rows { rows: a, ordered }, Results::Rows { rows: b, .. }) if lax => {
            let set = |rows: &[Row]| rows.iter().map(|r| format!("{r:?}")).collect::<BTreeSet<_>>();
            !ordered && set(a) == set(b)
        }
        (Results::Rows { rows: a, ordered }, Results::Rows { rows: b, .. }) => {
            a.len() == b.len() && as_graph(a, *ordered) == as_graph(b, *ordered)
        }
        _ => false,
    }
}

/// Rows of the engine's own answer.
pub fn row(variables: &[Variable], values: &[Option<Term>]) -> Row {
    variables.iter().zip(values).filter_map(|(v, t)| Some((v.as_str().to_owned(), t.clone()?))).collect()
}

#[test]
fn rows_are_compared_up_to_blank_nodes() {
    let row = |n: &str| Row::from([("x".to_owned(), BlankNode::new_unchecked(n).into())]);
    let rows = |names: &[&str]| Results::Rows { rows: names.iter().map(|n| row(n)).collect(), ordered: false };
    assert!(same(&rows(&["a", "a", "b"]), &rows(&["u", "v", "u"]), false));
    assert!(!same(&rows(&["a", "a", "b"]), &rows(&["u", "v", "w"]), false));
    assert!(!same(&rows(&["a"]), &rows(&["a", "b"]), false));
}
