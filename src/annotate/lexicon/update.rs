//! Adds vocabularies to a lexicon file, and takes them out.

use super::compile::compile;
use super::layout::Section;
use super::{Lexicon, SHIPPED, Vocabulary, VocabularyInfo};
use crate::annotate::AnnotateError;
use crate::annotate::vocabulary::{self, Source};
use flate2::read::DeflateDecoder;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// What compiling did.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Name and number of terms of each vocabulary read.
    pub added: Vec<(String, usize)>,
    /// Files that are no vocabularies, with the reason, or that could not be read; the others are unaffected.
    pub skipped: Vec<AnnotateError>,
    /// Entities that the lexicon now holds.
    pub entities: usize,
}

impl Lexicon {
    /// Compiles the shipped rows and `sources` into the lexicon file `out`, which is replaced at the end in one step.
    ///
    /// A source that is a folder stands for the files in it, in alphabetical order. A source that is broken or no vocabulary
    /// is reported and leaves the others, and the file, as they are. `progress` is told each file before it is read.
    ///
    /// # Errors
    /// No source could be read, or the file cannot be written.
    pub fn compile(sources: &[Source], out: impl AsRef<Path>, progress: &mut dyn FnMut(&Path)) -> Result<Report, AnnotateError> {
        Self::update(vec![shipped()?], sources, out.as_ref(), progress)
    }

    /// Compiles like [`Lexicon::compile`], keeping the vocabularies that the lexicon file `out` already holds; one of the same name is replaced.
    ///
    /// # Errors
    /// Those of [`Lexicon::compile`], and a file `out` that is no lexicon.
    pub fn add(sources: &[Source], out: impl AsRef<Path>, progress: &mut dyn FnMut(&Path)) -> Result<Report, AnnotateError> {
        let out = out.as_ref();
        let kept = if out.exists() { Self::open(out)?.vocabularies(out)? } else { vec![shipped()?] };
        Self::update(kept, sources, out, progress)
    }

    /// Takes the vocabulary `name` out of the lexicon file at `path`.
    ///
    /// # Errors
    /// The lexicon holds no vocabulary of that name, or the file cannot be read or written.
    pub fn remove(path: impl AsRef<Path>, name: &str) -> Result<Report, AnnotateError> {
        let path = path.as_ref();
        let lexicon = Self::open(path)?;
        let mut kept = lexicon.vocabularies(path)?;
        let before = kept.len();
        kept.retain(|v| v.name != name || name == SHIPPED);
        if kept.len() == before {
            let known: Vec<&str> = lexicon.list().iter().map(|v| v.name.as_str()).collect();
            return Err(AnnotateError::NoVocabulary { name: name.to_owned(), known: known.join(", ") });
        }
        let entities = write(&kept, path)?;
        Ok(Report { entities, ..Report::default() })
    }

    fn update(mut kept: Vec<Vocabulary>, sources: &[Source], out: &Path, progress: &mut dyn FnMut(&Path)) -> Result<Report, AnnotateError> {
        let mut report = Report::default();
        for source in expand(sources) {
            progress(&source.path);
            match vocabulary::read(&source) {
                Ok(v) => {
                    report.added.push((v.name.clone(), v.terms.len()));
                    kept.retain(|k| k.name != v.name);
                    kept.push(v);
                }
                Err(e) => report.skipped.push(e),
            }
        }
        if report.added.is_empty()
            && let Some(first) = report.skipped.pop()
        {
            return Err(first);
        }
        report.entities = write(&kept, out)?;
        Ok(report)
    }

    /// The terms of every vocabulary, unpacked from the file; the shipped ones are those of this program.
    fn vocabularies(&self, path: &Path) -> Result<Vec<Vocabulary>, AnnotateError> {
        let others = self.list().iter().filter(|v| v.name != SHIPPED).map(|v| self.unpack(v, path));
        std::iter::once(shipped()).chain(others).collect()
    }

    /// The terms of one vocabulary.
    fn unpack(&self, info: &VocabularyInfo, path: &Path) -> Result<Vocabulary, AnnotateError> {
        let damaged = || AnnotateError::Lexicon { path: path.to_owned(), problem: format!("the terms of {} are damaged", info.name) };
        let (from, length) = info.source;
        let bytes = self.part(Section::Sources).as_ref();
        let packed = from.checked_add(length).and_then(|to| bytes.get(from..to)).ok_or_else(damaged)?;
        let mut text = Vec::new();
        DeflateDecoder::new(packed).read_to_end(&mut text).map_err(|_| damaged())?;
        serde_json::from_slice(&text).map_err(|_| damaged())
    }
}

/// The rows that come with the program.
fn shipped() -> Result<Vocabulary, AnnotateError> {
    let lexicon = Lexicon::shipped()?;
    let info = lexicon.list().first().ok_or_else(|| AnnotateError::Lexicon { path: SHIPPED.into(), problem: "it is empty".to_owned() })?;
    lexicon.unpack(info, Path::new(SHIPPED))
}

/// Folders as their files.
fn expand(sources: &[Source]) -> Vec<Source> {
    let mut out = Vec::new();
    for source in sources {
        match std::fs::read_dir(&source.path) {
            Ok(dir) => {
                let mut files: Vec<PathBuf> = dir.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect();
                files.sort();
                out.extend(files.into_iter().map(|path| Source { path, ..source.clone() }));
            }
            Err(_) => out.push(source.clone()),
        }
    }
    out
}

fn write(vocabularies: &[Vocabulary], out: &Path) -> Result<usize, AnnotateError> {
    let bytes = compile(vocabularies)?;
    let failed = |source| AnnotateError::Io { action: "write", path: out.to_owned(), source };
    if let Some(dir) = out.parent() {
        std::fs::create_dir_all(dir).map_err(failed)?;
    }
    let mut name = out.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = PathBuf::from(name);
    let saved = std::fs::File::create(&new).and_then(|mut f| f.write_all(&bytes).and_then(|()| f.sync_all()));
    saved.and_then(|()| std::fs::rename(&new, out)).map_err(failed)?;
    Ok(Lexicon::open(out)?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabularies_come_and_go() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (obo, bad) = (dir.path().join("a.obo"), dir.path().join("b.obo"));
        std::fs::write(&obo, "[Term]\nid: X:1\nname: zyxwvut cell\nxref: UMLS:C1\n").expect("written");
        std::fs::write(&bad, "[Term]\nid: X:2\nid: X:2\nname: a\nsynonym: \"b EXACT\n").expect("written");
        std::fs::write(dir.path().join("notes.txt"), "no vocabulary").expect("written");
        let out = dir.path().join("out").join("lexicon");
        let sources = [Source { path: dir.path().to_owned(), ..Source::default() }];
        let report = Lexicon::add(&sources, &out, &mut |_| {}).expect("one file is good");
        assert_eq!(report.added, [("a.obo".to_owned(), 1)]);
        assert_eq!(report.skipped.len(), 2);
        assert!(report.skipped[0].to_string().contains("b.obo:"), "{}", report.skipped[0]);
        let lexicon = Lexicon::open(&out).expect("it opens");
        assert_eq!(lexicon.lookup("zyxwvut cells", None)[0].entity.id.as_deref(), Some("X:1"));
        let broken = [Source { path: bad, ..Source::default() }];
        assert!(Lexicon::add(&broken, &out, &mut |_| {}).is_err());
        assert_eq!(Lexicon::open(&out).expect("as it was").len(), report.entities);
        Lexicon::remove(&out, "a.obo").expect("it holds that");
        assert!(Lexicon::open(&out).expect("it opens").entity("X:1").is_none());
        assert!(matches!(Lexicon::remove(&out, "a.obo"), Err(AnnotateError::NoVocabulary { .. })));
    }

    #[test]
    fn the_hierarchy_stands_on_rows_and_labels() {
        let terms = shipped().expect("the shipped rows are read").terms;
        let ids: std::collections::HashSet<&str> = terms.iter().map(|t| t.id.as_str()).collect();
        for t in &terms {
            assert!(!t.label.is_empty(), "{} stands in the hierarchy, is no row and has no label", t.id);
            assert!(t.parents.iter().all(|p| ids.contains(p.as_str())), "{}: {:?}", t.id, t.parents);
        }
    }
}
