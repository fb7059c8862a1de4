#!/usr/bin/env bash
# The tests that take minutes: what is promised while things break, against the release binary and one at a time so that
# figures mean something; then more of whatever tries many cases. Within an hour on two cores. Needs Debian and Rust, as
# root or as a user with sudo; what else it needs and cannot find, it installs.
#
#   tests/soak.sh                 every section
#   tests/soak.sh reliability     this one
#
# Ends with one line a figure, `R13  status p99 31 ms (goal 50)  holds`, with how long each part took, and with what failed.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/scripts/postgres.sh

SECTIONS=(reliability properties contract fuzz mutants)
[ $# -gt 0 ] || set -- "${SECTIONS[@]}"
for name in "$@"; do
  [[ " ${SECTIONS[*]} " == *" $name "* ]] || { echo "soak.sh: no section '$name', but: ${SECTIONS[*]}" >&2; exit 2; }
done
unset TEST_DATABASE_URL # SQLite, until a cluster of our own is there
export COUNTERSIGN_SOAK=1

work=$(mktemp -d)
trap 'stop_postgres; [ -z "${beside_pid:-}" ] || pkill -P "$beside_pid" || true; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

failures=()
touch "$work/figures" "$work/times"

# part NAME COMMAND...: runs it to its end, keeps its figures, and remembers whether it failed.
part() {
  local name=$1 since=$SECONDS
  shift
  printf '\n=== %s ===\n\n' "$name"
  "$@" 2>&1 | tee "$work/log" || failures+=("$name")
  keep_figures "$name" "$work/log"
  echo "$name: $(((SECONDS - since) / 60)) min $(((SECONDS - since) % 60)) s" >>"$work/times"
}

# keep_figures NAME LOG. The runner has begun the line with the test's name.
keep_figures() {
  grep -oE '[A-Z][0-9]{2}  .*' "$2" | sed "s/^/$1: /" >>"$work/figures" || true
}

# beside NAME COMMAND...: goes on beside the parts that follow, since it waits more than it works and measures no time.
beside() {
  beside=$1
  shift
  "$@" >"$work/beside" 2>&1 &
  beside_pid=$!
}

# Waits for that.
join() {
  [ -n "${beside_pid:-}" ] || return 0
  printf '\n=== %s ===\n\n' "$beside"
  wait "$beside_pid" || failures+=("$beside")
  cat "$work/beside"
  keep_figures "$beside" "$work/beside"
}

# What is promised of a server to which something happens: section by section in tests/reliability.
soak_reliability() {
  local one_by_one=(--include-ignored --nocapture --test-threads=1)
  tests/scripts/packages.sh build database reliability soak
  part SQLite cargo test --locked --release --test reliability -- "${one_by_one[@]}" --skip r16_
  start_postgres
  # Slow clients and large input never reach a database.
  part Postgres cargo test --locked --release --test reliability -- "${one_by_one[@]}" --skip r14_ --skip r15_ --skip r16_
  stop_postgres
  unset TEST_DATABASE_URL
  beside Mix cargo test --locked --release --test reliability -- --nocapture r16_
  # A binary with routes that panic, where nobody takes it for the real one; what it is built of serves the mutants too.
  part Faults env CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/mutants" CARGO_PROFILE_DEV_DEBUG=none \
    cargo test --locked --features faults --test reliability -- --nocapture r20_
}

# The rules as models, sixteen times the cases.
soak_properties() {
  tests/scripts/packages.sh build
  part Properties cargo test --locked --release --test properties
}

# The release binary against its own description, five times the examples, and sequences of calls.
soak_contract() {
  tests/scripts/packages.sh build contract
  # Built as the tests of servers build it: alone, other features are on, and everything is built again.
  cargo test --locked --release --no-run --test reliability
  part Contract env CONTRACT_BINARY="${CARGO_TARGET_DIR:-target}/release/countersign" tests/scripts/contract.sh
}

# Every parser that meets the network, from the kept corpus on.
soak_fuzz() {
  tests/scripts/packages.sh build
  part Fuzzing tests/scripts/fuzz.sh 10
}

# Every day another piece of what can be changed in the rules.
soak_mutants() {
  tests/scripts/packages.sh build
  part Mutation tests/scripts/mutants.sh "$((10#$(date +%j) % 300))/300"
}

for name in "$@"; do
  "soak_$name"
done
join

printf '\n=== Figures ===\n\n'
cat "$work/figures" "$work/times"
if [ ${#failures[@]} -gt 0 ]; then
  echo "failed: ${failures[*]}"
  exit 1
fi
echo "all hold"
