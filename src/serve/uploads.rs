//! Articles that are uploaded: read beside the requests, with a state that can be asked for.

use super::{Problem, Site};
use crate::annotate::{Annotator, Lexicon};
use crate::extract::{Extraction, Extractor, Rules};
use crate::graph::{Options, article_iri, quads};
use crate::read;
use crate::store::{GraphStore as _, Store};
use oxigraph::model::{NamedNode, Quad};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Uploads whose state is remembered.
const REMEMBERED: usize = 200;

/// How far an upload is.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// What is being done.
    Under(&'static str),
    /// The articles that it held.
    Done(Vec<Found>),
    /// Why it cannot be read.
    Failed(String),
}

/// An article of an upload.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) iri: String,
    pub(super) title: String,
    pub(super) claims: usize,
}

/// The uploads, and what reads them.
#[derive(Default)]
pub(super) struct Uploads {
    jobs: Mutex<BTreeMap<u64, State>>,
    extractor: Mutex<Option<Arc<Extractor>>>,
}

impl Uploads {
    fn jobs(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, State>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far an upload is; none where it is not known.
    pub(super) fn state(&self, number: u64) -> Option<State> {
        self.jobs().get(&number).cloned()
    }

    fn begin(&self) -> u64 {
        let mut jobs = self.jobs();
        let number = jobs.last_key_value().map_or(1, |last| last.0 + 1);
        jobs.insert(number, State::Under("waiting for its turn"));
        while jobs.len() > REMEMBERED {
            jobs.pop_first();
        }
        number
    }

    fn set(&self, number: u64, state: State) {
        self.jobs().insert(number, state);
    }

    /// The extractor, made when the first article comes.
    fn extractor(&self, lexicon: Option<&Path>) -> Result<Arc<Extractor>, Problem> {
        let mut kept = self.extractor.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(extractor) = kept.as_ref() {
            return Ok(Arc::clone(extractor));
        }
        let lexicon = match lexicon {
            Some(path) => Lexicon::open(path).map_err(|e| Problem::internal(e.to_string()))?,
            None => Lexicon::shipped().map_err(|e| Problem::internal(e.to_string()))?,
        };
        let rules = Rules::shipped().map_err(|e| Problem::internal(e.to_string()))?;
        let extractor = Arc::new(Extractor::new(Annotator::new(lexicon), rules));
        *kept = Some(Arc::clone(&extractor));
        Ok(extractor)
    }
}

/// An article with the statements that it makes.
struct Read {
    iri: NamedNode,
    found: Found,
    quads: Vec<Quad>,
}

impl Site {
    /// Begins to read an upload, and gives the number by which its state is asked for.
    pub(super) fn upload(self: &Arc<Self>, name: String, bytes: Vec<u8>) -> u64 {
        let number = self.uploads.begin();
        let site = Arc::clone(self);
        tokio::spawn(async move {
            let state = match site.take_in(number, name, bytes).await {
                Ok(found) => State::Done(found),
                Err(problem) => State::Failed(problem.message),
            };
            site.uploads.set(number, state);
        });
        number
    }

    async fn take_in(self: &Arc<Self>, number: u64, name: String, bytes: Vec<u8>) -> Result<Vec<Found>, Problem> {
        let site = Arc::clone(self);
        let work = move |store: &Store, _: &_| {
            site.uploads.set(number, State::Under("reading the text"));
            let source = keep(store, &name, &bytes)?;
            let documents = read::read(&source, &bytes, None).map_err(|e| Problem::bad(e.to_string()))?;
            site.uploads.set(number, State::Under("finding the claims"));
            let extractor = site.uploads.extractor(site.options().lexicon.as_deref())?;
            let lexicon = extractor.annotator().lexicon();
            let options = Options {
                base: store.base().clone(),
                describe: Some(lexicon.as_ref()),
                rules_hash: extractor.rules().hash.clone(),
                lexicon_hash: lexicon.hash().to_owned(),
                times: None,
            };
            let read = documents.iter().map(|document| {
                let Extraction { mentions, claims } = extractor.extract(document);
                let iri = article_iri(document, store.base());
                let title = document.title.clone().unwrap_or_else(|| name.clone());
                let found = Found { iri: iri.as_str().to_owned(), title, claims: claims.len() };
                Read { iri, found, quads: quads(document, &mentions, &claims, &options) }
            });
            Ok(read.collect::<Vec<_>>())
        };
        let read = self.read(work).await?;
        self.uploads.set(number, State::Under("keeping the claims"));
        let keep = move |store: &Store, _: &_| {
            read.iter().try_for_each(|article| store.replace(&article.iri, &article.quads))?;
            store.flush()?;
            Ok(read.into_iter().map(|article| article.found).collect())
        };
        let found = self.write(keep).await;
        self.warm();
        found
    }
}

/// Keeps what was uploaded beside the store, so that its text can be shown; gives the path, or the name alone where the store is in memory.
fn keep(store: &Store, name: &str, bytes: &[u8]) -> Result<String, Problem> {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }).collect();
    let short: String = plain.trim_start_matches(['.', '-']).chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
    let hash: String = Sha256::digest(bytes).iter().take(6).map(|b| format!("{b:02x}")).collect();
    let Some(home) = store.home().path else { return Ok(format!("{hash}-{short}")) };
    let folder = Path::new(&home).join("articles");
    let path = folder.join(format!("{hash}-{short}"));
    let failed = |e: std::io::Error| Problem::internal(format!("{}: the upload cannot be kept: {e}", path.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    std::fs::write(&path, bytes).map_err(failed)?;
    Ok(path.display().to_string())
}
