//! The relation that a trigger, the directions of its arguments and its adjectives make together.

use super::claim::{Argument, Relation};
use super::phrase::{Phrase, Phrases};
use super::rule::{Rule, Rules, Trigger};
use super::tree::Tree;
use crate::annotate::Category;

/// "loss of X causes Y" keeps its whole subject where the relation has no opposite.
pub(super) fn subject_of(phrases: &Phrases<'_>, subject: &Phrase, relation: Relation) -> Argument {
    let signed = matches!(
        relation,
        Relation::Increases
            | Relation::Decreases
            | Relation::PositivelyCorrelatesWith
            | Relation::NegativelyCorrelatesWith
            | Relation::Affects
            | Relation::CorrelatesWith
    );
    if !subject.turned || signed || subject.outer >= phrases.tree.tokens.len() {
        return subject.argument.clone();
    }
    let (first, last) = phrases.extent(subject.outer);
    let span = phrases.tree.tokens[first].span.join(phrases.tree.tokens[last].span);
    phrases.ground(span, subject.outer).swap_remove(0).0
}

/// The relation after directions are composed; `None` where the rule needs a direction and none is told.
pub(super) fn compose(
    rule: &Rule,
    matched: &Trigger,
    subject: &Phrase,
    object: &Phrase,
    tree: &Tree<'_>,
    trigger: usize,
    rules: &Rules,
) -> Option<Relation> {
    use Relation::{
        Affects, Causes, CorrelatesWith, Decreases, Increases, NegativelyCorrelatesWith, PositivelyCorrelatesWith, PredisposesTo, Prevents,
        Produces, Protects, Treats,
    };
    let disorder =
        matches!(object.argument.entity.category, Category::Disease | Category::PhenotypicFeature | Category::PathologicalProcess);
    let base = if disorder { matched.disorder.unwrap_or(matched.relation) } else { matched.relation };
    let told = if object.direction != 0 { object.direction } else { object.quality };
    let sign = |d: i8| if d > 0 { Increases } else { Decreases };
    let risk = object.aspect.as_deref().is_some_and(|a| matches!(a, "risk" | "odds"));
    let relation = if rule.change {
        if told == 0 {
            return None;
        }
        sign(told)
    } else {
        match base {
            Causes | Produces | Increases if object.aspect.as_deref() == Some("change") => Affects,
            Increases if object.direction != 0 => sign(object.direction),
            Decreases if object.direction != 0 => sign(-object.direction),
            Causes | Produces if told != 0 => sign(told),
            Prevents if object.direction < 0 => Protects,
            Prevents if object.direction > 0 => Decreases,
            Treats if object.direction != 0 => sign(object.direction),
            CorrelatesWith => correlation(tree, trigger, told, rules),
            Affects if rule.effect => effect(tree, trigger, rules),
            other => other,
        }
    };
    let relation = match relation {
        Increases | Causes | PositivelyCorrelatesWith if risk => PredisposesTo,
        other => other,
    };
    Some(if subject.turned {
        match relation {
            Increases => Decreases,
            Decreases => Increases,
            PositivelyCorrelatesWith => NegativelyCorrelatesWith,
            NegativelyCorrelatesWith => PositivelyCorrelatesWith,
            other => other,
        }
    } else {
        relation
    })
}

fn correlation(tree: &Tree<'_>, trigger: usize, told: i8, rules: &Rules) -> Relation {
    let marks = |set: &std::collections::HashSet<String>| {
        tree.by(trigger, &["advmod", "amod"]).any(|c| set.contains(tree.lemma(c)) || set.contains(&tree.word(c).to_lowercase()))
    };
    if marks(&rules.cues.negative_correlation) || told < 0 {
        Relation::NegativelyCorrelatesWith
    } else if marks(&rules.cues.positive_correlation) || told > 0 {
        Relation::PositivelyCorrelatesWith
    } else {
        Relation::CorrelatesWith
    }
}

fn effect(tree: &Tree<'_>, trigger: usize, rules: &Rules) -> Relation {
    for child in tree.by(trigger, &["amod", "compound", "nmod"]) {
        let word = tree.word(child).to_lowercase();
        if rules.cues.lowering_effects.contains(&word) {
            return Relation::Decreases;
        }
        if rules.cues.raising_effects.contains(&word) {
            return Relation::Increases;
        }
        if rules.cues.protective_effects.contains(&word) {
            return Relation::Protects;
        }
    }
    Relation::Affects
}
