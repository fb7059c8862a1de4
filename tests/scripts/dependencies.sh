#!/usr/bin/env bash
# Checks the dependencies against deny.toml. Where cargo-deny is missing it is built once into the user's cache, so that the
# next clone finds it: as it is quickest to build, for it runs for seconds, and optimising it takes minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=${XDG_CACHE_HOME:-$HOME/.cache}/countersign-tools
PATH=$PATH:$tools/bin
command -v cargo-deny >/dev/null ||
  env -u CARGO_TARGET_DIR \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_STRIP=symbols \
    cargo install --locked --root "$tools" --version 0.20.2 cargo-deny

# The duplicates, a hundred lines of trees, are listed by `cargo deny check bans`; here only errors are.
cargo deny --log-level error --locked check bans licenses sources

# A database that cannot be had is no finding; what it says is.
if timeout 120 cargo deny --log-level off fetch db 2>/dev/null; then
  cargo deny --log-level error --offline --locked check advisories
else
  echo "advisories: skipped (no database)"
fi
