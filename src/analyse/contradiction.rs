//! Contradictions: opposite statements on the same two entities, with the context that differs.

use super::{Assembly, Context, Statement, StatementKey};
use std::collections::{BTreeMap, BTreeSet};

/// One side of a contradiction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Side {
    /// What it says: relations, `not` in front of the denied ones.
    pub says: BTreeSet<String>,
    /// IRIs of its claims.
    pub claims: BTreeSet<String>,
    /// IRIs of the articles of its claims.
    pub articles: BTreeSet<String>,
    /// A quote, of one of its claims.
    pub quote: String,
    /// Highest belief of its statements; 0 for a side of denials alone.
    pub belief: f64,
    /// Where its claims hold.
    pub context: Context,
}

/// Two sides that cannot both hold in one context.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// Identifier of what acts.
    pub from: String,
    /// Identifier of what it acts on.
    pub to: String,
    /// The side for.
    pub affirms: Side,
    /// The side against.
    pub denies: Side,
    /// Dimensions in which the sides differ: name, values only for, values only against. Empty where nothing tells them apart.
    pub differs: Vec<(&'static str, Vec<String>, Vec<String>)>,
}

/// The scale on which a relation can be contradicted, and its direction on it; `None` where its denial says little.
fn scale(relation: &str) -> Option<(&'static str, i8)> {
    Some(match relation {
        "evi:increases" => ("amount", 1),
        "evi:decreases" => ("amount", -1),
        "evi:positivelyCorrelatesWith" => ("correlation", 1),
        "evi:negativelyCorrelatesWith" => ("correlation", -1),
        "evi:treats" => ("treats", 1),
        "evi:prevents" => ("prevents", 1),
        "evi:causes" => ("causes", 1),
        "evi:produces" => ("produces", 1),
        "evi:restores" => ("restores", 1),
        "evi:protects" => ("protects", 1),
        "evi:interactsWith" => ("interacts", 1),
        "evi:affects" => ("affects", 1),
        "evi:correlatesWith" => ("correlates", 1),
        _ => return None,
    })
}

/// The contradictions of an assembly: first those between articles, and of either kind those with the most claims.
pub fn contradictions(assembly: &Assembly) -> Vec<Contradiction> {
    let mut sides: BTreeMap<(&str, &str, &str), [Side; 2]> = BTreeMap::new();
    for (key, statement) in &assembly.statements {
        let Some((name, sign)) = scale(&key.relation) else { continue };
        let pair = sides.entry((&key.from, &key.to, name)).or_default();
        add(pair, key, statement, sign);
    }
    let mut found: Vec<Contradiction> = sides
        .into_iter()
        .filter(|(_, [a, b])| !a.claims.is_empty() && !b.claims.is_empty())
        .map(|((from, to, _), [affirms, denies])| Contradiction {
            from: from.to_owned(),
            to: to.to_owned(),
            differs: differing(&affirms.context, &denies.context),
            affirms,
            denies,
        })
        .collect();
    found.sort_by(|a, b| {
        let weight = |c: &Contradiction| {
            let between = !c.affirms.articles.is_superset(&c.denies.articles) || !c.denies.articles.is_superset(&c.affirms.articles);
            (between, c.affirms.claims.len().min(c.denies.claims.len()))
        };
        weight(b).cmp(&weight(a)).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    found
}

fn add(pair: &mut [Side; 2], key: &StatementKey, statement: &Statement, sign: i8) {
    let name = key.relation.trim_start_matches("evi:");
    let affirming = (&statement.supported_by, &statement.supported_in, &statement.articles, &statement.quote, false);
    let denying = (&statement.refuted_by, &statement.refuted_in, &statement.denying_articles, &statement.denying_quote, true);
    for (claims, context, articles, quote, negated) in [affirming, denying] {
        if claims.is_empty() {
            continue;
        }
        let side = &mut pair[usize::from((sign > 0) == negated)];
        side.says.insert(if negated { format!("not {name}") } else { name.to_owned() });
        side.claims.extend(claims.iter().cloned());
        side.articles.extend(articles.iter().cloned());
        if side.quote.is_empty() {
            side.quote.clone_from(quote);
        }
        if !negated {
            side.belief = side.belief.max(statement.belief);
        }
        side.context.extend(context);
    }
}

pub(super) fn differing(a: &Context, b: &Context) -> Vec<(&'static str, Vec<String>, Vec<String>)> {
    let pairs = a.dimensions().into_iter().zip(b.dimensions());
    pairs
        .filter(|((_, x), (_, y))| x != y)
        .map(|((name, x), (_, y))| (name, x.difference(y).cloned().collect(), y.difference(x).cloned().collect()))
        .collect()
}
