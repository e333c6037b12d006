/*
 * export.c: the verb export.  Gives back the buildstats directory as bitbake
 * wrote it: build_stats, every task's file, host_stats, byte for byte, and
 * beside it the logs of failed tasks (export_logs.c) and what waits for what.
 * The sampled logs are kept as numbers, some of them rounded, and left out.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin.h"
#include "archive/tar_writer.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/build_store.h"
#include "model/depends.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct tar_writer *, cleanup_tar, tar_writer_free);

#define LEVEL 3
#define TEXT_MAX ((size_t)256 << 20)

struct export
{
	const struct build *b;
	struct tar_writer *tar;
	struct buf path, text;
	struct errinfo *ei;
};

static void
export_clear(struct export *x)
{
	buf_clear(&x->path);
	buf_clear(&x->text);
}

static enum err
write_member(struct export *x, const void *data, size_t n)
{
	enum err err = tar_writer_member(x->tar, x->path.data, n, x->ei);

	return err == ERR_OK ? tar_writer_data(x->tar, data, n, x->ei) : err;
}

/* All blocks of one task: one file. */
static enum err
write_task(struct export *x, size_t *i)
{
	const struct build *b = x->b;
	const struct task *first = &b->tasks[*i];

	buf_reset(&x->text);
	for (; *i < b->ntasks && b->tasks[*i].package == first->package &&
	       b->tasks[*i].name == first->name;
	     (*i)++)
		task_text(&x->text, b, &b->tasks[*i]);
	buf_reset(&x->path);
	buf_addf(&x->path, "%s/%s/%s", b->name, b->packages[first->package].pf,
	    b->task_names[first->name]);
	return write_member(x, x->text.data, x->text.len);
}

/* The others, local.conf and its like, came with an error report. */
static bool
is_of_run(const struct build_text *t)
{
	return slice_starts(slice_of(t->name), "host_stats");
}

static enum err
write_text(struct export *x, const struct build_text *t)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct slice text;
	enum err err = zstd_unpack(a, t->zstd, TEXT_MAX, &text, x->ei);

	if (err != ERR_OK)
		return err;
	buf_reset(&x->path);
	buf_addf(&x->path, "%s/%s", x->b->name, t->name);
	return write_member(x, text.p, text.n);
}

/* What waits for what, beside the run. */
static enum err
write_depends(
    struct export *x, const struct build_text *t, enum depends_kind kind)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct depends_list list;
	struct slice text;
	enum err err = zstd_unpack(a, t->zstd, TEXT_MAX, &text, x->ei);

	if (err == ERR_OK)
		err = depends_read(a, kind, text, &list, x->ei);
	if (err != ERR_OK)
		return err;
	buf_reset(&x->text);
	depends_write(&x->text, &list);
	buf_reset(&x->path);
	buf_adds(&x->path, depends_file_name(kind));
	return write_member(x, x->text.data, x->text.len);
}

static enum err
write_texts(struct export *x)
{
	const struct build *b = x->b;
	enum depends_kind kind;
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < b->ntexts; i++)
		if (is_of_run(&b->texts[i]))
			err = write_text(x, &b->texts[i]);
		else if (depends_is_text(b->texts[i].name, &kind))
			err = write_depends(x, &b->texts[i], kind);
	return err;
}

static enum err
write_all(struct export *x)
{
	const struct build *b = x->b;
	enum err err = ERR_OK;

	buf_addf(&x->path, "%s/build_stats", b->name);
	if (b->build_stats.n > 0)
		err = write_member(x, b->build_stats.p, b->build_stats.n);
	for (size_t i = 0; err == ERR_OK && i < b->ntasks;)
		err = write_task(x, &i);
	if (err == ERR_OK)
		err = write_texts(x);
	return err == ERR_OK ? tar_writer_end(x->tar, x->ei) : err;
}

enum err
cmd_export(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_tar) struct tar_writer *tar = NULL;
	CLEANUP(export_clear) struct export x = {.ei = ei};
	struct build *b;
	int id;
	enum err err;

	(void)n;
	if (isatty(STDOUT_FILENO))
		return admin_usage(
		    ad, ei, "export: a tar isn't for terminals; redirect it");
	if ((err = admin_id(argv[0], &id, ei)) != ERR_OK ||
	    (err = db_begin(ad->db, DB_READ_ONLY, ei)) != ERR_OK)
		return err;
	x.tar = tar = tar_writer_new(STDOUT_FILENO, LEVEL);
	err = build_load(ad->db, a, id, &b, ei);
	if (err == ERR_OK)
		err = export_logs(ad->db, id, tar, ei);
	if ((err = db_end(ad->db, err, ei)) != ERR_OK)
		return err;
	x.b = b;
	return write_all(&x);
}
