//! `evigraph path`, `hubs` and `contradictions`: the graph as a network.

use super::Status;
use super::args::{Hubs, Path, Tabular};
use super::setting::Setting;
use super::table::Rows;
use crate::analyse::{Assembly, Mechanisms, Side, contradictions as found};
use crate::export::{Filter, curie};
use crate::query;
use crate::store::Store;
use anyhow::{Result, anyhow};
use oxigraph::model::Term;
use serde_json::{Value, json};

/// Prints the best paths, a row a step with the claims behind it.
pub fn run(args: &Path, setting: &Setting) -> Result<Status> {
    let store = setting.open()?;
    let [from, to] = [entity(&store, &args.from)?, entity(&store, &args.to)?];
    let assembly = Assembly::of(&store, &Filter::none())?;
    let paths = Mechanisms::new(&assembly).paths(&from, &to, args.max_steps, args.limit);
    let columns = ["path", "step", "from", "relation", "to", "belief", "claims", "papers", "quote"];
    let mut rows = Rows::open(&args.table, &columns)?;
    for (number, path) in paths.iter().enumerate() {
        for (step, one) in path.steps.iter().enumerate() {
            let label = |id: &str| json!(assembly.label(id));
            rows.push(vec![
                json!(number + 1),
                json!(step + 1),
                label(&one.key.from),
                relation(&one.key.relation),
                label(&one.key.to),
                rounded(one.statement.belief),
                claims(&one.statement.supported_by),
                json!(one.statement.independent_papers),
                json!(one.statement.quote),
            ])?;
        }
    }
    rows.finish()?;
    if paths.is_empty() {
        setting.terminal.note(format!("no path of at most {} steps leads from {} to {}", args.max_steps, args.from, args.to));
    }
    Ok(Status::Done)
}

/// Prints the things on which the graph hinges.
pub fn hubs(args: &Hubs, setting: &Setting) -> Result<Status> {
    let assembly = Assembly::of(&setting.open()?, &Filter::none())?;
    let mut rows = Rows::open(&args.table, &["entity", "id", "acts", "acted_on", "claims", "rank"])?;
    for hub in Mechanisms::new(&assembly).hubs(args.limit) {
        let rank = rounded(hub.rank);
        rows.push(vec![json!(hub.label), json!(hub.id), json!(hub.acts), json!(hub.acted_on), json!(hub.claims), rank])?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// Prints the statements on which claims disagree, with what tells the two sides apart.
pub fn contradictions(args: &Tabular, setting: &Setting) -> Result<Status> {
    let assembly = Assembly::of(&setting.open()?, &Filter::none())?;
    let mut rows = Rows::open(args, &["from", "to", "says", "claims", "but", "other_claims", "differs_in"])?;
    for one in found(&assembly) {
        let label = |id: &str| json!(assembly.label(id));
        let says = |side: &Side| json!(side.says.iter().collect::<Vec<_>>());
        let differs: Vec<String> = (one.differs.iter())
            .map(|(what, ours, theirs)| {
                let name = |ids: &[String]| ids.iter().map(|id| assembly.label(id)).collect::<Vec<_>>().join(" or ");
                format!("{what}: {} / {}", name(ours), name(theirs))
            })
            .collect();
        let [ours, theirs] = [&one.affirms, &one.denies].map(|side| claims(&side.claims.iter().cloned().collect::<Vec<_>>()));
        rows.push(vec![label(&one.from), label(&one.to), says(&one.affirms), ours, says(&one.denies), theirs, json!(differs)])?;
    }
    if rows.finish()? == 0 {
        setting.terminal.note("no claims contradict each other");
    }
    Ok(Status::Done)
}

/// The identifier of what a user names.
fn entity(store: &Store, name: &str) -> Result<String> {
    match query::resolve(store, "entity", name, None)?.term {
        Term::NamedNode(iri) => Ok(curie(iri.as_str())),
        other => Err(anyhow!("{other} is a value, not an entity; give a CURIE or a name")),
    }
}

fn relation(curie: &str) -> Value {
    json!(curie.trim_start_matches("evi:"))
}

/// Claims by the short names that `evigraph show` takes.
fn claims(iris: &[String]) -> Value {
    json!(iris.iter().map(|iri| iri.rsplit('/').next().unwrap_or(iri).chars().take(12).collect::<String>()).collect::<Vec<_>>())
}

fn rounded(number: f64) -> Value {
    json!((number * 1000.0).round() / 1000.0)
}
