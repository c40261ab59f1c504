//! Identifiers of articles and works: recognised wherever they are written, and brought to one form.

use crate::text::pattern;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Persistent identifiers of an article or a cited work, each in its normal form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identifiers {
    /// DOI in lower case, without address or trailing punctuation.
    pub doi: Option<String>,
    /// PubMed identifier, digits only.
    pub pmid: Option<String>,
    /// PubMed Central identifier with its letters ("PMC123").
    pub pmcid: Option<String>,
    /// Registered trial: NCT, ISRCTN or EudraCT number, arXiv excluded.
    pub trial: Option<String>,
    /// arXiv number, without version.
    pub arxiv: Option<String>,
    /// Web address.
    pub url: Option<String>,
}

static DOI: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\b10\.\d{4,9}(?:\.\d+)*/(?:[^\s"<>\u{200b}]|<[0-9][0-9A-Za-z_:.-]{0,30}>)+"#));
static PMID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\bPMID\s*:?\s*|pubmed\.ncbi\.nlm\.nih\.gov/|nlm\.nih\.gov/pubmed/|[?&;]list_uids=|europepmc\.org/(?:article|abstract)/med/|\bpubmed\s*(?:id)?\s*:\s*)(\d{4,9})\b",
    )
});
static PMCID: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bPMC\s?(\d{4,9})\b"));
static TRIAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(NCT\s?\d{8}|ISRCTN\s?\d{8}|(?:EudraCT[\s:]*(?:No\.?|number)?[\s:]*)\d{4}-\d{6}-\d{2}|ACTRN\d{14}|ChiCTR[\w-]*\d{8,}|UMIN\d{9}|DRKS\d{8})\b",
    )
});
static ARXIV: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\barxiv(?:\.org/(?:abs|pdf)/|[:\s]+)(\d{4}\.\d{4,5}|[a-z-]+/\d{7})"));
static URL: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)\bhttps?://[^\s"<>]+"#));

impl Identifiers {
    /// Finds the identifiers written in `text`; of several of one kind, the first.
    ///
    /// ```
    /// use evigraph::document::Identifiers;
    /// let found = Identifiers::find("Hip trial. https://doi.org/10.1000/XYZ.7. PMID: 1234567; NCT04875433");
    /// assert_eq!(found.doi.as_deref(), Some("10.1000/xyz.7"));
    /// assert_eq!(found.pmid.as_deref(), Some("1234567"));
    /// assert_eq!(found.trial.as_deref(), Some("NCT04875433"));
    /// ```
    pub fn find(text: &str) -> Self {
        let first = |r: &Regex| r.captures(text).and_then(|c| c.get(1)).map(|m| m.as_str().to_owned());
        Self {
            doi: DOI.find(text).and_then(|m| normalise_doi(m.as_str())),
            pmid: first(&PMID),
            pmcid: first(&PMCID).map(|d| format!("PMC{d}")),
            trial: first(&TRIAL).map(|t| normalise_trial(&t)),
            arxiv: first(&ARXIV),
            url: URL.find(text).map(|m| trim_end(m.as_str()).to_owned()).filter(|u| !u.contains("doi.org/")),
        }
    }

    /// Finds the identifiers in a web address, in which signs may be encoded ("10.1000%2Fx1").
    ///
    /// ```
    /// let found = evigraph::document::Identifiers::of_address("https://doi.org/10.1000%2Fx1");
    /// assert_eq!(found.doi.as_deref(), Some("10.1000/x1"));
    /// ```
    pub fn of_address(address: &str) -> Self {
        let found = Self::find(address);
        if found.is_persistent() || !address.contains('%') { found } else { Self { url: found.url, ..Self::find(&decoded(address)) } }
    }

    /// The identifier that names an article best, as a CURIE or an address: DOI, PMCID, PMID, URL.
    pub fn preferred(&self) -> Option<String> {
        (self.doi.as_ref().map(|d| format!("doi:{d}")))
            .or_else(|| self.pmcid.as_ref().map(|p| format!("PMC:{}", p.trim_start_matches("PMC"))))
            .or_else(|| self.pmid.as_ref().map(|p| format!("PMID:{p}")))
            .or_else(|| self.url.clone())
    }

    /// Whether a persistent identifier is known (a plain web address is none).
    pub fn is_persistent(&self) -> bool {
        self.doi.is_some() || self.pmid.is_some() || self.pmcid.is_some() || self.trial.is_some() || self.arxiv.is_some()
    }
}

/// An address with its encoded ASCII signs spelt out.
fn decoded(address: &str) -> String {
    let mut parts = address.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()).filter(u8::is_ascii_graphic) {
            Some(sign) => {
                out.push(char::from(sign));
                out.push_str(&part[2..]);
            }
            None => {
                out.push('%');
                out.push_str(part);
            }
        }
    }
    out
}

/// Drops what punctuation of the sentence clings to an address: stops, commas, quotes, and brackets that it did not open.
fn trim_end(address: &str) -> &str {
    let mut s = address;
    loop {
        let cut = s.trim_end_matches(['.', ',', ';', ':', '\'', '"', '>', '’', '”', '*', '_']);
        let unmatched = |open: char, close: char| cut.ends_with(close) && cut.matches(close).count() > cut.matches(open).count();
        let next = if unmatched('(', ')') || unmatched('[', ']') || unmatched('{', '}') { &cut[..cut.len() - 1] } else { cut };
        if next.len() == s.len() {
            return s;
        }
        s = next;
    }
}

/// A DOI in lower case without address, query or trailing punctuation; `None` where the text holds none.
pub fn normalise_doi(text: &str) -> Option<String> {
    let found = DOI.find(text)?.as_str();
    let bare = found.split(['?', '#']).next().unwrap_or(found);
    Some(trim_end(bare).to_lowercase())
}

fn normalise_trial(text: &str) -> String {
    let upper: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    match upper.strip_prefix("EUDRACT") {
        Some(rest) => rest
            .trim_start_matches([':', '.'])
            .trim_start_matches("NUMBER")
            .trim_start_matches("NO")
            .trim_start_matches([':', '.'])
            .to_owned(),
        None => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doi_forms_come_to_one() {
        for written in ["doi:10.1002/ART.24567.", "https://dx.doi.org/10.1002/art.24567", "(10.1002/art.24567)", "DOI 10.1002/art.24567;"] {
            assert_eq!(Identifiers::find(written).doi.as_deref(), Some("10.1002/art.24567"), "{written}");
        }
        // Older DOIs of one publisher hold angle brackets.
        assert_eq!(
            normalise_doi("doi:10.1002/1529-0131(200108)44:8<1786::AID-ART315>3.0.CO;2-L.").as_deref(),
            Some("10.1002/1529-0131(200108)44:8<1786::aid-art315>3.0.co;2-l")
        );
        assert_eq!(normalise_doi("10.1000/a1<br>").as_deref(), Some("10.1000/a1"));
        assert_eq!(normalise_doi("10.1016/S0140-6736(05)67889-0.").as_deref(), Some("10.1016/s0140-6736(05)67889-0"));
    }

    #[test]
    fn trials_and_archives() {
        assert_eq!(Identifiers::find("EudraCT number: 2009-012345-11").trial.as_deref(), Some("2009-012345-11"));
        assert_eq!(Identifiers::find("isrctn 12345678").trial.as_deref(), Some("ISRCTN12345678"));
        assert_eq!(Identifiers::find("see PMC 3032923").pmcid.as_deref(), Some("PMC3032923"));
        assert_eq!(Identifiers::find("arXiv:2101.00123v2").arxiv.as_deref(), Some("2101.00123"));
        assert_eq!(Identifiers::find("on 2009-012345-11 pages"), Identifiers::default());
    }

    #[test]
    fn an_address_is_no_persistent_identifier() {
        let found = Identifiers::find("See https://example.org/case(1).");
        assert_eq!(found.url.as_deref(), Some("https://example.org/case(1)"));
        assert!(!found.is_persistent());
    }
}
