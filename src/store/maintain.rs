//! Maintenance: what a store holds, dumps and loads, backups, and the proof that it is whole.

use super::place::{self, Engine, io};
use super::{Answer, Error, GraphStore, QueryOptions, Store, embedded::load};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Quad, Term};
use oxigraph::sparql::QuerySolution;
use std::fs::{self, File};
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Info {
    /// Its directory; `None` in memory.
    pub path: Option<PathBuf>,
    /// Version of its format.
    pub format: u32,
    /// How it is kept: `memory`, `rocksdb` or `nquads`.
    pub engine: &'static str,
    /// The base of its names.
    pub base: String,
    /// Statements.
    pub quads: usize,
    /// Articles.
    pub articles: u64,
    /// Claims.
    pub claims: u64,
    /// Claims about mechanisms.
    pub mechanism_claims: u64,
    /// Claims about outcomes.
    pub outcome_claims: u64,
    /// Entities.
    pub entities: u64,
    /// Cited works.
    pub works: u64,
    /// Decisions of curators.
    pub decisions: u64,
}

/// Something in a store that should not be so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Problem {
    /// What it is about, an IRI.
    pub subject: String,
    /// What is wrong.
    pub message: String,
}

/// Queries of [`Store::verify`]: each row's ?subject has the problem.
const PROBLEMS: &[(&str, &str)] = &[
    ("claim without evidence", "SELECT ?subject { ?subject a evi:Claim FILTER NOT EXISTS { ?subject evi:hasEvidence ?e } }"),
    (
        "claim without certainty, negation or source status",
        "SELECT ?subject { ?subject a evi:Claim FILTER NOT EXISTS { ?subject evi:certainty ?c ; evi:negated ?n ; evi:sourceStatus ?s } }",
    ),
    (
        "mechanism claim without subject, predicate or object",
        "SELECT ?subject { ?subject a evi:MechanismClaim FILTER NOT EXISTS { ?subject rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o } }",
    ),
    (
        "outcome claim without outcome or measurement",
        "SELECT ?subject { ?subject a evi:OutcomeClaim FILTER NOT EXISTS { ?subject evi:outcome ?o ; evi:hasMeasurement/evi:low ?l } }",
    ),
    (
        "evidence without quote, position or article",
        "SELECT ?subject { ?subject a evi:Evidence FILTER NOT EXISTS { ?subject oa:hasSelector/oa:exact ?q ; oa:hasSelector/oa:start ?s ; prov:hadPrimarySource ?a } }",
    ),
    (
        "quote that is not as long as its position says",
        "SELECT ?subject { ?subject a evi:Evidence ; oa:hasSelector/oa:exact ?q . ?subject oa:hasSelector ?p . ?p oa:start ?s ; oa:end ?e FILTER (?e - ?s != STRLEN(?q)) }",
    ),
    (
        "entity that is used but not described",
        "SELECT DISTINCT ?subject { ?o evi:ofEntity ?subject FILTER NOT EXISTS { ?subject rdfs:label ?l } }",
    ),
    (
        "plain triple that no claim asserts",
        "SELECT ?subject { GRAPH ?edges { ?subject ?p ?o } FILTER STRENDS(STR(?edges), 'graph/edges') FILTER NOT EXISTS { ?c rdf:subject ?subject ; rdf:predicate ?p ; rdf:object ?o } }",
    ),
];

impl Store {
    /// What the store holds.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn info(&self) -> Result<Info, Error> {
        let count = |class: &str| self.count(&format!("SELECT (COUNT(*) AS ?n) {{ ?x a evi:{class} }}"));
        let engine = match self.place.as_ref().map(|p| p.engine) {
            None => "memory",
            Some(Engine::RocksDb) => "rocksdb",
            Some(Engine::NQuads) => "nquads",
        };
        Ok(Info {
            path: self.place.as_ref().map(|p| p.path.clone()),
            format: place::FORMAT,
            engine,
            base: self.base.as_str().to_owned(),
            quads: self.engine.len()?,
            articles: count("Article")?,
            claims: count("Claim")?,
            mechanism_claims: count("MechanismClaim")?,
            outcome_claims: count("OutcomeClaim")?,
            entities: count("Entity")?,
            works: count("Work")?,
            decisions: count("Decision")?,
        })
    }

    fn count(&self, sparql: &str) -> Result<u64, Error> {
        let mut rows = self.rows(sparql)?;
        let first = rows.next().transpose()?;
        Ok(first.and_then(|row| if let Some(Term::Literal(l)) = row.get("n") { l.value().parse().ok() } else { None }).unwrap_or_default())
    }

    fn rows(&self, sparql: &str) -> Result<Box<dyn Iterator<Item = Result<QuerySolution, Error>> + '_>, Error> {
        Ok(match self.query(sparql, &QueryOptions::default())? {
            Answer::Solutions(rows) => Box::new(rows),
            _ => Box::new(std::iter::empty()),
        })
    }

    /// Writes every statement but the program's ontology as N-Quads, sorted: the same store gives the same bytes.
    ///
    /// # Errors
    /// Where the store fails or the writer does.
    pub fn dump(&self, mut to: impl Write) -> Result<(), Error> {
        let ontology = self.base.ontology_graph();
        let mut lines = Vec::new();
        for quad in self.engine.iter() {
            let quad = quad?;
            if quad.graph_name != ontology.clone().into() {
                lines.push(quad.to_string());
            }
        }
        lines.sort_unstable();
        let written = lines.iter().try_for_each(|line| writeln!(to, "{line} ."));
        written.and_then(|()| to.flush()).map_err(io(Path::new("dump")))
    }

    /// Adds the statements of an RDF file; its extension tells the format. All or none.
    ///
    /// # Errors
    /// Where the file cannot be read or is no RDF (line and column named).
    pub fn load(&self, path: &Path) -> Result<(), Error> {
        let name = path.with_extension("");
        let zipped = path.extension().is_some_and(|e| e == "gz");
        let extension = if zipped { name.extension() } else { path.extension() };
        let format =
            extension.and_then(|e| RdfFormat::from_extension(&e.to_string_lossy())).ok_or_else(|| Error::UnknownFormat(path.to_owned()))?;
        let file = BufReader::new(File::open(path).map_err(io(path))?);
        let _one = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let parser = RdfParser::from_format(format);
        if zipped {
            load(&self.engine, parser, flate2::read::MultiGzDecoder::new(file), path)?;
        } else {
            load(&self.engine, parser, file, path)?;
        }
        self.touched();
        Ok(())
    }

    /// Adds many statements at once, for a first load: faster than [`GraphStore::insert`], all or none.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn bulk_insert(&self, quads: impl IntoIterator<Item = Quad>) -> Result<(), Error> {
        let _one = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut loader = self.engine.bulk_loader();
        loader.load_quads(quads)?;
        loader.commit()?;
        self.touched();
        Ok(())
    }

    /// Copies the store as it now is into a new directory, which is a store itself.
    ///
    /// # Errors
    /// Where the directory is there already or cannot be written.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) || to.is_file() {
            return Err(Error::NotAStore(to.to_owned()));
        }
        fs::create_dir_all(to).map_err(io(to))?;
        let engine = self.place.as_ref().map_or(Engine::NQuads, |p| p.engine);
        match engine {
            #[cfg(feature = "disk")]
            Engine::RocksDb => self.engine.backup(to.join("data"))?,
            _ => {
                let data = to.join("data.nq");
                let file = File::create(&data).map_err(io(&data))?;
                self.dump(std::io::BufWriter::new(&file))?;
                file.sync_all().map_err(io(&data))?;
            }
        }
        place::write_marker(to, engine, &self.base)
    }

    /// Copies a backup into the empty or new directory `to`.
    ///
    /// # Errors
    /// Where `from` is no store, `to` holds files, or the copy fails.
    pub fn restore(from: &Path, to: &Path) -> Result<(), Error> {
        if !place::is_store(from) {
            return Err(if from.exists() { Error::NotAStore(from.to_owned()) } else { Error::Missing(from.to_owned()) });
        }
        if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) || to.is_file() {
            return Err(Error::NotAStore(to.to_owned()));
        }
        // The marker goes last: a copy that was cut short is no store.
        let mut entries: Vec<PathBuf> =
            fs::read_dir(from).map_err(io(from))?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>().map_err(io(from))?;
        entries.sort_by_key(|p| !p.is_dir());
        fs::create_dir_all(to).map_err(io(to))?;
        for entry in entries {
            let Some(name) = entry.file_name().filter(|n| *n != "lock") else { continue };
            let target = to.join(name);
            if entry.is_dir() {
                fs::create_dir_all(&target).map_err(io(&target))?;
                for file in fs::read_dir(&entry).map_err(io(&entry))? {
                    let file = file.map_err(io(&entry))?;
                    fs::copy(file.path(), target.join(file.file_name())).map_err(io(&file.path()))?;
                }
            } else {
                fs::copy(&entry, &target).map_err(io(&entry))?;
            }
        }
        Ok(())
    }

    /// Gives back the room of what was removed.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn compact(&self) -> Result<(), Error> {
        #[cfg(feature = "disk")]
        self.engine.optimize()?;
        self.flush()
    }

    /// What is wrong with the store: indexes that disagree, claims that are not whole, triples that no claim asserts, and quotes that do not
    /// stand where they should in the article's text, as `text` gives it for a source (`None` where it cannot be had).
    ///
    /// # Errors
    /// Where the engine finds its own files damaged, or fails.
    pub fn verify(&self, text: &mut dyn FnMut(&str) -> Option<String>) -> Result<Vec<Problem>, Error> {
        #[cfg(feature = "disk")]
        self.engine.validate()?;
        let mut problems = Vec::new();
        for (message, query) in PROBLEMS {
            for row in self.rows(query)? {
                if let Some(subject) = row?.get("subject") {
                    problems.push(Problem { subject: plain(subject), message: (*message).to_owned() });
                }
            }
        }
        let quotes = "SELECT ?article ?source ?evidence ?quote ?start { ?article a evi:Article ; dcterms:source ?source . ?evidence prov:hadPrimarySource ?article ; \
                      oa:hasSelector/oa:exact ?quote ; oa:hasSelector/oa:start ?start } ORDER BY ?article ?start ?evidence";
        let mut current: Option<(String, Option<Vec<char>>)> = None;
        for row in self.rows(quotes)? {
            let row = row?;
            let get = |name: &str| row.get(name).map(plain).unwrap_or_default();
            let source = get("source");
            if current.as_ref().is_none_or(|c| c.0 != source) {
                let read = text(&source).map(|t| t.chars().collect());
                current = Some((source, read));
            }
            if let Some((_, Some(chars))) = &current {
                let (quote, start): (Vec<char>, usize) = (get("quote").chars().collect(), get("start").parse().unwrap_or(usize::MAX));
                if chars.get(start..start.saturating_add(quote.len())) != Some(&quote) {
                    problems.push(Problem {
                        subject: get("evidence"),
                        message: "quote that does not stand at its place in the article".to_owned(),
                    });
                }
            }
        }
        problems.sort();
        problems.dedup();
        Ok(problems)
    }
}

/// An IRI or the value of a literal, without brackets or quotes.
fn plain(term: &Term) -> String {
    match term {
        Term::NamedNode(n) => n.as_str().to_owned(),
        Term::Literal(l) => l.value().to_owned(),
        Term::BlankNode(b) => b.to_string(),
    }
}
