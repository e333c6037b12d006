#!/bin/bash
# client_watch.sh: builds are sent as they end, and again when they grow.
# shellcheck source=tests/e2e/client_lib.sh
. "$(dirname "$0")/client_lib.sh"

unpack F1 "$T/rec"
F1=20261122140428
RUN=$T/rec/buildstats/$F1
BASE=$T/build/tmp/buildstats
server_start

watch()
{
	: >"$T/out"
	"$BS_BUILD/push-build-results" --watch "$@" >"$T/out" 2>"$T/err" &
	WATCH_PID=$!
}

lines()
{
	[ "$(wc -l <"$T/out" | tr -d ' ')" = "$1" ]
}

cpu_ticks()
{
	awk '{ print $14 + $15 }' "/proc/$WATCH_PID/stat"
}

# ---- a directory that comes later ----
forget
watch "$BASE"
ok "waits for a directory" wait_for 10 grep -q 'does not exist yet' "$T/err"
mkdir -p "$BASE"
cp -r "$RUN" "$BASE/$F1"
ok "a run dropped into it is sent" wait_for 40 lines 1
has "with a line" "$(cat "$T/out")" "failed $F1 75 tasks, 1 failed http"

# ---- growing ----
mkdir "$BASE/$F1/zlib-1.0-r0"
cp "$(find "$RUN" -name do_compile | head -n 1)" "$BASE/$F1/zlib-1.0-r0/"
sed -n '/Build Started/p;/Elapsed/p' "$RUN/build_stats" >>"$BASE/$F1/build_stats"
ok "a run that grew is sent again" wait_for 40 lines 2
has "with what it has now" "$(tail -n 1 "$T/out")" "76 tasks"

# ---- one that runs ----
mkdir -p "$BASE/2"
grep -v '^Elapsed' "$RUN/build_stats" | grep -v '^CPU' >"$BASE/2/build_stats"
cp -r "$RUN"/*-r0 "$BASE/2/"
cp -r "$RUN" "$BASE/3"
ok "another one is sent meanwhile" wait_for 40 lines 3
not_ok "one that runs isn't sent" grep -q ' 2 ' "$T/out"
grep -E '^(Elapsed|CPU)' "$RUN/build_stats" >>"$BASE/2/build_stats"
ok "until it ends" wait_for 40 grep -q ' 2 ' "$T/out"

# ---- tars ----
cp "$BS_SRC/tests/data/A1.tar.zst" "$BASE/.new"
mv "$BASE/.new" "$BASE/A1.tar.zst"
ok "a tar dropped into it is sent" wait_for 40 grep -q '344 tasks' "$T/out"

# ---- the directory is replaced ----
rm -rf "$BASE"
mkdir -p "$BASE"
cp -r "$RUN" "$BASE/4"
ok "in a new directory of the same name, too" wait_for 40 grep -q ' 4 ' \
	"$T/out"

# ---- costs nothing ----
before=$(cpu_ticks)
for i in $(seq 200); do
	echo "$i" >>"$BASE/4/reduced_proc_stat.log"
done
ok "files that bitbake writes all the time wake nobody" test \
	$(($(cpu_ticks) - before)) -le 5

# ---- its end ----
kill -TERM "$WATCH_PID"
wait "$WATCH_PID"
is "SIGTERM ends it with status 0" "$?" 0
WATCH_PID=
n=$(requests)
watch "$BASE"
cp -r "$RUN" "$BASE/5"
ok "a later watcher sends what is new" wait_for 40 lines 1
is "and only that" "$(requests)" $((n + 1))
watch_stop

# ---- unfinished ones ----
forget
rm -rf "$BASE"
mkdir -p "$BASE/6"
cp -r "$RUN"/*-r0 "$BASE/6/"
grep -v '^Elapsed' "$RUN/build_stats" >"$BASE/6/build_stats"
find "$BASE/6" -type f -exec touch -d '2 hours ago' {} +
watch --settle 3600 "$BASE"
ok "an old unfinished run is sent at once" wait_for 40 lines 1
watch_stop
cp -r "$BASE/6" "$BASE/7"
watch --settle 3 "$BASE"
ok "a fresh one when it has been left alone" wait_for 40 grep -q ' 7 ' "$T/out"
watch_stop

# ---- the server is away ----
forget
server_stop
watch --settle 1 "$BASE"
ok "says that the server is away" wait_for 20 grep -q "$URL\|${URL%/}" "$T/err"
server_start "$PORT"
ok "and sends when it is back" wait_for 60 grep -q ' 6 ' "$T/out"
ok "both" wait_for 60 lines 2
is "having said so once" "$(grep -c "${URL%/}" "$T/err")" 1
watch_stop

forget
server_stop
watch --settle 1 --spool "$T/spool" "$BASE"
ok "with a spool they are kept" wait_for 20 sh -c \
	"[ \$(ls '$T'/spool/*.tar.zst | wc -l) = 2 ]"
rm -rf "$BASE"
server_start "$PORT"
ok "and sent though the originals are gone" wait_for 60 lines 2
watch_stop

# ---- a server that asks for patience, and one that fails ----
forget
mkdir -p "$BASE"
cp -r "$RUN" "$BASE/8"
cp -r "$RUN" "$BASE/9"
plan 'later 429 3' 'status 500'
watch --settle 1 "$BASE"
wait_for 40 grep -q 'plan=later' "$S/log"
begin=$SECONDS
ok "one is sent though the server failed on the other" wait_for 40 lines 1
ok "not before the server wished" test $((SECONDS - begin)) -ge 2
watch_stop

# ---- stopping while it sends ----
forget
plan hang
watch "$BASE"
wait_for 40 grep -q hang "$S/log"
kill -TERM "$WATCH_PID"
ok "a request that hangs doesn't keep it" wait_for 10 sh -c \
	"! kill -0 $WATCH_PID"
wait "$WATCH_PID"
is "its status is 0" "$?" 0
WATCH_PID=

push --watch "$S/log"
is "a file can't be watched" "$STATUS" 1

tap_end
