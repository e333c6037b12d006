#!/bin/bash
# event_log.sh: bitbake's event log, sent by the client beside its build, and
# given to the server as it is; every fact against another reading of it.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

# As bitbake leaves it: a run, its event log, its failed tasks' logs.
T=$STACK/poky
NAME=20261122140428
mkdir -p "$T/conf" "$T/tmp/log/eventlog" "$T/tmp/log/error-report" "$STACK/F1"
touch "$T/conf/local.conf"
tar -C "$STACK/F1" --zstd -xf "$BS_SRC/tests/data/F1.tar.zst"
cp -r "$STACK/F1/buildstats" "$T/tmp/"
cp "$STACK/F1/error-report/error_report_$NAME.txt" "$T/tmp/log/error-report/"
for log in "$STACK"/F1/logs/*.log; do
	task=$(basename "$log" .log)
	temp=$T/tmp/work/core2-64-oe-linux/${task%%.*}/1.0/temp
	mkdir -p "$temp"
	cp "$log" "$temp/log.${task#*.}.77"
	touch -d @1795356270 "$temp/log.${task#*.}.77"
done
zstd -qdc "$BS_SRC/tests/data/eventlog.json.zst" \
	>"$T/tmp/log/eventlog/$NAME.json"
export HOME=$STACK/home
mkdir -p "$HOME"

stack_start --raw "$STACK/web/raw"
before=$(stack_worker_pids)
BS_LOG=$T/tmp/log/eventlog/$NAME.json BS_BUILD_DIR=$T BS_STACK=$STACK \
	BS_RAW=$STACK/web/raw python_suite "$BS_SRC/tests/e2e/event_log.py"
is "no worker died" "$(stack_worker_pids)" "$before"
pg_dump -d "$DB" >"$STACK/dump"
not_ok "the planted secret is nowhere in the database" grep -q \
	'not-a-real-secret' "$STACK/dump"
not_ok "nor its name" grep -q AWS_SECRET_EXAMPLE "$STACK/dump"
ok "which has been read" grep -q 'BBFILE_PATTERN_stub' "$STACK/dump"
tap_end
