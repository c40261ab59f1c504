#!/usr/bin/env python3
"""Measures the program as a whole: each step from articles to the store, several jobs, the start, growth, and other people's programs.

    benches/whole.py                                    # the articles of data/articles
    benches/whole.py --articles DIR --growth 100,1000,10000

Needs a build of this program (or EVIGRAPH). Articles are those of --articles, else those below $EVIGRAPH_EVAL_DATA (`jats`), else the four that
come with the program. Times are of the processor, in user and system mode, so that a busy machine counts less; where the clock is meant, "wall"
says so. Prints Markdown. For growth the articles are copied under other identifiers until there are enough. Other programs (benches/peers) are
installed into --venv where that is possible; without them it goes on.
"""

import argparse
import glob
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from measure import EVIGRAPH, ROOT, TARGET, measured

PEERS = os.path.join(ROOT, "benches", "peers")
SAMPLE = os.path.join(ROOT, "data", "articles")
# What names an article: the copies have others.
DOI = re.compile(r'(<article-id pub-id-type="doi">[^<]*)')
NUMBER = re.compile(r'(<article-id pub-id-type="(?:pmid|pmc|pmcid)">\D*)(\d+)')


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def table(title, names):
    print(f"\n### {title}\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}", flush=True)


def row(*cells):
    print(f"| {' | '.join(cell if isinstance(cell, str) else f'{cell:.3g}' if cell < 100 else f'{cell:,.0f}' for cell in cells)} |", flush=True)


def megabytes(path):
    """What a file or folder takes."""
    if os.path.isfile(path):
        return os.path.getsize(path) / 1e6
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(path) for name in names) / 1e6


def machine():
    model = "a processor of unknown name"
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    version = subprocess.run([EVIGRAPH, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"{version}; {os.cpu_count()} cores, {model}; load {load}", flush=True)


def texts(articles, folder):
    """The text of each article in a file of its own: how many, megabytes."""
    os.makedirs(folder)
    # Line by line: what this process takes counts as the memory of those that it starts.
    number, read = 0, f"{folder}.json"
    subprocess.run([EVIGRAPH, "read", articles, "--format", "json", "-q", "-o", read], check=True)
    with open(read, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            blocks = [block["text"] for section in json.loads(line)["sections"] for block in section["blocks"]]
            with open(os.path.join(folder, f"{number:05}.txt"), "w", encoding="utf-8") as out:
                out.write("\n\n".join(blocks))
    return number, megabytes(folder)


def steps(articles, folder, count, text, rounds):
    """Each step alone, with one job."""
    source = megabytes(articles)
    table(f"Each step: {count} articles, {source:.1f} MB of source, {text:.1f} MB of text, one job",
          ["step", "s", "articles/s", "MB of source/s", "MB of text/s", "MB of memory"])
    store = os.path.join(folder, "step")
    commands = {
        "`read`": ["read", articles, "--format", "json", "-o", os.path.join(folder, "read.json")],
        "`annotate`": ["annotate", articles, "--format", "jsonl", "-o", os.path.join(folder, "mentions.jsonl")],
        "`extract`, to N-Quads": ["extract", articles, "--format", "nq", "-o", os.path.join(folder, "step.nq")],
        "`ingest`, to a new store": ["ingest", articles, "--store", store],
    }
    for name, command in commands.items():
        runs = []
        for _ in range(rounds):
            shutil.rmtree(store, ignore_errors=True)
            runs.append(measured(EVIGRAPH, *command, "-q", "--jobs", 1))
        seconds = median(runs, "processor")
        row(name, seconds, count / seconds, source / seconds, text / seconds, max(run.memory for run in runs))


def jobs(articles, folder, pairs):
    """One job beside two, in turns."""
    table("Two jobs beside one, wall, in turns", ["step", "one job, s", "two jobs, s", "times as fast"])
    out, store = os.path.join(folder, "jobs.nq"), os.path.join(folder, "jobs")
    for name, command in {"`extract`": ["extract", articles, "--format", "nq", "-o", out], "`ingest`": ["ingest", articles, "--store", store]}.items():
        runs = {1: [], 2: []}
        for pair in range(pairs):
            for count in (1, 2) if pair % 2 == 0 else (2, 1):
                shutil.rmtree(store, ignore_errors=True)
                runs[count].append(measured(EVIGRAPH, *command, "-q", "--jobs", count))
        ratio = statistics.median(one.wall / two.wall for one, two in zip(runs[1], runs[2]))
        row(name, median(runs[1], "wall"), median(runs[2], "wall"), ratio)


def start(rounds=20):
    """How soon the program answers."""
    table(f"Start: medians of {rounds}", ["command", "wall, ms", "processor, ms", "MB of memory"])
    page = next(iter(glob.glob(os.path.join(SAMPLE, "*.html"))))
    for name, command in {"`--version`": ["--version"], "`extract` of one page": ["extract", page]}.items():
        runs = [measured(EVIGRAPH, *command) for _ in range(rounds)]
        row(name, median(runs, "wall") * 1000, median(runs, "processor") * 1000, max(run.memory for run in runs))


def copies(articles, folder, count):
    """So many articles: those given, and copies of them under other identifiers."""
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(articles) for name in names)
    os.makedirs(folder)
    for number in range(count):
        path, copy = paths[number % len(paths)], number // len(paths)
        name = f"{copy:04}-{os.path.basename(path)}"
        if not copy:
            shutil.copy(path, os.path.join(folder, name))
            continue
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            head, end, rest = file.read().partition("</article-meta>")
        if end:
            head = NUMBER.sub(lambda found: f"{found[1]}{copy * 10**6 + int(found[2]) % 10**6}", DOI.sub(rf"\g<1>.copy{copy}", head, count=1))
        with open(os.path.join(folder, name), "w", encoding="utf-8", errors="surrogateescape") as out:
            out.write(head + end + rest)


def growth(articles, folder, sizes):
    """More and more articles, each time into a new store."""
    table("Growth: `ingest` into a new store", ["articles", "wall, s", "s", "ms an article", "MB of disk", "KB an article", "MB of memory"])
    for size in sizes:
        many, store = os.path.join(folder, f"many-{size}"), os.path.join(folder, f"grown-{size}")
        copies(articles, many, size)
        run = measured(EVIGRAPH, "ingest", many, "--store", store, "-q")
        disk = megabytes(store)
        row(f"{size:,}", run.wall, run.processor, run.processor / size * 1000, disk, disk / size * 1000, run.memory)
        shutil.rmtree(many)
        shutil.rmtree(store)


def peer_python(venv):
    """The Python that has the other programs; none where they cannot be had."""
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(python):
        try:
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", os.path.join(PEERS, "requirements.txt")], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(venv, ignore_errors=True)
            print(f"\nThe other programs cannot be installed ({error}): they are left out.", flush=True)
            return None
    return python


def beside(name, attempt):
    """A comparison, where the other program runs."""
    try:
        attempt()
    except (OSError, RuntimeError, ValueError) as error:
        print(f"\n{name} does not run here, and is left out: {str(error)[-400:]}", flush=True)


def gilda(python, folder, text):
    """Gilda's annotator with this program's vocabulary."""
    vocabulary, where = os.path.join(folder, "vocabulary.jsonl"), os.path.join(folder, "texts")
    measured(EVIGRAPH, "lexicon", "export", "--format", "jsonl", "-o", vocabulary, "-q")
    told = os.path.join(folder, "gilda.json")
    measured(python, os.path.join(PEERS, "gilda_annotate.py"), vocabulary, where, to=told)
    with open(told, encoding="utf-8") as file:
        theirs = json.load(file)
    out = os.path.join(folder, "mentions.jsonl")
    ours = measured(EVIGRAPH, "annotate", where, "--jobs", 1, "--format", "jsonl", "-o", out, "-q")
    with open(out, encoding="utf-8") as file:
        mentions = sum(1 for _ in file)
    table(f"Names in {text:.1f} MB of text, the shipped vocabulary", ["program", "s", "MB of text/s", "mentions", "mentions/s", "MB of memory"])
    row("evigraph annotate", ours.processor, text / ours.processor, f"{mentions:,}", mentions / ours.processor, ours.memory)
    row("Gilda (without loading)", theirs["seconds"], text / theirs["seconds"], f"{theirs['mentions']:,}",
        theirs["mentions"] / theirs["seconds"], theirs["megabytes"])


def kgx(python, folder, articles):
    """KGX makes N-Triples of the edges that this program exports."""
    store, base = os.path.join(folder, "exported"), os.path.join(folder, "graph")
    measured(EVIGRAPH, "ingest", articles, "--store", store, "-q")
    ours = {name: measured(EVIGRAPH, "export", name, "-o", to, "--store", store, "-q") for name, to in (("kgx", base), ("rdf", base + ".nq"))}
    files = [f"{base}_{part}.tsv" for part in ("nodes", "edges")]
    theirs = measured(python, os.path.join(PEERS, "kgx_transform.py"), base + ".nt", *files)
    with open(files[1], encoding="utf-8") as file:
        edges = sum(1 for _ in file) - 1
    table(f"A graph of {edges:,} edges written", ["program", "s", "edges/s", "MB of memory"])
    row("evigraph export kgx, from the store", ours["kgx"].processor, edges / ours["kgx"].processor, ours["kgx"].memory)
    row("evigraph export rdf, all statements of the store", ours["rdf"].processor, edges / ours["rdf"].processor, ours["rdf"].memory)
    row("kgx transform, TSV to N-Triples", theirs.processor, edges / theirs.processor, theirs.memory)


def main():
    given = os.path.join(os.environ.get("EVIGRAPH_EVAL_DATA", ""), "jats")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", default=given if os.path.isdir(given) and os.environ.get("EVIGRAPH_EVAL_DATA") else SAMPLE)
    parser.add_argument("--growth", default="", help="numbers of articles, such as 100,1000,10000 (for JATS: copies of other formats are one article)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each step")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of one job and two")
    parser.add_argument("--only", default="steps,jobs,start,growth,peers", help="what to measure, of steps,jobs,start,growth,peers")
    parser.add_argument("--venv", default=os.path.join(TARGET, "bench-venv"), help="where the other programs are, or go")
    parser.add_argument("--folder", help="where to work; a temporary folder unless given")
    args = parser.parse_args()
    wanted = args.only.split(",")
    folder = tempfile.mkdtemp(dir=args.folder)
    try:
        machine()
        count, text = texts(args.articles, os.path.join(folder, "texts"))
        if "steps" in wanted:
            steps(args.articles, folder, count, text, args.rounds)
        if "jobs" in wanted:
            jobs(args.articles, folder, args.pairs)
        if "start" in wanted:
            start()
        if "growth" in wanted and args.growth:
            growth(args.articles, folder, [int(size) for size in args.growth.split(",")])
        if "peers" in wanted and (python := peer_python(args.venv)):
            beside("Gilda", lambda: gilda(python, folder, text))
            beside("KGX", lambda: kgx(python, folder, args.articles))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
