//! A sequence labeller for reference strings: which words are authors, title, venue and the rest.
//!
//! A linear chain over words, its weights learnt with an averaged structured perceptron (Collins, 2002) and
//! decoded with Viterbi's algorithm. Features are hashed; their weights lie in `models/references.bin`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word of a reference string belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the parts of a reference")]
pub enum Label {
    Author,
    Title,
    Journal,
    Container,
    Date,
    Volume,
    Pages,
    Publisher,
    Location,
    Editor,
    Edition,
    Genre,
    Number,
    Translator,
    Series,
    Doi,
    Url,
    Note,
}

/// How many labels there are.
pub(crate) const LABELS: usize = 18;
/// How many ways a word can end, as far as transitions care.
pub(crate) const ENDS: usize = 9;

impl Label {
    /// All labels, in order of their number.
    pub const ALL: [Self; LABELS] = [
        Self::Author,
        Self::Title,
        Self::Journal,
        Self::Container,
        Self::Date,
        Self::Volume,
        Self::Pages,
        Self::Publisher,
        Self::Location,
        Self::Editor,
        Self::Edition,
        Self::Genre,
        Self::Number,
        Self::Translator,
        Self::Series,
        Self::Doi,
        Self::Url,
        Self::Note,
    ];
}

/// The weights of the labeller.
#[derive(Debug, Default, Clone)]
pub struct Weights {
    /// Weights per label of each feature.
    pub(crate) features: HashMap<u32, [i8; LABELS]>,
    /// Weights of a label after another, by how the word before ends.
    pub(crate) transitions: Vec<i16>,
}

const MAGIC: &[u8; 8] = b"evg-ref1";

impl Weights {
    /// The weights that come with the program.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
            Weights::open(include_bytes!("../../models/references.bin")).expect("the shipped model is sound: a test opens it")
        });
        &SHIPPED
    }

    /// Opens what [`Weights::to_bytes`] wrote; `None` where the bytes are no such model.
    pub fn open(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut transitions = Vec::with_capacity(ENDS * LABELS * LABELS);
        for pair in rest.get(..ENDS * LABELS * LABELS * 2)?.as_chunks::<2>().0 {
            transitions.push(i16::from_le_bytes(*pair));
        }
        rest = &rest[ENDS * LABELS * LABELS * 2..];
        let mut features = HashMap::new();
        while let [a, b, c, d, count, tail @ ..] = rest {
            let mut row = [0; LABELS];
            let cells = tail.get(..usize::from(*count) * 2)?;
            for &[label, weight] in cells.as_chunks::<2>().0 {
                *row.get_mut(usize::from(label))? = weight as i8;
            }
            features.insert(u32::from_le_bytes([*a, *b, *c, *d]), row);
            rest = &tail[cells.len()..];
        }
        rest.is_empty().then_some(Self { features, transitions })
    }

    /// The weights as bytes, the same for the same weights.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.transitions.iter().flat_map(|w| w.to_le_bytes()));
        let mut rows: Vec<_> = self.features.iter().collect();
        rows.sort_unstable();
        for (hash, row) in rows {
            let cells: Vec<u8> = row.iter().enumerate().filter(|(_, w)| **w != 0).flat_map(|(l, w)| [l as u8, *w as u8]).collect();
            out.extend(hash.to_le_bytes());
            out.push((cells.len() / 2) as u8);
            out.extend(cells);
        }
        out
    }

    /// Labels the words of a reference string.
    pub fn label(&self, words: &[&str]) -> Vec<Label> {
        let features = features(words);
        let ends: Vec<usize> = words.iter().map(|w| end_class(w)).collect();
        let scores = features.iter().map(|list| {
            let mut row = [0_i32; LABELS];
            for weights in list.iter().filter_map(|hash| self.features.get(hash)) {
                for (sum, weight) in row.iter_mut().zip(weights) {
                    *sum += i32::from(*weight);
                }
            }
            row
        });
        let scores: Vec<[i32; LABELS]> = scores.collect();
        decode(&scores, &ends, |end, from, to| i32::from(self.transitions[transition(end, from, to)]))
    }
}

/// Where the weight of a transition lies.
pub(crate) fn transition(end: usize, from: usize, to: usize) -> usize {
    (end * LABELS + from) * LABELS + to
}

/// The best path through scores per word and label (Viterbi).
pub(crate) fn decode<S: Copy + Ord + Default + std::ops::Add<Output = S>>(
    scores: &[[S; LABELS]],
    ends: &[usize],
    weight: impl Fn(usize, usize, usize) -> S,
) -> Vec<Label> {
    let Some(mut best) = scores.first().copied() else { return Vec::new() };
    let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for (i, row) in scores.iter().enumerate().skip(1) {
        let mut next = [S::default(); LABELS];
        let mut from_best = [0_u8; LABELS];
        for to in 0..LABELS {
            let (from, score) = (0..LABELS)
                .map(|from| (from, best[from] + weight(ends[i - 1], from, to)))
                .max_by_key(|&(from, s)| (s, LABELS - from))
                .unwrap_or_default();
            next[to] = score + row[to];
            from_best[to] = from as u8;
        }
        best = next;
        back.push(from_best);
    }
    let mut at = (0..LABELS).max_by_key(|&l| (best[l], LABELS - l)).unwrap_or(0);
    let mut path = vec![Label::ALL[at]];
    for from in back.iter().rev() {
        at = usize::from(from[at]);
        path.push(Label::ALL[at]);
    }
    path.reverse();
    path
}

/// Splits a reference string into words: at white space, and inside runs such as `2001;357:251-6`.
pub fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for word in text.split_whitespace() {
        let bytes = word.as_bytes();
        let mut start = 0;
        if !word.contains("//") && !word.contains("10.") {
            for i in 1..bytes.len().saturating_sub(1) {
                let parts = matches!(bytes[i], b';' | b':')
                    && (bytes[i - 1].is_ascii_digit() || matches!(bytes[i - 1], b')' | b'.'))
                    && (bytes[i + 1].is_ascii_digit() || bytes[i + 1].is_ascii_alphabetic());
                if parts {
                    out.push(&word[start..=i]);
                    start = i + 1;
                }
            }
        }
        out.push(&word[start..]);
    }
    out
}

/// How a word ends: its last sign of punctuation.
pub(crate) fn end_class(word: &str) -> usize {
    match word.chars().next_back() {
        Some(',') => 1,
        Some('.') if is_initials(word) => 8,
        Some('.') => 2,
        Some(':') => 3,
        Some(';') => 4,
        Some(')' | ']') => 5,
        Some('"' | '”' | '’' | '»' | '\'') => 6,
        Some('?' | '!' | '-' | '–' | '—' | '/') => 7,
        _ => 0,
    }
}

/// "J.", "J.A.", "JA".
fn is_initials(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    (1..=4).contains(&letters)
        && word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-' | ',' | ';'))
        && (letters == 1 || word.contains('.') || letters <= 3)
}

/// The kind of a word, coarsely.
fn shape(word: &str) -> &'static str {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let bracketed = word.starts_with(['(', '[']);
    if core.is_empty() {
        return if word.contains('&') { "amp" } else { "punct" };
    }
    if digits == core.len() {
        let year = digits == 4 && (core.starts_with("19") || core.starts_with("20") || core.starts_with("18"));
        return match (year, bracketed, digits) {
            (true, true, _) => "(year)",
            (true, false, _) => "year",
            (_, true, _) => "(num)",
            (_, _, 1..=3) => "num",
            _ => "longnum",
        };
    }
    if digits > 0 {
        let range = core.contains(['-', '–', '—', '−']) && core.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '—' | '−'));
        let year = core.len() == 5 && digits == 4 && core.ends_with(|c: char| c.is_ascii_lowercase());
        return match () {
            () if range => "range",
            () if year => "yearx",
            () if core.contains('(') => "vol(iss)",
            () if core.starts_with("10.") || core.contains("doi") => "doi",
            () if digits * 2 > core.len() => "mostnum",
            () => "alnum",
        };
    }
    if core.contains("://") || core.starts_with("www.") {
        return "url";
    }
    if is_initials(word) {
        return if word.contains('.') { "init." } else { "init" };
    }
    let first_upper = core.chars().next().is_some_and(char::is_uppercase);
    let any_lower = core.chars().any(char::is_lowercase);
    match (first_upper, any_lower, word.ends_with('.')) {
        (true, false, _) => "CAPS",
        (true, true, true) if core.chars().count() <= 6 => "Abbr.",
        (true, true, _) => "Cap",
        (false, true, true) if core.chars().count() <= 4 => "abbr.",
        (false, true, _) => "low",
        (false, false, _) => "other",
    }
}

fn hash(template: u8, parts: &[&str]) -> u32 {
    let mut h: u32 = 0x811c_9dc5 ^ u32::from(template).wrapping_mul(0x9e37_79b1);
    for part in parts {
        for b in part.bytes().chain([0x1f]) {
            h = (h ^ u32::from(b)).wrapping_mul(0x0100_0193);
        }
    }
    h ^ (h >> 15)
}

/// Numbers written as short strings, for features that count.
fn count(n: usize) -> &'static str {
    const NAMES: [&str; 12] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "more"];
    NAMES[n.min(NAMES.len() - 1)]
}

/// Words of a kind that tells much wherever they stand.
fn kind(lower: &str) -> &'static str {
    match lower {
        "jan" | "feb" | "mar" | "apr" | "may" | "jun" | "jul" | "aug" | "sep" | "sept" | "oct" | "nov" | "dec" | "january" | "february"
        | "march" | "april" | "june" | "july" | "august" | "september" | "october" | "november" | "december" | "spring" | "summer"
        | "fall" | "winter" => "month",
        "journal" | "j" | "transactions" | "review" | "reviews" | "annals" | "ann" | "archives" | "arch" | "letters" | "lett"
        | "bulletin" | "magazine" | "quarterly" | "revue" | "zeitschrift" | "revista" | "acta" | "rev" | "trans" | "int" | "am" | "br"
        | "eur" | "clin" | "med" | "res" | "sci" | "biol" | "chem" | "phys" | "surg" | "psychol" | "neurosci" | "lancet" | "nature"
        | "science" | "bmj" | "jama" | "plos" | "proc" | "natl" | "acad" => "journal",
        "proceedings" | "conference" | "symposium" | "workshop" | "congress" | "meeting" | "lecture" | "notes" | "handbook"
        | "encyclopedia" | "advances" | "conf" | "symp" => "proceedings",
        "press" | "publishers" | "publishing" | "publications" | "verlag" | "springer" | "springer-verlag" | "wiley" | "elsevier"
        | "routledge" | "sage" | "kluwer" | "addison-wesley" | "mcgraw-hill" | "prentice" | "macmillan" | "blackwell" | "éditions"
        | "editions" | "editorial" | "norton" | "erlbaum" | "academic" | "university" | "inc" | "ltd" => "publisher",
        "new" | "york" | "london" | "paris" | "oxford" | "cambridge" | "berlin" | "boston" | "chicago" | "amsterdam" | "washington"
        | "san" | "francisco" | "philadelphia" | "ny" | "ma" | "ca" | "dc" | "uk" | "usa" | "heidelberg" | "tokyo" | "madrid"
        | "princeton" | "stanford" | "dordrecht" | "toronto" => "place",
        "ed" | "eds" | "editor" | "editors" | "edited" | "hrsg" | "dir" => "editor",
        "edition" | "edn" | "2nd" | "3rd" | "4th" | "5th" | "1st" => "edition",
        "vol" | "volume" | "no" | "n" | "issue" | "nr" | "bd" | "part" | "t" | "tome" | "v" => "volume",
        "pp" | "p" | "pages" | "pág" | "págs" | "s" | "pg" => "pages",
        "thesis" | "dissertation" | "report" | "technical" | "tech" | "phd" | "ph.d" | "master's" | "memo" | "rep" => "genre",
        "and" | "&" | "et" | "y" | "und" | "e" | "al" => "and",
        "in" | "in:" | "dans" | "en" => "in",
        "retrieved" | "accessed" | "available" | "url" | "http" | "from" => "web",
        "doi" | "pmid" | "pmcid" => "id",
        "von" | "van" | "de" | "der" | "la" | "del" | "di" | "da" => "particle",
        _ => "",
    }
}

/// The hashed features of every word.
pub(crate) fn features(words: &[&str]) -> Vec<Vec<u32>> {
    let n = words.len();
    let lower: Vec<String> = words.iter().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    let shapes: Vec<&str> = words.iter().map(|w| shape(w)).collect();
    let ends: Vec<&str> = words.iter().map(|w| count(end_class(w))).collect();
    let kinds: Vec<&str> = lower.iter().map(|w| kind(w)).collect();
    let numeric = |s: &str| matches!(s, "num" | "(num)" | "range" | "vol(iss)" | "mostnum" | "longnum");
    let year = |s: &str| matches!(s, "year" | "(year)" | "yearx");
    // Distances to the next number, year, quotation mark, stop; counted from the end once.
    let (mut next_number, mut next_year, mut next_stop, mut next_kind) =
        (vec![12; n + 1], vec![12; n + 1], vec![12; n + 1], vec![""; n + 1]);
    for i in (0..n).rev() {
        next_number[i] = if numeric(shapes[i]) { 0 } else { (next_number[i + 1] + 1).min(12) };
        next_year[i] = if year(shapes[i]) { 0 } else { (next_year[i + 1] + 1).min(12) };
        next_stop[i] = if matches!(ends[i], "1" | "2" | "3" | "5" | "6") { 0 } else { (next_stop[i + 1] + 1).min(12) };
        next_kind[i] = if next_stop[i] == 0 { kinds.get(i + 1).copied().unwrap_or("end") } else { next_kind[i + 1] };
    }
    let first_year = (0..n).find(|&i| year(shapes[i])).unwrap_or(n);
    let quoted = words.iter().any(|w| w.starts_with(['"', '“', '«', '‘', '`', '„']));
    let (mut stops, mut commas, mut in_quotes, mut depth, mut run) = (0, 0, false, 0_i32, 0);
    let at = |list: &[&'static str], i: isize| -> &'static str { if i < 0 { "^" } else { list.get(i as usize).copied().unwrap_or("$") } };
    let word = |i: isize| -> &str { if i < 0 { "^" } else { lower.get(i as usize).map_or("$", String::as_str) } };
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        let p = i as isize;
        let w = words[i];
        if w.starts_with(['"', '“', '«', '‘', '`', '„', '\'']) {
            in_quotes = true;
        }
        depth += w.matches(['(', '[']).count() as i32;
        let relation = if i < first_year {
            "before"
        } else if i == first_year {
            "at"
        } else {
            "after"
        };
        let stem: Vec<char> = lower[i].chars().collect();
        let prefix = |k: usize| stem.iter().take(k).collect::<String>();
        let suffix = |k: usize| stem.iter().skip(stem.len().saturating_sub(k)).collect::<String>();
        let place = count(if n > 1 { i * 10 / n } else { 0 });
        let bits = [
            if in_quotes {
                "q"
            } else if quoted {
                "has"
            } else {
                "-"
            },
            if depth > 0 { "(" } else { "-" },
        ];
        let starts = w.chars().next().filter(|c| !c.is_alphanumeric()).map(String::from).unwrap_or_default();
        let (num, yr, stop) = (count(next_number[i]), count(next_year[i]), count(next_stop[i]));
        let mut f = vec![hash(0, &[]), hash(1, &[&lower[i]]), hash(2, &[w]), hash(3, &[shapes[i]]), hash(4, &[kinds[i]])];
        f.extend([
            hash(5, &[word(p - 1)]),
            hash(6, &[word(p + 1)]),
            hash(7, &[word(p - 2)]),
            hash(8, &[word(p + 2)]),
            hash(9, &[word(p - 1), &lower[i]]),
            hash(10, &[&lower[i], word(p + 1)]),
            hash(11, &[at(&shapes, p - 1), shapes[i]]),
            hash(12, &[shapes[i], at(&shapes, p + 1)]),
            hash(13, &[at(&shapes, p - 1), shapes[i], at(&shapes, p + 1)]),
            hash(14, &[at(&ends, p - 1), shapes[i], ends[i]]),
            hash(15, &[at(&ends, p - 2), at(&ends, p - 1), ends[i], at(&ends, p + 1)]),
            hash(16, &[at(&kinds, p - 1), kinds[i], at(&kinds, p + 1)]),
            hash(17, &[&prefix(2)]),
            hash(18, &[&prefix(4)]),
            hash(19, &[&suffix(2)]),
            hash(20, &[&suffix(3)]),
            hash(21, &[&suffix(4)]),
            hash(22, &[place, shapes[i]]),
            hash(23, &[count(i), shapes[i]]),
            hash(24, &[count(n - 1 - i), shapes[i]]),
            hash(25, &[bits[0], shapes[i]]),
            hash(26, &[bits[0], bits[1], at(&ends, p - 1)]),
            hash(27, &[num, shapes[i]]),
            hash(28, &[yr, shapes[i], relation]),
            hash(29, &[stop, next_kind[i], shapes[i]]),
            hash(30, &[count(stops), shapes[i], relation]),
            hash(31, &[count(commas), count(stops)]),
            hash(32, &[&starts, shapes[i]]),
            hash(33, &[relation, count(stops), at(&ends, p - 1)]),
            hash(34, &[count(run), shapes[i], relation]),
            hash(35, &[at(&shapes, p + 1), at(&shapes, p + 2), ends[i]]),
            hash(36, &[at(&shapes, p - 2), at(&shapes, p - 1), shapes[i], at(&ends, p - 1)]),
            hash(37, &[num, stop, at(&ends, p - 1)]),
            hash(38, &[kinds[i], relation, bits[0]]),
            hash(39, &[at(&kinds, p - 2), at(&kinds, p - 1), shapes[i]]),
            hash(40, &[at(&kinds, p + 1), at(&kinds, p + 2), shapes[i], ends[i]]),
            hash(41, &[shapes[i], at(&shapes, p + 1), at(&shapes, p + 2), ends[i], at(&ends, p - 1)]),
            hash(42, &[relation, num, count(stops)]),
        ]);
        out.push(f);
        match end_class(w) {
            2 => stops += 1,
            1 => commas += 1,
            _ => {}
        }
        // How many words the stretch since the last stop has.
        run = if matches!(end_class(w), 1..=6) { 0 } else { run + 1 };
        if w.trim_end_matches([',', '.', ';', ':']).ends_with(['"', '”', '»', '’', '\'']) {
            in_quotes = false;
        }
        depth = (depth - w.matches([')', ']']).count() as i32).max(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_open_and_bytes_come_back() {
        let shipped = Weights::shipped();
        assert_eq!(Weights::open(&shipped.to_bytes()).map(|w| w.features.len()), Some(shipped.features.len()));
        assert!(Weights::open(b"nothing").is_none());
    }

    #[test]
    fn runs_of_numbers_are_parted() {
        assert_eq!(
            words("Joint Care. 2001;35(7):251-6. doi:10.1000/a;b"),
            ["Joint", "Care.", "2001;", "35(7):", "251-6.", "doi:10.1000/a;b"]
        );
    }
}
