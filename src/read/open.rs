//! From paths to bytes: directories walked, standard input, gzip and zip read through, all with limits.

use super::detect::{self, HEAD, Layer};
use super::{ReadError, pieces, pubtator, records, whole};
use crate::document::{Document, Format};
use flate2::bufread::MultiGzDecoder;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::vec;
use zip::ZipArchive;

/// The most bytes that one article may have once unpacked: 64 MiB.
pub const MAX_ARTICLE: usize = 64 << 20;

/// The most bytes that an archive from standard input may have: 1 GiB.
const MAX_ARCHIVE: usize = 1 << 30;

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// How messages and documents name it: the path as given, `-` for standard input.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
        }
    }
}

/// The inputs that `paths` stand for: files as they are, `-` for standard input, directories walked in sorted order.
///
/// In a directory, files count whose extension is that of a format; hidden files, and JSON files that hold no articles, are passed over.
/// A path that does not exist and a directory without articles each give an error in their place.
pub fn inputs<P: AsRef<Path>>(paths: &[P]) -> Vec<Result<Input, ReadError>> {
    let mut found = Vec::new();
    for path in paths.iter().map(AsRef::as_ref) {
        let name = path.display().to_string();
        if path == Path::new("-") {
            found.push(Ok(Input::Stdin));
            continue;
        }
        match fs::metadata(path) {
            Err(e) => found.push(Err(ReadError::io(&name, e))),
            Ok(data) if data.is_dir() => {
                let before = found.len();
                walk(path, &mut found);
                if found.len() == before {
                    let message =
                        "a directory without articles; give files, or a directory with text, Markdown, HTML, XML, PDF or DOCX files";
                    found.push(Err(ReadError::unsupported(&name, message)));
                }
            }
            Ok(_) => found.push(Ok(Input::File(path.to_owned()))),
        }
    }
    found
}

fn walk(directory: &Path, found: &mut Vec<Result<Input, ReadError>>) {
    let mut open = vec![directory.to_owned()];
    while let Some(path) = open.pop() {
        let name = path.display().to_string();
        let is_directory = match fs::symlink_metadata(&path) {
            Ok(data) => data.is_dir() || path == directory,
            Err(e) => {
                found.push(Err(ReadError::io(&name, e)));
                continue;
            }
        };
        if !is_directory {
            if is_article(&path) {
                found.push(Ok(Input::File(path)));
            }
            continue;
        }
        match fs::read_dir(&path).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => {
                let mut inside: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).filter(|p| !is_hidden(p)).collect();
                inside.sort_unstable_by(|a, b| b.cmp(a));
                open.append(&mut inside);
            }
            Err(e) => found.push(Err(ReadError::io(&name, e))),
        }
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"."))
}

fn is_article(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_json = path.extension() == Some(OsStr::new("json"));
    if is_json && path.is_file() {
        let mut head = Vec::new();
        let read = File::open(path).and_then(|f| f.take(HEAD as u64).read_to_end(&mut head));
        return read.is_ok() && head.starts_with(b"{") && detect::format("", &head) == Some(Format::Bioc);
    }
    path.is_file() && (detect::by_extension(&name).is_some() || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip")))
}

/// The documents of one input, each with its own result. Files of many articles are read one article at a time.
pub struct Articles<'a> {
    inner: Box<dyn Iterator<Item = Result<Document, ReadError>> + Send + 'a>,
}

impl Iterator for Articles<'_> {
    type Item = Result<Document, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.inner.next()
    }
}

impl<'a> Articles<'a> {
    fn new(inner: impl Iterator<Item = Result<Document, ReadError>> + Send + 'a) -> Self {
        Self { inner: Box::new(inner) }
    }

    fn error(error: ReadError) -> Self {
        Self::new(std::iter::once(Err(error)))
    }
}

/// Streams the documents of `input`; without a format it is found out.
///
/// Errors come in the place of the article that has them. What follows a damaged article in the same file is read where its start can
/// still be found.
pub fn articles(input: &Input, format: Option<Format>) -> Articles<'static> {
    let name = input.name();
    match input {
        Input::Stdin => stream(&name, Box::new(BufReader::new(io::stdin())), format),
        Input::File(path) => match File::open(path) {
            Err(e) => Articles::error(ReadError::io(&name, e)),
            Ok(file) => {
                let mut file = BufReader::with_capacity(64 * 1024, file);
                match file.fill_buf().map(detect::layer) {
                    Err(e) => Articles::error(ReadError::io(&name, e)),
                    Ok(Layer::Zip) => archive(&name, file, format),
                    Ok(_) => stream(&name, Box::new(file), format),
                }
            }
        },
    }
}

/// Streams the documents in `bytes`.
pub(super) fn bytes<'a>(name: &str, bytes: &'a [u8], format: Option<Format>) -> Articles<'a> {
    match detect::layer(bytes) {
        Layer::Zip => archive(name, Cursor::new(bytes), format),
        _ => stream(name, Box::new(bytes), format),
    }
}

type Bytes<'a> = Box<dyn BufRead + Send + 'a>;

/// Unpacks gzip layers, finds out the format, and hands on to the reader.
fn stream<'a>(name: &str, mut from: Bytes<'a>, format: Option<Format>) -> Articles<'a> {
    for _ in 0..2 {
        match from.fill_buf().map(detect::layer) {
            Err(e) => return Articles::error(ReadError::io(name, e)),
            Ok(Layer::Gzip) => from = Box::new(BufReader::with_capacity(64 * 1024, MultiGzDecoder::new(from))),
            Ok(Layer::Zip) => {
                return match slurp(name, from, MAX_ARCHIVE) {
                    Ok(bytes) => archive(name, Cursor::new(bytes), format),
                    Err(e) => Articles::error(e),
                };
            }
            Ok(Layer::Plain) => break,
        }
    }
    let mut head = Vec::with_capacity(HEAD);
    if let Err(e) = from.by_ref().take(HEAD as u64).read_to_end(&mut head) {
        return Articles::error(damaged(name, e));
    }
    if head.is_empty() || head.iter().all(u8::is_ascii_whitespace) && head.len() < HEAD {
        return Articles::error(ReadError::empty(name));
    }
    let Some(format) = format.or_else(|| detect::format(name, &head)) else {
        return Articles::error(unknown(name, &head));
    };
    let is_wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || head.starts_with(b"<\0") || head.starts_with(b"\0<");
    let is_xml = String::from_utf8_lossy(&head[..head.len().min(64)]).trim_start_matches('\u{feff}').trim_start().starts_with('<');
    let from: Bytes<'a> = Box::new(Cursor::new(head).chain(from));
    let from = if is_wide && matches!(format, Format::Pubmed | Format::Bioc | Format::Jats) {
        match slurp(name, from, MAX_ARTICLE).and_then(|b| Ok(super::encoding::decode(name, &b)?.into_owned())) {
            Ok(text) => Box::new(Cursor::new(unlabelled(&text).into_bytes())) as Bytes<'a>,
            Err(e) => return Articles::error(e),
        }
    } else {
        from
    };
    match format {
        Format::Records => Articles::new(records::Records::new(name, from)),
        Format::Pubtator => Articles::new(pubtator::Pubtator::new(name, from)),
        Format::Jats => Articles::new(pieces::Xml::new(name, from, &["article"], super::jats::read)),
        Format::Pubmed => {
            let elements: &[&str] = &["PubmedArticle", "PubmedBookArticle", "MedlineCitation"];
            Articles::new(pieces::Xml::new(name, from, elements, super::pubmed::read))
        }
        Format::Bioc if is_xml || is_wide => Articles::new(pieces::Xml::new(name, from, &["document"], super::bioc::read)),
        Format::Bioc => match slurp(name, from, MAX_ARTICLE).and_then(|b| super::bioc::read_json(name, &b)) {
            Ok(documents) => Articles::new(documents.into_iter()),
            Err(e) => Articles::error(e),
        },
        other => Articles::new(std::iter::once_with({
            let name = name.to_owned();
            move || whole(&name, &slurp(&name, from, MAX_ARTICLE)?, other)
        })),
    }
}

/// A text that was decoded already, without the XML declaration that names its former encoding.
fn unlabelled(text: &str) -> String {
    match text.strip_prefix("<?xml").and_then(|t| t.split_once("?>")) {
        Some((declaration, rest)) => "\n".repeat(declaration.matches('\n').count()) + rest,
        None => text.to_owned(),
    }
}

fn unknown(name: &str, head: &[u8]) -> ReadError {
    match std::str::from_utf8(head).ok().and_then(|t| detect::root(t)) {
        Some(root) if !head.contains(&0) => {
            let root: String = root.chars().take(40).collect();
            ReadError::unsupported(
                name,
                format!("XML with the outermost element <{root}>, which no reader knows; give JATS, PubMed or BioC XML"),
            )
        }
        _ => ReadError::Binary { source_name: name.to_owned() },
    }
}

/// What a failed read means: damaged packing is told apart from a failing disk.
pub(super) fn damaged(name: &str, error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            ReadError::unsupported(name, "packed data that ends too early; the file is truncated, fetch it again")
        }
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            ReadError::unsupported(name, format!("packed data is damaged ({error}); fetch the file again"))
        }
        _ => ReadError::io(name, error),
    }
}

/// Reads all of `from`, at most `limit` bytes.
fn slurp(name: &str, from: impl Read, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    from.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|e| damaged(name, e))?;
    if bytes.len() > limit {
        return Err(too_large(name, limit));
    }
    Ok(bytes)
}

/// The error for an article over the limit.
pub(super) fn too_large(name: &str, limit: usize) -> ReadError {
    ReadError::limit(name, format!("over {} MiB once unpacked, more than an article may have; split the file", limit >> 20))
}

/// The documents of a zip archive, member by member in sorted order, or of a Word document.
fn archive<'a, R: Read + Seek + Send + 'a>(name: &str, from: R, format: Option<Format>) -> Articles<'a> {
    let mut archive = match ZipArchive::new(from) {
        Ok(archive) => archive,
        Err(e) => return Articles::error(ReadError::unsupported(name, format!("a damaged zip archive ({e}); fetch the file again"))),
    };
    if format == Some(Format::Docx) || format.is_none() && archive.index_for_name("word/document.xml").is_some() {
        return Articles::new(std::iter::once(super::docx::read(name, &mut archive)));
    }
    let mut members: Vec<String> = archive
        .file_names()
        .filter_map(|n| n.ok().map(|n| n.into_owned()))
        .filter(|n| !n.ends_with('/') && !n.starts_with("__MACOSX/") && !n.rsplit('/').next().unwrap_or_default().starts_with('.'))
        .filter(|n| detect::by_extension(n).is_some())
        .collect();
    members.sort_unstable();
    if members.is_empty() {
        return Articles::error(ReadError::unsupported(
            name,
            "a zip archive without articles; put text, Markdown, HTML, XML, PDF or DOCX files in it",
        ));
    }
    let name = name.to_owned();
    Articles::new(members.into_iter().flat_map(move |member| {
        let name = format!("{name}/{member}");
        let bytes = match archive.by_name(&member) {
            Ok(file) => slurp(&name, file, MAX_ARTICLE),
            Err(e) => Err(ReadError::unsupported(&name, format!("cannot be unpacked ({e})"))),
        };
        match bytes {
            Ok(bytes) => stream(&name, Box::new(Cursor::new(bytes)), format),
            Err(e) => Articles::error(e),
        }
    }))
}
