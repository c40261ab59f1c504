//! The graph as a network: paths, hubs, communities, contradictions, belief.
//!
//! An [`Assembly`] joins the claims of all articles into statements; [`Mechanisms`] is the directed graph of those that are believed.
//!
//! ```
//! use evigraph::analyse::{Assembly, Mechanisms, contradictions};
//! use evigraph::export::Filter;
//! let store = evigraph::store::Store::memory()?;
//! let assembly = Assembly::of(&store, &Filter::none())?;
//! assert!(contradictions(&assembly).is_empty());
//! assert!(Mechanisms::new(&assembly).paths("CL:0000134", "HP:0012531", 4, 5).is_empty());
//! # Ok::<_, evigraph::analyse::Error>(())
//! ```

mod assembly;
mod contradiction;
mod doubt;
mod graph;
mod path;
mod shape;
mod surroundings;

pub use assembly::{Assembly, Context, Statement, StatementKey};
pub use contradiction::{Contradiction, Side, contradictions};
pub use graph::{assembly_quads, drawn};
pub use path::{MechanismPath, Mechanisms, Step};
pub use shape::{Cycle, Hub};
pub use surroundings::look_around;

/// What can go wrong with an analysis.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The claims cannot be read.
    #[error(transparent)]
    Export(#[from] crate::export::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}
