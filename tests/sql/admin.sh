#!/bin/bash
# admin.sh: buildstats-admin on the recordings: migrations from empty and from
# every version, two at once; builds in and out again, byte for byte; tokens,
# pruning, partitions, what doctor and verify find, wrong usage.
: "${BS_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${BS_BUILD:=.}"
# shellcheck source=tests/lib/tap.sh
. "$BS_SRC/tests/lib/tap.sh"
work=$(mktemp -d)
trap '"$BS_SRC/tests/lib/pg.sh" stop "$work"; rm -rf "$work"' EXIT
db=$("$BS_SRC/tests/lib/pg.sh" start "$work" fsync=off) || exit 1
export BUILDSTATS_DB=$db BUILDSTATS_SQL_DIR=$BS_SRC/sql/migrate
data=$BS_SRC/tests/data

admin()
{
	"$BS_BUILD/buildstats-admin" "$@"
}

sql()
{
	psql -XAtq -v ON_ERROR_STOP=1 "$db" -c "$1"
}

# usage WORDS...: refused with status 2 and a line that names the program
usage()
{
	local out status=0
	out=$(admin "$@" 2>&1 >/dev/null) || status=$?
	[ "$status" = 2 ] && [[ $out == buildstats-admin:* ]]
}

# failing REGEX WORDS...: status 1 and a fitting line
failing()
{
	local regex=$1 out status=0
	shift
	out=$(admin "$@" 2>&1 >/dev/null) || status=$?
	[ "$status" = 1 ] && [[ $out =~ $regex ]] && return
	echo "status $status: $out"
	return 1
}

# Types, columns, indexes and functions, without what depends on time.
schema()
{
	pg_dump -s "$db" | grep -vE \
		'^--|^$|^\\|_20[0-9]{2}_[0-9]{2}|^(ALTER|COMMENT ON) SCHEMA|^REVOKE' |
		sort
}

# same_schema DESCRIPTION: as the first migration made it
same_schema()
{
	schema >"$work/schema"
	nothing "$1" "$(diff "$work/whole" "$work/schema" | head -n 20)"
}

fresh()
{
	sql "DROP SCHEMA public CASCADE" 2>/dev/null &&
		sql "CREATE SCHEMA public"
}

# ---- migrations ----

latest=$(find "$BUILDSTATS_SQL_DIR" -name '[0-9]*.sql' | wc -l)
failing 'the database is empty' doctor >/dev/null
tap $? "doctor on an empty database says what to do"
ok "an empty database is migrated" admin migrate
is "to the latest version" "$(sql 'SELECT max(version) FROM schema_version')" \
	"$latest"
schema >"$work/whole"
is "migrating again does nothing" "$(admin migrate)" \
	"schema version $latest"
for version in $(seq 1 $((latest - 1))); do
	mkdir "$work/sql"
	for n in $(seq 1 "$version"); do
		cp "$BUILDSTATS_SQL_DIR/$(printf %04d "$n")"_*.sql "$work/sql"
	done
	fresh
	ok "an older program makes version $version" \
		admin --sql-dir "$work/sql" migrate
	ok "and it is migrated" admin migrate
	same_schema "to the same schema"
	rm -r "$work/sql"
done
fresh
admin migrate >"$work/one" 2>&1 &
admin migrate >"$work/two" 2>&1
two=$?
wait $!
is "two migrations at once succeed" "$?$two" 00
is "and apply each file once" \
	"$(cat "$work/one" "$work/two" | grep -c applied)" "$latest"
same_schema "with the same schema"
sql "INSERT INTO schema_version VALUES ($((latest + 1)), 'future.sql')"
ok "a newer database is refused" failing "has version $((latest + 1))" migrate
sql "DELETE FROM schema_version WHERE version > $latest"
mkdir "$work/broken"
cp "$BUILDSTATS_SQL_DIR"/*.sql "$work/broken"
next=$(printf %04d $((latest + 1)))
echo 'CREATE TABLE half (); SELECT 1/0;' >"$work/broken/${next}_bad.sql"
ok "a migration that fails says which" \
	failing "${next}_bad.sql" --sql-dir "$work/broken" migrate
is "and leaves nothing" "$(sql "SELECT to_regclass('half') IS NULL")" t

# ---- builds in and out ----

ok "the recordings go in" admin import "$data"/A1.tar.zst "$data"/A2.tar.zst \
	"$data"/F1.tar.zst "$data"/B1.tar.zst
is "all four" "$(sql "SELECT string_agg(tasks || ' ' || failed, ', '
	ORDER BY started) FROM build WHERE tasks > 0")" \
	'5427 2, 344 0, 344 0, 75 8'
is "and two error reports without a build" "$(sql "SELECT string_agg(
	f.kind || ' ' || r.name, ', ' ORDER BY f.kind) FROM failure f
	JOIN build b ON b.id = f.build JOIN recipe r ON r.id = f.recipe
	WHERE b.tasks = 0")" '2 no-such-recipe, 3 zz-parse'
is "failures have their logs" "$(sql "SELECT count(*), count(log)
	FROM failure")" '12|12'
for name in A1 A2 F1 B1; do
	mkdir -p "$work/$name" "$work/back"
	tar --zstd -xf "$data/$name.tar.zst" -C "$work/$name"
done
changed=$(sql 'SELECT max(updated) FROM build')
is "directories are read as well, and known builds stay" \
	"$(admin import "$work/F1" "$work/B1" | grep -c ' (known)$')" 4
like "so is standard input" "$(admin import - <"$data/A1.tar.zst")" \
	'^succeeded .* 344 tasks, 0 failed, build [0-9]+ \(known\)$'
is "which changes nothing" "$(sql 'SELECT max(updated) FROM build')" "$changed"
for name in A1 A2 F1 B1; do
	run=$(cd "$work/$name/buildstats" && echo *)
	id=$(sql "SELECT id FROM build WHERE name = '$run'")
	admin export "$id" >"$work/$name.tar.zst"
	tar --zstd --warning=no-unknown-keyword \
		-xf "$work/$name.tar.zst" -C "$work/back"
	find "$work/$name/buildstats/$run" -maxdepth 1 \
		\( -name '*.log' -o -name 'reduced_proc_*' \) \
		-exec rm -r {} +
	nothing "$name comes back byte for byte" \
		"$(diff -r "$work/$name/buildstats/$run" "$work/back/$run" 2>&1)"
done
nothing "so do the logs" "$(diff -r "$work/F1/logs" "$work/back/logs" 2>&1 |
	grep -v '^Only in .*/back/logs: core-image-minimal')"
ok "the builder can be said" admin --builder garage import "$data/A1.tar.zst"
ok "what is no tar is refused" failing "0001_builds.sql: not a tar" \
	import "$BUILDSTATS_SQL_DIR"/0001_builds.sql
ok "so is what isn't there" failing 'nowhere: No such file' import nowhere
ok "so is an unknown build" failing 'no build 12345' export 12345

# ---- looking at it ----

ok "doctor is content" admin doctor
like "and prints the size of a task" "$(admin doctor)" \
	'6 builds, [0-9]+ tasks, [0-9.]+ bytes per task'
like "verify reads all builds" "$(admin verify)" \
	'6 builds read, 0 damaged.12 logs read, 0 damaged'
id=$(sql "SELECT build FROM failure GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
like "or one" "$(admin verify "$id")" \
	'1 builds read, 0 damaged.8 logs read, 0 damaged'
log=$(sql "SELECT min(log) FROM failure WHERE build = $id")
sql "UPDATE log SET sha256 = set_byte(sha256, 0, get_byte(sha256, 0) # 1)
	WHERE id = $log"
ok "verify finds another log" failing '1 logs are damaged' verify
is "and says which" "$(admin verify 2>/dev/null | grep '^! log')" \
	"! log $log: not the bytes of its hash"
sql "UPDATE log SET sha256 = set_byte(sha256, 0, get_byte(sha256, 0) # 1)
	WHERE id = $log"
sql "UPDATE log_chunk SET start = start + 1 WHERE log = $log"
ok "and a piece in the wrong place" failing '1 logs are damaged' verify "$id"
sql "UPDATE log_chunk SET start = start - 1 WHERE log = $log"
id=$(sql "SELECT min(id) FROM build")
sql "UPDATE task_block SET core = set_byte(core, 40, get_byte(core, 40) # 1)
	WHERE build = $id"
like "verify finds a flipped bit" "$(admin verify 2>&1)" \
	"! build $id .*: damaged.*6 builds read, 1 damaged"
ok "and fails" failing '1 builds are damaged' verify
sql "DELETE FROM task_block WHERE build = $id"
ok "doctor finds missing tasks" failing 'marked with !' doctor
sql "DELETE FROM build WHERE id = $id"
like "and orphans" "$(admin doctor 2>&1)" '! orphans: package_build: 24'

# ---- signatures ----

# signed: failures by who signed them and how many errors they are
signed()
{
	sql "SELECT count(*), count(sig_block), count(DISTINCT sig_block),
		count(DISTINCT sig_lines), count(DISTINCT sig_task),
		md5(string_agg(first_line, ';' ORDER BY id)),
		(SELECT md5(string_agg(excerpt || first_error, ';' ORDER BY id))
		FROM log) FROM failure WHERE signed > 0"
}

before=$(signed)
is "all failures are signed" "$(admin signatures | cut -d' ' -f1-3)" \
	"0 failures signed"
sql "UPDATE failure SET signed = 0, sig_block = NULL, sig_lines = NULL,
	sig_task = NULL, first_line = '' WHERE id % 2 = 0"
sql "UPDATE log SET excerpt = '', first_error = 0 WHERE id IN (
	SELECT log FROM failure WHERE signed = 0)"
half=$(sql "SELECT count(*) FROM failure WHERE signed = 0")
is "those of another version are signed again" \
	"$(admin signatures | cut -d' ' -f1-3)" "$half failures signed"
is "as they were" "$(signed)" "$before"
is "or all of them" "$(admin --all signatures | cut -d' ' -f1-3)" \
	"$(sql "SELECT count(*) FROM failure") failures signed"
is "with the same result" "$(signed)" "$before"

# ---- tokens ----

token=$(admin token add "vm 1")
like "a token is printed" "$token" '^bs_[0-9a-f]{48}$'
is "and kept as its hash" \
	"$(sql "SELECT encode(sha256, 'hex') FROM token")" \
	"$(printf %s "$token" | sha256sum | cut -d' ' -f1)"
like "tokens are listed" "$(admin token list)" $'^1\tvm 1\tcreated '
ok "and revoked" admin token revoke 1
ok "once" failing 'no such token' token revoke 1
like "which the list tells" "$(admin token list)" 'revoked 20'

# ---- pruning ----

sql "SELECT build_partition('2020-02-29'), build_partition('2020-03-31')" >/dev/null
is "a dry run says what would go" \
	"$(admin --dry-run --before 2020-03-15 prune)" \
	"would drop month 2020_02
would delete 0 builds with 0 tasks, started before 2020-03-15T00:00:00Z
would delete 0 failures and their logs
would delete 0 receipts"
ok "and does nothing" \
	sql "SELECT 1 / (to_regclass('task_block_2020_02') IS NOT NULL)::int"
ok "months go as a whole" admin --before 2020-03-15 prune
is "and only those" "$(sql "SELECT to_regclass('task_block_2020_02') IS NULL,
	to_regclass('task_block_2020_03') IS NOT NULL")" 't|t'
started=$(sql "SELECT max(started) FROM build WHERE tasks > 0")
sql "UPDATE build SET machine = 'gone' WHERE started < '$started'"
sql "INSERT INTO facet VALUES ('machine', 'gone')"
day=$(sql "SELECT to_char(max(started) AT TIME ZONE 'UTC',
	'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM build WHERE tasks > 0")
ok "a part of a month goes by rows" admin --before "$day" prune
is "with all that belongs to it" "$(sql "SELECT
	(SELECT count(*) FROM build), (SELECT count(*) FROM task_block),
	(SELECT count(*) FROM facet WHERE name = 'gone')")" '3|3|0'
ok "the rest is whole" admin doctor
is "failures go with their builds" "$(sql "SELECT count(*) FROM failure f
	WHERE NOT EXISTS (SELECT FROM build b WHERE b.id = f.build)")" 0
ok "pruned builds can come back" admin import "$data/F1.tar.zst"
ok "everything may go" admin --before 2100-01-01 prune
is "logs that just came stay for those who are about to need them" \
	"$(sql "SELECT count(*) > 0 FROM log")" t
sql "UPDATE log SET received = received - interval '2 days'"
sql "UPDATE signature SET made = made - interval '2 days'"
like "then they go" "$(admin --before 2100-01-01 prune)" \
	'deleted 0 failures, [1-9][0-9]* logs, [1-9][0-9]* signatures'
is "and nothing is left of failures" "$(sql "SELECT
	(SELECT count(*) FROM log), (SELECT count(*) FROM log_chunk),
	(SELECT count(*) FROM signature), (SELECT count(*) FROM failure),
	(SELECT count(*) FROM report)")" '0|0|0|0|0'
sql "INSERT INTO receipt (code, received, kind, bytes, sha256, builds, content,
	raw) SELECT i, now() - i * interval '29 days', '', 0, '', '{}', '{}', ''
	FROM generate_series(1, 3) i"
is "a dry run counts receipts" "$(admin --dry-run --receipts prune)" \
	"would delete 2 receipts"
is "those older than a month go" "$(admin --receipts prune)" \
	"deleted 2 receipts"
is "and no other" "$(sql "SELECT string_agg(code, ',') FROM receipt")" 1
ok "the logs come back from what was exported" \
	admin import "$work/F1.tar.zst"
is "with their failures" "$(sql "SELECT count(*), count(log), count(sig_block)
	FROM failure f JOIN recipe r ON r.id = f.recipe
	WHERE r.name <> 'core-image-minimal'")" '8|8|8'
ok "partitions are made ahead again" admin partitions
is "three of them" "$(sql "SELECT count(*) FROM pg_inherits i JOIN pg_class c
	ON c.oid = i.inhparent WHERE c.relname = 'task_block'")" 3

# ---- wrong usage ----

ok "--help" admin --help
like "--version" "$(admin --version)" '^buildstats-admin [0-9]'
ok "no verb" usage
ok "an unknown verb" usage frobnicate
ok "an unknown option" usage --frobnicate migrate
ok "a missing argument" usage export
ok "one too many" usage doctor 1
ok "token without sense" usage token add
ok "prune without a limit" usage prune
ok "prune with a date, of receipts" \
	usage --before 2020-01-01 --receipts prune
ok "prune with two" usage --before 2020-01-01 --keep-months 3 prune
ok "no date" usage --before yesterday prune
ok "no number" usage --keep-months some prune
ok "no id" failing 'x: not an id' export x
ok "a database that is down" failing "can't be reached" \
	--db 'host=/nonexistent' doctor
tap_end
