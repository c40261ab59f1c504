//! Comparisons of arms in single sentences, one test per pattern.
