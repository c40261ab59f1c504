//! Hashes of words and feature templates. They are part of the model format: a change here means training again.

/// An odd constant with well spread bits (2^64 divided by the golden ratio).
const K: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes one more value into a hash.
#[inline]
pub(crate) const fn mix(hash: u64, value: u64) -> u64 {
    let h = (hash.rotate_left(23) ^ value).wrapping_mul(K);
    h ^ (h >> 29)
}

/// The hash of a word in lower case, with every digit read as 0.
pub(crate) fn word(form: &str) -> u64 {
    let mut h = K;
    for c in form.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c.is_ascii() {
            h = mix(h, u64::from(c.to_ascii_lowercase() as u32));
        } else {
            for c in c.to_lowercase() {
                h = mix(h, u64::from(c as u32));
            }
        }
    }
    h
}

/// The hash of the last `n` characters of a word, in lower case; of the whole word where it is shorter.
pub(crate) fn suffix(form: &str, n: usize) -> u64 {
    let from = form.char_indices().rev().nth(n - 1).map_or(0, |(at, _)| at);
    word(&form[from..])
}

/// The hash of the first `n` characters of a word, in lower case; of the whole word where it is shorter.
pub(crate) fn prefix(form: &str, n: usize) -> u64 {
    let to = form.char_indices().nth(n).map_or(form.len(), |(at, _)| at);
    word(&form[..to])
}

/// The shape of a word: runs of upper case, lower case, digits, Greek letters and other characters, first twelve runs.
pub(crate) fn shape(form: &str) -> u64 {
    let (mut h, mut last, mut runs) = (K, 0, 0);
    for c in form.chars() {
        let class = match c {
            'A'..='Z' => 1,
            'a'..='z' => 2,
            '0'..='9' => 3,
            'α'..='ω' | 'Α'..='Ω' | 'µ' => 4,
            _ if c.is_ascii() => u64::from(c as u32) + 16,
            _ if c.is_lowercase() => 2,
            _ if c.is_uppercase() => 1,
            _ => 5,
        };
        if class != last {
            h = mix(h, class);
            last = class;
            runs += 1;
            if runs == 12 {
                break;
            }
        } else if class == 1 && runs == 1 {
            // One capital and two are told apart: `The` and `DNA`.
            h = mix(h, 99);
            runs += 1;
        }
    }
    h
}
