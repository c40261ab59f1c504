//! Dates as articles print them, brought to `2025`, `2025-03` or `2025-03-27`.

use crate::text::pattern;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    const MONTH: &str = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?";
    pattern(&format!(
        r"(?i)\b(?:(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>1[0-2]|0?[1-9])(?:[-/.](?P<d1>[12]\d|3[01]|0?[1-9]))?(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?
          |(?P<n2>{MONTH})\s+(?P<d2>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)
          |(?P<d3>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<n3>{MONTH}),?\s+(?P<y3>(?:19|20)\d\d)
          |(?P<n4>{MONTH}),?\s+(?P<y4>(?:19|20)\d\d)
          |(?P<y5>(?:19|20)\d\d)\s+(?P<n5>{MONTH})(?:\s+(?P<d5>[12]\d|3[01]|0?[1-9])\b)?)"
    ).replace("\n          ", ""))
});

/// The first date written in `text`, in ISO form, and where it stands.
///
/// A date may run into what follows, as in "May 2, 20244 min read".
pub(crate) fn find(text: &str) -> Option<(String, Range<usize>)> {
    let found = DATE.captures(text)?;
    let group = |names: [&str; 5]| names.iter().find_map(|n| found.name(n)).map(|m| m.as_str());
    let year = group(["y1", "y2", "y3", "y4", "y5"])?;
    let month = match found.name("m1") {
        Some(m) => m.as_str().parse().ok()?,
        None => month_number(group(["n2", "n3", "n4", "n5", "n5"])?)?,
    };
    let day: Option<u8> = group(["d1", "d2", "d3", "d5", "d5"]).and_then(|d| d.parse().ok());
    let range = found.get(0)?.range();
    Some(match day {
        Some(day) => (format!("{year}-{month:02}-{day:02}"), range),
        None => (format!("{year}-{month:02}"), range),
    })
}

/// The number of a month given by name or by its first three letters.
pub(crate) fn month_number(name: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = name.get(..3)?.to_lowercase();
    MONTHS.iter().position(|m| *m == start).map(|i| i as u8 + 1)
}

/// A date given as metadata: an ISO date or date and time, a written date, or a bare year.
pub(crate) fn of_metadata(value: &str) -> Option<String> {
    if let Some((date, _)) = find(value) {
        return Some(date);
    }
    let year: String = value.trim().chars().take_while(char::is_ascii_digit).collect();
    (year.len() == 4 && (year.starts_with("19") || year.starts_with("20"))).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_come_to_one() {
        for (written, date) in [
            ("May 2, 20244 min read", "2024-05-02"),
            ("Published on 3rd June 2023 by Roe", "2023-06-03"),
            ("2021-07-09T10:00:00Z", "2021-07-09"),
            ("Sept. 2020", "2020-09"),
            ("2019 Dec 24", "2019-12-24"),
            ("2022/11", "2022-11"),
        ] {
            assert_eq!(find(written).map(|f| f.0).as_deref(), Some(date), "{written}");
        }
        assert_eq!(find("maybe 2020"), None);
        assert_eq!(of_metadata("2018"), Some("2018".into()));
    }
}
