#!/usr/bin/env python3
"""Loads and queries the same data with this program and with Oxigraph's command line, in pairs of runs, one after the other.

    benches/against_oxigraph.py --quads 5000000 --pairs 5

The data are the statements of ARTICLES (data/articles), copied with names of their own until there are enough. Needs `oxigraph` on the path (or
OXIGRAPH) and a build of this program (or EVIGRAPH). Prints a line a comparison: the median times, the median of the paired ratios, and the most
memory that either held. Times are of the processor, in user and system mode, so that a busy machine counts less.
"""

import argparse
import filecmp
import glob
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from measure import EVIGRAPH, ROOT, measured

OXIGRAPH = os.environ.get("OXIGRAPH") or shutil.which("oxigraph")
# What the required parameters are bound to: what the articles speak of most often, or second most.
FREQUENT = {
    "class": ("rdf:subject", 0),
    "treatment": ("rdf:subject", 0),
    "entity": ("rdf:object", 0),
    "condition": ("evi:condition", 0),
    "first": ("evi:condition", 0),
    "second": ("evi:condition", 1),
}
ONTOLOGY_GRAPH = "https://w3id.org/evigraph/graph/ontology"
OWN = re.compile(r"<https://w3id\.org/evigraph/(?!ontology|graph)[^>]*")


def same_rows(one, other):
    """Whether two files hold the same lines in some order; what this process itself held would count as memory of the commands it starts."""
    for path in (one, other):
        subprocess.run(["sort", "-o", path, path], check=True, env={**os.environ, "LC_ALL": "C"})
    return filecmp.cmp(one, other, shallow=False)


def write_data(path, quads, folder, articles):
    """Copies the articles until there are so many statements."""
    store = os.path.join(folder, "seed")
    command = ["store", "load"] if articles.endswith(".nq") else ["ingest"]
    subprocess.run([EVIGRAPH, *command, articles, "--store", store, "-q"], check=True)
    # One statement at a time: what this process holds when it starts a command counts as that command's memory.
    dump, written, copy = os.path.join(folder, "seed.nq"), 0, 0
    with open(dump, "wb") as out:
        subprocess.run([EVIGRAPH, "store", "dump", "--store", store], check=True, stdout=out)
    with open(path, "w", encoding="utf-8") as out:
        while written < quads:
            with open(dump, encoding="utf-8") as lines:
                for line in lines:
                    named = OWN.sub(rf"\g<0>-{copy}", line)
                    if copy == 0 or named != line:
                        out.write(named)
                        written += 1
            copy += 1


def told(name, pairs):
    """A line about paired runs of ours and theirs."""
    ours, theirs = ([run[i] for run in pairs] for i in (0, 1))
    ratio = statistics.median(a.processor / b.processor for a, b in pairs)
    memory = [max(run.memory for run in runs) for runs in (ours, theirs)]
    times = [statistics.median(run.processor for run in runs) for runs in (ours, theirs)]
    print(f"{name:24} {times[0]:9.3f} s {times[1]:9.3f} s  ratio {ratio:5.3f}  {memory[0]:6.0f} MB {memory[1]:6.0f} MB", flush=True)


def frequent(store, parameter):
    """The value of a parameter, as a term."""
    place, rank = FREQUENT[parameter]
    query = f"SELECT ?x {{ ?claim {place} ?x }} GROUP BY ?x ORDER BY DESC(COUNT(?claim)) ?x LIMIT 1 OFFSET {rank}"
    told = subprocess.run([EVIGRAPH, "query", query, "--format", "csv", "--store", store], check=True, capture_output=True, text=True).stdout
    return f"<{told.split()[1]}>"


def prefixes():
    with open(os.path.join(ROOT, "ontology", "prefixes.ttl"), encoding="utf-8") as file:
        return "".join(f"PREFIX {name} {iri}\n" for name, iri in re.findall(r"^@?(?:prefix|PREFIX)\s+(\S*:)\s+(<[^>]*>)", file.read(), re.M))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--articles", default=os.path.join(ROOT, "data", "articles"), help="files to begin with: articles, or N-Quads of them")
    parser.add_argument("--folder", help="where to work; a temporary folder unless given, and then kept")
    args = parser.parse_args()
    if not OXIGRAPH:
        sys.exit("oxigraph is not installed: cargo install oxigraph-cli")
    folder = args.folder or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    data = os.path.join(folder, f"{args.quads}.nq")
    if not os.path.exists(data):
        write_data(data, args.quads, folder, args.articles)
    print(f"{'':24} {'evigraph':>11} {'oxigraph':>11}")

    ours, theirs = os.path.join(folder, "ours"), os.path.join(folder, "theirs")
    pairs = []
    for pair in range(args.pairs):
        runs = {}
        # Each goes first every other time.
        for which in ("ours", "theirs") if pair % 2 == 0 else ("theirs", "ours"):
            shutil.rmtree(os.path.join(folder, which), ignore_errors=True)
            command = [EVIGRAPH, "store", "load", data, "--store", ours] if which == "ours" else [OXIGRAPH, "load", "--location", theirs, "--file", data]
            runs[which] = measured(*command)
        pairs.append((runs["ours"], runs["theirs"]))
    told("load", pairs)
    # What the program's own stores hold beside the statements of articles, and a dump leaves out: it names relations and codes.
    ontology = os.path.join(ROOT, "ontology", "evigraph.ttl")
    measured(OXIGRAPH, "load", "--location", theirs, "--file", ontology, "--graph", ONTOLOGY_GRAPH)
    measured(EVIGRAPH, "store", "compact", "--store", ours)
    measured(OXIGRAPH, "optimize", "--location", theirs)

    for path in sorted(glob.glob(os.path.join(ROOT, "queries", "explore", "*.rq"))):
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as file:
            text = file.read()
        given = {name: frequent(ours, name) for name in re.findall(r"^# parameter: (\w+) (?:\w+ )?required", text, re.M)}
        query = os.path.join(folder, "query.rq")
        bound = "".join(f"VALUES ?{name} {{ {value} }} " for name, value in given.items())
        with open(query, "w", encoding="utf-8") as file:
            file.write(prefixes() + re.sub(r"^WHERE \{", lambda where: f"{where[0]} {bound}", text, count=1, flags=re.M))
        given = [word for name, value in given.items() for word in ("--param", f"{name}={value}")]
        pairs = []
        for pair in range(args.pairs):
            runs = {}
            for which in ("ours", "theirs") if pair % 2 == 0 else ("theirs", "ours"):
                command = [EVIGRAPH, "query", path, *given, "--timeout", "600", "--format", "csv", "--store", ours] if which == "ours" else [
                    OXIGRAPH, "query", "--location", theirs, "--query-file", query, "--results-format", "csv", "--union-default-graph"]
                runs[which] = measured(*command, to=os.path.join(folder, f"{which}.csv"))
            if not same_rows(*(os.path.join(folder, f"{which}.csv") for which in runs)):
                print(f"{name}: the answers differ")
            pairs.append((runs["ours"], runs["theirs"]))
        told(name, pairs)
    if not args.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
