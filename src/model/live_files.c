/* live_files.c: the files of a live build; see live.h. */
#include "model/live.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/build.h"
#include "model/bundle.h"
#include "json/jobj.h"

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

#define US 1000000

struct files {
	struct arena *a;
	const struct live *live;
	struct bundle *bundle;
	char dir[16]; /* BUILDNAME */
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

/* As Python's "%.2f" of seconds. */
static void
add_time(struct buf *out, const char *key, int64_t us)
{
	buf_addf(out, "%s: %" PRId64 ".%02d \n", key, us / US,
	    (int)(us % US / 10000));
}

/* ---- members ---- */

static enum err
give(struct files *f, const char *name, struct errinfo *ei)
{
	const char *path = arena_printf(f->a, "%s/%s", f->dir, name);
	bool want;
	enum err err =
	    bundle_member(f->bundle, slice_of(path), f->text.len, &want, ei);

	if (err == ERR_OK && want)
		err = bundle_data(f->bundle, f->text.data, f->text.len, ei);
	if (err == ERR_OK && want)
		err = bundle_member_end(f->bundle, ei);
	buf_reset(&f->text);
	return err;
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

	add_time(&f->text, "Build Started", l->started);
	if (l->ended != TIME_UNKNOWN)
		buf_addf(&f->text, "Elapsed time: %.2f seconds \n",
		    l->ended > l->started ? (double)(l->ended - l->started) / US
					  : 0);
	return give(f, "build_stats", ei);
}

static void
add_task(struct buf *out, const struct live_task *t)
{
	buf_adds(out, "Event: TaskStarted \n");
	if (t->seconds > 0)
		add_time(out, "Started", t->ended - (int64_t)(t->seconds * US));
	buf_addf(out, "%s: %s\n", t->pf, t->task);
	if (t->seconds > 0)
		buf_addf(out, "Elapsed time: %.2f seconds \n", t->seconds);
	buf_addf(out, "Status: %s \n", t->passed ? "PASSED" : "FAILED");
	add_time(out, "Ended", t->ended);
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

enum err
live_files(struct arena *a, const struct live *l, struct bundle *bundle,
    struct errinfo *ei)
{
	struct files f = {.a = a, .live = l, .bundle = bundle};
	time_t started = (time_t)(l->started / US);
	struct tm tm;
	enum err err;

	gmtime_r(&started, &tm);
	strftime(f.dir, sizeof(f.dir), "%Y%m%d%H%M%S", &tm);
	err = give_json(&f, ei);
	if (err == ERR_OK)
		err = give_build_stats(&f, ei);
	if (err == ERR_OK)
		err = give_tasks(&f, ei);
	buf_clear(&f.text);
	return err;
}
