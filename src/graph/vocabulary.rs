//! Terms that the graph is written in; each `evi:` term is defined in `ontology/evigraph.ttl`, which a test proves.

use crate::annotate::Category;
use crate::extract::Relation;
use oxigraph::model::{NamedNode, NamedNodeRef};

/// The text of `ontology/evigraph.ttl`.
pub const ONTOLOGY_TTL: &str = include_str!("../../ontology/evigraph.ttl");

/// The namespace of the project's own terms.
pub const EVI: &str = "https://w3id.org/evigraph/ontology#";

/// The namespace of the Biolink model.
pub const BIOLINK: &str = "https://w3id.org/biolink/vocab/";

/// Declares terms of one namespace as constants.
macro_rules! terms {
    ($(#[$doc:meta])* $module:ident $space:literal { $($name:ident = $local:literal,)* }) => {
        $(#[$doc])*
        pub mod $module {
            use oxigraph::model::NamedNodeRef;
            $(
                #[doc = concat!("`", stringify!($module), ":", $local, "`")]
                pub const $name: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(concat!($space, $local));
            )*
            /// Every term above.
            pub const ALL: &[NamedNodeRef<'static>] = &[$($name),*];
        }
    };
}

terms! {
    /// The project's own classes and properties.
    evi "https://w3id.org/evigraph/ontology#" {
        ARTICLE = "Article", REFERENCE_ENTRY = "ReferenceEntry", WORK = "Work", ENTITY = "Entity", OCCURRENCE = "Occurrence",
        CLAIM = "Claim", MECHANISM_CLAIM = "MechanismClaim", OUTCOME_CLAIM = "OutcomeClaim", MEASUREMENT = "Measurement",
        EVIDENCE = "Evidence", STATEMENT = "Statement", DECISION = "Decision", RUN = "Run",
        CONTENT_HASH = "contentHash", INPUT_FORMAT = "inputFormat", NOTICE = "notice",
        IN_ARTICLE = "inArticle", CITATION_KEY = "citationKey", RAW_TEXT = "rawText", REFERS_TO = "refersTo", TRACEABILITY = "traceability",
        TIMES_CITED = "timesCited", POSITION = "position",
        AUTHORS = "authors", VENUE = "venue", PMCID = "pmcid", TRIAL_NUMBER = "trialNumber", RETRACTED = "retracted",
        GROUNDED = "grounded", OF_ENTITY = "ofEntity", MENTION_COUNT = "mentionCount", MENTIONED_AS = "mentionedAs",
        ASPECT = "aspect", INTERVENTION = "intervention", OUTCOME = "outcome", HAS_MEASUREMENT = "hasMeasurement",
        NEGATED = "negated", CERTAINTY = "certainty", CONDITION = "condition", SITE = "site", VIA = "via", POPULATION = "population",
        SPECIES = "species", DOSE = "dose", HAS_EVIDENCE = "hasEvidence", CONFIDENCE = "confidence", RULE = "rule", SOURCE_STATUS = "sourceStatus",
        MEASURE = "measure", LOW = "low", HIGH = "high", BOUND = "bound", BASELINE_LOW = "baselineLow", BASELINE_HIGH = "baselineHigh",
        CI_LOW = "ciLow", CI_HIGH = "ciHigh", CI_LEVEL = "ciLevel", STANDARD_DEVIATION = "standardDeviation", UNIT = "unit",
        DIRECTION = "direction", FOLLOW_UP_LOW = "followUpLow", FOLLOW_UP_HIGH = "followUpHigh", FOLLOW_UP_DAYS_LOW = "followUpDaysLow",
        FOLLOW_UP_DAYS_HIGH = "followUpDaysHigh", SAMPLE_SIZE = "sampleSize", SHARE = "share", COMPARATOR = "comparator",
        COMPARATOR_LOW = "comparatorLow", COMPARATOR_HIGH = "comparatorHigh", COMPARATOR_UNIT = "comparatorUnit", P_VALUE = "pValue",
        P_VALUE_RELATION = "pValueRelation", INSTRUMENT = "instrument",
        CITES_ENTRY = "citesEntry", DANGLING_CITATION = "danglingCitation", SECTION = "section", STUDY_DESIGN = "studyDesign", QUOTE_ROLE = "quoteRole",
        FROM = "from", RELATION = "relation", TO = "to", SUPPORTED_BY = "supportedBy", REFUTED_BY = "refutedBy",
        INDEPENDENT_PAPERS = "independentPapers", BELIEF = "belief", CONTRADICTS = "contradicts",
        DECIDES = "decides", VERDICT = "verdict", REASON = "reason", ADDS_WORK = "addsWork", CORRECTED = "corrected", UNDOES = "undoes",
        RULES_HASH = "rulesHash", LEXICON_HASH = "lexiconHash",
        TRACEABLE = "Traceable", CITABLE = "Citable", UNTRACEABLE = "Untraceable",
        ACCEPTED = "Accepted", REJECTED = "Rejected", CORRECTED_VERDICT = "Corrected", SOURCED = "Sourced", WAIVED = "Waived", UNDONE = "Undone",
        REASON_CORRECT = "Correct", REASON_NO_RELATION = "NoRelation", REASON_GROUNDING = "Grounding", REASON_WRONG_RELATION = "WrongRelation",
        REASON_ACT_VS_AMT = "ActVsAmt", REASON_ENTITY_BOUNDARIES = "EntityBoundaries", REASON_POLARITY = "Polarity",
        REASON_HYPOTHESIS = "Hypothesis", REASON_NEGATIVE_RESULT = "NegativeResult", REASON_OTHER = "Other",
        AFFIRMED = "Affirmed",
    }
}

terms! {
    /// Biolink properties that are written beside the project's own.
    biolink "https://w3id.org/biolink/vocab/" {
        CATEGORY = "category", PREDICATE = "predicate", QUALIFIED_PREDICATE = "qualified_predicate",
        OBJECT_ASPECT_QUALIFIER = "object_aspect_qualifier", OBJECT_DIRECTION_QUALIFIER = "object_direction_qualifier",
        KNOWLEDGE_LEVEL = "knowledge_level", AGENT_TYPE = "agent_type", CAUSES = "causes",
    }
}

terms! {
    /// Dublin Core terms.
    dcterms "http://purl.org/dc/terms/" {
        TITLE = "title", CREATOR = "creator", DATE = "date", ISSUED = "issued", SOURCE = "source", LICENSE = "license",
    }
}

terms! {
    /// The Bibliographic Ontology.
    bibo "http://purl.org/ontology/bibo/" { DOI = "doi", PMID = "pmid", VOLUME = "volume", PAGES = "pages", }
}

terms! {
    /// Friend of a Friend.
    foaf "http://xmlns.com/foaf/0.1/" { PAGE = "page", }
}

terms! {
    /// The Citation Typing Ontology.
    cito "http://purl.org/spar/cito/" { CITES = "cites", CITES_AS_EVIDENCE = "citesAsEvidence", }
}

terms! {
    /// The Provenance Ontology.
    prov "http://www.w3.org/ns/prov#" {
        USED = "used", WAS_ASSOCIATED_WITH = "wasAssociatedWith", HAD_PRIMARY_SOURCE = "hadPrimarySource", STARTED_AT_TIME = "startedAtTime",
        ENDED_AT_TIME = "endedAtTime",
    }
}

terms! {
    /// The Web Annotation vocabulary.
    oa "http://www.w3.org/ns/oa#" {
        HAS_SELECTOR = "hasSelector", TEXT_QUOTE_SELECTOR = "TextQuoteSelector", TEXT_POSITION_SELECTOR = "TextPositionSelector",
        EXACT = "exact", PREFIX = "prefix", SUFFIX = "suffix", START = "start", END = "end",
    }
}

terms! {
    /// SKOS.
    skos "http://www.w3.org/2004/02/skos/core#" { EXACT_MATCH = "exactMatch", ALT_LABEL = "altLabel", }
}

/// The `evi:` term with this local name: a value of one of the claim's vocabularies, say.
pub fn term(local: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{EVI}{local}"))
}

/// The property of a relation.
pub fn relation(relation: Relation) -> NamedNode {
    term(relation.term())
}

/// The relation of a property; `None` where it is none.
pub fn relation_of(property: NamedNodeRef<'_>) -> Option<Relation> {
    Relation::from_name(property.as_str().strip_prefix(EVI)?)
}

/// The Biolink class of a category.
pub fn category(category: Category) -> NamedNode {
    NamedNode::new_unchecked(format!("{BIOLINK}{}", category.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Bound, Certainty, Direction, Measure, QuoteRole, SourceStatus, StudyDesign};
    use oxigraph::io::{RdfFormat, RdfParser};
    use oxigraph::model::vocab::rdfs;
    use oxigraph::model::{Quad, Term};

    fn ontology() -> Vec<Quad> {
        RdfParser::from_format(RdfFormat::Turtle).for_slice(ONTOLOGY_TTL).collect::<Result<_, _>>().unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn the_ontology_defines_every_term_that_is_written() {
        let ontology = ontology();
        let says = |term: &str, property: &str| {
            ontology.iter().any(|q| q.subject.to_string() == format!("<{term}>") && q.predicate.as_str().ends_with(property))
        };
        let mut terms: Vec<String> = evi::ALL.iter().map(|t| t.as_str().to_owned()).collect();
        terms.extend(Relation::ALL.iter().map(|r| relation(r.0).into_string()));
        macro_rules! values { ($($name:ident)*) => { $(for value in $name::ALL {
            terms.push(term(value.term()).into_string());
            let notation = Term::Literal(value.as_str().into());
            assert!(ontology.iter().any(|q| q.subject.to_string().ends_with(&format!("#{}>", value.term())) && q.object == notation), "{}", value.term());
        })* } }
        values!(Certainty SourceStatus QuoteRole StudyDesign Measure Direction Bound);
        for term in terms {
            assert!(says(&term, "#label") && says(&term, "#definition"), "{term} is not defined in ontology/evigraph.ttl");
        }
    }

    #[test]
    fn the_relations_form_one_hierarchy() {
        let ontology = ontology();
        for (r, name) in Relation::ALL {
            let above = ontology.iter().find(|q| q.subject == relation(*r).into() && q.predicate.as_ref() == rdfs::SUB_PROPERTY_OF);
            assert_eq!(above.is_none(), *r == Relation::RelatedTo, "{name}");
            if let Some(Term::NamedNode(above)) = above.map(|q| &q.object) {
                assert!(relation_of(above.as_ref()).is_some(), "{name}");
            }
        }
    }
}
