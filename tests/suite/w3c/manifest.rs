//! Manifests: what each test does and expects.

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Graph, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The address under which the suites' files are known.
pub const ROOT: &str = "http://www.w3.org/2009/sparql/docs/tests/";

const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const QT: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
const UT: &str = "http://www.w3.org/2009/sparql/tests/test-update#";
const LABEL: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/2000/01/rdf-schema#label");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Evaluation,
    Csv,
    Update,
    GoodQuery,
    BadQuery,
    GoodUpdate,
    BadUpdate,
    Other,
}

/// The files of a dataset: those of the default graph, and the named graphs.
#[derive(Debug, Clone, Default)]
pub struct Files {
    pub default: Vec<PathBuf>,
    pub named: Vec<(NamedNode, PathBuf)>,
}

#[derive(Debug, Clone)]
pub struct Test {
    pub name: String,
    pub kind: Kind,
    /// The query or update.
    pub asked: PathBuf,
    pub data: Files,
    /// For queries.
    pub result: Option<PathBuf>,
    /// For updates.
    pub after: Files,
    /// Whether repeated rows may be fewer or more.
    pub lax: bool,
}

pub struct Manifest {
    pub tests: Vec<Test>,
}

/// The address of a file of the suites, whose folder is the first named `sparql` above it.
pub fn address(path: &Path) -> String {
    let text = path.to_str().expect("a path in UTF-8");
    let (_, local) = text.split_once("/sparql/").expect("a file of the suites");
    format!("{ROOT}{local}")
}

fn path(folder: &Path, iri: &str) -> PathBuf {
    let local = iri.strip_prefix(ROOT).unwrap_or_else(|| panic!("{iri} lies outside of the suites"));
    let root = folder.ancestors().find(|a| a.ends_with("sparql")).expect("the folder of the suites");
    root.join(local)
}

/// Reads RDF in a format told by the extension.
pub fn graph(file: &Path) -> Graph {
    let format = RdfFormat::from_extension(file.extension().and_then(|e| e.to_str()).expect("an extension")).expect("an RDF format");
    let text = std::fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let parser = RdfParser::from_format(format).with_base_iri(address(file)).expect("an IRI").rename_blank_nodes();
    parser
        .for_slice(&text)
        .map(|q| q.unwrap_or_else(|e| panic!("{}: {e}", file.display())).into())
        .collect::<Vec<oxigraph::model::Triple>>()
        .into_iter()
        .collect()
}

/// Objects of a property, in a manifest.
pub fn objects(g: &Graph, subject: &NamedOrBlankNode, property: &str) -> Vec<Term> {
    let property = NamedNode::new_unchecked(property);
    g.objects_for_subject_predicate(subject.as_ref(), property.as_ref()).map(TermRef::into_owned).collect()
}

pub fn node(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(n) => Some(n.clone().into()),
        Term::BlankNode(b) => Some(b.clone().into()),
        _ => None,
    }
}

/// The members of an RDF list.
pub fn list(g: &Graph, head: &Term) -> Vec<Term> {
    let (mut found, mut at) = (Vec::new(), node(head));
    while let Some(cell) = at.filter(|c| c.as_ref() != NamedOrBlankNodeRef::from(rdf::NIL)) {
        found.extend(g.object_for_subject_predicate(cell.as_ref(), rdf::FIRST).map(TermRef::into_owned));
        at = g.object_for_subject_predicate(cell.as_ref(), rdf::REST).and_then(|t| node(&t.into_owned()));
    }
    found
}

impl Manifest {
    /// Reads a manifest and those it includes.
    pub fn read(file: &Path) -> Self {
        let g = graph(file);
        let own = NamedOrBlankNode::from(NamedNode::new_unchecked(address(file)));
        let mut tests = Vec::new();
        for include in objects(&g, &own, &format!("{MF}include")).iter().flat_map(|l| list(&g, l)) {
            if let Term::NamedNode(n) = include {
                tests.extend(Self::read(&path(file, n.as_str())).tests);
            }
        }
        for entry in objects(&g, &own, &format!("{MF}entries")).iter().flat_map(|l| list(&g, l)) {
            tests.extend(node(&entry).and_then(|n| test(&g, &n, file)));
        }
        Self { tests }
    }
}

fn files(g: &Graph, of: &NamedOrBlankNode, space: &str, folder: &Path) -> Files {
    let mut found = Files::default();
    for data in objects(g, of, &format!("{space}data")) {
        if let Term::NamedNode(n) = data {
            found.default.push(path(folder, n.as_str()));
        }
    }
    for data in objects(g, of, &format!("{space}graphData")) {
        let Some(described) = node(&data) else { continue };
        let file = objects(g, &described, &format!("{space}graph"));
        let label = objects(g, &described, LABEL.as_str());
        match (file.first(), label.first(), &data) {
            (Some(Term::NamedNode(file)), Some(Term::Literal(label)), _) => {
                found.named.push((NamedNode::new_unchecked(label.value()), path(folder, file.as_str())));
            }
            (None, _, Term::NamedNode(n)) => found.named.push((n.clone(), path(folder, n.as_str()))),
            _ => panic!("{data} names no file"),
        }
    }
    found
}

fn test(g: &Graph, own: &NamedOrBlankNode, file: &Path) -> Option<Test> {
    let kinds: HashMap<&str, Kind> = HashMap::from([
        ("QueryEvaluationTest", Kind::Evaluation),
        ("CSVResultFormatTest", Kind::Csv),
        ("UpdateEvaluationTest", Kind::Update),
        ("PositiveSyntaxTest", Kind::GoodQuery),
        ("PositiveSyntaxTest11", Kind::GoodQuery),
        ("NegativeSyntaxTest", Kind::BadQuery),
        ("NegativeSyntaxTest11", Kind::BadQuery),
        ("PositiveUpdateSyntaxTest11", Kind::GoodUpdate),
        ("NegativeUpdateSyntaxTest11", Kind::BadUpdate),
    ]);
    let types = objects(g, own, rdf::TYPE.as_str());
    let kind = types.iter().find_map(|t| if let Term::NamedNode(n) = t { kinds.get(n.as_str().strip_prefix(MF)?).copied() } else { None });
    let kind = kind.unwrap_or(Kind::Other);
    let action = objects(g, own, &format!("{MF}action")).into_iter().next()?;
    let name = own.to_string().trim_matches(['<', '>']).rsplit("/tests/").next().unwrap_or_default().to_owned();
    let mut made = Test { name, kind, asked: PathBuf::new(), data: Files::default(), result: None, after: Files::default(), lax: false };
    let described = node(&action)?;
    let asked = [format!("{QT}query"), format!("{UT}request")].iter().find_map(|p| objects(g, &described, p).into_iter().next());
    match (asked.as_ref(), &action) {
        (Some(Term::NamedNode(n)), _) | (None, Term::NamedNode(n)) => made.asked = path(file, n.as_str()),
        _ => return Some(Test { kind: Kind::Other, ..made }),
    }
    made.data = files(g, &described, if kind == Kind::Update { UT } else { QT }, file);
    for result in objects(g, own, &format!("{MF}result")) {
        match (kind, &result) {
            (Kind::Update, r) => made.after = files(g, &node(r)?, UT, file),
            (_, Term::NamedNode(n)) => made.result = Some(path(file, n.as_str())),
            _ => {}
        }
    }
    made.lax = !objects(g, own, &format!("{MF}resultCardinality")).is_empty();
    Some(made)
}
