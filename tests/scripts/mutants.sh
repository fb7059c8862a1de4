#!/usr/bin/env bash
# Changes the rules one by one and looks whether a test notices: tests/scripts/mutants.sh [K/N [FILTER...]]. K/N is one of N
# shards, counted from 0 ("0/1", all, unless told); FILTER are more options for cargo-mutants, such as
# `--file src/mfa/totp.rs` or `--re 'replace [<>=!]+ with'`.
#
# Ends with the counts, and with status 1 when any change of a comparison goes unnoticed, or, of a hundred changes and more,
# over 15 in 100. What went unnoticed stands in mutants.out/missed.txt. A change is one build of the crate and its fast tests
# until one fails: one to three minutes on two idle cores. Where cargo-mutants is missing it is built once into the user's
# cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

shard=${1:-0/1}
[ $# -eq 0 ] || shift

tools=${XDG_CACHE_HOME:-$HOME/.cache}/countersign-tools
PATH=$PATH:$tools/bin
command -v cargo-mutants >/dev/null ||
  env -u CARGO_TARGET_DIR cargo install --locked --root "$tools" --version 27.1.0 cargo-mutants

# Changes are made in a copy of the tree. Fewer sequences find the same: a change that needs more is hardly one.
status=0
PROPTEST_CASES=${PROPTEST_CASES:-64} RUST_TEST_THREADS=6 CARGO_PROFILE_DEV_DEBUG=none \
  CARGO_TARGET_DIR=$(realpath -m "${CARGO_TARGET_DIR:-target}/mutants") \
  cargo mutants --shard "$shard" --baseline skip --timeout 300 --colors never "$@" || status=$?
# 2 is missed ones, 3 is time-outs; anything else is no result.
case $status in 0 | 2 | 3) ;; *) exit "$status" ;; esac

count() { wc -l <"mutants.out/$1.txt"; }
caught=$(count caught) missed=$(count missed) timeout=$(count timeout) unviable=$(count unviable)
tried=$((caught + missed + timeout))
comparisons=$(grep -cE 'replace (==|!=|<|<=|>|>=) with' mutants.out/missed.txt || true)
echo "$tried changes: $((caught + timeout)) noticed ($timeout by a time-out), $missed unnoticed, $comparisons of them comparisons;" \
  "$unviable did not compile"
[ "$comparisons" -eq 0 ] && { [ "$tried" -lt 100 ] || [ $((100 * (caught + timeout))) -ge $((85 * tried)) ]; }
