#!/bin/sh
# A throw-away PostgreSQL cluster on a unix socket, for tests.
#
#     pg.sh start DIR [name=value...]   makes and starts one, prints conninfo
#     pg.sh stop DIR                    stops and removes it
#
# DIR/pg remembers where it is.
#
# Settings such as fsync=off follow DIR; fsync stays on unless told.  As root
# the server runs as postgres or nobody; the database user is then the same
# name, which conninfo carries.  The database is called buildstats.
set -eu

die() {
	echo "pg.sh: $*" >&2
	exit 1
}

bindir() {
	for d in "${BS_PG_BINDIR:-}" /usr/lib/postgresql/*/bin; do
		if [ -x "$d/initdb" ]; then
			echo "$d"
			return
		fi
	done
	command -v initdb >/dev/null || die "PostgreSQL's initdb: not found"
	dirname "$(command -v initdb)"
}

server_user() {
	if [ "$(id -u)" != 0 ]; then
		id -un
	elif id postgres >/dev/null 2>&1; then
		echo postgres
	else
		echo nobody
	fi
}

as_user() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u "$user" -- "$@")
	else
		(cd / && "$@")
	fi
}

# Everything lives in a directory of its own below /tmp: a socket's path must
# be short, and the server's user must be able to get there.
start() {
	mkdir -p "$1"
	mark=$1/pg
	shift
	[ ! -e "$mark" ] || die "$mark: is there already"
	pg=$(mktemp -d /tmp/bspg.XXXXXX)
	echo "$pg" >"$mark"
	if [ "$(id -u)" = 0 ]; then
		chown "$user" "$pg"
	fi
	chmod 755 "$pg"
	as_user "$bin/initdb" -D "$pg/data" -U "$user" -A trust -E UTF8 \
	    --locale=C.UTF-8 --no-sync >"$pg/initdb.log" 2>&1 || {
		cat "$pg/initdb.log" >&2
		die "initdb failed"
	}
	{
		echo "listen_addresses = ''"
		echo "unix_socket_directories = '$pg'"
		echo "max_connections = 60"
		echo "shared_buffers = 64MB"
		for setting in "$@"; do
			echo "$setting"
		done
	} | as_user tee -a "$pg/data/postgresql.conf" >/dev/null
	as_user "$bin/pg_ctl" -D "$pg/data" -l "$pg/data/server.log" -w -t 60 \
	    start >/dev/null || {
		cat "$pg/data/server.log" >&2
		die "the server doesn't start"
	}
	as_user "$bin/createdb" -h "$pg" -U "$user" buildstats
	echo "host=$pg dbname=buildstats user=$user"
}

stop() {
	[ -f "$1/pg" ] || return 0
	pg=$(cat "$1/pg")
	if [ -f "$pg/data/postmaster.pid" ]; then
		as_user "$bin/pg_ctl" -D "$pg/data" -m immediate -w stop \
		    >/dev/null || :
	fi
	case $pg in
	/tmp/bspg.*) rm -rf "$pg" ;;
	esac
	rm -f "$1/pg"
}

[ $# -ge 2 ] || die "usage: pg.sh start|stop DIR [name=value...]"
verb=$1
shift
bin=$(bindir)
user=$(server_user)
case $verb in
start) start "$@" ;;
stop) stop "$@" ;;
*) die "$verb: start or stop" ;;
esac
