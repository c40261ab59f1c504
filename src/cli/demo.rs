//! `evigraph demo`: the tour on the articles that come with the program, one stop for each of its three users.

use super::args::{Arguments, Demo};
use super::output::Output;
use super::setting::Setting;
use super::{Status, dispatch};
use crate::store::{Answer, GraphStore as _, QueryOptions, Store};
use anyhow::{Context, Result, bail};
use clap::Parser;
use oxigraph::model::Term;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The articles, written for this project; their studies are invented.
const ARTICLES: &[(&str, &str)] = &[
    ("ankle-and-knee.html", include_str!("../../data/articles/ankle-and-knee.html")),
    ("hip-and-meniscus.md", include_str!("../../data/articles/hip-and-meniscus.md")),
    ("second-look-at-cells.md", include_str!("../../data/articles/second-look-at-cells.md")),
    ("spine-and-nerve.txt", include_str!("../../data/articles/spine-and-nerve.txt")),
];

/// A claim with a source to follow, the surest first.
const CLAIM: &str =
    "SELECT ?claim { ?claim rdf:subject CL:0000134 ; rdf:object HGNC:6018 ; evi:sourceStatus evi:Sourced ; evi:confidence ?sure ;
  evi:certainty evi:Affirmed ; evi:negated false } ORDER BY DESC(?sure) ?claim LIMIT 1";

/// Lines of a file or report that the tour shows.
const SHOWN: usize = 12;

/// Takes the tour.
pub fn run(args: &Demo, setting: &Setting) -> Result<Status> {
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => temporary()?,
    };
    let tour = Tour { setting, store: folder.join("store") };
    let articles = folder.join("articles");
    fs::create_dir_all(&articles).with_context(|| format!("cannot make the folder {}", articles.display()))?;
    for (name, text) in ARTICLES {
        fs::write(articles.join(name), text).with_context(|| format!("cannot write into {}", articles.display()))?;
    }

    tour.say("Four short articles about cell therapy become a graph of claims.")?;
    tour.take(&["ingest", &text(&articles)])?;

    tour.say("\nA researcher asks what mesenchymal stem cells do to IL-6, where it is said, and on whose word.")?;
    tour.take(&[
        "query",
        "treatment-effects",
        "--param",
        "treatment=mesenchymal stem cells",
        "--param",
        "signal=IL-6",
        "--format",
        "table",
    ])?;
    if let Some(claim) = a_claim(&tour.store)? {
        tour.say("\nOne of these claims, followed to its quote and its reference:")?;
        tour.take(&["show", &claim])?;
    }

    tour.say("\nAn analyst takes the outcomes, with follow-up, comparator and source, into a spreadsheet.")?;
    let table = folder.join("outcomes.csv");
    tour.take(&["export", "outcomes", "-o", &text(&table)])?;
    tour.first_rows(&table, &["intervention_label", "outcome_label", "direction", "low", "high", "unit", "follow_up", "source_status"])?;

    tour.say("\nA curator asks what is missing.")?;
    let gaps = folder.join("gaps.txt");
    tour.take(&["check", "--fail-on", "none", "-o", &text(&gaps)])?;
    tour.first_lines(&gaps)?;

    let store = text(&tour.store);
    tour.say(&format!(
        "\nWhat to try next:\n  \
         export EVIGRAPH_STORE={store}\n  \
         evigraph query --list                      the questions that come with the program\n  \
         evigraph query condition-treatments --param condition=\"hip osteoarthritis\"\n  \
         evigraph check --explain claim-without-citation\n  \
         evigraph extract {} --explain   how a sentence becomes a claim\n  \
         evigraph ingest YOUR-ARTICLES/             your own: text, Markdown, HTML, JATS, PubMed XML …",
        articles.join("hip-and-meniscus.md").display()
    ))?;
    Ok(Status::Done)
}

struct Tour<'a> {
    setting: &'a Setting,
    store: PathBuf,
}

impl Tour<'_> {
    fn say(&self, text: &str) -> Result<()> {
        let mut out = Output::stdout();
        writeln!(out, "{text}")?;
        Ok(out.flush()?)
    }

    /// Shows a command, and runs it as the command line would.
    fn take(&self, words: &[&str]) -> Result<()> {
        let quoted: Vec<_> = words.iter().map(|w| if w.contains(' ') { format!("'{w}'") } else { (*w).to_owned() }).collect();
        self.say(&format!("\n$ evigraph {}", quoted.join(" ")))?;
        let store = text(&self.store);
        let arguments = Arguments::try_parse_from(["evigraph", "--store", &store].iter().chain(words))?;
        match dispatch(&arguments, &self.setting.at(&self.store))? {
            Status::Interrupted => bail!("the tour was stopped at `evigraph {}`", quoted.join(" ")),
            _ => Ok(()),
        }
    }

    /// The first rows of a CSV file, some of its columns.
    fn first_rows(&self, path: &Path, columns: &[&str]) -> Result<()> {
        let mut reader = csv::Reader::from_path(path)?;
        let header = reader.headers()?.clone();
        let picked: Vec<usize> = columns.iter().filter_map(|c| header.iter().position(|h| h == *c)).collect();
        let mut rows = Vec::new();
        for record in reader.records().take(SHOWN / 2) {
            let record = record?;
            rows.push(picked.iter().map(|&at| record.get(at).unwrap_or_default().to_owned()).collect());
        }
        let table = super::terminal::table(picked.iter().filter_map(|&at| header.get(at)), rows);
        self.say(&format!("{}, its first rows and some of its {} columns:\n{}", path.display(), header.len(), table.trim_end()))
    }

    fn first_lines(&self, path: &Path) -> Result<()> {
        let report = fs::read_to_string(path)?;
        let lines: Vec<&str> = report.lines().collect();
        let shown = lines.iter().take(2 * SHOWN).copied().collect::<Vec<_>>().join("\n");
        self.say(&shown)?;
        if let Some(last) = lines.last().filter(|_| lines.len() > 2 * SHOWN) {
            self.say(&format!("  …\n{last} (all in {})", path.display()))?;
        }
        Ok(())
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// A new folder of the system's temporary one; it stays, for the user to look around in.
fn temporary() -> Result<PathBuf> {
    let made = tempfile::Builder::new().prefix("evigraph-demo-").tempdir();
    Ok(made.with_context(|| format!("cannot make a folder in {}", std::env::temp_dir().display()))?.keep())
}

fn a_claim(store: &Path) -> Result<Option<String>> {
    let store = Store::read(store)?;
    let Answer::Solutions(mut rows) = store.query(CLAIM, &QueryOptions::default())? else { return Ok(None) };
    let row = rows.next().transpose()?;
    Ok(row.and_then(|r| match r.get("claim") {
        Some(Term::NamedNode(iri)) => iri.as_str().rsplit('/').next().map(|hash| hash.chars().take(12).collect()),
        _ => None,
    }))
}
