//! Paths from a trigger to its arguments, written in the rule files.
//!
//! ```text
//! path   = route { " | " route }      the first route that finds something counts
//! route  = step { "." step }
//! step   = "$actor" | "$patient" | "$subject"      who acts, who is acted on, the subject as it stands
//!        | "$self"                                  the trigger itself
//!        | relation { "/" relation } [ "(" lemma { " " lemma } ")" ]      down to children
//!        | "^" relation { "/" relation } [ "(" lemmas ")" ]               up to the head
//!        | "@" preposition { "/" preposition }                            down to the object of a preposition
//! ```

use super::tree::Tree;

/// A compiled path.
#[derive(Debug, Clone)]
pub struct Path(Vec<Vec<Step>>);

#[derive(Debug, Clone)]
enum Step {
    Actor,
    Patient,
    Subject,
    Own,
    Down { relations: Vec<String>, lemmas: Vec<String> },
    Up { relations: Vec<String>, lemmas: Vec<String> },
    Through(Vec<String>),
}

impl Path {
    /// Compiles a path.
    ///
    /// # Errors
    /// A message naming the step that cannot be read.
    pub fn parse(source: &str) -> Result<Self, String> {
        source.split('|').map(|route| route.trim().split('.').map(|s| step(s.trim())).collect()).collect::<Result<_, _>>().map(Self)
    }

    /// The tokens that the path leads to from `from`, by the first route that finds any.
    pub fn follow(&self, tree: &Tree<'_>, from: usize) -> Vec<usize> {
        for route in &self.0 {
            let mut at = vec![from];
            for step in route {
                at = at.iter().flat_map(|&i| step.take(tree, i)).collect();
                if at.is_empty() {
                    break;
                }
            }
            if !at.is_empty() {
                at.dedup();
                return at;
            }
        }
        Vec::new()
    }
}

fn step(source: &str) -> Result<Step, String> {
    let words = |s: &str, by: char| -> Vec<String> { s.split(by).map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect() };
    match source {
        "$actor" => return Ok(Step::Actor),
        "$patient" => return Ok(Step::Patient),
        "$subject" => return Ok(Step::Subject),
        "$self" => return Ok(Step::Own),
        _ => {}
    }
    if let Some(prepositions) = source.strip_prefix('@') {
        return Ok(Step::Through(words(prepositions, '/')));
    }
    let (up, rest) = source.strip_prefix('^').map_or((false, source), |r| (true, r));
    let (relations, lemmas) = match rest.split_once('(') {
        Some((relations, lemmas)) => {
            (relations, lemmas.strip_suffix(')').ok_or_else(|| format!("step `{source}` opens a bracket that it does not close"))?)
        }
        None => (rest, ""),
    };
    if relations.is_empty() || relations.contains(|c: char| !c.is_ascii_lowercase() && c != '/') {
        return Err(format!("step `{source}` names no dependency relation"));
    }
    let (relations, lemmas) = (words(relations, '/'), words(lemmas, ' '));
    Ok(if up { Step::Up { relations, lemmas } } else { Step::Down { relations, lemmas } })
}

impl Step {
    fn take(&self, tree: &Tree<'_>, from: usize) -> Vec<usize> {
        let fits = |lemmas: &[String], i: usize| lemmas.is_empty() || lemmas.iter().any(|l| l == tree.lemma(i));
        let listed = |relations: &[String], i: usize| relations.iter().any(|r| r == tree.relation(i));
        match self {
            Self::Actor => tree.actor(from).into_iter().collect(),
            Self::Patient => tree.patient(from).into_iter().collect(),
            Self::Subject => tree.surface_subject(from).into_iter().collect(),
            Self::Own => vec![from],
            Self::Down { relations, lemmas } => tree.children(from).filter(|&c| listed(relations, c) && fits(lemmas, c)).collect(),
            Self::Up { relations, lemmas } if listed(relations, from) => tree.head(from).filter(|&h| fits(lemmas, h)).into_iter().collect(),
            Self::Up { .. } => Vec::new(),
            Self::Through(prepositions) => {
                tree.prepositional(from, &[]).filter(|&(p, _)| prepositions.iter().any(|w| w == tree.lemma(p))).map(|(_, o)| o).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_step_is_named() {
        assert!(Path::parse("$actor | dobj.@of | ^acl/relcl(cell tissue)").is_ok());
        assert!(Path::parse("dobj(of").is_err_and(|e| e.contains("dobj(of")));
        assert!(Path::parse("dobj..x").is_err());
    }
}
