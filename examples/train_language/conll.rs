//! Reading treebanks: CoNLL-X files beside the text they annotate, and tables of words and tags.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use evigraph::language::labels::{ROOT, relation_code, tag_code};
use evigraph::language::train::GoldSentence;
use evigraph::text::Span;

/// An annotated article: its text and its sentences.
pub struct Article {
    pub text: String,
    pub sentences: Vec<GoldSentence>,
}

/// The articles of a folder: each `NAME.conll` with its `NAME.txt`, in order of name.
pub fn articles(folder: &Path) -> Result<Vec<Article>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "conll"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let conll = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let text = fs::read_to_string(file.with_extension("txt")).unwrap_or_default();
            let mut sentences = sentences(&conll).with_context(|| format!("in {}", file.display()))?;
            for (spans, s) in align(&text, &sentences).into_iter().zip(&mut sentences) {
                let touch = |i: usize| matches!((spans[i - 1], spans[i]), (Some(a), Some(b)) if a.end == b.start);
                s.glued = (0..spans.len()).map(|i| i > 0 && touch(i)).collect();
            }
            Ok(Article { text, sentences })
        })
        .collect()
}

/// The sentences of a CoNLL-X file.
fn sentences(conll: &str) -> Result<Vec<GoldSentence>> {
    let mut out = Vec::new();
    let mut now = GoldSentence::default();
    for (n, line) in conll.lines().chain([""]).enumerate() {
        if line.trim().is_empty() {
            if !now.words.is_empty() {
                out.push(std::mem::take(&mut now));
            }
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let [_, form, lemma, tag, _, _, head, relation, ..] = cells[..] else { bail!("line {}: fewer than 8 columns", n + 1) };
        let head: usize = head.parse().with_context(|| format!("line {}: head {head:?}", n + 1))?;
        // The treebank writes quotation marks the Penn way; the model meets those of the text.
        now.words.push(if matches!(form, "``" | "''") { "\"".into() } else { form.into() });
        now.lemmas.push(lemma.into());
        now.tags.push(Some(tag_code(tag).with_context(|| format!("line {}: unknown tag {tag:?}", n + 1))?));
        let relation = relation_code(relation).with_context(|| format!("line {}: unknown relation {relation:?}", n + 1))?;
        now.arcs.push((head.checked_sub(1), if head == 0 { ROOT } else { relation }));
    }
    Ok(out)
}

/// Where the words of the sentences stand in the text; words that are not found there are `None`.
pub fn align(text: &str, sentences: &[GoldSentence]) -> Vec<Vec<Option<Span>>> {
    let mut at = 0;
    let mut place = |word: &String| {
        let from = at + (text[at..].len() - text[at..].trim_start().len());
        let rest = &text[from..];
        let i = if rest.starts_with(word.as_str()) { 0 } else { rest.find(word.as_str()).filter(|&i| i < 40)? };
        at = from + i + word.len();
        Some(Span::new(from + i, at))
    };
    sentences.iter().map(|s| s.words.iter().map(&mut place).collect()).collect()
}

/// Sentences of a table of words and tags, a blank line between sentences.
///
/// Tags written otherwise in CRAFT are translated. Words that CRAFT would split at hyphens or slashes are split, and the
/// pieces carry no tag; neither do words whose tags the two corpora choose by different rules.
pub fn tagged(file: &Path) -> Result<Vec<GoldSentence>> {
    let table = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut out = Vec::new();
    let mut now = GoldSentence::default();
    for line in table.lines().chain([""]) {
        let Some((word, tag)) = line.split_once('\t') else {
            if !now.words.is_empty() {
                out.push(std::mem::take(&mut now));
            }
            continue;
        };
        let tag = match tag {
            "(" => "-LRB-",
            ")" => "-RRB-",
            // GENIA knows hardly any proper nouns, and its numbers and symbols differ.
            "NNP" | "NNPS" | "LS" | "SYM" | "FW" | "CD" => "",
            other => other,
        };
        // What begins with a capital and goes on small may be a name, which GENIA calls a noun all the same.
        let named =
            tag == "NN" && word.len() > 3 && word.starts_with(|c: char| c.is_uppercase()) && word.chars().skip(1).all(char::is_lowercase);
        if word.len() > 1 && word.contains(['-', '/', '+']) {
            let mut at = 0;
            while at < word.len() {
                let next = word[at..].find(['-', '/', '+']).map_or(word.len(), |i| at + i.max(1));
                now.words.push(word[at..next].into());
                now.glued.push(at > 0);
                now.tags.push(None);
                at = next;
            }
        } else {
            // The table tells no spaces: brackets and stops stand as in print.
            let open = now.words.last().is_some_and(|w| matches!(w.as_str(), "(" | "["));
            now.glued.push(!now.words.is_empty() && (open || matches!(word, "," | "." | ")" | "]" | ";" | ":" | "%" | "'s")));
            now.words.push(word.into());
            // CRAFT tells `to` before a verb from the preposition, and draws the line between participles and adjectives elsewhere.
            let moot =
                named || word.eq_ignore_ascii_case("to") || ((word.ends_with("ed") || word.ends_with("ing")) && !tag.starts_with("VBD"));
            now.tags.push(if moot { None } else { tag_code(tag) });
        }
    }
    out.retain(|s| s.words.first().is_some_and(|w| w != "UI" && w != "TI" && w != "AB"));
    Ok(out)
}
