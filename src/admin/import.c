/*
 * import.c: the verb import.  Tars and directories go through the reader that
 * uploads go through, each build in a transaction of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "admin/admin.h"
#include "admin/walk.h"
#include "archive/tar_reader.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/build_store.h"
#include "model/bundle.h"
#include "model/status_word.h"

DEFINE_CLEANUP(struct tar_reader *, cleanup_tar, tar_reader_free);
DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* Archives of years are fine here: nobody else waits for this process. */
static const struct tar_limits limits = {
    .members = 100000000,
    .inflated_bytes = UINT64_C(1) << 42,
    .member_bytes = UINT64_C(1) << 30,
};

struct import {
	struct admin *ad;
	struct arena *scratch;
};

static void
say(const struct build *b, const struct store_result *r)
{
	static const char *const words[] = {[STORED_NEW] = "new",
	    [STORED_SAME] = "known",
	    [STORED_REPLACED] = "replaced",
	    [STORED_KEPT_RICHER] = "kept the fuller one"};

	printf("%s %s %zu tasks, %zu failed, build %d (%s)\n",
	    build_status_word(r->status), b->name, r->tasks, r->failed, r->id,
	    words[r->what]);
}

static enum err
store(void *arg, const struct build *b, struct errinfo *ei)
{
	struct import *im = arg;
	struct build named = *b;
	struct store_result r;
	enum err err;

	if (im->ad->builder != NULL && b->env.builder[0] == '\0')
		named.env.builder = im->ad->builder;
	if ((err = build_store_prepare(im->ad->db, b->started, ei)) != ERR_OK ||
	    (err = build_store_names(im->ad->db, im->scratch, &named, ei)) !=
		ERR_OK ||
	    (err = db_begin(im->ad->db, DB_READ_WRITE, ei)) != ERR_OK)
		return err;
	err = build_store(im->ad->db, im->scratch, &named, &r, ei);
	err = db_end(im->ad->db, err, ei);
	if (err == ERR_OK)
		say(b, &r);
	arena_reset(im->scratch);
	return err;
}

static long
read_fd(void *arg, void *into, size_t n, struct errinfo *ei)
{
	const int *fd = arg;
	ssize_t got;

	do {
		got = read(*fd, into, n);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		err_set(ei, ERR_INTERNAL, "%s", strerror(errno));
	return got;
}

static enum err
give_tar(struct bundle *bu, int fd, struct errinfo *ei)
{
	CLEANUP(cleanup_tar)
	struct tar_reader *tar = tar_reader_new(&limits, read_fd, &fd);

	return bundle_read_tar(bu, tar, ei);
}

static enum err
give_path(struct bundle *bu, const char *path, struct errinfo *ei)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return give_tar(bu, STDIN_FILENO, ei);
	CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(ei, ERR_NOT_FOUND, "%s", strerror(errno));
	return S_ISDIR(st.st_mode) ? walk_into(bu, path, ei)
				   : give_tar(bu, fd, ei);
}

static enum err
import_path(struct import *im, const char *path, struct errinfo *ei)
{
	CLEANUP(cleanup_bundle)
	struct bundle *bu = bundle_new(&bundle_limits_default, store, im);
	enum err err;

	bundle_note(bu, NULL, (int64_t)time(NULL) * 1000000);
	err = give_path(bu, path, ei);

	if (err == ERR_OK)
		err = bundle_end(bu, ei);
	if (err != ERR_OK)
		err_prefix(ei, "%s", path);
	return err;
}

enum err
cmd_import(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct import im = {.ad = ad, .scratch = scratch};

	for (int i = 0; i < n; i++) {
		enum err err = import_path(&im, argv[i], ei);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}
