/*
 * live_report.h: builds that report themselves while they run: their begin and
 * their events (docs/protocol.md), each in a transaction of its own that is
 * committed when the function returns.
 *
 * What is accepted is kept as it came, compressed, and folded now and then
 * (live_fold.h).
 */
#ifndef MODEL_LIVE_REPORT_H
#define MODEL_LIVE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive/tar_reader.h"
#include "base/err.h"
#include "base/str.h"
#include "model/live_fold.h"

struct arena;
struct db;
struct live_events;

#define LIVE_BODY_MAX (INT64_C(16) << 20)      /* of a request, as sent */
#define LIVE_INFLATED_MAX (UINT64_C(32) << 20) /* and inflated */
#define LIVE_LINES_MAX 10000
#define LIVE_BEGIN_MAX ((size_t)256 << 10)
#define LIVE_TOKEN_HEX 64

struct live_begun {
	int build;
	bool is_new;
	char token[LIVE_TOKEN_HEX + 1]; /* "" if it is another's build */
};

/* What came, from whom. */
struct live_asked {
	struct slice text;
	const char *builder; /* of the token that came with it, or NULL */
	int64_t now;
	struct live_fold_options fold;
};

/*
 * Begins a build, or finds the one with the same UUID.  ERR_INPUT with a
 * sentence that names the member.
 */
enum err live_begin(struct db *db, struct arena *a,
    const struct live_asked *asked, struct live_begun *out,
    struct errinfo *ei) MUST_CHECK;

/* A build that was begun so, and who may tell of it. */
struct live_target {
	int64_t live;
	unsigned char token[32]; /* SHA-256 of its own token */
	const char *builder;     /* whose tokens do as well; NULL: none */
};

/* ERR_NOT_FOUND without such a build; ERR_CONFLICT for one that wasn't begun
 * so, or whose report is closed. */
enum err live_find(struct db *db, struct arena *a, int build,
    struct live_target *out, struct errinfo *ei) MUST_CHECK;

struct live_applied {
	int64_t accepted, duplicate, ignored;
};

/* The body, which may be compressed: its first bytes tell. */
struct live_source {
	const struct live_target *to;
	tar_read_fn read;
	void *arg;
	int64_t now;
};

/*
 * Reads events, a line each, and applies those that weren't yet.  Nothing is
 * kept unless all of them are right.
 */
enum err live_report(struct db *db, struct arena *a,
    const struct live_source *from, struct live_applied *out,
    struct errinfo *ei) MUST_CHECK;

#endif
