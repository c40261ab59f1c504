//! Findings as Markdown and as one HTML page that needs no server.

use super::report::{counts, one_line};
use super::{Check, Error, Finding};
use std::io::Write;

/// The findings of each check that has some, in the order of the checks.
fn groups<'a>(checks: &'a [Check], findings: &'a [Finding]) -> impl Iterator<Item = (&'a Check, Vec<&'a Finding>)> {
    checks.iter().map(|c| (c, findings.iter().filter(|f| f.check == c.name).collect::<Vec<_>>())).filter(|g| !g.1.is_empty())
}

fn place(f: &Finding) -> &str {
    if f.source.is_empty() { &f.article } else { &f.source }
}

/// Backslashes before what Markdown reads as markup.
fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        if "\\`*_{}[]<>()#+!|&~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

pub(super) fn markdown<W: Write>(to: &mut W, checks: &[Check], findings: &[Finding]) -> Result<(), Error> {
    let [errors, warnings, infos] = counts(findings);
    writeln!(to, "# Findings\n\n{errors} errors, {warnings} warnings, {infos} infos.")?;
    for (check, found) in groups(checks, findings) {
        writeln!(
            to,
            "\n## {} ({}, {})\n\n{} {} {}\n",
            check.title,
            check.level.as_str(),
            found.len(),
            check.problem,
            check.why,
            check.fix
        )?;
        writeln!(to, "| Article | Claim | Sentence | Missing |\n|---|---|---|---|")?;
        for f in found {
            let [place, says, sentence, missing] = [place(f), &f.says, &f.sentence, &f.missing].map(markdown_text);
            writeln!(to, "| {place} | {says} | {sentence} | {missing} |")?;
        }
    }
    Ok(())
}

/// Text as HTML, escaped in elements and in attributes.
fn html_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ccc}\
.error{color:#a00000}.warn{color:#7a4b00}.info{color:#1f4f8f}summary{font-weight:600;cursor:pointer;margin:.8rem 0}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}.error{color:#ff9a9a}.warn{color:#ffcf80}.info{color:#9cc4ff}}";

pub(super) fn html<W: Write>(to: &mut W, checks: &[Check], findings: &[Finding]) -> Result<(), Error> {
    let [errors, warnings, infos] = counts(findings);
    writeln!(
        to,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Findings</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Findings</h1>\n<p><span class=\"error\">{errors} errors</span>, \
         <span class=\"warn\">{warnings} warnings</span>, <span class=\"info\">{infos} infos</span></p>"
    )?;
    for (check, found) in groups(checks, findings) {
        let level = check.level.as_str();
        writeln!(
            to,
            "<details open>\n<summary><span class=\"{level}\">{level}</span> {} ({})</summary>\n<p>{} {} <strong>{}</strong></p>\n\
             <table>\n<thead><tr><th scope=\"col\">Article</th><th scope=\"col\">Claim</th><th scope=\"col\">Sentence</th><th scope=\"col\">Missing</th></tr></thead>\n<tbody>",
            html_text(&check.title),
            found.len(),
            html_text(&check.problem),
            html_text(&check.why),
            html_text(&check.fix)
        )?;
        for f in found {
            let id = f.id.rsplit('/').next().unwrap_or_default();
            writeln!(
                to,
                "<tr id=\"f{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                html_text(id),
                html_text(place(f)),
                html_text(&f.says),
                html_text(&f.sentence),
                html_text(&f.missing)
            )?;
        }
        writeln!(to, "</tbody>\n</table>\n</details>")?;
    }
    writeln!(to, "</main>\n</body>\n</html>")?;
    Ok(())
}
