#!/bin/bash
# oestats.sh: builds that report task by task; see oestats.py.  Processes are
# killed and the database is stopped in between.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# The database must really be durable here.
# shellcheck disable=SC2034
STACK_FSYNC=fsync=on
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

oestats()
{
	python_suite "$BS_SRC/tests/e2e/oestats.py" "$@"
}

stack_start
PGDATA=$(stack_pg_data)
pg_ctl=$(stack_pg_ctl)

oestats clients
oestats silent "$STACK/silent"
oestats addresses
idle=$(stack_peak_memory)
oestats bad
case $BS_BUILD in
*/gcc)
	grown=$((($(stack_peak_memory) - idle) / 1024))
	ok "a worker grew by $grown MiB, less than 64" test "$grown" -lt 64
	;;
esac

# shellcheck disable=SC2046
oestats kill_worker $(stack_worker_pids)
ok "the workers are there again" stack_wait \
	sh -c "[ \$(ps -o pid= --ppid ${STACK_PIDS[workers]} | wc -l) = 5 ]"
oestats kill_background "${STACK_PIDS[workers]}"
oestats health "$STACK/silent"

stack_as_owner "$pg_ctl" -D "$PGDATA" -m fast -w stop >/dev/null
oestats down_send "$STACK/down"
stack_as_owner "$pg_ctl" -D "$PGDATA" -l "$PGDATA/server.log" -w start >/dev/null
ok "the database is back" stack_wait stack_answers
oestats down_check "$STACK/down"

# ---- what is left of the files ----
spool=$STACK/web/spool
no_bytes()
{
	[ "$(fetch "${URL}health" | json 'd["queues"]["spool"]["bytes"]')" = 0 ]
}
ok "all that was said is in the database" stack_wait no_bytes
nothing "nothing had to be put aside" "$(find "$spool" -name '*.bad')"
segments()
{
	find "$spool" -name '*.spool' | wc -l
}
few()
{
	[ "$(segments)" -le 4 ]
}
ok "segments of workers that have gone are removed" stack_wait few

# A disk that is full: nothing is acknowledged.  The directory's user may not
# write to it, which is the same to a worker that begins a segment.
stack_end workers
chmod a-w "$spool"
stack_workers
stack_wait stack_answers
body='builder=nobody'
is "without a place to keep it nothing is taken" \
	"$(http_status "$BASE/builds/" --data "$body")" 503
chmod u+w "$spool"
is "with one it is" "$(http_status "$BASE/builds/" --data "$body")" 200

# Without a spool, and without anybody's leave.
stack_end workers
stack_workers --anonymous-upload no
stack_wait stack_answers
is "without --anonymous-upload they are refused" \
	"$(http_status "$BASE/builds/" --data "$body")" 401
stack_end workers
stack_run workers "$BS_INSTALL/sbin/buildstats-fcgi" --db "$DB" \
	--socket "$STACK/web/fcgi.sock" --workers 2
stack_wait stack_answers
is "without --spool there is no such thing" \
	"$(http_status "$BASE/builds/" --data "$body")" 404
ok "/health knows of no spool then" sh -c "[ '$(fetch "${URL}health" |
	json 'd["queues"]["spool"]')' = null ]"

# Workers and the background process, each in a program of its own.
stack_end workers
stack_run workers "$BS_INSTALL/sbin/buildstats-fcgi" --db "$DB" \
	--socket "$STACK/web/fcgi.sock" --workers 1 --background no \
	--spool "$spool"
stack_wait stack_answers
id=$(fetch --data 'builder=apart' "$BASE/builds/")
fetch -o /dev/null --data \
	"build=$id&package=a&version=1&task=do_x&status=Succeeded" "$BASE/tasks/"
stack_run background "$BS_INSTALL/sbin/buildstats-fcgi" --db "$DB" \
	--workers 0 --spool "$spool"
apart()
{
	[ "$(fetch "${URL}builds.json?builder=apart&n=$RANDOM" |
		json 'len(d["builds"])')" = 1 ]
}
ok "a background process in a program of its own does the work" \
	stack_wait apart
stack_end background
ok "no sanitizer spoke" sh -c \
	"! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK'/*.log"
tap_end
