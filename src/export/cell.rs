//! A cell of a table: an RDF term as a spreadsheet or a data frame wants it.

use super::Kind;
use crate::graph::{Prefixes, unit_word, vocabulary::EVI};
use oxigraph::model::Term;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::HashMap;

/// The separator of lists in CSV and TSV.
pub const SEPARATOR: &str = "; ";

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, an identifier or a date.
    Text(String),
    /// A number, as written.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// Several texts.
    List(Vec<String>),
}

/// A row: a cell for each column.
pub type Row = Vec<Cell>;

impl Cell {
    /// The term as a cell of a column of this kind.
    pub(super) fn of(term: Option<&Term>, kind: Kind, names: &mut Names) -> Self {
        let Some(term) = term else { return Self::Empty };
        let text = match term {
            Term::NamedNode(n) => n.as_str(),
            Term::Literal(l) => l.value(),
            Term::BlankNode(b) => b.as_str(),
        };
        if text.is_empty() {
            return Self::Empty;
        }
        match kind {
            Kind::Text | Kind::Iri | Kind::Date => Self::Text(text.to_owned()),
            Kind::Curie => Self::Text(names.curie(text)),
            Kind::Word => Self::Text(word(text)),
            Kind::Unit => Self::Text(unit_word(text)),
            Kind::Period => Self::Text(period(text)),
            Kind::Boolean => Self::Boolean(matches!(text, "true" | "1")),
            Kind::Integer | Kind::Count | Kind::Decimal => Self::Number(number(text)),
            Kind::List => Self::list([text.to_owned()]),
            Kind::Curies => Self::list([names.curie(text)]),
        }
    }

    /// A list in natural order, without empty or repeated values.
    pub(super) fn list(items: impl IntoIterator<Item = String>) -> Self {
        let mut items: Vec<String> = items.into_iter().filter(|i| !i.is_empty()).collect();
        items.sort_by(|a, b| natural(a, b));
        items.dedup();
        if items.is_empty() { Self::Empty } else { Self::List(items) }
    }

    /// Text, or nothing where it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// The cell as one text; lists are joined.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(t) | Self::Number(t) => t.clone(),
            Self::Boolean(b) => b.to_string(),
            // A semicolon inside an item would part it in two.
            Self::List(items) => items.iter().map(|i| i.replace(';', ",")).collect::<Vec<_>>().join(SEPARATOR),
        }
    }

    /// The text of a cell that holds one.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(t) | Self::Number(t) => t,
            _ => "",
        }
    }

    /// The values of a list; a single text counts as a list of one.
    pub fn items(&self) -> &[String] {
        match self {
            Self::List(items) => items,
            Self::Text(t) => std::slice::from_ref(t),
            _ => &[],
        }
    }

    /// The cell as JSON: numbers as numbers, lists as arrays (empty ones too), nothing as `null`.
    pub fn json(&self, kind: Kind) -> Value {
        match self {
            Self::Empty if kind.is_list() => Value::Array(Vec::new()),
            Self::Empty => Value::Null,
            Self::Text(t) => Value::String(t.clone()),
            Self::Number(n) => serde_json::from_str(n).unwrap_or_else(|_| Value::String(n.clone())),
            Self::Boolean(b) => Value::Bool(*b),
            Self::List(items) => Value::Array(items.iter().cloned().map(Value::String).collect()),
        }
    }
}

/// CURIEs that were looked up, of IRIs that come again and again.
#[derive(Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// [`curie`], looked up once for each IRI.
    fn curie(&mut self, iri: &str) -> String {
        if let Some(known) = self.0.get(iri) {
            return known.clone();
        }
        let name = curie(iri);
        self.0.insert(iri.to_owned(), name.clone());
        name
    }
}

/// The CURIE of an IRI where a prefix is known; any other text as it is.
pub fn curie(iri: &str) -> String {
    if iri.contains("://") { Prefixes::shipped().compact(iri).unwrap_or_else(|| iri.to_owned()) } else { iri.to_owned() }
}

/// The value of a vocabulary as CSV spells it: the local name in snake case.
pub fn word(term: &str) -> String {
    let local = term.strip_prefix(EVI).unwrap_or(term);
    let mut out = String::with_capacity(local.len() + 4);
    for (at, c) in local.char_indices() {
        if c.is_ascii_uppercase() {
            if at > 0 {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// A number without the zeros that a decimal may trail.
fn number(text: &str) -> String {
    let text = text.trim_start_matches('+');
    if !text.contains('.') || text.contains(['e', 'E']) {
        return text.to_owned();
    }
    let cut = text.trim_end_matches('0').trim_end_matches('.');
    match cut {
        "" | "-" => "0".to_owned(),
        _ if cut.starts_with('.') => format!("0{cut}"),
        _ => cut.to_owned(),
    }
}

/// Two durations parted by `/` in plain words: "1-3 months", "8 months", "24 hours".
fn period(text: &str) -> String {
    let (from, to) = text.split_once('/').unwrap_or((text, text));
    let parse = |d: &str| -> Option<(u64, &'static str)> {
        let (d, timed) = match d.strip_prefix("PT") {
            Some(rest) => (rest, true),
            None => (d.strip_prefix('P')?, false),
        };
        let unit = match (d.chars().last()?, timed) {
            ('Y', false) => "year",
            ('M', false) => "month",
            ('D', false) => "day",
            ('H', true) => "hour",
            ('M', true) => "minute",
            ('S', true) => "second",
            _ => return None,
        };
        Some((d[..d.len() - 1].parse().ok()?, unit))
    };
    let weeks = |(n, unit): (u64, &'static str)| if unit == "day" && n > 0 && n % 7 == 0 { (n / 7, "week") } else { (n, unit) };
    let (Some(mut low), Some(mut high)) = (parse(from), parse(to)) else { return text.to_owned() };
    let in_weeks = (weeks(low), weeks(high));
    if in_weeks.0.1 == in_weeks.1.1 {
        (low, high) = in_weeks;
    }
    let plural = |n: u64| if n == 1 { "" } else { "s" };
    if low == high {
        format!("{} {}{}", low.0, low.1, plural(low.0))
    } else if low.1 == high.1 {
        format!("{}-{} {}{}", low.0, high.0, high.1, plural(high.0))
    } else {
        format!("{} {}{} to {} {}{}", low.0, low.1, plural(low.0), high.0, high.1, plural(high.0))
    }
}

/// Natural order: runs of digits by their number, so that "2" comes before "10".
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a, b);
    loop {
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        match (x.chars().next(), y.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(c), Some(d)) if c.is_ascii_digit() && d.is_ascii_digit() => {
                let (n, m) = (&x[..digits(x)], &y[..digits(y)]);
                let (p, q) = (n.trim_start_matches('0'), m.trim_start_matches('0'));
                let order = p.len().cmp(&q.len()).then_with(|| p.cmp(q));
                if order != Ordering::Equal {
                    return order;
                }
                (x, y) = (&x[n.len()..], &y[m.len()..]);
            }
            (Some(c), Some(d)) if c == d => (x, y) = (&x[c.len_utf8()..], &y[d.len_utf8()..]),
            (Some(c), Some(d)) => return c.cmp(&d),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{Literal, NamedNode};

    fn cell(text: &str, kind: Kind) -> String {
        Cell::of(Some(&Literal::from(text).into()), kind, &mut Names::default()).plain()
    }

    #[test]
    fn terms_become_plain_words() {
        let iri = |text: &str, kind| Cell::of(Some(&NamedNode::new_unchecked(text).into()), kind, &mut Names::default()).plain();
        assert_eq!(iri("https://w3id.org/evigraph/ontology#RandomizedControlledTrial", Kind::Word), "randomized_controlled_trial");
        assert_eq!(iri("http://identifiers.org/hgnc/6018", Kind::Curie), "HGNC:6018");
        assert_eq!(iri("https://w3id.org/evigraph/entity/tear-gap", Kind::Curie), "EVI:tear-gap");
        assert_eq!(cell("mo", Kind::Unit), "month");
        assert_eq!(cell("0.50", Kind::Decimal), "0.5");
        assert_eq!(Cell::list(["10", "2", "1; 1", "2"].map(str::to_owned)).plain(), "1, 1; 2; 10");
    }

    #[test]
    fn durations_read_as_follow_ups() {
        for (given, expected) in [
            ("P1M/P3M", "1-3 months"),
            ("P8M/P8M", "8 months"),
            ("P28D/P28D", "4 weeks"),
            ("P10D/P14D", "10-14 days"),
            ("P6M/P2Y", "6 months to 2 years"),
            ("PT24H/PT24H", "24 hours"),
            ("P1Y/P1Y", "1 year"),
            ("soon", "soon"),
        ] {
            assert_eq!(cell(given, Kind::Period), expected);
        }
    }

    #[test]
    fn natural_order_counts() {
        let mut keys = vec!["10", "2", "Li 2022", "1", "Li 2022a", "é"];
        keys.sort_by(|a, b| natural(a, b));
        assert_eq!(keys, ["1", "2", "10", "Li 2022", "Li 2022a", "é"]);
    }
}
