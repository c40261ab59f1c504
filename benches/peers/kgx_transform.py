"""`kgx transform --stream` of TSV files to N-Triples, offline: kgx_transform.py OUT.nt NODES.tsv EDGES.tsv

KGX reads the Biolink model and the registries of prefixes from the network; here they come from the packages biolink-model and prefixcommons.
"""

import json
import sys
from pathlib import Path

import biolink_model
import bmt.toolkit
import prefixcommons

model = Path(next(iter(biolink_model.__path__)))
bmt.toolkit.Toolkit.__init__.__defaults__ = (str(model / "schema/biolink_model.yaml"), {"predicate mappings": []})

import kgx.config  # noqa: E402

contexts = kgx.config.jsonld_context_map
prefixes = json.loads((model / "prefixmaps/biolink_model_prefix_map.json").read_text(encoding="utf-8"))
contexts["biolink"] = prefixes | {"EVI": "https://w3id.org/evigraph/"}
for name in ("monarch_context", "obo_context"):
    registry = Path(prefixcommons.__file__).parent / f"registry/{name}.jsonld"
    contexts[name] = json.loads(registry.read_text(encoding="utf-8"))["@context"]

from kgx.cli import cli  # noqa: E402

out, *files = sys.argv[1:]
sys.argv = ["kgx", "transform", "--stream", "--input-format", "tsv", "--output", out, "--output-format", "nt", *files]
cli()
