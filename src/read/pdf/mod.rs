//! PDF files: the characters that a page shows are put into lines, columns and paragraphs, and those into a document.
//!
//! [`page`] orders the characters of one page, [`margin`] drops what every page repeats, [`article`] tells headings, paragraphs, tables
//! and references apart. The file format itself is read by the crate `pdf_oxide`.

mod article;
mod front;
mod limit;
mod line;
mod margin;
mod page;
mod paragraph;

use super::{GUARDED_THREAD, ReadError};
use crate::document::Document;
use page::{Glyph, Page};
use pdf_oxide::PdfDocument;
use pdf_oxide::object::Object;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// The most pages that are read.
const MAX_PAGES: usize = 2_000;
/// The most characters of one page, and of one file.
const MAX_GLYPHS: (usize, usize) = (200_000, 10_000_000);
/// The longest that the pages of one file may take.
const MAX_TIME: Duration = Duration::from_secs(60);
/// Stack of the thread that reads: objects nest, and the parser follows them.
const STACK: usize = 256 << 20;

/// What the thread that reads sends.
enum Message {
    Page(Page),
    /// A page that could not be read, and why.
    Lost(usize, String),
    Info(Info),
    Failed(ReadError),
}

/// What the file says of its article.
#[derive(Debug, Default)]
struct Info {
    title: Option<String>,
    author: Option<String>,
    /// Pages beyond the limit.
    left_out: usize,
}

/// Reads a PDF.
///
/// A damaged file can make its parser panic or never end. So it runs on a thread of its own: a panic is an error of this file, and a file
/// that takes over a minute is given up.
pub(crate) fn read(source: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    limit::check(source, bytes)?;
    let (send, receive) = mpsc::sync_channel(4);
    let given_up = Arc::new(AtomicBool::new(false));
    let (name, data, stop) = (source.to_owned(), bytes.to_vec(), given_up.clone());
    let reader = thread::Builder::new().name(GUARDED_THREAD.to_owned()).stack_size(STACK).spawn(move || {
        if let Err(error) = pages(&name, data, &stop, &send) {
            // Where nobody listens any more the error is of no use.
            let _ = send.send(Message::Failed(error));
        }
    });
    let reader = reader.map_err(|e| ReadError::io(source, e))?;
    let end = Instant::now() + MAX_TIME;
    let (mut pages, mut info, mut warnings) = (Vec::new(), Info::default(), Vec::new());
    loop {
        match receive.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Message::Page(page)) => pages.push(page),
            Ok(Message::Lost(page, why)) => warnings.push(format!("page {page} cannot be read ({why}) and is left out")),
            Ok(Message::Info(found)) => info = found,
            Ok(Message::Failed(error)) => return Err(error),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                given_up.store(true, Ordering::Relaxed);
                let message = format!(
                    "page {} takes too long (over {} s so far); the PDF may be damaged, print it to a new PDF first",
                    pages.len() + warnings.len() + 1,
                    MAX_TIME.as_secs()
                );
                return Err(ReadError::limit(source, message));
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    if reader.join().is_err() {
        let message = format!("damaged at page {}: its parser broke down; print it to a new PDF first", pages.len() + warnings.len() + 1);
        return Err(ReadError::unsupported(source, message));
    }
    if let (true, Some(first)) = (pages.is_empty(), warnings.first()) {
        return Err(ReadError::unsupported(source, format!("a damaged PDF: {first}")));
    }
    if pages.iter().all(Page::is_empty) {
        let message = "a PDF without text, only images (a scan?); recognise its text first, for instance with `ocrmypdf IN.pdf OUT.pdf`";
        return Err(ReadError::unsupported(source, message));
    }
    if info.left_out > 0 {
        warnings.push(format!("{} pages after the first {MAX_PAGES} are left out", info.left_out));
    }
    let mut document = article::assemble(source, pages, info.title.as_deref(), info.author.as_deref());
    document.warnings = warnings;
    Ok(document)
}

/// Reads page after page and sends them.
fn pages(source: &str, data: Vec<u8>, stop: &AtomicBool, send: &mpsc::SyncSender<Message>) -> Result<(), ReadError> {
    let damaged =
        |e: pdf_oxide::Error| ReadError::unsupported(source, format!("a damaged PDF ({e}); fetch it again, or print it to a new PDF"));
    let pdf = PdfDocument::from_bytes(data).map_err(|e| match e {
        pdf_oxide::Error::EncryptedPdf => encrypted(source),
        e => damaged(e),
    })?;
    if !pdf.is_authenticated() {
        return Err(encrypted(source));
    }
    let count = pdf.page_count().map_err(damaged)?;
    let mut info = information(&pdf);
    info.left_out = count.saturating_sub(MAX_PAGES);
    if send.send(Message::Info(info)).is_err() {
        return Ok(());
    }
    let mut total = 0;
    for number in 0..count.min(MAX_PAGES) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let message = match glyphs(&pdf, number) {
            Ok(glyphs) => {
                total += glyphs.len();
                if glyphs.len() > MAX_GLYPHS.0 || total > MAX_GLYPHS.1 {
                    let message = format!("page {} shows more characters than an article may have", number + 1);
                    return Err(ReadError::limit(source, message));
                }
                Message::Page(Page::new(number, glyphs))
            }
            Err(e) => Message::Lost(number + 1, e.to_string()),
        };
        if send.send(message).is_err() {
            break;
        }
    }
    Ok(())
}

fn encrypted(source: &str) -> ReadError {
    let message =
        "an encrypted PDF that asks for a password; save it without one, for instance with `qpdf --decrypt --password=… IN.pdf OUT.pdf`";
    ReadError::unsupported(source, message)
}

/// The characters of a page that stand upright.
fn glyphs(pdf: &PdfDocument, page: usize) -> pdf_oxide::Result<Vec<Glyph>> {
    let chars = pdf.extract_chars(page)?;
    let upright = |c: &&pdf_oxide::layout::TextChar| {
        let turned = c.rotation_degrees.rem_euclid(360.0);
        let places = [c.origin_x, c.origin_y, c.bbox.x, c.bbox.width, c.advance_width];
        !(1.0..=359.0).contains(&turned) && places.iter().all(|p| p.abs() < 1e5) && (1.0..500.0).contains(&c.font_size)
    };
    let glyph = |c: &pdf_oxide::layout::TextChar| Glyph {
        c: c.char,
        x: c.origin_x,
        width: if c.advance_width > 0.0 { c.advance_width } else { c.bbox.width },
        baseline: c.origin_y,
        size: c.font_size,
        bold: c.font_weight.is_bold(),
    };
    Ok(chars.iter().filter(upright).map(glyph).collect())
}

/// Title and author of the information dictionary (ISO 32000-1, 14.3.3).
fn information(pdf: &PdfDocument) -> Info {
    let resolve = |object: &Object| match object.as_reference() {
        Some(reference) => pdf.load_object(reference).ok(),
        None => Some(object.clone()),
    };
    let Some(dictionary) = pdf.trailer().as_dict().and_then(|t| t.get("Info")).and_then(resolve) else { return Info::default() };
    let text = |key: &str| {
        let value = dictionary.as_dict().and_then(|d| d.get(key)).and_then(resolve)?;
        let text = decode(value.as_string()?);
        (!text.trim().is_empty()).then(|| text.trim().to_owned())
    };
    Info { title: text("Title"), author: text("Author"), left_out: 0 }
}

/// A text string: UTF-16 where it is marked so, else taken for Latin-1, which PDFDocEncoding mostly is.
fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}
