/*
 * history.h: the buildhistories of a bundle, each by the directory that it
 * tells about, as sizes.
 *
 * Nothing in them is refused.  Of one that is larger than is taken the rest
 * is left out, file lists first, and that is said.
 */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "base/err.h"
#include "model/build.h"
#include "model/history_file.h"
#include "model/history_path.h"
#include "model/sizes.h"

struct histories;
struct scopes;

/* Takes up to so many bytes of memory. */
struct histories *histories_new(size_t most);
void histories_free(struct histories *h);
/* Bytes it holds on to. */
size_t histories_memory(const struct histories *h);

/* One whole file. */
void histories_add(
    struct histories *h, const struct history_at *at, struct slice text);

/* What belongs to one build. */
struct history_told {
	struct sizes sizes;
	const char *notes[4]; /* what was left out, NULL-terminated */
};

/*
 * What is about the run in a directory: where the commit names it, or where
 * it is the only run below.  False if there is nothing.  Lives in h.
 */
bool histories_use(struct histories *h, const struct scopes *scopes,
    struct slice dir, const char *name, struct history_told *out);

/* One that no run has used, one a call; its commit and the directory that it
 * tells about.  False at the end. */
struct history_alone {
	struct history_told told;
	struct history_commit commit;
	struct slice dir;
};
bool histories_next_unused(struct histories *h, struct history_alone *out);

#endif
