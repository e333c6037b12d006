/* run.c: see run.h; what a run's own files hold. */
#include "model/run.h"

#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/build_stats_file.h"
#include "model/intern.h"
#include "model/run_parts.h"
#include "model/sampled_log.h"
#include "model/task_file.h"

#define TEXTS_MAX 256
/* Of a host_stats text, compressed. */
#define TEXT_PACKED_MAX ((size_t)8 << 20)
#define TEXT_LEVEL 3
/* What an arena takes before anything is in it. */
#define OVERHEAD ((size_t)96 << 10)

struct run *
run_new(const struct bundle_limits *limits, struct slice dir)
{
	struct arena *a = arena_new(limits->pending_bytes);
	struct run *r = arena_zalloc(a, sizeof(*r));

	r->arena = a;
	r->limits = limits;
	r->dir.p = arena_strndup(a, dir.p, dir.n);
	r->dir.n = dir.n;
	r->tasks = task_files_new(a, limits->tasks);
	intern_init(&r->seen, a);
	r->packed.limit = TEXT_PACKED_MAX;
	return r;
}

void
run_free(struct run *r)
{
	if (r == NULL)
		return;
	zstd_stream_end(r->zstd, NULL);
	buf_clear(&r->packed);
	task_files_free(r->tasks);
	arena_free(r->arena);
}

struct slice
run_dir(const struct run *r)
{
	return r->dir;
}

size_t
run_memory(const struct run *r)
{
	return arena_used(r->arena) + r->packed.cap + OVERHEAD;
}

bool
run_is_real(const struct run *r)
{
	return r->has_stats || task_files_count(r->tasks) > 0;
}

bool
run_rules_out(const struct run *r, const struct member *log)
{
	struct slice name = log->pf.n > 0 ? log->pf : log->recipe;

	for (size_t i = 0; i < r->stats.nfailed; i++) {
		const struct build_stats_failed *f = &r->stats.failed[i];
		if (f->task.n == log->task.n &&
		    memcmp(f->task.p, log->task.p, f->task.n) == 0 &&
		    f->pf.n >= name.n && memcmp(f->pf.p, name.p, name.n) == 0)
			return false;
	}
	return r->has_stats;
}

/* The last component of the directory, for messages. */
static struct slice
base(const struct run *r)
{
	struct slice dir = r->dir, last;

	return dir_pop(&dir, &last) ? last : SLICE("buildstats");
}

enum err
run_task(struct run *r, const struct member *m, struct slice text,
    struct errinfo *ei)
{
	return task_files_read(r->tasks, m->pf, m->name, text, ei);
}

enum err
run_build_stats(struct run *r, struct slice text, struct errinfo *ei)
{
	if (r->has_stats)
		return err_set(ei, ERR_INPUT, "%.*s/build_stats comes twice",
		    (int)base(r).n, base(r).p);
	r->has_stats = true;
	r->stats_text.p = arena_strndup(r->arena, text.p, text.n);
	r->stats_text.n = text.n;
	return build_stats_read(r->arena, r->stats_text, &r->stats, ei);
}

/* ---- streams ---- */

static void
begin_log(struct run *r, const struct member *m)
{
	const char *name = utf8_scrub(r->arena, m->name.p, m->name.n);

	if (m->series == SERIES_PRESSURE)
		name = arena_printf(r->arena, "reduced_proc_pressure/%s", name);
	if (m->kind == MEMBER_NET_LOG)
		r->has_net_log = true;
	r->log_name = name;
	r->log = sampled_log_new(r->arena, m->series, name, m->subject);
}

static enum err
begin_text(struct run *r, const struct member *m, struct errinfo *ei)
{
	if (r->ntexts == TEXTS_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "more than %d host_stats texts in one build", TEXTS_MAX);
	r->texts = arena_grow(r->arena, r->texts, &r->texts_cap, r->ntexts + 1,
	    sizeof(*r->texts));
	r->texts[r->ntexts] = (struct build_text){
	    .name = utf8_scrub(r->arena, m->name.p, m->name.n)};
	r->zstd = zstd_stream_new(TEXT_LEVEL);
	buf_reset(&r->packed);
	r->nvme_seen = 0;
	return ERR_OK;
}

enum err
run_stream_begin(struct run *r, const struct member *m, struct errinfo *ei)
{
	const char *key = arena_printf(
	    r->arena, "%s/%.*s", m->subject, (int)m->name.n, m->name.p);
	bool is_new;

	intern_add(&r->seen, slice_of(key), &is_new);
	if (!is_new)
		return err_set(ei, ERR_INPUT, "%.*s/%.*s comes twice",
		    (int)base(r).n, base(r).p, (int)m->name.n, m->name.p);
	if (m->kind == MEMBER_TEXT)
		return begin_text(r, m, ei);
	begin_log(r, m);
	return ERR_OK;
}

/* Looks for "nvme" in a text that comes in pieces. */
static void
look_for_nvme(struct run *r, const char *p, size_t n)
{
	static const char word[] = "nvme";

	for (size_t i = 0; i < n && !r->has_nvme; i++) {
		if (p[i] == word[r->nvme_seen])
			r->nvme_seen++;
		else
			r->nvme_seen = p[i] == word[0];
		r->has_nvme = r->nvme_seen == sizeof(word) - 1;
	}
}

enum err
run_stream_add(struct run *r, const void *data, size_t n, struct errinfo *ei)
{
	struct build_text *text;

	if (r->log != NULL)
		return sampled_log_add(r->log, data, n, ei);
	text = &r->texts[r->ntexts];
	look_for_nvme(r, data, n);
	text->size += n;
	if (text->size > r->limits->text_bytes)
		return err_set(ei, ERR_TOO_BIG, "%s has more than %zu MiB",
		    text->name, r->limits->text_bytes >> 20);
	zstd_stream_add(r->zstd, &r->packed, data, n);
	return ERR_OK;
}

static enum err
end_text(struct run *r, struct errinfo *ei)
{
	struct build_text *text = &r->texts[r->ntexts];

	zstd_stream_end(r->zstd, &r->packed);
	r->zstd = NULL;
	if (r->packed.failed || arena_over(r->arena))
		return err_set(ei, ERR_TOO_BIG,
		    "%s is too large even when compressed", text->name);
	text->zstd.p = arena_strndup(r->arena, r->packed.data, r->packed.len);
	text->zstd.n = r->packed.len;
	buf_reset(&r->packed);
	r->ntexts++;
	return ERR_OK;
}

static void
note_truncated(struct run *r, const struct series *s)
{
	if (s->flags & SERIES_TRUNCATED)
		run_repair(r, "%s: its last sample was cut and is left out",
		    r->log_name);
}

static void
end_log(struct run *r)
{
	size_t n;
	struct series *list = sampled_log_end(r->log, &n);

	r->log = NULL;
	r->series = arena_grow(r->arena, r->series, &r->series_cap,
	    r->nseries + n, sizeof(*r->series));
	for (size_t i = 0; i < n; i++) {
		if (i == 0)
			note_truncated(r, &list[i]);
		if (list[i].kind == SERIES_SPACE &&
		    strstr(list[i].subject, "nvme") != NULL)
			r->has_nvme = true;
		r->series[r->nseries++] = list[i];
	}
}

enum err
run_stream_end(struct run *r, struct errinfo *ei)
{
	if (r->log == NULL)
		return end_text(r, ei);
	end_log(r);
	return ERR_OK;
}
