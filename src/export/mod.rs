//! Files out: tables, networks, RDF and nanopublications.
