/*
 * import.c: the verb import.  Tars and directories go through the reader that
 * uploads go through, each build in a transaction of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/take.h"
#include "admin/walk.h"
#include "base/arena.h"
#include "base/cleanup.h"

DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

static enum err
give_path(struct bundle *bu, const char *path, struct errinfo *ei)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return take_tar(bu, STDIN_FILENO, ei);
	CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(ei, ERR_NOT_FOUND, "%s", strerror(errno));
	return S_ISDIR(st.st_mode) ? walk_into(bu, path, ei)
				   : take_tar(bu, fd, ei);
}

static enum err
import_path(struct taking *t, const char *path, struct errinfo *ei)
{
	CLEANUP(cleanup_bundle) struct bundle *bu = take_bundle(t);
	enum err err = give_path(bu, path, ei);

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
	struct taking t = {
	    .ad = ad, .scratch = scratch, .builder = ad->builder};

	for (int i = 0; i < n; i++) {
		enum err err = import_path(&t, argv[i], ei);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}
