#!/bin/bash
# resilience.sh: a database that is down, workers that are killed, a crash in
# the middle of an upload, clients that are slow.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# The database must really be durable here.
# shellcheck disable=SC2034
STACK_FSYNC=fsync=on
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"

stack_start

PGDATA=$(stack_pg_data)
pg_ctl=$(stack_pg_ctl)

pg_start()
{
	stack_as_owner "$pg_ctl" -D "$PGDATA" -l "$PGDATA/server.log" -w start
}

postmaster()
{
	head -n 1 "$PGDATA/postmaster.pid"
}

workers()
{
	stack_worker_pids
}

# ---- the database is stopped ----
upload "$BS_SRC/tests/data/F1.tar.zst" >"$STACK/first"
is "a build is stored" "$(tail -n 1 "$STACK/first")" 201
stack_as_owner "$pg_ctl" -D "$PGDATA" -m fast -w stop >/dev/null

for path in builds "" build/1 build/1/tasks package/zlib metrics; do
	answer=$(fetch -i "${URL}$path?down=$RANDOM")
	like "/$path without a database is 503" "$answer" '^HTTP/1.1 503'
	like "and says when to come back" "$answer" $'\r?\nRetry-After: [1-9]'
done
answer=$(fetch -i "${URL}builds.json?down=$RANDOM")
like "the JSON says so too" "$answer" '"status": ?503'
not_ok "and nothing of libpq's words" grep -qiE 'libpq|\.s\.PGSQL|socket' \
	<<<"$answer"
answer=$(fetch -i "${URL}health")
like "/health is 503" "$answer" '^HTTP/1.1 503'
upload "$BS_SRC/tests/data/A1.tar.zst" >"$STACK/answer"
is "an upload is 503" "$(tail -n 1 "$STACK/answer")" 503
is "static files still come" "$(http_status "${URL}static/style.css")" 200

pg_start >/dev/null
ok "/health is well again" stack_wait stack_answers
is "and so are pages, by the same workers" \
	"$(http_status "${URL}builds?up=$RANDOM")" 200
is "the refused upload left nothing" \
	"$(sql 'select count(*) from build where tasks > 0')" 1

# ---- workers die ----
before=$(workers | sort)
victim=$(head -n 1 <<<"$before")
kill -KILL "$victim"
gone()
{
	! kill -0 "$victim"
}
stack_wait gone
is "other workers answer" "$(http_status "${URL}builds?kill=$RANDOM")" 200
replaced()
{
	[ "$(workers | wc -l)" = 4 ] && ! workers | grep -qx "$victim"
}
ok "a killed worker is replaced" stack_wait replaced
cat >"$STACK/many" <<'END'
for i in $(seq 60); do
	curl -s -o /dev/null -w "%{http_code}\n" "$1builds?n=$i" &
	[ $i != 20 ] || kill -KILL $2
done | sort | uniq -c | awk '$2 != 200 { bad += $1 } END { exit bad > 1 }'
END
ok "killing one worker during many requests loses at most that one" \
	sh "$STACK/many" "$URL" "$(workers | head -n 1)"

# ---- the database crashes during uploads ----
# Whatever was acknowledged must be there; whatever wasn't must be whole or
# not there at all.
python3 - "$BS_SRC/tests/lib" "$STACK/up" 60 <<'END'
import os, sys
sys.path.insert(0, sys.argv[1])
import tars
os.makedirs(sys.argv[2])
for i in range(int(sys.argv[3])):
    start = 1700000000.0 + 86400 * 20 * (i % 12) + i * 1000
    files = tars.run("run%03d" % i, start, host="crash%d" % i, files={
        "r%d-1.0-r0/do_compile" % n: tars.task("r%d-1.0-r0" % n,
                                               started=start + n)
        for n in range(200)})
    with open("%s/%03d.tar" % (sys.argv[2], i), "wb") as f:
        f.write(tars.tar(files))
END
send_all()
{
	local file answer
	for file in "$STACK"/up/*.tar; do
		answer=$(upload "$file" 2>&1)
		case $(tail -n 1 <<<"$answer") in
		200 | 201) basename "$file" .tar >>"$STACK/acknowledged" ;;
		esac
		basename "$file" .tar >>"$STACK/sent"
	done
}
: >"$STACK/sent"
send_all &
sender=$!
some_sent()
{
	[ "$(wc -l <"$STACK/sent")" -ge 15 ]
}
ok "uploads flow" stack_wait some_sent
kill -KILL "$(postmaster)"
# It starts as soon as the last of its old processes is gone.
started_again()
{
	pg_start
}
ok "the crashed database starts again" stack_wait started_again
wait "$sender"
ok "uploads flow again" stack_wait stack_answers
lost=
while read -r name; do
	[ "$(sql "select count(*) from build where name = 'run$name'")" = 1 ] ||
		lost="$lost $name"
done <"$STACK/acknowledged"
nothing "nothing that was acknowledged ($(wc -l <"$STACK/acknowledged") of \
$(wc -l <"$STACK/sent")) is lost" "$lost"
is "no build is there in part" "$(sql "select count(*) from build b
	where name like 'run%' and (select count(*) from package_build p
	where p.build = b.id) <> 202")" 0
send_all
is "sending all again gives all, once" \
	"$(sql "select count(*), count(distinct name) from build
		where name like 'run%'")" '60|60'

# ---- slow clients don't hold workers ----
slow_clients()
{
	python3 - "$PORT" <<'END'
import socket, sys, time
head = (b"POST /buildstats/upload HTTP/1.1\r\nHost: x\r\nContent-Type: "
        b"application/x-tar\r\nContent-Length: 1000000\r\n\r\n")
held = []
for _ in range(40):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.sendall(head + b"x" * 1000)
    held.append(s)
print("held", flush=True)
sys.stdin.read()
END
}
mkfifo "$STACK/hold"
slow_clients <"$STACK/hold" >"$STACK/held" &
exec 7>"$STACK/hold"
ok "40 uploads hang halfway" stack_wait grep -q held "$STACK/held"
is "and a page is still there" \
	"$(http_status "${URL}builds?slow=$RANDOM" --max-time 5)" 200
exec 7>&-

# ---- the end ----
main=${STACK_PIDS[workers]}
kill -TERM "$main"
stopped()
{
	! kill -0 "$main" 2>/dev/null
}
ok "SIGTERM ends the workers" stack_wait stopped
wait "$main"
is "with status 0" $? 0
answer=$(fetch -i "${URL}builds.json?gone=$RANDOM")
like "without workers the answer is 503" "$answer" '^HTTP/1.1 503'
like "in JSON for .json" "$answer" '"status":503'
like "with Retry-After" "$answer" 'Retry-After: [1-9]'

tap_end
