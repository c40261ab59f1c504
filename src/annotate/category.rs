//! The Biolink categories of entities.

use serde::{Deserialize, Serialize};

macro_rules! categories {
    ($($name:ident: $doc:literal,)*) => {
        /// What kind of thing an entity is, by its Biolink class.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Category {
            $(#[doc = $doc] $name,)*
        }

        impl Category {
            /// Every category.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The local name of the Biolink class ("SmallMolecule").
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The category with this local name, `biolink:` in front or not.
            pub fn from_name(name: &str) -> Option<Self> {
                match name.strip_prefix("biolink:").unwrap_or(name) {
                    $(stringify!($name) => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

categories! {
    Gene: "A gene, or its product where the text does not tell them apart.",
    Protein: "A protein.",
    GeneFamily: "A gene or protein family, or a complex of them.",
    MicroRNA: "A microRNA.",
    SmallMolecule: "A small molecule.",
    ChemicalEntity: "A chemical of any other kind.",
    Drug: "A drug.",
    MolecularMixture: "A mixture of molecules.",
    Disease: "A disease or injury.",
    PhenotypicFeature: "A sign or symptom.",
    PathologicalProcess: "A pathological process.",
    BiologicalProcess: "A biological process.",
    PhysiologicalProcess: "A physiological process.",
    Pathway: "A signalling or metabolic pathway.",
    MolecularActivity: "A molecular activity.",
    Cell: "A type of cell.",
    CellLine: "A cell line.",
    CellularComponent: "A part of the cell, or the extracellular matrix.",
    AnatomicalEntity: "A tissue, organ or body part.",
    OrganismTaxon: "A species or other taxon.",
    Procedure: "A procedure.",
    Treatment: "A treatment.",
    ClinicalMeasurement: "An outcome instrument, scale, imaging method or laboratory measure.",
    ClinicalTrial: "A registered trial.",
    NamedThing: "Nothing better known.",
}
