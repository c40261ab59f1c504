#!/usr/bin/env python3
"""One partition: its records from standard input through `evigraph extract` into a file, all or nothing.

    stage.py OUT EVIGRAPH [LEXICON]

The first line names the partition, each other is a record. Records that cannot be read go to a file of their own.
"""

import json
import os
import re
import subprocess
import sys
import tempfile


def main():
    out, evigraph, *lexicon = sys.argv[1:]
    first = sys.stdin.buffer.readline().split()
    if not first:
        return
    number = f"{int(first[1]):05}"
    # What evigraph says of a record names its line: keep the records until it is done.
    with tempfile.TemporaryFile() as spool:
        count = 0
        for line in sys.stdin.buffer:
            spool.write(line)
            count += 1
        spool.seek(0)
        draft = os.path.join(out, f".part-{number}-{os.getpid()}")
        command = [evigraph, "extract", "--from", "records", "-", "--format", "nq", "--jobs", "1", "--no-progress", "-o", draft]
        command += ["--lexicon", lexicon[0]] if lexicon else []
        done = subprocess.run(command, stdin=spool, stderr=subprocess.PIPE, text=True, check=False)
        # 0 is all read, 2 some not.
        if done.returncode not in (0, 2) or not os.path.exists(draft):
            sys.stderr.write(done.stderr)
            sys.exit(f"partition {number}: evigraph ended with {done.returncode}")
        reasons = {int(line): reason for line, reason in re.findall(r"^error: -:(\d+):\S* *(.*)$", done.stderr, re.MULTILINE)}
        if done.returncode == 2 and not reasons:
            sys.stderr.write(done.stderr)
            sys.exit(f"partition {number}: evigraph failed")
        if reasons:
            spool.seek(0)
            with open(f"{draft}-failed", "w", encoding="utf-8") as failed:
                for at, line in enumerate(spool, start=1):
                    if at in reasons:
                        failed.write(json.dumps({"reason": reasons[at], "record": line.decode(errors="replace").rstrip("\n")}) + "\n")
            os.replace(f"{draft}-failed", os.path.join(out, f"failed-{number}.ndjson"))
    # The part comes last: once it is there, the partition is done.
    os.replace(draft, os.path.join(out, f"part-{number}.nq"))
    print(f"partition {number}: {count - len(reasons)} records, {len(reasons)} failed")


if __name__ == "__main__":
    main()
