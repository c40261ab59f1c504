//! Readers of the field's vocabularies, one format a file.

mod cycle;
pub mod hgnc;
mod identifier;
pub mod kind;
pub mod mesh;
pub mod ncbi_gene;
pub mod obo;
pub mod obograph;
pub mod owl;
pub mod sssom;
pub mod tsv;

use super::{AnnotateError, Category, Scope, Vocabulary};
use flate2::read::MultiGzDecoder;
use identifier::{curie, xref};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file to read a vocabulary from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The file; `.gz` is read through.
    pub path: PathBuf,
    /// Category for all of its terms that name none.
    pub category: Option<Category>,
    /// Only terms whose identifier has this prefix (`GO`); also put before identifiers without one.
    pub prefix: Option<String>,
    /// Leave withdrawn terms out. They are kept by default so that their identifiers resolve, but give no names.
    pub exclude_obsolete: bool,
}

/// Longest file that is read, in bytes after unpacking.
const LARGEST: u64 = 4 << 30;

/// Reads the vocabulary of one file, its format told by its first lines.
///
/// # Errors
/// The file cannot be read, is no vocabulary, or breaks its format; the message names the file and line.
pub fn read(source: &Source) -> Result<Vocabulary, AnnotateError> {
    let path = &source.path;
    let file = path.display().to_string();
    let bytes = unpack(path).map_err(|e| AnnotateError::Io { action: "read", path: path.clone(), source: e })?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        AnnotateError::Unknown { file: file.clone(), problem: format!("invalid UTF-8 at byte {at}") }
    })?;
    let mut vocabulary = parse(&text, &file)?;
    let name = path.file_name().map_or_else(|| file.clone(), |n| n.to_string_lossy().into_owned());
    vocabulary.name = name.trim_end_matches(".gz").to_owned();
    finish(&mut vocabulary, source);
    if vocabulary.terms.is_empty() && vocabulary.mappings.is_empty() {
        return Err(AnnotateError::Unknown { file, problem: "it holds no term".to_owned() });
    }
    Ok(vocabulary)
}

fn unpack(path: &Path) -> std::io::Result<Vec<u8>> {
    let raw = std::fs::read(path)?;
    if raw.starts_with(&[0x1f, 0x8b]) {
        let mut out = Vec::new();
        MultiGzDecoder::new(raw.as_slice()).take(LARGEST).read_to_end(&mut out)?;
        return Ok(out);
    }
    Ok(raw)
}

/// Tells the format of `text` and reads it.
fn parse(text: &str, file: &str) -> Result<Vocabulary, AnnotateError> {
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    let head = text.lines().find(|l| !l.is_empty() && !l.starts_with("# ") && !l.starts_with("#  ")).unwrap_or("");
    let columns: Vec<String> = head.split('\t').map(|c| c.trim().to_ascii_lowercase()).collect();
    let has = |name: &str| columns.iter().any(|c| c == name);
    if start.starts_with('{') {
        obograph::read(text, file)
    } else if start.starts_with('<') {
        owl::read(text, file)
    } else if head.starts_with("format-version:") || text.starts_with("[Term]") || text.contains("\n[Term]") {
        obo::read(text, file)
    } else if head.starts_with("#Format: tax_id") || head.starts_with("#tax_id") {
        ncbi_gene::read(text, file)
    } else if has("subject_id") && has("object_id") {
        sssom::read(text, file)
    } else if has("hgnc id") || has("hgnc_id") {
        hgnc::read(text, file)
    } else if columns.len() > 1 && (has("id") || has("curie") || has("identifier")) {
        if mesh::is_mesh(text) { mesh::read(text, file) } else { tsv::read(text, file) }
    } else {
        let shown: String = head.chars().take(40).collect();
        Err(AnnotateError::Unknown { file: file.to_owned(), problem: format!("it begins with `{shown}`") })
    }
}

/// Applies the user's options, and guesses categories by prefix.
fn finish(vocabulary: &mut Vocabulary, source: &Source) {
    if let Some(prefix) = &source.prefix {
        for t in &mut vocabulary.terms {
            if !t.id.contains(':') {
                t.id = format!("{prefix}:{}", t.id);
            }
        }
        vocabulary.terms.retain(|t| t.id.strip_prefix(prefix.as_str()).is_some_and(|r| r.starts_with(':')));
    }
    if source.exclude_obsolete {
        vocabulary.terms.retain(|t| !t.obsolete);
    }
    for t in &mut vocabulary.terms {
        if !t.id.contains(':') && t.id.starts_with("MI") {
            t.id.insert_str(0, "mirbase:");
        }
        if t.obsolete {
            t.synonyms.clear();
        }
        if source.category.is_some() {
            t.category = source.category;
        }
        if t.category.is_none() {
            t.category = kind::by_prefix(&t.id);
        }
        t.synonyms.retain(|s| !s.0.is_empty() && s.0.len() <= 300);
    }
}

/// The scope of a synonym of an OBO file or graph.
fn scope(text: &str) -> Scope {
    match text {
        "EXACT" | "hasExactSynonym" => Scope::Exact,
        "NARROW" | "hasNarrowSynonym" => Scope::Narrow,
        "BROAD" | "hasBroadSynonym" => Scope::Broad,
        _ => Scope::Related,
    }
}
