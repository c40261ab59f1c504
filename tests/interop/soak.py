#!/usr/bin/env python3
"""A long working day in short: articles are read, questions asked, verdicts given and backups made through one server, which is killed again and
again. What was told to be kept is there after each kill, every backup is sound, and so is the store in the end.

    tests/interop/soak.py --seconds 3600

Needs nothing but Python and a build of the program (EVIGRAPH).
"""

import argparse
import collections
import csv
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import peers

TOKEN = "a token for the working day"
GENES = ("IL-6", "TNF", "BDNF", "IL-10", "VEGFA", "SOX9", "IL1B")
VERBS = ("suppress", "increase", "do not affect", "may reduce")
QUERIES = ("unsourced-claims", "works-most-cited", "article-counts", "claims-by-design")
CLAIMS = "SELECT ?claim { ?claim a evi:Claim } LIMIT 1 OFFSET %d"


def write_articles(folder, batch, each, dice):
    """A batch of articles that share entities and works with all others."""
    os.makedirs(folder)
    for number in range(each):
        said = [
            f"In series {line}, mesenchymal stem cells {dice.choice(VERBS)} {dice.choice(GENES)}" + (f" [{line % 4}]." if line % 4 else ".")
            for line in range(1, 16)
        ]
        works = [f"[{key}] Aldous P. Trial {key} of joints. Journal of Joint Repair. 2021;{key}:1-9. doi:10.5555/j.{dice.randrange(99)}" for key in (1, 2, 3)]
        with open(os.path.join(folder, f"{batch:05}-{number}.md"), "w", encoding="utf-8") as out:
            out.write(f"# Study {batch}-{number}\n\n" + " ".join(said) + "\n\n## References\n\n" + "\n\n".join(works) + "\n")


class Day:
    def __init__(self, folder, each, seed):
        self.folder, self.each, self.dice = folder, each, random.Random(seed)
        self.store, self.articles = os.path.join(folder, "store"), os.path.join(folder, "articles")
        self.env = {**os.environ, "EVIGRAPH_TOKEN": TOKEN, "EVIGRAPH_CURATOR": "The Curator"}
        self.counts, self.wrong = collections.Counter(), []
        self.kept, self.verdicts, self.batch, self.url = set(), {}, 0, None
        self.ended = threading.Event()

    def run(self, *words, store=None):
        return subprocess.run([peers.EVIGRAPH, *words, "--store", store or self.url], cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)

    def tried(self, what, *words, store=None):
        """Runs the program; a failure counts as wrong unless the server had been killed by then. Gives what it printed where it went well."""
        done = self.run(*words, store=store)
        if done.returncode == 0:
            self.counts[what] += 1
            return done
        if self.ended.is_set() and store is None:
            self.counts[f"{what} cut short"] += 1
        else:
            self.wrong.append(f"{what}: {done.stderr[-300:]}")
        return None

    def ingest(self):
        self.batch += 1
        at = os.path.join("articles", f"{self.batch:05}")
        write_articles(os.path.join(self.folder, at), self.batch, self.each, self.dice)
        done = self.run("ingest", "-v", "--no-progress", at)
        told = {line.split(": ")[0] for line in done.stderr.splitlines() if " claim" in line and line.split(": ")[0].endswith(".md")}
        self.kept |= told
        self.counts["articles"] += len(told)
        if done.returncode and not self.ended.is_set():
            self.wrong.append(f"ingest: {done.stderr[-300:]}")

    def query(self):
        self.tried("queries", "query", random.choice(QUERIES), "--format", "csv")

    def review(self):
        found = self.tried("claims asked for", "query", CLAIMS % random.randrange(1 + len(self.kept) * 10), "--format", "csv")
        claim = found and found.stdout.split()[1:]
        if claim:
            decision = random.choice(("accept", "reject"))
            words = [decision, claim[0]] + (["--reason", "polarity"] if decision == "reject" else [])
            if self.tried("verdicts", "review", *words):
                self.verdicts[claim[0]] = decision
            else:
                # It may be kept without having been told so.
                self.verdicts.pop(claim[0], None)

    def backup(self):
        to = os.path.join(self.folder, "backup")
        shutil.rmtree(to, ignore_errors=True)
        if self.tried("backups", "store", "backup", to):
            self.tried("backups verified", "store", "verify", store=to)
        self.ended.wait(5)

    def work(self, task):
        while not self.ended.is_set():
            task()

    def morning(self, seconds):
        """Serves for some seconds, then kills the server; gives the most memory it took, in MB."""
        self.ended.clear()
        port = peers.free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [peers.EVIGRAPH, "serve", "--store", self.store, "--bind", f"127.0.0.1:{port}", "--write"]
        with peers.running(command, self.folder, f"{self.url}/health", self.env) as server:
            threads = [threading.Thread(target=self.work, args=(task,)) for task in (self.ingest, self.query, self.review, self.backup)]
            for thread in threads:
                thread.start()
            time.sleep(seconds)
            with open(f"/proc/{server.pid}/status", encoding="utf-8") as status:
                memory = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
            self.ended.set()
            server.kill()
            for thread in threads:
                thread.join()
        return memory

    def evening(self):
        """Looks whether all that was told is there."""
        self.tried("stores verified", "store", "verify", store=self.store)
        rows = self.tried("looked", "query", "SELECT ?path { ?article a evi:Article ; dcterms:source ?path }", "--format", "csv", store=self.store)
        there = set(rows.stdout.split()[1:]) if rows else set()
        lost = {article for article in self.kept if article not in there}
        if lost:
            self.wrong.append(f"{len(lost)} articles are lost, {sorted(lost)[0]} among them")
        rows = self.tried("looked", "review", "export", store=self.store)
        held = {row["thing_id"]: row["verdict"] for row in csv.DictReader(io.StringIO(rows.stdout))} if rows else {}
        for claim, decision in self.verdicts.items():
            if not held.get(claim, "").startswith(decision):
                self.wrong.append(f"the verdict {decision} on {claim} is lost: {held.get(claim)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--articles", type=int, default=5, help="read at once")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    until = time.monotonic() + args.seconds
    with tempfile.TemporaryDirectory() as folder:
        day = Day(folder, args.articles, args.seed)
        write_articles(os.path.join(day.articles, "first"), 0, args.articles, day.dice)
        day.tried("first reading", "ingest", "articles/first", store=day.store)
        memory = []
        while time.monotonic() < until and not day.wrong:
            memory.append(day.morning(min(day.dice.uniform(10, 90), max(5, until - time.monotonic()))))
            day.evening()
        size = sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(day.store) for name in names)
    print(f"{len(memory)} kills; " + ", ".join(f"{what}: {count}" for what, count in sorted(day.counts.items())))
    print(f"memory of the server, the most between two kills: {memory[0]} MB at first, {memory[-1]} MB at last; store: {size // 1_000_000} MB")
    for wrong in day.wrong[:20]:
        print(f"wrong: {wrong}", file=sys.stderr)
    sys.exit(bool(day.wrong))


if __name__ == "__main__":
    main()
