//! The embedded store: in memory or in a directory.

use super::place::{Engine, FORMAT, Place, io, write_marker};
use super::{
    Answer, Error, GraphStore, Home, QueryOptions, Services, UpdateOptions, answer, batch, deadline, dump, prepare, product, scan, services,
};
use crate::graph::vocabulary::evi;
use crate::graph::{Base, ONTOLOGY_TTL};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, NamedNode, Quad};
use oxigraph::sparql::{CancellationToken, QueryExplanation, SparqlEvaluator};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A store inside this process.
///
/// ```
/// use evigraph::store::{Answer, GraphStore, QueryOptions, Store};
/// let store = Store::memory()?;
/// let answer = store.query("ASK { evi:decreases rdfs:subPropertyOf* evi:affects }", &QueryOptions::default())?;
/// assert!(matches!(answer, Answer::Boolean(true)));
/// # Ok::<_, evigraph::store::Error>(())
/// ```
pub struct Store {
    pub(super) engine: oxigraph::store::Store,
    pub(super) base: Base,
    pub(super) place: Option<Place>,
    /// One writer at a time, so that what a writer reads still holds when it commits.
    pub(super) writing: Mutex<()>,
    dirty: AtomicBool,
}

impl Store {
    /// An empty store in memory, its names under the default base; it holds the ontology.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn memory() -> Result<Self, Error> {
        Self::memory_under(Base::default())
    }

    /// An empty store in memory, its names under `base`.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn memory_under(base: Base) -> Result<Self, Error> {
        Self::empty(base)?.started()
    }

    /// The store in the directory `path`, which must be one.
    ///
    /// # Errors
    /// Where there is no store, another process holds it, or its format is another.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::at(Place::take(path, None, false)?)?.started()
    }

    /// The store in the directory `path`, for reading alone: others may read it at the same time, and to write is an error.
    ///
    /// # Errors
    /// As [`Store::open`]; that another process reads the store is none.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let place = Place::share(path)?;
        // A store whose ontology is of another version, or that a killed process left in the midst of a batch, is put right first.
        if place.ontology.as_deref() != Some(crate::graph::content_hash(ONTOLOGY_TTL).as_str()) || batch::is_left(&place.path) {
            drop(place);
            return Self::open(path);
        }
        Self::at(place)
    }

    /// The store in the directory `path`, made where there is none; `base` counts for a new store, and must be that of an old one.
    ///
    /// # Errors
    /// As [`Store::open`], and where the directory holds other files or the base is another.
    pub fn create(path: &Path, base: Option<&Base>) -> Result<Self, Error> {
        Self::at(Place::take(path, base, true)?)?.started()
    }

    fn at(place: Place) -> Result<Self, Error> {
        let data = place.data();
        let engine = match place.engine {
            #[cfg(feature = "disk")]
            Engine::RocksDb if place.hold == super::place::Hold::Read => oxigraph::store::Store::open_read_only(&data)?,
            #[cfg(feature = "disk")]
            Engine::RocksDb => oxigraph::store::Store::open(&data)?,
            #[cfg(not(feature = "disk"))]
            Engine::RocksDb => return Err(Error::Engine { path: place.path.clone(), found: "rocksdb".to_owned() }),
            Engine::NQuads => {
                let store = oxigraph::store::Store::new()?;
                if data.exists() {
                    let file = BufReader::new(File::open(&data).map_err(io(&data))?);
                    load(&store, RdfParser::from_format(RdfFormat::NQuads), file, &data)?;
                }
                store
            }
        };
        Ok(Self::new(engine, place.base.clone(), Some(place)))
    }

    /// A store in memory that holds nothing at all, to work out a change in.
    pub(super) fn empty(base: Base) -> Result<Self, Error> {
        Ok(Self::new(oxigraph::store::Store::new()?, base, None))
    }

    fn new(engine: oxigraph::store::Store, base: Base, place: Option<Place>) -> Self {
        Self { engine, base, place, writing: Mutex::new(()), dirty: AtomicBool::new(false) }
    }

    /// Puts right what a killed process or another version of the program left.
    fn started(self) -> Result<Self, Error> {
        if let Some(place) = &self.place {
            batch::recover(&self.engine, place)?;
        }
        self.refresh_ontology()?;
        Ok(self)
    }

    /// Puts the program's ontology in the place of the one kept, where they differ.
    fn refresh_ontology(&self) -> Result<(), Error> {
        let graph = GraphName::from(self.base.ontology_graph());
        let hash = crate::graph::content_hash(ONTOLOGY_TTL);
        if let Some(Place { ontology: Some(kept), .. }) = &self.place {
            // The marker tells which it holds; somebody's own update may have taken it out all the same.
            let one = self.engine.quads_for_pattern(Some(evi::CLAIM.into()), Some(rdf::TYPE), None, Some(graph.as_ref())).next();
            if *kept == hash && one.is_some() {
                return Ok(());
            }
        }
        let mut wanted = ontology(&self.base)?;
        let mut kept = self.engine.quads_for_pattern(None, None, None, Some(graph.as_ref())).collect::<Result<Vec<_>, _>>()?;
        let text = |q: &Quad| q.to_string();
        wanted.sort_by_cached_key(text);
        kept.sort_by_cached_key(text);
        if wanted != kept {
            self.write(|transaction| {
                transaction.clear_graph(graph.as_ref())?;
                transaction.extend(&wanted);
                Ok(())
            })?;
        }
        match &self.place {
            Some(place) => write_marker(&place.path, place.engine, &self.base, Some(&hash)),
            None => Ok(()),
        }
    }

    /// Runs `change` in one transaction.
    pub(super) fn write<T>(&self, change: impl FnOnce(&mut oxigraph::store::Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let _one = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(place) = &self.place {
            batch::finish(&self.engine, &place.path)?;
        }
        let mut transaction = self.engine.start_transaction()?;
        let done = change(&mut transaction)?;
        transaction.commit()?;
        self.touched();
        Ok(done)
    }

    /// Answers a query; the answer outlives the store.
    pub(super) fn answer(&self, sparql: &str, options: &QueryOptions) -> Result<Answer<'static>, Error> {
        let Some(time) = options.timeout else {
            let token = options.cancel.clone().unwrap_or_default();
            let prepared = evaluator(sparql, options, &token)?;
            return answer::answer(|| prepared.on_store(&self.engine).execute(), options.limit);
        };
        let token = CancellationToken::new();
        let (prepared, engine) = (evaluator(sparql, options, &token)?, self.engine.clone());
        deadline::answer(move || prepared.on_store(&engine).execute(), token, options, time)
    }

    /// Marks the store as changed outside a transaction.
    pub(super) fn touched(&self) {
        self.dirty.store(true, Ordering::Release);
    }
}

/// The program's ontology, in its graph.
pub(super) fn ontology(base: &Base) -> Result<Vec<Quad>, Error> {
    let parser = RdfParser::from_format(RdfFormat::Turtle).with_default_graph(base.ontology_graph());
    let broken = |e| Error::Rdf { path: PathBuf::from("ontology/evigraph.ttl"), source: oxigraph::io::RdfParseError::Syntax(e) };
    parser.for_slice(ONTOLOGY_TTL).collect::<Result<_, _>>().map_err(broken)
}

/// An evaluator that stops by the token and reaches no further than the services allow.
pub(super) fn engine(token: &CancellationToken, services: Option<&Arc<Services>>) -> SparqlEvaluator {
    let services = services.map_or_else(Arc::<Services>::default, Arc::clone);
    SparqlEvaluator::new().with_cancellation_token(token.clone()).with_default_service_handler(services::Handler(services))
}

/// The query, ready to run; it stops when the token is cancelled.
fn evaluator(sparql: &str, options: &QueryOptions, token: &CancellationToken) -> Result<oxigraph::sparql::PreparedSparqlQuery, Error> {
    let mut query = prepare(sparql, options)?;
    let named = has_dataset(&query);
    if options.scan {
        scan::by_scan(&mut query);
    }
    let mut engine = engine(token, options.services.as_ref());
    if options.timeout.is_some() || options.cancel.is_some() {
        product::watch(&mut query);
        engine = product::watched(engine, token.clone());
    }
    let mut prepared = engine.for_query(query);
    if !options.strict && !named {
        prepared.dataset_mut().set_default_graph_as_union();
    }
    Ok(prepared)
}

/// Whether the query says FROM or FROM NAMED itself.
pub(super) fn has_dataset(query: &spargebra::Query) -> bool {
    match query {
        spargebra::Query::Select { dataset, .. }
        | spargebra::Query::Construct { dataset, .. }
        | spargebra::Query::Describe { dataset, .. }
        | spargebra::Query::Ask { dataset, .. } => dataset.is_some(),
    }
}

/// Loads RDF in bulk.
pub(super) fn load(store: &oxigraph::store::Store, parser: RdfParser, file: impl std::io::Read, path: &Path) -> Result<(), Error> {
    let mut loader = store.bulk_loader();
    loader.load_from_reader(parser, file).map_err(|e| match e {
        oxigraph::store::LoaderError::Storage(e) => Error::Storage(e),
        oxigraph::store::LoaderError::Parsing(source) => Error::Rdf { path: path.to_owned(), source },
        other => Error::Io { path: path.to_owned(), source: std::io::Error::other(other.to_string()) },
    })?;
    Ok(loader.commit()?)
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

impl GraphStore for Store {
    fn base(&self) -> &Base {
        &self.base
    }

    fn home(&self) -> Home {
        let engine = self.place.as_ref().map_or("memory", |p| p.engine.name());
        Home { path: self.place.as_ref().map(|p| p.path.display().to_string()), format: Some(FORMAT), engine: engine.to_owned() }
    }

    fn query(&self, sparql: &str, options: &QueryOptions) -> Result<Answer<'_>, Error> {
        self.answer(sparql, options)
    }

    fn explain(&self, sparql: &str, options: &QueryOptions) -> Result<String, Error> {
        let token = options.cancel.clone().unwrap_or_default();
        let prepared = evaluator(sparql, options, &token)?;
        let explain = || prepared.on_store(&self.engine).compute_statistics().explain();
        let (results, plan): (_, QueryExplanation) = product::caught(explain).map_err(answer::in_words)?;
        match answer::answer(|| results, options.limit)? {
            Answer::Solutions(rows) => rows.into_iter().try_for_each(|r| r.map(|_| ()))?,
            Answer::Triples(triples) => triples.into_iter().try_for_each(|t| t.map(|_| ()))?,
            Answer::Boolean(_) => {}
        }
        let mut json = Vec::new();
        plan.write_in_json(&mut json).map_err(io(Path::new("plan")))?;
        Ok(String::from_utf8_lossy(&json).into_owned())
    }

    fn update(&self, sparql: &str) -> Result<(), Error> {
        self.update_with(sparql, &UpdateOptions::default())
    }

    fn count(&self) -> Result<u64, Error> {
        Ok(self.engine.len()? as u64)
    }

    fn quads(&self) -> Result<Box<dyn Iterator<Item = Result<Quad, Error>> + '_>, Error> {
        Ok(Box::new(self.engine.iter().map(|q| q.map_err(Error::Storage))))
    }

    fn change(&self, removed: &[Quad], added: &[Quad]) -> Result<(), Error> {
        self.write(|transaction| {
            removed.iter().for_each(|q| transaction.remove(q));
            transaction.extend(added);
            Ok(())
        })
    }

    fn load(&self, path: &Path) -> Result<(), Error> {
        self.load_in_bulk(path)
    }

    fn replace(&self, article: &NamedNode, quads: &[Quad]) -> Result<(), Error> {
        self.write(|transaction| super::article::replace(transaction, &self.base, article, quads))
    }

    fn replace_all(&self, articles: &[(NamedNode, Vec<Quad>)]) -> Result<(), Error> {
        self.replace_in_bulk(articles)
    }

    fn batch(&self) -> usize {
        if self.has_batches() { batch::BATCH } else { 0 }
    }

    fn remove(&self, article: &NamedNode) -> Result<bool, Error> {
        self.write(|transaction| super::article::remove(transaction, &self.base, article))
    }

    fn refresh_edges(&self, claims: &[NamedNode]) -> Result<(), Error> {
        self.write(|transaction| super::curated::refresh(transaction, &self.base, claims))
    }

    // Builds without RocksDB keep the store in one file, which is written here and when the store is dropped.
    fn flush(&self) -> Result<(), Error> {
        match &self.place {
            Some(place) if place.engine == Engine::NQuads => {
                if self.dirty.swap(false, Ordering::AcqRel) {
                    let (data, draft) = (place.data(), place.path.join("data.nq.new"));
                    let written = File::create(&draft).map_err(io(&draft)).and_then(|file| {
                        dump(self, &mut std::io::BufWriter::new(&file))?;
                        file.sync_all().map_err(io(&draft))
                    });
                    if let Err(e) = written.and_then(|()| std::fs::rename(&draft, &data).map_err(io(&data))) {
                        self.touched();
                        return Err(e);
                    }
                }
                Ok(())
            }
            #[cfg(feature = "disk")]
            Some(_) => Ok(self.engine.flush()?),
            _ => Ok(()),
        }
    }

    #[cfg(feature = "disk")]
    fn validate(&self) -> Result<(), Error> {
        Ok(self.engine.validate()?)
    }
}
