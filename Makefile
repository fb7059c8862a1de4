# make run     build and start the server
# make test    every test, on SQLite and on Postgres, then in a browser; installs what is missing with apt
# make soak    what takes minutes: killing, filling, flooding the release binary, an hour long; installs what is missing
# make bench   the status against a bare handler, as a ratio, on both databases; installs wrk with apt
# make check   format, lints, and the licences, sources and advisories of the dependencies

.PHONY: help run test soak bench check

help:
	@grep '^# make' Makefile | cut -c3-

run:
	tests/scripts/packages.sh build
	cargo run --locked --release -- serve

test:
	tests/run.sh

soak:
	tests/soak.sh

bench:
	benches/run.sh

check:
	tests/scripts/packages.sh build
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	tests/scripts/dependencies.sh
