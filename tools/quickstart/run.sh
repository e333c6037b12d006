# shellcheck shell=bash
# run.sh: the verbs run and stop.

# Sets PORT, URL, BUILDSTATS and WATCH_USER from the options.
run_settings()
{
	PORT=${OPT_PORT:-8080}
	URL=http://localhost:$PORT/buildstats/
	BUILDSTATS=$DATA/samples
	if [ -n "$OPT_BUILDSTATS" ]; then
		[ -d "$OPT_BUILDSTATS" ] ||
			fail "$OPT_BUILDSTATS: there is no such directory"
		[ -r "$OPT_BUILDSTATS" ] && [ -x "$OPT_BUILDSTATS" ] ||
			fail "$OPT_BUILDSTATS: can't be read"
		BUILDSTATS=$(realpath "$OPT_BUILDSTATS")
	fi
	WATCH_USER=$(watch_user)
}

# Who watches: nobody if that user can read the builds, else their owner.
watch_user()
{
	if ! am_root; then
		id -un
	elif as nobody test -r "$BUILDSTATS" -a -x "$BUILDSTATS" ||
		[ ! -e "$BUILDSTATS" ]; then
		echo nobody
	else
		stat -c %U "$BUILDSTATS"
	fi
}

# The recorded builds, unpacked once for each set of them.
samples_unpack()
{
	local archive want name
	want=$(cd "$TOP/tests/data" && cksum ./*.tar.zst) || return 1
	[ "$want" != "$(cat "$DATA/samples.sums" 2>/dev/null)" ] || return 0
	for archive in "$TOP"/tests/data/*.tar.zst; do
		name=$(basename "$archive" .tar.zst)
		rm -rf "$DATA/samples.new"
		mkdir -p "$DATA/samples.new" "$DATA/samples" || return 1
		zstd -dc "$archive" | tar -C "$DATA/samples.new" \
			--no-same-owner --no-same-permissions -xf - || return 1
		rm -rf "${DATA:?}/samples/$name" &&
			mv "$DATA/samples.new" "$DATA/samples/$name" || return 1
	done
	printf '%s\n' "$want" >"$DATA/samples.sums"
}

is_ready()
{
	[ -f "$RUN/ready" ]
}

# Someone holds the lock.  With --detach and the same wishes that's fine.
# Returns if the lock became ours meanwhile.
already_running()
{
	local pid url dir
	state_find
	is_ready || say "Another quickstart is at work here; waiting for it ..."
	wait_until 300 running_or_free
	if pid=$(pid_load "$RUN/supervisor.pid") && is_ready; then
		{ read -r url && read -r dir; } <"$RUN/ready"
		[ -z "$OPT_PORT" ] || [ "$url" = "$URL" ] ||
			fail "already running at $url; ./quickstart stop first"
		[ -z "$OPT_BUILDSTATS" ] || [ "$dir" = "$BUILDSTATS" ] ||
			fail "already running and watching $dir;" \
				"./quickstart stop first"
		[ -n "$OPT_DETACH" ] ||
			fail "already running at $url (process $pid);" \
				"end it with: ./quickstart stop --state $STATE"
		say "Already running."
		printf '%s\n' "$url"
		exit 0
	fi
	! flock -n 9 || return 0
	fail "another quickstart holds $STATE; try again when it is done"
}

running_or_free()
{
	is_ready || flock -n 9
}

# Everything up to the page, then the watcher.
serve()
{
	trap stop_all EXIT
	trap 'exit 0' INT TERM HUP
	pid_save "$RUN/supervisor.pid" $$
	say "Starting PostgreSQL, nginx and $NGINX_WORKERS workers ..."
	pg_spawn
	ready postgres 120 pg_answers
	step database "Preparing the database" \
		"Was it made by another version of PostgreSQL?" pg_make_database
	step migrate "Bringing the schema up to date" \
		"Was it made by a later version of buildstats?" pg_migrate
	workers_spawn
	nginx_spawn
	ready nginx 30 page_answers
	child_alive nginx || fail "nginx has ended; see $DATA/log/nginx.log"
	say "Importing what is below $BUILDSTATS ..."
	import_first
	watcher_spawn
	printf '%s\n%s\n' "$URL" "$BUILDSTATS" >"$RUN/ready.new"
	mv "$RUN/ready.new" "$RUN/ready"
}

announce()
{
	say "Watching $BUILDSTATS; the page:"
	printf '%s\n' "$URL"
}

run_prepare()
{
	local name
	# What an earlier supervisor that was killed may have left.
	stop_servers
	port_check
	build_all
	if [ -z "$OPT_BUILDSTATS" ]; then
		step samples "Unpacking the recorded builds" \
			"Is there space in $DATA?" samples_unpack
	fi
	pg_prepare
	own "$WEB_USER" "$RUN/web" "$DATA/live" "$DATA/raw" && chmod 750 "$RUN/web" &&
		own "$WATCH_USER" "$DATA/spool" "$DATA/sent" &&
		{ ! am_root || chown -R "$WATCH_USER" "$DATA"/{spool,sent}; } ||
		fail "$DATA: can't be written"
	for name in $SERVERS; do
		: >"$DATA/log/$name.log"
	done
	nginx_prepare
}

detach_done()
{
	is_ready || pid_gone "$1"
}

# The supervisor goes on in a session of its own, with the lock (fd 9).
run_detached()
{
	local log=$DATA/log/supervisor.log
	setsid "$BASH" "$TOP/quickstart" serve --state "$STATE" \
		--port "$PORT" --buildstats "$BUILDSTATS" \
		</dev/null >"$log" 2>&1 &
	wait_until 300 detach_done $!
	if ! is_ready; then
		show_tail "$log" 30
		fail "the servers didn't start. The whole log: $log"
	fi
	announce
	say "End it with: ./quickstart stop --state $STATE"
}

quickstart_run()
{
	[ "${BASH_VERSINFO[0]}${BASH_VERSINFO[1]}" -ge 51 ] ||
		fail "bash 5.1 or later is needed"
	state_name
	# shellcheck disable=SC2086
	packages_need $RUN_PACKAGES
	state_make
	state_data
	run_settings
	state_lock || already_running
	state_run
	pid_save "$RUN/supervisor.pid" $$
	run_prepare
	if [ -n "$OPT_DETACH" ]; then
		run_detached
		return
	fi
	serve
	announce
	say "Ctrl-C ends it."
	supervise
}

# What --detach starts; not for people.
quickstart_serve()
{
	state_name
	state_find || fail "$STATE: there is nothing to serve"
	flock -n 9 2>/dev/null || fail "serve is run by run --detach only"
	run_settings
	pg_find
	serve
	supervise
}

quickstart_stop()
{
	local pid
	state_name
	if ! state_find || [ ! -d "$RUN" ]; then
		say "Nothing is running."
		return
	fi
	if pid=$(pid_load "$RUN/supervisor.pid"); then
		say "Stopping ..."
		kill "$pid" 2>/dev/null
		wait_until 90 pid_gone "$pid" || kill -KILL "$pid"
	elif leftovers_gone; then
		say "Nothing is running."
	else
		say "Stopping what an earlier run left ..."
	fi
	[ ! -d "$RUN" ] || stop_all
	leftovers_gone || fail "some processes don't end"
}
