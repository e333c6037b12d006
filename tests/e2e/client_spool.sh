#!/bin/bash
# client_spool.sh: what could not be sent is kept, sent later, sent once.
# shellcheck source=tests/e2e/client_lib.sh
. "$(dirname "$0")/client_lib.sh"

unpack A1 "$T/rec/A1"
unpack F1 "$T/rec/F1"
A1=20261122125347
F1=20261122140428
SPOOL=$T/spool
server_start

kept()
{
	find "$SPOOL" -name '*.tar*' ! -name '*.refused' 2>/dev/null | wc -l |
		tr -d ' '
}

# ---- nothing to keep ----
forget
push --spool "$SPOOL" "$T/rec/F1"
is "a build that can be sent is sent" "$STATUS $(stored)" "0 1"
is "and nothing stays in the spool" "$(kept)" 0
is "which is for its owner alone" "$(stat -c %a "$SPOOL")" 700
push --spool "$SPOOL" "$T/rec/F1"
is "again: known from the spool's record" \
	"$STATUS $(requests) ${OUT%% http*}" "0 1 failed $F1 75 tasks, 1 failed"

# ---- offline, then flush ----
forget
server_stop
push --spool "$SPOOL" --retries 0 "$T/rec"
is "offline: status 1" "$STATUS" 1
has "says where it is kept" "$ERR" "kept in $SPOOL for --flush"
is "both are kept" "$(kept)" 2
ok "whole" sh -c "for f in '$SPOOL'/*.tar.zst; do tar -tf \"\$f\" || exit 1; done"
has "described" "$(cat "$SPOOL/$F1"-*.json)" "\"server\":\"${URL%/}\""
push --spool "$SPOOL" --retries 0 "$T/rec"
is "again offline: kept once" "$STATUS $(kept)" "1 2"
push --spool "$SPOOL" --flush --retries 0
is "flush, still offline: status 1, all kept" "$STATUS $(kept)" "1 2"
has "attempts are counted" "$(cat "$SPOOL/$A1"-*.json)" '"attempts":3'

server_start
push --spool "$SPOOL" --flush --dry-run
is "a dry flush" "$STATUS $(requests) $(grep -vc '^ ' "$T/out")" "0 0 2"
is "shows what is in them" "$(grep -c '^  file .*/build_stats, ' "$T/out")" 2
push --spool "$SPOOL" --flush
is "flush: both sent" "$STATUS $(stored) $(kept)" "0 2 0"
is "a line each" "$(sort "$T/out" | sed 's/ http.*//')" \
	"failed $A1 344 tasks, 1 failed
failed $F1 75 tasks, 1 failed"
is "nothing is left behind" "$(find "$SPOOL" -type f ! -name 'sent*')" ""
push --spool "$SPOOL" --flush
is "an empty flush is well" "$STATUS $(requests)" "0 2"
push --spool "$SPOOL" "$T/rec"
is "the originals are known" "$STATUS $(requests) $(wc -l <"$T/out" |
	tr -d ' ')" "0 2 2"
push --spool "$T/none" --flush
is "a spool that isn't there is empty" "$STATUS $ERR" "0 "

# ---- two flushes at once ----
forget
server_stop
push --spool "$SPOOL" --retries 0 "$T/rec"
server_start
plan slow slow
"$BS_BUILD/push-build-results" --spool "$SPOOL" --flush >"$T/out1" 2>&1 &
one=$!
wait_for 20 grep -q slow "$S/log"
"$BS_BUILD/push-build-results" --spool "$SPOOL" --flush >"$T/out2" 2>&1 &
two=$!
wait_for 20 test "$(grep -c slow "$S/log")" = 2
touch "$S/go-on"
wait $one
first=$?
wait $two
is "both flushes succeed" "$first $?" "0 0"
is "each build was sent once" "$(grep -c upload "$S/log") $(kept)" "2 0"
is "and has one line" "$(cat "$T/out1" "$T/out2" | wc -l | tr -d ' ')" 2

# ---- killed while sending ----
forget
plan slow
"$BS_BUILD/push-build-results" --spool "$SPOOL" "$T/rec/A1" >"$T/out1" 2>&1 &
one=$!
wait_for 20 grep -q slow "$S/log"
kill -9 $one
{ wait $one; } 2>/dev/null
touch "$S/go-on"
is "killed: it is kept" "$(kept)" 1
touch "$SPOOL/.new-abcdef"
push --spool "$SPOOL" --flush
is "and flushed" "$STATUS $(kept)" "0 0"
is "stored once, whatever the server saw" "$(stored)" 1
is "left temporary files are swept" "$(find "$SPOOL" -name '.new*')" ""

# ---- refused for good ----
forget
plan 'status 415 no'
push --spool "$SPOOL" "$T/rec/F1"
is "a refused build isn't kept: it can be packed again" "$STATUS $(kept)" "1 0"
server_stop
push --spool "$SPOOL" --retries 0 "$T/rec/F1"
server_start
plan 'status 400 build_stats line 2: no'
push --spool "$SPOOL" --flush
has "refused in a flush: its sentence" "$STATUS $ERR" "build_stats line 2: no"
is "it is set aside" "$(find "$SPOOL" -name '*.refused' | wc -l |
	tr -d ' ') $(kept)" "1 0"
push --spool "$SPOOL" --flush
is "and not sent again" "$STATUS $(requests)" "0 2"
forget
plan 'status 403 another token'
push --spool "$SPOOL" "$T/rec/F1"
is "a wrong token: kept" "$STATUS $(kept)" "1 1"
push --spool "$SPOOL" --flush
is "until there is a right one" "$STATUS $(stored)" "0 1"

forget
plan 'status 500'
push --spool "$SPOOL" "$T/rec"
is "one that the server fails on is kept, the other sent" \
	"$STATUS $(kept) $(stored)" "1 1 1"
plan 'status 500'
push --spool "$SPOOL" --flush
is "and stays until it is taken" "$STATUS $(kept)" "1 1"

# ---- a spool that cannot be ----
push --spool /proc/nowhere "$T/rec/F1"
like "no spool, no silence" "$STATUS $ERR" "^1 push-build-results: "

# ---- the record ----
forget
push --state "$T/state" "$T/rec/F1"
is "the record can lie elsewhere" "$(wc -l <"$T/state/sent" | tr -d ' ')" 1
printf 'torn' >>"$T/state/sent"
push --state "$T/state" --force "$T/rec/F1"
push --state "$T/state" "$T/rec/F1"
is "a torn line costs nothing" "$STATUS $(requests)" "0 2"
line=$(head -n 1 "$T/state/sent")
for i in $(seq 11100); do
	printf '%064d%s\n' "$i" "${line:64}"
done >"$T/state/sent"
push --state "$T/state" "$T/rec/A1"
is "it keeps the latest ten thousand" "$(wc -l <"$T/state/sent" |
	tr -d ' ')" 10001

tap_end
