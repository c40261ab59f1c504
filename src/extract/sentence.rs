//! Reads a document sentence by sentence: what to parse, which subject a fragment inherits, and how a finding becomes a claim.

mod frame;
mod tokens;

use super::Extractor;
use super::arms::{self, Arms};
use super::claim::{Argument, Claim, Relation, StudyDesign};
use super::comparison::Comparisons;
use super::condition::Conditions;
use super::context::{self, Purpose};
use super::cues::Cues;
use super::evidence;
use super::mechanism::{self, Surroundings};
use super::outcome::Outcomes;
use super::phrase::{Phrases, Role};
use super::quantity;
use super::tree::Tree;
use crate::annotate::Mention;
use crate::document::{Block, BlockKind, Document};
use crate::language::Sentence;
use crate::text::Span;

/// One document being read.
pub(super) struct Reading<'a> {
    extractor: &'a Extractor,
    document: &'a Document,
    mentions: &'a [Mention],
    conditions: Conditions,
    design: Option<StudyDesign>,
    is_study: bool,
    arms: Arms,
    purposes: Vec<Purpose>,
}

/// A sentence as the rules see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// Tokens with tags and parse, each name of several words as one token.
    pub sentence: Sentence,
    /// Why nothing is claimed, where nothing is.
    pub silence: String,
}

/// What a reading finds.
#[derive(Default)]
struct Found {
    claims: Vec<Claim>,
    /// Whether every sentence is kept with its parse.
    explain: bool,
    parsed: Vec<Parsed>,
}

/// One sentence in its place.
pub(super) struct Place<'a> {
    /// The block that holds it.
    pub block: &'a Block,
    /// Heading path of its section.
    pub heading: &'a [String],
    /// What its section is for.
    pub purpose: Purpose,
    /// The condition that its section's heading names.
    pub condition: Option<&'a Argument>,
    /// From the sentence's first byte to where the next begins: markers behind the stop belong to it.
    pub reach: Span,
}

impl<'a> Reading<'a> {
    pub(super) fn new(extractor: &'a Extractor, document: &'a Document, mentions: &'a [Mention]) -> Self {
        let cues = &extractor.rules.cues;
        let purposes: Vec<Purpose> = document.sections.iter().map(|s| context::purpose(&s.heading, cues)).collect();
        let is_study = purposes.contains(&Purpose::Methods) || reports_itself(document, cues);
        let design = is_study
            .then(|| {
                let methods = || {
                    let read = document.sections.iter().zip(&purposes).filter(|(_, p)| matches!(p, Purpose::Methods | Purpose::Other));
                    read.flat_map(|(s, _)| &s.blocks).take(12).map(|b| b.span.of(&document.text))
                };
                let title = document.title.as_deref();
                title
                    .and_then(evidence::told_design)
                    .or_else(|| methods().find_map(evidence::told_design))
                    .or_else(|| title.and_then(evidence::hinted_design))
                    .or_else(|| methods().find_map(evidence::hinted_design))
            })
            .flatten();
        let mut reading = Self {
            extractor,
            document,
            mentions,
            conditions: Conditions::new(document, mentions, cues),
            design,
            is_study,
            arms: Arms::default(),
            purposes,
        };
        if is_study {
            reading.arms = Arms::new(document, mentions, reading.studied());
        }
        reading
    }

    /// What the study gave or did, told by its title: "effect of X on Y", "X for Y", "X reduces Y".
    fn studied(&self) -> Option<Argument> {
        let title = self.document.title.as_deref()?;
        let at = self.document.text.find(title)?;
        let span = Span::new(at, at + title.len());
        if let Some(told) = arms::titled(&self.document.text, self.mentions, span) {
            return Some(told);
        }
        // A colon parts the subject from the design.
        let end = title.find(": ").map_or(span.end, |colon| at + colon);
        let sentence = self.parse(Span::new(span.start, end), &[], BlockKind::Paragraph);
        let tree = Tree::new(&self.document.text, &sentence);
        let phrases = Phrases { tree: &tree, mentions: self.mentions, cues: &self.extractor.rules.cues, topic: None };
        let root = (0..tree.tokens.len()).find(|&i| tree.head(i).is_none())?;
        let head = tree.by(root, &["nsubj", "nsubjpass"]).last().unwrap_or(root);
        let found: Vec<Argument> = phrases.arguments(head, Role::Subject).into_iter().filter(|p| !p.anaphor).map(|p| p.argument).collect();
        let acting = found.iter().find(|a| context::acts(a.entity.category));
        let named = || context::mentions_in(self.mentions, span).iter().find(|m| context::gives(m.entity.category)).map(context::argument);
        let short = |a: &Argument| !context::is_disorder(a.entity.category) && a.text.split_whitespace().count() <= 6;
        acting.cloned().or_else(named).or_else(|| found.into_iter().find(short).filter(|_| tree.tokens[head].tag.starts_with("NN")))
    }

    /// All claims, in order of their place; with `explain` every sentence too, parsed whether or not it can claim anything.
    pub(super) fn read(&self, explain: bool) -> (Vec<Claim>, Vec<Parsed>) {
        let mut found = Found { explain, ..Found::default() };
        for (index, section) in self.document.sections.iter().enumerate() {
            let purpose = self.purposes[index];
            let condition = self.conditions.of_section(self.document, index, self.mentions, &self.extractor.rules.cues);
            let mut list = Surroundings::default();
            for block in &section.blocks {
                if block.kind != BlockKind::ListItem {
                    list = Surroundings::default();
                } else if let Some(lead) = block.lead_in {
                    let subjects = self.subjects_of(lead);
                    if !subjects.is_empty() {
                        list.subjects = subjects;
                    }
                }
                self.read_block(block, &section.heading, purpose, condition.as_ref(), &mut list, &mut found);
            }
        }
        (found.claims, found.parsed)
    }

    fn read_block(
        &self,
        block: &Block,
        heading: &[String],
        mut purpose: Purpose,
        condition: Option<&Argument>,
        list: &mut Surroundings,
        found: &mut Found,
    ) {
        if block.kind == BlockKind::TableCell {
            return;
        }
        let skip: Vec<Span> = self.document.citations_in(block.span).iter().map(|c| c.span).collect();
        let spans = self.extractor.engine.sentences(&self.document.text, block.span);
        let mut around = Surroundings { subjects: list.subjects.clone(), ..Surroundings::default() };
        for (i, &span) in spans.iter().enumerate() {
            let reach = Span::new(span.start, spans.get(i + 1).map_or(block.span.end, |next| next.start));
            let place = Place { block, heading, purpose, condition, reach };
            if let Some(labelled) = self.label(span) {
                purpose = labelled;
                continue;
            }
            let barred = self.barred(span, purpose);
            if barred.is_none() || found.explain {
                let mut tokens = self.tagged(span, &skip, block.kind);
                let reads = barred.is_none() && self.can_claim(&tokens);
                if reads || found.explain {
                    self.attach(&mut tokens);
                    let sentence = Sentence { span, tokens };
                    if reads {
                        self.read_sentence(&sentence, &place, &mut around, list, &mut found.claims);
                    }
                    if found.explain {
                        let silence = barred.map_or_else(|| self.silence(&sentence), str::to_owned);
                        found.parsed.push(Parsed { sentence, silence });
                    }
                }
            }
            self.remember_acting(span, &mut around);
        }
    }

    /// Keeps what the sentence names and can be given: "this treatment" in the next may point to it.
    fn remember_acting(&self, span: Span, around: &mut Surroundings) {
        let cues = &self.extractor.rules.cues;
        let named = context::mentions_in(self.mentions, span).iter().rev();
        let named = named.filter(|m| context::gives(m.entity.category) && !cues.study_words.contains(&m.text.to_lowercase()));
        let named: Vec<Argument> = named.map(context::argument).take(3).collect();
        if !named.is_empty() {
            around.acting = named;
        }
    }

    fn read_sentence(
        &self,
        sentence: &Sentence,
        place: &Place<'_>,
        around: &mut Surroundings,
        list: &mut Surroundings,
        claims: &mut Vec<Claim>,
    ) {
        let tree = Tree::new(&self.document.text, sentence);
        let phrases = Phrases { tree: &tree, mentions: self.mentions, cues: &self.extractor.rules.cues, topic: self.arms.own.as_ref() };
        let explicit = self.main_subjects(&phrases);
        self.collect(&tree, &phrases, place, around, claims);
        if !explicit.is_empty() {
            // What the items before spoke of, where it can act: no outcome becomes the subject of the next item.
            if place.block.kind == BlockKind::ListItem && list.subjects.is_empty() {
                list.subjects = explicit.iter().filter(|a| context::acts(a.entity.category)).cloned().collect();
            }
            around.antecedents = explicit;
        }
    }

    /// The claims of one sentence.
    fn collect(&self, tree: &Tree<'_>, phrases: &Phrases<'_>, place: &Place<'_>, around: &Surroundings, claims: &mut Vec<Claim>) {
        let rules = &self.extractor.rules;
        // What others found compares other arms.
        let own = self.is_study && place.purpose != Purpose::Background && self.document.citations_in(place.reach).is_empty();
        let quantities = quantity::find(tree.text, tree.span);
        let reading = Comparisons::new(phrases, rules, &self.arms, &quantities, own);
        let comparisons = reading.find();
        let mut findings = mechanism::find(phrases, rules, around);
        for finding in findings.iter_mut().filter(|f| !f.negated && f.relation.is_effect()) {
            // A change that chance may have given is no effect.
            let after = tree.tokens[finding.trigger].span.end.max(finding.object.span.end);
            if reading.denies(after, tree.span.end) {
                finding.negated = true;
                finding.relation = Relation::Affects;
            }
        }
        findings.retain(|f| !comparisons.iter().any(|c| c.replaces(f)));
        for comparison in &comparisons {
            if !findings.iter().any(|f| comparison.repeats(f)) {
                claims.push(self.comparison_claim(tree, comparison.clone(), place));
            }
        }
        for finding in findings {
            claims.push(self.claim(tree, finding, place));
        }
        let listed = place.block.kind != BlockKind::Paragraph;
        for result in Outcomes::new(phrases, rules, &self.arms, &quantities, &comparisons, listed).find() {
            claims.push(self.outcome_claim(tree, result, place, &around.subjects));
        }
    }

    /// Why no claim can stand in a sentence at all.
    fn barred(&self, span: Span, purpose: Purpose) -> Option<&'static str> {
        match purpose {
            Purpose::Methods | Purpose::Aim => Some("it stands among methods or aims, which claim nothing"),
            _ if self.is_note(span) => Some("it is a publisher's note, which claims nothing"),
            _ => None,
        }
    }

    /// Why no rule found a claim in a sentence.
    fn silence(&self, sentence: &Sentence) -> String {
        let rules = &self.extractor.rules;
        let triggers = sentence.tokens.iter().filter(|t| rules.is_trigger(&t.lemma)).map(|t| t.span.of(&self.document.text));
        match triggers.collect::<Vec<_>>().as_slice() {
            [] => "no word in it triggers a rule".to_owned(),
            words => format!("no rule finds a subject and an object that can stand in a claim around {}", words.join(", ")),
        }
    }

    /// The arguments of the sentence's own subject.
    fn main_subjects(&self, phrases: &Phrases<'_>) -> Vec<Argument> {
        let tree = phrases.tree;
        let Some(root) = (0..tree.tokens.len()).find(|&i| tree.head(i).is_none()) else { return Vec::new() };
        let named = |verb: usize| -> Vec<Argument> {
            // The parser may hang the subject on the auxiliary.
            let auxiliary = || tree.by(verb, &["aux", "auxpass"]).find_map(|a| tree.by(a, &["nsubj", "nsubjpass"]).last());
            let Some(subject) = tree.by(verb, &["nsubj", "nsubjpass"]).last().or_else(auxiliary) else { return Vec::new() };
            phrases.arguments(subject, Role::Subject).into_iter().filter(|p| !p.anaphor).map(|p| p.argument).collect()
        };
        // "Recent data show that X …" speaks of X.
        let found = named(root);
        if found.is_empty() { tree.by(root, &["ccomp"]).last().map(named).unwrap_or_default() } else { found }
    }

    /// The things that a lead-in speaks of ("Intrathecal AMSC administration:").
    fn subjects_of(&self, lead: Span) -> Vec<Argument> {
        let sentences = self.extractor.engine.sentences(&self.document.text, lead);
        for span in sentences {
            let sentence = self.parse(span, &[], BlockKind::Paragraph);
            let tree = Tree::new(&self.document.text, &sentence);
            let phrases = Phrases { tree: &tree, mentions: self.mentions, cues: &self.extractor.rules.cues, topic: self.arms.own.as_ref() };
            let Some(root) = (0..tree.tokens.len()).find(|&i| tree.head(i).is_none()) else { continue };
            let head = tree.by(root, &["nsubj", "nsubjpass"]).last().unwrap_or(root);
            if matches!(tree.tokens[root].tag, "IN" | "TO") {
                continue;
            }
            let subjects: Vec<Argument> =
                phrases.arguments(head, Role::Subject).into_iter().filter(|p| !p.anaphor).map(|p| p.argument).collect();
            let acting: Vec<Argument> = subjects.iter().filter(|a| context::acts(a.entity.category)).cloned().collect();
            if !acting.is_empty() {
                return acting;
            }
            // The lead-in's first thing that can act, whatever the parse made of a fragment.
            let named = context::mentions_in(self.mentions, lead).iter().find(|m| context::acts(m.entity.category)).map(context::argument);
            if let Some(named) = named {
                return vec![named];
            }
            return subjects.into_iter().filter(|a| a.text.split_whitespace().count() <= 6 && tree.is_nominal(head)).take(1).collect();
        }
        Vec::new()
    }
}

/// Whether the text reports a study of its own.
fn reports_itself(document: &Document, cues: &Cues) -> bool {
    let head: String = document.text.chars().take(6000).collect::<String>().to_lowercase();
    cues.study_phrases.iter().any(|p| head.contains(p.as_str()))
}
