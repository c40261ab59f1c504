//! Mechanism claims: rules applied to the parse of one sentence.

use super::claim::{Argument, Certainty, Relation};
use super::compose::{compose, subject_of};
use super::context::gives;
use super::phrase::{Phrase, Phrases, Role};
use super::rule::{Form, Rules, Trigger};
use super::scope::Scope;
use super::tree::Tree;
use crate::annotate::Category;

/// A mechanism claim as found in a sentence, before its context is added.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What acts.
    pub subject: Argument,
    /// How.
    pub relation: Relation,
    /// On what.
    pub object: Argument,
    /// Aspect of the object.
    pub aspect: Option<String>,
    /// Whether it is denied.
    pub negated: bool,
    /// How firmly it is put.
    pub certainty: Certainty,
    /// Mechanisms named between.
    pub via: Vec<Argument>,
    /// Index of the rule.
    pub rule: usize,
    /// The trigger token.
    pub trigger: usize,
    /// Whether the subject comes from outside the sentence.
    pub inherited: bool,
}

/// What a sentence takes from its surroundings.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Subjects for a verb without one: the list's lead-in, else the subject of the item before.
    pub subjects: Vec<Argument>,
    /// What "it", "they" and "this treatment" may stand for: the subjects of the sentence before, latest first.
    pub antecedents: Vec<Argument>,
    /// What was named in the sentence before and can be given: "this treatment", "the drug" point to it.
    pub acting: Vec<Argument>,
}

/// Finds the mechanism claims of a sentence, in order of their triggers.
pub fn find(phrases: &Phrases<'_>, rules: &Rules, around: &Surroundings) -> Vec<Finding> {
    let tree = phrases.tree;
    let mut found: Vec<Finding> = Vec::new();
    for trigger in 0..tree.tokens.len() {
        for (form, lemma) in forms(tree, trigger) {
            for matched in rules.triggered(form, &lemma) {
                apply(phrases, rules, around, trigger, matched, &mut found);
            }
        }
    }
    found.sort_by_key(|f| (f.trigger, f.rule));
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        let twin =
            kept.iter().any(|k| same(&k.subject, &finding.subject) && same(&k.object, &finding.object) && k.relation == finding.relation);
        if !twin {
            kept.push(finding);
        }
    }
    // "resulted in an improvement in X": that X fell says more than that it was caused.
    let told: Vec<(usize, Argument, Argument)> =
        kept.iter().filter(|k| k.relation.is_effect()).map(|k| (k.trigger, k.subject.clone(), k.object.clone())).collect();
    kept.retain(|k| {
        !matches!(k.relation, Relation::Causes | Relation::Affects)
            || !told.iter().any(|(trigger, subject, object)| *trigger == k.trigger && same(subject, &k.subject) && same(object, &k.object))
    });
    kept
}

fn same(a: &Argument, b: &Argument) -> bool {
    a.text == b.text && (a.span == b.span || a.entity == b.entity)
}

/// The forms in which a token can trigger a rule.
fn forms(tree: &Tree<'_>, i: usize) -> Vec<(Form, String)> {
    let token = &tree.tokens[i];
    if !["VB", "NN", "JJ", "RB"].iter().any(|t| token.tag.starts_with(t)) {
        return Vec::new();
    }
    let mut lemma = token.lemma.to_string();
    if let Some(prefixed) = tree.prefixed(i) {
        let prefix = &prefixed[..prefixed.len() - tree.word(i).len()];
        lemma = format!("{prefix}{lemma}");
    }
    let word = || tree.word(i).to_lowercase();
    match token.tag {
        // "IL-6-mediated": a participle behind a hyphen is often tagged as an adjective.
        "JJ" | "NN" if i > 1 && tree.word(i - 1) == "-" && (lemma.ends_with("ed") || lemma.ends_with("ing")) => {
            stems(&lemma).into_iter().map(|s| (Form::Verb, s)).collect()
        }
        tag if tag.starts_with("VB") => vec![(Form::Verb, lemma), (Form::Adjective, word())],
        "NN" if lemma.ends_with("ing") => {
            let verbs = stems(&lemma).into_iter().map(|s| (Form::Verb, s));
            verbs.chain([(Form::Noun, lemma.clone())]).collect()
        }
        tag if tag.starts_with("NN") => vec![(Form::Noun, lemma)],
        tag if tag.starts_with("JJ") || tag.starts_with("RB") => {
            let word = word();
            if word == lemma { vec![(Form::Adjective, lemma)] } else { vec![(Form::Adjective, word), (Form::Adjective, lemma)] }
        }
        _ => Vec::new(),
    }
}

fn stems(participle: &str) -> Vec<String> {
    let base = participle.strip_suffix("ing").or_else(|| participle.strip_suffix("ed")).unwrap_or(participle);
    vec![base.to_owned(), format!("{base}e")]
}

fn apply(phrases: &Phrases<'_>, rules: &Rules, around: &Surroundings, trigger: usize, matched: &Trigger, out: &mut Vec<Finding>) {
    let tree = phrases.tree;
    let rule = &rules.rules[matched.rule];
    if rule.needs.iter().any(|p| p.follow(tree, trigger).is_empty()) || rule.without.iter().any(|p| !p.follow(tree, trigger).is_empty()) {
        return;
    }
    // "Effect of X on Y" as a heading or caption tells what was looked at, not what came of it.
    if rule.effect && !tree.tokens.iter().any(|t| matches!(t.tag, "VBD" | "VBZ" | "VBP" | "MD")) {
        return;
    }
    let objects = arguments(phrases, &rule.object.follow(tree, trigger), Role::Object, around);
    if objects.is_empty() {
        return;
    }
    let heads = rule.subject.follow(tree, trigger);
    let mut inherited = false;
    let mut subjects = arguments(phrases, &heads, Role::Subject, around);
    if rule.paired {
        subjects.truncate(1);
    }
    if subjects.is_empty() && heads.is_empty() && rule.inherit && lacks_subject(tree, trigger) {
        inherited = true;
        subjects = around.subjects.iter().map(|a| outside(a, trigger)).collect();
    }
    let scope = Scope { tree, cues: &rules.cues };
    let negated = scope.is_negated(trigger);
    if rule.denies && negated {
        return;
    }
    let negated = negated || rule.denies;
    let certainty = scope.certainty(trigger, rule.presupposed);
    let via = if subjects.is_empty() { Vec::new() } else { via(phrases, trigger) };
    // "A and B raise X and Y, respectively": each its own.
    let respective = subjects.len() > 1
        && subjects.len() == objects.len()
        && tree.tokens[trigger..].iter().any(|t| t.span.of(tree.text).eq_ignore_ascii_case("respectively"));
    for (i, subject) in subjects.iter().enumerate() {
        if rule.carried && !subject.carried && !gives(subject.argument.entity.category) {
            continue;
        }
        for (j, object) in objects.iter().enumerate() {
            if respective && i != j {
                continue;
            }
            if overlap(subject, object) && !inherited {
                continue;
            }
            // "less pain in the first 24 h after surgery": a time, no treatment.
            if rule.carried && dates(phrases, subject.tokens.0) {
                continue;
            }
            let object = &without_trigger(phrases, object, trigger);
            let Some(relation) = compose(rule, matched, subject, object, tree, trigger, rules) else { continue };
            // "A correlation between X and duration of X" is misread.
            if relation.is_correlation() && !inherited && holds(&object.argument.text, &subject.argument.text) {
                continue;
            }
            let negated = negated || subject.denied || object.denied;
            if rule.denied && !negated {
                continue;
            }
            let fits = |types: &[Category], a: &Argument| types.is_empty() || types.contains(&a.entity.category);
            if !fits(&rule.object_types, &object.argument) || !fits(&rule.subject_types, &subject.argument) {
                continue;
            }
            out.push(Finding {
                subject: subject_of(phrases, subject, relation),
                relation,
                object: object.argument.clone(),
                aspect: object.aspect.clone(),
                negated,
                certainty,
                via: via.iter().filter(|v| !same(v, &subject.argument) && !same(v, &object.argument)).cloned().collect(),
                rule: matched.rule,
                trigger,
                inherited,
            });
        }
    }
}

/// "TNF-induced apoptosis": what is induced is the apoptosis, without the participle.
fn without_trigger(phrases: &Phrases<'_>, object: &Phrase, trigger: usize) -> Phrase {
    let (first, last) = object.tokens;
    if first > trigger || trigger >= object.head || object.head >= phrases.tree.tokens.len() {
        return object.clone();
    }
    let tokens = &phrases.tree.tokens[trigger + 1..=last];
    let span = tokens[0].span.join(tokens[tokens.len() - 1].span);
    Phrase { argument: phrases.ground(span, object.head).swap_remove(0).0, tokens: (trigger + 1, last), ..object.clone() }
}

/// Whether the phrase that begins at `first` stands behind "h after", "days following".
fn dates(phrases: &Phrases<'_>, first: usize) -> bool {
    let tree = phrases.tree;
    let Some(after) = (first.saturating_sub(4)..first).rev().find(|&t| matches!(tree.lemma(t), "after" | "following" | "follow")) else {
        return false;
    };
    let unit = after.checked_sub(1).map_or("", |t| tree.lemma(t));
    matches!(unit, "h" | "hr" | "hour" | "min" | "minute" | "day" | "week" | "month" | "year")
}

/// Whether one name holds the other as words of its own.
fn holds(a: &str, b: &str) -> bool {
    let words = |t: &str| format!(" {} ", t.to_lowercase());
    words(a).contains(&words(b)) || words(b).contains(&words(a))
}

fn overlap(a: &Phrase, b: &Phrase) -> bool {
    a.argument.span.overlaps(b.argument.span) && a.argument.text == b.argument.text || a.head == b.head
}

/// The arguments at the heads, pronouns resolved.
fn arguments(phrases: &Phrases<'_>, heads: &[usize], role: Role, around: &Surroundings) -> Vec<Phrase> {
    let mut out = Vec::new();
    for &head in heads {
        let head = if role == Role::Subject { classified(phrases.tree, head) } else { head };
        for phrase in phrases.arguments(head, role) {
            if !phrase.anaphor {
                out.push(phrase);
            } else if role == Role::Subject {
                // "it", "this treatment": the nearest thing before in the sentence's own subject, else the sentence before.
                let noun = phrases.tree.tokens[phrase.head].tag.starts_with("NN");
                let treats = phrases.cues.anaphors.contains(phrases.tree.lemma(phrase.head))
                    || phrases.cues.carriers.contains(phrases.tree.lemma(phrase.head));
                let mut candidates = around.antecedents.iter().chain(&around.acting);
                let found = if noun && treats {
                    around.acting.iter().find(|a| gives(a.entity.category)).or_else(|| candidates.find(|a| gives(a.entity.category)))
                } else if phrases.tree.lemma(phrase.head) == "latter" {
                    around.antecedents.last()
                } else {
                    around.antecedents.first()
                };
                out.extend(found.map(|a| Phrase { argument: a.clone(), carried: true, ..phrase.clone() }));
            }
        }
    }
    out
}

/// "X is a protein that raises Y": X does, where the noun only says what kind of thing it is.
fn classified(tree: &Tree<'_>, noun: usize) -> usize {
    let kind = tree.relation(noun) == "attr" && tree.by(noun, &["det"]).any(|d| matches!(tree.lemma(d), "a" | "an" | "another"));
    let subject = || {
        tree.head(noun)
            .filter(|&be| tree.lemma(be) == "be")
            .and_then(|be| tree.by(be, &["nsubj"]).last())
            .filter(|&s| tree.tokens[s].tag.starts_with('N'))
    };
    kind.then(subject).flatten().unwrap_or(noun)
}

/// A phrase for an argument that stands outside the sentence.
fn outside(argument: &Argument, trigger: usize) -> Phrase {
    Phrase {
        argument: argument.clone(),
        head: usize::MAX,
        tokens: (trigger, trigger),
        turned: false,
        direction: 0,
        quality: 0,
        outer: usize::MAX,
        aspect: None,
        carried: true,
        denied: false,
        anaphor: false,
    }
}

/// Whether the verb's clause has no subject at all, as in a list item ("Modulate inflammation by suppressing IL-6").
fn lacks_subject(tree: &Tree<'_>, trigger: usize) -> bool {
    let mut at = trigger;
    for _ in 0..12 {
        if tree.has(at, &["nsubj", "nsubjpass", "csubj", "expl"])
            || tree.is_verb(at) && tree.is_passive(at) && at == trigger && tree.has(at, &["auxpass"])
        {
            return false;
        }
        match (tree.relation(at), tree.head(at)) {
            ("root", _) | (_, None) => {
                return tree.is_verb(at)
                    && !matches!(tree.tokens[at].tag, "VBN")
                    && tree.tokens[..at].iter().all(|t| !t.tag.starts_with("NN"));
            }
            ("conj" | "advcl" | "pcomp" | "prep" | "xcomp" | "dep" | "agent" | "pobj" | "dobj" | "parataxis", Some(head)) => at = head,
            _ => return false,
        }
    }
    false
}

/// What the text names between subject and object: "via paracrine signalling", "through activation of Y".
fn via(phrases: &Phrases<'_>, trigger: usize) -> Vec<Argument> {
    let tree = phrases.tree;
    if !tree.is_verb(trigger) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (preposition, object) in tree.prepositional(trigger, &["through", "via", "by"]).collect::<Vec<_>>() {
        let passive_agent = tree.lemma(preposition) == "by" && tree.is_passive(trigger);
        if tree.relation(object) != "pobj" || passive_agent {
            continue;
        }
        for head in tree.coordinated(object) {
            out.extend(phrases.arguments(head, Role::Object).into_iter().filter(|p| !p.anaphor).map(|p| p.argument));
        }
    }
    out.dedup();
    out
}
