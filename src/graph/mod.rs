//! Claims to RDF: the vocabulary, stable identifiers, quads and provenance.
