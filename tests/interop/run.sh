#!/bin/bash
# Tests against other people's servers, clients and engines: installs what they need, and runs tests/interop/test_*.py.
#
# Python packages go to a virtual environment and Oxigraph's command line to a folder, both beside the build's output; Virtuoso comes by apt-get
# where this runs as root on Debian or Ubuntu. What cannot be installed is left out, and the tests that need it say so. TESTS names files to run
# alone, such as TESTS=test_spark.py. Ends with 3 where not even the clients can be had.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
tools=$target/interop

TESTS=${TESTS:-test_*.py}
# Whether a file of tests, which needs what others do not, is among them.
among() { [[ $1 == $TESTS ]]; }

[ -x "$tools/venv/bin/python" ] || python3 -m venv "$tools/venv"
"$tools/venv/bin/python" -m pip install --quiet 'SPARQLWrapper>=2,<3' 'rdflib>=7,<8' || exit 3
if among test_spark.py; then "$tools/venv/bin/python" -m pip install --quiet 'pyspark>=4,<5'; fi

if among test_endpoints.py; then
  if ! command -v virtuoso-t >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends virtuoso-opensource-7-bin ||
      echo "Virtuoso could not be installed: its tests are left out" >&2
  fi
  export OXIGRAPH=${OXIGRAPH:-$(command -v oxigraph || echo "$tools/oxigraph/bin/oxigraph")}
  if [ ! -x "$OXIGRAPH" ]; then
    # Compiles RocksDB once more: ten minutes on two cores.
    CARGO_PROFILE_RELEASE_DEBUG=false cargo install --quiet --locked oxigraph-cli --version '^0.5' --no-default-features --features rustls-webpki \
      --root "$tools/oxigraph" --target-dir "$tools/build"
  fi
fi

exec "$tools/venv/bin/python" -m unittest discover --start-directory tests/interop --pattern "$TESTS" --verbose
