//! The arms of a study: by which names its text speaks of them, and what each was given.

use super::claim::Argument;
use super::context::{self, gives};
use super::phrase::Phrases;
use crate::annotate::{Category, Entity, Mention, definitions};
use crate::document::Document;
use crate::text::Span;
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Whom a phrase speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Arm {
    /// Those who got something.
    Given(Argument),
    /// Those who got nothing, a placebo, or what is usual.
    Control,
    /// Every arm ("both groups").
    All,
}

/// What a document tells of the arms of its own study.
#[derive(Debug, Default)]
pub struct Arms {
    /// What the study itself gave or did.
    pub own: Option<Argument>,
    /// Names in lower case ("a" of "group A", "ig") with what the arm was given; `None` for a control.
    named: HashMap<String, Option<Argument>>,
    /// Words that stand before "group" or "arm" somewhere in the text, in lower case.
    seen: HashSet<String>,
    /// Short forms in lower case with their long forms.
    long: HashMap<String, String>,
}

/// "Group A received X", "group B (n = 20) was treated with Y".
static RECEIVED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\b(?:[Gg]roup|[Aa]rm|[Cc]ohort)\s(?P<n>[A-Z0-9]{1,4})\b(?:\s?\([^()]{0,40}\))?(?:,?\s(?:patients|subjects|participants|animals|rats|mice|who|which))*\s?(?:(?:was|were|had)\s)?(?:received|given|treated with|treated by|underwent|administered|[:=–-])\s(?P<g>[^.;,()]{3,80})",
    )
});
/// "(group L)", "(X group; n = 20)": a bracket that names an arm; what stands before it is what the arm was given.
/// Of all letters Latin and Greek ones alone: a pattern that repeats every script's takes long to compile.
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^\((?:[^()]{0,20}[;,]\s?)?(?:[Gg]roup\s(?P<n>[A-Z0-9]{1,4})|(?P<m>[A-Z][0-9A-Za-zÀ-ÖØ-öø-ɏͰ-Ͽ_+/-]{0,11})[\s-](?:group|arm))\b[^()]{0,30}\)",
    )
});
/// "the intervention group (IG)", "control (CON)".
static SHORT: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?i)\b(?P<w>intervention|experimental|treatment|study|active|control|placebo|comparison|sham)\s?(?:group|arm|diet|condition|trial)?\s?\((?-i:(?P<n>[A-Z]{1,5}))\)",
    )
});
/// "The intervention group received X".
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\b(?:intervention|treatment|experimental|study|active)\s(?:group|arm)s?(?:\s?\([^()]{0,40}\))?\s(?:was|were)?\s?(?:received|receiving|given|treated with|underwent|offered)\s(?P<g>[^.;,()]{3,80})",
    )
});
/// "Effect of X on Y", "a trial of X in Y", "X versus Z": where a title tells what was given.
static TITLED: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        super::pattern(
            r"(?i)\b(?:effects?|efficacy|effectiveness|impact|influence|benefits?|safety|tolerability|evaluation|trial|study|feasibility|acceptability|utility|value|advantages?|results|outcomes?|role|use|follow-up)(?:,?\s(?:and|or|&)\s[a-z-]+)*\sof\s(?P<g>[^.:?]{3,90}?)(?:\s(?:on|upon|in|for|versus|vs\.?|among|to|at|during|compared|against|as|by|after|following|added|when|before|while|and\sits)\b|\s[(\[–-]|[:,.?]|$)",
        ),
        super::pattern(r"(?i)^(?:comparison\sof\s|comparing\s)?(?P<g>[^.:?]{3,70}?)\s(?:versus|vs\.?|compared\s(?:with|to)|against)\s"),
    ]
});
/// What follows the name of an arm: "placebo group", "X-treated", "Y recipients".
static GROUP: LazyLock<Regex> = LazyLock::new(|| super::pattern(r"(?:group|arm|treated|diet)s?\b|(?:patients|participants|recipients)\b"));

impl Arms {
    /// Reads the arms that a study's text defines; `own` is what its title says it gave.
    pub fn new(document: &Document, mentions: &[Mention], own: Option<Argument>) -> Self {
        let text = &document.text;
        let whole = Span::new(0, text.len());
        let mut arms = Self { own: own.filter(can_be_given), ..Self::default() };
        let mut end = 0;
        for m in GROUP.find_iter(text) {
            // Of "protein diet group" only the first two belong together.
            if let Some(word) = word_before(text, m.start(), m.as_str()).filter(|w| w.start >= end) {
                arms.seen.insert(word.of(text).to_lowercase());
                end = m.end();
            }
        }
        for pair in definitions(text, whole) {
            arms.long.entry(pair.short.of(text).to_lowercase()).or_insert_with(|| pair.long.of(text).to_owned());
        }
        let received = RECEIVED.captures_iter(text).filter_map(|c| Some((c.name("n")?.as_str(), span_of(c.name("g")?), false)));
        for (name, given, bracketed) in received.chain(bracketed(text)) {
            let Some(given) = thing(text, mentions, given, bracketed) else { continue };
            let control = is_control(&words_of(&given.text));
            arms.named.entry(name.to_lowercase()).or_insert_with(|| (!control).then_some(given));
        }
        if arms.own.is_none() {
            arms.own = OWN.captures(text).and_then(|c| c.name("g")).and_then(|g| thing(text, mentions, span_of(g), false));
        }
        for c in SHORT.captures_iter(text) {
            let word = c["w"].to_lowercase();
            let control = matches!(word.as_str(), "control" | "placebo" | "comparison" | "sham");
            if control || arms.own.is_some() {
                let own = arms.own.clone();
                arms.named.entry(c["n"].to_lowercase()).or_insert_with(|| if control { None } else { own });
            }
        }
        arms
    }

    /// What the text says that a short form stands for ("LGG").
    pub fn long_form(&self, short: &str) -> Option<&str> {
        let short_like = short.chars().filter(|c| c.is_uppercase()).count() > 1;
        self.long.get(&short.to_lowercase()).filter(|_| short_like).map(String::as_str)
    }

    /// The arm of this name ("IG", "A"), told at `span`.
    pub fn named(&self, name: &str, span: Span) -> Option<Arm> {
        let known = self.named.get(&name.to_lowercase())?;
        Some(known.clone().map_or(Arm::Control, |given| Arm::Given(Argument { span, text: format!("{} ({name})", given.text), ..given })))
    }

    /// Whether the words are the name of an arm ("IG", "A").
    pub fn knows(&self, name: &str) -> bool {
        self.named.contains_key(&name.to_lowercase())
    }

    /// Whether a thing is what the study itself gave.
    pub fn is_own(&self, given: &Argument) -> bool {
        self.own.as_ref().is_some_and(|own| own.text.eq_ignore_ascii_case(&given.text) || own.entity == given.entity)
    }

    /// Whom the tokens `first..=last` speak of, without the preposition before them; `None` where they name no arm.
    pub fn who(&self, phrases: &Phrases<'_>, first: usize, last: usize) -> Option<Arm> {
        let (tree, cues) = (phrases.tree, phrases.cues);
        let words: Vec<String> = (first..=last).map(|t| tree.word(t).to_lowercase()).collect();
        let groups = words.iter().any(|w| cues.arm_nouns.contains(w.trim_end_matches('s')));
        let generic = |w: &String| {
            cues.arm_nouns.contains(w.trim_end_matches('s')) || cues.any_arm.contains(w) || cues.people.contains(w.trim_end_matches('s'))
        };
        let plural = |w: &String| w.ends_with('s') && cues.arm_nouns.contains(w.trim_end_matches('s'));
        let several = |w: &String| matches!(w.as_str(), "both" | "either" | "each" | "all" | "any" | "two" | "three" | "four" | "five");
        if groups && words.iter().all(generic) && words.iter().any(|w| plural(w) || several(w) || w == "and") {
            return Some(Arm::All);
        }
        if is_control(&words) {
            return Some(Arm::Control);
        }
        let telling: Vec<&String> = words
            .iter()
            .filter(|w| !matches!(w.as_str(), "the" | "group" | "arm" | "patients" | "participants" | "subjects" | "animals" | "our"))
            .collect();
        if groups
            && telling.len() == 1
            && cues.own_arms.contains(telling[0])
            && (telling[0] == "intervention" || words.iter().any(|w| matches!(w.as_str(), "group" | "arm")))
        {
            return self.own.clone().map(Arm::Given);
        }
        // "group A", "the IG".
        // "patients treated with X": what stands behind the verb.
        let from = (first..last)
            .rev()
            .find(|&t| tree.is_verb(t) && cues.given.contains(tree.lemma(t)) && tree.word(t + 1) != "group")
            .map_or(first, |t| t + 1);
        let bare: Vec<usize> = (from..=last).filter(|&t| !self.is_frame(phrases, t)).collect();
        let (&from, &to) = (bare.first()?, bare.last()?);
        if bare.iter().all(|&t| tree.tokens[t].tag == "CD") && !groups {
            return None;
        }
        let span = tree.tokens[from].span.join(tree.tokens[to].span);
        let key = span.of(tree.text).to_lowercase();
        if (key.len() > 1 || groups)
            && let Some(known) = self.named.get(&key)
        {
            return Some(
                known.clone().map_or(Arm::Control, |given| Arm::Given(Argument { span, text: spelt(tree.text, span, &given), ..given })),
            );
        }
        self.given(phrases, &bare, groups, &words).map(Arm::Given)
    }

    /// What the words name, where something shows that it was given.
    fn given(&self, phrases: &Phrases<'_>, bare: &[usize], groups: bool, words: &[String]) -> Option<Argument> {
        let tree = phrases.tree;
        let (&from, &to) = (bare.first()?, bare.last()?);
        if bare.len() > 9 || !tree.tokens[from].tag.starts_with(['N', 'J', 'V', 'F', 'C']) {
            return None;
        }
        let told = groups || words.iter().any(|w| phrases.cues.given.iter().any(|g| w.starts_with(g.trim_end_matches('e'))));
        let known = |t: usize| {
            let word = tree.word(t).to_lowercase();
            let own = self.own.as_ref().is_some_and(|o| o.text.to_lowercase().split_whitespace().any(|w| w == word && w.len() > 2));
            own || self.seen.contains(&word) && !phrases.cues.people.contains(&*word) && tree.tokens[t].tag.starts_with("NN")
                || phrases.mentions_at(t).iter().any(|m| gives(m.entity.category))
        };
        let vague = |t: usize| {
            let lemma = tree.lemma(t);
            phrases.cues.people.contains(lemma) || phrases.cues.study_words.contains(lemma) || phrases.cues.any_arm.contains(lemma)
        };
        if !(told || bare.iter().any(|&t| known(t))) || bare.iter().all(|&t| vague(t) || !tree.is_nominal(t) && tree.tokens[t].tag != "JJ")
        {
            return None;
        }
        let acting = bare.iter().flat_map(|&t| phrases.mentions_at(t)).find(|m| gives(m.entity.category));
        if let Some(mention) = acting.filter(|_| bare.len() <= 3) {
            return Some(context::argument(mention));
        }
        let span = tree.tokens[from].span.join(tree.tokens[to].span);
        let text = span.of(tree.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let label = self.long.get(&text.to_lowercase()).cloned().unwrap_or_else(|| text.clone());
        Some(Argument { entity: Entity { id: None, label, category: Category::Treatment }, text, xrefs: Vec::new(), span })
    }

    /// Words around an arm's own name: "patients receiving the … group".
    fn is_frame(&self, phrases: &Phrases<'_>, t: usize) -> bool {
        let (tree, cues) = (phrases.tree, phrases.cues);
        let word = tree.word(t).to_lowercase();
        let lemma = tree.lemma(t);
        let noun = cues.arm_nouns.contains(lemma) || cues.people.contains(lemma) || cues.bearers.contains(lemma);
        matches!(tree.tokens[t].tag, "DT" | "IN" | "TO" | "WP" | "WDT" | "PDT" | "PRP$" | "RB" | "CC" | "," | "VBD" | "VBG")
            || noun && phrases.mentions_at(t).iter().all(|m| !gives(m.entity.category))
            || tree.is_verb(t) && cues.given.contains(lemma)
            || matches!(word.as_str(), "-" | "those" | "only" | "alone" | "was" | "were" | "be")
            || cues.given.contains(lemma)
    }
}

fn span_of(found: regex::Match<'_>) -> Span {
    Span::new(found.start(), found.end())
}

/// The word before "group", "patients" or the like at `at`: "treated" and "diet" may hang on it by a hyphen, people stand apart.
fn word_before(text: &str, at: usize, noun: &str) -> Option<Span> {
    let people = noun.starts_with(['p', 'r']);
    let before = text[..at].strip_suffix(|c: char| c.is_whitespace() || c == '-' && !people)?;
    let word = before.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '+' | '/'));
    Some(Span::new(word.len(), before.len())).filter(|s| !s.is_empty())
}

/// Brackets that name an arm, each with what stands before it, up to 71 characters, as what the arm was given. They are looked for from
/// the bracket backwards: a pattern that begins with the words before it has to try every letter of the text.
fn bracketed(text: &str) -> impl Iterator<Item = (&str, Span, bool)> {
    memchr::memchr_iter(b'(', text.as_bytes()).filter_map(|open| {
        let found = BRACKETED.captures(text[open..].split_inclusive(')').next()?)?;
        let name = found.name("n").or_else(|| found.name("m"))?;
        let before = text[..open].trim_end();
        let reach = before.char_indices().rev().take(71).take_while(|(_, c)| !matches!(c, '.' | ';' | ',' | ':' | '(' | ')')).last()?.0;
        let start = reach + before[reach..].find(|c: char| c.is_ascii_alphabetic())?;
        (before.len() - start > 2).then(|| (name.as_str(), Span::new(start, before.len()), true))
    })
}

/// What the words of a title say was given: the thing that they name, where they name little else, or the words themselves.
pub fn titled(text: &str, mentions: &[Mention], title: Span) -> Option<Argument> {
    let words = title.of(text);
    let found = TITLED.iter().find_map(|pattern| pattern.captures(words).and_then(|c| c.name("g")))?;
    let mut part = found.as_str();
    for article in ["the ", "a ", "an ", "adding ", "using ", "two ", "three ", "different ", "various ", "combined ", "single ", "oral "] {
        part = part.strip_prefix(article).unwrap_or(part);
    }
    let part = part.trim();
    let at = title.start + found.start() + found.as_str().find(part)?;
    let span = Span::new(at, at + part.len());
    let count = part.split_whitespace().count();
    let given = context::mentions_in(mentions, span).iter().find(|m| gives(m.entity.category) && m.span.end <= span.end);
    if let Some(mention) = given.filter(|m| count <= m.text.split_whitespace().count() + 2) {
        return Some(context::argument(mention));
    }
    let named = context::mentions_in(mentions, span).iter().find(|m| m.span == span);
    if let Some(mention) = named {
        return Some(context::argument(mention));
    }
    let label = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = count <= 8
        && !label.to_lowercase().split(' ').any(|w| matches!(w, "patients" | "women" | "men" | "children" | "factors" | "study" | "trial"));
    plain.then(|| Argument {
        entity: Entity { id: None, label: label.clone(), category: Category::Treatment },
        text: label,
        xrefs: Vec::new(),
        span,
    })
}

/// Whether what a title speaks of can be what the study gave or did.
fn can_be_given(topic: &Argument) -> bool {
    let process = matches!(
        topic.entity.category,
        Category::Disease
            | Category::PhenotypicFeature
            | Category::PathologicalProcess
            | Category::OrganismTaxon
            | Category::AnatomicalEntity
    );
    let last = topic.text.rsplit(' ').next().unwrap_or("").to_lowercase();
    let measured = matches!(
        last.as_str(),
        "survival"
            | "mortality"
            | "outcome"
            | "outcomes"
            | "life"
            | "health"
            | "function"
            | "density"
            | "analysis"
            | "performance"
            | "satisfaction"
            | "approach"
            | "identification"
    );
    let process = process || measured;
    let first = topic.text.split_whitespace().next().unwrap_or("").to_lowercase();
    let about = matches!(
        first.as_str(),
        "effectiveness"
            | "efficacy"
            | "changes"
            | "evaluation"
            | "comparison"
            | "transcriptional"
            | "long-term"
            | "safety"
            | "pragmatic"
            | "randomized"
            | "randomised"
            | "controlled"
            | "cluster"
            | "advantage"
            | "factors"
            | "predictors"
            | "prevalence"
            | "incidence"
            | "quality"
            | "cost"
            | "costs"
            | "analysis"
            | "assessment"
            | "association"
            | "outcomes"
            | "results"
            | "study"
            | "trial"
            | "protocol"
            | "rationale"
            | "time"
            | "majority"
    );
    !process && !about && topic.text.split_whitespace().count() <= 8
}

fn spelt(text: &str, span: Span, given: &Argument) -> String {
    format!("{} ({})", given.text, span.of(text))
}

/// Whether the words name those who got nothing, a placebo or the usual.
pub fn is_control(words: &[String]) -> bool {
    let has = |w: &str| words.iter().any(|x| x == w);
    ["control", "controls", "placebo", "sham", "vehicle", "untreated", "wait", "waitlist", "waiting", "comparator", "placebos"]
        .iter()
        .any(|w| has(w))
        || has("saline") && words.len() < 4
        || has("comparison") && (has("group") || has("arm"))
        || (has("usual") || has("standard") || has("conventional") || has("routine"))
            && ["care", "treatment", "therapy", "practice", "group", "arm", "management"].iter().any(|w| has(w))
        || has("no") && (has("treatment") || has("intervention") || has("therapy"))
}

fn words_of(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// What a stretch of text says was given: its first thing that can be given, else its words up to a preposition.
fn thing(text: &str, mentions: &[Mention], span: Span, before: bool) -> Option<Argument> {
    let found = context::mentions_in(mentions, span);
    let given =
        if before { found.iter().rev().find(|m| gives(m.entity.category)) } else { found.iter().find(|m| gives(m.entity.category)) };
    if let Some(mention) = given {
        return Some(context::argument(mention));
    }
    let words = span.of(text);
    if words_of(words).iter().any(|w| matches!(w.as_str(), "mean" | "median" | "average")) {
        return None;
    }
    let stops = [
        " for ", " at ", " during ", " once ", " twice ", " every ", " daily", " in ", " by ", " and ", " was ", " were ", " before ",
        " after ", " to ",
    ];
    let (mut start, mut end) = (0, words.len());
    if before {
        start = stops
            .iter()
            .chain([" receive ", " received ", " either ", " or ", " with ", " of "].iter())
            .filter_map(|s| words.rfind(s).map(|at| at + s.len()))
            .max()
            .unwrap_or(0);
    } else {
        end = stops.iter().filter_map(|s| words.find(s)).min().unwrap_or(end);
    }
    let mut part = words.get(start..end)?;
    for article in ["the ", "a ", "an ", "either "] {
        part = part.strip_prefix(article).unwrap_or(part);
    }
    let name = part.trim();
    if ["for ", "at ", "in ", "on ", "with ", "only "].iter().any(|p| name.starts_with(p)) {
        return None;
    }
    if name.split_whitespace().count() > 8 || name.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        return None;
    }
    let at = span.start + words.find(name)?;
    let label = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let entity = Entity { id: None, label: label.clone(), category: Category::Treatment };
    Some(Argument { text: label, entity, xrefs: Vec::new(), span: Span::new(at, at + name.len()) })
}
