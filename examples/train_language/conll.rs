//! Reading treebanks: CoNLL-X files beside the text they annotate, and tables of words and tags.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use evigraph::language::labels::{ROOT, relation_code, tag_code};
use evigraph::language::train::GoldSentence;

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
            let sentences = sentences(&conll).with_context(|| format!("in {}", file.display()))?;
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
        let named = tag == "NN" && word.starts_with(|c: char| c.is_uppercase());
        if word.len() > 1 && word.contains(['-', '/', '+']) {
            let mut at = 0;
            while at < word.len() {
                let next = word[at..].find(['-', '/', '+']).map_or(word.len(), |i| at + i.max(1));
                now.words.push(word[at..next].into());
                now.tags.push(None);
                at = next;
            }
        } else {
            now.words.push(word.into());
            now.tags.push(if named { None } else { tag_code(tag) });
        }
    }
    out.retain(|s| s.words.first().is_some_and(|w| w != "UI" && w != "TI" && w != "AB"));
    Ok(out)
}
