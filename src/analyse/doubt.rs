//! Contradictions that only seem to be some, as the words of their claims tell.

use super::{Contradiction, Side};
use crate::text::pattern;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Article and quote of claims, by IRI.
pub(super) type Quotes = BTreeMap<String, (String, String)>;

/// Words that tell for better or worse, not for more or less.
static QUALITY: LazyLock<Regex> = LazyLock::new(|| words(r"(?:improv|ameliorat|better|optimi[sz]|impair|worse|deteriorat)"));

/// Words that tell for more.
static MORE: LazyLock<Regex> = LazyLock::new(|| {
    words(r"(?:increas|rais|rises?\b|rising|rose\b|elevat|up-?regulat|enhanc|promot|stimulat|induc|higher|augment|accelerat)")
});

/// Words that tell for less.
static LESS: LazyLock<Regex> = LazyLock::new(|| words(r"(?:decreas|reduc|lower|fell\b|falls?\b|drop|declin|diminish|attenuat)"));

/// Words that put a question.
static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
    let asks = r"(?:determin|test|examin|assess|explor|investigat|elucidat|know|ask)\w*";
    let aims = r"aims?\b|aimed|objectives?|purpose|hypothes\w+|(?:was|were|is|are)\s(?:also\s)?investigated|focus on";
    words(&format!(r"(?:{asks}\s(?:\w+\s){{0,2}}whether|tested the effects?|{aims})\b"))
});

/// A pattern for words from their beginning, in any case.
fn words(any: &str) -> Regex {
    pattern(&format!(r"(?i)\b{any}"))
}

/// Whether the sides do not contradict each other once their quotes are read:
/// - One sentence alone says that the thing rises and falls. It speaks of two parts, groups or times of it ("more large and fewer small particles").
/// - What "improves" on the one side falls on the other: pain and blood pressure improve by falling.
/// - The one side only asks whether there is an effect.
pub(super) fn is_apparent(one: &Contradiction, quotes: &Quotes) -> bool {
    let said = |side: &Side, relation: &str| side.says.iter().any(|says| says.trim_start_matches("not ") == relation);
    let amount = ["increases", "decreases", "positivelyCorrelatesWith"].iter().any(|r| said(&one.affirms, r));
    if !amount {
        let vague = ["affects", "correlatesWith"].iter().any(|r| said(&one.affirms, r));
        return vague && each(&one.affirms, quotes, |quote| QUESTION.is_match(quote));
    }
    let [ours, theirs] = [&one.affirms, &one.denies].map(|side| sentences(side, quotes));
    let one_sentence = ours == theirs && ours.len() == 1 && !said(&one.affirms, "positivelyCorrelatesWith");
    let improves = |quote: &str| QUALITY.is_match(quote) && !MORE.is_match(quote);
    one_sentence
        || ["increases", "positivelyCorrelatesWith"].iter().any(|r| one.affirms.says.contains(*r))
            && each(&one.affirms, quotes, improves)
            && each(&one.denies, quotes, |quote| !QUALITY.is_match(quote) || LESS.is_match(quote))
}

/// The sentences of a side, each with its article.
fn sentences<'q>(side: &Side, quotes: &'q Quotes) -> BTreeSet<&'q (String, String)> {
    side.claims.iter().filter_map(|claim| quotes.get(claim)).collect()
}

/// Whether the quotes are known and all are so.
fn each(side: &Side, quotes: &Quotes, so: impl Fn(&str) -> bool) -> bool {
    let sentences = sentences(side, quotes);
    !sentences.is_empty() && sentences.into_iter().all(|(_, quote)| so(quote))
}

#[cfg(test)]
mod tests {
    use super::{Quotes, is_apparent};
    use crate::analyse::{Context, Contradiction, Side};

    /// Whether two quotes of one article that say so only seem to contradict each other.
    fn apparent(says: [&str; 2], said: [&str; 2]) -> bool {
        let mut quotes = Quotes::new();
        let [affirms, denies] = [0, 1].map(|at| {
            quotes.insert(format!("claim {at}"), ("article".to_owned(), said[at].to_owned()));
            let claims = [format!("claim {at}")].into();
            Side { says: [says[at].to_owned()].into(), claims, context: Context::default(), ..Side::default() }
        });
        is_apparent(&Contradiction { from: "A".into(), to: "B".into(), affirms, denies, differs: Vec::new() }, &quotes)
    }

    #[test]
    fn one_sentence_that_raises_and_lowers_speaks_of_two_parts() {
        let parts = "Fasting increased the share of large LDL particles while decreasing that of small LDL particles.";
        assert!(apparent(["increases", "decreases"], [parts, parts]));
        assert!(!apparent(["increases", "decreases"], ["It raised LDL.", "It lowered LDL."]));
        let contrast = "Hypoxia was associated with early bleeding, and not with late bleeding.";
        assert!(!apparent(["correlatesWith", "not correlatesWith"], [contrast, contrast]));
    }

    #[test]
    fn what_improves_may_fall() {
        assert!(apparent(["increases", "decreases"], ["Melatonin improved blood pressure.", "Melatonin lowered blood pressure."]));
        let lowered = "It improved function and reduced pain.";
        assert!(apparent(["increases", "decreases"], ["Exercise led to an improvement in pain.", lowered]));
        let pair = ["positivelyCorrelatesWith", "negativelyCorrelatesWith"];
        assert!(apparent(pair, ["It was associated with better triglycerides.", "It was associated with lower triglycerides."]));
        assert!(!apparent(["increases", "not increases"], ["It improved relaxation.", "It did not improve relaxation."]));
        assert!(!apparent(["increases", "decreases"], ["It improved renal function.", "It impaired renal function."]));
        assert!(!apparent(["increases", "decreases"], ["It raised TIMP and improved healing.", "It lowered TIMP."]));
    }

    #[test]
    fn a_question_is_no_answer() {
        for question in [
            "The objective was to determine whether tofacitinib changes filtration.",
            "It has not been elucidated whether it acts on PTH.",
            "The correlation with dose was also investigated.",
        ] {
            assert!(apparent(["affects", "not affects"], [question, "It had no effect."]), "{question}");
        }
        assert!(!apparent(["affects", "not affects"], ["Studies of its effect on CRP conflict.", "It had no effect on CRP."]));
    }
}
