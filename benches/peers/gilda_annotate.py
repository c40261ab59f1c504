"""Annotates a folder of texts with Gilda and the vocabulary of `evigraph lexicon export --format jsonl`; prints seconds, mentions and megabytes."""

import json
import resource
import sys
import time
from pathlib import Path

import gilda.grounder
from gilda.ner import annotate
from gilda.process import normalize
from gilda.term import Term

vocabulary, folder = sys.argv[1:]
terms = []
with open(vocabulary, encoding="utf-8") as lines:
    for row in map(json.loads, lines):
        prefix, _, local = row["id"].partition(":")
        synonyms = row["synonyms"] or []
        synonyms = synonyms.split("|") if isinstance(synonyms, str) else synonyms
        for text, status in [(row["label"], "name"), *((synonym, "synonym") for synonym in synonyms)]:
            terms.append(Term(normalize(text), text, prefix, local, row["label"], status, "evigraph"))
grounder = gilda.grounder.Grounder(terms)
# Gilda would download its models of ambiguous names.
grounder.adeft_disambiguators, grounder.gilda_disambiguators = {}, {}

texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt"))]
annotate("Nothing.", grounder=grounder)
started = time.process_time()
mentions = sum(len(annotate(text, grounder=grounder)) for text in texts)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": time.process_time() - started, "mentions": mentions, "megabytes": usage.ru_maxrss / 1024}))
