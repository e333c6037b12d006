/* failure_view.c: see failure_view.h. */
#include "model/failure_view.h"

#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

#define US INT64_C(1000000)
#define DAY (86400 * US)
#define SUCCESSES 400 /* of all recipes together */
#define CONFIG_MAX ((size_t)1 << 20)

/* ---- new or known ---- */

int
failure_view_strength(const struct failure_like *like)
{
	if (like->sig[SIGNATURE_LINES - 1] != 0)
		return SIGNATURE_LINES;
	return like->sig[SIGNATURE_TASK - 1] != 0 ? SIGNATURE_TASK : 0;
}

/* That one alone. */
static struct failure_like
only(const struct failure_like *like)
{
	struct failure_like out = {0};

	for (size_t i = 0; i < STRENGTHS; i++) {
		if (like->sig[i] == 0)
			continue;
		out.sig[i] = like->sig[i];
		break;
	}
	return out;
}

/* The one that people call the same, or else the only one. */
static struct failure_like
deciding(const struct failure_like *like)
{
	int strength = failure_view_strength(like);
	struct failure_like out = {0};

	if (strength == 0)
		return only(like);
	out.sig[strength - 1] = like->sig[strength - 1];
	return out;
}

static enum err
count_builders(struct db *db, const struct failure_like *like, int id,
    int64_t now, struct failure_strength out[STRENGTHS], struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct failure_like one = deciding(like);
	enum err err = STMT_QUERY(db, Q_FAILURE_VIEW_BUILDERS, &r, ei,
	    DB_I4(one.sig[0]), DB_I4(one.sig[1]), DB_I4(one.sig[2]), DB_I4(id),
	    DB_TM(now - DAY));

	for (size_t i = 0; err == ERR_OK && i < STRENGTHS; i++) {
		if (one.sig[i] == 0)
			continue;
		out[i].builders =
		    (int)row_int(r, 0, rows_column(r, "builders"));
		out[i].known.builders =
		    (int)row_int(r, 0, rows_column(r, "today"));
	}
	return err;
}

enum err
failure_view_known(struct db *db, const struct failure_like *like, int id,
    int64_t now, struct failure_strength out[STRENGTHS], struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_FAILURE_VIEW_KNOWN, &r, ei, DB_I4(like->sig[0]),
		DB_I4(like->sig[1]), DB_I4(like->sig[2]), DB_I4(id));

	for (size_t i = 0; i < STRENGTHS; i++)
		out[i] = (struct failure_strength){
		    .known = {.first = TIME_UNKNOWN, .last = TIME_UNKNOWN}};
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++) {
		int64_t strength = row_int(r, i, rows_column(r, "strength"));
		struct failure_known *k = &out[strength - 1].known;
		k->times = row_int(r, i, rows_column(r, "times"));
		k->first = row_time(r, i, rows_column(r, "first"));
		k->last = row_time(r, i, rows_column(r, "last"));
	}
	return count_builders(db, like, id, now, out, ei);
}

/* ---- where ---- */

static void
read_target(
    struct spread_target *t, const struct rows *r, size_t i, struct arena *a)
{
#define TEXT(name) arena_strdup(a, row_text(r, i, rows_column(r, name)))
#define INT(name) row_int(r, i, rows_column(r, name))
	*t = (struct spread_target){
	    .machine = TEXT("machine"),
	    .distro = TEXT("distro"),
	    .branch = TEXT("branch"),
	    .times = INT("times"),
	    .first = row_time(r, i, rows_column(r, "first")),
	    .last = row_time(r, i, rows_column(r, "last")),
	    .builders = (int)INT("builders"),
	    .hosts = (int)INT("hosts"),
	    .recipe = (int)INT("recipe"),
	    .started = row_time(r, i, rows_column(r, "started")),
	    .gone_since = TIME_UNKNOWN,
	};
#undef INT
#undef TEXT
}

enum err
failure_view_spread(struct db *db, struct arena *a,
    const struct failure_like *like, struct failure_spread *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct failure_like one = only(like);
	enum err err = STMT_QUERY(db, Q_FAILURE_VIEW_SPREAD, &r, ei,
	    DB_I4(one.sig[0]), DB_I4(one.sig[1]), DB_I4(one.sig[2]));

	*out = (struct failure_spread){0};
	if (err != ERR_OK)
		return err;
	out->more = rows_count(r) > FAILURE_TARGETS_MAX;
	out->n = out->more ? FAILURE_TARGETS_MAX : rows_count(r);
	out->target = arena_calloc(a, out->n + 1, sizeof(*out->target));
	for (size_t i = 0; i < out->n; i++)
		read_target(&out->target[i], r, i, a);
	return ERR_OK;
}

static size_t
recipes_of(const struct failure_spread *spread, int32_t *recipe, int64_t *since)
{
	size_t n = 0;

	*since = INT64_MAX;
	for (size_t i = 0; i < spread->n; i++) {
		const struct spread_target *t = &spread->target[i];
		size_t k = 0;
		if (t->recipe == 0)
			continue;
		while (k < n && recipe[k] != t->recipe)
			k++;
		if (k == n)
			recipe[n++] = t->recipe;
		*since = t->started < *since ? t->started : *since;
	}
	return n;
}

/* Rows come oldest first: the first that fits is when it was gone. */
static void
set_gone(struct spread_target *t, const struct rows *r)
{
	int recipe = rows_column(r, "recipe"), build = rows_column(r, "build");
	int started = rows_column(r, "started");
	int machine = rows_column(r, "machine");
	int distro = rows_column(r, "distro");
	int branch = rows_column(r, "branch");

	for (size_t i = 0; i < rows_count(r); i++) {
		if (row_int(r, i, recipe) != t->recipe ||
		    row_time(r, i, started) <= t->started ||
		    strcmp(row_text(r, i, machine), t->machine) != 0 ||
		    strcmp(row_text(r, i, distro), t->distro) != 0 ||
		    strcmp(row_text(r, i, branch), t->branch) != 0)
			continue;
		t->gone_build = (int)row_int(r, i, build);
		t->gone_since = row_time(r, i, started);
		return;
	}
}

enum err
failure_view_gone(struct db *db, struct arena *a, struct failure_spread *spread,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int32_t *recipe = arena_calloc(a, spread->n + 1, sizeof(*recipe));
	int64_t since;
	size_t n = recipes_of(spread, recipe, &since);
	enum err err;

	if (n == 0)
		return ERR_OK;
	err = STMT_QUERY(db, Q_FAILURE_VIEW_SUCCESSES, &r, ei,
	    db_int4s(recipe, n), DB_TM(since),
	    DB_I8((int64_t)(SUCCESSES / n + 10)));
	for (size_t i = 0; err == ERR_OK && i < spread->n; i++)
		set_gone(&spread->target[i], r);
	return err;
}

enum err
failure_view_more(struct db *db, struct arena *a, int id,
    struct failure_more *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_FAILURE_VIEW_MORE, &r, ei, DB_I4(id));

	*out = (struct failure_more){0, ""};
	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	out->recipe = (int)row_int(r, 0, rows_column(r, "recipe"));
	out->message =
	    arena_strdup(a, row_text(r, 0, rows_column(r, "message")));
	return ERR_OK;
}

/* ---- a signature ---- */

enum err
signature_find(struct db *db, struct arena *a, const char *id, int *number,
    struct signature_row *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	uint64_t n = 0;
	enum err err;

	if (!str_to_u64(id, strlen(id), &n) || n == 0 || n > INT32_MAX)
		return err_set(ei, ERR_NOT_FOUND,
		    "\"%.40s\" is no signature: those are numbers, which the "
		    "pages of failures link to",
		    id);
	*number = (int)n;
	err = STMT_QUERY(db, Q_FAILURE_VIEW_SIGNATURE, &r, ei, DB_I4(*number));
	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(ei, ERR_NOT_FOUND,
		    "there is no signature %d; its failures may have been "
		    "removed, or signatures have been computed anew",
		    *number);
	*out = (struct signature_row){
	    .strength = (enum signature_strength)row_int(
		r, 0, rows_column(r, "strength")),
	    .version = (int)row_int(r, 0, rows_column(r, "version")),
	    .text = arena_strdup(a, row_text(r, 0, rows_column(r, "text"))),
	};
	return ERR_OK;
}

/* The smallest of these with which it takes no more than FAILURE_BINS_MAX. */
static int64_t
step_for(int64_t span)
{
	static const int64_t hours[] = {1, 6, 24, 7 * 24, 28 * 24, 91 * 24};
	const size_t n = sizeof(hours) / sizeof(hours[0]);

	for (size_t i = 0; i < n; i++)
		if (span / (hours[i] * 3600 * US) < FAILURE_BINS_MAX - 1)
			return hours[i] * 3600 * US;
	return (span / (FAILURE_BINS_MAX - 1) / DAY + 1) * DAY;
}

enum err
failure_view_times(struct db *db, struct arena *a,
    const struct failure_like *like, const struct failure_known *known,
    struct failure_times *out, struct errinfo *ei)
{
	int64_t first = known->first, last = known->last;
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct failure_like one = only(like);
	enum err err;

	*out = (struct failure_times){.step = step_for(last - first)};
	out->from = first - (first % out->step + out->step) % out->step;
	out->n = (size_t)((last - out->from) / out->step + 1);
	out->count = arena_calloc(a, out->n, sizeof(*out->count));
	err = STMT_QUERY(db, Q_FAILURE_VIEW_TIMES, &r, ei, DB_I4(one.sig[0]),
	    DB_I4(one.sig[1]), DB_I4(one.sig[2]), DB_TM(out->from),
	    DB_D((double)(out->step / US)));
	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		int64_t bin = row_int(r, i, rows_column(r, "bin"));
		if (bin >= 0 && (size_t)bin < out->n)
			out->count[bin] =
			    row_int(r, i, rows_column(r, "times"));
	}
	return err;
}

/* ---- other things beside ---- */

enum err
failure_view_of_builds(struct db *db, struct arena *a,
    const struct recipe_builds *builds, struct failures_of_builds *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_FAILURE_VIEW_OF_BUILDS, &r, ei,
	    db_int4s(builds->build, builds->n), DB_I4(builds->recipe));

	*out = (struct failures_of_builds){0};
	if (err != ERR_OK)
		return err;
	out->n = rows_count(r);
	out->failure = arena_calloc(a, out->n + 1, sizeof(*out->failure));
	for (size_t i = 0; i < out->n; i++)
		out->failure[i] = (struct failure_of_build){
		    (int)row_int(r, i, rows_column(r, "build")),
		    (int)row_int(r, i, rows_column(r, "id")),
		    arena_strdup(a, row_text(r, i, rows_column(r, "task"))),
		};
	return ERR_OK;
}

/* In the order of oe-core's bitbake.conf. */
static const char *const config_names[] = {
    "site.conf", "auto.conf", "local.conf", "toolcfg.conf"};

#define NCONFIGS (sizeof(config_names) / sizeof(config_names[0]))

static enum err
read_config(struct arena *a, const struct rows *r, int build,
    struct config_side *out, struct errinfo *ei)
{
	struct slice *text = arena_calloc(a, NCONFIGS, sizeof(*text));
	int id = rows_column(r, "build"), data = rows_column(r, "data");
	int name = rows_column(r, "name");
	enum err err = ERR_OK;

	*out = (struct config_side){text, 0};
	for (size_t k = 0; k < NCONFIGS; k++)
		for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++)
			if (row_int(r, i, id) == build &&
			    strcmp(row_text(r, i, name), config_names[k]) == 0)
				err = zstd_unpack(a, row_bytes(r, i, data),
				    CONFIG_MAX, &text[out->n++], ei);
	return err;
}

enum err
failure_view_configs(struct db *db, struct arena *a,
    const struct build_row *here, const struct build_row *there,
    struct config_side out[2], struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(db, Q_FAILURE_VIEW_TEXTS, &r, ei, DB_I4(here->id),
		DB_TM(here->started), DB_I4(there->id), DB_TM(there->started));

	out[0] = out[1] = (struct config_side){0};
	if (err == ERR_OK)
		err = read_config(a, r, here->id, &out[0], ei);
	if (err == ERR_OK)
		err = read_config(a, r, there->id, &out[1], ei);
	return err;
}
