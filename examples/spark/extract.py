#!/usr/bin/env python3
"""Extracts the claims of many articles on a Spark cluster: `evigraph extract` is a stage that records are piped through.

    spark-submit --master 'local[2,4]' examples/spark/extract.py ARTICLES OUT --partitions 8

ARTICLES is a folder of articles, or files of records (NDJSON, one article a line). OUT, which all workers must share, comes to hold

    part-00000.nq …      the statements of each partition
    failed-00000.ndjson  records that could not be read, with the reason; run them again with this job once they are mended
    plan.json            what was divided how

A partition that is there is done: start the job again after a failure, and it does what is left, nothing twice. `evigraph store load
OUT/part-*.nq` makes a store of them; docs/scaling.md tells of others.
"""

import argparse
import hashlib
import itertools
import json
import os
import sys

from pyspark.sql import SparkSession

FORMATS = {".nxml": "jats", ".xml": "jats", ".md": "markdown", ".txt": "text", ".html": "html", ".htm": "html", ".json": "bioc"}
STAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stage.py")


def inputs(paths):
    """The files to read: (path, whether it holds records), sorted."""
    found = []
    for path in paths:
        if os.path.isdir(path):
            for folder, _, names in os.walk(path):
                found += [os.path.join(folder, name) for name in names]
        else:
            found.append(path)
    records = (".ndjson", ".jsonl")
    kept = [(path, path.endswith(records)) for path in sorted(set(found)) if os.path.splitext(path)[1] in (*FORMATS, *records)]
    if not kept:
        sys.exit("no articles there; files are known by their extensions: " + " ".join((*FORMATS, *records)))
    return kept


def records(path, holds_records, number, partitions):
    """The records of a file that belong to a partition, as lines."""
    if holds_records:
        # Every partition reads the file, and takes its lines in turn.
        with open(path, encoding="utf-8", errors="replace") as lines:
            mine = itertools.islice((line for line in lines if line.strip()), number, None, partitions)
            yield from (line.rstrip("\n") for line in mine)
        return
    with open(path, "rb") as file:
        content = file.read()
    # What is no UTF-8 goes on as it is, and fails as a record whose content is missing.
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield json.dumps({"source": path, "error": f"no UTF-8: {error}"})
        return
    yield json.dumps({"source": path, "format": FORMATS[os.path.splitext(path)[1]], "content": text}, ensure_ascii=False)


def planned(out, files, partitions):
    """Writes down how the files are divided, or makes sure that it is still so."""
    plan = {"partitions": partitions, "files": len(files), "hash": hashlib.sha256(json.dumps(files).encode()).hexdigest()}
    path = os.path.join(out, "plan.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as old:
            if json.load(old) != plan:
                sys.exit(f"{out} holds the work on other files or partitions: name another folder")
        return
    with open(path + ".new", "w", encoding="utf-8") as new:
        json.dump(plan, new)
    os.replace(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="ARTICLES")
    parser.add_argument("out", metavar="OUT")
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--evigraph", default="evigraph", help="the program, as workers find it")
    parser.add_argument("--lexicon", help="a compiled lexicon that all workers can read")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    out = os.path.abspath(args.out)
    files = inputs(args.paths)
    planned(out, files, args.partitions)
    todo = [n for n in range(args.partitions) if not os.path.exists(os.path.join(out, f"part-{n:05}.nq"))]
    if todo:
        command = [sys.executable, STAGE, out, args.evigraph] + ([args.lexicon] if args.lexicon else [])
        spark = SparkSession.builder.appName("evigraph extract").getOrCreate()
        # Articles are dealt out in turn: a partition holds the same ones each time.
        many = args.partitions
        articles, held = [f for f in files if not f[1]], [f for f in files if f[1]]
        dealt = [(n, articles[n::many] + held) for n in todo]

        def lines(dealt):
            for number, mine in dealt:
                yield f"partition {number}"
                for path, holds_records in mine:
                    yield from records(path, holds_records, number, many)

        parts = spark.sparkContext.parallelize(dealt, len(dealt)).mapPartitions(lines)
        for line in parts.pipe(" ".join(f"'{word}'" for word in command), checkCode=True).collect():
            print(line)
        spark.stop()
    failed = [name for name in os.listdir(out) if name.startswith("failed-")]
    print(f"{args.partitions} partitions in {out}, {len(todo)} of them made now, {len(failed)} with records that failed")


if __name__ == "__main__":
    main()
