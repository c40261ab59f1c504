#!/bin/bash
# Makes a Debian package of what packaging/dist.sh put together. The first argument is cargo's target folder.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(cd "${1:-target}" && pwd)
export CARGO_TARGET_DIR=$target
# The list of files in Cargo.toml wants one place below the package, whatever cargo's target folder, version and machine are.
trap 'rm -rf packaging/package' EXIT
rm -rf packaging/package
cp -r "$target"/dist/evigraph-*/ packaging/package
cargo deb --no-build --no-strip --locked
