//! Other ways to write a name, made when the lexicon is compiled.

use crate::annotate::Category;
use crate::annotate::normalise::key;

/// How a key came from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// The name itself.
    Same,
    /// Words in another order ("carcinoma of the breast").
    Reordered,
    /// A word left out that adds nothing ("CD4+ T cell").
    Shortened,
    /// Greek letters as Latin ones ("TNFa").
    Latin,
    /// The adjective ("osteoarthritic").
    Adjective,
    /// Another word class that only points to it ("hepatic", "phosphorylated").
    Derived,
}

impl Variant {
    /// Every variant, by number.
    pub const ALL: [Self; 6] = [Self::Same, Self::Reordered, Self::Shortened, Self::Latin, Self::Adjective, Self::Derived];

    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "as written",
            Self::Reordered => "words in another order",
            Self::Shortened => "short form",
            Self::Latin => "Greek letter written in Latin",
            Self::Adjective => "adjective",
            Self::Derived => "a derived word that points to it",
        }
    }
}

/// The keys under which `name` is found, the plain one first.
pub fn keys(name: &str, category: Category) -> Vec<(String, Variant)> {
    let plain = key(name);
    let mut out = Vec::with_capacity(2);
    if plain.len() < 2 || plain.len() > 200 || plain.bytes().all(|b| b.is_ascii_digit()) {
        return out;
    }
    let add = |out: &mut Vec<(String, Variant)>, text: &str, variant| {
        let k = key(text);
        if k.len() > 1 && k != plain && !out.iter().any(|o| o.0 == k) {
            out.push((k, variant));
        }
    };
    if let Some((tail, head)) = name.rsplit_once(", ")
        && !tail.contains(", ")
        && !head.contains(' ')
    {
        add(&mut out, &format!("{head} {tail}"), Variant::Reordered);
    }
    if name.contains("ype ") || name.contains("class ") || name.contains("grade ") {
        for r in numbered(name) {
            add(&mut out, &r, Variant::Reordered);
        }
    }
    if let Some((head, rest)) = name.split_once(" of ")
        && !rest.contains(" of ")
        && !rest.contains(" in ")
        && !rest.contains(" by ")
        && rest.split(' ').count() <= 3
    {
        add(&mut out, &format!("{} {head}", rest.trim_start_matches("the ")), Variant::Reordered);
    } else if reorders(category)
        && let Some((modifier, head)) = name.rsplit_once(' ')
        && modifier.split(' ').count() <= 2
        && !name.contains(" of ")
        && !name.contains(',')
    {
        add(&mut out, &format!("{head} of {modifier}"), Variant::Reordered);
    }
    if name.contains("-positive") {
        add(&mut out, &name.replace("-positive", "").replace(',', ""), Variant::Shortened);
    }
    if let Some((before, after)) = name.split_once(" (")
        && let Some((inside, rest)) = after.split_once(')')
        && rest.is_empty()
        && matches!(inside, "disease" | "disorder" | "process" | "sensu Vertebrata" | "sensu Mammalia" | "human" | "finding")
    {
        add(&mut out, before, Variant::Shortened);
    }
    if category == Category::Disease {
        for end in [" (disease)", ", NOS", ", unspecified"] {
            if let Some(short) = name.strip_suffix(end) {
                add(&mut out, short, Variant::Shortened);
            }
        }
    }
    if matches!(category, Category::Gene | Category::Protein | Category::GeneFamily) {
        if let Some(latin) = latin(name) {
            add(&mut out, &latin, Variant::Latin);
        }
        for end in [" gene", " protein"] {
            // "obese protein" is not called "obese".
            if let Some(short) = name.strip_suffix(end).filter(|s| s.contains(|c: char| c.is_ascii_digit()) || s.contains(' ')) {
                add(&mut out, short, Variant::Shortened);
            }
        }
    }
    if matches!(
        category,
        Category::Cell | Category::BiologicalProcess | Category::Disease | Category::PhenotypicFeature | Category::PathologicalProcess
    ) {
        for a in adjectives(name) {
            add(&mut out, &a, Variant::Adjective);
        }
    }
    if name.len() > 5 && name.ends_with('S') && !name.contains(char::is_lowercase) {
        add(&mut out, &name.to_lowercase(), Variant::Same);
    }
    out.insert(0, (plain, Variant::Same));
    out
}

fn reorders(category: Category) -> bool {
    matches!(category, Category::Disease | Category::PhenotypicFeature | Category::BiologicalProcess | Category::AnatomicalEntity)
}

/// "type II collagen" for "collagen type II", and the other way.
fn numbered(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let mut out = Vec::new();
    let Some(i) = words.iter().position(|w| matches!(*w, "type" | "Type" | "class" | "grade")) else { return out };
    if i + 1 >= words.len() || words[i + 1].len() > 5 {
        return out;
    }
    let pair = [words[i], words[i + 1].trim_end_matches(',')];
    if i == 0 && words.len() > 2 {
        out.push([&words[2..], &pair[..]].concat().join(" "));
    } else if i > 0 && i + 2 == words.len() {
        let before = words[..i].join(" ");
        out.push(format!("{} {}", pair.join(" "), before.trim_end_matches(',')));
        if i == 1 {
            out.push(format!("{} {}", before.trim_end_matches(','), pair[1]));
        }
    }
    out
}

fn latin(name: &str) -> Option<String> {
    let mut out = name.to_owned();
    for (c, l) in [
        ("alpha", "a"),
        ("beta", "b"),
        ("gamma", "g"),
        ("delta", "d"),
        ("kappa", "k"),
        ("α", "a"),
        ("β", "b"),
        ("γ", "g"),
        ("δ", "d"),
        ("κ", "k"),
    ] {
        let mut from = 0;
        while let Some(at) = out.get(from..).and_then(|t| t.find(c)).map(|at| at + from) {
            let before = out[..at].chars().next_back();
            let after = out[at + c.len()..].chars().next();
            let free = !before.is_some_and(char::is_lowercase) && !after.is_some_and(char::is_lowercase);
            if free && before.is_some_and(|b| b != ' ') {
                out.replace_range(at..at + c.len(), l);
            }
            from = at + 1;
            while !out.is_char_boundary(from) {
                from += 1;
            }
        }
    }
    (out != name).then_some(out)
}

/// Endings of nouns and of the adjectives made from them.
const ADJECTIVES: [(&str, &str); 19] = [
    ("mitosis", "mitotic"),
    ("meiosis", "meiotic"),
    ("poiesis", "poietic"),
    ("metabolism", "metabolic"),
    ("neuron", "neuronal"),
    ("glial cell", "glial"),
    ("blast", "blastic"),
    ("cyte", "cytic"),
    ("obesity", "obese"),
    ("itis", "itic"),
    ("emia", "emic"),
    ("aemia", "aemic"),
    ("osis", "otic"),
    ("tension", "tensive"),
    ("epilepsy", "epileptic"),
    ("diabetes", "diabetic"),
    ("plegia", "plegic"),
    ("pathy", "pathic"),
    ("trophy", "trophic"),
];

fn adjectives(name: &str) -> Vec<String> {
    if name.contains(' ') && name != "glial cell" || name.len() < 6 {
        return Vec::new();
    }
    ADJECTIVES.iter().filter_map(|(noun, adjective)| name.strip_suffix(noun).map(|stem| format!("{stem}{adjective}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_other_order_and_spelling() {
        let has = |name: &str, category, other: &str| keys(name, category).iter().any(|k| k.0 == key(other));
        assert!(has("type II collagen", Category::Protein, "collagen type II"));
        assert!(has("collagen type II", Category::Protein, "type 2 collagen"));
        assert!(has("collagen type III", Category::Protein, "collagen III"));
        assert!(has("breast carcinoma", Category::Disease, "carcinoma of the breast"));
        assert!(has("positive regulation of autophagy", Category::BiologicalProcess, "autophagy positive regulation"));
        assert!(has("TNF-alpha", Category::Gene, "TNF-a"));
        assert!(has("osteoarthritis", Category::Disease, "osteoarthritic"));
        assert!(has("Neoplasms, Breast", Category::Disease, "breast neoplasm"));
        assert!(has("CD4-positive, alpha-beta T cell", Category::Cell, "CD4+ alpha-beta T cells"));
    }
}
