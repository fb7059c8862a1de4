#!/usr/bin/env bash
# Runs the browser tests against the debug build of this tree.
#
#   COUNTERSIGN_BIN=target/...   this build
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${COUNTERSIGN_BIN:-}" ]; then
  cargo build --locked
  COUNTERSIGN_BIN=${CARGO_TARGET_DIR:-target}/debug/countersign
fi
COUNTERSIGN_BIN=$(realpath "$COUNTERSIGN_BIN")
export COUNTERSIGN_BIN

cd tests/browser
npm ci --no-audit --no-fund
# Debian 12 has Node 18, too old for the tests; the npm registry has newer ones as a package.
if [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
  npm install --no-save --no-audit --no-fund node@22
fi
npm test
