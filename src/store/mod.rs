//! The kept graph: one named graph per article, replaced in one transaction.
