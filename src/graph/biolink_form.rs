//! The Biolink form of a relation: predicate and qualifiers, as KGX and Translator tools want them.

use super::quads::Writer;
use super::vocabulary::{BIOLINK, biolink};
use crate::extract::Relation;
use oxigraph::model::{Literal, NamedNode};

/// A relation in Biolink's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BiolinkForm {
    /// Local name of the predicate ("affects").
    pub predicate: &'static str,
    /// Local name of the qualified predicate ("causes"), where a direction is told.
    pub qualified_predicate: Option<&'static str>,
    /// Direction of the object's change ("increased").
    pub direction: Option<&'static str>,
}

/// The Biolink form of a relation (Biolink model 4.4: `affects` with an object direction for activation and inhibition).
pub fn biolink_form(relation: Relation) -> BiolinkForm {
    let (predicate, direction) = match relation {
        Relation::RelatedTo => ("related_to", None),
        Relation::Affects | Relation::Restores | Relation::Protects => ("affects", None),
        Relation::Increases => ("affects", Some("increased")),
        Relation::Decreases => ("affects", Some("decreased")),
        Relation::Produces => ("produces", None),
        Relation::InteractsWith => ("interacts_with", None),
        Relation::DifferentiatesInto => ("develops_into", None),
        Relation::LocatedIn => ("located_in", None),
        Relation::Treats => ("treats", None),
        Relation::Prevents => ("preventative_for_condition", None),
        Relation::Causes => ("causes", None),
        Relation::PredisposesTo => ("predisposes_to_condition", None),
        Relation::CorrelatesWith => ("correlated_with", None),
        Relation::PositivelyCorrelatesWith => ("positively_correlated_with", None),
        Relation::NegativelyCorrelatesWith => ("negatively_correlated_with", None),
        Relation::BiomarkerFor => ("biomarker_for", None),
        Relation::ConvertsTo => ("derives_into", None),
        Relation::PartOf => ("part_of", None),
        Relation::IsA => ("subclass_of", None),
    };
    BiolinkForm { predicate, qualified_predicate: direction.map(|_| "causes"), direction }
}

/// Writes the Biolink form beside the claim's own properties.
pub(super) fn write(w: &mut Writer<'_>, claim: &NamedNode, relation: Relation, aspect: Option<&str>) {
    let form = biolink_form(relation);
    w.add(claim, biolink::PREDICATE, NamedNode::new_unchecked(format!("{BIOLINK}{}", form.predicate)));
    if let Some(direction) = form.direction {
        w.add(claim, biolink::QUALIFIED_PREDICATE, biolink::CAUSES);
        w.add(claim, biolink::OBJECT_DIRECTION_QUALIFIER, Literal::from(direction));
    }
    w.text(claim, biolink::OBJECT_ASPECT_QUALIFIER, aspect);
}
