//! Training variants: what a treebank of articles lacks and web articles are full of.
//!
//! Derived mechanically from the trees: sentences whose subject is dropped (`Restores collagen`, `Restore collagen`), title
//! case, missing final stops, noun phrases and gerund clauses cut out as fragments, `X: Y` lines, and names joined to one word.

use std::collections::BTreeSet;

use evigraph::language::labels::{RELATIONS, ROOT, TAGS, relation_code, tag_code};
use evigraph::language::train::GoldSentence;

/// A variant and, for each of its words, the word of the original sentence that it is, unless it is new or changed.
pub struct Variant {
    pub sentence: GoldSentence,
    pub origin: Vec<Option<usize>>,
    /// Whether names of several words are one: only the parser meets these.
    pub joined: bool,
}

/// One sentence in this many gives a variant of each kind, where it can.
const EVERY: usize = 6;

/// The variants of the sentence number `number`; the number decides which kinds are made of it.
pub fn of(s: &GoldSentence, number: usize) -> Vec<Variant> {
    let turn = |kind: usize| (number + kind).is_multiple_of(EVERY);
    let mut out = Vec::new();
    if s.arcs.is_empty() || s.words.len() < 3 {
        return out;
    }
    if number.is_multiple_of(2) {
        out.extend(without_subject(s, number.is_multiple_of(4)));
    }
    if turn(1) && s.words.len() <= 16 {
        out.push(title(without_stop(whole(s))));
    }
    if turn(2) {
        out.push(without_stop(whole(s)));
    }
    if turn(3) {
        out.extend(
            fragment(s, |s, i| relation(s, i) != "root" && tag(s, i) == "VBG" && matches!(relation(s, i), "pcomp" | "advcl" | "acl"))
                .map(capital),
        );
    }
    if number.is_multiple_of(3) {
        out.extend(joined(s, number));
    }
    if turn(4) {
        let noun =
            |s: &GoldSentence, i: usize| matches!(relation(s, i), "dobj" | "pobj" | "nsubj" | "nsubjpass") && tag(s, i).starts_with("NN");
        if let Some(phrase) = fragment(s, noun) {
            if phrase.origin.len() <= 6 && number.is_multiple_of(3) {
                out.push(labelled(&phrase, s));
            }
            let phrase = capital(phrase);
            out.push(if number.is_multiple_of(4) { title(phrase) } else { phrase });
        }
    }
    out
}

fn tag(s: &GoldSentence, i: usize) -> &'static str {
    s.tags[i].map_or("", |t| TAGS[usize::from(t)])
}

fn relation(s: &GoldSentence, i: usize) -> &'static str {
    RELATIONS[usize::from(s.arcs[i].1)]
}

fn whole(s: &GoldSentence) -> Variant {
    Variant { sentence: s.clone(), origin: (0..s.words.len()).map(Some).collect(), joined: false }
}

/// The words below `top`, itself included.
fn subtree(s: &GoldSentence, top: usize) -> BTreeSet<usize> {
    let mut out = BTreeSet::from([top]);
    loop {
        let more: Vec<usize> = (0..s.arcs.len()).filter(|i| !out.contains(i) && s.arcs[*i].0.is_some_and(|h| out.contains(&h))).collect();
        if more.is_empty() {
            return out;
        }
        out.extend(more);
    }
}

/// The sentence with only the words in `keep`; words whose head is not kept become the root.
fn only(s: &GoldSentence, keep: &BTreeSet<usize>) -> Variant {
    let kept: Vec<usize> = keep.iter().copied().collect();
    let place = |old: usize| kept.binary_search(&old).ok();
    let arc = |i: &usize| match s.arcs[*i].0.and_then(place) {
        Some(head) => (Some(head), s.arcs[*i].1),
        None => (None, ROOT),
    };
    let mut glued: Vec<bool> = kept.iter().map(|&i| s.glued[i] && i > 0 && keep.contains(&(i - 1))).collect();
    if let Some(first) = glued.first_mut() {
        *first = false;
    }
    Variant {
        sentence: GoldSentence {
            words: kept.iter().map(|&i| s.words[i].clone()).collect(),
            glued,
            tags: kept.iter().map(|&i| s.tags[i]).collect(),
            lemmas: kept.iter().map(|&i| s.lemmas[i].clone()).collect(),
            arcs: kept.iter().map(arc).collect(),
        },
        origin: kept.into_iter().map(Some).collect(),
        joined: false,
    }
}

/// Whether exactly one word is the root.
fn is_tree(v: &Variant) -> bool {
    v.sentence.arcs.iter().filter(|a| a.0.is_none()).count() == 1
}

/// The sentence without the subject that begins it; as an imperative where `bare`.
fn without_subject(s: &GoldSentence, bare: bool) -> Option<Variant> {
    let root = (0..s.arcs.len()).find(|&i| s.arcs[i].0.is_none())?;
    let subject = (0..root).find(|&i| s.arcs[i].0 == Some(root) && relation(s, i) == "nsubj")?;
    let dropped = subtree(s, subject);
    // The subject must begin the sentence, and the verb follow it at once.
    if !matches!(tag(s, root), "VBZ" | "VBP" | "VBD") || s.lemmas[root] == "be" || dropped.len() != root {
        return None;
    }
    let keep: BTreeSet<usize> = (0..s.words.len()).filter(|i| !dropped.contains(i)).collect();
    let mut v = without_stop(only(s, &keep));
    if !is_tree(&v) || v.origin.len() < 3 {
        return None;
    }
    if bare {
        v.sentence.words[0] = s.lemmas[root].clone();
        v.sentence.tags[0] = tag_code("VB");
        v.origin[0] = None;
    }
    Some(capital(v))
}

/// The largest phrase of 3 to 25 words whose top word passes.
fn fragment(s: &GoldSentence, pass: impl Fn(&GoldSentence, usize) -> bool) -> Option<Variant> {
    (0..s.words.len())
        .filter(|&i| pass(s, i))
        .map(|i| subtree(s, i))
        .filter(|t| (3..=25).contains(&t.len()))
        .max_by_key(BTreeSet::len)
        .map(|t| only(s, &t))
        .filter(is_tree)
}

/// `X: Y`, as the treebank has it: the first phrase hangs on the root of the second.
fn labelled(phrase: &Variant, s: &GoldSentence) -> Variant {
    let mut v = title(Variant { sentence: phrase.sentence.clone(), origin: vec![None; phrase.origin.len()], joined: false });
    let shift = v.origin.len() + 1;
    let root = shift + s.arcs.iter().position(|a| a.0.is_none()).unwrap_or_default();
    let hang = |name: &str| (Some(root), relation_code(name).unwrap_or_default());
    for arc in &mut v.sentence.arcs {
        if arc.0.is_none() {
            *arc = hang("dep");
        }
    }
    let t = &mut v.sentence;
    t.words.push(":".into());
    t.glued.push(true);
    t.tags.push(tag_code(":"));
    t.lemmas.push(":".into());
    t.arcs.push(hang("punct"));
    t.words.extend(s.words.iter().cloned());
    t.glued.extend(&s.glued);
    t.tags.extend(&s.tags);
    t.lemmas.extend(s.lemmas.iter().cloned());
    t.arcs.extend(s.arcs.iter().map(|a| (a.0.map(|h| h + shift), a.1)));
    v.origin.push(None);
    v.origin.extend((0..s.words.len()).map(Some));
    v
}

/// The sentence with names of several words as one noun each, as the extraction has the mentions that it knows: every other noun that has
/// words before it which belong to it alone.
fn joined(s: &GoldSentence, number: usize) -> Option<Variant> {
    // The first word of the name that each word ends, itself where it ends none.
    let mut first: Vec<usize> = (0..s.words.len()).collect();
    let mut end = 0;
    for (i, first) in first.iter_mut().enumerate() {
        let belongs =
            |j: usize| matches!(relation(s, j), "compound" | "nmod" | "amod" | "punct") && s.arcs[j].0.is_some_and(|h| h > j && h <= i);
        if !tag(s, i).starts_with("NN") || (i + number).is_multiple_of(2) {
            continue;
        }
        let from = (end..i).rev().take_while(|&j| belongs(j)).last().unwrap_or(i);
        let alone = (0..s.words.len()).all(|k| (from..=i).contains(&k) || s.arcs[k].0.is_none_or(|h| !(from..i).contains(&h)));
        if from < i && alone && tag(s, from) != "HYPH" {
            *first = from;
            end = i + 1;
        }
    }
    let inside: BTreeSet<usize> = (0..s.words.len()).flat_map(|i| first[i]..i).collect();
    if inside.is_empty() {
        return None;
    }
    let keep: BTreeSet<usize> = (0..s.words.len()).filter(|i| !inside.contains(i)).collect();
    let mut v = only(s, &keep);
    for (at, &i) in keep.iter().enumerate().filter(|(_, i)| first[**i] < **i) {
        let t = &mut v.sentence;
        t.words[at] =
            (first[i]..=i).map(|j| if j > first[i] && !s.glued[j] { format!(" {}", s.words[j]) } else { s.words[j].clone() }).collect();
        t.glued[at] = s.glued[first[i]];
        t.tags[at] = tag_code(if tag(s, i) == "NNS" { "NNS" } else { "NN" });
        t.lemmas[at] = t.words[at].to_lowercase();
        v.origin[at] = None;
    }
    v.joined = true;
    is_tree(&v).then_some(v)
}

fn without_stop(mut v: Variant) -> Variant {
    let s = &mut v.sentence;
    if s.words.last().is_some_and(|w| w == ".") && s.words.len() > 2 {
        s.words.pop();
        s.glued.pop();
        s.tags.pop();
        s.lemmas.pop();
        s.arcs.pop();
        v.origin.pop();
    }
    v
}

fn upper(word: &mut str) {
    if word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(|c| c.is_ascii_lowercase()) {
        word[..1].make_ascii_uppercase();
    }
}

/// The first word with a capital.
fn capital(mut v: Variant) -> Variant {
    if let Some(first) = v.sentence.words.first_mut() {
        upper(first);
    }
    v
}

/// All content words with a capital.
fn title(mut v: Variant) -> Variant {
    let s = &mut v.sentence;
    for (i, word) in s.words.iter_mut().enumerate() {
        let small = s.tags[i].is_some_and(|t| matches!(TAGS[usize::from(t)], "IN" | "CC" | "DT" | "TO"));
        if i == 0 || !small {
            upper(word);
        }
    }
    v
}
