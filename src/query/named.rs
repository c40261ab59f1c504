//! Named queries: the shipped questions of `queries/explore`, each with its title, description, parameters and example.

use super::{Error, nearest};
use std::sync::LazyLock;

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A CURIE, an IRI, or a name that is looked up in the store.
    Entity,
    /// A text, taken as it is.
    Text,
    /// A number.
    Number,
}

/// A parameter of a query: one of its variables that may be bound beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The variable, without `?`.
    pub name: String,
    /// What it takes.
    pub kind: Kind,
    /// Whether the query makes no sense without it.
    pub required: bool,
    /// What it is for.
    pub description: String,
}

/// A query with what its header says of it.
///
/// The header is a block of comments: `# title:`, `# description:`, `# parameter: NAME [text|number] [required] what it is for`, `# example:`,
/// `# cost:`; a comment line that begins with three spaces goes on with the line before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedQuery {
    /// Its name: that of the file, without extension.
    pub name: String,
    /// The question in one line.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// A command that shows it.
    pub example: String,
    /// What it costs on a large store.
    pub cost: String,
    /// The SPARQL text, header included.
    pub text: String,
}

impl NamedQuery {
    /// Reads the header of a query; a query without one has parameters all the same, its variables.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut query = Self { name: name.to_owned(), text: text.to_owned(), ..Self::default() };
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines().map_while(|l| l.strip_prefix('#')) {
            if let (Some(more), Some(last)) = (line.strip_prefix("   "), fields.last_mut()) {
                last.1.push(' ');
                last.1.push_str(more.trim());
            } else if let Some((field, value)) = line.split_once(':') {
                fields.push((field.trim().to_lowercase(), value.trim().to_owned()));
            }
        }
        for (field, value) in fields {
            match field.as_str() {
                "title" => query.title = value,
                "description" => query.description = value,
                "example" => query.example = value,
                "cost" => query.cost = value,
                "parameter" => query.parameters.extend(parameter(&value)),
                _ => {}
            }
        }
        query
    }
}

fn parameter(text: &str) -> Option<Parameter> {
    let (name, mut rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut found =
        Parameter { name: name.trim_start_matches('?').to_owned(), kind: Kind::Entity, required: false, description: String::new() };
    loop {
        let (word, more) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "text" => found.kind = Kind::Text,
            "number" => found.kind = Kind::Number,
            "entity" => found.kind = Kind::Entity,
            "required" => found.required = true,
            _ => break,
        }
        rest = more;
    }
    found.description = rest.trim().to_owned();
    (!found.name.is_empty()).then_some(found)
}

/// Embeds the named files, which a test compares with the folder.
macro_rules! shipped {
    ($($name:literal)*) => { &[$(($name, include_str!(concat!("../../queries/explore/", $name, ".rq"))),)*] };
}

const SHIPPED: &[(&str, &str)] = shipped! {
    "article-counts"
    "claim-evidence"
    "claims-by-design"
    "class-effects"
    "condition-signals"
    "condition-treatments"
    "disagreements"
    "entity"
    "reference-uses"
    "shared-mechanisms"
    "treatment-effects"
    "treatment-outcomes"
    "unsourced-claims"
    "works-most-cited"
};

static QUERIES: LazyLock<Vec<NamedQuery>> = LazyLock::new(|| SHIPPED.iter().map(|(name, text)| NamedQuery::parse(name, text)).collect());

/// The shipped queries, by name.
pub fn shipped() -> &'static [NamedQuery] {
    &QUERIES
}

/// The shipped query with this name.
///
/// # Errors
/// Where there is none; the nearest name is suggested.
pub fn find(name: &str) -> Result<&'static NamedQuery, Error> {
    QUERIES.iter().find(|q| q.name == name).ok_or_else(|| Error::UnknownQuery {
        name: name.to_owned(),
        meant: nearest(name, QUERIES.iter().map(|q| q.name.as_str())).map(|m| format!("; did you mean {m}?")).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let q = NamedQuery::parse(
            "q",
            "# title: What acts\n# description: One line\n#    and another.\n# parameter: cell required the cell\n# parameter: words text what to find\nSELECT * {}",
        );
        assert_eq!(q.description, "One line and another.");
        assert_eq!((q.parameters[0].required, q.parameters[0].description.as_str()), (true, "the cell"));
        assert_eq!((q.parameters[1].kind, q.parameters[1].name.as_str()), (Kind::Text, "words"));
    }

    #[test]
    fn every_shipped_query_says_what_it_is() {
        for q in shipped() {
            assert!(!q.title.is_empty() && !q.description.is_empty() && q.example.contains(&q.name) && !q.cost.is_empty(), "{}", q.name);
            let options = crate::store::QueryOptions::default();
            assert!(crate::store::prepare(&q.text, &options).is_ok(), "{}: {:?}", q.name, crate::store::prepare(&q.text, &options).err());
            assert!(super::super::unknown_terms(&q.text).is_empty(), "{}: {:?}", q.name, super::super::unknown_terms(&q.text));
            for p in &q.parameters {
                assert!(q.text.contains(&format!("?{}", p.name)) && !p.description.is_empty(), "{} {}", q.name, p.name);
            }
        }
        assert!(shipped().is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn every_file_is_shipped() {
        let dir = "queries/explore";
        let mut files: Vec<String> = std::fs::read_dir(dir)
            .expect("the folder is part of the package")
            .filter_map(|e| e.ok()?.file_name().to_str()?.strip_suffix(".rq").map(str::to_owned))
            .collect();
        files.sort();
        assert_eq!(files, shipped().iter().map(|q| q.name.clone()).collect::<Vec<_>>());
    }
}
