#!/bin/bash
# quickstart.sh root|user: ./quickstart as a new person uses it.
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
mode=$1
# Without a directory of its own it would work in /.
T=${TMPDIR:?a directory that may be filled}
H=$T/home
OTHER=$T/builds
PATH=$PATH:/usr/sbin:/sbin
unset XDG_STATE_HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME

if [ "$mode" = root ] && [ "$EUID" != 0 ]; then
	skip "only root can try it as root"
	tap_end
	exit
fi
# Root's home is closed to others, as Debian makes it.
mkdir -p "$H" "$OTHER"
chmod 700 "$H"
WHO=()
if [ "$mode" = user ] && [ "$EUID" = 0 ]; then
	WHO=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	chown nobody "$H"
fi
# What the environment may bring along must not matter.
quickstart()
{
	(cd "$T" && "${WHO[@]}" env -u TMPDIR HOME="$H" http_proxy=http://127.0.0.1:9/ \
		PGHOST=/nonexistent PGUSER=nobody BUILDSTATS_TOKEN=x \
		BUILDSTATS_SERVER=http://127.0.0.1:9/ \
		"$BS_SRC/quickstart" "$@" </dev/null)
}

free_port()
{
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

fetch()
{
	curl -sS --noproxy '*' --max-time 30 "$@"
}

total()
{
	fetch "${URL}builds.json?t=$RANDOM$RANDOM" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["total"])'
}

wait_for()
{
	local tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# Where everything is: as root not in that home.
data_dir()
{
	local state=$H/.local/state/buildstats
	if [ -d "$state/data" ]; then
		realpath "$state/data"
	else
		realpath "$state"
	fi
}

# PID USER PROGRAM of all processes that live in the data directory.
processes()
{
	local proc cwd
	for proc in /proc/[0-9]*; do
		cwd=$(readlink "$proc/cwd") || continue
		case $cwd/ in "$1"/*) ;; *) continue ;; esac
		printf '%s %s %s\n' "${proc#/proc/}" "$(stat -c %U "$proc")" \
			"$(basename "$(readlink "$proc/exe")")"
	done 2>/dev/null
}

none_left()
{
	[ -z "$(processes "$D")" ]
}

# Addresses that the processes of the data directory listen on.
listening()
{
	python3 - "$D" <<'END'
import glob, os, re, sys
inodes = set()
for proc in glob.glob("/proc/[0-9]*"):
    try:
        if not (os.readlink(proc + "/cwd") + "/").startswith(sys.argv[1] + "/"):
            continue
        for fd in os.listdir(proc + "/fd"):
            m = re.match(r"socket:\[(\d+)\]", os.readlink(proc + "/fd/" + fd))
            if m:
                inodes.add(m.group(1))
    except OSError:
        pass
for table in ("tcp", "tcp6", "udp", "udp6"):
    for line in open("/proc/net/" + table).read().splitlines()[1:]:
        f = line.split()
        if f[9] in inodes and (f[3] == "0A" or table.startswith("udp")):
            print(table, f[1].split(":")[0])
END
}

clean_up()
{
	quickstart stop >/dev/null 2>&1
	[ -z "${D-}" ] || case $D in
	/var/lib/buildstats-quickstart/?*) rm -rf "$D" ;;
	esac
	rmdir /var/lib/buildstats-quickstart 2>/dev/null
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# ---- wrong usage ----
for arguments in "--port 0" "--port 70000" "--port x" "--nonsense" "--state" \
	"stop --port 80" "check --detach" "bench x"; do
	# shellcheck disable=SC2086
	quickstart $arguments >"$T/out" 2>"$T/err"
	is "$mode: \"$arguments\" is wrong usage" $? 2
done
quickstart --help >"$T/out"
is "$mode: --help is not" $? 0
ok "$mode: stop where nothing runs" quickstart stop
not_ok "$mode: a state directory with other things is refused" \
	quickstart --state "$BS_SRC"
not_ok "$mode: builds that are not there are refused" \
	quickstart --buildstats "$T/nowhere"

# ---- the first start ----
PORT=$(free_port)
URL=http://localhost:$PORT/buildstats/
quickstart run --detach --port "$PORT" >"$T/out" 2>"$T/err"
status=$?
is "$mode: run --detach" "$status" 0 || {
	diag "$(cat "$T/err")"
	tap_end
	exit 1
}
is "$mode: prints the URL, and nothing else" "$(cat "$T/out")" "$URL"
D=$(data_dir)
is "$mode: the page answers" \
	"$(fetch -o /dev/null -w '%{http_code}' "$URL")" 200
is "$mode: over IPv6 too" "$(fetch -o /dev/null -w '%{http_code}' \
	"http://[::1]:$PORT/buildstats/")" 200
is "$mode: the four recorded builds are there" "$(total)" 4
like "$mode: and the page shows one" "$(fetch "$URL")" 20261122125228
if [ "$mode" = root ]; then
	nothing "root: no server runs as root" "$(processes "$D" |
		grep ' root ' | grep -v ' bash$')"
	like "root: the data left root's closed home" "$D" \
		'^/var/lib/buildstats-quickstart/'
else
	is "user: all servers run as the user" "$(processes "$D" |
		cut -d' ' -f2 | sort -u)" \
		"$(stat -c %U "$H")"
fi
# Their parent, and the one in the background.
is "$mode: four workers" "$(processes "$D" |
	grep -c ' buildstats-fcgi$')" 6
nothing "$mode: nothing listens but on loopback" "$(listening |
	grep -vE '^tcp 0100007F$|^tcp6 00000000000000000000000001000000$')"
ok "$mode: and something does" test "$(listening | wc -l)" -ge 1

# ---- again, beside it ----
quickstart --detach >"$T/out" 2>"$T/err"
is "$mode: run --detach once more" "$?:$(cat "$T/out")" "0:$URL"
quickstart run --port "$PORT" >"$T/out" 2>"$T/err"
is "$mode: in the foreground that is refused" $? 1
like "$mode: with a word why" "$(cat "$T/err")" "already running"
quickstart --port "$PORT" --state "$H/second" >"$T/out" 2>"$T/err"
is "$mode: a port in use is refused" $? 1
like "$mode: and says what to do" "$(cat "$T/err")" "--port"

# ---- sending to it ----
tar -C "$OTHER" --zstd -xf "$BS_SRC/tests/data/F1.tar.zst"
mv "$OTHER"/buildstats/2* "$T/late"
sed -i 's/vm /othervm /' "$T/late/build_stats"
chmod -R a+rX "$T/late" "$OTHER"
out=$("${WHO[@]}" env -u TMPDIR HOME="$H" no_proxy=localhost \
	"$D/install/bin/push-build-results" --server "$URL" "$T/late" 2>"$T/err")
like "$mode: push-build-results sends a build" "$out" \
	'^failed .* 75 tasks, 8 failed http://[^ ]+$'
is "$mode: and its URL works" \
	"$(fetch -o /dev/null -w '%{http_code}' "${out##* }")" 200
is "$mode: it is found" "$(total)" 5

# ---- a server that dies comes back ----
victim=$(processes "$D" | awk '$3 == "nginx" { print $1; exit }')
kill -KILL "$victim"
back()
{
	! [ -d "/proc/$victim/fd" ] && fetch -f -o /dev/null "$URL"
}
ok "$mode: nginx killed is started again" wait_for 20 back

# ---- the end, and a new start ----
ok "$mode: stop" quickstart stop
ok "$mode: leaves no process" none_left
not_ok "$mode: and no port" fetch -o /dev/null "$URL"

# ---- in the foreground, another directory, which is watched ----
mkdir -p "$OTHER/more"
quickstart --port "$PORT" --buildstats "$OTHER" >"$T/out" 2>"$T/err" &
shell=$!
printed()
{
	[ -s "$T/out" ] || ! kill -0 "$shell"
}
wait_for 200 printed
is "$mode: in the foreground it prints the URL" "$(cat "$T/out")" "$URL"
is "$mode: what was there is there" "$(total)" 5
cp -r "$T/late" "$OTHER/more/20261122200000"
sed -i -e 's/othervm /thirdvm /' "$OTHER/more/20261122200000/build_stats"
six()
{
	[ "$(total)" = 6 ]
}
ok "$mode: a build dropped into the directory appears" wait_for 60 six
supervisor=$(cut -d' ' -f1 "$D/run/supervisor.pid")
kill -INT "$supervisor"
wait "$shell"
is "$mode: an interrupt ends it in good order" $? 0
ok "$mode: and leaves no process" none_left

# ---- killed without a chance to clean up ----
quickstart --detach --port "$PORT" >"$T/out" 2>"$T/err"
is "$mode: it starts again" "$(cat "$T/out")" "$URL"
kill -KILL "$(cut -d' ' -f1 "$D/run/supervisor.pid")"
ok "$mode: when the supervisor is killed its servers end" \
	wait_for 30 none_left
ok "$mode: stop finds nothing more to do" quickstart stop
quickstart --detach --port "$PORT" >"$T/out" 2>"$T/err"
is "$mode: and a new start goes well" "$?:$(total)" 0:6
quickstart stop >/dev/null 2>&1

# ---- a broken step says what to do ----
echo 99 >"$D/pg/PG_VERSION"
quickstart --detach --port "$PORT" >"$T/out" 2>"$T/err"
is "$mode: a cluster of another version is refused" $? 1
like "$mode: and says what to install" "$(cat "$T/err")" postgresql-99
ok "$mode: nothing is left of that" none_left

tap_end
