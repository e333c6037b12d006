#!/bin/bash
# client_push.sh: push-build-results against a server that is well, busy,
# broken, gone, or somebody else.
# shellcheck source=tests/e2e/client_lib.sh
. "$(dirname "$0")/client_lib.sh"

unpack A1 "$T/rec/A1"
unpack F1 "$T/rec/F1"
A1=20261122125347
F1=20261122140428
server_start

# ---- one build, one line ----
forget
push "$T/rec/A1"
is "a directory is sent" "$STATUS" 0
is "its line: status, name, counts, URL" "$OUT" \
	"failed $A1 344 tasks, 1 failed http://127.0.0.1:$PORT/buildstats/build/$A1"
is "nothing on stderr" "$ERR" ""
like "console.log goes along" "$(cat "$S/log")" "[=,]console.log"
has "the error report goes along" "$(cat "$S/log")" \
	"error-report/error-report.txt,"
is "what of its buildhistory tells sizes does" "$(tail -n 1 "$S/log" | tr , '\n' |
	grep -c '^buildhistory/packages/.*/\(latest\|files-in-package.txt\)$')" 300
like "to the upload's path" "$(cat "$S/log")" "^/buildstats/upload "
like "as zstd" "$(cat "$S/log")" "type=application/zstd "
like "without a token" "$(cat "$S/log")" "auth=- "

first=$OUT
push "$T/rec/A1"
is "again: known" "$STATUS $OUT" "0 $first"
is "and not sent" "$(requests)" 1
push --force "$T/rec/A1"
is "--force sends it" "$STATUS $(requests)" "0 2"
is "in the very same bytes" "$(stored)" 1
push --server "http://localhost:$PORT/buildstats" "$T/rec/A1"
is "another server has not got it yet" "$STATUS $(requests)" "0 3"

forget
push "$T/rec"
is "two builds below a directory" "$STATUS $(wc -l <"$T/out")" "0 2"
is "are two uploads" "$(requests)" 2
is "over one connection" "$(grep -o 'conn=[0-9]*' "$S/log" | sort -u |
	wc -l | tr -d ' ')" 1

# ---- failures and their logs ----
forget
push "$T/rec/F1"
is "the logs of its failed tasks go along, and they alone" \
	"$(tail -n 1 "$S/log" | tr , '\n' | grep -c '^logs/[a-z-]*-1.0-r0/log.do_')" 8
has "under names that tell the task" "$(cat "$S/log")" \
	",logs/patch-fails-1.0-r0/log.do_patch,"
is "stdout has the build alone" "$(wc -l <"$T/out")" 1
push --force --failures "$T/rec/F1"
is "--failures adds them below it" "$(sed -n 2p "$T/out")" \
	"  zlib do_compile: error: no 'x' [1m (new: not seen before) http://127.0.0.1:$PORT/buildstats/f/1"
push "$T/rec/F1"
is "a known build has its line, and no more" "$(wc -l <"$T/out")" 1
push --failures "$T/rec/F1"
is "unless failures are asked for, from the record" \
	"$(wc -l <"$T/out") $(requests)" "2 2"
push -v --force "$T/rec/F1"
has "--verbose shows them on stderr" "$ERR" "  zlib do_compile: error:"
is "and keeps stdout as it is" "$(wc -l <"$T/out")" 1
push -n -v "$T/rec/F1"
has "--dry-run names them" "$OUT" \
	"with logs/patch-fails-1.0-r0/log.do_patch from $T/rec/F1/logs/patch-fails.do_patch.log"
forget
push --no-logs "$T/rec/F1"
not_ok "--no-logs leaves them" grep -q log.do_ "$S/log"
push "$T/rec/F1"
is "and the same build with them is another upload" "$STATUS $(requests)" "0 2"

# bitbake's own layout: console.log tells, else what was written meanwhile.
mkdir -p "$T/alice/conf" "$T/alice/tmp"
touch "$T/alice/conf/local.conf"
cp -r "$T/rec/F1/buildstats" "$T/alice/tmp/"
work=$T/alice/tmp/work/core2-64-oe-linux
temp()
{
	mkdir -p "$work/$1/1.0/temp"
	printf '%s\n' "$3" >"$work/$1/1.0/temp/$2"
	touch -d "@$4" "$work/$1/1.0/temp/$2"
}
started=1795356269
temp patch-fails log.do_patch.10 old $((started - 5000))
temp patch-fails log.do_patch.11 mine $((started + 5))
temp patch-fails log.do_compile.12 passed $((started + 5))
temp missing-header log.do_compile.20 mine $((started + 3))
temp missing-header log.do_compile.21 newer $((started + 4))
ln -s log.do_compile.20 "$work/missing-header/1.0/temp/log.do_compile"
temp broken-syntax log.do_compile.30 said $((started + 2))
temp broken-syntax log.do_compile.31 unsaid $((started + 6))
temp ice-killed log.do_configure.40 later $((started + 9000))
echo "ERROR: Logfile of failure stored in: $work/broken-syntax/1.0/temp/log.do_compile.30" \
	>"$T/alice/console.log"
forget
push -n "$T/alice"
has "the log that was written during the build" "$OUT" \
	"$work/patch-fails/1.0/temp/log.do_patch.11"
has "the one to which bitbake's link points" "$OUT" \
	"$work/missing-header/1.0/temp/log.do_compile"
has "the one that console.log names" "$OUT" \
	"$work/broken-syntax/1.0/temp/log.do_compile.30"
is "and no log of another build or of a task that passed" \
	"$(grep -c "from $work" "$T/out")" 3

# ---- an error report by itself ----
forget
push "$T/rec/F1/error-report/parseerror.txt"
is "an error report by itself" "$STATUS ${OUT%% http*}" \
	"0 failed parseerror.txt 0 tasks, 1 failed"
has "keeps its name" "$(cat "$S/log")" "names=error-report/parseerror.txt"
push "$T/rec/F1/error-report/parseerror.txt"
is "is sent once" "$STATUS $(requests)" "0 1"
push -n "$T/rec/F1/error-report/parseerror.txt"
has "--dry-run says what it is" "$OUT" "parseerror.txt: an error report"

# A build that ended while parsing left a report and no run.
mkdir -p "$T/parse/tmp/log/error-report"
for name in 20250101000000 20261122140428 20261122150000; do
	cp "$T/rec/F1/error-report/parseerror.txt" \
		"$T/parse/tmp/log/error-report/error_report_$name.txt"
	echo "$name" >>"$T/parse/tmp/log/error-report/error_report_$name.txt"
done
forget
push "$T/parse/tmp"
is "without a run the last report is sent" "$STATUS $(requests)" "0 1"
has "alone" "$(cat "$S/log")" "names=error-report/error_report_20261122150000.txt"
cp -r "$T/rec/F1/buildstats" "$T/parse/tmp/"
forget
push "$T/parse/tmp"
is "with runs, what is later than them" "$STATUS $(requests)" "0 2"
has "by itself" "$(tail -n 1 "$S/log")" \
	"names=error-report/error_report_20261122150000.txt"

# ---- ways to name a build ----
forget
mkdir -p "$T/build/conf" "$T/build/tmp/work/buildstats/x" \
	"$T/build/tmp/log/cooker/qemux86-64" "$T/build/tmp/log/error-report"
touch "$T/build/conf/local.conf" "$T/build/tmp/work/buildstats/x/build_stats"
cp -r "$T/rec/A1/buildstats" "$T/build/tmp/"
cp -r "$T/rec/F1/buildstats/$F1" "$T/build/tmp/buildstats/"
cp "$T/rec/F1/error-report/error_report_$F1.txt" \
	"$T/build/tmp/log/error-report/"
echo "Build Configuration:" >"$T/build/tmp/log/cooker/qemux86-64/$A1.log"
ln -s "$A1" "$T/build/tmp/buildstats/latest"
ln -s .. "$T/build/tmp/buildstats/loop"
(cd "$T/build" && push . && echo "$STATUS" >"$T/status")
is "a build directory, by '.'" "$(cat "$T/status")" 0
is "each run once, links and tmp/work left aside" "$(requests)" 2
like "bitbake's own log goes along" "$(grep "$A1/" "$S/log")" "=console.log,"
like "the error report goes with its run" "$(grep "$F1/" "$S/log")" \
	"=error-report/error_report_$F1.txt,"
forget
push "$T/rec/A1/buildstats/$A1/"
is "a run by itself" "$STATUS $(requests)" "0 1"
forget
mkdir -p "$T/old/buildstats/core-image-minimal-qemuarm"
cp -r "$T/rec/F1/buildstats/$F1" "$T/old/buildstats/core-image-minimal-qemuarm"
push "$T/old"
like "runs of before 2016 keep target and machine" "$(cat "$S/log")" \
	"[=,]buildstats/core-image-minimal-qemuarm/$F1/build_stats"
mkdir -p "$T/empty"
push "$T/empty"
is "no buildstats: status 1" "$STATUS" 1
like "and a sentence" "$ERR" "^push-build-results: $T/empty: no buildstats"
push "$T/nowhere"
is "no such path" "$STATUS $ERR" \
	"1 push-build-results: $T/nowhere: No such file or directory"
echo text >"$T/file"
push "$T/file"
is "not a tar" "$STATUS $ERR" "1 push-build-results: $T/file: is not a tar"

# ---- tars ----
forget
push "$BS_SRC/tests/data/F1.tar.zst"
is "a tar" "$STATUS ${OUT%% http*}" "0 failed $F1 75 tasks, 1 failed"
is "is sent as it is" "$(grep -o 'bytes=[0-9]*' "$S/log")" \
	"bytes=$(stat -c %s "$BS_SRC/tests/data/F1.tar.zst")"
zstd -dcq "$BS_SRC/tests/data/F1.tar.zst" >"$T/F1.tar"
push - <"$T/F1.tar"
is "a tar on stdin" "$STATUS ${OUT%% http*}" "0 failed $F1 75 tasks, 1 failed"
ok "is compressed" test "$(tail -n 1 "$S/log" | sed 's/.*bytes=\([0-9]*\).*/\1/')" \
	-lt 40000
gzip -k "$T/F1.tar"
push "$T/F1.tar.gz"
like "gzip stays gzip" "$(tail -n 1 "$S/log")" "type=application/gzip"
push - </dev/null
is "empty stdin" "$STATUS $ERR" "1 push-build-results: stdin: is empty"

# ---- what the options say about the build ----
forget
push --builder vm7 --tag nightly --tag 'two words' --machine qemuarm -v -n \
	"$T/rec/F1"
has "options make a build.json" "$OUT" "build.json made of the options"
has "which is shown" "$OUT" \
	'{"builder":"vm7","machine":"qemuarm","tags":["nightly","two words"]}'
echo '{"uuid":"x","builder":"old","nested":{"a":[1.5]}}' \
	>"$T/rec/F1/build.json"
push --builder vm7 -n "$T/rec/F1"
has "merged into the one that is there" "$OUT" \
	'{"uuid":"x","builder":"vm7","nested":{"a":[1.5]}}'
echo '{"uuid":' >"$T/rec/F1/build.json"
push --builder vm7 "$T/rec/F1"
like "a broken one is named" "$STATUS $ERR" "^1 .*/F1/build.json: no JSON"
rm "$T/rec/F1/build.json"
push -n "$T/rec/F1"
is "--dry-run sends nothing" "$STATUS $(requests)" "0 0"
like "and says where to" "$OUT" "to ${URL}upload without a token"
push -n -t secret "$T/rec/F1"
like "and whether with a token" "$OUT" "with a token"
not_ok "which it doesn't show" grep -q secret "$T/out"
push --token secret "$T/rec/F1"
like "the token goes along" "$(cat "$S/log")" "auth=Bearer_secret "

# ---- configuration ----
forget
mkdir -p "$HOME/.config/buildstats"
printf '%s\n' '# mine' "server = $URL" 'token=abc' 'tags = a, b' \
	'builder = file' >"$HOME/.config/buildstats/config"
unset BUILDSTATS_SERVER
push -n "$T/rec/F1"
has "the user's file is read" "$OUT" '{"builder":"file","tags":["a","b"]}'
BUILDSTATS_BUILDER='env' push -n "$T/rec/F1"
like "the environment wins over it" "$OUT" '"builder":"env"'
BUILDSTATS_BUILDER='env' push -n -b argv -T c "$T/rec/F1"
has "options win over both" "$OUT" '{"builder":"argv","tags":["c"]}'
echo 'colour = red' >>"$HOME/.config/buildstats/config"
push -n "$T/rec/F1"
is "an unknown key" "$STATUS $(head -n 1 "$T/err")" "2 push-build-results: $HOME/.config/buildstats/config line 6: unknown key 'colour'"
rm -r "$HOME/.config"
export BUILDSTATS_SERVER=$URL
push
is "nothing to do" "$STATUS" 2
push --flush
is "--flush without a spool" "$STATUS" 2
push --retries many x
like "a number that is none" "$STATUS $ERR" "^2 push-build-results: --retries: 'many'"
push --server ftp://x/ x
is "a URL that is none" "$STATUS" 2

# ---- a busy server ----
forget
plan 'later 429 1' 'status 503' 'later-date 503 1'
push "$T/rec/F1"
is "429, 503 and 503 with a date: tried again" "$STATUS $(requests)" "0 4"
is "stored once" "$(stored)" 1
forget
plan close half
push --retry-max-time 60 "$T/rec/F1"
is "cut off: tried again" "$STATUS $(stored)" "0 1"
forget
plan 'later 503 3600'
push --retry-max-time 5 "$T/rec/F1"
like "too long to wait" "$STATUS $ERR" "^1 push-build-results: .*503"
is "one try" "$(requests)" 1
forget
plan 'status 502' 'status 502'
push --retries 1 "$T/rec/F1"
is "tries are counted" "$STATUS $(requests)" "1 2"

# ---- a server that says no ----
forget
plan 'status 400 build_stats line 3: no number'
push "$T/rec/F1"
is "its sentence is shown, once" "$STATUS $(requests) $ERR" \
	"1 1 push-build-results: $T/rec/F1/buildstats/$F1: build_stats line 3: no number"
plan 'status 413'
push "$T/rec/F1"
like "a refusal without a sentence" "$ERR" "the server answered 413: too large"
plan 'status 401 a token is needed'
push "$T/rec/F1"
like "401 is final" "$STATUS $ERR" "^1 .*a token is needed"
push --server "http://127.0.0.1:$PORT" "$T/rec/F1"
is "without a path it is sent to /upload" "$STATUS" 0
forget
plan 'status 404'
push --server "http://127.0.0.1:$PORT" "$T/rec/F1"
like "404 there: the path may be missing" "$ERR" "is the path missing"
plan "redirect 302 http://127.0.0.1:$PORT/elsewhere/upload"
push "$T/rec/F1"
like "redirects are not followed" "$STATUS $ERR" \
	"^1 .*redirects to http://127.0.0.1:$PORT/elsewhere; give that"
not_ok "nothing was sent there" grep -q '^/elsewhere' "$S/log"

forget
plan 'status 500'
push "$T/rec"
is "500 is about one build: the others are sent" \
	"$STATUS $(requests) $(stored)" "1 2 1"
forget
plan 'status 403 no'
push "$T/rec"
is "403 is about us: the others aren't tried" \
	"$STATUS $(requests) $(wc -l <"$T/err" | tr -d ' ')" "1 1 2"

# ---- somebody else's server ----
for what in garbage empty big; do
	forget
	plan $what $what
	push --retries 1 "$T/rec/F1"
	is "an answer that is $what" "$STATUS" 1
	like "is named" "$ERR" "^push-build-results: .*answer"
	is "and nothing printed" "$OUT" ""
done
forget
plan control
push "$T/rec/F1"
is "control bytes and blanks stay out of the line" "$OUT" \
	"failed a_[31m_b 1 tasks, 0 failed http://x/y_z"
forget
plan hang
push --timeout 1 --retries 0 "$T/rec/F1"
like "a server that hangs is given up" "$STATUS $ERR" "^1 .*(slow|timed out)"

# ---- no server ----
server_stop
forget
push --retries 0 "$T/rec"
like "gone: status 1 and a sentence" "$STATUS $ERR" "^1 push-build-results: "
like "that names the server" "$ERR" "http://127.0.0.1:$PORT/buildstats: "
is "each build is named" "$(wc -l <"$T/err" | tr -d ' ')" 2

# ---- a proxy ----
server_start
forget
push --proxy "http://127.0.0.1:$PORT" --server http://buildstats.example/x/ \
	"$T/rec/F1"
is "through a proxy that was named" "$STATUS" 0
like "which got the whole URL" "$(cat "$S/log")" \
	"^http://buildstats.example/x/upload "
http_proxy=http://127.0.0.1:$PORT push --server http://other.example/x/ \
	"$T/rec/F1"
is "through the environment's" "$STATUS" 0

# ---- TLS ----
server_stop
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	-keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
cat "$T/key.pem" "$T/cert.pem" >"$T/both.pem"
server_start 0 "$T/both.pem"
URL=https://localhost:$PORT/buildstats/
forget
push --server "$URL" "$T/rec/F1"
like "a certificate that nobody vouches for: refused, once" "$STATUS $ERR" \
	"^1 .*certificate"
push --server "$URL" --cacert "$T/cert.pem" "$T/rec/F1"
is "unless its authority is trusted" "$STATUS $ERR" "0 "
push --server "https://127.0.0.1:$PORT/" --cacert "$T/cert.pem" "$T/rec/F1"
is "for another name: refused" "$STATUS" 1
push --server "$URL" --insecure --force "$T/rec/F1"
like "--insecure takes it, and says so" "$STATUS $ERR" "^0 .*not verified"
is "two were stored in all" "$(requests)" 2

tap_end
