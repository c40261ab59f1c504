//! Tables of JATS (the XHTML table model): cells with the header of their row and of their column.

use super::jats::Article;
use super::xml::Id;
use crate::document::BlockKind;
use crate::text::Span;

/// The most columns that spans may fill; further cells have no column header.
const MAX_COLUMNS: usize = 256;

/// The most rows that one cell may span.
const MAX_ROWS: usize = 10_000;

impl Article<'_, '_> {
    /// Lays out a table row by row. The first cell of a row is its header, the lowest header cell above a column is the column's.
    pub(super) fn table(&mut self, id: Id) {
        self.close();
        let tree = self.tree;
        let head: Vec<Id> = tree.all(id, "thead").flat_map(|h| tree.all(h, "tr").collect::<Vec<_>>()).collect();
        let mut columns: Vec<Option<Span>> = Vec::new();
        // For each column, the rows that a cell from above still fills, and that cell's span where it heads its rows.
        let mut filled: Vec<(usize, Option<Span>)> = Vec::new();
        let rows: Vec<Id> = tree.all(id, "tr").filter(|&r| !head.contains(&r)).collect();
        let has_head = !head.is_empty();
        let all = head.iter().map(|&r| (r, true)).chain(rows.iter().map(|&r| (r, false)));
        for (n, (row, in_head)) in all.enumerate() {
            let is_heading = in_head || (!has_head && n == 0 && tree.children(row).any(|c| tree.name(c) == "th"));
            let mut column = 0;
            let mut row_header = filled.first().filter(|f| f.0 > 0).and_then(|f| f.1);
            let mut spans = Vec::new();
            for cell in tree.children(row).filter(|&c| matches!(tree.name(c), "td" | "th")) {
                while filled.get(column).is_some_and(|f| f.0 > 0) {
                    column += 1;
                }
                let size =
                    |name: &str, most: usize| tree.attribute(cell, name).and_then(|v| v.parse().ok()).unwrap_or(1usize).clamp(1, most);
                let (wide, high) = (size("colspan", MAX_COLUMNS), size("rowspan", MAX_ROWS));
                let column_header = columns.get(column).copied().flatten().filter(|_| !is_heading);
                let headers = row_header.zip(column_header);
                let span = self.cell(cell, headers);
                if column == 0 && !is_heading {
                    row_header = span;
                }
                spans.push((column, wide, high, span));
                column = column.saturating_add(wide).min(MAX_COLUMNS);
            }
            for f in &mut filled {
                f.0 = f.0.saturating_sub(1);
            }
            for (column, wide, high, span) in spans {
                for c in column..(column + wide).min(MAX_COLUMNS) {
                    if filled.len() <= c {
                        filled.resize(c + 1, (0, None));
                    }
                    filled[c] = (high - 1, (c == 0 && !is_heading).then_some(span).flatten());
                    if is_heading && span.is_some() {
                        if columns.len() <= c {
                            columns.resize(c + 1, None);
                        }
                        columns[c] = span;
                    }
                }
            }
        }
    }

    fn cell(&mut self, id: Id, headers: Option<(Span, Span)>) -> Option<Span> {
        self.open(BlockKind::TableCell, None);
        if let Some((row, column)) = headers {
            self.builder.headers(row, column);
        }
        for part in self.tree.children(id) {
            // Paragraphs of a cell are lines of one cell.
            if self.tree.name(part) == "p" {
                self.inline_children(part);
                self.builder.push(" ");
            } else {
                self.inline(part);
            }
        }
        self.close()
    }
}
