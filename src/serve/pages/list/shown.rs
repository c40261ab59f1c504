//! The tables that have a page: their columns, what each cell shows, the facets beside them and the words that are searched.

use crate::export::{curie, row_sentence};
use crate::serve::held::Line;
use crate::serve::pages::{link, outcomes, short, status, words};
use maud::{Markup, html};

/// How a table is shown.
pub(in crate::serve::pages) struct List {
    pub(in crate::serve::pages) name: &'static str,
    pub(super) title: &'static str,
    /// Headings of the columns, each with the column that it sorts by.
    pub(super) columns: &'static [(&'static str, &'static str)],
    pub(super) cells: fn(Line<'_>) -> Vec<Markup>,
    /// Columns whose values may be picked.
    pub(super) facets: &'static [(&'static str, &'static str)],
    /// Columns in which words are looked for.
    pub(in crate::serve::pages) searched: &'static [&'static str],
}

pub(in crate::serve::pages) const LISTS: &[List] = &[
    List {
        name: "claims",
        title: "Claims",
        columns: &[
            ("Claim", "subject_label"),
            ("Condition", "condition_label"),
            ("Source", "source_status"),
            ("Study", "study_design"),
            ("Confidence", "confidence"),
            ("Article", "article_title"),
        ],
        cells: |line| {
            vec![
                html! { a href=(link::claim(line.text("claim_id"))) { (row_sentence(line.table, line.row)) } (decision(line))
                q class="quote" { (short(line.text("quote"), 300)) } },
                html! { @if !line.text("condition_id").is_empty() { a href=(link::entity(line.text("condition_id"))) { (line.text("condition_label")) } } },
                status(line.text("source_status")),
                term(line.text("study_design")),
                html! { (line.text("confidence")) },
                article(line),
            ]
        },
        facets: &[
            ("relation", "Relation"),
            ("source_status", "Source"),
            ("certainty", "Certainty"),
            ("negated", "Denied"),
            ("study_design", "Study"),
            ("quote_role", "Role"),
            ("decision", "Decision"),
            ("subject_label", "Subject"),
            ("object_label", "Object"),
            ("condition_label", "Condition"),
        ],
        searched: &["quote", "subject_label", "object_label", "condition_label", "article_title"],
    },
    List {
        name: "outcomes",
        title: "Outcomes",
        columns: &[
            ("Outcome", "outcome_label"),
            ("Intervention", "intervention_label"),
            ("Value", "low"),
            ("Follow-up", "follow_up_days_low"),
            ("Patients", "sample_size"),
            ("p", "p_value"),
            ("Source", "source_status"),
            ("Article", "article_title"),
        ],
        cells: |line| {
            vec![
                html! { a href=(link::claim(line.text("claim_id"))) { (line.text("outcome_label")) } (decision(line))
                q class="quote" { (short(line.text("quote"), 300)) } },
                html! { (line.text("intervention_label")) },
                html! { span class="term" { (outcomes::value(line)) } },
                html! { span class="term" { (line.text("follow_up")) } },
                html! { (line.text("sample_size")) },
                html! { (line.text("p_value")) },
                status(line.text("source_status")),
                article(line),
            ]
        },
        facets: &[
            ("measure", "Measure"),
            ("unit", "Unit"),
            ("direction", "Direction"),
            ("source_status", "Source"),
            ("study_design", "Study"),
            ("decision", "Decision"),
            ("intervention_label", "Intervention"),
            ("outcome_label", "Outcome"),
            ("condition_label", "Condition"),
        ],
        searched: &["quote", "outcome_label", "intervention_label", "condition_label", "article_title"],
    },
    List {
        name: "articles",
        title: "Articles",
        columns: &[
            ("Title", "title"),
            ("Date", "date"),
            ("Claims", "claims"),
            ("Sourced", "sourced"),
            ("Without a source", "unsourced"),
            ("References", "references"),
        ],
        cells: |line| {
            let title = if line.text("title").is_empty() { line.text("source") } else { line.text("title") };
            vec![
                html! { a href=(link::article(line.text("article_id"))) { (short(title, 200)) } },
                html! { (line.text("date")) },
                html! { (line.text("claims")) },
                html! { (line.text("sourced")) },
                html! { (line.text("unsourced")) },
                html! { (line.text("references")) },
            ]
        },
        facets: &[("format", "Format")],
        searched: &["title", "doi", "pmid", "pmcid", "source"],
    },
    List {
        name: "entities",
        title: "Entities",
        columns: &[
            ("Name", "label"),
            ("Identifier", "entity_id"),
            ("Category", "category"),
            ("Mentions", "mentions"),
            ("Articles", "articles"),
            ("As subject", "claims_as_subject"),
            ("As object", "claims_as_object"),
        ],
        cells: |line| {
            vec![
                html! { a href=(link::entity(line.text("entity_id"))) { (line.text("label")) } },
                html! { code { (line.text("entity_id")) } },
                term(line.text("category")),
                html! { (line.text("mentions")) },
                html! { (line.text("articles")) },
                html! { (line.text("claims_as_subject")) },
                html! { (line.text("claims_as_object")) },
            ]
        },
        facets: &[("category", "Category"), ("grounded", "Grounded")],
        searched: &["label", "entity_id"],
    },
    List {
        name: "references",
        title: "References",
        columns: &[
            ("Reference", "raw"),
            ("Year", "year"),
            ("Traceability", "traceability"),
            ("Cited", "times_cited"),
            ("Article", "article_id"),
        ],
        cells: |line| {
            vec![
                html! { (short(line.text("raw"), 300)) },
                html! { (line.text("year")) },
                status(line.text("traceability")),
                html! { (line.text("times_cited")) },
                html! { a href=(link::article(line.text("article_id"))) { (curie(line.text("article_id"))) } },
            ]
        },
        facets: &[("traceability", "Traceability"), ("retracted", "Retracted")],
        searched: &["raw", "doi", "pmid"],
    },
];

/// Tables that can be downloaded, with the list whose words are searched.
pub(in crate::serve::pages) const DOWNLOADS: &[(&str, usize)] =
    &[("claims", 0), ("outcomes", 1), ("articles", 2), ("entities", 3), ("references", 4), ("gaps", 0)];

/// What a curator decided.
fn decision(line: Line<'_>) -> Markup {
    html! { @if !line.text("decision").is_empty() { " " span class=(format!("badge {}", line.text("decision"))) { (line.text("decision")) } } }
}

/// The article that says it.
fn article(line: Line<'_>) -> Markup {
    let (iri, title) = (line.text("article_id"), line.text("article_title"));
    html! { a href=(link::article(iri)) { @if title.is_empty() { (curie(iri)) } @else { (short(title, 90)) } } }
}

/// A value of a vocabulary in words, broken between them alone.
fn term(value: &str) -> Markup {
    html! { span class="term" { (words(value)) } }
}
