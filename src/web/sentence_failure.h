/* sentence_failure.h: the sentences about failures; see sentence.h. */
#ifndef WEB_SENTENCE_FAILURE_H
#define WEB_SENTENCE_FAILURE_H

#include "base/buf.h"
#include "model/failure_store.h"

struct failure_said {
	enum failure_kind kind;
	const char *recipe, *task, *machine, *first_line; /* "" if unknown */
	struct failure_known known;
	int64_t now;
};

/* "known: 41 times since 2 March, 3 builders today", "new: not seen before" */
void sentence_known(
    struct buf *out, const struct failure_known *known, int64_t now);

/* "zlib do_compile on qemuarm: implicit declaration of 'zlib_init' (known: 41
 * times since 2 March, 3 builders today)" */
void sentence_failure(struct buf *out, const struct failure_said *said);

struct signature_said {
	const char *line;
	int64_t times, first, last, now;
	int builders;
};

/* "implicit declaration of 'zlib_init': 41 times since 2 Mar on 3 builders,
 * last 2 h ago" */
void sentence_signature(struct buf *out, const struct signature_said *said);

#endif
