#!/usr/bin/env bash
# Installs the Debian packages that are missing; does nothing, and asks for no password, where all are there.
#
#   packages.sh build              what `cargo build` needs beside Rust
#   packages.sh build database contract browser
set -euo pipefail

have() { command -v "$1" >/dev/null; }

packages=()
for part in "$@"; do
  case $part in
    build)
      have cc || packages+=(gcc libc6-dev)
      # Postgres connections over TLS: libpq is built in, OpenSSL is the system's.
      { have pkg-config && pkg-config --exists openssl; } || packages+=(pkg-config libssl-dev)
      ;;
    database)
      compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
      ;;
    reliability)
      # The clock of a server under test, jumping.
      compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || packages+=(faketime)
      ;;
    soak)
      have slowhttptest || packages+=(slowhttptest)
      ;;
    contract)
      have curl || packages+=(curl)
      # Debian's python3 makes no venv without a package of its own.
      { have python3 && python3 -c 'import ensurepip' 2>/dev/null; } || packages+=(python3 python3-venv)
      ;;
    bench)
      have wrk || packages+=(wrk)
      ;;
    browser)
      [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || packages+=(chromium)
      have node || packages+=(nodejs)
      have npm || packages+=(npm)
      have sqlite3 || packages+=(sqlite3) # some states of a page can only be made in the database so far
      ;;
    *)
      echo "packages.sh: unknown part '$part'" >&2
      exit 2
      ;;
  esac
done
[ ${#packages[@]} -gt 0 ] || exit 0

echo "installing: ${packages[*]}"
have apt-get || { echo "no apt-get here: install them by hand" >&2; exit 1; }
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get -q update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${packages[@]}"
