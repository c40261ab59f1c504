//! The graph as a network: paths, hubs, communities, contradictions, belief.
