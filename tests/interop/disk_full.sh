#!/bin/bash
# Reads articles into a store on a disk that is too small: a clear error, and a store that is whole. Mounts a small tmpfs, so it needs root.
set -euo pipefail
cd "$(dirname "$0")/../.."
evigraph=$(realpath "${EVIGRAPH:-${CARGO_TARGET_DIR:-target}/release/evigraph}")
[ "$(id -u)" = 0 ] || { echo "left out: mounting a small disk needs root" >&2; exit 0; }

work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
mount -t tmpfs -o "size=${SIZE:-24m}" tmpfs "$disk" || { echo "left out: no tmpfs can be mounted here" >&2; rm -r "$work"; exit 0; }
trap 'umount "$disk"; rm -r "$work"' EXIT

# Articles of one sentence each, many of them.
mkdir "$work/articles"
for number in $(seq 4000); do
  printf '# Study %s\n\nIn cohort %s, mesenchymal stem cells suppress IL-6 and increase BDNF [1].\n\n## References\n\n[1] Aldous P. Trial %s. 2021. doi:10.5555/t.%s\n' \
    "$number" "$number" "$number" "$number" > "$work/articles/$number.md"
done

cd "$work"
code=0
"$evigraph" ingest -v articles --store "$disk/store" --no-progress 2> told || code=$?
tail -3 told
[ "$code" = 2 ] || { echo "ingest ended with $code on a full disk" >&2; exit 1; }
grep -qi 'no space left' told || { echo "the error does not say that the disk is full" >&2; exit 1; }
kept=$(grep -c ': .* claim' told)
[ "$kept" -gt 0 ] || { echo "the disk was full before anything was kept" >&2; exit 1; }

# More room: all that was told is there, whole, and reading goes on.
mount -o remount,size=1g "$disk"
"$evigraph" store verify --store "$disk/store"
held=$("$evigraph" query 'SELECT (COUNT(*) AS ?n) { ?a a evi:Article }' --format csv --store "$disk/store" | tail -1 | tr -d '\r')
echo "$kept articles told, $held held"
[ "$held" -ge "$kept" ] || exit 1
"$evigraph" ingest articles --store "$disk/store" --no-progress
"$evigraph" store verify --store "$disk/store"
