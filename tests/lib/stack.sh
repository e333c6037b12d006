# shellcheck shell=bash
# stack.sh: PostgreSQL, workers and nginx for one test script, with what was
# installed below BS_INSTALL, all in a directory that goes away with it.
#
#     stack_start [OPTION OF buildstats-fcgi...]
#     URL   http://127.0.0.1:PORT/buildstats/     BASE  the same as far as PORT
#     DB    conninfo                              STACK the directory
#
# Needs tap.sh.  Settings: STACK_WORKERS, STACK_RATE (uploads a second).

: "${BS_INSTALL:?where buildstats is installed}"
BS_SRC=${BS_SRC:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
STACK=$(mktemp -d "${TMPDIR:-/tmp}/stack.XXXXXX") || exit 1
chmod 755 "$STACK"
PATH=$PATH:/usr/sbin:/sbin
declare -A STACK_PIDS=()

stack_user()
{
	if [ "$EUID" = 0 ]; then echo nobody; else id -un; fi
}

# stack_run NAME COMMAND...: in the background, unprivileged.
stack_run()
{
	local name=$1 ids=()
	shift
	if [ "$EUID" = 0 ]; then
		ids=(--reuid=nobody --regid=nogroup --clear-groups)
	fi
	setpriv --pdeathsig TERM "${ids[@]}" "$@" \
		</dev/null >>"$STACK/$name.log" 2>&1 &
	STACK_PIDS[$name]=$!
}

stack_wait()
{
	local tries=300
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# A port that was free a moment ago.
stack_port()
{
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

stack_nginx_conf()
{
	local share=$BS_INSTALL/share/buildstats/nginx dir=$STACK/web
	cat <<-END
		worker_processes 1;
		daemon off;
		pid $dir/nginx.pid;
		error_log stderr warn;
		events { worker_connections 512; }
		http {
			include /etc/nginx/mime.types;
			access_log off;
			client_body_temp_path $dir/body;
			fastcgi_temp_path $dir/fastcgi;
			proxy_temp_path $dir/proxy;
			uwsgi_temp_path $dir/uwsgi;
			scgi_temp_path $dir/scgi;
			include $share/buildstats-http.conf;
			upstream buildstats {
				server unix:$dir/fcgi.sock max_fails=0;
				keepalive $((${STACK_WORKERS:-4} / 2));
				keepalive_timeout 10s;
			}
			fastcgi_cache_path $dir/cache levels=2 use_temp_path=off
				keys_zone=buildstats:4m inactive=10s;
			limit_req_zone \$buildstats_upload_client
				zone=buildstats_upload:1m rate=${STACK_RATE:-1000}r/s;
			limit_conn_zone \$buildstats_upload_client
				zone=buildstats_busy:1m;
			limit_req_zone \$buildstats_upload_client
				zone=buildstats_live:1m rate=1000r/s;
			server {
				listen 127.0.0.1:$PORT;
				server_name localhost;
				include $share/buildstats-locations.conf;
			}
		}
	END
}

stack_workers()
{
	stack_run workers "$BS_INSTALL/sbin/buildstats-fcgi" --db "$DB" \
		--socket "$STACK/web/fcgi.sock" --workers "${STACK_WORKERS:-4}" \
		--spool "$STACK/web/spool" "$@"
}

# Pids of the workers; of the process that works in the background.
stack_worker_pids()
{
	ps -o pid=,comm= --ppid "${STACK_PIDS[workers]}" |
		awk '$2 != "background" { print $1 }' | sort -n
}

stack_background_pid()
{
	ps -o pid=,comm= --ppid "${STACK_PIDS[workers]}" |
		awk '$2 == "background" { print $1 }'
}

stack_answers()
{
	curl -fsS -o /dev/null --max-time 5 "${URL}health"
}

stack_admin()
{
	"$BS_INSTALL/sbin/buildstats-admin" --db "$DB" "$@"
}

stack_nginx()
{

	for _ in 1 2 3; do
		PORT=$(stack_port)
		stack_nginx_conf >"$STACK/nginx.conf"
		stack_run nginx nginx -e stderr -p "$STACK/web" \
			-c "$STACK/nginx.conf"
		BASE=http://127.0.0.1:$PORT
		URL=$BASE/buildstats/
		stack_wait stack_listening && return
	done
	return 1
}

# Dead or listening.
stack_listening()
{
	(exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}

stack_start()
{
	trap stack_stop EXIT
	trap 'exit 1' INT TERM HUP
	DB=$(sh "$BS_SRC/tests/lib/pg.sh" start "$STACK" \
		"${STACK_FSYNC:-fsync=off}") || stack_fail "PostgreSQL"
	mkdir -p "$STACK/web/cache" "$STACK/web/spool"
	[ "$EUID" != 0 ] || chown -R nobody "$STACK/web"
	stack_admin migrate >"$STACK/migrate.log" 2>&1 || stack_fail migrate
	stack_workers "$@"
	stack_nginx || stack_fail nginx
	stack_wait stack_answers || stack_fail workers
}

# The cluster's directory and the program that stops and starts it, for
# stack_as_owner: it refuses to run as root.
stack_pg_data()
{
	echo "$(cat "$STACK/pg")/data"
}

stack_pg_ctl()
{
	printf '%s\n' /usr/lib/postgresql/*/bin/pg_ctl | sort -V | tail -n 1
}

stack_as_owner()
{
	local data
	data=$(stack_pg_data)
	if [ "$EUID" = 0 ]; then
		(cd / && setpriv --reuid="$(stat -c %U "$data")" \
			--clear-groups --regid="$(stat -c %G "$data")" "$@")
	else
		(cd / && "$@")
	fi
}

# The most that any worker has used so far, in KiB.
stack_peak_memory()
{
	local pid
	for pid in $(stack_worker_pids); do
		awk '/^VmHWM/ { print $2 }' "/proc/$pid/status"
	done | sort -n | tail -n 1
}

stack_fail()
{
	echo "Bail out! $1 doesn't start"
	tail -n 30 "$STACK"/*.log 2>/dev/null | sed 's/^/# /'
	exit 1
}

stack_end()
{
	[ -n "${STACK_PIDS[$1]-}" ] || return 0
	kill "${STACK_PIDS[$1]}" 2>/dev/null
	wait "${STACK_PIDS[$1]}" 2>/dev/null
	unset "STACK_PIDS[$1]"
}

stack_stop()
{
	local status=$?
	trap '' INT TERM HUP
	stack_end nginx
	stack_end workers
	sh "$BS_SRC/tests/lib/pg.sh" stop "$STACK"
	if [ "$status" != 0 ] && [ -n "${BS_LOGS-}" ]; then
		tail -n 100 "$STACK"/*.log >"$BS_LOGS/$(basename "$0" .sh).servers" \
			2>/dev/null
	fi
	rm -rf "$STACK"
	exit "$status"
}

# ---- what tests ask ----

fetch()
{
	curl -sS --max-time 60 "$@"
}

# http_status URL [curl options]
http_status()
{
	local url=$1
	shift
	fetch -o /dev/null -w '%{http_code}' "$@" "$url"
}

# upload FILE: prints the answer and, on a last line, the status.
upload()
{
	fetch -w '\n%{http_code}\n' -H 'Content-Type: application/x-tar' \
		--data-binary "@$1" "${URL}upload"
}

# json PYTHON-EXPRESSION: evaluates it with d, the document on standard input.
json()
{
	python3 -c 'import json, sys
d = json.load(sys.stdin)
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v))' "$1"
}

sql()
{
	psql -X -A -t -q -d "$DB" -c "$1"
}
