#!/bin/bash
# live.sh: builds that report themselves while they run; see live.py.
# Processes are killed and the database is stopped in between.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# The database must really be durable here.
# shellcheck disable=SC2034
STACK_FSYNC=fsync=on
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

live()
{
	python_suite "$BS_SRC/tests/e2e/live.py" "$@"
}

stack_start
PGDATA=$(stack_pg_data)
pg_ctl=$(stack_pg_ctl)

live page_of_running
live replay "$STACK" "$BS_INSTALL/sbin/buildstats-admin"
idle=$(stack_peak_memory)
live bad
case $BS_BUILD in
*/gcc)
	grown=$((($(stack_peak_memory) - idle) / 1024))
	ok "a worker grew by $grown MiB, less than 96" test "$grown" -lt 96
	;;
esac
is "a begin that is no JSON is refused" "$(http_status "${URL}api/v1/builds" \
	--data-binary '{')" 400
is "events want a token" "$(http_status "${URL}api/v1/builds/1/events" \
	--data-binary '{}')" 401
# The commands of docs/protocol.md, as they stand there.
sed -n '/^### In a shell/,/^### The begin/s/^    //p' \
	"$BS_SRC/docs/protocol.md" | sed "s,http://localhost:8080,$BASE," \
	>"$STACK/shell"
ok "the document has commands" test -s "$STACK/shell"
mkdir "$STACK/doc"
out=$(cd "$STACK/doc" && bash -eu "$STACK/shell" 2>&1)
is "they are answered three times" "$(grep -c '"accepted":' <<<"$out")" 3
is "and nothing is refused" "$(grep -c '"accepted":0' <<<"$out")" 0
documented()
{
	[ "$(fetch "${URL}builds.json?q=nightly-7&n=$RANDOM" | json \
		'[(b["status"], b["tasks"], b["failed"]) for b in d["builds"]]')" \
		= '[["failed", 1, 1]]' ]
}
ok "a build comes of them" stack_wait documented
# Its example of columns, by the reader itself.
columns=$(sed -n '/"event":"tasks"/,/"columns"/s/^    //p' \
	"$BS_SRC/docs/protocol.md" | tr -d '\n')
BEGUN=$(fetch "${URL}api/v1/builds" -d '{}')
is "the document's columns are tasks" "$(fetch -o /dev/null -w '%{http_code}' \
	"${URL}api/v1/builds/$(json 'd["id"]' <<<"$BEGUN")/events" -H \
	"Authorization: Bearer $(json 'd["token"]' <<<"$BEGUN")" \
	--data-binary "$columns")" 200
token()
{
	stack_admin token add "$1" | grep -oE '[0-9A-Za-z_-]{20,}' | tail -n 1
}
live tokens "$(token builder-1)" "$(token builder-2)"

# shellcheck disable=SC2046
live killed $(stack_worker_pids)
ok "the workers are there again" stack_wait \
	sh -c "[ \$(ps -o pid= --ppid ${STACK_PIDS[workers]} | wc -l) = 5 ]"

# ---- no database, or one whose disk is full
live down "$STACK/down"
stack_as_owner "$pg_ctl" -D "$PGDATA" -m fast -w stop >/dev/null
live down_send "$STACK/down" "without a database nothing is taken"
stack_as_owner "$pg_ctl" -D "$PGDATA" -l "$PGDATA/server.log" -w start >/dev/null
ok "the database is back" stack_wait stack_answers
live down_check "$STACK/down"
live down "$STACK/full"
# What PostgreSQL says when its disk is full, where events are written.
sql "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS \$\$
	BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';
	END \$\$;
	CREATE TRIGGER full_disk BEFORE UPDATE ON live_build
	FOR EACH ROW EXECUTE FUNCTION full_disk()"
live down_send "$STACK/full" "on a full disk nothing is taken"
sql "DROP TRIGGER full_disk ON live_build"
live down_check "$STACK/full"

# ---- silence, of builds that say nothing for ten seconds
stack_end workers
stack_workers --silent 10
stack_wait stack_answers
live silent

ok "no sanitizer spoke" sh -c \
	"! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK'/*.log"
tap_end
