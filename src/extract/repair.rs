//! Mends parses where the words themselves say otherwise: a finite verb taken for a modifier, a list taken for appositions, a subject
//! hung on an adverb.

use crate::language::Token;

/// Mends the parse of a sentence.
pub fn tree(text: &str, tokens: &mut [Token]) {
    for i in 0..tokens.len() {
        finite_modifier(tokens, i);
        own_subject(tokens, i);
        own_object(text, tokens, i);
    }
    for i in 0..tokens.len() {
        list_item(text, tokens, i);
        second_verb(tokens, i);
        second_object(tokens, i);
        subject_of_adverb(tokens, i);
        cleft(tokens, i);
        given(tokens, i);
        relating(text, tokens, i);
    }
}

/// "X induced a Y state" read as "[X induced] state": what is finite modifies nothing, so the noun is its object.
fn finite_modifier(tokens: &mut [Token], verb: usize) {
    let token = &tokens[verb];
    let Some(noun) = token.head.filter(|&h| h > verb) else { return };
    if !matches!(token.tag, "VBD" | "VBZ") || token.relation != "amod" {
        return;
    }
    let before = |i: &usize| *i < verb && tokens[*i].tag.starts_with("NN");
    let subject = (0..verb).rev().filter(before).find(|&i| {
        matches!(tokens[i].head, Some(h) if h == verb || h == noun)
            && matches!(tokens[i].relation, "npadvmod" | "compound" | "nmod" | "nsubj" | "dep" | "amod")
    });
    let Some(subject) = subject else { return };
    let other_verb = (0..tokens.len()).any(|i| i != verb && matches!(tokens[i].tag, "VBD" | "VBZ" | "VBP" | "MD") && i < noun && i > verb);
    if other_verb {
        return;
    }
    let (head, relation) = (tokens[noun].head, tokens[noun].relation);
    for (i, token) in tokens.iter_mut().enumerate() {
        if token.head == Some(noun) && i < verb && i != subject {
            token.head = Some(if i < subject && !matches!(token.relation, "punct" | "prep" | "advmod") { subject } else { verb });
        } else if token.head == Some(noun) && matches!(token.relation, "punct" | "advcl") {
            token.head = Some(verb);
        } else if token.head == Some(verb) && i < subject && matches!(token.relation, "compound" | "nmod" | "amod" | "det") {
            token.head = Some(subject);
        }
    }
    tokens[verb].head = head;
    tokens[verb].relation = relation;
    tokens[noun].head = Some(verb);
    tokens[noun].relation = "dobj";
    tokens[subject].head = Some(verb);
    tokens[subject].relation = "nsubj";
}

/// "As expected, X increased Y" with X read as a measure of the verb, or the whole as a clause about the noun before: the noun right
/// before a finite verb without a subject is its subject.
fn own_subject(tokens: &mut [Token], verb: usize) {
    let finite = matches!(tokens[verb].tag, "VBD" | "VBZ");
    let clause = matches!(tokens[verb].relation, "relcl" | "acl");
    let has_subject = tokens.iter().any(|t| t.head == Some(verb) && matches!(t.relation, "nsubj" | "nsubjpass"));
    let before = verb.wrapping_sub(1);
    let Some(noun) = tokens.get(before).filter(|t| finite && !has_subject && t.tag.starts_with("NN") && t.head == Some(verb)) else {
        return;
    };
    let measured = noun.relation == "npadvmod"
        && !matches!(&*noun.lemma, "day" | "week" | "month" | "year" | "hour" | "minute" | "time" | "fold" | "%");
    if clause || measured {
        tokens[before].relation = "nsubj";
    }
}

/// "X reduced Y more than Z" with Y read as a measure of "more": the noun behind the verb is its object.
fn own_object(text: &str, tokens: &mut [Token], noun: usize) {
    let Some(more) = tokens[noun].head.filter(|&h| h == noun + 1 && tokens[noun].relation == "npadvmod") else { return };
    let verb = tokens[more].head.filter(|&v| v < noun && tokens[v].tag.starts_with("VB") && tokens[more].relation == "dobj");
    if let Some(verb) = verb.filter(|_| matches!(tokens[more].span.of(text), "more" | "less" | "better" | "further")) {
        tokens[noun].head = Some(verb);
        tokens[noun].relation = "dobj";
        tokens[more].relation = "advmod";
    }
}

/// "A, B, and C" with B read as another name of A: before "and" it is an item of the list.
fn list_item(text: &str, tokens: &mut [Token], item: usize) {
    let Some(head) = tokens[item].head.filter(|&h| h < item) else { return };
    if tokens[item].relation != "appos" || !tokens[item].tag.starts_with("NN") || !tokens[head].tag.starts_with("NN") {
        return;
    }
    let word = |i: usize| tokens[i].span.of(text);
    // A bracket between the two makes the second another name of the first.
    let mut first = item;
    while first > head + 1 && !matches!(word(first - 1), "," | "(" | "[" | ";" | ":") {
        first -= 1;
    }
    if first == 0 || word(first - 1) != "," {
        return;
    }
    let joined =
        (item + 1..tokens.len()).any(|i| tokens[i].relation == "conj" && (tokens[i].head == Some(item) || tokens[i].head == Some(head)));
    let commas = (item + 1..tokens.len().min(item + 14))
        .any(|i| tokens[i].relation == "cc" && matches!(word(i), "and" | "or") && i > 0 && word(i - 1) == ",");
    if joined && commas {
        tokens[item].relation = "conj";
    }
}

/// "for reducing X and increasing Y", "raised X and lowered Y" with the second verb read as a modifier of Y: behind "and" it is a verb as the first.
fn second_verb(tokens: &mut [Token], second: usize) {
    let token = &tokens[second];
    let Some(noun) = token.head.filter(|&h| h > second) else { return };
    let joined = second > 0 && (tokens[second - 1].tag == "CC" || tokens[second - 1].tag == ",");
    if !matches!(token.tag, "VBG" | "VBD" | "VBZ") || token.relation != "amod" || !joined || tokens[noun].relation != "conj" {
        return;
    }
    let Some(before) = tokens[noun].head.filter(|&h| h < second) else { return };
    let is_first = |h: &usize| tokens[*h].tag == token.tag && *h < second;
    let first =
        Some(before).filter(is_first).or_else(|| tokens[before].head.filter(is_first).filter(|_| tokens[before].relation == "dobj"));
    let Some(first) = first else { return };
    tokens[second].head = Some(first);
    tokens[second].relation = "conj";
    tokens[noun].head = Some(second);
    tokens[noun].relation = "dobj";
}

/// "inhibits X as well as Y" with two objects: the second is joined to the first.
fn second_object(tokens: &mut [Token], object: usize) {
    let is_object = |i: usize| tokens[i].relation == "dobj" && tokens[i].head == tokens[object].head;
    if !is_object(object) {
        return;
    }
    let Some(first) = (0..object).rev().find(|&i| is_object(i)) else { return };
    if (first..object).any(|i| tokens[i].relation == "cc" && (tokens[i].head == tokens[object].head || tokens[i].head == Some(first))) {
        tokens[object].head = Some(first);
        tokens[object].relation = "conj";
    }
}

/// "X markedly lowers Y" with X read as the subject of "markedly": it is that of the verb.
fn subject_of_adverb(tokens: &mut [Token], subject: usize) {
    let adverb = tokens[subject].head.filter(|&h| tokens[h].tag == "RB" && tokens[h].relation == "advmod");
    let verb = adverb.and_then(|a| tokens[a].head).filter(|&v| tokens[v].tag.starts_with("VB"));
    if matches!(tokens[subject].relation, "nsubj" | "nsubjpass") && verb.is_some() {
        tokens[subject].head = verb;
    }
}

/// "It is X that drives Y" with the clause read as what "is" says: it is about X.
fn cleft(tokens: &mut [Token], verb: usize) {
    if tokens[verb].relation != "ccomp" {
        return;
    }
    let Some(that) = (1..verb).find(|&i| tokens[i].tag == "WDT" && tokens[i].head == Some(verb)) else { return };
    if tokens[that - 1].relation == "attr" && tokens[that - 1].head == tokens[verb].head {
        tokens[verb].head = Some(that - 1);
        tokens[verb].relation = "relcl";
    }
}

/// "rats given X" with "given" read as a preposition: behind a noun it tells what that was given.
fn given(tokens: &mut [Token], participle: usize) {
    let behind = participle > 0 && tokens[participle].head == Some(participle - 1) && tokens[participle - 1].tag.starts_with("NN");
    if tokens[participle].tag != "VBN" || tokens[participle].relation != "prep" || !behind {
        return;
    }
    tokens[participle].relation = "acl";
    for token in tokens.iter_mut().filter(|t| t.head == Some(participle) && t.relation == "pobj") {
        token.relation = "dobj";
    }
}

/// Nouns that tell of two things "between" which they are.
const BETWEEN: [&str; 7] = ["difference", "association", "correlation", "relationship", "relation", "interaction", "link"];
/// Verbs of seeing: who sees does it "by" nothing.
const SEEING: [&str; 8] = ["see", "observe", "find", "show", "report", "detect", "note", "demonstrate"];

/// "difference in X between A and B" with "between" read as X's own, "saw inhibition of X by Y" with "by" read as that of "saw".
fn relating(text: &str, tokens: &mut [Token], preposition: usize) {
    let Some(head) = tokens[preposition].head.filter(|&h| h < preposition && tokens[preposition].relation == "prep") else { return };
    match tokens[preposition].span.of(text) {
        "between" if tokens[head].relation == "pobj" => {
            let noun = tokens[head].head.filter(|&p| p < head).and_then(|p| tokens[p].head).filter(|&n| n < head);
            if noun.is_some_and(|n| BETWEEN.contains(&&*tokens[n].lemma)) && !BETWEEN.contains(&&*tokens[head].lemma) {
                tokens[preposition].head = noun;
            }
        }
        "by" if SEEING.contains(&&*tokens[head].lemma) && !tokens.iter().any(|t| t.head == Some(head) && t.relation == "auxpass") => {
            let object = (head..preposition).find(|&i| tokens[i].head == Some(head) && tokens[i].relation == "dobj");
            let has_of = |o: usize| tokens.iter().any(|t| t.head == Some(o) && t.relation == "prep" && t.span.of(text) == "of");
            if let Some(object) = object.filter(|&o| has_of(o)) {
                tokens[preposition].head = Some(object);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn tokens(text: &str, parse: &[(&'static str, Option<usize>, &'static str)]) -> Vec<Token> {
        let mut at = 0;
        let words = text.split(' ').map(|w| {
            let span = Span::new(at, at + w.len());
            at += w.len() + 1;
            span
        });
        words.zip(parse).map(|(span, &(tag, head, relation))| Token { span, tag, lemma: span.of(text).into(), head, relation }).collect()
    }

    #[test]
    fn a_finite_verb_takes_its_noun_for_an_object() {
        let text = "Stents induced systemic inflammation";
        let mut parsed =
            tokens(text, &[("NNS", Some(1), "npadvmod"), ("VBD", Some(3), "amod"), ("JJ", Some(3), "amod"), ("NN", None, "root")]);
        tree(text, &mut parsed);
        let heads: Vec<_> = parsed.iter().map(|t| (t.head, t.relation)).collect();
        assert_eq!(heads, [(Some(1), "nsubj"), (None, "root"), (Some(3), "amod"), (Some(1), "dobj")]);
    }

    #[test]
    fn an_item_of_a_list_is_no_apposition() {
        let text = "CRP , TNF , and leptin";
        let mut parsed = tokens(
            text,
            &[
                ("NN", None, "root"),
                (",", Some(0), "punct"),
                ("NN", Some(0), "appos"),
                (",", Some(2), "punct"),
                ("CC", Some(2), "cc"),
                ("NN", Some(2), "conj"),
            ],
        );
        tree(text, &mut parsed);
        assert_eq!(parsed[2].relation, "conj");
    }

    #[test]
    fn a_verb_behind_and_is_a_verb_as_the_first() {
        let text = "X raised Y and lowered Z";
        let mut parsed = tokens(
            text,
            &[
                ("NN", Some(1), "nsubj"),
                ("VBD", None, "root"),
                ("NN", Some(1), "dobj"),
                ("CC", Some(1), "cc"),
                ("VBD", Some(5), "amod"),
                ("NN", Some(1), "conj"),
            ],
        );
        tree(text, &mut parsed);
        assert_eq!((parsed[4].head, parsed[4].relation), (Some(1), "conj"));
        assert_eq!((parsed[5].head, parsed[5].relation), (Some(4), "dobj"));
    }

    #[test]
    fn between_belongs_to_what_relates() {
        let text = "difference in weight between arms";
        let mut parsed = tokens(
            text,
            &[("NN", None, "root"), ("IN", Some(0), "prep"), ("NN", Some(1), "pobj"), ("IN", Some(2), "prep"), ("NNS", Some(3), "pobj")],
        );
        tree(text, &mut parsed);
        assert_eq!(parsed[3].head, Some(0));
    }

    #[test]
    fn a_cleft_is_about_what_it_names() {
        let text = "It is X that drives Y";
        let mut parsed = tokens(
            text,
            &[
                ("PRP", Some(1), "nsubj"),
                ("VBZ", None, "root"),
                ("NN", Some(1), "attr"),
                ("WDT", Some(4), "dep"),
                ("VBZ", Some(1), "ccomp"),
                ("NN", Some(4), "dobj"),
            ],
        );
        tree(text, &mut parsed);
        assert_eq!((parsed[4].head, parsed[4].relation), (Some(2), "relcl"));
    }
}
