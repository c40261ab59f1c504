"""Python's SPARQL clients read and, with the token, write through `evigraph serve`."""

import os
import re
import signal
import subprocess
import tempfile
import unittest

from peers import EVIGRAPH, ROOT
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

TOKEN = "a token for the python clients"
EX = Namespace("https://example.org/")
CLAIMS = "SELECT ?claim ?quote { ?claim a evi:Claim ; evi:hasEvidence/oa:hasSelector/oa:exact ?quote } ORDER BY ?claim ?quote"


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        store = os.path.join(cls.folder.name, "store")
        subprocess.run([EVIGRAPH, "-q", "ingest", "data", "--store", store], cwd=ROOT, check=True)
        command = [EVIGRAPH, "serve", "--store", store, "--bind", "127.0.0.1:0", "--write"]
        env = {**os.environ, "EVIGRAPH_TOKEN": TOKEN}
        cls.server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
        cls.url = None
        for line in cls.server.stderr:
            if found := re.search(r"at (http://\S+) \(", line):
                cls.url = found[1] + "/sparql"
                break

    @classmethod
    def tearDownClass(cls):
        cls.server.send_signal(signal.SIGTERM)
        log = cls.server.stderr.read()
        cls.server.wait(timeout=60)
        cls.server.stderr.close()
        cls.folder.cleanup()
        assert cls.server.returncode == 0 and "stopped" in log, log

    def wrapper(self, query, form=JSON, method=None):
        client = SPARQLWrapper(self.url)
        client.setQuery(query)
        client.setReturnFormat(form)
        if method:
            client.setMethod(method)
        return client

    def test_sparqlwrapper_reads(self):
        rows = self.wrapper(CLAIMS).query().convert()["results"]["bindings"]
        self.assertGreater(len(rows), 10)
        self.assertEqual(rows, self.wrapper(CLAIMS, method=POST).query().convert()["results"]["bindings"])
        in_xml = self.wrapper(CLAIMS, XML).query().convert()
        self.assertEqual(len(in_xml.getElementsByTagName("result")), len(rows))
        self.assertTrue(self.wrapper(CLAIMS, CSV).query().convert().startswith(b"claim,quote\r\n"))
        self.assertIs(self.wrapper("ASK { ?c a evi:Claim }").query().convert()["boolean"], True)
        graph = Graph().parse(data=self.wrapper("CONSTRUCT { ?c a evi:Claim } { ?c a evi:Claim }", TURTLE).query().convert())
        self.assertEqual(len(graph), len({row["claim"]["value"] for row in rows}))
        with self.assertRaises(QueryBadFormed) as raised:
            self.wrapper("SELECT ?x { ?x a evi:Claim").query()
        self.assertIn("a { is not closed", str(raised.exception))

    def test_sparqlwrapper_writes_with_the_token(self):
        insert = "INSERT DATA { GRAPH <https://example.org/w> { <https://example.org/a> rdfs:label 'written by SPARQLWrapper' } }"
        with self.assertRaises(Exception) as raised:
            self.wrapper(insert, method=POST).query()
        self.assertEqual(type(raised.exception).__name__, "Unauthorized")
        client = self.wrapper(insert, method=POST)
        client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
        client.query()
        found = self.wrapper("SELECT ?l { <https://example.org/a> rdfs:label ?l }").query().convert()["results"]["bindings"]
        self.assertEqual([row["l"]["value"] for row in found], ["written by SPARQLWrapper"])

    def test_rdflib_reads(self):
        graph = Graph(SPARQLStore(self.url))
        rows = list(graph.query("PREFIX evi: <https://w3id.org/evigraph/ontology#> SELECT ?c { ?c a evi:Claim }"))
        self.assertGreater(len(rows), 10)
        claim = rows[0].c
        self.assertIn(claim, set(graph.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), None)))
        self.assertEqual(len(list(graph.predicate_objects(claim))), len(set(graph.predicate_objects(claim))))

    def test_rdflib_writes_with_the_token(self):
        store = SPARQLUpdateStore(self.url, self.url, headers={"Authorization": f"Bearer {TOKEN}"})
        graph = Graph(store, identifier=EX.g)
        graph.add((EX.s, EX.p, Literal("Größe \u03b1 \U0001f9ec", lang="de")))
        graph.add((EX.s, EX.p, Literal('a "quoted"\nline')))
        self.assertEqual(
            {str(o) for o in graph.objects(EX.s, EX.p)}, {"Größe \u03b1 \U0001f9ec", 'a "quoted"\nline'}
        )
        graph.remove((EX.s, EX.p, None))
        self.assertEqual(len(list(graph.objects(EX.s, EX.p))), 0)


if __name__ == "__main__":
    unittest.main()
