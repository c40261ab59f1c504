"""What the benches share: where the program is, and what a command takes."""

import os
import subprocess
import tempfile
import time
from collections import namedtuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(ROOT, os.environ.get("CARGO_TARGET_DIR", "target"))
EVIGRAPH = os.environ.get("EVIGRAPH", os.path.join(TARGET, "release", "evigraph"))
Run = namedtuple("Run", "processor wall memory")


def measured(*command, to=os.devnull):
    """Runs a command, its output to a file: processor seconds in user and system mode, seconds on the clock, megabytes at most.

    What this process itself holds counts as memory of what it starts, so it should hold little.
    """
    with open(to, "wb") as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            err.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))} failed: {err.read().decode(errors='replace')[-2000:]}")
        return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)
