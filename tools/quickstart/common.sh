# shellcheck shell=bash
# common.sh: messages, steps that explain their failure, other users, pids.

# stdout belongs to the URL alone; all talk goes to stderr.
say()
{
	printf '%s\n' "$*" >&2
}

fail()
{
	printf 'quickstart: %s\n' "$*" >&2
	exit 1
}

show_tail()
{
	[ -s "$1" ] || return 0
	tail -n "${2:-15}" "$1" | sed 's/^/    /' >&2
}

# step LOG WHAT HINT COMMAND...: runs a command with its output in a log; when
# it fails, shows the log's end and what to do.
step()
{
	local log=$DATA/log/$1.log what=$2 hint=$3
	shift 3
	say "$what ..."
	"$@" >"$log" 2>&1 </dev/null && return
	show_tail "$log"
	fail "$what: failed. $hint The whole log: $log"
}

am_root()
{
	[ "$EUID" = 0 ]
}

# Nothing of the person's environment reaches a server: PGHOST, http_proxy or
# BUILDSTATS_TOKEN are meant for something else.
CLEAN_ENV=(-i "PATH=$PATH" HOME=/ LC_ALL=C.UTF-8)

# as USER COMMAND...: as root the command runs as that user, otherwise as
# oneself.
as()
{
	local user=$1
	shift
	if am_root && [ "$user" != root ]; then
		setpriv --reuid="$user" --regid="$(id -g "$user")" \
			--init-groups env "${CLEAN_ENV[@]}" "$@"
	else
		env "${CLEAN_ENV[@]}" "$@"
	fi
}

# own USER DIR...: makes directories that belong to a user.
own()
{
	local user=$1 dir
	shift
	for dir; do
		mkdir -p "$dir" || return 1
		am_root || continue
		chown "$user:$(id -g "$user")" "$dir" || return 1
	done
}

# A pid alone may have been given to another process since: its start time,
# in ticks since boot, makes it unique.
pid_birth()
{
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	stat=${stat##*) }
	# shellcheck disable=SC2086
	set -- $stat
	[ "$1" != Z ] || return 1
	printf '%s\n' "${20}"
}

pid_save()
{
	local birth
	birth=$(pid_birth "$2") || return 1
	printf '%s %s\n' "$2" "$birth" >"$1"
}

# Prints the pid of a file if that very process still lives.
pid_load()
{
	local pid birth
	[ -f "$1" ] && read -r pid birth <"$1" && [ -n "$birth" ] || return 1
	[ "$(pid_birth "$pid")" = "$birth" ] && printf '%s\n' "$pid"
}

# wait_until SECONDS COMMAND...: asks ten times a second.
wait_until()
{
	local tries=$(($1 * 10))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

pid_gone()
{
	! pid_birth "$1" >/dev/null
}
