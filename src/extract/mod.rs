//! What is claimed: mechanism and outcome claims with their evidence.

mod claim;

pub use claim::*;
