//! Abbreviations whose stop does not end a sentence.

/// Abbreviations after which a sentence goes on whatever follows.
const NEVER_END: [&str; 52] = [
    "fig", "figs", "eq", "eqs", "ref", "refs", "tab", "sec", "vs", "cf", "ca", "approx", "resp", "dr", "prof", "mr", "mrs", "ms", "st",
    "vol", "no", "nos", "pp", "ed", "eds", "suppl", "supp", "viz", "var", "subsp", "ssp", "sp", "spp", "cv", "bp", "mol", "wt", "dept",
    "univ", "chr", "i.e", "e.g", "al", "etc", "inc", "corp", "ltd", "co", "jr", "sr", "int", "natl",
];

/// Those of them that often close a sentence: it ends there when the next word begins like a sentence.
const MAY_END: [&str; 12] = ["al", "etc", "inc", "corp", "ltd", "co", "jr", "sr", "spp", "sp", "wt", "no"];

/// Whether the word, without its stop, is an abbreviation.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    // `no`, `co`, `ed` and the like are words too: as such they do not stand before a stop inside a sentence.
    NEVER_END.iter().any(|a| word.eq_ignore_ascii_case(a))
}

/// Whether a sentence may end after this abbreviation.
pub(crate) fn may_end(word: &str) -> bool {
    MAY_END.iter().any(|a| word.eq_ignore_ascii_case(a))
}
