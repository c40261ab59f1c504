//! Files to documents: one file per format.

pub mod citation;
pub mod error;
pub mod reference;

pub use error::ReadError;
