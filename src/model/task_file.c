/* task_file.c: see task_file.h. */
#include "model/task_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/intern.h"
#include "model/pf.h"
#include "model/shape_table.h"
#include "model/task_line.h"

#define METRICS_MAX 512
#define PACKAGES_MAX 65536
#define NAMES_MAX 65536

struct task_files {
	struct arena *arena;
	size_t max;
	struct intern packages, names, metrics;
	struct shape_table shapes;
	struct shape_draft draft;
	struct task *tasks;
	size_t ntasks, tasks_cap;
	struct failed_at *failed;
	size_t nfailed, failed_cap;
	const char **recipes; /* per package where known, else NULL */
	size_t recipes_cap;
	size_t left_out;
	size_t nodd;
	struct task_odd *odd; /* TASK_ODD_MAX, or NULL */
	/* the file at hand */
	struct slice pf, task, name; /* name: "<PF>: <task>" */
	struct buf name_buf;
	size_t line_no;
	bool any_known;
};

struct task_files *
task_files_new(struct arena *a, size_t max)
{
	struct task_files *tf = arena_zalloc(a, sizeof(*tf));

	tf->arena = a;
	tf->max = max;
	intern_init(&tf->packages, a);
	intern_init(&tf->names, a);
	intern_init(&tf->metrics, a);
	shape_table_init(&tf->shapes, a);
	return tf;
}

void
task_files_free(struct task_files *tf)
{
	if (tf == NULL)
		return;
	buf_clear(&tf->name_buf);
	buf_clear(&tf->draft.text);
}

size_t
task_files_count(const struct task_files *tf)
{
	return tf->ntasks;
}

/* The clean form of a name, which is nearly always the name itself. */
static struct slice
clean(struct arena *a, struct slice s)
{
	return utf8_clean(s.p, s.n) ? s : slice_of(utf8_scrub(a, s.p, s.n));
}

static enum err
fail(struct task_files *tf, struct errinfo *ei, const char *what)
{
	return err_set(ei, ERR_INPUT, "%.*s/%.*s line %zu: %s", (int)tf->pf.n,
	    tf->pf.p, (int)tf->task.n, tf->task.p, tf->line_no, what);
}

/* ---- one block, line by line ---- */

/* The slot that a well-known number is found by. */
static void
note_well_known(struct shape_draft *d, struct slice key, int slot)
{
	if (slice_is(key, "Started"))
		d->started = slot;
	else if (slice_is(key, "Ended"))
		d->ended = slot;
	else if (slice_is(key, "Elapsed time"))
		d->elapsed = slot;
}

/* Takes the line's number as a slot; false if it has to stay text. */
static bool
add_slot(struct task_files *tf, const struct task_line *l)
{
	struct shape_draft *d = &tf->draft;
	uint32_t metric;
	bool is_new;

	if (d->nslots == SHAPE_SLOTS_MAX)
		return false;
	if (!intern_find(&tf->metrics, l->key, &metric)) {
		if (tf->metrics.n >= METRICS_MAX)
			return false;
		metric = intern_add(&tf->metrics, l->key, &is_new);
	}
	for (size_t i = 0; i < d->nslots; i++)
		if (d->slots[i].metric == metric)
			return false; /* one value a metric and task */
	d->slots[d->nslots] = (struct shape_slot){metric, l->form};
	d->checks[d->nslots] = l->check;
	d->values[d->nslots] = l->value;
	note_well_known(d, l->key, (int)d->nslots);
	d->nslots++;
	return true;
}

/* raw is the line with its LF, if it has one. */
static void
add_line(struct task_files *tf, const struct task_line *l, struct slice raw)
{
	struct buf *text = &tf->draft.text;
	size_t done = 0;

	if (l->kind == LINE_STATUS)
		tf->draft.status = l->status;
	if (l->kind == LINE_NAME) {
		buf_addc(text, SHAPE_NAME);
		done = l->name_n;
	}
	if (l->number_n > 0 && add_slot(tf, l)) {
		buf_add(text, raw.p + done, l->number_at - done);
		buf_addc(text, SHAPE_SLOT);
		done = l->number_at + l->number_n;
	}
	buf_add(text, raw.p + done, raw.n - done);
}

/* Lines that can't be or needn't be kept. */
static bool
is_left_out(
    const struct task_files *tf, const struct task_line *l, struct slice line)
{
	if (memchr(line.p, SHAPE_SLOT, line.n) != NULL ||
	    memchr(line.p, SHAPE_NAME, line.n) != NULL)
		return true;
	return l->kind == LINE_UNKNOWN && line.n > 0 &&
	       shape_table_crowded(&tf->shapes);
}

static void
note_odd(struct task_files *tf, struct slice line, bool left_out)
{
	struct slice s = slice_trim(line);

	if (s.n == 0 || tf->nodd == TASK_ODD_MAX)
		return;
	if (tf->odd == NULL)
		tf->odd =
		    arena_calloc(tf->arena, TASK_ODD_MAX, sizeof(*tf->odd));
	tf->odd[tf->nodd++] = (struct task_odd){
	    .file = arena_printf(tf->arena, "%.*s/%.*s", (int)tf->pf.n,
		tf->pf.p, (int)tf->task.n, tf->task.p),
	    .line = tf->line_no,
	    .text = utf8_scrub(tf->arena, s.p, s.n < 120 ? s.n : 120),
	    .left_out = left_out,
	};
}

const struct task_odd *
task_files_odd(const struct task_files *tf, size_t *n)
{
	*n = tf->nodd;
	return tf->odd;
}

static enum err
read_line(struct task_files *tf, struct slice line, struct slice raw,
    struct errinfo *ei)
{
	struct task_line l;

	task_line_read(&l, line, tf->name);
	if (l.kind == LINE_BINARY)
		return fail(tf, ei, "a NUL byte: not a text");
	if (l.kind == LINE_WRONG && raw.n == line.n) {
		/* The file was cut in the middle of its last line. */
		l.kind = LINE_UNKNOWN;
		l.number_n = 0;
	} else if (l.kind == LINE_WRONG) {
		err_set(ei, ERR_INPUT, "%.*s is %s", (int)l.key.n, l.key.p,
		    l.wrong);
		return err_prefix(ei, "%.*s/%.*s line %zu", (int)tf->pf.n,
		    tf->pf.p, (int)tf->task.n, tf->task.p, tf->line_no);
	}
	bool left_out = is_left_out(tf, &l, line);

	tf->any_known |= l.known;
	if (l.kind == LINE_UNKNOWN || left_out)
		note_odd(tf, line, left_out);
	if (left_out)
		tf->left_out++;
	else
		add_line(tf, &l, raw);
	return ERR_OK;
}

static void
draft_reset(struct shape_draft *d)
{
	buf_reset(&d->text);
	d->nslots = 0;
	d->status = TASK_UNFINISHED;
	d->started = d->ended = d->elapsed = -1;
}

/* Reads one block off *rest, whatever it looks like, into the draft. */
static enum err
read_block(struct task_files *tf, struct slice *rest, struct errinfo *ei)
{
	struct slice line, before = *rest;

	draft_reset(&tf->draft);
	for (bool first = true; slice_line(rest, &line); first = false) {
		if (!first && slice_starts(line, "Event: TaskStarted")) {
			*rest = before;
			return ERR_OK;
		}
		tf->line_no++;
		struct slice raw = {line.p, (size_t)(rest->p - line.p)};
		enum err e = read_line(tf, line, raw, ei);
		if (e != ERR_OK)
			return e;
		before = *rest;
	}
	return ERR_OK;
}

/* ---- one file ---- */

static size_t
count_lines(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

/* The next block's shape and values, the fast way or the other. */
static enum err
next_block(struct task_files *tf, struct slice *rest, uint32_t *shape,
    const int64_t **values, struct errinfo *ei)
{
	size_t used;
	enum err e;

	if (shape_table_match(&tf->shapes, tf->name, *rest, shape, &used)) {
		struct slice block = {rest->p, used};
		*values = tf->shapes.values;
		rest->p += used;
		rest->n -= used;
		tf->any_known = true;
		if (rest->n > 0)
			tf->line_no += count_lines(block);
		return ERR_OK;
	}
	if ((e = read_block(tf, rest, ei)) != ERR_OK)
		return e;
	*values = tf->draft.values;
	return shape_table_add(&tf->shapes, &tf->draft, shape, ei);
}

static void
set_name(struct task_files *tf, struct slice pf, struct slice task)
{
	tf->pf = clean(tf->arena, pf);
	tf->task = clean(tf->arena, task);
	buf_reset(&tf->name_buf);
	buf_add(&tf->name_buf, tf->pf.p, tf->pf.n);
	buf_add(&tf->name_buf, ": ", 2);
	buf_add(&tf->name_buf, tf->task.p, tf->task.n);
	tf->name = (struct slice){tf->name_buf.data, tf->name_buf.len};
	tf->line_no = 0;
	tf->any_known = false;
}

static enum err
add_task(struct task_files *tf, const struct task *t, const int64_t *values,
    struct errinfo *ei)
{
	size_t n = tf->shapes.shapes[t->shape].nslots;
	int64_t *copy = arena_alloc(tf->arena, n * sizeof(*copy));

	if (tf->ntasks >= tf->max || arena_over(tf->arena))
		return err_set(ei, ERR_TOO_BIG,
		    "more tasks in one build than this server takes");
	if (n > 0)
		memcpy(copy, values, n * sizeof(*copy));
	tf->tasks = arena_grow(tf->arena, tf->tasks, &tf->tasks_cap,
	    tf->ntasks + 1, sizeof(*tf->tasks));
	tf->tasks[tf->ntasks] = *t;
	tf->tasks[tf->ntasks].values = copy;
	tf->ntasks++;
	return ERR_OK;
}

enum err
task_files_read(struct task_files *tf, struct slice pf, struct slice task,
    struct slice text, struct errinfo *ei)
{
	struct task t = {0};
	const int64_t *values = NULL;
	bool is_new;
	enum err e;

	set_name(tf, pf, task);
	t.package = intern_add(&tf->packages, tf->pf, &is_new);
	t.name = intern_add(&tf->names, tf->task, &is_new);
	if (tf->packages.n > PACKAGES_MAX || tf->names.n > NAMES_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "more recipes or task names than a build can have");
	do {
		if ((e = next_block(tf, &text, &t.shape, &values, ei)) !=
			ERR_OK ||
		    (e = add_task(tf, &t, values, ei)) != ERR_OK)
			return e;
		t.block++;
	} while (text.n > 0);
	if (!tf->any_known && tf->line_no > 0)
		return err_set(ei, ERR_INPUT, "%.*s/%.*s is no task file",
		    (int)tf->pf.n, tf->pf.p, (int)tf->task.n, tf->task.p);
	return ERR_OK;
}

/* ---- what others know of tasks ---- */

void
task_files_failed_at(struct task_files *tf, struct slice pf, struct slice task)
{
	bool is_new;

	if (tf->packages.n >= PACKAGES_MAX)
		return;
	tf->failed = arena_grow(tf->arena, tf->failed, &tf->failed_cap,
	    tf->nfailed + 1, sizeof(*tf->failed));
	tf->failed[tf->nfailed++] = (struct failed_at){
	    intern_add(&tf->packages, clean(tf->arena, pf), &is_new),
	    utf8_scrub(tf->arena, task.p, task.n),
	};
}

void
task_files_name_recipe(
    struct task_files *tf, struct slice pf, const char *recipe)
{
	uint32_t package;
	size_t had = tf->recipes_cap;

	if (!intern_find(&tf->packages, pf, &package))
		return;
	tf->recipes = arena_grow(tf->arena, tf->recipes, &tf->recipes_cap,
	    tf->packages.n, sizeof(*tf->recipes));
	for (size_t i = had; i < tf->recipes_cap; i++)
		tf->recipes[i] = NULL;
	tf->recipes[package] = recipe;
}

/* ---- the end ---- */

static int
text_order(const void *x, const void *y)
{
	const struct slice *a = *(const struct slice *const *)x;
	const struct slice *b = *(const struct slice *const *)y;
	int order = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);

	return order != 0 ? order : (a->n > b->n) - (a->n < b->n);
}

/* The texts in order; rank[number] is where each went. */
static const struct slice **
sort_texts(struct arena *a, const struct intern *in, uint32_t **rank)
{
	const struct slice **order = arena_calloc(a, in->n, sizeof(*order));

	*rank = arena_calloc(a, in->n, sizeof(**rank));
	for (size_t i = 0; i < in->n; i++)
		order[i] = &in->texts[i];
	if (in->n > 1)
		qsort(order, in->n, sizeof(*order), text_order);
	for (size_t i = 0; i < in->n; i++)
		(*rank)[order[i] - in->texts] = (uint32_t)i;
	return order;
}

static struct package
make_package(struct task_files *tf, size_t number)
{
	struct slice pf = tf->packages.texts[number], recipe, version, r;

	pf_split(pf, &recipe, &version);
	r = slice_of(number < tf->recipes_cap ? tf->recipes[number] : NULL);
	if (r.n > 0 && r.n + 1 < pf.n && memcmp(pf.p, r.p, r.n) == 0 &&
	    pf.p[r.n] == '-') {
		recipe = r;
		version = (struct slice){pf.p + r.n + 1, pf.n - r.n - 1};
	}
	return (struct package){
	    .pf = pf.p,
	    .recipe = arena_strndup(tf->arena, recipe.p, recipe.n),
	    .version = arena_strndup(tf->arena, version.p, version.n),
	};
}

/* Tars are mostly written in order, so look before sorting. */
static void
sort_tasks(struct task *tasks, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (task_compare(&tasks[i - 1], &tasks[i]) > 0) {
			qsort(tasks, n, sizeof(*tasks), task_compare);
			return;
		}
	}
}

static enum err
check_twice(const struct build *b, struct errinfo *ei)
{
	for (size_t i = 1; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		if (task_compare(t - 1, t) == 0)
			return err_set(ei, ERR_INPUT, "%s/%s comes twice",
			    b->packages[t->package].pf, b->task_names[t->name]);
	}
	return ERR_OK;
}

static int
failed_order(const void *x, const void *y)
{
	const struct failed_at *a = x, *b = y;

	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	return strcmp(a->task, b->task);
}

/* By package and task, each once. */
static void
sort_failed(struct task_files *tf, const uint32_t *package_rank)
{
	struct failed_at *f = tf->failed;
	size_t n = 0;

	for (size_t i = 0; i < tf->nfailed; i++)
		f[i].package = package_rank[f[i].package];
	if (tf->nfailed > 1)
		qsort(f, tf->nfailed, sizeof(*f), failed_order);
	for (size_t i = 0; i < tf->nfailed; i++)
		if (n == 0 || failed_order(&f[n - 1], &f[i]) != 0)
			f[n++] = f[i];
	tf->nfailed = n;
}

static void
make_tables(struct task_files *tf, struct build *b)
{
	struct arena *a = tf->arena;
	const struct slice **order;
	uint32_t *package_rank, *name_rank;

	order = sort_texts(a, &tf->packages, &package_rank);
	b->npackages = tf->packages.n;
	b->packages = arena_calloc(a, b->npackages, sizeof(*b->packages));
	for (size_t i = 0; i < b->npackages; i++)
		b->packages[i] =
		    make_package(tf, (size_t)(order[i] - tf->packages.texts));
	order = sort_texts(a, &tf->names, &name_rank);
	b->ntask_names = tf->names.n;
	b->task_names = arena_calloc(a, b->ntask_names, sizeof(char *));
	for (size_t i = 0; i < b->ntask_names; i++)
		b->task_names[i] = order[i]->p;
	b->nmetrics = tf->metrics.n;
	b->metrics = arena_calloc(a, b->nmetrics, sizeof(*b->metrics));
	for (size_t i = 0; i < b->nmetrics; i++)
		b->metrics[i] = (struct metric){tf->metrics.texts[i].p,
		    metric_name_of(a, tf->metrics.texts[i])};
	for (size_t i = 0; i < tf->ntasks; i++) {
		tf->tasks[i].package = package_rank[tf->tasks[i].package];
		tf->tasks[i].name = name_rank[tf->tasks[i].name];
	}
	sort_failed(tf, package_rank);
	b->nfailed_at = tf->nfailed;
	b->failed_at = tf->failed;
}

enum err
task_files_finish(struct task_files *tf, struct build *b, size_t *left_out,
    struct errinfo *ei)
{
	make_tables(tf, b);
	b->nshapes = tf->shapes.n;
	b->shapes = tf->shapes.shapes;
	b->ntasks = tf->ntasks;
	b->tasks = tf->tasks;
	sort_tasks(b->tasks, b->ntasks);
	*left_out = tf->left_out;
	return check_twice(b, ei);
}
