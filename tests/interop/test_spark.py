"""Extraction on a local Spark cluster gives what one process gives, and its parts load into any store."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import peers
from peers import EVIGRAPH, ROOT, evigraph

JOB = os.path.join(ROOT, "examples", "spark", "extract.py")
# A folder of articles; the project's own where none is named.
ARTICLES = os.environ.get("ARTICLES", os.path.join(ROOT, "data", "articles"))


def job(*words, ok=True):
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_SUBMIT_ARGS": "--master local[2,2] pyspark-shell", "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run([sys.executable, JOB, *words, "--evigraph", EVIGRAPH], capture_output=True, text=True, env=env, cwd=ROOT, check=False)
    if ok and done.returncode != 0:
        raise AssertionError(done.stderr)
    return done


def lines(paths):
    found = set()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            found.update(file)
    return sorted(found)


@unittest.skipUnless(importlib.util.find_spec("pyspark") and shutil.which("java"), "PySpark or Java is not installed")
class OnSpark(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = os.path.join(self.folder.name, "out")

    def parts(self):
        return [os.path.join(self.out, name) for name in sorted(os.listdir(self.out)) if name.startswith("part-")]

    def test_the_same_graph_as_one_process(self):
        done = job(ARTICLES, self.out, "--partitions", "4")
        self.assertEqual(len(self.parts()), 4, done.stdout)
        whole = os.path.join(self.folder.name, "whole.nq")
        evigraph("extract", ARTICLES, "--format", "nq", "--jobs", "1", "-o", whole)
        self.assertEqual(lines(self.parts()), lines([whole]))

        # A part that is lost is made again, and no other.
        lost = self.parts()[1]
        with open(lost, encoding="utf-8") as file:
            before = file.read()
        times = {path: os.stat(path).st_mtime_ns for path in self.parts() if path != lost}
        os.remove(lost)
        again = job(ARTICLES, self.out, "--partitions", "4")
        self.assertIn("1 of them made now", again.stdout)
        with open(lost, encoding="utf-8") as file:
            self.assertEqual(file.read(), before)
        self.assertEqual(times, {path: os.stat(path).st_mtime_ns for path in times})
        # Other work does not mix with it.
        self.assertIn("name another folder", job(ARTICLES, self.out, "--partitions", "5", ok=False).stderr)

        # The parts load into a store of ours; into others by their own bulk loaders.
        store = os.path.join(self.folder.name, "store")
        evigraph("store", "load", *self.parts(), "--store", store)
        evigraph("store", "verify", "--store", store)
        claims = int(evigraph("query", "SELECT (COUNT(*) AS ?n) { ?c a evi:Claim }", "--store", store).split()[1])
        self.assertGreater(claims, 0)
        if peers.OXIGRAPH:
            other = os.path.join(self.folder.name, "oxigraph")
            subprocess.run([peers.OXIGRAPH, "load", "--location", other, "--file", *self.parts()], check=True, capture_output=True)
        if peers.VIRTUOSO:
            with peers.virtuoso() as server:
                for path in self.parts():
                    shutil.copy(path, server.folder)
                server.isql(f"ld_dir('{server.folder}', 'part-*.nq', 'urn:unused')", "rdf_loader_run()", "checkpoint")
                count = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a evi:Claim }"
                self.assertEqual(int(evigraph("query", count, "--url", server.query).split()[1]), claims)

    def test_records_that_fail_go_to_a_file_of_their_own(self):
        records = os.path.join(self.folder.name, "records.ndjson")
        with open(records, "w", encoding="utf-8") as file:
            for number in range(6):
                content = f"# Study {number}\n\nMesenchymal stem cells suppress IL-6.\n"
                file.write(json.dumps({"id": f"study-{number}", "format": "markdown", "content": content}) + "\n")
            file.write('{"id": "broken"\n')
        job(records, self.out, "--partitions", "2")
        self.assertEqual(len([line for line in lines(self.parts()) if "#MechanismClaim>" in line]), 6)
        failed = [name for name in os.listdir(self.out) if name.startswith("failed-")]
        self.assertEqual(len(failed), 1)
        with open(os.path.join(self.out, failed[0]), encoding="utf-8") as file:
            one = json.loads(file.read())
        self.assertEqual(one["record"], '{"id": "broken"')
        self.assertIn("no record", one["reason"])


if __name__ == "__main__":
    unittest.main()
