//! Statements: what many articles say together, with the belief that independent papers give it.

use super::Error;
use crate::export::{Cell, Curation, Filter, Table, curie, rows_of, select};
use crate::store::GraphStore;
use oxigraph::model::Term;
use std::collections::{BTreeMap, BTreeSet};

/// Where a claim holds, as far as its article tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Labels of the disorders.
    pub condition: BTreeSet<String>,
    /// Labels of the places in the body.
    pub site: BTreeSet<String>,
    /// Labels of the cells, where [`super::look_around`] was asked.
    pub cell: BTreeSet<String>,
    /// Labels of the species.
    pub species: BTreeSet<String>,
    /// Doses, in the words of the texts.
    pub dose: BTreeSet<String>,
    /// Times, in the words of the texts, where [`super::look_around`] was asked.
    pub time: BTreeSet<String>,
    /// Designs of the studies behind the claims.
    pub study: BTreeSet<String>,
    /// Aspects of the object, such as expression.
    pub aspect: BTreeSet<String>,
}

impl Context {
    /// The dimensions by name.
    pub fn dimensions(&self) -> [(&'static str, &BTreeSet<String>); 8] {
        [
            ("condition", &self.condition),
            ("site", &self.site),
            ("cell", &self.cell),
            ("species", &self.species),
            ("dose", &self.dose),
            ("time", &self.time),
            ("study", &self.study),
            ("aspect", &self.aspect),
        ]
    }

    /// Takes in what another context names.
    pub(super) fn extend(&mut self, other: &Self) {
        self.condition.extend(other.condition.iter().cloned());
        self.site.extend(other.site.iter().cloned());
        self.cell.extend(other.cell.iter().cloned());
        self.species.extend(other.species.iter().cloned());
        self.dose.extend(other.dose.iter().cloned());
        self.time.extend(other.time.iter().cloned());
        self.study.extend(other.study.iter().cloned());
        self.aspect.extend(other.aspect.iter().cloned());
    }
}

/// What is said between two entities, denied or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementKey {
    /// Identifier of what acts.
    pub from: String,
    /// Relation, as a CURIE.
    pub relation: String,
    /// Identifier of what it acts on.
    pub to: String,
}

/// The same claim over all articles.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statement {
    /// IRIs of the claims that state it.
    pub supported_by: Vec<String>,
    /// IRIs of the claims that deny it.
    pub refuted_by: Vec<String>,
    /// IRIs of the articles whose claims state it.
    pub articles: BTreeSet<String>,
    /// What those claims cite: identifiers of works, else entries as printed.
    pub sources: BTreeSet<String>,
    /// How many of the supporting claims have a source that can be looked up.
    pub sourced: usize,
    /// Supporting articles that do not rest on the same work for it.
    pub independent_papers: usize,
    /// 1 − Π (1 − c) over the independent papers, c the best confidence of a paper's claims, halved without a source that can be looked up.
    pub belief: f64,
    /// A quote, of the supporting claim of the best confidence.
    pub quote: String,
    /// IRIs of the articles whose claims deny it.
    pub denying_articles: BTreeSet<String>,
    /// A quote, of the first denying claim.
    pub denying_quote: String,
    /// Where the supporting claims hold.
    pub supported_in: Context,
    /// Where the denying claims hold.
    pub refuted_in: Context,
}

/// The statements of a store, and the names of what they speak of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assembly {
    /// The statements.
    pub statements: BTreeMap<StatementKey, Statement>,
    /// Label of each entity, by identifier.
    pub labels: BTreeMap<String, String>,
    /// Biolink class of each entity, by identifier.
    pub categories: BTreeMap<String, String>,
}

/// Columns of the claims table that an assembly looks at.
const WANTED: &[&str] = &[
    "subject_id",
    "subject_label",
    "subject_category",
    "relation",
    "object_id",
    "object_label",
    "object_category",
    "aspect",
    "negated",
    "certainty",
    "condition_label",
    "site",
    "species",
    "dose",
    "references",
    "source_status",
    "study_design",
    "confidence",
    "quote",
    "start",
    "decision",
];

/// One supporting claim, as far as belief needs it.
struct Support {
    article: String,
    confidence: f64,
    works: Vec<String>,
}

impl Assembly {
    /// Assembles the affirmed claims that pass the filter; rejected ones, claims of retracted articles and claims whose sources were all
    /// retracted are left out.
    ///
    /// # Errors
    /// Where the filter names a column that the claims table lacks, or the store fails.
    pub fn of(store: &dyn GraphStore, filter: &Filter) -> Result<Self, Error> {
        let curation = Curation::load(store)?;
        let retracted = retracted(store)?;
        let table = Table::named("claims")?;
        let mut assembly = Self::default();
        let mut support: BTreeMap<StatementKey, Vec<Support>> = BTreeMap::new();
        for row in rows_of(store, &table, WANTED, filter, &curation)? {
            let row = row?;
            let cell = |column: &str| table.column(column).map_or(&Cell::Empty, |(at, _)| &row[at]);
            let get = |column: &str| cell(column).as_str().to_owned();
            let works = cell("references").items().to_vec();
            let dead = !works.is_empty() && works.iter().all(|w| retracted.contains(w));
            if get("certainty") != "affirmed" || get("decision") == "rejected" || dead || retracted.contains(&curie(&get("article_id"))) {
                continue;
            }
            let key = StatementKey { from: get("subject_id"), relation: get("relation"), to: get("object_id") };
            for (id, role) in [(&key.from, "subject"), (&key.to, "object")] {
                assembly.labels.entry(id.clone()).or_insert_with(|| get(&format!("{role}_label")));
                assembly.categories.entry(id.clone()).or_insert_with(|| get(&format!("{role}_category")));
            }
            let statement = assembly.statements.entry(key.clone()).or_default();
            let negated = *cell("negated") == Cell::Boolean(true);
            let context = if negated { &mut statement.refuted_in } else { &mut statement.supported_in };
            let places = [
                (&mut context.condition, "condition_label"),
                (&mut context.site, "site"),
                (&mut context.species, "species"),
                (&mut context.dose, "dose"),
                (&mut context.aspect, "aspect"),
            ];
            for (set, column) in places {
                set.extend(Some(get(column)).filter(|t| !t.is_empty()));
            }
            context.study.extend(Some(get("study_design").replace('_', " ")).filter(|t| !matches!(t.as_str(), "" | "unspecified")));
            if negated {
                if statement.refuted_by.is_empty() {
                    statement.denying_quote = get("quote");
                }
                statement.refuted_by.push(get("claim_id"));
                statement.denying_articles.insert(get("article_id"));
                continue;
            }
            statement.supported_by.push(get("claim_id"));
            statement.articles.insert(get("article_id"));
            statement.sources.extend(works.iter().filter(|w| !retracted.contains(*w)).cloned());
            let confidence: f64 = get("confidence").parse().unwrap_or_default();
            let sourced = matches!(get("source_status").as_str(), "sourced" | "own_finding");
            statement.sourced += usize::from(sourced);
            let confidence = if sourced { confidence } else { confidence / 2.0 }.clamp(0.0, 1.0);
            let claims = support.entry(key).or_default();
            if claims.iter().all(|c| c.confidence < confidence) {
                statement.quote = get("quote");
            }
            claims.push(Support { article: get("article_id"), confidence, works });
        }
        for (key, claims) in support {
            if let Some(statement) = assembly.statements.get_mut(&key) {
                let papers = independent(&claims);
                statement.independent_papers = papers.len();
                statement.belief = 1.0 - papers.iter().map(|c| 1.0 - c).product::<f64>();
                statement.supported_by.sort();
            }
        }
        assembly.statements.values_mut().for_each(|s| s.refuted_by.sort());
        Ok(assembly)
    }

    /// The label of an entity; its identifier where it has none.
    pub fn label<'a>(&'a self, id: &'a str) -> &'a str {
        self.labels.get(id).map_or(id, String::as_str)
    }
}

/// Works and articles that were retracted, as the claims table names them.
fn retracted(store: &dyn GraphStore) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    let query = "SELECT ?work WHERE { { ?work evi:retracted true } UNION { ?work evi:notice ?notice . FILTER(CONTAINS(LCASE(?notice), \"retract\")) } }";
    select(store, query, |term| {
        if let Some(Term::NamedNode(work)) = term(0) {
            found.insert(curie(work.as_str()));
        }
        Ok(())
    })?;
    Ok(found)
}

/// The best confidence of each group of articles that are tied together by a work that they cite for the statement.
fn independent(claims: &[Support]) -> Vec<f64> {
    let mut groups: Vec<(BTreeSet<&str>, f64)> = Vec::new();
    for claim in claims {
        let mut marks: BTreeSet<&str> = claim.works.iter().map(String::as_str).collect();
        marks.insert(&claim.article);
        let mut best = claim.confidence;
        groups.retain(|(others, confidence)| {
            let tied = !others.is_disjoint(&marks);
            if tied {
                marks.extend(others);
                best = best.max(*confidence);
            }
            !tied
        });
        groups.push((marks, best));
    }
    groups.into_iter().map(|g| g.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_that_cite_the_same_work_count_once() {
        let claim = |article: &str, confidence, works: &[&str]| Support {
            article: article.to_owned(),
            confidence,
            works: works.iter().map(|w| (*w).to_owned()).collect(),
        };
        let mut papers = independent(&[
            claim("a", 0.5, &["doi:1"]),
            claim("b", 0.8, &["doi:2"]),
            claim("c", 0.4, &["doi:1", "doi:3"]),
            claim("a", 0.6, &[]),
        ]);
        papers.sort_by(f64::total_cmp);
        assert_eq!(papers, [0.6, 0.8]);
    }
}
