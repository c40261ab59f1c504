//! Tables as pages: filters, facets, search and sort in the address, the same rows to download at addresses of their own.

use super::forms::downloads;
use super::{Frame, Params, count, counted, link, outcomes, short, status, words};
use crate::check::{gaps_row, gaps_table};
use crate::export::{Cell, Curation, Filter, Row, Table, TableFormat, TableWriter, natural, row_sentence, rows, write_rdf};
use crate::serve::held::{Line, PATIENCE, Shelf};
use crate::serve::{Problem, Site, answer};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;

/// Rows of a page.
const PAGE: usize = 50;

/// Values of a facet.
const VALUES: usize = 12;

/// How a table is shown.
pub(super) struct List {
    pub(super) name: &'static str,
    title: &'static str,
    /// Headings of the columns, each with the column that it sorts by.
    columns: &'static [(&'static str, &'static str)],
    cells: fn(Line<'_>) -> Vec<Markup>,
    /// Columns whose values may be picked.
    facets: &'static [(&'static str, &'static str)],
    /// Columns in which words are looked for.
    pub(super) searched: &'static [&'static str],
}

pub(super) const LISTS: &[List] = &[
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
                html! { (words(line.text("study_design"))) },
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
                html! { (outcomes::value(line)) },
                html! { (line.text("follow_up")) },
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
                html! { (words(line.text("category"))) },
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
                html! { a href=(link::article(line.text("article_id"))) { (crate::export::curie(line.text("article_id"))) } },
            ]
        },
        facets: &[("traceability", "Traceability"), ("retracted", "Retracted")],
        searched: &["raw", "doi", "pmid"],
    },
];

/// Tables that can be downloaded, with the list whose words are searched.
pub(super) const DOWNLOADS: &[(&str, usize)] =
    &[("claims", 0), ("outcomes", 1), ("articles", 2), ("entities", 3), ("references", 4), ("gaps", 0)];

/// Parameters that are no conditions on a column.
const OTHERS: &[&str] = &["q", "sort", "page", "since", "plot", "done"];

fn decision(line: Line<'_>) -> Markup {
    html! { @if !line.text("decision").is_empty() { " " span class=(format!("badge {}", line.text("decision"))) { (line.text("decision")) } } }
}

fn article(line: Line<'_>) -> Markup {
    let (iri, title) = (line.text("article_id"), line.text("article_title"));
    html! { a href=(link::article(iri)) { @if title.is_empty() { (crate::export::curie(iri)) } @else { (short(title, 90)) } } }
}

/// The conditions that an address puts on a table.
///
/// # Errors
/// Where it names a column that the table lacks.
pub(super) fn filter(table: &Table, params: &Params) -> Result<Filter, Problem> {
    let mut filter = Filter::none();
    for (name, value) in params.0.iter().filter(|p| !OTHERS.contains(&p.0.as_str())) {
        filter = filter.equal(name, value);
    }
    if !params.one("since").is_empty() {
        filter = filter.since(params.one("since"));
    }
    filter.check(table)?;
    Ok(filter)
}

/// Whether the searched columns of a row hold every word, in any case.
pub(super) struct Search {
    words: Vec<String>,
    columns: Vec<usize>,
}

impl Search {
    pub(super) fn new(table: &Table, searched: &[&str], q: &str) -> Self {
        let columns = searched.iter().filter_map(|c| table.column(c)).map(|c| c.0).collect();
        Self { words: q.split_whitespace().map(str::to_lowercase).collect(), columns }
    }

    pub(super) fn finds(&self, row: &Row) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let text = self.columns.iter().map(|at| row[*at].as_str().to_lowercase()).collect::<Vec<_>>().join("\n");
        self.words.iter().all(|w| text.contains(w))
    }
}

/// What a row is sorted by; rows that say nothing come last.
enum Key {
    Number(f64),
    Text(String),
    Nothing,
}

impl Key {
    fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Number(n) => Self::Number(n.parse().unwrap_or(f64::NAN)),
            Cell::Empty => Self::Nothing,
            other => Self::Text(other.plain().to_lowercase()),
        }
    }

    fn order(&self, other: &Self, down: bool) -> Ordering {
        let turned = |o: Ordering| if down { o.reverse() } else { o };
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => turned(a.total_cmp(b)),
            (Self::Text(a), Self::Text(b)) => turned(natural(a, b)),
            (a, b) => matches!(a, Self::Nothing).cmp(&matches!(b, Self::Nothing)),
        }
    }
}

/// The rows that an address asks for, as curators left them.
fn passing<'a>(list: &List, shelf: &'a Shelf, curation: &'a Curation, params: &Params) -> Result<Vec<Cow<'a, Row>>, Problem> {
    let filter = filter(&shelf.table, params)?;
    let search = Search::new(&shelf.table, list.searched, params.one("q"));
    let mut found: Vec<Cow<'a, Row>> = shelf.curated(curation).filter(|r| filter.passes(&shelf.table, r) && search.finds(r)).collect();
    let (down, by) = params.one("sort").strip_prefix('-').map_or((false, params.one("sort")), |s| (true, s));
    if let Some((at, _)) = shelf.table.column(by) {
        let mut keyed: Vec<_> = found.into_iter().map(|row| (Key::of(&row[at]), row)).collect();
        keyed.sort_by(|a, b| a.0.order(&b.0, down));
        found = keyed.into_iter().map(|k| k.1).collect();
    }
    Ok(found)
}

/// The page of a list.
pub(super) async fn page(list: &'static List, State(site): State<Arc<Site>>, frame: Frame, params: Params) -> Result<Response, Problem> {
    let held = Arc::clone(&site);
    let content =
        site.read(move |_, _| held.shelf_soon(list.name, PATIENCE)?.map(|shelf| content(&held, list, &shelf, &params)).transpose()).await?;
    Ok(match content {
        Some(content) => frame.page(list.title, &content),
        None => frame.wait(list.title, "The rows are being gathered."),
    })
}

fn content(site: &Site, list: &List, shelf: &Shelf, params: &Params) -> Result<Markup, Problem> {
    let curation = site.curation()?;
    let found = passing(list, shelf, &curation, params)?;
    let path = format!("/{}", list.name);
    let (page, pages) = (params.number("page", 1).max(1), found.len().div_ceil(PAGE).max(1));
    let shown = found.iter().skip((page - 1) * PAGE).take(PAGE);
    let lines = shown.map(|row| (list.cells)(Line { table: &shelf.table, row }));
    Ok(html! {
        @if list.name == "outcomes" { (outcomes::plot(&shelf.table, &found, params)) }
        div class="facetted" {
            (facets(list, &shelf.table, &found, params, &path))
            div {
                (controls(list, params, &path))
                p role="status" aria-live="polite" class="count" {
                    @if found.is_empty() { "Nothing passes the filters." } @else {
                        (count((page - 1) * PAGE + 1)) "–" (count((page * PAGE).min(found.len()))) " of " (counted(found.len(), "row", "rows"))
                        @if !shelf.whole { " (of the first " (count(shelf.rows.len())) "; downloads hold all)" }
                    }
                }
                (downloads(list.name, params, found.len()))
                table {
                    caption class="unseen" { (list.title) }
                    thead { tr { @for (name, by) in list.columns { (heading(name, by, params, &path)) } } }
                    tbody { @for cells in lines { tr data-row {
                        @for (at, cell) in cells.iter().enumerate() {
                            @if at == 0 { th scope="row" { (cell) } } @else { td data-label=(list.columns[at].0) { (cell) } }
                        }
                    } } }
                }
                (turn(params, &path, page, pages))
            }
        }
    })
}

fn heading(name: &str, by: &str, params: &Params, path: &str) -> Markup {
    let sort = params.one("sort");
    let (next, state) = match sort.strip_prefix('-') {
        Some(s) if s == by => (String::new(), Some("descending")),
        None if sort == by => (format!("-{by}"), Some("ascending")),
        _ => (by.to_owned(), None),
    };
    html! { th scope="col" aria-sort=[state] { a href=(params.without("page").with("sort", &next).on(path)) { (name) } } }
}

fn controls(list: &List, params: &Params, path: &str) -> Markup {
    html! {
        form class="controls" action=(path) {
            @for (name, value) in params.0.iter().filter(|p| !matches!(p.0.as_str(), "q" | "page" | "since")) {
                input type="hidden" name=(name) value=(value);
            }
            label { "Words " input type="search" name="q" value=(params.one("q")); }
            @if matches!(list.name, "claims" | "outcomes" | "articles") {
                label { "Since " input name="since" value=(params.one("since")) size="10" placeholder="2020"; }
            }
            button type="submit" { "Search" }
        }
        @let picked: Vec<_> = params.0.iter().filter(|p| !OTHERS.contains(&p.0.as_str())).collect();
        @if !picked.is_empty() {
            ul class="picked" { @for (name, value) in picked {
                li { a href=(params.without(name).without("page").on(path)) title="Take this filter off" {
                    (words(name)) ": " (said(value)) " ✕" } }
            } }
        }
    }
}

/// The values of a column with their numbers, the most frequent first.
fn values<'a>(table: &Table, found: &'a [Cow<'_, Row>], column: &str) -> Vec<(&'a str, usize)> {
    let at = table.column(column).map_or(0, |c| c.0);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in found {
        let value = match &row[at] {
            Cell::Text(t) | Cell::Number(t) => t.as_str(),
            Cell::Boolean(true) => "true",
            Cell::Boolean(false) => "false",
            _ => continue,
        };
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts
}

fn facets(list: &List, table: &Table, found: &[Cow<'_, Row>], params: &Params, path: &str) -> Markup {
    html! {
        nav class="facets" aria-label="Facets" {
            @for (column, name) in list.facets {
                @let counts = values(table, found, column);
                @if counts.len() > 1 || counts.len() == 1 && !params.one(column).is_empty() {
                    details open[counts.len() <= 6 || !params.one(column).is_empty()] {
                        summary { (name) " " span class="n" { (count(counts.len())) } }
                        ul { @for (value, n) in counts.iter().take(VALUES) {
                            @let on = params.one(column) == *value;
                            li {
                                a href=(if on { params.without(column) } else { params.with(column, value) }.without("page").on(path))
                                    aria-current=[on.then_some("true")] { (said(value)) }
                                " " span class="n" { (count(*n)) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// A value that may be picked, in words.
fn said(value: &str) -> String {
    match value {
        "" => "none".to_owned(),
        "true" => "yes".to_owned(),
        "false" => "no".to_owned(),
        // Names of things keep their hyphens and capitals.
        _ if value.contains(' ') => short(value, 60),
        _ => short(&words(value), 60),
    }
}

/// Links to the pages before and after.
pub(super) fn turn(params: &Params, path: &str, page: usize, pages: usize) -> Markup {
    let to = |n: usize| params.with("page", &if n == 1 { String::new() } else { n.to_string() }).on(path);
    html! {
        @if pages > 1 {
            nav class="turn" aria-label="Pages of the list" {
                @if page > 1 { a href=(to(page - 1)) rel="prev" { "← Previous" } }
                span { "Page " (count(page)) " of " (count(pages)) }
                @if page < pages { a href=(to(page + 1)) rel="next" { "Next →" } }
            }
        }
    }
}

/// The rows of a list as CSV, JSON or, of claims, what the graph says of them as Turtle.
pub(super) async fn download(
    name: &'static str,
    form: &'static str,
    State(site): State<Arc<Site>>,
    params: Params,
) -> Result<Response, Problem> {
    let held = Arc::clone(&site);
    answer::stream(&site, None, move |store, _, tell, out| {
        let curation = held.curation()?;
        if name == "gaps" {
            let table = gaps_table()?;
            let all = held.findings()?;
            let mut found: Vec<_> = super::gaps::standing(&all, &curation, &params)?.into_iter().cloned().collect();
            super::gaps::say(store, &curation, &mut found)?;
            let rows: Vec<_> = found.iter().map(gaps_row).collect();
            return write(form, &table, &mut rows.into_iter().map(Ok), tell, out);
        }
        let list = &LISTS[DOWNLOADS.iter().find(|d| d.0 == name).map_or(0, |d| d.1)];
        let table = Table::named(name)?;
        let filter = filter(&table, &params)?;
        if form == "ttl" {
            tell("text/turtle; charset=utf-8");
            return Ok(write_rdf(store, &filter, &curation, oxigraph::io::RdfFormat::Turtle, out).map(drop)?);
        }
        let search = Search::new(&table, list.searched, params.one("q"));
        let shelf = held.shelf(name)?;
        if shelf.whole {
            let kept = shelf.curated(&curation).filter(|r| filter.passes(&table, r) && search.finds(r));
            return write(form, &table, &mut kept.map(|r| Ok(r.into_owned())), tell, out);
        }
        let mut kept = rows(store, &table, &filter, &curation)?.filter(|r| r.as_ref().map_or(true, |r| search.finds(r)));
        write(form, &table, &mut kept.by_ref().map(|r| Ok(r?)), tell, out)
    })
    .await
}

fn write(
    form: &str,
    table: &Table,
    rows: &mut dyn Iterator<Item = Result<Row, Problem>>,
    tell: &mut dyn FnMut(&'static str),
    out: &mut answer::Out,
) -> Result<(), Problem> {
    let failed = |e: std::io::Error| Problem::internal(e.to_string());
    if form == "csv" {
        tell("text/csv; charset=utf-8");
        let mut writer = TableWriter::new(out, table, TableFormat::Csv, false)?;
        for row in rows {
            writer.row(&row?)?;
        }
        return Ok(writer.finish()?);
    }
    tell("application/json");
    out.write_all(b"[").map_err(failed)?;
    for (at, row) in rows.enumerate() {
        let row = row?;
        let object: serde_json::Map<_, _> = table.columns.iter().zip(&row).map(|(c, cell)| (c.name.clone(), cell.json(c.kind))).collect();
        out.write_all(if at == 0 { b"\n" } else { b",\n" }).map_err(failed)?;
        serde_json::to_writer(&mut *out, &object).map_err(|e| Problem::internal(e.to_string()))?;
    }
    out.write_all(b"\n]\n").map_err(failed)
}
