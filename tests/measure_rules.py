#!/usr/bin/env python3
"""Measure the precision of each extraction rule on development claims, and write ontology/rules/precision.tsv.

usage: EVIGRAPH_EVAL_DATA=FOLDER measure_rules.py EVIGRAPH [--trials TRIALS] [--check]

FOLDER holds eval/score_claims.py, eval/score_direction.py and eval/claims/dev (NAME.md beside NAME.gold.jsonl). EVIGRAPH is the built
program. TRIALS is the unpacked Evidence Inference (prompts.jsonl beside the articles): it tells of a comparison of arms, of which the development
texts hold few, whether its direction is the one that readers found; without it the rows of comparisons stay as they are.
A claim is right where it answers a gold row, optional ones included. The precision of a rule is (right + 1) / (right + wrong + 2):
with few trials it stays near one half. With --check nothing is written, and the exit status is 1 where the table would change.
"""
import glob, importlib.util, json, os, subprocess, sys
from collections import Counter

def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

def compared(program, trials, scorer, right, wrong):
    """Counts each comparison's claims that answer a prompt of its article: right where they tell the direction that readers found."""
    scorer = load(scorer, "score_direction")
    articles = sorted(glob.glob(os.path.join(trials, "*.nxml")))
    lines = subprocess.run([program, "extract", *articles, "--format", "jsonl"], capture_output=True, text=True).stdout
    claims = [c for c in map(json.loads, lines.splitlines()) if c["rule"].startswith("comparison:") and c["certainty"] != "hypothesis"]
    seen = set()
    for prompt in map(json.loads, open(os.path.join(trials, "prompts.jsonl"), encoding="utf-8")):
        if (prompt["article"], prompt["prompt"]) in seen:
            continue
        seen.add((prompt["article"], prompt["prompt"]))
        outcome, given = scorer.words(prompt["outcome"]), scorer.words(prompt["intervention"])
        for claim in claims:
            if prompt["article"] not in claim["source"]:
                continue
            measured, subject = scorer.words(scorer.text(claim["object"])), scorer.words(scorer.text(claim["subject"]))
            direction = scorer.direction(claim)
            # The outcome's own words, all of them on one side: half of them may be another outcome.
            if direction and measured and (outcome <= measured or measured <= outcome) and subject & given:
                (right if direction == scorer.label(prompt["label"]) else wrong)[claim["rule"]] += 1

def main():
    program = sys.argv[1]
    data = os.environ.get("EVIGRAPH_EVAL_DATA") or sys.exit("set EVIGRAPH_EVAL_DATA to the folder that holds eval/")
    scorer = load(os.path.join(data, "eval/score_claims.py"), "score_claims")
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
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../ontology/rules/precision.tsv")
    for rule in [r for r in set(right) | set(wrong) if r.startswith("comparison:")]:
        right.pop(rule, None), wrong.pop(rule, None)
    if "--trials" in sys.argv:
        compared(program, sys.argv[sys.argv.index("--trials") + 1], os.path.join(data, "eval/score_direction.py"), right, wrong)
    else:
        for line in open(path, encoding="utf-8"):
            if line.startswith("comparison:"):
                rule, _, good, bad = line.split("\t")
                right[rule], wrong[rule] = int(good), int(bad)
    rules = sorted(set(right) | set(wrong))
    table = ["# rule\tprecision\tright\twrong\t(written by tests/measure_rules.py from development claims; rules that are not named count as one half)"]
    table += [f"{r}\t{(right[r] + 1) / (right[r] + wrong[r] + 2):.2f}\t{right[r]}\t{wrong[r]}" for r in rules]
    text = "\n".join(table) + "\n"
    if "--check" in sys.argv:
        sys.exit(open(path, encoding="utf-8").read() != text)
    open(path, "w", encoding="utf-8").write(text)

if __name__ == "__main__":
    main()
