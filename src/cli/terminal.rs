//! What people see: messages in colour, tables, and progress; all of it on standard error, save the tables.

use super::args::{Color, Global};
use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, Width};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// The longest word of a table that is kept whole, in characters; identifiers may be longer.
const LONGEST_WORD: usize = 24;

/// A rule under the header, nothing else.
const PLAIN: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::new(' ', ' ', ' '))
    .header_separator(LineStyle::new('─', '─', '─', '─'))
    .content_lines(ContentLineStyle::new(' ', ' ', ' '));

/// The user's side: how much to say, in which colours, and the progress bar that messages must not tear.
#[derive(Debug)]
pub struct Terminal {
    quiet: bool,
    verbose: bool,
    progress: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Terminal {
    /// Sets the terminal up as the global options say.
    pub fn new(global: &Global) -> Self {
        match global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            progress: !global.quiet && !global.no_progress && io::stderr().is_terminal(),
            bar: Mutex::new(None),
        }
    }

    /// Prints an error with its causes on one line.
    pub fn error(&self, error: &anyhow::Error) {
        self.print(&format!("{ERROR}error{ERROR:#}: {}", one_line(error)));
    }

    /// Prints a warning, unless quiet.
    pub fn warn(&self, message: impl Display) {
        if !self.quiet {
            self.print(&format!("{WARNING}warning{WARNING:#}: {message}"));
        }
    }

    /// Prints a line of the summary, unless quiet.
    pub fn note(&self, message: impl Display) {
        if !self.quiet {
            self.print(&message.to_string());
        }
    }

    /// Whether `-q` asks for silence.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether `-v` asks for more.
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Prints what only `-v` asks for.
    pub fn detail(&self, message: impl Display) {
        if self.verbose {
            self.print(&message.to_string());
        }
    }

    fn print(&self, line: &str) {
        // A standard error that is closed leaves nowhere to say so.
        let write = || writeln!(anstream::stderr(), "{line}").ok();
        match self.bar.lock().ok().and_then(|bar| bar.clone()) {
            Some(bar) => bar.suspend(write),
            None => write(),
        };
    }

    /// Shows a bar over `total` bytes of input until [`Terminal::finish`]; nothing where progress is off.
    pub fn start(&self, total: u64) {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8));
        let template = "{bar:24.cyan} {bytes}/{total_bytes} {binary_bytes_per_sec} {msg} {eta} left";
        if !self.progress {
            return;
        }
        if let (Ok(style), Ok(mut shown)) = (ProgressStyle::with_template(template), self.bar.lock()) {
            *shown = Some(bar.with_style(style));
        }
    }

    /// Moves the bar by `bytes` and changes its words.
    pub fn advance(&self, bytes: u64, message: impl FnOnce() -> String) {
        if let Ok(Some(bar)) = self.bar.lock().as_deref() {
            bar.inc(bytes);
            bar.set_message(message());
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.lock().ok().and_then(|mut bar| bar.take()) {
            bar.finish_and_clear();
        }
    }
}

/// The error and its causes on one line; a cause that the message above it already tells is left out.
fn one_line(error: &anyhow::Error) -> String {
    let mut line = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !line.contains(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line
}

/// Lays rows out as a table that fits the terminal.
///
/// Text of articles is hostile: control characters, which could move the cursor or change colours, are shown as `�`.
pub fn table<'a>(header: impl IntoIterator<Item = &'a str>, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(PLAIN).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    for row in rows {
        table.add_row(row.iter().map(|cell| printable(cell)));
    }
    keep_words(&mut table);
    format!("{table}\n")
}

/// Makes columns wide enough for their longest words, where the terminal has room for that.
fn keep_words(table: &mut Table) {
    let mut longest = vec![0; table.column_count()];
    for cell in table.header().into_iter().chain(table.row_iter()).flat_map(|row| row.cell_iter().enumerate()) {
        let words = cell.1.content();
        let word = words.split_whitespace().map(|w| w.chars().count()).max().unwrap_or(0);
        longest[cell.0] = longest[cell.0].max(word.min(LONGEST_WORD));
    }
    // Each column has a space on both sides, and one between it and the next.
    let room: usize = longest.iter().map(|l| l + 3).sum();
    if table.width().is_some_and(|width| room <= usize::from(width)) {
        for (column, word) in table.column_iter_mut().zip(longest) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(word + 2).unwrap_or(u16::MAX))));
        }
    }
}

/// `text` without the characters that would steer the terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// `1 article`, `2 articles`, `12,345 claims`.
pub fn count(number: usize, noun: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let plural = match noun.strip_suffix('y') {
        _ if number == 1 => noun.to_owned(),
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    format!("{grouped} {plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn counts_read_as_people_write_them() {
        assert_eq!(count(1, "article"), "1 article");
        assert_eq!(count(0, "entry"), "0 entries");
        assert_eq!(count(1_234_567, "claim"), "1,234,567 claims");
    }

    #[test]
    fn causes_are_told_once() {
        let error = Err::<(), _>(io::Error::other("no space left")).context("cannot write a.csv: no space left").context("export failed");
        assert_eq!(error.map_err(|e| one_line(&e)), Err("export failed: cannot write a.csv: no space left".to_owned()));
    }

    #[test]
    fn article_text_cannot_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{7}"), "a\u{fffd}[31mb\u{fffd}");
    }
}
