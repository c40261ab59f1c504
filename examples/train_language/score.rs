//! Scores on annotated articles.

use std::collections::HashSet;

use anyhow::Result;
use evigraph::language::labels::{RELATIONS, TAGS};
use evigraph::language::{Arc, Engine, Token};
use evigraph::text::Span;

use crate::conll::{Article, align};

/// Prints the scores of an engine: tags, parses (punctuation left out) and lemmas with gold tokens, and sentences and tokens from raw text.
pub fn report(engine: &Engine, articles: &[Article]) -> Result<()> {
    let (mut words, mut tags, mut lemmas, mut all, mut heads, mut relations) = (0, 0, 0, 0, 0, 0);
    let mut by_relation = vec![(0_usize, 0_usize, 0_usize); RELATIONS.len()];
    let started = std::time::Instant::now();
    let (mut tag_time, mut parse_time) = (0.0, 0.0);
    for s in articles.iter().flat_map(|a| &a.sentences) {
        let mut text = String::new();
        let mut tokens: Vec<Token> = s
            .words
            .iter()
            .zip(&s.glued)
            .map(|(w, glued)| {
                text.push_str(if *glued { "" } else { " " });
                let span = Span::new(text.len(), text.len() + w.len());
                text.push_str(w);
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

/// The share of right tags of a tagger, and what it takes for what most often.
pub fn tags(tagger: impl Fn(&[&str], &[bool]) -> Vec<u8>, articles: &[Article]) -> String {
    let (mut right, mut all) = (0, 0);
    let mut confused = std::collections::BTreeMap::new();
    for s in articles.iter().flat_map(|a| &a.sentences) {
        for ((found, gold), word) in tagger(&s.forms(), &s.glued).into_iter().zip(&s.tags).zip(&s.words) {
            if std::env::var_os("SHOW_TAGS").is_some() && Some(found) != *gold {
                eprintln!("{} as {}\t{word}", gold.map_or("", |g| TAGS[usize::from(g)]), TAGS[usize::from(found)]);
            }
            all += 1;
            right += usize::from(Some(found) == *gold);
            if let Some(gold) = gold.filter(|g| *g != found) {
                *confused.entry((TAGS[usize::from(gold)], TAGS[usize::from(found)])).or_insert(0_usize) += 1;
            }
        }
    }
    let mut worst: Vec<_> = confused.into_iter().collect();
    worst.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let worst: Vec<String> = worst.iter().take(14).map(|((g, f), n)| format!("{g} as {f} {n}")).collect();
    format!("tags {:.4}; {}", right as f64 / f64::max(all as f64, 1.0), worst.join(", "))
}

/// UAS and LAS of a parser, given tags; punctuation left out.
pub fn heads(parser: impl Fn(&[&str], &[bool], &[u8]) -> Vec<Arc>, articles: &[Article], tags: &[Vec<u8>]) -> String {
    let (mut all, mut heads, mut both) = (0, 0, 0);
    for (s, tags) in articles.iter().flat_map(|a| &a.sentences).zip(tags) {
        for (found, gold) in parser(&s.forms(), &s.glued, tags).into_iter().zip(&s.arcs) {
            if RELATIONS[usize::from(gold.1)] != "punct" {
                all += 1;
                heads += usize::from(found.0 == gold.0);
                both += usize::from(found == *gold);
            }
        }
    }
    format!("UAS {:.4} LAS {:.4}", heads as f64 / f64::max(all as f64, 1.0), both as f64 / f64::max(all as f64, 1.0))
}

/// Precision, recall and F1 of spans found against spans known.
fn agreement(found: &HashSet<(usize, usize)>, known: &HashSet<(usize, usize)>) -> String {
    let both = found.intersection(known).count() as f64;
    let (p, r) = (both / found.len().max(1) as f64, both / known.len().max(1) as f64);
    format!("P {p:.4} R {r:.4} F1 {:.4}", 2.0 * p * r / (p + r).max(1e-9))
}

/// Sentence and token spans from raw text.
fn raw(engine: &Engine, articles: &[Article]) -> (String, String) {
    let [mut found, mut known, mut found_tokens, mut known_tokens] = [const { Vec::new() }; 4];
    let verbose = std::env::var_os("SHOW_BOUNDARIES").is_some();
    for (n, a) in articles.iter().enumerate() {
        let gold: Vec<Vec<Span>> = align(&a.text, &a.sentences).into_iter().map(|s| s.into_iter().flatten().collect()).collect();
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
