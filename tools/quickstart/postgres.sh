# shellcheck shell=bash
# postgres.sh: a private PostgreSQL cluster that listens on a unix socket only.
#
# Nobody needs a password: the kernel tells the server who is calling (peer),
# and the map below says which role that may be.

# Sets PG_BIN: the version that made the cluster, else the newest.
pg_find()
{
	local version=
	[ ! -f "$DATA/pg/PG_VERSION" ] || version=$(cat "$DATA/pg/PG_VERSION")
	if [ -n "$version" ]; then
		PG_BIN=/usr/lib/postgresql/$version/bin
	else
		PG_BIN=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	fi
	[ -x "$PG_BIN/postgres" ] ||
		fail "PostgreSQL ${version:-15} is not installed;" \
			"apt-get install postgresql-${version:-15}"
}

pg_user_name()
{
	if am_root; then printf '%s' "$1"; else id -un; fi
}

pg_configure()
{
	cat >"$DATA/pg/buildstats.conf" <<-END || return 1
		listen_addresses = ''
		unix_socket_directories = '$RUN/pg'
		port = 5432
		max_connections = 50
		shared_buffers = 64MB
		jit = off
		max_wal_size = 256MB
		log_min_messages = warning
	END
	cat >"$DATA/pg/pg_hba.conf" <<-END || return 1
		local all all peer map=buildstats
	END
	cat >"$DATA/pg/pg_ident.conf" <<-END || return 1
		buildstats "$(pg_user_name "$PG_USER")" postgres
		buildstats "$(pg_user_name "$WEB_USER")" buildstats
	END
	grep -q "^include 'buildstats.conf'" "$DATA/pg/postgresql.conf" ||
		echo "include 'buildstats.conf'" >>"$DATA/pg/postgresql.conf"
}

# Made under another name first: an interrupted initdb leaves no half cluster.
pg_init()
{
	rm -rf "$DATA/pg.new"
	own "$PG_USER" "$DATA/pg.new" && chmod 700 "$DATA/pg.new" &&
		(cd / && as "$PG_USER" "$PG_BIN/initdb" -D "$DATA/pg.new" \
			-U postgres --locale=C.UTF-8 --encoding=UTF8 \
			--auth=peer --no-instructions) &&
		mv "$DATA/pg.new" "$DATA/pg"
}

pg_prepare()
{
	pg_find
	if [ ! -d "$DATA/pg" ]; then
		step initdb "Making a database cluster" \
			"Is there space in $DATA?" pg_init
	fi
	own "$PG_USER" "$RUN/pg" && pg_configure ||
		fail "$DATA/pg: can't be written"
}

# fast: shuts down in a second even when clients are connected.
pg_spawn()
{
	spawn postgres "$PG_USER" INT "$PG_BIN/postgres" -D "$DATA/pg"
}

pg_answers()
{
	"$PG_BIN/pg_isready" -q -h "$RUN/pg"
}

pg_sql()
{
	as "$PG_USER" "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 \
		-h "$RUN/pg" -U postgres -d "$1" -f -
}

# The application's role owns its database and nothing else.
pg_make_database()
{
	pg_sql postgres <<-'END'
		SELECT 'CREATE ROLE buildstats LOGIN'
		WHERE NOT EXISTS (SELECT FROM pg_roles
			WHERE rolname = 'buildstats') \gexec
		SELECT 'CREATE DATABASE buildstats OWNER buildstats'
		WHERE NOT EXISTS (SELECT FROM pg_database
			WHERE datname = 'buildstats') \gexec
	END
}

pg_conninfo()
{
	printf 'host=%s dbname=buildstats user=buildstats' "$RUN/pg"
}

pg_migrate()
{
	as "$WEB_USER" "$DATA/install/sbin/buildstats-admin" \
		--db "$(pg_conninfo)" migrate
}
