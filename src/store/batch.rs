//! Many articles at once: worked out in a draft and loaded in bulk, which takes a fifth of the time of transactions and bounded memory.
//!
//! The engine loads statements in bulk all or none, but takes none out. What has to go is therefore written to a file of the store first, and taken
//! out after the load; a process that is killed in between leaves the file, and whoever opens the store next takes the rest out.

use super::hand::Draft;
use super::place::{Engine, Place, io};
use super::{Error, Store, article};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{NamedNode, Quad};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;

/// Statements of a batch. The engine merges each batch with those before, so small ones cost time; a statement in hand takes about a kilobyte.
pub(super) const BATCH: usize = 1 << 18;
/// Below this a transaction is faster.
const FEW: usize = 1 << 12;
/// In a store's directory: what is to go, after the first statement, which is there if the load was done.
const LEAVING: &str = "leaving.nq";

impl Store {
    /// Whether batches are loaded in bulk.
    pub(super) fn has_batches(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.engine == Engine::RocksDb)
    }

    /// Puts articles in the place of their former selves, all or none.
    pub(super) fn replace_in_bulk(&self, articles: &[(NamedNode, Vec<Quad>)]) -> Result<(), Error> {
        let count = articles.iter().map(|(_, quads)| quads.len()).sum::<usize>();
        let Some(place) = self.place.as_ref().filter(|_| count >= FEW && self.has_batches()) else {
            return self.write(|transaction| {
                articles.iter().try_for_each(|(article, quads)| article::replace(transaction, &self.base, article, quads))
            });
        };
        let _one = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        finish(&self.engine, &place.path)?;
        let mut draft = Draft::new(&self.engine);
        for (article, quads) in articles {
            article::replace(&mut draft, &self.base, article, quads)?;
        }
        let (removed, added) = draft.settle()?;
        if !removed.is_empty() {
            let is_new = |quad| self.engine.contains(quad).map(|kept| (!kept).then_some(quad)).transpose();
            if let Some(witness) = added.iter().find_map(is_new).transpose()? {
                note(&place.path, witness, &removed)?;
            }
        }
        let load = || {
            let mut loader = self.engine.bulk_loader().with_num_threads(1);
            loader.load_quads(added)?;
            loader.commit()
        };
        if let Err(error) = load() {
            forget(&place.path)?;
            return Err(error.into());
        }
        if !removed.is_empty() {
            take_out(&self.engine, &removed)?;
            forget(&place.path)?;
        }
        self.touched();
        Ok(())
    }
}

/// Brings to an end what a killed process began, and sweeps up what its bulk load left.
pub(super) fn recover(engine: &oxigraph::store::Store, place: &Place) -> Result<(), Error> {
    finish(engine, &place.path)?;
    let data = place.data();
    for entry in fs::read_dir(&data).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("bulk-") && name.ends_with(".sst") {
            fs::remove_file(entry.path()).map_err(io(&entry.path()))?;
        }
    }
    Ok(())
}

/// Whether a process was killed in the midst of a batch.
pub(super) fn is_left(store: &Path) -> bool {
    store.join(LEAVING).exists()
}

/// Takes out what a batch before left, if its load was done.
pub(super) fn finish(engine: &oxigraph::store::Store, store: &Path) -> Result<(), Error> {
    if !is_left(store) {
        return Ok(());
    }
    let path = store.join(LEAVING);
    let file = BufReader::new(File::open(&path).map_err(io(&path))?);
    let broken = |source| Error::Rdf { path: path.clone(), source };
    let quads = RdfParser::from_format(RdfFormat::NQuads).for_reader(file).collect::<Result<Vec<Quad>, _>>().map_err(broken)?;
    if let Some((witness, removed)) = quads.split_first()
        && engine.contains(witness)?
    {
        take_out(engine, removed)?;
    }
    forget(store)
}

/// Writes what is to go once `witness` is there.
fn note(store: &Path, witness: &Quad, removed: &[Quad]) -> Result<(), Error> {
    let (draft, path) = (store.join("leaving.nq.new"), store.join(LEAVING));
    let write = || -> std::io::Result<()> {
        let mut out = RdfSerializer::from_format(RdfFormat::NQuads).for_writer(BufWriter::new(File::create(&draft)?));
        std::iter::once(witness).chain(removed).try_for_each(|quad| out.serialize_quad(quad))?;
        let mut file = out.finish()?;
        file.flush()?;
        file.get_ref().sync_all()?;
        fs::rename(&draft, &path)
    };
    write().map_err(io(&draft))
}

/// The file goes only when the engine has written to disk what it was for.
fn take_out(engine: &oxigraph::store::Store, removed: &[Quad]) -> Result<(), Error> {
    let mut transaction = engine.start_transaction()?;
    removed.iter().for_each(|quad| transaction.remove(quad));
    transaction.commit()?;
    #[cfg(feature = "disk")]
    engine.flush()?;
    Ok(())
}

fn forget(store: &Path) -> Result<(), Error> {
    let path = store.join(LEAVING);
    match fs::remove_file(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(io(&path)(e)),
        _ => Ok(()),
    }
}

#[cfg(all(test, feature = "disk"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::store::{GraphStore as _, dump};
    use oxigraph::model::{GraphName, Literal};

    const BASE: &str = "https://w3id.org/evigraph/";

    fn quad(subject: &str, property: &str, object: &str, graph: &str) -> Quad {
        let name = |local: &str| NamedNode::new_unchecked(format!("{BASE}{local}"));
        Quad::new(name(subject), NamedNode::new_unchecked(property), Literal::from(object), GraphName::from(name(graph)))
    }

    /// An article of so many statements that describes an entity in these words.
    fn article(name: &str, words: &str, count: usize) -> (NamedNode, Vec<Quad>) {
        let label = "http://www.w3.org/2000/01/rdf-schema#label";
        let mut quads: Vec<Quad> =
            (0..count).map(|n| quad(&format!("{name}/{n}"), "http://purl.org/dc/terms/title", words, name)).collect();
        let mut described = quad("entity", label, words, "graph/entities");
        described.subject = NamedNode::new_unchecked("http://purl.obolibrary.org/obo/CL_0000134").into();
        quads.push(described);
        // The engine keeps the value, whatever kind of whole number it came as.
        let mut counted = quad(name, "urn:count", "", name);
        counted.object = Literal::new_typed_literal("3", oxigraph::model::vocab::xsd::NON_NEGATIVE_INTEGER).into();
        quads.push(counted);
        (NamedNode::new_unchecked(format!("{BASE}{name}")), quads)
    }

    fn text(store: &Store) -> String {
        let mut out = Vec::new();
        dump(store, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_batch_gives_what_one_article_after_the_other_gives() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("together"), None).unwrap();
        let apart = Store::create(&folder.path().join("apart"), None).unwrap();
        let batches = [
            vec![article("a", "old", FEW), article("b", "new", 3), article("a", "newer", 5)],
            vec![article("b", "last", FEW), article("c", "last", 2)],
            vec![article("b", "last", FEW), article("c", "last", 2), article("b", "last", FEW)],
        ];
        for batch in &batches {
            store.replace_all(batch).unwrap();
            batch.iter().for_each(|(article, quads)| apart.replace(article, quads).unwrap());
            assert_eq!(text(&store), text(&apart));
        }
        assert!(!folder.path().join("together").join(LEAVING).exists());
    }

    #[test]
    fn what_a_killed_process_left_is_taken_out_if_its_load_was_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let store = Store::create(&path, None).unwrap();
        let (going, there, never) = (quad("x", "urn:p", "going", "x"), quad("x", "urn:p", "there", "x"), quad("x", "urn:p", "never", "x"));
        store.insert(&[going.clone(), there.clone()]).unwrap();
        note(&path, &never, std::slice::from_ref(&going)).unwrap();
        fs::write(path.join("data/bulk-7.sst"), "half").unwrap();
        drop(store);
        let store = Store::open(&path).unwrap();
        assert!(store.engine.contains(&going).unwrap(), "the load was not done");
        assert!(!path.join(LEAVING).exists() && !path.join("data/bulk-7.sst").exists());
        note(&path, &there, std::slice::from_ref(&going)).unwrap();
        drop(store);
        let store = Store::open(&path).unwrap();
        assert!(!store.engine.contains(&going).unwrap() && store.engine.contains(&there).unwrap());
        assert!(!path.join(LEAVING).exists());
    }
}
