/* live_files.c: the files of a live build; see live.h. */
#include "model/live.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/build.h"
#include "model/bundle.h"
#include "model/event_doc.h"
#include "model/task_write.h"
#include "json/jobj.h"

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

#define US 1000000

struct files {
	struct arena *a;
	const struct live *live;
	struct bundle *bundle;
	const char *dir; /* BUILDNAME */
	const char *bad; /* the file that the bundle refuses */
	struct buf text;
};

void
live_uuid(int64_t id, unsigned char out[16])
{
	unsigned char hash[DIGEST_BYTES];
	char text[32];
	int n = snprintf(text, sizeof(text), "oestats %" PRId64, id);

	digest_of(text, (size_t)n, hash);
	memcpy(out, hash, 16);
	out[6] = (out[6] & 0x0f) | 0x80; /* version 8: of our own making */
	out[8] = (out[8] & 0x3f) | 0x80;
}

static const char *
uuid_text(struct arena *a, int64_t id)
{
	unsigned char u[16];
	char hex[33];

	live_uuid(id, u);
	str_to_hex(hex, u, sizeof(u));
	return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20);
}

/* ---- members ---- */

static bool
is_left_out(const struct live *l, const char *path)
{
	for (size_t i = 0; i < l->nleft_out; i++)
		if (strcmp(l->left_out[i], path) == 0)
			return true;
	return false;
}

/* Gives f->text under a path and empties it. */
static enum err
give_path(struct files *f, const char *path, struct errinfo *ei)
{
	bool want = false;
	enum err err = ERR_OK;

	if (!is_left_out(f->live, path))
		err = bundle_member(
		    f->bundle, slice_of(path), f->text.len, &want, ei);
	if (err == ERR_OK && want)
		err = bundle_data(f->bundle, f->text.data, f->text.len, ei);
	if (err == ERR_OK && want)
		err = bundle_member_end(f->bundle, ei);
	if (err != ERR_OK)
		f->bad = path;
	buf_reset(&f->text);
	buf_adds(&f->text, "");
	return err;
}

static enum err
give(struct files *f, const char *name, struct errinfo *ei)
{
	return give_path(f, arena_printf(f->a, "%s/%s", f->dir, name), ei);
}

/* A field of the start under the name that it has in build.json. */
static void
add_fact(struct jobj *to, const char *name, const struct jobj *facts,
    const char *field)
{
	const char *value = jobj_text(facts, field);

	if (value[0] != '\0')
		jobj_string(to, name, value);
}

/* All that the client sent stands in it, under "oestats". */
static enum err
give_json(struct files *f, struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *facts = NULL;
	CLEANUP(cleanup_jobj) struct jobj *j = jobj_new();
	const char *arch;
	enum err err = jobj_parse(slice_of(f->live->facts), &facts, ei);

	if (err != ERR_OK)
		return err;
	jobj_string(j, "uuid", uuid_text(f->a, f->live->id));
	add_fact(j, "builder", facts, "builder");
	add_fact(j, "machine", facts, "machine");
	add_fact(j, "distro", facts, "distro");
	add_fact(j, "branch", facts, "metadata_branch");
	add_fact(j, "commit", facts, "revision");
	add_fact(j, "commit", facts, "metadata_revision");
	jobj_write(j, &f->text);
	f->text.data[--f->text.len] = '\0'; /* the last brace */
	arch = jobj_text(facts, "build_arch");
	if (arch[0] != '\0') {
		buf_adds(&f->text, ",\"host\":{\"arch\":");
		buf_add_json(&f->text, arch);
		buf_adds(&f->text, "}");
	}
	buf_addf(&f->text, ",\"oestats\":%s}", f->live->facts);
	return give(f, "build.json", ei);
}

static enum err
give_build_stats(struct files *f, struct errinfo *ei)
{
	const struct live *l = f->live;

	task_write_time(&f->text, "Build Started", l->started);
	if (l->ended != TIME_UNKNOWN)
		buf_addf(&f->text, "Elapsed time: %.2f seconds \n",
		    l->ended > l->started ? (double)(l->ended - l->started) / US
					  : 0);
	return give(f, "build_stats", ei);
}

static void
add_task(struct buf *out, const struct live_task *t)
{
	struct written_task w = {.pf = t->pf,
	    .task = t->task,
	    .started = TIME_UNKNOWN,
	    .ended = t->ended,
	    .seconds = -1,
	    .status = t->passed ? TASK_PASSED : TASK_FAILED};

	if (t->seconds > 0) {
		w.started = t->ended - (int64_t)(t->seconds * US);
		w.seconds = t->seconds;
	}
	task_write(out, &w);
}

/* A task that ran again stands behind itself in the same file. */
static enum err
give_tasks(struct files *f, struct errinfo *ei)
{
	const struct live *l = f->live;
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < l->n; i++) {
		const struct live_task *t = &l->tasks[i];
		add_task(&f->text, t);
		if (i + 1 < l->n && strcmp(t[1].pf, t->pf) == 0 &&
		    strcmp(t[1].task, t->task) == 0)
			continue;
		err = give(f, arena_printf(f->a, "%s/%s", t->pf, t->task), ei);
	}
	return err;
}

/* ---- of a build that reports itself ---- */

/* The pieces of one file: where they begin and how many they are. */
struct pieces {
	const struct live_file *file;
	size_t n;
};

static struct pieces
pieces_at(const struct live *l, size_t at)
{
	struct pieces p = {&l->files[at], 1};

	while (at + p.n < l->nfiles &&
	       l->files[at + p.n].beside == p.file->beside &&
	       strcmp(l->files[at + p.n].path, p.file->path) == 0)
		p.n++;
	return p;
}

static bool
find_file(
    const struct live *l, const char *path, bool beside, struct pieces *out)
{
	for (size_t i = 0; i < l->nfiles; i += out->n) {
		*out = pieces_at(l, i);
		if (out->file->beside == beside &&
		    strcmp(out->file->path, path) == 0)
			return true;
	}
	return false;
}

/* What is known of a file from its start on, as far as there is no gap; while
 * the build runs, without a line that is not complete. */
static void
join(struct files *f, const struct pieces *p)
{
	struct buf *to = &f->text;

	for (size_t i = 0; i < p->n; i++) {
		const struct live_file *x = &p->file[i];
		size_t at = (size_t)x->offset, skip = to->len - at;
		if (at > to->len)
			break;
		if (skip < x->bytes.n)
			buf_add(to, x->bytes.p + skip, x->bytes.n - skip);
	}
	while (f->live->ended == TIME_UNKNOWN && !f->live->silent &&
	       to->len > 0 && to->data[to->len - 1] != '\n')
		to->data[--to->len] = '\0';
}

static void
merge(struct jobj *into, const char *json, size_t n)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;

	if (jobj_parse((struct slice){json, n}, &j, NULL) == ERR_OK)
		jobj_merge(into, j);
}

static enum err
give_environment(struct files *f, struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	const struct live *l = f->live;
	struct pieces p;
	enum err err = jobj_parse(slice_of(l->facts), &j, ei);

	if (err != ERR_OK)
		return err;
	if (find_file(l, "build.json", true, &p)) {
		join(f, &p);
		merge(j, f->text.data, f->text.len);
		buf_reset(&f->text);
	}
	for (size_t i = 0; i < l->nmore; i++)
		merge(j, l->more[i].json, strlen(l->more[i].json));
	jobj_string(j, "uuid", l->uuid);
	jobj_string(j, "name", l->name);
	if (l->builder != NULL)
		jobj_string(j, "builder", l->builder);
	jobj_write(j, &f->text);
	return give_path(f, "build.json", ei);
}

/* The QA issues as what collects them from an event log would have. */
static enum err
give_qa(struct files *f, struct errinfo *ei)
{
	const struct live *l = f->live;
	struct build_message *m = arena_calloc(f->a, l->nqa + 1, sizeof(*m));
	int64_t *count;
	struct event_doc d;

	if (l->nqa == 0)
		return ERR_OK;
	event_doc_init(&d);
	d.name = l->name;
	d.events.known = true;
	count = d.events.count;
	count[EVENT_QA_WARNINGS] = count[EVENT_QA_ERRORS] = 0;
	for (size_t i = 0; i < l->nqa; i++) {
		const struct live_qa *q = &l->qa[i];
		bool error = strcmp(q->level, "error") == 0;
		count[error ? EVENT_QA_ERRORS : EVENT_QA_WARNINGS]++;
		if (d.events.nmessages == MESSAGES_MAX)
			continue;
		m[d.events.nmessages++] = (struct build_message){
		    .level = error ? MESSAGE_ERROR : MESSAGE_WARNING,
		    .qa_class = q->class,
		    .recipe = q->about.recipe,
		    .version = q->about.version,
		    .task = q->about.task,
		    .text = utf8_cut(f->a, q->message, MESSAGE_TEXT_MAX),
		    .seen = q->time,
		};
	}
	d.events.message = m;
	event_doc_write(&f->text, &d);
	return give_path(f, "event-log.json", ei);
}

static enum err
give_beside(struct files *f, struct errinfo *ei)
{
	const struct live *l = f->live;
	enum err err = give_environment(f, ei);
	struct pieces p;

	if (err == ERR_OK && !find_file(l, "event-log.json", true, &p))
		err = give_qa(f, ei);
	for (size_t i = 0; err == ERR_OK && i < l->nfiles; i += p.n) {
		p = pieces_at(l, i);
		if (!p.file->beside || strcmp(p.file->path, "build.json") == 0)
			continue;
		join(f, &p);
		err = give_path(f, p.file->path, ei);
	}
	return err;
}

/* As bitbake began and, if it could, ended it. */
static enum err
give_own_build_stats(struct files *f, struct errinfo *ei)
{
	const struct live *l = f->live;
	double took = l->elapsed;
	struct pieces p;

	if (find_file(l, "build_stats", false, &p))
		join(f, &p);
	if (f->text.len == 0)
		task_write_time(&f->text, "Build Started", l->started);
	if (l->ended != TIME_UNKNOWN && !isfinite(took))
		took = l->ended > l->started
			   ? (double)(l->ended - l->started) / US
			   : 0;
	if (l->ended != TIME_UNKNOWN && strcmp(l->status, "interrupted") != 0 &&
	    strstr(f->text.data, "\nElapsed time:") == NULL)
		buf_addf(&f->text, "Elapsed time: %.2f seconds \n", took);
	return give(f, "build_stats", ei);
}

/* Blocks of a file behind one another, the same one once. */
static enum err
give_blocks(struct files *f, struct errinfo *ei)
{
	const struct live *l = f->live;
	struct buf block = BUF_INIT;
	enum err err = ERR_OK;
	struct pieces p;

	for (size_t i = 0; err == ERR_OK && i < l->nblocks; i++) {
		const struct live_block *b = &l->blocks[i];
		const char *name;
		buf_reset(&block);
		live_block_text(&block, b);
		if (f->text.len == 0 || memmem(f->text.data, f->text.len,
					    block.data, block.len) == NULL)
			buf_add(&f->text, block.data, block.len);
		if (i + 1 < l->nblocks && strcmp(b[1].pf, b->pf) == 0 &&
		    strcmp(b[1].task, b->task) == 0)
			continue;
		name = arena_printf(f->a, "%s/%s", b->pf, b->task);
		if (l->nfiles > 0 && find_file(l, name, false, &p))
			buf_reset(&f->text);
		else
			err = give(f, name, ei);
	}
	buf_clear(&block);
	return err;
}

static enum err
give_run_files(struct files *f, struct errinfo *ei)
{
	const struct live *l = f->live;
	enum err err = ERR_OK;
	struct pieces p;

	for (size_t i = 0; err == ERR_OK && i < l->nfiles; i += p.n) {
		p = pieces_at(l, i);
		if (p.file->beside || strcmp(p.file->path, "build_stats") == 0)
			continue;
		join(f, &p);
		err = give(f, p.file->path, ei);
	}
	return err;
}

static enum err
give_report(struct files *f, struct errinfo *ei)
{
	enum err err = give_beside(f, ei);

	if (err == ERR_OK)
		err = give_own_build_stats(f, ei);
	if (err == ERR_OK)
		err = give_blocks(f, ei);
	return err == ERR_OK ? give_run_files(f, ei) : err;
}

static enum err
give_oestats(struct files *f, struct errinfo *ei)
{
	enum err err = give_json(f, ei);

	if (err == ERR_OK)
		err = give_build_stats(f, ei);
	return err == ERR_OK ? give_tasks(f, ei) : err;
}

enum err
live_files(struct arena *a, const struct live *l, struct bundle *bundle,
    const char **bad, struct errinfo *ei)
{
	struct files f = {.a = a, .live = l, .bundle = bundle};
	time_t started = (time_t)(l->started / US);
	char name[16];
	struct tm tm;
	enum err err;

	gmtime_r(&started, &tm);
	strftime(name, sizeof(name), "%Y%m%d%H%M%S", &tm);
	f.dir = l->reports ? l->name : name;
	buf_adds(&f.text, "");
	err = l->reports ? give_report(&f, ei) : give_oestats(&f, ei);
	*bad = f.bad;
	buf_clear(&f.text);
	return err;
}
