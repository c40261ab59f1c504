//! The nearest of the known names to one that is not known.

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`, in characters.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// The nearest of `known` to `name`, if it is near enough to be meant: at most a third of its letters differ, or one holds the other.
///
/// ```
/// use evigraph::query::nearest;
/// assert_eq!(nearest("gap-anlaysis", ["gap-analysis", "hubs"]), Some("gap-analysis"));
/// assert_eq!(nearest("xyz", ["gap-analysis", "hubs"]), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let allowed = (lower.chars().count() / 3).clamp(1, 5);
    known
        .into_iter()
        .filter_map(|k| {
            let other = k.to_lowercase();
            let d = distance(&lower, &other);
            let holds = lower.chars().count() >= 4 && (other.contains(&lower) || lower.contains(&other));
            (d <= allowed || holds).then_some((if d <= allowed { d } else { 100 + d }, distance(name, k), k))
        })
        .min()
        .map(|found| found.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edits_are_counted() {
        for (a, b, d) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("FLITER", "FILTER", 1), ("ab", "ba", 1), ("abc", "abc", 0)]
        {
            assert_eq!(distance(a, b), d, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn distance_is_symmetric(a in "[abc]{0,8}", b in "[abc]{0,8}") {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
        }
    }
}
