/* task_graph_load.c: see task_graph_load.h. */
#include "model/task_graph_load.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/config_diff.h"
#include "json/jobj.h"

#define CONFIG_MAX 1048576
#define THREADS_MAX 100000

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

struct loading {
	struct db *db;
	struct arena *a;
	const struct build_info *b;
	struct graph_of_build *out;
	struct errinfo *ei;
};

/* ---- texts ---- */

static bool
has_text(const struct loading *l, const char *name, int64_t most)
{
	for (size_t i = 0; i < l->b->ntexts; i++)
		if (strcmp(l->b->texts[i].name, name) == 0)
			return l->b->texts[i].size <= most;
	return false;
}

static enum err
load_text(const struct loading *l, const char *name, struct slice *out)
{
	const struct build_row *b = &l->b->row;

	return build_text_load(l->db, l->a,
	    (struct build_key){b->id, b->started}, name, out, l->ei);
}

/* ---- threads ---- */

/* A number as a text; something else, like an expression, says nothing. */
static size_t
threads_of(const struct loading *l, int64_t n, const char *from)
{
	if (n < 1 || n > THREADS_MAX)
		return 0;
	l->out->threads = from;
	return (size_t)n;
}

static size_t
threads_in(const struct loading *l, const char *text, const char *from)
{
	int64_t n;

	return text != NULL && str_to_i64(text, strlen(text), &n)
		   ? threads_of(l, n, from)
		   : 0;
}

static enum err
threads_told(const struct loading *l, size_t *threads)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	const char *sent;
	enum err err =
	    STMT_QUERY(l->db, Q_BUILD_THREADS, &r, l->ei, DB_I4(l->b->row.id));

	if (err != ERR_OK || rows_count(r) != 1)
		return err;
	sent = row_text(r, 0, 0);
	if (sent[0] != '\0' && jobj_parse(slice_of(sent), &j, NULL) == ERR_OK)
		*threads =
		    threads_of(l, jobj_number(j, "threads", 0), "build.json");
	if (*threads == 0)
		*threads = threads_in(l, row_text(r, 0, 1), "event log");
	return ERR_OK;
}

static enum err
threads_configured(const struct loading *l, size_t *threads)
{
	/* In the order in which bitbake reads them. */
	static const char *const names[] = {
	    "site.conf", "auto.conf", "local.conf"};
	struct slice text[3];
	size_t n = 0;
	const char *value;

	for (size_t i = 0; i < 3; i++) {
		enum err err;
		if (!has_text(l, names[i], CONFIG_MAX))
			continue;
		if ((err = load_text(l, names[i], &text[n++])) != ERR_OK)
			return err;
	}
	if (n == 0)
		return ERR_OK;
	value = config_value(
	    l->a, (struct config_side){text, n}, "BB_NUMBER_THREADS");
	*threads = threads_in(l, value, "local.conf");
	return ERR_OK;
}

/* ---- dependencies ---- */

static enum err
load_depends(const struct loading *l, struct depends_list *list)
{
	static const struct {
		const char *name;
		enum depends_kind kind;
	} files[] = {{DEPENDS_TASKS_TEXT, DEPENDS_TASKS},
	    {DEPENDS_RECIPES_TEXT, DEPENDS_RECIPES},
	    {DEPENDS_TOLD_TEXT, DEPENDS_RECIPES}};
	struct errinfo broken;
	struct slice text;
	size_t i = 0;
	enum err err;

	while (i < 3 && !has_text(l, files[i].name, INT64_MAX))
		i++;
	if (i == 3)
		return ERR_OK;
	l->out->file = files[i].name;
	if ((err = load_text(l, files[i].name, &text)) != ERR_OK)
		return err;
	if (strcmp(files[i].name, DEPENDS_TOLD_TEXT) == 0)
		depends_read_told(l->a, text, list);
	else if (depends_read(l->a, files[i].kind, text, list, &broken) !=
		 ERR_OK)
		l->out->damaged = true;
	return ERR_OK;
}

enum err
task_graph_load(struct db *db, struct arena *a, const struct build_info *b,
    const struct task_table *t, struct graph_of_build *out, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct loading l = {db, scratch, b, out, ei};
	struct depends_list list = {0};
	struct graph_options o = {.scratch = scratch,
	    .span = chart_span_of(b->row.started, b->row.elapsed, NULL, 0, t)};
	enum err err;

	*out = (struct graph_of_build){.threads = "", .file = ""};
	if ((err = threads_told(&l, &o.threads)) != ERR_OK ||
	    (o.threads == 0 &&
		(err = threads_configured(&l, &o.threads)) != ERR_OK) ||
	    (err = load_depends(&l, &list)) != ERR_OK)
		return err;
	if (list.nedges > 0 && !out->damaged)
		o.told = &list;
	task_graph_make(a, t, &o, &out->graph);
	return ERR_OK;
}
