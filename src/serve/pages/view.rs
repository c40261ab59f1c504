//! A filtered table as one SPARQL query, to be read, changed and run.

use super::Params;
use super::list::{DOWNLOADS, LISTS, filter};
use crate::export::{Kind, Table};
use crate::graph::{Prefixes, ucum};
use crate::serve::Problem;
use oxigraph::model::Literal;
use std::fmt::Write as _;

/// The query of the table that `table=` names, with the other parameters as its filters.
///
/// # Errors
/// Where there is no such table or column.
pub(super) fn sparql(params: &Params) -> Result<String, Problem> {
    let table = Table::named(params.one("table"))?;
    let asked = params.without("table");
    filter(&table, &asked)?;
    let body: Vec<&str> = table.query.lines().skip_while(|l| l.starts_with('#')).collect();
    let (mut filters, mut left_out) = (String::new(), Vec::new());
    let searched = DOWNLOADS.iter().find(|d| d.0 == table.name).map_or(&[][..], |d| LISTS[d.1].searched);
    let told =
        |column: &str| table.query.contains(&format!("?{column}")) || table.additions.iter().any(|a| a.columns.iter().any(|c| c == column));
    let mut used: Vec<&str> = searched.to_vec();
    for (name, value) in asked.0.iter().filter(|p| !matches!(p.0.as_str(), "sort" | "page" | "q" | "since")) {
        let columns: Vec<_> = table
            .columns
            .iter()
            .filter(|c| c.name == *name || c.name == format!("{name}_id") || c.name == format!("{name}_label"))
            .collect();
        let columns: Vec<_> = columns.into_iter().filter(|c| told(&c.name)).collect();
        let tests: Vec<String> = columns.iter().filter_map(|c| test(&c.name, c.kind, value)).collect();
        used.extend(columns.iter().map(|c| c.name.as_str()));
        if tests.is_empty() {
            left_out.push(
                format!("# {name}={value} stands in another query or in the curation graph, and is left out here\n")
                    .replace(['\r', '\t'], " "),
            );
        } else {
            let _ = writeln!(filters, "  FILTER({})", tests.join(" || "));
        }
    }
    if let Some(date) = ["article_date", "date"].into_iter().find(|c| table.column(c).is_some()).filter(|_| !asked.one("since").is_empty())
    {
        let _ = writeln!(filters, "  FILTER(STR(?{date}) >= {})", Literal::from(asked.one("since")));
        used.push(date);
    }
    for word in asked.one("q").split_whitespace() {
        let texts: Vec<String> = searched.iter().map(|c| format!("COALESCE(STR(?{c}), \"\")")).collect();
        let _ = writeln!(filters, "  FILTER(CONTAINS(LCASE(CONCAT({})), {}))", texts.join(", \" \", "), Literal::from(word.to_lowercase()));
    }
    let header = format!("# {}: {}\n", table.title, table.description);
    let left_out: String = left_out.iter().map(|l| l.replace('\n', " ").trim_end().to_owned() + "\n").collect();
    let indented = |query: &str| query.lines().map(|l| format!("    {}\n", l.trim_end())).collect::<String>();
    let inner = indented(&body.join("\n"));
    // What names, quotes and filtered columns are told by.
    let additions = table.additions.iter().filter(|a| a.columns.iter().any(|c| used.contains(&c.as_str())));
    let added: String = additions.map(|a| format!("  OPTIONAL {{ {{\n{}  }} }}\n", indented(a.query.trim_end()))).collect();
    if filters.is_empty() && added.is_empty() {
        return Ok(format!("{header}{left_out}{}\n", body.join("\n")));
    }
    Ok(format!("{header}{left_out}SELECT * WHERE {{\n  {{\n{inner}  }}\n{added}{filters}}}\n"))
}

/// The test that a cell of this kind equals the value.
fn test(column: &str, kind: Kind, value: &str) -> Option<String> {
    let resolve = |text: &str| Prefixes::shipped().resolve(text);
    Some(match kind {
        Kind::Curie | Kind::Iri => {
            format!("?{column} = {}", resolve(value).or_else(|| resolve(&format!("evi:{value}")).filter(|_| column == "relation"))?)
        }
        Kind::Word if value.is_ascii() => {
            let local: String = value.split('_').filter(|p| !p.is_empty()).map(|p| p[..1].to_uppercase() + &p[1..]).collect();
            format!("?{column} = {}", resolve(&format!("evi:{local}"))?)
        }
        Kind::Boolean => format!("?{column} = {}", value == "true"),
        Kind::Integer | Kind::Decimal => format!("?{column} = {}", value.parse::<f64>().ok().filter(|n| n.is_finite())?),
        Kind::Unit => format!("STR(?{column}) = {}", Literal::from(ucum(value))),
        Kind::Word | Kind::List | Kind::Curies | Kind::Period => return None,
        _ => format!("LCASE(STR(?{column})) = {}", Literal::from(value.to_lowercase())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{QueryOptions, prepare};

    #[test]
    fn every_view_is_sparql_that_no_value_breaks_out_of() {
        for given in [
            "table=claims",
            "table=claims&relation=evi%3Adecreases&source_status=untraceable_only&negated=true&subject=IL6&via=x%0Ay&decision=accepted&q=a%22b+c",
            "table=outcomes&unit=month&measure=change&low=5&condition_label=%22%29%7D%20%23&since=2020",
            "table=articles&format=jats",
            "table=entities&category=biolink%3AGene&grounded=true",
            "table=references&traceability=traceable",
        ] {
            let params = Params(crate::serve::request::parameters(given).expect("UTF-8"));
            let text = sparql(&params).unwrap_or_else(|e| panic!("{given}: {}", e.message));
            prepare(&text, &QueryOptions::default()).unwrap_or_else(|e| panic!("{given}: {e}\n{text}"));
        }
        let params = Params(vec![("table".into(), "claims".into()), ("source_status".into(), "untraceable_only".into())]);
        assert!(sparql(&params).is_ok_and(|t| t.contains("FILTER(?source_status = <https://w3id.org/evigraph/ontology#UntraceableOnly>)")));
    }
}
