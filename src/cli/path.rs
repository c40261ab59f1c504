//! `evigraph path`, `hubs`, `communities`, `cycles`, `contradictions` and `statements`: the graph as a network.

use super::args::{Contradictions, Drawing, Hubs, Path, Statements, TableFormat, Tabular};
use super::output::{self, Output};
use super::setting::Setting;
use super::table::Rows;
use super::terminal::{count, printable};
use super::{Status, selection};
use crate::analyse::{Assembly, Mechanisms, Side, Statement, assembly_quads, contradictions as found, look_around};
use crate::export::{Manner, NetworkFormat, curie, sentence, verb};
use crate::query;
use crate::store::GraphStore;
use anyhow::{Result, anyhow};
use oxigraph::model::Term;
use serde_json::{Value, json};
use std::io::Write;

/// Prints the best paths with the claims behind each step.
pub fn run(args: &Path, setting: &Setting) -> Result<Status> {
    let store = &*setting.open()?;
    let [from, to] = [meant(store, &args.from)?, meant(store, &args.to)?];
    let assembly = Assembly::of(store, &selection::filter(&args.selection, store, &setting.terminal)?)?;
    let mechanisms = Mechanisms::new(&assembly);
    let starts = from.with_part(|id| mechanisms.degree(id).0 > 0);
    let ends = to.with_part(|id| mechanisms.degree(id).1 > 0);
    // Of the things that bear the two names, the likeliest that are joined.
    let joined = starts.iter().flat_map(|start| ends.iter().map(move |end| (*start, *end))).find_map(|(start, end)| {
        let paths = mechanisms.paths(start, end, args.max_steps, args.limit);
        (!paths.is_empty()).then_some((start, end, paths))
    });
    let (start, end, paths) = joined.unwrap_or((starts[0], ends[0], Vec::new()));
    taken(&args.from, &from, start, &assembly, setting);
    taken(&args.to, &to, end, &assembly, setting);
    if let Some(form) = args.drawn {
        let mut out = Output::open(&args.table.to)?;
        crate::analyse::drawn(&assembly, paths.iter().flat_map(|p| &p.steps))
            .write(&mut out, if form == Drawing::Dot { NetworkFormat::Dot } else { NetworkFormat::GraphMl })?;
        out.flush()?;
    } else if for_people(&args.table)? {
        let mut out = Output::open(&args.table.to)?;
        for (number, path) in paths.iter().enumerate() {
            let mut line = vec![assembly.label(start)];
            line.extend(path.steps.iter().map(|s| assembly.label(&s.key.to)));
            writeln!(out, "{}{}. {}", if number > 0 { "\n" } else { "" }, number + 1, printable(&line.join(" → ")))?;
            let effect =
                path.effect.map_or_else(|| "not every step tells a direction".to_owned(), |e| format!("{e} {}", assembly.label(end)));
            let weakest = if path.steps.len() > 1 { format!("; weakest step: {}", path.weakest + 1) } else { String::new() };
            writeln!(out, "   {}; belief {:.3}{weakest}", printable(&effect), path.belief)?;
            for (step, one) in path.steps.iter().enumerate() {
                let manner = Manner { negated: false, affirmed: true };
                let said = sentence(assembly.label(&one.key.from), &one.key.relation, assembly.label(&one.key.to), "", manner);
                writeln!(out, "   {}. {}: {}", step + 1, printable(&said), standing(&one.statement))?;
                writeln!(out, "      \"{}\"", printable(&one.statement.quote))?;
            }
        }
        out.flush()?;
    } else {
        let columns = [
            "path",
            "step",
            "from",
            "relation",
            "to",
            "belief",
            "claims",
            "papers",
            "quote",
            "condition",
            "sources",
            "weakest",
            "path_belief",
            "effect",
        ];
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
                    json!(one.statement.supported_in.condition),
                    json!(one.statement.sources),
                    json!(step == path.weakest),
                    rounded(path.belief),
                    json!(path.effect),
                ])?;
            }
        }
        rows.finish()?;
    }
    if paths.is_empty() {
        setting.terminal.note(format!(
            "no path of at most {} steps leads from {} to {}: the one acts on {}, and {} on the other (`--max-steps` looks further)",
            args.max_steps,
            assembly.label(start),
            assembly.label(end),
            count(mechanisms.degree(start).0, "thing"),
            match mechanisms.degree(end).1 {
                0 => "nothing acts".to_owned(),
                1 => "1 thing acts".to_owned(),
                n => format!("{n} things act"),
            }
        ));
    }
    Ok(Status::Done)
}

/// The first of many, and how many more there are.
fn list(items: Vec<String>, most: usize) -> String {
    let more = if items.len() > most { format!(" and {} more", items.len() - most) } else { String::new() };
    items.into_iter().take(most).collect::<Vec<_>>().join(", ") + &more
}

/// What stands behind a statement, in a line.
fn standing(statement: &Statement) -> String {
    let papers = count(statement.independent_papers, "independent paper");
    let claims = list(statement.supported_by.iter().map(|iri| short(iri)).collect(), 3);
    let sources = if statement.sources.is_empty() {
        "no source".to_owned()
    } else {
        list(statement.sources.iter().map(|s| printable(s)).collect(), 3)
    };
    let conditions = &statement.supported_in.condition;
    let told = if conditions.is_empty() {
        String::new()
    } else {
        format!("; said of {}", list(conditions.iter().map(|c| printable(c)).collect(), 3))
    };
    let denied =
        if statement.refuted_by.is_empty() { String::new() } else { format!("; denied by {}", count(statement.refuted_by.len(), "claim")) };
    format!(
        "belief {:.3}, {papers}, {} ({claims}), {sources}{told}{denied}",
        statement.belief,
        count(statement.supported_by.len(), "claim")
    )
}

/// Prints the things on which the graph hinges.
pub fn hubs(args: &Hubs, setting: &Setting) -> Result<Status> {
    let store = &*setting.open()?;
    let assembly = Assembly::of(store, &selection::filter(&args.selection, store, &setting.terminal)?)?;
    let mechanisms = Mechanisms::new(&assembly);
    let mut rows = Rows::open(&args.table, &["entity", "id", "acts", "acted_on", "claims", "rank"])?;
    for hub in mechanisms.hubs(args.limit) {
        let rank = rounded(hub.rank);
        rows.push(vec![json!(hub.label), json!(hub.id), json!(hub.acts), json!(hub.acted_on), json!(hub.claims), rank])?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// Prints groups of things that act on each other more than on others.
pub fn communities(args: &Hubs, setting: &Setting) -> Result<Status> {
    let store = &*setting.open()?;
    let assembly = Assembly::of(store, &selection::filter(&args.selection, store, &setting.terminal)?)?;
    let mut rows = Rows::open(&args.table, &["community", "size", "entities", "ids"])?;
    for (number, group) in Mechanisms::new(&assembly).communities().iter().take(args.limit).enumerate() {
        let labels: Vec<&str> = group.iter().map(|id| assembly.label(id)).collect();
        rows.push(vec![json!(number + 1), json!(group.len()), json!(labels), json!(group)])?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// Prints loops: things that act on themselves through others.
pub fn cycles(args: &Hubs, setting: &Setting) -> Result<Status> {
    let store = &*setting.open()?;
    let assembly = Assembly::of(store, &selection::filter(&args.selection, store, &setting.terminal)?)?;
    let mut rows = Rows::open(&args.table, &["length", "feedback", "loop"])?;
    for cycle in Mechanisms::new(&assembly).cycles().iter().take(args.limit) {
        let first = cycle.entities.first().map(|id| assembly.label(id)).unwrap_or_default();
        let steps: Vec<String> = cycle
            .entities
            .iter()
            .zip(&cycle.relations)
            .map(|(id, r)| format!("{} {} ", assembly.label(id), r.trim_start_matches("evi:")))
            .collect();
        rows.push(vec![json!(cycle.entities.len()), json!(cycle.feedback), json!(steps.concat() + first)])?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// Prints what articles say together, and keeps it in the graph of the assembly where asked.
pub fn statements(args: &Statements, setting: &Setting) -> Result<Status> {
    let store = &*setting.open()?;
    let assembly = Assembly::of(store, &selection::filter(&args.selection, store, &setting.terminal)?)?;
    if args.keep {
        let graph = store.base().assembly_graph();
        store.update(&format!("CLEAR SILENT GRAPH {graph}"))?;
        let quads = assembly_quads(&assembly, store.base());
        store.insert(&quads)?;
        store.flush()?;
        setting.terminal.note(format!("{} kept in {graph}", count(assembly.statements.len(), "statement")));
        return Ok(Status::Done);
    }
    let mut listed: Vec<_> = assembly.statements.iter().collect();
    listed.sort_by(|a, b| {
        (b.1.independent_papers, b.1.supported_by.len())
            .cmp(&(a.1.independent_papers, a.1.supported_by.len()))
            .then_with(|| b.1.belief.total_cmp(&a.1.belief))
            .then_with(|| a.0.cmp(b.0))
    });
    let columns = ["from", "relation", "to", "papers", "claims", "denied", "belief", "condition", "from_id", "to_id"];
    let mut rows = Rows::open(&args.table, &columns)?;
    for (key, statement) in listed.into_iter().take(args.limit) {
        rows.push(vec![
            json!(assembly.label(&key.from)),
            relation(&key.relation),
            json!(assembly.label(&key.to)),
            json!(statement.independent_papers),
            json!(statement.supported_by.len()),
            json!(statement.refuted_by.len()),
            rounded(statement.belief),
            json!(statement.supported_in.condition),
            json!(key.from),
            json!(key.to),
        ])?;
    }
    rows.finish()?;
    Ok(Status::Done)
}

/// Prints the statements on which claims disagree, with what tells the two sides apart.
pub fn contradictions(args: &Contradictions, setting: &Setting) -> Result<Status> {
    let store = &*setting.open()?;
    let assembly = Assembly::of(store, &selection::filter(&args.selection, store, &setting.terminal)?)?;
    let mut all = found(&assembly);
    let apparent = look_around(store, &mut all)?;
    if args.all {
        all.extend(apparent);
    } else if !apparent.is_empty() {
        setting.terminal.note(format!(
            "{} that only seem to be some are left out: one sentence on two parts of a thing, an improvement that is a decrease, a question \
             (`--all` lists them at the end)",
            apparent.len()
        ));
    }
    if for_people(&args.table)? {
        let mut out = Output::open(&args.table.to)?;
        // An article without an identifier is named by the path it was read from.
        let own = store.base().iri("article/");
        for (number, one) in all.iter().enumerate() {
            let gap = if number > 0 { "\n" } else { "" };
            writeln!(out, "{gap}{} / {}", printable(assembly.label(&one.from)), printable(assembly.label(&one.to)))?;
            for side in [&one.affirms, &one.denies] {
                let says: Vec<String> = side.says.iter().map(|said| said_in_words(said)).collect();
                let ids: Vec<String> = side.claims.iter().map(|iri| short(iri)).collect();
                let articles = list(side.articles.iter().map(|iri| printable(&curie(iri.trim_start_matches(own.as_str())))).collect(), 3);
                writeln!(out, "  {}: {} in {articles} ({})", says.join(", "), count(ids.len(), "claim"), list(ids, 3))?;
                writeln!(out, "      \"{}\"", printable(&side.quote))?;
            }
            if one.differs.is_empty() {
                writeln!(out, "  nothing in the claims tells the two apart")?;
            }
            for (what, ours, theirs) in &one.differs {
                let or_nothing = |values: &[String]| if values.is_empty() { "not told".to_owned() } else { printable(&values.join(", ")) };
                writeln!(out, "  differs in {what}: {} / {}", or_nothing(ours), or_nothing(theirs))?;
            }
        }
        out.flush()?;
    } else {
        let mut rows =
            Rows::open(&args.table, &["from", "to", "says", "claims", "but", "other_claims", "differs_in", "quote", "other_quote"])?;
        for one in &all {
            let label = |id: &str| json!(assembly.label(id));
            let says = |side: &Side| json!(side.says.iter().collect::<Vec<_>>());
            let differs: Vec<String> =
                one.differs.iter().map(|(what, ours, theirs)| format!("{what}: {} / {}", ours.join(" or "), theirs.join(" or "))).collect();
            let [ours, theirs] = [&one.affirms, &one.denies].map(|side| claims(&side.claims.iter().cloned().collect::<Vec<_>>()));
            let [quote, other] = [&one.affirms, &one.denies].map(|side| json!(side.quote));
            rows.push(vec![
                label(&one.from),
                label(&one.to),
                says(&one.affirms),
                ours,
                says(&one.denies),
                theirs,
                json!(differs),
                quote,
                other,
            ])?;
        }
        rows.finish()?;
    }
    if all.is_empty() {
        setting.terminal.note("no claims contradict each other");
    }
    Ok(Status::Done)
}

/// Whether the answer is read by people: told in lines, not in columns.
fn for_people(args: &Tabular) -> Result<bool> {
    Ok(output::format(args.format, &args.to, TableFormat::EXTENSIONS, TableFormat::Table, TableFormat::Csv)? == TableFormat::Table)
}

/// What a user names: the identifiers of all that bears the name, the likeliest first, and the label of that one where a name was looked up.
struct Meant {
    ids: Vec<String>,
    label: Option<String>,
}

impl Meant {
    /// Those that have a part in the network; the likeliest where none has. There is always one.
    fn with_part(&self, has_part: impl Fn(&str) -> bool) -> Vec<&str> {
        let found: Vec<&str> = self.ids.iter().map(String::as_str).filter(|id| has_part(id)).collect();
        if found.is_empty() { self.ids.iter().take(1).map(String::as_str).collect() } else { found }
    }
}

fn meant(store: &dyn GraphStore, name: &str) -> Result<Meant> {
    let found = query::resolve(store, "entity", name, None)?;
    match found.term {
        Term::NamedNode(iri) => {
            let ids = std::iter::once(curie(iri.as_str())).chain(found.others.iter().map(|other| curie(other))).collect();
            Ok(Meant { ids, label: found.label })
        }
        other => Err(anyhow!("{other} is a value, not an entity; give a CURIE or a name")),
    }
}

/// Tells which of the things that bear a name it is taken for.
fn taken(name: &str, meant: &Meant, id: &str, assembly: &Assembly, setting: &Setting) {
    let Some(label) = &meant.label else { return };
    let label = if meant.ids[0] == id { label } else { assembly.label(id) };
    // Works and claims may bear the name as their title; they are no part of the network.
    let others: Vec<&str> =
        meant.ids.iter().map(String::as_str).filter(|other| *other != id && assembly.labels.contains_key(*other)).collect();
    let also = if others.is_empty() { String::new() } else { format!("; so are called {} too", others.join(", ")) };
    setting.terminal.note(format!("{name} is taken for {label} ({id}){also}"));
}

/// What a side of a contradiction says, in English: "does not affect".
fn said_in_words(said: &str) -> String {
    let (negated, relation) = said.strip_prefix("not ").map_or((false, said), |rest| (true, rest));
    verb(relation, Manner { negated, affirmed: true })
}

fn relation(curie: &str) -> Value {
    json!(curie.trim_start_matches("evi:"))
}

/// The short name of a claim that `evigraph show` takes.
fn short(iri: &str) -> String {
    iri.rsplit('/').next().unwrap_or(iri).chars().take(12).collect()
}

fn claims(iris: &[String]) -> Value {
    json!(iris.iter().map(|iri| short(iri)).collect::<Vec<_>>())
}

fn rounded(number: f64) -> Value {
    json!((number * 1000.0).round() / 1000.0)
}
