/* page_tasks.c: the tasks of one build, /build/ID/tasks. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/status_word.h"
#include "model/task_select.h"
#include "model/top_rows.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

/* Shown beside time and CPU time unless metric= asks for others: memory, and
 * what went to and came from disks. */
static const char *const usual[] = {
    "child_rusage.ru_maxrss", "io.read_bytes", "io.write_bytes"};

#define SHOWN_MAX 16

/* What the page is made of. */
struct view {
	struct build_info build;
	struct task_table *table;
	struct list_order order;
	uint32_t *row; /* those that match; shown are from..to */
	size_t n, from, to;
	double longest;
	const double *cputime; /* NULL if the build has none */
	struct task_column *column;
	size_t ncolumns;
};

static enum err
load_column(struct page_context *cx, struct view *v, const char *name,
    struct task_column *out)
{
	return task_table_column(
	    cx->db, cx->arena, v->table, name, out, cx->ei);
}

static enum err
load_cputime(struct page_context *cx, struct view *v)
{
	struct task_column c;
	enum err err;

	if (!task_table_has(v->table, "cputime"))
		return ERR_OK;
	err = load_column(cx, v, "cputime", &c);
	if (err == ERR_OK)
		v->cputime = c.value;
	return err;
}

static enum err
find_key(struct page_context *cx, struct view *v, const double **key)
{
	struct task_column c;
	enum err err;

	*key = task_sort_key(cx->arena, v->table, v->order.key);
	if (*key != NULL)
		return ERR_OK;
	if (strcmp(v->order.key, "cputime") == 0 && v->cputime != NULL) {
		*key = v->cputime;
		return ERR_OK;
	}
	if (!task_table_has(v->table, v->order.key))
		return err_set(cx->ei, ERR_INPUT,
		    "The parameter sort takes recipe, package, version, task, "
		    "block, started, elapsed, cputime, status or a metric of "
		    "this build, each with - in front for the other "
		    "direction, not \"%.60s\".",
		    param_text(cx, P_SORT));
	err = load_column(cx, v, v->order.key, &c);
	*key = err == ERR_OK ? c.value : NULL;
	return err;
}

static void
read_order(struct page_context *cx, struct list_order *out)
{
	const char *sort =
	    param_given(cx, P_SORT) ? param_text(cx, P_SORT) : "-elapsed";
	struct paging paging = page_paging(cx);

	*out = (struct list_order){sort + (sort[0] == '-'), sort[0] == '-',
	    paging.offset, paging.limit};
}

/* Filters, and puts the rows of this page in order. */
static enum err
choose_rows(struct page_context *cx, struct view *v)
{
	const struct task_filter filter = {
	    .statuses = row_statuses(cx),
	    .task = row_task_name(cx),
	    .package = param_text(cx, P_PACKAGE),
	    .min = param_real(cx, P_MIN),
	};
	const double *key;
	enum err err = find_key(cx, v, &key);

	if (err != ERR_OK)
		return err;
	v->row = arena_alloc(cx->arena, (v->table->n + 1) * sizeof(*v->row));
	v->n = task_select(cx->arena, v->table, &filter, v->row);
	for (size_t i = 0; i < v->n; i++)
		v->longest = fmax(v->longest, v->table->elapsed[v->row[i]]);
	v->to = top_rows(v->row, v->n, key, v->order.down,
	    (size_t)(v->order.offset + v->order.limit));
	v->from =
	    (size_t)v->order.offset < v->to ? (size_t)v->order.offset : v->to;
	return ERR_OK;
}

static enum err
asked_columns(
    struct page_context *cx, struct view *v, const char **name, size_t *n)
{
	const char **asked;
	size_t nasked = param_texts(cx, P_METRIC, &asked);

	*n = 0;
	for (size_t i = 0; i < nasked && *n < SHOWN_MAX; i++) {
		if (!task_table_has(v->table, asked[i]))
			return err_set(cx->ei, ERR_INPUT,
			    "The parameter metric: this build has no metric "
			    "\"%.60s\"; /metrics lists those that were seen.",
			    asked[i]);
		name[(*n)++] = asked[i];
	}
	for (size_t i = 0; nasked == 0 && i < 3; i++)
		if (task_table_has(v->table, usual[i]))
			name[(*n)++] = usual[i];
	return ERR_OK;
}

/* People see a few columns, scripts get all of them. */
static enum err
load_columns(struct page_context *cx, struct view *v)
{
	const char *name[SHOWN_MAX];
	enum err err;

	if (cx->form != FORM_HTML) {
		v->ncolumns = v->table->nmetrics;
		return task_table_columns(
		    cx->db, cx->arena, v->table, &v->column, cx->ei);
	}
	err = asked_columns(cx, v, name, &v->ncolumns);
	v->column = arena_calloc(cx->arena, SHOWN_MAX, sizeof(*v->column));
	for (size_t i = 0; err == ERR_OK && i < v->ncolumns; i++)
		err = load_column(cx, v, name[i], &v->column[i]);
	return err;
}

static void
add_task(struct page_context *cx, const struct view *v, node tasks, uint32_t i)
{
	node n = doc_object(tasks, "task"), metrics;

	row_task(cx, n, v->table, i, v->cputime != NULL ? v->cputime[i] : NAN);
	row_width(cx, n, v->table->elapsed[i], v->longest);
	metrics = doc_values(n, "metrics");
	for (size_t k = 0; k < v->ncolumns; k++) {
		const struct task_column *c = &v->column[k];
		node m;
		if (isnan(c->value[i]))
			continue;
		m = doc_object(metrics, "metric");
		doc_text(m, "name", c->name);
		doc_measure(m, "value", c->value[i], c->unit);
	}
}

static void
add_columns(struct page_context *cx, const struct view *v)
{
	struct buf shown = BUF_INIT;

	page_column(cx, "recipe", "Recipe");
	page_column(cx, "task", "Task");
	page_column(cx, "status", "Status");
	page_column(cx, "started", "Started");
	page_column(cx, "-elapsed", "Time");
	if (v->cputime != NULL)
		page_column(cx, "-cputime", "CPU time");
	for (size_t i = 0; i < v->ncolumns; i++) {
		const char *name = v->column[i].name;
		buf_addf(&shown, "%s%s", i == 0 ? "" : " ", name);
		page_column(cx, arena_printf(cx->arena, "-%s", name), name);
	}
	doc_text(doc_content(cx->doc), "shown",
	    shown.data != NULL ? shown.data : "");
	buf_clear(&shown);
}

static void
add_options(struct page_context *cx, const struct view *v)
{
	node options = doc_aside(doc_content(cx->doc), "options");
	const char *task = row_task_name(cx);
	unsigned statuses = row_statuses(cx);

	for (size_t i = 0; i < v->table->ntask_names; i++) {
		const char *name = v->table->task_names[i];
		row_option(options, "task", name, strcmp(name, task) == 0);
	}
	for (int i = TASK_PASSED; i <= TASK_UNFINISHED; i++)
		row_option(options, "status",
		    task_status_word((enum task_status)i),
		    (statuses & 1U << i) != 0);
}

static void
say(struct page_context *cx, const struct view *v)
{
	struct buf b = BUF_INIT;
	const char *package = param_text(cx, P_PACKAGE);
	const char *task = row_task_name(cx), **words;
	size_t nwords = param_texts(cx, P_STATUS, &words);
	char text[HUMAN_MAX];

	if (v->n == 0)
		buf_adds(&b, "No ");
	else
		buf_addf(&b, "%s ", human_count(text, (int64_t)v->n));
	for (size_t i = 0; i < nwords; i++)
		buf_addf(&b, "%s%s", i > 0 ? "or " : "", words[i]);
	buf_addf(&b, "%s%s%stask%s of ", nwords > 0 ? " " : "", task,
	    task[0] != '\0' ? " " : "", v->n > 1 ? "s" : "");
	if (package[0] != '\0')
		buf_addf(&b, "%s in ", package);
	sentence_target(&b, &v->build.row);
	if (param_real(cx, P_MIN) > 0)
		buf_addf(&b, " took %s or longer",
		    human_seconds(text, param_real(cx, P_MIN)));
	row_sentence(cx, &b);
}

static enum err
load_view(struct page_context *cx, struct view *v)
{
	enum err err = row_find_build(cx, &v->build);

	if (err == ERR_OK)
		err = task_table_load(cx->db, cx->arena, v->build.row.id,
		    v->build.row.started, &v->table, cx->ei);
	if (err == ERR_OK)
		err = load_cputime(cx, v);
	if (err == ERR_OK)
		err = choose_rows(cx, v);
	if (err == ERR_OK)
		err = load_columns(cx, v);
	return err;
}

enum err
page_tasks(struct page_context *cx)
{
	struct view v = {0};
	node content = doc_content(cx->doc), tasks;
	enum err err;

	read_order(cx, &v.order);
	err = load_view(cx, &v);
	if (err != ERR_OK)
		return err;
	say(cx, &v);
	page_table(cx, "tasks", (int64_t)v.n);
	row_build(cx, doc_object(content, "build"), &v.build.row);
	if (cx->form == FORM_HTML) {
		add_columns(cx, &v);
		add_options(cx, &v);
	}
	if (cx->form == FORM_CSV)
		doc_value_columns(cx->doc, v.table->metrics, v.table->nmetrics);
	tasks = doc_array(content, "tasks");
	for (size_t i = v.from; i < v.to; i++)
		add_task(cx, &v, tasks, v.row[i]);
	return ERR_OK;
}
