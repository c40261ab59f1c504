//! Brings names and text to one form: case, Greek letters, hyphens, plurals, Roman numerals, spelling.
//!
//! Text is cut into pieces (runs of letters, runs of digits, single Greek letters). The key of a name is its normalised
//! pieces written one after the other, so that "IL-6", "IL 6" and "IL6" meet, and "NF-κB" meets "NF-kappa B".

use unicode_normalization::char::decompose_canonical;

/// What stands between a piece and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing.
    None,
    /// Hyphens and the like, without white space.
    Joined,
    /// White space.
    Space,
    /// The end of a clause or line: no name runs across.
    Break,
}

/// A run of letters or digits, or a single Greek letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// First byte in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Its normalised form, as a range of [`Pieces::buffer`].
    pub norm: (usize, usize),
    /// What stands before it.
    pub gap: Gap,
    /// Whether it is made of digits.
    pub digit: bool,
}

/// The pieces of a text.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    /// The pieces in order.
    pub list: Vec<Piece>,
    /// The normalised forms, one after the other.
    pub buffer: String,
}

impl Pieces {
    /// The normalised form of piece number `i`.
    pub fn norm(&self, i: usize) -> &str {
        self.list.get(i).and_then(|p| self.buffer.get(p.norm.0..p.norm.1)).unwrap_or("")
    }

    /// The key of the pieces from `from` up to, and without, `to`.
    pub fn key(&self, from: usize, to: usize) -> String {
        let mut key = String::new();
        for i in from..to.min(self.list.len()) {
            let norm = self.norm(i);
            if needs_separator(key.as_bytes().last().copied(), norm) {
                key.push('_');
            }
            key.push_str(norm);
        }
        key
    }
}

/// Whether two digits would run together.
pub fn needs_separator(last: Option<u8>, next: &str) -> bool {
    last.is_some_and(|l| l.is_ascii_digit()) && next.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

/// The key of a whole name.
///
/// ```text
/// key("Type II collagens") == key("type 2 collagen") == "type2collagen"
/// ```
pub fn key(name: &str) -> String {
    let pieces = cut(name, 0);
    pieces.key(0, pieces.list.len())
}

const GREEK: [(char, &str); 24] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
];

/// The English name of a Greek letter.
pub fn greek(c: char) -> Option<&'static str> {
    if c.is_ascii() {
        return None;
    }
    let lower = match c {
        'ß' => 'β',
        'ς' => 'σ',
        'ϕ' => 'φ',
        'ϵ' => 'ε',
        'ϑ' => 'θ',
        'µ' => 'μ',
        'Α'..='Ω' => c.to_lowercase().next().unwrap_or(c),
        _ => c,
    };
    GREEK.iter().find(|g| g.0 == lower).map(|g| g.1)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Greek,
    Other,
}

fn kind(c: char) -> Kind {
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' => Kind::Letter,
            '0'..='9' => Kind::Digit,
            _ => Kind::Other,
        };
    }
    match c {
        c if greek(c).is_some() => Kind::Greek,
        '\u{300}'..='\u{36f}' => Kind::Letter,
        c if c.is_alphabetic() => Kind::Letter,
        _ if subscript(c).is_some() => Kind::Digit,
        _ => Kind::Other,
    }
}

fn subscript(c: char) -> Option<char> {
    match c {
        '₀'..='₉' => char::from_digit(c as u32 - '₀' as u32, 10),
        '⁰' | '⁴'..='⁹' => char::from_digit(c as u32 - '⁰' as u32, 10),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        _ => None,
    }
}

/// Cuts `text` into pieces; their positions are those in `text` plus `offset`.
pub fn cut(text: &str, offset: usize) -> Pieces {
    let mut pieces = Pieces { list: Vec::with_capacity(text.len() / 5), buffer: String::with_capacity(text.len()) };
    let mut chars = text.char_indices().peekable();
    let mut last_end = 0;
    while let Some((start, c)) = chars.next() {
        let k = kind(c);
        if k == Kind::Other {
            continue;
        }
        let mut end = start + c.len_utf8();
        if k != Kind::Greek {
            while let Some(&(at, c)) = chars.peek() {
                if kind(c) != k {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
            }
        }
        let gap = if pieces.list.is_empty() { Gap::Break } else { classify(text.get(last_end..start).unwrap_or("")) };
        last_end = end;
        let word = text.get(start..end).unwrap_or("");
        if k == Kind::Letter && possessive(text, start, word) {
            continue;
        }
        let from = pieces.buffer.len();
        match k {
            Kind::Greek => pieces.buffer.push_str(greek(c).unwrap_or("")),
            Kind::Digit => pieces.buffer.extend(word.chars().map(|c| subscript(c).unwrap_or(c))),
            _ => {
                if gap != Gap::Break && article_of(&pieces, word) {
                    continue;
                }
                match roman(&pieces, word, gap) {
                    Some(n) => pieces.buffer.push_str(n),
                    None => normalise_word(word, &mut pieces.buffer),
                }
            }
        }
        let norm = (from, pieces.buffer.len());
        let digit = pieces.buffer.as_bytes().get(from).is_some_and(u8::is_ascii_digit);
        pieces.list.push(Piece { start: start + offset, end: end + offset, norm, gap, digit });
    }
    pieces
}

/// "of the breast" reads as "of breast".
fn article_of(pieces: &Pieces, word: &str) -> bool {
    word == "the" && pieces.list.len().checked_sub(1).is_some_and(|i| pieces.norm(i) == "of")
}

fn possessive(text: &str, start: usize, word: &str) -> bool {
    word == "s" && text.get(..start).is_some_and(|t| t.ends_with(['\'', '’'])) && text.get(..start).is_some_and(|t| t.len() > 1)
}

fn classify(between: &str) -> Gap {
    if between.is_empty() {
        return Gap::None;
    }
    if between == " " {
        return Gap::Space;
    }
    if between == "-" {
        return Gap::Joined;
    }
    let space = between.contains(char::is_whitespace);
    let clause = between.contains(['.', ',', ';', ':', '(', ')', '[', ']', '!', '?', '"', '“', '”', '—', '–', '•', '|']);
    if between.contains(['\n', '=', '<', '>', '±', '≥', '≤', '%', '@']) || space && clause || between.len() > 6 {
        Gap::Break
    } else if space {
        Gap::Space
    } else {
        Gap::Joined
    }
}

const ROMAN: [(&str, &str); 21] = [
    ("II", "2"),
    ("III", "3"),
    ("IV", "4"),
    ("VI", "6"),
    ("VII", "7"),
    ("VIII", "8"),
    ("IX", "9"),
    ("XI", "11"),
    ("XII", "12"),
    ("XIII", "13"),
    ("XIV", "14"),
    ("XV", "15"),
    ("XVI", "16"),
    ("XVII", "17"),
    ("XVIII", "18"),
    ("XIX", "19"),
    ("XX", "20"),
    ("IIa", "2a"),
    ("IIb", "2b"),
    ("IIIa", "3a"),
    ("IIIb", "3b"),
];

const BEFORE_ROMAN: [&str; 12] =
    ["type", "class", "grade", "stage", "group", "collagen", "phase", "factor", "complex", "bipolar", "nerve", "kappa"];

fn roman(pieces: &Pieces, word: &str, gap: Gap) -> Option<&'static str> {
    if !word.starts_with(['I', 'V', 'X']) || gap == Gap::None {
        return None;
    }
    if word.len() == 1 {
        let before = pieces.norm(pieces.list.len().checked_sub(1)?);
        if gap == Gap::Break || !BEFORE_ROMAN.contains(&before) {
            return None;
        }
        return Some(match word {
            "I" => "1",
            "V" => "5",
            _ => "10",
        });
    }
    ROMAN.iter().find(|r| r.0 == word).map(|r| r.1)
}

/// Appends the normalised form of one word.
fn normalise_word(word: &str, out: &mut String) {
    let from = out.len();
    let (mut upper, mut letters) = (0usize, 0usize);
    for c in word.chars() {
        letters += 1;
        if c.is_ascii() {
            upper += usize::from(c.is_ascii_uppercase());
            out.push(c.to_ascii_lowercase());
        } else {
            upper += usize::from(c.is_uppercase());
            for c in c.to_lowercase() {
                decompose_canonical(c, |c| {
                    if !('\u{300}'..='\u{36f}').contains(&c) {
                        match c {
                            'æ' => out.push_str("ae"),
                            'œ' => out.push_str("oe"),
                            'ø' => out.push('o'),
                            'ł' => out.push('l'),
                            c => out.push(c),
                        }
                    }
                });
            }
        }
    }
    let len = out.len() - from;
    if len != letters || letters < 3 {
        return;
    }
    if upper == letters && letters < 6 {
        return;
    }
    if upper + 1 == letters && letters >= 3 && word.ends_with('s') {
        out.pop();
        return;
    }
    if letters >= 5 {
        spell(out, from);
    }
    if letters >= 5 || letters == 4 && upper == 0 {
        stem(out, from);
    }
}

/// British to American, letter by letter: the rules need not make words, only the same form of both spellings.
fn spell(out: &mut String, from: usize) {
    let Some(word) = out.get(from..) else { return };
    let bytes = word.as_bytes();
    if !bytes.is_ascii() || !bytes.windows(2).any(|w| matches!(w, b"ae" | b"oe" | b"ou" | b"iz" | b"yz" | b"ph" | b"ll" | b"re")) {
        return;
    }
    let mut spelt = String::with_capacity(word.len());
    let mut i = 0;
    while i < bytes.len() {
        let rest = &bytes[i..];
        let step = if rest.starts_with(b"ae") && rest.len() > 2 || rest.starts_with(b"oe") {
            spelt.push('e');
            2
        } else if rest.starts_with(b"our") && i > 1 {
            spelt.push_str("or");
            3
        } else if (rest.starts_with(b"iz") || rest.starts_with(b"yz")) && i > 1 {
            spelt.push(rest[0] as char);
            spelt.push('s');
            2
        } else if rest.starts_with(b"sulph") {
            spelt.push_str("sulf");
            5
        } else if rest == b"lling" || rest == b"lled" {
            spelt.push('l');
            2
        } else if (rest == b"tre" || rest == b"bre") && i > 1 {
            spelt.push(rest[0] as char);
            spelt.push_str("er");
            3
        } else {
            spelt.push(rest[0] as char);
            1
        };
        i += step;
    }
    out.truncate(from);
    out.push_str(&spelt);
}

/// Endings of plurals and what they become, the first that fits.
const ENDINGS: [(&str, &str); 35] = [
    ("itides", "ite"),
    ("omata", "oma"),
    ("clei", "cleus"),
    ("oli", "olus"),
    ("chi", "chus"),
    ("mbi", "mbus"),
    ("lli", "llus"),
    ("foci", "focus"),
    ("loci", "locus"),
    ("chondria", "chondrion"),
    ("ganglia", "ganglion"),
    ("thelia", "thelium"),
    ("acteria", "acterium"),
    ("trices", "trix"),
    ("rtices", "rtex"),
    ("ndices", "ndex"),
    ("teeth", "tooth"),
    ("feet", "foot"),
    ("mice", "mouse"),
    ("brae", "bra"),
    ("sae", "sa"),
    ("iolae", "iola"),
    ("ulae", "ula"),
    ("rata", "ratum"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ruses", "rus"),
    ("nuses", "nus"),
    ("ies", "y"),
    ("ss", "ss"),
    ("us", "us"),
    ("is", "e"),
    ("s", ""),
];

fn stem(out: &mut String, from: usize) {
    let Some(word) = out.get(from..) else { return };
    if !matches!(word.as_bytes().last(), Some(b's' | b'i' | b'a' | b'e' | b'h' | b't')) {
        return;
    }
    if let Some((ending, becomes)) = ENDINGS.iter().find(|e| word.ends_with(e.0)) {
        let keep = out.len() - ending.len();
        out.truncate(keep);
        out.push_str(becomes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn variants_meet() {
        for group in [
            &["IL-6", "IL 6", "IL6", "il-6"][..],
            &["NF-κB", "NF-kappa B", "NF-kappaB"],
            &["type II collagen", "Type 2 collagens"],
            &["tumour", "tumors", "TUMOUR", "Tumor"],
            &["oedema", "edema", "Oedemas"],
            &["haemorrhage", "hemorrhage"],
            &["Parkinson's disease", "Parkinson’s diseases", "Parkinson disease"],
            &["metastases", "metastasis"],
            &["vertebrae", "Vertebra"],
            &["cancer of the breast", "cancers of breast"],
            &["AMSCs", "AMSC"],
            &["signalling", "signaling"],
            &["Sjögren syndrome", "Sjogren's syndrome"],
            &["α2β1 integrin", "alpha-2-beta-1 integrins"],
            &["fibre", "fibers"],
        ] {
            for name in group {
                assert_eq!(key(name), key(group[0]), "{name} and {}", group[0]);
            }
        }
        assert_ne!(key("AIDS"), key("aids"));
        assert_ne!(key("IL-1 6"), key("IL-16"));
    }

    proptest! {
        #[test]
        fn any_text_is_cut_on_boundaries(text in "\\PC{0,80}") {
            let pieces = cut(&text, 0);
            for p in &pieces.list {
                prop_assert!(text.get(p.start..p.end).is_some());
            }
            let _ = key(&text);
        }
    }
}
