/* failure_help.c: see failure_help.h. */
#include "failure_help.h"

#include "archive/digest.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/conn.h"
#include "tests/unit/fake_build.h"

struct arena *arena;
struct db *db;
struct errinfo ei;

int
help_set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	db = db_new(getenv("BUILDSTATS_DB"));
	return 0;
}

int
help_tear_down(void **state)
{
	(void)state;
	db_free(db);
	arena_free(arena);
	return 0;
}

void
check(enum err err)
{
	if (err != ERR_OK)
		fail_msg("%s: %s (%s)", err_name(err), ei.text, ei.detail);
}

long long
number(const char *fmt, ...)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	char expression[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(expression, sizeof(expression), fmt, ap);
	va_end(ap);
	buf_addf(&text, "SELECT (%s)::bigint", expression);
	check(db_connect(db, &ei));
	CLEANUP(cleanup_result) PGresult *res = PQexec(db->conn, text.data);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", text.data, PQresultErrorMessage(res));
	return strtoll(PQgetvalue(res, 0, 0), NULL, 10);
}

void
holds(const char *fmt, ...)
{
	char condition[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(condition, sizeof(condition), fmt, ap);
	va_end(ap);
	if (number("(%s)::integer", condition) != 1)
		fail_msg("not so: %s", condition);
}

static void
sql(const char *text)
{
	check(db_script(db, text, &ei));
}

/* Fails if a plan of the prepared statement "planned" isn't good. */
static void
look_at_plan(enum query q, const char *values)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;

	buf_addf(&text, "EXPLAIN EXECUTE planned(%s)", values);
	CLEANUP(cleanup_result) PGresult *res = PQexec(db->conn, text.data);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		fail_msg(
		    "%s: %s", query_texts[q].name, PQresultErrorMessage(res));
	for (int i = 0; i < PQntuples(res); i++) {
		const char *line = PQgetvalue(res, i, 0);
		if (strstr(line, "Seq Scan on ") != NULL)
			fail_msg("%s: %s", query_texts[q].name, line);
	}
}

void
plan_is_good(enum query q, const char *values)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;

	check(db_connect(db, &ei));
	buf_addf(&text, "PREPARE planned AS %s", query_texts[q].text);
	sql(text.data);
	sql("SET plan_cache_mode = force_custom_plan");
	look_at_plan(q, values);
	sql("SET plan_cache_mode = force_generic_plan");
	look_at_plan(q, values);
	sql("RESET plan_cache_mode; DEALLOCATE planned");
}

const struct taken_log *
broken_log(const char *error, unsigned lines)
{
	struct buf text = BUF_INIT;
	const struct taken_log *log;

	for (unsigned i = 1; i < lines; i++)
		buf_addf(&text, "%s: compiling file%u.c with -O2\n", error, i);
	buf_addf(&text, "main.c:7:3: error: %s\n", error);
	log = log_take(arena, (struct slice){text.data, text.len}, 0);
	buf_clear(&text);
	return log;
}

struct told_failure
told(const char *recipe, const char *task, const struct taken_log *log)
{
	return (struct told_failure){.kind = FAILURE_TASK,
	    .recipe = recipe,
	    .version = "1.0-r0",
	    .task = task,
	    .message = "",
	    .log = log,
	    .seen = TIME_UNKNOWN};
}

struct build *
report_of(unsigned seed, const struct told_failure *f, size_t n)
{
	struct report r = {.name = "",
	    .username = "",
	    .link_back = "",
	    .error_type = "",
	    .nfailures = n};

	digest_of(&seed, sizeof(seed), r.sha256);
	r.env = (struct environment){.uuid = "",
	    .builder = "",
	    .machine = "qemux86-64",
	    .distro = "poky",
	    .distro_version = "",
	    .image = "",
	    .host = "",
	    .host_info = "",
	    .host_distro = "",
	    .host_arch = "",
	    .bitbake_version = "",
	    .branch = "master",
	    .commit = "",
	    .mode = "",
	    .ci_url = "",
	    .json = ""};
	r.failures = arena_calloc(arena, n + 1, sizeof(*r.failures));
	memcpy(r.failures, f, n * sizeof(*f));
	struct build *b = arena_alloc(arena, sizeof(*b));
	*b = *report_build(arena, &r, STARTED + seed);
	b->env.builder = arena_printf(arena, "builder%u", seed % 3);
	return b;
}

struct build *
whole(uint64_t seed)
{
	return fake_build(arena, &(struct fake){.seed = seed,
				     .packages = 12,
				     .names = 9,
				     .tasks = 100,
				     .shapes = 5,
				     .started = STARTED});
}

struct store_result
store(const struct build *b)
{
	struct store_result r;

	check(build_store_prepare(db, b->started, &ei));
	check(db_begin(db, DB_READ_WRITE, &ei));
	check(db_end(db, build_store(db, arena, b, &r, &ei), &ei));
	return r;
}

struct store_result
store_prepared(const struct build *b)
{
	struct build copy = *b;

	check(build_store_names(db, arena, &copy, &ei));
	return store(&copy);
}

void
fill_results(void)
{
	check(db_script(db,
	    "INSERT INTO result_file (sha256, size, masked) VALUES ('', 0, 0); "
	    "INSERT INTO result_run (build, name, content, file, position, "
	    "type, machine, image, same, ran, timed, alone, configuration, "
	    "passed, failed, skipped, expected, blocked, other, seconds, "
	    "log_bytes, names, cases) SELECT i, i, '', (SELECT id FROM "
	    "result_file), 0, '', 'm' || i, '', '', now(), true, i % 9 = 0, "
	    "'{}', 0, 0, 0, 0, 0, 0, 0, 0, '{}', '' FROM "
	    "generate_series(1, 20000) i; ANALYZE",
	    &ei));
}
