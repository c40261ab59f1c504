//! Reads a document sentence by sentence: what to parse, which subject a fragment inherits, and how a finding becomes a claim.

use super::Extractor;
use super::arms::Arms;
use super::claim::{Argument, Assertion, Claim, Relation, StudyDesign};
use super::comparison::{Comparison, Comparisons};
use super::condition::Conditions;
use super::context::{self, Purpose};
use super::cues::Cues;
use super::evidence;
use super::mechanism::{self, Finding, Surroundings};
use super::outcome::{self, Outcomes};
use super::phrase::{Phrases, Role};
use super::repair;
use super::tree::Tree;
use crate::annotate::Mention;
use crate::document::{Block, BlockKind, Document};
use crate::language::{Sentence, Token};
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

    /// All claims, in order of their place.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let mut claims = Vec::new();
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
                self.read_block(block, &section.heading, purpose, condition.as_ref(), &mut list, &mut claims);
            }
        }
        claims
    }

    /// Each sentence of the document's blocks as the rules see it, with what keeps rules from firing there.
    pub(super) fn parsed(&self) -> Vec<Parsed> {
        let rules = &self.extractor.rules;
        let mut out = Vec::new();
        for (section, &purpose) in self.document.sections.iter().zip(&self.purposes) {
            let mut purpose = purpose;
            for block in section.blocks.iter().filter(|b| b.kind != BlockKind::TableCell) {
                let skip: Vec<Span> = self.document.citations_in(block.span).iter().map(|c| c.span).collect();
                for span in self.extractor.engine.sentences(&self.document.text, block.span) {
                    purpose = self.label(span).unwrap_or(purpose);
                    let sentence = self.parse(span, &skip, block.kind);
                    let triggers: Vec<&str> =
                        sentence.tokens.iter().filter(|t| rules.is_trigger(&t.lemma)).map(|t| t.span.of(&self.document.text)).collect();
                    let silence = if matches!(purpose, Purpose::Methods | Purpose::Aim) {
                        "it stands among methods or aims, which claim nothing".to_owned()
                    } else if triggers.is_empty() {
                        "no word in it triggers a rule".to_owned()
                    } else {
                        format!("no rule finds a subject and an object that can stand in a claim around {}", triggers.join(", "))
                    };
                    out.push(Parsed { sentence, silence });
                }
            }
        }
        out
    }

    fn read_block(
        &self,
        block: &Block,
        heading: &[String],
        mut purpose: Purpose,
        condition: Option<&Argument>,
        list: &mut Surroundings,
        claims: &mut Vec<Claim>,
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
            if !matches!(purpose, Purpose::Methods | Purpose::Aim) && !self.is_note(span) {
                let mut tokens = self.tagged(span, &skip, block.kind);
                if self.can_claim(&tokens) {
                    self.extractor.engine.parse(&self.document.text, &mut tokens);
                    repair::tree(&self.document.text, &mut tokens);
                    self.read_sentence(&Sentence { span, tokens }, &place, &mut around, list, claims);
                }
            }
            self.remember_acting(span, &mut around);
        }
    }

    /// Whether the sentence is the publisher's, not the authors'.
    fn is_note(&self, span: Span) -> bool {
        let lower = span.of(&self.document.text).to_lowercase();
        self.extractor.rules.cues.notes.iter().any(|n| lower.contains(n.as_str()))
    }

    /// "Results." before the sentences of an abstract in one paragraph.
    fn label(&self, span: Span) -> Option<Purpose> {
        let text = span.of(&self.document.text).trim_end_matches(['.', ':']);
        if text.split_whitespace().count() > 3 || !text.starts_with(char::is_uppercase) {
            return None;
        }
        Some(context::purpose(&[text.to_owned()], &self.extractor.rules.cues)).filter(|p| *p != Purpose::Other)
    }

    /// Tokens, tags and parse of a sentence, each mention of several words as one token, citation markers left out.
    fn parse(&self, span: Span, skip: &[Span], kind: BlockKind) -> Sentence {
        let mut tokens = self.tagged(span, skip, kind);
        self.extractor.engine.parse(&self.document.text, &mut tokens);
        repair::tree(&self.document.text, &mut tokens);
        Sentence { span, tokens }
    }

    /// Tokens with mended tags, not yet parsed.
    fn tagged(&self, span: Span, skip: &[Span], kind: BlockKind) -> Vec<Token> {
        let (text, engine) = (&self.document.text, self.extractor.engine);
        let mut tokens = engine.tokenize(text, span);
        tokens.retain(|t| !skip.iter().any(|s| s.contains(t.span)));
        engine.tag(text, &mut tokens);
        self.join_mentions(&mut tokens, span);
        super::mend::tags(text, &mut tokens, kind, &self.extractor.rules);
        tokens
    }

    /// Makes one noun of each mention: names such as "5-lipoxygenase-activating protein" only mislead the parser.
    fn join_mentions(&self, tokens: &mut Vec<Token>, span: Span) {
        let mut mentions: Vec<&Mention> = context::mentions_in(self.mentions, span).iter().collect();
        mentions.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
        let mut end = 0;
        let mut at = 0;
        for mention in mentions {
            if mention.span.start < end {
                continue;
            }
            end = mention.span.end;
            while at < tokens.len() && tokens[at].span.start < mention.span.start {
                at += 1;
            }
            let last = tokens[at..].iter().take_while(|t| t.span.end <= mention.span.end).count();
            let aligned = tokens.get(at).is_some_and(|t| t.span.start == mention.span.start)
                && last > 0
                && tokens[at + last - 1].span.end == mention.span.end;
            let verb = aligned && tokens[at].tag.starts_with("VB") && self.extractor.rules.is_trigger(&tokens[at].lemma);
            if aligned && last == 1 && !tokens[at].tag.starts_with("NN") && !verb && !is_adjectival(mention.span.of(&self.document.text)) {
                tokens[at].tag = "NN";
            }
            if !aligned || last < 2 {
                continue;
            }
            let plural = tokens[at + last - 1].tag == "NNS";
            tokens[at] = Token {
                span: mention.span,
                tag: if plural { "NNS" } else { "NN" },
                lemma: mention.span.of(&self.document.text).to_lowercase().into(),
                head: None,
                relation: "",
            };
            tokens.drain(at + 1..at + last);
        }
    }

    /// Whether a sentence is worth a parse: it has a number or a word that triggers a rule. A short one is parsed for its subject,
    /// to which the next may point back.
    fn can_claim(&self, tokens: &[Token]) -> bool {
        let rules = &self.extractor.rules;
        let word = |t: &Token| t.span.of(&self.document.text).to_lowercase();
        let triggers = |t: &Token| rules.is_trigger(&t.lemma) || t.tag.starts_with("JJ") && rules.is_trigger(&word(t));
        tokens.len() < 12 || tokens.iter().any(|t| matches!(t.tag, "CD" | "HYPH") || triggers(t))
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
        let reading = Comparisons::new(phrases, rules, &self.arms, own);
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
        for result in Outcomes::new(phrases, rules, &self.arms, &comparisons).find() {
            claims.push(self.outcome_claim(tree, result, place, &around.subjects));
        }
    }

    /// The arguments of the sentence's own subject.
    fn main_subjects(&self, phrases: &Phrases<'_>) -> Vec<Argument> {
        let tree = phrases.tree;
        let Some(root) = (0..tree.tokens.len()).find(|&i| tree.head(i).is_none()) else { return Vec::new() };
        let named = |verb: usize| -> Vec<Argument> {
            let Some(subject) = tree.by(verb, &["nsubj", "nsubjpass"]).last() else { return Vec::new() };
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

    fn claim(&self, tree: &Tree<'_>, finding: Finding, place: &Place<'_>) -> Claim {
        let rule = &self.extractor.rules.rules[finding.rule];
        let trigger = tree.tokens[finding.trigger].span;
        let mut words = trigger.join(finding.object.span);
        if !finding.inherited && tree.span.contains(finding.subject.span) {
            words = words.join(finding.subject.span);
        }
        let taken = [finding.subject.span, finding.object.span];
        let assertion =
            Assertion::Mechanism { subject: finding.subject, relation: finding.relation, object: finding.object, aspect: finding.aspect };
        let mut claim = self.frame(assertion, tree.span, words, place, &taken);
        claim.negated = finding.negated;
        claim.certainty = finding.certainty;
        claim.via = finding.via;
        claim.rule.clone_from(&rule.name);
        claim.confidence = rule.confidence;
        claim
    }

    fn comparison_claim(&self, tree: &Tree<'_>, found: Comparison, place: &Place<'_>) -> Claim {
        let words = tree.tokens[found.cue].span.join(found.object.span);
        let taken = [found.subject.span, found.object.span];
        let assertion = Assertion::Mechanism { subject: found.subject, relation: found.relation, object: found.object, aspect: None };
        let mut claim = self.frame(assertion, tree.span, words, place, &taken);
        claim.negated = found.negated;
        claim.certainty = found.certainty;
        claim.rule = format!("comparison:{}", found.rule);
        claim.confidence = self.extractor.rules.precision(&claim.rule);
        claim
    }

    fn outcome_claim(&self, tree: &Tree<'_>, result: outcome::Result, place: &Place<'_>, subjects: &[Argument]) -> Claim {
        let words = result.span.join(result.outcome.span);
        let taken = [result.outcome.span];
        let intervention = result.intervention.or_else(|| subjects.first().cloned());
        let assertion = Assertion::Outcome { intervention, outcome: result.outcome, measurement: result.measurement };
        let mut claim = self.frame(assertion, tree.span, words, place, &taken);
        claim.rule = format!("outcome:{}", result.rule);
        claim.confidence = self.extractor.rules.precision(&claim.rule);
        claim
    }

    /// A claim with everything that its place tells; `words` is the stretch that the claim itself covers.
    pub(super) fn frame(&self, assertion: Assertion, sentence: Span, words: Span, place: &Place<'_>, taken: &[Span]) -> Claim {
        let (document, mentions, cues) = (self.document, self.mentions, &self.extractor.rules.cues);
        let text = &document.text;
        let citations = evidence::citations(document, place.block.kind, place.block.span, place.reach, words);
        let role = evidence::role(sentence.of(text), place.purpose, !citations.is_empty(), self.is_study, cues);
        let support = evidence::support(document, citations, sentence.of(text), place.heading, role, self.design);
        let (dose, population) = context::dose_and_population(sentence.of(text));
        let site = context::site(text, sentence, mentions, taken)
            .or_else(|| place.block.lead_in.and_then(|lead| context::site(text, lead, mentions, taken)));
        Claim {
            assertion,
            negated: false,
            certainty: super::claim::Certainty::Affirmed,
            condition: self.conditions.of_sentence(text, sentence, mentions, place.condition, cues),
            via: Vec::new(),
            site,
            population,
            species: context::species(sentence, mentions),
            dose,
            citations: support.citations,
            source_status: support.status,
            study_design: support.design,
            evidence_code: support.code,
            quote_role: support.role,
            section: place.heading.to_vec(),
            quote: sentence,
            confidence: 0.5,
            rule: String::new(),
        }
    }
}

/// Whether a name has the ending of an adjective ("diabetic", "synovial").
fn is_adjectival(name: &str) -> bool {
    ["ic", "al", "ous", "ive", "ary", "ar", "ed", "oid", "ant", "ent", "able", "ible", "less", "like"]
        .iter()
        .any(|e| name.to_lowercase().ends_with(e))
}

/// Whether the text reports a study of its own.
fn reports_itself(document: &Document, cues: &Cues) -> bool {
    let head: String = document.text.chars().take(6000).collect::<String>().to_lowercase();
    cues.study_phrases.iter().any(|p| head.contains(p.as_str()))
}
