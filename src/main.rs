//! The `evigraph` command.

fn main() {}
