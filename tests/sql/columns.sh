#!/bin/bash
# columns.sh [--update]: every statement of sql/query/ can be prepared on a
# migrated database, takes and gives what columns.expected says, and nothing
# that src/db can't read.  --update writes columns.expected anew.
: "${BS_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${BS_BUILD:=.}"
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
work=$(mktemp -d)
trap '"$BS_SRC/tests/lib/pg.sh" stop "$work"; rm -rf "$work"' EXIT
BUILDSTATS_DB=$("$BS_SRC/tests/lib/pg.sh" start "$work" fsync=off) || exit 1
export BUILDSTATS_DB BUILDSTATS_SQL_DIR=$BS_SRC/sql/migrate

"$BS_BUILD/buildstats-admin" migrate >/dev/null || exit 1
if [ "${1-}" = --update ]; then
	"$BS_BUILD/tests/sql/describe" >"$work/columns" &&
		cp "$work/columns" "$BS_SRC/tests/sql/columns.expected"
	exit
fi

describe()
{
	"$BS_BUILD/tests/sql/describe" >"$work/columns"
}

ok "every statement can be prepared" describe
ok "they take and give what is expected (make sql-columns)" \
	diff -u "$BS_SRC/tests/sql/columns.expected" "$work/columns"
nothing "no column of a type that src/db doesn't read" \
	"$(grep -F '?' "$work/columns")"
tap_end
