//! Questions: named queries, parameters, limits and result formats.
