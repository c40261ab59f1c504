//! Care of a store in a directory: bulk loading, backups, compaction.

use super::place::{self, Engine, io};
use super::{Error, GraphStore, Store, dump, embedded::load};
use oxigraph::io::{RdfFormat, RdfParser};
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// The RDF format that a file's extension tells, before `.gz`, and its content, unpacked.
pub(super) fn open_rdf(path: &Path) -> Result<(RdfFormat, Box<dyn Read>), Error> {
    let name = path.with_extension("");
    let zipped = path.extension().is_some_and(|e| e == "gz");
    let extension = if zipped { name.extension() } else { path.extension() };
    let format =
        extension.and_then(|e| RdfFormat::from_extension(&e.to_string_lossy())).ok_or_else(|| Error::UnknownFormat(path.to_owned()))?;
    let file = BufReader::with_capacity(1 << 16, File::open(path).map_err(io(path))?);
    Ok((format, if zipped { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) }))
}

impl Store {
    /// Loads a file in bulk, all or none.
    pub(super) fn load_in_bulk(&self, path: &Path) -> Result<(), Error> {
        let (format, file) = open_rdf(path)?;
        let _one = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        load(&self.engine, RdfParser::from_format(format), file, path)?;
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
        // Not in the midst of a batch.
        let _one = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let engine = self.place.as_ref().map_or(Engine::NQuads, |p| p.engine);
        match engine {
            #[cfg(feature = "disk")]
            Engine::RocksDb => self.engine.backup(to.join("data"))?,
            _ => {
                let data = to.join("data.nq");
                let file = File::create(&data).map_err(io(&data))?;
                dump(self, &mut std::io::BufWriter::new(&file))?;
                file.sync_all().map_err(io(&data))?;
            }
        }
        place::write_marker(to, engine, &self.base, None)
    }

    /// Copies another store, a server's for one, as it is at one moment into a new directory, which is a store itself.
    ///
    /// # Errors
    /// Where the directory holds something, or either store fails.
    pub fn backup_of(store: &dyn GraphStore, to: &Path) -> Result<(), Error> {
        if place::is_store(to) {
            return Err(Error::NotAStore(to.to_owned()));
        }
        let copy = Self::create(to, Some(store.base()))?;
        let mut loader = copy.engine.bulk_loader();
        loader.load_ok_quads::<Error, Error>(store.quads()?)?;
        loader.commit()?;
        copy.touched();
        copy.flush()
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
}
