#!/bin/bash
# Makes a Debian package of what packaging/dist.sh put together. The first argument is cargo's target folder.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(cd "${1:-target}" && pwd)
export CARGO_TARGET_DIR=$target
# The list of files in Cargo.toml begins with this name, whatever version and machine the archive is for.
rm -rf "$target/dist/package"
cp -r "$target"/dist/evigraph-*/ "$target/dist/package"
cargo deb --no-build --no-strip --locked
