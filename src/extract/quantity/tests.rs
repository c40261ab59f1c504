//! Quantities of own phrases, and what must hold of any text.

use super::*;
use proptest::prelude::*;

fn told(text: &str) -> Vec<String> {
    let show = |q: &Quantity| match &q.kind {
        Kind::Value(v) => {
            format!("{}..{}{}{}", v.range.0, v.range.1, v.unit.as_deref().unwrap_or(""), v.measure.map_or("", Measure::as_str))
        }
        Kind::Time(p) => format!("{}..{} {}", p.value.0, p.value.1, p.unit),
        Kind::PValue(p) => format!("p{p}"),
        Kind::Interval(a, b, _) => format!("[{a} {b}]"),
        Kind::SampleSize(n) => format!("n{n}"),
        Kind::Count(a, b) => format!("{a}/{b}"),
        Kind::Dose(_) | Kind::Other => "-".to_owned(),
    };
    find(text, Span::new(0, text.len())).iter().map(show).collect()
}

#[test]
fn ranges_units_and_times() {
    assert_eq!(told("1–3 months: 30–40% less pain"), ["1..3 month", "30..40%"]);
    assert_eq!(told("At week 12 pain fell by 2.8 ± 1.3 points (p < 0.05)."), ["12..12 week", "2.8..2.8point", "p<0.05"]);
    assert_eq!(told("a two-fold rise within 24 h"), ["2..2foldfold", "24..24 hour"]);
    assert_eq!(told("0.4 to 0.7 mm thicker at one year"), ["0.4..0.7mm", "1..1 year"]);
}

#[test]
fn intervals_and_ratios() {
    assert_eq!(told("(OR = 2.69, 95% CI: 1.0–7.24, p = 0.049)"), ["2.69..2.69odds_ratio", "[1 7.24]", "p=0.049"]);
    assert_eq!(told("the NNT was 3.2 (2.4 to 4.5)"), ["3.2..3.2number_needed_to_treat", "[2.4 4.5]"]);
    assert_eq!(told("52 (13–177)% higher"), ["52..52%", "[13 177]"]);
}

#[test]
fn names_ages_doses_and_dates_are_no_results() {
    assert_eq!(told("IL-6 and MMP-3 at L4-L5 in T10 injury"), Vec::<String>::new());
    assert_eq!(told("A 62-year-old took 50 mg in 2023"), ["-", "-", "-"]);
    assert_eq!(told("8 of 40 patients (n = 40)"), ["8/40", "n40"]);
    assert_eq!(told("2 of 3 patients and 4 of 4 controls"), ["2/3", "4/4"]);
    assert_eq!(told("4/49 knees"), ["4/49"]);
}

/// Numbers as people write them: up to two decimals.
fn decimal() -> impl Strategy<Value = (String, f64)> {
    (1u32..400, 0u32..100).prop_map(|(whole, part)| {
        let text = if part == 0 { format!("{whole}") } else { format!("{whole}.{part:02}") };
        let value = text.parse().expect("a decimal number");
        (text, value)
    })
}

proptest! {
    #[test]
    fn a_number_keeps_its_value_and_unit((text, value) in decimal(), unit in prop::sample::select(vec!["%", "mm", "kg", "mmHg", "ng/mL"])) {
        let sentence = format!("The mean fell by {text} {unit} in all.");
        let found = find(&sentence, Span::new(0, sentence.len()));
        let read: Vec<_> = found.iter().filter_map(|q| match &q.kind { Kind::Value(v) => Some((v.range, v.unit.clone())), _ => None }).collect();
        prop_assert_eq!(read, vec![((value, value), Some(unit.to_owned()))]);
    }

    #[test]
    fn a_range_is_one_value((a, low) in decimal(), (b, high) in decimal(), dash in prop::sample::select(vec!["–", "-", " to "])) {
        let sentence = format!("It lay at {a}{dash}{b}% then.");
        let found = find(&sentence, Span::new(0, sentence.len()));
        let read: Vec<_> = found.iter().filter_map(|q| match &q.kind { Kind::Value(v) => Some(v.range), _ => None }).collect();
        prop_assert_eq!(read, vec![(low.min(high), low.max(high))]);
    }

    #[test]
    fn a_p_value_is_insignificant_above_five_in_a_hundred(thousandths in 1u32..999) {
        let p = format!("=0.{thousandths:03}");
        prop_assert_eq!(is_insignificant(&p), thousandths > 50);
    }
}
