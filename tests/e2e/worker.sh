#!/bin/bash
# worker.sh: what buildstats-fcgi does by itself: options, tokens, forms that
# come in pieces, signals.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck disable=SC2034
STACK_WORKERS=2
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"

FCGI=$BS_INSTALL/sbin/buildstats-fcgi

# ---- options ----
usage()
{
	"$@" >"$STACK/out" 2>&1
	echo "$? $(head -n 1 "$STACK/out")"
}
is "--list-routes is docs/routes.md" "$("$FCGI" --list-routes)" \
	"$(cat "$BS_SRC/docs/routes.md")"
like "an unknown option is wrong usage" "$(usage "$FCGI" --nonsense)" '^2 '
for bad in --workers=-1 --workers=x --workers=1000 --socket-mode=999 \
	--base=x --base=/a//b/ --base=/a --site=ftp://x --site=http:// \
	--site=http://x/ --anonymous-upload=perhaps --max-upload=0 stray; do
	like "$bad is wrong usage, said in one line" \
		"$(usage "$FCGI" "$bad") $(wc -l <"$STACK/out")" \
		'^2 buildstats-fcgi: .* 1$'
done
like "nobody at all to do the work is wrong usage" \
	"$(usage "$FCGI" --workers 0 --background no)" '^2 .*workers'
like "so is a bad variable" \
	"$(usage env BUILDSTATS_WORKERS=many "$FCGI")" '^2 .*BUILDSTATS_WORKERS'
like "no socket is a failure" "$(usage "$FCGI" </dev/null)" '^1 .*no socket'
like "a sheet that is missing, too" \
	"$(usage "$FCGI" --socket "$STACK/x.sock" --xsl-dir /nonexistent)" \
	'^1 .*/nonexistent/page/.*xsl'

# ---- tokens ----
stack_start
stack_admin token add builder-of-token >"$STACK/token"
TOKEN=$(grep -oE '[A-Za-z0-9_-]{20,}' "$STACK/token" | head -n 1)
F1=$BS_SRC/tests/data/F1.tar.zst
A1=$BS_SRC/tests/data/A1.tar.zst
B1=$BS_SRC/tests/data/B1.tar.zst

# send FILE [curl options]: the status, the answer in $STACK/answer.
send()
{
	local file=$1
	shift
	fetch -D "$STACK/head" -o "$STACK/answer" -w '%{http_code}' \
		-H 'Content-Type: application/zstd' "$@" \
		--data-binary "@$file" "${URL}upload"
}
is "an upload with a token is taken" \
	"$(send "$F1" -H "Authorization: Bearer $TOKEN")" 201
is "and belongs to the token's builder" \
	"$(fetch "${URL}builds.json" | json 'd["builds"][0]["builder"]')" \
	builder-of-token
is "again, in chunks, it is the same" "$(send "$F1" \
	-H "Authorization: Bearer $TOKEN" -H 'Transfer-Encoding: chunked')" 200
is "the failures have addresses that answer" "$(http_status \
	"$(json 'd["builds"][0]["failures"][0]["url"]' <"$STACK/answer")")" 200
is "which show that failure" "$(fetch "$(json \
	'd["builds"][0]["failures"][0]["url"]' <"$STACK/answer").json" |
	json 'd["failure"]["id"]')" \
	"$(json 'd["builds"][0]["failures"][0]["id"]' <"$STACK/answer")"
for auth in "Bearer wrong" "Bearer " "Bearer" "Basic eDp5" "$TOKEN" \
	"Bearer $(head -c 2000 /dev/zero | tr '\0' x)"; do
	is "'${auth:0:20}' is refused, though anyone may upload" \
		"$(send "$A1" -H "Authorization: $auth")" 401
	like "with a challenge" "$(cat "$STACK/head")" 'WWW-Authenticate: Bearer'
done
stack_admin token revoke 1 >/dev/null
is "a revoked token is refused" \
	"$(send "$A1" -H "Authorization: Bearer $TOKEN")" 401
is "nothing of that was stored" \
	"$(sql 'select count(*) from build where tasks > 0')" 1
is "without a token it goes" "$(send "$A1")" 201

# ---- pieces ----
id=$(json 'd["builds"][0]["id"]' <"$STACK/answer")
for what in tasks packages; do
	fetch "${URL}build/$id/$what.json?per=all" >"$STACK/all.json"
	for page in 1 2 3 4 5 6 7; do
		fetch "${URL}build/$id/$what.json?page=$page&per=50"
	done >"$STACK/pages.json"
	is "$what: per=all is all pages together" "$(python3 - "$what" \
		"$STACK/all.json" "$STACK/pages.json" <<'END'
import json, sys
what = sys.argv[1]
whole = json.load(open(sys.argv[2]))
text, at, rows = open(sys.argv[3]).read(), 0, []
while at < len(text):
    page, at = json.JSONDecoder().raw_decode(text, at)
    at += len(text[at:]) - len(text[at:].lstrip())
    rows += page[what]
print(whole["total"] == len(whole[what]) and whole["next"] is None
      and (rows == whole[what] or len(rows)))
END
)" True
done
is "HEAD of it is answered" \
	"$(http_status -I "${URL}build/$id/tasks.csv?per=all")" 200
is "a text that isn't kept is 404" \
	"$(http_status "${URL}build/$id/text/nothing")" 404
like "counters count uploads" "$(fetch "${URL}stats.prom")" \
	'buildstats_builds\{status="succeeded"\} 1'

# ---- signals ----
# A worker that waits on a connection does it before the next request.
kill -HUP "${STACK_PIDS[workers]}"
said_by_all()
{
	http_status "${URL}builds?said=$RANDOM" >/dev/null
	[ "$(grep -c "$1" "$STACK/workers.log")" -ge 3 ]
}
ok "SIGHUP loads the sheets in all" stack_wait \
	said_by_all 'sheets loaded anew'
is "and pages are there" "$(http_status "${URL}builds?hup=1")" 200
stack_end workers

# ---- other settings ----
cp -r "$BS_INSTALL/share/buildstats/xsl" "$STACK/xsl"
export BUILDSTATS_XSL_DIR=$STACK/xsl BUILDSTATS_SITE=https://builds.example.org
stack_workers --anonymous-upload no --max-upload 100000 --access-log
ok "workers start again" stack_wait stack_answers
is "without a token nothing is taken" "$(send "$F1")" 401
is "what is too large is refused before that" "$(send "$B1")" 413
like "links begin with --site" \
	"$(fetch "${URL}builds.json?site=1" | json 'd["builds"][0]["url"]')" \
	'^https://builds\.example\.org/buildstats/build/[0-9]+$'
ok "requests are logged" grep -q 'POST upload 413' "$STACK/workers.log"
echo broken >"$STACK/xsl/page/builds.xsl"
kill -HUP "${STACK_PIDS[workers]}"
ok "SIGHUP keeps the old sheets when the new ones are broken" \
	stack_wait said_by_all 'keeping the old sheets'
is "and pages with them" "$(http_status "${URL}builds?hup=2")" 200
unset BUILDSTATS_XSL_DIR BUILDSTATS_SITE
stack_end workers

# ---- the socket as standard input, as systemd passes it ----
cat >"$STACK/activate.py" <<'END'
import os, socket, sys
path = sys.argv[1]
if os.path.exists(path):
    os.unlink(path)
s = socket.socket(socket.AF_UNIX)
s.bind(path)
os.chmod(path, 0o777)
s.listen(16)
os.dup2(s.fileno(), 0)
os.execv(sys.argv[2], sys.argv[2:])
END
stack_activated()
{
	rm -f "$STACK/web/fcgi.sock"
	setpriv --pdeathsig TERM \
		python3 "$STACK/activate.py" "$STACK/web/fcgi.sock" \
		"$FCGI" --db "$DB" >>"$STACK/workers.log" 2>&1 &
	STACK_PIDS[workers]=$!
}
stack_activated
ok "a socket on standard input is served" stack_wait stack_answers
# nginx keeps its connection to the worker open now.
kill -TERM "${STACK_PIDS[workers]}"
ended()
{
	! kill -0 "$1" 2>/dev/null
}
ok "SIGTERM ends a worker with an idle connection" \
	stack_wait ended "${STACK_PIDS[workers]}"
wait "${STACK_PIDS[workers]}"
is "with status 0" $? 0
stack_activated
ok "another one takes its place" stack_wait stack_answers
# It must not be cut short: the signal comes while the upload is read.
send "$B1" >"$STACK/status" &
sender=$!
busy()
{
	[ "$(sql "select count(*) from pg_stat_activity where
		application_name <> 'psql' and xact_start is not null
		and pid <> pg_backend_pid()")" -gt 0 ] ||
		! kill -0 "$sender" 2>/dev/null
}
stack_wait busy
kill -TERM "${STACK_PIDS[workers]}"
wait "$sender"
is "SIGTERM lets an upload be finished" "$(cat "$STACK/status")" 201
ok "and then the worker ends" stack_wait ended "${STACK_PIDS[workers]}"
wait "${STACK_PIDS[workers]}"
is "with status 0" $? 0
ok "no sanitizer spoke" \
	sh -c "! grep -E 'ERROR: .*Sanitizer|runtime error' '$STACK/workers.log'"
tap_end
