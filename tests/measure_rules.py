#!/usr/bin/env python3
"""Measure the precision of each extraction rule on development claims, and write ontology/rules/precision.tsv.

usage: EVIGRAPH_EVAL_DATA=FOLDER measure_rules.py EVIGRAPH [--check]

FOLDER holds eval/score_claims.py and eval/claims/dev (NAME.md beside NAME.gold.jsonl). EVIGRAPH is the built program.
A claim is right where it answers a gold row, optional ones included. The precision of a rule is (right + 1) / (right + wrong + 2):
with few trials it stays near one half. With --check nothing is written, and the exit status is 1 where the table would change.
"""
import glob, importlib.util, json, os, subprocess, sys
from collections import Counter

def main():
    program = sys.argv[1]
    data = os.environ.get("EVIGRAPH_EVAL_DATA") or sys.exit("set EVIGRAPH_EVAL_DATA to the folder that holds eval/")
    spec = importlib.util.spec_from_file_location("score_claims", os.path.join(data, "eval/score_claims.py"))
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    right, wrong = Counter(), Counter()
    for gold_path in sorted(glob.glob(os.path.join(data, "eval/claims/dev/*.gold.jsonl"))):
        text = gold_path[:-len(".gold.jsonl")] + ".md"
        lines = subprocess.run([program, "extract", text, "--format", "jsonl"], capture_output=True, text=True, check=True).stdout
        claims = [c for c in map(json.loads, lines.splitlines()) if c["certainty"] != "hypothesis"]
        gold = scorer.load(gold_path)
        for kind, same in (("mechanism", scorer.relation), ("outcome", scorer.same_outcome)):
            rows = [g for g in gold if g["kind"] == kind]
            for claim in (c for c in claims if c["kind"] == kind):
                (right if any(same(claim, g) for g in rows) else wrong)[claim["rule"]] += 1
    rules = sorted(set(right) | set(wrong))
    table = ["# rule\tprecision\tright\twrong\t(written by tests/measure_rules.py from development claims; rules that are not named count as one half)"]
    table += [f"{r}\t{(right[r] + 1) / (right[r] + wrong[r] + 2):.2f}\t{right[r]}\t{wrong[r]}" for r in rules]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../ontology/rules/precision.tsv")
    text = "\n".join(table) + "\n"
    if "--check" in sys.argv:
        sys.exit(open(path, encoding="utf-8").read() != text)
    open(path, "w", encoding="utf-8").write(text)

if __name__ == "__main__":
    main()
