//! Findings: what a check found, with an identifier that stays the same at every run.

use super::{Check, Error, Level};
use crate::export::{Curation, curie};
use crate::store::{Answer, GraphStore, QueryOptions, QuerySolution};
use oxigraph::model::Term;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// Something that a curator should see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// IRI, made from the check and what the finding is about, so that a waiver stays attached.
    pub id: String,
    /// Name of the check.
    pub check: String,
    /// Level.
    pub level: Level,
    /// IRI of what it is about: a claim, entry, entity, work or article.
    pub thing: String,
    /// IRI of the article, or nothing.
    pub article: String,
    /// Path or address the article was read from, or nothing.
    pub source: String,
    /// IRI of the claim, or nothing.
    pub claim: String,
    /// What the claim says, in short ("mesenchymal stem cell decreases IL6"), or nothing.
    pub says: String,
    /// The sentence, entry or name in question.
    pub sentence: String,
    /// What is missing.
    pub missing: String,
    /// How to mend it.
    pub fix: String,
    /// Where the sentence stands, in code points of the normalised text.
    pub span: Option<(u64, u64)>,
    /// Whether a source that a curator adds settles it.
    pub settled_by_source: bool,
}

impl Finding {
    /// Whether curators have settled it: waived it, rejected its claim, or added the source that it lacks.
    pub fn is_settled(&self, curation: &Curation) -> bool {
        let sourced = |thing: &&String| curation.on(thing).is_some_and(|v| !v.works.is_empty());
        curation.is(&self.id, "waived")
            || curation.is(&self.claim, "rejected")
            || self.settled_by_source && [&self.claim, &self.thing, &self.id].iter().any(sourced)
    }
}

/// The IRI under which findings lie.
const FINDINGS: &str = "https://w3id.org/evigraph/finding/";

/// The text of an article by the path or address it was read from; `None` where it cannot be had.
pub type Text<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

/// Runs the checks and gives their findings in the order of articles and of the text.
///
/// Left out are findings that a curator waived, findings on rejected claims, and those that an added source settles. `text` gives the
/// normalised text of an article for the checks that compare quotes with it.
///
/// # Errors
/// Where a query is wrong or the store fails.
pub fn run(store: &dyn GraphStore, checks: &[Check], text: Text<'_>) -> Result<Vec<Finding>, Error> {
    let curation = Curation::load(store)?;
    let mut findings = found(store, checks, text)?;
    findings.retain(|f| !f.is_settled(&curation));
    let claims: BTreeSet<&str> = findings.iter().map(|f: &Finding| f.claim.as_str()).filter(|c| !c.is_empty()).collect();
    let says = crate::export::sentences(store, &curation, &claims.into_iter().collect::<Vec<_>>())?;
    for finding in &mut findings {
        finding.says = says.get(&finding.claim).cloned().unwrap_or_default();
    }
    Ok(findings)
}

/// Runs the checks and gives all their findings, those included that curators have settled; what their claims say is not looked up.
///
/// # Errors
/// As [`run`].
pub fn found(store: &dyn GraphStore, checks: &[Check], text: Text<'_>) -> Result<Vec<Finding>, Error> {
    let sources = sources(store)?;
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for check in checks {
        let mut quotes = Quotes { text: &mut *text, held: None };
        let found = rows(store, check, &sources, &mut |f| {
            let stands = check.behaviour.verify_quote && quotes.hold(&f.source, &f.sentence);
            if !stands && seen.insert(f.id.clone()) {
                findings.push(f);
            }
        });
        found.map_err(|e| Error::Check { check: check.name.clone(), source: Box::new(e) })?;
    }
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.article.is_empty(), f.article.clone(), f.span.map_or(u64::MAX, |s| s.0));
        key(a)
            .cmp(&key(b))
            .then_with(|| b.level.cmp(&a.level))
            .then_with(|| (&a.check, &a.sentence, &a.id).cmp(&(&b.check, &b.sentence, &b.id)))
    });
    Ok(findings)
}

/// Where each article was read from.
fn sources(store: &dyn GraphStore) -> Result<HashMap<String, String>, Error> {
    let mut sources = HashMap::new();
    crate::export::select(store, "SELECT ?article ?source WHERE { ?article a evi:Article ; dcterms:source ?source }", |term| {
        if let (Some(Term::NamedNode(article)), Some(Term::Literal(source))) = (term(0), term(1)) {
            sources.insert(article.into_string(), source.value().to_owned());
        }
        Ok(())
    })?;
    Ok(sources)
}

/// Quotes looked up in the texts of their articles, one article held at a time.
struct Quotes<'a> {
    text: Text<'a>,
    held: Option<(String, Option<String>)>,
}

impl Quotes<'_> {
    /// Whether the article's text holds the quote, or cannot be had.
    fn hold(&mut self, source: &str, quote: &str) -> bool {
        if self.held.as_ref().is_none_or(|h| h.0 != source) {
            self.held = Some((source.to_owned(), (self.text)(source)));
        }
        self.held.as_ref().and_then(|h| h.1.as_ref()).is_none_or(|text| text.contains(quote))
    }
}

fn rows(store: &dyn GraphStore, check: &Check, sources: &HashMap<String, String>, each: &mut dyn FnMut(Finding)) -> Result<(), Error> {
    let Answer::Solutions(solutions) = store.query(&check.query, &QueryOptions::default())? else {
        return Err(Error::NoRows(check.name.clone()));
    };
    for solution in solutions {
        let solution = solution?;
        let finding = finding(check, &solution, sources);
        // An aggregate over nothing gives a row without a thing.
        if !finding.thing.is_empty() {
            each(finding);
        }
    }
    Ok(())
}

fn plain(term: Option<&Term>) -> String {
    match term {
        Some(Term::NamedNode(n)) => n.as_str().to_owned(),
        Some(Term::Literal(l)) => l.value().to_owned(),
        Some(Term::BlankNode(b)) => b.as_str().to_owned(),
        _ => String::new(),
    }
}

fn finding(check: &Check, row: &QuerySolution, sources: &HashMap<String, String>) -> Finding {
    let get = |name: &str| plain(row.get(name));
    let thing = if row.get("thing").is_some() { get("thing") } else { plain(row.values().first().and_then(Option::as_ref)) };
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    let number = |name: &str| get(name).parse().ok();
    let article = get("article_id");
    Finding {
        id: finding_id(&check.name, &thing, &get("detail")),
        check: check.name.clone(),
        level: check.level,
        source: sources.get(&article).cloned().unwrap_or_default(),
        claim: get("claim_id"),
        says: String::new(),
        sentence: or(get("sentence"), &curie(&thing)),
        missing: or(get("missing"), &check.missing),
        fix: check.fix.clone(),
        span: number("start").zip(number("end")),
        settled_by_source: check.behaviour.settled_by_source,
        article,
        thing,
    }
}

/// The IRI of a finding: a hash of its check, what it is about, and the detail that tells several on one thing apart.
pub fn finding_id(check: &str, thing: &str, detail: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [check, thing, detail] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize()[..16].iter().fold(FINDINGS.to_owned(), |mut id, b| {
        let _ = write!(id, "{b:02x}");
        id
    })
}
