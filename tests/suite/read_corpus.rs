//! Real articles: every file read, and the text of its paragraphs kept. Runs where `EVIGRAPH_EVAL_DATA` names the data.

use evigraph::read;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Letters and digits only, so that spacing and punctuation of markers do not count.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters inside the `p` elements of the body, told by a plain scan that shares nothing with the reader.
fn paragraphs(xml: &str) -> Vec<Vec<char>> {
    let body = xml.find("<body").and_then(|a| Some(&xml[a..a + xml[a..].rfind("</body>")?])).unwrap_or_default();
    let mut found = Vec::new();
    for part in body.split("<p>").skip(1) {
        let part = part.split("</p>").next().unwrap_or_default();
        let (mut text, mut rest) = (String::new(), part);
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            // The markup language of formulas is no text.
            rest = if after.starts_with("tex-math") { after.split_once("</tex-math").map_or("", |a| a.1) } else { after };
            rest = rest.split_once('>').map_or("", |a| a.1);
        }
        text.push_str(rest);
        let text =
            text.split('&').enumerate().map(|(n, t)| if n == 0 { t } else { t.split_once(';').map_or(t, |a| a.1) }).collect::<String>();
        found.push(letters(&text).into_iter().filter(char::is_ascii).collect());
    }
    found
}

#[test]
fn every_article_is_read_and_keeps_its_paragraphs() {
    let Some(data) = std::env::var_os("EVIGRAPH_EVAL_DATA").map(PathBuf::from) else {
        return;
    };
    let folders = ["articles/jats", "articles/samples", "corpora/citations", "corpora/evidence-inference"].map(|f| data.join(f));
    let (mut files, mut all, mut kept) = (0, 0usize, 0usize);
    for input in read::inputs(&folders).into_iter().map(|i| i.expect("the folder has articles")) {
        let name = input.name();
        if Path::new(&name).extension().is_none_or(|e| e != "nxml") {
            continue;
        }
        let documents: Vec<_> = read::articles(&input, None).map(|d| d.unwrap_or_else(|e| panic!("{e}"))).collect();
        let text: Vec<char> = letters(&documents[0].text).into_iter().filter(char::is_ascii).collect();
        let mut windows: HashMap<&[char], ()> = HashMap::new();
        windows.extend(text.windows(8).map(|w| (w, ())));
        for paragraph in paragraphs(&std::fs::read_to_string(&name).expect("UTF-8")) {
            for window in paragraph.chunks_exact(8) {
                all += 8;
                kept += 8 * usize::from(windows.contains_key(window));
            }
        }
        files += 1;
    }
    assert!(files > 500, "{files} files");
    let share = kept as f64 / all as f64;
    assert!(share >= 0.99, "{share:.4} of {all} characters in {files} files");
}
