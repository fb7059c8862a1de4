#!/usr/bin/env bash
# Runs the load benchmark on SQLite and on a throw-away Postgres; installs wrk if it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/scripts/postgres.sh

tests/scripts/packages.sh build database bench
trap stop_postgres EXIT
start_postgres
cargo bench --locked --bench load
