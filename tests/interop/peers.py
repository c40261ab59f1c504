"""Servers that the tests start, each on ports of its own on loopback, and end by their process."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EVIGRAPH = os.environ.get("EVIGRAPH", os.path.join(ROOT, os.environ.get("CARGO_TARGET_DIR", "target"), "release", "evigraph"))
OXIGRAPH = os.environ.get("OXIGRAPH") or shutil.which("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt")

INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CaseMode = 2
DirsAllowed = ., {folder}
SchedulerInterval = 10

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
MaxClientConnections = 10
ServerThreads = 10
DavRoot = DAV

[SPARQL]
ResultSetMaxRows = 10000000
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait(url, process, seconds=90):
    """Waits until something answers at the address."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {url}")


@contextlib.contextmanager
def running(command, folder, url, env=None):
    with open(os.path.join(folder, "server.log"), "wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=env)
    try:
        wait(url, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def oxigraph():
    """Oxigraph's own server: gives its query address."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with running([OXIGRAPH, "serve", "--location", os.path.join(folder, "data"), "--bind", f"127.0.0.1:{port}"], folder, url):
            yield f"{url}/query"


class Virtuoso:
    """Virtuoso, whose updates anybody may send."""

    def __init__(self, folder):
        self.folder, self.sql, self.http = folder, free_port(), free_port()
        self.query = f"http://127.0.0.1:{self.http}/sparql"

    def isql(self, *statements):
        command = [ISQL, f"127.0.0.1:{self.sql}", "dba", "dba", "ERRORS=STDOUT", "VERBOSE=OFF"]
        done = subprocess.run(command, input=";\n".join(statements) + ";\n", capture_output=True, text=True, timeout=300, check=True)
        if "Error" in done.stdout:
            raise RuntimeError(done.stdout)
        return done.stdout


@contextlib.contextmanager
def virtuoso():
    with tempfile.TemporaryDirectory() as folder:
        server = Virtuoso(folder)
        with open(os.path.join(folder, "virtuoso.ini"), "w", encoding="utf-8") as ini:
            ini.write(INI.format(sql=server.sql, http=server.http, folder=folder))
        with running([VIRTUOSO, "+foreground", "+configfile", "virtuoso.ini"], folder, server.query):
            server.isql('grant SPARQL_UPDATE to "SPARQL"')
            yield server


@contextlib.contextmanager
def evigraph_server(token):
    """The program's own server, which takes updates from whoever has the token: gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        path = os.path.join(folder, "token")
        with open(path, "w", encoding="utf-8") as file:
            file.write(token + "\n")
        os.chmod(path, 0o600)
        store = os.path.join(folder, "store")
        subprocess.run([EVIGRAPH, "store", "load", "/dev/null", "--store", store], capture_output=True, check=False)
        command = [EVIGRAPH, "serve", "--store", store, "--bind", f"127.0.0.1:{port}", "--write", "--token-file", path]
        with running(command, folder, f"{url}/health"):
            yield url


def has_server():
    return subprocess.run([EVIGRAPH, "serve", "--help"], capture_output=True, check=False).returncode == 0


def evigraph(*words, env=None, cwd=ROOT, ok=(0,)):
    """Runs the program; gives its standard output."""
    done = subprocess.run([EVIGRAPH, *words], capture_output=True, text=True, cwd=cwd, env={**os.environ, **(env or {})}, check=False)
    if done.returncode not in ok:
        raise AssertionError(f"evigraph {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stdout
