/* sentence_failures.h: the sentence of the search for failures; see
 * sentence.h. */
#ifndef WEB_SENTENCE_FAILURES_H
#define WEB_SENTENCE_FAILURES_H

#include "base/buf.h"
#include "model/failure_list.h"

struct failures_asked {
	const struct failure_filter *filter;
	const char *until; /* as it was written */
	int64_t total, now;
	bool capped;                      /* there are more than total */
	const struct failure_row *latest; /* said when nothing was asked; or
					     NULL */
};

/* "37 failures of zlib on qemuarm since 16 Nov with 'implicit declaration'" */
void sentence_failures(struct buf *out, const struct failures_asked *asked);

#endif
