//! What is missing: one check is one documented query; findings and reports.
