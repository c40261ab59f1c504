//! Scores on annotated articles.

use std::collections::HashSet;

use anyhow::Result;
use evigraph::language::labels::{RELATIONS, TAGS};
use evigraph::language::{Engine, Token};
use evigraph::text::Span;

use crate::conll::Article;

/// Prints the scores of an engine: tags, parses (punctuation left out) and lemmas with gold tokens, and sentences and tokens from raw text.
pub fn report(engine: &Engine, articles: &[Article]) -> Result<()> {
    let (mut words, mut tags, mut lemmas, mut all, mut heads, mut relations) = (0, 0, 0, 0, 0, 0);
    let mut by_relation = vec![(0_usize, 0_usize, 0_usize); RELATIONS.len()];
    let started = std::time::Instant::now();
    let (mut tag_time, mut parse_time) = (0.0, 0.0);
    for s in articles.iter().flat_map(|a| &a.sentences) {
        let text = s.words.join(" ");
        let mut at = 0;
        let mut tokens: Vec<Token> = s
            .words
            .iter()
            .map(|w| {
                let span = Span::new(at, at + w.len());
                at = span.end + 1;
                Token { span, tag: "", lemma: Box::default(), head: None, relation: "" }
            })
            .collect();
        let before = started.elapsed().as_secs_f64();
        engine.tag(&text, &mut tokens);
        let between = started.elapsed().as_secs_f64();
        engine.parse(&text, &mut tokens);
        tag_time += between - before;
        parse_time += started.elapsed().as_secs_f64() - between;
        for (i, t) in tokens.iter().enumerate() {
            words += 1;
            let gold = s.tags[i].map_or("", |g| TAGS[usize::from(g)]);
            tags += usize::from(t.tag == gold);
            lemmas += usize::from(*t.lemma == s.lemmas[i].to_lowercase());
            let (head, relation) = s.arcs[i];
            if RELATIONS[usize::from(relation)] != "punct" {
                all += 1;
                let row = &mut by_relation[usize::from(relation)];
                row.0 += 1;
                if t.head == head {
                    heads += 1;
                    row.1 += 1;
                    let same = usize::from(t.relation == RELATIONS[usize::from(relation)]);
                    relations += same;
                    row.2 += same;
                }
            }
        }
    }
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    let mut out = format!(
        "tokens {words}\ntags {:.4}\nlemmas {:.4}\nUAS {:.4}\nLAS {:.4}\ntagging {:.0} tokens/s, parsing {:.0} tokens/s, both {:.0} tokens/s\n",
        share(tags, words),
        share(lemmas, words),
        share(heads, all),
        share(relations, all),
        words as f64 / tag_time,
        words as f64 / parse_time,
        words as f64 / (tag_time + parse_time)
    );
    for (i, (n, h, r)) in by_relation.iter().enumerate().filter(|(_, r)| r.0 > 0) {
        out.push_str(&format!("  {:12} {n:6}  head {:.3}  both {:.3}\n", RELATIONS[i], share(*h, *n), share(*r, *n)));
    }
    let (sentences, tokens) = raw(engine, articles);
    out.push_str(&format!("sentences from raw text: {sentences}\ntokens from raw text: {tokens}\n"));
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}

/// Precision, recall and F1 of spans found against spans known.
fn agreement(found: &HashSet<(usize, usize)>, known: &HashSet<(usize, usize)>) -> String {
    let both = found.intersection(known).count() as f64;
    let (p, r) = (both / found.len().max(1) as f64, both / known.len().max(1) as f64);
    format!("P {p:.4} R {r:.4} F1 {:.4}", 2.0 * p * r / (p + r).max(1e-9))
}

/// Where the words of an article stand in its text; words that are not found there are left out.
pub fn align(article: &Article) -> Vec<Vec<Span>> {
    let text = &article.text;
    let mut at = 0;
    let mut out = Vec::new();
    for s in &article.sentences {
        let mut spans = Vec::new();
        for w in &s.words {
            let from = at + (text[at..].len() - text[at..].trim_start().len());
            let window = &text[from..];
            let found = if window.starts_with(w.as_str()) { Some(0) } else { window.find(w.as_str()).filter(|&i| i < 40) };
            if let Some(i) = found {
                spans.push(Span::new(from + i, from + i + w.len()));
                at = from + i + w.len();
            }
        }
        out.push(spans);
    }
    out
}

/// Sentence and token spans from raw text.
fn raw(engine: &Engine, articles: &[Article]) -> (String, String) {
    let [mut found, mut known, mut found_tokens, mut known_tokens] = [const { Vec::new() }; 4];
    let verbose = std::env::var_os("SHOW_BOUNDARIES").is_some();
    for (n, a) in articles.iter().enumerate() {
        let gold = align(a);
        let key = |s: Span| (n << 32 | s.start, s.end);
        let spans: Vec<Span> = gold.iter().filter_map(|s| Some(s.first()?.join(*s.last()?))).collect();
        let mine = engine.sentences(&a.text, Span::new(0, a.text.len()));
        if verbose {
            show(&a.text, &mine, &spans);
            let tokens: Vec<Span> = mine.iter().flat_map(|&s| engine.tokenize(&a.text, s)).map(|t| t.span).collect();
            show(&a.text, &tokens, &gold.iter().flatten().copied().collect::<Vec<_>>());
        }
        known.extend(spans.into_iter().map(key));
        known_tokens.extend(gold.into_iter().flatten().map(key));
        found_tokens.extend(mine.iter().flat_map(|&s| engine.tokenize(&a.text, s)).map(|t| key(t.span)));
        found.extend(mine.into_iter().map(key));
    }
    let set = |v: Vec<(usize, usize)>| v.into_iter().collect::<HashSet<_>>();
    (agreement(&set(found), &set(known)), agreement(&set(found_tokens), &set(known_tokens)))
}

/// Writes where boundaries differ to the error output.
fn show(text: &str, found: &[Span], known: &[Span]) {
    let (f, k): (HashSet<Span>, HashSet<Span>) = (found.iter().copied().collect(), known.iter().copied().collect());
    for s in found.iter().filter(|s| !k.contains(s)) {
        eprintln!("+ {:?}", s.of(text));
    }
    for s in known.iter().filter(|s| !f.contains(s)) {
        eprintln!("- {:?}", s.of(text));
    }
}
