#!/usr/bin/env bash
# Fuzzes every target of fuzz/ for a time: tests/scripts/fuzz.sh [SECONDS [TARGET...]], 60 s each unless told. Starts from the
# kept corpus, leaves it as it is, and ends with status 1 when a target broke. What breaks one is then in
# fuzz/artifacts/TARGET/; mended, it belongs in fuzz/corpus/TARGET/, where the ordinary tests replay it.
#
# Where cargo-fuzz is missing it is built once into the user's cache. It works with the toolchain that builds the
# service: sanitizers, which would need a nightly one, look for what code without `unsafe` cannot do.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-60}
[ $# -eq 0 ] || shift

tools=${XDG_CACHE_HOME:-$HOME/.cache}/countersign-tools
PATH=$PATH:$tools/bin
command -v cargo-fuzz >/dev/null ||
  env -u CARGO_TARGET_DIR cargo install --locked --root "$tools" --version 0.13.2 cargo-fuzz

targets=("$@")
[ $# -gt 0 ] || for file in fuzz/fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done

# Found inputs go to a folder of their own: the kept ones are few and named by hand.
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT

cargo fuzz build --sanitizer none
broken=()
for target in "${targets[@]}"; do
  mkdir "$found/$target"
  printf '=== %s\n' "$target"
  # The input is at most as long as the largest body; one that takes 2 s or 1 GiB is a finding.
  cargo fuzz run --sanitizer none "$target" "$found/$target" "fuzz/corpus/$target" -- \
    -max_total_time="$seconds" -max_len=65536 -timeout=2 -rss_limit_mb=1024 -print_final_stats=1 \
    >"$found/log" 2>&1 || broken+=("$target")
  grep -E '^(stat::number_of_executed_units|stat::peak_rss_mb|SUMMARY|thread .* panicked)|DONE' "$found/log" || true
done

echo "${#targets[@]} targets, ${#broken[@]} broken: ${broken[*]:-none}"
[ ${#broken[@]} -eq 0 ]
