//! The closed lists of part-of-speech tags and dependency relations; models store positions in them.

/// Penn Treebank tags as CRAFT uses them (`HYPH` for hyphens, `AFX` for split-off affixes, `SYM` for symbols).
pub const TAGS: [&str; 48] = [
    "NN", "IN", "JJ", "DT", "NNS", ",", "CD", "VBN", ".", "HYPH", "CC", "-RRB-", "-LRB-", "RB", "VBD", "NNP", "SYM", "VBZ", "VBG", "VB",
    "VBP", "TO", "PRP", ":", "FW", "WDT", "MD", "LS", "PRP$", "JJR", "WRB", "RBR", "EX", "RBS", "POS", "RP", "''", "``", "JJS", "NNPS",
    "PDT", "AFX", "WP", "WP$", "UH", "NFP", "ADD", "$",
];

/// Stanford dependencies as CRAFT has them. [`ROOT`] marks the token that no other governs.
pub const RELATIONS: [&str; 46] = [
    "root",
    "punct",
    "prep",
    "pobj",
    "amod",
    "compound",
    "det",
    "conj",
    "cc",
    "nsubj",
    "nummod",
    "advmod",
    "dobj",
    "nmod",
    "parataxis",
    "auxpass",
    "nsubjpass",
    "aux",
    "advcl",
    "npadvmod",
    "appos",
    "acl",
    "mark",
    "dep",
    "acomp",
    "ccomp",
    "relcl",
    "neg",
    "meta",
    "poss",
    "attr",
    "xcomp",
    "pcomp",
    "quantmod",
    "agent",
    "preconj",
    "oprd",
    "expl",
    "case",
    "prt",
    "csubj",
    "predet",
    "dative",
    "csubjpass",
    "intj",
    "nounmod",
];

/// Position of `root` in [`RELATIONS`].
pub const ROOT: u8 = 0;

/// Position of `parataxis` in [`RELATIONS`].
pub(crate) const PARATAXIS: u8 = 14;

/// The position of a tag in [`TAGS`].
pub fn tag_code(tag: &str) -> Option<u8> {
    TAGS.iter().position(|&t| t == tag).and_then(|i| u8::try_from(i).ok())
}

/// The position of a relation in [`RELATIONS`].
pub fn relation_code(relation: &str) -> Option<u8> {
    RELATIONS.iter().position(|&r| r == relation).and_then(|i| u8::try_from(i).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_positions_hold() {
        assert_eq!(relation_code("root"), Some(ROOT));
        assert_eq!(relation_code("parataxis"), Some(PARATAXIS));
        assert_eq!(tag_code("NN"), Some(0));
        assert_eq!(tag_code("no such tag"), None);
    }
}
