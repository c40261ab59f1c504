//! All tests of the library and the program from outside, in one binary: each binary of its own would link RocksDB once more.
//! `cargo nextest run cli::` runs those of one module.

mod annotate;
mod architecture;
mod check;
mod cli;
mod clinic;
mod curation;
mod desk;
mod docs;
mod endpoint;
mod faults;
mod fixture;
mod graph;
mod language;
mod outputs;
mod program;
mod queries;
mod read_corpus;
mod read_formats;
mod read_hostile;
#[cfg(feature = "pdf")]
mod read_pdf;
mod remote;
mod round_trips;
mod sentence;
mod server;
mod verify;
mod vocabularies;
mod w3c;
