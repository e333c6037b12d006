# shellcheck shell=bash
# client_lib.sh: what the client's test scripts share: a directory, a stand-in
# server, runs made from the recordings.

BS_SRC=${BS_SRC:-${top_srcdir:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." &&
	pwd -P)}}
: "${BS_BUILD:?where push-build-results was built}"
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"

[ -x "$BS_BUILD/push-build-results" ] || {
	echo "Bail out! $BS_BUILD/push-build-results: not built"
	exit 1
}
T=$(mktemp -d "${TMPDIR:-/tmp}/client.XXXXXX") || exit 1
S=$T/server
SERVER_PID=
WATCH_PID=
export HOME=$T/home
unset XDG_CONFIG_HOME XDG_STATE_HOME http_proxy https_proxy HTTP_PROXY \
	HTTPS_PROXY all_proxy ALL_PROXY
for name in $(env | sed -n 's/^\(BUILDSTATS_[A-Z_]*\)=.*/\1/p'); do
	unset "$name"
done
mkdir -p "$HOME" "$S"

clean_up()
{
	local status=$?
	touch "$S/go-on"
	server_stop
	watch_stop
	rm -rf "$T"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for()
{
	local tries=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# server_start [PORT [CERTIFICATE]]
server_start()
{
	rm -f "$S/port"
	python3 "$BS_SRC/tests/e2e/client_server.py" "$S" "$@" &
	SERVER_PID=$!
	wait_for 20 test -s "$S/port" || {
		echo "Bail out! the stand-in server doesn't start"
		exit 1
	}
	PORT=$(cat "$S/port")
	URL=http://127.0.0.1:$PORT/buildstats/
	export BUILDSTATS_SERVER=$URL
}

server_stop()
{
	[ -n "$SERVER_PID" ] || return 0
	kill "$SERVER_PID" 2>/dev/null
	wait "$SERVER_PID" 2>/dev/null
	SERVER_PID=
}

watch_stop()
{
	[ -n "$WATCH_PID" ] || return 0
	kill "$WATCH_PID" 2>/dev/null
	wait "$WATCH_PID" 2>/dev/null
	WATCH_PID=
}

plan()
{
	printf '%s\n' "$@" >"$S/plan"
}

# has DESCRIPTION TEXT PART: TEXT contains PART.
has()
{
	case $2 in
	*"$3"*) tap 0 "$1" ;;
	*)
		tap 1 "$1"
		diag "got:     ${2:0:600}"
		diag "want it: $3"
		;;
	esac
}

# Forgets what the server saw and stored and what the client remembers.
forget()
{
	: >"$S/log"
	: >"$S/stored"
	: >"$S/plan"
	rm -rf "$S/go-on" "$HOME/.local" "$T/spool"
}

requests()
{
	wc -l <"$S/log" | tr -d ' '
}

stored()
{
	wc -l <"$S/stored" | tr -d ' '
}

# push ARGUMENT...: sets OUT, ERR and STATUS.
# shellcheck disable=SC2034
push()
{
	STATUS=0
	"$BS_BUILD/push-build-results" "$@" >"$T/out" 2>"$T/err" || STATUS=$?
	OUT=$(cat "$T/out")
	ERR=$(cat "$T/err")
}

unpack()
{
	mkdir -p "$2" && tar --zstd -xf "$BS_SRC/tests/data/$1.tar.zst" -C "$2" \
		--no-same-owner
}
