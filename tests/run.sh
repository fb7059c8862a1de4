#!/usr/bin/env bash
# Runs every test: cargo's on SQLite, those that touch a database again on Postgres, the running server against its OpenAPI
# document, then those in a browser. Needs Debian and Rust, as root or as a user with sudo; what else it needs and cannot
# find, it installs. Ends with a table of what is promised (tests/promises.txt) and which tests showed it, and one line,
# "N passed, N failed", the sum over all parts, after how long each took.
#
#   SKIP_BROWSER=1      leaves the browser out (not in CI)
#   COUNTERSIGN_SOAK=1  takes the long way where there is one
#   SCREENSHOTS=1       keeps pictures of the pages in artifacts/
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/scripts/postgres.sh

# Tests in one process, most of which wait more than they compute: more at once than there are cores. Those that start
# servers and look at the clock have a core each.
IN_PROCESS=(env RUST_TEST_THREADS=6 cargo test --locked --no-fail-fast)
OF_SERVERS=(cargo test --locked --no-fail-fast --test cli --test reliability)

browser=browser
if [ "${SKIP_BROWSER:-}" = 1 ]; then
  [ -z "${CI:-}" ] || { echo "SKIP_BROWSER is not for CI" >&2; exit 2; }
  browser=
fi
unset TEST_DATABASE_URL # SQLite, until a cluster of our own is there

work=$(mktemp -d)
mkdir "$work/logs"
trap 'stop_postgres; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

passed=0 failed=0 skipped=0 times=

section() { printf '\n=== %s ===\n\n' "$1"; }

# part NAME COMMAND...: runs a test runner to its end, whatever it says, and adds up the counts in its closing lines.
part() {
  local name=$1 since=$SECONDS status=0 p f s
  shift
  section "$name"
  "$@" 2>&1 | tee "$work/logs/$name" || status=$?
  read -r p f s < <(awk '
    { gsub(/\033\[[0-9;]*m/, "") }
    /^test result: /                          { p += $4; f += $6; s += $8 }  # cargo test
    /^[^ ]+ pass [0-9]+$/                     { p += $3 }                    # node --test
    /^[^ ]+ (fail|cancelled) [0-9]+$/         { f += $3 }
    /^[^ ]+ (skipped|todo) [0-9]+$/           { s += $3 }
    /^contract: [0-9]+ passed, [0-9]+ failed$/ { p += $2; f += $4 }          # contract.sh
    END { print p + 0, f + 0, s + 0 }' "$work/logs/$name")
  if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
    echo "$name: broke off with status $status; counted as one failure"
    f=1
  elif [ $((p + f)) -eq 0 ]; then
    echo "$name: no test ran; counted as one failure"
    f=1
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  times+="$((SECONDS - since)) s  $name"$'\n'
}

section "Packages"
tests/scripts/packages.sh build database reliability contract $browser
echo "all there"

# Examples in comments are tests of a kind that cargo runs by itself only.
in_process_on_sqlite() {
  local status=0
  "${IN_PROCESS[@]}" --lib --bins --test api --test architecture --test properties || status=$?
  "${IN_PROCESS[@]}" --doc || status=$?
  return "$status"
}
part "Tests in process on SQLite" in_process_on_sqlite
part "Tests of servers on SQLite" "${OF_SERVERS[@]}"
# Built for the tests of servers: what builds it alone turns other features on, and so builds everything again.
export CONTRACT_BINARY=${CARGO_TARGET_DIR:-target}/debug/countersign
part "The contract on SQLite" tests/scripts/contract.sh

section "Postgres"
if start_postgres; then
  # Those that never touch a database would only run twice.
  part "Tests in process on Postgres" "${IN_PROCESS[@]}" --test api --test properties
  part "Tests of servers on Postgres" "${OF_SERVERS[@]}"
  # Whom nothing is open to ask nothing of the database; whoever owns an organization asks everything.
  part "The contract on Postgres" env CONTRACT_CALLERS=owner tests/scripts/contract.sh
  stop_postgres
  unset TEST_DATABASE_URL
else
  echo "Postgres did not start; counted as one failure"
  failed=$((failed + 1))
fi

if [ -n "$browser" ]; then
  part "Tests in a browser" env COUNTERSIGN_BIN="$CONTRACT_BINARY" tests/scripts/browser.sh
else
  section "Tests in a browser"
  echo "skipped (SKIP_BROWSER=1)"
fi

section "What is promised"
if ! tests/scripts/promises.sh "$work"/logs/*; then
  echo "not every promise was shown; counted as one failure"
  failed=$((failed + 1))
fi

section "All tests"
printf '%s%s s  everything\n' "$times" "$SECONDS"
echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ "$failed" -eq 0 ]
