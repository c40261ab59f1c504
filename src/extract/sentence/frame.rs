//! From a finding to a claim: what its place tells of condition, site, sources and study.

use super::{Place, Reading};
use crate::extract::claim::{Argument, Assertion, Certainty, Claim};
use crate::extract::comparison::Comparison;
use crate::extract::mechanism::Finding;
use crate::extract::outcome;
use crate::extract::tree::Tree;
use crate::extract::{context, evidence};
use crate::text::Span;

impl Reading<'_> {
    pub(super) fn claim(&self, tree: &Tree<'_>, finding: Finding, place: &Place<'_>) -> Claim {
        let rule = &self.extractor.rules.rules[finding.rule];
        let trigger = tree.tokens[finding.trigger].span;
        let mut words = trigger.join(finding.object.span);
        if !finding.inherited && tree.span.contains(finding.subject.span) {
            words = words.join(finding.subject.span);
        }
        let taken = [finding.subject.span, finding.object.span];
        let (subject, object) = (self.spelt_out(finding.subject), self.spelt_out(finding.object));
        let assertion = Assertion::Mechanism { subject, relation: finding.relation, object, aspect: finding.aspect };
        let mut claim = self.frame(assertion, tree.span, words, place, &taken);
        claim.negated = finding.negated;
        claim.certainty = finding.certainty;
        claim.via = finding.via;
        claim.rule.clone_from(&rule.name);
        claim.confidence = rule.confidence;
        claim
    }

    pub(super) fn comparison_claim(&self, tree: &Tree<'_>, found: Comparison, place: &Place<'_>) -> Claim {
        let words = tree.tokens[found.cue].span.join(found.object.span);
        let taken = [found.subject.span, found.object.span];
        let (subject, object) = (self.spelt_out(found.subject), self.spelt_out(found.object));
        let assertion = Assertion::Mechanism { subject, relation: found.relation, object, aspect: None };
        let mut claim = self.frame(assertion, tree.span, words, place, &taken);
        claim.negated = found.negated;
        claim.certainty = found.certainty;
        claim.rule = format!("comparison:{}", found.rule);
        claim.confidence = self.extractor.rules.precision(&claim.rule);
        claim
    }

    pub(super) fn outcome_claim(&self, tree: &Tree<'_>, result: outcome::Result, place: &Place<'_>, subjects: &[Argument]) -> Claim {
        let words = result.span.join(result.outcome.span);
        let taken = [result.outcome.span];
        let intervention = result.intervention.or_else(|| subjects.first().cloned());
        let (intervention, outcome) = (intervention.map(|i| self.spelt_out(i)), self.spelt_out(result.outcome));
        let assertion = Assertion::Outcome { intervention, outcome, measurement: result.measurement };
        let mut claim = self.frame(assertion, tree.span, words, place, &taken);
        claim.certainty = result.certainty;
        claim.rule = format!("outcome:{}", result.rule);
        claim.confidence = self.extractor.rules.precision(&claim.rule);
        claim
    }

    /// A thing that no mention names: as the vocabulary has it where its words are not those of the text ("inflammation" of "anti-inflammatory"),
    /// else, where it is a short form, with the label that the text gives it.
    fn spelt_out(&self, mut argument: Argument) -> Argument {
        if argument.entity.id.is_some() {
            return argument;
        }
        let annotator = &self.extractor.annotator;
        let reworded = argument.text != argument.span.of(&self.document.text);
        if let Some(entity) = reworded.then(|| annotator.ground(&argument.text)).flatten() {
            argument.xrefs = entity.id.iter().flat_map(|id| annotator.lexicon().xrefs(id)).collect();
            argument.entity = entity;
        } else if let Some(long) = self.arms.long_form(&argument.text) {
            long.clone_into(&mut argument.entity.label);
        }
        argument
    }

    /// A claim with everything that its place tells; `words` is the stretch that the claim itself covers.
    fn frame(&self, assertion: Assertion, sentence: Span, words: Span, place: &Place<'_>, taken: &[Span]) -> Claim {
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
            certainty: Certainty::Affirmed,
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
