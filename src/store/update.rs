//! SPARQL updates: one request is one transaction, whatever it does.

use super::embedded::engine;
use super::prepare::prepare_update;
use super::{Error, QueryDataset, Services, Store};
use oxigraph::model::{GraphName, NamedNode, Quad};
use oxigraph::sparql::CancellationToken;
use spargebra::{GraphUpdateOperation, Update};
use std::sync::Arc;

/// How an update is run.
#[derive(Clone, Default)]
pub struct UpdateOptions {
    /// The graphs that its WHERE reads, where the update does not say so itself.
    pub using: Option<QueryDataset>,
    /// Stop when this token is cancelled; the store then holds what it held before.
    pub cancel: Option<CancellationToken>,
    /// Where SERVICE and LOAD may lead; nowhere without.
    pub services: Option<Arc<Services>>,
    /// What relative IRIs are relative to, where the update has no BASE.
    pub base: Option<NamedNode>,
}

/// A step of an update.
enum Step {
    Run(Update),
    /// What LOAD brought, and the graph it goes to.
    Add(Vec<Quad>, GraphName),
}

impl Store {
    /// Runs a SPARQL 1.1 update, all of its operations or none; the project's prefixes need no declaration.
    ///
    /// # Errors
    /// Where the update is not SPARQL, names graphs that the options name too, reaches where it may not, or fails.
    pub fn update_with(&self, sparql: &str, options: &UpdateOptions) -> Result<(), Error> {
        let token = options.cancel.clone().unwrap_or_default();
        let Update { base_iri, operations } = prepare_update(sparql, options.base.as_ref())?;
        let nowhere = Arc::<Services>::default();
        let services = options.services.as_ref().unwrap_or(&nowhere);
        // What lies elsewhere is fetched before the transaction, so that no writer waits for a network.
        let mut steps = Vec::with_capacity(operations.len());
        for mut operation in operations {
            if let (GraphUpdateOperation::DeleteInsert { using, .. }, Some(asked)) = (&mut operation, &options.using)
                && using.replace(asked.clone()).is_some()
            {
                return Err(Error::TwoDatasets);
            }
            steps.push(match operation {
                GraphUpdateOperation::Load { silent, source, destination } => {
                    let graph = match destination {
                        spargebra::term::GraphName::NamedNode(name) => GraphName::NamedNode(name),
                        spargebra::term::GraphName::DefaultGraph => GraphName::DefaultGraph,
                    };
                    match services.load(&source, &graph) {
                        Ok(quads) => Step::Add(quads, graph),
                        Err(_) if silent => continue,
                        Err(e) => return Err(e),
                    }
                }
                operation => Step::Run(Update { base_iri: base_iri.clone(), operations: vec![operation] }),
            });
        }
        let done = self.write(|transaction| {
            for step in steps {
                match step {
                    Step::Run(update) => {
                        engine(&token, options.services.as_ref()).for_update(update).on_transaction(transaction).execute()?;
                    }
                    Step::Add(quads, graph) => {
                        if let GraphName::NamedNode(name) = &graph {
                            transaction.insert_named_graph(name);
                        }
                        transaction.extend(&quads);
                    }
                }
            }
            // Committing takes its time too: who left meanwhile is told that nothing happened, and so it is.
            if token.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
        });
        if done.is_err() && token.is_cancelled() { Err(Error::Cancelled) } else { done }
    }
}
