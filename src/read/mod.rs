//! Files to documents: one file per format.

mod author_year;
pub mod citation;
mod date;
pub mod error;
mod layout;
pub mod reference;
mod reference_list;
mod structured;
mod text;

pub use error::ReadError;
pub use reference_list::is_reference_heading;

/// Reads plain text.
pub fn read_text(source: &str, content: &str) -> Result<crate::document::Document, ReadError> {
    text::read(source, content)
}
