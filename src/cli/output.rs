//! Where data go: standard output or the file that `-o` names.

use super::args::Destination;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static PIPE_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether the reader of standard output went away; the failures that follow from it are not worth telling.
pub fn pipe_was_closed() -> bool {
    PIPE_CLOSED.load(Ordering::Relaxed)
}

/// A writer to standard output or a file.
pub enum Output {
    /// Standard output.
    Stdout(BufWriter<Stdout>),
    /// A file.
    File(BufWriter<File>),
}

impl Output {
    /// Standard output.
    pub fn stdout() -> Self {
        Self::Stdout(BufWriter::with_capacity(1 << 16, io::stdout()))
    }

    /// Opens what `-o` names, standard output where it names nothing or `-`.
    pub fn open(to: &Destination) -> Result<Self> {
        match &to.output {
            Some(path) if path != Path::new("-") => Self::file(path),
            _ => Ok(Self::stdout()),
        }
    }

    /// Creates a file.
    pub fn file(path: &Path) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self::File(BufWriter::with_capacity(1 << 16, file)))
    }

    fn inner(&mut self) -> &mut dyn Write {
        match self {
            Self::Stdout(w) => w,
            Self::File(w) => w,
        }
    }
}

/// The form of the output: what `--format` says, else what the file's extension says, else what suits a terminal or a pipe.
///
/// `known` maps extensions to forms.
pub fn format<F: Copy>(given: Option<F>, to: &Destination, known: &[(&str, F)], terminal: F, pipe: F) -> Result<F> {
    if let Some(format) = given {
        return Ok(format);
    }
    let Some(path) = to.output.as_deref().filter(|p| *p != Path::new("-")) else {
        return Ok(if io::stdout().is_terminal() { terminal } else { pipe });
    };
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    known.iter().find(|k| k.0 == extension).map(|k| k.1).with_context(|| {
        let all: Vec<_> = known.iter().map(|k| format!(".{}", k.0)).collect();
        format!("cannot tell the format from the name {}: end it in {}, or say --format", path.display(), all.join(", "))
    })
}

/// Remembers that the pipe closed.
fn note<T>(result: io::Result<T>) -> io::Result<T> {
    if matches!(&result, Err(e) if e.kind() == io::ErrorKind::BrokenPipe) {
        PIPE_CLOSED.store(true, Ordering::Relaxed);
    }
    result
}

impl Write for Output {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        note(self.inner().write(buf))
    }

    fn flush(&mut self) -> io::Result<()> {
        note(self.inner().flush())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    const KNOWN: &[(&str, u8)] = &[("csv", 1), ("json", 2)];

    #[test]
    fn the_option_wins_over_the_extension() {
        let to = |name: &str| Destination { output: Some(PathBuf::from(name)) };
        assert_eq!(format(Some(2), &to("a.csv"), KNOWN, 8, 9).ok(), Some(2));
        assert_eq!(format(None, &to("a.CSV"), KNOWN, 8, 9).ok(), Some(1));
        let unknown = format(None, &to("a.xlsx"), KNOWN, 8, 9).map_err(|e| e.to_string());
        assert_eq!(unknown, Err("cannot tell the format from the name a.xlsx: end it in .csv, .json, or say --format".to_owned()));
    }
}
