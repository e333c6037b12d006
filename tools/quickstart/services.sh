# shellcheck shell=bash
# services.sh: starts the servers, starts them again when they die, and ends
# them all.
#
# The supervisor is the shell that ran pg_spawn and the others.  Each server
# is its child, in a session of its own so that Ctrl-C reaches the shell only,
# and asks the kernel for a signal should the shell be killed.

declare -A CHILD=()   # name -> pid
declare -A DEATHS=()  # name -> how often it died lately
declare -A DIED_AT=() # name -> when, in seconds of this shell
SERVERS='watcher nginx workers postgres' # in the order of stopping

# spawn NAME USER SIGNAL COMMAND...: SIGNAL ends it if we are killed.
spawn()
{
	local name=$1 user=$2 signal=$3 ids=()
	shift 3
	if am_root && [ "$user" != root ]; then
		ids=(--reuid="$user" --regid="$(id -g "$user")" --init-groups)
	fi
	(
		cd "$DATA" || exit 1
		exec 9>&-
		exec env "${CLEAN_ENV[@]}" setsid setpriv --pdeathsig "$signal" "${ids[@]}" "$@"
	) </dev/null >>"$DATA/log/$name.log" 2>&1 &
	CHILD[$name]=$!
	pid_save "$RUN/$name.pid" $!
}

workers_spawn()
{
	spawn workers "$WEB_USER" TERM "$DATA/install/sbin/buildstats-fcgi" \
		--db "$(pg_conninfo)" --socket "$RUN/web/fcgi.sock" \
		--workers "$NGINX_WORKERS" --base /buildstats/ \
		--spool "$DATA/live" --raw "$DATA/raw" \
		--xsl-dir "$DATA/install/share/buildstats/xsl"
}

# What is there already is imported before the page is announced, so that it
# isn't empty; not longer than people wait, the watcher does the rest.
import_first()
{
	(cd "$DATA" && as "$WATCH_USER" timeout 60 \
		"$DATA/install/bin/push-build-results" --server "$URL" \
		--spool "$DATA/spool" --state "$DATA/sent" "$BUILDSTATS") \
		</dev/null >&2 2>"$DATA/log/import.log" 9>&- ||
		say "Not all of $BUILDSTATS could be imported yet:" \
			"$(tail -n 1 "$DATA/log/import.log")"
}

watcher_spawn()
{
	spawn watcher "$WATCH_USER" TERM \
		"$DATA/install/bin/push-build-results" --server "$URL" \
		--spool "$DATA/spool" --state "$DATA/sent" \
		--watch "$BUILDSTATS"
}

child_alive()
{
	[ -n "${CHILD[$1]-}" ] && ! pid_gone "${CHILD[$1]}"
}

# ready NAME SECONDS COMMAND...: waits until a server answers; a server that
# dies meanwhile ends the waiting.
ready()
{
	local name=$1 seconds=$2 tries
	shift 2
	for ((tries = 0; tries < seconds * 10; tries++)); do
		"$@" >/dev/null 2>&1 && return
		child_alive "$name" || break
		sleep 0.1
	done
	show_tail "$DATA/log/$name.log"
	fail "$name doesn't start; the log's end is above." \
		"The whole log: $DATA/log/$name.log"
}

# Asked for by another address than people use: that one shall not come from
# nginx's cache as it was before the builds were imported.
page_answers()
{
	curl -fsS --noproxy '*' -o /dev/null --max-time 5 "$URL?starting"
}

# Every server's signal for an orderly end; postgres must not wait for its
# clients (INT), nginx shall finish what it is sending (QUIT).
stop_signal()
{
	case $1 in
	postgres) echo INT ;;
	nginx) echo QUIT ;;
	*) echo TERM ;;
	esac
}

# stop_pid NAME PID: asks, waits, insists.
stop_pid()
{
	local signal
	for signal in "$(stop_signal "$1")" TERM KILL; do
		kill -s "$signal" "$2" 2>/dev/null
		[ "$1" != postgres ] || [ "$signal" = INT ] || signal=QUIT
		wait_until "$([ "$1" = postgres ] && echo 30 || echo 5)" \
			pid_gone "$2" && return
	done
}

stop_servers()
{
	local name pid
	rm -f "$RUN/ready"
	for name in $SERVERS; do
		if pid=$(pid_load "$RUN/$name.pid"); then
			stop_pid "$name" "$pid"
		fi
		rm -f "$RUN/$name.pid"
	done
	stop_leftovers
}

# The end of the supervisor, however it comes.
stop_all()
{
	trap '' INT TERM HUP
	stop_servers
	rm -f "$RUN/supervisor.pid"
	state_run_remove
}

# leftovers [PROGRAM...]: prints the pids of our servers' processes that no pid
# file knows, e.g. the children of a server that was killed: they run one of
# our programs with a working directory in DATA.
leftovers()
{
	local proc exe cwd programs=" ${*:-nginx postgres buildstats-fcgi
		push-build-results} "
	for proc in /proc/[0-9]*; do
		cwd=$(readlink "$proc/cwd") || continue
		case ${cwd% (deleted)}/ in "$DATA"/*) ;; *) continue ;; esac
		exe=$(readlink "$proc/exe") || continue
		exe=${exe% (deleted)}
		[[ $programs != *[[:space:]]"${exe##*/}"[[:space:]]* ]] ||
			printf '%s\n' "${proc#/proc/}"
	done 2>/dev/null
}

leftovers_gone()
{
	[ -z "$(leftovers "$@")" ]
}

stop_leftovers()
{
	local signal
	for signal in TERM QUIT KILL; do
		leftovers_gone "$@" && return
		# shellcheck disable=SC2046
		kill -s "$signal" $(leftovers "$@") 2>/dev/null
		wait_until 5 leftovers_gone "$@" && return
	done
	say "These processes don't end: $(leftovers "$@" | tr '\n' ' ')"
}

# A server that died is started again, but not for ever.
child_died()
{
	local name=$1
	[ "$((SECONDS - ${DIED_AT[$name]-0}))" -lt 60 ] || DEATHS[$name]=0
	DIED_AT[$name]=$SECONDS
	DEATHS[$name]=$((${DEATHS[$name]-0} + 1))
	say "$name ended unexpectedly; starting it again"
	if [ "${DEATHS[$name]}" -gt 5 ]; then
		show_tail "$DATA/log/$name.log"
		fail "$name keeps ending; see $DATA/log/$name.log"
	fi
	sleep "$((DEATHS[$name] - 1))"
	case $name in
	postgres) pg_spawn ;;
	workers)
		stop_leftovers buildstats-fcgi
		workers_spawn
		;;
	nginx)
		stop_leftovers nginx
		nginx_spawn
		;;
	watcher) watcher_spawn ;;
	esac
}

# Waits for signals and for deaths until a signal's trap ends the shell.
supervise()
{
	local died name
	while :; do
		died=
		# The shell's own words on how it died help nobody.
		wait -n -p died "${CHILD[@]}" 2>/dev/null
		for name in "${!CHILD[@]}"; do
			[ "${CHILD[$name]}" = "$died" ] && child_died "$name"
		done
	done
}
