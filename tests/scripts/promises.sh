#!/usr/bin/env bash
# Makes the table of promises out of the logs of a run: for each id of tests/promises.txt whether it holds, by how many
# tests, where and on which databases. Fails when one does not, or when no test carries it and nothing says why.
#
#   promises.sh LOG...    one log a part of the run, in files named after the part ("Tests on Postgres")
set -euo pipefail
cd "$(dirname "$0")/.."

awk -F ' *[|] *' '
  # A test by its name: every id in it.
  function ran(name, verdict, where,   words, n, i, id, key) {
    n = split(toupper(name), words, /[^A-Z0-9]+/)
    for (i = 1; i <= n; i++) {
      id = words[i]
      # Those of pages are two words, and "a 500" is none of them.
      if ((id "-" words[i + 1]) in title) id = id "-" words[i + 1]
      else if (id !~ /^[A-KR][0-9][0-9]$/) continue
      if (verdict == "skipped") { skipped[id]++; continue }
      count[id]++
      if (verdict == "failed") failed[id]++
      if (!((id, where) in seen)) { seen[id, where]; places[id] = places[id] (places[id] ? ", " : "") where }
      if (!((id, database) in seen)) { seen[id, database]; databases[id] = databases[id] (databases[id] ? ", " : "") database }
    }
  }

  FNR == 1 {
    file++
    part = FILENAME
    sub(/.*\//, "", part)
    database = part ~ /Postgres/ ? "Postgres" : "SQLite"
    where = part ~ /browser/ ? "in a browser" : part ~ /contract/ ? "against the binary" : "in process"
  }
  file == 1 {
    if ($0 ~ /^#/ || $0 ~ /^ *$/) next
    ids[++all] = $1
    title[$1] = $2
    why[$1] = $3
    next
  }
  { gsub(/\033\[[0-9;]*m/, "") }
  # cargo test: which program, then its tests.
  / Running (unittests )?[^ ]+ \(/ { where = / tests\/(cli|reliability)/ ? "against the binary" : "in process"; next }
  /^test .* \.\.\. (ok|FAILED|ignored)/ {
    verdict = / \.\.\. ok/ ? "passed" : / \.\.\. FAILED/ ? "failed" : "skipped"
    name = $0
    sub(/^test /, "", name)
    sub(/ \.\.\. .*/, "", name)
    sub(/ - should panic$/, "", name)
    sub(/.*::/, "", name)
    ran(name, verdict, where)
    next
  }
  # node --test, as TAP or as a list; contract.sh.
  /^ *(not )?ok [0-9]* ?- / {
    verdict = / # (SKIP|TODO)/ ? "skipped" : /^ *not/ ? "failed" : "passed"
    name = $0
    sub(/^ *(not )?ok [0-9]* ?- /, "", name)
    ran(name, verdict, where)
    next
  }
  /^ *(✔|✖|﹣) / {
    verdict = /^ *✔/ ? "passed" : /^ *✖/ ? "failed" : "skipped"
    name = $0
    sub(/^ *[^ ]+ /, "", name)
    # What failed is listed once more at the end.
    if (verdict == "failed" && (name in told)) next
    if (verdict == "failed") told[name]
    ran(name, verdict, where)
    next
  }

  END {
    printf "%-7s %-10s %5s  %-40s %-17s %s\n", "id", "", "tests", "where", "databases", "what"
    for (i = 1; i <= all; i++) {
      id = ids[i]
      verdict = "holds"
      if (failed[id]) { verdict = "FAILS"; bad++ }
      else if (!count[id] && why[id] != "") verdict = "not shown"
      else if (!count[id]) { verdict = "NO TEST"; bad++ }
      else held++
      printf "%-7s %-10s %5d  %-40s %-17s %s\n", id, verdict, count[id], places[id] ? places[id] : "-", databases[id] ? databases[id] : "-", title[id]
      if (why[id] != "") printf "%-26s%s\n", "", why[id]
      listed[id]
    }
    for (id in count) if (!(id in listed)) { print id ": tests carry it, and tests/promises.txt does not know it"; bad++ }
    printf "\n%d of %d promises hold\n", held, all
    exit bad > 0
  }
' promises.txt "$@"
