# make demo    set up, build, and take the tour on the articles that come with the program
# make test    all tests
# make test-browser   the workbench in Chromium, which it installs on Debian (SCREENSHOTS=1 makes the pictures of docs/workbench anew)
# make test-interop   what is served and exported, used by the programs it is meant for, which it installs (Virtuoso, PySpark, pandas …)
# make soak    kills in the midst of reading, a full disk, a thousand clients for five minutes, and an hour of work with a server that is killed
# make bench   speed of every stage, of the whole, and beside Gilda, KGX and Oxigraph where they can be had; EVIGRAPH_EVAL_DATA names a folder
#                with JATS articles in `jats`, GROWTH=100,1000,10000 reads them again and again until there are so many
# make mutants changes the code in small ways (a hundredth of the ways: SHARE=1/20 for a twentieth) and tells what no test notices;
#                needs `cargo install cargo-mutants`
# make dist    an archive to install elsewhere, in target/dist, with its checksum and the list of what is in it (SBOM)
# make deb     a Debian package, in target/debian
# make fuzz    the fuzz targets, a minute each (SECONDS_EACH=600 for ten); needs `cargo install cargo-fuzz`
# make setup   check that what the build needs is there; installs it when run as root on Debian or Ubuntu
#
# Everything builds in one profile (release), so that RocksDB, ten minutes of C++, is compiled once.

SHELL  := /bin/bash
CARGO  ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: demo test test-browser test-interop soak bench mutants fuzz setup build web chromium dist deb

demo: build
	@$(TARGET)/release/evigraph demo

build: setup web
	$(CARGO) build --release --locked

test: setup web
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  set -ex; $(CARGO) nextest run --release --locked --no-fail-fast; $(CARGO) test --release --locked --doc; \
	else \
	  set -ex; $(CARGO) test --release --locked --no-fail-fast; \
	fi

# The editor and the graph of the workbench. Without Node, or where packages cannot be had, the pages have a plain text area and a table.
web:
	@if ! command -v npm >/dev/null; then echo "without Node the workbench has no editor and draws no graph"; \
	elif ! $(MAKE) --no-print-directory web/dist/editor.js; then echo "the workbench goes without editor and graph"; fi

web/dist/editor.js: web/editor.js web/graph.js web/node_modules/.package-lock.json
	cd web && npm run --silent build

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund --silent

test-browser: chromium build web/dist/editor.js
	cd web && EVIGRAPH=$(abspath $(TARGET))/release/evigraph npm test --silent

chromium:
	@if [ -x $${CHROMIUM:-/usr/bin/chromium} ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	else \
	  echo "there is no Chromium at $${CHROMIUM:-/usr/bin/chromium}: install it, or say by CHROMIUM where it is"; exit 1; \
	fi

# Each script installs what it needs into a virtual environment of its own.
test-interop: build
	tests/interop/run.sh
	python3 tests/interop/exports.py --evigraph $(TARGET)/release/evigraph --venv $(TARGET)/interop/exports

SECONDS_UNDER_LOAD ?= 300
SECONDS_OF_WORK ?= 3600
soak: build
	$(CARGO) test --release --locked --test suite faults:: -- --include-ignored --test-threads 1
	tests/interop/disk_full.sh
	tests/interop/many_clients.py --seconds $(SECONDS_UNDER_LOAD)
	tests/interop/soak.py --seconds $(SECONDS_OF_WORK)

# Beside Oxigraph where its command line is installed: `make test-interop` does, so does `cargo install oxigraph-cli`.
bench: build
	$(CARGO) bench --locked
	benches/whole.py --growth "$(GROWTH)"
	@PATH="$$PATH:$(abspath $(TARGET))/interop/oxigraph/bin"; \
	if command -v oxigraph >/dev/null; then benches/against_oxigraph.py; else echo "without oxigraph there is nothing to compare with"; fi

# Without optimisation of our own code a change is compiled and tested in twenty seconds; with it, in minutes.
SHARE ?= 1/100
mutants: export CARGO_PROFILE_DEV_OPT_LEVEL = 0
mutants:
	$(CARGO) mutants --shard $(SHARE) --sharding round-robin

# The stable compiler does, told so by RUSTC_BOOTSTRAP; the sanitizer is left out, for the readers hold no unsafe code. Seeds are our own files.
SECONDS_EACH ?= 60
fuzz: export RUSTC_BOOTSTRAP = 1
fuzz:
	@set -e; for target in $$($(CARGO) fuzz list); do \
	  mkdir -p fuzz/corpus/$$target; \
	  $(CARGO) fuzz run -s none --features pdf $$target fuzz/corpus/$$target tests/cases/read tests/cases/pdf data -- \
	    -max_total_time=$(SECONDS_EACH) -timeout=20 -rss_limit_mb=2048 -max_len=200000; \
	done

# The program is linked again with the C++ library inside it, so that it needs nothing but the C library.
dist: build
	packaging/dist.sh $(TARGET)

deb: dist
	@command -v cargo-deb >/dev/null || $(CARGO) install --locked --quiet cargo-deb
	packaging/deb.sh $(TARGET)

# RocksDB wants a C++20 compiler and, for its bindings, libclang (libclang-cpp is another library).
setup:
	@missing=(); \
	echo 'int main() {}' | $${CXX:-c++} -std=c++20 -x c++ -fsyntax-only - 2>/dev/null || missing+=(g++); \
	for at in "$${LIBCLANG_PATH:-/nowhere}" /usr/lib/llvm-*/lib /usr/lib/* /usr/lib* \
	  /Library/Developer/CommandLineTools/usr/lib /opt/homebrew/opt/llvm/lib; do \
	  compgen -G "$$at/libclang.so*" >/dev/null || compgen -G "$$at/libclang-[0-9]*.so*" >/dev/null || \
	    compgen -G "$$at/libclang.dylib" >/dev/null && found=yes; \
	done; \
	[ -n "$${found:-}" ] || missing+=(libclang-dev); \
	command -v $(CARGO) >/dev/null || { echo "Rust is missing; install it: https://rustup.rs"; exit 1; }; \
	if [ $${#missing[@]} -eq 0 ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing $${missing[*]}"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}"; \
	else \
	  echo "missing: $${missing[*]}"; \
	  echo "install with: sudo apt-get install $${missing[*]}"; \
	  echo "(on Fedora: sudo dnf install gcc-c++ clang-devel; on macOS: xcode-select --install)"; \
	  exit 1; \
	fi
