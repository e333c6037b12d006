# shellcheck shell=bash
# state.sh: the state directory: where it is, who may read it, who holds it.
#
#   STATE   what the person named
#   DATA    where everything is: STATE, or what STATE/data points to when the
#           servers' users can't reach STATE (root's home is closed to them)
#   RUN     sockets; in DATA unless that path is too long for a socket

MARKER=.buildstats-quickstart
SOCKET_DIR_MAX=80 # sun_path has 108 bytes; "/pg/.s.PGSQL.5432" follows

# Who runs what, as root; an ordinary user is all of them.
PG_USER=postgres
WEB_USER=www-data

state_default()
{
	local home=${HOME-}
	[ -n "$home" ] || home=$(getent passwd "$EUID" | cut -d: -f6)
	printf '%s\n' "${XDG_STATE_HOME:-$home/.local/state}/buildstats"
}

# Sets STATE.
state_name()
{
	STATE=${OPT_STATE:-$(state_default)}
	case $STATE in /*) ;; *) STATE=$PWD/$STATE ;; esac
	[[ $STATE =~ ^[A-Za-z0-9/._+@-]+$ ]] ||
		fail "$STATE: the path of the state directory may hold only" \
			"letters, digits and /._+@-; name another with --state"
	STATE=$(realpath -m "$STATE")
}

# Can every server's user reach a directory?
state_reachable()
{
	am_root || return 0
	as "$PG_USER" test -x "$1" && as "$WEB_USER" test -x "$1"
}

state_make()
{
	local hint="name another directory with --state"
	umask 022
	mkdir -p "$STATE" 2>/dev/null ||
		fail "$STATE: can't be made; $hint"
	[ -O "$STATE" ] ||
		fail "$STATE: belongs to $(stat -c %U "$STATE"); $hint"
	if [ ! -e "$STATE/$MARKER" ]; then
		[ -z "$(ls -A "$STATE")" ] ||
			fail "$STATE: holds other things than quickstart's; $hint"
		: >"$STATE/$MARKER" || fail "$STATE: can't be written; $hint"
	fi
}

# Sets DATA, making it when needed.
state_data()
{
	local base=/var/lib/buildstats-quickstart
	DATA=$STATE
	if ! am_root; then
		chmod 700 "$STATE"
	elif [ -d "$STATE/data" ]; then
		DATA=$(realpath "$STATE/data")
	elif ! state_reachable "$STATE"; then
		mkdir -p "$base" && chmod 755 "$base" &&
			DATA=$(mktemp -d "$base/XXXXXXXX") &&
			chmod 755 "$DATA" && ln -sfn "$DATA" "$STATE/data" ||
			fail "$base: can't be made"
		say "The servers' users can't enter $STATE; data goes to $DATA"
	fi
	mkdir -p "$DATA/log" || fail "$DATA: can't be written"
}

# Sets RUN: a directory for sockets with a short path.  The link in DATA finds
# it again; what it points to may be gone after a reboot.
state_run()
{
	RUN=$DATA/run
	if [ -L "$RUN" ] && [ -O "$(realpath -m "$RUN")" ]; then
		RUN=$(realpath "$RUN")
	elif [ ${#RUN} -gt $SOCKET_DIR_MAX ]; then
		RUN=$(mktemp -d /tmp/buildstats.XXXXXXXX) &&
			chmod 755 "$RUN" && ln -sfn "$RUN" "$DATA/run" ||
			fail "/tmp: can't make a directory for sockets"
	fi
	own root "$RUN" || fail "$RUN: can't be made"
}

# Removes RUN if it lies outside of DATA.
state_run_remove()
{
	[ -L "$DATA/run" ] || return 0
	rm -f "$DATA/run"
	case $RUN in /tmp/buildstats.*) rm -rf "$RUN" ;; esac
}

# Sets DATA and RUN of a state directory that may not exist; 1 if it doesn't.
state_find()
{
	[ -e "$STATE/$MARKER" ] || return 1
	[ -r "$STATE" ] && [ -O "$STATE" ] ||
		fail "$STATE: belongs to $(stat -c %U "$STATE"); be that user"
	DATA=$STATE
	if am_root && [ -d "$STATE/data" ]; then
		DATA=$(realpath "$STATE/data")
	fi
	RUN=$(realpath -m "$DATA/run")
}

# The lock is held, on fd 9, for as long as the servers run.
state_lock()
{
	exec 9>>"$DATA/lock" || fail "$DATA/lock: can't be opened"
	flock -n 9
}
