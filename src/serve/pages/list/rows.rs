//! The rows that an address asks for: its conditions, the words looked for, the order.

use super::List;
use crate::export::{Cell, Curation, Filter, Row, Table, natural};
use crate::serve::Problem;
use crate::serve::held::Shelf;
use crate::serve::pages::Params;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Parameters that are no conditions on a column.
pub(super) const OTHERS: &[&str] = &["q", "sort", "page", "since", "plot", "done"];

/// The conditions that an address puts on a table.
///
/// # Errors
/// Where it names a column that the table lacks.
pub(in crate::serve::pages) fn filter(table: &Table, params: &Params) -> Result<Filter, Problem> {
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
pub(super) fn passing<'a>(list: &List, shelf: &'a Shelf, curation: &'a Curation, params: &Params) -> Result<Vec<Cow<'a, Row>>, Problem> {
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
