//! Files to documents: one file per format.
//!
//! [`inputs`] finds the files, [`articles`] streams the documents of one of them, and [`read`] does so for bytes already in memory.
//! The format is told by the content first, then by the file's extension; gzip and zip are read through.

mod author_year;
pub mod bibliography;
mod bioc;
pub mod citation;
mod date;
pub mod detect;
mod docx;
pub mod encoding;
pub mod error;
mod front_matter;
mod furniture;
mod html;
mod html_filter;
mod html_meta;
mod jats;
mod jats_inline;
mod jats_meta;
mod jats_references;
mod jats_table;
pub mod labeller;
pub mod labeller_training;
mod layout;
mod markdown;
mod open;
mod outline;
#[cfg(feature = "pdf")]
mod pdf;
mod pieces;
mod pubmed;
mod pubtator;
mod records;
pub mod reference;
mod reference_fields;
mod reference_list;
mod references;
mod structured;
mod text;
mod xml;

pub use error::ReadError;
pub use open::{Articles, Input, MAX_ARTICLE, articles, inputs};
pub use reference_list::is_reference_heading;

use crate::document::{Document, Format};

/// Name of the threads that parse files whose parser may panic on damaged ones. The panic is caught and told as an error of the file, so a
/// program may wish to keep its own report of panics silent for them.
pub const GUARDED_THREAD: &str = "evigraph-parser";

/// Reads the documents in `bytes`; `source` is how messages and documents name them. Without a format it is found out.
///
/// # Errors
/// The first [`ReadError`] of the input; [`articles_in`] goes on after an article that cannot be read.
///
/// ```
/// let xml = b"<article><body><sec><title>Results</title><p>Pain fell.</p></sec></body></article>";
/// let documents = evigraph::read::read("hip.nxml", xml, None)?;
/// assert_eq!(documents[0].sections[0].heading, ["Results"]);
/// # Ok::<(), evigraph::read::ReadError>(())
/// ```
pub fn read(source: &str, bytes: &[u8], format: Option<Format>) -> Result<Vec<Document>, ReadError> {
    articles_in(source, bytes, format).collect()
}

/// Streams the documents in `bytes`, each with its own result.
pub fn articles_in<'a>(source: &str, bytes: &'a [u8], format: Option<Format>) -> Articles<'a> {
    open::bytes(source, bytes, format)
}

/// The documents of one whole article in a format that holds one article a file.
pub(crate) fn whole(source: &str, bytes: &[u8], format: Format) -> Result<Document, ReadError> {
    let document = match format {
        Format::References => references::read(source, &encoding::decode(source, bytes)?)?,
        Format::Text => text::read(source, &encoding::decode(source, bytes)?)?,
        Format::Html => html::read(source, &encoding::decode(source, bytes)?)?,
        Format::Markdown => markdown::read(source, &encoding::decode(source, bytes)?)?,
        #[cfg(feature = "pdf")]
        Format::Pdf => pdf::read(source, bytes)?,
        #[cfg(not(feature = "pdf"))]
        Format::Pdf => {
            let message = "PDF is left out of this build; build with `--features pdf`, convert it to text first (`pdftotext FILE.pdf`), or give the article's XML or HTML";
            return Err(ReadError::unsupported(source, message));
        }
        Format::Docx => return Err(ReadError::unsupported(source, "no Word document, for it is no zip archive; save it again as .docx")),
        other => return Err(ReadError::unsupported(source, format!("no reader for one article of {other:?}"))),
    };
    if document.text.is_empty() && document.references.is_empty() {
        return Err(ReadError::empty(source));
    }
    Ok(document)
}
