/* live_event.c: what builds report, read line by line; see live_event.h. */
#include "model/live_event.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64_stream.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/bundle.h"
#include "model/environment.h"
#include "model/member.h"
#include "model/task_file.h"
#include "json/jin.h"

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

#define US 1000000
#define DAY_US (INT64_C(86400) * US)
#define YEAR_2000 INT64_C(946684800)
#define COUNT_MAX 1000000000
#define MESSAGE_MAX ((size_t)16 << 10)
#define METRIC_KEY_MAX 100
#define SECONDS_MAX 1e9

static const struct {
	const char *name;
	enum live_kind kind;
} kinds[] = {
    {"tasks", LIVE_TASKS},
    {"file", LIVE_FILE},
    {"failure", LIVE_FAILURE},
    {"recipe", LIVE_RECIPE},
    {"qa", LIVE_QA},
    {"running", LIVE_RUNNING},
    {"environment", LIVE_ENVIRONMENT},
    {"finished", LIVE_FINISHED},
};

/* Of every event, and so no part of build.json. */
static const char *const of_all[] = {"seq", "time", "event", NULL};
static const char *const of_environment[] = {
    "seq", "time", "event", "uuid", "name", "builder", "key", NULL};

/* ---- parts ---- */

static enum err
read_number(const struct jin_at *top, const char *key, double most, double *out,
    struct errinfo *ei)
{
	struct jin_at at;
	enum err err;

	if (!jin_member(top, key, &at))
		return ERR_OK;
	if ((err = jin_real(&at, out, ei)) != ERR_OK)
		return err;
	if (*out < 0 || *out > most)
		return jin_fail(&at, "number out of range", ei);
	return ERR_OK;
}

/* A text that has to be one of a few. */
static enum err
read_word(const struct jin_at *top, const char *key, const char *const *words,
    const char **out, struct errinfo *ei)
{
	struct jin_at at;
	struct slice s;
	enum err err = live_member(top, key, &at, ei);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; jin_bytes(&at, &s) && words[i] != NULL; i++) {
		if (!slice_is(s, words[i]))
			continue;
		*out = words[i];
		return ERR_OK;
	}
	return jin_fail(&at, "none of the words that it may be", ei);
}

static enum err
read_about(struct live_reader *r, const struct jin_at *top, bool task,
    struct live_about *out, struct errinfo *ei)
{
	const struct {
		const char *key, **out;
		bool needed;
	} texts[] = {{"recipe", &out->recipe, true},
	    {"version", &out->version, true}, {"task", &out->task, task}};
	struct jin_at at;
	enum err err = ERR_OK;

	*out = (struct live_about){"", "", ""};
	for (size_t i = 0; err == ERR_OK && i < 3; i++) {
		if (texts[i].needed)
			err = live_member(top, texts[i].key, &at, ei);
		else if (!jin_member(top, texts[i].key, &at))
			continue;
		if (err == ERR_OK)
			err = live_name(&at, r->arena, texts[i].out, ei);
	}
	if (err == ERR_OK &&
	    strlen(out->recipe) + strlen(out->version) + 1 > JIN_TEXT_MAX)
		return jin_fail(
		    top, "recipe and version: longer than 255 bytes", ei);
	return err;
}

static enum err
read_message(struct live_reader *r, const struct jin_at *top, const char **out,
    struct errinfo *ei)
{
	struct jin_at at;

	*out = "";
	if (!jin_member(top, "message", &at))
		return ERR_OK;
	return jin_text(&at, r->arena, MESSAGE_MAX, out, ei);
}

/* The first member that is there of some that give bytes, as they are or, but
 * for the first, in base64. */
struct given {
	const char *const *keys; /* ends with NULL */
	size_t which;            /* of the keys */
	struct slice bytes;      /* in the arena */
};

static enum err
read_bytes(struct live_reader *r, const struct jin_at *top, struct given *g,
    struct errinfo *ei)
{
	struct base64 b = {0};
	struct jin_at at;
	struct slice s;
	char *to;

	for (g->which = 0; g->keys[g->which] != NULL; g->which++)
		if (jin_member(top, g->keys[g->which], &at))
			break;
	g->bytes = (struct slice){"", 0};
	if (g->keys[g->which] == NULL)
		return ERR_OK;
	if (!jin_bytes(&at, &s))
		return jin_fail(&at, "expected a string", ei);
	to = arena_alloc(r->arena, s.n + BASE64_ROOM(0));
	g->bytes = (struct slice){to, s.n};
	if (g->which == 0) {
		memcpy(to, s.p, s.n);
		return ERR_OK;
	}
	return base64_add(&b, s.p, s.n, (unsigned char *)to, &g->bytes.n) &&
		       (b.ended || b.have == 0)
		   ? ERR_OK
		   : jin_fail(&at, "this is no base64", ei);
}

/* ---- blocks of task files ---- */

void
live_block_text(struct buf *out, const struct live_block *b)
{
	if (b->of != NULL)
		task_text(out, b->of, b->t);
	else
		buf_add(out, b->text.p, b->text.n);
}

/* Reads each block as it will be read when the build is made. */
static enum err
check_blocks(
    struct live_reader *r, const struct live_event *e, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	enum err err = ERR_OK;

	for (size_t i = 0; r->check != NULL && i < e->nblocks; i++) {
		const struct live_block *b = &e->blocks[i];
		buf_reset(&text);
		live_block_text(&text, b);
		err = task_files_read(r->check, slice_of(b->pf),
		    slice_of(b->task), (struct slice){text.data, text.len}, ei);
		if (err != ERR_OK)
			return err_prefix(ei, "line %zu", r->line);
	}
	return err;
}

static enum err
read_tasks(struct live_reader *r, const struct jin_at *top,
    struct live_event *e, struct errinfo *ei)
{
	struct build *b = arena_zalloc(r->arena, sizeof(*b));
	enum err err = live_tasks_read(r, top, b, ei);

	if (err != ERR_OK)
		return err;
	e->nblocks = b->ntasks;
	e->blocks = arena_calloc(r->arena, b->ntasks + 1, sizeof(*e->blocks));
	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		e->blocks[i] = (struct live_block){
		    .pf = b->packages[t->package].pf,
		    .task = b->task_names[t->name],
		    .of = b,
		    .t = t,
		    .seq = e->seq,
		    .index = (uint32_t)i,
		};
	}
	return check_blocks(r, e, ei);
}

/* ---- recipes of clients that have no task files ---- */

/* As Python's "%.2f". */
static void
add_hundredths(struct buf *out, const char *key, double seconds)
{
	buf_addf(out, "%s: %.2f \n", key, seconds);
}

static enum err
add_metric(const struct jin_at *at, struct buf *out, struct errinfo *ei)
{
	const char *key = at->key;
	char text[32];
	double v;
	enum err err;

	if (key[0] == '\0' || strlen(key) > METRIC_KEY_MAX ||
	    strpbrk(key, ":\n\r\t\x01\x02") != NULL ||
	    !utf8_clean(key, strlen(key)))
		return jin_fail(at, "this is no metric", ei);
	if ((err = jin_real(at, &v, ei)) != ERR_OK)
		return err;
	if (v == floor(v) && fabs(v) < 9e15)
		snprintf(text, sizeof(text), "%.0f", v);
	else
		str_from_double(text, v);
	buf_addf(out, "%s: %s\n", key, text);
	return ERR_OK;
}

static enum err
add_metrics(const struct jin_at *task, struct buf *out, struct errinfo *ei)
{
	struct jin_members all;
	struct jin_at at, m;
	enum err err = ERR_OK;

	if (!jin_member(task, "metrics", &at))
		return ERR_OK;
	if ((err = jin_members(&at, &all, ei)) != ERR_OK)
		return err;
	while (err == ERR_OK && jin_members_next(&all, &m))
		err = add_metric(&m, out, ei);
	return err;
}

/* The block that bitbake would have written. */
static enum err
read_recipe_task(struct live_reader *r, const struct jin_at *at, const char *pf,
    struct live_block *out, struct errinfo *ei)
{
	static const char *const words[] = {"passed", "failed", NULL};
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	const char *status;
	double started = NAN, elapsed = NAN;
	struct jin_at name;
	enum err err = jin_object(at, ei);

	if (err == ERR_OK)
		err = live_member(at, "task", &name, ei);
	if (err == ERR_OK)
		err = live_name(&name, r->arena, &out->task, ei);
	if (err == ERR_OK)
		err = read_word(at, "status", words, &status, ei);
	if (err == ERR_OK)
		err =
		    read_number(at, "started", (double)EPOCH_MAX, &started, ei);
	if (err == ERR_OK)
		err = read_number(at, "elapsed", SECONDS_MAX, &elapsed, ei);
	if (err != ERR_OK)
		return err;
	out->pf = pf;
	buf_adds(&text, "Event: TaskStarted \n");
	if (isfinite(started))
		add_hundredths(&text, "Started", started);
	buf_addf(&text, "%s: %s\n", pf, out->task);
	if (isfinite(elapsed))
		buf_addf(&text, "Elapsed time: %.2f seconds \n", elapsed);
	if ((err = add_metrics(at, &text, ei)) != ERR_OK)
		return err;
	buf_addf(&text, "Status: %s \n",
	    strcmp(status, "passed") == 0 ? "PASSED" : "FAILED");
	if (isfinite(started) && isfinite(elapsed))
		add_hundredths(&text, "Ended", started + elapsed);
	out->text = (struct slice){
	    arena_strndup(r->arena, text.data, text.len), text.len};
	return ERR_OK;
}

static enum err
read_recipe(struct live_reader *r, const struct jin_at *top,
    struct live_event *e, struct errinfo *ei)
{
	struct jin_at list;
	const char *pf;
	enum err err = read_about(r, top, false, &e->about, ei);

	if (err == ERR_OK)
		err = live_member(top, "tasks", &list, ei);
	if (err == ERR_OK)
		err = jin_array(&list, &e->nblocks, ei);
	if (err != ERR_OK)
		return err;
	if (e->nblocks == 0 || e->nblocks > LIVE_TASKS_MAX)
		return jin_fail(&list, "none, or more than 6,000", ei);
	pf = arena_printf(r->arena, "%s-%s", e->about.recipe, e->about.version);
	e->blocks = arena_calloc(r->arena, e->nblocks, sizeof(*e->blocks));
	for (size_t i = 0; err == ERR_OK && i < e->nblocks; i++) {
		struct jin_at at = jin_element(&list, i);
		e->blocks[i].seq = e->seq;
		e->blocks[i].index = (uint32_t)i;
		err = read_recipe_task(r, &at, pf, &e->blocks[i], ei);
	}
	return err == ERR_OK ? check_blocks(r, e, ei) : err;
}

/* ---- the others ---- */

static enum err
read_file(struct live_reader *r, const struct jin_at *top, struct live_event *e,
    struct errinfo *ei)
{
	static const char *const keys[] = {"text", "base64", NULL};
	struct given given = {.keys = keys};
	struct live_file *f = &e->file;
	struct jin_at at;
	struct slice path;
	enum err err = live_member(top, "path", &at, ei);

	if (err != ERR_OK)
		return err;
	if (!jin_bytes(&at, &path) || !utf8_clean(path.p, path.n))
		return jin_fail(&at, "this is no path", ei);
	if ((err = member_check_path(&bundle_limits_default, &path, ei)) !=
	    ERR_OK)
		return err_prefix(ei, "line %zu: file: path", r->line);
	f->path = arena_strndup(r->arena, path.p, path.n);
	f->seq = e->seq;
	if (jin_member(top, "beside", &at) &&
	    (err = jin_bool(&at, &f->beside, ei)) != ERR_OK)
		return err;
	if (jin_member(top, "offset", &at) &&
	    (err = jin_integer(&at, &f->offset, ei)) != ERR_OK)
		return err;
	if ((err = read_bytes(r, top, &given, ei)) != ERR_OK)
		return err;
	f->bytes = given.bytes;
	if (keys[given.which] == NULL)
		return jin_fail(
		    top, "there is neither \"text\" nor \"base64\"", ei);
	if (f->offset < 0 || f->offset > LIVE_FILE_MAX - (int64_t)f->bytes.n) {
		jin_fail(top, "a file that ends behind 32 MiB", ei);
		return ei->code = ERR_TOO_BIG;
	}
	return ERR_OK;
}

static enum err
read_failure(struct live_reader *r, const struct jin_at *top,
    struct live_event *e, struct errinfo *ei)
{
	static const char *const keys[] = {
	    "log", "log_base64", "log_zstd_base64", NULL};
	struct given given = {.keys = keys};
	enum err err = read_about(r, top, true, &e->about, ei);

	if (err == ERR_OK)
		err = read_message(r, top, &e->message, ei);
	if (err == ERR_OK)
		err = read_bytes(r, top, &given, ei);
	e->log = given.bytes;
	e->log_packed = err == ERR_OK && given.which == 2;
	return err;
}

static enum err
read_qa(struct live_reader *r, const struct jin_at *top, struct live_event *e,
    struct errinfo *ei)
{
	static const char *const levels[] = {"warning", "error", NULL};
	struct live_qa *q = &e->qa;
	const struct {
		const char *key, **out;
	} texts[] = {{"recipe", &q->about.recipe},
	    {"version", &q->about.version}, {"task", &q->about.task},
	    {"class", &q->class}};
	enum err err = read_word(top, "level", levels, &q->level, ei);

	q->time = e->time;
	for (size_t i = 0; err == ERR_OK && i < 4; i++) {
		*texts[i].out = "";
		err = jin_member_text(
		    top, texts[i].key, r->arena, texts[i].out, ei);
	}
	return err == ERR_OK ? read_message(r, top, &q->message, ei) : err;
}

static void
keep_json(struct live_reader *r, const struct jin_at *at,
    const char *const *without, struct live_event *e)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;

	jin_write_sorted(at, without, &text);
	e->json = arena_strndup(r->arena, text.data, text.len);
}

/* [PF, task, since] */
static enum err
check_runner(struct live_reader *r, const struct jin_at *at, struct errinfo *ei)
{
	const char *name;
	double since;
	size_t n;
	enum err err = jin_array(at, &n, ei);

	if (err == ERR_OK && n != 3)
		return jin_fail(at, "expected package, task and time", ei);
	for (size_t i = 0; err == ERR_OK && i < 3; i++) {
		struct jin_at item = jin_element(at, i);
		err = i < 2 ? live_name(&item, r->arena, &name, ei)
			    : jin_real(&item, &since, ei);
		if (err == ERR_OK && i == 2 &&
		    (since < EPOCH_MIN || since > (double)EPOCH_MAX))
			return jin_fail(&item, "this is no time", ei);
	}
	return err;
}

static enum err
read_running(struct live_reader *r, const struct jin_at *top,
    struct live_event *e, struct errinfo *ei)
{
	static const char *const counts[] = {
	    "done", "total", "setscene_done", "setscene_total"};
	struct jin_at at;
	size_t n = 0;
	int64_t v;
	enum err err = ERR_OK;

	if (jin_member(top, "running", &at))
		err = jin_array(&at, &n, ei);
	if (err == ERR_OK && n > LIVE_RUNNING_MAX)
		return jin_fail(&at, "more than 1,024", ei);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		struct jin_at item = jin_element(&at, i);
		err = check_runner(r, &item, ei);
	}
	for (size_t i = 0; err == ERR_OK && i < 4; i++) {
		if (!jin_member(top, counts[i], &at))
			continue;
		err = jin_integer(&at, &v, ei);
		if (err == ERR_OK && (v < 0 || v > COUNT_MAX))
			return jin_fail(&at, "number out of range", ei);
	}
	if (err == ERR_OK)
		keep_json(r, top, of_all, e);
	return err;
}

/* Checked as build.json is. */
static enum err
read_environment(struct live_reader *r, const struct jin_at *top,
    struct live_event *e, struct errinfo *ei)
{
	struct env_facts facts;
	enum err err;

	keep_json(r, top, of_environment, e);
	env_facts_init(&facts);
	err = build_json_read(
	    r->arena, "environment", slice_of(e->json), &facts, ei);
	return err != ERR_OK ? err_prefix(ei, "line %zu", r->line) : ERR_OK;
}

static enum err
read_finished(struct live_reader *r, const struct jin_at *top,
    struct live_event *e, struct errinfo *ei)
{
	static const char *const words[] = {
	    "succeeded", "failed", "interrupted", NULL};
	static const char *const others[] = {
	    "seq", "time", "event", "status", "elapsed", NULL};
	struct jin_at at;
	enum err err = read_word(top, "status", words, &e->finished.status, ei);

	e->finished.elapsed = NAN;
	if (err == ERR_OK)
		err = read_number(
		    top, "elapsed", SECONDS_MAX, &e->finished.elapsed, ei);
	if (err == ERR_OK && jin_member(top, "summary", &at))
		err = jin_object(&at, ei);
	if (err == ERR_OK)
		keep_json(r, top, others, e);
	return err;
}

/* ---- one line ---- */

static enum err
read_head(struct live_reader *r, const struct jin_at *top, struct live_event *e,
    struct errinfo *ei)
{
	struct jin_at at;
	double time;
	enum err err = live_member(top, "seq", &at, ei);

	if (err == ERR_OK)
		err = jin_integer(&at, &e->seq, ei);
	if (err != ERR_OK)
		return err;
	if (e->seq < 1 || e->seq > INT64_MAX / 2)
		return jin_fail(&at, "a number from 1 on", ei);
	if ((err = live_member(top, "time", &at, ei)) != ERR_OK ||
	    (err = jin_real(&at, &time, ei)) != ERR_OK)
		return err;
	if (time < YEAR_2000 || time > (double)((r->now + DAY_US) / US))
		return jin_fail(
		    &at, "before 2000, or more than a day in the future", ei);
	e->time = (int64_t)llround(time * US);
	return ERR_OK;
}

static enum err
read_kind(const struct jin_at *top, struct live_event *e, const char **name,
    struct errinfo *ei)
{
	struct jin_at at;
	struct slice word;
	enum err err = live_member(top, "event", &at, ei);

	if (err != ERR_OK)
		return err;
	if (!jin_bytes(&at, &word) || word.n == 0)
		return jin_fail(&at, "expected the name of a kind", ei);
	*name = "";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!slice_is(word, kinds[i].name))
			continue;
		e->kind = kinds[i].kind;
		*name = kinds[i].name;
	}
	return ERR_OK;
}

static enum err
read_body(struct live_reader *r, const struct jin_at *top, struct live_event *e,
    struct errinfo *ei)
{
	static enum err (*const readers[])(struct live_reader *,
	    const struct jin_at *, struct live_event *, struct errinfo *) = {
	    [LIVE_TASKS] = read_tasks,
	    [LIVE_FILE] = read_file,
	    [LIVE_FAILURE] = read_failure,
	    [LIVE_RECIPE] = read_recipe,
	    [LIVE_QA] = read_qa,
	    [LIVE_RUNNING] = read_running,
	    [LIVE_ENVIRONMENT] = read_environment,
	    [LIVE_FINISHED] = read_finished,
	};

	return readers[e->kind] != NULL ? readers[e->kind](r, top, e, ei)
					: ERR_OK;
}

enum err
live_event_read(struct live_reader *r, struct slice line,
    struct live_event *out, struct errinfo *ei)
{
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	const struct jin_limits limits = {.bytes = LIVE_LINE_MAX,
	    .containers = LIVE_TASKS_MAX,
	    .values = LIVE_VALUES_MAX};
	const char *kind = "";
	char name[48];
	struct jin_at top;
	enum err err;

	*out = (struct live_event){.kind = LIVE_OTHER};
	snprintf(name, sizeof(name), "line %zu", ++r->line);
	err = jin_parse_within(name, line, &limits, &j, ei);
	if (err != ERR_OK)
		return err;
	top = jin_top(j);
	if ((err = jin_object(&top, ei)) != ERR_OK ||
	    (err = read_head(r, &top, out, ei)) != ERR_OK ||
	    (err = read_kind(&top, out, &kind, ei)) != ERR_OK)
		return err;
	/* The name is what j's sentences begin with. */
	if (kind[0] != '\0')
		snprintf(name, sizeof(name), "line %zu: %s", r->line, kind);
	return read_body(r, &top, out, ei);
}
