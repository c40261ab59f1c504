//! Verdicts and reasons, as people give them.

use super::Error;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The value as JSON and CSV spell it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The local name of its `evi:` term.
            pub const fn term(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// The value spelt `text`.
            ///
            /// # Errors
            /// Where there is none.
            pub fn from_name(text: &str) -> Result<Self, Error> {
                let text = text.trim().to_lowercase().replace([' ', '-'], "_");
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| Error::UnknownWord {
                    what: $what,
                    word: text,
                    known: Self::ALL.iter().map(|v| v.as_str()).collect(),
                })
            }
        }
    };
}

words! {
    /// What a curator decided.
    Verdict, "verdict" {
        /// The claim is what the article says.
        Accepted = "accepted",
        /// It is not.
        Rejected = "rejected",
        /// It is, once corrected.
        Corrected = "corrected",
        /// A source was added.
        Sourced = "sourced",
        /// The finding may stand.
        Waived = "waived",
        /// Nothing is decided any more.
        Undone = "undone",
    }
}

words! {
    /// Why a claim is right or wrong, by the names of INDRA's curation tags (Bachman et al., "Automated assembly of molecular mechanisms at
    /// scale from text mining and curated databases", 2023).
    Reason, "reason" {
        /// The claim is right.
        Correct = "correct",
        /// The sentence states no relation.
        NoRelation = "no_relation",
        /// An entity is grounded to the wrong thing.
        Grounding = "grounding",
        /// The relation is another one.
        WrongRelation = "wrong_relation",
        /// Activity is taken for amount, or the other way round.
        ActVsAmt = "act_vs_amt",
        /// An entity's words are cut off or too many.
        EntityBoundaries = "entity_boundaries",
        /// The direction is reversed.
        Polarity = "polarity",
        /// The sentence states a hypothesis.
        Hypothesis = "hypothesis",
        /// The sentence states that there is no effect.
        NegativeResult = "negative_result",
        /// Something else.
        Other = "other",
    }
}
