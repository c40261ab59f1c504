//! Quantities in running text: values with units, ranges and bounds, times, p values, confidence intervals, counts.

#[cfg(test)]
mod tests;

use super::claim::{Bound, Measure, Period};
use crate::text::Span;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// A quantity of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Where it stands in the document.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of [`Quantity`].
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A measured value.
    Value(Value),
    /// A length or point of time.
    Time(Period),
    /// A p value, relation first.
    PValue(String),
    /// A confidence interval: low, high, level in percent.
    Interval(f64, f64, f64),
    /// A number of patients, animals or samples ("n = 78").
    SampleSize(u64),
    /// "8 of 40", "4/49".
    Count(u64, u64),
    /// An amount of a substance: a dose, unless it is said of something measured ("blood loss was 200 ml").
    Dose(Value),
    /// An age, date, coefficient or other number that is no result.
    Other,
}

/// A measured value; magnitudes are positive.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Value {
    /// Lowest and highest.
    pub range: (f64, f64),
    /// Whether it is written with a minus sign.
    pub negative: bool,
    /// "more than".
    pub bound: Option<Bound>,
    /// Standard deviation or error.
    pub sd: Option<f64>,
    /// Unit in plain words.
    pub unit: Option<String>,
    /// The measure that a label tells ("OR").
    pub measure: Option<Measure>,
}

const NUMBER: &str = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.·]\d+)?|\d+,\d+";
const DASH: &str = r"\s?(?:–|—|-|−|‑|to)\s?";
const TIME: &str = r"(?i:seconds?|minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|months?|mos?|years?|yrs?)\b";
const WORDS: &str =
    r"(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|twenty-four|thirty|thirty-six)";

fn regex(pattern: &str) -> Regex {
    let pattern = pattern
        .replace("NUMBER", &format!("(?:{NUMBER})"))
        .replace("DASH", DASH)
        .replace("TIME", &format!("(?:{TIME})"))
        .replace("WORDS", WORDS);
    super::pattern(&pattern)
}

static P_VALUE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b[pP](?:\s?-?\s?(?:value|values))?(?:\s?(?:for\s\w+))?\s*(?P<r>[<>=≤≥]|of|was|is)\s*(?P<v>0?[.·]\d+(?:e-?\d+)?|[01](?:\.0+)?\b)",
    )
});
static P_BARE: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[pP][\s-]?values?:?\s+(?P<v>0?[.·]\d+)"));
static INTERVAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:(?P<level>\d\d(?:\.\d)?)\s?%\s*)?(?:CrI|CI|[cC]onfidence [iI]ntervals?|C\.I\.)\s*(?:[\(\[]?CI[\)\]]?)?\s*[:;,=]?\s*(?:of|was|from|between)?\s*[\(\[]?\s*(?P<s>[-−–])?(?P<a>NUMBER)\s?(?:%|mm|points?)?\s*(?:–|—|-|−|to|,|;|and|/)\s*(?P<t>[-−–])?(?P<b>NUMBER)",
    )
});
static BRACKET: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\s?[\(\[]\s?(?P<s>[-−])?(?P<a>NUMBER)(?:DASH|,\s)(?P<t>[-−])?(?P<b>NUMBER)\s?[\)\]]"));
static LEVEL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b(?:9\d(?:\.\d)?|8\d)\s?%\s*[\(\[]?(?:CrIs?|CIs?|C\.I\.|[cC]onfidence|[cC]redib)"));
static COEFFICIENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\b(?:SE|SD|SEM|IQR)\s?[=:]?|\b(?:[bBtFzM]|beta|df)\s?=|β\s?=)\s?[-−–]?NUMBER|(?:\b[Ft]|[χXx]2?²?)\s?\(\s?[\d.,\s]+\)\s?=\s?[-−–]?NUMBER",
    )
});
static ELLIPTIC: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?:at|after)\s(?P<a>NUMBER|WORDS)(?P<e>\s?[,;(\[]|\s(?:and|or|to)\s)"));
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[bB]etween\s(?P<a>NUMBER)\s?%?\sand\s(?P<b>NUMBER)\s?%"));
static SAMPLE: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[nN]\s?=\s?(?P<n>\d[\d,]*)"));
static COUNT: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?P<a>\d+)(?:\s?/\s?|\s(?:out )?of (?:the )?)(?P<b>\d+)\b"));
static AGE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:NUMBER|WORDS)[\s-](?:year|month|week|day)s?[\s-]olds?\b|\baged?\s(?:of\s|between\s)?(?:[≥≤<>]\s?)?NUMBER(?:(?:DASH|\sand\s)NUMBER)?(?:\s(?:years?|yrs?))?|\b(?:NUMBER|WORDS)\s(?:years?|months?)\sof age",
    )
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?:1[89]|20)\d\d\b(?:\s?[–-]\s?(?:(?:1[89]|20)\d\d))?|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\s\d{1,2}\b",
    )
});
static DOSE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\bNUMBER(?:DASHNUMBER)?\s?(?:mg|μg|µg|ug|mcg|g|mL|ml|IU|units?|Gy|mM|μM|nM|mmol|W|V|mA|Hz|T|kDa|bp|°C|rpm|× ?10|x ?10|million|cells)\b(?:/(?:kg|d|day|mL|ml|m2|min|dose)\b)*",
    )
});
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?P<label>\b(?:a?OR|odds ratios?|RR|relative risks?|risk ratios?|a?HR|hazard ratios?|NNTs?|numbers?[- ]needed[- ]to[- ]treat|(?:absolute |mean |weighted |standardi[sz]ed )*(?:mean|risk|rate) differences?|correlation coefficients?|r)\b)\s*(?:\([^)]{0,24}\)\s*|\[[^\]]{0,24}\]\s*)?(?:=|of|was|were|is|:|,)?\s*(?P<s>[-−–])?(?P<v>NUMBER)(?:\s?(?P<u>%|(?:mm|cm|points?|kg)\b))?",
    )
});
static TIMES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?P<a>NUMBER|WORDS)(?:(?:DASH|\sor\s)(?P<b>NUMBER|WORDS))?(?:\s|-|–)?(?:(?i:post-?operative|post-?treatment|consecutive|calendar|follow-?up)\s)?(?P<u>TIME)(?:-|\b)|\b(?P<v>(?i:weeks?|months?|days?|years?|hours?))\s(?P<c>\d{1,3})(?:(?:DASH)(?P<d>\d{1,3}))?\b",
    )
});
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?P<bound>(?i:more than|greater than|at least|over|up to|less than|fewer than|below|under|above)\s|[<>≥≤]\s?)?(?P<s>[-−+–])?(?P<a>NUMBER)(?P<p>\s?%)?(?:DASH(?P<t>[-−])?(?P<b>NUMBER))?(?:\s?(?:±|\+/-|\(\s?±)\s?(?P<sd>NUMBER)(?:\s?\))?)?(?:[\s-]?(?P<u>%|(?i:per ?cent(?:age points?)?\b|percentage points?\b|ASIA grades?\b|grades?\b|points?\b|folds?\b|times\b)|mm/s\b|mmHg\b|mm Hg\b|mm2\b|mm\b|cm2\b|cm\b|μm\b|kg/m2\b|kg/m²|kg\b|mg/dL\b|mg/dl\b|mg/g\b|mg/L\b|mg/l\b|ng/mL\b|ng/ml\b|pg/mL\b|pg/ml\b|μg/mL\b|μg/ml\b|μg/L\b|ng/L\b|pg/L\b|ng/dL\b|g/dL\b|g/L\b|g/l\b|mmol/L\b|mmol/l\b|μmol/L\b|μmol/l\b|nmol/L\b|nmol/l\b|pmol/L\b|U/L\b|IU/L\b|IU/mL\b|U/mL\b|mL/min\b|ml/min\b|L/min\b|m/s\b|kPa\b|MPa\b|kcal\b|steps\b|°|degrees?\b|ms\b|m\b|mL\b|ml\b|[mnpμkc]?(?:g|mol|L|l|U|IU|cal|J)/[a-zA-Z]{1,6}\d?(?:/[a-zA-Z]{1,4})?\b))?",
    )
});
static FOLD: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?P<w>two|three|four|five|six|seven|eight|nine|ten)[- ]?fold\b"));

/// A number as written; decimal points, thousands commas and number words are understood.
pub fn number(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    let word = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    if let Some(n) = word.iter().position(|w| *w == lower) {
        return Some(n as f64);
    }
    match lower.as_str() {
        "fifteen" => return Some(15.0),
        "eighteen" => return Some(18.0),
        "twenty" => return Some(20.0),
        "twenty-four" => return Some(24.0),
        "thirty" => return Some(30.0),
        "thirty-six" => return Some(36.0),
        _ => {}
    }
    let plain = lower.replace('·', ".");
    let thousands = plain.split(',').skip(1).all(|part| part.split('.').next().is_some_and(|p| p.len() == 3));
    let plain = if thousands { plain.replace(',', "") } else { plain.replace(',', ".") };
    plain.parse().ok()
}

fn time_unit(text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.chars().next() {
        Some('s') => "second",
        Some('h') => "hour",
        Some('d') => "day",
        Some('w') => "week",
        Some('y') => "year",
        _ if lower.starts_with("mi") => "minute",
        _ => "month",
    }
    .to_owned()
}

fn unit(text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.trim() {
        "percent" | "per cent" => "%".to_owned(),
        u if u.starts_with("percentage") || u.starts_with("per centage") => "%".to_owned(),
        "points" | "point" => "point".to_owned(),
        "fold" | "folds" | "times" => "fold".to_owned(),
        "asia grade" | "asia grades" => "ASIA grade".to_owned(),
        "grades" => "grade".to_owned(),
        "degrees" | "degree" | "°" => "degree".to_owned(),
        "mm hg" => "mmHg".to_owned(),
        _ => text.trim().to_owned(),
    }
}

/// Whether an amount of this unit is one that is given: "mg/day", "μg/kg".
fn is_dose(unit: &str) -> bool {
    let (amount, per) = unit.split_once('/').unwrap_or(("", ""));
    matches!(amount, "g" | "mg" | "μg" | "µg" | "mcg" | "ng" | "IU" | "U" | "mL" | "ml")
        && matches!(per.split('/').next().unwrap_or(""), "day" | "d" | "kg" | "m2" | "dose")
}

fn measure(label: &str) -> Measure {
    let lower = label.to_lowercase();
    match lower.as_str() {
        "r" => Measure::Correlation,
        l if l.starts_with("corr") => Measure::Correlation,
        l if l.starts_with("nnt") || l.starts_with("number") => Measure::NumberNeededToTreat,
        l if l.ends_with("difference") || l.ends_with("differences") => Measure::Difference,
        l if l.contains("hazard") || l.ends_with("hr") => Measure::HazardRatio,
        l if l.contains("odds") || l.ends_with("or") => Measure::OddsRatio,
        _ => Measure::RiskRatio,
    }
}

/// Whether a sentence has a digit or a number word, without which no pattern finds anything.
fn tells_number(sentence: &str) -> bool {
    const WORDS: [&str; 15] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty", "thirty"];
    let begins = |word: &str| WORDS.iter().any(|w| word.get(..w.len()).is_some_and(|start| start.eq_ignore_ascii_case(w)));
    sentence.contains(char::is_numeric) || sentence.split(|c: char| !c.is_alphanumeric() && c != '_').any(begins)
}

/// Whether a p value, relation first, lies above 0.05.
pub fn is_insignificant(p: &str) -> bool {
    let value: Option<f64> = p.trim_start_matches(['<', '>', '=', '≤', '≥']).parse().ok();
    value.is_some_and(|v| v > 0.05 || v >= 0.05 && p.starts_with(['>', '≥']))
}

/// Finds the quantities of `span`, in order; each byte belongs to one at most.
pub fn find(text: &str, span: Span) -> Vec<Quantity> {
    let sentence = span.of(text);
    let mut found: Vec<Quantity> = Vec::new();
    if !tells_number(sentence) {
        return found;
    }
    let mut add = |range: std::ops::Range<usize>, kind: Kind| {
        let here = Span::new(span.start + range.start, span.start + range.end);
        if !found.iter().any(|q| q.span.overlaps(here)) {
            found.push(Quantity { span: here, kind });
        }
    };
    let get = |c: &Captures<'_>, name: &str| c.name(name).and_then(|m| number(m.as_str()));
    for c in P_VALUE.captures_iter(sentence) {
        let relation = c.name("r").map_or("=", |m| m.as_str());
        let relation = if relation.chars().all(char::is_alphabetic) { "=" } else { relation };
        let value = c.name("v").map_or("", |m| m.as_str()).replace('·', ".");
        let value = if value.starts_with('.') { format!("0{value}") } else { value };
        add(whole(&c), Kind::PValue(format!("{relation}{value}")));
    }
    for c in P_BARE.captures_iter(sentence) {
        add(whole(&c), Kind::PValue(format!("={}", c["v"].replace('·', "."))));
    }
    let signed = |c: &Captures<'_>, sign: &str, name: &str| {
        get(c, name).map(|v| if c.name(sign).is_some_and(|m| m.as_str() != "+") { -v } else { v })
    };
    let interval = ["CI", "CrI", "C.I.", "onfidence", "redib"].iter().any(|word| sentence.contains(word));
    for c in INTERVAL.captures_iter(if interval { sentence } else { "" }) {
        if let (Some(a), Some(b)) = (signed(&c, "s", "a"), signed(&c, "t", "b")) {
            add(whole(&c), Kind::Interval(a.min(b), a.max(b), get(&c, "level").unwrap_or(95.0)));
        }
    }
    for c in SAMPLE.captures_iter(sentence) {
        if let Some(n) = get(&c, "n") {
            add(whole(&c), Kind::SampleSize(n as u64));
        }
    }
    for c in AGE.find_iter(sentence).map(|m| m.range()) {
        add(c, Kind::Other);
    }
    for r in LEVEL.find_iter(if interval { sentence } else { "" }).chain(COEFFICIENT.find_iter(sentence)).map(|m| m.range()) {
        add(r, Kind::Other);
    }
    for c in LABEL.captures_iter(sentence) {
        let label = c.name("label").map_or("", |m| m.as_str());
        // "or 5" is no odds ratio, and a bare "r" needs its sign of equality.
        if matches!(label, "or" | "Or" | "hr" | "rr") || label == "r" && !c[0].contains('=') || label == "R" {
            continue;
        }
        if let Some(v) = get(&c, "v") {
            let negative = c.name("s").is_some();
            let unit = c.name("u").map(|m| unit(m.as_str()));
            let end = c.name("u").or_else(|| c.name("v")).map_or(0, |m| m.end());
            let start = c.get(0).map_or(0, |m| m.start());
            add(start..end, Kind::Value(Value { range: (v, v), negative, bound: None, sd: None, unit, measure: Some(measure(label)) }));
        }
    }
    let mut units: Vec<(usize, String)> = Vec::new();
    for c in TIMES.captures_iter(sentence) {
        if sentence[..whole(&c).start].ends_with("AUC(") {
            add(whole(&c), Kind::Other);
            continue;
        }
        // "AUC0–9 h": the end of a range inside a name.
        let mut before = sentence[..whole(&c).start].chars().rev();
        if before.next().is_some_and(|c| matches!(c, '-' | '–' | '.')) && before.next().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let low = get(&c, "a").or_else(|| get(&c, "c"));
        let high = get(&c, "b").or_else(|| get(&c, "d")).or(low);
        let unit = c.name("u").or_else(|| c.name("v")).map(|m| time_unit(m.as_str()));
        if let (Some(low), Some(high), Some(unit)) = (low, high, unit) {
            units.push((whole(&c).start, unit.clone()));
            add(whole(&c), Kind::Time(Period { value: (low, high), unit }));
        }
    }
    // "at six, at eight, and at 12 hours": the unit stands behind the last.
    for c in ELLIPTIC.captures_iter(sentence) {
        let Some(a) = c.name("a") else { continue };
        let next = units.iter().find(|(at, _)| *at > a.end() && *at < a.end() + 90);
        if let (Some(v), Some((_, unit))) = (number(a.as_str()), next) {
            add(a.range(), Kind::Time(Period { value: (v, v), unit: unit.clone() }));
        }
    }
    for c in COUNT.captures_iter(sentence) {
        let (a, b) = (get(&c, "a").unwrap_or(0.0) as u64, get(&c, "b").unwrap_or(0.0) as u64);
        if a <= b && b > 0 && c[0].contains("of") || a < b && b > 4 {
            add(whole(&c), Kind::Count(a, b));
        }
    }
    for c in FOLD.captures_iter(sentence) {
        if let Some(v) = get(&c, "w") {
            add(
                whole(&c),
                Kind::Value(Value {
                    range: (v, v),
                    negative: false,
                    bound: None,
                    sd: None,
                    unit: Some("fold".into()),
                    measure: Some(Measure::Fold),
                }),
            );
        }
    }
    for r in DATE.find_iter(sentence).map(|m| m.range()) {
        let unit_follows = sentence[r.end..].trim_start().starts_with(['%', '‰']);
        if !unit_follows {
            add(r, Kind::Other);
        }
    }
    for r in DOSE.find_iter(sentence).map(|m| m.range()) {
        // "16.7 ± 12.1 g": the amount is the number before the sign.
        if sentence[r.end..].starts_with('/') || sentence[..r.start].trim_end().ends_with(['±', '−']) {
            continue;
        }
        let value = VALUE.captures(&sentence[r.clone()]).and_then(|c| value(&c, &sentence[r.clone()]));
        let unit = sentence[r.clone()].rsplit(|c: char| c.is_ascii_digit() || c.is_whitespace()).next().unwrap_or("").to_owned();
        add(r, value.map_or(Kind::Other, |(_, v)| Kind::Dose(Value { unit: Some(unit), ..v })));
    }
    for c in BETWEEN.captures_iter(sentence) {
        if let (Some(a), Some(b)) = (get(&c, "a"), get(&c, "b")) {
            let start = c.name("a").map_or(0, |m| m.start());
            let value = Value { range: (a.min(b), a.max(b)), unit: Some("%".to_owned()), ..Value::default() };
            add(start..whole(&c).end, Kind::Value(value));
        }
    }
    for c in VALUE.captures_iter(sentence) {
        let Some((range, value)) = value(&c, sentence) else { continue };
        // "600 mg/day", "5 mg/kg" are given.
        if value.unit.as_deref().is_some_and(is_dose) {
            add(range, Kind::Dose(value));
            continue;
        }
        // "from 7 to 3": two values, not a range.
        if let (Some(a), Some(b), Some(high)) = (c.name("a"), c.name("b"), get(&c, "b"))
            && sentence[a.end()..b.start()].contains("to")
            && sentence[..range.start].trim_end().to_lowercase().ends_with("from")
        {
            let from = get(&c, "a").unwrap_or(high);
            add(range.start..a.end(), Kind::Value(Value { range: (from, from), sd: None, ..value.clone() }));
            add(b.start()..range.end, Kind::Value(Value { range: (high, high), ..value }));
        } else {
            add(range, Kind::Value(value));
        }
    }
    found.sort_by_key(|q| q.span.start);
    brackets(text, span, &mut found);
    chains(text, &mut found);
    found
}

/// "at 5, 10 and 20 min", "100 and 300 mg": bare numbers in a row that ends with a time or a dose are times or doses too.
fn chains(text: &str, found: &mut [Quantity]) {
    for i in (0..found.len().saturating_sub(1)).rev() {
        let bare = matches!(&found[i].kind, Kind::Value(v) if v.unit.is_none() && v.measure.is_none() && v.sd.is_none());
        let between = text[found[i].span.end..found[i + 1].span.start].trim();
        let joined = matches!(between, "," | "and" | "or" | ", and" | ", or" | "/" | "to");
        if !bare || !joined {
            continue;
        }
        let Kind::Value(value) = &found[i].kind else { continue };
        found[i].kind = match &found[i + 1].kind {
            Kind::Time(p) => Kind::Time(Period { value: value.range, unit: p.unit.clone() }),
            Kind::Dose(d) => Kind::Dose(Value { unit: d.unit.clone(), ..value.clone() }),
            _ => continue,
        };
    }
}

fn whole(c: &Captures<'_>) -> std::ops::Range<usize> {
    c.get(0).map_or(0..0, |m| m.range())
}

fn value(c: &Captures<'_>, sentence: &str) -> Option<(std::ops::Range<usize>, Value)> {
    let a = c.name("a")?;
    let before = sentence[..c.get(0)?.start()].chars().next_back();
    let sign = c.name("s");
    let glued = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '.' | '/' | '^');
    // "IL-6", "T10", "MMP-3", "2.5.1": a number inside a name is no quantity.
    let inside = |c: Option<char>| c.is_some_and(glued);
    if sign.is_none() && c.name("bound").is_none() && inside(before)
        || sign.is_some() && before.is_some_and(|c| c.is_alphanumeric() || c == ')')
    {
        return None;
    }
    let end = c.get(0)?.end();
    let after = sentence[end..].chars().next();
    if c.name("u").is_none() && c.name("p").is_none() && after.is_some_and(|c| c.is_alphabetic()) {
        return None;
    }
    // "5-HT", "2-arm": glued to a name by a hyphen.
    let mut rest = sentence[end..].chars();
    if c.name("u").is_none() && c.name("p").is_none() && rest.next() == Some('-') && rest.next().is_some_and(char::is_alphabetic) {
        return None;
    }
    let low = number(a.as_str())?;
    let high = c.name("b").and_then(|m| number(m.as_str())).unwrap_or(low);
    let unit = c.name("u").map(|m| unit(m.as_str())).or_else(|| c.name("p").map(|_| "%".to_owned()));
    let bound = c.name("bound").and_then(|m| match m.as_str().trim().to_lowercase().as_str() {
        ">" | "≥" | "more than" | "greater than" | "at least" | "over" | "above" => Some(Bound::Above),
        "<" | "≤" | "less than" | "fewer than" | "below" | "under" => Some(Bound::Below),
        _ => None,
    });
    let negative = sign.is_some_and(|m| m.as_str() != "+");
    let measure = (unit.as_deref() == Some("fold")).then_some(Measure::Fold);
    let range = c.get(0)?.range();
    let range = range.start + c.get(0)?.as_str().len() - c.get(0)?.as_str().trim_start().len()..range.end;
    Some((
        range,
        Value { range: (low.min(high), low.max(high)), negative, bound, sd: c.name("sd").and_then(|m| number(m.as_str())), unit, measure },
    ))
}

/// "3.2 (2.4 to 4.5)": a range in brackets right behind a value is its interval; "52 (13–177)%" has its unit behind the bracket.
fn brackets(text: &str, span: Span, found: &mut Vec<Quantity>) {
    let mut i = 0;
    while i < found.len() {
        let here = found[i].span;
        if let Kind::Value(value) = &mut found[i].kind
            && let Some(c) = BRACKET.captures(&text[here.end..span.end])
            && let (Some(a), Some(b)) = (c.name("a").and_then(|m| number(m.as_str())), c.name("b").and_then(|m| number(m.as_str())))
        {
            let end = here.end + c.get(0).map_or(0, |m| m.end());
            if value.unit.is_none() && text[end..span.end].trim_start().starts_with('%') {
                value.unit = Some("%".to_owned());
            }
            let sign = |name: &str, v: f64| if c.name(name).is_some() { -v } else { v };
            let interval = Quantity { span: Span::new(here.end, end), kind: Kind::Interval(sign("s", a), sign("t", b), 95.0) };
            found.retain(|q| q.span == here || !q.span.overlaps(interval.span));
            let at = found.partition_point(|q| q.span.start < interval.span.start);
            found.insert(at, interval);
        }
        i += 1;
    }
}
