//! What people decided: verdicts, sources added, corrections, waivers, undo.
