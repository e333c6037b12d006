#!/bin/bash
# programs.sh: runs the cmocka programs of tests/sql on a fresh database.
: "${BS_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${BS_BUILD:=.}"
work=$(mktemp -d)
trap '"$BS_SRC/tests/lib/pg.sh" stop "$work"; rm -rf "$work"' EXIT
BUILDSTATS_DB=$("$BS_SRC/tests/lib/pg.sh" start "$work" fsync=off) || exit 1
export BUILDSTATS_DB BUILDSTATS_SQL_DIR=$BS_SRC/sql/migrate
export CMOCKA_MESSAGE_OUTPUT=TAP

"$BS_BUILD/buildstats-admin" migrate >/dev/null || exit 1
status=0
for program in test_store test_failures test_logs test_search test_failure_view \
	test_failure_search; do
	"$BS_BUILD/tests/sql/$program" || status=1
done
exit $status
