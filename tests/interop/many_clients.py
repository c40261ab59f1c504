#!/usr/bin/env python3
"""A thousand clients that ask and ten that write, for minutes: every answer is whole, every refusal is one that docs/server.md names, what was
acknowledged is kept, and the server's memory stays flat but for what the engine holds of late writes.

    tests/interop/many_clients.py --seconds 300

Needs nothing but Python and a build of the program (EVIGRAPH).
"""

import argparse
import asyncio
import collections
import glob
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.parse

import peers

TOKEN = "a token for many clients"
GRAPH = "https://example.org/writer/{}"
WRITE = """DELETE {{ GRAPH <{graph}> {{ <urn:w> <urn:last> ?old }} }} INSERT {{ GRAPH <{graph}> {{ <urn:w> <urn:last> {n} ; <urn:kept> {n} }} }}
WHERE {{ OPTIONAL {{ GRAPH <{graph}> {{ <urn:w> <urn:last> ?old }} }} }}"""
LAST = "SELECT ?n {{ GRAPH <{}> {{ <urn:w> <urn:last> ?n }} }}"
# Never to be answered in time: such queries are stopped, and leave nothing behind.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) < STR(?f)) }"


class Broken(Exception):
    """An answer that is not whole."""


async def send(port, head, body=b""):
    """One request on a connection of its own: status, header fields, content."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"{head}\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        answer = await reader.read(-1)
    finally:
        writer.close()
    top, _, content = answer.partition(b"\r\n\r\n")
    lines = top.decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    if not lines[0].startswith("HTTP/1.1 "):
        raise Broken(f"no answer, but {answer[:80]!r}")
    if fields.get("transfer-encoding") == "chunked":
        chunks, rest = [], content
        while True:
            size, _, rest = rest.partition(b"\r\n")
            if not size:
                raise Broken("the last chunk is missing")
            if int(size, 16) == 0:
                break
            chunks.append(rest[: int(size, 16)])
            rest = rest[int(size, 16) + 2 :]
        content = b"".join(chunks)
    elif len(content) != int(fields.get("content-length", len(content))):
        raise Broken(f"{len(content)} of {fields['content-length']} bytes")
    return int(lines[0].split()[1]), fields, content


class Run:
    """What the clients share."""

    def __init__(self, port, seconds):
        self.port, self.until = port, time.monotonic() + seconds
        self.counts, self.wrong = collections.Counter(), []
        self.kept = collections.defaultdict(list)

    async def ask(self, query, more=""):
        target = f"/sparql?query={urllib.parse.quote(query)}{more}"
        return await send(self.port, f"GET {target} HTTP/1.1\r\nAccept: text/csv")

    async def tried(self, what, request):
        """Sends a request, and notes how it went; gives the content where it went well."""
        try:
            status, fields, content = await request
        except (Broken, OSError) as error:
            self.wrong.append(f"{what}: {error}")
            return None
        self.counts[f"{what} {status}"] += 1
        if status in (200, 204):
            return content
        if status == 503 and "retry-after" in fields:
            await asyncio.sleep(int(fields["retry-after"]))
        elif not (status == 504 and what == "endless"):
            self.wrong.append(f"{what}: {status} {content[:200]!r}")
        return None

    async def reader(self, number, queries, writers):
        turn = number
        while time.monotonic() < self.until:
            turn += 1
            if number < 2:
                await self.tried("endless", self.ask(ENDLESS, "&timeout=1"))
            elif turn % 3 == 0:
                content = await self.tried("last", self.ask(LAST.format(GRAPH.format(turn % writers))))
                if content is not None and len(content.splitlines()) > 2:
                    self.wrong.append(f"half a write was seen: {content!r}")
            else:
                query, wanted = queries[turn % len(queries)]
                content = await self.tried("query", self.ask(query))
                if content is not None and content != wanted:
                    self.wrong.append(f"{query[:80]!r} gave other rows than before")

    async def writer(self, number):
        head = f"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-update\r\nAuthorization: Bearer {TOKEN}"
        n = 0
        while time.monotonic() < self.until:
            n += 1
            body = WRITE.format(graph=GRAPH.format(number), n=n).encode()
            if await self.tried("write", send(self.port, head, body)) is not None:
                self.kept[number].append(n)

    async def memory(self, process):
        """The server's resident memory in MB, second by second."""
        sizes = []
        while time.monotonic() < self.until:
            with open(f"/proc/{process}/status", encoding="utf-8") as status:
                sizes.append(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS")))
            await asyncio.sleep(1)
        return sizes


async def load(port, process, args):
    first = Run(port, 0)
    queries = []
    for path in sorted(glob.glob(os.path.join(peers.ROOT, "queries", "explore", "*.rq"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if " required " not in text:
            status, _, content = await first.ask(text)
            assert status == 200, content
            queries.append((text, content))
    run = Run(port, args.seconds)
    work = [run.reader(number, queries, args.writers) for number in range(args.clients)] + [run.writer(number) for number in range(args.writers)]
    sizes, *_ = await asyncio.gather(run.memory(process), *work)
    for number in range(args.writers):
        graph = GRAPH.format(number)
        content = None
        while content is None and not run.wrong:
            # What clients asked last may still be waiting for its turn.
            content = await run.tried("looked", run.ask(f"SELECT ?n {{ GRAPH <{graph}> {{ <urn:w> <urn:kept> ?n }} }}"))
        lost = set(run.kept[number]) - {int(n) for n in (content or b"").split()[1:]}
        if lost:
            run.wrong.append(f"writer {number}: {len(lost)} acknowledged writes are lost")
    return run, sizes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--writers", type=int, default=10)
    parser.add_argument("--growth", type=float, default=1.15, help="how much more memory the last third may take than the second")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        store, port = os.path.join(folder, "store"), peers.free_port()
        subprocess.run([peers.EVIGRAPH, "-q", "ingest", "data", "--store", store], cwd=peers.ROOT, check=True)
        command = [peers.EVIGRAPH, "serve", "--store", store, "--bind", f"127.0.0.1:{port}", "--write"]
        env = {**os.environ, "EVIGRAPH_TOKEN": TOKEN}
        with peers.running(command, folder, f"http://127.0.0.1:{port}/health", env) as server:
            run, sizes = asyncio.run(load(port, server.pid, args))
        subprocess.run([peers.EVIGRAPH, "store", "verify", "--store", store], check=True)
    for what, count in sorted(run.counts.items()):
        print(f"{what}: {count}")
    third = max(1, len(sizes) // 3)
    first, second, last = max(sizes[:third]), max(sizes[third : 2 * third]), max(sizes[2 * third :])
    print(f"memory, the most in each third: {first}, {second}, {last} MB")
    # The engine holds what was written lately in memory, up to 256 MB for each of its indexes: some ten kilobytes a write of this test.
    written = sum(map(len, run.kept.values())) / 3 * 0.012
    if last > second * args.growth + written:
        run.wrong.append(f"memory grew from {second} to {last} MB")
    for wrong, count in collections.Counter(run.wrong).most_common(20):
        print(f"wrong, {count} times: {wrong}", file=sys.stderr)
    sys.exit(bool(run.wrong))


if __name__ == "__main__":
    main()
