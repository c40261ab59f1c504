//! Turns articles into a knowledge graph of claims that anyone can check.
//!
//! Data flows one way, and each module uses only what stands before it:
//!
//! ```text
//! document -> read -> language -> annotate -> extract -> graph -> store -> query -> { export, check, review, analyse, verify } -> serve -> cli
//! ```
//!
//! `text` and `document` define what the stages pass on. See `ARCHITECTURE.md` for the question that each folder answers.
#![deny(missing_docs)]

pub mod analyse;
pub mod annotate;
pub mod check;
pub mod cli;
pub mod document;
pub mod export;
pub mod extract;
pub mod graph;
pub mod language;
pub mod query;
pub mod read;
pub mod review;
pub mod serve;
pub mod store;
pub mod text;
pub mod verify;
