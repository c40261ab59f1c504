//! Arguments of the commands that look after verdicts, the store and the vocabularies.

use super::{Destination, Tabular, Vocabulary};
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// `review`
#[derive(Debug, Args)]
pub struct Review {
    /// Who decides: an ORCID or a name.
    #[arg(long = "as", global = true, env = "EVIGRAPH_CURATOR", value_name = "WHO")]
    pub curator: Option<String>,
    /// A remark kept with the verdict.
    #[arg(long, global = true)]
    pub comment: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: ReviewCommand,
}

/// The verdicts.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// List what was decided.
    List(Tabular),
    /// A claim is right.
    Accept {
        /// The claim.
        id: String,
    },
    /// A claim is wrong.
    Reject {
        /// The claim.
        id: String,
        /// Why: no_relation, grounding, wrong_relation, act_vs_amt, entity_boundaries, polarity, hypothesis, negative_result, other.
        #[arg(long)]
        reason: String,
    },
    /// A claim should read otherwise.
    Correct {
        /// The claim.
        id: String,
        /// The right subject.
        #[arg(long)]
        subject: Option<String>,
        /// The right relation.
        #[arg(long)]
        relation: Option<String>,
        /// The right object.
        #[arg(long)]
        object: Option<String>,
        /// Whether the claim denies it.
        #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
        negated: Option<bool>,
    },
    /// Name a source for a claim.
    Source {
        /// The claim.
        id: String,
        /// Its DOI.
        #[arg(long)]
        doi: Option<String>,
        /// Its PubMed identifier.
        #[arg(long)]
        pmid: Option<String>,
        /// Its trial registration.
        #[arg(long)]
        trial: Option<String>,
        /// List works of the store that support the same statement, and decide nothing.
        #[arg(long, conflicts_with_all = ["doi", "pmid", "trial"])]
        suggest: bool,
    },
    /// Let a finding of a check stand.
    Waive {
        /// The finding.
        id: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Take back the last verdict on a claim or finding.
    Undo {
        /// The claim or finding.
        id: String,
    },
    /// Read verdicts from the `gaps` table.
    Import {
        /// The CSV file.
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Write all verdicts.
    Export(Tabular),
    /// Tell how often the claims of each rule were found right, with the reasons of those that were not.
    Precision(Tabular),
}

/// `store`
#[derive(Debug, Args)]
pub struct Store {
    /// What to do.
    #[command(subcommand)]
    pub command: StoreCommand,
}

/// Care of the store.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Count what the store holds.
    Info(Tabular),
    /// Load RDF files (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD).
    Load {
        /// The files.
        #[arg(required = true, value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
    },
    /// Write everything as sorted N-Quads.
    Dump(Destination),
    /// Copy the store into a new folder.
    Backup {
        /// The folder, which must not exist.
        #[arg(value_hint = ValueHint::DirPath)]
        to: PathBuf,
    },
    /// Make a store from a backup.
    Restore {
        /// The folder of the backup.
        #[arg(value_hint = ValueHint::DirPath)]
        from: PathBuf,
    },
    /// Give back the space of what was removed.
    Compact,
    /// Test that the store is sound.
    Verify,
}

/// `lexicon`
#[derive(Debug, Args)]
pub struct Lexicon {
    /// What to do.
    #[command(subcommand)]
    pub command: LexiconCommand,
    /// With which names.
    #[command(flatten)]
    pub vocabulary: Vocabulary,
}

/// Care of the vocabularies.
#[derive(Debug, Subcommand)]
pub enum LexiconCommand {
    /// Compile vocabulary files (OBO, OBO Graphs JSON, gene tables, MeSH, SSSOM, TSV) into the lexicon.
    Add {
        /// The files, or folders of them.
        #[arg(required = true, value_hint = ValueHint::AnyPath)]
        files: Vec<PathBuf>,
        /// Category of terms that name none (Disease, Gene, Cell …).
        #[arg(long)]
        category: Option<String>,
        /// Take only terms whose identifier has this prefix; also put before identifiers without one.
        #[arg(long)]
        prefix: Option<String>,
        /// Leave out terms that the vocabulary has withdrawn.
        #[arg(long)]
        exclude_obsolete: bool,
    },
    /// Download official releases and compile them into the lexicon; run again, it fetches only what is new.
    Fetch {
        /// Which (`--list` shows all).
        #[arg(required_unless_present = "list", value_name = "NAME")]
        names: Vec<String>,
        /// Show what can be fetched, from where and under which licence.
        #[arg(long)]
        list: bool,
        /// Keep the files here; by default beside the user's data.
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        to: Option<PathBuf>,
        /// A table of addresses in place of the program's own (columns name, title, url, file, licence, sha256).
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        addresses: Option<PathBuf>,
        /// Only download.
        #[arg(long)]
        no_add: bool,
    },
    /// List the vocabularies in use.
    List(Tabular),
    /// Tell how a name is grounded, and why.
    Lookup {
        /// The name.
        #[arg(required = true)]
        name: Vec<String>,
        /// Text around the name, which may decide between its meanings.
        #[arg(long, value_name = "TEXT")]
        context: Option<String>,
    },
    /// Write every entity with its names, cross-references and parents.
    Export(Tabular),
    /// Take a vocabulary out.
    Remove {
        /// Its name, as `lexicon list` gives it.
        name: String,
    },
}

/// `demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Folder for the store and the exported files; a temporary one unless given.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}

/// `completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
pub struct Man {
    /// Write a page for every command into this folder.
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
}
