//! The bytes of a compiled lexicon, mapped from its file or held in memory. The project's one place with unsafe code.

use memmap2::Mmap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Bytes that are either mapped from a file or owned.
#[derive(Debug)]
pub enum Bytes {
    /// Mapped from a file.
    Mapped(Mmap),
    /// In memory.
    Owned(Vec<u8>),
    /// Part of the program.
    Fixed(&'static [u8]),
}

impl Bytes {
    /// Maps the file at `path`.
    #[allow(unsafe_code)]
    pub fn map(path: &Path) -> std::io::Result<Self> {
        let file = std::fs::File::open(path)?;
        // SAFETY: the map is read-only, and lexicon files are replaced by renaming a finished file over the old one, never
        // written in place, so the mapped pages do not change below us. Every read of them is bounds-checked.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Self::Mapped(map))
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Mapped(m) => m,
            Self::Owned(v) => v,
            Self::Fixed(s) => s,
        }
    }
}

/// A part of shared bytes.
#[derive(Debug, Clone)]
pub struct Part {
    bytes: Arc<Bytes>,
    range: Range<usize>,
}

impl Part {
    /// The part of `bytes` at `range`; `None` where it lies outside.
    pub fn new(bytes: &Arc<Bytes>, range: Range<usize>) -> Option<Self> {
        (**bytes).as_ref().get(range.clone())?;
        Some(Self { bytes: Arc::clone(bytes), range })
    }
}

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        (*self.bytes).as_ref().get(self.range.clone()).unwrap_or(&[])
    }
}
