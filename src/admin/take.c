/* take.c: see take.h. */
#include "admin/take.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive/inflate.h"
#include "archive/tar_reader.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/build_store.h"
#include "model/status_word.h"

DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);
DEFINE_CLEANUP(struct tar_reader *, cleanup_tar, tar_reader_free);

static const struct tar_limits limits = {
    .members = 100000000,
    .inflated_bytes = UINT64_C(1) << 42,
    .member_bytes = UINT64_C(1) << 30,
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

enum err
take_build(void *taking, const struct build *b, struct errinfo *ei)
{
	struct taking *t = taking;
	struct db *db = t->ad->db;
	struct build named = *b;
	struct store_result r;
	enum err err;

	if (t->builder != NULL && (t->always || b->env.builder[0] == '\0'))
		named.env.builder = t->builder;
	if ((err = build_store_prepare(db, b->started, ei)) != ERR_OK ||
	    (err = db_begin(db, DB_READ_WRITE, ei)) != ERR_OK)
		return err;
	err = build_store(db, t->scratch, &named, &r, ei);
	err = db_end(db, err, ei);
	if (err == ERR_OK)
		say(b, &r);
	arena_reset(t->scratch);
	return err;
}

struct bundle *
take_bundle(struct taking *t)
{
	struct bundle_limits bundle = bundle_limits_default;

	int64_t received = t->received;
	struct bundle *bu;

	bundle.mask = t->ad->mask;
	bu = bundle_new(&bundle, take_build, t);
	if (received == 0)
		received = (int64_t)time(NULL) * 1000000;
	bundle_note(bu, NULL, received);
	return bu;
}

long
take_read(void *arg, void *into, size_t n, struct errinfo *ei)
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

/* Test results by themselves are a document. */
static bool
is_document(int fd)
{
	char head[512];
	ssize_t n = pread(fd, head, sizeof(head), 0);
	struct slice s = {head, n > 0 ? (size_t)n : 0};

	return !tar_is_plain(s) && slice_starts(slice_trim(s), "{");
}

enum err
take_tar(struct bundle *bu, int fd, struct errinfo *ei)
{
	CLEANUP(cleanup_tar) struct tar_reader *tar = NULL;
	CLEANUP(cleanup_inflate) struct inflate *in = NULL;

	if (is_document(fd)) {
		in = inflate_new(limits.member_bytes, take_read, &fd);
		return bundle_read_file(bu, "testresults.json", in, ei);
	}
	tar = tar_reader_new(&limits, take_read, &fd);
	return bundle_read_tar(bu, tar, ei);
}
