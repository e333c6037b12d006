#!/bin/bash
# nginx.sh: the site file is valid, and the locations do what they say.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
# shellcheck disable=SC2034
STACK_RATE=1
# shellcheck source=tests/lib/stack.sh
. "$BS_SRC/tests/lib/stack.sh"

# ---- the site file, as installed, inside Debian's nginx.conf ----
site_test()
{
	local dir=$STACK/site share=$BS_INSTALL/share/buildstats/nginx
	mkdir -p "$dir/log" "$dir/cache"
	sed -e "s,/var/log/nginx,$dir/log," -e "s,/var/lib/nginx,$dir/cache," \
		-e 's,listen 80;,listen 127.0.0.1:65080;,' \
		-e 's,listen \[::\]:80;,,' "$share/buildstats.conf" \
		>"$dir/site.conf"
	cat >"$dir/nginx.conf" <<-END
		pid $dir/nginx.pid;
		events {}
		http {
			include /etc/nginx/mime.types;
			client_body_temp_path $dir/body;
			fastcgi_temp_path $dir/fastcgi;
			proxy_temp_path $dir/proxy;
			uwsgi_temp_path $dir/uwsgi;
			scgi_temp_path $dir/scgi;
			include $dir/site.conf;
		}
	END
	nginx -t -e stderr -p "$dir" -c "$dir/nginx.conf" 2>&1 |
		tee "$dir/said"
	! grep -qE 'warn|emerg' "$dir/said" && grep -q successful "$dir/said"
}
ok "nginx -t accepts the site file without a warning" site_test

stack_start

headers()
{
	fetch -D - -o /dev/null "$@" | tr -d '\r'
}

# ---- security headers, once each, on every kind of answer ----
for path in buildstats/ buildstats/builds.json buildstats/nonsense nonsense \
	buildstats/static/style.css buildstats/health; do
	got=$(headers "$BASE/$path")
	for name in Content-Security-Policy X-Content-Type-Options \
		Referrer-Policy X-Frame-Options; do
		is "/$path has one $name" \
			"$(grep -ci "^$name:" <<<"$got")" 1
	done
	not_ok "/$path doesn't tell versions" \
		grep -qiE '^(server: nginx/|x-powered-by)' <<<"$got"
done
policy=$(headers "$URL" | grep -i '^Content-Security-Policy:')
like "the policy allows nothing by default" "$policy" "default-src 'none'"
not_ok "and nothing inline" grep -q unsafe <<<"$policy"

# ---- redirects: GET only ----
like "/ leads to the base path" "$(headers "$BASE/")" \
	'302 [^:]*.*Location: /buildstats/'
like "/buildstats too" "$(headers "$BASE/buildstats")" \
	'301 [^:]*.*Location: /buildstats/'
is "a POST to / is no redirect" "$(http_status "$BASE/" -d x)" 405
is "a POST to /buildstats neither" "$(http_status "$BASE/buildstats" -d x)" 405

# ---- compression, static files ----
like "JSON is compressed" \
	"$(headers --compressed "${URL}builds.json?per=1000")$(headers \
		-H 'Accept-Encoding: gzip' "${URL}metrics.json")$(headers \
		-H 'Accept-Encoding: gzip' "${URL}static/style.css")" \
	'Content-Encoding: gzip'
like "a versioned file is kept for ever" \
	"$(headers "${URL}static/style.css?v=1")" 'Cache-Control: .*immutable'
not_ok "others are not" \
	grep -q immutable <<<"$(headers "${URL}static/style.css")"
like "a style sheet has its type" "$(headers "${URL}static/style.css")" \
	'Content-Type: text/css'

# ---- the micro-cache ----
# Pages say when they were made: the same text means that it came from the
# cache.  Sunk in the database's count of transactions, not in time.
made()
{
	sql 'select pg_stat_clear_snapshot()' >/dev/null
	fetch "$@" | sed -n 's/.*now="\([^"]*\)".*/\1/p'
}
url="${URL}builds.xml?cache=1"
is "a repeated read comes from the cache" "$(made "$url")" "$(made "$url")"
first=$(made "$url")
refreshed()
{
	[ "$(made "$url")" != "$first" ]
}
ok "and is made anew after seconds" stack_wait refreshed
first=$(made "$url")
not_ok "who has a token is not served from it" \
	test "$(made -H 'Authorization: Bearer x' "$url")" = "$first"
not_ok "nor who has a cookie" \
	test "$(made -H 'Cookie: a=b' "$url")" = "$first"
not_ok "nor another host" \
	test "$(fetch -H 'Host: other.example' "$url" | grep -c "$PORT")" != 0

# ---- limits ----
head -c 70000000 /dev/zero >"$STACK/large"
got=$(fetch -i --data-binary "@$STACK/large" "${URL}upload")
like "70 MB are 413" "$got" '^HTTP/1.1 (100|413)'
like "as JSON" "$got" '"status":413'
is "a large body for a page is refused" \
	"$(http_status "${URL}builds" --data-binary "@$BS_SRC/tests/data/B1.tar.zst")" 413
long=$(head -c 20000 /dev/zero | tr '\0' a)
is "large headers are 431" "$(http_status "$URL" -H "X: $long")" 431
is "a long address is 414" "$(http_status "$URL?$long")" 414
is "TRACE is 405" "$(http_status "$URL" -X TRACE)" 405
is "rubbish is 400" "$(printf 'RUBBISH\r\n\r\n' |
	timeout 5 bash -c "exec 3<>/dev/tcp/127.0.0.1/$PORT; cat >&3
		head -n 1 <&3" | cut -d' ' -f2)" 400

for path in 'builds%00' 'static/%00' 'builds.json%00.json'; do
	got=$(fetch -i "$URL$path")
	like "/$path is 400" "$got" '^HTTP/1.1 400'
	like "in our own words" "$got" 'not a request that HTTP knows'
done

many()
{
	local i
	for ((i = 0; i < 150; i++)); do
		http_status "${URL}upload" -d x
		echo
	done
}
many >"$STACK/many"
ok "uploads beyond the rate are 429" grep -qx 429 "$STACK/many"
ok "but not the first hundred" test "$(grep -cvx 429 "$STACK/many")" -ge 100
got=$(fetch -i "${URL}upload" -d x)
like "as JSON" "$got" '"status":429'
like "with Retry-After" "$got" 'Retry-After: [1-9]'
is "reading goes on" "$(http_status "${URL}builds?r=1")" 200

tap_end
