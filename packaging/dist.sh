#!/bin/bash
# Makes an archive to install elsewhere: the program with manual pages, completions, documentation and licences, its checksum, and the list of
# the packages in it (CycloneDX). The first argument is cargo's target folder, which holds a release build.
#
# The program is linked once more with the C++ library inside it, so that it needs nothing but a C library as new as this machine's (Linux).
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(cd "${1:-target}" && pwd)
export CARGO_TARGET_DIR=$target
cargo=${CARGO:-cargo}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
host=$(rustc -vV | sed -n 's/^host: //p')
name=evigraph-$version-$host
out=$target/dist
rm -rf "$out"
mkdir -p "$out/$name"

if [ "$(uname)" = Linux ]; then
  # Folders given by -L are searched first, and these hold the static ones alone. Unwinding (libgcc_s) is libgcc_eh when it is static.
  static=$out/static
  mkdir -p "$static"
  ln -s "$(c++ -print-file-name=libstdc++.a)" "$static/libstdc++.a"
  ln -s "$(cc -print-file-name=libgcc_eh.a)" "$static/libgcc_s.a"
  $cargo rustc --release --locked --bin evigraph -- -L "native=$static"
  rm -r "$static"
else
  $cargo build --release --locked --bin evigraph
fi
program=$target/release/evigraph
# Not before the build: build scripts that watch it would run again, RocksDB's among them.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH

cd "$out/$name"
install -D -m 755 "$program" bin/evigraph
strip bin/evigraph
mkdir -p share/man/man1 share/bash-completion/completions share/zsh/site-functions share/fish/vendor_completions.d share/doc/evigraph
bin/evigraph man -o share/man/man1
gzip -9n share/man/man1/*.1
bin/evigraph completions bash > share/bash-completion/completions/evigraph
bin/evigraph completions zsh > share/zsh/site-functions/_evigraph
bin/evigraph completions fish > share/fish/vendor_completions.d/evigraph.fish
cd - >/dev/null
cp README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$out/$name/share/doc/evigraph/"
cp -r docs "$out/$name/share/doc/evigraph/docs"
cp models/MODEL_CARD.md "$out/$name/share/doc/evigraph/"

# The list of packages: of what is compiled in, by cargo's lock file; of what the pages bundle, by npm's.
command -v cargo-cyclonedx >/dev/null || $cargo install --locked --quiet cargo-cyclonedx
$cargo cyclonedx --format json --spec-version 1.5 --no-build-deps --override-filename evigraph.cdx --quiet
# It names the folder that it was made in.
sed "s|file://$PWD|file:///evigraph|g" evigraph.cdx.json > "$out/$name.cdx.json"
rm evigraph.cdx.json
if [ -d web/node_modules ]; then
  (cd web && npm sbom --omit dev --sbom-format cyclonedx) > "$out/$name-workbench.cdx.json"
fi
cp "$out"/*.cdx.json "$out/$name/share/doc/evigraph/"

# The same bytes for the same content, whoever packs it and when.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
  -C "$out" -cf - "$name" | gzip -9n > "$out/$name.tar.gz"
(cd "$out" && sha256sum -- *.tar.gz *.cdx.json > SHA256SUMS)
ls -l "$out"
