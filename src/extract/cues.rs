//! The word lists that steer extraction, read from `ontology/rules/cues.toml`.

use serde::Deserialize;
use std::collections::{HashMap, HashSet};

macro_rules! cues {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Word lists; each field is documented in the file it comes from.
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Cues {
            $($(#[$doc])* pub $name: HashSet<String>,)*
            /// What an adjective with "anti" before it is against: "inflammatory" the inflammation.
            pub opposed: HashMap<String, String>,
        }
    };
}

cues! {
    /// Nouns that only carry another thing ("treatment with X").
    carriers,
    /// People and animals that carry their treatment ("X-treated rats").
    bearers,
    /// People and animals, no argument of a claim.
    people,
    /// Words for the arm that got the study's own intervention.
    own_arms,
    /// Nouns for an arm of a trial.
    arm_nouns,
    /// Words that tell nothing of which arm is meant.
    any_arm,
    /// Gerunds that turn what follows round ("blocking X lowers Y").
    blocking,
    /// Adjectives of a subject that turn what is said of it round ("lower X goes with more Y").
    lowered,
    /// Names of statistics, which are no argument of a claim.
    tests,
    /// Class nouns that stand before a name ("the cytokine IL-6").
    class_nouns,
    /// Nouns that, with "the" and nothing else, point back to a treatment.
    anaphors,
    /// How a thing is given to its bearer.
    given,
    /// Aspects under which the thing itself is the argument.
    peel,
    /// Stages of a thing, under which with "of" the thing itself is the argument ("etiology of X").
    stages,
    /// Nouns that turn their complement round ("loss of X").
    turns,
    /// Nouns that keep its direction ("increase in X").
    keeps,
    /// Nouns of change for the better ("improvement in X").
    betters,
    /// Adjectives of more.
    upward,
    /// Adjectives of less.
    downward,
    /// Modifiers that do not change what a thing is.
    neutral,
    /// Nouns too vague to be an argument.
    vague,
    /// Nouns that name a disorder or symptom.
    disorders,
    /// Words of complaints, which become less when they improve.
    complaints,
    /// Words of the study's own making, of which nothing is an argument.
    own_making,
    /// Modal verbs that hedge.
    hedging_modals,
    /// Verbs that hedge what stands under them.
    strong_hedge_verbs,
    /// Adverbs and adjectives that hedge.
    hedge_words,
    /// Verbs of aim and question.
    aim_verbs,
    /// Nouns of aim and question.
    aim_nouns,
    /// Words that open an indirect question.
    aim_words,
    /// Words that say that something is not known.
    unknown_words,
    /// Verbs that deny what stands under them.
    denying_verbs,
    /// Nouns that deny.
    denying_nouns,
    /// Adjectives of "effect" that make it a decrease.
    lowering_effects,
    /// Adjectives of "effect" that make it an increase.
    raising_effects,
    /// Adjectives of "effect" that make it protection.
    protective_effects,
    /// Adverbs and adjectives of a positive correlation.
    positive_correlation,
    /// Adverbs and adjectives of a negative correlation.
    negative_correlation,
    /// Words of the study itself, never an argument whatever stands before them.
    study_words,
    /// Words of promotion.
    promotional,
    /// Words by which an article reports its own results.
    own_words,
    /// Phrases by which an article reports its own results.
    own_phrases,
    /// Phrases in the opening of an article that reports a study of its own.
    study_phrases,
    /// Phrases of a publisher's notes, which claim nothing.
    notes,
    /// Wordings of a result that chance may have given.
    insignificant,
    /// Wordings of what stood before the treatment.
    before_treatment,
    /// Wordings of plans, assumptions, definitions and scales, whose numbers are no results.
    no_results,
    /// Nouns that nothing is measured by, whatever stands before them.
    unmeasured,
    /// Nouns that tell nothing measured without their complement.
    incomplete,
    /// Verbs by which people take part in a study.
    taking_part,
    /// Terms of the analysis, whose number is no result: the last word of a name.
    statistics,
    /// Terms of the analysis that a name holds anywhere.
    statistical_terms,
    /// Verbs of opinion, behind which a clause tells what was thought.
    opinions,
    /// Words of headings of methods and back matter.
    methods_headings,
    /// Words of headings of aims.
    aim_headings,
    /// Words of headings of results and conclusions.
    results_headings,
    /// Words of headings of introductions.
    background_headings,
}

impl Cues {
    /// Whether the words name a disorder or complaint, so that its improvement makes it less.
    pub fn is_complaint(&self, words: &str) -> bool {
        let lower = words.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        // What an instrument tells, or how well a complaint is borne, may rise as it improves.
        let measured =
            ["scale", "index", "questionnaire", "inventory", "quality", "function", "tolerance", "control", "relief", "self-efficacy"];
        let stands = !measured.iter().any(|m| lower.contains(m));
        stands
            && words.any(|w| {
                let singular = w.strip_suffix('s').unwrap_or(w);
                [w, singular].iter().any(|w| self.disorders.contains(*w) || self.complaints.contains(*w))
            })
    }
}
