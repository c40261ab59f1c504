//! Mends parses where the words themselves say otherwise: a finite verb taken for a modifier, a list taken for appositions.

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
        second_gerund(tokens, i);
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

/// "for reducing X and increasing Y" with "increasing" read as a modifier of Y: behind "and" it is the second gerund.
fn second_gerund(tokens: &mut [Token], gerund: usize) {
    let token = &tokens[gerund];
    let Some(noun) = token.head.filter(|&h| h > gerund) else { return };
    let joined = gerund > 0 && (tokens[gerund - 1].tag == "CC" || tokens[gerund - 1].tag == ",");
    if token.tag != "VBG" || token.relation != "amod" || !joined || tokens[noun].relation != "conj" {
        return;
    }
    let Some(object) = tokens[noun].head.filter(|&h| h < gerund) else { return };
    let Some(first) = tokens[object].head.filter(|&h| tokens[h].tag == "VBG" && h < object && tokens[object].relation == "dobj") else {
        return;
    };
    tokens[gerund].head = Some(first);
    tokens[gerund].relation = "conj";
    tokens[noun].head = Some(gerund);
    tokens[noun].relation = "dobj";
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
}
