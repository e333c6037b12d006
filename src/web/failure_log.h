/* failure_log.h: the log that came with a failure, for its pages. */
#ifndef WEB_FAILURE_LOG_H
#define WEB_FAILURE_LOG_H

#include "base/err.h"
#include "model/failure_list.h"
#include "model/log_read.h"

struct failure_log {
	struct failure_row failure;
	struct log_info log;
};

/* By the code in the address.  ERR_NOT_FOUND if there is no such failure, or
 * no log came with it; the text tells which. */
enum err failure_log_find(struct db *db, struct arena *a, const char *code,
    struct failure_log *out, struct errinfo *ei) MUST_CHECK;

/* "zlib do_compile", or what there is to call it by. */
const char *failure_log_subject(struct arena *a, const struct failure_row *f);

#endif
