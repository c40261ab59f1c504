//! The claim: one assertion at one place of one article.

use crate::annotate::Entity;
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// Declares an enum whose values are spelt in snake case in JSON and CSV, and as `evi:` terms in RDF.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $json:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $json)] $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The value as JSON and CSV spell it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $json,)* }
            }

            /// The local name of its `evi:` term.
            pub const fn term(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// The value spelt `text` in JSON or CSV, or by its term.
            pub fn from_name(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text || v.term() == text)
            }
        }
    };
}

vocabulary! {
    /// How the author puts the claim.
    Certainty {
        /// Stated.
        Affirmed = "affirmed",
        /// Hedged ("may", "appears to").
        Hedged = "hedged",
        /// A hypothesis, aim or question.
        Hypothesis = "hypothesis",
    }
}

vocabulary! {
    /// What stands behind a claim, the first that holds.
    SourceStatus {
        /// At least one traceable or citable reference.
        Sourced = "sourced",
        /// Only untraceable references.
        UntraceableOnly = "untraceable_only",
        /// Only markers that name no entry.
        Dangling = "dangling",
        /// No marker, and the article reports it as its own result.
        OwnFinding = "own_finding",
        /// No marker.
        Unsourced = "unsourced",
    }
}

vocabulary! {
    /// Whose statement the quote is.
    QuoteRole {
        /// The article's own result.
        OwnResult = "own_result",
        /// Background from elsewhere.
        Background = "background",
        /// Promotion.
        Promotional = "promotional",
    }
}

vocabulary! {
    /// The design of the study that a claim rests on.
    StudyDesign {
        /// Randomised controlled trial.
        RandomizedControlledTrial = "randomized_controlled_trial",
        /// Controlled, not randomised.
        ControlledTrial = "controlled_trial",
        /// Cohort study.
        Cohort = "cohort",
        /// Case-control study.
        CaseControl = "case_control",
        /// Cross-sectional study.
        CrossSectional = "cross_sectional",
        /// Case series.
        CaseSeries = "case_series",
        /// A single case.
        CaseReport = "case_report",
        /// Registry.
        Registry = "registry",
        /// Systematic review.
        SystematicReview = "systematic_review",
        /// Meta-analysis.
        MetaAnalysis = "meta_analysis",
        /// Review.
        Review = "review",
        /// Animal study.
        Animal = "animal",
        /// Cell culture or other laboratory study.
        InVitro = "in_vitro",
        /// Internal data.
        InternalData = "internal_data",
        /// Not told.
        Unspecified = "unspecified",
    }
}

vocabulary! {
    /// What a number measures.
    Measure {
        /// Change of the outcome.
        Change = "change",
        /// Level of the outcome.
        Level = "level",
        /// Difference between groups.
        Difference = "difference",
        /// Share of the patients.
        Share = "share",
        /// Risk ratio.
        RiskRatio = "risk_ratio",
        /// Odds ratio.
        OddsRatio = "odds_ratio",
        /// Hazard ratio.
        HazardRatio = "hazard_ratio",
        /// Number needed to treat.
        NumberNeededToTreat = "number_needed_to_treat",
        /// Multiple of the comparator or baseline.
        Fold = "fold",
        /// Correlation coefficient.
        Correlation = "correlation",
    }
}

vocabulary! {
    /// Which way an outcome moved.
    Direction {
        /// Up.
        Increase = "increase",
        /// Down.
        Decrease = "decrease",
    }
}

vocabulary! {
    /// Side on which a bound is open.
    Bound {
        /// More than the number.
        Above = "above",
        /// Less than the number.
        Below = "below",
    }
}

/// The relations of mechanism claims; the hierarchy is kept in the ontology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Relation {
    /// Related in a way not told.
    #[serde(rename = "evi:relatedTo")]
    RelatedTo,
    /// Affects, direction not told.
    #[serde(rename = "evi:affects")]
    Affects,
    /// Raises.
    #[serde(rename = "evi:increases")]
    Increases,
    /// Lowers.
    #[serde(rename = "evi:decreases")]
    Decreases,
    /// Restores or repairs.
    #[serde(rename = "evi:restores")]
    Restores,
    /// Protects.
    #[serde(rename = "evi:protects")]
    Protects,
    /// Secretes, releases, expresses.
    #[serde(rename = "evi:produces")]
    Produces,
    /// Binds or integrates with.
    #[serde(rename = "evi:interactsWith")]
    InteractsWith,
    /// Differentiates into.
    #[serde(rename = "evi:differentiatesInto")]
    DifferentiatesInto,
    /// Is found in.
    #[serde(rename = "evi:locatedIn")]
    LocatedIn,
    /// Treats a disorder or symptom.
    #[serde(rename = "evi:treats")]
    Treats,
    /// Prevents a disorder.
    #[serde(rename = "evi:prevents")]
    Prevents,
    /// Causes.
    #[serde(rename = "evi:causes")]
    Causes,
    /// Is a risk factor for.
    #[serde(rename = "evi:predisposesTo")]
    PredisposesTo,
    /// Goes together with.
    #[serde(rename = "evi:correlatesWith")]
    CorrelatesWith,
    /// Rises with.
    #[serde(rename = "evi:positivelyCorrelatesWith")]
    PositivelyCorrelatesWith,
    /// Falls as the other rises.
    #[serde(rename = "evi:negativelyCorrelatesWith")]
    NegativelyCorrelatesWith,
    /// Tells of.
    #[serde(rename = "evi:biomarkerFor")]
    BiomarkerFor,
    /// Becomes.
    #[serde(rename = "evi:convertsTo")]
    ConvertsTo,
    /// Is part of.
    #[serde(rename = "evi:partOf")]
    PartOf,
    /// Is a.
    #[serde(rename = "evi:isA")]
    IsA,
}

impl Relation {
    /// Every relation with the local name of its `evi:` term.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::RelatedTo, "relatedTo"),
        (Self::Affects, "affects"),
        (Self::Increases, "increases"),
        (Self::Decreases, "decreases"),
        (Self::Restores, "restores"),
        (Self::Protects, "protects"),
        (Self::Produces, "produces"),
        (Self::InteractsWith, "interactsWith"),
        (Self::DifferentiatesInto, "differentiatesInto"),
        (Self::LocatedIn, "locatedIn"),
        (Self::Treats, "treats"),
        (Self::Prevents, "prevents"),
        (Self::Causes, "causes"),
        (Self::PredisposesTo, "predisposesTo"),
        (Self::CorrelatesWith, "correlatesWith"),
        (Self::PositivelyCorrelatesWith, "positivelyCorrelatesWith"),
        (Self::NegativelyCorrelatesWith, "negativelyCorrelatesWith"),
        (Self::BiomarkerFor, "biomarkerFor"),
        (Self::ConvertsTo, "convertsTo"),
        (Self::PartOf, "partOf"),
        (Self::IsA, "isA"),
    ];

    /// The local name of its `evi:` term.
    pub fn term(self) -> &'static str {
        Self::ALL.iter().find(|r| r.0 == self).map_or("relatedTo", |r| r.1)
    }

    /// Whether it says that something rose, fell or got better, so that an insignificant p value denies it.
    pub fn is_effect(self) -> bool {
        use Relation::{Decreases, Increases, Prevents, Protects, Restores, Treats};
        matches!(self, Increases | Decreases | Restores | Protects | Prevents | Treats)
    }

    /// Whether it says that two things go together, in either direction.
    pub fn is_correlation(self) -> bool {
        use Relation::{CorrelatesWith, NegativelyCorrelatesWith, PositivelyCorrelatesWith};
        matches!(self, CorrelatesWith | NegativelyCorrelatesWith | PositivelyCorrelatesWith)
    }

    /// The relation with this local name, `evi:` in front or not.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.strip_prefix("evi:").unwrap_or(name);
        Self::ALL.iter().find(|r| r.1 == name).map(|r| r.0)
    }
}

/// An entity in its place in a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its words as they would stand alone.
    pub text: String,
    /// What it is grounded to.
    pub entity: Entity,
    /// Other identifiers of the same thing.
    pub xrefs: Vec<String>,
    /// Where it stands in the document.
    pub span: Span,
}

/// A length of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// Shortest and longest, equal where one number is given.
    pub value: (f64, f64),
    /// `minute`, `hour`, `day`, `week`, `month` or `year`.
    pub unit: String,
}

/// What the treated were compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparator {
    /// Its words ("controls").
    pub label: String,
    /// Its number, where given.
    pub value: Option<(f64, f64)>,
    /// The unit of its number.
    pub unit: Option<String>,
}

/// The numbers of an outcome claim. Magnitudes are positive; `direction` tells the sign.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// What the number measures.
    pub measure: Measure,
    /// Lowest and highest, equal where one number is given.
    pub value: (f64, f64),
    /// For "more than 10 %".
    pub bound: Option<Bound>,
    /// Unit in plain words ("%", "mm", "point", "fold").
    pub unit: Option<String>,
    /// Which way the outcome moved.
    pub direction: Option<Direction>,
    /// Follow-up at which it was measured.
    pub time: Option<Period>,
    /// Value before treatment.
    pub baseline: Option<(f64, f64)>,
    /// Confidence interval and its level in percent.
    pub ci: Option<(f64, f64, f64)>,
    /// Standard deviation.
    pub sd: Option<f64>,
    /// Number of patients, animals or samples.
    pub sample_size: Option<u64>,
    /// Percent of the patients for whom it holds.
    pub share: Option<f64>,
    /// What it was compared with.
    pub comparator: Option<Comparator>,
    /// p value as written, relation first ("<0.05").
    pub p_value: Option<String>,
    /// How it was measured.
    pub instrument: Option<String>,
}

/// What the claim says.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "claims are few, and a box would only make every match on them longer")]
pub enum Assertion {
    /// Entity, relation, entity.
    Mechanism {
        /// What acts.
        subject: Argument,
        /// How.
        relation: Relation,
        /// On what.
        object: Argument,
        /// Aspect of the object ("expression", "activity", "synthesis").
        aspect: Option<String>,
    },
    /// What an intervention achieved, in numbers.
    Outcome {
        /// What was done; `None` where the text does not tell.
        intervention: Option<Argument>,
        /// What was measured.
        outcome: Argument,
        /// The numbers.
        measurement: Measurement,
    },
}

/// One assertion at one place of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What it says.
    pub assertion: Assertion,
    /// Whether the text denies it.
    pub negated: bool,
    /// How the author puts it.
    pub certainty: Certainty,
    /// The disorder about which it is said.
    pub condition: Option<Argument>,
    /// Mechanisms named between subject and object.
    pub via: Vec<Argument>,
    /// Where in the body.
    pub site: Option<Argument>,
    /// Patients or subjects, in the words of the text.
    pub population: Option<String>,
    /// Species, as a CURIE and name where known.
    pub species: Option<Argument>,
    /// Dose, in the words of the text.
    pub dose: Option<String>,
    /// Keys of the references that the claim's markers name, dangling ones included, in order.
    pub citations: Vec<String>,
    /// What stands behind it.
    pub source_status: SourceStatus,
    /// Design of the study behind it.
    pub study_design: StudyDesign,
    /// ECO class as a CURIE.
    pub evidence_code: &'static str,
    /// Whose statement it is.
    pub quote_role: QuoteRole,
    /// Heading path of the section.
    pub section: Vec<String>,
    /// Where the quote stands; its text is verbatim that of the document.
    pub quote: Span,
    /// Between 0 and 1: measured precision of the rule on development data.
    pub confidence: f32,
    /// Name of the rule that found it.
    pub rule: String,
}
