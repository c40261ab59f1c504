"""Every command on stores behind other people's servers gives what it gives on a store in a folder."""

import os
import re
import tempfile
import unittest

import peers
from peers import evigraph

ARTICLES = ["data"]
COMMANDS = [
    ("query", "works-most-cited", "--format", "csv"),
    ("query", "unsourced-claims", "--format", "csv"),
    ("query", "treatment-effects", "--param", "treatment=mesenchymal stem cell", "--format", "csv"),
    ("query", "class-effects", "--param", "class=mesenchymal stem cell", "--format", "csv"),
    ("query", "SELECT ?label { ?c a evi:Claim ; rdf:object/rdfs:label ?label } ORDER BY ?label", "--format", "csv"),
    ("query", "ASK { ?c a evi:Claim }", "--format", "csv"),
    ("query", "CONSTRUCT { ?s evi:affects ?o } { ?s evi:decreases ?o }", "--format", "nt"),
    ("search", "pain"),
    ("export", "claims"),
    ("export", "outcomes"),
    ("export", "entities"),
    ("export", "references"),
    ("export", "articles"),
    ("export", "evidence"),
    ("check", "--format", "csv", "--fail-on", "none"),
    ("hubs", "--format", "csv"),
    ("contradictions", "--format", "csv"),
]


class Same:
    """What is compared, for each server."""

    # Commands whose answer this server cannot give the same, with the reason.
    other = {}
    # Whether a GROUP_CONCAT joins in another order: SPARQL leaves it open.
    any_order = False
    env = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = os.path.join(cls.folder.name, "store")
        evigraph("ingest", *ARTICLES, "--store", cls.here)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def compare(self, there):
        for command in COMMANDS:
            with self.subTest(command=" ".join(command)):
                if command[:2] in self.other:
                    continue
                ours = self.lines(evigraph(*command, "--store", self.here))
                theirs = self.lines(evigraph(*command, "--store", there, env=self.env))
                self.assertEqual(theirs, ours)

    def lines(self, text):
        inside = lambda line: " ".join(sorted(re.findall(r"\w+", line))) if self.any_order else line
        return sorted(map(inside, text.splitlines()))

    def life(self, there, dumps=True):
        """Articles come, are read again, judged and taken out."""
        def dump(store, env=None):
            return [line for line in evigraph("store", "dump", "--store", store, env=env).splitlines() if "/graph/ontology>" not in line]

        evigraph("ingest", *ARTICLES, "--store", there, env=self.env)
        self.compare(there)
        evigraph("store", "verify", "--store", there, env=self.env)
        if dumps:
            self.assertEqual(dump(there, self.env), dump(self.here))
        again = evigraph("ingest", "--force", *ARTICLES, "--store", there, env=self.env)
        self.assertEqual(again, "")
        if dumps:
            self.assertEqual(dump(there, self.env), dump(self.here))
        claim = evigraph("export", "claims", "--store", self.here).splitlines()[1].split(",")[0].rsplit("/", 1)[-1]
        for store, env in ((self.here, None), (there, self.env)):
            evigraph("review", "--as", "0000-0002-1825-0097", "reject", claim, "--reason", "polarity", "--store", store, env=env)
        self.compare(there)
        article = evigraph("export", "articles", "--store", self.here).splitlines()[1].split(",")[0]
        for store, env in ((self.here, None), (there, self.env)):
            evigraph("remove", article, "--store", store, env=env)
        self.compare(there)


@unittest.skipUnless(peers.OXIGRAPH, "oxigraph is not installed")
class OnOxigraph(Same, unittest.TestCase):
    def test_a_store_behind_oxigraph(self):
        with peers.oxigraph() as there:
            self.life(there)

    def test_backup_and_load(self):
        with peers.oxigraph() as there:
            evigraph("ingest", *ARTICLES, "--store", there)
            copy = os.path.join(self.folder.name, "copy")
            evigraph("store", "backup", copy, "--store", there)
            dumped = evigraph("store", "dump", "--store", copy)
            self.assertEqual(dumped, evigraph("store", "dump", "--store", there))
        file = os.path.join(self.folder.name, "dump.nq")
        with open(file, "w", encoding="utf-8") as out:
            out.write(dumped)
        with peers.oxigraph() as there:
            evigraph("store", "load", file, "--store", there)
            self.assertEqual(evigraph("store", "dump", "--store", there), dumped)


@unittest.skipUnless(peers.VIRTUOSO, "virtuoso is not installed")
class OnVirtuoso(Same, unittest.TestCase):
    other = {("export", "outcomes"): "durations come back as numbers"}
    any_order = True

    def test_a_store_behind_virtuoso(self):
        with peers.virtuoso() as server:
            self.life(server.query, dumps=False)


@unittest.skipUnless(peers.has_server(), "this build has no server")
class OnOurOwnServer(Same, unittest.TestCase):
    env = {"EVIGRAPH_TOKEN": "a-token-for-the-test-0123456789"}

    def test_a_store_behind_our_own_server(self):
        with peers.evigraph_server(self.env["EVIGRAPH_TOKEN"]) as there:
            self.life(there)


if __name__ == "__main__":
    unittest.main()
