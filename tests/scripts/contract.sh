#!/usr/bin/env bash
# Holds the running server against its own description: schemathesis calls every operation of /openapi.json of the debug
# build, as five callers one after the other, and compares each answer with the document. Prints one "ok" or "not ok" line
# a caller and ends with "contract: N passed, N failed", where each operation counts once for each caller.
#
#   TEST_DATABASE_URL=postgres://...   on that database; else on SQLite
#   COUNTERSIGN_SOAK=1                 five times the examples, and sequences of calls too
#   CONTRACT_CALLERS="owner nobody"    only these
#   CONTRACT_SEED=1                    other examples
#   CONTRACT_BINARY=target/...         this build
set -euo pipefail
cd "$(dirname "$0")/../.."

tests=$PWD/tests/contract
callers=${CONTRACT_CALLERS:-owner member limited gated nobody}
export CONTRACT_SEED=${CONTRACT_SEED:-20261126}
examples=5 phases=examples,coverage,fuzzing
if [ "${COUNTERSIGN_SOAK:-}" = 1 ]; then
  examples=25 phases=examples,coverage,fuzzing,stateful
fi

# The tools stand in the user's cache, under a name that changes with what is pinned, so that the next run finds them.
pinned=$(sha256sum "$tests/requirements.txt" | cut -c1-16)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/countersign-tools/contract-$pinned
if [ ! -e "$tools/complete" ]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check --no-deps -r "$tests/requirements.txt"
  touch "$tools/complete"
fi

if [ -z "${CONTRACT_BINARY:-}" ]; then
  cargo build --locked
  CONTRACT_BINARY=${CARGO_TARGET_DIR:-target}/debug/countersign
fi
CONTRACT_BINARY=$(realpath "$CONTRACT_BINARY")
export CONTRACT_BINARY

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -s KILL "$server" && wait "$server"; } 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The server, with nothing of the caller's settings. All requests come from one address and most proofs are wrong, so the
# limits by address and by account are lifted, and a lock is short; tokens and proofs live as long as the run.
for name in "${!COUNTERSIGN_@}"; do unset "$name"; done
export COUNTERSIGN_DATA_DIR=$work/data
export COUNTERSIGN_LIMIT_CODE_ADDRESS=0 COUNTERSIGN_LIMIT_PASSWORD_ADDRESS=0 COUNTERSIGN_LIMIT_PASSWORD_ACCOUNT=0
export COUNTERSIGN_LIMIT_MAIL=0 COUNTERSIGN_LOCK_FIRST=1s COUNTERSIGN_STEP_UP_TTL=24h COUNTERSIGN_ACCESS_TTL=24h
export COUNTERSIGN_LIMITED_TTL=24h
if [ -n "${TEST_DATABASE_URL:-}" ]; then
  export COUNTERSIGN_DATABASE_URL=$TEST_DATABASE_URL
fi

for _ in 1 2 3 4 5 6 7 8 9 10; do # a port may be taken between being chosen and being used
  port=$((20000 + RANDOM % 12000))
  export COUNTERSIGN_BIND=127.0.0.1:$port CONTRACT_ORIGIN=http://localhost:$port
  "$CONTRACT_BINARY" serve >"$work/stdout" 2>"$work/log" &
  server=$!
  for _ in $(seq 300); do
    ! curl -sf --noproxy '*' "$CONTRACT_ORIGIN/health/ready" >/dev/null || break 2
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
done
curl -sf --noproxy '*' "$CONTRACT_ORIGIN/openapi.json" >"$work/openapi.json" || { cat "$work/log" >&2; exit 1; }

passed=0 failed=0
result() { # result PASSED FAILED NAME
  passed=$((passed + $1)) failed=$((failed + $2))
  if [ "$2" -eq 0 ]; then echo "ok - $3"; else echo "not ok - $3"; fi
}

name="K01 the document is valid OpenAPI 3.1"
if "$tools/bin/openapi-spec-validator" --schema 3.1 "$work/openapi.json"; then result 1 0 "$name"; else result 0 1 "$name"; fi

# Left out is one check, and one route for whom it opens: /mfa/status/stream answers without an end (tests/api/stream.rs
# reads it). positive_data_acceptance takes every 400 to a body of the right shape for a
# mistake. Here a wrong code, a weak password or a spent token has the right shape, and its 400 is documented.
for caller in $callers; do
  printf '\n--- %s ---\n\n' "$caller"
  started=$SECONDS status=0
  rm -f "$work/junit.xml" "$work/slowest"
  [ "$caller" = nobody ] && left_out=() || left_out=(--exclude-path /mfa/status/stream)
  (
    cd "$work" # schemathesis keeps notes where it runs
    export CONTRACT_CALLER=$caller CONTRACT_SLOWEST=$work/slowest SCHEMATHESIS_HOOKS=hooks NO_PROXY='*'
    export PYTHONPATH=$tests PYTHONDONTWRITEBYTECODE=1
    "$tools/bin/schemathesis" run "$CONTRACT_ORIGIN/openapi.json" --no-color --seed "$CONTRACT_SEED" "${left_out[@]}" \
      --max-examples "$examples" --phases "$phases" --generation-database none --no-shrink --continue-on-failure \
      --checks all --exclude-checks positive_data_acceptance --suppress-health-check all --warnings off \
      --request-timeout 30 --report junit --report-junit-path "$work/junit.xml"
  ) || status=$?
  # One test case an operation (and one for sequences of calls), failed or not.
  read -r all wrong < <(awk '
    match($0, /<testsuites[^>]*>/) {
      line = substr($0, RSTART, RLENGTH)
      if (match(line, / tests="[0-9]+"/)) all = substr(line, RSTART + 8, RLENGTH - 9)
      if (match(line, / failures="[0-9]+"/)) wrong += substr(line, RSTART + 11, RLENGTH - 12)
      if (match(line, / errors="[0-9]+"/)) wrong += substr(line, RSTART + 9, RLENGTH - 10)
    }
    END { print all + 0, wrong + 0 }' "$work/junit.xml" 2>/dev/null || echo 0 0)
  [ "$status" -eq 0 ] || [ "$wrong" -gt 0 ] || wrong=1
  [ "$all" -gt 0 ] || wrong=1
  [ "$all" -ge "$wrong" ] || all=$wrong
  echo "slowest answer: $(cat "$work/slowest" 2>/dev/null || echo none); $((SECONDS - started)) s in all"
  result $((all - wrong)) "$wrong" "K01 every answer to $caller is one that the document knows"
done

# It lives, and nothing in it broke.
name="K01 the server lives, and its log holds no error"
if kill -0 "$server" 2>/dev/null && ! grep -E -m 20 'panicked|ERROR' "$work/log"; then
  result 1 0 "$name"
else
  result 0 1 "$name"
fi

printf '\ncontract: %s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
