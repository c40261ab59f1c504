//! Downloads the official releases of vocabularies: resumed where they broke off, checked by their checksum, not repeated where unchanged.

use super::AnnotateError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Body};

/// Where the official releases lie.
static SHIPPED: &str = include_str!("../../ontology/vocabularies.tsv");
/// Largest release that is downloaded, in bytes.
const LARGEST: u64 = 4 << 30;
const PIECE: usize = 64 << 10;

/// A release of a vocabulary and its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Short name ("cl").
    pub name: String,
    /// What it is.
    pub title: String,
    /// Its address (http or https).
    pub url: String,
    /// Name of the file that it is kept in.
    pub file: String,
    /// Its licence.
    pub licence: String,
    /// SHA-256 that the file must have; empty where any release will do.
    pub sha256: String,
}

/// What a download did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Bytes of an earlier attempt that were not fetched again.
    pub resumed: u64,
    /// Whether the file was there already and the server has no newer one.
    pub unchanged: bool,
}

/// What is remembered of a download, beside its file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    url: String,
    /// Tells this version of the file from others: the server's entity tag or date.
    etag: Option<String>,
    modified: Option<String>,
    sha256: Option<String>,
}

impl Record {
    fn validator(&self) -> Option<&str> {
        // A weak tag does not promise the same bytes, so nothing can be resumed by it.
        self.etag.as_deref().filter(|t| !t.starts_with("W/")).or(self.modified.as_deref())
    }
}

impl Release {
    /// The releases that the program knows.
    ///
    /// # Errors
    /// None in practice: the list comes with the program.
    pub fn shipped() -> Result<Vec<Self>, AnnotateError> {
        Self::parse(SHIPPED, "ontology/vocabularies.tsv")
    }

    /// The releases that the table `file` lists, with the columns of `ontology/vocabularies.tsv`.
    ///
    /// # Errors
    /// The file cannot be read, or a row has no name, address or file name.
    pub fn open(file: &Path) -> Result<Vec<Self>, AnnotateError> {
        let text = fs::read_to_string(file).map_err(|e| failed("read", file, e))?;
        Self::parse(&text, &file.display().to_string())
    }

    fn parse(text: &str, file: &str) -> Result<Vec<Self>, AnnotateError> {
        let mut lines = text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
        let header: Vec<&str> = lines.next().map_or("", |l| l.1).split('\t').collect();
        let mut out = Vec::new();
        for (number, line) in lines {
            let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
            let cell = |name| header.iter().position(|h| *h == name).and_then(|i| cells.get(i)).copied().unwrap_or("").to_owned();
            let [title, licence, sha256] = ["title", "licence", "sha256"].map(cell);
            let release = Self { name: cell("name"), title, url: cell("url"), file: cell("file"), licence, sha256 };
            let wrong = |problem: &str| AnnotateError::Syntax { file: file.to_owned(), line: number + 1, problem: problem.to_owned() };
            if release.name.is_empty() || !release.url.starts_with("http") {
                return Err(wrong("a release needs a `name` and a `url` that begins with http"));
            }
            if Path::new(&release.file).file_name().is_none_or(|n| *n != *release.file) {
                return Err(wrong("`file` must be the plain name of a file"));
            }
            out.push(release);
        }
        Ok(out)
    }

    /// Downloads the release into `folder`; `progress` is told how many bytes are there and how many there will be.
    ///
    /// What an attempt that broke off left is kept beside the file as `FILE.part`, and the next one goes on from there where
    /// the server still has the same version. The file itself appears only when it is whole; its SHA-256 is kept in
    /// `FILE.record.json`, and a file that no longer has it is fetched anew.
    ///
    /// # Errors
    /// No connection, an answer that is no file, a download that broke off, a checksum that is not the one asked for, a folder
    /// that cannot be written.
    pub fn fetch(&self, folder: &Path, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Fetched, AnnotateError> {
        fs::create_dir_all(folder).map_err(|e| failed("write", folder, e))?;
        let path = folder.join(&self.file);
        let [part, partial_record, record_path] =
            [".part", ".part.json", ".record.json"].map(|end| folder.join(format!("{}{end}", self.file)));
        let known = open_record(&record_path, &self.url).filter(|r| r.sha256.is_some() && sum(&path).ok().map(|s| s.0) == r.sha256);
        let begun = open_record(&partial_record, &self.url);
        let there = fs::metadata(&part).map_or(0, |m| m.len());
        let validator = begun.as_ref().and_then(Record::validator).filter(|_| there > 0);
        let response = self.ask(known.as_ref(), validator.map(|v| (there, v)))?;
        let status = response.status().as_u16();
        if let (304, Some(record)) = (status, known) {
            let bytes = fs::metadata(&path).map_or(0, |m| m.len());
            return Ok(Fetched { path, bytes, sha256: record.sha256.unwrap_or_default(), resumed: 0, unchanged: true });
        }
        let resumed = if status == 206 && validator.is_some() { there } else { 0 };
        if status == 416 {
            // What lies there does not fit the file any more: begin anew next time.
            fs::remove_file(&part).map_err(|e| failed("write", &part, e))?;
            return Err(self.broken("the server no longer has the part that was begun; run the command again".to_owned()));
        }
        if !matches!(status, 200 | 206) {
            return Err(self.broken(format!("the server answered {}", response.status())));
        }
        let header = |name| response.headers().get(name).and_then(|h| h.to_str().ok()).map(str::to_owned);
        let mut record = Record { url: self.url.clone(), etag: header("etag"), modified: header("last-modified"), sha256: None };
        let total = header("content-length").and_then(|l| l.parse::<u64>().ok()).map(|l| l + resumed);
        save_record(&partial_record, &record)?;
        self.receive(response, &part, resumed, total, progress)?;
        let (sha256, bytes) = sum(&part).map_err(|e| failed("read", &part, e))?;
        if !self.sha256.is_empty() && !self.sha256.eq_ignore_ascii_case(&sha256) {
            fs::remove_file(&part).map_err(|e| failed("write", &part, e))?;
            return Err(self.broken(format!("its SHA-256 is {sha256}, and should be {}; it was not kept", self.sha256)));
        }
        record.sha256 = Some(sha256.clone());
        fs::rename(&part, &path).map_err(|e| failed("write", &path, e))?;
        save_record(&record_path, &record)?;
        let _ = fs::remove_file(&partial_record);
        Ok(Fetched { path, bytes, sha256, resumed, unchanged: false })
    }

    /// Asks for the file: only a version newer than `known`, only what follows the bytes of `begun`.
    fn ask(&self, known: Option<&Record>, begun: Option<(u64, &str)>) -> Result<Response<Body>, AnnotateError> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_recv_response(Some(Duration::from_secs(60)))
            .timeout_per_read(Some(Duration::from_secs(60)))
            // Ranges count the bytes of the file as it lies there.
            .accept_encoding("identity")
            .user_agent(concat!("evigraph/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let mut request = agent.get(&self.url);
        if let Some((from, validator)) = begun {
            request = request.header("Range", format!("bytes={from}-")).header("If-Range", validator);
        } else if let Some(record) = known {
            if let Some(tag) = &record.etag {
                request = request.header("If-None-Match", tag);
            } else if let Some(date) = &record.modified {
                request = request.header("If-Modified-Since", date);
            }
        }
        request.call().map_err(|e| match e {
            ureq::Error::Io(_) | ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::Timeout(_) => {
                AnnotateError::Offline { url: self.url.clone(), file: self.file.clone(), problem: e.to_string() }
            }
            e => self.broken(e.to_string()),
        })
    }

    /// Appends the body to what is there of the file.
    fn receive(
        &self,
        response: Response<Body>,
        part: &Path,
        resumed: u64,
        total: Option<u64>,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(), AnnotateError> {
        let opened = OpenOptions::new().create(true).append(resumed > 0).write(true).truncate(resumed == 0).open(part);
        let mut file = opened.map_err(|e| failed("write", part, e))?;
        let mut body = response.into_body().into_reader();
        let (mut there, mut piece) = (resumed, vec![0; PIECE]);
        let again = "what came is kept, run the command again to go on from there";
        loop {
            progress(there, total);
            let read = match body.read(&mut piece) {
                Ok(0) => break,
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(self.broken(format!("it broke off after {there} bytes ({e}); {again}"))),
            };
            file.write_all(&piece[..read]).map_err(|e| failed("write", part, e))?;
            there += read as u64;
            if there > LARGEST {
                return Err(self.broken(format!("it is larger than {LARGEST} bytes")));
            }
        }
        file.sync_all().map_err(|e| failed("write", part, e))?;
        match total {
            Some(total) if there != total => Err(self.broken(format!("it broke off after {there} of {total} bytes; {again}"))),
            _ => Ok(()),
        }
    }

    fn broken(&self, problem: String) -> AnnotateError {
        AnnotateError::Download { url: self.url.clone(), problem }
    }
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> AnnotateError {
    AnnotateError::Io { action, path: path.to_owned(), source }
}

fn open_record(path: &Path, url: &str) -> Option<Record> {
    let record: Record = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (record.url == url).then_some(record)
}

fn save_record(path: &Path, record: &Record) -> Result<(), AnnotateError> {
    let text = serde_json::to_vec_pretty(record).unwrap_or_default();
    fs::write(path, text).map_err(|e| failed("write", path, e))
}

/// SHA-256 of a file in hexadecimal, and its length.
fn sum(path: &Path) -> io::Result<(String, u64)> {
    let (mut file, mut sha, mut length) = (File::open(path)?, Sha256::new(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((sha.finalize().iter().map(|b| format!("{b:02x}")).collect(), length));
        }
        sha.update(&piece[..read]);
        length += read as u64;
    }
}
