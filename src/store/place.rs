//! The directory of a store on disk: its marker with the format version, and its lock.

use super::Error;
use crate::graph::Base;
use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// The version of the layout on disk and of the graph model.
pub(super) const FORMAT: u32 = 1;
/// The file that makes a directory a store.
const MARKER: &str = "evigraph-store";
const LOCK: &str = "lock";

/// How the statements are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    /// RocksDB, by the embedded engine.
    RocksDb,
    /// One file of sorted N-Quads, read whole into memory: what builds without RocksDB use.
    NQuads,
}

impl Engine {
    /// The engine of this build.
    pub(super) const BUILT: Self = if cfg!(feature = "disk") { Self::RocksDb } else { Self::NQuads };

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RocksDb => "rocksdb",
            Self::NQuads => "nquads",
        }
    }
}

/// How a process holds a store: many may read it at once, or one may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    Read,
    Write,
}

/// A store's directory, held by this process as long as this lives.
#[derive(Debug)]
pub(super) struct Place {
    /// The directory.
    pub(super) path: PathBuf,
    /// How the statements are kept.
    pub(super) engine: Engine,
    /// The base of its names.
    pub(super) base: Base,
    /// The hash of the ontology it holds, where that is known.
    pub(super) ontology: Option<String>,
    /// Whether others may read it meanwhile.
    #[cfg_attr(not(feature = "disk"), expect(dead_code, reason = "the one file is read whole"))]
    pub(super) hold: Hold,
    _lock: File,
}

pub(super) fn io<'a>(path: &'a Path) -> impl FnOnce(std::io::Error) -> Error + 'a {
    move |source| Error::Io { path: path.to_owned(), source }
}

/// Whether `path` is the directory of a store.
pub(super) fn is_store(path: &Path) -> bool {
    path.join(MARKER).is_file()
}

impl Place {
    /// Holds the store at `path`; with `create`, makes one where there is nothing.
    pub(super) fn take(path: &Path, base: Option<&Base>, create: bool) -> Result<Self, Error> {
        let fresh = !is_store(path);
        if fresh {
            let empty = match fs::read_dir(path) {
                Ok(mut entries) => entries.next().is_none(),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => true,
                Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => return Err(Error::NotAStore(path.to_owned())),
                Err(e) => return Err(io(path)(e)),
            };
            match (empty, create) {
                (false, _) => return Err(Error::NotAStore(path.to_owned())),
                (true, false) => return Err(Error::Missing(path.to_owned())),
                (true, true) => fs::create_dir_all(path).map_err(io(path))?,
            }
        }
        let lock = lock(path, Hold::Write)?;
        if fresh {
            write_marker(path, Engine::BUILT, &base.cloned().unwrap_or_default(), None)?;
        }
        let place = Self::marked(path, Hold::Write, lock)?;
        match base {
            Some(asked) if *asked != place.base => {
                Err(Error::Base { path: path.to_owned(), found: place.base.as_str().to_owned(), asked: asked.as_str().to_owned() })
            }
            _ => Ok(place),
        }
    }

    /// Holds the store at `path` beside others that read it.
    pub(super) fn share(path: &Path) -> Result<Self, Error> {
        if !is_store(path) {
            // Tells what is there instead.
            return Self::take(path, None, false);
        }
        let lock = lock(path, Hold::Read)?;
        Self::marked(path, Hold::Read, lock)
    }

    fn marked(path: &Path, hold: Hold, lock: File) -> Result<Self, Error> {
        let (engine, base, ontology) = read_marker(path)?;
        Ok(Self { path: path.to_owned(), engine, base, ontology, hold, _lock: lock })
    }

    /// Where the engine keeps its files.
    pub(super) fn data(&self) -> PathBuf {
        match self.engine {
            Engine::RocksDb => self.path.join("data"),
            Engine::NQuads => self.path.join("data.nq"),
        }
    }
}

/// Writes the marker of a store, in one step.
pub(super) fn write_marker(path: &Path, engine: Engine, base: &Base, ontology: Option<&str>) -> Result<(), Error> {
    let ontology = ontology.map(|hash| format!("ontology {hash}\n")).unwrap_or_default();
    let text = format!("format {FORMAT}\nengine {}\nbase {}\n{ontology}", engine.name(), base.as_str());
    let (draft, marker) = (path.join("evigraph-store.new"), path.join(MARKER));
    fs::write(&draft, text).map_err(io(&draft))?;
    fs::rename(&draft, &marker).map_err(io(&marker))
}

fn read_marker(path: &Path) -> Result<(Engine, Base, Option<String>), Error> {
    let marker = path.join(MARKER);
    let text = fs::read_to_string(&marker).map_err(io(&marker))?;
    let value = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_default().to_owned();
    let format = value("format");
    if format != FORMAT.to_string() {
        return Err(Error::Version {
            path: path.to_owned(),
            found: if format.is_empty() { "unknown".into() } else { format },
            expected: FORMAT,
        });
    }
    let engine = match value("engine").as_str() {
        "rocksdb" if cfg!(feature = "disk") => Engine::RocksDb,
        "nquads" => Engine::NQuads,
        other => return Err(Error::Engine { path: path.to_owned(), found: other.to_owned() }),
    };
    let base = Base::new(&value("base")).map_err(|_| Error::NotAStore(path.to_owned()))?;
    Ok((engine, base, Some(value("ontology")).filter(|hash| !hash.is_empty())))
}

/// Takes the lock of a store and notes who holds it, if that is one process alone.
fn lock(path: &Path, hold: Hold) -> Result<File, Error> {
    let name = path.join(LOCK);
    let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&name).map_err(io(&name))?;
    let taken = if hold == Hold::Read { file.try_lock_shared() } else { file.try_lock() };
    match taken {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            let holder = holder.trim().parse::<u32>().map(|id| format!(" (process {id})")).unwrap_or_default();
            return Err(Error::Held { path: path.to_owned(), holder });
        }
        Err(TryLockError::Error(e)) => return Err(io(&name)(e)),
    }
    let note = if hold == Hold::Read { String::new() } else { std::process::id().to_string() };
    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(note.as_bytes())).map_err(io(&name))?;
    Ok(file)
}
