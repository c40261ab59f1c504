//! Brings the identifiers that vocabularies write to CURIEs of one spelling.

/// The CURIE of an OBO identifier written as an address; others stay as they are.
pub fn curie(iri: &str) -> String {
    let local = iri.rsplit(['/', '#']).next().unwrap_or(iri);
    match local.split_once('_') {
        Some((prefix, number)) if iri.contains("obolibrary.org/obo/") && !prefix.is_empty() => format!("{prefix}:{number}"),
        _ => iri.to_owned(),
    }
}

/// Brings the prefixes of cross-references to one spelling; `None` for what is no identifier.
pub fn xref(text: &str) -> Option<String> {
    let text = text.split_whitespace().next()?;
    let (prefix, local) = text.split_once(':')?;
    if local.is_empty() || prefix.is_empty() || local.starts_with("//") {
        return None;
    }
    let upper = prefix.to_ascii_uppercase();
    let prefix = match upper.as_str() {
        "UMLS_CUI" | "UMLS" => "UMLS",
        "MSH" | "MESH" => "MESH",
        "NCBIGENE" | "ENTREZ" | "GENEID" => "NCBIGene",
        "OMIM" | "MIM" => "OMIM",
        "NCIT" | "NCI" => "NCIT",
        _ => prefix,
    };
    Some(format!("{prefix}:{local}"))
}
