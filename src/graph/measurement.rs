//! The numbers of an outcome in RDF: UCUM units, durations and days.

use super::identity::part_iri;
use super::quads::{Writer, count, decimal};
use super::vocabulary::{self, evi};
use crate::extract::{Measurement, Period};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef};

/// Units in plain words and as UCUM codes (<https://ucum.org/ucum>). What is not listed and no code itself becomes an annotation (`{grade}`).
const UNITS: &[(&str, &str)] = &[
    ("%", "%"),
    ("point", "{point}"),
    ("fold", "{fold}"),
    ("minute", "min"),
    ("hour", "h"),
    ("day", "d"),
    ("week", "wk"),
    ("month", "mo"),
    ("year", "a"),
    ("degree", "deg"),
    ("°", "deg"),
    ("°C", "Cel"),
    ("mmHg", "mm[Hg]"),
    ("IU", "[iU]"),
    ("µm", "um"),
    ("μm", "um"),
    ("µg", "ug"),
    ("μg", "ug"),
    ("µL", "uL"),
    ("μL", "uL"),
    ("litre", "L"),
];

/// Units whose plain word is their UCUM code.
const SAME: &[&str] = &[
    "mm", "cm", "m", "km", "nm", "um", "mm2", "cm2", "cm3", "mL", "L", "uL", "g", "kg", "mg", "ug", "ng", "pg", "ng/mL", "pg/mL", "mg/dL",
    "mg/L", "ug/mL", "mg/kg", "mmol/L", "umol/L", "nmol/L", "kg/m2", "N", "kPa", "Hz", "dB", "kDa", "U/L", "mU/L", "m/s", "s", "ms", "mV",
];

/// The UCUM code of a unit in plain words.
///
/// ```
/// use evigraph::graph::{ucum, unit_word};
/// assert_eq!(ucum("month"), "mo");
/// assert_eq!(ucum("ASIA grade"), "{ASIA grade}");
/// assert_eq!(unit_word("{ASIA grade}"), "ASIA grade");
/// ```
pub fn ucum(word: &str) -> String {
    if SAME.contains(&word) {
        return word.to_owned();
    }
    let listed = UNITS.iter().find(|u| u.0 == word);
    listed.map_or_else(|| format!("{{{}}}", word.replace(['{', '}'], "")), |u| u.1.to_owned())
}

/// The plain word of a UCUM code.
pub fn unit_word(code: &str) -> String {
    let listed = UNITS.iter().find(|u| u.1 == code).map(|u| u.0);
    listed.unwrap_or_else(|| code.trim_start_matches('{').trim_end_matches('}')).to_owned()
}

/// Days of a time unit; months and years are mean ones of the Gregorian calendar.
fn days_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "second" => 1.0 / 86_400.0,
        "minute" => 1.0 / 1440.0,
        "hour" => 1.0 / 24.0,
        "day" => 1.0,
        "week" => 7.0,
        "month" => 30.4375,
        "year" => 365.25,
        _ => return None,
    })
}

/// A time in days, to four decimals; `None` where the unit is no unit of time.
pub fn days(value: f64, unit: &str) -> Option<f64> {
    days_of(unit).map(|d| (value * d * 1e4).round() / 1e4)
}

/// A time as `xsd:duration`, in the unit it was given in where that unit allows: `P3M`, `P14D`, `PT90M`. `None` where it is no time.
pub fn duration(value: f64, unit: &str) -> Option<String> {
    if !(0.0..=1e9).contains(&value) {
        return None;
    }
    let whole = |v: f64| ((v - v.round()).abs() < 1e-9).then(|| format!("{}", v.round()));
    let seconds = |v: f64| format!("PT{}S", (v * 86_400.0).round());
    Some(match unit {
        "year" => match (whole(value), whole(value * 12.0)) {
            (Some(years), _) => format!("P{years}Y"),
            (None, Some(months)) => format!("P{months}M"),
            _ => format!("P{}D", (value * 365.25).round()),
        },
        "month" => whole(value).map_or_else(|| format!("P{}D", (value * 30.4375).round()), |m| format!("P{m}M")),
        "week" | "day" => {
            let days = value * days_of(unit)?;
            whole(days).map_or_else(|| whole(days * 24.0).map_or_else(|| seconds(days), |h| format!("PT{h}H")), |d| format!("P{d}D"))
        }
        "hour" => whole(value).map_or_else(|| seconds(value / 24.0), |h| format!("PT{h}H")),
        "minute" => whole(value).map_or_else(|| seconds(value / 1440.0), |m| format!("PT{m}M")),
        "second" => seconds(value / 86_400.0),
        _ => return None,
    })
}

/// A p value as written ("<0.05") as its relation and number.
pub(super) fn p_value(written: &str) -> (&str, Option<f64>) {
    let written = written.trim();
    let number = written.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '.');
    let relation = match written[..written.len() - number.len()].trim() {
        "" => "=",
        "≤" => "<=",
        "≥" => ">=",
        other => other,
    };
    (relation, number.trim().parse().ok())
}

fn pair(w: &mut Writer<'_>, m: &NamedNode, low: NamedNodeRef<'_>, high: NamedNodeRef<'_>, value: Option<(f64, f64)>) {
    if let Some((a, b)) = value {
        w.maybe(m, low, decimal(a.min(b)));
        w.maybe(m, high, decimal(a.max(b)));
    }
}

fn follow_up(w: &mut Writer<'_>, m: &NamedNode, time: &Period) {
    let (low, high) = (time.value.0.min(time.value.1), time.value.0.max(time.value.1));
    let literal = |v| duration(v, &time.unit).map(|d| Literal::new_typed_literal(d, xsd::DURATION));
    w.maybe(m, evi::FOLLOW_UP_LOW, literal(low));
    w.maybe(m, evi::FOLLOW_UP_HIGH, literal(high));
    w.maybe(m, evi::FOLLOW_UP_DAYS_LOW, days(low, &time.unit).and_then(decimal));
    w.maybe(m, evi::FOLLOW_UP_DAYS_HIGH, days(high, &time.unit).and_then(decimal));
}

/// Writes the measurement of an outcome claim.
pub(super) fn write(w: &mut Writer<'_>, claim: &NamedNode, measurement: &Measurement) {
    let m = &part_iri("measurement", claim, "", w.base);
    w.add(claim, evi::HAS_MEASUREMENT, m.clone());
    w.add(m, rdf::TYPE, evi::MEASUREMENT);
    w.add(m, evi::MEASURE, vocabulary::term(measurement.measure.term()));
    pair(w, m, evi::LOW, evi::HIGH, Some(measurement.value));
    w.maybe(m, evi::BOUND, measurement.bound.map(|b| vocabulary::term(b.term())));
    w.text(m, evi::UNIT, measurement.unit.as_deref().map(ucum).as_deref());
    w.maybe(m, evi::DIRECTION, measurement.direction.map(|d| vocabulary::term(d.term())));
    if let Some(time) = &measurement.time {
        follow_up(w, m, time);
    }
    pair(w, m, evi::BASELINE_LOW, evi::BASELINE_HIGH, measurement.baseline);
    pair(w, m, evi::CI_LOW, evi::CI_HIGH, measurement.ci.map(|c| (c.0, c.1)));
    w.maybe(m, evi::CI_LEVEL, measurement.ci.and_then(|c| decimal(c.2)));
    w.maybe(m, evi::STANDARD_DEVIATION, measurement.sd.and_then(decimal));
    w.maybe(m, evi::SAMPLE_SIZE, measurement.sample_size.map(|n| count(usize::try_from(n).unwrap_or(usize::MAX))));
    w.maybe(m, evi::SHARE, measurement.share.and_then(decimal));
    if let Some(comparator) = &measurement.comparator {
        w.text(m, evi::COMPARATOR, Some(&comparator.label));
        pair(w, m, evi::COMPARATOR_LOW, evi::COMPARATOR_HIGH, comparator.value);
        w.text(m, evi::COMPARATOR_UNIT, comparator.unit.as_deref().map(ucum).as_deref());
    }
    if let Some(written) = &measurement.p_value {
        let (relation, number) = p_value(written);
        w.maybe(m, evi::P_VALUE, number.and_then(decimal));
        w.text(m, evi::P_VALUE_RELATION, number.map(|_| relation));
    }
    w.text(m, evi::INSTRUMENT, measurement.instrument.as_deref());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::str::FromStr as _;

    #[test]
    fn times_keep_their_unit() {
        for (value, unit, expected) in [
            (3.0, "month", "P3M"),
            (1.5, "year", "P18M"),
            (2.0, "week", "P14D"),
            (0.5, "day", "PT12H"),
            (1.5, "hour", "PT5400S"),
            (90.0, "minute", "PT90M"),
            (1.5, "month", "P46D"),
        ] {
            assert_eq!(duration(value, unit).as_deref(), Some(expected), "{value} {unit}");
        }
        assert_eq!(duration(3.0, "patient"), None);
        assert_eq!(days(6.0, "month"), Some(182.625));
    }

    #[test]
    fn p_values_are_told_apart_from_their_relation() {
        assert_eq!(p_value("<0.05"), ("<", Some(0.05)));
        assert_eq!(p_value("= .03"), ("=", Some(0.03)));
        assert_eq!(p_value("≤ 0.001"), ("<=", Some(0.001)));
        assert_eq!(p_value("n.s.").1, None);
    }

    proptest! {
        #[test]
        fn units_come_back(word in "[a-zA-Z/ ]{1,12}") {
            // "d" and its like are codes already.
            let word = unit_word(&word);
            prop_assert_eq!(unit_word(&ucum(&word)), word);
        }

        #[test]
        fn durations_are_valid(value in 0.0f64..5000.0, unit in "second|minute|hour|day|week|month|year") {
            let text = duration(value, &unit).unwrap_or_default();
            prop_assert!(oxsdatatypes_like(&text), "{}", text);
        }

        #[test]
        fn decimals_have_no_exponent(value in proptest::num::f64::NORMAL) {
            let literal = decimal(value).map(|l| l.value().to_owned()).unwrap_or_default();
            prop_assert!(!literal.contains(['e', 'E', 'N', 'i']));
            prop_assert_eq!(f64::from_str(&literal).ok(), Some(value));
        }
    }

    /// Whether the text is an `xsd:duration` with something in it.
    fn oxsdatatypes_like(text: &str) -> bool {
        regex::Regex::new(r"^P(\d+Y|\d+M|\d+D|T\d+H|T\d+M|T\d+S)$").is_ok_and(|r| r.is_match(text))
    }
}
