#!/bin/bash
# client_events.sh: a build directory as bitbake leaves it: what of its event
# log and texts leaves the machine, and that --dry-run shows that and no other.
# shellcheck source=tests/e2e/client_lib.sh
. "$(dirname "$0")/client_lib.sh"
# shellcheck source=tests/lib/python.sh
. "$BS_SRC/tests/lib/python.sh"

unpack F1 "$T/rec"
NAME=20261122140428
SECRET=not-a-real-secret-must-never-leave-the-machine
TMP=$T/poky/tmp
LOG=$TMP/log
mkdir -p "$T/poky/conf" "$LOG/eventlog" "$LOG/error-report" \
	"$LOG/cooker/qemux86-64" "$LOG/oeqa"
touch "$T/poky/conf/local.conf"
cp -r "$T/rec/buildstats" "$TMP/"
zstd -qdc "$BS_SRC/tests/data/eventlog.json.zst" >"$LOG/eventlog/$NAME.json"
cp "$T/rec/error-report/error_report_$NAME.txt" "$LOG/error-report/"
cp "$T/rec/console.log" "$LOG/cooker/qemux86-64/$NAME.log"
echo '{}' >"$LOG/oeqa/testresults.json"
for log in "$T"/rec/logs/*.log; do
	task=$(basename "$log" .log)
	temp=$TMP/work/core2-64-oe-linux/${task%%.*}/1.0/temp
	mkdir -p "$temp"
	cp "$log" "$temp/log.${task#*.}.77"
	touch -d @1795356270 "$temp/log.${task#*.}.77"
done
server_start

# sent: unpacks what the server got last into DIR sent.
sent()
{
	rm -rf "$T/sent"
	mkdir "$T/sent"
	tar -C "$T/sent" --zstd -xf "$S/last"
}

# ---- the event log ----
forget
push "$T/poky"
is "the build directory is sent" "$STATUS $(requests)" "0 1"
sent
is "with all that tells about it" "$(cd "$T/sent" &&
	find . -maxdepth 2 -type f ! -path './buildstats/*' | sort | tr '\n' ' ')" \
	"./console.log ./error-report/error_report_$NAME.txt ./event-log.json ./task-depends.dot ./testresults.json "
is "and the logs of failed tasks" "$(find "$T/sent/logs" -type f | wc -l)" 8
zstd -qdc "$S/last" >"$T/tar"
not_ok "the planted secret is not in it" grep -qa "$SECRET" "$T/tar"
not_ok "nor its name" grep -qa AWS_SECRET_EXAMPLE "$T/tar"
not_ok "nor any variable of it that isn't allowed" grep -qaE \
	'IMAGE_FSTYPES|PACKAGE_CLASSES|USER_CLASSES|BUILDSTATS_BASE' \
	"$T/sent/event-log.json"
ok "which the log has" grep -q "$SECRET" "$LOG/eventlog/$NAME.json"
ok "all facts of it agree with those that Python finds" python3 \
	"$BS_SRC/tests/e2e/event_facts.py" "$LOG/eventlog/$NAME.json" \
	"$T/sent/event-log.json" "$NAME"
push --force --no-event-log "$T/poky"
sent
not_ok "--no-event-log leaves it" test -e "$T/sent/event-log.json"

# ---- seen before it is sent ----
forget
push --dry-run --save "$T/saved" "$T/poky"
is "--dry-run sends nothing" "$STATUS $(requests)" "0 0"
cp "$T/out" "$T/shown"
push "$T/poky"
ok "what it saved is what was sent, byte for byte" \
	cmp "$T/saved/$NAME.tar.zst" "$S/last"
sent
ok "each file is shown with its size, each derived text as it was sent" \
	python3 "$BS_SRC/tests/e2e/shown.py" "$T/shown" "$T/sent"
push --dry-run --verbose "$T/poky"
cp "$T/out" "$T/shown"
ok "with --verbose, logs as well" python3 "$BS_SRC/tests/e2e/shown.py" \
	"$T/shown" "$T/sent" verbose

# ---- masking ----
forget
log=$(find "$TMP/work" -name 'log.do_compile.*' | sort | head -n 1)
printf 'fetching https://me:hunter2@git.example/x.git\nNOTE: all is well\n' >>"$log"
touch -d @1795356270 "$log"
echo 'DEPLOY_TOKEN="s3cr3t-of-mine-0123456789"' >>"$LOG/cooker/qemux86-64/$NAME.log"
python3 - "$LOG/error-report/error_report_$NAME.txt" <<-'END'
	import json, sys
	with open(sys.argv[1], encoding="utf-8") as f:
	    d = json.load(f)
	d["local_conf"] += 'MIRROR_PASSWORD = "kept private"\nMACHINE = "qemuarm"\n'
	with open(sys.argv[1], "w", encoding="utf-8") as f:
	    json.dump(d, f, indent=4, sort_keys=True)
END
push -n "$T/poky"
like "--dry-run tells what is masked in a log, and where" "$OUT" \
	"masked in logs/.*/log.do_compile line [0-9]* \(credentials\): .*\*\*\*"
like "in the console log" "$OUT" "masked in console.log line [0-9]*"
like "in a report" "$OUT" "masked in error-report/error_report_$NAME.txt "
push "$T/poky"
sent
zstd -qdc "$S/last" >"$T/tar"
not_ok "no credential was sent" grep -qaE 'hunter2|s3cr3t-of-mine|private' "$T/tar"
ok "the line is there, without it" grep -rq \
	'fetching https://\*\*\*@git.example/x.git' "$T/sent/logs"
ok "the report is what it was, but for that" python3 - \
	"$LOG/error-report/error_report_$NAME.txt" \
	"$T/sent/error-report/error_report_$NAME.txt" <<-'END'
	import json, sys
	a, b = [json.load(open(p, encoding="utf-8")) for p in sys.argv[1:3]]
	assert a.keys() == b.keys()
	changed = [k for k in a if a[k] != b[k]]
	assert changed == ["local_conf"], changed
	assert a["local_conf"].splitlines()[:-2] == b["local_conf"].splitlines()[:-2]
	assert "***" in b["local_conf"] and 'qemuarm' in b["local_conf"]
END
push --force --mask none "$T/poky"
zstd -qdc "$S/last" >"$T/tar"
ok "--mask none sends all" grep -qa hunter2 "$T/tar"
push --force --mask credentials,homes "$T/poky"
zstd -qdc "$S/last" >"$T/tar"
not_ok "--mask homes takes names of homes out of the event log, too" \
	sh -c "tar -xOf '$T/tar' event-log.json console.log | grep -q /home/builder"
push --mask nothing "$T/poky"
is "a rule that is none" "$STATUS $(head -n 1 "$T/err")" \
	"2 push-build-results: --mask: 'nothing' is no rule"

# ---- which log is the run's ----
forget
mv "$TMP/buildstats/$NAME" "$TMP/buildstats/nightly-7"
rm "$LOG/eventlog/$NAME.json" "$LOG"/error-report/*
event()
{
	printf '{"allvariables": {"BUILDNAME": {"v": "%s"}, "DATETIME": {"v": "%s"}}}\n' \
		"$1" "$2"
}
event other 20261122140428 >"$LOG/eventlog/20261122140428.json"
event nightly-7 20261122140429 >"$LOG/eventlog/20261122140429.json"
push "$T/poky"
sent
has "a run of another name is found by what the log says" \
	"$(cat "$T/sent/event-log.json")" '"DATETIME":"20261122140429"'
mv "$TMP/buildstats/nightly-7" "$TMP/buildstats/$NAME"
echo 'no log at all' >"$LOG/eventlog/$NAME.json"
push "$T/poky"
sent
is "one that is none is left out, and said" \
	"$STATUS $(test -e "$T/sent/event-log.json" || echo none) $ERR" \
	"0 none push-build-results: $LOG/eventlog/$NAME.json: not an event log; left out"

# ---- builds that left nothing else ----
forget
rm -rf "$TMP"
mkdir -p "$LOG/eventlog" "$LOG/error-report" "$T/named"
zstd -qdc "$BS_SRC/tests/data/eventlog.json.zst" >"$T/named/log.json"
push "$T/named/log.json"
is "an event log that is named is sent" "$STATUS $(requests)" "0 1"
sent
is "as the run that it would have left" \
	"$(find "$T/sent" -name 'do_*' | wc -l) $(cd "$T/sent" && echo *)" \
	"5522 buildstats event-log.json"
not_ok "without the secret" grep -rq "$SECRET" "$T/sent"
push -n "$T/named/log.json"
has "--dry-run says what it is" "$OUT" "20261122132457: an event log"
python3 - "$LOG" <<-'END'
	import os, sys
	sys.path.insert(0, os.path.join(os.environ["BS_SRC"], "tests/lib"))
	import bitbake_events as ev
	def write(name, *lines):
	    with open("%s/eventlog/%s.json" % (sys.argv[1], name), "w") as f:
	        f.write(ev.variables(BUILDNAME=name) + "".join(lines))
	write("20261122150000", ev.record(20, "x", 1795359600.0),
	      ev.event("bb.event.ParseError", _msg="ParseError at /a_1.bb:1: x"))
	write("20261122150001", ev.record(20, "x", 1795359601.0))
END
cp "$T/rec/error-report/parseerror.txt" \
	"$LOG/error-report/error_report_20261122150000.txt"
forget
push "$T/poky"
is "of a directory without runs the last one counts, and that was no build" \
	"$STATUS $(requests)" "1 0"
rm "$LOG/eventlog/20261122150001.json"
push "$T/poky"
is "a build that left no run is sent" "$STATUS $(requests)" "0 1"
sent
is "with its report" "$(cd "$T/sent" && find . -type f | sort | tr '\n' ' ')" \
	"./buildstats/20261122150000/build_stats ./error-report/error_report_20261122150000.txt ./event-log.json "
cp -r "$T/rec/buildstats" "$TMP/"
event older 20261122140000 >"$LOG/eventlog/20261122140000.json"
forget
push "$T/poky"
is "with runs, what is later than they" "$STATUS $(requests)" "0 2"

# ---- size ----
# 190 MB, most of it nothing that is read.
rm -f "$LOG"/eventlog/*
zstd -qdc "$BS_SRC/tests/data/eventlog.json.zst" >"$T/one"
for _ in 1 2 3 4 5 6 7 8; do cat "$T/one"; done >"$LOG/eventlog/$NAME.json"
rm -f "$T/one"
forget
cat >"$T/peak.py" <<-'END'
	import resource, subprocess, sys
	status = subprocess.run(sys.argv[1:], check=False,
	                        stdout=subprocess.DEVNULL).returncode
	print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
read -r status peak < <(python3 "$T/peak.py" "$BS_BUILD/push-build-results" \
	--no-logs "$T/poky")
is "a log of 190 MB is sent" "$status" 0
if [ -z "${ASAN_OPTIONS:-}" ] && ! grep -q fsanitize "$BS_BUILD/config.log"; then
	ok "in less than 48 MiB of memory ($peak KiB)" test "$peak" -lt 49152
fi
ok "as a few kilobytes" test "$(stat -c %s "$S/last")" -lt 200000
tap_end
