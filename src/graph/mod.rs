//! Claims to RDF: the vocabulary, stable identifiers, quads and provenance.
//!
//! Three things are made here of a document and its claims: names that stay the same at every reading (`identity`), the quads of its named
//! graph with the statements it adds to the shared graphs (`quads`), and the claim as a line of JSON (`line`).

mod identity;
mod prefix;
pub mod vocabulary;

pub use identity::{
    Base, BaseError, DEFAULT_BASE, article_iri, claim_iri, content_hash, entity_iri, entry_iri, identifier_iri, slug, software_iri,
    work_iri,
};
pub use prefix::{PREFIXES_TTL, Prefixes};
pub use vocabulary::ONTOLOGY_TTL;
