# shellcheck shell=bash
# Sourced by run.sh: a throw-away Postgres cluster for the tests.
#
#   start_postgres   makes one, sets TEST_DATABASE_URL; stop_postgres ends and removes it.
#
# It listens on 127.0.0.1 with a password of its own and keeps nothing safe from a power cut: it is only as old as the run.

postgres_folder=

# Postgres refuses to run as root, so root hands over to the user that Debian's package made.
as_postgres() {
  local user=()
  [ "$(id -u)" != 0 ] || user=(runuser -u postgres --)
  (cd "$postgres_folder" && LC_ALL=C "${user[@]}" "$@")
}

# Each step says `|| return`: `set -e` does not reach into a function that is called in a condition.
start_postgres() {
  local bin folder free password port
  bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  # Thousands of small files come and go, which is memory's business where there is enough of it. A socket's path has a
  # limit, so it is short.
  folder=/tmp free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || true
  [ "${free:-0}" -lt 2000000 ] || folder=/dev/shm
  postgres_folder=$(mktemp -d "$folder/countersign-postgres.XXXXXX") || return
  [ "$(id -u)" != 0 ] || chown postgres: "$postgres_folder"
  postgres_ctl=("$bin/pg_ctl" -D "$postgres_folder/data" -w -t 60)

  as_postgres "$bin/initdb" -D "$postgres_folder/data" -U postgres --encoding=UTF8 --locale=C --no-sync \
    --auth-local=trust --auth-host=md5 >"$postgres_folder/initdb.log" || return
  as_postgres tee -a "$postgres_folder/data/postgresql.conf" >/dev/null <<-CONF || return
	listen_addresses = '127.0.0.1'
	unix_socket_directories = '$postgres_folder'
	max_connections = 400
	fsync = off
	synchronous_commit = off
	full_page_writes = off
	password_encryption = md5
	shared_buffers = 16MB
	jit = off
	autovacuum = off
	wal_level = minimal
	max_wal_senders = 0
	CONF

  # A port may be taken between being chosen and being used, so just try.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    port=$((20000 + RANDOM % 12000))
    if as_postgres "${postgres_ctl[@]}" -o "-p $port" -l "$postgres_folder/log" start >/dev/null 2>&1; then
      # The suite's role owns its databases and nothing more, as it would in earnest; many a test has one of its own.
      as_postgres "$bin/psql" -qX -v ON_ERROR_STOP=1 -h "$postgres_folder" -p "$port" -U postgres <<-SQL || return
		CREATE ROLE countersign LOGIN CREATEDB PASSWORD '$password';
		CREATE DATABASE countersign OWNER countersign;
		SQL
      export TEST_DATABASE_URL=postgres://countersign:$password@127.0.0.1:$port/countersign
      echo "Postgres $("$bin/postgres" --version | grep -o '[0-9.]*' | head -n 1) on port $port"
      return
    fi
  done
  cat "$postgres_folder/log" >&2
  return 1
}

stop_postgres() {
  [ -n "$postgres_folder" ] || return 0
  as_postgres "${postgres_ctl[@]}" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$postgres_folder"
  postgres_folder=
}
