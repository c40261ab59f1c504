//! The checks: a documented query each, and the profile that gives their levels.

use super::Error;
use std::collections::BTreeMap;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know.
    Info,
    /// To be looked at.
    Warn,
    /// To be mended.
    Error,
}

impl Level {
    /// The level as profiles and reports spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// The level spelt `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Info, Self::Warn, Self::Error].into_iter().find(|l| l.as_str() == name)
    }
}

/// What a check does beyond its query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Behaviour {
    /// A source added by a curator settles the finding.
    pub settled_by_source: bool,
    /// Rows are findings only where the article's present text lacks the quote.
    pub verify_quote: bool,
}

/// A check: what it looks for, why, how to mend it, and the query that finds it.
///
/// The query may select `?thing` (what the finding is about; the first column where there is none), `?detail` (tells several findings on one
/// thing apart), `?claim_id`, `?article_id`, `?sentence`, `?missing`, `?start`, `?end` (code points) and `?source`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Name, as in `check --explain NAME`.
    pub name: String,
    /// Title.
    pub title: String,
    /// Level, where no profile says otherwise.
    pub level: Level,
    /// What is wrong, in a sentence.
    pub problem: String,
    /// Why that matters.
    pub why: String,
    /// How to mend it.
    pub fix: String,
    /// What is missing, for findings whose row does not tell.
    pub missing: String,
    /// What it does beyond its query.
    pub behaviour: Behaviour,
    /// The query.
    pub query: String,
}

macro_rules! shipped {
    ($($name:literal,)*) => {
        /// Names and texts of the shipped checks.
        const SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../queries/check/", $name, ".rq")))),*];
    };
}
shipped!(
    "claim-without-citation",
    "numbers-without-source",
    "dangling-marker",
    "only-untraceable-sources",
    "retracted-source",
    "trial-cited-as-result",
    "single-case-report",
    "own-result-unpublished",
    "promotional-claim",
    "outcome-without-follow-up",
    "outcome-without-comparator",
    "heading-contradicts-case",
    "contradicting-claims",
    "source-cited-for-opposite-claims",
    "quote-not-found",
    "entry-without-identifier",
    "entry-never-cited",
    "duplicate-references",
    "ungrounded-entity",
    "ambiguous-grounding",
);

impl Check {
    /// The shipped checks.
    ///
    /// # Errors
    /// Where a header cannot be read.
    pub fn shipped() -> Result<Vec<Self>, Error> {
        SHIPPED.iter().map(|(name, text)| Self::parse(name, text)).collect()
    }

    /// Every shipped check's name and query text.
    pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
        SHIPPED.iter().copied()
    }

    /// The shipped check `name`.
    ///
    /// # Errors
    /// Where there is no such check.
    pub fn named(name: &str) -> Result<Self, Error> {
        let found = SHIPPED.iter().find(|c| c.0 == name.replace('_', "-"));
        let (name, text) =
            found.ok_or_else(|| Error::UnknownCheck { name: name.to_owned(), known: SHIPPED.iter().map(|c| c.0).collect() })?;
        Self::parse(name, text)
    }

    /// Reads a check from a query with header lines `# title:`, `# level:`, `# problem:`, `# why:`, `# fix:` and `# missing:`.
    ///
    /// A query of the user's own needs none of them: it is then called by its name, and warns.
    ///
    /// # Errors
    /// Where the level is none.
    pub fn parse(name: &str, query: &str) -> Result<Self, Error> {
        let headers: BTreeMap<&str, &str> =
            query.lines().map_while(|l| l.strip_prefix('#')).filter_map(|l| l.trim().split_once(": ")).collect();
        let get = |key: &str| headers.get(key).map_or_else(String::new, |v| (*v).trim().to_owned());
        let level = headers.get("level").map_or("warn", |l| l.trim());
        let level = Level::from_name(level).ok_or_else(|| Error::Level { check: name.to_owned(), level: level.to_owned() })?;
        let title = headers.get("title").map_or_else(|| name.to_owned(), |t| (*t).to_owned());
        let behaviour = Behaviour {
            settled_by_source: headers.get("settled-by").is_some_and(|s| s.trim() == "source"),
            verify_quote: headers.get("verify").is_some_and(|v| v.trim() == "quote"),
        };
        Ok(Self {
            name: name.to_owned(),
            level,
            problem: headers.get("problem").map_or_else(|| title.clone(), |p| (*p).to_owned()),
            why: get("why"),
            fix: get("fix"),
            missing: get("missing"),
            title,
            behaviour,
            query: query.to_owned(),
        })
    }

    /// The check in words: what `check --explain NAME` prints.
    pub fn explain(&self) -> String {
        let query: Vec<&str> = self.query.lines().skip_while(|l| l.starts_with('#')).collect();
        format!(
            "{} ({}, {})\n\nProblem: {}\nWhy:     {}\nFix:     {}\n\n{}\n",
            self.title,
            self.name,
            self.level.as_str(),
            self.problem,
            self.why,
            self.fix,
            query.join("\n")
        )
    }
}

/// The levels of the checks, replaceable by the user: a line `NAME<TAB>LEVEL` a check, `off` to leave it out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile(BTreeMap<String, Option<Level>>);

impl Profile {
    /// The text of the shipped profile.
    pub const SHIPPED: &'static str = include_str!("../../queries/check/profile.tsv");

    /// The shipped profile.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn shipped() -> Result<Self, Error> {
        Self::parse(Self::SHIPPED)
    }

    /// Reads a profile; checks that it does not name keep their own level.
    ///
    /// # Errors
    /// Where a line is none, or names a level that does not exist.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut levels = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let broken = || Error::Profile { line: at + 1, text: line.to_owned() };
            let (name, level) = line.split_once(char::is_whitespace).ok_or_else(broken)?;
            let level = match level.trim() {
                "off" => None,
                level => Some(Level::from_name(level).ok_or_else(broken)?),
            };
            levels.insert(name.to_owned(), level);
        }
        Ok(Self(levels))
    }

    /// The checks with the levels of this profile, without those it turns off.
    pub fn apply(&self, checks: Vec<Check>) -> Vec<Check> {
        let level = |mut check: Check| {
            check.level = self.0.get(&check.name).copied().unwrap_or(Some(check.level))?;
            Some(check)
        };
        checks.into_iter().filter_map(level).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{QueryOptions, prepare};

    #[test]
    fn every_check_is_documented_and_in_the_profile() {
        let profile = Profile::shipped().expect("the shipped profile");
        let checks = Check::shipped().expect("the shipped checks");
        assert_eq!(profile.0.len(), checks.len());
        for check in checks {
            for (what, text) in [("problem", &check.problem), ("why", &check.why), ("fix", &check.fix), ("missing", &check.missing)] {
                assert!(!text.is_empty(), "{} has no {what}", check.name);
            }
            assert_eq!(profile.0.get(&check.name), Some(&Some(check.level)), "{}", check.name);
            prepare(&check.query, &QueryOptions::default()).unwrap_or_else(|e| panic!("{}: {e}", check.name));
        }
    }

    #[test]
    fn a_profile_replaces_levels_and_turns_checks_off() {
        let profile = Profile::parse("# mine\nentry-never-cited\toff\ndangling-marker info\n").expect("a profile");
        let checks = profile.apply(Check::shipped().expect("the shipped checks"));
        assert!(checks.iter().all(|c| c.name != "entry-never-cited"));
        assert!(checks.iter().any(|c| c.name == "dangling-marker" && c.level == Level::Info));
        assert!(matches!(Profile::parse("\nx\tfatal"), Err(Error::Profile { line: 2, .. })));
    }
}
