//! Extraction rules as data: trigger classes, rules with argument paths, and the sentences that each must and must not match.

use super::claim::{Direction, Relation};
use super::cues::Cues;
use super::path::Path;
use crate::annotate::Category;
use serde::Deserialize;
use std::collections::HashMap;

/// What can be wrong with a rule file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The file is no valid TOML or lacks a field.
    #[error("{file}: {source}")]
    Syntax {
        /// The rule file.
        file: String,
        /// What the parser says, with line and column.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A rule names something that does not exist.
    #[error("{file}: rule `{rule}`: {message}")]
    Rule {
        /// The rule file.
        file: String,
        /// The rule.
        rule: String,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// A rule folder cannot be read.
    #[error("{file}: {source}")]
    Io {
        /// The file or folder.
        file: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
}

/// The kind of word that triggers a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A verb in any form.
    Verb,
    /// A noun.
    Noun,
    /// An adjective or participle used as one.
    Adjective,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassSpec {
    name: String,
    relation: String,
    disorder: Option<String>,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    adjectives: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    class: Vec<ClassSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSpec {
    name: String,
    #[serde(default)]
    about: String,
    form: Form,
    #[serde(default)]
    classes: Vec<String>,
    #[serde(default)]
    lemmas: Vec<String>,
    subject: String,
    object: String,
    relation: Option<String>,
    disorder: Option<String>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    object_types: Vec<String>,
    #[serde(default)]
    subject_types: Vec<String>,
    #[serde(default)]
    inherit: bool,
    #[serde(default)]
    carried: bool,
    #[serde(default)]
    change: bool,
    #[serde(default)]
    denied: bool,
    #[serde(default)]
    denies: bool,
    #[serde(default)]
    presupposed: bool,
    #[serde(default)]
    paired: bool,
    #[serde(default)]
    effect: bool,
    #[serde(default, rename = "match")]
    matches: Vec<String>,
    #[serde(default)]
    reject: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rule: Vec<RuleSpec>,
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name, given with each claim.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Where the subject stands, from the trigger.
    pub subject: Path,
    /// Where the object stands.
    pub object: Path,
    /// Paths that must find something.
    pub needs: Vec<Path>,
    /// Paths that must find nothing.
    pub without: Vec<Path>,
    /// Categories of the object; any where empty.
    pub object_types: Vec<Category>,
    /// Categories of the subject; any where empty.
    pub subject_types: Vec<Category>,
    /// Whether a missing subject is taken from the list's lead-in, the sentence before or the heading.
    pub inherit: bool,
    /// Whether the subject must be something done or given ("after treatment with X", "in the X group").
    pub carried: bool,
    /// Whether the object's phrase must tell a direction ("a reduction in X").
    pub change: bool,
    /// Whether the rule gives denied claims ("no difference in X").
    pub denied: bool,
    /// Whether the trigger itself denies the claim ("Y was similar with X and Z").
    pub denies: bool,
    /// Whether the claim holds whatever is done with it ("X-induced Y was measured").
    pub presupposed: bool,
    /// Whether the first of a coordination is the subject and the rest are objects ("between X and Y").
    pub paired: bool,
    /// Whether the trigger's adjective tells the relation ("an inhibitory effect on X").
    pub effect: bool,
    /// Sentences with the claim that the rule must give: `sentence | subject | relation | object`.
    pub matches: Vec<String>,
    /// Sentences on which the rule must stay silent.
    pub reject: Vec<String>,
    /// Measured precision on development data.
    pub confidence: f32,
}

/// A word that triggers rules.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// The relation that the word's class gives.
    pub relation: Relation,
    /// The relation where the object is a disorder.
    pub disorder: Option<Relation>,
    /// Index of the rule.
    pub rule: usize,
}

/// All rules and word lists, compiled.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The rules, in order of precedence.
    pub rules: Vec<Rule>,
    /// The word lists.
    pub cues: Cues,
    /// SHA-256 of the rule files.
    pub hash: String,
    triggers: [HashMap<String, Vec<Trigger>>; 3],
    directions: [HashMap<String, Direction>; 3],
    precision: HashMap<String, f32>,
}

/// Confidence of a rule that the development data never tried.
const UNMEASURED: f32 = 0.5;

const SHIPPED: [(&str, &str); 4] = [
    ("cues.toml", include_str!("../../ontology/rules/cues.toml")),
    ("triggers.toml", include_str!("../../ontology/rules/triggers.toml")),
    ("claims.toml", include_str!("../../ontology/rules/claims.toml")),
    ("precision.tsv", include_str!("../../ontology/rules/precision.tsv")),
];

impl Rules {
    /// The shipped rules.
    ///
    /// # Errors
    /// Never for a released program: a test compiles them.
    pub fn shipped() -> Result<Self, RuleError> {
        Self::compile(&SHIPPED.map(|(name, text)| (name.to_owned(), text.to_owned())))
    }

    /// Rules from a folder that holds `cues.toml`, `triggers.toml`, `claims.toml` and `precision.tsv`; the shipped file stands in for one that is missing.
    ///
    /// # Errors
    /// When a file cannot be read, is no valid TOML, or a rule names an unknown class, relation, category or path step.
    pub fn open(folder: &std::path::Path) -> Result<Self, RuleError> {
        let mut files = Vec::new();
        for (name, shipped) in SHIPPED {
            let path = folder.join(name);
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound && folder.is_dir() => shipped.to_owned(),
                Err(source) => return Err(RuleError::Io { file: path.display().to_string(), source }),
            };
            files.push((path.display().to_string(), text));
        }
        Self::compile(&files.try_into().unwrap_or_else(|_| unreachable!("as many files as are shipped")))
    }

    fn compile(files: &[(String, String); 4]) -> Result<Self, RuleError> {
        fn parse<T: serde::de::DeserializeOwned>((file, text): &(String, String)) -> Result<T, RuleError> {
            toml::from_str(text).map_err(|e| RuleError::Syntax { file: file.clone(), source: Box::new(e) })
        }
        let cues: Cues = parse(&files[0])?;
        let classes: ClassFile = parse(&files[1])?;
        let specs: RuleFile = parse(&files[2])?;
        let precision: HashMap<String, f32> = files[3]
            .1
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| {
                let mut columns = l.split('\t');
                Some((columns.next()?.to_owned(), columns.next()?.parse().ok()?))
            })
            .collect();
        let mut rules = Vec::new();
        let mut triggers: [HashMap<String, Vec<Trigger>>; 3] = Default::default();
        for spec in specs.rule {
            let fail = |message: String| RuleError::Rule { file: files[2].0.clone(), rule: spec.name.clone(), message };
            let relation = |name: &str| Relation::from_name(name).ok_or_else(|| fail(format!("`{name}` is no relation of the ontology")));
            let path = |source: &str| Path::parse(source).map_err(&fail);
            let category = |name: &String| Category::from_name(name).ok_or_else(|| fail(format!("`{name}` is no category")));
            let own = spec.relation.as_deref().map(relation).transpose()?;
            let disorder = spec.disorder.as_deref().map(relation).transpose()?;
            let index = rules.len();
            if spec.classes.is_empty() && (spec.lemmas.is_empty() || own.is_none()) {
                return Err(fail("a rule names classes, or lemmas and a relation".to_owned()));
            }
            for name in &spec.classes {
                let class =
                    classes.class.iter().find(|c| c.name == *name).ok_or_else(|| fail(format!("no trigger class is called `{name}`")))?;
                let words = match spec.form {
                    Form::Verb => &class.verbs,
                    Form::Noun => &class.nouns,
                    Form::Adjective => &class.adjectives,
                };
                for word in words.iter().filter(|w| spec.lemmas.is_empty() || spec.lemmas.contains(w)) {
                    triggers[spec.form as usize].entry(word.clone()).or_default().push(Trigger {
                        relation: own.map_or_else(|| relation(&class.relation), Ok)?,
                        disorder: if own.is_some() { disorder } else { class.disorder.as_deref().map(relation).transpose()? },
                        rule: index,
                    });
                }
            }
            if let (true, Some(own)) = (spec.classes.is_empty(), own) {
                for word in &spec.lemmas {
                    triggers[spec.form as usize].entry(word.clone()).or_default().push(Trigger { relation: own, disorder, rule: index });
                }
            }
            rules.push(Rule {
                subject: path(&spec.subject)?,
                object: path(&spec.object)?,
                needs: spec.needs.iter().map(|p| path(p)).collect::<Result<_, _>>()?,
                without: spec.without.iter().map(|p| path(p)).collect::<Result<_, _>>()?,
                object_types: spec.object_types.iter().map(category).collect::<Result<_, _>>()?,
                subject_types: spec.subject_types.iter().map(category).collect::<Result<_, _>>()?,
                confidence: precision.get(&spec.name).copied().unwrap_or(UNMEASURED),
                name: spec.name,
                about: spec.about,
                inherit: spec.inherit,
                carried: spec.carried,
                change: spec.change,
                denied: spec.denied,
                denies: spec.denies,
                presupposed: spec.presupposed,
                paired: spec.paired,
                effect: spec.effect,
                matches: spec.matches,
                reject: spec.reject,
            });
        }
        let mut directions: [HashMap<String, Direction>; 3] = Default::default();
        for class in &classes.class {
            let direction = match Relation::from_name(&class.relation) {
                Some(Relation::Increases) => Direction::Increase,
                Some(Relation::Decreases) => Direction::Decrease,
                _ => continue,
            };
            for (form, words) in [(Form::Verb, &class.verbs), (Form::Noun, &class.nouns), (Form::Adjective, &class.adjectives)] {
                for word in words {
                    directions[form as usize].entry(word.clone()).or_insert(direction);
                }
            }
        }
        let hash = content_hash(files.iter().map(|f| f.1.as_str()));
        Ok(Self { rules, cues, hash, triggers, directions, precision })
    }

    /// Measured precision of a rule on development data; one half where it was never measured.
    pub fn precision(&self, rule: &str) -> f32 {
        self.precision.get(rule).copied().unwrap_or(UNMEASURED)
    }

    /// The rules that a word of this form and lemma triggers, in order of precedence.
    pub fn triggered(&self, form: Form, lemma: &str) -> &[Trigger] {
        self.triggers[form as usize].get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Which way a word of change points, told by its class; a rule's own relation tells nothing of it ("found in" raises nothing).
    pub fn direction(&self, form: Form, lemma: &str) -> Option<Direction> {
        self.directions[form as usize].get(lemma).copied()
    }

    /// Whether a word could trigger any rule.
    pub fn is_trigger(&self, lemma: &str) -> bool {
        [Form::Verb, Form::Noun, Form::Adjective].iter().any(|&f| !self.triggered(f, lemma).is_empty())
    }
}

/// SHA-256 over the parts, in hexadecimal.
fn content_hash<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
