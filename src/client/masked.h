/*
 * masked.h: files whose text is masked (model/mask.h) before it leaves the
 * machine: logs, bitbake's output, error reports.
 */
#ifndef CLIENT_MASKED_H
#define CLIENT_MASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/mask.h"

struct arena;

/* Something that was masked. */
struct masked_place {
	const char *member;
	uint32_t line; /* 0: of a report, whose lines nobody counts */
	struct mask_hit hit;
};
#define MASKED_PLACES_MAX 200 /* that are shown */

struct masked {
	struct arena *a;
	unsigned rules;
	uint64_t count; /* places */
	size_t n, cap;
	struct masked_place *place;
};

/* Is a file of this name in the tar text that is masked? */
bool masked_wants(const char *member);

/* Gets the masked bytes; false ends it. */
typedef bool (*masked_fn)(void *arg, const void *data, size_t n);

/*
 * Reads the first `size` bytes of fd, from its beginning, and hands them on,
 * masked.  What was masked is added to m, which may be NULL; ERR_CONFLICT if
 * the file is shorter, ERR_INTERNAL if it can't be read.
 */
struct masked_file {
	const char *path, *member;
	int fd;
	uint64_t size;
	unsigned rules;
};
enum err masked_read(const struct masked_file *f, struct masked *m,
    masked_fn fn, void *arg, struct errinfo *ei) MUST_CHECK;

#endif
