//! A line of a page, or a stretch of one between wide gaps.

/// Text of one make.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub text: String,
    /// Whether it stands above the line, as markers and exponents do.
    pub raised: bool,
    pub bold: bool,
}

/// A line as it is read. Positions are in points from the lower left corner of the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub pieces: Vec<Piece>,
    pub x0: f32,
    pub x1: f32,
    pub baseline: f32,
    /// Font size of most of its characters.
    pub size: f32,
    /// Number of the page, from 0.
    pub page: usize,
    /// Which column of which band of the page; lines of one paragraph may go on in the next.
    pub column: usize,
    /// Edges of that column.
    pub left: f32,
    pub right: f32,
    /// The cells, where it is a row of a table.
    pub cells: Vec<Vec<Piece>>,
}

impl Line {
    /// The text, markers included.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect::<String>().trim().to_owned()
    }

    /// The text that stands on the line.
    pub fn plain(&self) -> String {
        self.pieces.iter().filter(|p| !p.raised).map(|p| p.text.as_str()).collect::<String>().trim().to_owned()
    }

    /// Whether all that stands on the line is bold.
    pub fn is_bold(&self) -> bool {
        self.pieces.iter().filter(|p| !p.raised && p.text.chars().any(char::is_alphanumeric)).all(|p| p.bold)
            && self.pieces.iter().any(|p| p.bold)
    }

    /// How far it stands in from the left edge, in font sizes.
    pub fn indent(&self) -> f32 {
        (self.x0 - self.left) / self.size.max(1.0)
    }

    /// Whether it ends well before the right edge.
    pub fn ends_short(&self) -> bool {
        self.right - self.x1 > 0.12 * (self.right - self.left)
    }
}

/// Whether a short text is a label that stands before its line: a bullet, a list or section number, a key in brackets.
pub(super) fn is_label(text: &str) -> bool {
    let inner = text.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')', '.', ':']);
    let numeral =
        |s: &str| s.chars().all(|c| c.is_ascii_digit() || c == '.') || s.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'I' | 'V' | 'X'));
    match text.chars().count() {
        0 | 9.. => false,
        1 if !text.chars().all(char::is_alphanumeric) => true,
        _ => !inner.is_empty() && (numeral(inner) || inner.chars().count() == 1 && text.len() > 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for yes in ["1", "2.1", "[12]", "(b)", "•", "IV.", "–", "a)", "3."] {
            assert!(is_label(yes), "{yes}");
        }
        for no in ["", "Roe", "52 mm", "a", "and"] {
            assert!(!is_label(no), "{no}");
        }
    }
}
