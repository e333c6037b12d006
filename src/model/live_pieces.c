/* live_pieces.c: what was kept of a build's events, read again; see live.h. */
#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/live.h"
#include "model/live_report.h"

#define GROW(a, l, list, n, cap)                                               \
	((l)->list = arena_grow(                                               \
	     a, (l)->list, &(l)->cap, (l)->n + 1, sizeof(*(l)->list)))

static void
add_fact(struct arena *a, struct live *l, const struct live_event *e)
{
	GROW(a, l, more, nmore, more_cap);
	l->more[l->nmore++] = (struct live_fact){e->json, e->time, e->seq};
}

static void
add_blocks(struct arena *a, struct live *l, const struct live_event *e)
{
	l->blocks = arena_grow(a, l->blocks, &l->blocks_cap,
	    l->nblocks + e->nblocks + 1, sizeof(*l->blocks));
	for (size_t i = 0; i < e->nblocks; i++)
		l->blocks[l->nblocks++] = e->blocks[i];
}

static void
add(struct arena *a, struct live *l, const struct live_event *e)
{
	switch (e->kind) {
	case LIVE_RECIPE:
		GROW(a, l, named, nnamed, named_cap);
		l->named[l->nnamed++] = e->about;
		add_blocks(a, l, e);
		break;
	case LIVE_TASKS:
		add_blocks(a, l, e);
		break;
	case LIVE_FILE:
		GROW(a, l, files, nfiles, files_cap);
		l->files[l->nfiles++] = e->file;
		break;
	case LIVE_QA:
		GROW(a, l, qa, nqa, qa_cap);
		l->qa[l->nqa++] = e->qa;
		break;
	case LIVE_ENVIRONMENT:
	case LIVE_FINISHED:
		add_fact(a, l, e);
		break;
	case LIVE_FAILURE:
	case LIVE_RUNNING:
	case LIVE_OTHER:
		break;
	}
}

static enum err
read_piece(struct arena *a, struct live_shapes *shapes, struct live *l,
    struct slice packed, struct errinfo *ei)
{
	struct live_reader r = {
	    .arena = a, .shapes = shapes, .now = INT64_MAX / 4};
	struct slice text, line;
	enum err err =
	    zstd_unpack(a, packed, (size_t)LIVE_INFLATED_MAX * 2, &text, ei);

	while (err == ERR_OK && slice_line(&text, &line)) {
		struct live_event e;
		err = live_event_read(&r, line, &e, ei);
		if (err == ERR_OK)
			add(a, l, &e);
	}
	return err;
}

/* ---- orders ---- */

static int
number_order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
block_order(const void *x, const void *y)
{
	const struct live_block *a = x, *b = y;
	int order = strcmp(a->pf, b->pf);

	if (order == 0)
		order = strcmp(a->task, b->task);
	if (order == 0)
		order = number_order(a->seq, b->seq);
	return order != 0 ? order : number_order(a->index, b->index);
}

static int
file_order(const void *x, const void *y)
{
	const struct live_file *a = x, *b = y;
	int order = (int)b->beside - (int)a->beside;

	if (order == 0)
		order = strcmp(a->path, b->path);
	if (order == 0)
		order = number_order(a->offset, b->offset);
	return order != 0 ? order : number_order(a->seq, b->seq);
}

static int
fact_order(const void *x, const void *y)
{
	const struct live_fact *a = x, *b = y;
	int order = number_order(a->time, b->time);

	return order != 0 ? order : number_order(a->seq, b->seq);
}

static int
qa_order(const void *x, const void *y)
{
	const struct live_qa *a = x, *b = y;

	return number_order(a->time, b->time);
}

static int
named_order(const void *x, const void *y)
{
	const struct live_about *a = x, *b = y;
	int order = strcmp(a->recipe, b->recipe);

	return order != 0 ? order : strcmp(a->version, b->version);
}

static void
sort(
    void *list, size_t n, size_t size, int (*order)(const void *, const void *))
{
	if (n > 1)
		qsort(list, n, size, order);
}

enum err
live_pieces_load(
    struct db *db, struct arena *a, struct live *l, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct live_shapes shapes = {0};
	enum err err = STMT_QUERY(db, Q_LIVE_PIECES, &r, ei, DB_I8(l->id));

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++)
		err = read_piece(a, &shapes, l, row_bytes(r, i, 0), ei);
	sort(l->blocks, l->nblocks, sizeof(*l->blocks), block_order);
	sort(l->files, l->nfiles, sizeof(*l->files), file_order);
	sort(l->more, l->nmore, sizeof(*l->more), fact_order);
	sort(l->qa, l->nqa, sizeof(*l->qa), qa_order);
	sort(l->named, l->nnamed, sizeof(*l->named), named_order);
	return err;
}
