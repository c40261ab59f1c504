//! Mends tags that a treebank of journal prose gets wrong in web articles and abstracts, before the parser sees them.

use super::rule::{Form, Rules};
use crate::document::BlockKind;
use crate::language::Token;

/// Endings that make nouns, whatever the tagger says of a word it never saw.
const NOUN_ENDINGS: [&str; 11] = ["ment", "tion", "sion", "ness", "ity", "ance", "ence", "osis", "itis", "relief", "therapy"];

/// Mends the tags of a sentence.
pub fn tags(text: &str, tokens: &mut [Token], kind: BlockKind, rules: &Rules) {
    words(text, tokens, rules);
    places(text, tokens);
    agreement(tokens, rules);
    main_verb(text, tokens, rules);
    imperative(text, tokens, kind, rules);
}

fn word(text: &str, token: &Token) -> String {
    token.span.of(text).to_lowercase()
}

fn is_verb(rules: &Rules, lemma: &str) -> bool {
    !rules.triggered(Form::Verb, lemma).is_empty()
}

fn set(token: &mut Token, tag: &'static str, lemma: String) {
    token.tag = tag;
    token.lemma = lemma.into();
}

/// Abbreviations spelt like function words, nouns taken for adjectives, and "to" before a noun or before a verb.
fn words(text: &str, tokens: &mut [Token], rules: &Rules) {
    // A heading all in capitals tells nothing of its words; a sentence with lower-case words does.
    let mostly_lower = tokens.iter().filter(|t| t.span.len() > 2 && t.span.of(text).chars().all(char::is_lowercase)).count() > 2;
    for i in 0..tokens.len() {
        let (raw, lower) = (tokens[i].span.of(text), word(text, &tokens[i]));
        let capitals = raw.len() > 1 && raw.chars().all(|c| c.is_ascii_uppercase());
        let tag = tokens[i].tag;
        if capitals && tag == "CD" && !raw.chars().all(|c| "IVXLC".contains(c)) {
            tokens[i].tag = "NN";
        } else if capitals && mostly_lower && matches!(tag, "TO" | "IN" | "PRP" | "DT" | "CC" | "MD" | "VB" | "VBP" | "VBZ" | "RB" | "JJ") {
            // "TO increased X": an abbreviation.
            set(&mut tokens[i], "NN", lower);
        } else if tag.starts_with("JJ") && NOUN_ENDINGS.iter().any(|e| lower.ends_with(e)) {
            set(&mut tokens[i], "NN", lower);
        } else if tag == "NNS" && lower.ends_with("ce") && !["mice", "lice", "dice"].iter().any(|e| lower.ends_with(e)) {
            // "Juice", which looks like "mice".
            set(&mut tokens[i], "NN", lower);
        } else if lower == "likely" && tokens.get(i + 1).is_some_and(|t| t.tag.starts_with("VB")) {
            tokens[i].tag = "RB";
        } else if lower == "to" && i + 1 < tokens.len() {
            let next = word(text, &tokens[i + 1]);
            let after = tokens.get(i + 2).map_or("", |t| t.tag);
            if tokens[i + 1].tag != "VB" && is_verb(rules, &next) && matches!(after, "DT" | "NN" | "NNS" | "NNP" | "JJ" | "PRP$" | "VBN") {
                set(&mut tokens[i + 1], "VB", next);
                tokens[i].tag = "TO";
            } else if tag == "TO" && matches!(tokens[i + 1].tag, "NN" | "NNS" | "NNP" | "DT" | "PRP$" | "CD") {
                tokens[i].tag = "IN";
            }
        }
    }
}

/// Verbs where none can stand: "the enhanced activity", "all-cause mortality", "needed rescue medication".
fn places(text: &str, tokens: &mut [Token]) {
    for i in 1..tokens.len().saturating_sub(1) {
        let (before, next) = (tokens[i - 1].tag, tokens[i + 1].tag);
        let glued = i > 1 && tokens[i - 1].span.of(text) == "-" && tokens[i - 1].span.end == tokens[i].span.start;
        // Only these are followed by a bare infinitive: "helped reduce pain".
        let helps = matches!(&*tokens[i - 1].lemma, "do" | "help" | "let" | "make" | "have" | "see");
        let bare = tokens[i].tag == "VB" && matches!(before, "VBD" | "VBZ" | "VBP" | "VBN") && !helps;
        if tokens[i].tag == "VBD" && matches!(before, "DT" | "PRP$" | "IN") && (next.starts_with("NN") || next == "JJ") {
            tokens[i].tag = "VBN";
        } else if next.starts_with("NN") && (glued && matches!(tokens[i].tag, "VB" | "VBP") || bare) {
            tokens[i].tag = "NN";
        }
    }
}

/// "NT-3 release from X": a singular noun right before it cannot be the subject of a plural verb.
fn agreement(tokens: &mut [Token], rules: &Rules) {
    // "Chondrocytes release enzymes that …": a plural noun and a singular one that can be a verb open a clause.
    if let [first, second, third, fourth, ..] = tokens
        && (first.tag, second.tag, third.tag, fourth.tag) == ("NNS", "NN", "NNS", "WDT")
        && is_verb(rules, &second.lemma)
    {
        second.tag = "VBP";
    }
    for i in 1..tokens.len() {
        let coordinated = i >= 2 && tokens[i - 2].tag == "CC";
        let finite_behind = tokens.get(i + 1).is_some_and(|t| matches!(t.tag, "VBZ" | "VBD" | "MD"));
        // "consumption of fruit concentrate, …": no verb stands right before a comma with nothing behind it to act on.
        let ends_phrase = tokens.get(i + 1).is_some_and(|t| t.tag == ",") && tokens[i + 1..].iter().any(|t| t.tag == "VBD");
        if tokens[i].tag == "VBP"
            && tokens[i - 1].tag == "NN"
            && !coordinated
            && (finite_behind || ends_phrase || !rules.triggered(Form::Noun, &tokens[i].lemma).is_empty())
        {
            tokens[i].tag = "NN";
        }
    }
}

/// "Simvastatin reduced airway inflammation", "X or Y lowers fever": where no verb is finite, the first word between two nouns that can be a trigger's finite form is one.
fn main_verb(text: &str, tokens: &mut [Token], rules: &Rules) {
    let finite = |t: &Token| matches!(t.tag, "VBD" | "VBZ" | "VBP" | "MD");
    // "Regarding X, Y lowered Z": the clause begins behind the comma.
    let opening = tokens.first().is_some_and(|t| t.tag.starts_with("VB"));
    let comma = tokens.iter().position(|t| t.tag == ",").filter(|_| tokens.first().is_some_and(|t| t.tag == "VBG"));
    if tokens.iter().any(finite) || opening && comma.is_none() {
        return;
    }
    for i in comma.filter(|_| opening).unwrap_or(0) + 1..tokens.len().saturating_sub(1) {
        let opens = matches!(tokens[i + 1].tag, "DT" | "JJ" | "NN" | "NNS" | "NNP" | "PRP$" | "CD" | "VBG");
        let before = tokens[i - 1].tag;
        let lower = word(text, &tokens[i]);
        if !before.starts_with("NN") {
            continue;
        }
        let past = past_stems(&lower).into_iter().find(|s| is_verb(rules, s));
        let singular = lower.strip_suffix('s').filter(|s| is_verb(rules, s)).map(str::to_owned);
        let (tag, lemma) = match tokens[i].tag {
            "VBN" | "JJ" if past.is_some() && (opens || tokens[i + 1].tag == "IN") => ("VBD", past),
            "NN" if matches!(lower.as_str(), "rose" | "fell" | "grew") => ("VBD", irregular(&lower)),
            "NNS" if opens && before != "NNS" && singular.is_some() => ("VBZ", singular),
            "JJ" | "NN" if opens && before == "NNS" && is_verb(rules, &lower) => ("VBP", Some(lower)),
            _ => continue,
        };
        if let Some(lemma) = lemma {
            set(&mut tokens[i], tag, lemma);
            return;
        }
    }
}

fn irregular(word: &str) -> Option<String> {
    let base = match word {
        "rose" => "rise",
        "fell" => "fall",
        _ => "grow",
    };
    Some(base.to_owned())
}

/// Base forms that a past participle may come from.
fn past_stems(word: &str) -> Vec<String> {
    let Some(stem) = word.strip_suffix("ed") else { return Vec::new() };
    let mut stems = vec![stem.to_owned(), format!("{stem}e")];
    if let Some(y) = stem.strip_suffix('i') {
        stems.push(format!("{y}y"));
    }
    stems
}

/// A list item that opens with the base form of a trigger verb is an imperative, whatever its capital letter suggests.
fn imperative(text: &str, tokens: &mut [Token], kind: BlockKind, rules: &Rules) {
    if kind != BlockKind::ListItem {
        return;
    }
    let Some((first, rest)) = tokens.split_first_mut() else { return };
    let opening = word(text, first);
    let followed = rest.first().is_some_and(|t| !matches!(t.tag, "IN" | "HYPH" | "VBZ" | "VBD" | "VBP" | "MD" | "CC" | "," | ":"));
    if first.tag != "VB" && followed {
        if is_verb(rules, &opening) {
            set(first, "VB", opening);
        } else if let Some(base) = opening.strip_suffix('s').filter(|b| is_verb(rules, b)) {
            set(first, "VBZ", base.to_owned());
        }
    }
    // "Promote X via Y release from Z": an imperative holds no second finite verb of the same form.
    if matches!(first.tag, "VB" | "VBZ") {
        for token in rest.iter_mut().filter(|t| t.tag == "VBP" && !rules.triggered(Form::Noun, &t.lemma).is_empty()) {
            token.tag = "NN";
        }
    }
}
